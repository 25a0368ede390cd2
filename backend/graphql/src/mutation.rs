//! What can be done to timetables and single meetings. Every mutation answers what it made or a refusal; asked again with the same id it answers the
//! same without doing anything twice.

use crate::{
    absence::AbsenceMutation,
    event::{Event, Phase},
    feed::FeedMutation,
    guest::GuestMutation,
    letter::LetterMutation,
    meeting::Meeting,
    message::MessageMutation,
    moving::MovingMutation,
    notice::NoticeMutation,
    outcome::OutcomeMutation,
    party::PartyMutation,
    push::PushMutation,
    reads::{Reads, rows, unexpected},
    refusal::{Refusal, outcome},
    repair::RepairTimetableInput,
    request::RequestMutation,
    run::{StartTimetableRunInput, TimetableRun, TimetableRunResult},
    shift::ShiftMutation,
    staffing::StaffingMutation,
    standby::StandbyMutation,
    table::TableMutation,
    timetable::Timetable,
    wish::WishMutation,
};
use async_graphql::{Context, InputObject, MergedObject, Object, Union};

type Result<T, E = async_graphql::Error> = std::result::Result<T, E>;
use domain::{
    Ctx,
    access::{self, Verb},
    booking,
    id::{BuyerId, ExhibitorId, MeetingId, TimetableId},
    wish::Pair,
};
use storage::{Error, Store, booking::Booked, run::Clock};
use uuid::Uuid;

