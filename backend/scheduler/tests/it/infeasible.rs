//! Fixed meetings that cannot all be held are named, and no more of them than clash.
//! Deliberately not here: instances that are wrong in themselves (`formats.rs`).

use crate::brute::fits;
use crate::generate::{Lot, Mix, mixed};
use scheduler::{Instance, Limits, PartySpec, RequestSpec, solve};

/// Aiko, Ben and Chika may meet the brewery, which has two tables in slot 0, one in slot 1, three meetings in all;
/// Chika is away in slot 1. Each `(person, slot)` is a fixed meeting.
fn check(fixed: &[(u32, u16)], expect: Option<&str>) {
    let party = |id: &str, capacity: [u32; 3]| PartySpec {
        id: id.into(),
        capacity: capacity.to_vec(),
        max: (id == "brewery").then_some(3),
        ..PartySpec::default()
    };
    let parties = vec![
        party("Aiko", [1, 1, 1]),
        party("Ben", [1, 1, 1]),
        party("Chika", [1, 0, 1]),
        party("brewery", [2, 1, 9]),
    ];
    let meeting = |(k, &(who, slot)): (usize, &(u32, u16))| RequestSpec {
        id: format!("m{k}"),
        parties: vec![who, 3],
        value: 1,
        slots: None,
        fixed: Some(slot),
    };
    let requests = fixed.iter().enumerate().map(meeting).collect();
    let instance = Instance::new("clash".into(), 3, vec![], parties, requests).expect("valid in itself");
    let found = solve(&instance, &Limits::default(), &mut |_| false)
        .err()
        .map(|clash| clash.to_string());
    assert_eq!(found.as_deref(), expect, "{fixed:?}");
}

#[test]
fn clashes_are_named() {
    check(&[(0, 0), (1, 0), (0, 1)], None);
    check(
        &[(0, 0), (1, 0), (2, 0)],
        Some("fixed meetings m0, m1, m2 cannot be held: party brewery has room for 2 in slot 0"),
    );
    check(
        &[(0, 0), (0, 0)],
        Some("fixed meetings m0, m1 cannot be held: party Aiko has room for 1 in slot 0"),
    );
    check(
        &[(0, 0), (2, 1)],
        Some("fixed meeting m1 cannot be held: party Chika has room for 0 in slot 1"),
    );
    check(
        &[(0, 2), (1, 2), (2, 2), (0, 1)],
        Some("fixed meetings m0, m1, m2, m3 cannot be held: party brewery may have 3 meetings in all"),
    );
}

#[test]
fn the_smallest_clash_is_the_one_named() {
    check(
        &[(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)],
        Some("fixed meeting m5 cannot be held: party Chika has room for 0 in slot 1"),
    );
}

/// By trying every set of fixed meetings: the named one cannot be held, and every smaller set can.
#[test]
fn no_smaller_set_clashes() {
    let mut clashes = 0;
    for seed in 0..3000 {
        let instance = crowded(seed);
        let found = solve(&instance, &Limits::default(), &mut |_| true).err();
        let fixed: Vec<usize> = (0..instance.requests().len())
            .filter(|&r| instance.requests()[r].fixed.is_some())
            .collect();
        let cannot = |set: u32| {
            let mut slot_of = vec![None; instance.requests().len()];
            for (k, &r) in fixed.iter().enumerate() {
                slot_of[r] = instance.requests()[r].fixed.filter(|_| set >> k & 1 == 1);
            }
            !fits(&instance, &slot_of)
        };
        let smallest = (0..1u32 << fixed.len())
            .filter(|&set| cannot(set))
            .map(u32::count_ones)
            .min();
        let named = found.as_ref().map(|clash| clash.requests.len() as u32);
        assert_eq!(named, smallest, "{}", instance.to_json());
        if let Some(clash) = found {
            clashes += 1;
            let place = |k: usize| u32::from(clash.requests.contains(&instance.requests()[fixed[k]].id)) << k;
            assert!(
                cannot((0..fixed.len()).map(place).sum()),
                "{}: {clash}",
                instance.to_json()
            );
        }
    }
    assert!(clashes > 1000, "{clashes}");
}

/// A tiny instance most of whose requests are fixed.
fn crowded(seed: u64) -> Instance {
    let mut lot = Lot::new(seed);
    let instance = mixed(&Mix::TINY, seed + 500_000);
    let mut requests = instance.requests().to_vec();
    for request in &mut requests {
        let slot = lot.below(u64::from(instance.slots())) as u16;
        if !lot.once_in(4) {
            (request.slots, request.fixed) = (None, Some(slot));
        }
    }
    let mut parties = instance.parties().to_vec();
    if lot.once_in(2) {
        // So that not everything clashes with an absence.
        parties.iter_mut().flat_map(|p| &mut p.capacity).for_each(|c| *c += 1);
    }
    let days = instance.days().to_vec();
    Instance::new("crowded".into(), instance.slots(), days, parties, requests).expect("valid in itself")
}
