//! What the two sides say of themselves: wishes, absences, stays, profiles, staffing.

use super::{as_buyer, as_exhibitor, as_role, booth, buyer, ctx, event_id, exhibitor, language, market};
use crate::{
    Ctx,
    absence::{self, AddAbsence, MAX_REASON, Occupied, SetStay, add},
    access::{Actor, Role},
    event::Phase,
    id::{AbsenceId, MeetingId, PersonId, PoolId},
    market::{Meeting, Placement},
    participation::Absence,
    party::{self, Field, UpdateBuyer, UpdateExhibitor, update_buyer, update_exhibitor},
    refusal::Refusal,
    staffing::{self, SetStaffing},
    time::Span,
    wish::{self, Pair, SetWish, Side, Want},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use uuid::Uuid;

fn pair() -> Pair {
    Pair {
        buyer: buyer(1).id,
        exhibitor: exhibitor(1).id,
    }
}

/// B1 meets X1 in that slot, at that table.
fn meeting(number: u128, slot: u16, table: u16) -> Meeting {
    Meeting {
        id: MeetingId(Uuid::from_u128(number)),
        placement: Placement {
            pair: pair(),
            slot,
            booth: booth(&exhibitor(1)).id,
            table,
            interpreter: None,
        },
        timetable: None,
        revision: 0,
    }
}

fn starts(slot: usize) -> Timestamp {
    market(1, 1).slots[slot].starts
}

fn code<T>(done: Result<T, Refusal>) -> Result<(), &'static str> {
    done.map(drop).map_err(|refusal| refusal.code())
}

fn wishing(
    side: Option<Side>,
    want: Option<Want>,
    before: Option<Want>,
    phase: Phase,
    who: &Ctx,
) -> Result<(), &'static str> {
    let command = SetWish {
        pair: pair(),
        side,
        want,
    };
    let done = wish::set((before, None), phase, &command, who);
    if let Ok(said) = &done {
        assert_eq!((said.want, said.pair), (want, pair()));
    }
    code(done)
}

#[test]
fn wishes_are_said_by_the_side_or_for_it() {
    let rank = Some(Want::Rank(4));
    let check = |side, who: &Ctx, expect| assert_eq!(wishing(side, rank, None, Phase::Wishes, who), expect);
    check(None, &as_buyer(1), Ok(()));
    check(None, &as_exhibitor(1), Ok(()));
    check(Some(Side::Buyer), &as_buyer(1), Ok(()));
    check(Some(Side::Exhibitor), &as_buyer(1), Err("not_found"));
    check(Some(Side::Exhibitor), &as_role(Role::Organizer), Ok(()));
    check(None, &as_role(Role::Organizer), Err("malformed"));
    for stranger in [
        as_buyer(2),
        as_exhibitor(2),
        as_role(Role::Officer),
        ctx(Actor::nobody()),
    ] {
        check(None, &stranger, Err("not_found"));
        check(Some(Side::Buyer), &stranger, Err("not_found"));
    }
    for wrong in [0, 6, 255] {
        let wrong = Some(Want::Rank(wrong));
        assert_eq!(
            wishing(None, wrong, None, Phase::Wishes, &as_buyer(1)),
            Err("malformed")
        );
    }
}

#[test]
fn avoiding_stays_open_until_the_show_is_over() {
    let (rank, avoid) = (Some(Want::Rank(1)), Some(Want::Avoid));
    let check = |want, before, phase, expect| assert_eq!(wishing(None, want, before, phase, &as_buyer(1)), expect);
    check(rank, None, Phase::OpenCalendar, Ok(()));
    check(rank, None, Phase::Calculated, Err("phase_closed"));
    check(None, rank, Phase::Final, Err("phase_closed"));
    for phase in [Phase::Calculated, Phase::Final] {
        check(avoid, None, phase, Ok(()));
        // Taking it back is open as long.
        check(None, avoid, phase, Ok(()));
        check(rank, avoid, phase, Ok(()));
    }
    check(avoid, None, Phase::After, Err("phase_closed"));
    // The other side's veto is not looked at: it opens nothing.
    let command = SetWish {
        pair: pair(),
        side: None,
        want: rank,
    };
    let done = wish::set((None, avoid), Phase::Final, &command, &as_buyer(1));
    assert_eq!(code(done), Err("phase_closed"));
}

