//! What happens at the table: a side comes, a side does not, a meeting ends. Two sides that came are the evidence that a
//! meeting was held. What came of it is in `outcome.rs`; whom a place that came free is offered to in `standby.rs`.

use crate::{
    Ctx,
    access::Verb,
    booking::{Asker, asker},
    event::{Phase, Slot},
    id::MeetingId,
    refusal::Refusal,
    wish::{Pair, Side},
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// So long before the slot begins a side may say that it has come.
pub const EARLY: SignedDuration = SignedDuration::from_mins(10);
/// So long after the slot has begun a side is waited for.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(3);
/// So long whoever has said yes to a place that came free is waited for.
pub const WALK: SignedDuration = SignedDuration::from_mins(5);
/// Wrong codes a person may send for a meeting. There are 10,000 codes: who guesses is right once in 2,000 meetings.
pub const MAX_WRONG_CODES: u16 = 5;

/// Whether a meeting takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It does, or did.
    Planned,
    /// It was cancelled.
    Cancelled,
    /// One side did not come.
    Missed,
}

/// Who has come to a meeting, and whether it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Presence {
    /// When the buyer came, as the buyer said, or the organizer.
    pub buyer: Option<Timestamp>,
    /// The same of the exhibitor's staff.
    pub exhibitor: Option<Timestamp>,
    /// When a side ended it.
    pub ended: Option<Timestamp>,
}

impl Presence {
    /// When a side came.
    pub fn came(&self, side: Side) -> Option<Timestamp> {
        match side {
            Side::Buyer => self.buyer,
            Side::Exhibitor => self.exhibitor,
        }
    }

    /// When the meeting began: when the second of the two had come.
    pub fn started(&self) -> Option<Timestamp> {
        Some(self.buyer?.max(self.exhibitor?))
    }

    /// The side that did not come, where just one did. That nobody said a word tells nothing.
    pub fn absent(&self) -> Option<Side> {
        match (self.buyer, self.exhibitor) {
            (None, Some(_)) => Some(Side::Buyer),
            (Some(_), None) => Some(Side::Exhibitor),
            _ => None,
        }
    }
}

/// A meeting as it stands at its table.
#[derive(Debug, Clone, Copy)]
pub struct Sitting {
    /// Where the event stands.
    pub phase: Phase,
    /// Who meets.
    pub pair: Pair,
    /// When.
    pub slot: Slot,
    /// Whether it takes place.
    pub fate: Fate,
    /// Who has come.
    pub presence: Presence,
    /// Until when a buyer who took a place that came free is waited for.
    pub awaited: Option<Timestamp>,
}

impl Sitting {
    /// From when on a side that has not come is not waited for any more.
    pub fn patience_ends(&self) -> Timestamp {
        let after = self.slot.starts + PATIENCE;
        self.awaited.map_or(after, |until| until.max(after))
    }

    /// When it began.
    pub fn started(&self) -> Option<Timestamp> {
        self.presence.started()
    }

    fn takes_place(&self) -> Result<(), Refusal> {
        match self.fate {
            Fate::Planned => Ok(()),
            Fate::Cancelled => Err(Refusal::MeetingCancelled),
            Fate::Missed => Err(Refusal::MeetingMissed),
        }
    }
}

/// A side has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckIn {
    /// To which meeting.
    pub meeting: MeetingId,
    /// Which side, where the organizer says so; otherwise one's own.
    pub side: Option<Side>,
    /// The code the buyer was shown: both sit there.
    pub code: Option<String>,
}

/// The code of a meeting, and how often the one who asks has sent a wrong one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What the exhibitor's staff is shown.
    pub right: String,
    /// Wrong ones sent.
    pub wrong: u16,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// These had not come before, and have now.
    Came {
        /// The buyer.
        buyer: bool,
        /// The exhibitor.
        exhibitor: bool,
    },
    /// The code is wrong: it is noted, and refused.
    WrongCode,
}

/// The four digits that show that both sit at one table: shown to the exhibitor's staff, sent by the buyer. `secret` is
/// of the event and never leaves the server, so nothing a buyer knows of a meeting leads to its code.
pub fn code(secret: &[u8; 32], meeting: MeetingId) -> String {
    let hash = Sha256::new().chain_update(secret).chain_update(meeting.0).finalize();
    let number = hash
        .iter()
        .take(8)
        .fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:04}", number % 10_000)
}

