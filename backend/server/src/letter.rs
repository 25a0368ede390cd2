//! What a mail says: one change, or a digest of several, with calendar files made of how the meetings stand at the moment
//! of writing, not of how they stood when the letters were kept.

use crate::{
    calendar::{Entry, File, Method, Party},
    clock, config,
    http::Site,
    mail::{self, Letter, Text},
};
use anyhow::Context as _;
use domain::{
    event::Event,
    id::{MeetingId, PersonId},
    name::Tongue,
    notice::{NoticeKind, Said},
    participation::Person,
    telling::called,
};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{Snapshot, agenda::Taken, feed::Appointment, outbox};

/// Most changes that are listed in one digest; the rest are counted.
const MOST_LISTED: usize = 50;

/// What a letter about a notice holds.
#[derive(Deserialize)]
struct Told {
    kind: String,
    meeting: Option<MeetingId>,
    #[serde(default)]
    said: Said,
}

/// A change as the mail tells it.
struct Change {
    kind: NoticeKind,
    meeting: Option<MeetingId>,
    said: Said,
    at: Timestamp,
}

/// The reader of a mail, and of which event.
struct Reader<'a> {
    site: &'a Site,
    event: &'a Event,
    person: &'a Person,
    tongue: Tongue,
}

/// The mail these letters make: all are the same person's, of the same event; several are notices.
pub(crate) async fn write(site: &Site, person: &Person, letters: &[outbox::Letter]) -> anyhow::Result<Letter> {
    let first = letters.first().context("a mail is made of letters")?;
    let snapshot = site.store.snapshot(first.event).await?;
    let event = snapshot.event().await?;
    let reader = Reader {
        site,
        event: &event,
        person,
        tongue: mail::tongue(person),
    };
    let mut letter = match first.topic.as_str() {
        storage::timetable::TOPIC => reader.published(&snapshot, first).await?,
        storage::notice::TOPIC => reader.told(&snapshot, letters).await?,
        other => anyhow::bail!("no one knows how to send \"{other}\""),
    };
    if letters.iter().any(|letter| letter.again) {
        letter.text.body.push_str(match reader.tongue {
            Tongue::Ja => "\n（同じ内容のメールがすでに届いている場合があります。）\n",
            Tongue::En => "\n(You may have got this mail before.)\n",
        });
    }
    Ok(letter)
}

