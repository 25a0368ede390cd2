//! A small market made by hand, and timetables for it made greedily: no files, no solver.

use domain::{
    Actor, Ctx, Role,
    artist::{Artist, RightKind},
    event::{Day, Event, Grid, Phase, Slot},
    id::{
        AbsenceId, ArtistId, BoothId, BuyerId, EventId, ExhibitorId, HallId, OrganisationId, ParticipationId, PersonId,
        PoolId, ProgrammeId, ROOT, SessionId, TimetableId, ZoneId,
    },
    import::{Import, Session},
    market::{Market, Placement},
    name::{Bilingual, Name},
    participation::{Absence, Buyer, Exhibitor, Organisation, Participation, Person, Quota},
    problem::{self, Interpreters},
    programme::{Programme, Target, TargetKind},
    region::{Language, Region},
    time::Timestamp,
    timetable::{self, Proposal},
    venue::{Booth, Hall, InterpreterPool, Staffing, Zone},
    wish::{Pair, Side, Want, Wish},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How big a market is.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) buyers: usize,
    pub(super) exhibitors: usize,
    pub(super) tables: u16,
    pub(super) slots: usize,
}

/// Enough for every rule to have something to say.
pub(super) const SMALL: Size = Size {
    buyers: 8,
    exhibitors: 4,
    tables: 2,
    slots: 8,
};

/// Before the first slot of every market here.
pub(super) fn now() -> Timestamp {
    "2025-10-01T09:00:00+09:00".parse().expect("a time")
}

pub(super) fn event_id(code: &str) -> EventId {
    EventId::derived(ROOT, code)
}

/// The product itself asks.
pub(super) fn ctx(event: EventId) -> Ctx {
    Ctx {
        actor: Actor::system(),
        event,
        now: now(),
        request_id: "request".to_owned(),
    }
}

pub(super) fn key(name: &str) -> Uuid {
    Uuid::new_v5(&ROOT, name.as_bytes())
}

pub(super) fn timetable_id(name: &str) -> TimetableId {
    TimetableId(key(name))
}

fn text(name: &str) -> Bilingual {
    Bilingual {
        ja: format!("{name} の名"),
        en: format!("Name of {name}"),
    }
}

fn name(of: &str) -> Name {
    Name {
        written: format!("青木 {of}"),
        reading: Some(format!("あおき {of}")),
        latin: Some(format!("Aoki {of}")),
    }
}

fn languages(codes: &[&str]) -> Vec<Language> {
    codes
        .iter()
        .map(|code| Language::parse(code).expect("a language"))
        .collect()
}

fn regions(codes: &[&str]) -> Vec<Region> {
    codes
        .iter()
        .map(|code| Region::parse(code).expect("a region"))
        .collect()
}

/// The whole market of an event of that code.
pub(super) fn market(code: &str, size: Size) -> Import {
    let event = event_id(code);
    let mut import = Import {
        scope: Some(event),
        programmes: vec![programme(code)],
        ..Import::default()
    };
    frame(&mut import, code, size);
    for number in 0..size.exhibitors {
        exhibitor(&mut import, event, number, size);
    }
    for number in 0..size.buyers {
        buyer(&mut import, event, number, size);
    }
    organizer(&mut import, event);
    wishes(&mut import, size);
    time(&mut import, event);
    import.participations.sort_by(|a, b| a.code.cmp(&b.code));
    import
}

fn programme(code: &str) -> (Programme, Vec<Target>) {
    let id = ProgrammeId::derived(ROOT, code);
    let date = |text: &str| text.parse().expect("a date");
    let programme = Programme {
        id,
        code: format!("programme-{code}"),
        name: text("programme"),
        starts_on: date("2025-04-01"),
        ends_on: date("2026-03-31"),
    };
    let target = |code: &str, kind| Target {
        programme: id,
        code: code.to_owned(),
        name: text(code),
        definition: "what is counted, with \"quotes\" and ‚commas‘".to_owned(),
        unit: "meeting".to_owned(),
        amount: 6_000_000_000,
        kind,
        group: "all".to_owned(),
        due_on: date("2025-11-30"),
    };
    (
        programme,
        vec![
            target("complaints", TargetKind::Limit),
            target("meetings-held", TargetKind::Target),
        ],
    )
}