#[test]
fn what_was_said_before_undoes_it() {
    let command = SetWish {
        pair: pair(),
        side: None,
        want: None,
    };
    let before = (Some(Want::Rank(3)), Some(Want::Avoid));
    let said = wish::set(before, Phase::Wishes, &command, &as_buyer(1)).expect("taken back");
    assert_eq!((said.by, said.want, said.before), (Side::Buyer, None, before.0));
}

struct Asking {
    occupied: Vec<Occupied>,
    phase: Phase,
    command: AddAbsence,
}

fn absent(change: impl FnOnce(&mut Asking), who: &Ctx) -> Result<Absence, Refusal> {
    let market = market(1, 1);
    let mut asking = Asking {
        occupied: Vec::new(),
        phase: Phase::OpenCalendar,
        command: AddAbsence {
            id: AbsenceId(Uuid::from_u128(1)),
            person: None,
            from: starts(1),
            until: starts(2),
            reason: "  lunch \n with 青木 ".to_owned(),
        },
    };
    change(&mut asking);
    let mut event = market.event;
    event.phase = asking.phase;
    let situation = absence::Situation {
        event: &event,
        slots: &market.slots,
        takes_part: true,
        occupied: &asking.occupied,
    };
    add(&situation, &asking.command, who)
}

#[test]
fn absences() {
    let made = absent(|_| (), &as_buyer(1)).expect("made");
    assert_eq!(
        (made.person, made.reason.as_str()),
        (buyer(1).person, "lunch with 青木")
    );
    let check = |change: fn(&mut Asking), who: &Ctx, expect| assert_eq!(code(absent(change, who)), expect);
    check(|_| (), &as_exhibitor(1), Ok(()));
    check(|_| (), &as_role(Role::Adviser), Ok(()));
    check(
        |a| a.command.person = Some(buyer(1).person),
        &as_role(Role::Organizer),
        Ok(()),
    );
    check(
        |a| a.command.person = Some(buyer(1).person),
        &as_buyer(2),
        Err("not_found"),
    );
    check(|_| (), &as_role(Role::Officer), Err("not_found"));
    check(|_| (), &as_role(Role::Visitor), Err("not_found"));
    check(|a| a.phase = Phase::Final, &as_buyer(1), Err("phase_closed"));
    check(|a| a.phase = Phase::Final, &as_role(Role::Organizer), Ok(()));
    check(|a| a.command.until = a.command.from, &as_buyer(1), Err("malformed"));
    check(
        |a| a.command.from = starts(0) - SignedDuration::from_hours(40),
        &as_buyer(1),
        Err("malformed"),
    );
    check(
        |a| a.command.until = starts(7) + SignedDuration::from_hours(40),
        &as_buyer(1),
        Err("malformed"),
    );
    // The whole of the day before is within.
    check(
        |a| a.command.from = starts(0) - SignedDuration::from_hours(34),
        &as_buyer(1),
        Ok(()),
    );
    check(
        |a| a.command.reason = "\u{1f3b5}".repeat(MAX_REASON),
        &as_buyer(1),
        Ok(()),
    );
    check(
        |a| a.command.reason = "\u{1f3b5}".repeat(MAX_REASON + 1),
        &as_buyer(1),
        Err("text_too_long"),
    );
    let late = Ctx {
        now: starts(3),
        ..as_buyer(1)
    };
    check(|_| (), &late, Err("too_late"));
}

