//! The independent verification of an explanation: the reason is looked up in the timetable, the most recomputed
//! from the prices, the remedy applied and all rules checked again. Deliberately not here: any code of the solver or
//! of the live operations, of which only the types are known; and whether a remedy is the cheapest, which would take
//! a search.

use super::{Load, Violation, breaks, check_loads, check_places, check_prices, dashes, party_price, slot_prices};
use crate::instance::Instance;
use crate::live::{Change, Explanation, Reason, Remedy};
use crate::price::PRICE_PARTS;
use crate::timetable::Timetable;
use std::collections::BTreeSet;

/// The first thing found wrong with an explanation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The timetable it is about breaks a rule itself.
    #[error("the timetable: {0}")]
    Timetable(Violation),
    /// It names a request or party that does not exist.
    #[error("there is no {what} number {number}")]
    Unknown {
        /// What kind.
        what: &'static str,
        /// Its number.
        number: u32,
    },
    /// The reason is not so.
    #[error("the reason does not hold: {0}")]
    Reason(&'static str),
    /// The most is not what the prices prove.
    #[error("the most is {real:?} by the prices, claimed {claimed:?}")]
    Most {
        /// What the prices prove.
        real: Option<i64>,
        /// What is claimed.
        claimed: Option<i64>,
    },
    /// The remedy is not of its kind, or not about this request and timetable.
    #[error("the remedy is none: {0}")]
    Remedy(&'static str),
    /// After the remedy a rule is broken.
    #[error("after the remedy: {0}")]
    Broken(Violation),
    /// The remedy does not change a figure as it says.
    #[error("the remedy changes the {what} by {real}, claimed {claimed}")]
    Figure {
        /// Which figure.
        what: &'static str,
        /// What it changes by.
        real: i64,
        /// What is claimed.
        claimed: i64,
    },
}

/// Replays an explanation against the instance and the timetable it was made for.
pub fn check_explanation(instance: &Instance, timetable: &Timetable, e: &Explanation) -> Result<(), Fault> {
    let load = check_places(instance, timetable).map_err(Fault::Timetable)?;
    check_loads(instance, &load).map_err(Fault::Timetable)?;
    check_prices(instance, timetable).map_err(Fault::Timetable)?;
    let number = e.request;
    let Some(request) = instance.requests().get(number as usize) else {
        return Err(Fault::Unknown {
            what: "request",
            number,
        });
    };
    let members = &request.parties;
    check_reason(instance, timetable, &load, e)?;
    let real = most(instance, timetable, number as usize);
    if real != e.most {
        return Err(Fault::Most { real, claimed: e.most });
    }
    let before = (instance, timetable);
    match &e.remedy {
        None => Ok(()),
        Some(_) if matches!(e.reason, Reason::Held { .. }) => Err(Fault::Remedy("it is held")),
        Some(Remedy::Moves(change)) => {
            none_lost(change)?;
            check_change(before, instance, number, change)
        }
        Some(Remedy::Exchange { change, costs }) => {
            if change.moves.iter().all(|m| m.to.is_some()) {
                return Err(Fault::Remedy("nobody gives way"));
            }
            figure("costs", (-change.value).max(0), *costs)?;
            check_change(before, instance, number, change)
        }
        Some(Remedy::Room { party, slot, change }) => {
            if !members.contains(party) {
                return Err(Fault::Remedy("the party with more room is not in the request"));
            }
            if slot.is_some_and(|s| s >= instance.slots()) {
                return Err(Fault::Remedy("the slot with more room does not exist"));
            }
            none_lost(change)?;
            check_change(before, &with_room(instance, *party as usize, *slot), number, change)
        }
    }
}

fn none_lost(change: &Change) -> Result<(), Fault> {
    if change.moves.iter().any(|m| m.to.is_none()) {
        return Err(Fault::Remedy("somebody loses a meeting"));
    }
    Ok(())
}

fn figure(what: &'static str, real: i64, claimed: i64) -> Result<(), Fault> {
    if real == claimed {
        Ok(())
    } else {
        Err(Fault::Figure { what, real, claimed })
    }
}

/// The slots a request itself allows, by slot.
fn allowed(instance: &Instance, request: usize) -> Vec<bool> {
    let spec = &instance.requests()[request];
    (0..instance.slots())
        .map(|slot| match (spec.fixed, &spec.slots) {
            (Some(fixed), _) => fixed == slot,
            (None, Some(list)) => list.contains(&slot),
            (None, None) => true,
        })
        .collect()
}

/// The slots a request allows and in which all its parties are present.
fn common(instance: &Instance, request: usize) -> Vec<usize> {
    let members = &instance.requests()[request].parties;
    let present = |s: usize| members.iter().all(|&p| instance.parties()[p as usize].capacity[s] > 0);
    let allowed = allowed(instance, request);
    (0..allowed.len()).filter(|&s| allowed[s] && present(s)).collect()
}

fn check_reason(instance: &Instance, timetable: &Timetable, load: &Load, e: &Explanation) -> Result<(), Fault> {
    let request = e.request as usize;
    let held = timetable.slot_of[request];
    if let Reason::Held { slot } = e.reason {
        return so(held == Some(slot), "it is not held there");
    }
    so(held.is_none(), "it is held")?;
    let members = &instance.requests()[request].parties;
    let taken = |p: u32, s: usize| load[p as usize][s] >= instance.parties()[p as usize].capacity[s];
    match &e.reason {
        Reason::Held { .. } => Ok(()),
        Reason::NoCommonSlot { absent } => {
            let allowed = allowed(instance, request);
            so(absent.len() == allowed.len(), "it does not name every slot")?;
            for (s, (&allowed, absent)) in allowed.iter().zip(absent).enumerate() {
                let away = |p: u32| members.contains(&p) && instance.parties()[p as usize].capacity[s] == 0;
                match absent {
                    None => so(!allowed, "a slot is allowed")?,
                    Some(p) => so(allowed && away(*p), "a party named is not absent")?,
                }
            }
            Ok(())
        }
        Reason::PartyFull { party, top } => {
            so(members.contains(party), "the party is not in the request")?;
            let spec = &instance.parties()[*party as usize];
            let places: u64 = spec.capacity.iter().map(|&c| u64::from(c)).sum();
            let most = places.min(u64::from(spec.max.unwrap_or(u32::MAX)));
            let count: u64 = load[*party as usize].iter().map(|&n| u64::from(n)).sum();
            so(u64::from(*top) == most, "the party may have another number of meetings")?;
            so(count >= most, "the party has fewer meetings")
        }
        Reason::NoFreeSlot { full } => {
            let named: Vec<usize> = full.iter().map(|&(s, _)| usize::from(s)).collect();
            so(
                named == common(instance, request),
                "the slots named are not the common ones",
            )?;
            let right = |&(s, p): &(u16, u32)| members.contains(&p) && taken(p, usize::from(s));
            so(full.iter().all(right), "a party named has a place left")
        }
        Reason::Free { slots } => {
            let free = |s: &usize| members.iter().all(|&p| !taken(p, *s));
            let real: Vec<usize> = common(instance, request).into_iter().filter(free).collect();
            let named: Vec<usize> = slots.iter().map(|&s| usize::from(s)).collect();
            so(!real.is_empty() && named == real, "the free slots are others")
        }
    }
}

fn so(right: bool, wrong: &'static str) -> Result<(), Fault> {
    if right { Ok(()) } else { Err(Fault::Reason(wrong)) }
}

/// What the prices prove about timetables that hold a request: its term in the bound without the `max(0, …)`.
fn most(instance: &Instance, timetable: &Timetable, request: usize) -> Option<i64> {
    let spec = &instance.requests()[request];
    let common = common(instance, request);
    let cost = |s: usize| -> i128 {
        let of = |&p: &u32| slot_prices(timetable, p as usize).get(s).map_or(0, |&u| i128::from(u));
        spec.parties.iter().map(of).sum()
    };
    let cheapest = common.into_iter().map(cost).min()?;
    let prices: i128 = spec.parties.iter().map(|&p| party_price(timetable, p as usize)).sum();
    let term = i128::from(spec.value) * i128::from(PRICE_PARTS) - prices - cheapest;
    let counted = if spec.fixed.is_some() { term } else { term.max(0) };
    let parts = super::proved_parts(instance, timetable) - counted + term;
    Some(i64::try_from(parts / i128::from(PRICE_PARTS)).unwrap_or(i64::MAX))
}

/// The instance with one more place of a party in a slot, or one more meeting in all.
fn with_room(instance: &Instance, party: usize, slot: Option<u16>) -> Instance {
    let mut instance = instance.clone();
    let (parties, _) = instance.parts_mut();
    match slot {
        Some(slot) => parties[party].capacity[usize::from(slot)] += 1,
        None => parties[party].max = parties[party].max.map(|max| max.saturating_add(1)),
    }
    instance
}

/// Applies a change and checks every rule after it in the instance as it would be then, and every figure.
fn check_change(
    (before, timetable): (&Instance, &Timetable),
    after: &Instance,
    request: u32,
    change: &Change,
) -> Result<(), Fault> {
    let mut then = timetable.clone();
    let mut disturbed = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for m in &change.moves {
        let number = m.request;
        let Some(slot) = then.slot_of.get_mut(number as usize) else {
            return Err(Fault::Unknown {
                what: "request",
                number,
            });
        };
        if *slot != m.from || m.from == m.to || !seen.insert(number) {
            return Err(Fault::Remedy(
                "it moves somebody from where they do not stand, nowhere, or twice",
            ));
        }
        *slot = m.to;
        if m.from.is_some() {
            disturbed.extend(before.requests()[number as usize].parties.iter().copied());
        }
    }
    if then.slot_of[request as usize].is_none() {
        return Err(Fault::Remedy("the request is not held after it"));
    }
    let only = |m: &crate::live::Move| m.from.is_some() || m.request == request;
    if !change.moves.iter().all(only) {
        return Err(Fault::Remedy("it places others besides"));
    }
    if !disturbed.iter().eq(&change.disturbed) {
        return Err(Fault::Remedy("the parties to tell are others"));
    }
    let load = check_places(after, &then).map_err(Fault::Broken)?;
    check_loads(after, &load).map_err(Fault::Broken)?;
    let first = check_places(before, timetable).map_err(Fault::Timetable)?;
    let value = worth(after, &then, &load) - worth(before, timetable, &first);
    figure("value", value, change.value)?;
    let difference = |now: u64, then: u64| now as i64 - then as i64;
    figure(
        "breaks",
        difference(breaks(after, &load), breaks(before, &first)),
        change.breaks,
    )?;
    figure(
        "dashes",
        difference(dashes(after, &then), dashes(before, timetable)),
        change.dashes,
    )
}

/// Values of what is held less the penalties.
fn worth(instance: &Instance, timetable: &Timetable, load: &Load) -> i64 {
    let held = |(request, slot): (&crate::RequestSpec, &Option<u16>)| {
        if slot.is_some() { i64::from(request.value) } else { 0 }
    };
    let short = |(party, row): (&crate::PartySpec, &Vec<u32>)| {
        let missing = party.min.unwrap_or(0).saturating_sub(row.iter().sum());
        i64::from(missing) * i64::from(party.min_penalty.unwrap_or(0))
    };
    let values: i64 = instance.requests().iter().zip(&timetable.slot_of).map(held).sum();
    values - instance.parties().iter().zip(load).map(short).sum::<i64>()
}
