//! Runs: the database decides who may calculate, a dead process holds its claim no longer than its lease, and what was
//! found is kept at the end. Searches last here until a gate opens.

use super::{
    ground::{Ground, market_of, on_both, on_postgres},
    sample::{self, ctx, event_id, key, timetable_id},
};
use crate::{
    Error, Store,
    run::{Clock, Run},
    timetable::Proposed,
};
use domain::{
    Actor, Refusal, Role, Roles,
    run::{LEASE, RunState, StartRun},
    time::{SignedDuration, Timestamp},
    timetable::State,
};
use futures_util::FutureExt;
use sea_orm::ConnectionTrait;
use std::sync::{
    Condvar, Mutex,
    atomic::{AtomicI64, Ordering::SeqCst},
};

/// Seconds the clock of the runs is ahead of the requests' time.
static AHEAD: AtomicI64 = AtomicI64::new(0);
static GATE: (Mutex<bool>, Condvar) = (Mutex::new(true), Condvar::new());
/// Tests that close the gate come one after the other.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn set_gate(open: bool) {
    *GATE.0.lock().expect("the gate") = open;
    GATE.1.notify_all();
}

fn until_it_opens() -> bool {
    let open = GATE.0.lock().expect("the gate");
    drop(GATE.1.wait_while(open, |open| !*open).expect("the gate"));
    false
}

fn now() -> Timestamp {
    ctx(event_id("tokyo")).now
}

fn clock() -> Clock {
    Clock {
        now: || now() + SignedDuration::from_secs(AHEAD.load(SeqCst)),
        alarm: |_| Box::new(until_it_opens),
    }
}

fn start(name: &str) -> StartRun {
    StartRun {
        id: timetable_id(name),
        seed: 1,
        most: SignedDuration::from_secs(600),
    }
}

async fn begin(store: &Store, name: &str, after: SignedDuration) -> Result<Run, Error> {
    let mut ctx = ctx(event_id("tokyo"));
    ctx.now += after;
    store.start_run(&ctx, start(name), clock()).await
}

async fn run(store: &Store, name: &str, after: SignedDuration) -> Run {
    let snapshot = store.snapshot(event_id("tokyo")).await.expect("a snapshot");
    let run = snapshot.run(timetable_id(name), now() + after).await.expect("read");
    run.expect("a run")
}

fn is_under_way(refused: Result<Run, Error>, of: u32) {
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::RunUnderWay { version })) if version == of),
        "{refused:?}"
    );
}

const AT_ONCE: SignedDuration = SignedDuration::ZERO;

#[tokio::test]
async fn one_run_an_event_in_whatever_process() {
    let _turn = TURN.lock().await;
    on_both(async |ground| {
        set_gate(false);
        let (store, _) = ground.small().await;
        let first = begin(&store, "v1", AT_ONCE).await.expect("a run");
        assert_eq!(
            (first.state, first.version.state, first.version.version),
            (RunState::Running, State::Draft, 1)
        );
        assert!(first.version.upper_bound > 0 && first.version.placed == 0);
        assert_eq!(begin(&store, "v1", AT_ONCE).await.expect("the same").version.version, 1);
        is_under_way(begin(&store, "v2", AT_ONCE).await, 1);
        // Another process: another store on the same database.
        let other = ground.store().await;
        is_under_way(begin(&other, "v2", AT_ONCE).await, 1);
        // What was repaired or calculated elsewhere can be kept besides.
        let proposal = sample::proposal(&market_of(&store, "tokyo").await, 0);
        let system = ctx(event_id("tokyo"));
        let beside = Proposed {
            id: timetable_id("v2"),
            seed: 1,
        };
        assert_eq!(
            other
                .keep_proposal(&system, beside, proposal)
                .await
                .expect("kept")
                .version,
            2
        );
        // The other process stops it: the flag goes through the database.
        let stopping = other
            .stop_run(&system, timetable_id("v1"), key("stop"))
            .await
            .expect("asked");
        assert_eq!(stopping.state, RunState::Stopping);
        set_gate(true);
        store.run_over(timetable_id("v1")).await;
        let done = run(&other, "v1", AT_ONCE).await;
        assert_eq!(
            (done.state, done.version.state, done.version.version),
            (RunState::Done, State::Proposed, 1)
        );
        assert!(done.version.placed > 0 && done.version.value <= done.version.upper_bound);
        assert_eq!(
            ground.number("SELECT count(*) FROM placement").await as u32,
            done.version.placed + run(&other, "v2", AT_ONCE).await.version.placed
        );
        begin(&other, "v3", AT_ONCE)
            .await
            .expect("a run, now that none is alive");
        other.run_over(timetable_id("v3")).await;
    })
    .await;
}

