//! Runs: a calculation started, watched and stopped.

use crate::{
    reads::{rows, unexpected},
    refusal::{Refusal, Tongue, spoken},
    scalar::Long,
    timetable::Timetable,
};
use async_graphql::{Context, Enum, InputObject, Object, Result, Union};
use domain::{
    Ctx,
    id::{EventId, TimetableId},
    run::{self as rule, StartRun},
};
use futures_util::{Stream, stream};
use std::time::Duration;
use storage::{
    Error, Store,
    run::{Clock, Run},
};
use uuid::Uuid;

/// How often a listener is told how far a run is: as often as the run says so.
const TELL: Duration = storage::run::BEAT;

/// A calculation that is asked for.
#[derive(InputObject)]
pub(crate) struct StartTimetableRunInput {
    /// The new version's id, and the run's; made by whoever asks.
    id: Uuid,
    /// How long to search at most, 1 to 600 seconds; ends earlier when the timetable is proved optimal.
    #[graphql(default = 10)]
    seconds: u16,
    /// The same seed on the same market searches the same way.
    #[graphql(default_with = "Long(1)")]
    seed: Long,
}

impl StartTimetableRunInput {
    pub(crate) fn parsed(&self) -> Result<StartRun, Error> {
        Ok(StartRun::asked(TimetableId(self.id), self.seed.0, self.seconds)?)
    }
}

/// How a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::RunState")]
pub(crate) enum RunState {
    /// It is searching.
    Running,
    /// It was asked to stop and is about to keep the best it has.
    Stopping,
    /// Its proposal is kept.
    Done,
    /// There is no such timetable; the message says why.
    Failed,
    /// Its process ended before it did; nothing was kept.
    Lost,
}

/// The calculation of a timetable, as far as it has told.
pub(crate) struct TimetableRun(pub(crate) Run);

/// A run, or why not.
#[derive(Union)]
pub(crate) enum TimetableRunResult {
    /// Done.
    TimetableRun(TimetableRun),
    /// Not done.
    Refusal(Refusal),
}

#[Object]
impl TimetableRun {
    /// The id; that of the version it makes.
    async fn id(&self) -> Uuid {
        self.0.version.id.0
    }
    /// How it is doing.
    async fn state(&self) -> RunState {
        self.0.state.into()
    }
    /// How long it has been searching.
    async fn seconds(&self) -> f64 {
        self.0.ran.as_secs_f64()
    }
    /// What the best timetable so far is worth.
    async fn value(&self) -> Long {
        Long(self.0.version.value)
    }
    /// No timetable can be worth more, as far as proved.
    async fn upper_bound(&self) -> Long {
        Long(self.0.version.upper_bound)
    }
    /// (bound − value) / bound. 0: proved optimal.
    async fn gap(&self) -> f64 {
        let version = &self.0.version;
        (version.upper_bound - version.value) as f64 / version.upper_bound.abs().max(1) as f64
    }
    /// Pairs that meet in the best timetable so far.
    async fn placed(&self) -> u32 {
        self.0.version.placed
    }
    /// Pairs that were wished for.
    async fn requests(&self) -> u32 {
        self.0.version.requests
    }
    /// The version it makes: a draft until it is done.
    async fn timetable(&self) -> Timetable {
        Timetable(self.0.version.clone())
    }
    /// How it is doing in a sentence; why there is no timetable, where it ended so.
    async fn message(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<String> {
        Ok(self.0.text(spoken(ctx, tongue)?))
    }
}

/// A run of this event as it is now.
pub(crate) async fn find(ctx: &Context<'_>, id: Uuid) -> Result<Option<TimetableRun>> {
    let now = (ctx.data::<Clock>()?.now)();
    let rows = rows(ctx).await?;
    let found = rows.loader().snapshot.run(TimetableId(id), now).await;
    Ok(found.map_err(unexpected)?.map(TimetableRun))
}

/// Tells how a run goes, until it is over.
pub(crate) fn watch(ctx: &Context<'_>, id: Uuid) -> Result<impl Stream<Item = TimetableRun> + use<>> {
    let watcher = Watcher {
        store: ctx.data::<Store>()?.clone(),
        clock: *ctx.data::<Clock>()?,
        event: ctx.data::<Ctx>()?.event,
        id: TimetableId(id),
        signed_in: ctx.data::<crate::StillSignedIn>()?.clone(),
        told: None,
    };
    let may = crate::gate::sees(ctx, "Subscription", "timetableRun", false)?;
    Ok(stream::unfold(may.then_some(watcher), |watcher| async move {
        let mut watcher = watcher?;
        let run = watcher.next().await?;
        let going = matches!(run.state, rule::RunState::Running | rule::RunState::Stopping);
        Some((TimetableRun(run), going.then_some(watcher)))
    }))
}

/// What a run has said last: state, value, bound, meetings placed, time.
type Told = (rule::RunState, i64, i64, u32, Duration);

struct Watcher {
    store: Store,
    clock: Clock,
    event: EventId,
    id: TimetableId,
    signed_in: crate::StillSignedIn,
    told: Option<Told>,
}

impl Watcher {
    /// The next thing a run has to say; the first at once. Its words are read from the database, where a run of any
    /// process leaves them.
    async fn next(&mut self) -> Option<Run> {
        loop {
            if self.told.is_some() {
                tokio::time::sleep(TELL).await;
                if !(self.signed_in)().await {
                    return None;
                }
            }
            let snapshot = self.store.snapshot(self.event).await.ok()?;
            let run = snapshot.run(self.id, (self.clock.now)()).await.ok()??;
            let Run {
                version, state, ran, ..
            } = &run;
            let says = Some((*state, version.value, version.upper_bound, version.placed, *ran));
            if std::mem::replace(&mut self.told, says) != says {
                return Some(run);
            }
        }
    }
}
