//! What the tests of the live operations measure against: timetables drawn by lot, figures from the verification,
//! and every timetable there is of a tiny instance. Deliberately not here: anything clever.

use crate::generate::Lot;
use scheduler::check::{Checked, Violation, check};
use scheduler::{Frozen, Instance, Prices, RequestSpec, Timetable};

/// What the independent verification computes for a timetable; `None` if it breaks a rule.
pub fn figures(instance: &Instance, slot_of: &[Option<u16>]) -> Option<Checked> {
    let mut timetable = unpriced(slot_of);
    for _ in 0..4 {
        match check(instance, &timetable) {
            Ok(checked) => return Some(checked),
            Err(Violation::Figure { what, real, .. }) => match what {
                "value" => timetable.value = real,
                "breaks" => timetable.breaks = real as u64,
                _ => timetable.dashes = real as u64,
            },
            Err(_) => return None,
        }
    }
    None
}

/// A timetable that claims nothing.
pub fn unpriced(slot_of: &[Option<u16>]) -> Timetable {
    Timetable {
        slot_of: slot_of.to_vec(),
        value: 0,
        upper_bound: i64::MAX,
        breaks: 0,
        dashes: 0,
        prices: Prices::default(),
    }
}

/// The instance with no fixed meeting, for timetables that had to let go of one.
pub fn unfixed(instance: &Instance) -> Instance {
    let free = |r: &RequestSpec| RequestSpec {
        fixed: None,
        ..r.clone()
    };
    let requests = instance.requests().iter().map(free).collect();
    let parties = instance.parties().to_vec();
    let days = instance.days().to_vec();
    Instance::new(instance.name().to_owned(), instance.slots(), days, parties, requests).expect("only less than before")
}

/// A timetable drawn by lot, most of what fits held; `None` where fixed meetings clash.
pub fn drawn(instance: &Instance, lot: &mut Lot) -> Option<Vec<Option<u16>>> {
    let mut slot_of: Vec<Option<u16>> = instance.requests().iter().map(|r| r.fixed).collect();
    figures(instance, &slot_of)?;
    for k in 0..slot_of.len() * 3 {
        let r = if k < slot_of.len() {
            k
        } else {
            lot.below(slot_of.len() as u64) as usize
        };
        if slot_of[r].is_none() && !lot.once_in(5) {
            slot_of[r] = Some(lot.below(u64::from(instance.slots())) as u16);
            if !fits(instance, &slot_of) {
                slot_of[r] = None;
            }
        }
    }
    Some(slot_of)
}

/// Whether everybody stands where they may, and no party is over its capacity or most.
pub fn fits(instance: &Instance, slot_of: &[Option<u16>]) -> bool {
    let mut load = vec![vec![0; usize::from(instance.slots())]; instance.parties().len()];
    for (request, slot) in instance.requests().iter().zip(slot_of) {
        let Some(slot) = *slot else {
            continue;
        };
        let listed = request.slots.as_ref().is_none_or(|list| list.contains(&slot));
        if !listed || request.fixed.is_some_and(|fixed| fixed != slot) {
            return false;
        }
        request
            .parties
            .iter()
            .for_each(|&p| load[p as usize][usize::from(slot)] += 1);
    }
    instance.parties().iter().zip(&load).all(|(party, row)| {
        let over = row.iter().zip(&party.capacity).any(|(load, capacity)| load > capacity);
        !over && row.iter().sum::<u32>() <= party.max.unwrap_or(u32::MAX)
    })
}

/// Some requests frozen, sometimes a slot or two past.
pub fn frozen(instance: &Instance, lot: &mut Lot) -> Frozen {
    Frozen {
        requests: if lot.once_in(2) {
            (0..instance.requests().len()).map(|_| lot.once_in(4)).collect()
        } else {
            Vec::new()
        },
        before_slot: if lot.once_in(3) { lot.below(3) as u16 } else { 0 },
    }
}

/// Whether a request must stay as it is, held or waiting.
pub fn stays(instance: &Instance, frozen: &Frozen, request: usize, slot: Option<u16>) -> bool {
    let marked = frozen.requests.get(request) == Some(&true);
    let fixed = instance.requests()[request].fixed.is_some() && slot.is_some();
    marked || fixed || slot.is_some_and(|s| s < frozen.before_slot)
}

/// Visits every timetable in which each request stands in one of its places.
pub fn each(instance: &Instance, places: &[Vec<Option<u16>>], visit: &mut dyn FnMut(&[Option<u16>])) {
    let mut slot_of = vec![None; places.len()];
    descend(instance, places, 0, &mut slot_of, visit);
}

fn descend(
    instance: &Instance,
    places: &[Vec<Option<u16>>],
    at: usize,
    slot_of: &mut Vec<Option<u16>>,
    visit: &mut dyn FnMut(&[Option<u16>]),
) {
    let Some(here) = places.get(at) else {
        visit(slot_of);
        return;
    };
    for &place in here {
        slot_of[at] = place;
        if place.is_none() || fits(instance, slot_of) {
            descend(instance, places, at + 1, slot_of, visit);
        }
    }
    slot_of[at] = None;
}
