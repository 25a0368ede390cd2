//! Suggest, insert, standby and apply on hundreds of small timetables drawn by lot, each answer against brute force.
//! Deliberately not here: repair and explain, which have their own files, and times (`examples/live.rs`).

use crate::brute::{drawn, each, figures, fits, frozen, stays};
use crate::generate::{Lot, Mix, market, mixed};
use scheduler::{
    Frozen, InsertTerms, Insertion, Instance, Layout, Limits, Live, LiveError, Move, PartySpec, Prices, RequestSpec,
    Standby, solve,
};

const PATIENT: InsertTerms = InsertTerms {
    depth: 9,
    longest: 0,
    nodes: usize::MAX,
};
const HASTY: InsertTerms = InsertTerms {
    depth: 1,
    longest: 9,
    nodes: 60,
};

/// Every case: an instance, a timetable of it drawn by lot, what is frozen.
fn cases(mix: &Mix, seeds: u64, ask: impl Fn(&Instance, &[Option<u16>], &Frozen)) {
    let mut asked = 0;
    for seed in 0..seeds {
        let instance = mixed(mix, seed);
        let mut lot = Lot::new(seed + 77);
        if let Some(slot_of) = drawn(&instance, &mut lot) {
            ask(&instance, &slot_of, &frozen(&instance, &mut lot));
            asked += 1;
        }
    }
    assert!(asked * 2 > seeds, "only {asked} of {seeds}");
}

fn live<'a>(layout: &'a Layout<'a>, slot_of: &[Option<u16>], frozen: &Frozen) -> Live<'a> {
    Live::new(layout, slot_of, &Prices::default(), frozen.clone()).expect("it fits")
}

/// The fewest others that must move to hold a request, by trying everything.
fn fewest(instance: &Instance, slot_of: &[Option<u16>], frozen: &Frozen, request: usize) -> Option<usize> {
    let open = || (frozen.before_slot..instance.slots()).map(Some);
    let places: Vec<Vec<Option<u16>>> = (slot_of.iter().enumerate())
        .map(|(r, &slot)| match slot {
            None if r == request && !stays(instance, frozen, r, None) => open().collect(),
            Some(_) if !stays(instance, frozen, r, slot) => open().collect(),
            _ => vec![slot],
        })
        .collect();
    let mut least = None;
    each(instance, &places, &mut |after| {
        if after[request].is_some() {
            let moved = (0..after.len())
                .filter(|&r| r != request && after[r] != slot_of[r])
                .count();
            least = Some(least.map_or(moved, |l: usize| l.min(moved)));
        }
    });
    least
}

#[test]
fn insert_moves_as_few_as_brute_force() {
    let counts = std::cell::Cell::new([0usize; 5]);
    let ask = |instance: &Instance, slot_of: &[Option<u16>], frozen: &Frozen| {
        let layout = Layout::new(instance);
        let mut live = live(&layout, slot_of, frozen);
        for r in (0..slot_of.len()).filter(|&r| slot_of[r].is_none()) {
            let least = fewest(instance, slot_of, frozen, r);
            let mut all = counts.get();
            all[least.map_or(4, |l| l.min(3))] += 1;
            counts.set(all);
            match live.insert(r as u32, &PATIENT).expect("there is such a request") {
                Insertion::Placed { moved, at_least, .. } => assert_eq!((Some(moved), Some(at_least)), (least, least)),
                Insertion::Never => assert_eq!(least, None),
                other => panic!("{other} though {least:?}: {}", instance.to_json()),
            }
            match live.insert(r as u32, &HASTY).expect("there is such a request") {
                Insertion::Placed { moved, at_least, .. } => {
                    assert!(
                        Some(at_least) <= least && least <= Some(moved),
                        "{at_least} {least:?} {moved}"
                    );
                }
                Insertion::Impossible { depth } => assert!(least.is_none_or(|l| l > depth)),
                Insertion::Never => assert_eq!(least, None),
                Insertion::AlreadyHeld { .. } => panic!("it waits"),
            }
        }
    };
    cases(&Mix::TINY, 1500, ask);
    // Nobody is absent or full, so there is room for those who find it.
    let roomy = Mix {
        parties: 8,
        requests: 12,
        slots: 4,
        everything: false,
        ..Mix::TINY
    };
    cases(&roomy, 3000, ask);
    let wide = Mix {
        parties: 12,
        requests: 14,
        slots: 3,
        thirds: 0,
        two_sides: true,
        everything: false,
    };
    cases(&wide, 3000, ask);
    let counts = counts.get();
    println!("0, 1, 2, more moves, never: {counts:?}");
    assert!(counts.iter().all(|&n| n >= 5), "{counts:?}");
}

