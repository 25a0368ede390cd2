//! What can be done. Every mutation answers what it made or a refusal; asked again with the same id it answers the
//! same without doing anything twice.

use crate::{
    event::{Event, Phase},
    meeting::Meeting,
    reads::{Reads, rows, unexpected},
    refusal::{Refusal, outcome},
    scalar::Long,
    timetable::{Calculation, MAX_SECONDS, Timetable},
};
use async_graphql::{Context, InputObject, Object, Union};

type Result<T, E = async_graphql::Error> = std::result::Result<T, E>;
use domain::{
    Ctx,
    access::{self, Verb},
    booking,
    id::{BuyerId, ExhibitorId, MeetingId, TimetableId},
    timetable as rule,
    wish::Pair,
};
use std::time::Duration;
use storage::{Error, Store, timetable::Proposed};
use uuid::Uuid;

/// A calculation that is asked for.
#[derive(InputObject)]
pub(crate) struct ProposeTimetableInput {
    /// The new version's id, made by whoever asks.
    id: Uuid,
    /// How long to search at most, 1 to 4 seconds; ends earlier when the timetable is proved optimal.
    #[graphql(default = 1)]
    seconds: u16,
    /// The same seed on the same market searches the same way.
    #[graphql(default_with = "Long(1)")]
    seed: Long,
}

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

/// What can be done.
pub struct Mutation;

/// What every mutation needs.
fn asked<'c>(ctx: &Context<'c>) -> Result<(&'c Store, &'c Ctx)> {
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

async fn meeting(ctx: &Context<'_>, done: Result<MeetingId, Error>) -> Result<Option<MeetingResult>> {
    ctx.data::<Reads>()?.renew().await;
    let id = match outcome(done)? {
        Ok(id) => id,
        Err(refusal) => return Ok(Some(MeetingResult::Refusal(refusal))),
    };
    let found = rows(ctx)
        .await?
        .loader()
        .snapshot
        .meeting(id)
        .await
        .map_err(unexpected)?;
    let found = found.ok_or_else(|| unexpected(Error::Corrupt("a kept meeting is gone".to_owned())))?;
    Ok(Some(MeetingResult::Meeting(Meeting(found))))
}

#[Object]
impl Mutation {
    /// Calculates a timetable of all wishes and keeps it as the next version, with its proof.
    async fn propose_timetable(
        &self,
        ctx: &Context<'_>,
        input: ProposeTimetableInput,
    ) -> Result<Option<TimetableResult>> {
        let (store, request) = asked(ctx)?;
        timetable(ctx, propose(ctx.data::<Calculation>()?, store, request, input).await).await
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
        meeting(ctx, store.cancel_meeting(request, MeetingId(input.id), input.key).await).await
    }
}

/// Reads the market, calculates beside the runtime's threads, keeps the result.
async fn propose(
    calculation: &Calculation,
    store: &Store,
    request: &Ctx,
    input: ProposeTimetableInput,
) -> Result<storage::timetable::Version, Error> {
    access::may(&request.actor, Verb::ProposeTimetable)?;
    let wanted = "1 to 4 seconds and a seed of 0 or more";
    let malformed = || {
        Error::Refused(domain::Refusal::Malformed {
            field: "seconds, seed",
            wanted,
        })
    };
    let seed = u64::try_from(input.seed.0).map_err(|_| malformed())?;
    if !(1..=MAX_SECONDS).contains(&input.seconds) {
        return Err(malformed());
    }
    let market = store.snapshot(request.event).await?.market().await?;
    let mut over = (calculation.0)(Duration::from_secs(u64::from(input.seconds)));
    let calculated = tokio::task::spawn_blocking(move || rule::propose(&market, seed, &mut |_| over()));
    let proposal = calculated.await.map_err(|error| Error::Corrupt(error.to_string()))??;
    store
        .keep_proposal(
            request,
            Proposed {
                id: TimetableId(input.id),
                seed,
            },
            proposal,
        )
        .await
}
