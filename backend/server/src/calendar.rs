//! Calendar files (RFC 5545, for mail RFC 5546): what programs outside read of a person's meetings. Written by hand,
//! because no library writes what calendars need to show the right hour: the zone's own rules around the event.
//! Times stand in the venue's zone with that zone's transitions beside them; a time that is there twice in a night, when
//! clocks go back, stands in UTC.

use jiff::{
    SignedDuration, Timestamp,
    tz::{Offset, TimeZone},
};
use std::fmt::Write as _;

/// Longest line in octets, without its end.
const WIDTH: usize = 75;
/// How often programs shall look at a feed.
const REFRESH: &str = "PT15M";
/// Most transitions of a zone that are written: they span more than a century.
const MAX_TRANSITIONS: usize = 512;

/// What a file asks of whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    /// Enter these, or change them.
    Request,
    /// Take these out.
    Cancel,
    /// These are so.
    Publish,
}

impl Method {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
            Method::Publish => "PUBLISH",
        }
    }
}

/// Somebody with an address.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) name: String,
    pub(crate) address: String,
}

/// One entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The same in every file that is about it.
    pub(crate) uid: String,
    pub(crate) starts: Timestamp,
    pub(crate) ends: Timestamp,
    pub(crate) summary: String,
    pub(crate) place: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) link: Option<String>,
    /// How often it was changed since it was entered first.
    pub(crate) sequence: u32,
    /// When it was changed last.
    pub(crate) changed: Option<Timestamp>,
    pub(crate) cancelled: bool,
    /// Nobody's business but the reader's.
    pub(crate) private: bool,
}

/// A whole file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// None: a feed.
    pub(crate) method: Option<Method>,
    /// What the calendar is called.
    pub(crate) name: String,
    /// The zone times stand in.
    pub(crate) zone: String,
    /// When it was written.
    pub(crate) stamp: Timestamp,
    pub(crate) organizer: Option<Party>,
    pub(crate) attendee: Option<Party>,
    pub(crate) entries: Vec<Entry>,
}

impl File {
    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        let tz = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let mut lines = Lines(String::new());
        lines.put("BEGIN:VCALENDAR");
        lines.put("VERSION:2.0");
        lines.put("PRODID:-//Ichiba//Calendar//EN");
        lines.put("CALSCALE:GREGORIAN");
        if let Some(method) = self.method {
            lines.put(&format!("METHOD:{}", method.word()));
        } else {
            lines.put(&format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
            lines.put(&format!("X-PUBLISHED-TTL:{REFRESH}"));
        }
        if self.method.is_none_or(|method| method == Method::Publish) {
            lines.text("X-WR-CALNAME", &self.name);
        }
        self.put_zone(&mut lines, &tz);
        for entry in &self.entries {
            self.put(&mut lines, entry, &tz);
        }
        lines.put("END:VCALENDAR");
        lines.0
    }

    fn put(&self, lines: &mut Lines, entry: &Entry, tz: &TimeZone) {
        lines.put("BEGIN:VEVENT");
        lines.text("UID", &entry.uid);
        lines.put(&format!("DTSTAMP:{}", utc(self.stamp)));
        lines.put(&format!("DTSTART{}", self.time(entry.starts, tz)));
        lines.put(&format!("DTEND{}", self.time(entry.ends, tz)));
        lines.put(&format!("SEQUENCE:{}", entry.sequence));
        let status = if entry.cancelled { "CANCELLED" } else { "CONFIRMED" };
        lines.put(&format!("STATUS:{status}"));
        lines.text("SUMMARY", &entry.summary);
        if let Some(place) = &entry.place {
            lines.text("LOCATION", place);
        }
        if let Some(description) = &entry.description {
            lines.text("DESCRIPTION", description);
        }
        if let Some(link) = &entry.link {
            lines.put(&format!("URL:{link}"));
        }
        if let Some(changed) = entry.changed {
            lines.put(&format!("LAST-MODIFIED:{}", utc(changed)));
        }
        if entry.private {
            lines.put("CLASS:PRIVATE");
        }
        if let Some(organizer) = &self.organizer {
            lines.put(&format!("ORGANIZER{}", mailto(organizer, "")));
        }
        if let Some(attendee) = &self.attendee {
            let more = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE";
            lines.put(&format!("ATTENDEE{}", mailto(attendee, more)));
        }
        lines.put("END:VEVENT");
    }

