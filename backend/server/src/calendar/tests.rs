//! What is written is read back by a parser that is not ours, and its times by the rules that stand in the file alone.

use super::{Entry, File, Method, Party};
use icalendar::parser::{Component, read_calendar, unfold};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use proptest::prelude::*;

fn entry(starts: Timestamp) -> Entry {
    Entry {
        uid: "meeting@ichiba.example".to_owned(),
        starts,
        ends: starts + SignedDuration::from_mins(20),
        summary: "Hoshizora".to_owned(),
        place: None,
        description: None,
        link: None,
        sequence: 0,
        changed: None,
        cancelled: false,
        private: false,
    }
}

fn file(zone: &str, entries: Vec<Entry>) -> File {
    File {
        method: Some(Method::Request),
        name: "Market".to_owned(),
        zone: zone.to_owned(),
        stamp: "2025-10-01T00:00:00Z".parse().expect("a time"),
        organizer: None,
        attendee: None,
        entries,
    }
}

fn value<'a>(component: &'a Component<'_>, name: &str) -> &'a str {
    let property = component.find_prop(name);
    property
        .unwrap_or_else(|| panic!("{name} of {}", component.name))
        .val
        .as_str()
}

fn civil(text: &str) -> DateTime {
    DateTime::strptime("%Y%m%dT%H%M%S", text).expect("a local time")
}

fn seconds(offset: &str) -> i64 {
    let (sign, digits) = offset.split_at(1);
    let part = |at: usize| digits.get(at..at + 2).map_or(0, |d| d.parse::<i64>().expect("digits"));
    (part(0) * 3600 + part(2) * 60 + part(4)) * if sign == "-" { -1 } else { 1 }
}

/// As if UTC.
fn plain(local: DateTime) -> i64 {
    local.to_zoned(TimeZone::UTC).expect("a time").timestamp().as_second()
}

