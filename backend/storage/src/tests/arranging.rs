//! Arranging meetings: requests that hold nothing, meetings that move, and others that are asked to.

use super::{
    ground::{Ground, market_of, number, on_both, on_sqlite, snapshot},
    sample::{Size, ctx, event_id, key},
};
use crate::{Error, Store};
use domain::{
    Ctx, Refusal,
    booking::{BookMeeting, Cancel},
    event::Phase,
    id::{MeetingId, PersonId, RequestId, ShiftId},
    import::Import,
    market::Placement,
    moving::{Lock, Move, Swap},
    notice::NoticeKind,
    request::{Accept, RequestMeeting, State},
    shift::{AnswerShift, FitIn, Plan, State as Shifted},
    time::{SignedDuration, Timestamp},
    timetable::holds,
    wish::{Pair, SetWish, Side, Want},
};

/// One table a booth, so that people stand in each other's way.
const TIGHT: Size = Size {
    buyers: 6,
    exhibitors: 3,
    tables: 1,
    slots: 6,
};

/// A market with its calendar open.
pub(super) async fn open(ground: &Ground) -> (Store, Import) {
    let (store, mut import) = (ground.store().await, super::sample::market("tokyo", TIGHT));
    import.booths[0].staffing.clear();
    for exhibitor in &mut import.exhibitors {
        exhibitor.languages.clone_from(&import.buyers[2].languages);
        exhibitor.languages.push(import.buyers[1].languages[0]);
    }
    for buyer in &mut import.buyers {
        (buyer.arrives, buyer.leaves) = (None, None);
    }
    (import.attendance, import.absences) = (Vec::new(), Vec::new());
    let ctx = ctx(event_id("tokyo"));
    store
        .import(&ctx, key("tokyo"), import.clone())
        .await
        .expect("imported");
    let phase = store.move_phase(&ctx, key("open"), Phase::OpenCalendar);
    phase.await.expect("moved");
    (store, import)
}

/// Who a code is, asking at a moment.
pub(super) async fn by(store: &Store, code: &str, now: Timestamp) -> Ctx {
    let event = event_id("tokyo");
    let person = PersonId::derived(event, code);
    Ctx {
        actor: store.actor(event, person).await.expect("an actor"),
        now,
        ..ctx(event)
    }
}

async fn ctx_of(store: &Store, code: &str) -> Ctx {
    by(store, code, super::sample::now()).await
}

pub(super) fn pair(import: &Import, b: usize, x: usize) -> Pair {
    Pair {
        buyer: import.buyers[b].id,
        exhibitor: import.exhibitors[x].id,
    }
}

fn asks(import: &Import, (b, x): (usize, usize), slots: &[u16]) -> RequestMeeting {
    RequestMeeting {
        id: RequestId(key(&format!("request {b} {x} {slots:?}"))),
        pair: pair(import, b, x),
        side: None,
        message: "🎷 שלום".to_owned(),
        slots: slots.to_vec(),
    }
}

fn books(import: &Import, (b, x): (usize, usize), slot: u16) -> BookMeeting {
    BookMeeting {
        id: MeetingId(key(&format!("meeting {b} {x} {slot}"))),
        pair: pair(import, b, x),
        slot,
    }
}

pub(super) fn yes(request: RequestId, slot: Option<u16>) -> Accept {
    Accept {
        request,
        slot,
        best: Vec::new(),
    }
}

pub(super) fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> &'static str {
    match answer {
        Ok(_) => "",
        Err(Error::Refused(refusal)) => refusal.code(),
        Err(error) => panic!("neither done nor refused: {error:?}"),
    }
}

const DOUBLES: &str =
    "SELECT count(*) FROM (SELECT 1 FROM occupancy GROUP BY resource, lane, cell HAVING count(*) > 1) AS doubles";
const OF_NOTHING: &str = "SELECT count(*) FROM occupancy WHERE kind = 'meeting' AND holder NOT IN \
                          (SELECT id FROM meeting WHERE state = 'planned')";
const PAIRS: &str = "SELECT count(*) FROM (SELECT 1 FROM meeting WHERE state = 'planned' GROUP BY event_id, buyer_id, \
                     exhibitor_id HAVING count(*) > 1) AS pairs";

