//! G2 and G8 under kill -9: a process of its own is killed at every statement of an act. What it leaves is all of the
//! act or nothing of it, and the act sent again with the same key is done once. With the transaction switched off the
//! same kills do leave half done acts: so it is the transaction that keeps the promise.

use super::{
    ground::{Ground, market_of, on_both, rows, variable},
    sample::{self, SMALL, Size, ctx, event_id, key, market, timetable_id},
    tap::{PARKED, Tap, tapped},
};
use crate::{Database, Error, Store, timetable::Proposed};
use serde::{Deserialize, Serialize};
use std::{process::Stdio, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

/// How the parent tells its child what to do.
const ORDER: &str = "ICHIBA_TEST_CHILD";
/// Kills wanted of every act on every database.
const LEAST_KILLS: u64 = 20;
/// After every so manieth of them the act is asked for again.
const ASKED_AGAIN: u64 = 6;
/// Kills with the transaction switched off.
const CONTROLS: u64 = 4;

/// What the child does until it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Deed {
    /// Opens a database with nothing in it.
    Migrate,
    /// Imports files that bring something new and change something old.
    Import,
    /// Publishes a version in the place of another.
    Publish,
}

#[derive(Serialize, Deserialize)]
struct Order {
    url: String,
    deed: Deed,
    /// At which statement it stops and waits to be killed.
    park_at: Option<u64>,
    /// Whether every statement is committed on its own.
    alone: bool,
}

impl Deed {
    /// What is there before.
    async fn prepare(self, ground: &Ground) {
        if self == Deed::Migrate {
            return;
        }
        let (store, _) = ground.small().await;
        let ctx = ctx(event_id("tokyo"));
        for (name, shift) in [("first", 0), ("second", 3)] {
            let mut proposal = sample::proposal(&market_of(&store, "tokyo").await, shift);
            proposal.placements.truncate(proposal.placements.len() - shift);
            store
                .keep_proposal(
                    &ctx,
                    Proposed {
                        id: timetable_id(name),
                        seed: 1,
                    },
                    proposal,
                )
                .await
                .expect("kept");
        }
        store
            .publish_timetable(&ctx, timetable_id("first"), key("publish first"))
            .await
            .expect("published");
    }

    /// Always with the same key.
    async fn run(self, store: &Store) -> Result<(), Error> {
        let ctx = ctx(event_id("tokyo"));
        match self {
            Deed::Migrate => Ok(()),
            Deed::Import => {
                let mut import = market(
                    "tokyo",
                    Size {
                        buyers: 10,
                        exhibitors: 5,
                        ..SMALL
                    },
                );
                import.booths[0].staffing.clear();
                import.buyers[6].genres.clear();
                // Another slot in which the first version, which is published, leaves the two free.
                let market = market_of(store, "tokyo").await;
                let person = import.buyers[8].person;
                import
                    .absences
                    .push(sample::absence(person, "new", market.slots[7].span()));
                store.import(&ctx, key("the import"), import).await.map(drop)
            }
            Deed::Publish => store
                .publish_timetable(&ctx, timetable_id("second"), key("publish second"))
                .await
                .map(drop),
        }
    }
}

/// Opens the database and does the deed, under the tap. Opening counts only where it is the deed.
async fn act(url: &str, deed: Deed, tap: &Arc<Tap>) -> Result<(), Error> {
    if deed == Deed::Migrate {
        tap.arm();
    }
    let store = tapped(tap, Store::open(url)).await?;
    if deed != Deed::Migrate {
        tap.arm();
    }
    deed.run(&store).await
}

/// The child. As a test among the others it has no order and is done at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Some(order) = variable(ORDER) else { return };
    let Order {
        url,
        deed,
        park_at,
        alone,
    } = serde_json::from_str(&order).expect("an order");
    let tap = Arc::new(Tap::that(park_at, alone));
    let done = act(&url, deed, &tap).await;
    println!("\nnot parked: {done:?} after {} statements", tap.steps());
}

