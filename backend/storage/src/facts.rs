//! What of an event hardly ever changes (phase, slots, booths, who takes part) is read once and kept in memory. A stamp
//! in the database says whether it still holds: whatever changes such a fact gives the event a new stamp in the same
//! transaction, so one small read decides, in whatever process the change was made. Stamps are random: that of a
//! transaction that was rolled back never comes again.

use crate::{
    Error,
    entity::{exhibitor, fact, organisation, participation as part, party_setting},
    event, participation,
    scope::{self, Scope},
};
use domain::{
    access::Role,
    event::{Event, Slot},
    id::{BuyerId, EventId, ExhibitorId, OrganisationId, PersonId},
    market::Meeting,
    name::Name,
    participation::{Buyer, Exhibitor},
    venue::{Booth, InterpreterPool, Zone},
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// Most events whose facts are kept at once; beyond that all are read anew.
const MAX_EVENTS: usize = 32;
/// Ids listed in one statement.
const CHUNK: usize = 10_000;

/// The facts of an event.
#[derive(Debug)]
pub struct Facts {
    /// The event, with its phase.
    pub event: Event,
    /// Its slots, by number.
    pub slots: Vec<Slot>,
    /// Interpreter pools, in the order in which they are asked.
    pub pools: Vec<InterpreterPool>,
    /// Zones, by code.
    pub zones: Vec<Zone>,
    /// Buyers.
    pub buyers: HashMap<BuyerId, Buyer>,
    /// Exhibitors.
    pub exhibitors: HashMap<ExhibitorId, Exhibitor>,
    /// Booths, by who stands there.
    pub booths: HashMap<ExhibitorId, Booth>,
    /// Staff of exhibitors, by code.
    pub staff: HashMap<ExhibitorId, Vec<PersonId>>,
    /// Advisers.
    pub advisers: Vec<PersonId>,
    /// Those who run the event.
    pub organizers: Vec<PersonId>,
    /// Buyers and exhibitors who want to be asked before they are booked.
    pub asking: HashSet<Uuid>,
    /// Names of the organisations of buyers and exhibitors.
    pub organisations: HashMap<OrganisationId, Name>,
}

impl Facts {
    /// The cells between the first slot's beginning and the last one's end.
    pub(crate) fn cells(&self) -> std::ops::Range<i64> {
        match (self.slots.first(), self.slots.last()) {
            (Some(first), Some(last)) => first.span().cells().start..last.span().cells().end,
            _ => 0..0,
        }
    }

    /// Whether a buyer or exhibitor may be booked without being asked.
    pub(crate) fn direct(&self, party: impl Into<Uuid>) -> bool {
        !self.asking.contains(&party.into())
    }

    /// Whether the last of a buyer's meetings before the slot, on the same day, is in the zone of this exhibitor.
    pub fn near<'m>(&self, meetings: impl Iterator<Item = &'m Meeting>, exhibitor: ExhibitorId, slot: u16) -> bool {
        let day = |slot: u16| self.slots.get(usize::from(slot)).map(|slot| slot.day);
        let zone = |exhibitor: ExhibitorId| self.booths.get(&exhibitor).map(|booth| booth.zone);
        let before = meetings.filter(|m| m.placement.slot < slot && day(m.placement.slot) == day(slot));
        let last = before.max_by_key(|m| m.placement.slot);
        last.is_some_and(|m| zone(m.placement.pair.exhibitor) == zone(exhibitor))
    }

    /// The name of the buyer's organisation.
    pub(crate) fn name_of_buyer(&self, id: BuyerId) -> Option<&Name> {
        self.organisations.get(&self.buyers.get(&id)?.organisation)
    }

    /// The name of the exhibitor's organisation.
    pub(crate) fn name_of_exhibitor(&self, id: ExhibitorId) -> Option<&Name> {
        self.organisations.get(&self.exhibitors.get(&id)?.organisation)
    }
}

/// The facts last read, by event, with the stamp they were read under. Shared by everything of one store.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<HashMap<EventId, (Uuid, Arc<Facts>)>>);

impl Memory {
    fn under(&self, event: EventId, stamp: Uuid) -> Option<Arc<Facts>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (under, facts) = kept.get(&event)?;
        (*under == stamp).then(|| facts.clone())
    }

    fn keep(&self, event: EventId, stamp: Uuid, facts: Arc<Facts>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_EVENTS {
            kept.clear();
        }
        kept.insert(event, (stamp, facts));
    }
}

