//! G8, as far as the database goes: publishing is one act. Whoever reads sees one version whole; agendas and letters
//! follow; what cannot be held any more is refused as a whole; rolling back brings back exactly what was.

use super::{
    ground::{Ground, market_of, on_both, rows, snapshot},
    sample::{self, SMALL, ctx, event_id, key, market, now, timetable_id},
};
use crate::{
    Error, Snapshot, Store, agenda,
    agenda::Listed,
    entity::occupancy,
    outbox::{Failure, Letter, MAX_TRIES},
    timetable::{Proposed, Version},
};
use domain::{
    Actor, Ctx, Refusal,
    booking::BookMeeting,
    event::Phase,
    id::{MeetingId, PersonId, TimetableId},
    letter::Problem,
    market::Placement,
    time::{SignedDuration, Timestamp},
    timetable::State,
};
use futures_util::future::join_all;
use sea_orm::PaginatorTrait;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

/// Publishes and rolls back so often while others read.
const TURNS: usize = 6;
const READERS: usize = 3;

fn tokyo() -> Ctx {
    ctx(event_id("tokyo"))
}

pub(super) async fn propose(store: &Store, name: &str, shift: usize) -> TimetableId {
    let id = timetable_id(name);
    let proposal = sample::proposal(&market_of(store, "tokyo").await, shift);
    store
        .keep_proposal(&tokyo(), Proposed { id, seed: u64::MAX - 1 }, proposal)
        .await
        .expect("kept");
    id
}

pub(super) async fn publish(store: &Store, id: TimetableId) -> Result<Version, Error> {
    store
        .publish_timetable(&tokyo(), id, key(&format!("publish {id}")))
        .await
}

/// Two versions that differ in what moves, what is lost and what is added; neither is published.
async fn two_versions(ground: &Ground) -> (Store, [TimetableId; 2]) {
    let (store, _) = ground.small().await;
    let first = propose(&store, "first", 0).await;
    let second = timetable_id("second");
    let mut proposal = sample::proposal(&market_of(&store, "tokyo").await, 3);
    proposal.placements.pop();
    store
        .keep_proposal(&tokyo(), Proposed { id: second, seed: 2 }, proposal)
        .await
        .expect("kept");
    (store, [first, second])
}

async fn placed(snapshot: &Snapshot) -> Vec<Placement> {
    snapshot
        .market()
        .await
        .expect("a market")
        .meetings
        .iter()
        .map(|meeting| meeting.placement)
        .collect()
}

