//! Who takes part: people, organisations, buyers, exhibitors, booths, artists. Read by pages (by code) or by ids.

use crate::{
    Error, Snapshot, Store, column,
    entity::{
        artist, booth, buyer, event, exhibitor, interpreter_pool, login, organisation, participation, person, staffing,
    },
    scope::{self, InEvent, Scope},
    sign_in::Caller,
};
use domain::{
    access::{Actor, Role, Roles},
    artist::Artist,
    id::{ArtistId, BoothId, BuyerId, EventId, ExhibitorId, OrganisationId, ParticipationId, PersonId, PoolId, ZoneId},
    participation::{Buyer, Exhibitor, Organisation, Participation, Person},
    region::{Language, Region},
    venue::{Booth, InterpreterPool, Staffing},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, ExprTrait, FromQueryResult, Iterable,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
};
use uuid::Uuid;

/// Part of a list ordered by code.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Only what comes after this code.
    pub after: Option<String>,
    /// At most so many; the caller asks for one more to learn whether there are more.
    pub limit: u64,
}

impl Store {
    /// The person as an actor in an event: every participation and role there, and nothing else.
    pub async fn actor(&self, event: EventId, person: PersonId) -> Result<Actor, Error> {
        actor(self.snapshot(event).await?.scope(), person).await
    }
}

pub(crate) async fn actor(scope: Scope<'_>, person: PersonId) -> Result<Actor, Error> {
    let rows = scope.rows::<participation::Entity>();
    let rows = rows.filter(participation::Column::PersonId.eq(person.0));
    let parts = rows.select_only().columns(PARTS).into_tuple().all(scope.tx).await?;
    acting(person, parts)
}

/// What of a participation an actor is made of.
const PARTS: [participation::Column; 3] = [
    participation::Column::Id,
    participation::Column::Role,
    participation::Column::ExhibitorId,
];
type Part = (Uuid, String, Option<Uuid>);
/// An event, and one's part in it, if there are.
type Here = (Option<Uuid>, Option<Uuid>, Option<String>, Option<Uuid>);

fn acting(person: PersonId, parts: Vec<Part>) -> Result<Actor, Error> {
    let mut actor = Actor::person(person);
    let mut roles = Vec::new();
    for (id, role, exhibitor) in parts {
        let role = column::word("a role", &role, Role::parse)?;
        roles.push(role);
        actor.participations.push(ParticipationId(id));
        match role {
            Role::Buyer => actor.buyer = Some(BuyerId(id)),
            Role::Exhibitor => actor.exhibitor = exhibitor.map(ExhibitorId),
            _ => {}
        }
    }
    actor.roles = Roles::of(roles);
    Ok(actor)
}

/// What is known of whoever asks, read by one statement: every request begins with it.
pub(crate) struct Known {
    /// The login of that secret, whether it holds or not.
    pub(crate) login: Option<login::Model>,
    /// The event of that code, or the only one.
    event: Option<EventId>,
    parts: Vec<Part>,
}

impl Known {
    /// As somebody who acts: nobody, unless the login holds.
    pub(crate) fn caller(self, person: Option<PersonId>) -> Result<Caller, Error> {
        Ok(Caller {
            event: self.event.unwrap_or(EventId(Uuid::nil())),
            actor: match person {
                Some(person) => acting(person, self.parts)?,
                None => Actor::nobody(),
            },
        })
    }
}

