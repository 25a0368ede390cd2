//! Standby: who waits for a place at a booth, and the places offered.

use crate::{
    event::Slot,
    meeting::Meeting,
    mutation::{self, asked},
    participation::{Buyer, Exhibitor},
    reads::{MeetingsOfBuyer, Reads, one, pointed_to, rows, unexpected},
    refusal::{Refusal, outcome},
};
use async_graphql::{Context, Enum, InputObject, Object, Result, Union};
use domain::{
    Ctx,
    id::{BuyerId, ExhibitorId, OfferId},
    standby as rule,
};
use storage::{Error, standby::Answered};
use uuid::Uuid;

/// A booth to wait at.
#[derive(InputObject)]
pub(crate) struct StandbyInput {
    /// Whose booth.
    exhibitor: Uuid,
    /// Who waits, where the organizer says so; otherwise oneself.
    buyer: Option<Uuid>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

impl StandbyInput {
    fn parsed(&self) -> rule::Wait {
        rule::Wait {
            exhibitor: ExhibitorId(self.exhibitor),
            buyer: self.buyer.map(BuyerId),
        }
    }
}

/// A yes or a no to an offer.
#[derive(InputObject)]
pub(crate) struct AnswerOfferInput {
    /// Which offer.
    offer: Uuid,
    /// Whether the place is taken.
    yes: bool,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::OfferState")]
pub(crate) enum OfferState {
    /// It can be answered.
    Open,
    /// The buyer said yes and has the place.
    Taken,
    /// The buyer said no.
    Declined,
    /// Somebody else was faster.
    Lost,
    /// Nobody answered in time.
    Expired,
    /// It was taken, and the place has come free again since.
    Spent,
}

/// A buyer who waits for a place at a booth.
pub(crate) struct Standby(pub(crate) rule::Standby);

#[Object]
impl Standby {
    /// Who.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.0.pair.buyer).await?))
    }
    /// At whose booth.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.0.pair.exhibitor).await?))
    }
    /// Since when.
    async fn since(&self) -> jiff::Timestamp {
        self.0.since
    }
    /// Whether the buyer's last meeting of the day before the slot that is on or comes next was in the zone of the booth.
    async fn near(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = ctx.data::<Ctx>()?.now;
        let rows = rows(ctx).await?;
        let facts = rows.loader().facts().await?;
        let Some(next) = facts.slots.iter().find(|slot| slot.ends > now) else {
            return Ok(false);
        };
        let meetings = one(ctx, MeetingsOfBuyer(self.0.pair.buyer)).await?.unwrap_or_default();
        let own = meetings.iter().map(|listed| &listed.meeting);
        Ok(facts.near(own, self.0.pair.exhibitor, next.number))
    }
}

/// A place that came free, offered to a buyer who waits for one. The first yes has it.
pub(crate) struct Offer(pub(crate) rule::Offer);

#[Object]
impl Offer {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// To whom.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.0.buyer).await?))
    }
    /// At whose booth.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.0.place.exhibitor).await?))
    }
    /// When.
    async fn slot(&self, ctx: &Context<'_>) -> Result<Option<Slot>> {
        let rows = rows(ctx).await?;
        let slots = &rows.loader().facts().await?.slots;
        Ok(slots.get(usize::from(self.0.place.slot)).copied().map(Slot))
    }
    /// At which table, from 1.
    async fn table(&self) -> u16 {
        self.0.place.table
    }
    /// When it was made.
    async fn made_at(&self) -> jiff::Timestamp {
        self.0.made
    }
    /// Until when it can be answered; of one that was taken, until when the buyer is waited for.
    async fn expires_at(&self) -> jiff::Timestamp {
        self.0.expires
    }
    /// What became of it.
    async fn state(&self) -> OfferState {
        self.0.state.into()
    }
}

/// Who waits, or why not.
#[derive(Union)]
pub(crate) enum StandbyResult {
    /// Done; for those who wait no longer, as it was.
    Standby(Standby),
    /// Not done.
    Refusal(Refusal),
}

/// The meeting a yes led to, the offer a no was said to, or why neither.
#[derive(Union)]
pub(crate) enum AnswerOfferResult {
    /// The place was taken.
    Meeting(Meeting),
    /// It was left.
    Offer(Offer),
    /// Not done.
    Refusal(Refusal),
}

async fn standby(ctx: &Context<'_>, done: Result<rule::Standby, Error>) -> Result<Option<StandbyResult>> {
    ctx.data::<Reads>()?.renew().await;
    Ok(Some(match outcome(done)? {
        Ok(standby) => StandbyResult::Standby(Standby(standby)),
        Err(refusal) => StandbyResult::Refusal(refusal),
    }))
}

/// The verbs of standby.
#[derive(Default)]
pub struct StandbyMutation;

#[Object]
impl StandbyMutation {
    /// Waits for a place at a booth.
    async fn join_standby(&self, ctx: &Context<'_>, input: StandbyInput) -> Result<Option<StandbyResult>> {
        let (store, request) = asked(ctx)?;
        standby(ctx, store.join_standby(request, input.parsed(), input.key).await).await
    }
    /// Waits no longer.
    async fn leave_standby(&self, ctx: &Context<'_>, input: StandbyInput) -> Result<Option<StandbyResult>> {
        let (store, request) = asked(ctx)?;
        standby(ctx, store.leave_standby(request, input.parsed(), input.key).await).await
    }
    /// Takes a place that was offered, though its slot may have begun, or leaves it to the next. The first yes has it.
    async fn answer_offer(&self, ctx: &Context<'_>, input: AnswerOfferInput) -> Result<Option<AnswerOfferResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::Answer {
            offer: OfferId(input.offer),
            yes: input.yes,
        };
        let done = store.answer_offer(request, command, input.key).await;
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(done)? {
            Err(refusal) => AnswerOfferResult::Refusal(refusal),
            Ok(Answered::Meeting(id)) => AnswerOfferResult::Meeting(mutation::kept(ctx, id).await?),
            Ok(Answered::Offer(id)) => {
                let found = rows(ctx).await?.loader().snapshot.offer(id).await.map_err(unexpected)?;
                let gone = || unexpected(Error::Corrupt("a kept offer is gone".to_owned()));
                AnswerOfferResult::Offer(Offer(found.ok_or_else(gone)?))
            }
        }))
    }
}

/// What can be asked of standby.
#[derive(Default)]
pub struct StandbyQuery;

#[Object]
impl StandbyQuery {
    /// Where the one signed in waits for a place, longest first.
    async fn my_standby(&self, ctx: &Context<'_>) -> Result<Option<Vec<Standby>>> {
        let Some(buyer) = ctx.data::<Ctx>()?.actor.buyer else {
            return Ok(None);
        };
        let rows = rows(ctx).await?;
        let waits = rows.loader().snapshot.standby_of(buyer).await.map_err(unexpected)?;
        Ok(Some(waits.into_iter().map(Standby).collect()))
    }
    /// Places offered to the one signed in that can still be answered; those that end first at the front.
    async fn my_offers(&self, ctx: &Context<'_>) -> Result<Option<Vec<Offer>>> {
        let request = ctx.data::<Ctx>()?;
        let Some(buyer) = request.actor.buyer else {
            return Ok(None);
        };
        let rows = rows(ctx).await?;
        let offers = rows.loader().snapshot.open_offers_to(buyer, request.now).await;
        Ok(Some(offers.map_err(unexpected)?.into_iter().map(Offer).collect()))
    }
}
