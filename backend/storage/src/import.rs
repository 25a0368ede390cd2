//! Keeping an import: what `domain::import` read and checked goes in as one act, all or nothing. What is there
//! already is brought up to date; what the files do not mention stays.

mod time;

use crate::{
    Error, Store,
    act::{Act, Done},
    change::Touched,
    column,
    entity::{
        artist, booth, buyer, event, exhibitor, hall, interpreter_pool, meeting, organisation, participation, person,
        programme, session, slot, staffing, target, timetable, wish, zone,
    },
    facts::{self, Memory},
    market::PLANNED,
    scope::{self, Scope},
    tally::{Counted, Tally},
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    event::Slot,
    id::{BuyerId, EventId, ExhibitorId, PersonId},
    import::{Import, Known},
    name::Name,
    participation::Person,
    wish::Want,
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, HashSet},
    fmt::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// Most values compared with by one statement: SQLite takes 32,766, PostgreSQL 65,535.
const MAX_VALUES: usize = 10_000;

impl Store {
    /// What files imported into this event may refer to. `None`: no event is there yet.
    pub async fn known(&self, event: Option<EventId>) -> Result<Known, Error> {
        let mut known = Known::default();
        let programmes = {
            let tx = self.reading().await?;
            let people = scope::world::<person::Entity>()
                .filter(person::Column::Email.is_not_null())
                .all(&tx)
                .await?;
            known.emails = people
                .into_iter()
                .filter_map(|row| row.email.map(|email| (email, PersonId(row.id))))
                .collect();
            scope::world::<programme::Entity>().all(&tx).await?
        };
        known.programmes = programmes.into_iter().map(|row| row.code).collect();
        let Some(event) = event else { return Ok(known) };
        let snapshot = self.snapshot(event).await?;
        let scope = snapshot.scope();
        known.event = Some((snapshot.event().await?, snapshot.slots().await?));
        known.zones = snapshot.zones().await?.into_iter().map(|zone| zone.code).collect();
        let exhibitors = scope.rows::<exhibitor::Entity>().all(scope.tx).await?;
        known.exhibitors = exhibitors
            .into_iter()
            .map(|row| (row.code, ExhibitorId(row.id)))
            .collect();
        let buyers = scope.rows::<buyer::Entity>().all(scope.tx).await?;
        known.buyers = buyers
            .into_iter()
            .map(|row| (row.code, (BuyerId(row.id), PersonId(row.person_id))))
            .collect();
        let people = scope.rows::<participation::Entity>().all(scope.tx).await?;
        known.people = people
            .into_iter()
            .map(|row| (row.code, PersonId(row.person_id)))
            .collect();
        for row in scope.rows::<session::Entity>().all(scope.tx).await? {
            known.sessions.insert(row.code, column::span(row.starts, row.ends)?);
        }
        Ok(known)
    }

    /// Keeps an import and says what became of what is there. `key` is made by whoever asks. The event the import belongs
    /// to must be the context's.
    pub async fn import(&self, ctx: &Ctx, key: Uuid, import: Import) -> Result<Vec<Counted>, Error> {
        access::may(&ctx.actor, Verb::ImportMarket)?;
        let act = Act::new(Verb::ImportMarket, key, &fingerprint(&import))?;
        self.act(ctx, act, move |scope, _| {
            async move { keep(scope, import).await }.boxed()
        })
        .await
    }

    /// What would become of what is there: the import is kept with every check, and undone.
    pub async fn preview_import(&self, ctx: &Ctx, import: Import) -> Result<Vec<Counted>, Error> {
        access::may(&ctx.actor, Verb::ImportMarket)?;
        let event = ctx.event;
        let seen = Arc::new(Mutex::new(None));
        let see = seen.clone();
        let undone: Result<(), Error> = self
            .writer
            .write(move |tx| {
                async move {
                    // Nothing of what is undone is remembered.
                    let memory = &Memory::default();
                    let scope = Scope {
                        tx,
                        event,
                        memory,
                        batch: None,
                    };
                    let done = keep(scope, import).await?;
                    *see.lock().unwrap_or_else(PoisonError::into_inner) = Some(done.answer);
                    // What is refused keeps nothing.
                    Err(Refusal::AlreadyDone.into())
                }
                .boxed()
            })
            .await;
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (undone, seen) {
            (Err(Error::Refused(_)), Some(counted)) => Ok(counted),
            (Err(error), _) => Err(error),
            (Ok(()), _) => Err(Error::Corrupt("a preview was kept".to_owned())),
        }
    }
}

