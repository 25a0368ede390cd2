//! The instances that are measured: the same for the same seed, of the size they say, and where every meeting must be
//! held, all can be. Deliberately not here: how fast and how well; that is for the benchmarks.

#[path = "../../examples/kinds/mod.rs"]
mod made;

use scheduler::check::check;
use scheduler::{Limits, solve};

#[test]
fn the_same_seed_makes_the_same_instance() {
    for kind in ["jobs", "advisers", "tokyo", "mandatory"] {
        let instance = made::make(kind, 7, None).expect("a kind");
        assert!(made::make(kind, 7, None).expect("a kind") == instance, "{kind}");
        assert!(made::make(kind, 8, None).expect("a kind") != instance, "{kind}");
    }
}

#[test]
fn a_size_asked_for_is_about_the_size_made() {
    for asked in [1000, 10_000, 50_000] {
        let made = made::make("regional", 1, Some(asked)).expect("a kind").requests().len() as u64;
        assert!(made.abs_diff(asked) * 10 <= asked, "{made} of {asked}");
    }
}

#[test]
fn an_event_where_every_meeting_must_be_held_can_be_held() {
    for seed in 1..4 {
        let event = made::make("mandatory", seed, None).expect("a kind");
        let limits = Limits {
            seed: 1,
            work: Some(400_000),
            polish: None,
        };
        let timetable = solve(&event, &limits, &mut |_| false).expect("promised meetings fit");
        check(&event, &timetable).expect("certified");
        assert_eq!(timetable.placed(), event.requests().len(), "seed {seed}");
    }
}

#[test]
fn a_kind_that_does_not_exist_is_named() {
    let kinds = made::NAMES.join(", ");
    let text = format!("there is no kind \"paris\"; there are {kinds}");
    assert_eq!(made::make("paris", 1, None).err(), Some(text));
}