/// Two processes begin at the same moment: one is refused. The negative control: without the index on drafts, and
/// without the order of batches, both would have got it.
#[tokio::test]
async fn the_database_decides_a_race() {
    let _turn = TURN.lock().await;
    on_both(async |ground| {
        set_gate(false);
        let (store, _) = ground.small().await;
        let other = ground.store().await;
        let (one, two) = tokio::join!(begin(&store, "v1", AT_ONCE), begin(&other, "v2", AT_ONCE));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
        assert_eq!(ground.number("SELECT count(*) FROM timetable WHERE state = 'draft'").await, 1);
        // The key itself, not the code, forbids a second draft.
        let columns = "event_id, state, value, upper_bound, requests, placed, mutual, mutual_placed, breaks, dashes, seed, \
                       certificate, proposed_at";
        let id = if ground.kind == crate::Database::Sqlite {
            "randomblob(16)"
        } else {
            "gen_random_uuid()"
        };
        let insert = format!("INSERT INTO timetable (id, version, {columns}) SELECT {id}, version + 100, {columns} FROM timetable");
        let db = ground.raw().await;
        assert!(db.execute_unprepared(&insert).await.is_err(), "two drafts");
        db.close().await.expect("closed");
        ground.run("DROP INDEX timetable_draft").await;
        ground.run(&insert).await;
        ground.run("DELETE FROM timetable WHERE version > 100").await;
        set_gate(true);
        store.stop_runs().await;
        other.stop_runs().await;
    })
    .await;
}

/// A process that dies in the middle leaves a draft; it blocks for as long as a lease, and then no more.
#[tokio::test]
async fn the_dead_hold_their_claim_no_longer_than_a_lease() {
    let _turn = TURN.lock().await;
    on_both(async |ground| {
        set_gate(true);
        let (store, _) = ground.small().await;
        begin(&store, "v1", AT_ONCE).await.expect("a run");
        store.run_over(timetable_id("v1")).await;
        // As a process leaves it that was killed: a draft with a lease.
        let until = (now() + LEASE).as_millisecond();
        let dead = format!("UPDATE timetable SET state = 'draft', leased_until = {until}");
        ground.run(&dead).await;
        let second = SignedDuration::from_secs(1);
        is_under_way(begin(&store, "v2", LEASE - second).await, 1);
        assert_eq!(run(&store, "v1", AT_ONCE).await.state, RunState::Running);
        assert_eq!(run(&store, "v1", LEASE).await.state, RunState::Lost);
        begin(&store, "v2", LEASE).await.expect("a run");
        store.run_over(timetable_id("v2")).await;
        let lost = run(&store, "v1", LEASE + second).await;
        assert_eq!((lost.state, lost.version.state), (RunState::Lost, State::Superseded));
        let done = run(&store, "v2", LEASE).await;
        assert_eq!((done.state, done.version.version), (RunState::Done, 2));
    })
    .await;
}

/// Taken for dead, a process that was only slow keeps nothing: the other's claim holds.
#[tokio::test]
async fn who_was_taken_for_dead_keeps_nothing() {
    let _turn = TURN.lock().await;
    on_both(async |ground| {
        set_gate(false);
        let (store, _) = ground.small().await;
        begin(&store, "v1", AT_ONCE).await.expect("a run");
        ground.run("UPDATE timetable SET state = 'superseded'").await;
        set_gate(true);
        store.run_over(timetable_id("v1")).await;
        assert_eq!(run(&store, "v1", AT_ONCE).await.state, RunState::Lost);
        assert_eq!(ground.number("SELECT count(*) FROM placement").await, 0);
    })
    .await;
}