/// What tells one import from another.
fn fingerprint(import: &Import) -> String {
    struct Hashed(Sha256);
    impl Write for Hashed {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }
    let mut hashed = Hashed(Sha256::new());
    // Hashing takes every text.
    let _ = write!(hashed, "{import:?}");
    column::hex(hashed.0.finalize())
}

async fn keep(scope: Scope<'_>, import: Import) -> Result<Done<Vec<Counted>>, Error> {
    let of = import.event.as_ref().map(|(event, ..)| event.id).or(import.scope);
    if of.is_some_and(|event| event != scope.event) {
        return Err(Refusal::NotFound.into());
    }
    let detail = serde_json::json!({
        "programmes": import.programmes.len(), "people": import.people.len(), "exhibitors": import.exhibitors.len(),
        "buyers": import.buyers.len(), "artists": import.artists.len(), "wishes": import.wishes.len(),
        "sessions": import.sessions.len(), "attendance": import.attendance.len(), "absences": import.absences.len(),
    });
    let mut tally = Tally::new(scope);
    programmes(&mut tally, &import).await?;
    calendar(&mut tally, &import).await?;
    venue(&mut tally, &import).await?;
    people(&mut tally, &import).await?;
    exhibitors(&mut tally, &import).await?;
    participations(&mut tally, &import).await?;
    booths(&mut tally, &import).await?;
    buyers(&mut tally, &import).await?;
    artists(&mut tally, &import).await?;
    wishes(&mut tally, &import).await?;
    time::keep(&mut tally, &import).await?;
    facts::renew_all(scope).await?;
    Ok(Done {
        answer: tally.counted(),
        detail,
        touched: Touched::everybody(),
    })
}

async fn programmes(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let rows = import.programmes.iter().map(|(programme, _)| programme::Model {
        id: programme.id.0,
        code: programme.code.clone(),
        name_ja: programme.name.ja.clone(),
        name_en: programme.name.en.clone(),
        starts_on: programme.starts_on.to_string(),
        ends_on: programme.ends_on.to_string(),
    });
    tally
        .upsert_world::<programme::Entity>("programmes", rows.collect(), &[programme::Column::Id])
        .await?;
    let targets = import
        .programmes
        .iter()
        .flat_map(|(_, targets)| targets)
        .map(|target| target::Model {
            programme_id: target.programme.0,
            code: target.code.clone(),
            name_ja: target.name.ja.clone(),
            name_en: target.name.en.clone(),
            definition: target.definition.clone(),
            unit: target.unit.clone(),
            amount: target.amount,
            kind: target.kind.code().to_owned(),
            grouping: target.group.clone(),
            due_on: target.due_on.to_string(),
        });
    tally
        .upsert_world::<target::Entity>(
            "targets",
            targets.collect(),
            &[target::Column::ProgrammeId, target::Column::Code],
        )
        .await
}

/// The event with its slots.
async fn calendar(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    if let Some((event, _, slots)) = &import.event {
        let row = event::Model {
            id: event.id.0,
            programme_id: event.programme.0,
            code: event.code.clone(),
            name_ja: event.name.ja.clone(),
            name_en: event.name.en.clone(),
            zone: event.zone.clone(),
            phase: event.phase.code().to_owned(),
            venue_ja: event.venue.ja.clone(),
            venue_en: event.venue.en.clone(),
        };
        let there = scope::world::<event::Entity>()
            .filter(event::Column::Id.eq(scope.event.0))
            .one(scope.tx)
            .await?;
        // The file says in which phase an event begins; from then on the organizer moves it.
        let row = event::Model {
            phase: there.map_or(row.phase.clone(), |there| there.phase),
            ..row
        };
        tally
            .upsert_world::<event::Entity>("event", vec![row], &[event::Column::Id])
            .await?;
        let there = scope.rows::<slot::Entity>().all(scope.tx).await?;
        let rows: Vec<slot::Model> = slots.iter().map(|slot| slot_row(scope, slot)).collect();
        tally.replace("slots", &rows, there, &[slot::Column::Number]);
        if crate::event::slots(scope).await? != *slots {
            cut(scope, rows).await?;
        }
    }
    Ok(())
}

/// Cuts the days anew. The grid cannot change once a timetable or a meeting stands on it.
async fn cut(scope: Scope<'_>, rows: Vec<slot::Model>) -> Result<(), Error> {
    let planned = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED));
    if scope.rows::<timetable::Entity>().one(scope.tx).await?.is_some() || planned.one(scope.tx).await?.is_some() {
        return Err(Refusal::GridInUse.into());
    }
    scope.delete::<slot::Entity>().exec(scope.tx).await?;
    scope.insert::<slot::Entity>(rows).await
}

