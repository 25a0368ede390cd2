//! Short words from one side of a meeting to the other: "we are late", or whatever has to be said.

use crate::{
    Ctx,
    access::Verb,
    booking::{Asker, asker},
    id::MeetingId,
    name,
    notice::NoticeKind,
    outcome::bounded,
    refusal::Refusal,
    table::{Fate, Sitting},
};
use jiff::SignedDuration;
use serde::Serialize;

/// Longest message, in characters.
pub const MAX_MESSAGE: usize = 2000;
/// By so many minutes one may be late; who comes later should cancel.
pub const MAX_LATE: u16 = 30;
/// Most messages of a side about a meeting within [`WITHIN`].
pub const MAX_MESSAGES: u16 = 10;
/// The time in which messages are counted.
pub const WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// What is to be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageMeeting {
    /// About which meeting.
    pub meeting: MeetingId,
    /// In one's own words.
    pub text: Option<String>,
    /// By how many minutes one is late, 1 to [`MAX_LATE`].
    pub late_minutes: Option<u16>,
}

/// A message that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is told as.
    pub kind: NoticeKind,
    /// The words, clean.
    pub text: Option<String>,
    /// Whether the buyer is told.
    pub to_buyer: bool,
    /// Whether the exhibitor's staff is told.
    pub to_exhibitor: bool,
}

/// Says something to the other side; the organizer says it to both. `sent`: what this side has said of it within
/// [`WITHIN`].
pub fn message(sitting: &Sitting, sent: u16, command: &MessageMeeting, ctx: &Ctx) -> Result<Message, Refusal> {
    let asker = asker(ctx, Verb::MessageMeeting, sitting.pair, sitting.phase)?;
    let late = command.late_minutes;
    if late.is_some_and(|minutes| !(1..=MAX_LATE).contains(&minutes)) {
        return Err(Refusal::Malformed {
            field: "lateMinutes",
            wanted: "1 to 30",
        });
    }
    let text = bounded(command.text.as_deref().and_then(name::note), MAX_MESSAGE)?;
    let text = (!text.is_empty()).then_some(text);
    if late.is_none() && text.is_none() {
        return Err(Refusal::Malformed {
            field: "text",
            wanted: "some words, or by how many minutes you are late",
        });
    }
    match sitting.fate {
        Fate::Cancelled => return Err(Refusal::MeetingCancelled),
        // Who did not come may still say why.
        Fate::Missed if late.is_some() => return Err(Refusal::MeetingMissed),
        Fate::Missed | Fate::Planned => {}
    }
    if late.is_some() && ctx.now >= sitting.slot.ends {
        return Err(Refusal::TooLate);
    }
    if sent >= MAX_MESSAGES {
        return Err(Refusal::TooManyMessages { most: MAX_MESSAGES });
    }
    Ok(Message {
        kind: late.map_or(NoticeKind::Message, |_| NoticeKind::Late),
        text,
        to_buyer: asker != Asker::Buyer,
        to_exhibitor: asker != Asker::Exhibitor,
    })
}
