//! The one way to change anything: idempotency key, rule, effect, audit entry and outbox rows in one transaction.

use crate::{
    Error, Store,
    change::{Change, Touched},
    column,
    entity::{audit, idempotency},
    scope::{self, Scope},
};
use domain::{Ctx, Refusal, access::Verb, audit as chain, time::SignedDuration};
use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What is to be done, as far as it must be told apart from anything else.
pub(crate) struct Act {
    verb: Verb,
    key: String,
    fingerprint: String,
}

impl Act {
    /// `key` is the id the client made: the same key is the same act, however often it is sent. `content` is
    /// everything the act depends on; the same key with other content is refused.
    pub(crate) fn new(verb: Verb, key: impl Into<Uuid>, content: &impl Serialize) -> Result<Self, Error> {
        let content = serde_json::to_vec(content).map_err(|error| Error::Corrupt(error.to_string()))?;
        let fingerprint = column::hex(Sha256::digest(&content));
        Ok(Self {
            verb,
            key: key.into().to_string(),
            fingerprint,
        })
    }
}

/// What came of it.
pub(crate) struct Done<T> {
    /// What the caller is told, now and whenever the same act is sent again.
    pub(crate) answer: T,
    /// What the audit log says of it: ids and figures, nothing personal.
    pub(crate) detail: serde_json::Value,
    /// Whom it concerns: they are told to look again once it is committed.
    pub(crate) touched: Touched,
}

impl<T> Done<T> {
    /// Nobody has to look again because of it.
    pub(crate) fn quietly(answer: T, detail: serde_json::Value) -> Self {
        Self {
            answer,
            detail,
            touched: Touched::default(),
        }
    }
}

impl Store {
    /// Does the act once. Sent again with the same key and content it answers the same without doing anything.
    pub(crate) async fn act<T, F>(&self, ctx: &Ctx, act: Act, work: F) -> Result<T, Error>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: for<'t> FnOnce(Scope<'t>, Ctx) -> BoxFuture<'t, Result<Done<T>, Error>> + Send + 'static,
    {
        let ctx = ctx.clone();
        let (event, memory, changes) = (ctx.event, self.memory.clone(), self.changes.clone());
        let (answer, ..) = self
            .writer
            .write_then(
                move |tx| {
                    async move {
                        let scope = Scope {
                            tx,
                            event: ctx.event,
                            memory: &memory,
                        };
                        if let Some(answer) = before(scope, &ctx, &act).await? {
                            return Ok((answer, Touched::default(), 0));
                        }
                        let done = work(scope, ctx.clone()).await?;
                        remember(scope, &ctx, &act, &done.answer).await?;
                        let number = log(scope, &ctx, &act, &done.detail, &done.touched).await?;
                        Ok((done.answer, done.touched, number))
                    }
                    .boxed()
                },
                move |(_, touched, number)| {
                    if touched.anybody() {
                        changes.committed(Change {
                            event,
                            touched: touched.clone(),
                            number: *number,
                        });
                    }
                },
            )
            .await?;
        Ok(answer)
    }
}

/// The answer this act was given before, if it was.
async fn before<T: DeserializeOwned>(scope: Scope<'_>, ctx: &Ctx, act: &Act) -> Result<Option<T>, Error> {
    let row = scope::world::<idempotency::Entity>()
        .filter(idempotency::Column::Actor.eq(ctx.actor.label()))
        .filter(idempotency::Column::Operation.eq(act.verb.code()))
        .filter(idempotency::Column::Key.eq(act.key.as_str()))
        .one(scope.tx)
        .await?;
    match row {
        None => Ok(None),
        Some(row) if row.fingerprint != act.fingerprint => Err(Refusal::KeyReused.into()),
        Some(row) => serde_json::from_str(&row.answer)
            .map(Some)
            .map_err(|error| Error::Corrupt(error.to_string())),
    }
}

async fn remember<T: Serialize>(scope: Scope<'_>, ctx: &Ctx, act: &Act, answer: &T) -> Result<(), Error> {
    let answer = serde_json::to_string(answer).map_err(|error| Error::Corrupt(error.to_string()))?;
    let row = idempotency::Model {
        actor: ctx.actor.label(),
        operation: act.verb.code().to_owned(),
        key: act.key.clone(),
        fingerprint: act.fingerprint.clone(),
        answer,
        at: scope::now(ctx),
    };
    scope.insert::<idempotency::Entity>(vec![row]).await
}

/// Adds the entry to the chain and answers its number. Batches have one order, so the last entry is the one before this.
async fn log(
    scope: Scope<'_>,
    ctx: &Ctx,
    act: &Act,
    detail: &serde_json::Value,
    touched: &Touched,
) -> Result<i64, Error> {
    let mut detail = detail.clone();
    if let (Some(fields), true) = (detail.as_object_mut(), touched.anybody()) {
        let touched = serde_json::to_value(touched).map_err(|error| Error::Corrupt(error.to_string()))?;
        fields.insert("touched".to_owned(), touched);
    }
    let last = scope::world::<audit::Entity>()
        .order_by_desc(audit::Column::Number)
        .one(scope.tx)
        .await?;
    let (number, previous) = match last {
        None => (1, chain::ROOT),
        Some(row) => (row.number + 1, crate::audit::seal_of(&row)?),
    };
    let entry = chain::Entry {
        number,
        at: scope::now(ctx),
        actor: ctx.actor.label(),
        verb: act.verb.code().to_owned(),
        subject: act.key.clone(),
        detail: detail.to_string(),
        request: ctx.request_id.clone(),
    };
    let seal = chain::seal(&previous, &crate::audit::sealed(entry.clone(), Some(ctx.event))).to_vec();
    let row = crate::audit::row(entry, Some(ctx.event), seal);
    scope.insert::<audit::Entity>(vec![row]).await?;
    Ok(number)
}

/// A new row's key that is taken is an id somebody else has used: whatever else is unique in the row was looked at in
/// the same act.
pub(crate) fn used(error: Error) -> Error {
    match error {
        Error::Conflict(_) => Refusal::KeyReused.into(),
        other => other,
    }
}

/// What shall happen outside after the commit: kept with the effect, carried out by the workers.
pub(crate) async fn post(scope: Scope<'_>, ctx: &Ctx, letters: Vec<Letter>) -> Result<(), Error> {
    use crate::entity::outbox::{ActiveModel, Entity};
    let at = scope::now(ctx);
    let rows: Vec<ActiveModel> = letters
        .into_iter()
        .map(|letter| ActiveModel {
            id: sea_orm::NotSet,
            event_id: Set(ctx.event.0),
            at: Set(at),
            topic: Set(letter.topic.to_owned()),
            recipient: Set(letter.recipient),
            payload: Set(letter.payload.to_string()),
            tries: Set(0),
            due: Set(column::ms(ctx.now + letter.after)),
            done_at: Set(None),
            failed_at: Set(None),
            problem: Set(None),
        })
        .collect();
    for chunk in rows.chunks(1000) {
        Entity::insert_many(chunk.to_vec())
            .exec_without_returning(scope.tx)
            .await?;
    }
    Ok(())
}

/// One row of the outbox to be.
pub(crate) struct Letter {
    pub(crate) topic: &'static str,
    pub(crate) recipient: Option<Uuid>,
    pub(crate) payload: serde_json::Value,
    /// How long it waits before it is carried out.
    pub(crate) after: SignedDuration,
}
