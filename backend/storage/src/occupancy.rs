//! Occupancy: one row a (resource, lane, cell) under one unique key. Whoever inserts first has the place; whoever
//! comes second gets a conflict, whatever the code believed.

use crate::{
    Error,
    entity::{occupancy, participation},
    scope::Scope,
};
use domain::time::Span;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};
use std::collections::HashSet;
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
    scope.insert::<occupancy::Entity>(rows.collect()).await
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

/// (resource, lane, cell) taken by anything within some cells. A person's time is one over all events, so this looks
/// beyond the scope on purpose, and learns only that a place is taken, never by what.
pub(crate) async fn taken(
    scope: Scope<'_>,
    resources: &[Uuid],
    cells: std::ops::Range<i64>,
) -> Result<HashSet<(Uuid, u16, i64)>, Error> {
    let mut taken = HashSet::new();
    for some in resources.chunks(10_000) {
        let places: Vec<(Uuid, i32, i64)> = crate::scope::everything::<occupancy::Entity>()
            .select_only()
            .columns([
                occupancy::Column::Resource,
                occupancy::Column::Lane,
                occupancy::Column::Cell,
            ])
            .filter(occupancy::Column::Resource.is_in(some.iter().copied()))
            .filter(occupancy::Column::Cell.gte(cells.start))
            .filter(occupancy::Column::Cell.lt(cells.end))
            .into_tuple()
            .all(scope.tx)
            .await?;
        taken.extend(
            places
                .into_iter()
                .map(|(resource, lane, cell)| (resource, lane as u16, cell)),
        );
    }
    Ok(taken)
}

/// (person, cell) taken by anything but a meeting of this event, within some cells, of the people who take part here.
pub(crate) async fn busy_people(scope: Scope<'_>, cells: std::ops::Range<i64>) -> Result<Vec<(Uuid, i64)>, Error> {
    let elsewhere = Condition::any()
        .add(occupancy::Column::Kind.ne(Holder::MEETING))
        .add(occupancy::Column::EventId.ne(scope.event.0));
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