/// Has the deed done by a child that is killed (SIGKILL) at that statement.
async fn kill(order: &Order) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "tests::kill::child", "--nocapture"])
        .env(ORDER, serde_json::to_string(order).expect("an order"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("a child");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut heard = Vec::new();
    loop {
        match lines.next_line().await.expect("its output") {
            Some(line) if line.starts_with(PARKED) => break,
            Some(line) => heard.push(line),
            None => panic!(
                "{:?} at {:?}: the child ended by itself: {heard:?}",
                order.deed, order.park_at
            ),
        }
    }
    child.kill().await.expect("killed");
}

/// What was there before and what is there after an undisturbed deed, and how many steps that takes.
struct Undisturbed {
    before: Vec<String>,
    after: Vec<String>,
    steps: u64,
}

async fn undisturbed(base: &Ground, deed: Deed) -> Undisturbed {
    let ground = if deed == Deed::Migrate {
        base.fresh().await
    } else {
        base.copy().await
    };
    let tap = Arc::new(Tap::default());
    let before = if deed == Deed::Migrate {
        Vec::new()
    } else {
        rows(&ground.store().await).await
    };
    act(&ground.url, deed, &tap).await.expect("done");
    let after = rows(&ground.store().await).await;
    ground.gone().await;
    Undisturbed {
        before,
        after,
        steps: tap.steps(),
    }
}

/// Kills at every step, and once between the commit and the answer. As long as nothing is left, the next kill finds
/// the same database; after some of them, and after the last, the deed is asked for again.
async fn every_kill_leaves_all_or_nothing(base: &Ground, deed: Deed) {
    deed.prepare(base).await;
    let whole = undisturbed(base, deed).await;
    assert!(whole.steps >= LEAST_KILLS, "{deed:?} has {} steps only", whole.steps);
    let mut open: Option<(Ground, Store)> = None;
    for park_at in 1..=whole.steps {
        let (ground, store) = if let Some(open) = open.take() {
            open
        } else {
            let ground = base.copy().await;
            let store = ground.store().await;
            (ground, store)
        };
        kill(&Order {
            url: ground.url.clone(),
            deed,
            park_at: Some(park_at),
            alone: false,
        })
        .await;
        let committed = park_at == whole.steps;
        let expected = if committed { &whole.after } else { &whole.before };
        assert!(
            rows(&store).await == *expected,
            "{deed:?} killed at {park_at} of {}: half done",
            whole.steps
        );
        if !committed && !park_at.is_multiple_of(ASKED_AGAIN) {
            open = Some((ground, store));
            continue;
        }
        drop(store);
        let store = ground.store().await;
        assert!(
            rows(&store).await == *expected,
            "{deed:?} killed at {park_at}: another after opening"
        );
        deed.run(&store).await.expect("asked again, it is done");
        assert!(
            rows(&store).await == whole.after,
            "{deed:?} killed at {park_at}: asked again, it is done otherwise"
        );
        drop(store);
        ground.gone().await;
    }
    println!("{:?}: {} kills in {deed:?}, 0 half done", base.kind, whole.steps);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_all_or_nothing() {
    on_both(async |ground| every_kill_leaves_all_or_nothing(ground, Deed::Import).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publication_is_all_or_nothing() {
    on_both(async |ground| every_kill_leaves_all_or_nothing(ground, Deed::Publish).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_transaction_acts_are_left_half_done() {
    on_both(async |base| {
        Deed::Publish.prepare(base).await;
        for deed in [Deed::Import, Deed::Publish] {
            let whole = undisturbed(base, deed).await;
            let mut half = 0;
            for n in 0..CONTROLS {
                // Spread over the second half, where the writing is.
                let park_at = Some(whole.steps / 2 + n * whole.steps / (2 * CONTROLS));
                let ground = base.copy().await;
                kill(&Order {
                    url: ground.url.clone(),
                    deed,
                    park_at,
                    alone: true,
                })
                .await;
                let left = rows(&ground.store().await).await;
                half += u64::from(left != whole.before && left != whole.after);
                ground.gone().await;
            }
            assert!(
                half > 0,
                "{deed:?}: the kills prove nothing, they find nothing half done even without protection"
            );
            println!(
                "{:?}: {CONTROLS} kills in {deed:?} without the transaction, {half} half done",
                base.kind
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_is_all_or_nothing() {
    on_both(async |base| {
        let whole = undisturbed(base, Deed::Migrate).await;
        let tables = match base.kind {
            Database::Sqlite => "SELECT count(*) FROM sqlite_master WHERE type = 'table'",
            Database::Postgres => "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
        };
        let mut empty = 0;
        for n in 1..=LEAST_KILLS {
            let (url, park_at) = (base.url.clone(), Some(n * whole.steps / LEAST_KILLS));
            kill(&Order {
                url,
                deed: Deed::Migrate,
                park_at,
                alone: false,
            })
            .await;
            if base.number(tables).await > 0 {
                break;
            }
            empty += 1;
        }
        assert!(empty > LEAST_KILLS / 2, "{empty} kills before the commit");
        let all = base.number(tables).await;
        let health = base.store().await.health().await.expect("healthy");
        assert_eq!(
            (health.migrations, base.number(tables).await),
            (5, all),
            "what the last kill left is whole"
        );
    })
    .await;
}
