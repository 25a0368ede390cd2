//! Repair: what happened on site, and the calendar with the fewest people disturbed. A preview; applied it becomes a
//! proposed version like any other, so that publishing stays the one act that changes the live calendar. Deliberately
//! not here: the disturbances as facts; they are part of the question, not of the market.

use crate::{
    id::{BuyerId, ExhibitorId, PoolId},
    market::{Market, Placement},
    name::Bilingual,
    problem::{Laid, contradiction, lay_calendar},
    refusal::Refusal,
    suggest::begun,
    time::Span,
    timetable::{Difference, Proposal, changes, proposal},
    wish::Pair,
};
use jiff::Timestamp;
use scheduler::{Edit, FreedRoom, Frozen, Instance, Layout, RepairTerms, Timetable, check};
use serde::Serialize;
use std::{collections::BTreeSet, ops::Range};

/// Most disturbances in one repair.
pub const MAX_DISTURBANCES: usize = 50;
/// Most meetings one repair may move.
pub const MAX_MOVED: u16 = 1000;

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Disturbance {
    /// A meeting is called off, and shall not come again.
    Cancelled(Pair),
    /// A buyer comes later than said.
    BuyerLate(BuyerId, Timestamp),
    /// A buyer leaves earlier than said.
    BuyerLeaves(BuyerId, Timestamp),
    /// A booth takes no meetings for a while.
    BoothClosed(ExhibitorId, Span),
    /// So many tables of a booth are lost for a while.
    TablesLost(ExhibitorId, u16, Span),
    /// So many interpreters of a pool are ill for a while.
    InterpretersIll(PoolId, u16, Span),
}

/// How far a repair may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The moment: what has begun stays.
    pub now: Timestamp,
    /// At most so many meetings are held in another slot than before.
    pub most_moved: u16,
    /// Whether freed room goes to those who wait.
    pub room: Room,
}

/// What becomes of freed room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Room {
    /// It stays free.
    Keep,
    /// Pairs that wait and fit get it, the most wanted first.
    Fill,
}

/// The least disturbing way out.
#[derive(Debug, Clone)]
pub struct Repair {
    /// What publishing it changes.
    pub difference: Difference,
    /// Meetings booked by hand that cannot be held any more: no version moves or cancels those, a person does.
    pub by_hand: Vec<Placement>,
    /// So many meetings must move or fall away whatever one does: proved.
    pub at_least: usize,
    /// The proof line.
    pub proof: Bilingual,
    /// The whole of it, to be kept as a version.
    pub proposal: Proposal,
}

impl Repair {
    /// Whom to tell.
    pub fn told(&self) -> (BTreeSet<BuyerId>, BTreeSet<ExhibitorId>) {
        let by_hand = self.by_hand.iter().map(|placement| placement.pair);
        let pairs = self.difference.told().chain(by_hand);
        pairs.map(|pair| (pair.buyer, pair.exhibitor)).unzip()
    }
}

/// Repairs the live calendar. `certificate` is that of the published timetable: its prices prove how good the repaired
/// one is.
pub fn repair(
    market: &Market,
    certificate: &str,
    disturbances: &[Disturbance],
    terms: &Terms,
) -> Result<Repair, Refusal> {
    if disturbances.len() > MAX_DISTURBANCES || terms.most_moved > MAX_MOVED {
        return Err(Refusal::Malformed {
            field: "disturbances, mostMoved",
            wanted: "at most 50 disturbances, and 0 to 1000 meetings moved",
        });
    }
    let laid = lay_calendar(market, None)?;
    let edits: Vec<Edit> = disturbances
        .iter()
        .map(|disturbance| edit(market, &laid, *disturbance))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    let edited = laid.problem.instance.edited(&edits).map_err(contradiction)?;
    let prices = laid.problem.prices(certificate);
    let layout = Layout::new(&edited);
    let limits = RepairTerms {
        frozen: Frozen {
            requests: laid.by_hand.clone(),
            before_slot: begun(market, terms.now),
        },
        most_moved: usize::from(terms.most_moved),
        room: match terms.room {
            Room::Keep => FreedRoom::Keep,
            Room::Fill => FreedRoom::Fill,
        },
        ..RepairTerms::default()
    };
    let found = scheduler::repair(&layout, &laid.slot_of, &prices, &limits).map_err(contradiction)?;
    let after = found.change.onto(&laid.slot_of).unwrap_or_default();
    let repaired = counted(
        &edited,
        Timetable {
            slot_of: after,
            value: found.standing.value_after,
            upper_bound: found.standing.upper_bound,
            breaks: 0,
            dashes: 0,
            prices,
        },
    )?;
    let proposal = proposal(market, &laid.problem, &edited, &repaired);
    let difference = changes(&market.meetings, &proposal.placements);
    let gone: BTreeSet<Pair> = found
        .change
        .moves
        .iter()
        .filter(|m| m.to.is_none())
        .map(|m| laid.problem.pairs()[m.request as usize])
        .collect();
    let by_hand = market.meetings.iter().filter(|m| m.timetable.is_none());
    Ok(Repair {
        by_hand: by_hand
            .map(|m| m.placement)
            .filter(|p| gone.contains(&p.pair))
            .collect(),
        at_least: found.at_least,
        proof: proof(&difference, found.at_least, &repaired),
        difference,
        proposal,
    })
}