fn frame(import: &mut Import, code: &str, size: Size) {
    let event = event_id(code);
    import.event = Some((
        Event {
            id: event,
            programme: ProgrammeId::derived(ROOT, code),
            code: code.to_owned(),
            name: text(code),
            zone: "Asia/Tokyo".to_owned(),
            phase: Phase::Wishes,
            venue: text("venue"),
        },
        grid(size),
        grid(size).slots("Asia/Tokyo").expect("slots"),
    ));
    let hall = HallId::derived(event, "H");
    import.halls.push(Hall {
        id: hall,
        code: "H".to_owned(),
        name: text("hall"),
    });
    for zone in ["C", "D"] {
        let id = ZoneId::derived(event, zone);
        import.zones.push(Zone {
            id,
            hall,
            code: zone.to_owned(),
            name: text(zone),
        });
    }
    for (code, (a, b), count) in [
        ("interpreters-en", ("ja", "en"), 2),
        ("interpreters-fr", ("fr", "ja"), 1),
    ] {
        let parse = |code: &str| Language::parse(code).expect("a language");
        let id = PoolId::derived(event, code);
        import.pools.push(InterpreterPool {
            id,
            code: code.to_owned(),
            languages: (parse(a), parse(b)),
            count,
        });
    }
}

/// Two days of 20 + 5 minutes.
fn grid(size: Size) -> Grid {
    let date = |text: &str| text.parse().expect("a date");
    let day = |of: &str, slots: usize| {
        let until = 600 + slots * 25;
        let time = |minutes: usize| {
            format!("{:02}:{:02}:00", minutes / 60, minutes % 60)
                .parse()
                .expect("a time")
        };
        Day {
            date: date(of),
            periods: vec![(time(600), time(until))],
            minutes: None,
        }
    };
    let first = size.slots.div_ceil(2);
    Grid {
        minutes: 20,
        changeover: 5,
        days: vec![day("2025-11-05", first), day("2025-11-06", size.slots - first)],
    }
}

fn person(import: &mut Import, event: EventId, code: &str, spoken: &[&str]) -> PersonId {
    let id = PersonId::derived(event, code);
    let email = Some(format!("{}@{}.example.org", code.to_lowercase(), event.0.simple()));
    import.people.push(Person {
        id,
        name: name(code),
        email,
        languages: languages(spoken),
    });
    id
}

fn takes_part(import: &mut Import, event: EventId, code: &str, (person, role): (PersonId, Role)) -> ParticipationId {
    let id = ParticipationId::derived(event, code);
    let participation = Participation {
        id,
        person,
        organisation: None,
        role,
        exhibitor: None,
        code: code.to_owned(),
    };
    import.participations.push(participation);
    id
}

/// An exhibitor with a booth, two people of staff (the first in two roles) and an artist.
fn exhibitor(import: &mut Import, event: EventId, number: usize, size: Size) {
    let code = format!("X{number:02}");
    let id = ExhibitorId::derived(event, &code);
    let organisation = OrganisationId::derived(event, &code);
    let region = Region::parse("JP");
    import.organisations.push(Organisation {
        id: organisation,
        name: name(&code),
        region,
    });
    let spoken: &[&str] = if number.is_multiple_of(2) {
        &["ja"]
    } else {
        &["ja", "en"]
    };
    import.exhibitors.push(Exhibitor {
        id,
        organisation,
        code: code.clone(),
        languages: languages(spoken),
        genres: vec!["jazz".to_owned(), "city pop".to_owned()],
        quota: Quota::new(None, (number == 1).then_some(200)).expect("a quota"),
        homepage: (number == 0).then(|| "https://example.org/?a=1&b=2".to_owned()),
    });
    for (letter, role) in [("a", Role::Exhibitor), ("b", Role::Exhibitor)] {
        let person = person(import, event, &format!("{code}{letter}"), spoken);
        takes_part(import, event, &format!("{code}{letter}"), (person, role));
        if letter == "a" {
            takes_part(import, event, &format!("{code}a-adviser"), (person, Role::Adviser));
        }
    }
    for participation in import
        .participations
        .iter_mut()
        .filter(|part| part.code.starts_with(&code))
    {
        (participation.exhibitor, participation.organisation) = (Some(id), Some(organisation));
    }
    let slots = &import.event.as_ref().expect("an event").2;
    let staffing = (number == 0).then(|| Staffing {
        span: slots[0].span(),
        tables: size.tables - 1,
    });
    import.booths.push(Booth {
        id: BoothId::derived(event, &code),
        exhibitor: id,
        code: format!("C-{number:02}"),
        zone: import.zones[number % 2].id,
        tables: size.tables,
        staffing: staffing.into_iter().collect(),
    });
    import.artists.push(Artist {
        id: ArtistId::derived(event, &code),
        code: format!("A{number:03}"),
        exhibitor: id,
        name: name(&code),
        genre: "jazz".to_owned(),
        rights: RightKind::ALL[..=number % 5].to_vec(),
        territories: if number == 0 {
            Vec::new()
        } else {
            regions(&["JP", "FR"])
        },
    });
}