/// Places are exactly those of planned meetings, and nobody is at two of them at once.
pub(super) async fn sound(ground: &Ground, store: &Store) {
    let db = ground.raw().await;
    for none in [DOUBLES, OF_NOTHING, PAIRS] {
        assert_eq!(number(&db, none).await, 0, "{none}");
    }
    let market = market_of(store, "tokyo").await;
    let placements: Vec<Placement> = market.meetings.iter().map(|meeting| meeting.placement).collect();
    holds(&market, &placements).expect("the calendar holds");
    let places = |placement: &Placement| {
        let cells = market.slots[usize::from(placement.slot)].span().cells().count();
        cells * (2 + usize::from(placement.interpreter.is_some()))
    };
    let expected: usize = placements.iter().map(places).sum();
    let taken = number(&db, "SELECT count(*) FROM occupancy WHERE kind = 'meeting'").await;
    assert_eq!(taken, expected as i64);
    for placement in &placements {
        let slot = &market.slots[usize::from(placement.slot)];
        let resources = [placement.booth.0];
        let snapshot = snapshot(store, "tokyo").await;
        let there = crate::occupancy::taken(snapshot.scope(), &resources, slot.span().cells());
        let there = there.await.expect("read");
        assert!(
            there.iter().any(|(_, lane, _)| *lane == placement.table),
            "{placement:?}"
        );
    }
    db.close().await.expect("closed");
}

/// pains.md 1: two requests for one slot, both accepted at once, become one meeting; the other stays open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pain_01_two_requests_for_one_slot_become_one_meeting() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let other = ground.store().await;
        for (round, slot) in [0, 2, 4].into_iter().enumerate() {
            let buyers = [2 * round, 2 * round + 1];
            let mut requests = Vec::new();
            for b in buyers {
                let ctx = ctx_of(&store, &format!("B{b:04}")).await;
                let request = store.request_meeting(&ctx, asks(&import, (b, 1), &[slot])).await;
                requests.push(request.expect("asked"));
            }
            let (one, two) = (ctx_of(&store, "X01a").await, ctx_of(&other, "X01b").await);
            let (first, second) = tokio::join!(
                store.accept_request(&one, yes(requests[0], Some(slot)), key(&format!("one {round}"))),
                other.accept_request(&two, yes(requests[1], None), key(&format!("two {round}"))),
            );
            let mut codes = [code(first), code(second)];
            codes.sort_unstable();
            assert_eq!(
                codes,
                ["", "busy"],
                "one of them, and the booth hears that its table is taken"
            );
            let mut states = Vec::new();
            for id in requests {
                let found = snapshot(&store, "tokyo").await.request(id, None).await.expect("read");
                states.push(found.expect("a request").state);
            }
            assert!(
                states.contains(&State::Open) && states.contains(&State::Accepted),
                "{states:?}"
            );
        }
        sound(ground, &store).await;
    })
    .await;
}