#[test]
fn what_is_inserted_can_be_applied_and_previews_change_nothing() {
    let ask = |instance: &Instance, slot_of: &[Option<u16>], frozen: &Frozen| {
        let layout = Layout::new(instance);
        let mut running = live(&layout, slot_of, frozen);
        for r in (0..slot_of.len()).filter(|&r| slot_of[r].is_none()) {
            let before = running.slot_of();
            let terms = if r % 2 == 0 { InsertTerms::default() } else { HASTY };
            let insertion = running.insert(r as u32, &terms).expect("there is such a request");
            assert_eq!(running.slot_of(), before);
            // The answer depends on the timetable, not on what was asked before.
            let fresh = live(&layout, &before, frozen).insert(r as u32, &terms);
            assert_eq!(fresh.as_ref(), Ok(&insertion));
            let Insertion::Placed { change, standing, .. } = insertion else {
                continue;
            };
            let old = figures(instance, &before).expect("right");
            assert_eq!((running.value(), standing.value_before), (old.value, old.value));
            running.apply(&change).expect("it was found for this timetable");
            let after = running.slot_of();
            let new = figures(instance, &after).expect("still right");
            assert_eq!((running.value(), standing.value_after), (new.value, new.value));
            assert_eq!(change.value, new.value - old.value);
            assert_eq!(change.breaks, new.breaks as i64 - old.breaks as i64);
            assert_eq!(change.dashes, new.dashes as i64 - old.dashes as i64);
            assert_eq!(change.onto(&before), Some(after.clone()));
            assert!(after[r].is_some());
            for k in (0..after.len()).filter(|&k| after[k] != before[k]) {
                assert!(!stays(instance, frozen, k, before[k]), "{k} was to stay");
                assert!(after[k].is_some_and(|slot| slot >= frozen.before_slot));
            }
            assert!(new.value <= running.upper_bound());
        }
    };
    cases(&Mix::SMALL, 400, ask);
    cases(&Mix::LONG, 60, ask);
    // Booths of many tables: whom to move is a question of the order in which they are tried.
    let instance = market(100, 6, 10, 6, 9);
    for seed in 0..3 {
        let slot_of = drawn(&instance, &mut Lot::new(seed)).expect("nothing is fixed");
        ask(&instance, &slot_of, &Frozen::default());
    }
}

#[test]
fn suggestions_are_all_free_slots_ranked() {
    cases(&Mix::SMALL, 300, |instance, slot_of, frozen| {
        let layout = Layout::new(instance);
        let live = live(&layout, slot_of, frozen);
        let before = figures(instance, slot_of).expect("right");
        for r in (0..slot_of.len()).filter(|&r| slot_of[r].is_none()) {
            let mut after = slot_of.to_vec();
            let mut expected = Vec::new();
            for slot in frozen.before_slot..instance.slots() {
                after[r] = Some(slot);
                if stays(instance, frozen, r, None) || !fits(instance, &after) {
                    continue;
                }
                // A fixed meeting may be missing, which the verification would not have.
                let loose = crate::brute::unfixed(instance);
                let now = figures(&loose, &after).expect("fits");
                let (breaks, dashes) = (
                    now.breaks as i64 - before.breaks as i64,
                    now.dashes as i64 - before.dashes as i64,
                );
                let s = usize::from(slot);
                let load = |p: u32| {
                    let here = |(k, at): (usize, &Option<u16>)| {
                        *at == Some(slot) && instance.requests()[k].parties.contains(&p)
                    };
                    after.iter().enumerate().filter(|&pair| here(pair)).count() as u32
                };
                let shared = instance.requests()[r].parties.iter().copied();
                let shared = shared.filter(|&p| instance.parties()[p as usize].capacity[s] > 1);
                let left = shared
                    .map(|p| instance.parties()[p as usize].capacity[s] - load(p))
                    .min();
                expected.push((
                    breaks + dashes,
                    u32::MAX - left.unwrap_or(u32::MAX),
                    slot,
                    breaks,
                    dashes,
                    left,
                ));
            }
            expected.sort_unstable();
            let found = live.suggest(r as u32).expect("there is such a request");
            let found: Vec<_> = found
                .iter()
                .map(|s| (s.slot, s.breaks, s.dashes, s.places_left))
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(_, _, slot, b, d, left)| (slot, b, d, left))
                .collect();
            assert_eq!(found, expected, "request {r} of {}", instance.to_json());
        }
    });
}

