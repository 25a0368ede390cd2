//! Insert: one more meeting, with the fewest others moved, as a preview. Deliberately not here: keeping it; a free
//! slot is booked (`booking.rs`), and those who would move are asked (`shift.rs`).

use crate::{
    market::Market,
    name::Bilingual,
    problem::{Laid, contradiction, lay_calendar},
    refusal::Refusal,
    suggest::{avoided, begun, known},
    wish::Pair,
};
use jiff::{Timestamp, tz::TimeZone};
use scheduler::{Change, Frozen, InsertTerms, Layout, Live, Prices};

/// A meeting that goes from a slot to a slot; nowhere: it did not, or does not, take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Whose.
    pub pair: Pair,
    /// From where.
    pub from: Option<u16>,
    /// To where.
    pub to: Option<u16>,
}

impl Step {
    /// What people read: `B03–X01: 11-05 10:00 → 11-05 10:25`, times at the venue.
    pub fn line(&self, market: &Market) -> String {
        let code = |found: Option<&str>| found.unwrap_or("?").to_owned();
        let mut buyers = market.buyers.iter().filter(|b| b.id == self.pair.buyer);
        let mut exhibitors = market.exhibitors.iter().filter(|x| x.id == self.pair.exhibitor);
        let at = |slot: Option<u16>| slot.map_or_else(|| "—".to_owned(), |slot| time_of(market, slot));
        format!(
            "{}–{}: {} → {}",
            code(buyers.next().map(|b| b.code.as_str())),
            code(exhibitors.next().map(|x| x.code.as_str())),
            at(self.from),
            at(self.to)
        )
    }
}

/// When a slot begins, at the venue: `11-05 10:00`.
pub(crate) fn time_of(market: &Market, slot: u16) -> String {
    let zone = TimeZone::get(&market.event.zone).unwrap_or(TimeZone::UTC);
    let slot = market.slots.get(usize::from(slot));
    slot.map_or_else(String::new, |slot| {
        slot.starts.to_zoned(zone).strftime("%m-%d %H:%M").to_string()
    })
}

/// The steps of a change, by pair.
pub(crate) fn steps(laid: &Laid, change: &Change) -> Vec<Step> {
    let moves = change.moves.iter();
    moves
        .map(|m| Step {
            pair: laid.problem.pairs()[m.request as usize],
            from: m.from,
            to: m.to,
        })
        .collect()
}

/// What one more meeting would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    /// Where it would stand; `None`: there is no room.
    pub slot: Option<u16>,
    /// How many other meetings would move.
    pub moved: usize,
    /// What either side reads: nothing in it says why there is no room.
    pub text: Bilingual,
    /// The proof line, for the organizer: that fewer would not do, or how far was looked.
    pub proof: Bilingual,
    /// Every meeting that comes or moves, for the organizer.
    pub steps: Vec<Step>,
}

/// Looks for room for a meeting of the pair; others move if they must, those booked by hand and those that have begun
/// never.
pub fn insert(market: &Market, pair: Pair, now: Timestamp) -> Result<Insertion, Refusal> {
    known(market, pair)?;
    let laid = lay_calendar(market, Some(pair))?;
    let Some(request) = laid.problem.request(pair) else {
        return Ok(not_to_meet());
    };
    let instance = laid.as_held()?;
    let layout = Layout::new(&instance);
    let mut requests = laid.by_hand.clone();
    requests[request as usize] = false;
    let frozen = Frozen {
        requests,
        before_slot: begun(market, now),
    };
    let live = Live::new(&layout, &laid.slot_of, &Prices::default(), frozen);
    let found = live.and_then(|mut live| live.insert(request, &InsertTerms::default()));
    // Looked for all the same, so that not even the time it takes tells of a veto.
    if avoided(market, pair) {
        return Ok(not_to_meet());
    }
    Ok(match found.map_err(contradiction)? {
        scheduler::Insertion::Placed {
            change,
            moved,
            at_least,
            ..
        } => placed(&laid, &change, (moved, at_least), pair),
        scheduler::Insertion::AlreadyHeld { slot } => Insertion {
            slot: Some(slot),
            moved: 0,
            text: Bilingual {
                ja: "この商談はすでにあります。".into(),
                en: "You two already have this meeting.".into(),
            },
            proof: Bilingual {
                ja: "すでに予定されています。".into(),
                en: "It is held already.".into(),
            },
            steps: Vec::new(),
        },
        scheduler::Insertion::Impossible { depth } => no_room(Bilingual {
            ja: format!("{depth}件までの移動をすべて調べましたが、入る場所がありません。"),
            en: format!("No way with up to {depth} others moved, all tried; longer chains found none either."),
        }),
        scheduler::Insertion::Never => no_room(Bilingual {
            ja: "ほかの商談を何件移動しても入りません（証明済み）。".into(),
            en: "However many others move, there is no room: proved.".into(),
        }),
    })
}

fn placed(laid: &Laid, change: &Change, (moved, at_least): (usize, usize), pair: Pair) -> Insertion {
    let steps = steps(laid, change);
    let text = if moved == 0 {
        Bilingual {
            ja: "空いている時間があります。".into(),
            en: "There is a free time.".into(),
        }
    } else {
        Bilingual {
            ja: format!("ほかの商談を{moved}件移動すれば入ります。移動できるか尋ねることができます。"),
            en: format!("There is room if {moved} other meetings move; those concerned can be asked."),
        }
    };
    let proof = if moved == at_least {
        Bilingual {
            ja: format!("{moved}件の移動。それより少ない方法はありません。"),
            en: format!("{moved} moves, none with fewer."),
        }
    } else {
        Bilingual {
            ja: format!("{moved}件の移動。{at_least}件未満の方法はありません。"),
            en: format!("{moved} moves; fewer than {at_least} would not do."),
        }
    };
    Insertion {
        slot: steps.iter().find(|step| step.pair == pair).and_then(|step| step.to),
        moved,
        text,
        proof,
        steps,
    }
}

fn not_to_meet() -> Insertion {
    no_room(Bilingual {
        ja: "二者は会う組み合わせではありません。".into(),
        en: "The two are not to meet, or cannot understand each other.".into(),
    })
}

/// One sentence whatever the reason: a full calendar, or not being wanted.
fn no_room(proof: Bilingual) -> Insertion {
    Insertion {
        slot: None,
        moved: 0,
        text: Bilingual {
            ja: "今はこの商談の入る時間がありません。".into(),
            en: "There is no time for this meeting now.".into(),
        },
        proof,
        steps: Vec::new(),
    }
}