/// pains.md 5: pending requests block nobody. The negative control: what is accepted does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pain_05_requests_hold_nothing() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let mut asked = Vec::new();
        for b in 0..5 {
            let ctx = ctx_of(&store, &format!("B{b:04}")).await;
            asked.push(
                store
                    .request_meeting(&ctx, asks(&import, (b, 1), &[3]))
                    .await
                    .expect("asked"),
            );
        }
        let before = ground.number("SELECT count(*) FROM occupancy").await;
        assert_eq!(before, 0);
        let last = ctx_of(&store, "B0005").await;
        assert_eq!(code(store.book_meeting(&last, books(&import, (5, 1), 3)).await), "");
        // Now it is taken, and for them it is gone.
        let booth = ctx_of(&store, "X01a").await;
        let gone = store.accept_request(&booth, yes(asked[0], Some(3)), key("gone")).await;
        let Err(Error::Refused(Refusal::Busy { free })) = gone else {
            panic!("{gone:?}")
        };
        assert!(!free.is_empty(), "other times are named");
        assert_eq!(
            code(store.accept_request(&booth, yes(asked[0], None), key("none")).await),
            "busy"
        );
        assert_eq!(
            code(store.accept_request(&booth, yes(asked[0], Some(2)), key("other")).await),
            ""
        );
        let cancel = Cancel::of(books(&import, (5, 1), 3).id);
        assert_eq!(code(store.cancel_meeting(&last, cancel, key("cancel")).await), "");
        assert_eq!(
            code(store.accept_request(&booth, yes(asked[1], None), key("again")).await),
            ""
        );
        sound(ground, &store).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_run_out_and_are_told_of_once() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let buyer = ctx_of(&store, "B0000").await;
        // Twice the same: the same request.
        let first = asks(&import, (0, 0), &[1]);
        for _ in 0..2 {
            assert_eq!(
                store.request_meeting(&buyer, first.clone()).await.expect("asked"),
                first.id
            );
        }
        let again = || asks(&import, (0, 0), &[2]);
        assert_eq!(code(store.request_meeting(&buyer, again()).await), "request_open");
        let three_days = super::sample::now() + SignedDuration::from_hours(72);
        let (later, booth) = (
            by(&store, "B0000", three_days).await,
            by(&store, "X00a", three_days).await,
        );
        let open = snapshot(&store, "tokyo").await;
        let side = (Side::Buyer, import.buyers[0].id.0);
        let counted = |rows: Result<Vec<_>, Error>| rows.expect("read").len();
        assert_eq!(counted(open.requests_of(side, Some(true), buyer.now).await), 1);
        assert_eq!(counted(open.requests_of(side, Some(true), three_days).await), 0);
        assert_eq!(counted(open.requests_of(side, Some(false), three_days).await), 1);
        drop(open);
        assert_eq!(
            code(store.accept_request(&booth, yes(first.id, None), key("late")).await),
            "request_closed"
        );
        // It does not stand in the way, written down or not.
        assert_eq!(code(store.request_meeting(&later, again()).await), "");
        assert_eq!(
            ground
                .number("SELECT count(*) FROM notice WHERE kind = 'request_expired'")
                .await,
            0,
            "its own act"
        );
        let much_later = ctx(event_id("tokyo"));
        let much_later = Ctx {
            now: three_days + SignedDuration::from_hours(72),
            ..much_later
        };
        assert_eq!(store.expire_requests(&much_later).await.expect("swept"), 1);
        assert_eq!(store.expire_requests(&much_later).await.expect("swept"), 0);
        assert_eq!(
            ground
                .number("SELECT count(*) FROM notice WHERE kind = 'request_expired'")
                .await,
            1
        );
        assert_eq!(
            code(store.expire_requests(&later).await),
            "not_found",
            "the worker's verb"
        );
        assert_eq!(store.check_audit().await.expect("checked").1, None);
    })
    .await;
}

