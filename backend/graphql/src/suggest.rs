//! Where a pair could meet: free slots, and room that others would have to make. For the pair's two sides and the
//! organizer; a pair of others, or of nobody, is answered with nothing.

use crate::{
    event::Slot,
    gate::sees,
    reads::{beside, one, rows, unexpected},
    refusal::{Tongue, spoken},
    shift::Step,
};
use async_graphql::{Context, Object, Result};
use domain::{
    Ctx, Refusal,
    id::{BuyerId, ExhibitorId, MeetingId},
    insert as inserting,
    market::Market,
    suggest as suggesting,
    wish::{Pair, Side},
};
use std::sync::Arc;
use storage::{Error, suggest::Suggestions};
use uuid::Uuid;

/// A pair by its ids.
pub(crate) fn pair(buyer: Uuid, exhibitor: Uuid) -> Pair {
    Pair {
        buyer: BuyerId(buyer),
        exhibitor: ExhibitorId(exhibitor),
    }
}

/// On which side of a pair the actor stands.
pub(crate) fn side(ctx: &Context<'_>, pair: Pair) -> Result<Option<Side>> {
    let actor = &ctx.data::<Ctx>()?.actor;
    Ok(if actor.buyer == Some(pair.buyer) {
        Some(Side::Buyer)
    } else if actor.exhibitor == Some(pair.exhibitor) {
        Some(Side::Exhibitor)
    } else {
        None
    })
}

/// What there is nothing of is answered with nothing; any other refusal is said.
pub(crate) fn found<T>(answer: Result<T, Refusal>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Refusal::NotFound) => Ok(None),
        Err(refusal) => Err(unexpected(refusal.into())),
    }
}

/// A free slot of a pair.
pub(crate) struct Suggestion {
    found: suggesting::Suggestion,
    slot: domain::event::Slot,
}

#[Object]
impl Suggestion {
    /// When.
    async fn slot(&self) -> Option<Slot> {
        Some(Slot(self.slot))
    }
    /// Breaks it adds to the buyer's day; below 0 where it fills one.
    async fn breaks(&self) -> i64 {
        self.found.breaks
    }
    /// Walks from zone to zone it adds.
    async fn walks(&self) -> i64 {
        self.found.walks
    }
    /// Fewest places left after it at the booth's tables and the interpreters; `null`: neither has more than one.
    async fn places_left(&self) -> Option<u32> {
        self.found.places_left
    }
}

/// The free slots of a pair, best first, whoever asks: the one place where they are looked for.
pub(crate) async fn best(ctx: &Context<'_>, pair: Pair) -> Result<Option<Suggestions>> {
    let now = ctx.data::<Ctx>()?.now;
    match rows(ctx).await?.loader().snapshot.suggest(pair, now).await {
        Ok(free) => Ok(Some(free)),
        Err(Error::Refused(Refusal::NotFound)) => Ok(None),
        Err(error) => Err(unexpected(error)),
    }
}

/// The free slots of a pair, best first.
pub(crate) async fn suggestions(ctx: &Context<'_>, pair: Pair) -> Result<Option<Vec<Suggestion>>> {
    if !sees(ctx, "Query", "suggestions", side(ctx, pair)?.is_some())? {
        return Ok(None);
    }
    Ok(best(ctx, pair).await?.map(|free| {
        let all = free.into_iter();
        all.map(|(slot, found)| Suggestion { found, slot }).collect()
    }))
}

/// The slots a meeting could be moved to, best first.
pub(crate) async fn meeting_times(ctx: &Context<'_>, id: MeetingId) -> Result<Option<Vec<Suggestion>>> {
    let Some(held) = one(ctx, id).await? else {
        return Ok(None);
    };
    if !sees(
        ctx,
        "Query",
        "meetingTimes",
        side(ctx, held.meeting.placement.pair)?.is_some(),
    )? {
        return Ok(None);
    }
    let request = ctx.data::<Ctx>()?;
    let free = rows(ctx).await?.loader().snapshot.meeting_times(request, id).await;
    let free = free.map_err(unexpected)?.into_iter();
    Ok(Some(free.map(|(slot, found)| Suggestion { found, slot }).collect()))
}

/// What one more meeting of a pair would take.
pub(crate) struct Insertion {
    found: inserting::Insertion,
    pair: Pair,
    market: Arc<Market>,
}

#[Object]
impl Insertion {
    /// Whether there is room.
    async fn possible(&self) -> bool {
        self.found.slot.is_some()
    }
    /// Where it would stand.
    async fn slot(&self) -> Option<Slot> {
        let slot = usize::from(self.found.slot?);
        self.market.slots.get(slot).copied().map(Slot)
    }
    /// How many other meetings would move.
    async fn moved_count(&self) -> usize {
        self.found.moved
    }
    /// Every meeting that comes or moves, and when; whose it is only where it is one's own.
    async fn steps(&self) -> Vec<Step> {
        let held = |of: Pair| self.market.meetings.iter().find(|meeting| meeting.placement.pair == of);
        let steps = self.found.steps.iter();
        steps
            .map(|step| Step::of(step, self.pair, held(step.pair).map(|meeting| meeting.id)))
            .collect()
    }
    /// In a sentence.
    async fn message(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<&str> {
        Ok(self.found.text.get(spoken(ctx, tongue)?))
    }
    /// That fewer would not do, or how far was looked. For organizers.
    async fn proof(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<Option<&str>> {
        Ok(Some(self.found.proof.get(spoken(ctx, tongue)?)))
    }
    /// Every meeting that comes or moves. For organizers.
    async fn changes(&self) -> Option<Vec<String>> {
        Some(lines(&self.found.steps, &self.market))
    }
}

/// Steps as people read them.
pub(crate) fn lines(steps: &[inserting::Step], market: &Market) -> Vec<String> {
    steps.iter().map(|step| step.line(market)).collect()
}

/// What one more meeting of a pair would take.
pub(crate) async fn insertion(ctx: &Context<'_>, pair: Pair) -> Result<Option<Insertion>> {
    if !sees(ctx, "Query", "insertion", side(ctx, pair)?.is_some())? {
        return Ok(None);
    }
    let now = ctx.data::<Ctx>()?.now;
    let market = rows(ctx).await?.loader().market().await?;
    let asked = market.clone();
    let found = found(beside(move || inserting::insert(&asked, pair, now)).await?)?;
    Ok(found.map(|found| Insertion { found, pair, market }))
}
