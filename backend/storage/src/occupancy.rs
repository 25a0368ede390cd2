//! Occupancy: one row a (resource, lane, cell) under one unique key. Whoever inserts first has the place; whoever
//! comes second gets a conflict, whatever the code believed.

use crate::{
    Error,
    entity::{buyer, guest, meeting, occupancy, participation},
    market::PLANNED,
    scope::Scope,
};
use domain::{event::Slot, time::Span};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, ExprTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, Query, SelectStatement, SimpleExpr, UnionType},
};
use std::{collections::HashSet, ops::Range};
use uuid::Uuid;

/// What holds a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Holder {
    Meeting(Uuid),
    Session(Uuid),
    Absence(Uuid),
}

impl Holder {
    pub(crate) const MEETING: &'static str = "meeting";
    pub(crate) const SESSION: &'static str = "session";
    pub(crate) const ABSENCE: &'static str = "absence";

    fn parts(self) -> (&'static str, Uuid) {
        match self {
            Holder::Meeting(id) => (Self::MEETING, id),
            Holder::Session(id) => (Self::SESSION, id),
            Holder::Absence(id) => (Self::ABSENCE, id),
        }
    }
}

/// One lane of one resource for a span.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    pub(crate) resource: Uuid,
    pub(crate) lane: u16,
    pub(crate) span: Span,
    pub(crate) holder: Holder,
}

/// A person has one lane.
pub(crate) const PERSON_LANE: u16 = 0;

/// Takes the places, all of them or none.
pub(crate) async fn take(scope: Scope<'_>, claims: &[Claim]) -> Result<(), Error> {
    scope.insert::<occupancy::Entity>(rows(scope, claims)).await
}

/// What is inserted to take them.
pub(crate) fn rows(scope: Scope<'_>, claims: &[Claim]) -> Vec<occupancy::Model> {
    let rows = claims.iter().flat_map(|claim| {
        let (kind, holder) = claim.holder.parts();
        claim.span.cells().map(move |cell| occupancy::Model {
            resource: claim.resource,
            lane: i32::from(claim.lane),
            cell,
            event_id: scope.event.0,
            kind: kind.to_owned(),
            holder,
        })
    });
    rows.collect()
}

/// Every planned meeting of the event that holds no places takes what it needs: the buyer's time, its table, its
/// interpreter. One statement, made inside the database of what is there, because a publication takes some 80,000
/// places; the key forbids what it always forbids.
pub(crate) async fn seat_meetings(scope: Scope<'_>, slots: &[Slot]) -> Result<(), Error> {
    let cells: Vec<(i32, i64)> = slots
        .iter()
        .flat_map(|slot| slot.span().cells().map(|cell| (i32::from(slot.number), cell)))
        .collect();
    if cells.is_empty() {
        return Ok(());
    }
    let (person, number) = (
        Expr::col((buyer::Entity, buyer::Column::PersonId)),
        Expr::value(i32::from(PERSON_LANE)),
    );
    let of = |column: meeting::Column| Expr::col((meeting::Entity, column));
    let mut places = of_meetings(scope, &cells, person, number);
    places.inner_join(
        buyer::Entity,
        Expr::col((buyer::Entity, buyer::Column::Id)).equals((meeting::Entity, meeting::Column::BuyerId)),
    );
    let tables = of_meetings(scope, &cells, of(meeting::Column::BoothId), of(meeting::Column::Seat));
    let mut lanes = of_meetings(scope, &cells, of(meeting::Column::PoolId), of(meeting::Column::Lane));
    lanes.and_where(of(meeting::Column::PoolId).is_not_null());
    places.union(UnionType::All, tables).union(UnionType::All, lanes);
    let mut insert = Query::insert();
    insert.into_table(occupancy::Entity).columns([
        occupancy::Column::Resource,
        occupancy::Column::Lane,
        occupancy::Column::Cell,
        occupancy::Column::EventId,
        occupancy::Column::Kind,
        occupancy::Column::Holder,
    ]);
    insert
        .select_from(places)
        .map_err(|error| Error::Corrupt(error.to_string()))?;
    scope.tx.execute(&insert).await?;
    Ok(())
}

/// One row a cell of every planned meeting that holds no places yet.
fn of_meetings(
    scope: Scope<'_>,
    cells: &[(i32, i64)],
    resource: impl Into<SimpleExpr>,
    lane: impl Into<SimpleExpr>,
) -> SelectStatement {
    // Both databases call the columns of a list of values so.
    let (slot, cell) = (("cells", "column1"), ("cells", "column2"));
    let of = |column: meeting::Column| (meeting::Entity, column);
    let mut seated = Query::select();
    seated
        .column(occupancy::Column::Holder)
        .from(occupancy::Entity)
        .and_where(Expr::col(occupancy::Column::EventId).eq(scope.event.0))
        .and_where(Expr::col(occupancy::Column::Kind).eq(Holder::MEETING));
    let mut select = Query::select();
    select
        .expr(resource)
        .expr(lane)
        .column(cell)
        .column(of(meeting::Column::EventId))
        .expr(Expr::value(Holder::MEETING))
        .column(of(meeting::Column::Id))
        .from_values(cells.iter().copied(), "cells")
        .inner_join(meeting::Entity, Expr::col(of(meeting::Column::Slot)).equals(slot))
        .and_where(Expr::col(of(meeting::Column::EventId)).eq(scope.event.0))
        .and_where(Expr::col(of(meeting::Column::State)).eq(PLANNED))
        .and_where(Expr::col(of(meeting::Column::Id)).not_in_subquery(seated));
    select
}