impl Reader<'_> {
    async fn told(&self, snapshot: &Snapshot, letters: &[outbox::Letter]) -> anyhow::Result<Letter> {
        let changes = letters.iter().map(change).collect::<anyhow::Result<Vec<Change>>>()?;
        let calendars = self.calendars(snapshot, &changes).await?;
        let text = match changes.as_slice() {
            [one] => self.one(one),
            several => self.digest(several),
        };
        Ok(Letter {
            text,
            calendars,
            single: changes.len() == 1,
            id: self.id(letters),
        })
    }

    fn word(&self, ja: impl Into<String>, en: impl Into<String>) -> String {
        match self.tongue {
            Tongue::Ja => ja.into(),
            Tongue::En => en.into(),
        }
    }

    fn subject(&self, matter: &str) -> String {
        let event = self.event.name.get(self.tongue);
        self.word(format!("{event}：{matter}"), format!("{event}: {matter}"))
    }

    fn one(&self, change: &Change) -> Text {
        let title = change.kind.title();
        let mut matter = title.get(self.tongue).to_owned();
        if let Some(other) = &change.said.other {
            let other = called(other, self.tongue);
            matter = self.word(format!("{matter}（{other}）"), format!("{matter} ({other})"));
        }
        let sentence = self.sentence(change);
        let link = change.meeting.map_or_else(|| self.home(), |id| self.link(id));
        Text {
            subject: self.subject(&matter),
            body: format!("{sentence}\n\n{link}\n"),
        }
    }

    fn digest(&self, changes: &[Change]) -> Text {
        let count = changes.len();
        let listed = changes.iter().take(MOST_LISTED);
        let mut body = String::new();
        for change in listed {
            body.extend(["- ", &self.sentence(change), "\n"]);
        }
        if count > MOST_LISTED {
            let more = count - MOST_LISTED;
            body.push_str(&self.word(format!("ほか{more}件\n"), format!("and {more} more\n")));
        }
        let matter = self.word(format!("{count}件のお知らせ"), format!("{count} changes"));
        Text {
            subject: self.subject(&matter),
            body: format!("{body}\n{}\n", self.home()),
        }
    }

    /// In one line: what people write may have several.
    fn sentence(&self, change: &Change) -> String {
        let text = change.kind.text(&change.said, &self.event.zone, self.tongue);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the calendars of programs outside are told of these changes.
    async fn calendars(&self, snapshot: &Snapshot, changes: &[Change]) -> anyhow::Result<Vec<(Method, String)>> {
        // Of each meeting: whether it came with these very changes, and when the last was.
        let mut meetings: BTreeMap<MeetingId, (bool, Timestamp)> = BTreeMap::new();
        for change in changes.iter().filter(|change| change.kind.changes_calendar()) {
            if let Some(meeting) = change.meeting {
                let (new, last) = meetings.entry(meeting).or_insert((false, change.at));
                *new |= change.kind.brings_meeting();
                *last = change.at.max(*last);
            }
        }
        let ids: Vec<MeetingId> = meetings.keys().copied().collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut files: BTreeMap<Method, Vec<Entry>> = BTreeMap::new();
        for appointment in snapshot.appointments_at(self.person.id, &ids).await? {
            let Some((new, last)) = meetings.get(&appointment.listed.meeting.id) else {
                continue;
            };
            let method = match (appointment.expected, new) {
                (true, _) => Method::Request,
                // No calendar has heard of it yet.
                (false, true) => continue,
                (false, false) => Method::Cancel,
            };
            files.entry(method).or_default().push(Entry {
                changed: Some(*last),
                ..self.entry(&appointment)
            });
        }
        let made = files.into_iter().map(|(method, entries)| self.file(method, entries));
        Ok(made.collect())
    }

    fn entry(&self, appointment: &Appointment) -> Entry {
        meeting_entry(self.site, appointment, self.tongue)
    }

    /// A file of entries; what is published is addressed to nobody by name.
    fn file(&self, method: Method, entries: Vec<Entry>) -> (Method, String) {
        let mut file = file(self.site, self.event, self.tongue, entries);
        file.method = Some(method);
        if method != Method::Publish {
            file.attendee = self.person.email.as_ref().map(|email| Party {
                name: called(&self.person.name, self.tongue).to_owned(),
                address: email.clone(),
            });
        }
        (method, file.text())
    }

    async fn published(&self, snapshot: &Snapshot, letter: &outbox::Letter) -> anyhow::Result<Letter> {
        let count = letter.payload["meetings"].as_u64().unwrap_or_default();
        let said = Said {
            count: Some(count as u32),
            ..Said::default()
        };
        let sentence = NoticeKind::TimetablePublished.text(&said, &self.event.zone, self.tongue);
        // What an earlier timetable brought and this one does not is taken out of calendars.
        let (planned, gone) = (
            snapshot.appointments(self.person.id).await?,
            snapshot.appointments_given_up(self.person.id).await?,
        );
        let calendars = [(Method::Publish, planned), (Method::Cancel, gone)]
            .into_iter()
            .filter(|(_, appointments)| !appointments.is_empty())
            .map(|(method, appointments)| self.file(method, appointments.iter().map(|one| self.entry(one)).collect()));
        let calendars = calendars.collect();
        let matter = self.word("商談のタイムテーブル", "your business meetings");
        Ok(Letter {
            text: Text {
                subject: self.subject(&matter),
                body: format!("{sentence}\n\n{}\n", self.home()),
            },
            calendars,
            single: false,
            id: self.id(std::slice::from_ref(letter)),
        })
    }

    fn home(&self) -> String {
        self.site.config.base_url.clone()
    }

    fn link(&self, meeting: MeetingId) -> String {
        link(self.site, meeting)
    }

    fn id(&self, letters: &[outbox::Letter]) -> String {
        let ids = || letters.iter().map(|letter| letter.id);
        let (first, last) = (ids().min().unwrap_or_default(), ids().max().unwrap_or_default());
        format!("<{first}.{last}.{}@{}>", letters.len(), host(self.site))
    }
}

