//! Disturbances of every kind on small timetables drawn by lot: what repair promises, what it claims, and how near
//! it comes to the best brute force finds. Deliberately not here: times (`examples/live.rs`).

use crate::brute::{drawn, each, figures, fits, frozen, stays, unfixed};
use crate::generate::{Lot, Mix, market, mixed};
use scheduler::{
    Edit, EditError, FreedRoom, Frozen, Instance, Layout, Limits, LiveError, MAX_CAPACITY, Prices, Repair, RepairTerms,
    forecast, repair, solve,
};

/// One to three disturbances drawn by lot.
fn edits(instance: &Instance, lot: &mut Lot) -> Vec<Edit> {
    let slots = u64::from(instance.slots());
    (0..=lot.below(3))
        .map(|_| {
            let party = lot.below(instance.parties().len() as u64) as u32;
            let from = lot.below(slots);
            let range = from as u16..(from + 1 + lot.below(slots - from)) as u16;
            match lot.below(6) {
                0 => Edit::Capacity {
                    party,
                    slots: range,
                    capacity: lot.below(2) as u32,
                },
                1 | 2 => Edit::Places {
                    party,
                    slots: range,
                    by: lot.below(4) as i32 - 2,
                },
                3 => Edit::CloseSlot { slot: from as u16 },
                4 => Edit::Most {
                    party,
                    max: Some(lot.below(4) as u32),
                },
                _ if instance.requests().is_empty() => Edit::Floor {
                    party,
                    min: 2,
                    penalty: 9,
                },
                _ => Edit::Withdraw {
                    request: lot.below(instance.requests().len() as u64) as u32,
                },
            }
        })
        .collect()
}

struct Case {
    /// After the edits.
    edited: Instance,
    before: Vec<Option<u16>>,
    terms: RepairTerms,
    repair: Repair,
    after: Vec<Option<u16>>,
}

/// Draws cases, repairs each, and hands it over.
fn cases(mix: &Mix, seeds: u64, look: &mut dyn FnMut(&Case)) {
    let mut asked = 0;
    for seed in 0..seeds {
        let instance = mixed(mix, seed);
        let mut lot = Lot::new(seed + 11);
        let Some(before) = drawn(&instance, &mut lot) else {
            continue;
        };
        let edited = instance.edited(&edits(&instance, &mut lot)).expect("within its limits");
        let terms = RepairTerms {
            frozen: frozen(&instance, &mut lot),
            most_moved: lot.below(6) as usize,
            room: if lot.once_in(2) {
                FreedRoom::Fill
            } else {
                FreedRoom::Keep
            },
            ..RepairTerms::default()
        };
        let repair = repair(&Layout::new(&edited), &before, &Prices::default(), &terms).expect("right input");
        let after = repair.change.onto(&before).expect("its own");
        look(&Case {
            edited,
            before,
            terms,
            repair,
            after,
        });
        asked += 1;
    }
    assert!(asked * 2 > seeds, "only {asked} of {seeds}");
}

