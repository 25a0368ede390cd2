//! Why requests wait, counted by reason.

use crate::{
    reads::{beside, rows, unexpected},
    refusal::{Tongue, spoken},
    suggest::found,
};
use async_graphql::{Context, Object, Result};
use domain::{id::TimetableId, reason as rule};
use uuid::Uuid;

/// So many requests wait for one reason.
pub(crate) struct ReasonCount(rule::ReasonCount);

#[Object]
impl ReasonCount {
    /// The reason's word for programs, as in an explanation.
    async fn code(&self) -> &str {
        self.0.code
    }
    /// The reason in a sentence.
    async fn message(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<String> {
        Ok(self.0.text().get(spoken(ctx, tongue)?).to_owned())
    }
    /// How many requests wait for it.
    async fn count(&self) -> usize {
        self.0.count
    }
}

/// Why what a version does not hold is not held; of the published one, if none is named.
pub(crate) async fn reasons(ctx: &Context<'_>, timetable: Option<Uuid>) -> Result<Option<Vec<ReasonCount>>> {
    let rows = rows(ctx).await?;
    let rows = rows.loader();
    let version = match timetable {
        Some(id) => rows.snapshot.timetable(TimetableId(id)).await,
        None => rows.snapshot.published_timetable().await,
    };
    let Some(version) = version.map_err(unexpected)? else {
        return Ok(None);
    };
    let placements = rows.snapshot.placements(version.id).await.map_err(unexpected)?;
    let market = rows.market().await?;
    let counted = found(beside(move || rule::reasons(&market, &placements)).await?)?;
    Ok(counted.map(|counts| counts.into_iter().map(ReasonCount).collect()))
}
