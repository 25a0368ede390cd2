//! The timetable: wishes weighed into an instance for the scheduler, its answer made into placements, two versions
//! compared, and the one act of publishing. How the best timetable is found is `scheduler`'s affair.

use crate::{
    id::{ExhibitorId, MeetingId, PoolId, TimetableId},
    market::{Market, Meeting, Placement},
    refusal::Refusal,
    venue::InterpreterPool,
    wish::{self, Pair, Side, Want},
};
use jiff::Timestamp;
pub use scheduler::Progress;
use scheduler::{Instance, Limits, PartySpec, RequestSpec};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a meeting short of a buyer's least costs: more than any one meeting is worth, so that quotas come first.
pub const MIN_PENALTY: u32 = 50;
/// Most impossible placements named one by one.
const MAX_NAMED: usize = 5;

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Being calculated.
    Draft,
    /// Calculated and proved; nobody but organizers sees it.
    Proposed,
    /// The one everybody's agenda follows from.
    Published,
    /// Was published, or was set aside.
    Superseded,
}

impl State {
    /// Its word in columns and sentences.
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Proposed => "proposed",
            State::Published => "published",
            State::Superseded => "superseded",
        }
    }

    /// The state of that word.
    pub fn parse(code: &str) -> Option<Self> {
        [State::Draft, State::Proposed, State::Published, State::Superseded]
            .into_iter()
            .find(|s| s.code() == code)
    }
}

/// A calculated timetable with its proof.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Every meeting, by buyer and exhibitor.
    pub placements: Vec<Placement>,
    /// What the meetings are worth together, less penalties.
    pub value: i64,
    /// No timetable of this market is worth more.
    pub upper_bound: i64,
    /// Pairs that were wished for.
    pub requests: u32,
    /// Pairs both sides wished for.
    pub mutual: u32,
    /// Those of them that meet.
    pub mutual_placed: u32,
    /// Holes in buyers' days.
    pub breaks: u64,
    /// Changes of zone without a pause.
    pub dashes: u64,
    /// Timetable and certificate in the interchange format, for any checker.
    pub certificate: String,
}

/// The market as the scheduler sees it, with the way back.
pub struct Problem {
    /// What is solved.
    pub instance: Instance,
    /// The pair of each request.
    pairs: Vec<Pair>,
    /// The pool each request needs.
    pools: Vec<Option<PoolId>>,
    mutual: Vec<bool>,
}

/// A market that cannot be made into an instance is a mistake in the data, and is said so.
fn contradiction(error: impl std::fmt::Display) -> Refusal {
    Refusal::Contradiction {
        what: error.to_string(),
    }
}

/// Weighs all wishes into the instance that is solved.
pub fn problem(market: &Market) -> Result<Problem, Refusal> {
    let parties = parties(market);
    let buyer_at: HashMap<_, _> = market.buyers.iter().enumerate().map(|(i, b)| (b.id, i)).collect();
    let exhibitor_at: HashMap<_, _> = market.exhibitors.iter().enumerate().map(|(i, x)| (x.id, i)).collect();
    let promised: HashMap<Pair, u16> = market
        .meetings
        .iter()
        .filter(|m| m.timetable.is_none())
        .map(|m| (m.placement.pair, m.placement.slot))
        .collect();

    let mut wants = wants(market);
    for pair in promised.keys() {
        wants.entry(*pair).or_default();
    }
    let (mut pairs, mut pools, mut mutual, mut requests) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (pair, (by_buyer, by_exhibitor)) in wants {
        let (Some(&b), Some(&x)) = (buyer_at.get(&pair.buyer), exhibitor_at.get(&pair.exhibitor)) else {
            continue;
        };
        let fixed = promised.get(&pair).copied();
        let Some(value) = wish::value(by_buyer, by_exhibitor).or(fixed.map(|_| 1)) else {
            continue;
        };
        let (buyer, exhibitor) = (&market.buyers[b], &market.exhibitors[x]);
        let pool = match interpreters(&market.pools, &buyer.languages, &exhibitor.languages) {
            Interpreters::Pool(pool) => Some(pool),
            Interpreters::Nobody if fixed.is_none() => continue,
            Interpreters::NotNeeded | Interpreters::Nobody => None,
        };
        let at = |i: usize| i as u32;
        let mut needs = vec![at(b), at(market.buyers.len() + x)];
        needs.extend(pool.map(|p| at(market.buyers.len() + market.exhibitors.len() + p)));
        requests.push(RequestSpec {
            id: format!("{}-{}", buyer.code, exhibitor.code),
            parties: needs,
            value,
            slots: None,
            fixed,
        });
        pairs.push(pair);
        pools.push(pool.map(|p| market.pools[p].id));
        mutual.push(matches!(
            (by_buyer, by_exhibitor),
            (Some(Want::Rank(_)), Some(Want::Rank(_)))
        ));
    }
    if requests.is_empty() {
        return Err(Refusal::NothingWished);
    }
    let days: Vec<u16> = market
        .slots
        .chunk_by(|a, b| a.day == b.day)
        .map(|day| day[0].number)
        .collect();
    let instance = Instance::new(
        market.event.code.clone(),
        market.slots.len() as u16,
        days,
        parties,
        requests,
    )
    .map_err(contradiction)?;
    Ok(Problem {
        instance,
        pairs,
        pools,
        mutual,
    })
}

