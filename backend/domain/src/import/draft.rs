//! What was read so far: the rows, and the codes later rows refer to. Falls back on what the installation knows.

use super::{
    Import, Known,
    cell::{self, folded},
    fault::{self, Noun},
    report::{Place, Problems},
    sheet::{Field, Line},
};
use crate::{
    access::Roles,
    event::{Event, Slot},
    id::{BuyerId, EventId, ExhibitorId, HallId, OrganisationId, PersonId, ROOT, SessionId, ZoneId},
    name::Name,
    participation::Organisation,
    region::Region,
    time::Span,
    wish::{Pair, Side},
};
use jiff::{Timestamp, civil, tz::TimeZone};
use std::collections::{HashMap, HashSet};

/// Things by code, each with where it stands.
pub(super) struct Index<'a, T> {
    entries: HashMap<String, (T, Place<'a>)>,
    /// Some could not be read: that one is not found says nothing then.
    gaps: bool,
}

impl<T> Default for Index<'_, T> {
    fn default() -> Self {
        Self {
            entries: HashMap::new(),
            gaps: false,
        }
    }
}

impl<'a, T: Clone> Index<'a, T> {
    /// Remembers what stands at a code; where it stood before, if it did.
    pub fn put(&mut self, code: &str, value: T, place: Place<'a>) -> Option<Place<'a>> {
        if let Some((_, first)) = self.entries.get(code) {
            return Some(*first);
        }
        self.entries.insert(code.to_owned(), (value, place));
        None
    }

    /// Reads a row's own code and remembers it; notes a duplicate.
    pub fn enter(
        &mut self,
        line: &Line<'a>,
        field: Field,
        noun: Noun,
        value: impl FnOnce(&str) -> T,
    ) -> Option<String> {
        let Some(code) = line.required(field, cell::code) else {
            self.gaps = true;
            return None;
        };
        if let Some(first) = self.put(&code, value(&code), line.place) {
            line.note(field, fault::twice(noun, &code, first));
            return None;
        }
        Some(code)
    }

    pub fn get(&self, code: &str) -> Option<T> {
        self.entries.get(code).map(|(value, _)| value.clone())
    }

    /// That not everything could be read.
    pub fn has_gaps(&mut self) {
        self.gaps = true;
    }

    /// Reads a reference to one of them, or to one the installation knows; notes it when there is none.
    pub fn refer(&self, line: &Line<'_>, field: Field, noun: Noun, known: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let code = line.required(field, cell::code)?;
        let found = self.get(&code).or_else(|| known(&code));
        if found.is_none() && !self.gaps {
            line.note(field, fault::unknown(noun, &code));
        }
        found
    }
}

/// The event everything belongs to, with its days.
pub(super) struct Scope {
    pub id: EventId,
    pub zone: TimeZone,
    /// Its dates; empty: not known, so nothing can be outside of them.
    pub days: Vec<civil::Date>,
    /// Its first and last moment.
    pub open: Option<(Timestamp, Timestamp)>,
}

impl Scope {
    pub fn of(event: &Event, slots: &[Slot]) -> Self {
        let zone = TimeZone::get(&event.zone).unwrap_or(TimeZone::UTC);
        let mut days: Vec<civil::Date> = slots
            .iter()
            .map(|slot| slot.starts.to_zoned(zone.clone()).date())
            .collect();
        days.dedup();
        let open = slots
            .first()
            .zip(slots.last())
            .map(|(first, last)| (first.starts, last.frees));
        Self {
            id: event.id,
            zone,
            days,
            open,
        }
    }

    /// A stand-in where the event could not be read; what is read under it is never kept, since that was a problem.
    pub fn unknown() -> Self {
        Self {
            id: EventId(ROOT),
            zone: TimeZone::UTC,
            days: Vec::new(),
            open: None,
        }
    }

    /// The instant of a local date and time. A time skipped by the clock's change means the moment after the change.
    pub fn instant(&self, local: civil::DateTime) -> Option<Timestamp> {
        self.zone
            .to_ambiguous_zoned(local)
            .compatible()
            .ok()
            .map(|zoned| zoned.timestamp())
    }

    /// The span in the columns day, from, until.
    pub fn span(&self, line: &Line<'_>, [day, from, until]: [Field; 3]) -> Option<Span> {
        let date = line.required(day, cell::date);
        let (begins, ends) = (line.required(from, cell::time), line.required(until, cell::time));
        if let Some(date) = date.filter(|date| !self.days.is_empty() && !self.days.contains(date)) {
            line.note(day, fault::not_a_day(date, &self.days));
        }
        let (begins, ends) = (begins?, ends?);
        let instant = |time| self.instant(date?.to_datetime(time));
        let span = if begins < ends {
            Span::new(instant(begins)?, instant(ends)?)
        } else {
            None
        };
        if span.is_none() {
            line.note(until, fault::until_before_from());
        }
        span
    }
}

/// An exhibitor as others refer to it.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub id: ExhibitorId,
    /// `None`: known from before, its organisation is kept already.
    pub organisation: Option<OrganisationId>,
}