#[test]
fn standbys_are_those_that_fit_and_are_worth_most() {
    let seen = std::cell::Cell::new(0);
    cases(&Mix::SMALL, 300, |instance, slot_of, frozen| {
        let layout = Layout::new(instance);
        let live = live(&layout, slot_of, frozen);
        let loose = crate::brute::unfixed(instance);
        for r in (0..slot_of.len()).filter(|&r| slot_of[r].is_some()) {
            let members = &instance.requests()[r].parties;
            let absent = members[r % members.len()];
            let found = live.standby(r as u32, absent).expect("held");
            let key = |s: &Standby| (!s.nearby, -s.value, s.breaks + s.dashes);
            assert!(found.is_sorted_by_key(key));
            let mut without = slot_of.to_vec();
            without[r] = None;
            let before = figures(&loose, &without).expect("right");
            for (k, spec) in instance.requests().iter().enumerate() {
                let standby = found.iter().find(|s| s.request as usize == k);
                let mut after = without.clone();
                let shares = spec.parties.iter().any(|p| members.contains(p) && *p != absent);
                after[k] = slot_of[r];
                let could = slot_of[k].is_none()
                    && shares
                    && !spec.parties.contains(&absent)
                    && !(frozen.requests.get(k) == Some(&true) && spec.fixed.is_none())
                    && fits(instance, &after);
                if let Some(standby) = standby {
                    assert!(could, "{standby} of {}", instance.to_json());
                    let now = figures(&loose, &after).expect("fits");
                    let strain = now.breaks as i64 + now.dashes as i64 - before.breaks as i64 - before.dashes as i64;
                    assert_eq!(
                        (standby.value, standby.breaks + standby.dashes),
                        (now.value - before.value, strain)
                    );
                    seen.set(seen.get() + 1);
                }
                // Those left sitting in a zone, or at all, are not left out.
                let zones = |p: &&u32| instance.parties()[**p as usize].zone.is_some();
                let sitting: Vec<&u32> = members.iter().filter(|p| **p != absent).collect();
                let wanted = sitting.iter().copied().filter(zones).any(|p| spec.parties.contains(p));
                let only = sitting.len() == 1 && shares;
                assert!(
                    standby.is_some() || !(could && (wanted || only)),
                    "request {k} left out"
                );
            }
        }
    });
    assert!(seen.get() > 100, "only {}", seen.get());
}

/// The negative control of the promise that what is frozen or past stays: without it, Aiko moves for Ben, who leaves
/// at noon.
#[test]
fn being_frozen_is_what_keeps_a_meeting_in_its_place() {
    let party = |id: &str, capacity: [u32; 2]| PartySpec {
        id: id.into(),
        capacity: capacity.into(),
        ..PartySpec::default()
    };
    let wish = |id: &str, who: u32| RequestSpec {
        id: id.into(),
        parties: vec![who, 2],
        value: 5,
        ..RequestSpec::default()
    };
    let parties = vec![party("Aiko", [1, 1]), party("Ben", [1, 0]), party("brewery", [1, 1])];
    let requests = vec![wish("Aiko tastes", 0), wish("Ben tastes", 1)];
    let instance = Instance::new("noon".into(), 2, vec![], parties, requests).expect("valid");
    let layout = Layout::new(&instance);
    let told = |requests: Vec<bool>, before_slot| {
        let frozen = Frozen { requests, before_slot };
        let insertion = live(&layout, &[Some(0), None], &frozen).insert(1, &InsertTerms::default());
        insertion.expect("there is such a request").to_string()
    };
    assert_eq!(told(vec![], 0), "1 move, none with fewer (all tried)");
    assert_eq!(told(vec![true, false], 0), "impossible, however many move");
    assert_eq!(told(vec![false, true], 0), "impossible, however many move");
    assert_eq!(told(vec![], 1), "impossible, however many move");
}

