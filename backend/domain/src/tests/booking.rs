//! Booking into a free place, and cancelling.

use super::{as_buyer, as_exhibitor, as_role, before, booth, buyer, ctx, event_id, exhibitor, market};
use crate::{
    Ctx,
    access::{Actor, Role},
    booking::{BookMeeting, Cancel, Situation, Standing, book, cancel},
    event::Phase,
    id::{MeetingId, PoolId},
    market::Meeting,
    participation::Quota,
    refusal::{MAX_ALTERNATIVES, Refusal},
    wish::{Pair, Want},
};
use jiff::Timestamp;
use std::collections::HashSet;
use uuid::Uuid;

/// B2 (who needs an interpreter) and X1, the calendar open and empty.
fn situation() -> Situation {
    let market = market(2, 1);
    Situation {
        phase: Phase::OpenCalendar,
        slots: market.slots,
        buyer: buyer(2),
        exhibitor: exhibitor(1),
        booth: booth(&exhibitor(1)),
        pools: market.pools,
        buyer_busy: HashSet::new(),
        tables_busy: HashSet::new(),
        pools_busy: HashSet::new(),
        meetings: (0, 0),
        existing: None,
        wants: (None, None),
        direct: (true, true),
    }
}

fn command(slot: u16) -> BookMeeting {
    let pair = Pair {
        buyer: buyer(2).id,
        exhibitor: exhibitor(1).id,
    };
    BookMeeting {
        id: MeetingId(Uuid::from_u128(7)),
        pair,
        slot,
    }
}

fn check(change: impl FnOnce(&mut Situation), ctx: &Ctx, expect: Result<(), &str>) -> Option<Refusal> {
    let mut situation = situation();
    change(&mut situation);
    let booked = book(&situation, &command(2), ctx);
    assert_eq!(booked.as_ref().map(|_| ()).map_err(Refusal::code), expect);
    booked.err()
}

fn taken(situation: &Situation, slot: usize) -> impl Iterator<Item = i64> + use<> {
    situation.slots[slot].span().cells()
}

#[test]
fn a_free_place_is_booked() {
    let booking = book(&situation(), &command(2), &as_buyer(2)).expect("booked");
    let placement = booking.meeting().placement;
    assert_eq!((booking.meeting().id, booking.slot().number), (command(2).id, 2));
    assert_eq!(
        (placement.table, placement.interpreter),
        (1, Some((PoolId::derived(event_id(), "en"), 1)))
    );
    assert_eq!(booking.meeting().timetable, None, "by hand");
    // The first table is taken: the second.
    let mut half = situation();
    half.tables_busy = taken(&half, 2).map(|cell| (1, cell)).collect();
    assert_eq!(
        book(&half, &command(2), &as_exhibitor(1))
            .expect("booked")
            .meeting()
            .placement
            .table,
        2
    );
}

#[test]
fn who_may() {
    check(|_| (), &as_buyer(2), Ok(()));
    check(|_| (), &as_exhibitor(1), Ok(()));
    check(|_| (), &as_role(Role::Organizer), Ok(()));
    for stranger in [
        as_buyer(1),
        as_exhibitor(2),
        as_role(Role::Officer),
        as_role(Role::Visitor),
        ctx(Actor::nobody()),
    ] {
        check(|_| (), &stranger, Err("not_found"));
    }
}

#[test]
fn when() {
    let phase = |phase| move |s: &mut Situation| s.phase = phase;
    check(phase(Phase::Wishes), &as_role(Role::Organizer), Err("phase_closed"));
    check(phase(Phase::Final), &as_buyer(2), Err("phase_closed"));
    check(phase(Phase::Final), &as_role(Role::Organizer), Ok(()));
    let late = |mut ctx: Ctx, at: Timestamp| {
        ctx.now = at;
        ctx
    };
    let slots = situation().slots;
    check(|_| (), &late(as_buyer(2), slots[2].starts), Err("slot_past"));
    check(
        |_| (),
        &late(as_buyer(2), slots[1].frees - jiff::SignedDuration::from_secs(1)),
        Ok(()),
    );
    let nowhere = book(&situation(), &command(8), &as_buyer(2)).err();
    assert_eq!(nowhere, Some(Refusal::NoSuchSlot { slots: 8 }));
}