/// The login kept under a hash, and what its person is in the event of that code, or in the only one.
pub(crate) async fn asked_by(
    db: &DatabaseConnection,
    secret_hash: Option<Vec<u8>>,
    event: Option<&str>,
) -> Result<Known, Error> {
    let own = Expr::col((login::Entity, login::Column::SecretHash)).eq(secret_hash);
    let here = Expr::col((event::Entity, event::Column::Code));
    let here = event.map_or_else(|| Expr::value(true), |code| here.eq(code));
    let part = |column: participation::Column| Expr::col((participation::Entity, column));
    let own_part = part(participation::Column::PersonId).equals((login::Entity, login::Column::PersonId));
    let part_here = part(participation::Column::EventId).equals((event::Entity, event::Column::Id));
    let mut select = Query::select();
    select
        // One row at least, whatever is not there.
        .from_values([1], "asked")
        .left_join(event::Entity, here)
        .left_join(login::Entity, own)
        .left_join(participation::Entity, own_part.and(part_here))
        .column((event::Entity, event::Column::Id))
        .exprs(PARTS.map(part))
        .exprs(login::Column::iter().map(|column| Expr::col((login::Entity, column))));
    let mut known = Known {
        login: None,
        event: None,
        parts: Vec::new(),
    };
    let mut events = BTreeSet::new();
    for row in db.query_all(&select).await? {
        let (event, id, role, exhibitor): Here = row.try_get_many_by_index()?;
        events.extend(event);
        known.parts.extend(id.zip(role).map(|(id, role)| (id, role, exhibitor)));
        known.login = login::Model::from_query_result_optional(&row, "")?;
    }
    known.event = events.first().copied().filter(|_| events.len() == 1).map(EventId);
    if known.event.is_none() {
        known.parts.clear();
    }
    Ok(known)
}

async fn page<E, T>(
    scope: Scope<'_>,
    code: E::Column,
    page: &Page,
    from: fn(E::Model) -> Result<T, Error>,
) -> Result<Vec<T>, Error>
where
    E: InEvent + EntityTrait,
    E::Model: Send + Sync,
{
    let mut select = scope.rows::<E>().order_by_asc(code).limit(page.limit);
    if let Some(after) = &page.after {
        select = select.filter(code.gt(after.as_str()));
    }
    select.all(scope.tx).await?.into_iter().map(from).collect()
}

/// Those of the ids that are there.
fn known<K: Copy + Eq + Hash, T: Clone>(ids: &[K], all: &HashMap<K, T>) -> HashMap<K, T> {
    ids.iter().filter_map(|id| Some((*id, all.get(id)?.clone()))).collect()
}

impl Snapshot {
    /// Buyers by code.
    pub async fn buyers(&self, part: &Page) -> Result<Vec<Buyer>, Error> {
        page::<buyer::Entity, _>(self.scope(), buyer::Column::Code, part, buyer_from).await
    }

    /// How many buyers there are.
    pub async fn count_buyers(&self) -> Result<u64, Error> {
        Ok(self.scope().rows::<buyer::Entity>().count(&self.tx).await?)
    }

    /// Exhibitors by code.
    pub async fn exhibitors(&self, part: &Page) -> Result<Vec<Exhibitor>, Error> {
        page::<exhibitor::Entity, _>(self.scope(), exhibitor::Column::Code, part, exhibitor_from).await
    }

    /// How many exhibitors there are.
    pub async fn count_exhibitors(&self) -> Result<u64, Error> {
        Ok(self.scope().rows::<exhibitor::Entity>().count(&self.tx).await?)
    }

    /// Artists by code.
    pub async fn artists(&self, part: &Page) -> Result<Vec<Artist>, Error> {
        page::<artist::Entity, _>(self.scope(), artist::Column::Code, part, artist_from).await
    }

    /// How many artists there are.
    pub async fn count_artists(&self) -> Result<u64, Error> {
        Ok(self.scope().rows::<artist::Entity>().count(&self.tx).await?)
    }

    /// Participations by code.
    pub async fn participations(&self, part: &Page) -> Result<Vec<Participation>, Error> {
        page::<participation::Entity, _>(self.scope(), participation::Column::Code, part, participation_from).await
    }

    /// These buyers, as far as they are of this event.
    pub async fn buyers_by_id(&self, ids: &[BuyerId]) -> Result<HashMap<BuyerId, Buyer>, Error> {
        Ok(known(ids, &self.facts().await?.buyers))
    }

