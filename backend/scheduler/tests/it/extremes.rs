//! The ends of what is allowed: nothing at all, the most slots, the greatest numbers. Deliberately not here: refusals.

use scheduler::check::check;
use scheduler::{Instance, Limits, MAX_CAPACITY, MAX_VALUE, PartySpec, RequestSpec, Timetable, solve};

fn party(id: u32, capacity: Vec<u32>) -> PartySpec {
    PartySpec {
        id: format!("p{id}"),
        capacity,
        ..PartySpec::default()
    }
}

fn request(id: u32, parties: Vec<u32>, value: u32) -> RequestSpec {
    RequestSpec {
        id: format!("r{id}"),
        parties,
        value,
        ..RequestSpec::default()
    }
}

fn solved(slots: u16, parties: Vec<PartySpec>, requests: Vec<RequestSpec>) -> Timetable {
    let instance = Instance::new("extreme".into(), slots, vec![], parties, requests).expect("valid");
    let limits = Limits {
        seed: 0,
        work: Some(5000),
        polish: None,
    };
    let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
    check(&instance, &timetable).expect("certified");
    timetable
}

#[test]
fn nothing_is_solved_at_once() {
    assert!(solved(1, vec![], vec![]).proved_optimal());
    assert!(solved(512, vec![party(0, vec![1; 512])], vec![]).proved_optimal());
    let absent = vec![party(0, vec![0]), party(1, vec![1])];
    assert_eq!(solved(1, absent, vec![request(0, vec![0, 1], 5)]).slot_of, [None]);
}

#[test]
fn an_unreachable_minimum_is_paid_for() {
    let mut lonely = party(0, vec![1]);
    (lonely.min, lonely.min_penalty) = (Some(3), Some(7));
    let timetable = solved(1, vec![lonely, party(1, vec![1])], vec![request(0, vec![0, 1], 5)]);
    assert_eq!((timetable.value, timetable.upper_bound), (5 - 14, 5 - 14));
}

#[test]
fn the_most_slots_are_filled_to_the_last() {
    let mut parties = vec![party(0, vec![1; 512])];
    parties.extend((1..=512).map(|k| party(k, (0..512).map(|s| u32::from(s >= 512 - k)).collect())));
    let requests = (1..=512).map(|k| request(k, vec![0, k], k)).collect();
    let timetable = solved(512, parties, requests);
    assert!(timetable.proved_optimal());
    assert_eq!(timetable.placed(), 512);
}

#[test]
fn the_greatest_numbers_do_not_overflow() {
    let mut parties: Vec<PartySpec> = (0..40).map(|k| party(k, vec![MAX_CAPACITY; 70])).collect();
    for p in &mut parties {
        (p.min, p.min_penalty, p.max) = (Some(1000), Some(MAX_VALUE), Some(u32::MAX));
    }
    let requests = (0..800)
        .map(|k| request(k, vec![k % 40, (k % 40 + 1 + k / 40) % 40], MAX_VALUE - k))
        .collect();
    let timetable = solved(70, parties, requests);
    assert_eq!(timetable.placed(), 800);
    assert!(timetable.proved_optimal());
}