#[test]
fn a_repair_keeps_its_promises() {
    let mut seen = [0usize; 4];
    let mut look = |case: &Case| {
        let Case {
            edited,
            before,
            terms,
            repair,
            after,
        } = case;
        let change = &repair.change;
        let loose = unfixed(edited);
        let now = figures(&loose, after).unwrap_or_else(|| panic!("{:?} of {}", change, edited.to_json()));
        assert!(fits(edited, after));
        assert!(change.moved() <= terms.most_moved);
        let disturbed = change.moved() + change.lost();
        assert!(repair.at_least <= disturbed, "{repair}");
        assert!(repair.forced.len() <= disturbed);
        assert_eq!(now.value, repair.standing.value_after);
        assert_eq!(repair.standing.value_before + change.value, now.value);
        if let Some(old) = figures(&loose, before) {
            assert_eq!(old.value, repair.standing.value_before);
            assert_eq!(now.breaks as i64 - old.breaks as i64, change.breaks);
            assert_eq!(now.dashes as i64 - old.dashes as i64, change.dashes);
        }
        for m in &change.moves {
            let r = m.request as usize;
            if stays(edited, &terms.frozen, r, m.from) {
                // What may not move falls away only where it cannot stay.
                assert!(m.to.is_none() && repair.forced.contains(&m.request), "{m:?}");
                seen[0] += 1;
            }
            if m.from.is_none() {
                assert_eq!(terms.room, FreedRoom::Fill);
            }
            assert!(
                m.to.is_none_or(|slot| slot >= terms.frozen.before_slot),
                "into the past"
            );
        }
        seen[1] += change.moved();
        seen[2] += change.lost();
        seen[3] += change.added();
        if fits(edited, before) && terms.room == FreedRoom::Keep {
            assert!(change.moves.is_empty(), "nothing was wrong");
        }
        if terms.room == FreedRoom::Fill {
            for r in (0..after.len()).filter(|&r| after[r].is_none() && before[r].is_none()) {
                let mut more = after.clone();
                for slot in terms.frozen.before_slot..edited.slots() {
                    more[r] = Some(slot);
                    assert!(
                        terms.frozen.requests.get(r) == Some(&true) || !fits(edited, &more),
                        "room was left"
                    );
                }
            }
        }
    };
    cases(&Mix::SMALL, 2000, &mut look);
    cases(&Mix::LONG, 200, &mut look);
    println!("fallen though they stay, moved, lost, added: {seen:?}");
    assert!(seen.iter().all(|&n| n > 20), "{seen:?}");
}

/// Whether a held request stands where not all can stay: its slot closed to it, or a party of it over its capacity
/// there or over its most.
fn is_pressed(instance: &Instance, before: &[Option<u16>], request: usize) -> bool {
    let mut alone = vec![None; before.len()];
    alone[request] = before[request];
    let parties = &instance.requests()[request].parties;
    !fits(instance, &alone)
        || parties.iter().any(|p| {
            let with = |r: usize| instance.requests()[r].parties.contains(p);
            // Whoever is shut out takes no place from the others, but counts among a party's most.
            let open = |r: usize| {
                let mut only = vec![None; before.len()];
                only[r] = before[r];
                fits(instance, &only)
            };
            let held: Vec<usize> = (0..before.len()).filter(|&r| before[r].is_some() && with(r)).collect();
            let party = &instance.parties()[*p as usize];
            let here = held
                .iter()
                .filter(|&&r| before[r] == before[request] && open(r))
                .count();
            let slot = usize::from(before[request].unwrap_or(0));
            let top = party.capacity.iter().sum::<u32>().min(party.max.unwrap_or(u32::MAX));
            here > party.capacity[slot] as usize || held.len() > top as usize
        })
}

