//! Thousands of small instances of every feature: right, certified, the same twice, and near the exhaustive optimum.
//! Deliberately not here: size.

use crate::generate::{Mix, mixed};
use scheduler::check::check;
use scheduler::{Instance, Limits, Timetable, solve};

fn limits(work: u64) -> Limits {
    Limits {
        seed: 7,
        work: Some(work),
        polish: None,
    }
}

/// Solves and verifies; `None` where fixed meetings clash.
fn solved(instance: &Instance, work: u64) -> Option<Timetable> {
    let timetable = solve(instance, &limits(work), &mut |_| false).ok()?;
    let checked = check(instance, &timetable).unwrap_or_else(|v| panic!("{}: {v}", instance.to_json()));
    assert!(checked.value <= checked.upper_bound, "{}", instance.to_json());
    assert_eq!(checked.upper_bound, timetable.upper_bound, "{}", instance.to_json());
    Some(timetable)
}

#[test]
fn every_small_instance_is_solved_and_certified() {
    let mut held = 0;
    for seed in 0..3000 {
        held += usize::from(solved(&mixed(&Mix::SMALL, seed), 200).is_some());
    }
    assert!(held > 1000, "only {held} had a timetable at all");
}

#[test]
fn more_slots_than_a_word_holds_are_no_different() {
    for seed in 0..300 {
        solved(&mixed(&Mix::LONG, seed), 200);
    }
}

#[test]
fn tiny_instances_reach_the_exhaustive_optimum() {
    let (mut held, mut reached, mut proved) = (0, 0, 0);
    for seed in 0..4000 {
        let instance = mixed(&Mix::TINY, seed);
        let Some(timetable) = solved(&instance, 2000) else {
            assert!(
                exhaustive(&instance).is_none(),
                "refused, but can be held: {}",
                instance.to_json()
            );
            continue;
        };
        let best = exhaustive(&instance).expect("solved, so it can be held");
        assert!(timetable.value <= best, "better than possible: {}", instance.to_json());
        assert!(
            best <= timetable.upper_bound,
            "the bound is wrong: {}",
            instance.to_json()
        );
        held += 1;
        reached += usize::from(timetable.value == best);
        proved += usize::from(timetable.proved_optimal());
    }
    println!("{held} held, {reached} at the optimum, {proved} proved");
    assert!(reached * 1000 >= held * 995, "{reached} of {held} at the optimum");
    assert!(proved * 100 >= held * 80, "{proved} of {held} proved");
}

#[test]
fn without_absences_two_sides_are_proved_optimal() {
    let mix = Mix {
        parties: 16,
        requests: 60,
        slots: 6,
        thirds: 0,
        two_sides: true,
        everything: false,
    };
    for seed in 0..500 {
        let timetable = solved(&mixed(&mix, seed), 3000).expect("nothing is fixed");
        assert!(
            timetable.proved_optimal(),
            "seed {seed}: {} of {}",
            timetable.value,
            timetable.upper_bound
        );
    }
}

#[test]
fn the_same_seed_and_work_give_the_same_bytes() {
    for seed in 0..50 {
        let instance = mixed(&Mix::SMALL, seed);
        let run = || solved(&instance, 500).map(|t| t.to_json(&instance));
        assert_eq!(run(), run());
    }
}

#[test]
fn stopping_at_once_still_answers() {
    for seed in 0..200 {
        let instance = mixed(&Mix::SMALL, seed);
        if let Ok(timetable) = solve(&instance, &Limits::default(), &mut |_| true) {
            check(&instance, &timetable).expect("right, if not good");
        }
    }
}

/// The best value by trying everything; `None` where fixed meetings clash.
pub fn exhaustive(instance: &Instance) -> Option<i64> {
    let rooms = instance.parties().iter().map(|p| p.capacity.clone()).collect();
    let count = vec![0; instance.parties().len()];
    Search { instance, rooms, count }.best(0)
}

struct Search<'a> {
    instance: &'a Instance,
    rooms: Vec<Vec<u32>>,
    count: Vec<u32>,
}

impl Search<'_> {
    fn best(&mut self, request: usize) -> Option<i64> {
        let Some(r) = self.instance.requests().get(request) else {
            let short = |(p, n): (&scheduler::PartySpec, &u32)| {
                i64::from(p.min.unwrap_or(0).saturating_sub(*n)) * i64::from(p.min_penalty.unwrap_or(0))
            };
            return Some(-self.instance.parties().iter().zip(&self.count).map(short).sum::<i64>());
        };
        let mut best = if r.fixed.is_none() {
            self.best(request + 1)
        } else {
            None
        };
        for slot in 0..self.instance.slots() {
            let allowed = r.slots.as_ref().is_none_or(|list| list.contains(&slot));
            let open = r.parties.iter().all(|&p| {
                let max = self.instance.parties()[p as usize].max.unwrap_or(u32::MAX);
                self.rooms[p as usize][usize::from(slot)] > 0 && self.count[p as usize] < max
            });
            if !allowed || !open || r.fixed.is_some_and(|fixed| fixed != slot) {
                continue;
            }
            self.shift(&r.parties, slot, true);
            best = best.max(self.best(request + 1).map(|rest| rest + i64::from(r.value)));
            self.shift(&r.parties, slot, false);
        }
        best
    }

    fn shift(&mut self, parties: &[u32], slot: u16, come: bool) {
        for &p in parties {
            let (room, count) = (
                &mut self.rooms[p as usize][usize::from(slot)],
                &mut self.count[p as usize],
            );
            if come {
                *room -= 1;
                *count += 1;
            } else {
                *room += 1;
                *count -= 1;
            }
        }
    }
}
