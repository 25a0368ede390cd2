//! How everybody stands, in figures, for those who run the event: wishes, meetings, open requests; and who interprets.

use crate::reads::{rows, unexpected};
use async_graphql::{Context, Object, Result, SimpleObject};
use domain::{Ctx, arrangement as rule, venue};
use uuid::Uuid;

/// What a buyer or an exhibitor wishes for and has.
#[derive(SimpleObject)]
pub(crate) struct Arrangement {
    /// Of which buyer or exhibitor.
    id: Uuid,
    /// How many it wants to meet.
    wishes: u32,
    /// How many want to meet it.
    wished_by: u32,
    /// Meetings in the calendar.
    meetings: u32,
}

impl From<(Uuid, rule::Arrangement)> for Arrangement {
    fn from((id, stands): (Uuid, rule::Arrangement)) -> Self {
        Self {
            id,
            wishes: stands.wishes,
            wished_by: stands.wished_by,
            meetings: stands.meetings,
        }
    }
}

/// Interpreters between two languages.
#[derive(SimpleObject)]
pub(crate) struct InterpreterPool {
    /// `interpreters-en`.
    code: String,
    /// The two languages, ISO 639-1.
    languages: Vec<String>,
    /// How many there are.
    count: u16,
}

impl From<&venue::InterpreterPool> for InterpreterPool {
    fn from(pool: &venue::InterpreterPool) -> Self {
        Self {
            code: pool.code.clone(),
            languages: vec![pool.languages.0.to_string(), pool.languages.1.to_string()],
            count: pool.count,
        }
    }
}

/// What can be asked of how everybody stands.
#[derive(Default)]
pub struct ArrangementQuery;

#[Object]
impl ArrangementQuery {
    /// How all buyers and exhibitors stand, buyers first, by code.
    async fn arrangements(&self, ctx: &Context<'_>) -> Result<Option<Vec<Arrangement>>> {
        let market = rows(ctx).await?.loader().market().await?;
        let all = rule::arrangements(&market);
        Ok(Some(all.into_iter().map(Arrangement::from).collect()))
    }
    /// How many meeting requests wait for an answer.
    async fn open_requests(&self, ctx: &Context<'_>) -> Result<Option<u64>> {
        let now = ctx.data::<Ctx>()?.now;
        let rows = rows(ctx).await?;
        let open = rows.loader().snapshot.count_open_requests(now).await;
        open.map(Some).map_err(unexpected)
    }
    /// The pools of interpreters, in the order in which they are asked.
    async fn interpreters(&self, ctx: &Context<'_>) -> Result<Option<Vec<InterpreterPool>>> {
        let rows = rows(ctx).await?;
        let pools = rows.loader().snapshot.pools().await.map_err(unexpected)?;
        Ok(Some(pools.iter().map(InterpreterPool::from).collect()))
    }
}