/// Whose mail address it is.
pub(super) struct Bearer<'a> {
    /// Folded.
    pub name: String,
    pub roles: Roles,
    pub place: Place<'a>,
}

/// A time somebody is taken or away, with where it stands.
pub(super) struct Taken<'a, T> {
    pub person: PersonId,
    pub span: Span,
    pub what: T,
    pub place: Place<'a>,
}

/// Everything read so far.
pub(super) struct Draft<'a> {
    pub problems: &'a Problems,
    pub import: Import,
    pub scope: Scope,
    /// What the installation knows of this event; empty where it knows another event only.
    known: &'a Known,
    same_event: bool,
    event_at: Option<Place<'a>>,
    pub programmes: Index<'a, ()>,
    pub halls: Index<'a, HallId>,
    pub zones: Index<'a, ZoneId>,
    /// Numbers of booths in the import.
    pub booths: Index<'a, usize>,
    pub exhibitors: Index<'a, Shown>,
    pub parts: Index<'a, PersonId>,
    pub buyers: Index<'a, BuyerId>,
    pub artists: Index<'a, ()>,
    /// Artists by exhibitor and folded name.
    pub repertoires: HashMap<(ExhibitorId, String), Place<'a>>,
    pub sessions: Index<'a, (SessionId, Option<Span>)>,
    pub emails: HashMap<String, Bearer<'a>>,
    /// People in the import: a person in two roles is one.
    pub enrolled: HashSet<PersonId>,
    /// Numbers of organisations in the import, by folded name; where the region was said.
    organisations: HashMap<String, (usize, Place<'a>)>,
    pub staffed: Vec<(usize, Span, Place<'a>)>,
    pub attended: Vec<Taken<'a, SessionId>>,
    pub attendances: HashMap<(SessionId, PersonId), Place<'a>>,
    pub absent: Vec<Taken<'a, String>>,
    pub wished: HashMap<(Pair, Side), Place<'a>>,
}

impl<'a> Draft<'a> {
    pub fn new(known: &'a Known, problems: &'a Problems) -> Self {
        Self {
            problems,
            import: Import::default(),
            scope: Scope::unknown(),
            known,
            same_event: true,
            event_at: None,
            programmes: Index::default(),
            halls: Index::default(),
            zones: Index::default(),
            booths: Index::default(),
            exhibitors: Index::default(),
            parts: Index::default(),
            buyers: Index::default(),
            artists: Index::default(),
            repertoires: HashMap::new(),
            sessions: Index::default(),
            emails: HashMap::new(),
            enrolled: HashSet::new(),
            attendances: HashMap::new(),
            organisations: HashMap::new(),
            staffed: Vec::new(),
            attended: Vec::new(),
            absent: Vec::new(),
            wished: HashMap::new(),
        }
    }

    /// That a file speaks of the event; where another did before, if one did.
    pub fn event_stands_at(&mut self, place: Place<'a>) -> Option<Place<'a>> {
        let first = self.event_at;
        self.event_at = first.or(Some(place));
        first
    }

    /// Decides to which event the tables belong: the one of this import, else the one the installation knows.
    /// `table`: the first table's file, to say that there is none.
    pub fn settle_scope(&mut self, table: Option<&'a str>) {
        let known = self.known.event.as_ref();
        if let Some((event, _, slots)) = &self.import.event {
            self.scope = Scope::of(event, slots);
            self.same_event = known.is_some_and(|(known, _)| known.id == event.id);
        } else if self.event_at.is_some() {
            // market.toml is there but could not be read: that was said, and the tables are read on without days.
            self.zones.has_gaps();
        } else if let Some((event, slots)) = known {
            self.scope = Scope::of(event, slots);
        } else if let Some(file) = table {
            self.problems.note(Place { file, line: 0 }, "", fault::no_event());
            self.zones.has_gaps();
        } else {
            return;
        }
        self.import.scope = Some(self.scope.id);
    }

    /// That a whole table could not be read: nothing is certain to be missing any more.
    pub fn has_gaps(&mut self) {
        self.booths.has_gaps();
        self.exhibitors.has_gaps();
        self.parts.has_gaps();
        self.buyers.has_gaps();
        self.sessions.has_gaps();
    }

    /// What the installation knows of this event.
    pub fn here(&self) -> Option<&'a Known> {
        self.same_event.then_some(self.known)
    }

    pub fn programme_is_known(&self, code: &str) -> bool {
        // With a programme that could not be read, none is certain to be missing.
        self.programmes.gaps
            || self.programmes.get(code).is_some()
            || self.known.programmes.iter().any(|known| known == code)
    }

    pub fn person_of_email(&self, email: &str) -> Option<PersonId> {
        self.known.emails.get(email).copied()
    }

    pub fn known_buyer(&self, code: &str) -> Option<BuyerId> {
        self.here()?.buyers.get(code).map(|(buyer, _)| *buyer)
    }

    pub fn known_exhibitor(&self, code: &str) -> Option<ExhibitorId> {
        self.here()?.exhibitors.get(code).copied()
    }

    /// The zone a cell names.
    pub fn zone(&self, line: &Line<'_>, field: Field) -> Option<ZoneId> {
        let known = |code: &str| {
            let there = self.here()?.zones.iter().any(|zone| zone == code);
            there.then(|| ZoneId::derived(self.scope.id, code))
        };
        self.zones.refer(line, field, fault::ZONE, known)
    }

    /// The exhibitor a cell names.
    pub fn exhibitor(&self, line: &Line<'_>, field: Field) -> Option<Shown> {
        let known = |code: &str| self.known_exhibitor(code).map(|id| Shown { id, organisation: None });
        self.exhibitors.refer(line, field, fault::EXHIBITOR, known)
    }

    /// The person whose participation's code a cell names.
    pub fn person(&self, line: &Line<'_>, field: Field) -> Option<PersonId> {
        let known = |code: &str| {
            let here = self.here()?;
            here.people
                .get(code)
                .copied()
                .or_else(|| here.buyers.get(code).map(|(_, person)| *person))
        };
        self.parts.refer(line, field, fault::PERSON, known)
    }

    /// The session a cell names, with its span; no span where that could not be read.
    pub fn session(&self, line: &Line<'_>, field: Field) -> Option<(SessionId, Option<Span>)> {
        let known = |code: &str| {
            let span = self.here()?.sessions.get(code)?;
            Some((SessionId::derived(self.scope.id, code), Some(*span)))
        };
        self.sessions.refer(line, field, fault::SESSION, known)
    }

    /// The buyer or exhibitor a code stands for; `Err(())`: neither, and that is certain.
    pub fn party(&self, code: &str) -> Result<Party, Certain> {
        let buyer = self.buyers.get(code).or_else(|| self.known_buyer(code));
        let shown = || {
            self.exhibitors
                .get(code)
                .map(|shown| shown.id)
                .or_else(|| self.known_exhibitor(code))
        };
        let party = buyer.map(Party::Buyer).or_else(|| shown().map(Party::Exhibitor));
        party.ok_or(if self.buyers.gaps || self.exhibitors.gaps {
            Certain::No
        } else {
            Certain::Yes
        })
    }

    /// The organisation of that name, written down once over all tables. `region`: where it is at home, if that is
    /// what the column says (a buyer's or exhibitor's); two such regions for one name are a problem.
    pub fn organisation(&mut self, line: &Line<'a>, name: Name, region: Home) -> OrganisationId {
        let key = folded(&name.written);
        let Some((number, first)) = self.organisations.get_mut(&key) else {
            let home = match region {
                Home::Of(_, region) => Some(region),
                Home::Unsaid => None,
            };
            let id = OrganisationId::derived(ROOT, &key);
            self.organisations
                .insert(key, (self.import.organisations.len(), line.place));
            self.import.organisations.push(Organisation { id, name, region: home });
            return id;
        };
        let kept = &mut self.import.organisations[*number];
        kept.name.latin = kept.name.latin.take().or(name.latin);
        kept.name.reading = kept.name.reading.take().or(name.reading);
        let id = kept.id;
        if let Home::Of(field, region) = region {
            match kept.region {
                None => (kept.region, *first) = (Some(region), line.place),
                Some(there) if there != region => line.note(field, fault::organisation_elsewhere(*first, there)),
                Some(_) => {}
            }
        }
        id
    }
}

/// Where an organisation is at home, and in which column that was said.
#[derive(Clone, Copy)]
pub(super) enum Home {
    Unsaid,
    Of(Field, Region),
}

/// Who may wish and be wished for.
#[derive(Clone, Copy)]
pub(super) enum Party {
    Buyer(BuyerId),
    Exhibitor(ExhibitorId),
}

/// Whether something is known to be missing, or some rows could not be read and it may be among them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Certain {
    Yes,
    No,
}