fn slot_row(scope: Scope<'_>, slot: &Slot) -> slot::Model {
    slot::Model {
        event_id: scope.event.0,
        number: i32::from(slot.number),
        day: i32::from(slot.day),
        starts: column::ms(slot.starts),
        ends: column::ms(slot.ends),
        frees: column::ms(slot.frees),
    }
}

/// Halls, zones, interpreters.
async fn venue(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let event_id = scope.event.0;
    let halls = import.halls.iter().map(|hall| hall::Model {
        id: hall.id.0,
        event_id,
        code: hall.code.clone(),
        name_ja: hall.name.ja.clone(),
        name_en: hall.name.en.clone(),
    });
    tally
        .upsert::<hall::Entity>("halls", halls.collect(), &[hall::Column::Id])
        .await?;
    let zones = import.zones.iter().map(|zone| zone::Model {
        id: zone.id.0,
        event_id,
        hall_id: zone.hall.0,
        code: zone.code.clone(),
        name_ja: zone.name.ja.clone(),
        name_en: zone.name.en.clone(),
    });
    tally
        .upsert::<zone::Entity>("zones", zones.collect(), &[zone::Column::Id])
        .await?;
    let pools = import
        .pools
        .iter()
        .zip(0..)
        .map(|(pool, position)| interpreter_pool::Model {
            id: pool.id.0,
            event_id,
            position,
            code: pool.code.clone(),
            language_a: pool.languages.0.to_string(),
            language_b: pool.languages.1.to_string(),
            interpreters: i32::from(pool.count),
        });
    tally
        .upsert::<interpreter_pool::Entity>("interpreters", pools.collect(), &[interpreter_pool::Column::Id])
        .await
}

fn parts(name: &Name) -> (String, Option<String>, Option<String>) {
    (name.written.clone(), name.reading.clone(), name.latin.clone())
}

/// Organisations and people. A person who takes part in another event is known there by what was said there: an
/// import here does not overwrite it.
async fn people(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let organisations = import.organisations.iter().map(|organisation| {
        let (written, reading, latin) = parts(&organisation.name);
        let region = organisation.region.map(|region| region.to_string());
        organisation::Model {
            id: organisation.id.0,
            written,
            reading,
            latin,
            region,
        }
    });
    tally
        .upsert_world::<organisation::Entity>("organisations", organisations.collect(), &[organisation::Column::Id])
        .await?;
    let elsewhere: HashSet<Uuid> = scope::everything::<participation::Entity>()
        .select_only()
        .column(participation::Column::PersonId)
        .distinct()
        .filter(participation::Column::EventId.ne(scope.event.0))
        .into_tuple()
        .all(scope.tx)
        .await?
        .into_iter()
        .collect();
    let (known, own): (Vec<&Person>, Vec<&Person>) = import
        .people
        .iter()
        .partition(|person| elsewhere.contains(&person.id.0));
    tally.stay("people", known.len());
    let people = own.into_iter().map(|person| {
        let (written, reading, latin) = parts(&person.name);
        let languages = column::joined(&person.languages);
        person::Model {
            id: person.id.0,
            written,
            reading,
            latin,
            email: person.email.clone(),
            languages,
        }
    });
    tally
        .upsert_world::<person::Entity>("people", people.collect(), &[person::Column::Id])
        .await
}

fn number(count: Option<u16>) -> Option<i32> {
    count.map(i32::from)
}

async fn exhibitors(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let event_id = scope.event.0;
    let exhibitors = import.exhibitors.iter().map(|exhibitor| exhibitor::Model {
        id: exhibitor.id.0,
        event_id,
        organisation_id: exhibitor.organisation.0,
        code: exhibitor.code.clone(),
        languages: column::joined(&exhibitor.languages),
        genres: column::joined(&exhibitor.genres),
        quota_min: number(exhibitor.quota.min()),
        quota_max: number(exhibitor.quota.max()),
        homepage: exhibitor.homepage.clone(),
    });
    tally
        .upsert::<exhibitor::Entity>("exhibitors", exhibitors.collect(), &[exhibitor::Column::Id])
        .await
}

