//! The one way to change anything: idempotency key, rule, effect, audit entry and outbox rows in one transaction.

use crate::{
    Error, Store,
    batch::{Batch, Rows},
    change::{Change, Touched},
    column,
    entity::{idempotency, outbox},
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    audit as chain,
    id::EventId,
    time::{SignedDuration, Timestamp},
};
use futures_util::{FutureExt, TryFutureExt, future::BoxFuture};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, IntoActiveModel, QueryFilter, Set};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::sync::Arc;
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
        let done = self.act_knowing(ctx, act, move |scope, ctx| {
            work(scope, ctx).map_ok(|done| (done, ())).boxed()
        });
        // In a box: every verb's future holds this one.
        Ok(done.boxed().await?.0)
    }

    /// The same; what the act knew besides is given too where it was carried out just now.
    pub(crate) async fn act_knowing<T, K, F>(&self, ctx: &Ctx, act: Act, work: F) -> Result<(T, Option<K>), Error>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        K: Send + Sync + 'static,
        F: for<'t> FnOnce(Scope<'t>, Ctx) -> BoxFuture<'t, Result<(Done<T>, K), Error>> + Send + 'static,
    {
        let (ctx, act) = (Arc::new(ctx.clone()), Arc::new(act));
        let (event, changes) = (ctx.event, self.changes.clone());
        let (memory, batch) = (self.memory.clone(), self.batch.clone());
        let (asked, same) = (ctx.clone(), act.clone());
        let done = self
            .writer
            .write_then(
                move |tx| {
                    async move {
                        let scope = Scope {
                            tx,
                            event: ctx.event,
                            memory: &memory,
                            batch: Some(&batch),
                        };
                        let (done, known) = work(scope, Ctx::clone(&ctx)).await?;
                        remember(&batch, &ctx, &act, &done.answer)?;
                        let number = log(scope, &ctx, &act, &done.detail, &done.touched).await?;
                        Ok((done.answer, done.touched, number, known))
                    }
                    .boxed()
                },
                move |(_, touched, number, _)| {
                    if touched.anybody() {
                        changes.committed(Change {
                            event,
                            touched: touched.clone(),
                            number: *number,
                        });
                    }
                },
            )
            .await;
        match done {
            Ok((answer, .., known)) => Ok((answer, Some(known))),
            // What was done before cannot be done again: the rule says no, or the key is taken. Only then is it looked up.
            Err(error) => {
                let before = before(&self.reading().await?, &asked, &same).await?;
                Ok((before.ok_or(error)?, None))
            }
        }
    }
}

/// The answer this act was given before, if it was.
async fn before<T: DeserializeOwned>(tx: &DatabaseTransaction, ctx: &Ctx, act: &Act) -> Result<Option<T>, Error> {
    let row = scope::world::<idempotency::Entity>()
        .filter(idempotency::Column::Actor.eq(ctx.actor.label()))
        .filter(idempotency::Column::Operation.eq(act.verb.code()))
        .filter(idempotency::Column::Key.eq(act.key.as_str()))
        .one(tx)
        .await?;
    match row {
        None => Ok(None),
        Some(row) if row.fingerprint != act.fingerprint => Err(Refusal::KeyReused.into()),
        Some(row) => serde_json::from_str(&row.answer)
            .map(Some)
            .map_err(|error| Error::Corrupt(error.to_string())),
    }
}

fn remember<T: Serialize>(batch: &Batch, ctx: &Ctx, act: &Act, answer: &T) -> Result<(), Error> {
    let answer = serde_json::to_string(answer).map_err(|error| Error::Corrupt(error.to_string()))?;
    batch.remember(idempotency::Model {
        actor: ctx.actor.label(),
        operation: act.verb.code().to_owned(),
        key: act.key.clone(),
        fingerprint: act.fingerprint.clone(),
        answer,
        at: scope::now(ctx),
    });
    Ok(())
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
    let (before, previous) = match scope.batch.and_then(Batch::last) {
        Some(last) => last,
        None => crate::audit::last(scope.tx).await?.unwrap_or((0, chain::ROOT)),
    };
    let number = before + 1;
    let entry = chain::Entry {
        number,
        at: scope::now(ctx),
        actor: ctx.actor.label(),
        verb: act.verb.code().to_owned(),
        subject: act.key.clone(),
        detail: detail.to_string(),
        request: ctx.request_id.clone(),
    };
    let seal = chain::seal(&previous, &crate::audit::sealed(entry.clone(), Some(ctx.event)));
    let row = crate::audit::row(entry, Some(ctx.event), seal.to_vec());
    let entries = vec![row.into_active_model().reset_all()];
    scope
        .finally(Rows {
            entries,
            ..Rows::default()
        })
        .await?;
    if let Some(batch) = scope.batch {
        batch.sealed((number, seal));
    }
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
    let letters = letters.into_iter().map(|letter| letter.row(scope.event, ctx.now));
    scope
        .finally(Rows {
            letters: letters.collect(),
            ..Rows::default()
        })
        .await
}

/// One row of the outbox to be.
pub(crate) struct Letter {
    pub(crate) topic: &'static str,
    pub(crate) recipient: Option<Uuid>,
    pub(crate) payload: serde_json::Value,
    /// How long it waits before it is carried out.
    pub(crate) after: SignedDuration,
}

impl Letter {
    /// As posted in an event at a moment.
    pub(crate) fn row(self, event: EventId, at: Timestamp) -> outbox::ActiveModel {
        outbox::ActiveModel {
            id: sea_orm::NotSet,
            event_id: Set(event.0),
            at: Set(column::ms(at)),
            topic: Set(self.topic.to_owned()),
            recipient: Set(self.recipient),
            payload: Set(self.payload.to_string()),
            tries: Set(0),
            due: Set(column::ms(at + self.after)),
            done_at: Set(None),
            failed_at: Set(None),
            problem: Set(None),
        }
    }
}