/// Who does not want to meet the other any more has nothing asked of it: the other hears what it hears of any request that
/// is taken back, and what it has asked itself stays as it is.
#[tokio::test]
async fn avoiding_takes_back_what_one_has_asked() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let (avoids, withdraws) = (ctx_of(&store, "B0003").await, ctx_of(&store, "B0004").await);
        let booth = ctx_of(&store, "X01a").await;
        let mut asked = Vec::new();
        for (b, ctx) in [(3, &avoids), (4, &withdraws)] {
            let one = asks(&import, (b, 1), &[1]);
            asked.push(store.request_meeting(ctx, one).await.expect("asked"));
        }
        let theirs = store.request_meeting(&ctx_of(&store, "X02a").await, asks(&import, (3, 2), &[2]));
        let theirs = theirs.await.expect("asked");
        for (x, of) in [(1, "avoids"), (2, "avoids too")] {
            let wish = SetWish {
                pair: pair(&import, 3, x),
                side: None,
                want: Some(Want::Avoid),
            };
            store.set_wish(&avoids, wish, key(of)).await.expect("said");
        }
        store
            .withdraw_request(&withdraws, asked[1], key("withdraws"))
            .await
            .expect("withdrawn");
        let read = snapshot(&store, "tokyo").await;
        let mut seen = Vec::new();
        for id in &asked {
            let request = read.request(*id, Some(Side::Exhibitor)).await.expect("read").expect("seen");
            seen.push((request.state, request.answered_at, request.reason));
        }
        assert_eq!(seen[0].0, State::Withdrawn);
        assert_eq!(seen[0], seen[1], "a request that is taken back looks like any other");
        let person = booth.actor.person.expect("a person");
        let told = read.notices(person, None, 10).await.expect("read");
        let told: Vec<_> = told
            .into_iter()
            .filter(|notice| notice.kind == NoticeKind::RequestWithdrawn)
            .map(|notice| (notice.said.starts, notice.said.text, notice.said.by, notice.about.meeting))
            .collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0], told[1], "and is told like any other");
        let open = read.request(theirs, Some(Side::Exhibitor)).await.expect("read");
        assert_eq!(open.map(|request| request.state), Some(State::Open), "the other's stays");
        assert_eq!(read.request(theirs, Some(Side::Buyer)).await.expect("read"), None);
        assert_eq!(
            code(store.withdraw_request(&avoids, asked[0], key("again")).await),
            "request_closed"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moved_swapped_and_fixed() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let (buyer, booth) = (ctx_of(&store, "B0001").await, ctx_of(&store, "X01a").await);
        let organizer = ctx_of(&store, "O01").await;
        let (a, b) = (books(&import, (1, 1), 1), books(&import, (1, 2), 4));
        for meeting in [a, b, books(&import, (2, 1), 3)] {
            store.book_meeting(&organizer, meeting).await.expect("booked");
        }
        let go = |meeting: BookMeeting, slot, seen| Move {
            meeting: meeting.id,
            slot,
            seen,
        };
        assert_eq!(
            code(store.move_meeting(&buyer, go(a, 3, Some(0)), key("1")).await),
            "other_side_unavailable"
        );
        for _ in 0..2 {
            assert_eq!(code(store.move_meeting(&buyer, go(a, 2, Some(0)), key("2")).await), "");
        }
        // Two tabs: the second shows what is no longer so.
        assert_eq!(
            code(store.move_meeting(&booth, go(a, 5, Some(0)), key("3")).await),
            "meeting_changed"
        );
        assert_eq!(
            code(store.move_meeting(&booth, go(a, 2, Some(1)), key("4")).await),
            "already_done"
        );
        sound(ground, &store).await;
        let swap = Swap {
            meetings: [a.id, b.id],
            seen: [Some(1), Some(0)],
        };
        assert_eq!(code(store.swap_meetings(&booth, swap, key("5")).await), "not_found");
        assert_eq!(code(store.swap_meetings(&buyer, swap, key("6")).await), "");
        let market = market_of(&store, "tokyo").await;
        let at = |id| {
            let mut all = market.meetings.iter();
            all.find(|meeting| meeting.id == id)
                .map(|m| (m.placement.slot, m.revision))
        };
        assert_eq!((at(a.id), at(b.id)), (Some((4, 2)), Some((2, 1))));
        sound(ground, &store).await;
        let lock = |locked| Lock { meeting: a.id, locked };
        assert_eq!(
            code(store.lock_meeting(&buyer, lock(true), key("7")).await),
            "not_found"
        );
        assert_eq!(code(store.lock_meeting(&organizer, lock(true), key("8")).await), "");
        assert_eq!(
            code(store.move_meeting(&buyer, go(a, 5, None), key("9")).await),
            "meeting_locked"
        );
        assert_eq!(
            code(store.cancel_meeting(&buyer, Cancel::of(a.id), key("10")).await),
            "meeting_locked"
        );
        assert_eq!(
            code(store.move_meeting(&organizer, go(a, 5, None), key("11")).await),
            ""
        );
        let moved = ground
            .number("SELECT count(*) FROM notice WHERE kind = 'meeting_moved'")
            .await;
        assert!(moved >= 5, "{moved}");
        // A meeting of another event is not there.
        let elsewhere = Ctx {
            event: event_id("osaka"),
            ..organizer
        };
        assert_eq!(
            code(store.move_meeting(&elsewhere, go(a, 2, None), key("12")).await),
            "not_found"
        );
        sound(ground, &store).await;
    })
    .await;
}