impl Scope<'_> {
    /// The facts of the event, as they are in this transaction.
    pub(crate) async fn facts(&self) -> Result<Arc<Facts>, Error> {
        let row = scope::world::<fact::Entity>().filter(fact::Column::EventId.eq(self.event.0));
        let Some(fact::Model { stamp, .. }) = row.one(self.tx).await? else {
            // No event of that id, or one whose first import is under way.
            return Ok(Arc::new(read(*self).await?));
        };
        if let Some(facts) = self.memory.under(self.event, stamp) {
            return Ok(facts);
        }
        let facts = Arc::new(read(*self).await?);
        self.memory.keep(self.event, stamp, facts.clone());
        Ok(facts)
    }
}

/// Facts of this event have changed in this transaction.
pub(crate) async fn renew(scope: Scope<'_>) -> Result<(), Error> {
    let row = fact::Model {
        event_id: scope.event.0,
        stamp: Uuid::new_v4(),
    };
    scope
        .upsert_world::<fact::Entity>(vec![row], &[fact::Column::EventId])
        .await
}

/// Facts that several events share have changed: people and organisations.
pub(crate) async fn renew_all(scope: Scope<'_>) -> Result<(), Error> {
    let others = scope::change_world::<fact::Entity>()
        .col_expr(fact::Column::Stamp, sea_orm::sea_query::Expr::value(Uuid::new_v4()));
    others.exec(scope.tx).await?;
    renew(scope).await
}

async fn read(scope: Scope<'_>) -> Result<Facts, Error> {
    let buyers = participation::all_buyers(scope).await?;
    let exhibitors = scope.rows::<exhibitor::Entity>().all(scope.tx).await?;
    let exhibitors = exhibitors
        .into_iter()
        .map(participation::exhibitor_from)
        .collect::<Result<Vec<_>, _>>()?;
    let booths = participation::booths(scope).await?;
    let people = people(scope).await?;
    let of = |role: Role| {
        let of_role = people.iter().filter(move |(_, of, _)| *of == role.code());
        of_role.map(|(person, ..)| PersonId(*person))
    };
    let mut staff: HashMap<ExhibitorId, Vec<PersonId>> = HashMap::new();
    for (person, role, exhibitor) in &people {
        if let (Some(exhibitor), true) = (exhibitor, role == Role::Exhibitor.code()) {
            staff
                .entry(ExhibitorId(*exhibitor))
                .or_default()
                .push(PersonId(*person));
        }
    }
    let homes = buyers.iter().map(|buyer| buyer.organisation);
    let homes: BTreeSet<OrganisationId> = homes.chain(exhibitors.iter().map(|x| x.organisation)).collect();
    Ok(Facts {
        event: event::event_of(scope).await?,
        slots: event::slots(scope).await?,
        pools: participation::pools(scope).await?,
        zones: event::zones(scope).await?,
        organisations: organisations(scope, homes).await?,
        booths: booths.into_iter().map(|booth| (booth.exhibitor, booth)).collect(),
        buyers: buyers.into_iter().map(|buyer| (buyer.id, buyer)).collect(),
        exhibitors: exhibitors.into_iter().map(|x| (x.id, x)).collect(),
        advisers: of(Role::Adviser).collect(),
        organizers: of(Role::Organizer).collect(),
        asking: asking(scope).await?,
        staff,
    })
}

async fn asking(scope: Scope<'_>) -> Result<HashSet<Uuid>, Error> {
    let rows = scope
        .rows::<party_setting::Entity>()
        .select_only()
        .column(party_setting::Column::PartyId)
        .filter(party_setting::Column::Direct.eq(false));
    let asking: Vec<Uuid> = rows.into_tuple().all(scope.tx).await?;
    Ok(asking.into_iter().collect())
}

/// Person, role and exhibitor of those who are told things by what they are here.
async fn people(scope: Scope<'_>) -> Result<Vec<(Uuid, String, Option<Uuid>)>, Error> {
    let told = [Role::Exhibitor, Role::Adviser, Role::Organizer].map(Role::code);
    let rows = scope
        .rows::<part::Entity>()
        .select_only()
        .columns([part::Column::PersonId, part::Column::Role, part::Column::ExhibitorId])
        .filter(part::Column::Role.is_in(told))
        .order_by_asc(part::Column::Code);
    Ok(rows.into_tuple().all(scope.tx).await?)
}

async fn organisations(
    scope: Scope<'_>,
    ids: BTreeSet<OrganisationId>,
) -> Result<HashMap<OrganisationId, Name>, Error> {
    let ids: Vec<Uuid> = ids.into_iter().map(Uuid::from).collect();
    let mut names = HashMap::new();
    for some in ids.chunks(CHUNK) {
        let rows = scope::world::<organisation::Entity>()
            .filter(organisation::Column::Id.is_in(some.iter().copied()))
            .all(scope.tx)
            .await?;
        for row in rows {
            let home = participation::organisation_from(row)?;
            names.insert(home.id, home.name);
        }
    }
    Ok(names)
}
