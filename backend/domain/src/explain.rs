//! Explain: why a pair does not meet. The organizer gets the whole reason and the cheapest change; a side asking about
//! its own pair gets a text made of what that side may know, and of nothing else: [`View`] holds no wish of the other
//! side, no veto, no calendar of theirs, so that no sentence can be made of them. Deliberately not here: finding the
//! reason and checking it, which is `scheduler`'s affair.

use crate::{
    id::{BuyerId, ExhibitorId},
    insert::{Step, steps, time_of},
    market::Market,
    name::Bilingual,
    problem::{Interpreters, Laid, Wants, Who, contradiction, interpreters, lay_calendar, wants},
    refusal::Refusal,
    suggest::{begun, known},
    wish::{self, Pair, Side, Want},
};
use jiff::Timestamp;
use scheduler::{Explanation, Frozen, Layout, Live, Reason, Remedy};
use std::collections::{BTreeMap, HashSet};

/// Most pairs explained at once.
pub const MAX_EXPLAINED: usize = 50;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// One pair, wished for or not.
    Pair(Pair),
    /// All pairs of a buyer that wait.
    Buyer(BuyerId),
    /// All pairs of an exhibitor that wait.
    Exhibitor(ExhibitorId),
    /// All pairs of the event that wait.
    Event,
}

/// Why a pair does not meet: the whole of it, for the organizer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Who.
    pub pair: Pair,
    /// The reason's word for programs.
    pub code: &'static str,
    /// The reason in a sentence.
    pub text: Bilingual,
    /// The cheapest change that would place it, in a sentence, where there is one.
    pub remedy: Option<Bilingual>,
    /// That change.
    pub steps: Vec<Step>,
    /// No timetable that holds it is worth more, by the prices of the certificate.
    pub most: Option<i64>,
}

/// The pairs of a question that wait, in order: what is asked for and does not take place.
pub fn waiting(market: &Market, about: About) -> Result<Vec<Pair>, Refusal> {
    let buyer = |id| market.buyers.iter().any(|b| b.id == id);
    let exhibitor = |id| market.exhibitors.iter().any(|x| x.id == id);
    let there = match about {
        About::Pair(pair) => buyer(pair.buyer) && exhibitor(pair.exhibitor),
        About::Buyer(id) => buyer(id),
        About::Exhibitor(id) => exhibitor(id),
        About::Event => true,
    };
    if !there {
        return Err(Refusal::NotFound);
    }
    let held: HashSet<Pair> = market.meetings.iter().map(|m| m.placement.pair).collect();
    let asked = |pair: &Pair| match about {
        About::Pair(one) => *pair == one,
        About::Buyer(id) => pair.buyer == id,
        About::Exhibitor(id) => pair.exhibitor == id,
        About::Event => true,
    };
    let wished = |(pair, (b, x)): &(Pair, Wants)| asked(pair) && wish::value(*b, *x).is_some() && !held.contains(pair);
    let waiting = wants(market).into_iter().filter(wished);
    Ok(waiting.map(|(pair, _)| pair).collect())
}

/// Explains pairs of the live calendar, [`MAX_EXPLAINED`] at most. `certificate` is the published timetable's.
pub fn explain(market: &Market, certificate: &str, pairs: &[Pair], now: Timestamp) -> Result<Vec<Why>, Refusal> {
    for pair in pairs {
        known(market, *pair)?;
    }
    let laid = lay_calendar(market, None)?;
    let instance = laid.as_held()?;
    let layout = Layout::new(&instance);
    let frozen = Frozen {
        requests: laid.by_hand.clone(),
        before_slot: begun(market, now),
    };
    let prices = laid.problem.prices(certificate);
    let mut live = Live::new(&layout, &laid.slot_of, &prices, frozen).map_err(contradiction)?;
    let words = Words::of(market, &laid);
    let mut why = Vec::new();
    for &pair in pairs.iter().take(MAX_EXPLAINED) {
        why.push(match laid.problem.request(pair) {
            Some(request) => words.of_request(pair, &live.explain(request).map_err(contradiction)?),
            None => no_request(market, pair),
        });
    }
    Ok(why)
}

