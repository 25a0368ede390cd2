//! Events, their slots, halls and zones.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    change::Touched,
    column,
    entity::{event, hall, slot, zone},
    facts,
    scope::{self, Scope},
};
use domain::{
    Ctx,
    access::{self, Verb},
    event::{Event, Phase, Slot},
    id::{EventId, HallId, ProgrammeId, ZoneId},
    venue::{Hall, Zone},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, DatabaseTransaction, QueryFilter, QueryOrder, sea_query::Expr};

impl Store {
    /// All events, by code. The only list that no event scopes.
    pub async fn events(&self) -> Result<Vec<Event>, Error> {
        events_in(&self.reading().await?).await
    }

    /// Moves the event to another phase. `key` is made by whoever asks.
    pub async fn move_phase(&self, ctx: &Ctx, key: uuid::Uuid, phase: Phase) -> Result<Event, Error> {
        access::may(&ctx.actor, Verb::MovePhase)?;
        let act = Act::new(Verb::MovePhase, key, &phase.code())?;
        self.act(ctx, act, move |scope, _| {
            async move {
                set_phase(scope, phase).await?;
                Ok(Done {
                    answer: (),
                    detail: serde_json::json!({"phase": phase.code()}),
                    touched: Touched::everybody(),
                })
            }
            .boxed()
        })
        .await?;
        self.snapshot(ctx.event).await?.event().await
    }
}

impl Snapshot {
    /// The event.
    pub async fn event(&self) -> Result<Event, Error> {
        event_of(self.scope()).await
    }

    /// Its slots, by number.
    pub async fn slots(&self) -> Result<Vec<Slot>, Error> {
        slots(self.scope()).await
    }

    /// Its halls, by code.
    pub async fn halls(&self) -> Result<Vec<Hall>, Error> {
        let rows = self
            .scope()
            .rows::<hall::Entity>()
            .order_by_asc(hall::Column::Code)
            .all(&self.tx)
            .await?;
        let from = |row: hall::Model| Hall {
            id: HallId(row.id),
            code: row.code,
            name: column::bilingual(row.name_ja, row.name_en),
        };
        Ok(rows.into_iter().map(from).collect())
    }

    /// Its zones, by code.
    pub async fn zones(&self) -> Result<Vec<Zone>, Error> {
        zones(self.scope()).await
    }
}

pub(crate) async fn zones(scope: Scope<'_>) -> Result<Vec<Zone>, Error> {
    let rows = scope.rows::<zone::Entity>().order_by_asc(zone::Column::Code);
    let from = |row: zone::Model| Zone {
        id: ZoneId(row.id),
        hall: HallId(row.hall_id),
        code: row.code,
        name: column::bilingual(row.name_ja, row.name_en),
    };
    Ok(rows.all(scope.tx).await?.into_iter().map(from).collect())
}

pub(crate) async fn events_in(tx: &DatabaseTransaction) -> Result<Vec<Event>, Error> {
    let rows = scope::world::<event::Entity>().order_by_asc(event::Column::Code);
    rows.all(tx).await?.into_iter().map(from_row).collect()
}

pub(crate) async fn event_of(scope: Scope<'_>) -> Result<Event, Error> {
    let rows = scope::world::<event::Entity>().filter(event::Column::Id.eq(scope.event.0));
    let row = rows.one(scope.tx).await?.ok_or(domain::Refusal::NotFound)?;
    from_row(row)
}

fn from_row(row: event::Model) -> Result<Event, Error> {
    Ok(Event {
        id: EventId(row.id),
        programme: ProgrammeId(row.programme_id),
        code: row.code,
        name: column::bilingual(row.name_ja, row.name_en),
        zone: row.zone,
        phase: column::word("a phase", &row.phase, Phase::parse)?,
        venue: column::bilingual(row.venue_ja, row.venue_en),
    })
}

pub(crate) async fn slots(scope: Scope<'_>) -> Result<Vec<Slot>, Error> {
    let rows = scope
        .rows::<slot::Entity>()
        .order_by_asc(slot::Column::Number)
        .all(scope.tx)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Slot {
                number: column::count(row.number)?,
                day: column::count(row.day)?,
                starts: column::at(row.starts)?,
                ends: column::at(row.ends)?,
                frees: column::at(row.frees)?,
            })
        })
        .collect()
}

pub(crate) async fn set_phase(scope: Scope<'_>, phase: Phase) -> Result<(), Error> {
    scope::change_world::<event::Entity>()
        .col_expr(event::Column::Phase, Expr::value(phase.code()))
        .filter(event::Column::Id.eq(scope.event.0))
        .exec(scope.tx)
        .await?;
    facts::renew(scope).await
}
