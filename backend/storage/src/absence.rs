//! Keeping absences and stays: a person's absence occupies the person like everything else.

use crate::{
    Error, Snapshot, Store,
    act::{self, Act, Done},
    change::Touched,
    column,
    entity::{absence, buyer, meeting, participation},
    facts,
    occupancy::{self, Claim, Holder, PERSON_LANE},
    party,
    scope::Scope,
};
use domain::{
    Ctx, Refusal,
    absence::{self as rule, AddAbsence, Occupied, SetStay, Situation},
    access::Verb,
    id::{AbsenceId, BuyerId, PersonId},
    participation::Absence,
    time::{CELL_SECONDS, Span, Timestamp},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An absence with its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its id.
    pub id: AbsenceId,
    /// Whose, when, why.
    pub absence: Absence,
}

impl Store {
    /// Takes a time out of a person's calendar. The same id asked again does it once.
    pub async fn add_absence(&self, ctx: &Ctx, command: AddAbsence) -> Result<Listed, Error> {
        let act = Act::new(Verb::AddAbsence, command.id, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { add(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Gives such a time back; answers what it was. `key` is made by whoever asks.
    pub async fn remove_absence(&self, ctx: &Ctx, id: AbsenceId, key: Uuid) -> Result<Listed, Error> {
        let act = Act::new(Verb::RemoveAbsence, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { remove(scope, &ctx, id).await }.boxed()
        })
        .await
    }

    /// Says when a buyer comes and goes. `key` is made by whoever asks.
    pub async fn set_stay(&self, ctx: &Ctx, command: SetStay, key: Uuid) -> Result<BuyerId, Error> {
        let act = Act::new(Verb::SetStay, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { stay(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

impl Snapshot {
    /// The absences of a person who takes part here, in order of time; `None` where nobody of that id does.
    pub async fn absences(&self, person: PersonId) -> Result<Option<Vec<Listed>>, Error> {
        if !takes_part(self.scope(), person).await? {
            return Ok(None);
        }
        let rows = self
            .scope()
            .rows::<absence::Entity>()
            .filter(absence::Column::PersonId.eq(person.0))
            .order_by_asc(absence::Column::Starts)
            .order_by_asc(absence::Column::Id);
        let rows = rows.all(&self.tx).await?;
        rows.into_iter().map(listed).collect::<Result<_, _>>().map(Some)
    }
}

fn listed(row: absence::Model) -> Result<Listed, Error> {
    Ok(Listed {
        id: AbsenceId(row.id),
        absence: Absence {
            person: PersonId(row.person_id),
            span: column::span(row.starts, row.ends)?,
            reason: row.reason,
        },
    })
}

pub(crate) async fn takes_part(scope: Scope<'_>, person: PersonId) -> Result<bool, Error> {
    let rows = scope
        .rows::<participation::Entity>()
        .filter(participation::Column::PersonId.eq(person.0));
    Ok(rows.one(scope.tx).await?.is_some())
}

async fn add(scope: Scope<'_>, ctx: &Ctx, command: &AddAbsence) -> Result<Done<Listed>, Error> {
    let facts = scope.facts().await?;
    let person = rule::whose(&ctx.actor, Verb::AddAbsence, command.person)?;
    let mut occupied = Vec::new();
    if let Some(span) = Span::new(command.from, command.until) {
        for (meeting, cell) in occupancy::held(scope, person.0, span.cells()).await? {
            let at = Timestamp::from_second(cell * CELL_SECONDS).map_err(|_| column::corrupt("a cell", cell))?;
            occupied.push(Occupied { at, meeting });
        }
    }
    let situation = Situation {
        event: &facts.event,
        slots: &facts.slots,
        takes_part: takes_part(scope, person).await?,
        occupied: &occupied,
    };
    let absence = rule::add(&situation, command, ctx)?;
    let row = absence::Model {
        id: command.id.0,
        event_id: scope.event.0,
        person_id: person.0,
        starts: column::ms(absence.span.from()),
        ends: column::ms(absence.span.until()),
        reason: absence.reason.clone(),
    };
    scope.insert::<absence::Entity>(vec![row]).await.map_err(act::used)?;
    let claim = Claim {
        resource: person.0,
        lane: PERSON_LANE,
        span: absence.span,
        holder: Holder::Absence(command.id.0),
    };
    occupancy::take(scope, &[claim]).await?;
    let id = command.id;
    Ok(done(Listed { id, absence }))
}

async fn remove(scope: Scope<'_>, ctx: &Ctx, id: AbsenceId) -> Result<Done<Listed>, Error> {
    let rows = scope.rows::<absence::Entity>().filter(absence::Column::Id.eq(id.0));
    let found = rows.one(scope.tx).await?.map(listed).transpose()?;
    let phase = scope.facts().await?.event.phase;
    rule::remove(found.as_ref().map(|listed| &listed.absence), phase, ctx)?;
    let row = scope.delete::<absence::Entity>().filter(absence::Column::Id.eq(id.0));
    row.exec(scope.tx).await?;
    occupancy::release(scope, &[id.0]).await?;
    Ok(done(found.ok_or(Refusal::NotFound)?))
}

fn done(listed: Listed) -> Done<Listed> {
    let person = listed.absence.person;
    Done {
        detail: serde_json::json!({"absence": listed.id, "person": person}),
        touched: Touched {
            people: vec![person],
            ..Touched::default()
        },
        answer: listed,
    }
}

async fn stay(scope: Scope<'_>, ctx: &Ctx, command: &SetStay) -> Result<Done<BuyerId>, Error> {
    let facts = scope.facts().await?;
    let id = domain::party::buyer(&ctx.actor, Verb::SetStay, command.buyer)?;
    let buyer = facts.buyers.get(&id).ok_or(Refusal::NotFound)?;
    let meetings = party::meetings(scope, meeting::Column::BuyerId, id.0).await?;
    let changed = rule::stay(buyer, &meetings, (facts.event.phase, &facts.slots), command, ctx)?;
    scope
        .change::<buyer::Entity>()
        .col_expr(buyer::Column::Arrives, Expr::value(changed.arrives.map(column::ms)))
        .col_expr(buyer::Column::Leaves, Expr::value(changed.leaves.map(column::ms)))
        .filter(buyer::Column::Id.eq(id.0))
        .exec(scope.tx)
        .await?;
    facts::renew(scope).await?;
    Ok(Done {
        answer: id,
        detail: serde_json::json!({"buyer": id}),
        touched: Touched {
            buyers: vec![id],
            ..Touched::default()
        },
    })
}
