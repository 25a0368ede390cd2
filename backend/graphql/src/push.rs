//! Push: the key under which browsers subscribe, and one's own browsers that are told or not.

use crate::{
    mutation::asked,
    refusal::{Refusal, outcome},
};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Union};
use domain::{
    Ctx,
    access::{self, Verb},
    id::PushId,
    push::{self as rule, Keys, Sending, Subscribe},
    time::Timestamp,
};
use uuid::Uuid;

/// One of one's own browsers that is told.
#[derive(SimpleObject)]
pub(crate) struct PushSubscription {
    /// The id. A browser that subscribes again keeps the one it has.
    id: Uuid,
    /// Where its push service is told, as the browser gave it.
    endpoint: String,
    /// Since when.
    made_at: Timestamp,
}

/// A browser that is to be told.
#[derive(InputObject)]
pub(crate) struct SubscribePushInput {
    /// The new subscription's id, made by whoever asks.
    id: Uuid,
    /// Where its push service is told.
    endpoint: String,
    /// The browser's public key, base64url.
    #[graphql(name = "p256dh")]
    p256dh: String,
    /// The browser's secret, base64url.
    auth: String,
}

/// A browser that is to be told no more.
#[derive(InputObject)]
pub(crate) struct UnsubscribePushInput {
    /// Where its push service is told.
    endpoint: String,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// The subscription as it is or was, or why not.
#[derive(Union)]
pub(crate) enum PushResult {
    /// Done.
    PushSubscription(PushSubscription),
    /// Not done.
    Refusal(Refusal),
}

/// What is configured, if anything.
fn sending<'c>(ctx: &Context<'c>) -> Option<&'c Sending> {
    ctx.data_opt::<Sending>()
}

/// What can be asked of push.
#[derive(Default)]
pub struct PushQuery;

#[Object]
impl PushQuery {
    /// The public key under which browsers subscribe (VAPID, base64url); `null`: push is not set up here.
    async fn push_key(&self, ctx: &Context<'_>) -> Option<String> {
        sending(ctx).map(|sending| sending.key.clone())
    }
}

/// The verbs of push.
#[derive(Default)]
pub struct PushMutation;

#[Object]
impl PushMutation {
    /// Lets this browser be told, also while the app is closed. Whoever used it before is told there no more.
    async fn subscribe_push(&self, ctx: &Context<'_>, input: SubscribePushInput) -> Result<Option<PushResult>> {
        let (store, request) = asked(ctx)?;
        let subscribed = match parsed(ctx, &request.actor, &input) {
            Ok(subscribe) => store.subscribe_push(request, subscribe).await,
            Err(refusal) => Err(refusal.into()),
        };
        Ok(Some(result(subscribed)?))
    }
    /// Lets this browser be told no more.
    async fn unsubscribe_push(&self, ctx: &Context<'_>, input: UnsubscribePushInput) -> Result<Option<PushResult>> {
        let (store, request): (_, &Ctx) = asked(ctx)?;
        let gone = store.unsubscribe_push(request, input.endpoint, input.key).await;
        Ok(Some(result(gone)?))
    }
}

fn parsed(ctx: &Context<'_>, actor: &access::Actor, input: &SubscribePushInput) -> Result<Subscribe, domain::Refusal> {
    access::may(actor, Verb::SubscribePush)?;
    let sending = sending(ctx).ok_or(domain::Refusal::PushOff)?;
    Ok(Subscribe {
        id: PushId(input.id),
        endpoint: sending.services.admit(&input.endpoint)?,
        keys: Keys::parse(&input.p256dh, &input.auth)?,
    })
}

fn result(done: Result<rule::Subscription, storage::Error>) -> Result<PushResult> {
    Ok(match outcome(done)? {
        Ok(subscription) => PushResult::PushSubscription(PushSubscription {
            id: subscription.id.0,
            endpoint: subscription.endpoint,
            made_at: subscription.made_at,
        }),
        Err(refusal) => PushResult::Refusal(refusal),
    })
}
