//! What the acts of one batch share: each is logged, noted and written about once, and what is taken back leaves nothing.

use super::{
    ground::{market_of, on_both},
    sample::{self, SMALL, ctx, event_id, key, market},
    writer::hold,
};
use crate::{
    Error, Store,
    entity::{audit, notice, outbox},
    scope,
};
use domain::{Refusal, booking::BookMeeting, event::Phase, id::MeetingId, market::Placement, message::MessageMeeting};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};

/// An event whose calendar is open, and bookings nothing stands against: the same in every event.
async fn open(store: &Store, code: &str) -> Vec<BookMeeting> {
    let ctx = ctx(event_id(code));
    store
        .import(&ctx, key(code), market(code, SMALL))
        .await
        .expect("imported");
    store
        .move_phase(&ctx, key(&format!("{code} open")), Phase::OpenCalendar)
        .await
        .expect("moved");
    let proposal = sample::proposal(&market_of(store, code).await, 0);
    let booking = |(n, p): (usize, &Placement)| BookMeeting {
        id: MeetingId(key(&format!("{code} {n}"))),
        pair: p.pair,
        slot: p.slot,
    };
    proposal.placements.iter().take(4).enumerate().map(booking).collect()
}

async fn rows<E>(store: &Store) -> u64
where
    E: EntityTrait,
    E::Model: Send + Sync,
{
    let tx = store.reading().await.expect("a reader");
    scope::everything::<E>().count(&tx).await.expect("a count")
}

/// Entries of the log, notices, letters.
async fn left(store: &Store) -> [u64; 3] {
    [
        rows::<audit::Entity>(store).await,
        rows::<notice::Entity>(store).await,
        rows::<outbox::Entity>(store).await,
    ]
}

#[tokio::test]
async fn acts_of_one_batch_leave_what_they_leave_alone() {
    on_both(async |ground| {
        let store = ground.store().await;
        let (alone, together) = (open(&store, "osaka").await, open(&store, "tokyo").await);
        let before = left(&store).await;
        for command in alone {
            store
                .book_meeting(&ctx(event_id("osaka")), command)
                .await
                .expect("booked");
        }
        let after = left(&store).await;
        let alone = [0, 1, 2].map(|n| after[n] - before[n]);
        assert!(alone.iter().all(|&rows| rows > 0), "{alone:?}");

        // Each of them twice with the same id, and between them its pair again under another.
        let ctx = ctx(event_id("tokyo"));
        let (go_on, held) = hold(&store).await;
        let again = |n: usize| BookMeeting {
            id: MeetingId(key(&format!("again {n}"))),
            ..together[n]
        };
        let asked = (0..together.len()).flat_map(|n| [together[n], again(n), together[n]]);
        let acts = asked.map(|command| store.book_meeting(&ctx, command));
        let (answers, ()) = tokio::join!(join_all(acts), async { go_on.send(()).expect("it waits") });
        held.await.expect("no panic").expect("answered");
        for (n, answer) in answers.into_iter().enumerate() {
            match (n % 3, answer) {
                (1, Err(Error::Refused(Refusal::PairHasMeeting { .. }))) => {}
                (0 | 2, Ok(booked)) => assert_eq!(booked.id, together[n / 3].id),
                (_, answer) => panic!("{n}: {answer:?}"),
            }
        }
        let both = left(&store).await;
        assert_eq!([0, 1, 2].map(|n| both[n] - after[n]), alone);
        let (entries, broken) = store.check_audit().await.expect("checked");
        assert_eq!((entries as u64, broken), (both[0], None));
    })
    .await;
}

#[tokio::test]
async fn what_an_act_left_for_the_end_goes_with_it() {
    on_both(async |ground| {
        let store = ground.store().await;
        let ctx = ctx(event_id("tokyo"));
        let command = open(&store, "tokyo").await[0];
        store.book_meeting(&ctx, command).await.expect("booked");
        let message = MessageMeeting {
            meeting: command.id,
            text: Some("On my way.".to_owned()),
            late_minutes: None,
        };
        let says = |of: &str| store.message_meeting(&ctx, message.clone(), key(of));
        let before = left(&store).await;
        says("once").await.expect("said");
        let after = left(&store).await;
        let once = [0, 1, 2].map(|n| after[n] - before[n]);
        assert!(once.iter().all(|&rows| rows > 0), "{once:?}");

        // No rule is against saying it again: only the key is, and that is seen when the second has left its rows.
        let (go_on, held) = hold(&store).await;
        let acts = [says("twice"), says("twice"), says("then")];
        let (answers, ()) = tokio::join!(join_all(acts), async { go_on.send(()).expect("it waits") });
        held.await.expect("no panic").expect("answered");
        for answer in answers {
            assert_eq!(answer.expect("said"), command.id);
        }
        let both = left(&store).await;
        assert_eq!([0, 1, 2].map(|n| both[n] - after[n]), once.map(|rows| 2 * rows));
        let (entries, broken) = store.check_audit().await.expect("checked");
        assert_eq!((entries as u64, broken), (both[0], None));
    })
    .await;
}
