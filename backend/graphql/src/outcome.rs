//! What a side notes after a meeting, for itself.

use crate::{
    mutation::{MeetingResult, asked, meeting},
    participation::Person,
    reads::pointed_to,
    table::MeetingSide,
};
use async_graphql::{Context, Enum, InputObject, Object, Result};
use domain::{id::MeetingId, outcome as rule};
use storage::outcome as kept;
use uuid::Uuid;

/// How much a side is interested after a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::Interest")]
pub(crate) enum Interest {
    /// Not.
    None,
    /// Somewhat.
    Some,
    /// Very much.
    Strong,
}

/// What came of a meeting for one's own side. Nothing of it must be said.
#[derive(InputObject)]
pub(crate) struct RecordOutcomeInput {
    /// Of which meeting.
    meeting: Uuid,
    /// Which side's, where the organizer writes; otherwise one's own.
    side: Option<MeetingSide>,
    /// 1 to 5, 5 best.
    rating: Option<u8>,
    /// In one's own words, at most 2,000 characters.
    note: Option<String>,
    /// How much one is interested.
    interest: Option<Interest>,
    /// What is to be done next, at most 500 characters.
    next_step: Option<String>,
    /// Whether a deal has begun.
    #[graphql(default)]
    deal: bool,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// What a side noted. The other side never sees it.
pub(crate) struct Outcome(pub(crate) kept::Outcome);

#[Object]
impl Outcome {
    /// Whose it is.
    async fn side(&self) -> MeetingSide {
        self.0.side.into()
    }
    /// Who wrote it last.
    async fn by(&self, ctx: &Context<'_>) -> Result<Person> {
        Ok(Person(pointed_to(ctx, self.0.by).await?))
    }
    /// When.
    async fn at(&self) -> jiff::Timestamp {
        self.0.at
    }
    /// 1 to 5, 5 best.
    async fn rating(&self) -> Option<u8> {
        self.0.rating
    }
    /// In the side's own words.
    async fn note(&self) -> &str {
        &self.0.note
    }
    /// How much the side is interested.
    async fn interest(&self) -> Option<Interest> {
        self.0.interest.map(Into::into)
    }
    /// What is to be done next.
    async fn next_step(&self) -> &str {
        &self.0.next_step
    }
    /// Whether a deal has begun.
    async fn deal(&self) -> bool {
        self.0.deal
    }
}

/// The verb of outcomes.
#[derive(Default)]
pub struct OutcomeMutation;

#[Object]
impl OutcomeMutation {
    /// Notes what came of a meeting that began, for one's own side; asked again it changes what was noted, until 14 days
    /// after the last slot.
    async fn record_outcome(&self, ctx: &Context<'_>, input: RecordOutcomeInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::RecordOutcome {
            meeting: MeetingId(input.meeting),
            side: input.side.map(Into::into),
            rating: input.rating,
            note: input.note.unwrap_or_default(),
            interest: input.interest.map(Into::into),
            next_step: input.next_step.unwrap_or_default(),
            deal: input.deal,
        };
        meeting(ctx, store.record_outcome(request, command, input.key).await).await
    }
}
