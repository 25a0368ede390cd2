//! Runs: a calculation on a thread of its own. The draft is the claim, one an event, and the database decides who gets
//! it; every beat the run renews its lease, says how far it is and hears whether it shall stop, so that any process on
//! the same database can watch and stop it. Whoever dies holds the claim no longer than its lease. Deliberately not
//! here: the calculation (`domain::timetable::propose`) and the clock, which the server hands in.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    column,
    entity::timetable,
    scope::{self, Scope},
    timetable::{Kept, Version, keep, next_version, version_from, versions},
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    id::{EventId, TimetableId},
    market::Market,
    name::Tongue,
    problem::{Problem, problem},
    run::{Draft, LEASE, RunState, StartRun, Trace, may_begin},
    time::{SignedDuration, Timestamp},
    timetable::{self as rule, Progress, Proposal, State},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter, sea_query::Expr};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// How often a run renews its lease and tells how far it is.
pub const BEAT: Duration = Duration::from_millis(500);
/// How often it is tried to keep what came of a run, a beat apart, before it is given up.
const MAX_TRIES: u32 = 10;

/// The clock, from the server, which has it.
#[derive(Clone, Copy)]
pub struct Clock {
    /// The moment.
    pub now: fn() -> Timestamp,
    /// Answers yes once so much time has passed.
    pub alarm: fn(Duration) -> Box<dyn FnMut() -> bool + Send>,
}

/// A run, as far as it has told.
#[derive(Debug, Clone)]
pub struct Run {
    /// The version it makes; its figures are those of the best found so far.
    pub version: Version,
    /// How it is doing.
    pub state: RunState,
    /// How long it has been searching.
    pub ran: Duration,
    /// Why there is no timetable, if it ended so.
    pub failure: Option<Refusal>,
}

impl Run {
    /// How it is doing, in a sentence.
    pub fn text(&self, tongue: Tongue) -> String {
        let failure = self.failure.as_ref().map(|refusal| refusal.text(tongue));
        failure.unwrap_or_else(|| self.state.text(tongue).to_owned())
    }
}

/// The runs of this process.
#[derive(Clone, Default)]
pub(crate) struct Runs(Arc<Mutex<HashMap<TimetableId, Local>>>);

#[derive(Clone)]
struct Local {
    stop: Arc<AtomicBool>,
    /// Closed when the run is over.
    over: watch::Receiver<()>,
}

impl Runs {
    fn lock(&self) -> MutexGuard<'_, HashMap<TimetableId, Local>> {
        // A map of flags is whole after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, id: TimetableId) -> Option<Local> {
        self.lock().get(&id).cloned()
    }
}

fn run_from(row: timetable::Model, now: Timestamp) -> Result<Run, Error> {
    let trace = Trace {
        state: column::word("a state", &row.state, State::parse)?,
        leased_until: row.leased_until.map(column::at).transpose()?,
        stop_asked: row.stop_asked_at.is_some(),
        failed: row.failure.is_some(),
    };
    let ran = Duration::from_millis(row.ran_ms.unwrap_or(0).unsigned_abs());
    let failure = row.failure.clone().map(|what| Refusal::Contradiction { what });
    let version = version_from(row)?;
    Ok(Run {
        state: trace.run_state(version.version, now),
        version,
        ran,
        failure,
    })
}

impl Snapshot {
    /// The run that makes, or made, a version.
    pub async fn run(&self, id: TimetableId, now: Timestamp) -> Result<Option<Run>, Error> {
        let row = versions(self.scope()).filter(timetable::Column::Id.eq(id.0));
        row.one(&self.tx).await?.map(|row| run_from(row, now)).transpose()
    }
}

impl Store {
    /// Begins to calculate a timetable and answers at once. Refused while another run of the event is alive, in
    /// whatever process.
    pub async fn start_run(&self, ctx: &Ctx, start: StartRun, clock: Clock) -> Result<Run, Error> {
        access::may(&ctx.actor, Verb::StartTimetableRun)?;
        let (store, asked) = (self.clone(), ctx.clone());
        // A task of its own: a caller that goes away leaves no claim without a run.
        let begun = tokio::spawn(async move { store.begin(&asked, start, clock).await });
        begun.await.map_err(|error| Error::Corrupt(error.to_string()))??;
        self.run(ctx.event, start.id, ctx.now).await
    }

