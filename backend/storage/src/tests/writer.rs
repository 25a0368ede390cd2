//! The writer: acts are committed in groups and answered afterwards; what one act does wrong is its own affair; a
//! caller that goes away leaves nothing half done.

use super::{
    ground::{Ground, market_of, number, on_both, on_postgres, snapshot},
    sample::{self, Size, ctx, event_id, key},
    tap::Tap,
};
use crate::{
    Error, Store,
    entity::organisation,
    facts::Memory,
    scope::{self, Scope},
};
use domain::{
    Refusal,
    booking::BookMeeting,
    event::Phase,
    id::{EventId, MeetingId},
};
use futures_util::{FutureExt, future::join_all};
use sea_orm::PaginatorTrait;
use std::sync::Arc;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Most acts that wait; the writer's own figure.
const MAX_WAITING: usize = 8192;
/// Most times the server is asked whether it has got rid of a transaction.
const MOST_LOOKS: usize = 5_000;

/// How an act ends.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Well,
    Refused,
    Panic,
}

/// Keeps one row, and then ends as told.
async fn keep(store: &Store, id: Uuid, end: End) -> Result<(), Error> {
    store
        .writer
        .write(move |tx| {
            async move {
                let scope = Scope {
                    tx,
                    event: EventId(Uuid::nil()),
                    memory: &Memory::default(),
                    batch: None,
                };
                let row = organisation::Model {
                    id,
                    written: "x".into(),
                    reading: None,
                    latin: None,
                    region: None,
                };
                scope.insert::<organisation::Entity>(vec![row]).await?;
                match end {
                    End::Well => Ok(()),
                    End::Refused => Err(Refusal::NotFound.into()),
                    End::Panic => panic!("on purpose"),
                }
            }
            .boxed()
        })
        .await
}

async fn kept(store: &Store) -> u64 {
    let tx = store.reading().await.expect("a reader");
    scope::world::<organisation::Entity>()
        .count(&tx)
        .await
        .expect("a count")
}

/// Holds the writer inside an act until the sender speaks; answers once it is inside.
pub(super) async fn hold(store: &Store) -> (oneshot::Sender<()>, tokio::task::JoinHandle<Result<(), Error>>) {
    let (go_on, told) = oneshot::channel::<()>();
    let (inside, is_inside) = oneshot::channel::<()>();
    let store = store.clone();
    let act = tokio::spawn(async move {
        store
            .writer
            .write(move |_| {
                async move {
                    let _ = inside.send(());
                    let _ = told.await;
                    Ok(())
                }
                .boxed()
            })
            .await
    });
    is_inside.await.expect("the writer begins");
    (go_on, act)
}

#[tokio::test]
async fn many_acts_few_commits() {
    const ACTS: usize = 500;
    on_both(async |ground| {
        let tap = Arc::new(Tap::default());
        let store = ground.tapped(&tap).await;
        tap.arm();
        let acts = (0..ACTS).map(|n| keep(&store, key(&format!("act {n}")), End::Well));
        for answer in join_all(acts).await {
            answer.expect("answered");
        }
        assert_eq!(kept(&store).await, ACTS as u64);
        // The first batch may have begun with the first act alone; 256 at most go into one.
        assert!(tap.commits() <= 4, "{} commits", tap.commits());
    })
    .await;
}