#[test]
fn what_stands_against_an_absence_is_named() {
    let taken = |at, meeting| move |a: &mut Asking| a.occupied.push(Occupied { at, meeting });
    // In the middle of a meeting: it is named by its beginning.
    let middle = starts(1) + SignedDuration::from_mins(10);
    let refusal = absent(taken(middle, true), &as_buyer(1)).expect_err("a meeting");
    let first = vec![starts(1)];
    assert_eq!(refusal, Refusal::HasMeetings { count: 1, first });
    let refusal = absent(taken(starts(1), false), &as_buyer(1)).expect_err("a session");
    let first = vec!["2025-11-05 10:25".to_owned()];
    assert_eq!(refusal, Refusal::AlreadyOccupied { people: 1, first });
}

#[test]
fn absences_are_taken_back_by_whose_they_are() {
    let absence = absent(|_| (), &as_buyer(1)).expect("made");
    let check = |there: bool, who: &Ctx, expect| {
        let done = absence::remove(there.then_some(&absence), Phase::OnSite, who);
        assert_eq!(code(done), expect);
    };
    check(true, &as_buyer(1), Ok(()));
    check(true, &as_role(Role::Organizer), Ok(()));
    check(true, &as_buyer(2), Err("not_found"));
    check(false, &as_role(Role::Organizer), Err("not_found"));
    let closed = absence::remove(Some(&absence), Phase::After, &as_buyer(1));
    assert_eq!(code(closed), Err("phase_closed"));
}

#[test]
fn a_stay_leaves_no_meeting_outside() {
    let (market, meetings) = (market(1, 1), [meeting(1, 2, 1), meeting(2, 5, 1)]);
    let check = |arrives: Option<usize>, leaves: Option<usize>, who: &Ctx, expect: Result<(), usize>| {
        let command = SetStay {
            buyer: None,
            arrives: arrives.map(starts),
            leaves: leaves.map(starts),
        };
        let done = absence::stay(&buyer(1), &meetings, (Phase::OnSite, &market.slots), &command, who);
        let count = |refusal| match refusal {
            Refusal::HasMeetings { count, .. } => count,
            Refusal::Malformed { .. } => 100,
            _ => 0,
        };
        assert_eq!(done.map(drop).map_err(count), expect);
    };
    check(None, None, &as_buyer(1), Ok(()));
    check(Some(2), Some(6), &as_buyer(1), Ok(()));
    check(Some(3), Some(6), &as_buyer(1), Err(1));
    check(Some(3), Some(5), &as_buyer(1), Err(2));
    check(Some(3), Some(3), &as_buyer(1), Err(100));
    // What has begun is over, or goes on.
    let during = Ctx {
        now: starts(2),
        ..as_buyer(1)
    };
    check(Some(3), Some(6), &during, Ok(()));
    for stranger in [as_buyer(2), as_exhibitor(1), as_role(Role::Adviser)] {
        check(None, None, &stranger, Err(0));
    }
}