#[test]
fn what_stands_against_it() {
    let buyer_busy = |s: &mut Situation| s.buyer_busy = taken(s, 2).take(1).collect();
    let full = |s: &mut Situation| s.tables_busy = taken(s, 2).flat_map(|cell| [(1, cell), (2, cell)]).collect();
    check(buyer_busy, &as_buyer(2), Err("busy"));
    check(buyer_busy, &as_exhibitor(1), Err("other_side_unavailable"));
    check(full, &as_buyer(2), Err("other_side_unavailable"));
    check(full, &as_exhibitor(1), Err("busy"));
    check(|s| s.buyer.leaves = Some(s.slots[0].frees), &as_buyer(2), Err("busy"));
    check(|s| s.pools.clear(), &as_buyer(2), Err("no_interpreter"));
    let pool = PoolId::derived(event_id(), "en");
    check(
        |s| s.pools_busy = taken(s, 2).map(|cell| (pool, 1, cell)).collect(),
        &as_buyer(2),
        Err("no_interpreter"),
    );
    let at = situation().slots[5].starts;
    let existing = |s: &mut Situation| {
        let mut meeting = *book(s, &command(2), &as_buyer(2)).expect("booked").meeting();
        meeting.placement.slot = 5;
        s.existing = Some(meeting);
    };
    let refusal = check(existing, &as_buyer(2), Err("pair_has_meeting"));
    assert_eq!(refusal, Some(Refusal::PairHasMeeting { starts: at }));
}

#[test]
fn quotas() {
    let most = |most| Quota::new(None, Some(most)).expect("quota");
    let buyer_full = |s: &mut Situation| (s.buyer.quota, s.meetings.0) = (most(3), 3);
    check(buyer_full, &as_buyer(2), Err("quota_reached"));
    check(buyer_full, &as_exhibitor(1), Err("other_side_unavailable"));
    check(buyer_full, &as_role(Role::Organizer), Err("quota_reached"));
    check(|s| (s.buyer.quota, s.meetings.0) = (most(3), 2), &as_buyer(2), Ok(()));
    check(
        |s| (s.exhibitor.quota, s.meetings.1) = (most(0), 0),
        &as_buyer(2),
        Err("other_side_unavailable"),
    );
}

#[test]
fn a_refusal_names_what_is_possible() {
    let refusal = check(
        |s| {
            s.buyer_busy = taken(s, 2).chain(taken(s, 0)).collect();
            s.tables_busy = taken(s, 1).flat_map(|cell| [(1, cell), (2, cell)]).collect();
        },
        &as_buyer(2),
        Err("busy"),
    );
    let slots = situation().slots;
    let free: Vec<Timestamp> = slots[3..]
        .iter()
        .map(|slot| slot.starts)
        .take(MAX_ALTERNATIVES)
        .collect();
    assert_eq!(refusal.expect("refused").alternatives(), free);
}

