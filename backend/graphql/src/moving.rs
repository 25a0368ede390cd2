//! Promised meetings that go to another time: moved, swapped, fixed where they are.

use crate::{
    meeting::Meeting,
    mutation::{MeetingResult, asked, meeting},
    reads::{Reads, pointed_to},
    refusal::{Refusal, outcome},
};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Union};
use domain::{
    id::MeetingId,
    moving::{Lock, Move, Swap},
};
use uuid::Uuid;

/// A meeting to be moved.
#[derive(InputObject)]
pub(crate) struct MoveMeetingInput {
    /// Which meeting.
    id: Uuid,
    /// The number of the slot it shall go to.
    slot: u16,
    /// The revision that was seen; refused if it is another by now.
    seen: Option<u32>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// Two meetings that shall swap their times.
#[derive(InputObject)]
pub(crate) struct SwapMeetingsInput {
    /// One of them.
    a: Uuid,
    /// The other.
    b: Uuid,
    /// The revision of the one that was seen; refused if it is another by now.
    seen_a: Option<u32>,
    /// The revision of the other that was seen; refused if it is another by now.
    seen_b: Option<u32>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A meeting to be fixed, or freed again.
#[derive(InputObject)]
pub(crate) struct LockMeetingInput {
    /// Which meeting.
    id: Uuid,
    /// Whether nobody but the organizer shall change it.
    locked: bool,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// Two meetings that have swapped their times.
#[derive(SimpleObject)]
pub(crate) struct Swapped {
    /// The one.
    a: Box<Meeting>,
    /// The other.
    b: Box<Meeting>,
}

/// Two meetings, or why not.
#[derive(Union)]
pub(crate) enum SwapResult {
    /// Done.
    Swapped(Swapped),
    /// Not done.
    Refusal(Refusal),
}

/// What can be done with promised meetings.
#[derive(Default)]
pub struct MovingMutation;

#[Object]
impl MovingMutation {
    /// Moves a meeting to another time, where both have it free. No later timetable moves it.
    async fn move_meeting(&self, ctx: &Context<'_>, input: MoveMeetingInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let command = Move {
            meeting: MeetingId(input.id),
            slot: input.slot,
            seen: input.seen,
        };
        meeting(ctx, store.move_meeting(request, command, input.key).await).await
    }
    /// Swaps the times of two meetings of one buyer or at one booth, for that party and the organizer.
    async fn swap_meetings(&self, ctx: &Context<'_>, input: SwapMeetingsInput) -> Result<Option<SwapResult>> {
        let (store, request) = asked(ctx)?;
        let command = Swap {
            meetings: [MeetingId(input.a), MeetingId(input.b)],
            seen: [input.seen_a, input.seen_b],
        };
        let done = store.swap_meetings(request, command, input.key).await;
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(done)? {
            Ok([a, b]) => SwapResult::Swapped(Swapped {
                a: Box::new(Meeting(pointed_to(ctx, a).await?)),
                b: Box::new(Meeting(pointed_to(ctx, b).await?)),
            }),
            Err(refusal) => SwapResult::Refusal(refusal),
        }))
    }
    /// Fixes a meeting, so that nobody but the organizer changes it, or frees it again. For organizers.
    async fn lock_meeting(&self, ctx: &Context<'_>, input: LockMeetingInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let command = Lock {
            meeting: MeetingId(input.id),
            locked: input.locked,
        };
        meeting(ctx, store.lock_meeting(request, command, input.key).await).await
    }
}