/// Against every timetable in which nobody new is held: the value kept by those that disturb no more meetings and move
/// no more than allowed; and the fewest disturbed.
#[test]
fn repairs_of_tiny_timetables_are_nearly_the_best() {
    let [mut all, mut kept, mut least, mut tight] = [0usize; 4];
    let mut look = |case: &Case| {
        let Case {
            edited,
            before,
            terms,
            repair,
            ..
        } = case;
        if fits(edited, before) || terms.room == FreedRoom::Fill {
            return;
        }
        let open = || (terms.frozen.before_slot..edited.slots()).map(Some);
        let loose = unfixed(edited);
        let places = |lost: &dyn Fn(usize) -> bool| -> Vec<Vec<Option<u16>>> {
            let of = |(r, &slot): (usize, &Option<u16>)| {
                if slot.is_none() {
                    return vec![None];
                }
                let none = lost(r).then_some(None).into_iter();
                if stays(edited, &terms.frozen, r, slot) {
                    none.chain([slot]).collect()
                } else {
                    none.chain(open()).collect()
                }
            };
            before.iter().enumerate().map(of).collect()
        };
        let differs = |slot_of: &[Option<u16>], r: usize| slot_of[r] != before[r];
        let (mut best, mut fewest) = (i64::MIN, usize::MAX);
        let ours = repair.change.moved() + repair.change.lost();
        let fast = |r: usize| stays(edited, &terms.frozen, r, before[r]);
        // What may not move falls away only where it must; that is for the promises, not for this comparison.
        if (0..before.len()).any(|r| before[r].is_some() && fast(r) && is_pressed(edited, before, r)) {
            return;
        }
        each(edited, &places(&|r| !fast(r)), &mut |slot_of| {
            let disturbed = (0..before.len()).filter(|&r| differs(slot_of, r)).count();
            let moved = (0..before.len())
                .filter(|&r| differs(slot_of, r) && slot_of[r].is_some())
                .count();
            if moved <= terms.most_moved && disturbed <= ours {
                best = best.max(figures(&loose, slot_of).expect("fits").value);
            }
        });
        each(edited, &places(&|_| true), &mut |slot_of| {
            fewest = fewest.min((0..before.len()).filter(|&r| differs(slot_of, r)).count());
        });
        assert!(
            repair.at_least <= fewest,
            "{repair} though {fewest}: {}",
            edited.to_json()
        );
        all += 1;
        kept += usize::from(repair.standing.value_after >= best);
        tight += usize::from(repair.at_least == fewest);
        least += usize::from(ours == fewest);
    };
    cases(
        &Mix {
            slots: 4,
            requests: 8,
            ..Mix::TINY
        },
        6000,
        &mut look,
    );
    cases(
        &Mix {
            parties: 8,
            requests: 10,
            slots: 4,
            thirds: 0,
            two_sides: true,
            everything: false,
        },
        2000,
        &mut look,
    );
    println!("of {all} repairs {kept} kept the best value, {least} disturbed fewest, {tight} bounds were tight");
    assert!(all > 400);
    assert!(kept * 100 >= all * 99, "{kept} of {all} kept the best value");
    assert!(tight * 100 >= all * 98, "{tight} of {all} bounds were tight");
}

#[test]
fn every_disturbance_of_a_market_is_repaired() {
    let instance = market(120, 12, 12, 9, 2);
    let limits = Limits {
        seed: 1,
        work: Some(500),
        polish: None,
    };
    let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
    for party in 0..instance.parties().len() as u32 {
        let edit = match party % 3 {
            0 => Edit::Capacity {
                party,
                slots: 0..4,
                capacity: 0,
            },
            1 => Edit::Capacity {
                party,
                slots: 6..12,
                capacity: 0,
            },
            _ => Edit::Places {
                party,
                slots: 2..8,
                by: -1,
            },
        };
        let edited = instance.edited(&[edit]).expect("there is such a party");
        let terms = RepairTerms {
            frozen: Frozen {
                requests: vec![],
                before_slot: 2,
            },
            room: FreedRoom::Fill,
            ..RepairTerms::default()
        };
        let layout = Layout::new(&edited);
        let found = repair(&layout, &timetable.slot_of, &timetable.prices, &terms).expect("right input");
        let after = found.change.onto(&timetable.slot_of).expect("its own");
        let now = figures(&edited, &after).expect("right");
        assert_eq!(now.value, found.standing.value_after);
        assert!(now.value <= found.standing.upper_bound);
        assert_eq!(
            repair(&layout, &timetable.slot_of, &timetable.prices, &terms).as_ref(),
            Ok(&found)
        );
        assert!(!found.to_string().contains('\n'));
    }
}

#[test]
fn a_forecast_holds_what_solving_anew_finds() {
    let instance = market(60, 6, 8, 6, 5);
    let limits = Limits {
        seed: 1,
        work: Some(2000),
        polish: None,
    };
    let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
    let slots = instance.slots();
    let few = |party| Edit::Floor {
        party,
        min: 12,
        penalty: 30,
    };
    let questions = [
        vec![],
        vec![Edit::Places {
            party: 0,
            slots: 0..slots,
            by: 5,
        }],
        vec![Edit::CloseSlot { slot: 3 }],
        vec![Edit::Places {
            party: 66,
            slots: 0..slots,
            by: 1,
        }],
        (0..6).map(few).collect(),
    ];
    for edits in questions {
        let after = instance.edited(&edits).expect("right");
        let told = forecast(&instance, &timetable, &after).expect("the same parties and requests");
        assert_eq!(
            (told.value_before, told.bound_before),
            (timetable.value, timetable.upper_bound)
        );
        let anew = solve(&after, &limits, &mut |_| false).expect("nothing is fixed");
        assert!(told.value_repaired <= told.bound_after, "{told}");
        assert!(anew.value <= told.bound_after, "{told} though {}", anew.value);
        assert!(
            told.value_repaired <= anew.upper_bound,
            "{told} though {}",
            anew.upper_bound
        );
    }
    let other = market(61, 6, 8, 6, 5);
    assert_eq!(
        forecast(&instance, &timetable, &other).err(),
        Some(LiveError::OtherInstance)
    );
}