fn of_buyer(command: UpdateBuyer, held: Option<Meeting>, who: &Ctx) -> Result<crate::participation::Buyer, Refusal> {
    let (market, japanese) = (market(1, 1), [language("ja")]);
    let situation = party::Situation {
        phase: Phase::OpenCalendar,
        slots: &market.slots,
        pools: &market.pools,
        party: &market.buyers[0],
        meetings: held.into_iter().map(|meeting| (meeting, &japanese[..])).collect(),
    };
    update_buyer(&situation, command, who)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

#[test]
fn a_buyer_says_what_it_is() {
    let all = UpdateBuyer {
        languages: Some(words(&["EN", "ko", "en"])),
        genres: Some(words(&[" City Pop ", "city pop", "", "ジャズ"])),
        territories: Some(words(&["jp", "KR"])),
        quota_max: Field::Now(Some(0)),
        ..UpdateBuyer::default()
    };
    let changed = of_buyer(all, None, &as_buyer(1)).expect("changed");
    assert_eq!(changed.languages, [language("en"), language("ko")]);
    assert_eq!(changed.genres, ["city pop", "ジャズ"]);
    assert_eq!((changed.territories.len(), changed.quota.max()), (2, Some(0)));
    // What is left out stays.
    assert_eq!(of_buyer(UpdateBuyer::default(), None, &as_buyer(1)), Ok(buyer(1)));
    let check = |command, expect| assert_eq!(code(of_buyer(command, None, &as_buyer(1))), expect);
    let default = UpdateBuyer::default;
    for wrong in [&[] as &[&str], &["xx"], &["日本語"]] {
        let languages = Some(words(wrong));
        check(UpdateBuyer { languages, ..default() }, Err("malformed"));
    }
    for wrong in ["a,b", &"x".repeat(41)] {
        let genres = Some(words(&[wrong]));
        check(UpdateBuyer { genres, ..default() }, Err("malformed"));
    }
    let territories = Some(words(&["XX"]));
    check(
        UpdateBuyer {
            territories,
            ..default()
        },
        Err("malformed"),
    );
    let (quota_min, quota_max) = (Field::Now(Some(3)), Field::Now(Some(2)));
    check(
        UpdateBuyer {
            quota_min,
            quota_max,
            ..default()
        },
        Err("malformed"),
    );
    for stranger in [as_buyer(2), as_exhibitor(1), as_role(Role::Officer)] {
        assert_eq!(code(of_buyer(default(), None, &stranger)), Err("not_found"));
        let buyer = Some(buyer(1).id);
        let named = UpdateBuyer { buyer, ..default() };
        assert_eq!(code(of_buyer(named, None, &stranger)), Err("not_found"));
    }
}

/// B1 speaks English and Japanese, X1 Japanese; the one pool interprets between the two.
#[test]
fn no_meeting_loses_its_language() {
    let speak = |spoken: &[&str], held: Option<Meeting>, who: &Ctx| {
        let languages = Some(words(spoken));
        let command = UpdateBuyer {
            languages,
            ..UpdateBuyer::default()
        };
        code(of_buyer(command, held, who))
    };
    let mut interpreted = meeting(1, 2, 1);
    interpreted.placement.interpreter = Some((PoolId::derived(event_id(), "en"), 1));
    let plain = meeting(1, 2, 1);
    assert_eq!(speak(&["en"], None, &as_buyer(1)), Ok(()));
    assert_eq!(speak(&["en"], Some(plain), &as_buyer(1)), Err("has_meetings"));
    assert_eq!(speak(&["en", "ja"], Some(plain), &as_buyer(1)), Ok(()));
    assert_eq!(speak(&["en"], Some(interpreted), &as_buyer(1)), Ok(()));
    assert_eq!(speak(&["ko"], Some(interpreted), &as_buyer(1)), Err("has_meetings"));
    let during = Ctx {
        now: starts(2),
        ..as_buyer(1)
    };
    assert_eq!(speak(&["ko"], Some(plain), &during), Ok(()));
}

#[test]
fn an_exhibitor_says_what_it_is() {
    let market = market(1, 1);
    let of = |command, who: &Ctx| {
        let situation = party::Situation {
            phase: Phase::Wishes,
            slots: &market.slots,
            pools: &market.pools,
            party: &market.exhibitors[0],
            meetings: Vec::new(),
        };
        update_exhibitor(&situation, command, who)
    };
    let page = |address: &str| UpdateExhibitor {
        homepage: Field::Now(Some(address.to_owned())),
        ..UpdateExhibitor::default()
    };
    for right in ["https://example.org/?a=1", " http://例え.jp/ "] {
        let changed = of(page(right), &as_exhibitor(1)).expect(right);
        assert_eq!(changed.homepage.as_deref(), Some(right.trim()));
    }
    for wrong in [
        "",
        "example.org",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://a b",
        "https://\"><",
    ] {
        assert_eq!(code(of(page(wrong), &as_exhibitor(1))), Err("malformed"), "{wrong}");
    }
    assert_eq!(code(of(page("https://a.example"), &as_exhibitor(2))), Err("not_found"));
    assert_eq!(code(of(page("https://a.example"), &as_buyer(1))), Err("not_found"));
}

fn staffed(
    tables: u16,
    staffing: &[(usize, usize, u16)],
    meetings: &[Meeting],
    who: &Ctx,
) -> Result<Vec<(u128, u16)>, Refusal> {
    let market = market(1, 1);
    let busy = meetings.iter().flat_map(|meeting| {
        let slot = market.slots[usize::from(meeting.placement.slot)];
        slot.span().cells().map(|cell| (meeting.placement.table, cell))
    });
    let tables_busy: HashSet<(u16, i64)> = busy.collect();
    let situation = staffing::Situation {
        event: &market.event,
        slots: &market.slots,
        booth: &market.booths[0],
        meetings,
        tables_busy: &tables_busy,
    };
    let spans = staffing.iter();
    let spans = spans.map(|&(from, until, tables)| (starts(from), starts(until), tables));
    let command = SetStaffing {
        exhibitor: None,
        tables,
        staffing: spans.collect(),
    };
    let done = staffing::set(&situation, &command, who)?;
    let seated = done.reseated.iter();
    Ok(seated
        .map(|(meeting, table)| (meeting.id.0.as_u128(), *table))
        .collect())
}

#[test]
fn who_has_no_table_sits_down_at_another() {
    let staff = as_exhibitor(1);
    let held = [meeting(1, 1, 2), meeting(2, 2, 1), meeting(3, 2, 2)];
    assert_eq!(staffed(2, &[], &held, &staff), Ok(vec![]));
    assert_eq!(staffed(1, &[], &held[..2], &staff), Ok(vec![(1, 1)]));
    assert_eq!(staffed(3, &[(1, 2, 1)], &held, &staff), Ok(vec![(1, 1)]));
    let first = vec![starts(2)];
    assert_eq!(
        staffed(1, &[], &held, &staff),
        Err(Refusal::HasMeetings { count: 1, first })
    );
    let first = vec![starts(2), starts(2)];
    assert_eq!(
        staffed(2, &[(2, 3, 0)], &held, &staff),
        Err(Refusal::HasMeetings { count: 2, first })
    );
    // What has begun sits where it sits.
    let during = Ctx {
        now: starts(2),
        ..as_exhibitor(1)
    };
    assert_eq!(staffed(1, &[], &held, &during), Ok(vec![]));
    let check = |tables, spans: &[(usize, usize, u16)], who: &Ctx, expect| {
        assert_eq!(code(staffed(tables, spans, &[], who)), expect);
    };
    check(0, &[], &staff, Err("malformed"));
    check(201, &[], &staff, Err("malformed"));
    check(2, &[(1, 2, 3)], &staff, Err("malformed"));
    check(2, &[(2, 1, 1)], &staff, Err("malformed"));
    check(2, &[(1, 3, 1), (2, 4, 0)], &staff, Err("malformed"));
    check(2, &[(2, 4, 0), (1, 2, 1)], &staff, Ok(()));
    for stranger in [as_exhibitor(2), as_buyer(1), as_role(Role::Officer)] {
        check(0, &[], &stranger, Err("not_found"));
    }
}

/// A person is somebody's own by the person, not by the role.
#[test]
fn organizers_have_calendars_too() {
    let organizer = as_role(Role::Organizer);
    let made = absent(|_| (), &organizer).expect("made");
    assert_eq!(Some(made.person), organizer.actor.person);
    assert_ne!(made.person, PersonId(Uuid::nil()));
    assert!(Span::new(made.span.from(), made.span.until()).is_some());
}