    /// These exhibitors, as far as they are of this event.
    pub async fn exhibitors_by_id(&self, ids: &[ExhibitorId]) -> Result<HashMap<ExhibitorId, Exhibitor>, Error> {
        Ok(known(ids, &self.facts().await?.exhibitors))
    }

    /// This artist, if of this event.
    pub async fn artist(&self, id: ArtistId) -> Result<Option<Artist>, Error> {
        let row = self
            .scope()
            .rows::<artist::Entity>()
            .filter(artist::Column::Id.eq(id.0))
            .one(&self.tx)
            .await?;
        row.map(artist_from).transpose()
    }

    /// Artists of these exhibitors.
    pub async fn artists_of(&self, of: &[ExhibitorId]) -> Result<HashMap<ExhibitorId, Vec<Artist>>, Error> {
        let rows = self.scope().rows::<artist::Entity>().order_by_asc(artist::Column::Code);
        let rows = rows
            .filter(artist::Column::ExhibitorId.is_in(of.iter().map(|id| id.0)))
            .all(&self.tx)
            .await?;
        let mut artists: HashMap<ExhibitorId, Vec<Artist>> = HashMap::new();
        for row in rows {
            artists
                .entry(ExhibitorId(row.exhibitor_id))
                .or_default()
                .push(artist_from(row)?);
        }
        Ok(artists)
    }

    /// Booths of these exhibitors, or all.
    pub async fn booths(&self, of: Option<&[ExhibitorId]>) -> Result<Vec<Booth>, Error> {
        match of {
            Some(of) => Ok(known(of, &self.facts().await?.booths).into_values().collect()),
            None => booths(self.scope()).await,
        }
    }

    /// Interpreter pools, in the order in which they are asked.
    pub async fn pools(&self) -> Result<Vec<InterpreterPool>, Error> {
        pools(self.scope()).await
    }

    /// These people, as far as they take part in this event.
    pub async fn people(&self, ids: &[PersonId]) -> Result<HashMap<PersonId, Person>, Error> {
        let here = self.scope().rows::<participation::Entity>();
        let here: Vec<Uuid> = here
            .select_only()
            .column(participation::Column::PersonId)
            .filter(participation::Column::PersonId.is_in(ids.iter().map(|id| id.0)))
            .into_tuple()
            .all(&self.tx)
            .await?;
        let rows = scope::world::<person::Entity>()
            .filter(person::Column::Id.is_in(here))
            .all(&self.tx)
            .await?;
        keyed(rows, person_from, |person| person.id)
    }

