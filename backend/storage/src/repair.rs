//! Repairing: the live calendar repaired and kept as a proposed version. Like any calculation it is done before, outside
//! any transaction: publishing checks every placement against the facts of its own moment.

use crate::{
    Error, Snapshot, Store,
    act::Act,
    timetable::{Kept, Version, keep, next_version},
};
use domain::{
    Ctx,
    access::{self, Verb},
    id::TimetableId,
    repair::{self as rule, Disturbance, Terms},
};
use futures_util::FutureExt;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RepairTimetable {
    /// The new version's id, made by whoever asks.
    pub id: TimetableId,
    /// What happened.
    pub disturbances: Vec<Disturbance>,
    /// How far it may go.
    pub terms: Terms,
}

impl Snapshot {
    /// The published timetable's certificate; empty while there is none.
    pub async fn published_certificate(&self) -> Result<String, Error> {
        Ok(match self.published_timetable().await? {
            Some(version) => self.certificate(version.id).await?.unwrap_or_default(),
            None => String::new(),
        })
    }
}

impl Store {
    /// Repairs the live calendar and keeps the result as the next version.
    pub async fn repair_timetable(&self, ctx: &Ctx, command: RepairTimetable) -> Result<Version, Error> {
        access::may(&ctx.actor, Verb::RepairTimetable)?;
        let RepairTimetable {
            id,
            disturbances,
            terms,
        } = command;
        let act = Act::new(
            Verb::RepairTimetable,
            id,
            &(&disturbances, terms.most_moved, terms.room),
        )?;
        let snapshot = self.snapshot(ctx.event).await?;
        let (market, certificate) = (snapshot.market().await?, snapshot.published_certificate().await?);
        drop(snapshot);
        let repaired =
            tokio::task::spawn_blocking(move || rule::repair(&market, &certificate, &disturbances, &terms)).await;
        let proposal = repaired.map_err(|error| Error::Corrupt(error.to_string()))??.proposal;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let kept = Kept {
                    id,
                    version: next_version(scope).await?,
                    seed: 0,
                    ran: None,
                };
                keep(scope, &ctx, kept, &proposal).await
            }
            .boxed()
        })
        .await?;
        self.version(ctx.event, id).await
    }
}