/// What both sides want, by pair in order.
fn wants(market: &Market) -> BTreeMap<Pair, (Option<Want>, Option<Want>)> {
    let mut wants: BTreeMap<Pair, (Option<Want>, Option<Want>)> = BTreeMap::new();
    for wish in &market.wishes {
        let entry = wants.entry(wish.pair).or_default();
        match wish.by {
            Side::Buyer => entry.0 = Some(wish.want),
            Side::Exhibitor => entry.1 = Some(wish.want),
        }
    }
    wants
}

/// Buyers, then exhibitors, then pools, with what they can hold in every slot.
fn parties(market: &Market) -> Vec<PartySpec> {
    let buyers = market.buyers.iter().map(|buyer| {
        let free = |slot: &crate::event::Slot| {
            let span = slot.span();
            buyer.present(&span) && span.cells().all(|cell| !market.busy.contains(&(buyer.person, cell)))
        };
        PartySpec {
            id: buyer.code.clone(),
            capacity: market.slots.iter().map(|slot| u32::from(free(slot))).collect(),
            max: buyer.quota.max().map(u32::from),
            min: buyer.quota.min().map(u32::from),
            min_penalty: buyer.quota.min().map(|_| MIN_PENALTY),
            compact: true,
            zone: None,
        }
    });
    let booth_of: HashMap<_, _> = market.booths.iter().map(|booth| (booth.exhibitor, booth)).collect();
    let exhibitors = market.exhibitors.iter().map(|exhibitor| {
        let booth = booth_of.get(&exhibitor.id);
        PartySpec {
            id: exhibitor.code.clone(),
            capacity: market
                .slots
                .iter()
                .map(|s| booth.map_or(0, |b| u32::from(b.staffed(s))))
                .collect(),
            max: exhibitor.quota.max().map(u32::from),
            min: exhibitor.quota.min().map(u32::from),
            min_penalty: exhibitor.quota.min().map(|_| MIN_PENALTY),
            compact: false,
            zone: booth.and_then(|b| market.zones.get(&b.zone)).cloned(),
        }
    });
    let pools = market.pools.iter().map(|pool| PartySpec {
        id: pool.code.clone(),
        capacity: vec![u32::from(pool.count); market.slots.len()],
        max: None,
        min: None,
        min_penalty: None,
        compact: false,
        zone: None,
    });
    buyers.chain(exhibitors).chain(pools).collect()
}

/// How two sides come to understand each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpreters {
    /// They share a language.
    NotNeeded,
    /// The first pool that bridges them, by its place in the list.
    Pool(usize),
    /// They share none and nobody bridges them: they cannot meet.
    Nobody,
}

/// How speakers of `a` and `b` come to understand each other.
pub fn interpreters(
    pools: &[InterpreterPool],
    a: &[crate::region::Language],
    b: &[crate::region::Language],
) -> Interpreters {
    if a.iter().any(|language| b.contains(language)) {
        return Interpreters::NotNeeded;
    }
    pools
        .iter()
        .position(|pool| pool.bridges(a, b))
        .map_or(Interpreters::Nobody, Interpreters::Pool)
}

