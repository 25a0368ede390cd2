//! What people are told: a closed list of kinds, and the facts a sentence is made of; the sentences are in `telling.rs`.
//! How they reach people (in the app, by mail, by push) is not here.

use crate::{
    id::{BuyerId, ExhibitorId, MeetingId, PersonId, RequestId},
    name::Name,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// A timetable was published, and one's own calendar changed with it.
    TimetablePublished,
    /// A meeting was booked.
    MeetingBooked,
    /// A meeting was moved.
    MeetingMoved,
    /// A meeting was cancelled.
    MeetingCancelled,
    /// A meeting was fixed by the organizer, or freed again.
    MeetingLocked,
    /// Somebody asks for a meeting.
    RequestReceived,
    /// The other side said yes.
    RequestAccepted,
    /// The other side said no.
    RequestDeclined,
    /// The other side proposes other times.
    RequestCountered,
    /// The other side took its request back.
    RequestWithdrawn,
    /// Nobody answered in time.
    RequestExpired,
    /// A meeting of one's own is asked to move so that another fits in.
    ShiftAsked,
    /// Everybody agreed: the meeting fits in.
    ShiftDone,
    /// Somebody did not agree, or nobody answered.
    ShiftRefused,
    /// The other side has come to the table.
    OtherSideCame,
    /// The other side did not come.
    NoShow,
    /// A place has come free for somebody who waits for it.
    StandbyOffer,
    /// Somebody else has it.
    StandbyGone,
    /// The other side comes late.
    Late,
    /// The other side writes.
    Message,
    /// One is to sit at a meeting.
    GuestAsked,
    /// One is not to sit there any more.
    GuestReleased,
}

impl NoticeKind {
    /// All kinds.
    pub const ALL: [NoticeKind; 22] = [
        NoticeKind::TimetablePublished,
        NoticeKind::MeetingBooked,
        NoticeKind::MeetingMoved,
        NoticeKind::MeetingCancelled,
        NoticeKind::MeetingLocked,
        NoticeKind::RequestReceived,
        NoticeKind::RequestAccepted,
        NoticeKind::RequestDeclined,
        NoticeKind::RequestCountered,
        NoticeKind::RequestWithdrawn,
        NoticeKind::RequestExpired,
        NoticeKind::ShiftAsked,
        NoticeKind::ShiftDone,
        NoticeKind::ShiftRefused,
        NoticeKind::OtherSideCame,
        NoticeKind::NoShow,
        NoticeKind::StandbyOffer,
        NoticeKind::StandbyGone,
        NoticeKind::Late,
        NoticeKind::Message,
        NoticeKind::GuestAsked,
        NoticeKind::GuestReleased,
    ];

    /// Its word in columns and the API.
    pub fn code(self) -> &'static str {
        match self {
            NoticeKind::TimetablePublished => "timetable_published",
            NoticeKind::MeetingBooked => "meeting_booked",
            NoticeKind::MeetingMoved => "meeting_moved",
            NoticeKind::MeetingCancelled => "meeting_cancelled",
            NoticeKind::MeetingLocked => "meeting_locked",
            NoticeKind::RequestReceived => "request_received",
            NoticeKind::RequestAccepted => "request_accepted",
            NoticeKind::RequestDeclined => "request_declined",
            NoticeKind::RequestCountered => "request_countered",
            NoticeKind::RequestWithdrawn => "request_withdrawn",
            NoticeKind::RequestExpired => "request_expired",
            NoticeKind::ShiftAsked => "shift_asked",
            NoticeKind::ShiftDone => "shift_done",
            NoticeKind::ShiftRefused => "shift_refused",
            NoticeKind::OtherSideCame => "other_side_came",
            NoticeKind::NoShow => "no_show",
            NoticeKind::StandbyOffer => "standby_offer",
            NoticeKind::StandbyGone => "standby_gone",
            NoticeKind::Late => "late",
            NoticeKind::Message => "message",
            NoticeKind::GuestAsked => "guest_asked",
            NoticeKind::GuestReleased => "guest_released",
        }
    }

    /// The kind of that word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether a calendar changes with it: whoever's it is gets the calendar's file by mail, also the one who did it.
    pub fn changes_calendar(self) -> bool {
        matches!(
            self,
            NoticeKind::MeetingBooked
                | NoticeKind::MeetingMoved
                | NoticeKind::MeetingCancelled
                | NoticeKind::RequestAccepted
                | NoticeKind::ShiftDone
                | NoticeKind::GuestAsked
                | NoticeKind::GuestReleased
        )
    }

    /// Whether it carries what one side writes to the other: their words and their name. Every other kind leaves both out,
    /// whatever is handed in: why somebody cannot or will not is nobody's business.
    pub fn quotes(self) -> bool {
        matches!(
            self,
            NoticeKind::MeetingBooked
                | NoticeKind::MeetingMoved
                | NoticeKind::MeetingCancelled
                | NoticeKind::RequestReceived
                | NoticeKind::RequestAccepted
                | NoticeKind::RequestDeclined
                | NoticeKind::RequestCountered
                | NoticeKind::RequestWithdrawn
                | NoticeKind::Late
                | NoticeKind::Message
        )
    }

    /// Whether a calendar has the meeting from this on.
    pub fn brings_meeting(self) -> bool {
        matches!(
            self,
            NoticeKind::MeetingBooked | NoticeKind::RequestAccepted | NoticeKind::ShiftDone | NoticeKind::GuestAsked
        )
    }

    /// Whether it is of use only while people stand at the tables: such a thing is not written by mail.
    pub fn only_now(self) -> bool {
        matches!(
            self,
            NoticeKind::OtherSideCame | NoticeKind::StandbyOffer | NoticeKind::StandbyGone | NoticeKind::Late
        )
    }
}

/// The facts a notice's sentence is made of, as they were when it happened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// The organisation on the other side.
    pub other: Option<Name>,
    /// When the meeting begins.
    pub starts: Option<Timestamp>,
    /// When it was to begin before.
    pub was: Option<Timestamp>,
    /// Where: the booth's code and the table's number.
    pub place: Option<String>,
    /// The person who did it.
    pub by: Option<Name>,
    /// In that person's words: a reason, a message.
    pub text: Option<String>,
    /// By how many minutes somebody is late; how many meetings a timetable brings.
    pub count: Option<u32>,
    /// That it is the reader's own side that did not come.
    pub own: bool,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct About {
    /// The meeting.
    pub meeting: Option<MeetingId>,
    /// The meeting request.
    pub request: Option<RequestId>,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The person who buys.
    Buyer(BuyerId),
    /// The exhibitor's staff.
    Exhibitor(ExhibitorId),
    /// One person.
    Person(PersonId),
    /// Those who run the event.
    Organizers,
}

#[cfg(test)]
mod tests {
    use super::NoticeKind;

    #[test]
    fn kinds_round_trip() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::parse(kind.code()), Some(kind));
        }
    }
}
