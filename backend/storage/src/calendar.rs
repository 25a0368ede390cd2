//! The live calendar as a publication writes it: what changes between it and a version, the places given up and taken,
//! and the letters to whom it concerns.

use crate::{
    Error,
    act::{self, Letter},
    entity::{meeting, participation},
    guest,
    market::{self, CANCELLED},
    notice::{self, Tell},
    occupancy::{self, Claim, Holder, PERSON_LANE},
    scope::Scope,
};
use domain::{
    Ctx,
    event::Slot,
    id::{ExhibitorId, PersonId, TimetableId},
    market::{Market, Meeting},
    notice::{About, Audience, NoticeKind, Said},
    time::SignedDuration,
    timetable::{Difference, Publication},
    wish::Pair,
};
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The topic of letters that tell of a publication.
pub const PUBLISHED: &str = "timetable_published";
/// Rows changed by one statement where ids are listed.
const CHUNK: usize = 10_000;

/// Writes what changes between the live calendar and the publication: cancelled meetings, moved and new ones, and
/// the places they give up and take. What stays as it is is not touched.
pub(crate) async fn replace(
    scope: Scope<'_>,
    ctx: &Ctx,
    market: &Market,
    publication: &Publication,
    timetable: TimetableId,
) -> Result<(), Error> {
    let before: HashMap<Pair, Meeting> = market.meetings.iter().map(|m| (m.placement.pair, *m)).collect();
    let lost: Vec<uuid::Uuid> = publication
        .difference
        .lost
        .iter()
        .map(|p| before[&p.pair].id.0)
        .collect();
    for some in lost.chunks(CHUNK) {
        scope
            .change::<meeting::Entity>()
            .col_expr(meeting::Column::State, Expr::value(CANCELLED))
            .col_expr(meeting::Column::Revision, Expr::col(meeting::Column::Revision).add(1))
            .filter(meeting::Column::Id.is_in(some.iter().copied()))
            .exec(scope.tx)
            .await?;
    }
    let was = |meeting: &Meeting| before.get(&meeting.placement.pair).copied();
    let stays = |meeting: &&Meeting| was(meeting).is_some_and(|was| was.placement == meeting.placement);
    let (same, changed): (Vec<&Meeting>, Vec<&Meeting>) = publication.meetings.iter().partition(stays);
    // What stays where it is changes its version only: what happened at its table is not forgotten.
    let renamed = same
        .iter()
        .filter(|meeting| was(meeting).is_some_and(|was| was != ***meeting));
    let renamed: Vec<uuid::Uuid> = renamed.map(|meeting| meeting.id.0).collect();
    for some in renamed.chunks(CHUNK) {
        scope
            .change::<meeting::Entity>()
            .col_expr(meeting::Column::TimetableId, Expr::value(timetable.0))
            .filter(meeting::Column::Id.is_in(some.iter().copied()))
            .exec(scope.tx)
            .await?;
    }
    let Difference { moved, lost: gone, .. } = &publication.difference;
    let given_up = moved
        .iter()
        .map(|(was, _)| was.pair)
        .chain(gone.iter().map(|was| was.pair));
    let released: Vec<uuid::Uuid> = given_up.map(|pair| before[&pair].id.0).collect();
    occupancy::release(scope, &released).await?;
    let mut rows: Vec<meeting::Model> = changed
        .iter()
        .map(|meeting| market::meeting_row(scope, meeting))
        .collect();
    // A meeting that comes back after it was cancelled goes on counting its changes.
    let back = revisions(
        scope,
        changed.iter().filter(|m| was(m).is_none()).map(|m| m.id.0).collect(),
    )
    .await?;
    for row in &mut rows {
        row.revision = back.get(&row.id).map_or(row.revision, |revision| revision + 1);
    }
    scope.upsert::<meeting::Entity>(rows, &[meeting::Column::Id]).await?;
    occupancy::seat_meetings(scope, &market.slots).await?;
    let gone = gone.iter().map(|was| before[&was.pair]).collect::<Vec<_>>();
    guest::after_publication(scope, ctx, &changed, &gone).await
}