/// The instant a property means, by the file's own `VTIMEZONE` and nothing else (RFC 5545, 3.6.5).
fn instant(components: &[Component<'_>], event: &Component<'_>, name: &str) -> i64 {
    let property = event.find_prop(name).expect("a time");
    let text = property.val.as_str();
    if let Some(utc) = text.strip_suffix('Z') {
        return plain(civil(utc));
    }
    let id = property
        .params
        .iter()
        .find(|param| param.key == "TZID")
        .expect("a zone");
    let id = id.val.as_ref().expect("its name").as_str();
    let zone = components
        .iter()
        .find(|c| c.name == "VTIMEZONE" && value(c, "TZID") == id);
    let mut rules: Vec<(i64, i64, i64)> = zone
        .expect("the zone is in the file")
        .components
        .iter()
        .map(|rule| {
            let (from, to) = (seconds(value(rule, "TZOFFSETFROM")), seconds(value(rule, "TZOFFSETTO")));
            (plain(civil(value(rule, "DTSTART"))) - from, from, to)
        })
        .collect();
    rules.sort_unstable();
    let local = plain(civil(text));
    // The first instant at which clocks by these rules show that time.
    let shown = |instant: i64| {
        let rule = rules
            .iter()
            .rev()
            .find(|(onset, ..)| *onset <= instant)
            .expect("a rule holds");
        instant + rule.2
    };
    let mut offsets: Vec<i64> = rules.iter().map(|(.., to)| *to).collect();
    offsets.sort_unstable();
    let found = offsets
        .iter()
        .rev()
        .map(|to| local - to)
        .find(|&instant| shown(instant) == local);
    found.expect("clocks show it")
}

fn read_back(file: &File) -> Vec<(i64, i64)> {
    let text = file.text();
    let unfolded = unfold(&text);
    let calendar = read_calendar(&unfolded).expect("a calendar");
    let events = calendar.components.iter().filter(|c| c.name == "VEVENT");
    events
        .map(|event| {
            let at = |name| instant(&calendar.components, event, name);
            (at("DTSTART"), at("DTEND"))
        })
        .collect()
}

fn check(file: &File) {
    let expect: Vec<(i64, i64)> = file
        .entries
        .iter()
        .map(|entry| (entry.starts.as_second(), entry.ends.as_second()))
        .collect();
    assert_eq!(read_back(file), expect, "{}\n{}", file.zone, file.text());
}

const ZONES: [&str; 10] = [
    "Asia/Tokyo",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "America/St_Johns",
    "UTC",
];

proptest! {
    /// Calendar files off by hours.
    #[test]
    fn pain_15_a_meeting_stands_in_the_calendar_at_its_instant(
        zone in proptest::sample::select(&ZONES[..]),
        // 2000 to 2037, on the minute.
        starts in proptest::collection::vec(15_778_080_i64..35_300_000, 1..4),
    ) {
        let at = |minute: i64| Timestamp::from_second(minute * 60).expect("a time");
        check(&file(zone, starts.into_iter().map(|minute| entry(at(minute))).collect()));
    }

    /// Where clocks change, every five minutes around it.
    #[test]
    fn pain_15_also_in_the_night_when_clocks_change(
        zone in proptest::sample::select(&ZONES[1..9]),
        year in 2000_i16..2037,
        cells in -36_i64..36,
    ) {
        let tz = TimeZone::get(zone).expect("a zone");
        let from = jiff::civil::date(year, 1, 1).to_zoned(tz.clone()).expect("a time").timestamp();
        for transition in tz.following(from).take(2) {
            check(&file(zone, vec![entry(transition.timestamp() + SignedDuration::from_mins(5 * cells))]));
        }
    }

    #[test]
    fn lines_are_short_whole_and_read_as_they_were_written(
        summary in "[ -~äあ漢🎵]{0,200}",
        place in "[\\\\;,:\n\r\t\"a漢]{0,120}",
    ) {
        let mut one = entry("2025-11-05T05:20:00Z".parse().expect("a time"));
        one.summary = summary.clone();
        one.place = Some(place.clone());
        let text = file("Asia/Tokyo", vec![one]).text();
        prop_assert!(text.ends_with("END:VCALENDAR\r\n"));
        let bare = text.replace("\r\n", "");
        prop_assert!(!bare.contains(['\r', '\n']), "every line ends with CRLF");
        for line in text.split("\r\n") {
            prop_assert!(line.len() <= 75, "{} octets: {line}", line.len());
        }
        let unfolded = unfold(&text);
        let calendar = read_calendar(&unfolded).expect("a calendar");
        let event = calendar.components.iter().find(|c| c.name == "VEVENT").expect("an event");
        let read = |name| value(event, name).to_owned();
        let place = place.replace(['\r', '\t'], "");
        let (summary_read, place_read) = (read("SUMMARY"), read("LOCATION"));
        prop_assert_eq!(summary_read.trim_end(), summary.trim_end());
        prop_assert_eq!(place_read.trim_end(), place.trim_end());
    }
}

/// The negative control of pain 15: rules of another zone, and the instant is another.
#[test]
fn a_wrong_zone_would_be_noticed() {
    let tokyo = file(
        "Asia/Tokyo",
        vec![entry("2025-11-05T05:20:00Z".parse().expect("a time"))],
    );
    let text = tokyo.text();
    assert!(text.contains("TZOFFSETTO:+0900"), "{text}");
    let wrong = text.replace("TZOFFSETTO:+0900", "TZOFFSETTO:+0800");
    let unfolded = unfold(&wrong);
    let calendar = read_calendar(&unfolded).expect("a calendar");
    let event = calendar
        .components
        .iter()
        .find(|c| c.name == "VEVENT")
        .expect("an event");
    let off = instant(&calendar.components, event, "DTSTART") - tokyo.entries[0].starts.as_second();
    assert_eq!(off, 3600);
}

#[test]
fn a_file_as_it_is_sent() {
    let mut one = entry("2026-03-28T09:00:00Z".parse().expect("a time"));
    one.place = Some("ブース C-01、テーブル 2".to_owned());
    one.description = Some("https://ichiba.example/meeting/1".to_owned());
    one.link = one.description.clone();
    (one.sequence, one.changed) = (2, Some("2026-03-01T08:00:00Z".parse().expect("a time")));
    let mut two = entry("2026-03-30T08:00:00Z".parse().expect("a time"));
    two.uid = "second@ichiba.example".to_owned();
    two.cancelled = true;
    let party = |name: &str, address: &str| {
        Some(Party {
            name: name.to_owned(),
            address: address.to_owned(),
        })
    };
    let mut whole = file("Europe/Berlin", vec![one, two]);
    whole.organizer = party("Ichiba", "ichiba@localhost");
    whole.attendee = party("Aoki \"M\"", "aoki@tokyo.example");
    insta::assert_snapshot!(whole.text().replace("\r\n", "\n"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Ichiba//Calendar//EN
    CALSCALE:GREGORIAN
    METHOD:REQUEST
    BEGIN:VTIMEZONE
    TZID:Europe/Berlin
    BEGIN:STANDARD
    DTSTART:20251026T030000
    TZOFFSETFROM:+0200
    TZOFFSETTO:+0100
    TZNAME:CET
    END:STANDARD
    BEGIN:DAYLIGHT
    DTSTART:20260329T020000
    TZOFFSETFROM:+0100
    TZOFFSETTO:+0200
    TZNAME:CEST
    END:DAYLIGHT
    END:VTIMEZONE
    BEGIN:VEVENT
    UID:meeting@ichiba.example
    DTSTAMP:20251001T000000Z
    DTSTART;TZID=Europe/Berlin:20260328T100000
    DTEND;TZID=Europe/Berlin:20260328T102000
    SEQUENCE:2
    STATUS:CONFIRMED
    SUMMARY:Hoshizora
    LOCATION:ブース C-01、テーブル 2
    DESCRIPTION:https://ichiba.example/meeting/1
    URL:https://ichiba.example/meeting/1
    LAST-MODIFIED:20260301T080000Z
    ORGANIZER;CN="Ichiba":mailto:ichiba@localhost
    ATTENDEE;CN="Aoki M";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPT
     ED;RSVP=FALSE:mailto:aoki@tokyo.example
    END:VEVENT
    BEGIN:VEVENT
    UID:second@ichiba.example
    DTSTAMP:20251001T000000Z
    DTSTART;TZID=Europe/Berlin:20260330T100000
    DTEND;TZID=Europe/Berlin:20260330T102000
    SEQUENCE:0
    STATUS:CANCELLED
    SUMMARY:Hoshizora
    ORGANIZER;CN="Ichiba":mailto:ichiba@localhost
    ATTENDEE;CN="Aoki M";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPT
     ED;RSVP=FALSE:mailto:aoki@tokyo.example
    END:VEVENT
    END:VCALENDAR
    "#);
}
