//! What a side notes after a meeting, one outcome a side, for itself: the other side never sees it.

use crate::{
    Ctx,
    access::Verb,
    booking::asker,
    id::MeetingId,
    name,
    refusal::Refusal,
    table::{Fate, Sitting, side_of},
    wish::Side,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Best rating.
pub const TOP_RATING: u8 = 5;
/// Longest note, in characters.
pub const MAX_NOTE: usize = 2000;
/// Longest next step, in characters.
pub const MAX_NEXT_STEP: usize = 500;
/// So long after the event's last slot an outcome may be written or changed.
pub const EDITABLE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How much a side is interested after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Interest {
    /// Not.
    None,
    /// Somewhat.
    Some,
    /// Very much.
    Strong,
}

impl Interest {
    /// Its word in columns.
    pub fn code(self) -> &'static str {
        match self {
            Interest::None => "none",
            Interest::Some => "some",
            Interest::Strong => "strong",
        }
    }

    /// The interest of that word.
    pub fn parse(code: &str) -> Option<Self> {
        [Interest::None, Interest::Some, Interest::Strong]
            .into_iter()
            .find(|interest| interest.code() == code)
    }
}

/// What is to be noted. Nothing of it must be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordOutcome {
    /// Of which meeting.
    pub meeting: MeetingId,
    /// Which side's, where the organizer writes; otherwise one's own.
    pub side: Option<Side>,
    /// 1 to [`TOP_RATING`], 5 best.
    pub rating: Option<u8>,
    /// In one's own words.
    pub note: String,
    /// How much one is interested.
    pub interest: Option<Interest>,
    /// What is to be done next.
    pub next_step: String,
    /// Whether a deal has begun.
    pub deal: bool,
}

/// An outcome that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Whose it is.
    pub side: Side,
    /// The note, clean.
    pub note: String,
    /// The next step, clean.
    pub next_step: String,
}

/// Notes what came of a meeting that began; `last` is the end of the event's last slot.
pub fn record(sitting: &Sitting, last: Timestamp, command: &RecordOutcome, ctx: &Ctx) -> Result<Noted, Refusal> {
    let asker = asker(ctx, Verb::RecordOutcome, sitting.pair, sitting.phase)?;
    let side = side_of(asker, command.side)?;
    match sitting.fate {
        Fate::Planned => {}
        Fate::Cancelled => return Err(Refusal::MeetingCancelled),
        Fate::Missed => return Err(Refusal::MeetingMissed),
    }
    // Where nobody checked in, the hour says that it began.
    if ctx.now < sitting.slot.starts && sitting.started().is_none() {
        return Err(Refusal::TooEarly {
            opens: sitting.slot.starts,
        });
    }
    if ctx.now > last + EDITABLE {
        return Err(Refusal::TooLate);
    }
    if command.rating.is_some_and(|rating| !(1..=TOP_RATING).contains(&rating)) {
        return Err(Refusal::Malformed {
            field: "rating",
            wanted: "1 to 5",
        });
    }
    Ok(Noted {
        side,
        note: bounded(name::note(&command.note), MAX_NOTE)?,
        next_step: bounded(name::note(&command.next_step), MAX_NEXT_STEP)?,
    })
}

/// A text that is not too long; empty where nothing was said.
pub(crate) fn bounded(text: Option<String>, most: usize) -> Result<String, Refusal> {
    let text = text.unwrap_or_default();
    if text.chars().count() > most {
        return Err(Refusal::TextTooLong { most });
    }
    Ok(text)
}
