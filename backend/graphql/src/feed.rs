//! One's own calendar at a secret address. The secret is made by whoever asks and is told to nobody again.

use crate::{
    mutation::asked,
    reads::{Reads, rows, unexpected},
    refusal::{Refusal, outcome},
};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Union};
use domain::{
    Ctx,
    access::{self, Verb},
    feed::Secret,
    time::Timestamp,
};
use uuid::Uuid;

/// That there is such an address.
#[derive(SimpleObject)]
pub(crate) struct CalendarFeed {
    /// Since when.
    made_at: Timestamp,
}

/// An address that was made. It is told now and never again.
#[derive(SimpleObject)]
pub(crate) struct CalendarAddress {
    /// Since when.
    made_at: Timestamp,
    /// Where calendar programs read it, from this site's beginning.
    path: String,
}

/// That the address leads nowhere any more.
#[derive(SimpleObject)]
pub(crate) struct CalendarRevoked {
    /// Always true.
    revoked: bool,
}

/// An address to be made.
#[derive(InputObject)]
pub(crate) struct MakeCalendarFeedInput {
    /// 22 to 64 random letters, digits, `-` or `_`, made by whoever asks.
    secret: String,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// The address to be made worthless.
#[derive(InputObject)]
pub(crate) struct RevokeCalendarFeedInput {
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// The address, or why not.
#[derive(Union)]
pub(crate) enum MakeCalendarFeedResult {
    /// Done.
    CalendarAddress(CalendarAddress),
    /// Not done.
    Refusal(Refusal),
}

/// Done, or why not.
#[derive(Union)]
pub(crate) enum RevokeCalendarFeedResult {
    /// Done.
    CalendarRevoked(CalendarRevoked),
    /// Not done.
    Refusal(Refusal),
}

/// What can be asked of calendar feeds.
#[derive(Default)]
pub struct FeedQuery;

#[Object]
impl FeedQuery {
    /// Whether there is a secret address of one's own calendar, and since when.
    async fn my_calendar_feed(&self, ctx: &Context<'_>) -> Result<Option<CalendarFeed>> {
        let Some(person) = ctx.data::<Ctx>()?.actor.person else {
            return Ok(None);
        };
        let made = rows(ctx).await?.loader().snapshot.feed_of(person).await;
        Ok(made.map_err(unexpected)?.map(|made_at| CalendarFeed { made_at }))
    }
}

/// The verbs of calendar feeds.
#[derive(Default)]
pub struct FeedMutation;

#[Object]
impl FeedMutation {
    /// Makes a secret address of one's own calendar; the one made before leads nowhere from then on.
    async fn make_calendar_feed(
        &self,
        ctx: &Context<'_>,
        input: MakeCalendarFeedInput,
    ) -> Result<Option<MakeCalendarFeedResult>> {
        let (store, request) = asked(ctx)?;
        let may = access::may(&request.actor, Verb::MakeCalendarFeed);
        let made = match may.and_then(|()| Secret::parse(&input.secret)) {
            Ok(secret) => {
                let made = store.make_feed(request, &secret, input.key).await;
                made.map(|made_at| CalendarAddress {
                    made_at,
                    path: secret.path(),
                })
            }
            Err(refusal) => Err(refusal.into()),
        };
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(made)? {
            Ok(address) => MakeCalendarFeedResult::CalendarAddress(address),
            Err(refusal) => MakeCalendarFeedResult::Refusal(refusal),
        }))
    }
    /// Makes the address of one's own calendar worthless.
    async fn revoke_calendar_feed(
        &self,
        ctx: &Context<'_>,
        input: RevokeCalendarFeedInput,
    ) -> Result<Option<RevokeCalendarFeedResult>> {
        let (store, request) = asked(ctx)?;
        let revoked = store.revoke_feed(request, input.key).await;
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(revoked)? {
            Ok(()) => RevokeCalendarFeedResult::CalendarRevoked(CalendarRevoked { revoked: true }),
            Err(refusal) => RevokeCalendarFeedResult::Refusal(refusal),
        }))
    }
}
