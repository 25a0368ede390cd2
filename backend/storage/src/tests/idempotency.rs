//! The same act sent again, however often and however close together, has one effect and one answer.

use super::{
    ground::{market_of, on_both, rows},
    sample::{self, ctx, event_id, key, timetable_id},
};
use crate::{Error, timetable::Proposed};
use domain::{
    Refusal,
    booking::{BookMeeting, Cancel},
    event::Phase,
    id::MeetingId,
};
use futures_util::future::join_all;

#[tokio::test]
async fn sent_one_to_five_times_it_is_done_once() {
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let ctx = ctx(event_id("tokyo"));
        store
            .move_phase(&ctx, key("open"), Phase::OpenCalendar)
            .await
            .expect("moved");
        let placements = sample::proposal(&market_of(&store, "tokyo").await, 0).placements;
        for (times, placement) in (1..=5).zip(&placements) {
            let id = MeetingId(key(&format!("{times} times")));
            let command = BookMeeting {
                id,
                pair: placement.pair,
                slot: placement.slot,
            };
            for answer in join_all((0..times).map(|_| store.book_meeting(&ctx, command))).await {
                assert_eq!(answer.expect("booked").id, id);
            }
            let booked = rows(&store).await;
            assert_eq!(store.book_meeting(&ctx, command).await.expect("the same answer").id, id);
            assert_eq!(rows(&store).await, booked, "nothing happens any more");
            if times == 5 {
                let cancel = || store.cancel_meeting(&ctx, Cancel::of(id), key("cancel"));
                for answer in join_all((0..5).map(|_| cancel())).await {
                    assert_eq!(answer.expect("cancelled"), id);
                }
                // Answered as it was, though the meeting is gone by now.
                assert_eq!(store.book_meeting(&ctx, command).await.expect("the same answer").id, id);
            }
        }
        assert_eq!(market_of(&store, "tokyo").await.meetings.len(), 4);
        assert_eq!(
            ground
                .number("SELECT count(*) FROM audit WHERE verb = 'bookMeeting'")
                .await,
            5
        );
        assert_eq!(
            ground
                .number("SELECT count(*) FROM audit WHERE verb = 'cancelMeeting'")
                .await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn timetables_too() {
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let ctx = ctx(event_id("tokyo"));
        let proposal = sample::proposal(&market_of(&store, "tokyo").await, 0);
        let id = timetable_id("v1");
        let keep = || store.keep_proposal(&ctx, Proposed { id, seed: 1 }, proposal.clone());
        for answer in join_all((0..3).map(|_| keep())).await {
            assert_eq!(answer.expect("kept").version, 1);
        }
        let publish = || store.publish_timetable(&ctx, id, key("publish"));
        for answer in join_all((0..3).map(|_| publish())).await {
            assert_eq!(answer.expect("published").state, domain::timetable::State::Published);
        }
        let published = rows(&store).await;
        publish().await.expect("the same answer");
        assert_eq!(rows(&store).await, published);
        assert_eq!(ground.number("SELECT count(*) FROM timetable").await, 1);
        // Another key is another act, and that is refused: it is published already.
        let error = store
            .publish_timetable(&ctx, id, key("another"))
            .await
            .expect_err("refused");
        assert!(
            matches!(error, Error::Refused(Refusal::TimetableState { state: "published" })),
            "{error:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_is_not_used_for_something_else() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let system = ctx(event_id("tokyo"));
        store
            .move_phase(&system, key("open"), Phase::OpenCalendar)
            .await
            .expect("moved");
        let placements = sample::proposal(&market_of(&store, "tokyo").await, 0).placements;
        let command = BookMeeting {
            id: MeetingId(key("it")),
            pair: placements[0].pair,
            slot: placements[0].slot,
        };
        store.book_meeting(&system, command).await.expect("booked");
        let before = rows(&store).await;
        let reused = |error: Error| assert!(matches!(error, Error::Refused(Refusal::KeyReused)), "{error:?}");
        let other_slot = BookMeeting {
            slot: placements[0].slot + 1,
            ..command
        };
        reused(store.book_meeting(&system, other_slot).await.expect_err("refused"));
        let other_pair = BookMeeting {
            pair: placements[1].pair,
            slot: placements[1].slot,
            ..command
        };
        reused(store.book_meeting(&system, other_pair).await.expect_err("refused"));
        reused(
            store
                .move_phase(&system, key("open"), Phase::After)
                .await
                .expect_err("refused"),
        );
        // Of somebody else it is another act: not answered with what the first was told.
        let person = import
            .people
            .iter()
            .find(|p| p.email.as_deref().is_some_and(|e| e.starts_with("o01")));
        let actor = store
            .actor(system.event, person.expect("the organizer").id)
            .await
            .expect("an actor");
        let organizer = domain::Ctx {
            actor,
            ..system.clone()
        };
        let error = store
            .book_meeting(&organizer, other_pair)
            .await
            .expect_err("the meeting's id is taken");
        reused(error);
        assert_eq!(rows(&store).await, before);
    })
    .await;
}

#[tokio::test]
async fn refusals_are_not_remembered() {
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let ctx = ctx(event_id("tokyo"));
        let placement = sample::proposal(&market_of(&store, "tokyo").await, 0).placements[0];
        let command = BookMeeting {
            id: MeetingId(key("it")),
            pair: placement.pair,
            slot: placement.slot,
        };
        let before = rows(&store).await;
        let error = store
            .book_meeting(&ctx, command)
            .await
            .expect_err("calendars are closed");
        assert!(
            matches!(error, Error::Refused(Refusal::PhaseClosed { .. })),
            "{error:?}"
        );
        assert_eq!(rows(&store).await, before);
        store
            .move_phase(&ctx, key("open"), Phase::OpenCalendar)
            .await
            .expect("moved");
        store
            .book_meeting(&ctx, command)
            .await
            .expect("the same key may succeed later");
    })
    .await;
}