/// The third booth's only table is taken in every slot in which the fifth buyer could come.
async fn crowded(store: &Store, import: &Import) -> (Pair, Option<Plan>) {
    let organizer = ctx_of(store, "O01").await;
    for b in 0..5 {
        store
            .book_meeting(&organizer, books(import, (b, 2), b as u16))
            .await
            .expect("booked");
    }
    store
        .book_meeting(&organizer, books(import, (5, 1), 5))
        .await
        .expect("booked");
    let wanted = pair(import, 5, 2);
    let plan = Plan {
        slot: 3,
        moves: vec![(pair(import, 3, 2), 3, 5)],
    };
    (wanted, Some(plan))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_are_asked_and_then_all_is_done_at_once() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let (pair_, plan) = crowded(&store, &import).await;
        let buyer = ctx_of(&store, "B0005").await;
        let fit = |name: &str| FitIn {
            id: ShiftId(key(name)),
            pair: pair_,
        };
        assert_eq!(code(store.fit_in(&buyer, fit("none"), None).await), "no_room");
        let shift = store.fit_in(&buyer, fit("shift"), plan.clone()).await.expect("asked");
        assert_eq!(store.fit_in(&buyer, fit("shift"), None).await.expect("the same"), shift);
        assert_eq!(
            code(store.fit_in(&buyer, fit("more"), plan.clone()).await),
            "request_open"
        );
        sound(ground, &store).await;
        let moving = books(&import, (3, 2), 3).id;
        let say = |yes| AnswerShift {
            shift,
            meeting: moving,
            yes,
        };
        let (third, booth) = (ctx_of(&store, "B0003").await, ctx_of(&store, "X02a").await);
        assert_eq!(code(store.answer_shift(&buyer, say(true), key("1")).await), "not_found");
        assert_eq!(code(store.answer_shift(&third, say(true), key("2")).await), "");
        assert_eq!(
            code(store.answer_shift(&third, say(true), key("3")).await),
            "already_done"
        );
        assert_eq!(code(store.answer_shift(&booth, say(true), key("4")).await), "");
        let done = snapshot(&store, "tokyo")
            .await
            .shift(shift)
            .await
            .expect("read")
            .expect("a shift");
        assert_eq!((done.state, done.side), (Shifted::Done, Side::Buyer));
        let market = market_of(&store, "tokyo").await;
        let at = |id| market.meetings.iter().find(|m| m.id == id).map(|m| m.placement.slot);
        assert_eq!((at(done.becomes()), at(moving)), (Some(3), Some(5)));
        let mine = snapshot(&store, "tokyo").await;
        for (ctx, count) in [(&buyer, 1), (&third, 1), (&booth, 1)] {
            let of = (ctx.actor.buyer, ctx.actor.exhibitor);
            let found = mine.shifts_of(ctx.actor.person, of).await.expect("read");
            assert_eq!(found.len(), count);
        }
        sound(ground, &store).await;
    })
    .await;
}

#[tokio::test]
async fn a_shift_is_refused_lapses_or_is_the_organizers() {
    on_sqlite(async |ground| {
        let (store, import) = open(ground).await;
        let (wanted, plan) = crowded(&store, &import).await;
        let fit = |name: &str| FitIn {
            id: ShiftId(key(name)),
            pair: wanted,
        };
        let (buyer, third, booth) = (
            ctx_of(&store, "B0005").await,
            ctx_of(&store, "B0003").await,
            ctx_of(&store, "X02a").await,
        );
        let moving = books(&import, (3, 2), 3).id;
        let say = |name: &str, yes| AnswerShift {
            shift: fit(name).id,
            meeting: moving,
            yes,
        };
        let state = async |name: &str| {
            let found = snapshot(&store, "tokyo").await.shift(fit(name).id).await;
            found.expect("read").expect("a shift").state
        };
        store.fit_in(&buyer, fit("no"), plan.clone()).await.expect("asked");
        assert_eq!(code(store.answer_shift(&booth, say("no", false), key("1")).await), "");
        assert_eq!(state("no").await, Shifted::Refused);
        assert_eq!(
            code(store.answer_shift(&third, say("no", true), key("2")).await),
            "request_closed"
        );
        // Somebody moves it meanwhile: what was agreed to is not possible any more.
        store.fit_in(&buyer, fit("stale"), plan.clone()).await.expect("asked");
        let away = |slot| Move {
            meeting: moving,
            slot,
            seen: None,
        };
        store.move_meeting(&third, away(5), key("3")).await.expect("moved");
        store.move_meeting(&third, away(3), key("4")).await.expect("and back");
        assert_eq!(code(store.answer_shift(&third, say("stale", true), key("5")).await), "");
        assert_eq!(code(store.answer_shift(&booth, say("stale", true), key("6")).await), "");
        assert_eq!(state("stale").await, Shifted::Lapsed);
        // Nobody answers in time.
        store.fit_in(&buyer, fit("late"), plan.clone()).await.expect("asked");
        let late = Ctx {
            now: buyer.now + SignedDuration::from_hours(24),
            ..ctx(event_id("tokyo"))
        };
        assert_eq!(store.expire_requests(&late).await.expect("swept"), 1);
        assert_eq!(state("late").await, Shifted::Lapsed);
        let told = ground
            .number("SELECT count(*) FROM notice WHERE kind = 'shift_refused'")
            .await;
        assert_eq!(told, 3);
        sound(ground, &store).await;
        let organizer = ctx_of(&store, "O01").await;
        store.fit_in(&organizer, fit("decided"), plan).await.expect("done");
        assert_eq!(state("decided").await, Shifted::Done);
        sound(ground, &store).await;
    })
    .await;
}