/// Calculates a timetable, proves it, checks the proof independently, and gives every meeting its table.
/// `stop` is asked often and ends the search when it answers yes.
pub fn propose(market: &Market, seed: u64, stop: &mut dyn FnMut(&Progress) -> bool) -> Result<Proposal, Refusal> {
    let problem = problem(market)?;
    let limits = Limits { seed, work: None, polish: None };
    let timetable = scheduler::solve(&problem.instance, &limits, stop).map_err(contradiction)?;
    scheduler::check::check(&problem.instance, &timetable).map_err(contradiction)?;
    let chosen = problem.pairs.iter().zip(&problem.pools).zip(&timetable.slot_of);
    let chosen: Vec<Chosen> = chosen
        .filter_map(|((&pair, &pool), slot)| slot.map(|slot| (pair, pool, slot)))
        .collect();
    let placed = |mutual_only: bool| {
        let both = problem.mutual.iter().zip(&timetable.slot_of);
        both.filter(|(mutual, slot)| **mutual && (!mutual_only || slot.is_some()))
            .count() as u32
    };
    Ok(Proposal {
        placements: seat(market, &chosen),
        value: timetable.value,
        upper_bound: timetable.upper_bound,
        requests: problem.pairs.len() as u32,
        mutual: placed(false),
        mutual_placed: placed(true),
        breaks: timetable.breaks,
        dashes: timetable.dashes,
        certificate: timetable.to_json(&problem.instance),
    })
}

/// A pair that meets, the pool it needs, and its slot.
type Chosen = (Pair, Option<PoolId>, u16);

/// Gives every meeting a table and an interpreter; who keeps the slot keeps the seat.
fn seat(market: &Market, chosen: &[Chosen]) -> Vec<Placement> {
    let booth_of: HashMap<ExhibitorId, _> = market.booths.iter().map(|b| (b.exhibitor, b)).collect();
    let interpreters: HashMap<PoolId, u16> = market.pools.iter().map(|pool| (pool.id, pool.count)).collect();
    let seated: HashMap<(Pair, u16), Placement> = market
        .meetings
        .iter()
        .map(|m| ((m.placement.pair, m.placement.slot), m.placement))
        .collect();
    // A seat is kept if it is still there: the table staffed, the interpreter of the pool that is needed.
    let kept = |&(pair, pool, slot): &Chosen| {
        let kept = seated.get(&(pair, slot))?;
        let table = kept.table <= booth_of[&pair.exhibitor].staffed(&market.slots[usize::from(slot)]);
        let lane = kept
            .interpreter
            .is_none_or(|(pool, lane)| interpreters.get(&pool).is_some_and(|&n| lane <= n));
        (table && lane && kept.interpreter.map(|(pool, _)| pool) == pool).then_some(*kept)
    };
    let mut tables: HashSet<(ExhibitorId, u16, u16)> = HashSet::new();
    let mut lanes: HashSet<(PoolId, u16, u16)> = HashSet::new();
    for placement in chosen.iter().filter_map(kept) {
        tables.insert((placement.pair.exhibitor, placement.slot, placement.table));
        lanes.extend(placement.interpreter.map(|(pool, lane)| (pool, placement.slot, lane)));
    }
    let mut fresh = |&(pair, pool, slot): &Chosen| Placement {
        pair,
        slot,
        booth: booth_of[&pair.exhibitor].id,
        table: first_free(|table| tables.insert((pair.exhibitor, slot, table))),
        interpreter: pool.map(|pool| (pool, first_free(|lane| lanes.insert((pool, slot, lane))))),
    };
    chosen
        .iter()
        .map(|one| kept(one).unwrap_or_else(|| fresh(one)))
        .collect()
}

/// The lowest number, from 1, that can be taken. The capacities of the instance leave one.
fn first_free(mut take: impl FnMut(u16) -> bool) -> u16 {
    (1..u16::MAX).find(|&number| take(number)).unwrap_or(u16::MAX)
}

/// What changes between two versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Same pair, other slot (or other table or interpreter): before, after.
    pub moved: Vec<(Placement, Placement)>,
    /// No longer meet.
    pub lost: Vec<Placement>,
    /// Meet now.
    pub added: Vec<Placement>,
}

impl Difference {
    /// Pairs somebody must be told about.
    pub fn told(&self) -> impl Iterator<Item = Pair> + '_ {
        let moved = self.moved.iter().map(|(_, after)| after.pair);
        moved.chain(self.lost.iter().chain(&self.added).map(|p| p.pair))
    }
}