fn buyer(import: &mut Import, event: EventId, number: usize, size: Size) {
    let code = format!("B{number:04}");
    let organisation = OrganisationId::derived(event, &code);
    import.organisations.push(Organisation {
        id: organisation,
        name: name(&code),
        region: None,
    });
    let spoken: &[&str] = [&["ja"], &["en"] as &[&str], &["fr", "ja"]][number % 3];
    let person = person(import, event, &code, spoken);
    let participation = takes_part(import, event, &code, (person, Role::Buyer));
    import.participations.last_mut().expect("just put").organisation = Some(organisation);
    let slots = &import.event.as_ref().expect("an event").2;
    import.buyers.push(Buyer {
        id: BuyerId(participation.0),
        person,
        organisation,
        code,
        languages: languages(spoken),
        genres: vec!["jazz".to_owned()],
        rights: vec![RightKind::Sync, RightKind::Live],
        territories: regions(&["US"]),
        arrives: (number == 3).then(|| slots[1].starts),
        leaves: (number == 4).then(|| slots[size.slots - 1].starts),
        quota: Quota::new((number == 0).then_some(1), (number == 0).then_some(3)).expect("a quota"),
    });
}

fn organizer(import: &mut Import, event: EventId) {
    let person = person(import, event, "O01", &["ja"]);
    takes_part(import, event, "O01", (person, Role::Organizer));
    // One who buys here and helps at a booth besides: two calendars, one person.
    let (buyer, exhibitor) = (import.buyers[0].person, import.exhibitors[0].id);
    takes_part(import, event, "B0000-staff", (buyer, Role::Exhibitor));
    import.participations.last_mut().expect("just put").exhibitor = Some(exhibitor);
}

/// Every buyer wishes for some exhibitors, exhibitors for some buyers, and one does not want to meet.
fn wishes(import: &mut Import, size: Size) {
    for (b, buyer) in import.buyers.iter().enumerate() {
        for offset in 0..size.exhibitors.min(4) {
            let x = (b + offset) % size.exhibitors;
            let pair = Pair {
                buyer: buyer.id,
                exhibitor: import.exhibitors[x].id,
            };
            let rank = |plus: usize| Want::rank(((b + x + plus) % 5) as u8 + 1).expect("a rank");
            import.wishes.push(Wish {
                pair,
                by: Side::Buyer,
                want: rank(0),
            });
            if (b + offset).is_multiple_of(2) {
                let want = if (b, x) == (1, 0) { Want::Avoid } else { rank(2) };
                import.wishes.push(Wish {
                    pair,
                    by: Side::Exhibitor,
                    want,
                });
            }
        }
    }
}

/// Buyer 0 sits in a session during slot 1, buyer 2 is absent during slot 0.
fn time(import: &mut Import, event: EventId) {
    let slots = &import.event.as_ref().expect("an event").2;
    let id = SessionId::derived(event, "S01");
    let (first, second) = (slots[0].span(), slots[1].span());
    let place = "ホール H".to_owned();
    import.sessions.push(Session {
        id,
        code: "S01".to_owned(),
        title: text("session"),
        span: second,
        place,
    });
    import.attendance.push((id, import.buyers[0].person, second));
    import.absences.push(absence(import.buyers[2].person, "away", first));
}

pub(super) fn absence(person: PersonId, reason: &str, span: domain::time::Span) -> (AbsenceId, Absence) {
    (
        AbsenceId::derived(person, reason),
        Absence {
            person,
            span,
            reason: reason.to_owned(),
        },
    )
}