/// The digits of what was typed, whatever their width.
fn digits(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ if c.is_whitespace() || c == '-' => None,
        _ => Some(c),
    };
    text.chars().take(32).filter_map(plain).collect()
}

/// The side that is meant: one's own, or the one the organizer names.
pub(crate) fn side_of(asker: Asker, named: Option<Side>) -> Result<Side, Refusal> {
    match (asker, named) {
        (Asker::Buyer, None | Some(Side::Buyer)) => Ok(Side::Buyer),
        (Asker::Exhibitor, None | Some(Side::Exhibitor)) => Ok(Side::Exhibitor),
        (Asker::Organizer, Some(side)) => Ok(side),
        (Asker::Organizer, None) => Err(Refusal::Malformed {
            field: "side",
            wanted: "BUYER or EXHIBITOR",
        }),
        _ => Err(Refusal::NotFound),
    }
}

/// A side says that it has come: from ten minutes before the slot begins until it ends. The right code says so for both.
pub fn check_in(sitting: &Sitting, command: &CheckIn, code: Option<&Code>, ctx: &Ctx) -> Result<Arrival, Refusal> {
    let asker = asker(ctx, Verb::CheckIn, sitting.pair, sitting.phase)?;
    let side = side_of(asker, command.side)?;
    sitting.takes_place()?;
    let opens = sitting.slot.starts - EARLY;
    if ctx.now < opens {
        return Err(Refusal::TooEarly { opens });
    }
    if ctx.now >= sitting.slot.ends {
        return Err(Refusal::TooLate);
    }
    let missing = |side| sitting.presence.came(side).is_none();
    let arrival = match (&command.code, code) {
        (None, _) => Arrival::Came {
            buyer: side == Side::Buyer && missing(Side::Buyer),
            exhibitor: side == Side::Exhibitor && missing(Side::Exhibitor),
        },
        (Some(_), _) if asker != Asker::Buyer => {
            return Err(Refusal::Malformed {
                field: "code",
                wanted: "none: it is for the buyer to send",
            });
        }
        (Some(_), Some(code)) if code.wrong >= MAX_WRONG_CODES => {
            return Err(Refusal::TooManyTries { most: MAX_WRONG_CODES });
        }
        (Some(sent), Some(code)) if digits(sent) == code.right => Arrival::Came {
            buyer: missing(Side::Buyer),
            exhibitor: missing(Side::Exhibitor),
        },
        (Some(_), _) => Arrival::WrongCode,
    };
    let nobody_new = Arrival::Came {
        buyer: false,
        exhibitor: false,
    };
    if arrival == nobody_new {
        return Err(Refusal::AlreadyDone);
    }
    Ok(arrival)
}

/// A side that sits there says that the other has not come. Answers who has not.
pub fn no_show(sitting: &Sitting, ctx: &Ctx) -> Result<Side, Refusal> {
    let asker = asker(ctx, Verb::ReportNoShow, sitting.pair, sitting.phase)?;
    if sitting.fate == Fate::Missed {
        return Err(Refusal::AlreadyDone);
    }
    sitting.takes_place()?;
    let own = match asker {
        Asker::Buyer => Some(Side::Buyer),
        Asker::Exhibitor => Some(Side::Exhibitor),
        Asker::Organizer => None,
    };
    if sitting.started().is_some() {
        return Err(Refusal::OtherSideCame);
    }
    let absent = sitting.presence.absent().filter(|&absent| own != Some(absent));
    let absent = absent.ok_or(Refusal::NotPresent)?;
    let opens = sitting.patience_ends();
    if ctx.now < opens {
        return Err(Refusal::TooEarly { opens });
    }
    if ctx.now >= sitting.slot.ends {
        return Err(Refusal::TooLate);
    }
    Ok(absent)
}

/// Who did not come, as the product itself finds: just one side is there, and the patience is over.
pub fn overdue(sitting: &Sitting, now: Timestamp) -> Option<Side> {
    let due = sitting.fate == Fate::Planned && sitting.phase == Phase::OnSite && now >= sitting.patience_ends();
    sitting.presence.absent().filter(|_| due)
}

/// Either side ends a meeting that has begun.
pub fn end(sitting: &Sitting, ctx: &Ctx) -> Result<(), Refusal> {
    asker(ctx, Verb::EndMeeting, sitting.pair, sitting.phase)?;
    sitting.takes_place()?;
    if sitting.started().is_none() {
        return Err(Refusal::NotStarted);
    }
    if sitting.presence.ended.is_some() {
        return Err(Refusal::AlreadyDone);
    }
    Ok(())
}
