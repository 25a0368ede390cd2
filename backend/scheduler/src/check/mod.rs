//! The independent verification of a timetable and its certificate, and (`explanation.rs`) of the reasons why a
//! request is not held: everything is computed again, slowly and plainly, from the definitions. Deliberately not here:
//! any code of the solver. Nothing is imported but the types that are verified, so a mistake there cannot hide here.

mod explanation;

pub use explanation::{Fault, check_explanation};

use crate::instance::{Instance, PartySpec};
use crate::price::PRICE_PARTS;
use crate::timetable::Timetable;
use std::collections::BTreeSet;

/// What a right timetable amounts to, computed anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Requests held.
    pub placed: usize,
    /// Values less penalties.
    pub value: i64,
    /// Meetings short of the parties' minimums.
    pub shortfall: u64,
    /// What the prices prove, rounded towards 0; the timetable may claim no less.
    pub upper_bound: i64,
    /// Interruptions in the days of compact parties.
    pub breaks: u64,
    /// Changes of zone between neighbouring slots.
    pub dashes: u64,
}

/// The first thing found wrong with a timetable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// It has not one entry for every request.
    #[error("the timetable has {found} entries for {expected} requests")]
    Length {
        /// Entries there are.
        found: usize,
        /// Requests there are.
        expected: usize,
    },
    /// A slot that does not exist.
    #[error("request {request} is placed in slot {slot}, which does not exist")]
    NoSuchSlot {
        /// The request.
        request: String,
        /// The slot.
        slot: u16,
    },
    /// A slot the request does not allow.
    #[error("request {request} is placed in slot {slot}, outside its allowed slots")]
    OutsideSlots {
        /// The request.
        request: String,
        /// The slot.
        slot: u16,
    },
    /// A promised meeting elsewhere, or nowhere.
    #[error("request {request} is fixed in slot {fixed}, but not held there")]
    FixedMoved {
        /// The request.
        request: String,
        /// The promised slot.
        fixed: u16,
    },
    /// Too many at once.
    #[error("party {party} has {load} meetings in slot {slot}, capacity {capacity}")]
    OverCapacity {
        /// The party.
        party: String,
        /// The slot.
        slot: usize,
        /// Meetings in it.
        load: u32,
        /// Meetings there is room for.
        capacity: u32,
    },
    /// Too many in all.
    #[error("party {party} has {count} meetings, maximum {max}")]
    OverMax {
        /// The party.
        party: String,
        /// Meetings it has.
        count: u32,
        /// Meetings it may have.
        max: u32,
    },
    /// A figure that is not what it is claimed to be.
    #[error("{what} is {real}, claimed {claimed}")]
    Figure {
        /// Which figure.
        what: &'static str,
        /// What it is.
        real: i64,
        /// What the timetable says.
        claimed: i64,
    },
    /// Prices not one a party, or not one a slot.
    #[error("the certificate has {found} {what} for {expected}")]
    PriceCount {
        /// Which prices.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A slot price below 0.
    #[error("the price of party {party} in slot {slot} is negative")]
    NegativePrice {
        /// The party.
        party: String,
        /// The slot.
        slot: usize,
    },
    /// A claim the prices do not prove.
    #[error("the claimed bound {claimed} is below {proved}, which is all its prices prove")]
    Unproved {
        /// The claim.
        claimed: i64,
        /// What holds.
        proved: i64,
    },
}

/// Meetings of every party in every slot: party × slots.
type Load = Vec<Vec<u32>>;

/// Verifies that a timetable keeps every rule, is worth what it says, and that its prices prove its bound.
pub fn check(instance: &Instance, timetable: &Timetable) -> Result<Checked, Violation> {
    let load = check_places(instance, timetable)?;
    check_loads(instance, &load)?;
    let mut shortfall = 0;
    let mut value = 0;
    for (party, row) in instance.parties().iter().zip(&load) {
        let missing = party.min.unwrap_or(0).saturating_sub(row.iter().sum());
        shortfall += u64::from(missing);
        value -= i64::from(missing) * i64::from(party.min_penalty.unwrap_or(0));
    }
    for (request, slot) in instance.requests().iter().zip(&timetable.slot_of) {
        value += if slot.is_some() { i64::from(request.value) } else { 0 };
    }
    let (breaks, dashes) = (breaks(instance, &load), dashes(instance, timetable));
    figure("value", value, timetable.value)?;
    figure("breaks", breaks as i64, timetable.breaks as i64)?;
    figure("dashes", dashes as i64, timetable.dashes as i64)?;
    let upper_bound = proved_bound(instance, timetable)?;
    if timetable.upper_bound < upper_bound {
        return Err(Violation::Unproved {
            claimed: timetable.upper_bound,
            proved: upper_bound,
        });
    }
    Ok(Checked {
        placed: timetable.slot_of.iter().flatten().count(),
        value,
        shortfall,
        upper_bound,
        breaks,
        dashes,
    })
}