#[test]
fn edits_change_what_they_say_and_nothing_else() {
    let instance = market(5, 2, 4, 2, 1);
    let edited = |edit: Edit| instance.edited(&[edit]);
    let row = |edit, p: usize| edited(edit).expect("right").parties()[p].capacity.clone();
    let before = instance.parties()[0].capacity.clone();
    assert_eq!(
        row(
            Edit::Capacity {
                party: 0,
                slots: 1..3,
                capacity: 0
            },
            0
        ),
        [before[0], 0, 0, before[3]]
    );
    assert_eq!(
        row(
            Edit::Places {
                party: 0,
                slots: 0..4,
                by: i32::MIN
            },
            0
        ),
        [0; 4]
    );
    assert_eq!(row(Edit::CloseSlot { slot: 0 }, 1)[0], 0);
    let closed = instance.edited(&[
        Edit::CloseSlot { slot: 0 },
        Edit::Places {
            party: 0,
            slots: 0..4,
            by: 1,
        },
    ]);
    let closed = closed.expect("right").parties()[0].capacity.clone();
    assert_eq!(
        closed,
        [0, before[1] + 1, before[2] + 1, before[3] + 1],
        "who is absent stays so"
    );
    assert_eq!(
        edited(Edit::Most { party: 3, max: Some(2) }).expect("right").parties()[3].max,
        Some(2)
    );
    let gone = edited(Edit::Withdraw { request: 1 }).expect("right").requests()[1].clone();
    assert_eq!((gone.slots, gone.fixed), (Some(vec![]), None));
    let wrong = [
        (
            Edit::Capacity {
                party: 99,
                slots: 0..1,
                capacity: 0,
            },
            EditError::NoSuchParty(99),
        ),
        (Edit::Withdraw { request: 99 }, EditError::NoSuchRequest(99)),
        (
            Edit::CloseSlot { slot: u16::MAX },
            EditError::Slots {
                from: u16::MAX,
                to: u16::MAX,
                slots: 4,
            },
        ),
        (
            Edit::Capacity {
                party: 0,
                slots: 0..1,
                capacity: MAX_CAPACITY + 1,
            },
            EditError::Capacity(u64::from(MAX_CAPACITY) + 1),
        ),
    ];
    for (edit, expect) in wrong {
        assert_eq!(edited(edit).err(), Some(expect));
    }
    assert_eq!(instance.edited(&[]).as_ref(), Ok(&instance));
    let floor = |party| Edit::Floor {
        party,
        min: u32::MAX,
        penalty: u32::MAX,
    };
    assert!(matches!(edited(floor(0)).err(), Some(EditError::Total(_))));
}

#[test]
fn wrong_input_is_a_typed_error() {
    let instance = market(5, 2, 4, 2, 1);
    let layout = Layout::new(&instance);
    let n = instance.requests().len();
    let ask = |before: &[Option<u16>], frozen| {
        let terms = RepairTerms {
            frozen,
            ..RepairTerms::default()
        };
        repair(&layout, before, &Prices::default(), &terms).map(|r| r.change.lost())
    };
    assert_eq!(ask(&vec![None; n], Frozen::default()), Ok(0));
    assert!(ask(&vec![None; n + 1], Frozen::default()).is_err());
    assert!(ask(&vec![Some(4); n], Frozen::default()).is_err());
    assert!(
        ask(
            &vec![None; n],
            Frozen {
                requests: vec![true; n + 1],
                before_slot: 0
            }
        )
        .is_err()
    );
    let crowded = ask(
        &vec![Some(0); n],
        Frozen {
            requests: vec![true; n],
            before_slot: 9,
        },
    );
    assert!(crowded.is_ok_and(|lost| lost > 0));
}