fn text(ja: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual {
        ja: ja.into(),
        en: en.into(),
    }
}

/// A reason's word for programs.
pub(crate) fn code(reason: &Reason) -> &'static str {
    match reason {
        Reason::Held { .. } => "held",
        Reason::NoCommonSlot { .. } => "no_common_slot",
        Reason::PartyFull { .. } => "party_full",
        Reason::NoFreeSlot { .. } => "no_free_slot",
        Reason::Free { .. } => "free",
    }
}

/// The word of those who cannot understand each other.
pub(crate) const NO_INTERPRETER: &str = "no_interpreter";

/// A pair that is not asked for, or cannot be.
fn no_request(market: &Market, pair: Pair) -> Why {
    let want = |side| {
        let mut about = market.wishes.iter().filter(|w| w.pair == pair && w.by == side);
        about.next().map(|w| w.want)
    };
    let (code, text) = match (want(Side::Buyer), want(Side::Exhibitor)) {
        (Some(Want::Avoid), Some(Want::Avoid)) => (
            "avoided",
            text("双方が会わないことを望んでいます。", "Both sides want not to meet."),
        ),
        (Some(Want::Avoid), _) => (
            "avoided",
            text(
                "バイヤーが会わないことを望んでいます。",
                "The buyer wants not to meet them.",
            ),
        ),
        (_, Some(Want::Avoid)) => (
            "avoided",
            text(
                "出展者が会わないことを望んでいます。",
                "The exhibitor wants not to meet them.",
            ),
        ),
        (None, None) => (
            "not_wished",
            text("どちらの側も希望していません。", "Neither side wishes for it."),
        ),
        _ => (
            NO_INTERPRETER,
            text(
                "共通の言語がなく、間に立てる通訳もいません。",
                "They share no language, and no interpreter bridges theirs.",
            ),
        ),
    };
    Why {
        pair,
        code,
        text,
        remedy: None,
        steps: Vec::new(),
        most: None,
    }
}

/// Turns reasons into sentences: parties become codes, slots become times at the venue.
struct Words<'a> {
    market: &'a Market,
    laid: &'a Laid,
}

impl<'a> Words<'a> {
    fn of(market: &'a Market, laid: &'a Laid) -> Self {
        Self { market, laid }
    }

    fn slot(&self, slot: u16) -> String {
        time_of(self.market, slot)
    }

    fn party(&self, party: u32) -> &str {
        self.laid.problem.who(party).code(self.market)
    }

    fn pair(&self, pair: Pair) -> String {
        let request = self.laid.problem.request(pair);
        request.map_or_else(String::new, |r| {
            self.laid.problem.instance.requests()[r as usize].id.clone()
        })
    }

    fn of_request(&self, pair: Pair, found: &Explanation) -> Why {
        let (code, text) = self.reason(&found.reason);
        let (remedy, change) = match &found.remedy {
            Some(remedy) => {
                let (text, change) = self.remedy(remedy, pair);
                (Some(text), steps(self.laid, change))
            }
            None => (None, Vec::new()),
        };
        Why {
            pair,
            code,
            text,
            remedy,
            steps: change,
            most: found.most,
        }
    }

    fn reason(&self, reason: &Reason) -> (&'static str, Bilingual) {
        let text = match reason {
            Reason::Held { slot } => {
                let at = self.slot(*slot);
                text(format!("{at}に商談があります。"), format!("They meet at {at}."))
            }
            Reason::NoCommonSlot { absent } => {
                let absent = self.tally(absent.iter().flatten().copied());
                text(
                    format!("全員がそろう時間枠がありません（不在の枠数：{absent}）。"),
                    format!("There is no slot in which all are there (absent in slots: {absent})."),
                )
            }
            Reason::PartyFull { party, top } => {
                let who = self.party(*party);
                text(
                    format!("{who}の商談は上限の{top}件に達しています。"),
                    format!("{who} has all {top} meetings it may or can have."),
                )
            }
            Reason::NoFreeSlot { full } => {
                let count = full.len();
                let full = self.tally(full.iter().map(|(_, party)| *party));
                text(
                    format!("共通の{count}枠はすべて埋まっています（埋まっている枠数：{full}）。"),
                    format!("All {count} slots in which both are there are taken (full in slots: {full})."),
                )
            }
            Reason::Free { slots } => {
                let first = slots.first().map_or_else(String::new, |slot| self.slot(*slot));
                let count = slots.len();
                text(
                    format!("空いている枠が{count}あります（最初は{first}）。まだ使われていません。"),
                    format!("{count} slots are free, the first at {first}; they are not used yet."),
                )
            }
        };
        (code(reason), text)
    }

