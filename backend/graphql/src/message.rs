//! Short words from one side of a meeting to the other.

use crate::mutation::{MeetingResult, asked, meeting};
use async_graphql::{Context, InputObject, Object, Result};
use domain::{id::MeetingId, message as rule};
use uuid::Uuid;

/// Something to say about a meeting.
#[derive(InputObject)]
pub(crate) struct MessageMeetingInput {
    /// About which meeting.
    meeting: Uuid,
    /// In one's own words, at most 2,000 characters.
    text: Option<String>,
    /// By how many minutes one is late, 1 to 30.
    late_minutes: Option<u16>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// The verb of messages.
#[derive(Default)]
pub struct MessageMutation;

#[Object]
impl MessageMutation {
    /// Tells the other side of a meeting something: that one is late, or in words. At most ten an hour.
    async fn message_meeting(&self, ctx: &Context<'_>, input: MessageMeetingInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::MessageMeeting {
            meeting: MeetingId(input.meeting),
            text: input.text,
            late_minutes: input.late_minutes,
        };
        meeting(ctx, store.message_meeting(request, command, input.key).await).await
    }
}
