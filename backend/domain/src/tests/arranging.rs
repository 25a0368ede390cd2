//! Arranging meetings: requests, moving, swapping, fixing, and others moved so that one more fits in.

use super::{as_buyer, as_exhibitor, as_role, before, booth, buyer, event_id, exhibitor, market};
use crate::{
    Ctx,
    access::{Role, Verb},
    booking::{Situation, Standing},
    event::Phase,
    id::{MeetingId, RequestId, ShiftId},
    market::{Meeting, Placement},
    moving::{Held, Lock, Move, Swap, lock, move_to, swap},
    participation::Quota,
    refusal::Refusal,
    request::{
        self, Accept, Counter, Decline, MAX_MESSAGE, MAX_OPEN_REQUESTS, MAX_REASON, Pending, Request, RequestMeeting,
        State, accept, ask, counter, decline, withdraw,
    },
    shift::{self, AnswerShift, FitIn, Mover, Plan, UnderWay},
    time::SignedDuration,
    wish::{Pair, Side, Want},
};
use std::collections::HashSet;
use uuid::Uuid;

fn pair(b: usize, x: usize) -> Pair {
    Pair {
        buyer: buyer(b).id,
        exhibitor: exhibitor(x).id,
    }
}

/// A buyer and an exhibitor, the calendar open and empty.
fn situation(b: usize, x: usize) -> Situation {
    let market = market(2, 1);
    Situation {
        phase: Phase::OpenCalendar,
        slots: market.slots,
        buyer: buyer(b),
        exhibitor: exhibitor(x),
        booth: booth(&exhibitor(x)),
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

/// A meeting in the calendar of a situation.
fn held(situations: &mut [&mut Situation], (b, x): (usize, usize), slot: u16, table: u16) -> Held {
    let meeting = Meeting {
        id: MeetingId::derived(event_id(), &format!("{b}-{x}")),
        placement: Placement {
            pair: pair(b, x),
            slot,
            booth: booth(&exhibitor(x)).id,
            table,
            interpreter: None,
        },
        timetable: None,
        revision: 3,
    };
    for situation in situations {
        for cell in situation.slots[usize::from(slot)].span().cells() {
            if situation.buyer.id == buyer(b).id {
                situation.buyer_busy.insert(cell);
            }
            if situation.exhibitor.id == exhibitor(x).id {
                situation.tables_busy.insert((table, cell));
            }
        }
        if situation.buyer.id == buyer(b).id && situation.exhibitor.id == exhibitor(x).id {
            situation.existing = Some(meeting);
        }
    }
    let standing = Standing {
        planned: true,
        locked: false,
    };
    Held { meeting, standing }
}

fn later(ctx: Ctx, hours: i64) -> Ctx {
    Ctx {
        now: ctx.now + SignedDuration::from_hours(hours),
        ..ctx
    }
}

fn command() -> RequestMeeting {
    RequestMeeting {
        id: RequestId(Uuid::from_u128(7)),
        pair: pair(1, 1),
        side: None,
        message: String::new(),
        slots: vec![2, 1, 2],
    }
}

/// B1 asks X1.
fn open() -> Request {
    ask(&situation(1, 1), Pending::default(), &command(), &as_buyer(1)).expect("asked")
}

fn asks(change: impl FnOnce(&mut Situation, &mut RequestMeeting), ctx: &Ctx, expect: Result<Side, &str>) {
    let (mut situation, mut command) = (situation(1, 1), command());
    change(&mut situation, &mut command);
    let asked = ask(&situation, Pending::default(), &command, ctx);
    assert_eq!(
        asked.as_ref().map(|it| it.side).map_err(Refusal::code),
        expect,
        "{asked:?}"
    );
}

#[test]
fn asking() {
    let request = open();
    assert_eq!((request.turn, &request.slots[..]), (Side::Exhibitor, &[1, 2][..]));
    assert_eq!(request.expires_at, before() + SignedDuration::from_hours(48));
    asks(|_, _| (), &as_exhibitor(1), Ok(Side::Exhibitor));
    asks(|_, _| (), &as_role(Role::Organizer), Ok(Side::Buyer));
    asks(
        |_, c| c.side = Some(Side::Exhibitor),
        &as_role(Role::Organizer),
        Ok(Side::Exhibitor),
    );
    asks(|_, _| (), &as_buyer(2), Err("not_found"));
    asks(|_, _| (), &as_role(Role::Visitor), Err("not_found"));
    for phase in [Phase::Wishes, Phase::Calculated, Phase::Final, Phase::After] {
        asks(|s, _| s.phase = phase, &as_buyer(1), Err("phase_closed"));
        asks(|s, _| s.phase = phase, &as_buyer(2), Err("not_found"));
    }
    asks(|_, c| c.slots = vec![8], &as_buyer(1), Err("no_such_slot"));
    asks(|_, c| c.slots = (0..=20).collect(), &as_buyer(1), Err("malformed"));
    asks(
        |s, _| {
            s.buyer.quota = Quota::new(None, Some(2)).expect("a quota");
            s.meetings = (2, 0);
        },
        &as_buyer(1),
        Err("quota_reached"),
    );
    // The other side's quota is its own affair.
    asks(
        |s, _| {
            s.exhibitor.quota = Quota::new(None, Some(2)).expect("a quota");
            s.meetings = (0, 2);
        },
        &as_buyer(1),
        Ok(Side::Buyer),
    );
    let past = Ctx {
        now: situation(1, 1).slots[1].starts,
        ..as_buyer(1)
    };
    asks(|_, _| (), &past, Err("slot_past"));
    asks(
        |s, _| _ = held(&mut [s], (1, 1), 4, 1),
        &as_buyer(1),
        Err("pair_has_meeting"),
    );
    let pending = |of_pair, of_person| {
        let pending = Pending { of_pair, of_person };
        ask(&situation(1, 1), pending, &command(), &as_buyer(1)).map_err(|no| no.code())
    };
    assert_eq!(pending(true, 0), Err("request_open"));
    assert_eq!(pending(false, MAX_OPEN_REQUESTS), Err("too_many_requests"));
    assert!(pending(false, MAX_OPEN_REQUESTS - 1).is_ok());
}

/// The asker who is avoided gets what anybody gets; the side that avoids does not learn of it by asking itself.
#[test]
fn who_is_avoided_asks_like_anybody() {
    let mut avoided = situation(1, 1);
    avoided.wants.1 = Some(Want::Avoid);
    let request = ask(&avoided, Pending::default(), &command(), &as_buyer(1));
    assert_eq!(request, Ok(open()));
    assert!(open().hidden_from(Side::Exhibitor, avoided.wants) && !open().hidden_from(Side::Buyer, avoided.wants));
    for of_pair in [true, false] {
        let pending = Pending { of_pair, of_person: 0 };
        let own = ask(&avoided, pending, &command(), &as_exhibitor(1));
        assert_eq!(own, Err(Refusal::OtherSideUnavailable { free: Vec::new() }));
    }
    let accept = Accept {
        request: open().id,
        slot: Some(1),
        best: Vec::new(),
    };
    let gone = Err(Refusal::NotFound);
    assert_eq!(request::accept(&open(), &avoided, &accept, &as_exhibitor(1)), gone);
    let own = accept_as(&as_role(Role::Organizer), |s, _, _| s.wants = avoided.wants);
    assert_eq!(own, Err("other_side_unavailable"));
}

#[test]
fn texts_are_cleaned_and_bounded() {
    let say = |text: &str| {
        let command = RequestMeeting {
            message: text.to_owned(),
            ..command()
        };
        ask(&situation(1, 1), Pending::default(), &command, &as_buyer(1)).map(|it| it.message)
    };
    for (text, expect) in [
        (" hello\r\nyou\u{7}\tthere \n", "hello\nyou there"),
        ("🎷👩‍🎤 お願いします", "🎷👩‍🎤 お願いします"),
        ("שלום \u{202e}abc", "שלום \u{202e}abc"),
    ] {
        assert_eq!(say(text).as_deref(), Ok(expect));
    }
    assert!(say(&"語".repeat(MAX_MESSAGE)).is_ok());
    let long = Err(Refusal::TextTooLong { most: MAX_MESSAGE });
    assert_eq!(say(&"語".repeat(MAX_MESSAGE + 1)), long);
    assert_eq!(say(&"x".repeat(10_000)), long);
}

fn accept_as(ctx: &Ctx, change: impl FnOnce(&mut Situation, &mut Request, &mut Accept)) -> Result<u16, &'static str> {
    let (mut situation, mut request) = (situation(1, 1), open());
    let mut command = Accept {
        request: request.id,
        slot: None,
        best: vec![5, 2, 1],
    };
    change(&mut situation, &mut request, &mut command);
    let booked = accept(&request, &situation, &command, ctx);
    booked
        .map(|booking| booking.meeting().placement.slot)
        .map_err(|refusal| refusal.code())
}

#[test]
fn accepting() {
    let check = |ctx: &Ctx, change: fn(&mut Situation, &mut Request, &mut Accept), expect| {
        assert_eq!(accept_as(ctx, change), expect);
    };
    let (asked, asker, organizer) = (as_exhibitor(1), as_buyer(1), as_role(Role::Organizer));
    check(&asked, |_, _, _| (), Ok(2));
    check(&organizer, |_, _, _| (), Ok(2));
    check(&asker, |_, _, _| (), Err("not_your_turn"));
    check(&as_exhibitor(2), |_, _, _| (), Err("not_found"));
    check(&asker, |_, r, _| r.turn = Side::Buyer, Ok(2));
    check(&asked, |_, _, c| c.slot = Some(6), Ok(6));
    check(&asked, |_, r, _| r.slots.clear(), Ok(5));
    check(&asked, |_, _, c| c.best.clear(), Ok(1));
    // A suggestion that is stale is passed over.
    check(&asked, |s, _, _| s.buyer_busy.extend(s.slots[2].span().cells()), Ok(1));
    let taken: fn(&mut Situation, &mut Request, &mut Accept) = |s, _, _| {
        for slot in [1, 2] {
            s.buyer_busy.extend(s.slots[slot].span().cells());
        }
    };
    check(&asked, taken, Err("other_side_unavailable"));
    check(&asked, |s, _, _| s.phase = Phase::Final, Err("phase_closed"));
    check(&organizer, |s, _, _| s.phase = Phase::Final, Ok(2));
    check(&later(asked.clone(), 48), |_, _, _| (), Err("request_closed"));
    check(&asked, |_, r, _| r.state = State::Withdrawn, Err("request_closed"));
}

#[test]
fn declining_countering_withdrawing() {
    let request = open();
    let (asked, asker) = (as_exhibitor(1), as_buyer(1));
    let no = |request: &Request, ctx: &Ctx, reason: String| {
        let command = Decline {
            request: request.id,
            reason,
        };
        decline(request, (None, None), Phase::Final, &command, ctx).map_err(|no| no.code())
    };
    assert_eq!(
        no(&request, &asked, " ご縁がありません ".to_owned()).as_deref(),
        Ok("ご縁がありません")
    );
    assert_eq!(no(&request, &asker, String::new()), Err("not_your_turn"));
    assert_eq!(no(&request, &asked, "x".repeat(MAX_REASON + 1)), Err("text_too_long"));
    let other = |request: &Request, ctx: &Ctx| {
        let command = Counter {
            request: request.id,
            slots: vec![7],
            message: "later".to_owned(),
        };
        counter(request, &situation(1, 1), &command, ctx).map_err(|no| no.code())
    };
    let countered = other(&request, &later(asked.clone(), 40)).expect("countered");
    assert_eq!(
        (countered.turn, countered.side, &countered.slots[..]),
        (Side::Buyer, Side::Buyer, &[7][..])
    );
    assert!(countered.expires_at > request.expires_at);
    assert_eq!(other(&countered, &asked), Err("not_your_turn"));
    // The side that was asked may say no at any time, the asker to what was proposed to it.
    assert!(no(&countered, &asked, String::new()).is_ok() && no(&countered, &asker, String::new()).is_ok());
    let back = |ctx: &Ctx| withdraw(&request, (None, None), Phase::Final, ctx).map_err(|no| no.code());
    assert_eq!((back(&asker), back(&asked)), (Ok(()), Err("not_your_turn")));
    assert_eq!(
        (back(&as_role(Role::Organizer)), back(&as_buyer(2))),
        (Ok(()), Err("not_found"))
    );
    assert_eq!(back(&later(asker, 48)), Err("request_closed"));
}

/// pains.md 5: a request holds nothing, however many there are for one slot.
#[test]
fn pain_05_a_request_is_no_place() {
    let on_site = |phase| {
        let mut situation = situation(1, 1);
        situation.phase = phase;
        let command = RequestMeeting {
            slots: Vec::new(),
            ..command()
        };
        let request = ask(&situation, Pending::default(), &command, &as_buyer(1)).expect("asked");
        assert_eq!(situation.open_slots(before()).len(), 8);
        request.expires_at.duration_since(before())
    };
    assert_eq!(on_site(Phase::OpenCalendar), SignedDuration::from_hours(48));
    assert_eq!(on_site(Phase::OnSite), SignedDuration::from_hours(4));
}

fn moves(
    ctx: &Ctx,
    change: impl FnOnce(&mut Situation, &mut Held, &mut Move),
) -> Result<(u16, u16, u32), &'static str> {
    let mut situation = situation(1, 1);
    let mut held = held(&mut [&mut situation], (1, 1), 2, 1);
    let mut command = Move {
        meeting: held.meeting.id,
        slot: 3,
        seen: Some(3),
    };
    change(&mut situation, &mut held, &mut command);
    let booked = move_to(situation, &held, &command, ctx).map_err(|no| no.code())?;
    let meeting = booked.meeting();
    assert_eq!((meeting.id, meeting.timetable), (held.meeting.id, None));
    Ok((meeting.placement.slot, meeting.placement.table, meeting.revision))
}