    async fn begin(&self, ctx: &Ctx, start: StartRun, clock: Clock) -> Result<(), Error> {
        let market = self.snapshot(ctx.event).await?.market().await?;
        let weighed = tokio::task::spawn_blocking(move || (problem(&market), market));
        let (problem, market) = weighed.await.map_err(|error| Error::Corrupt(error.to_string()))?;
        let begins = Begins::of(start, &problem?);
        let fresh = Arc::new(AtomicBool::new(false));
        let claimed = fresh.clone();
        let content = (start.seed, start.most.as_millis() as i64);
        let act = Act::new(Verb::StartTimetableRun, start.id, &content)?;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let done = claim(scope, &ctx, begins).await?;
                claimed.store(true, Ordering::Relaxed);
                Ok(done)
            }
            .boxed()
        })
        .await?;
        // Asked for again, it is the run that has begun already.
        if fresh.load(Ordering::Relaxed) {
            let stop = Arc::new(AtomicBool::new(false));
            let runner = Runner {
                store: self.clone(),
                ctx: ctx.clone(),
                start,
                clock,
                stop,
            };
            runner.set_off(market);
        }
        Ok(())
    }

    /// Ends a run; the best it has found is kept. One that is over is refused.
    pub async fn stop_run(&self, ctx: &Ctx, id: TimetableId, key: uuid::Uuid) -> Result<Run, Error> {
        access::may(&ctx.actor, Verb::StopTimetableRun)?;
        let act = Act::new(Verb::StopTimetableRun, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { ask_to_stop(scope, &ctx, id).await }.boxed()
        })
        .await?;
        if let Some(local) = self.runs.get(id) {
            local.stop.store(true, Ordering::Relaxed);
        }
        self.run(ctx.event, id, ctx.now).await
    }

    /// Waits until a run of this process is over; there may be none.
    pub async fn run_over(&self, id: TimetableId) {
        if let Some(mut local) = self.runs.get(id) {
            // The sender never sends: it is dropped at the end.
            while local.over.changed().await.is_ok() {}
        }
    }

    /// Stops every run of this process and waits until what they have found is kept.
    pub async fn stop_runs(&self) {
        let locals: Vec<Local> = self.runs.lock().values().cloned().collect();
        for local in &locals {
            local.stop.store(true, Ordering::Relaxed);
        }
        for mut local in locals {
            while local.over.changed().await.is_ok() {}
        }
    }

    async fn run(&self, event: EventId, id: TimetableId, now: Timestamp) -> Result<Run, Error> {
        let found = self.snapshot(event).await?.run(id, now).await?;
        Ok(found.ok_or(Refusal::NotFound)?)
    }
}

/// The draft a run begins with: nothing found, and no bound but the worth of everything.
#[derive(Clone, Copy)]
struct Begins {
    start: StartRun,
    requests: usize,
    mutual: usize,
    worth: i64,
}

impl Begins {
    fn of(start: StartRun, problem: &Problem) -> Self {
        let requests = problem.instance.requests();
        Self {
            start,
            requests: requests.len(),
            mutual: (0..requests.len()).filter(|&r| problem.mutual(r)).count(),
            worth: requests.iter().map(|r| i64::from(r.value)).sum(),
        }
    }
}

async fn claim(scope: Scope<'_>, ctx: &Ctx, begins: Begins) -> Result<Done<()>, Error> {
    let draft = versions(scope).filter(timetable::Column::State.eq(State::Draft.code()));
    if let Some(row) = draft.one(scope.tx).await? {
        let draft = Draft {
            version: row.version as u32,
            leased_until: row.leased_until.map_or(Ok(Timestamp::UNIX_EPOCH), column::at)?,
        };
        may_begin(Some(&draft), ctx.now)?;
        // Its process died. The lease it leaves behind says so.
        scope
            .change::<timetable::Entity>()
            .col_expr(timetable::Column::State, Expr::value(State::Superseded.code()))
            .filter(timetable::Column::Id.eq(row.id))
            .exec(scope.tx)
            .await?;
    }
    let version = next_version(scope).await?;
    let row = timetable::Model {
        id: begins.start.id.0,
        event_id: scope.event.0,
        version,
        state: State::Draft.code().to_owned(),
        value: 0,
        upper_bound: begins.worth,
        requests: begins.requests as i32,
        placed: 0,
        mutual: begins.mutual as i32,
        mutual_placed: 0,
        breaks: 0,
        dashes: 0,
        seed: begins.start.seed as i64,
        certificate: String::new(),
        proposed_at: scope::now(ctx),
        published_at: None,
        leased_until: Some(column::ms(ctx.now + LEASE)),
        stop_asked_at: None,
        ran_ms: Some(0),
        failure: None,
    };
    scope
        .insert::<timetable::Entity>(vec![row])
        .await
        .map_err(crate::act::used)?;
    Ok(Done::quietly(
        (),
        serde_json::json!({"version": version, "seed": begins.start.seed}),
    ))
}