fn figure(what: &'static str, real: i64, claimed: i64) -> Result<(), Violation> {
    if real == claimed {
        Ok(())
    } else {
        Err(Violation::Figure { what, real, claimed })
    }
}

/// Every request stands where it may, every promise is kept; returns the loads.
fn check_places(instance: &Instance, timetable: &Timetable) -> Result<Load, Violation> {
    let (found, expected) = (timetable.slot_of.len(), instance.requests().len());
    if found != expected {
        return Err(Violation::Length { found, expected });
    }
    let mut load = vec![vec![0; usize::from(instance.slots())]; instance.parties().len()];
    for (request, slot) in instance.requests().iter().zip(&timetable.slot_of) {
        let named = || request.id.clone();
        if let Some(fixed) = request.fixed.filter(|_| request.fixed != *slot) {
            return Err(Violation::FixedMoved {
                request: named(),
                fixed,
            });
        }
        let Some(slot) = *slot else {
            continue;
        };
        if slot >= instance.slots() {
            return Err(Violation::NoSuchSlot { request: named(), slot });
        }
        if request.slots.as_ref().is_some_and(|allowed| !allowed.contains(&slot)) {
            return Err(Violation::OutsideSlots { request: named(), slot });
        }
        for &p in &request.parties {
            load[p as usize][usize::from(slot)] += 1;
        }
    }
    Ok(load)
}

fn check_loads(instance: &Instance, load: &Load) -> Result<(), Violation> {
    for (party, row) in instance.parties().iter().zip(load) {
        for (slot, (&load, &capacity)) in row.iter().zip(&party.capacity).enumerate() {
            if load > capacity {
                let party = party.id.clone();
                return Err(Violation::OverCapacity {
                    party,
                    slot,
                    load,
                    capacity,
                });
            }
        }
        let count = row.iter().sum();
        if let Some(max) = party.max.filter(|&max| count > max) {
            let party = party.id.clone();
            return Err(Violation::OverMax { party, count, max });
        }
    }
    Ok(())
}

/// The days as ranges of slots.
fn days(instance: &Instance) -> Vec<std::ops::Range<usize>> {
    let mut ends: Vec<usize> = instance.days().iter().skip(1).map(|&s| usize::from(s)).collect();
    ends.push(usize::from(instance.slots()));
    instance
        .days()
        .iter()
        .zip(ends)
        .map(|(&start, end)| usize::from(start)..end)
        .collect()
}

fn breaks(instance: &Instance, load: &Load) -> u64 {
    let mut breaks = 0;
    for (party, row) in instance.parties().iter().zip(load) {
        for day in days(instance) {
            let mut runs = 0u64;
            let mut busy = false;
            for &load in &row[day] {
                runs += u64::from(load > 0 && !busy);
                busy = load > 0;
            }
            breaks += if party.compact { runs.saturating_sub(1) } else { 0 };
        }
    }
    breaks
}

fn dashes(instance: &Instance, timetable: &Timetable) -> u64 {
    let mut place: Vec<Vec<Option<&str>>> = vec![vec![None; usize::from(instance.slots())]; instance.parties().len()];
    for (request, slot) in instance.requests().iter().zip(&timetable.slot_of) {
        let party = |p: &u32| &instance.parties()[*p as usize];
        let zones: BTreeSet<&str> = request
            .parties
            .iter()
            .filter_map(|p| party(p).zone.as_deref())
            .collect();
        let (Some(slot), Some(zone), 1) = (*slot, zones.first(), zones.len()) else {
            continue;
        };
        for p in request.parties.iter().filter(|p| party(p).zone.is_none()) {
            place[*p as usize][usize::from(slot)] = Some(zone);
        }
    }
    let mut dashes = 0;
    for (party, row) in instance.parties().iter().zip(&place) {
        if party.capacity.iter().max() != Some(&1) {
            continue;
        }
        for day in days(instance) {
            for pair in row[day].windows(2) {
                dashes += u64::from(pair[0].is_some() && pair[1].is_some() && pair[0] != pair[1]);
            }
        }
    }
    dashes
}

