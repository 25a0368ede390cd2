//! The timetable: the scheduler's answer made into placements, two versions compared, and the one act of publishing.
//! How wishes become what is solved is `problem.rs`; how the best timetable is found is `scheduler`'s affair.

use crate::{
    id::{BoothId, ExhibitorId, MeetingId, PoolId, TimetableId},
    market::{Market, Meeting, Placement},
    problem::{Interpreters, Problem, Who, contradiction, interpreters, problem},
    refusal::Refusal,
    venue::Booth,
    wish::{Pair, Want},
};
use jiff::Timestamp;
pub use scheduler::Progress;
use scheduler::{Instance, Limits, Timetable};
use std::collections::{BTreeMap, HashMap, HashSet};

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

/// Work on breaks and dashes once the value is proved, for each request: some seconds for a large market.
const POLISH_PER_REQUEST: u64 = 200;

/// Calculates a timetable, proves it, checks the proof independently, and gives every meeting its table.
/// `stop` is asked often and ends the search when it answers yes.
pub fn propose(market: &Market, seed: u64, stop: &mut dyn FnMut(&Progress) -> bool) -> Result<Proposal, Refusal> {
    let problem = problem(market)?;
    let limits = Limits {
        seed,
        work: None,
        polish: Some(POLISH_PER_REQUEST * problem.instance.requests().len() as u64),
    };
    let timetable = scheduler::solve(&problem.instance, &limits, stop).map_err(contradiction)?;
    scheduler::check::check(&problem.instance, &timetable).map_err(contradiction)?;
    Ok(proposal(market, &problem, &problem.instance, &timetable))
}

/// A timetable of the problem, or of the problem as edited, as a version to be kept.
pub(crate) fn proposal(market: &Market, problem: &Problem, instance: &Instance, timetable: &Timetable) -> Proposal {
    let mutual = || (0..problem.pairs().len()).filter(|&r| problem.mutual(r));
    Proposal {
        placements: seat(market, problem, instance, &timetable.slot_of),
        value: timetable.value,
        upper_bound: timetable.upper_bound,
        requests: problem.pairs().len() as u32,
        mutual: mutual().count() as u32,
        mutual_placed: mutual().filter(|&r| timetable.slot_of[r].is_some()).count() as u32,
        breaks: timetable.breaks,
        dashes: timetable.dashes,
        certificate: timetable.to_json(instance),
    }
}

/// Gives every meeting a table and an interpreter; who keeps the slot keeps the seat, if it is still there.
pub(crate) fn seat(market: &Market, problem: &Problem, instance: &Instance, slot_of: &[Option<u16>]) -> Vec<Placement> {
    let booth_of: HashMap<ExhibitorId, _> = market.booths.iter().map(|b| (b.exhibitor, b.id)).collect();
    let seated: HashMap<(Pair, u16), Placement> = market
        .meetings
        .iter()
        .map(|m| ((m.placement.pair, m.placement.slot), m.placement))
        .collect();
    let held: Vec<(usize, u16)> = slot_of
        .iter()
        .enumerate()
        .filter_map(|(r, slot)| slot.map(|slot| (r, slot)))
        .collect();
    let kept = |&(r, slot): &(usize, u16)| {
        let kept = seated.get(&(problem.pairs()[r], slot))?;
        let (mut tables, mut lanes) = (0, 0);
        for &party in &instance.requests()[r].parties {
            let capacity = instance.parties()[party as usize].capacity[usize::from(slot)];
            match problem.who(party) {
                Who::Buyer(_) => {}
                Who::Exhibitor(_) => tables = capacity,
                Who::Pool(_) => lanes = capacity,
            }
        }
        let same_pool = kept.interpreter.map(|(pool, _)| pool) == problem.pool(r);
        let lane = kept.interpreter.is_none_or(|(_, lane)| u32::from(lane) <= lanes);
        (same_pool && lane && u32::from(kept.table) <= tables).then_some(*kept)
    };
    let mut tables: HashSet<(ExhibitorId, u16, u16)> = HashSet::new();
    let mut lanes: HashSet<(PoolId, u16, u16)> = HashSet::new();
    for placement in held.iter().filter_map(kept) {
        tables.insert((placement.pair.exhibitor, placement.slot, placement.table));
        lanes.extend(placement.interpreter.map(|(pool, lane)| (pool, placement.slot, lane)));
    }
    let mut fresh = |&(r, slot): &(usize, u16)| {
        let pair = problem.pairs()[r];
        Placement {
            pair,
            slot,
            booth: booth_of[&pair.exhibitor],
            table: first_free(|table| tables.insert((pair.exhibitor, slot, table))),
            interpreter: problem
                .pool(r)
                .map(|pool| (pool, first_free(|lane| lanes.insert((pool, slot, lane))))),
        }
    };
    held.iter().map(|one| kept(one).unwrap_or_else(|| fresh(one))).collect()
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

/// How many meetings each booth holds, slot by slot: the booths as they are given, each with a figure a slot.
pub fn by_booth(placements: &[Placement], booths: Vec<Booth>, slots: usize) -> Vec<(Booth, Vec<u16>)> {
    let mut held: HashMap<BoothId, Vec<u16>> = HashMap::new();
    for placement in placements {
        let meetings = held.entry(placement.booth).or_insert_with(|| vec![0; slots]);
        if let Some(count) = meetings.get_mut(usize::from(placement.slot)) {
            *count += 1;
        }
    }
    let of = |booth: &Booth| held.get(&booth.id).cloned().unwrap_or_else(|| vec![0; slots]);
    booths
        .into_iter()
        .map(|booth| {
            let meetings = of(&booth);
            (booth, meetings)
        })
        .collect()
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
    let live: HashMap<Pair, &Meeting> = market.meetings.iter().map(|m| (m.placement.pair, m)).collect();
    let by_hand: Vec<&Meeting> = market.meetings.iter().filter(|m| m.timetable.is_none()).collect();
    let hand_pairs: HashSet<Pair> = by_hand.iter().map(|m| m.placement.pair).collect();
    let mut meetings: Vec<Meeting> = by_hand.into_iter().copied().collect();
    meetings.extend(
        placements
            .iter()
            .filter(|p| !hand_pairs.contains(&p.pair))
            .map(|placement| {
                let before = live.get(&placement.pair);
                Meeting {
                    id: before.map_or_else(|| fresh_id(timetable, placement.pair), |meeting| meeting.id),
                    placement: *placement,
                    timetable: Some(timetable),
                    revision: before.map_or(0, |m| m.revision + u32::from(m.placement != *placement)),
                }
            }),
    );
    let after: Vec<Placement> = meetings.iter().map(|m| m.placement).collect();
    holds(market, &after)?;
    let before: Vec<Placement> = market.meetings.iter().map(|m| m.placement).collect();
    let difference = compare(&before, &after);
    // What has begun has happened: a repair on the day changes what is still to come.
    let begun = |p: &Placement| {
        market
            .slots
            .get(usize::from(p.slot))
            .is_some_and(|slot| slot.starts <= now)
    };
    let Difference { moved, lost, added } = &difference;
    let touched = moved.iter().flat_map(|(was, is)| [was, is]).chain(lost).chain(added);
    if touched.into_iter().any(begun) {
        return Err(Refusal::SlotPast);
    }
    Ok(Publication { meetings, difference })
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
    tables: HashSet<(BoothId, u16, u16)>,
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
    booths: HashMap<BoothId, &'a Booth>,
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