async fn ask_to_stop(scope: Scope<'_>, ctx: &Ctx, id: TimetableId) -> Result<Done<()>, Error> {
    let row = versions(scope).filter(timetable::Column::Id.eq(id.0)).one(scope.tx);
    let row = row.await?.ok_or(Refusal::NotFound)?;
    let state = column::word("a state", &row.state, State::parse)?;
    if state != State::Draft {
        return Err(Refusal::TimetableState { state: state.code() }.into());
    }
    scope
        .change::<timetable::Entity>()
        .col_expr(timetable::Column::StopAskedAt, Expr::value(scope::now(ctx)))
        .filter(timetable::Column::Id.eq(id.0))
        .exec(scope.tx)
        .await?;
    Ok(Done::quietly((), serde_json::json!({"version": row.version})))
}

/// What a run hears at a beat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beat {
    GoOn,
    Stop,
    /// The claim is another's: this process was taken for dead.
    Lost,
}

/// One run, beside the thread that calculates.
struct Runner {
    store: Store,
    ctx: Ctx,
    start: StartRun,
    clock: Clock,
    stop: Arc<AtomicBool>,
}

impl Runner {
    /// Runs beside everything else; whoever waits for its end hears of it.
    fn set_off(self, market: Market) {
        let (over_when_dropped, over) = watch::channel(());
        let (runs, id) = (self.store.runs.clone(), self.start.id);
        let local = Local {
            stop: self.stop.clone(),
            over,
        };
        runs.lock().insert(id, local);
        tokio::spawn(async move {
            self.run(market).await;
            runs.lock().remove(&id);
            drop(over_when_dropped);
        });
    }

    async fn run(self, market: Market) {
        let (tell, told) = watch::channel(Progress::default());
        let mut over = (self.clock.alarm)(self.start.most.unsigned_abs());
        let (stop, seed) = (self.stop.clone(), self.start.seed);
        let mut calculation = tokio::task::spawn_blocking(move || {
            rule::propose(&market, seed, &mut |progress| {
                tell.send_replace(progress.clone());
                stop.load(Ordering::Relaxed) || over()
            })
        });
        let calculated = loop {
            tokio::select! {
                calculated = &mut calculation => break calculated,
                () = tokio::time::sleep(BEAT) => {
                    let progress = told.borrow().clone();
                    match self.beat(&progress).await {
                        Ok(Beat::GoOn) => {}
                        Ok(Beat::Stop | Beat::Lost) => self.stop.store(true, Ordering::Relaxed),
                        Err(error) => tracing::warn!(%error, "a run cannot say how far it is"),
                    }
                }
            }
        };
        let end = match calculated {
            Ok(Ok(proposal)) => End::Proposal(Arc::new(proposal)),
            Ok(Err(refusal)) => End::Failure(match refusal {
                Refusal::Contradiction { what } => what,
                other => other.text(Tongue::En),
            }),
            Err(error) => End::Failure(format!("a bug: {error}")),
        };
        for _ in 0..MAX_TRIES {
            match self.end(end.clone()).await {
                Ok(()) => return,
                // Another run took the claim over: what this one found is of no use any more.
                Err(Error::Refused(refusal)) => {
                    tracing::warn!(code = refusal.code(), "what a run found is not kept");
                    return;
                }
                Err(error) => tracing::error!(%error, "what a run found cannot be kept yet"),
            }
            tokio::time::sleep(BEAT).await;
        }
    }