/// Who wants to be asked first is not booked by the other side; the organizer, and the side itself, may.
#[test]
fn asked_first() {
    let shy = |s: &mut Situation| s.direct.1 = false;
    check(shy, &as_buyer(2), Err("ask_first"));
    check(shy, &as_exhibitor(1), Ok(()));
    check(shy, &as_role(Role::Organizer), Ok(()));
    check(|s| s.direct.0 = false, &as_exhibitor(1), Err("ask_first"));
    check(|s| s.direct.0 = false, &as_buyer(2), Ok(()));
    // Whatever nobody may know stands behind it: avoided, full or free, it is the same answer.
    let hidden: [fn(&mut Situation); 4] = [
        |s: &mut Situation| s.wants.1 = Some(Want::Avoid),
        |s: &mut Situation| s.exhibitor.quota = Quota::new(None, Some(0)).expect("quota"),
        |s: &mut Situation| s.tables_busy = taken(s, 2).flat_map(|cell| [(1, cell), (2, cell)]).collect(),
        |s: &mut Situation| s.buyer_busy = taken(s, 2).collect(),
    ];
    for hide in hidden {
        let hidden = check(
            |s| {
                shy(s);
                hide(s);
            },
            &as_buyer(2),
            Err("ask_first"),
        );
        assert_eq!(hidden, Some(Refusal::AskFirst));
        // The negative control: who may be booked directly answers otherwise.
        let mut open = situation();
        hide(&mut open);
        let answer = book(&open, &command(2), &as_buyer(2));
        assert_ne!(answer.err(), Some(Refusal::AskFirst));
    }
}

/// Who is avoided hears what anybody hears of a full calendar, to the letter.
#[test]
fn avoiding_never_shows() {
    let full = |s: &mut Situation| {
        s.tables_busy = (0..8)
            .flat_map(|slot| taken(s, slot))
            .flat_map(|cell| [(1, cell), (2, cell)])
            .collect();
    };
    let calendar_full = check(full, &as_buyer(2), Err("other_side_unavailable"));
    let avoided = check(
        |s| s.wants.1 = Some(Want::Avoid),
        &as_buyer(2),
        Err("other_side_unavailable"),
    );
    assert_eq!(calendar_full, avoided);
    let gone = |s: &mut Situation| s.buyer.arrives = Some(s.slots[7].frees);
    let away = check(gone, &as_exhibitor(1), Err("other_side_unavailable"));
    let avoided = check(
        |s| s.wants.0 = Some(Want::Avoid),
        &as_exhibitor(1),
        Err("other_side_unavailable"),
    );
    assert_eq!(away, avoided);
}

#[test]
fn cancelling() {
    let booking = book(&situation(), &command(2), &as_buyer(2)).expect("booked");
    let (meeting, slot): (Meeting, _) = (*booking.meeting(), *booking.slot());
    let slots = situation().slots;
    let attempt = |standing, phase, seen, ctx: &Ctx, expect: Result<(), &str>| {
        let command = Cancel {
            seen,
            ..Cancel::of(meeting.id)
        };
        let done = cancel(&meeting, standing, &slots, phase, &command, ctx);
        assert_eq!(done.map_err(|refusal| refusal.code()), expect);
    };
    let standing = |planned, locked| Standing { planned, locked };
    let check =
        |cancelled: bool, phase, ctx: &Ctx, expect| attempt(standing(!cancelled, false), phase, None, ctx, expect);
    check(false, Phase::OpenCalendar, &as_buyer(2), Ok(()));
    check(false, Phase::OpenCalendar, &as_exhibitor(1), Ok(()));
    check(false, Phase::Final, &as_role(Role::Organizer), Ok(()));
    check(false, Phase::Final, &as_buyer(2), Err("phase_closed"));
    check(true, Phase::OpenCalendar, &as_buyer(2), Err("meeting_cancelled"));
    check(false, Phase::OpenCalendar, &as_buyer(1), Err("not_found"));
    check(false, Phase::OpenCalendar, &as_role(Role::Officer), Err("not_found"));
    let begun = Ctx {
        now: slot.starts,
        ..as_buyer(2)
    };
    check(false, Phase::OpenCalendar, &begun, Err("slot_past"));
    assert!(before() < slot.starts);
    let open = Phase::OpenCalendar;
    attempt(standing(true, true), open, None, &as_buyer(2), Err("meeting_locked"));
    attempt(standing(true, true), open, None, &as_role(Role::Organizer), Ok(()));
    attempt(standing(true, false), open, Some(0), &as_buyer(2), Ok(()));
    attempt(
        standing(true, false),
        open,
        Some(1),
        &as_buyer(2),
        Err("meeting_changed"),
    );
}