#[test]
fn moving() {
    let (buyer, booth) = (as_buyer(1), as_exhibitor(1));
    assert_eq!(moves(&buyer, |_, _, _| ()), Ok((3, 1, 4)));
    assert_eq!(moves(&booth, |_, _, _| ()), Ok((3, 1, 4)));
    assert_eq!(moves(&as_buyer(2), |_, _, _| ()), Err("not_found"));
    assert_eq!(moves(&buyer, |_, _, c| c.slot = 2), Err("already_done"));
    assert_eq!(moves(&buyer, |_, _, c| c.slot = 8), Err("no_such_slot"));
    assert_eq!(moves(&buyer, |_, _, c| c.seen = Some(2)), Err("meeting_changed"));
    assert_eq!(moves(&buyer, |_, h, _| h.standing.locked = true), Err("meeting_locked"));
    assert_eq!(
        moves(&buyer, |_, h, _| h.standing.planned = false),
        Err("meeting_cancelled")
    );
    let organizer = as_role(Role::Organizer);
    assert_eq!(moves(&organizer, |_, h, _| h.standing.locked = true), Ok((3, 1, 4)));
    let busy = |s: &mut Situation| s.buyer_busy.extend(s.slots[3].span().cells());
    assert_eq!(moves(&buyer, |s, _, _| busy(s)), Err("busy"));
    assert_eq!(moves(&booth, |s, _, _| busy(s)), Err("other_side_unavailable"));
    // What was promised is not weighed again: neither a full quota nor a veto stands against another time, or shows.
    let full = |s: &mut Situation| {
        s.buyer.quota = Quota::new(None, Some(1)).expect("a quota");
        s.meetings = (1, 1);
        s.wants.1 = Some(Want::Avoid);
    };
    assert_eq!(moves(&buyer, |s, _, _| full(s)), Ok((3, 1, 4)));
    for phase in [Phase::Wishes, Phase::Final, Phase::After] {
        assert_eq!(moves(&buyer, |s, _, _| s.phase = phase), Err("phase_closed"));
    }
    let late = Ctx {
        now: situation(1, 1).slots[2].starts,
        ..buyer
    };
    assert_eq!(moves(&late, |_, _, _| ()), Err("slot_past"));
}