/// A version to do something with.
#[derive(InputObject)]
pub(crate) struct TimetableInput {
    /// Which version.
    id: Uuid,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A phase to move to.
#[derive(InputObject)]
pub(crate) struct MovePhaseInput {
    /// Where to.
    phase: Phase,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A meeting to be booked.
#[derive(InputObject)]
pub(crate) struct BookMeetingInput {
    /// The new meeting's id, made by whoever asks.
    id: Uuid,
    /// Who comes.
    buyer: Uuid,
    /// Whom the buyer shall meet.
    exhibitor: Uuid,
    /// The number of the slot.
    slot: u16,
}

/// A meeting to be cancelled.
#[derive(InputObject)]
pub(crate) struct CancelMeetingInput {
    /// Which meeting.
    id: Uuid,
    /// The revision that was seen; refused if it is another by now.
    seen: Option<u32>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A version, or why not.
#[derive(Union)]
pub(crate) enum TimetableResult {
    /// Done.
    Timetable(Timetable),
    /// Not done.
    Refusal(Refusal),
}

/// A meeting, or why not.
#[derive(Union)]
pub(crate) enum MeetingResult {
    /// Done.
    Meeting(Meeting),
    /// Not done.
    Refusal(Refusal),
}

/// The event, or why not.
#[derive(Union)]
pub(crate) enum EventResult {
    /// Done.
    Event(Event),
    /// Not done.
    Refusal(Refusal),
}

/// The verbs of timetables and single meetings.
#[derive(Default)]
pub struct MeetingMutation;

/// What can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    MeetingMutation,
    TableMutation,
    OutcomeMutation,
    MessageMutation,
    StandbyMutation,
    WishMutation,
    AbsenceMutation,
    PartyMutation,
    StaffingMutation,
    GuestMutation,
    NoticeMutation,
    FeedMutation,
    PushMutation,
    LetterMutation,
    RequestMutation,
    MovingMutation,
    ShiftMutation,
);

/// What every mutation needs.
pub(crate) fn asked<'c>(ctx: &Context<'c>) -> Result<(&'c Store, &'c Ctx)> {
    Ok((ctx.data::<Store>()?, ctx.data::<Ctx>()?))
}

async fn timetable(
    ctx: &Context<'_>,
    done: Result<storage::timetable::Version, Error>,
) -> Result<Option<TimetableResult>> {
    ctx.data::<Reads>()?.renew().await;
    Ok(Some(match outcome(done)? {
        Ok(version) => TimetableResult::Timetable(Timetable(version)),
        Err(refusal) => TimetableResult::Refusal(refusal),
    }))
}

async fn run(ctx: &Context<'_>, done: Result<storage::run::Run, Error>) -> Result<Option<TimetableRunResult>> {
    ctx.data::<Reads>()?.renew().await;
    Ok(Some(match outcome(done)? {
        Ok(run) => TimetableRunResult::TimetableRun(TimetableRun(run)),
        Err(refusal) => TimetableRunResult::Refusal(refusal),
    }))
}

pub(crate) async fn meeting(
    ctx: &Context<'_>,
    done: Result<impl Into<Booked>, Error>,
) -> Result<Option<MeetingResult>> {
    let reads = ctx.data::<Reads>()?;
    reads.renew().await;
    let booked = match outcome(done)? {
        Ok(booked) => booked.into(),
        Err(refusal) => return Ok(Some(MeetingResult::Refusal(refusal))),
    };
    let meeting = match booked.known {
        Some(known) => {
            reads.renew_knowing(known.facts).await;
            Meeting(known.meeting)
        }
        None => kept(ctx, booked.id).await?,
    };
    Ok(Some(MeetingResult::Meeting(meeting)))
}

/// A meeting that was just kept.
pub(crate) async fn kept(ctx: &Context<'_>, id: MeetingId) -> Result<Meeting> {
    let found = rows(ctx)
        .await?
        .loader()
        .snapshot
        .meeting(id)
        .await
        .map_err(unexpected)?;
    let found = found.ok_or_else(|| unexpected(Error::Corrupt("a kept meeting is gone".to_owned())))?;
    Ok(Meeting(found))
}

#[Object]
impl MeetingMutation {
    /// Begins to calculate a timetable of all wishes and answers at once. What is found is kept as the next version,
    /// with its proof. One run an event at a time.
    async fn start_timetable_run(
        &self,
        ctx: &Context<'_>,
        input: StartTimetableRunInput,
    ) -> Result<Option<TimetableRunResult>> {
        let (store, request) = asked(ctx)?;
        let started = match access::may(&request.actor, Verb::StartTimetableRun) {
            Err(refusal) => Err(refusal.into()),
            Ok(()) => match input.parsed() {
                Ok(start) => store.start_run(request, start, *ctx.data::<Clock>()?).await,
                Err(error) => Err(error),
            },
        };
        run(ctx, started).await
    }
    /// Ends a run; the best it has found so far is kept.
    async fn stop_timetable_run(&self, ctx: &Context<'_>, input: TimetableInput) -> Result<Option<TimetableRunResult>> {
        let (store, request) = asked(ctx)?;
        run(ctx, store.stop_run(request, TimetableId(input.id), input.key).await).await
    }
    /// Repairs the live calendar after what happened and keeps the result as the next version, to be published.
    async fn repair_timetable(
        &self,
        ctx: &Context<'_>,
        input: RepairTimetableInput,
    ) -> Result<Option<TimetableResult>> {
        let (store, request) = asked(ctx)?;
        if let Err(refusal) = access::may(&request.actor, Verb::RepairTimetable) {
            return timetable(ctx, Err(refusal.into())).await;
        }
        let market = rows(ctx).await?.loader().market().await?;
        let repaired = match input.parsed(&market, request.now) {
            Ok(command) => store.repair_timetable(request, command).await,
            Err(error) => Err(error),
        };
        timetable(ctx, repaired).await
    }
    /// Publishes a proposed version, as one act: every agenda follows it.
    async fn publish_timetable(&self, ctx: &Context<'_>, input: TimetableInput) -> Result<Option<TimetableResult>> {
        let (store, request) = asked(ctx)?;
        timetable(
            ctx,
            store.publish_timetable(request, TimetableId(input.id), input.key).await,
        )
        .await
    }
    /// Makes a version that was published before the published one again, as one act.
    async fn roll_back_timetable(&self, ctx: &Context<'_>, input: TimetableInput) -> Result<Option<TimetableResult>> {
        let (store, request) = asked(ctx)?;
        timetable(
            ctx,
            store
                .roll_back_timetable(request, TimetableId(input.id), input.key)
                .await,
        )
        .await
    }
    /// Sets a proposed version aside.
    async fn discard_timetable(&self, ctx: &Context<'_>, input: TimetableInput) -> Result<Option<TimetableResult>> {
        let (store, request) = asked(ctx)?;
        timetable(
            ctx,
            store.discard_timetable(request, TimetableId(input.id), input.key).await,
        )
        .await
    }
    /// Moves the event to another phase.
    async fn move_phase(&self, ctx: &Context<'_>, input: MovePhaseInput) -> Result<Option<EventResult>> {
        let (store, request) = asked(ctx)?;
        let done = store.move_phase(request, input.key, input.phase.into()).await;
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(done)? {
            Ok(event) => EventResult::Event(Event(event)),
            Err(refusal) => EventResult::Refusal(refusal),
        }))
    }
    /// Books a meeting into a free place.
    async fn book_meeting(&self, ctx: &Context<'_>, input: BookMeetingInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let pair = Pair {
            buyer: BuyerId(input.buyer),
            exhibitor: ExhibitorId(input.exhibitor),
        };
        let command = booking::BookMeeting {
            id: MeetingId(input.id),
            pair,
            slot: input.slot,
        };
        meeting(ctx, store.book_meeting(request, command).await).await
    }
    /// Cancels a meeting before it begins.
    async fn cancel_meeting(&self, ctx: &Context<'_>, input: CancelMeetingInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let command = booking::Cancel {
            meeting: MeetingId(input.id),
            seen: input.seen,
        };
        meeting(ctx, store.cancel_meeting(request, command, input.key).await).await
    }
}
