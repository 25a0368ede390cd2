//! G1: whoever claims, from however many nodes, a place is given once. And the negative control: it is the key of the
//! table that says so, not the order of the code around it.

use super::{
    ground::{Ground, connect, contests, market_of, number, on_both, on_postgres},
    sample::{Size, ctx, event_id, key, market},
};
use crate::{
    Database, Error, Store,
    facts::Memory,
    occupancy::{self, Claim, Holder},
    scope::Scope,
};
use domain::{
    booking::{BookMeeting, Cancel},
    event::Phase,
    id::MeetingId,
    import::Import,
    participation::Quota,
    time::Span,
    wish::Pair,
};
use futures_util::future::join_all;
use sea_orm::TransactionTrait;
use uuid::Uuid;

/// Places that are fought for. The promise's figure is 500, with 20 claims on each, 100 rounds long.
const PLACES: usize = 100;
/// Of the places: so many tables wanted by many buyers, then buyers wanted by many exhibitors, then one pair that asks
/// again and again under other ids.
const TABLES: usize = 40;
const BUYERS: usize = 30;
const SLOTS: usize = 10;

/// A market where only the contests decide: all speak alike, all are there, nobody has a quota.
struct Arena {
    import: Import,
    /// Claims on each place.
    claims: usize,
}

impl Arena {
    fn new(claims: usize) -> Self {
        let buyers = TABLES * claims + PLACES - TABLES;
        let exhibitors = TABLES / SLOTS + claims + 1;
        let (tables, slots) = (30, SLOTS);
        let mut import = market(
            "arena",
            Size {
                buyers,
                exhibitors,
                tables,
                slots,
            },
        );
        for exhibitor in &mut import.exhibitors {
            exhibitor.quota = Quota::default();
            exhibitor.languages.clone_from(&import.buyers[2].languages);
            exhibitor.languages.push(import.buyers[1].languages[0]);
        }
        for buyer in &mut import.buyers {
            (buyer.quota, buyer.arrives, buyer.leaves) = (Quota::default(), None, None);
        }
        import.booths[0].staffing.clear();
        for booth in &mut import.booths[..TABLES / SLOTS] {
            booth.tables = 1;
        }
        import.wishes.clear();
        import.attendance.clear();
        import.absences.clear();
        Self { import, claims }
    }

    /// Who claims a place for the how manieth time.
    fn claim(&self, place: usize, nth: usize, round: usize) -> BookMeeting {
        let single = TABLES * self.claims + place;
        let (buyer, exhibitor) = if place < TABLES {
            (place * self.claims + nth, place / SLOTS)
        } else if place < TABLES + BUYERS {
            (single - TABLES, TABLES / SLOTS + nth)
        } else {
            (single - TABLES, TABLES / SLOTS + self.claims)
        };
        let pair = Pair {
            buyer: self.import.buyers[buyer].id,
            exhibitor: self.import.exhibitors[exhibitor].id,
        };
        let id = MeetingId(key(&format!("round {round} place {place} claim {nth}")));
        let slot = (place % SLOTS) as u16;
        BookMeeting { id, pair, slot }
    }

    /// Claims of a round.
    fn all(&self) -> usize {
        PLACES * self.claims
    }
}

/// All claims at once, spread over the nodes; returns the winners.
async fn round(nodes: &[Store], arena: &Arena, round: usize) -> Vec<MeetingId> {
    let ctx = ctx(event_id("arena"));
    let mut claims = Vec::new();
    for n in 0..arena.all() {
        let (store, ctx) = (nodes[n % nodes.len()].clone(), ctx.clone());
        let command = arena.claim(n % PLACES, n / PLACES, round);
        claims.push(tokio::spawn(async move { store.book_meeting(&ctx, command).await }));
    }
    let mut winners: Vec<Option<MeetingId>> = vec![None; PLACES];
    for (n, claim) in join_all(claims).await.into_iter().enumerate() {
        match claim.expect("no panic") {
            Ok(booked) => assert_eq!(
                winners[n % PLACES].replace(booked.id),
                None,
                "place {} was given twice",
                n % PLACES
            ),
            Err(Error::Refused(_)) => {}
            Err(error) => panic!("no refusal: {error:?}"),
        }
    }
    winners
        .into_iter()
        .enumerate()
        .map(|(place, id)| id.unwrap_or_else(|| panic!("nobody got {place}")))
        .collect()
}

const DOUBLES: &str =
    "SELECT count(*) FROM (SELECT 1 FROM occupancy GROUP BY resource, lane, cell HAVING count(*) > 1) AS doubles";

