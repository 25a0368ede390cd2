//! Calendar feeds, and the appointments that stand in a person's calendar outside the product. Of the secret in a feed's
//! address only the hash is kept; it stands in no answer, audit entry or key either.

use crate::{
    Error, Snapshot, Store,
    act::{self, Act, Done},
    agenda::{self, Listed, State},
    column,
    entity::{calendar_feed, guest, hall, meeting, zone},
    market::{CANCELLED, PLANNED},
    scope::{self, Scope},
    sign_in::hash,
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    event::Slot,
    feed::Secret,
    id::{EventId, MeetingId, PersonId, ZoneId},
    name::{Bilingual, Name},
    time::Timestamp,
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A meeting as it stands in the calendar of somebody who sits there.
#[derive(Debug, Clone)]
pub struct Appointment {
    /// The meeting, as it is now.
    pub listed: Listed,
    /// Whether the person is expected there now.
    pub expected: bool,
    /// When.
    pub slot: Slot,
    /// Whom the person meets; both sides for a guest of neither.
    pub with: Vec<Name>,
    /// The booth's code.
    pub booth: String,
    /// The hall it stands in.
    pub hall: Option<Bilingual>,
}

impl Snapshot {
    /// The planned meetings at which the person is expected, in order of time.
    pub async fn appointments(&self, person: PersonId) -> Result<Vec<Appointment>, Error> {
        let own = self.own(person).await?;
        self.found(person, own.add(meeting::Column::State.eq(PLANNED))).await
    }

    /// The meetings of the person that came with a timetable and were cancelled since, in order of time.
    pub async fn appointments_given_up(&self, person: PersonId) -> Result<Vec<Appointment>, Error> {
        let own = self.own(person).await?.add(meeting::Column::State.eq(CANCELLED));
        self.found(person, own.add(meeting::Column::TimetableId.is_not_null()))
            .await
    }

    /// Meetings of the person, as buyer, staff or guest.
    async fn own(&self, person: PersonId) -> Result<Condition, Error> {
        let facts = self.scope().facts().await?;
        let buyers = facts.buyers.values().filter(|buyer| buyer.person == person);
        let booths = facts.staff.iter().filter(|(_, staff)| staff.contains(&person));
        let own = Condition::any()
            .add(meeting::Column::BuyerId.is_in(buyers.map(|buyer| buyer.id.0)))
            .add(meeting::Column::ExhibitorId.is_in(booths.map(|(exhibitor, _)| exhibitor.0)))
            .add(meeting::Column::Id.is_in(guest_of(self.scope(), person).await?));
        Ok(Condition::all().add(own))
    }

    /// These meetings as the person's calendar has them, in whatever state they are.
    pub async fn appointments_at(&self, person: PersonId, ids: &[MeetingId]) -> Result<Vec<Appointment>, Error> {
        let these = meeting::Column::Id.is_in(ids.iter().map(|id| id.0));
        self.found(person, Condition::all().add(these)).await
    }

    async fn found(&self, person: PersonId, which: Condition) -> Result<Vec<Appointment>, Error> {
        let scope = self.scope();
        let rows = scope
            .rows::<meeting::Entity>()
            .filter(which)
            .order_by_asc(meeting::Column::Slot)
            .order_by_asc(meeting::Column::Id);
        let rows = rows.all(scope.tx).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let (facts, halls) = (scope.facts().await?, halls(scope).await?);
        let guest_of: BTreeSet<Uuid> = guest_of(scope, person).await?.into_iter().collect();
        let mut appointments = Vec::new();
        for row in rows {
            let guest = guest_of.contains(&row.id);
            let listed = agenda::listed(row)?;
            let placement = &listed.meeting.placement;
            let pair = placement.pair;
            let slot = facts.slots.get(usize::from(placement.slot));
            let slot = *slot.ok_or_else(|| column::corrupt("a slot", placement.slot))?;
            let (buyer, exhibitor) = (facts.name_of_buyer(pair.buyer), facts.name_of_exhibitor(pair.exhibitor));
            let buys = facts
                .buyers
                .get(&pair.buyer)
                .is_some_and(|buyer| buyer.person == person);
            let staff = facts.staff.get(&pair.exhibitor);
            let shows = staff.is_some_and(|staff| staff.contains(&person));
            let with = match (buys, shows) {
                (true, _) => vec![exhibitor],
                (false, true) => vec![buyer],
                (false, false) => vec![buyer, exhibitor],
            };
            let booth = facts.booths.get(&pair.exhibitor);
            appointments.push(Appointment {
                expected: listed.state == State::Planned && (buys || shows || guest),
                slot,
                with: with.into_iter().flatten().cloned().collect(),
                booth: booth.map(|booth| booth.code.clone()).unwrap_or_default(),
                hall: booth.and_then(|booth| halls.get(&booth.zone).cloned()),
                listed,
            });
        }
        Ok(appointments)
    }

    /// When the person's calendar feed of this event was made, if there is one.
    pub async fn feed_of(&self, person: PersonId) -> Result<Option<Timestamp>, Error> {
        let own = own_feed(self.scope(), person);
        let row = scope::world::<calendar_feed::Entity>()
            .filter(own)
            .one(&self.tx)
            .await?;
        row.map(|row| column::at(row.made_at)).transpose()
    }
}

/// Meetings at which the person sits besides the two sides.
async fn guest_of(scope: Scope<'_>, person: PersonId) -> Result<Vec<Uuid>, Error> {
    let rows = scope
        .rows::<guest::Entity>()
        .select_only()
        .column(guest::Column::MeetingId)
        .filter(guest::Column::PersonId.eq(person.0));
    Ok(rows.into_tuple().all(scope.tx).await?)
}

/// The halls' names, by zone.
async fn halls(scope: Scope<'_>) -> Result<HashMap<ZoneId, Bilingual>, Error> {
    let halls = scope.rows::<hall::Entity>().all(scope.tx).await?;
    let halls: HashMap<Uuid, Bilingual> = halls
        .into_iter()
        .map(|row| (row.id, column::bilingual(row.name_ja, row.name_en)))
        .collect();
    let zones = scope.rows::<zone::Entity>().all(scope.tx).await?;
    let named = zones
        .into_iter()
        .filter_map(|row| Some((ZoneId(row.id), halls.get(&row.hall_id)?.clone())));
    Ok(named.collect())
}

fn own_feed(scope: Scope<'_>, person: PersonId) -> Condition {
    Condition::all()
        .add(calendar_feed::Column::PersonId.eq(person.0))
        .add(calendar_feed::Column::EventId.eq(scope.event.0))
        .add(calendar_feed::Column::RevokedAt.is_null())
}

impl Store {
    /// Makes a secret address of one's own calendar; one made before is worth nothing any more. `key` is made by
    /// whoever asks. Answers when it was made.
    pub async fn make_feed(&self, ctx: &Ctx, secret: &Secret, key: Uuid) -> Result<Timestamp, Error> {
        let hash = hash(secret.as_str());
        let act = Act::new(Verb::MakeCalendarFeed, key, &column::hex(&hash))?;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let person = asker(scope, &ctx, Verb::MakeCalendarFeed).await?;
                let revoked = revoke(scope, &ctx, person).await?;
                let row = calendar_feed::Model {
                    secret_hash: hash,
                    person_id: person.0,
                    event_id: scope.event.0,
                    made_at: scope::now(&ctx),
                    revoked_at: None,
                };
                scope
                    .insert::<calendar_feed::Entity>(vec![row])
                    .await
                    .map_err(act::used)?;
                Ok(Done::quietly(ctx.now, serde_json::json!({"revoked": revoked})))
            }
            .boxed()
        })
        .await
    }

    /// Makes the address of one's own calendar worthless. `key` is made by whoever asks.
    pub async fn revoke_feed(&self, ctx: &Ctx, key: Uuid) -> Result<(), Error> {
        let act = Act::new(Verb::RevokeCalendarFeed, key, &())?;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let person = asker(scope, &ctx, Verb::RevokeCalendarFeed).await?;
                match revoke(scope, &ctx, person).await? {
                    0 => Err(Refusal::AlreadyDone.into()),
                    revoked => Ok(Done::quietly((), serde_json::json!({"revoked": revoked}))),
                }
            }
            .boxed()
        })
        .await
    }

    /// Whose calendar of which event an address leads to. Nobody's: never made, or revoked.
    pub async fn feed(&self, secret: &str) -> Result<Option<(PersonId, EventId)>, Error> {
        let tx = self.reading().await?;
        let row = scope::world::<calendar_feed::Entity>()
            .filter(calendar_feed::Column::SecretHash.eq(hash(secret)))
            .filter(calendar_feed::Column::RevokedAt.is_null())
            .one(&tx)
            .await?;
        Ok(row.map(|row| (PersonId(row.person_id), EventId(row.event_id))))
    }
}

async fn asker(scope: Scope<'_>, ctx: &Ctx, verb: Verb) -> Result<PersonId, Error> {
    access::open(&ctx.actor, verb, scope.facts().await?.event.phase)?;
    Ok(ctx.actor.person.ok_or(Refusal::NotFound)?)
}

async fn revoke(scope: Scope<'_>, ctx: &Ctx, person: PersonId) -> Result<u64, Error> {
    let rows = scope::change_world::<calendar_feed::Entity>()
        .col_expr(calendar_feed::Column::RevokedAt, Expr::value(scope::now(ctx)))
        .filter(own_feed(scope, person));
    Ok(rows.exec(scope.tx).await?.rows_affected)
}
