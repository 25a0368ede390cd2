//! `market.toml`: the event with its grid, its venue's halls and zones, and the interpreters. Booths come with their
//! exhibitors.

use super::{
    cell,
    draft::{Draft, Index},
    fault,
    report::Place,
    toml_file::{self, Node},
};
use crate::{
    event::{Day, Event, Grid, GridError, Phase},
    id::{EventId, HallId, PoolId, ProgrammeId, ROOT, ZoneId},
    name::Bilingual,
    venue::{Hall, InterpreterPool, Zone},
};
use jiff::civil::Time;

/// Most interpreters of one pair of languages.
const MAX_INTERPRETERS: u16 = 500;
/// Longest meeting or change-over in minutes.
const MAX_MINUTES: u16 = 240;

pub(super) fn market<'a>(draft: &mut Draft<'a>, file: &'a str, text: &'a str) {
    let problems = draft.problems;
    if let Some(first) = draft.event_stands_at(Place { file, line: 1 }) {
        problems.note(Place { file, line: 0 }, "", fault::second_event(first));
        return;
    }
    // That it could not be read is seen by the missing event.
    _ = toml_file::open(file, text, problems, |root| {
        root.only(&["event", "grid", "day", "venue", "hall", "zone", "interpreters"]);
        root.need(&["event", "grid", "day", "venue"]);
        let venue = root.table("venue").and_then(|node| {
            node.only(&["name_ja", "name_en"]);
            node.need(&["name_ja", "name_en"]);
            node.bilingual()
        });
        let event = root.table("event").and_then(|node| event(draft, &node, venue));
        let grid = grid(root);
        let scope = event.as_ref().map_or(EventId(ROOT), |event| event.id);
        halls(draft, root, file, scope);
        pools(draft, root, file, scope);
        let (Some(event), Some(grid)) = (event, grid) else {
            return;
        };
        match grid.slots(&event.zone) {
            Ok(slots) => draft.import.event = Some((event, grid, slots)),
            Err(error) => note_grid(root, &error),
        }
    });
}

fn event(draft: &Draft<'_>, node: &Node<'_>, venue: Option<Bilingual>) -> Option<Event> {
    let keys = ["code", "programme", "name_ja", "name_en", "zone", "phase"];
    node.only(&keys);
    node.need(&keys);
    let code = node.required("code", cell::code);
    let programme = node.required("programme", cell::code);
    let name = node.bilingual();
    let zone = node.required("zone", |text| Ok(text.to_owned()));
    let phase = node.required("phase", |text| {
        Phase::parse(text).ok_or_else(|| fault::word(text, &Phase::ALL.map(Phase::code)))
    });
    if let Some(programme) = programme.as_deref().filter(|code| !draft.programme_is_known(code)) {
        node.note_key("programme", fault::unknown(fault::PROGRAMME, programme));
    }
    let code = code?;
    Some(Event {
        id: EventId::derived(ROOT, &code),
        programme: ProgrammeId::derived(ROOT, &programme?),
        code,
        name: name?,
        zone: zone?,
        phase: phase?,
        venue: venue?,
    })
}

fn grid(root: &Node<'_>) -> Option<Grid> {
    let node = root.table("grid");
    let lengths = node.and_then(|node| {
        node.only(&["minutes", "changeover"]);
        node.need(&["minutes", "changeover"]);
        let (minutes, changeover) = (
            node.small("minutes", 1..=MAX_MINUTES),
            node.small("changeover", 0..=MAX_MINUTES),
        );
        Some((minutes?, changeover?))
    });
    let nodes = root.tables("day");
    let days: Vec<Option<Day>> = nodes.iter().map(day).collect();
    let (minutes, changeover) = lengths?;
    Some(Grid {
        minutes,
        changeover,
        days: days.into_iter().collect::<Option<Vec<_>>>()?,
    })
}

