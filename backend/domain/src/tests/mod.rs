//! Tests of the rules, on a small market: two days of four slots, buyers B1.., exhibitors X1.. with two tables each.

mod arranging;
mod booking;
mod guest;
mod live;
mod said;
mod secrecy;
mod standby;
mod table;
mod timetable;

use crate::{
    Ctx,
    access::{Actor, Role, Roles},
    event::{Day, Event, Grid, Phase},
    id::{BoothId, BuyerId, EventId, ExhibitorId, OrganisationId, PersonId, PoolId, ProgrammeId, ROOT, ZoneId},
    market::Market,
    name::Bilingual,
    participation::{Buyer, Exhibitor, Quota},
    region::Language,
    time::Span,
    venue::{Booth, InterpreterPool},
    wish::{Pair, Side, Want, Wish},
};
use jiff::{
    SignedDuration, Timestamp,
    civil::{date, time},
};
use std::collections::{HashMap, HashSet};

fn text(text: &str) -> Bilingual {
    Bilingual {
        ja: text.to_owned(),
        en: text.to_owned(),
    }
}

fn event_id() -> EventId {
    EventId::derived(ROOT, "test")
}

fn language(code: &str) -> Language {
    Language::parse(code).expect("language")
}

/// B1 and so on: speaks English, and Japanese where the number is odd.
fn buyer(number: usize) -> Buyer {
    let code = format!("B{number}");
    let mut languages = vec![language("en")];
    languages.extend((number % 2 == 1).then(|| language("ja")));
    Buyer {
        id: BuyerId::derived(event_id(), &code),
        person: PersonId::derived(event_id(), &code),
        organisation: OrganisationId::derived(ROOT, &code),
        code,
        languages,
        genres: Vec::new(),
        rights: Vec::new(),
        territories: Vec::new(),
        arrives: None,
        leaves: None,
        quota: Quota::default(),
    }
}

/// X1 and so on: speaks Japanese.
fn exhibitor(number: usize) -> Exhibitor {
    let code = format!("X{number}");
    Exhibitor {
        id: ExhibitorId::derived(event_id(), &code),
        organisation: OrganisationId::derived(ROOT, &code),
        code,
        languages: vec![language("ja")],
        genres: Vec::new(),
        quota: Quota::default(),
        homepage: None,
    }
}

fn booth(exhibitor: &Exhibitor) -> Booth {
    Booth {
        id: BoothId::derived(event_id(), &exhibitor.code),
        exhibitor: exhibitor.id,
        code: exhibitor.code.clone(),
        zone: ZoneId::derived(event_id(), "A"),
        tables: 2,
        staffing: Vec::new(),
    }
}

/// A market in which every buyer wishes for every exhibitor, rank 3; one English–Japanese interpreter.
fn market(buyers: usize, exhibitors: usize) -> Market {
    let day = |day| Day {
        date: date(2025, 11, day),
        periods: vec![(time(10, 0, 0, 0), time(11, 40, 0, 0))],
        minutes: None,
    };
    let grid = Grid {
        minutes: 20,
        changeover: 5,
        days: vec![day(5), day(6)],
    };
    let buyers: Vec<Buyer> = (1..=buyers).map(buyer).collect();
    let exhibitors: Vec<Exhibitor> = (1..=exhibitors).map(exhibitor).collect();
    let pairs = buyers.iter().flat_map(|b| exhibitors.iter().map(|x| (b.id, x.id)));
    let wishes = pairs.map(|(buyer, exhibitor)| wish(Pair { buyer, exhibitor }, Side::Buyer, Want::Rank(3)));
    Market {
        event: Event {
            id: event_id(),
            programme: ProgrammeId::derived(ROOT, "test"),
            code: "test".to_owned(),
            name: text("test"),
            zone: "Asia/Tokyo".to_owned(),
            phase: Phase::OpenCalendar,
            venue: text("hall"),
        },
        slots: grid.slots("Asia/Tokyo").expect("grid"),
        wishes: wishes.collect(),
        booths: exhibitors.iter().map(booth).collect(),
        buyers,
        exhibitors,
        zones: HashMap::from([(ZoneId::derived(event_id(), "A"), "A".to_owned())]),
        pools: vec![InterpreterPool {
            id: PoolId::derived(event_id(), "en"),
            code: "interpreters-en".to_owned(),
            languages: (language("ja"), language("en")),
            count: 1,
        }],
        regions: HashMap::new(),
        busy: HashSet::new(),
        meetings: Vec::new(),
    }
}

fn wish(pair: Pair, by: Side, want: Want) -> Wish {
    Wish { pair, by, want }
}

/// The week before.
fn before() -> Timestamp {
    "2025-10-29T00:00:00Z".parse().expect("time")
}

fn ctx(actor: Actor) -> Ctx {
    Ctx {
        actor,
        event: event_id(),
        now: before(),
        request_id: "test".to_owned(),
    }
}

fn as_buyer(number: usize) -> Ctx {
    let buyer = buyer(number);
    let mut actor = Actor::person(buyer.person);
    actor.roles = Roles::of([Role::Buyer]);
    actor.buyer = Some(buyer.id);
    ctx(actor)
}

fn as_exhibitor(number: usize) -> Ctx {
    let mut actor = Actor::person(PersonId::derived(event_id(), &format!("staff of X{number}")));
    actor.roles = Roles::of([Role::Exhibitor]);
    actor.exhibitor = Some(exhibitor(number).id);
    ctx(actor)
}

fn as_role(role: Role) -> Ctx {
    let mut actor = Actor::person(PersonId::derived(event_id(), role.code()));
    actor.roles = Roles::of([role]);
    ctx(actor)
}

fn an_hour_around(at: Timestamp) -> Span {
    let half = SignedDuration::from_mins(30);
    Span::new(at - half, at + half).expect("span")
}
