//! Keeping what a buyer or an exhibitor says of itself.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    change::Touched,
    column,
    entity::{buyer, exhibitor, meeting, party_setting},
    facts::{self, Facts},
    market::{self, PLANNED},
    scope::Scope,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    event::Phase,
    id::{BuyerId, ExhibitorId},
    market::Meeting,
    party::{self as rule, Situation, UpdateBuyer, UpdateExhibitor},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
use std::collections::HashMap;
use uuid::Uuid;

impl Store {
    /// Changes what a buyer says of itself. `key` is made by whoever asks.
    pub async fn update_buyer(&self, ctx: &Ctx, command: UpdateBuyer, key: Uuid) -> Result<BuyerId, Error> {
        let act = Act::new(Verb::UpdateBuyer, key, &format!("{command:?}"))?;
        self.act(ctx, act, move |scope, ctx| {
            async move { update_buyer(scope, &ctx, command).await }.boxed()
        })
        .await
    }

    /// Changes what an exhibitor says of itself. `key` is made by whoever asks.
    pub async fn update_exhibitor(&self, ctx: &Ctx, command: UpdateExhibitor, key: Uuid) -> Result<ExhibitorId, Error> {
        let act = Act::new(Verb::UpdateExhibitor, key, &format!("{command:?}"))?;
        self.act(ctx, act, move |scope, ctx| {
            async move { update_exhibitor(scope, &ctx, command).await }.boxed()
        })
        .await
    }
}

impl Snapshot {
    /// Which of these buyers and exhibitors said whether they may be booked without being asked. Who said nothing may.
    pub async fn direct(&self, parties: &[Uuid]) -> Result<HashMap<Uuid, bool>, Error> {
        let rows = self.scope().rows::<party_setting::Entity>();
        let rows = rows.filter(party_setting::Column::PartyId.is_in(parties.iter().copied()));
        let rows = rows.all(&self.tx).await?.into_iter();
        Ok(rows.map(|row| (row.party_id, row.direct)).collect())
    }
}

/// The planned meetings of one side.
pub(crate) async fn meetings(scope: Scope<'_>, side: meeting::Column, id: Uuid) -> Result<Vec<Meeting>, Error> {
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(side.eq(id));
    rows.all(scope.tx)
        .await?
        .into_iter()
        .map(market::meeting_from)
        .collect()
}

fn situation<'s, T>(facts: &'s Facts, party: &'s T, phase: Phase) -> Situation<'s, T> {
    Situation {
        phase,
        slots: &facts.slots,
        pools: &facts.pools,
        party,
        meetings: Vec::new(),
    }
}

async fn update_buyer(scope: Scope<'_>, ctx: &Ctx, command: UpdateBuyer) -> Result<Done<BuyerId>, Error> {
    let facts = scope.facts().await?;
    let id = rule::buyer(&ctx.actor, Verb::UpdateBuyer, command.buyer)?;
    let before = facts.buyers.get(&id).ok_or(Refusal::NotFound)?;
    let mut situation = situation(&facts, before, facts.event.phase);
    if command.languages.is_some() {
        let meetings = meetings(scope, meeting::Column::BuyerId, id.0).await?.into_iter();
        situation.meetings = meetings
            .filter_map(|meeting| {
                Some((
                    meeting,
                    &*facts.exhibitors.get(&meeting.placement.pair.exhibitor)?.languages,
                ))
            })
            .collect();
    }
    let direct = command.direct;
    let changed = rule::update_buyer(&situation, command, ctx)?;
    scope
        .change::<buyer::Entity>()
        .col_expr(
            buyer::Column::Languages,
            Expr::value(column::joined(&changed.languages)),
        )
        .col_expr(buyer::Column::Genres, Expr::value(column::joined(&changed.genres)))
        .col_expr(
            buyer::Column::Rights,
            Expr::value(column::joined_rights(&changed.rights)),
        )
        .col_expr(
            buyer::Column::Territories,
            Expr::value(column::joined(&changed.territories)),
        )
        .col_expr(buyer::Column::QuotaMin, Expr::value(changed.quota.min().map(i32::from)))
        .col_expr(buyer::Column::QuotaMax, Expr::value(changed.quota.max().map(i32::from)))
        .filter(buyer::Column::Id.eq(id.0))
        .exec(scope.tx)
        .await?;
    settle(scope, id.0, direct).await?;
    Ok(Done {
        answer: id,
        detail: serde_json::json!({"buyer": id, "direct": direct}),
        touched: Touched {
            buyers: vec![id],
            ..Touched::default()
        },
    })
}

async fn update_exhibitor(scope: Scope<'_>, ctx: &Ctx, command: UpdateExhibitor) -> Result<Done<ExhibitorId>, Error> {
    let facts = scope.facts().await?;
    let id = rule::exhibitor(&ctx.actor, Verb::UpdateExhibitor, command.exhibitor)?;
    let before = facts.exhibitors.get(&id).ok_or(Refusal::NotFound)?;
    let mut situation = situation(&facts, before, facts.event.phase);
    if command.languages.is_some() {
        let meetings = meetings(scope, meeting::Column::ExhibitorId, id.0).await?.into_iter();
        situation.meetings = meetings
            .filter_map(|meeting| Some((meeting, &*facts.buyers.get(&meeting.placement.pair.buyer)?.languages)))
            .collect();
    }
    let direct = command.direct;
    let changed = rule::update_exhibitor(&situation, command, ctx)?;
    scope
        .change::<exhibitor::Entity>()
        .col_expr(
            exhibitor::Column::Languages,
            Expr::value(column::joined(&changed.languages)),
        )
        .col_expr(exhibitor::Column::Genres, Expr::value(column::joined(&changed.genres)))
        .col_expr(exhibitor::Column::Homepage, Expr::value(changed.homepage))
        .col_expr(
            exhibitor::Column::QuotaMin,
            Expr::value(changed.quota.min().map(i32::from)),
        )
        .col_expr(
            exhibitor::Column::QuotaMax,
            Expr::value(changed.quota.max().map(i32::from)),
        )
        .filter(exhibitor::Column::Id.eq(id.0))
        .exec(scope.tx)
        .await?;
    settle(scope, id.0, direct).await?;
    Ok(Done {
        answer: id,
        detail: serde_json::json!({"exhibitor": id, "direct": direct}),
        touched: Touched {
            exhibitors: vec![id],
            ..Touched::default()
        },
    })
}

/// Keeps whether the party may be booked without being asked, and lets everybody read the facts anew.
async fn settle(scope: Scope<'_>, party_id: Uuid, direct: Option<bool>) -> Result<(), Error> {
    if let Some(direct) = direct {
        let row = party_setting::Model {
            party_id,
            event_id: scope.event.0,
            direct,
        };
        scope
            .upsert::<party_setting::Entity>(vec![row], &[party_setting::Column::PartyId])
            .await?;
    }
    facts::renew(scope).await
}