/// A timetable of the market: every wished pair in the first slot from `shift` on in which all can be there.
pub(super) fn proposal(market: &Market, shift: usize) -> Proposal {
    let mut greedy = Greedy::over(market);
    let mut wants: Vec<_> = greedy.wants.clone().into_iter().collect();
    wants.sort_by_key(|(pair, _)| *pair);
    for (pair, (buyer, exhibitor)) in wants {
        if domain::wish::value(buyer, exhibitor).is_some() {
            greedy.place(pair, shift);
        }
    }
    let placements = greedy.placed;
    let all: Vec<Placement> = placements.iter().chain(&greedy.by_hand).copied().collect();
    timetable::holds(market, &all).expect("the greedy timetable holds");
    Proposal {
        value: placements.len() as i64,
        upper_bound: 1_000,
        requests: 100,
        mutual: 10,
        mutual_placed: 5,
        breaks: 3,
        dashes: 2,
        certificate: format!("{{\"shift\": {shift}}}"),
        placements,
    }
}

struct Greedy<'m> {
    market: &'m Market,
    wants: HashMap<Pair, (Option<Want>, Option<Want>)>,
    /// (resource, lane, slot)
    taken: HashSet<(Uuid, u16, u16)>,
    placed: Vec<Placement>,
    by_hand: Vec<Placement>,
}

impl<'m> Greedy<'m> {
    fn over(market: &'m Market) -> Self {
        let mut wants: HashMap<Pair, (Option<Want>, Option<Want>)> = HashMap::new();
        for wish in &market.wishes {
            let entry = wants.entry(wish.pair).or_default();
            match wish.by {
                Side::Buyer => entry.0 = Some(wish.want),
                Side::Exhibitor => entry.1 = Some(wish.want),
            }
        }
        let by_hand = market
            .meetings
            .iter()
            .filter(|m| m.timetable.is_none())
            .map(|m| m.placement)
            .collect();
        let mut greedy = Self {
            market,
            wants,
            taken: HashSet::new(),
            placed: Vec::new(),
            by_hand,
        };
        for placement in greedy.by_hand.clone() {
            greedy.wants.remove(&placement.pair);
            greedy.take(&placement);
        }
        greedy
    }

    fn take(&mut self, p: &Placement) {
        self.taken.insert((p.pair.buyer.0, 0, p.slot));
        self.taken.insert((p.booth.0, p.table, p.slot));
        self.taken
            .extend(p.interpreter.map(|(pool, lane)| (pool.0, lane, p.slot)));
    }

    fn place(&mut self, pair: Pair, shift: usize) {
        let buyer = self
            .market
            .buyers
            .iter()
            .find(|buyer| buyer.id == pair.buyer)
            .expect("a buyer");
        let has = self
            .placed
            .iter()
            .chain(&self.by_hand)
            .filter(|p| p.pair.buyer == pair.buyer)
            .count();
        if buyer.quota.max().is_some_and(|most| has >= usize::from(most)) {
            return;
        }
        let slots = self.market.slots.len();
        let found = (0..slots).find_map(|n| self.fits(pair, buyer, &self.market.slots[(n + shift) % slots]));
        if let Some(placement) = found {
            self.take(&placement);
            self.placed.push(placement);
        }
    }

    fn fits(&self, pair: Pair, buyer: &Buyer, slot: &Slot) -> Option<Placement> {
        let market = self.market;
        let free = |resource: Uuid, lane: u16| !self.taken.contains(&(resource, lane, slot.number));
        let busy = slot
            .span()
            .cells()
            .any(|cell| market.busy.contains(&(buyer.person, cell)));
        if busy || !buyer.present(&slot.span()) || !free(buyer.id.0, 0) {
            return None;
        }
        let exhibitor = market.exhibitors.iter().find(|x| x.id == pair.exhibitor)?;
        let booth = market.booths.iter().find(|booth| booth.exhibitor == pair.exhibitor)?;
        let table = (1..=booth.staffed(slot)).find(|&table| free(booth.id.0, table))?;
        let interpreter = match problem::interpreters(&market.pools, &buyer.languages, &exhibitor.languages) {
            Interpreters::NotNeeded => None,
            Interpreters::Nobody => return None,
            Interpreters::Pool(pool) => {
                let pool = &market.pools[pool];
                Some((pool.id, (1..=pool.count).find(|&lane| free(pool.id.0, lane))?))
            }
        };
        Some(Placement {
            pair,
            slot: slot.number,
            booth: booth.id,
            table,
            interpreter,
        })
    }
}
