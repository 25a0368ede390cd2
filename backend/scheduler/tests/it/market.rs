//! Markets of real size under a work limit. Deliberately not here: time; that is for the benchmarks.

use crate::generate::market;
use scheduler::check::check;
use scheduler::{Limits, solve};

#[test]
fn a_city_market_is_solved_within_half_a_percent() {
    for seed in 0..3 {
        let instance = market(300, 35, 32, 25, seed);
        let limits = Limits {
            seed: 1,
            work: Some(50_000),
            polish: None,
        };
        let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
        let checked = check(&instance, &timetable).expect("certified");
        assert!(timetable.gap() <= 0.005, "gap {} of {checked:?}", timetable.gap());
    }
}

#[test]
fn an_overbooked_market_is_solved_within_a_percent() {
    let instance = market(120, 10, 12, 10, 4);
    let limits = Limits {
        seed: 1,
        work: Some(50_000),
        polish: None,
    };
    let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
    check(&instance, &timetable).expect("certified");
    assert!(timetable.gap() <= 0.01, "gap {}", timetable.gap());
}

#[test]
fn progress_is_reported_often_and_never_gets_worse() {
    let instance = market(100, 12, 20, 12, 1);
    let mut last = None;
    let mut asked = 0u64;
    let limits = Limits {
        seed: 1,
        work: Some(5000),
        polish: None,
    };
    let timetable = solve(&instance, &limits, &mut |progress| {
        asked += 1;
        assert!(progress.value <= progress.upper_bound);
        if let Some((value, bound, work)) = last.replace((progress.value, progress.upper_bound, progress.work)) {
            assert!(progress.value >= value && progress.upper_bound <= bound && progress.work >= work);
        }
        false
    });
    let timetable = timetable.expect("nothing is fixed");
    assert!(asked > 10);
    let (value, ..) = last.expect("asked");
    assert!(timetable.value >= value);
}