async fn contest(ground: &Ground, nodes: usize) {
    let store = ground.store().await;
    let (rounds, claims) = contests();
    let (arena, ctx) = (Arena::new(claims), ctx(event_id("arena")));
    store
        .import(&ctx, key("arena"), arena.import.clone())
        .await
        .expect("imported");
    store
        .move_phase(&ctx, key("open"), Phase::OpenCalendar)
        .await
        .expect("moved");
    let mut stores = vec![store];
    for _ in 1..nodes {
        stores.push(ground.store().await);
    }
    let db = ground.raw().await;
    for n in 0..rounds {
        let watch = Watch::start();
        let winners = round(&stores, &arena, n).await;
        let rate = arena.all() as f64 / watch.seconds();
        println!(
            "{:?}, {nodes} node(s): {} claims, {rate:.0}/s",
            ground.kind,
            arena.all()
        );
        assert_eq!(number(&db, DOUBLES).await, 0);
        let market = market_of(&stores[0], "arena").await;
        assert_eq!(market.meetings.len(), PLACES);
        assert!(market.meetings.iter().all(|meeting| winners.contains(&meeting.id)));
        // Two lanes of five cells each.
        let whole = "SELECT count(*) FROM (SELECT 1 FROM occupancy GROUP BY holder HAVING count(*) = 10) AS whole";
        assert_eq!(number(&db, whole).await, PLACES as i64);
        assert_eq!(number(&db, "SELECT count(*) FROM occupancy").await, 10 * PLACES as i64);
        let cancel = winners
            .iter()
            .map(|&id| stores[0].cancel_meeting(&ctx, Cancel::of(id), key(&format!("cancel {id}"))));
        join_all(cancel)
            .await
            .into_iter()
            .for_each(|answer| assert!(answer.is_ok(), "{answer:?}"));
        assert_eq!(number(&db, "SELECT count(*) FROM occupancy").await, 0);
    }
    assert_eq!(stores[0].check_audit().await.expect("checked").1, None);
}

/// How long a round takes, for the figure it prints.
struct Watch(std::time::Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "a figure for people; nothing is decided by it")]
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_winner_a_place() {
    on_both(async |ground| contest(ground, 1).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_winner_a_place_over_three_nodes() {
    on_postgres(async |ground| contest(ground, 3).await).await;
}

/// Attackers at a place and places under attack.
const ATTACKERS: usize = 8;
const ATTACKED: usize = 25;

/// Writes claims straight into the table, in transactions of their own beside each other and past the writer, with no
/// look whether the place is free. Returns how many were told that the place is theirs.
async fn attack(ground: &Ground) -> usize {
    let db = connect(&ground.url, ATTACKERS as u32).await;
    let begins = "2025-11-05T10:00:00+09:00".parse().expect("a time");
    let span = Span::new(begins, "2025-11-05T10:25:00+09:00".parse().expect("a time")).expect("a span");
    let mut given = 0;
    for place in 0..ATTACKED {
        let tries = (0..ATTACKERS).map(|attacker| {
            let db = db.clone();
            tokio::spawn(async move {
                let tx = db.begin().await?;
                let scope = Scope {
                    tx: &tx,
                    event: event_id("tokyo"),
                    memory: &Memory::default(),
                    batch: None,
                };
                let holder = Holder::Meeting(Uuid::from_u128((place * ATTACKERS + attacker) as u128));
                occupancy::take(
                    scope,
                    &[Claim {
                        resource: key(&place.to_string()),
                        lane: 1,
                        span,
                        holder,
                    }],
                )
                .await?;
                tx.commit().await.map_err(Error::from)
            })
        });
        for answer in join_all(tries).await {
            match answer.expect("no panic") {
                Ok(()) => given += 1,
                Err(Error::Conflict(_)) => {}
                Err(error) => panic!("neither given nor taken: {error:?}"),
            }
        }
    }
    db.close().await.expect("closed");
    given
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_decides_and_without_it_there_are_doubles() {
    on_both(async |ground| {
        drop(ground.small().await);
        ground.run("DELETE FROM occupancy").await;
        assert_eq!(attack(ground).await, ATTACKED, "with the key: one each");
        assert_eq!(ground.number(DOUBLES).await, 0);
        ground.run("DELETE FROM occupancy").await;
        ground.run(without_key(ground.kind)).await;
        assert!(
            attack(ground).await > ATTACKED,
            "without the key more are told that the place is theirs"
        );
        assert!(
            ground.number(DOUBLES).await > 0,
            "the attack finds no doubles even without the key: it proves nothing"
        );
    })
    .await;
}

fn without_key(kind: Database) -> &'static str {
    match kind {
        Database::Sqlite => {
            "CREATE TABLE keyless AS SELECT * FROM occupancy; DROP TABLE occupancy;
             ALTER TABLE keyless RENAME TO occupancy"
        }
        Database::Postgres => "ALTER TABLE occupancy DROP CONSTRAINT occupancy_pkey",
    }
}