#[test]
fn swapping() {
    // X1 meets B1 at its first table in slot 2 and B3 at its second in slot 5.
    let check = |ctx: &Ctx, x: usize, expect: Result<[(u16, u16); 2], &str>| {
        let (mut first, mut second) = (situation(1, 1), situation(3, x));
        let held = [
            held(&mut [&mut first, &mut second], (1, 1), 2, 1),
            held(&mut [&mut first, &mut second], (3, x), 5, 2),
        ];
        let command = Swap {
            meetings: [held[0].meeting.id, held[1].meeting.id],
            seen: [Some(3), None],
        };
        let swapped = swap([first, second], &held, &command, ctx);
        let places = swapped.map(|both| both.map(|b| (b.meeting().placement.slot, b.meeting().placement.table)));
        assert_eq!(places.as_ref().map_err(Refusal::code).copied(), expect);
    };
    check(&as_exhibitor(1), 1, Ok([(5, 2), (2, 1)]));
    check(&as_role(Role::Organizer), 1, Ok([(5, 2), (2, 1)]));
    check(&as_buyer(1), 1, Err("not_found"));
    check(&as_exhibitor(1), 2, Err("not_found"));
    check(&as_role(Role::Organizer), 2, Err("malformed"));
}

#[test]
fn locking() {
    let check = |ctx: &Ctx, locked: bool, phase, expect| {
        let mut situation = situation(1, 1);
        let held = held(&mut [&mut situation], (1, 1), 2, 1);
        let command = Lock {
            meeting: held.meeting.id,
            locked,
        };
        let done = lock(&held, &situation.slots, phase, &command, ctx);
        assert_eq!(done.map_err(|no| no.code()), expect);
    };
    check(&as_role(Role::Organizer), true, Phase::OnSite, Ok(()));
    check(&as_role(Role::Organizer), false, Phase::OnSite, Err("already_done"));
    check(&as_role(Role::Organizer), true, Phase::Wishes, Err("phase_closed"));
    check(&as_buyer(1), true, Phase::OpenCalendar, Err("not_found"));
}