    /// These organisations. Organisations are public.
    pub async fn organisations(&self, ids: &[OrganisationId]) -> Result<HashMap<OrganisationId, Organisation>, Error> {
        let rows = scope::world::<organisation::Entity>();
        let rows = rows
            .filter(organisation::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .all(&self.tx)
            .await?;
        keyed(rows, organisation_from, |organisation| organisation.id)
    }
}

fn keyed<M, T, K: Hash + Eq>(
    rows: Vec<M>,
    from: fn(M) -> Result<T, Error>,
    key: fn(&T) -> K,
) -> Result<HashMap<K, T>, Error> {
    rows.into_iter()
        .map(|row| from(row).map(|item| (key(&item), item)))
        .collect()
}

/// All booths, by code.
pub(crate) async fn booths(scope: Scope<'_>) -> Result<Vec<Booth>, Error> {
    let rows = scope.rows::<booth::Entity>().order_by_asc(booth::Column::Code);
    let rows = rows.all(scope.tx).await?;
    let exceptions = scope.rows::<staffing::Entity>().order_by_asc(staffing::Column::Starts);
    let mut staffed: HashMap<Uuid, Vec<Staffing>> = HashMap::new();
    for row in exceptions.all(scope.tx).await? {
        let staffing = Staffing {
            span: column::span(row.starts, row.ends)?,
            tables: column::count(row.tables)?,
        };
        staffed.entry(row.booth_id).or_default().push(staffing);
    }
    let from = |row: booth::Model| {
        Ok(Booth {
            id: BoothId(row.id),
            exhibitor: ExhibitorId(row.exhibitor_id),
            code: row.code,
            zone: ZoneId(row.zone_id),
            tables: column::count(row.tables)?,
            staffing: staffed.remove(&row.id).unwrap_or_default(),
        })
    };
    rows.into_iter().map(from).collect()
}

/// Buyers, by code.
pub(crate) async fn all_buyers(scope: Scope<'_>) -> Result<Vec<Buyer>, Error> {
    let rows = scope.rows::<buyer::Entity>().order_by_asc(buyer::Column::Code);
    rows.all(scope.tx).await?.into_iter().map(buyer_from).collect()
}

pub(crate) async fn pools(scope: Scope<'_>) -> Result<Vec<InterpreterPool>, Error> {
    let rows = scope
        .rows::<interpreter_pool::Entity>()
        .order_by_asc(interpreter_pool::Column::Position);
    let language = |text: &str| column::word("a language", text, Language::parse);
    rows.all(scope.tx)
        .await?
        .into_iter()
        .map(|row| {
            Ok(InterpreterPool {
                id: PoolId(row.id),
                languages: (language(&row.language_a)?, language(&row.language_b)?),
                code: row.code,
                count: column::count(row.interpreters)?,
            })
        })
        .collect()
}

pub(crate) fn buyer_from(row: buyer::Model) -> Result<Buyer, Error> {
    Ok(Buyer {
        id: BuyerId(row.id),
        person: PersonId(row.person_id),
        organisation: OrganisationId(row.organisation_id),
        code: row.code,
        languages: column::languages(&row.languages)?,
        genres: column::genres(&row.genres),
        rights: column::rights(&row.rights)?,
        territories: column::regions(&row.territories)?,
        arrives: row.arrives.map(column::at).transpose()?,
        leaves: row.leaves.map(column::at).transpose()?,
        quota: column::quota(row.quota_min, row.quota_max)?,
    })
}

pub(crate) fn exhibitor_from(row: exhibitor::Model) -> Result<Exhibitor, Error> {
    Ok(Exhibitor {
        id: ExhibitorId(row.id),
        organisation: OrganisationId(row.organisation_id),
        code: row.code,
        languages: column::languages(&row.languages)?,
        genres: column::genres(&row.genres),
        quota: column::quota(row.quota_min, row.quota_max)?,
        homepage: row.homepage,
    })
}

fn artist_from(row: artist::Model) -> Result<Artist, Error> {
    Ok(Artist {
        id: ArtistId(row.id),
        code: row.code,
        exhibitor: ExhibitorId(row.exhibitor_id),
        name: column::name(row.written, row.reading, row.latin),
        genre: row.genre,
        rights: column::rights(&row.rights)?,
        territories: column::regions(&row.territories)?,
    })
}

fn participation_from(row: participation::Model) -> Result<Participation, Error> {
    Ok(Participation {
        id: ParticipationId(row.id),
        person: PersonId(row.person_id),
        organisation: row.organisation_id.map(OrganisationId),
        role: column::word("a role", &row.role, Role::parse)?,
        exhibitor: row.exhibitor_id.map(ExhibitorId),
        code: row.code,
    })
}

pub(crate) fn person_from(row: person::Model) -> Result<Person, Error> {
    Ok(Person {
        id: PersonId(row.id),
        name: column::name(row.written, row.reading, row.latin),
        email: row.email,
        languages: column::languages(&row.languages)?,
    })
}

pub(crate) fn organisation_from(row: organisation::Model) -> Result<Organisation, Error> {
    let region = row
        .region
        .as_deref()
        .map(|text| column::word("a region", text, Region::parse));
    Ok(Organisation {
        id: OrganisationId(row.id),
        name: column::name(row.written, row.reading, row.latin),
        region: region.transpose()?,
    })
}