    fn time(&self, at: Timestamp, tz: &TimeZone) -> String {
        if local(at, tz) {
            format!(";TZID={}:{}", self.zone, tz.to_datetime(at).strftime("%Y%m%dT%H%M%S"))
        } else {
            format!(":{}", utc(at))
        }
    }

    /// The zone's transitions from the last one before the entries to the last one among them.
    fn put_zone(&self, lines: &mut Lines, tz: &TimeZone) {
        let times = || {
            self.entries
                .iter()
                .flat_map(|entry| [entry.starts, entry.ends])
                .filter(|at| local(*at, tz))
        };
        let (Some(first), Some(last)) = (times().min(), times().max()) else {
            return;
        };
        lines.put("BEGIN:VTIMEZONE");
        lines.put(&format!("TZID:{}", self.zone));
        // A transition at the very moment counts as before it; a day more, so that no local time falls out.
        let from = first - SignedDuration::from_hours(24);
        match tz.preceding(from).next() {
            Some(before) if before.timestamp() >= Timestamp::UNIX_EPOCH => {
                observance(lines, tz, before.timestamp());
            }
            // Programs need not know what was before 1970.
            _ => {
                let (offset, summer) = (tz.to_offset(from), tz.to_offset_info(from).dst().is_dst());
                lines.put(if summer { "BEGIN:DAYLIGHT" } else { "BEGIN:STANDARD" });
                lines.put("DTSTART:19700101T000000");
                lines.put(&format!("TZOFFSETFROM:{}", signed(offset)));
                lines.put(&format!("TZOFFSETTO:{}", signed(offset)));
                lines.put(if summer { "END:DAYLIGHT" } else { "END:STANDARD" });
            }
        }
        // What changes exactly then is not "following" it.
        let after = from - SignedDuration::from_nanos(1);
        for transition in tz.following(after).take(MAX_TRANSITIONS) {
            if transition.timestamp() > last {
                break;
            }
            observance(lines, tz, transition.timestamp());
        }
        lines.put("END:VTIMEZONE");
    }
}

/// Whether a moment can be told by its local time alone: not if clocks show that time twice and this is the second.
fn local(at: Timestamp, tz: &TimeZone) -> bool {
    let first = tz.to_ambiguous_zoned(tz.to_datetime(at)).compatible();
    *tz != TimeZone::UTC && first.is_ok_and(|first| first.timestamp() == at)
}

/// What holds from a transition on.
fn observance(lines: &mut Lines, tz: &TimeZone, at: Timestamp) {
    let before = tz.to_offset(at - SignedDuration::from_nanos(1));
    let now = tz.to_offset_info(at);
    let word = if now.dst().is_dst() { "DAYLIGHT" } else { "STANDARD" };
    lines.put(&format!("BEGIN:{word}"));
    // The moment as clocks showed it until then.
    lines.put(&format!("DTSTART:{}", before.to_datetime(at).strftime("%Y%m%dT%H%M%S")));
    lines.put(&format!("TZOFFSETFROM:{}", signed(before)));
    lines.put(&format!("TZOFFSETTO:{}", signed(now.offset())));
    lines.text("TZNAME", now.abbreviation());
    lines.put(&format!("END:{word}"));
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// `+0900`, with seconds where there are any.
fn signed(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, rest) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let mut text = format!("{sign}{:02}{:02}", rest / 3600, rest / 60 % 60);
    if !rest.is_multiple_of(60) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{:02}", rest % 60);
    }
    text
}

/// A name and an address as parameters and value.
fn mailto(party: &Party, more: &str) -> String {
    let plain = |c: &char| !c.is_control() && *c != '"';
    let name: String = party.name.chars().filter(plain).collect();
    let address: String = party
        .address
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect();
    format!(";CN=\"{name}\"{more}:mailto:{address}")
}

/// Lines with their ends, folded.
struct Lines(String);

impl Lines {
    /// A line; longer ones go on in the next, never in the middle of a character.
    fn put(&mut self, line: &str) {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > WIDTH {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is text in people's words.
    fn text(&mut self, name: &str, value: &str) {
        let mut line = format!("{name}:");
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => line.extend(['\\', c]),
                '\n' => line.push_str("\\n"),
                c if c.is_control() => {}
                c => line.push(c),
            }
        }
        self.put(&line);
    }
}

#[cfg(test)]
mod tests;