/// The phone's connection ends while it asks for a run: the run is made all the same, and there is no claim without one.
#[tokio::test]
async fn a_caller_that_goes_away_leaves_a_whole_run() {
    let _turn = TURN.lock().await;
    on_both(async |ground| {
        set_gate(true);
        let (store, _) = ground.small().await;
        let asked = begin(&store, "v1", AT_ONCE);
        assert!(asked.now_or_never().is_none(), "it takes a while, and nobody waits");
        let id = timetable_id("v1");
        loop {
            let snapshot = store.snapshot(event_id("tokyo")).await.expect("a snapshot");
            let run = snapshot.run(id, now()).await.expect("read");
            if run.is_some_and(|run| run.state == RunState::Done) {
                break;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_run_has_found_is_kept_when_the_process_ends() {
    let _turn = TURN.lock().await;
    on_both(async |ground| {
        set_gate(false);
        let (store, _) = ground.small().await;
        begin(&store, "v1", AT_ONCE).await.expect("a run");
        tokio::join!(store.stop_runs(), async { set_gate(true) });
        assert_eq!(run(&store, "v1", AT_ONCE).await.state, RunState::Done);
    })
    .await;
}

/// A run that finds a contradiction ends with its words; the event is free for the next.
#[tokio::test]
async fn a_contradiction_is_said() {
    let _turn = TURN.lock().await;
    on_postgres(async |ground| contradicted(ground).await).await;
    super::ground::on_sqlite(async |ground| contradicted(ground).await).await;
}

async fn contradicted(ground: &Ground) {
    set_gate(true);
    let (store, _) = ground.small().await;
    let proposal = sample::proposal(&market_of(&store, "tokyo").await, 0);
    let (system, id) = (ctx(event_id("tokyo")), timetable_id("v1"));
    store
        .keep_proposal(&system, Proposed { id, seed: 1 }, proposal)
        .await
        .expect("kept");
    store
        .publish_timetable(&system, id, key("publish"))
        .await
        .expect("published");
    // Everything promised by hand, in one slot.
    ground.run("UPDATE meeting SET timetable_id = NULL, slot = 0").await;
    begin(&store, "v2", AT_ONCE).await.expect("a run");
    store.run_over(timetable_id("v2")).await;
    let failed = run(&store, "v2", AT_ONCE).await;
    assert_eq!(
        (failed.state, failed.version.state),
        (RunState::Failed, State::Superseded)
    );
    let Some(Refusal::Contradiction { what }) = &failed.failure else {
        panic!("{failed:?}");
    };
    assert!(!what.is_empty());
    assert!(failed.text(domain::name::Tongue::En).contains(what.as_str()));
    ground.run("UPDATE meeting SET state = 'cancelled'").await;
    begin(&store, "v3", AT_ONCE).await.expect("a run");
    store.run_over(timetable_id("v3")).await;
    assert_eq!(run(&store, "v3", AT_ONCE).await.state, RunState::Done);
}

#[tokio::test]
async fn only_organizers_start_and_stop() {
    let _turn = TURN.lock().await;
    on_both(async |ground| {
        set_gate(true);
        let (store, _) = ground.small().await;
        let mut officer = ctx(event_id("tokyo"));
        officer.actor = Actor::nobody();
        officer.actor.roles = Roles::of([Role::Officer, Role::Buyer]);
        let denied = store.start_run(&officer, start("v1"), clock()).await;
        assert!(matches!(denied, Err(Error::Refused(Refusal::NotFound))), "{denied:?}");
        begin(&store, "v1", AT_ONCE).await.expect("a run");
        store.run_over(timetable_id("v1")).await;
        let denied = store.stop_run(&officer, timetable_id("v1"), key("stop")).await;
        assert!(matches!(denied, Err(Error::Refused(Refusal::NotFound))), "{denied:?}");
        let over = store
            .stop_run(&ctx(event_id("tokyo")), timetable_id("v1"), key("stop"))
            .await;
        assert!(
            matches!(over, Err(Error::Refused(Refusal::TimetableState { state: "proposed" }))),
            "{over:?}"
        );
    })
    .await;
}