#[tokio::test]
async fn what_one_act_does_wrong_is_its_own_affair() {
    const ACTS: usize = 60;
    on_both(async |ground| {
        let tap = Arc::new(Tap::default());
        let store = ground.tapped(&tap).await;
        let (go_on, held) = hold(&store).await;
        tap.arm();
        let ends = [End::Well, End::Refused, End::Panic];
        let acts = (0..ACTS).map(|n| keep(&store, key(&format!("act {n}")), ends[n % 3]));
        let (answers, ()) = tokio::join!(join_all(acts), async { go_on.send(()).expect("it waits") });
        held.await.expect("no panic").expect("answered");
        assert_eq!(tap.commits(), 1, "all of them were in one transaction");
        for (n, answer) in answers.into_iter().enumerate() {
            match (ends[n % 3], answer) {
                (End::Well, Ok(()))
                | (End::Refused, Err(Error::Refused(Refusal::NotFound)))
                | (End::Panic, Err(Error::Corrupt(_))) => {}
                (_, answer) => panic!("act {n}: {answer:?}"),
            }
        }
        assert_eq!(kept(&store).await, ACTS as u64 / 3);
        keep(&store, key("later"), End::Well)
            .await
            .expect("the writer lives on");
        // A statement the database refuses is an act's own affair too.
        let (taken, free) = tokio::join!(
            keep(&store, key("later"), End::Well),
            keep(&store, key("latest"), End::Well)
        );
        assert!(
            matches!(taken, Err(Error::Conflict(_))) && free.is_ok(),
            "{taken:?} {free:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn when_too_much_waits_callers_come_back_later() {
    on_both(async |ground| {
        let store = ground.store().await;
        let (go_on, held) = hold(&store).await;
        let mut waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| Box::pin(store.writer.write(|_| async { Ok(()) }.boxed())))
            .collect();
        for act in &mut waiting {
            assert!(act.as_mut().now_or_never().is_none(), "it waits");
        }
        let error = keep(&store, key("one too many"), End::Well).await.expect_err("no room");
        assert!(
            matches!(&error, Error::Unavailable(why) if why.contains("waiting")),
            "{error:?}"
        );
        go_on.send(()).expect("it waits");
        held.await.expect("no panic").expect("answered");
        for answer in join_all(waiting).await {
            answer.expect("answered");
        }
        keep(&store, key("later"), End::Well)
            .await
            .expect("there is room again");
        assert_eq!(kept(&store).await, 1);
    })
    .await;
}

/// A market whose calendar is open, and one command for every pair that has a free place of its own.
async fn open(ground: &Ground) -> (Store, Vec<BookMeeting>) {
    let (store, import) = ground
        .market(
            "tokyo",
            Size {
                buyers: 40,
                exhibitors: 10,
                tables: 9,
                slots: 8,
            },
        )
        .await;
    store
        .move_phase(&ctx(event_id("tokyo")), key("open"), Phase::OpenCalendar)
        .await
        .expect("moved");
    let _ = import;
    let placed = sample::proposal(&market_of(&store, "tokyo").await, 0).placements;
    let command = |(n, p): (usize, &domain::market::Placement)| BookMeeting {
        id: MeetingId(key(&format!("meeting {n}"))),
        pair: p.pair,
        slot: p.slot,
    };
    (store, placed.iter().enumerate().map(command).collect())
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_all_or_nothing() {
    on_both(async |ground| {
        let (store, commands) = open(ground).await;
        let ctx = ctx(event_id("tokyo"));
        // Half of them are dropped where they wait for the answer; the others, and readers, are cancelled wherever
        // they happen to be.
        let mut tasks = Vec::new();
        for (n, command) in commands.iter().enumerate() {
            let mut act = Box::pin(store.book_meeting(&ctx, *command));
            if n.is_multiple_of(2) {
                assert!(act.as_mut().now_or_never().is_none(), "it waits for the commit");
                continue;
            }
            drop(act);
            let (store, ctx, command) = (store.clone(), ctx.clone(), *command);
            tasks.push(tokio::spawn(async move {
                let market = store.snapshot(ctx.event).await?.market().await?;
                store.book_meeting(&ctx, command).await.map(|_| market.meetings.len())
            }));
            for _ in 0..n % 11 {
                tokio::task::yield_now().await;
            }
            if n % 4 == 1 {
                tasks.swap_remove(n / 2 % tasks.len()).abort();
            }
        }
        for task in tasks {
            task.abort();
            let _ = task.await;
        }
        // Batches have one order: what was waiting is decided when this one is answered.
        keep(&store, key("last"), End::Well).await.expect("the writer lives on");
        let kept = whole(&store, ground).await;
        assert!(
            kept >= commands.len() / 2 && kept <= commands.len(),
            "{kept} of {}",
            commands.len()
        );
        nothing_open(ground).await;
    })
    .await;
}

/// Asserts that every meeting has all its places, its key and its entry, and nothing else has; returns how many.
async fn whole(store: &Store, ground: &Ground) -> usize {
    let market = market_of(store, "tokyo").await;
    let cells: usize = market
        .meetings
        .iter()
        .map(|meeting| {
            let lanes = 2 + usize::from(meeting.placement.interpreter.is_some());
            lanes * market.slots[usize::from(meeting.placement.slot)].span().cells().count()
        })
        .sum();
    let meetings = market.meetings.len();
    let db = ground.raw().await;
    assert_eq!(
        number(&db, "SELECT count(*) FROM occupancy WHERE kind = 'meeting'").await,
        cells as i64
    );
    for table in ["idempotency WHERE operation", "audit WHERE verb"] {
        let rows = number(&db, &format!("SELECT count(*) FROM {table} = 'bookMeeting'")).await;
        assert_eq!(rows, meetings as i64, "{table}");
    }
    meetings
}

/// Asserts that the server has no open transaction of ours. It notices the end of one a moment later.
async fn nothing_open(ground: &Ground) {
    if ground.kind == crate::Database::Sqlite {
        return ground.run("BEGIN EXCLUSIVE; COMMIT").await;
    }
    let db = ground.raw().await;
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    for _ in 0..MOST_LOOKS {
        if number(&db, open).await == 0 {
            return;
        }
    }
    panic!("a transaction stays open");
}

#[tokio::test]
async fn a_cut_connection_is_made_anew() {
    on_postgres(async |ground| {
        let store = ground.store().await;
        let (go_on, held) = hold(&store).await;
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND state LIKE 'idle in%'";
        assert_eq!(ground.number(cut).await, 1, "the writer's connection");
        let waiting = keep(&store, key("waiting"), End::Well);
        let (waiting, ()) = tokio::join!(waiting, async { go_on.send(()).expect("it waits") });
        let held = held.await.expect("no panic");
        assert!(matches!(held, Err(Error::Unavailable(_))), "{held:?}");
        // Whatever became of the one that waited: asked again, the writer is back.
        let kept_before = kept(&store).await;
        assert_eq!(kept_before == 1, waiting.is_ok());
        keep(&store, key("later"), End::Well).await.expect("the writer is back");
        assert_eq!(kept(&store).await, kept_before + 1);
        assert!(
            snapshot(&store, "nowhere").await.event().await.is_err(),
            "readers were not cut"
        );
    })
    .await;
}