/// What changes when `after` takes the place of `before`. Linear in both.
pub fn compare(before: &[Placement], after: &[Placement]) -> Difference {
    let mut old: BTreeMap<Pair, Placement> = before.iter().map(|p| (p.pair, *p)).collect();
    let mut difference = Difference::default();
    for placement in after {
        match old.remove(&placement.pair) {
            None => difference.added.push(*placement),
            Some(was) if was != *placement => difference.moved.push((was, *placement)),
            Some(_) => {}
        }
    }
    difference.lost = old.into_values().collect();
    difference
}

/// What publishing these placements would change in the live calendar. Meetings booked by hand stay as they are.
pub fn changes(live: &[Meeting], placements: &[Placement]) -> Difference {
    let by_hand: HashSet<Pair> = live
        .iter()
        .filter(|meeting| meeting.timetable.is_none())
        .map(|meeting| meeting.placement.pair)
        .collect();
    let moving = |placement: &Placement| !by_hand.contains(&placement.pair);
    let before: Vec<Placement> = live.iter().map(|m| m.placement).filter(moving).collect();
    let after: Vec<Placement> = placements.iter().copied().filter(moving).collect();
    compare(&before, &after)
}

/// What publishing writes, in one act.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The live calendar afterwards: kept and moved meetings with their ids, new ones with derived ids.
    pub meetings: Vec<Meeting>,
    /// What that changes.
    pub difference: Difference,
}

/// Publishes a version that was proposed, or one that was published before (rolling back): checks every placement
/// against the facts of this moment and says what the live calendar becomes. Meetings booked by hand stay.
pub fn publish(
    market: &Market,
    timetable: TimetableId,
    state: State,
    placements: &[Placement],
    now: Timestamp,
) -> Result<Publication, Refusal> {
    if !matches!(state, State::Proposed | State::Superseded) {
        return Err(Refusal::TimetableState { state: state.code() });
    }
    if market.slots.first().is_some_and(|first| first.starts <= now) {
        return Err(Refusal::SlotPast);
    }
    let live: HashMap<Pair, &Meeting> = market.meetings.iter().map(|m| (m.placement.pair, m)).collect();
    let by_hand: Vec<&Meeting> = market.meetings.iter().filter(|m| m.timetable.is_none()).collect();
    let hand_pairs: HashSet<Pair> = by_hand.iter().map(|m| m.placement.pair).collect();
    let mut meetings: Vec<Meeting> = by_hand.into_iter().copied().collect();
    meetings.extend(
        placements
            .iter()
            .filter(|p| !hand_pairs.contains(&p.pair))
            .map(|placement| Meeting {
                id: live
                    .get(&placement.pair)
                    .map_or_else(|| fresh_id(timetable, placement.pair), |meeting| meeting.id),
                placement: *placement,
                timetable: Some(timetable),
            }),
    );
    let after: Vec<Placement> = meetings.iter().map(|m| m.placement).collect();
    holds(market, &after)?;
    let before: Vec<Placement> = market.meetings.iter().map(|m| m.placement).collect();
    Ok(Publication {
        difference: compare(&before, &after),
        meetings,
    })
}

fn fresh_id(timetable: TimetableId, pair: Pair) -> MeetingId {
    MeetingId::derived(timetable, &format!("{}/{}", pair.buyer, pair.exhibitor))
}

/// Whether all placements can be held together, by the facts of the market: everybody there and free, nobody twice,
/// every table staffed, every interpreter real, nobody with somebody they avoid, no quota passed.
pub fn holds(market: &Market, placements: &[Placement]) -> Result<(), Refusal> {
    let facts = Facts::of(market);
    let mut taken = Taken::default();
    let mut against: Vec<String> = Vec::new();
    for placement in placements {
        if let Some(why) = facts.against(placement).or_else(|| taken.against(placement)) {
            against.push(format!("{}: {why}", facts.label(placement)));
        }
    }
    against.extend(facts.over_quota(placements));
    if against.is_empty() {
        return Ok(());
    }
    let impossible = against.len();
    against.truncate(MAX_NAMED);
    Err(Refusal::TimetableStale {
        impossible,
        first: against,
    })
}

/// What has been given away so far.
#[derive(Default)]
struct Taken {
    buyers: HashSet<(crate::id::BuyerId, u16)>,
    tables: HashSet<(crate::id::BoothId, u16, u16)>,
    lanes: HashSet<(PoolId, u16, u16)>,
    pairs: HashSet<Pair>,
}