/// What the prices prove by weak duality, computed in exact whole numbers of price parts.
fn proved_bound(instance: &Instance, timetable: &Timetable) -> Result<i64, Violation> {
    check_prices(instance, timetable)?;
    let parts = proved_parts(instance, timetable);
    Ok(i64::try_from(parts / i128::from(PRICE_PARTS)).unwrap_or(i64::MAX))
}

/// The same in parts, not rounded; of prices that have been checked.
fn proved_parts(instance: &Instance, timetable: &Timetable) -> i128 {
    let mut sum: i128 = 0;
    for (p, party) in instance.parties().iter().enumerate() {
        for (&capacity, price) in party.capacity.iter().zip(slot_prices(timetable, p)) {
            sum += i128::from(capacity) * i128::from(*price);
        }
        sum += best_total(party, party_price(timetable, p));
    }
    for request in instance.requests() {
        let prices: i128 = request
            .parties
            .iter()
            .map(|&p| party_price(timetable, p as usize))
            .sum();
        let all = 0..instance.slots();
        let slots: Vec<u16> = match (request.fixed, &request.slots) {
            (Some(slot), _) => vec![slot],
            (None, Some(slots)) => slots.clone(),
            (None, None) => all.collect(),
        };
        let open = |s: &usize| {
            request
                .parties
                .iter()
                .all(|&p| instance.parties()[p as usize].capacity[*s] > 0)
        };
        let cost = |s: usize| -> i128 {
            let of = |&p: &u32| slot_prices(timetable, p as usize).get(s).map_or(0, |&u| i128::from(u));
            request.parties.iter().map(of).sum()
        };
        let cheapest = slots.into_iter().map(usize::from).filter(open).map(cost).min();
        let before = i128::from(request.value) * i128::from(PRICE_PARTS) - prices;
        sum += match (request.fixed, cheapest) {
            (Some(_), cheapest) => before - cheapest.unwrap_or(0),
            (None, Some(cheapest)) => (before - cheapest).max(0),
            (None, None) => 0,
        };
    }
    sum
}

fn check_prices(instance: &Instance, timetable: &Timetable) -> Result<(), Violation> {
    let (parties, slots) = (instance.parties().len(), usize::from(instance.slots()));
    let count = |what, found: usize, expected: usize| {
        if found == 0 || found == expected {
            Ok(())
        } else {
            Err(Violation::PriceCount { what, found, expected })
        }
    };
    count("party prices", timetable.prices.party.len(), parties)?;
    count("rows of slot prices", timetable.prices.party_slot.len(), parties)?;
    for (party, row) in instance.parties().iter().zip(&timetable.prices.party_slot) {
        count("slot prices in a row", row.len(), slots)?;
        if let Some(slot) = row.iter().position(|&u| u < 0) {
            let party = party.id.clone();
            return Err(Violation::NegativePrice { party, slot });
        }
    }
    Ok(())
}

fn party_price(timetable: &Timetable, party: usize) -> i128 {
    timetable.prices.party.get(party).map_or(0, |&y| i128::from(y))
}

fn slot_prices(timetable: &Timetable, party: usize) -> &[i64] {
    timetable.prices.party_slot.get(party).map_or(&[], Vec::as_slice)
}

/// The most a party can earn by selling meetings at a price and paying for those it is short of.
fn best_total(party: &PartySpec, price: i128) -> i128 {
    let places: u64 = party.capacity.iter().map(|&c| u64::from(c)).sum();
    let top = places.min(u64::from(party.max.unwrap_or(u32::MAX)));
    let min = u64::from(party.min.unwrap_or(0));
    let penalty = i128::from(party.min_penalty.unwrap_or(0)) * i128::from(PRICE_PARTS);
    let total = |n: u64| price * i128::from(n) - penalty * i128::from(min.saturating_sub(n));
    // Concave in the number of meetings: nothing between these can be better.
    [0, min.min(top), top].into_iter().map(total).max().unwrap_or(0)
}
