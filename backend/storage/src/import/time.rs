//! What an import says of people's time: sessions, who attends them, absences; and what they occupy on one calendar.

use super::MAX_VALUES;
use crate::{
    Error, column,
    entity::{absence, attendance, participation, session},
    occupancy::{self, Claim, Holder, PERSON_LANE},
    scope::Scope,
    tally::Tally,
};
use domain::{Refusal, import::Import};
use sea_orm::{ColumnTrait, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Most people named who are already occupied.
const MAX_NAMED: usize = 5;

/// Sessions, attendance, absences, and what they occupy.
pub(super) async fn keep(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let event_id = scope.event.0;
    let sessions = import.sessions.iter().map(|session| session::Model {
        id: session.id.0,
        event_id,
        code: session.code.clone(),
        title_ja: session.title.ja.clone(),
        title_en: session.title.en.clone(),
        starts: column::ms(session.span.from()),
        ends: column::ms(session.span.until()),
        place: session.place.clone(),
    });
    tally
        .upsert::<session::Entity>("sessions", sessions.collect(), &[session::Column::Id])
        .await?;
    let attendance = import.attendance.iter().map(|(session, person, _)| attendance::Model {
        session_id: session.0,
        person_id: person.0,
        event_id,
    });
    let key = [attendance::Column::SessionId, attendance::Column::PersonId];
    tally
        .upsert::<attendance::Entity>("attendance", attendance.collect(), &key)
        .await?;
    let absences = import.absences.iter().map(|(id, absence)| absence::Model {
        id: id.0,
        event_id,
        person_id: absence.person.0,
        starts: column::ms(absence.span.from()),
        ends: column::ms(absence.span.until()),
        reason: absence.reason.clone(),
    });
    tally
        .upsert::<absence::Entity>("absences", absences.collect(), &[absence::Column::Id])
        .await?;
    occupy(scope, import).await
}

async fn occupy(scope: Scope<'_>, import: &Import) -> Result<(), Error> {
    let touched: HashSet<Uuid> = import
        .sessions
        .iter()
        .map(|s| s.id.0)
        .chain(import.attendance.iter().map(|(id, ..)| id.0))
        .collect();
    let holders: Vec<Uuid> = touched
        .iter()
        .copied()
        .chain(import.absences.iter().map(|(id, _)| id.0))
        .collect();
    occupancy::release(scope, &holders).await?;
    let touched: Vec<Uuid> = touched.into_iter().collect();
    let (mut spans, mut attending) = (HashMap::new(), Vec::new());
    for some in touched.chunks(MAX_VALUES) {
        let sessions = scope
            .rows::<session::Entity>()
            .filter(session::Column::Id.is_in(some.iter().copied()));
        for row in sessions.all(scope.tx).await? {
            spans.insert(row.id, column::span(row.starts, row.ends)?);
        }
        let of_some = scope
            .rows::<attendance::Entity>()
            .filter(attendance::Column::SessionId.is_in(some.iter().copied()));
        attending.extend(of_some.all(scope.tx).await?);
    }
    let mut claims: Vec<Claim> = attending
        .iter()
        .filter_map(|row| {
            let span = *spans.get(&row.session_id)?;
            let holder = Holder::Session(row.session_id);
            Some(Claim {
                resource: row.person_id,
                lane: PERSON_LANE,
                span,
                holder,
            })
        })
        .collect();
    claims.extend(import.absences.iter().map(|(id, absence)| {
        let (resource, holder) = (absence.person.0, Holder::Absence(id.0));
        Claim {
            resource,
            lane: PERSON_LANE,
            span: absence.span,
            holder,
        }
    }));
    nobody_twice(scope, &claims).await?;
    occupancy::take(scope, &claims).await
}

/// The key would refuse it anyway; this says who, and when.
async fn nobody_twice(scope: Scope<'_>, claims: &[Claim]) -> Result<(), Error> {
    let cells = claims.iter().map(|claim| claim.span.cells());
    let Some(range) = cells.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)) else {
        return Ok(());
    };
    let people: Vec<Uuid> = claims
        .iter()
        .map(|claim| claim.resource)
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    let mut taken = occupancy::taken(scope, &people, range).await?;
    let mut twice: Vec<&Claim> = Vec::new();
    for claim in claims {
        let free = claim
            .span
            .cells()
            .map(|cell| taken.insert((claim.resource, claim.lane, cell)));
        if free.filter(|free| !free).count() > 0 {
            twice.push(claim);
        }
    }
    if twice.is_empty() {
        return Ok(());
    }
    let named = twice.iter().take(MAX_NAMED).map(|claim| claim.resource);
    let codes = scope
        .rows::<participation::Entity>()
        .filter(participation::Column::PersonId.is_in(named));
    let codes: HashMap<Uuid, String> = codes
        .all(scope.tx)
        .await?
        .into_iter()
        .map(|row| (row.person_id, row.code))
        .collect();
    let first = twice.iter().take(MAX_NAMED).map(|claim| {
        let code = codes.get(&claim.resource).map_or("?", String::as_str);
        format!("{code} {}", claim.span.from())
    });
    Err(Refusal::AlreadyOccupied {
        people: twice.len(),
        first: first.collect(),
    }
    .into())
}
