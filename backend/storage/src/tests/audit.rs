//! S19: whatever row of the log is changed, deleted or put elsewhere, the check names the first that does not fit.

use super::{
    ground::{Ground, market_of, on_both, on_sqlite, snapshot},
    sample::{self, SMALL, ctx, event_id, key, market, timetable_id},
};
use crate::{Store, entity::audit, scope::Scope, timetable::Proposed};
use domain::{booking::BookMeeting, event::Phase, id::MeetingId};
use futures_util::FutureExt;

/// Import, phase, proposal, publication, and as many bookings as there is room for; of two events.
async fn busy(ground: &Ground) -> (Store, i64) {
    let store = ground.store().await;
    for code in ["tokyo", "osaka"] {
        let ctx = ctx(event_id(code));
        store
            .import(&ctx, key(code), market(code, SMALL))
            .await
            .expect("imported");
        store
            .move_phase(&ctx, key(&format!("{code} open")), Phase::OpenCalendar)
            .await
            .expect("moved");
        let proposal = sample::proposal(&market_of(&store, code).await, 0);
        for (n, p) in proposal.placements.iter().take(3).enumerate() {
            let id = MeetingId(key(&format!("{code} {n}")));
            store
                .book_meeting(
                    &ctx,
                    BookMeeting {
                        id,
                        pair: p.pair,
                        slot: p.slot,
                    },
                )
                .await
                .expect("booked");
        }
        let proposal = sample::proposal(&market_of(&store, code).await, 0);
        let id = timetable_id(code);
        store
            .keep_proposal(&ctx, Proposed { id, seed: 1 }, proposal)
            .await
            .expect("kept");
        store
            .publish_timetable(&ctx, id, key(&format!("{code} publish")))
            .await
            .expect("published");
    }
    (store, 14)
}

#[tokio::test]
async fn a_chain_of_many_acts_is_whole() {
    on_both(async |ground| {
        let (store, entries) = busy(ground).await;
        assert_eq!(store.check_audit().await.expect("checked"), (entries, None));
        let page = snapshot(&store, "osaka")
            .await
            .audit(Some(13), 2)
            .await
            .expect("a page");
        assert_eq!(page.iter().map(|entry| entry.number).collect::<Vec<_>>(), [12, 11]);
        assert_eq!(
            (page[0].verb.as_str(), page[0].actor.as_str()),
            ("bookMeeting", "system")
        );
        assert_eq!(
            page[0].subject,
            key("osaka 2").to_string(),
            "what a reader sees is as it was written"
        );
    })
    .await;
}

#[tokio::test]
async fn every_change_is_named() {
    on_both(async |ground| {
        let (store, entries) = busy(ground).await;
        let other = match ground.kind {
            crate::Database::Sqlite => format!("x'{}'", event_id("osaka").0.simple()),
            crate::Database::Postgres => format!("'{}'", event_id("osaka")),
        };
        let texts = ["actor", "verb", "subject", "detail", "request"];
        let mut changes: Vec<(String, i64)> = texts
            .iter()
            .map(|column| {
                (
                    format!("UPDATE audit SET {column} = {column} || ' ' WHERE number = 5"),
                    5,
                )
            })
            .collect();
        changes.extend([
            ("UPDATE audit SET at = at + 1 WHERE number = 1".to_owned(), 1),
            (format!("UPDATE audit SET event_id = {other} WHERE number = 3"), 3),
            ("UPDATE audit SET event_id = NULL WHERE number = 2".to_owned(), 2),
            (
                "UPDATE audit SET seal = (SELECT seal FROM audit WHERE number = 2) WHERE number = 9".to_owned(),
                9,
            ),
            ("UPDATE audit SET number = 99 WHERE number = 6".to_owned(), 6),
            ("UPDATE audit SET number = 0 WHERE number = 4".to_owned(), 1),
            (swap(7, 8), 7),
            ("DELETE FROM audit WHERE number = 1".to_owned(), 1),
            ("DELETE FROM audit WHERE number = 10".to_owned(), 10),
            (format!("DELETE FROM audit WHERE number = {entries}"), entries),
            ("DELETE FROM audit WHERE number > 11".to_owned(), 12),
            ("DELETE FROM audit".to_owned(), 1),
        ]);
        for (change, first) in changes {
            ground.run("CREATE TABLE kept AS SELECT * FROM audit").await;
            ground.run(&change).await;
            let (_, broken) = store.check_audit().await.expect("checked");
            assert_eq!(broken, Some(first), "{change}");
            ground.run("DELETE FROM audit").await;
            ground.run("INSERT INTO audit SELECT * FROM kept").await;
            ground.run("DROP TABLE kept").await;
        }
        assert_eq!(
            store.check_audit().await.expect("checked"),
            (entries, None),
            "all is as it was"
        );
    })
    .await;
}

/// Everything but their numbers changes places.
fn swap(a: i64, b: i64) -> String {
    format!(
        "UPDATE audit SET number = -1 WHERE number = {a}; UPDATE audit SET number = {a} WHERE number = {b};
         UPDATE audit SET number = {b} WHERE number = -1"
    )
}

#[tokio::test]
async fn a_longer_chain_than_a_page_is_whole() {
    on_sqlite(async |ground| {
        let store = ground.store().await;
        let entries = chain(12_000);
        let put = store.writer.write(move |tx| {
            async move {
                Scope {
                    tx,
                    event: event_id("tokyo"),
                    memory: &crate::facts::Memory::default(),
                    batch: None,
                }
                .insert::<audit::Entity>(entries)
                .await
            }
            .boxed()
        });
        put.await.expect("kept");
        assert_eq!(store.check_audit().await.expect("checked"), (12_000, None));
        ground.run("UPDATE audit SET at = 0 WHERE number = 11111").await;
        assert_eq!(store.check_audit().await.expect("checked"), (12_000, Some(11_111)));
    })
    .await;
}

/// So many entries, well sealed.
fn chain(entries: i64) -> Vec<audit::Model> {
    let event = Some(event_id("tokyo"));
    let mut previous = domain::audit::ROOT;
    let entry = |number: i64| domain::audit::Entry {
        number,
        at: number,
        actor: "system".to_owned(),
        verb: "movePhase".to_owned(),
        subject: number.to_string(),
        detail: "{}".to_owned(),
        request: "request".to_owned(),
    };
    let sealed = |number: i64| {
        previous = domain::audit::seal(&previous, &crate::audit::sealed(entry(number), event));
        crate::audit::row(entry(number), event, previous.to_vec())
    };
    (1..=entries).map(sealed).collect()
}
