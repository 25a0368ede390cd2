//! Random instances of every kind under every kind of limit: right, certified, never worse for more work, the same
//! twice, and whatever was reported before a stop is kept. Deliberately not here: how near to the optimum (`small.rs`).

use crate::generate::{Lot, Mix, mixed};
use crate::small::exhaustive;
use scheduler::check::check;
use scheduler::{Instance, Limits, MAX_CAPACITY, MAX_VALUE, Progress, Timetable, solve};

const SEEDS: u64 = 300;
/// Only pairs, of parties that need not have two sides; nothing but capacity in the way.
const GRAPH: Mix = Mix {
    parties: 12,
    requests: 50,
    slots: 6,
    thirds: 0,
    two_sides: false,
    everything: false,
};
/// Every request has three or four parties.
const HYPERGRAPH: Mix = Mix {
    thirds: 1,
    everything: true,
    ..GRAPH
};

/// Values, capacities and penalties as great as may be.
fn enlarged(instance: &Instance, lot: &mut Lot) -> Instance {
    let mut parties = instance.parties().to_vec();
    for party in &mut parties {
        for capacity in &mut party.capacity {
            *capacity *= if lot.once_in(3) { MAX_CAPACITY / 3 } else { 1 };
        }
        party.min = party.min.map(|min| min * if lot.once_in(3) { 200_000 } else { 1 });
        party.min_penalty = party.min_penalty.map(|penalty| penalty * (MAX_VALUE / 30));
    }
    let mut requests = instance.requests().to_vec();
    for request in &mut requests {
        request.value *= MAX_VALUE / 30;
    }
    let days = instance.days().to_vec();
    Instance::new(instance.name().into(), instance.slots(), days, parties, requests).expect("great, not too great")
}

/// Every party must have all its meetings, or pays dearly.
fn mandatory(instance: &Instance) -> Instance {
    let mut parties = instance.parties().to_vec();
    for (p, party) in (0..).zip(&mut parties) {
        let wishes = instance.requests().iter().filter(|r| r.parties.contains(&p));
        (party.min, party.min_penalty, party.compact) = (Some(wishes.count() as u32), Some(1_000_000), true);
    }
    let (days, requests) = (instance.days().to_vec(), instance.requests().to_vec());
    Instance::new(instance.name().into(), instance.slots(), days, parties, requests).expect("only dearer")
}

fn certified(instance: &Instance, timetable: &Timetable) {
    let checked = check(instance, timetable).unwrap_or_else(|v| panic!("{v}: {}", instance.to_json()));
    assert!(checked.value <= checked.upper_bound, "{}", instance.to_json());
    assert_eq!(checked.upper_bound, timetable.upper_bound, "{}", instance.to_json());
}

/// Runs an instance under many limits; the values of the last run, `None` where fixed meetings clash.
fn run(instance: &Instance, lot: &mut Lot) -> Option<(i64, i64)> {
    let seed = lot.below(1000);
    let mut last = None;
    for polish in [None, Some(u64::MAX), Some(3)] {
        let mut least = i64::MIN;
        for work in [0, 1, 40, 700, 4000] {
            let limits = Limits {
                seed,
                work: Some(work),
                polish,
            };
            let timetable = solve(instance, &limits, &mut |_| false).ok()?;
            certified(instance, &timetable);
            assert!(timetable.value >= least, "work {work}: {}", instance.to_json());
            least = timetable.value;
            last = Some((timetable.value, timetable.upper_bound));
            if work == 40 {
                let again = solve(instance, &limits, &mut |_| false).expect("it was before");
                assert_eq!(again.to_json(instance), timetable.to_json(instance));
            }
        }
    }
    for _ in 0..3 {
        stop_somewhere(instance, lot);
    }
    last
}

/// Stops at a poll drawn by lot; nothing that was reported is lost.
fn stop_somewhere(instance: &Instance, lot: &mut Lot) {
    let most = [3, 30, 300][lot.below(3) as usize];
    let mut left = lot.below(most);
    let mut told = Progress::default();
    let limits = Limits {
        seed: lot.below(9),
        work: None,
        polish: [None, Some(u64::MAX)][lot.below(2) as usize],
    };
    let timetable = solve(instance, &limits, &mut |progress| {
        told = progress.clone();
        left = left.saturating_sub(1);
        left == 0
    });
    let timetable = timetable.expect("it was solved before");
    certified(instance, &timetable);
    assert!(timetable.value >= told.value, "{}", instance.to_json());
    assert!(timetable.upper_bound <= told.upper_bound, "{}", instance.to_json());
}

fn campaign(mix: &Mix, change: impl Fn(Instance, &mut Lot) -> Instance) {
    let mut held = 0;
    for seed in 0..SEEDS {
        let mut lot = Lot::new(seed);
        let instance = change(mixed(mix, seed + 1_000_000), &mut lot);
        held += u64::from(run(&instance, &mut lot).is_some());
    }
    assert!(held * 4 > SEEDS, "only {held} had a timetable at all");
}

#[test]
fn every_feature_mixed() {
    campaign(&Mix::SMALL, |instance, _| instance);
}

#[test]
fn general_graphs() {
    campaign(&GRAPH, |instance, _| instance);
}

#[test]
fn hypergraphs() {
    campaign(&HYPERGRAPH, |instance, _| instance);
}

#[test]
fn mandatory_meetings() {
    campaign(&GRAPH, |instance, _| mandatory(&instance));
}

#[test]
fn the_greatest_numbers() {
    campaign(&Mix::SMALL, |instance, lot| enlarged(&instance, lot));
    campaign(&HYPERGRAPH, |instance, lot| enlarged(&instance, lot));
}

#[test]
fn no_limit_makes_the_bound_wrong() {
    for seed in 0..SEEDS * 4 {
        let mut lot = Lot::new(seed);
        let mut instance = mixed(&Mix::TINY, seed + 2_000_000);
        if lot.once_in(2) {
            instance = enlarged(&instance, &mut lot);
        }
        let Some((value, bound)) = run(&instance, &mut lot) else {
            assert_eq!(exhaustive(&instance), None, "{}", instance.to_json());
            continue;
        };
        let best = exhaustive(&instance).expect("it has a timetable");
        assert!(value <= best && best <= bound, "{}", instance.to_json());
    }
}