/// The checker counts what it finds, so it is asked for the figures a repair does not know, and has looked at the
/// repaired timetable on the way.
fn counted(instance: &Instance, mut timetable: Timetable) -> Result<Timetable, Refusal> {
    const FIGURES: usize = 2;
    for _ in 0..=FIGURES {
        match check::check(instance, &timetable) {
            Ok(_) => return Ok(timetable),
            Err(check::Violation::Figure {
                what: "breaks", real, ..
            }) => timetable.breaks = real.unsigned_abs(),
            Err(check::Violation::Figure {
                what: "dashes", real, ..
            }) => timetable.dashes = real.unsigned_abs(),
            Err(wrong) => return Err(contradiction(wrong)),
        }
    }
    Ok(timetable)
}

fn proof(difference: &Difference, at_least: usize, repaired: &Timetable) -> Bilingual {
    let (moved, lost, added) = (difference.moved.len(), difference.lost.len(), difference.added.len());
    let (value, bound) = (repaired.value, repaired.upper_bound);
    Bilingual {
        ja: format!(
            "移動{moved}件、取消{lost}件、追加{added}件。少なくとも{at_least}件は避けられません（証明済み）。\
             価値{value}、これを超えるものがないと証明された上限{bound}。"
        ),
        en: format!(
            "{moved} moved, {lost} lost, {added} added; at least {at_least} must move or fall away whatever one does. \
             Value {value}; no timetable is worth more than {bound}."
        ),
    }
}

/// A disturbance as changes of the instance.
fn edit(market: &Market, laid: &Laid, disturbance: Disturbance) -> Result<Vec<Edit>, Refusal> {
    let problem = &laid.problem;
    let buyer = |id: BuyerId| {
        let found = market.buyers.iter().position(|b| b.id == id);
        found.map(|i| problem.buyer_party(i)).ok_or(Refusal::NotFound)
    };
    let exhibitor = |id: ExhibitorId| {
        let found = market.exhibitors.iter().position(|x| x.id == id);
        found.map(|i| problem.exhibitor_party(i)).ok_or(Refusal::NotFound)
    };
    let slots = |from: Option<Timestamp>, until: Option<Timestamp>| during(market, from, until);
    let absent = |party, slots| Edit::Capacity {
        party,
        slots,
        capacity: 0,
    };
    let fewer = |party, places: u16, span: Span| Edit::Places {
        party,
        slots: slots(Some(span.from()), Some(span.until())),
        by: -i32::from(places),
    };
    Ok(vec![match disturbance {
        Disturbance::Cancelled(pair) => Edit::Withdraw {
            request: problem.request(pair).ok_or(Refusal::NotFound)?,
        },
        Disturbance::BuyerLate(id, until) => absent(buyer(id)?, slots(None, Some(until))),
        Disturbance::BuyerLeaves(id, from) => absent(buyer(id)?, slots(Some(from), None)),
        Disturbance::BoothClosed(id, span) => absent(exhibitor(id)?, slots(Some(span.from()), Some(span.until()))),
        Disturbance::TablesLost(id, tables, span) => fewer(exhibitor(id)?, tables, span),
        Disturbance::InterpretersIll(id, interpreters, span) => {
            let pool = market.pools.iter().position(|pool| pool.id == id);
            fewer(problem.pool_party(pool.ok_or(Refusal::NotFound)?), interpreters, span)
        }
    }])
}

/// The slots that touch a time; open ends reach to the first and the last.
fn during(market: &Market, from: Option<Timestamp>, until: Option<Timestamp>) -> Range<u16> {
    let first = market
        .slots
        .iter()
        .take_while(|slot| from.is_some_and(|from| slot.frees <= from));
    let last = market
        .slots
        .iter()
        .take_while(|slot| until.is_none_or(|until| slot.starts < until));
    let (first, last) = (first.count() as u16, last.count() as u16);
    first.min(last)..last
}