/// Gives up every place of these holders.
pub(crate) async fn release(scope: Scope<'_>, holders: &[Uuid]) -> Result<(), Error> {
    for some in holders.chunks(10_000) {
        scope
            .delete::<occupancy::Entity>()
            .filter(occupancy::Column::Holder.is_in(some.iter().copied()))
            .exec(scope.tx)
            .await?;
    }
    Ok(())
}

/// (resource, lane, cell) taken by anything within some cells.
pub(crate) async fn taken(scope: Scope<'_>, resources: &[Uuid], cells: Range<i64>) -> Result<Taken, Error> {
    let mut taken = Taken::new();
    for some in resources.chunks(10_000) {
        let rows = places(some, cells.clone()).into_query();
        taken.extend(places_from(&scope.tx.query_all(&rows).await?)?);
    }
    Ok(taken)
}

/// Resource, lane, cell.
pub(crate) type Taken = HashSet<(Uuid, u16, i64)>;

/// The question which places are taken. A person's time is one over all events, so this looks beyond the scope on
/// purpose, and learns only that a place is taken, never by what.
pub(crate) fn places(resources: &[Uuid], cells: Range<i64>) -> Select<occupancy::Entity> {
    crate::scope::everything::<occupancy::Entity>()
        .select_only()
        .columns([
            occupancy::Column::Resource,
            occupancy::Column::Lane,
            occupancy::Column::Cell,
        ])
        .filter(occupancy::Column::Resource.is_in(resources.iter().copied()))
        .filter(occupancy::Column::Cell.gte(cells.start))
        .filter(occupancy::Column::Cell.lt(cells.end))
}

/// The same of one slot, where it is enough to know one cell of each lane that is taken.
pub(crate) fn places_at(resources: &[Uuid], slot: Range<i64>) -> Select<occupancy::Entity> {
    let lane = [occupancy::Column::Resource, occupancy::Column::Lane];
    let places = places(resources, slot).select_only().columns(lane);
    let places = places.column_as(occupancy::Column::Cell.min(), "cell");
    lane.into_iter().fold(places, Select::group_by)
}

/// The answer to it.
pub(crate) fn places_from(rows: &[QueryResult]) -> Result<Taken, Error> {
    let places = rows.iter().map(|row| {
        let (resource, lane, cell): (Uuid, i32, i64) = row.try_get_many_by_index()?;
        Ok((resource, lane as u16, cell))
    });
    places.collect()
}

/// What takes a person's time within some cells, in whatever event: (whether it is a meeting, its first cell there).
pub(crate) async fn held(scope: Scope<'_>, person: Uuid, cells: Range<i64>) -> Result<Vec<(bool, i64)>, Error> {
    let rows: Vec<(String, Uuid, i64)> = crate::scope::everything::<occupancy::Entity>()
        .select_only()
        .columns([
            occupancy::Column::Kind,
            occupancy::Column::Holder,
            occupancy::Column::Cell,
        ])
        .filter(occupancy::Column::Resource.eq(person))
        .filter(occupancy::Column::Cell.gte(cells.start))
        .filter(occupancy::Column::Cell.lt(cells.end))
        .order_by_asc(occupancy::Column::Cell)
        .into_tuple()
        .all(scope.tx)
        .await?;
    let mut seen = HashSet::new();
    let first = rows.into_iter().filter(|(_, holder, _)| seen.insert(*holder));
    Ok(first.map(|(kind, _, cell)| (kind == Holder::MEETING, cell)).collect())
}

/// (person, cell) taken by anything but one's own meeting of this event, within some cells, of the people who take part
/// here. Whoever sits at somebody else's meeting is taken.
pub(crate) async fn busy_people(scope: Scope<'_>, cells: Range<i64>) -> Result<Vec<(Uuid, i64)>, Error> {
    let of = |column: guest::Column| Expr::col((guest::Entity, column));
    let mut joined = Query::select();
    joined
        .expr(Expr::value(1))
        .from(guest::Entity)
        .and_where(of(guest::Column::MeetingId).equals((occupancy::Entity, occupancy::Column::Holder)))
        .and_where(of(guest::Column::PersonId).equals((occupancy::Entity, occupancy::Column::Resource)));
    let elsewhere = Condition::any()
        .add(occupancy::Column::Kind.ne(Holder::MEETING))
        .add(occupancy::Column::EventId.ne(scope.event.0))
        .add(Expr::exists(joined));
    let here = scope
        .rows::<participation::Entity>()
        .select_only()
        .column(participation::Column::PersonId);
    let people: Vec<(Uuid, i64)> = crate::scope::everything::<occupancy::Entity>()
        .select_only()
        .columns([occupancy::Column::Resource, occupancy::Column::Cell])
        .filter(occupancy::Column::Resource.in_subquery(here.into_query()))
        .filter(elsewhere)
        .filter(occupancy::Column::Cell.gte(cells.start))
        .filter(occupancy::Column::Cell.lt(cells.end))
        .into_tuple()
        .all(scope.tx)
        .await?;
    Ok(people)
}