    /// How often each party is named, most often first: `B001 12, X05 3`.
    fn tally(&self, parties: impl Iterator<Item = u32>) -> String {
        let mut count: BTreeMap<u32, usize> = BTreeMap::new();
        for party in parties {
            *count.entry(party).or_default() += 1;
        }
        let mut count: Vec<(u32, usize)> = count.into_iter().collect();
        count.sort_by_key(|(party, n)| (std::cmp::Reverse(*n), *party));
        let named = count.iter().map(|(party, n)| format!("{} {n}", self.party(*party)));
        named.collect::<Vec<_>>().join(", ")
    }

    fn remedy<'r>(&self, remedy: &'r Remedy, pair: Pair) -> (Bilingual, &'r scheduler::Change) {
        match remedy {
            Remedy::Moves(change) => {
                let (moved, value) = (change.moved(), change.value);
                let text = if moved == 0 {
                    text(
                        format!("誰も動かずに入ります（価値+{value}）。"),
                        format!("It fits with nobody moving (value +{value})."),
                    )
                } else {
                    text(
                        format!("ほかの商談を{moved}件移動すれば入ります（価値+{value}）。"),
                        format!("It fits if {moved} others move (value +{value})."),
                    )
                };
                (text, change)
            }
            Remedy::Exchange { change, costs } => {
                let lost = change.moves.iter().filter(|m| m.to.is_none());
                let lost: Vec<String> = lost
                    .map(|m| self.pair(self.laid.problem.pairs()[m.request as usize]))
                    .collect();
                let (lost, moved) = (lost.join(", "), change.moved());
                let text = if moved == 0 {
                    text(
                        format!("{lost}を取り消せば入ります（価値−{costs}）。"),
                        format!("It fits if {lost} give way (value −{costs})."),
                    )
                } else {
                    text(
                        format!("{lost}を取り消し、{moved}件移動すれば入ります（価値−{costs}）。"),
                        format!("It fits if {lost} give way and {moved} others move (value −{costs})."),
                    )
                };
                (text, change)
            }
            Remedy::Room { party, slot, change } => {
                let who = self.party(*party);
                let at = slot.or_else(|| {
                    let step = change
                        .moves
                        .iter()
                        .find(|m| self.laid.problem.pairs()[m.request as usize] == pair);
                    step.and_then(|m| m.to)
                });
                let at = at.map_or_else(String::new, |slot| self.slot(slot));
                let text = match (slot, self.laid.problem.who(*party)) {
                    (None, _) => text(
                        format!("{who}の上限を1件増やせば入ります（{at}）。"),
                        format!("One more meeting allowed to {who} would do (at {at})."),
                    ),
                    (Some(_), Who::Pool(_)) => text(
                        format!("{at}に{who}の通訳がもう1人いれば入ります。"),
                        format!("One more interpreter of {who} at {at} would do."),
                    ),
                    (Some(_), _) => text(
                        format!("{at}に{who}の席がもう1つあれば入ります。"),
                        format!("One more place at {who} at {at} would do."),
                    ),
                };
                (text, change)
            }
        }
    }
}

/// All that one side may know about a pair: what is its own, and what everybody can see. No wish is in here, and of the
/// other side nothing but when a booth takes meetings and which languages are spoken, which are public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    side: Side,
    /// When they meet.
    meeting: Option<Timestamp>,
    /// Whether the two can understand each other.
    understood: bool,
    /// The most meetings the side may have, if it has them.
    full: Option<u16>,
    /// Slots to come in which the booth takes meetings and the side's own people are there.
    open: usize,
    /// Those of them in which the side itself has a place left.
    free: usize,
}

