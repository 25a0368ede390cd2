//! What happens at the table: a side comes, a side does not come, a meeting ends.

use crate::mutation::{MeetingResult, asked, meeting};
use async_graphql::{Context, Enum, InputObject, Object, Result};
use domain::{id::MeetingId, table as rule, wish};
use uuid::Uuid;

/// One of the two sides of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "wish::Side")]
pub(crate) enum MeetingSide {
    /// Who comes to the booth.
    Buyer,
    /// Whose booth it is.
    Exhibitor,
}

/// A side has come.
#[derive(InputObject)]
pub(crate) struct CheckInInput {
    /// To which meeting.
    meeting: Uuid,
    /// The four digits the exhibitor's staff shows, sent by the buyer: both sides have come.
    code: Option<String>,
    /// Which side, where the organizer says so; otherwise one's own.
    side: Option<MeetingSide>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A meeting to do something with.
#[derive(InputObject)]
pub(crate) struct MeetingInput {
    /// Which meeting.
    meeting: Uuid,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// The verbs of the table.
#[derive(Default)]
pub struct TableMutation;

#[Object]
impl TableMutation {
    /// Says that a side has come to the table: from ten minutes before the slot begins until it ends. With the right code
    /// it says so of both.
    async fn check_in(&self, ctx: &Context<'_>, input: CheckInInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::CheckIn {
            meeting: MeetingId(input.meeting),
            side: input.side.map(Into::into),
            code: input.code,
        };
        meeting(ctx, store.check_in(request, command, input.key).await).await
    }
    /// Says that the other side has not come: from three minutes after the beginning, by the side that has. The place of
    /// a buyer who did not come is offered to those on standby.
    async fn report_no_show(&self, ctx: &Context<'_>, input: MeetingInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let done = store.report_no_show(request, MeetingId(input.meeting), input.key);
        meeting(ctx, done.await).await
    }
    /// Ends a meeting that has begun.
    async fn end_meeting(&self, ctx: &Context<'_>, input: MeetingInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let done = store.end_meeting(request, MeetingId(input.meeting), input.key);
        meeting(ctx, done.await).await
    }
}