async fn participations(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    // Files of staff alone do not say for whom they work: what is known of it stays.
    let unsaid = import.participations.iter().filter(|p| p.organisation.is_none());
    let unsaid: Vec<Uuid> = unsaid.map(|p| p.id.0).collect();
    let mut known: HashMap<Uuid, Option<Uuid>> = HashMap::new();
    for some in unsaid.chunks(MAX_VALUES) {
        let rows = scope
            .rows::<participation::Entity>()
            .filter(participation::Column::Id.is_in(some.iter().copied()));
        let rows = rows.all(scope.tx).await?.into_iter();
        known.extend(rows.map(|row| (row.id, row.organisation_id)));
    }
    let participations = import.participations.iter().map(|participation| participation::Model {
        id: participation.id.0,
        event_id: scope.event.0,
        person_id: participation.person.0,
        organisation_id: participation
            .organisation
            .map(|id| id.0)
            .or(known.get(&participation.id.0).copied().flatten()),
        role: participation.role.code().to_owned(),
        exhibitor_id: participation.exhibitor.map(|id| id.0),
        code: participation.code.clone(),
    });
    tally
        .upsert::<participation::Entity>("participations", participations.collect(), &[participation::Column::Id])
        .await
}

/// Booths, and when fewer of their tables are staffed.
async fn booths(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let event_id = scope.event.0;
    let booths = import.booths.iter().map(|booth| booth::Model {
        id: booth.id.0,
        event_id,
        exhibitor_id: booth.exhibitor.0,
        code: booth.code.clone(),
        zone_id: booth.zone.0,
        tables: i32::from(booth.tables),
    });
    tally
        .upsert::<booth::Entity>("booths", booths.collect(), &[booth::Column::Id])
        .await?;
    let exceptions = import
        .booths
        .iter()
        .flat_map(|booth| booth.staffing.iter().map(move |s| (booth.id.0, s)));
    let exceptions = exceptions.map(|(booth_id, staffing)| staffing::Model {
        booth_id,
        starts: column::ms(staffing.span.from()),
        event_id,
        ends: column::ms(staffing.span.until()),
        tables: i32::from(staffing.tables),
    });
    let (exceptions, mut there): (Vec<staffing::Model>, _) = (exceptions.collect(), Vec::new());
    for again in import.booths.chunks(MAX_VALUES) {
        let of_these = staffing::Column::BoothId.is_in(again.iter().map(|booth| booth.id.0));
        let known = scope.rows::<staffing::Entity>().filter(of_these.clone());
        there.extend(known.all(scope.tx).await?);
        scope
            .delete::<staffing::Entity>()
            .filter(of_these)
            .exec(scope.tx)
            .await?;
    }
    let key = [staffing::Column::BoothId, staffing::Column::Starts];
    tally.replace("staffing", &exceptions, there, &key);
    scope.insert::<staffing::Entity>(exceptions).await
}

async fn buyers(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let buyers = import.buyers.iter().map(|buyer| buyer::Model {
        id: buyer.id.0,
        event_id: scope.event.0,
        person_id: buyer.person.0,
        organisation_id: buyer.organisation.0,
        code: buyer.code.clone(),
        languages: column::joined(&buyer.languages),
        genres: column::joined(&buyer.genres),
        rights: column::joined_rights(&buyer.rights),
        territories: column::joined(&buyer.territories),
        arrives: buyer.arrives.map(column::ms),
        leaves: buyer.leaves.map(column::ms),
        quota_min: number(buyer.quota.min()),
        quota_max: number(buyer.quota.max()),
    });
    tally
        .upsert::<buyer::Entity>("buyers", buyers.collect(), &[buyer::Column::Id])
        .await
}

async fn artists(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let artists = import.artists.iter().map(|artist| {
        let (written, reading, latin) = parts(&artist.name);
        artist::Model {
            id: artist.id.0,
            event_id: scope.event.0,
            exhibitor_id: artist.exhibitor.0,
            code: artist.code.clone(),
            written,
            reading,
            latin,
            genre: artist.genre.clone(),
            rights: column::joined_rights(&artist.rights),
            territories: column::joined(&artist.territories),
        }
    });
    tally
        .upsert::<artist::Entity>("artists", artists.collect(), &[artist::Column::Id])
        .await
}

async fn wishes(tally: &mut Tally<'_>, import: &Import) -> Result<(), Error> {
    let scope = tally.scope;
    let rows = import.wishes.iter().map(|wish| wish::Model {
        buyer_id: wish.pair.buyer.0,
        exhibitor_id: wish.pair.exhibitor.0,
        side: wish.by.code().to_owned(),
        event_id: scope.event.0,
        rank: match wish.want {
            Want::Rank(rank) => Some(i32::from(rank)),
            Want::Avoid => None,
        },
    });
    let key = [wish::Column::BuyerId, wish::Column::ExhibitorId, wish::Column::Side];
    tally.upsert::<wish::Entity>("wishes", rows.collect(), &key).await
}
