//! At the table: check-in, no-show, end, outcome, messages. The slot is the third of the first day, 10:50 to 11:10.

use super::{as_buyer, as_exhibitor, as_role, buyer, ctx, exhibitor, market};
use crate::{
    Ctx,
    access::{Actor, Role},
    event::{Phase, Slot},
    id::MeetingId,
    message::{self, MAX_MESSAGES, MessageMeeting},
    name,
    notice::NoticeKind,
    outcome::{self, Interest, MAX_NOTE, RecordOutcome},
    refusal::Refusal,
    table::{self, Arrival, CheckIn, Code, Fate, MAX_WRONG_CODES, Presence, Sitting},
    wish::{Pair, Side},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

fn slot() -> Slot {
    market(2, 1).slots[2]
}

fn sitting() -> Sitting {
    Sitting {
        phase: Phase::OnSite,
        pair: Pair {
            buyer: buyer(2).id,
            exhibitor: exhibitor(1).id,
        },
        slot: slot(),
        fate: Fate::Planned,
        presence: Presence::default(),
        awaited: None,
    }
}

/// So many seconds after the slot's beginning.
fn after(ctx: Ctx, seconds: i64) -> Ctx {
    Ctx {
        now: moment(seconds),
        ..ctx
    }
}

fn moment(seconds: i64) -> Timestamp {
    slot().starts + SignedDuration::from_secs(seconds)
}

fn came(buyer: Option<i64>, exhibitor: Option<i64>) -> Sitting {
    let mut sitting = sitting();
    sitting.presence.buyer = buyer.map(moment);
    sitting.presence.exhibitor = exhibitor.map(moment);
    sitting
}

fn id() -> MeetingId {
    MeetingId(Uuid::from_u128(7))
}

fn here(side: Option<Side>, code: Option<&str>) -> CheckIn {
    CheckIn {
        meeting: id(),
        side,
        code: code.map(str::to_owned),
    }
}

const fn both(buyer: bool, exhibitor: bool) -> Arrival {
    Arrival::Came { buyer, exhibitor }
}

fn check(sitting: &Sitting, command: &CheckIn, ctx: &Ctx, expect: Result<Arrival, &str>) {
    let code = Code {
        right: "0427".to_owned(),
        wrong: 0,
    };
    let done = table::check_in(sitting, command, Some(&code), ctx);
    assert_eq!(done.map_err(|refusal| refusal.code()), expect);
}

#[test]
fn who_comes_and_when() {
    let own = here(None, None);
    check(&sitting(), &own, &after(as_buyer(2), 0), Ok(both(true, false)));
    check(&sitting(), &own, &after(as_exhibitor(1), 0), Ok(both(false, true)));
    check(&sitting(), &own, &after(as_buyer(2), -600), Ok(both(true, false)));
    check(&sitting(), &own, &after(as_buyer(2), -601), Err("too_early"));
    check(&sitting(), &own, &after(as_buyer(2), 1199), Ok(both(true, false)));
    check(&sitting(), &own, &after(as_buyer(2), 1200), Err("too_late"));
    check(&came(Some(0), None), &own, &after(as_buyer(2), 9), Err("already_done"));
    for stranger in [
        as_buyer(1),
        as_exhibitor(2),
        as_role(Role::Officer),
        ctx(Actor::nobody()),
    ] {
        check(&sitting(), &own, &after(stranger, 0), Err("not_found"));
    }
    let organizer = || after(as_role(Role::Organizer), 0);
    check(&sitting(), &own, &organizer(), Err("malformed"));
    let named = here(Some(Side::Exhibitor), None);
    check(&sitting(), &named, &organizer(), Ok(both(false, true)));
    check(&sitting(), &named, &after(as_buyer(2), 0), Err("not_found"));
    for (fate, expect) in [(Fate::Cancelled, "meeting_cancelled"), (Fate::Missed, "meeting_missed")] {
        check(
            &Sitting { fate, ..sitting() },
            &own,
            &after(as_buyer(2), 0),
            Err(expect),
        );
    }
    for phase in [Phase::Final, Phase::After] {
        check(
            &Sitting { phase, ..sitting() },
            &own,
            &after(as_buyer(2), 0),
            Err("phase_closed"),
        );
    }
}

#[test]
fn the_right_code_brings_both() {
    let now = || after(as_buyer(2), 60);
    check(&sitting(), &here(None, Some("0427")), &now(), Ok(both(true, true)));
    check(&sitting(), &here(None, Some(" ０４-27 ")), &now(), Ok(both(true, true)));
    check(
        &came(Some(0), None),
        &here(None, Some("0427")),
        &now(),
        Ok(both(false, true)),
    );
    check(
        &came(Some(0), Some(0)),
        &here(None, Some("0427")),
        &now(),
        Err("already_done"),
    );
    for wrong in ["0428", "427", "", "04270", "many"] {
        check(&sitting(), &here(None, Some(wrong)), &now(), Ok(Arrival::WrongCode));
    }
    // The exhibitor's staff knows the code: from them it proves nothing.
    check(
        &sitting(),
        &here(None, Some("0427")),
        &after(as_exhibitor(1), 60),
        Err("malformed"),
    );
    let tried = Code {
        right: "0427".to_owned(),
        wrong: MAX_WRONG_CODES,
    };
    let refusal = table::check_in(&sitting(), &here(None, Some("0427")), Some(&tried), &now());
    assert_eq!(refusal, Err(Refusal::TooManyTries { most: MAX_WRONG_CODES }));
    assert!(table::check_in(&sitting(), &here(None, None), Some(&tried), &now()).is_ok());
}

#[test]
fn codes_follow_from_a_secret() {
    let code = |secret: u8, meeting: u128| table::code(&[secret; 32], MeetingId(Uuid::from_u128(meeting)));
    let all: Vec<String> = (0..200).map(|meeting| code(1, meeting)).collect();
    assert!(
        all.iter()
            .all(|code| code.len() == 4 && code.chars().all(|c| c.is_ascii_digit()))
    );
    let mut distinct = all.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert!(distinct.len() > 190, "{} of 200 differ", distinct.len());
    let same = (0..200)
        .filter(|&meeting| code(2, meeting as u128) == all[meeting])
        .count();
    assert!(same < 5, "another secret gives other codes");
}

#[test]
fn who_did_not_come() {
    let check = |sitting: Sitting, ctx: Ctx, expect: Result<Side, &str>| {
        let done = table::no_show(&sitting, &ctx);
        assert_eq!(done.map_err(|refusal| refusal.code()), expect);
    };
    check(came(Some(0), None), after(as_buyer(2), 180), Ok(Side::Exhibitor));
    check(came(None, Some(0)), after(as_exhibitor(1), 180), Ok(Side::Buyer));
    check(came(None, Some(0)), after(as_exhibitor(1), 179), Err("too_early"));
    check(came(None, Some(0)), after(as_exhibitor(1), 1200), Err("too_late"));
    check(came(None, Some(0)), after(as_buyer(2), 180), Err("not_present"));
    check(sitting(), after(as_buyer(2), 180), Err("not_present"));
    check(came(Some(0), Some(0)), after(as_buyer(2), 180), Err("other_side_came"));
    check(
        came(None, Some(0)),
        after(as_role(Role::Organizer), 180),
        Ok(Side::Buyer),
    );
    check(came(None, Some(0)), after(as_exhibitor(2), 180), Err("not_found"));
    let missed = Sitting {
        fate: Fate::Missed,
        ..came(None, Some(0))
    };
    check(missed, after(as_exhibitor(1), 180), Err("already_done"));
    // Who has just taken the place is waited for.
    let awaited = Sitting {
        awaited: Some(moment(600)),
        ..came(None, Some(0))
    };
    check(awaited, after(as_exhibitor(1), 599), Err("too_early"));
    check(awaited, after(as_exhibitor(1), 600), Ok(Side::Buyer));
}

#[test]
fn the_product_finds_them_too() {
    let check = |sitting: Sitting, seconds, expect| {
        assert_eq!(table::overdue(&sitting, moment(seconds)), expect);
    };
    check(came(None, Some(-60)), 180, Some(Side::Buyer));
    check(came(Some(-60), None), 5000, Some(Side::Exhibitor));
    check(came(None, Some(-60)), 179, None);
    check(came(Some(0), Some(0)), 180, None);
    // That nobody said a word tells nothing.
    check(sitting(), 5000, None);
    let other = |phase| Sitting {
        phase,
        ..came(None, Some(0))
    };
    check(other(Phase::Final), 180, None);
}

#[test]
fn a_meeting_ends() {
    let check = |sitting: Sitting, ctx: Ctx, expect: Result<(), &str>| {
        assert_eq!(table::end(&sitting, &ctx).map_err(|refusal| refusal.code()), expect);
    };
    check(came(Some(0), Some(9)), after(as_buyer(2), 900), Ok(()));
    check(came(Some(0), Some(9)), after(as_exhibitor(1), 900), Ok(()));
    check(came(Some(0), None), after(as_buyer(2), 900), Err("not_started"));
    check(came(Some(0), Some(9)), after(as_buyer(1), 900), Err("not_found"));
    let mut ended = came(Some(0), Some(9));
    ended.presence.ended = Some(moment(800));
    check(ended, after(as_buyer(2), 900), Err("already_done"));
}

fn note(text: &str) -> RecordOutcome {
    RecordOutcome {
        meeting: id(),
        side: None,
        rating: None,
        note: text.to_owned(),
        interest: None,
        next_step: String::new(),
        deal: false,
    }
}

#[test]
fn outcomes() {
    let last = slot().ends;
    let check = |sitting: Sitting, command: &RecordOutcome, ctx: Ctx, expect: Result<Side, &str>| {
        let done = outcome::record(&sitting, last, command, &ctx);
        assert_eq!(done.map(|noted| noted.side).map_err(|refusal| refusal.code()), expect);
    };
    let empty = note("");
    check(sitting(), &empty, after(as_buyer(2), 0), Ok(Side::Buyer));
    check(sitting(), &empty, after(as_exhibitor(1), 0), Ok(Side::Exhibitor));
    check(sitting(), &empty, after(as_buyer(2), -1), Err("too_early"));
    check(
        came(Some(-60), Some(-60)),
        &empty,
        after(as_buyer(2), -1),
        Ok(Side::Buyer),
    );
    check(sitting(), &empty, after(as_buyer(1), 0), Err("not_found"));
    let fourteen = 14 * 24 * 3600 + 1200;
    let later = || Sitting {
        phase: Phase::After,
        ..sitting()
    };
    check(later(), &empty, after(as_buyer(2), fourteen), Ok(Side::Buyer));
    check(later(), &empty, after(as_buyer(2), fourteen + 1), Err("too_late"));
    let missed = Sitting {
        fate: Fate::Missed,
        ..sitting()
    };
    check(missed, &empty, after(as_buyer(2), 0), Err("meeting_missed"));
    let rated = |rating| RecordOutcome {
        rating: Some(rating),
        interest: Some(Interest::Strong),
        ..note("good")
    };
    check(sitting(), &rated(5), after(as_buyer(2), 0), Ok(Side::Buyer));
    check(sitting(), &rated(6), after(as_buyer(2), 0), Err("malformed"));
    check(
        sitting(),
        &note(&"長".repeat(MAX_NOTE)),
        after(as_buyer(2), 0),
        Ok(Side::Buyer),
    );
    check(
        sitting(),
        &note(&"長".repeat(10_000)),
        after(as_buyer(2), 0),
        Err("text_too_long"),
    );
    check(sitting(), &empty, after(as_role(Role::Organizer), 0), Err("malformed"));
}

#[test]
fn notes_keep_their_lines() {
    assert_eq!(name::note(" a\r\nb\u{7}\u{0}\rc \n"), Some("a\nb\nc".to_owned()));
    assert_eq!(name::note("שלום 👋🏽"), Some("שלום 👋🏽".to_owned()));
    assert_eq!(name::note(" \n\u{1b} "), None);
}

#[test]
fn messages() {
    let check =
        |sitting: Sitting, sent, command: (Option<&str>, Option<u16>), ctx: Ctx, expect: Result<NoticeKind, &str>| {
            let command = MessageMeeting {
                meeting: id(),
                text: command.0.map(str::to_owned),
                late_minutes: command.1,
            };
            let done = message::message(&sitting, sent, &command, &ctx);
            assert_eq!(
                done.map(|message| message.kind).map_err(|refusal| refusal.code()),
                expect
            );
        };
    let words = (Some("on our way"), None);
    check(sitting(), 0, words, after(as_buyer(2), 0), Ok(NoticeKind::Message));
    check(
        sitting(),
        0,
        (None, Some(5)),
        after(as_buyer(2), 0),
        Ok(NoticeKind::Late),
    );
    check(sitting(), 0, (None, Some(31)), after(as_buyer(2), 0), Err("malformed"));
    check(
        sitting(),
        0,
        (Some(" \n"), None),
        after(as_buyer(2), 0),
        Err("malformed"),
    );
    check(sitting(), 0, (None, Some(5)), after(as_buyer(2), 1200), Err("too_late"));
    check(
        sitting(),
        MAX_MESSAGES,
        words,
        after(as_buyer(2), 0),
        Err("too_many_messages"),
    );
    check(sitting(), 0, words, after(as_exhibitor(2), 0), Err("not_found"));
    let long = "x".repeat(10_000);
    check(
        sitting(),
        0,
        (Some(&long), None),
        after(as_buyer(2), 0),
        Err("text_too_long"),
    );
    let missed = Sitting {
        fate: Fate::Missed,
        ..sitting()
    };
    check(missed, 0, words, after(as_buyer(2), 600), Ok(NoticeKind::Message));
    check(
        missed,
        0,
        (None, Some(5)),
        after(as_buyer(2), 600),
        Err("meeting_missed"),
    );
}