impl Taken {
    fn against(&mut self, p: &Placement) -> Option<&'static str> {
        let pair = self.pairs.insert(p.pair);
        let buyer = self.buyers.insert((p.pair.buyer, p.slot));
        let table = self.tables.insert((p.booth, p.table, p.slot));
        let lane = p
            .interpreter
            .is_none_or(|(pool, lane)| self.lanes.insert((pool, lane, p.slot)));
        [
            (pair, "the pair twice"),
            (buyer, "the buyer twice"),
            (table, "the table twice"),
            (lane, "the interpreter twice"),
        ]
        .into_iter()
        .find_map(|(free, why)| (!free).then_some(why))
    }
}

/// The market, indexed for looking up one placement.
struct Facts<'a> {
    market: &'a Market,
    buyers: HashMap<crate::id::BuyerId, &'a crate::participation::Buyer>,
    exhibitors: HashMap<ExhibitorId, &'a crate::participation::Exhibitor>,
    booths: HashMap<crate::id::BoothId, &'a crate::venue::Booth>,
    avoided: HashSet<Pair>,
}

impl<'a> Facts<'a> {
    fn of(market: &'a Market) -> Self {
        Self {
            market,
            buyers: market.buyers.iter().map(|b| (b.id, b)).collect(),
            exhibitors: market.exhibitors.iter().map(|x| (x.id, x)).collect(),
            booths: market.booths.iter().map(|b| (b.id, b)).collect(),
            avoided: market
                .wishes
                .iter()
                .filter(|w| w.want == Want::Avoid)
                .map(|w| w.pair)
                .collect(),
        }
    }

    fn label(&self, p: &Placement) -> String {
        let buyer = self.buyers.get(&p.pair.buyer).map_or("?", |b| b.code.as_str());
        let exhibitor = self.exhibitors.get(&p.pair.exhibitor).map_or("?", |x| x.code.as_str());
        format!("{buyer}–{exhibitor}")
    }

    fn against(&self, p: &Placement) -> Option<&'static str> {
        let Some(slot) = self.market.slots.get(usize::from(p.slot)) else {
            return Some("no such slot");
        };
        let (Some(buyer), Some(exhibitor), Some(booth)) = (
            self.buyers.get(&p.pair.buyer),
            self.exhibitors.get(&p.pair.exhibitor),
            self.booths.get(&p.booth),
        ) else {
            return Some("a side that is no longer there");
        };
        let span = slot.span();
        if !buyer.present(&span)
            || span
                .cells()
                .any(|cell| self.market.busy.contains(&(buyer.person, cell)))
        {
            return Some("the buyer is not free");
        }
        if booth.exhibitor != exhibitor.id || p.table == 0 || p.table > booth.staffed(slot) {
            return Some("the table is not staffed");
        }
        if self.avoided.contains(&p.pair) {
            return Some("not wanted any more");
        }
        let understood = match interpreters(&self.market.pools, &buyer.languages, &exhibitor.languages) {
            Interpreters::NotNeeded => true,
            Interpreters::Pool(_) => p.interpreter.is_some_and(|(pool, lane)| {
                let pool = self.market.pools.iter().find(|candidate| candidate.id == pool);
                pool.is_some_and(|pool| lane <= pool.count && pool.bridges(&buyer.languages, &exhibitor.languages))
            }),
            Interpreters::Nobody => false,
        };
        (!understood).then_some("no interpreter")
    }

    fn over_quota(&self, placements: &[Placement]) -> Vec<String> {
        let (mut by_buyer, mut by_exhibitor) = (HashMap::new(), HashMap::new());
        for p in placements {
            *by_buyer.entry(p.pair.buyer).or_insert(0_u16) += 1;
            *by_exhibitor.entry(p.pair.exhibitor).or_insert(0_u16) += 1;
        }
        let buyers = self
            .market
            .buyers
            .iter()
            .map(|b| (&b.code, b.quota, by_buyer.get(&b.id)));
        let exhibitors = self
            .market
            .exhibitors
            .iter()
            .map(|x| (&x.code, x.quota, by_exhibitor.get(&x.id)));
        let over = |(code, quota, count): (&String, crate::participation::Quota, Option<&u16>)| {
            let most = quota.max()?;
            count
                .filter(|&&n| n > most)
                .map(|n| format!("{code}: {n} meetings, {most} allowed"))
        };
        buyers.chain(exhibitors).filter_map(over).collect()
    }
}