impl View {
    /// What a side sees of a pair.
    pub fn of(market: &Market, pair: Pair, side: Side, now: Timestamp) -> Result<Self, Refusal> {
        let buyer = market
            .buyers
            .iter()
            .find(|b| b.id == pair.buyer)
            .ok_or(Refusal::NotFound)?;
        let exhibitor = market.exhibitors.iter().find(|x| x.id == pair.exhibitor);
        let exhibitor = exhibitor.ok_or(Refusal::NotFound)?;
        let booth = market.booths.iter().find(|booth| booth.exhibitor == pair.exhibitor);
        let own = |p: &Pair| match side {
            Side::Buyer => p.buyer == pair.buyer,
            Side::Exhibitor => p.exhibitor == pair.exhibitor,
        };
        let mine: Vec<_> = market
            .meetings
            .iter()
            .map(|m| m.placement)
            .filter(|p| own(&p.pair))
            .collect();
        let quota = match side {
            Side::Buyer => buyer.quota,
            Side::Exhibitor => exhibitor.quota,
        };
        let there = |slot: &&crate::event::Slot| {
            let staffed = booth.is_some_and(|booth| booth.staffed(slot) > 0);
            slot.starts > now && staffed && (side == Side::Exhibitor || buyer.present(&slot.span()))
        };
        let place = |slot: &&crate::event::Slot| {
            let taken = mine.iter().filter(|p| p.slot == slot.number).count();
            match side {
                Side::Buyer => {
                    let busy = |cell| market.busy.contains(&(buyer.person, cell));
                    taken == 0 && !slot.span().cells().any(busy)
                }
                Side::Exhibitor => booth.is_some_and(|booth| taken < usize::from(booth.staffed(slot))),
            }
        };
        let starts = |slot: u16| market.slots.get(usize::from(slot)).map(|slot| slot.starts);
        Ok(Self {
            side,
            meeting: mine.iter().find(|p| p.pair == pair).and_then(|p| starts(p.slot)),
            understood: interpreters(&market.pools, &buyer.languages, &exhibitor.languages) != Interpreters::Nobody,
            full: quota.max().filter(|&most| mine.len() >= usize::from(most)),
            open: market.slots.iter().filter(there).count(),
            free: market.slots.iter().filter(there).filter(place).count(),
        })
    }

    /// What the side reads. Whatever it may not know leads to one and the same sentence.
    pub fn text(&self) -> Bilingual {
        if self.meeting.is_some() {
            return text("この商談は予定に入っています。", "This meeting is in your calendar.");
        }
        if !self.understood {
            return text(
                "共通の言語がなく、間に立てる通訳もいません。",
                "You two share no language, and no interpreter bridges yours.",
            );
        }
        if let Some(most) = self.full {
            return text(
                format!("あなたの商談は上限の{most}件に達しています。"),
                format!("You have all {most} meetings of your quota."),
            );
        }
        match (self.side, self.open, self.free) {
            (Side::Buyer, 0, _) => text(
                "ブースが商談を受け付ける時間に、あなたは会場にいません。",
                "You are not there at any time at which the booth takes meetings.",
            ),
            (Side::Exhibitor, 0, _) => text(
                "あなたのブースが商談を受け付ける時間はもうありません。",
                "There is no time left at which your booth takes meetings.",
            ),
            (Side::Buyer, _, 0) => text(
                "ブースが商談を受け付ける時間は、すべてあなたの予定で埋まっています。",
                "Your own calendar is full at all times at which the booth takes meetings.",
            ),
            (Side::Exhibitor, _, 0) => text(
                "あなたのブースの席は、すべての時間で埋まっています。",
                "All your tables are taken at all times.",
            ),
            _ => text(
                "ほかの商談との兼ね合いで、この商談は予定に入りませんでした。空き時間を探すか、主催者に相談してください。",
                "This meeting could not be placed beside all others. Look for a free time, or ask the organizer.",
            ),
        }
    }
}

/// Why a pair does not meet, for one of its two sides.
pub fn explain_to(market: &Market, pair: Pair, side: Side, now: Timestamp) -> Result<Bilingual, Refusal> {
    Ok(View::of(market, pair, side, now)?.text())
}