#[test]
fn a_change_for_another_timetable_is_refused_whole() {
    let instance = market(30, 4, 8, 4, 1);
    let timetable = solve(
        &instance,
        &Limits {
            seed: 1,
            work: Some(1),
            polish: None,
        },
        &mut |_| false,
    )
    .expect("nothing is fixed");
    let layout = Layout::new(&instance);
    let frozen = Frozen {
        requests: (0..timetable.slot_of.len()).map(|r| r == 1).collect(),
        before_slot: 2,
    };
    let held = |r: &usize| timetable.slot_of[*r].is_some_and(|s| s > 2);
    let free = (2..timetable.slot_of.len()).find(held).expect("some are held");
    let past = (2..timetable.slot_of.len()).find(|&r| timetable.slot_of[r].is_some_and(|s| s < 2));
    let past = past.expect("some are past");
    let mut live = Live::new(&layout, &timetable.slot_of, &timetable.prices, frozen).expect("it fits");
    let mut refuse = |moves: &[Move], expect: LiveError| {
        let change = scheduler::Change {
            moves: moves.to_vec(),
            ..scheduler::Change::default()
        };
        assert_eq!(live.apply(&change), Err(expect));
        assert_eq!(live.slot_of(), timetable.slot_of);
    };
    let step = |r: usize, to| Move {
        request: r as u32,
        from: timetable.slot_of[r],
        to,
    };
    let gone = step(free, None);
    refuse(&[gone, gone], LiveError::Stale(free as u32));
    refuse(
        &[Move {
            from: None,
            ..step(free, Some(3))
        }],
        LiveError::Stale(free as u32),
    );
    refuse(&[gone, step(1, None)], LiveError::Stays(1));
    refuse(&[gone, step(past, None)], LiveError::Stays(past as u32));
    refuse(
        &[
            gone,
            Move {
                request: 1 << 30,
                from: None,
                to: None,
            },
        ],
        LiveError::NoSuchRequest(1 << 30),
    );
    let outside = |slot| LiveError::DoesNotFit {
        request: free as u32,
        slot,
    };
    refuse(&[step(free, Some(1))], outside(1));
    refuse(
        &[step(free, Some(8))],
        LiveError::NoSuchSlot {
            request: free as u32,
            slot: 8,
        },
    );
}

#[test]
fn wrong_input_is_a_typed_error() {
    let instance = market(5, 2, 4, 2, 1);
    let (n, p) = (instance.requests().len(), instance.parties().len());
    let layout = Layout::new(&instance);
    let open = |slot_of: &[Option<u16>], prices: Prices, frozen: Frozen| {
        Live::new(&layout, slot_of, &prices, frozen)
            .err()
            .map(|e| e.to_string())
    };
    let none = vec![None; n];
    let priced = |party: Vec<i64>, party_slot| Prices { party, party_slot };
    let nobody = Frozen::default;
    assert_eq!(open(&none, Prices::default(), nobody()), None);
    assert!(open(&none[1..], Prices::default(), nobody()).is_some());
    assert!(open(&vec![Some(4); n], Prices::default(), nobody()).is_some());
    assert!(open(&vec![Some(0); n], Prices::default(), nobody()).is_some());
    assert!(open(&none, priced(vec![0; p + 1], vec![]), nobody()).is_some());
    assert!(open(&none, priced(vec![i64::MIN; p], vec![]), nobody()).is_some());
    assert!(open(&none, priced(vec![], vec![vec![0; 5]; p]), nobody()).is_some());
    assert!(open(&none, priced(vec![], vec![vec![-1; 4]; p]), nobody()).is_some());
    let frozen = Frozen {
        requests: vec![true],
        before_slot: u16::MAX,
    };
    assert!(open(&none, Prices::default(), frozen).is_some());
    let past = Frozen {
        requests: vec![],
        before_slot: u16::MAX,
    };
    let mut live = Live::new(&layout, &none, &Prices::default(), past).expect("all is past, but fits");
    assert_eq!(live.suggest(0), Ok(vec![]));
    assert_eq!(live.insert(0, &InsertTerms::default()), Ok(Insertion::Never));
    assert_eq!(live.suggest(u32::MAX).err(), Some(LiveError::NoSuchRequest(u32::MAX)));
    assert_eq!(
        live.insert(u32::MAX, &PATIENT).err(),
        Some(LiveError::NoSuchRequest(u32::MAX))
    );
    assert_eq!(live.explain(u32::MAX).err(), Some(LiveError::NoSuchRequest(u32::MAX)));
    assert_eq!(live.standby(0, 0).err(), Some(LiveError::NotHeld(0)));
    assert_eq!(live.standby(0, u32::MAX).err(), Some(LiveError::NoSuchParty(u32::MAX)));
}

#[test]
fn every_answer_is_one_sentence() {
    let instance = market(40, 4, 6, 4, 3);
    let timetable = solve(
        &instance,
        &Limits {
            seed: 1,
            work: Some(500),
            polish: None,
        },
        &mut |_| false,
    )
    .expect("nothing is fixed");
    let layout = Layout::new(&instance);
    let mut live = Live::new(&layout, &timetable.slot_of, &timetable.prices, Frozen::default()).expect("it fits");
    let waits = timetable.slot_of.iter().position(Option::is_none).expect("not all fit") as u32;
    let insertion = live
        .insert(waits, &InsertTerms::default())
        .expect("there is such a request");
    let explanation = live.explain(waits).expect("there is such a request");
    for text in [insertion.to_string(), explanation.to_string()] {
        assert!(
            !text.is_empty() && !text.contains('\n') && !text.contains("Some("),
            "{text}"
        );
    }
}
