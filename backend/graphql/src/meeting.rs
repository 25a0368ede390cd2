//! A meeting of the live calendar.

use crate::{
    event::Slot,
    guest::{self, GuestsOf},
    outcome::Outcome,
    participation::{Booth, Buyer, Exhibitor, Person},
    reads::{CodeOf, OutcomesOf, booth_of, facts, one, pointed_to},
    table::MeetingSide,
};
use async_graphql::{Context, Enum, Object, Result};
use domain::{Ctx, guest::Part, wish::Side};
use storage::agenda::{Listed, State};
use uuid::Uuid;

/// Whether a meeting takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum MeetingState {
    /// It takes place.
    Planned,
    /// It does not.
    Cancelled,
    /// One side did not come.
    Missed,
}

/// A promised meeting of a buyer and an exhibitor.
pub(crate) struct Meeting(pub(crate) Listed);

impl Meeting {
    /// Whether the actor is one of the two sides.
    pub(crate) fn own(&self, ctx: &Context<'_>) -> Result<bool> {
        let actor = &ctx.data::<Ctx>()?.actor;
        let pair = self.0.meeting.placement.pair;
        Ok(actor.buyer == Some(pair.buyer) || actor.exhibitor == Some(pair.exhibitor))
    }

    /// Whether the actor joins it as a guest.
    pub(crate) async fn joined(&self, ctx: &Context<'_>) -> Result<bool> {
        let Some(person) = ctx.data::<Ctx>()?.actor.person else {
            return Ok(false);
        };
        let guests = one(ctx, GuestsOf(self.0.meeting.id)).await?.unwrap_or_default();
        Ok(guests.iter().any(|(guest, _)| *guest == person))
    }
}

#[Object]
impl Meeting {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.meeting.id.0
    }
    /// When.
    async fn slot(&self, ctx: &Context<'_>) -> Result<Option<Slot>> {
        let slots = &facts(ctx).await?.slots;
        Ok(slots.get(usize::from(self.0.meeting.placement.slot)).copied().map(Slot))
    }
    /// Whether it takes place.
    async fn state(&self) -> MeetingState {
        match self.0.state {
            State::Planned => MeetingState::Planned,
            State::Cancelled => MeetingState::Cancelled,
            State::Missed => MeetingState::Missed,
        }
    }
    /// Who comes.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.0.meeting.placement.pair.buyer).await?))
    }
    /// Whom the buyer meets.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(
            pointed_to(ctx, self.0.meeting.placement.pair.exhibitor).await?,
        ))
    }
    /// At which booth.
    async fn booth(&self, ctx: &Context<'_>) -> Result<Option<Booth>> {
        let booth = booth_of(ctx, self.0.meeting.placement.pair.exhibitor).await?;
        Ok(booth.map(Booth))
    }
    /// How often it was changed since it was promised; sent along as `seen`, it keeps a stale page from changing what
    /// it does not show.
    async fn revision(&self) -> u32 {
        self.0.meeting.revision
    }
    /// Whether only the organizer changes it.
    async fn locked(&self) -> bool {
        self.0.locked
    }
    /// At which of its tables, from 1.
    async fn table(&self) -> u16 {
        self.0.meeting.placement.table
    }
    /// Who of the booth sits there, where somebody is named.
    async fn staff(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        guest::joins(ctx, self.0.meeting.id, Part::Staff).await
    }
    /// The adviser who joins.
    async fn adviser(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        guest::joins(ctx, self.0.meeting.id, Part::Adviser).await
    }
    /// The languages interpreted between, where an interpreter sits with them.
    async fn interpreted(&self, ctx: &Context<'_>) -> Result<Option<Vec<String>>> {
        let Some((pool, _)) = self.0.meeting.placement.interpreter else {
            return Ok(None);
        };
        let facts = facts(ctx).await?;
        let pool = facts.pools.iter().find(|candidate| candidate.id == pool);
        Ok(pool.map(|pool| vec![pool.languages.0.to_string(), pool.languages.1.to_string()]))
    }
    // What happens at the table.
    /// When the buyer came.
    async fn buyer_came_at(&self) -> Option<jiff::Timestamp> {
        self.0.presence.buyer
    }
    /// When the exhibitor's staff came.
    async fn exhibitor_came_at(&self) -> Option<jiff::Timestamp> {
        self.0.presence.exhibitor
    }
    /// When it began: when the second of the two had come.
    async fn started_at(&self) -> Option<jiff::Timestamp> {
        self.0.presence.started()
    }
    /// When a side ended it.
    async fn ended_at(&self) -> Option<jiff::Timestamp> {
        self.0.presence.ended
    }
    /// Whether both sides have come: the evidence that it was held.
    async fn held(&self) -> bool {
        self.0.state == State::Planned && self.0.presence.started().is_some()
    }
    /// The side that did not come; none where both came or nobody said a word.
    async fn absent(&self) -> Vec<MeetingSide> {
        self.0.absent.map(MeetingSide::from).into_iter().collect()
    }
    /// Four digits for the exhibitor's staff to show at the table: the buyer who sends them checks both sides in.
    async fn code(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let own = ctx.data::<Ctx>()?.actor.exhibitor == Some(self.0.meeting.placement.pair.exhibitor);
        if !own || self.0.state != State::Planned {
            return Ok(None);
        }
        one(ctx, CodeOf(self.0.meeting.id)).await
    }
    /// What one's own side noted of it.
    async fn outcome(&self, ctx: &Context<'_>) -> Result<Option<Outcome>> {
        let (actor, pair) = (&ctx.data::<Ctx>()?.actor, self.0.meeting.placement.pair);
        let side = match () {
            () if actor.buyer == Some(pair.buyer) => Side::Buyer,
            () if actor.exhibitor == Some(pair.exhibitor) => Side::Exhibitor,
            () => return Ok(None),
        };
        let noted = one(ctx, OutcomesOf(self.0.meeting.id)).await?.unwrap_or_default();
        Ok(noted.into_iter().find(|outcome| outcome.side == side).map(Outcome))
    }
    /// What both sides noted of it. For the organizer.
    async fn outcomes(&self, ctx: &Context<'_>) -> Result<Option<Vec<Outcome>>> {
        let noted = one(ctx, OutcomesOf(self.0.meeting.id)).await?.unwrap_or_default();
        Ok(Some(noted.into_iter().map(Outcome).collect()))
    }
}