/// The revisions of these meetings, as far as they are there.
async fn revisions(scope: Scope<'_>, ids: Vec<uuid::Uuid>) -> Result<HashMap<uuid::Uuid, i32>, Error> {
    let mut revisions = HashMap::new();
    for some in ids.chunks(CHUNK) {
        let rows: Vec<(uuid::Uuid, i32)> = scope
            .rows::<meeting::Entity>()
            .select_only()
            .columns([meeting::Column::Id, meeting::Column::Revision])
            .filter(meeting::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(scope.tx)
            .await?;
        revisions.extend(rows);
    }
    Ok(revisions)
}

/// What a meeting occupies: the buyer, a table, and the interpreter if there is one.
pub(crate) fn claims(meeting: &Meeting, slot: &Slot, person: uuid::Uuid) -> Vec<Claim> {
    let (span, holder) = (slot.span(), Holder::Meeting(meeting.id.0));
    let placement = &meeting.placement;
    let mut claims = vec![
        Claim {
            resource: person,
            lane: PERSON_LANE,
            span,
            holder,
        },
        Claim {
            resource: placement.booth.0,
            lane: placement.table,
            span,
            holder,
        },
    ];
    claims.extend(placement.interpreter.map(|(pool, lane)| Claim {
        resource: pool.0,
        lane,
        span,
        holder,
    }));
    claims
}

/// One letter to each person whose calendar changes, in however many parts they take part; returns how many.
pub(crate) async fn tell(
    scope: Scope<'_>,
    ctx: &Ctx,
    market: &Market,
    publication: &Publication,
    version: u32,
) -> Result<usize, Error> {
    let (mut buyers, mut exhibitors) = (HashSet::new(), HashSet::new());
    for pair in publication.difference.told() {
        buyers.insert(pair.buyer);
        exhibitors.insert(pair.exhibitor);
    }
    let mut count: HashMap<uuid::Uuid, usize> = HashMap::new();
    for Pair { buyer, exhibitor } in publication.meetings.iter().map(|m| m.placement.pair) {
        *count.entry(buyer.0).or_default() += 1;
        *count.entry(exhibitor.0).or_default() += 1;
    }
    let meetings = |party: uuid::Uuid| count.get(&party).copied().unwrap_or(0);
    let staff: Vec<(uuid::Uuid, Option<uuid::Uuid>)> = scope
        .rows::<participation::Entity>()
        .select_only()
        .columns([participation::Column::PersonId, participation::Column::ExhibitorId])
        .filter(participation::Column::ExhibitorId.is_not_null())
        .into_tuple()
        .all(scope.tx)
        .await?;
    let of_buyers = market.buyers.iter().filter(|buyer| buyers.contains(&buyer.id));
    let of_buyers = of_buyers.map(|buyer| (buyer.person.0, meetings(buyer.id.0)));
    let of_staff = staff
        .into_iter()
        .filter_map(|(person, exhibitor)| Some((person, ExhibitorId(exhibitor?))));
    let of_staff: HashSet<_> = of_staff
        .filter(|(_, exhibitor)| exhibitors.contains(exhibitor))
        .collect();
    let mut told: BTreeMap<uuid::Uuid, usize> = BTreeMap::new();
    for (person, meetings) in of_buyers.chain(
        of_staff
            .into_iter()
            .map(|(person, exhibitor)| (person, meetings(exhibitor.0))),
    ) {
        *told.entry(person).or_default() += meetings;
    }
    let notices = told.iter().map(|(&person, &meetings)| Tell {
        to: Audience::Person(PersonId(person)),
        kind: NoticeKind::TimetablePublished,
        about: About::default(),
        said: Said {
            count: Some(meetings as u32),
            ..Said::default()
        },
    });
    let notices = notices.collect();
    let told: Vec<Letter> = told
        .into_iter()
        .map(|(person, meetings)| Letter {
            topic: PUBLISHED,
            recipient: Some(person),
            payload: serde_json::json!({"version": version, "meetings": meetings}),
            after: SignedDuration::ZERO,
        })
        .collect();
    let letters = told.len();
    act::post(scope, ctx, told).await?;
    notice::note(scope, ctx, notices).await?;
    Ok(letters)
}