    fn ran(&self, now: Timestamp) -> i64 {
        now.duration_since(self.ctx.now).as_millis().max(0) as i64
    }

    async fn beat(&self, progress: &Progress) -> Result<Beat, Error> {
        let now = (self.clock.now)();
        let (event, id) = (self.ctx.event, self.start.id);
        let until = column::ms(now + LEASE);
        let (ran, progress) = (self.ran(now), progress.clone());
        let memory = self.store.memory.clone();
        let write = self.store.writer.write(move |tx| {
            async move {
                let scope = Scope {
                    tx,
                    event,
                    memory: &memory,
                    batch: None,
                };
                let mut row = scope
                    .change::<timetable::Entity>()
                    .col_expr(timetable::Column::LeasedUntil, Expr::value(until))
                    .col_expr(timetable::Column::RanMs, Expr::value(ran));
                // Before the first word of the search there is nothing to say.
                if progress != Progress::default() {
                    row = row
                        .col_expr(timetable::Column::Value, Expr::value(progress.value))
                        .col_expr(timetable::Column::UpperBound, Expr::value(progress.upper_bound))
                        .col_expr(timetable::Column::Placed, Expr::value(progress.placed as i32));
                }
                let of_run = timetable::Column::Id.eq(id.0);
                let changed = row
                    .filter(of_run.clone())
                    .filter(timetable::Column::State.eq(State::Draft.code()))
                    .exec(tx)
                    .await?;
                if changed.rows_affected == 0 {
                    return Ok(Beat::Lost);
                }
                let row = versions(scope).filter(of_run).one(tx).await?;
                let stop = row.is_some_and(|row| row.stop_asked_at.is_some());
                Ok(if stop { Beat::Stop } else { Beat::GoOn })
            }
            .boxed()
        });
        write.await
    }

    async fn end(&self, end: End) -> Result<(), Error> {
        let now = (self.clock.now)();
        let ctx = Ctx {
            now,
            ..self.ctx.clone()
        };
        let (start, ran) = (self.start, self.ran(now));
        let act = Act::new(Verb::ProposeTimetable, start.id, &start.seed)?;
        self.store
            .act(&ctx, act, move |scope, ctx| {
                async move { finish(scope, &ctx, (start, ran), &end).await }.boxed()
            })
            .await
    }
}

/// What came of a run.
#[derive(Clone)]
enum End {
    Proposal(Arc<Proposal>),
    Failure(String),
}

/// The draft becomes what came of it, if it is still this run's.
async fn finish(scope: Scope<'_>, ctx: &Ctx, (start, ran): (StartRun, i64), end: &End) -> Result<Done<()>, Error> {
    let of_run = || {
        let id = timetable::Column::Id.eq(start.id.0);
        id.and(timetable::Column::State.eq(State::Draft.code()))
    };
    let draft = versions(scope).filter(of_run()).one(scope.tx).await?;
    let draft = draft.ok_or(Refusal::TimetableState {
        state: State::Superseded.code(),
    })?;
    match end {
        End::Proposal(proposal) => {
            scope
                .delete::<timetable::Entity>()
                .filter(of_run())
                .exec(scope.tx)
                .await?;
            let kept = Kept {
                id: start.id,
                version: draft.version,
                seed: start.seed,
                ran: Some(ran),
            };
            keep(scope, ctx, kept, proposal).await
        }
        End::Failure(what) => {
            scope
                .change::<timetable::Entity>()
                .col_expr(timetable::Column::State, Expr::value(State::Superseded.code()))
                .col_expr(timetable::Column::LeasedUntil, Expr::value(Option::<i64>::None))
                .col_expr(timetable::Column::RanMs, Expr::value(ran))
                .col_expr(timetable::Column::Failure, Expr::value(what.as_str()))
                .filter(of_run())
                .exec(scope.tx)
                .await?;
            Ok(Done::quietly(
                (),
                serde_json::json!({"version": draft.version, "failure": what}),
            ))
        }
    }
}

/// How long a run searches at most, from seconds on a command line.
pub fn most(seconds: Duration) -> SignedDuration {
    SignedDuration::try_from(seconds).unwrap_or(SignedDuration::MAX)
}