fn day(node: &Node<'_>) -> Option<Day> {
    node.only(&["date", "periods", "minutes"]);
    node.need(&["date", "periods"]);
    let date = node.date("date");
    let minutes = node.small("minutes", 1..=MAX_MINUTES);
    let mut periods: Vec<(Time, Time)> = Vec::new();
    for period in node.tables("periods") {
        period.only(&["from", "until"]);
        period.need(&["from", "until"]);
        let (from, until) = (period.time("from"), period.time("until"));
        periods.push((from?, until?));
    }
    Some(Day {
        date: date?,
        periods,
        minutes,
    })
}

/// Says what is wrong with the grid at the key it is about.
fn note_grid(root: &Node<'_>, error: &GridError) {
    let day = |date| {
        root.tables("day")
            .into_iter()
            .find(|node| node.date("date") == Some(date))
    };
    let (node, key) = match error {
        GridError::Zone(_) => (root.table("event"), "zone"),
        GridError::Length(..) => (root.table("grid"), "minutes"),
        GridError::Period(date, ..) => (day(*date), "periods"),
        GridError::Day(date) => (day(*date), "date"),
        GridError::Count(_) => (None, ""),
    };
    match node {
        Some(node) => node.note_key(key, fault::grid(error)),
        None => root.note(fault::grid(error)),
    }
}

fn halls<'a>(draft: &mut Draft<'a>, root: &Node<'_>, file: &'a str, scope: EventId) {
    for node in root.tables("hall") {
        node.only(&["code", "name_ja", "name_en"]);
        node.need(&["code", "name_ja", "name_en"]);
        let name = node.bilingual();
        let Some(code) = node.required("code", cell::code) else {
            draft.halls.has_gaps();
            continue;
        };
        let id = HallId::derived(scope, &code);
        if let Some(first) = draft.halls.put(
            &code,
            id,
            Place {
                file,
                line: node.line(),
            },
        ) {
            node.note_key("code", fault::twice(fault::HALL, &code, first));
        }
        draft.import.halls.extend(name.map(|name| Hall { id, code, name }));
    }
    for node in root.tables("zone") {
        node.only(&["code", "hall", "name_ja", "name_en"]);
        node.need(&["code", "hall", "name_ja", "name_en"]);
        let (name, hall_code) = (node.bilingual(), node.required("hall", cell::code));
        let hall = hall_code.as_deref().and_then(|code| draft.halls.get(code));
        if let (Some(code), None) = (&hall_code, hall) {
            node.note_key("hall", fault::unknown(fault::HALL, code));
        }
        let Some(code) = node.required("code", cell::code) else {
            draft.zones.has_gaps();
            continue;
        };
        let id = ZoneId::derived(scope, &code);
        if let Some(first) = draft.zones.put(
            &code,
            id,
            Place {
                file,
                line: node.line(),
            },
        ) {
            node.note_key("code", fault::twice(fault::ZONE, &code, first));
        }
        draft
            .import
            .zones
            .extend(name.zip(hall).map(|(name, hall)| Zone { id, hall, code, name }));
    }
}

fn pools<'a>(draft: &mut Draft<'a>, root: &Node<'_>, file: &'a str, scope: EventId) {
    let mut seen = Index::default();
    for node in root.tables("interpreters") {
        node.only(&["code", "languages", "count"]);
        node.need(&["code", "languages", "count"]);
        let code = node.required("code", cell::code);
        let languages = match node.list("languages", cell::language).as_deref() {
            Some([a, b]) if a != b => Some((*a, *b)),
            Some(_) => {
                node.note_key("languages", fault::same_languages());
                None
            }
            None => None,
        };
        let count = node.small("count", 1..=MAX_INTERPRETERS);
        let (Some(code), Some(languages), Some(count)) = (code, languages, count) else {
            continue;
        };
        if let Some(first) = seen.put(
            &code,
            (),
            Place {
                file,
                line: node.line(),
            },
        ) {
            node.note_key("code", fault::twice(fault::POOL, &code, first));
        }
        draft.import.pools.push(InterpreterPool {
            id: PoolId::derived(scope, &code),
            code,
            languages,
            count,
        });
    }
}