/// B1 wants X1 in slot 2, where B3 sits at the one table; B3 would go to slot 5.
fn fitting(ctx: &Ctx, open: UnderWay) -> (Situation, Vec<Mover>, Result<shift::Fit, Refusal>) {
    let (mut own, mut others) = (situation(1, 1), situation(3, 1));
    (own.booth.tables, others.booth.tables) = (1, 1);
    let held = held(&mut [&mut own, &mut others], (3, 1), 2, 1);
    let plan = Plan {
        slot: 2,
        moves: vec![(pair(3, 1), 2, 5)],
    };
    let movers = vec![Mover {
        held,
        situation: others,
        to: 5,
    }];
    let command = FitIn {
        id: ShiftId(Uuid::from_u128(9)),
        pair: pair(1, 1),
    };
    let fit = shift::fit(&own, Some(&plan), &movers, open, &command, ctx);
    (own, movers, fit)
}

#[test]
fn fitting_in_asks_first() {
    let (own, movers, fit) = fitting(&as_buyer(1), UnderWay::default());
    let asked = fit.expect("asked");
    assert!(asked.bookings.is_empty() && asked.shift.state == shift::State::Asked);
    assert_eq!((asked.shift.awaited(), asked.shift.side), (2, Side::Buyer));
    // The organizer decides.
    let (.., fit) = fitting(&as_role(Role::Organizer), UnderWay::default());
    let done = fit.expect("done");
    let slots: Vec<u16> = done.bookings.iter().map(|b| b.meeting().placement.slot).collect();
    assert_eq!((done.shift.state, slots), (shift::State::Done, vec![2, 5]));
    // The booth asks: it need not ask itself.
    let (.., fit) = fitting(&as_exhibitor(1), UnderWay::default());
    assert_eq!(fit.expect("asked").shift.awaited(), 1);
    // Who wants to be asked first is not got at by fitting in either.
    let mut shy = own.clone();
    shy.direct.1 = false;
    let command = FitIn {
        id: ShiftId(Uuid::from_u128(9)),
        pair: pair(1, 1),
    };
    let fit = |ctx: &Ctx| shift::fit(&shy, None, &[], UnderWay::default(), &command, ctx).map_err(|no| no.code());
    assert_eq!(fit(&as_buyer(1)), Err("ask_first"));
    assert_eq!(fit(&as_exhibitor(1)), Err("no_room"));
    let (.., fit) = fitting(&as_buyer(2), UnderWay::default());
    assert_eq!(fit, Err(Refusal::NotFound));
    let many = UnderWay {
        of_pair: false,
        of_person: shift::MAX_OPEN_SHIFTS,
    };
    assert_eq!(
        fitting(&as_buyer(1), many).2.map_err(|no| no.code()),
        Err("too_many_requests")
    );

    let say = |shift: &shift::Shift, yes, ctx: &Ctx| {
        let command = AnswerShift {
            shift: shift.id,
            meeting: movers[0].held.meeting.id,
            yes,
        };
        shift::answer(shift, Phase::OpenCalendar, &command, ctx).map_err(|no| no.code())
    };
    assert_eq!(say(&asked.shift, true, &as_buyer(1)), Err("not_found"));
    assert_eq!(say(&asked.shift, true, &later(as_buyer(3), 24)), Err("request_closed"));
    let refused = say(&asked.shift, false, &as_buyer(3)).expect("answered");
    assert_eq!(refused.state, shift::State::Refused);
    assert_eq!(say(&refused, true, &as_exhibitor(1)), Err("request_closed"));
    let half = say(&asked.shift, true, &as_buyer(3)).expect("answered");
    assert_eq!(say(&half, true, &as_buyer(3)), Err("already_done"));
    let agreed = say(&half, true, &as_exhibitor(1)).expect("answered");
    assert_eq!((agreed.awaited(), agreed.state), (0, shift::State::Asked));
    assert_eq!(
        shift::done(&agreed, &own, &movers, &as_exhibitor(1)).map(|all| all.len()),
        Ok(2)
    );
    // What was agreed to is done as it was seen, or not at all.
    let mut changed = movers.clone();
    changed[0].held.meeting.revision += 1;
    assert_eq!(
        shift::done(&agreed, &own, &changed, &as_exhibitor(1)),
        Err(Refusal::NoRoom)
    );
    changed[0].held = movers[0].held;
    changed[0].held.standing.locked = true;
    assert_eq!(
        shift::done(&agreed, &own, &changed, &as_exhibitor(1)),
        Err(Refusal::NoRoom)
    );
}

#[test]
fn verbs_have_their_words() {
    let verbs = [
        Verb::RequestMeeting,
        Verb::MoveMeeting,
        Verb::FitIn,
        Verb::ExpireRequests,
    ];
    assert_eq!(
        verbs.map(Verb::code),
        ["requestMeeting", "moveMeeting", "fitIn", "expireRequests"]
    );
    for state in State::ALL {
        assert_eq!(State::parse(state.code()), Some(state));
    }
    for state in shift::State::ALL {
        assert_eq!(shift::State::parse(state.code()), Some(state));
    }
}
