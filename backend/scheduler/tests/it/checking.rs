//! Negative control of the verification: every kind of mistake, planted in a right timetable, is found.
//! Deliberately not here: timetables the solver made.

use scheduler::check::{Violation, check};
use scheduler::{Instance, PRICE_PARTS, PartySpec, Prices, RequestSpec, Timetable};

/// Aiko (at most 2, at least 2 or pay 5 each), Ben, a brewery in zone A with two tables, a mill in zone B.
/// r0 Aiko and the brewery, fixed in slot 0; r1 Aiko and the mill, not in slot 3; r2 Ben and the brewery; r3 Ben,
/// the mill and Aiko.
fn instance() -> Instance {
    let party = |id: &str, tables: u32, zone: Option<&str>| PartySpec {
        id: id.into(),
        capacity: vec![tables; 4],
        zone: zone.map(str::to_owned),
        ..PartySpec::default()
    };
    let mut aiko = party("Aiko", 1, None);
    (aiko.max, aiko.min, aiko.min_penalty, aiko.compact) = (Some(2), Some(2), Some(5), true);
    let parties = vec![
        aiko,
        party("Ben", 1, None),
        party("brewery", 2, Some("A")),
        party("mill", 1, Some("B")),
    ];
    let request = |id: &str, parties: &[u32], value| RequestSpec {
        id: id.into(),
        parties: parties.to_vec(),
        value,
        ..RequestSpec::default()
    };
    let mut requests = vec![
        request("r0", &[0, 2], 4),
        request("r1", &[0, 3], 6),
        request("r2", &[1, 2], 3),
        request("r3", &[1, 3, 0], 1),
    ];
    requests[0].fixed = Some(0);
    requests[1].slots = Some(vec![0, 1, 2]);
    Instance::new("four".into(), 4, vec![0, 2], parties, requests).expect("valid")
}

/// r0 in 0, r1 in 1: a dash, no break; r2 in 1. 13 in all, and at these prices no more is possible.
fn right() -> Timetable {
    Timetable {
        slot_of: vec![Some(0), Some(1), Some(1), None],
        value: 13,
        upper_bound: 13,
        breaks: 0,
        dashes: 1,
        prices: Prices {
            party: vec![PRICE_PARTS, 0, 0, 0],
            party_slot: vec![vec![], vec![], vec![0; 4], vec![]],
        },
    }
}

#[test]
fn the_right_one_is_right() {
    let checked = check(&instance(), &right()).expect("right");
    assert_eq!((checked.placed, checked.value, checked.shortfall), (3, 13, 0));
    assert_eq!((checked.upper_bound, checked.breaks, checked.dashes), (13, 0, 1));
}

#[test]
fn every_planted_mistake_is_found() {
    let plant = |change: &dyn Fn(&mut Timetable), found: &dyn Fn(&Violation) -> bool| {
        let mut timetable = right();
        change(&mut timetable);
        let violation = check(&instance(), &timetable).expect_err("planted");
        assert!(found(&violation), "{violation}");
    };
    plant(&|t| t.slot_of.push(None), &|v| matches!(v, Violation::Length { .. }));
    plant(&|t| t.slot_of[2] = Some(4), &|v| {
        matches!(v, Violation::NoSuchSlot { slot: 4, .. })
    });
    plant(&|t| t.slot_of[1] = Some(3), &|v| {
        matches!(v, Violation::OutsideSlots { slot: 3, .. })
    });
    plant(&|t| t.slot_of[0] = Some(2), &|v| {
        matches!(v, Violation::FixedMoved { fixed: 0, .. })
    });
    plant(&|t| t.slot_of[0] = None, &|v| {
        matches!(v, Violation::FixedMoved { fixed: 0, .. })
    });
    plant(&|t| t.slot_of[1] = Some(0), &|v| {
        matches!(
            v,
            Violation::OverCapacity {
                slot: 0,
                load: 2,
                capacity: 1,
                ..
            }
        )
    });
    plant(&|t| t.slot_of[3] = Some(3), &|v| {
        matches!(v, Violation::OverMax { count: 3, max: 2, .. })
    });
    plant(&|t| t.value = 14, &|v| {
        matches!(
            v,
            Violation::Figure {
                what: "value",
                real: 13,
                ..
            }
        )
    });
    plant(&|t| t.slot_of[1] = None, &|v| {
        matches!(
            v,
            Violation::Figure {
                what: "value",
                real: 2,
                ..
            }
        )
    });
    plant(&|t| t.breaks = 1, &|v| {
        matches!(
            v,
            Violation::Figure {
                what: "breaks",
                real: 0,
                ..
            }
        )
    });
    plant(&|t| t.dashes = 0, &|v| {
        matches!(
            v,
            Violation::Figure {
                what: "dashes",
                real: 1,
                ..
            }
        )
    });
    plant(&|t| t.slot_of[1] = Some(2), &|v| {
        matches!(
            v,
            Violation::Figure {
                what: "dashes",
                real: 0,
                ..
            }
        )
    });
    plant(&|t| t.upper_bound = 12, &|v| {
        matches!(
            v,
            Violation::Unproved {
                claimed: 12,
                proved: 13
            }
        )
    });
    plant(&|t| t.prices = Prices::default(), &|v| {
        matches!(v, Violation::Unproved { proved: 14, .. })
    });
    plant(&|t| t.prices.party.push(0), &|v| {
        matches!(v, Violation::PriceCount { found: 5, .. })
    });
    plant(&|t| t.prices.party_slot.push(vec![]), &|v| {
        matches!(v, Violation::PriceCount { found: 5, .. })
    });
    plant(&|t| t.prices.party_slot[1] = vec![0; 3], &|v| {
        matches!(v, Violation::PriceCount { found: 3, .. })
    });
    plant(&|t| t.prices.party_slot[2][3] = -1, &|v| {
        matches!(v, Violation::NegativePrice { slot: 3, .. })
    });
}