fn change(letter: &outbox::Letter) -> anyhow::Result<Change> {
    let told: Told = serde_json::from_value(letter.payload.clone()).context("a letter about a notice")?;
    Ok(Change {
        kind: NoticeKind::parse(&told.kind).with_context(|| format!("there is no notice \"{}\"", told.kind))?,
        meeting: told.meeting,
        said: told.said,
        at: letter.at,
    })
}

fn link(site: &Site, meeting: MeetingId) -> String {
    format!("{}/meeting/{meeting}", site.config.base_url)
}

fn host(site: &Site) -> &str {
    config::host(&site.config.base_url)
}

fn file(site: &Site, event: &Event, tongue: Tongue, entries: Vec<Entry>) -> File {
    let from = site.mailer.from();
    File {
        method: None,
        name: event.name.get(tongue).to_owned(),
        zone: event.zone.clone(),
        stamp: clock::now(),
        organizer: Some(Party {
            name: from.name.clone().unwrap_or_else(|| "Ichiba".to_owned()),
            address: from.email.to_string(),
        }),
        attendee: None,
        entries,
    }
}

/// A meeting in the calendar of whoever sits there.
fn meeting_entry(site: &Site, appointment: &Appointment, tongue: Tongue) -> Entry {
    let (meeting, slot) = (&appointment.listed.meeting, &appointment.slot);
    let with: Vec<&str> = appointment.with.iter().map(|name| called(name, tongue)).collect();
    let (booth, table) = (&appointment.booth, meeting.placement.table);
    let mut place = match tongue {
        Tongue::Ja => format!("ブース {booth}・テーブル {table}"),
        Tongue::En => format!("Booth {booth}, table {table}"),
    };
    if let Some(hall) = &appointment.hall {
        place = match tongue {
            Tongue::Ja => format!("{}・{place}", hall.ja),
            Tongue::En => format!("{place}, {}", hall.en),
        };
    }
    let link = link(site, meeting.id);
    Entry {
        uid: format!("{}@{}", meeting.id, host(site)),
        starts: slot.starts,
        ends: slot.ends,
        summary: with.join(" / "),
        place: Some(place),
        description: Some(link.clone()),
        link: Some(link),
        sequence: meeting.revision,
        changed: None,
        cancelled: !appointment.expected,
        private: false,
    }
}

/// The whole calendar of a person in an event, as a feed gives it: meetings, sessions, and that a private block is taken.
pub(crate) async fn feed(site: &Site, snapshot: &Snapshot, person: PersonId) -> Result<File, storage::Error> {
    let event = snapshot.event().await?;
    let people = snapshot.people(&[person]).await?;
    let tongue = people.get(&person).map_or(Tongue::En, mail::tongue);
    let appointments = snapshot.appointments(person).await?;
    let mut entries: Vec<Entry> = appointments
        .iter()
        .map(|appointment| meeting_entry(site, appointment, tongue))
        .collect();
    for taken in snapshot.taken(person).await? {
        let (id, span, summary, place, private) = match taken {
            Taken::Session { id, title, place, span } => (id, span, title.get(tongue).to_owned(), Some(place), false),
            Taken::Absence { id, span, .. } => {
                let busy = match tongue {
                    Tongue::Ja => "予定あり",
                    Tongue::En => "Busy",
                };
                (id, span, busy.to_owned(), None, true)
            }
        };
        entries.push(Entry {
            uid: format!("{id}@{}", host(site)),
            starts: span.from(),
            ends: span.until(),
            summary,
            place,
            description: None,
            link: None,
            sequence: 0,
            changed: None,
            cancelled: false,
            private,
        });
    }
    entries.sort_by(|a, b| (a.starts, &a.uid).cmp(&(b.starts, &b.uid)));
    let mut file = file(site, &event, tongue, entries);
    file.organizer = None;
    Ok(file)
}