/// Looks once: the version that is published, after making sure that the calendar and the places are wholly its own.
async fn look(store: &Store, cells: u64) -> Option<u32> {
    let snapshot = snapshot(store, "tokyo").await;
    let published = snapshot.published_timetable().await.expect("asked");
    let live = placed(&snapshot).await;
    let taken = snapshot
        .scope()
        .rows::<occupancy::Entity>()
        .count(&snapshot.tx)
        .await
        .expect("counted")
        - cells;
    let lanes = |p: &Placement| 2 + u64::from(p.interpreter.is_some());
    assert_eq!(taken, live.iter().map(|placement| 5 * lanes(placement)).sum::<u64>());
    let expected = match &published {
        Some(version) => snapshot.placements(version.id).await.expect("placements"),
        None => Vec::new(),
    };
    assert_eq!(
        live,
        expected,
        "the calendar is not that of version {:?}",
        published.map(|p| p.version)
    );
    let states = snapshot.timetables().await.expect("versions");
    assert_eq!(
        states.iter().filter(|v| v.state == State::Published).count(),
        usize::from(published.is_some())
    );
    published.map(|version| version.version)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_see_one_version_or_the_other() {
    on_both(async |ground| {
        let (store, [first, second]) = two_versions(ground).await;
        // The session and the absence of the sample.
        let (stop, cells) = (Arc::new(AtomicBool::new(false)), 10);
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                let (store, stop) = (store.clone(), Arc::clone(&stop));
                tokio::spawn(async move {
                    let mut seen = BTreeMap::new();
                    while !stop.load(SeqCst) {
                        *seen.entry(look(&store, cells).await).or_insert(0) += 1;
                    }
                    seen
                })
            })
            .collect();
        publish(&store, first).await.expect("published");
        assert_eq!(look(&store, cells).await, Some(1));
        publish(&store, second).await.expect("published");
        for turn in 0..TURNS {
            let (id, version) = if turn.is_multiple_of(2) {
                (first, 1)
            } else {
                (second, 2)
            };
            store
                .roll_back_timetable(&tokyo(), id, key(&format!("turn {turn}")))
                .await
                .expect("rolled back");
            assert_eq!(look(&store, cells).await, Some(version));
        }
        stop.store(true, SeqCst);
        for reader in readers {
            let seen = reader.await.expect("no reader saw anything between two versions");
            assert!(seen.values().sum::<usize>() > 0, "{seen:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn agendas_follow() {
    on_both(async |ground| {
        let (store, [first, second]) = two_versions(ground).await;
        let mut told = store.published();
        for id in [first, second] {
            let before = snapshot(&store, "tokyo").await;
            let wanted = before.placements(id).await.expect("placements");
            let difference = before.difference(id).await.expect("a difference");
            assert_eq!(difference, domain::timetable::compare(&placed(&before).await, &wanted));
            drop(before);
            let version = publish(&store, id).await.expect("published");
            assert_eq!((version.state, version.published_at), (State::Published, Some(now())));
            assert_eq!(told.recv().await.expect("told"), event_id("tokyo"));
            let after = snapshot(&store, "tokyo").await;
            assert_eq!(after.event().await.expect("an event").phase, Phase::OpenCalendar);
            let market = after.market().await.expect("a market");
            let plain = |listed: Vec<Listed>| listed.iter().map(|l| l.meeting.placement).collect::<Vec<_>>();
            for buyer in &market.buyers {
                let mut own: Vec<Placement> = wanted.iter().filter(|p| p.pair.buyer == buyer.id).copied().collect();
                own.sort_by_key(|p| (p.slot, p.table));
                let agenda = after.meetings_of_buyers(&[buyer.id]).await.expect("meetings");
                assert_eq!(plain(agenda.into_values().flatten().collect()), own, "{}", buyer.code);
            }
            for exhibitor in &market.exhibitors {
                let mut own: Vec<Placement> = wanted
                    .iter()
                    .filter(|p| p.pair.exhibitor == exhibitor.id)
                    .copied()
                    .collect();
                own.sort_by_key(|p| (p.slot, p.table));
                let agenda = after.meetings_of_exhibitors(&[exhibitor.id]).await.expect("meetings");
                assert_eq!(
                    plain(agenda.into_values().flatten().collect()),
                    own,
                    "{}",
                    exhibitor.code
                );
            }
            let meeting = market.meetings[0];
            let listed = after.meeting(meeting.id).await.expect("asked").expect("there");
            assert_eq!((listed.meeting, listed.state), (meeting, agenda::State::Planned));
        }
    })
    .await;
}

/// The live calendar as rows: planned meetings and everything that is taken.
async fn calendar(store: &Store) -> Vec<String> {
    let live = |row: &String| row.starts_with("occupancy ") || row.contains("\"state\":\"planned\"");
    rows(store)
        .await
        .into_iter()
        .filter(live)
        .map(|row| without_revision(&row))
        .collect()
}

/// How often a meeting was changed goes on counting when it goes back to where it was.
fn without_revision(row: &str) -> String {
    let Some((before, after)) = row.split_once("\"revision\":") else {
        return row.to_owned();
    };
    format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[tokio::test]
async fn rolling_back_brings_back_what_was() {
    on_both(async |ground| {
        let (store, [first, second]) = two_versions(ground).await;
        publish(&store, first).await.expect("published");
        let before = calendar(&store).await;
        publish(&store, second).await.expect("published");
        assert_ne!(calendar(&store).await, before);
        let version = store
            .roll_back_timetable(&tokyo(), first, key("back"))
            .await
            .expect("rolled back");
        assert_eq!((version.version, version.state), (1, State::Published));
        assert_eq!(calendar(&store).await, before, "to the ids of the meetings");
        let versions = snapshot(&store, "tokyo").await.timetables().await.expect("versions");
        let states: Vec<_> = versions.iter().map(|v| (v.version, v.state)).collect();
        assert_eq!(states, [(2, State::Superseded), (1, State::Published)]);
        assert_eq!(versions[1].seed as u64, u64::MAX - 1, "a seed of 64 bits comes back");
    })
    .await;
}

#[tokio::test]
async fn each_state_allows_its_own() {
    on_both(async |ground| {
        let (store, [first, second]) = two_versions(ground).await;
        let ctx = tokyo();
        let state = |answer: Result<Version, Error>, wanted: &str| match answer {
            Err(Error::Refused(Refusal::TimetableState { state })) => assert_eq!(state, wanted),
            other => panic!("{wanted}: {other:?}"),
        };
        state(store.roll_back_timetable(&ctx, first, key("a")).await, "proposed");
        publish(&store, first).await.expect("published");
        let before = rows(&store).await;
        state(store.publish_timetable(&ctx, first, key("b")).await, "published");
        state(store.roll_back_timetable(&ctx, first, key("c")).await, "published");
        state(store.discard_timetable(&ctx, first, key("d")).await, "published");
        let nowhere = timetable_id("nowhere");
        let missing = store.publish_timetable(&ctx, nowhere, key("e")).await;
        assert!(matches!(missing, Err(Error::Refused(Refusal::NotFound))), "{missing:?}");
        let nobody = Ctx {
            actor: Actor::nobody(),
            ..ctx.clone()
        };
        let denied = store.publish_timetable(&nobody, second, key("f")).await;
        assert!(matches!(denied, Err(Error::Refused(Refusal::NotFound))), "{denied:?}");
        assert_eq!(rows(&store).await, before);
        let discarded = store
            .discard_timetable(&ctx, second, key("g"))
            .await
            .expect("discarded");
        assert_eq!((discarded.state, discarded.published_at), (State::Superseded, None));
        // What never was published is nothing to roll back to, and what was set aside is not published.
        state(store.roll_back_timetable(&ctx, second, key("h")).await, "superseded");
        state(store.publish_timetable(&ctx, second, key("i")).await, "superseded");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_held_any_more_is_refused_as_a_whole() {
    on_both(async |ground| {
        let (store, [first, second]) = two_versions(ground).await;
        publish(&store, first).await.expect("published");
        let there = snapshot(&store, "tokyo").await;
        let (market, wanted) = (
            there.market().await.expect("a market"),
            there.placements(second).await.expect("them"),
        );
        drop(there);
        // Somebody gets busy in a slot that only the second version wants of them.
        let free = |p: &&Placement| {
            !market
                .meetings
                .iter()
                .any(|m| m.placement.pair.buyer == p.pair.buyer && m.placement.slot == p.slot)
        };
        let placement = wanted.iter().find(free).expect("a change");
        let buyer = market
            .buyers
            .iter()
            .find(|buyer| buyer.id == placement.pair.buyer)
            .expect("a buyer");
        let mut more = market_import();
        more.absences = vec![sample::absence(
            buyer.person,
            "busy",
            market.slots[usize::from(placement.slot)].span(),
        )];
        store.import(&tokyo(), key("busy"), more).await.expect("imported");
        let before = rows(&store).await;
        let error = publish(&store, second).await.expect_err("stale");
        let Error::Refused(Refusal::TimetableStale {
            impossible: 1,
            first: named,
        }) = error
        else {
            panic!("{error:?}")
        };
        assert!(
            named[0].starts_with(&buyer.code) && named[0].ends_with("the buyer is not free"),
            "{named:?}"
        );
        assert_eq!(rows(&store).await, before);
    })
    .await;
}

/// Files that say nothing but what is put in besides.
fn market_import() -> domain::import::Import {
    let whole = market("tokyo", SMALL);
    domain::import::Import {
        scope: whole.scope,
        ..domain::import::Import::default()
    }
}

#[tokio::test]
async fn meetings_made_by_hand_stay() {
    on_both(async |ground| {
        let (store, [first, second]) = two_versions(ground).await;
        let ctx = tokyo();
        store
            .move_phase(&ctx, key("open"), Phase::OpenCalendar)
            .await
            .expect("moved");
        let there = snapshot(&store, "tokyo").await;
        let wanted = there.placements(first).await.expect("placements");
        let other = there.placements(second).await.expect("placements");
        drop(there);
        let id = MeetingId(key("by hand"));
        let command = BookMeeting {
            id,
            pair: wanted[0].pair,
            slot: wanted[0].slot,
        };
        store.book_meeting(&ctx, command).await.expect("booked");
        publish(&store, first)
            .await
            .expect("the same place is no contradiction");
        let by_hand = |market: domain::market::Market| {
            let mut found = market.meetings.into_iter().filter(|m| m.placement.pair == command.pair);
            let meeting = found.next().expect("it is there");
            assert!(found.next().is_none());
            (meeting.id, meeting.timetable, meeting.placement.slot)
        };
        assert_eq!(by_hand(market_of(&store, "tokyo").await), (id, None, command.slot));
        // Whoever wants the buyer at that time for somebody else cannot have the second version.
        let clash = other.iter().any(|p| {
            p.pair.buyer == command.pair.buyer && p.slot == command.slot && p.pair.exhibitor != command.pair.exhibitor
        });
        let before = rows(&store).await;
        match publish(&store, second).await {
            Err(Error::Refused(Refusal::TimetableStale { .. })) => assert_eq!(rows(&store).await, before),
            other => assert!(!clash, "{other:?}"),
        }
        let third = propose(&store, "third", 5).await;
        publish(&store, third).await.expect("made around it");
        assert_eq!(by_hand(market_of(&store, "tokyo").await), (id, None, command.slot));
        assert_eq!(look_by_hand(&store).await, 1);
    })
    .await;
}

async fn look_by_hand(store: &Store) -> usize {
    let market = market_of(store, "tokyo").await;
    market
        .meetings
        .iter()
        .filter(|meeting| meeting.timetable.is_none())
        .count()
}

/// Everybody a difference concerns, found the long way round.
async fn concerned(snapshot: &Snapshot, id: TimetableId) -> BTreeSet<PersonId> {
    let difference = snapshot.difference(id).await.expect("a difference");
    let market = snapshot.market().await.expect("a market");
    let mut people = BTreeSet::new();
    for pair in difference.told() {
        people.extend(
            market
                .buyers
                .iter()
                .filter(|buyer| buyer.id == pair.buyer)
                .map(|buyer| buyer.person),
        );
        let staff = &snapshot.facts().await.expect("facts").staff;
        people.extend(staff.get(&pair.exhibitor).into_iter().flatten().copied());
    }
    people
}

#[tokio::test]
async fn one_letter_to_each_person_concerned() {
    on_both(async |ground| {
        let (store, [first, second]) = two_versions(ground).await;
        for (id, version) in [(first, 1), (second, 2)] {
            let people = concerned(&snapshot(&store, "tokyo").await, id).await;
            publish(&store, id).await.expect("published");
            let letters = claim(&store, now(), 1000).await;
            let recipients: Vec<PersonId> = letters.iter().filter_map(|l| Some(l.recipient.as_ref()?.id)).collect();
            assert_eq!(recipients.len(), letters.len(), "every letter has somebody to go to");
            assert_eq!(recipients.iter().copied().collect::<BTreeSet<_>>(), people);
            assert_eq!(recipients.len(), people.len(), "nobody gets two");
            let market = market_of(&store, "tokyo").await;
            let buyer = &market.buyers[5];
            let own = market
                .meetings
                .iter()
                .filter(|m| m.placement.pair.buyer == buyer.id)
                .count();
            let letter = letters
                .iter()
                .find(|l| l.recipient.as_ref().is_some_and(|p| p.id == buyer.person));
            if let Some(letter) = letter {
                assert_eq!(letter.payload, serde_json::json!({"version": version, "meetings": own}));
                assert_eq!(
                    (letter.topic.as_str(), letter.event),
                    ("timetable_published", event_id("tokyo"))
                );
            }
            store
                .letters_done(letters.iter().map(|letter| letter.id).collect(), now())
                .await
                .expect("done");
            assert!(claim(&store, now(), 1000).await.is_empty());
        }
    })
    .await;
}

/// How long who claims a letter has it alone.
const HOLD: SignedDuration = SignedDuration::from_mins(5);

async fn claim(store: &Store, at: Timestamp, limit: u64) -> Vec<Letter> {
    store.claim_letters(at, HOLD, limit).await.expect("letters")
}

#[tokio::test]
async fn letters_that_fail_come_again_for_a_while() {
    on_both(async |ground| {
        let (store, [first, _]) = two_versions(ground).await;
        publish(&store, first).await.expect("published");
        let mut at = now();
        let (some, rest) = (claim(&store, at, 2).await, claim(&store, at, 1000).await);
        let ids: Vec<i64> = some.iter().chain(&rest).map(|letter| letter.id).collect();
        assert!(
            some.len() == 2 && ids.windows(2).all(|pair| pair[0] < pair[1]),
            "oldest first: {ids:?}"
        );
        assert!(claim(&store, at, 1000).await.is_empty(), "all are claimed");
        store.letters_done(ids[1..].to_vec(), at).await.expect("done");
        at += HOLD;
        for tries in 0..MAX_TRIES {
            let due = claim(&store, at, 1000).await;
            assert_eq!(
                due.iter().map(|letter| (letter.id, letter.tries)).collect::<Vec<_>>(),
                [(ids[0], tries)]
            );
            let later = at + HOLD + HOLD;
            let failure = Failure {
                problem: Problem::NoAnswer,
                at,
                again: later,
            };
            store.letters_failed(vec![ids[0]], failure).await.expect("kept");
            assert!(claim(&store, at + HOLD, 1000).await.is_empty(), "not before its time");
            at = later;
        }
        assert!(claim(&store, at, 1000).await.is_empty(), "left for a person to look at");
    })
    .await;
}

#[tokio::test]
async fn a_letter_is_one_workers_at_a_time() {
    on_both(async |ground| {
        let (store, [first, _]) = two_versions(ground).await;
        publish(&store, first).await.expect("published");
        let other = ground.store().await;
        let workers = (0..8).map(|n| claim(if n % 2 == 0 { &store } else { &other }, now(), 3));
        let mut ids: Vec<i64> = join_all(workers)
            .await
            .into_iter()
            .flatten()
            .map(|letter| letter.id)
            .collect();
        let rest = claim(&store, now(), 1000).await;
        ids.extend(rest.iter().map(|letter| letter.id));
        let all = ground.number("SELECT count(*) FROM outbox").await;
        assert_eq!(
            (ids.len() as i64, ids.iter().collect::<BTreeSet<_>>().len() as i64),
            (all, all)
        );
    })
    .await;
}
