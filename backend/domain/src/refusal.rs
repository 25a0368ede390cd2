//! Every expected no: a closed list with stable codes and sentences in both languages. What is unexpected
//! (a broken disk, a bug) is no refusal and is not here.

use crate::{
    event::Phase,
    name::{Name, Tongue},
    sentence,
};
use jiff::Timestamp;

/// Most alternatives named in a refusal.
pub const MAX_ALTERNATIVES: usize = 5;

/// An expected no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing of that name, or none the actor may see or do: the two are the same.
    NotFound,
    /// Not in this phase of the event.
    PhaseClosed {
        /// The phase the event is in.
        phase: Phase,
        /// The next phase in which it is open; `None`: not any more.
        opens: Option<Phase>,
    },
    /// The pair already has its one meeting.
    PairHasMeeting {
        /// When it begins.
        starts: Timestamp,
    },
    /// The one who asks is not free then.
    Busy {
        /// When both are free.
        free: Vec<Timestamp>,
    },
    /// The other side cannot then; why is its own affair.
    OtherSideUnavailable {
        /// When both are free.
        free: Vec<Timestamp>,
    },
    /// The asking side has all the meetings its quota allows.
    QuotaReached {
        /// The most it may have.
        most: u16,
    },
    /// No interpreter for the two languages is free then.
    NoInterpreter {
        /// When both, and an interpreter, are free.
        free: Vec<Timestamp>,
    },
    /// The slot has begun.
    SlotPast,
    /// There is no slot of that number.
    NoSuchSlot {
        /// How many slots there are.
        slots: usize,
    },
    /// The timetable is not in a state in which this can be done.
    TimetableState {
        /// The state it is in.
        state: &'static str,
    },
    /// The facts changed since the timetable was proposed: these placements cannot be held any more.
    TimetableStale {
        /// How many placements are impossible now.
        impossible: usize,
        /// The first few, as codes of buyer and exhibitor with what stands against them.
        first: Vec<String>,
    },
    /// A timetable of this event is being calculated already.
    RunUnderWay {
        /// The number of the version it becomes.
        version: u32,
    },
    /// Promised meetings contradict each other, so no timetable exists.
    Contradiction {
        /// The smallest set that contradicts itself, in words.
        what: String,
    },
    /// There are no wishes to make a timetable of.
    NothingWished,
    /// The meeting is not in a state in which this can be done.
    MeetingCancelled,
    /// People are to be somewhere while they are already somewhere else.
    AlreadyOccupied {
        /// How many times.
        people: usize,
        /// The first few: code and beginning.
        first: Vec<String>,
    },
    /// The slot grid cannot change while a timetable stands on it.
    GridInUse,
    /// The id was used for something else before.
    KeyReused,
    /// The other side wants to be asked before it is booked.
    AskFirst,
    /// What the page showed is not so any more: the meeting was changed meanwhile.
    MeetingChanged {
        /// When it begins now; `None`: it was cancelled.
        starts: Option<Timestamp>,
    },
    /// The organizer has locked the meeting.
    MeetingLocked,
    /// It is for the other side to answer.
    NotYourTurn,
    /// The request is not open any more.
    RequestClosed {
        /// What became of it.
        state: &'static str,
    },
    /// The pair has an open request.
    RequestOpen,
    /// The asker has so many open requests that others have to be answered first.
    TooManyRequests {
        /// The most at once.
        most: u16,
    },
    /// Meetings stand against it.
    HasMeetings {
        /// How many.
        count: usize,
        /// When the first few begin.
        first: Vec<Timestamp>,
    },
    /// The person who shall join is taken then.
    PersonBusy {
        /// A few who could join instead.
        free: Vec<Name>,
    },
    /// An adviser joins the meeting already.
    AdviserThere,
    /// It cannot be done yet.
    TooEarly {
        /// From when on it can.
        opens: Timestamp,
    },
    /// It is too late for it.
    TooLate,
    /// It has been done already.
    AlreadyDone,
    /// The side that says so has not come itself.
    NotPresent,
    /// The other side has come.
    OtherSideCame,
    /// The code is not the one the other side shows.
    BadCode,
    /// Too many wrong codes were sent for this meeting.
    TooManyTries {
        /// The most.
        most: u16,
    },
    /// One side of the meeting did not come.
    MeetingMissed,
    /// The meeting has not begun: not both sides have come.
    NotStarted,
    /// A side has said so much about a meeting that it has to wait.
    TooManyMessages {
        /// The most within an hour.
        most: u16,
    },
    /// Somebody else was faster, or the time to answer is over.
    OfferGone,
    /// There is no room, however others move.
    NoRoom,
    /// The letter is still being tried by itself.
    LetterWaiting,
    /// The letter went out.
    LetterSent,
    /// A text is too long.
    TextTooLong {
        /// The most characters.
        most: usize,
    },
    /// A value that cannot be read.
    Malformed {
        /// Which.
        field: &'static str,
        /// What would be right.
        wanted: &'static str,
    },
    /// The link was used, is too old, or never was.
    LinkSpent,
    /// The link was opened in another browser: the short code is wanted.
    CodeWanted,
}

impl Refusal {
    /// Meetings that begin then stand against it.
    pub(crate) fn has_meetings(mut starts: Vec<Timestamp>) -> Self {
        starts.sort_unstable();
        let count = starts.len();
        starts.truncate(MAX_ALTERNATIVES);
        Refusal::HasMeetings { count, first: starts }
    }

    /// The code programs go by. Never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotFound => "not_found",
            Refusal::PhaseClosed { .. } => "phase_closed",
            Refusal::PairHasMeeting { .. } => "pair_has_meeting",
            Refusal::Busy { .. } => "busy",
            Refusal::OtherSideUnavailable { .. } => "other_side_unavailable",
            Refusal::QuotaReached { .. } => "quota_reached",
            Refusal::NoInterpreter { .. } => "no_interpreter",
            Refusal::SlotPast => "slot_past",
            Refusal::NoSuchSlot { .. } => "no_such_slot",
            Refusal::TimetableState { .. } => "timetable_state",
            Refusal::TimetableStale { .. } => "timetable_stale",
            Refusal::RunUnderWay { .. } => "run_under_way",
            Refusal::Contradiction { .. } => "contradiction",
            Refusal::NothingWished => "nothing_wished",
            Refusal::MeetingCancelled => "meeting_cancelled",
            Refusal::AlreadyOccupied { .. } => "already_occupied",
            Refusal::GridInUse => "grid_in_use",
            Refusal::KeyReused => "key_reused",
            Refusal::AskFirst => "ask_first",
            Refusal::MeetingChanged { .. } => "meeting_changed",
            Refusal::MeetingLocked => "meeting_locked",
            Refusal::NotYourTurn => "not_your_turn",
            Refusal::RequestClosed { .. } => "request_closed",
            Refusal::RequestOpen => "request_open",
            Refusal::TooManyRequests { .. } => "too_many_requests",
            Refusal::HasMeetings { .. } => "has_meetings",
            Refusal::PersonBusy { .. } => "person_busy",
            Refusal::AdviserThere => "adviser_there",
            Refusal::TooEarly { .. } => "too_early",
            Refusal::TooLate => "too_late",
            Refusal::AlreadyDone => "already_done",
            Refusal::NotPresent => "not_present",
            Refusal::OtherSideCame => "other_side_came",
            Refusal::BadCode => "bad_code",
            Refusal::TooManyTries { .. } => "too_many_tries",
            Refusal::MeetingMissed => "meeting_missed",
            Refusal::NotStarted => "not_started",
            Refusal::TooManyMessages { .. } => "too_many_messages",
            Refusal::OfferGone => "offer_gone",
            Refusal::NoRoom => "no_room",
            Refusal::LetterWaiting => "letter_waiting",
            Refusal::LetterSent => "letter_sent",
            Refusal::TextTooLong { .. } => "text_too_long",
            Refusal::Malformed { .. } => "malformed",
            Refusal::LinkSpent => "link_spent",
            Refusal::CodeWanted => "code_wanted",
        }
    }

    /// The times it is about: when the wished-for thing would be possible instead, best first; when the meetings that
    /// stand against it begin; when it opens; when the meeting begins now.
    pub fn alternatives(&self) -> &[Timestamp] {
        match self {
            Refusal::Busy { free } | Refusal::OtherSideUnavailable { free } | Refusal::NoInterpreter { free } => free,
            Refusal::HasMeetings { first, .. } => first,
            Refusal::TooEarly { opens } => std::slice::from_ref(opens),
            Refusal::MeetingChanged { starts: Some(starts) } | Refusal::PairHasMeeting { starts } => {
                std::slice::from_ref(starts)
            }
            _ => &[],
        }
    }

    /// The sentence people read: what is wrong and what would be right. Times stand in `alternatives`, in whose
    /// zone only the reader's screen knows.
    pub fn text(&self, tongue: Tongue) -> String {
        let (key, facts) = self.facts(tongue);
        sentence::of(key, tongue, &facts)
    }

    /// The key of its sentence, and what stands in the sentence's gaps.
    fn facts(&self, tongue: Tongue) -> (&'static str, Vec<(&'static str, String)>) {
        let one = |name, fact: String| vec![(name, fact)];
        let joined = |first: &[String]| first.join(if tongue == Tongue::Ja { "、" } else { "; " });
        let facts = match self {
            Refusal::PhaseClosed { phase, opens: None } => {
                let phase = phase.name().get(tongue).to_owned();
                return ("phase_closed.for_good", one("phase", phase));
            }
            Refusal::PhaseClosed {
                phase,
                opens: Some(opens),
            } => {
                let name = |phase: &Phase| phase.name().get(tongue).to_owned();
                vec![("phase", name(phase)), ("opens", name(opens))]
            }
            Refusal::MeetingChanged { starts: None } => return ("meeting_changed.cancelled", Vec::new()),
            Refusal::PersonBusy { free } if free.is_empty() => return ("person_busy.nobody", Vec::new()),
            Refusal::PersonBusy { free } => {
                let english = |name: &Name| name.latin.as_ref().unwrap_or(&name.written).clone();
                let names = free.iter().map(|name| match tongue {
                    Tongue::Ja => name.written.clone(),
                    Tongue::En => english(name),
                });
                let between = if tongue == Tongue::Ja { "、" } else { ", " };
                one("names", names.collect::<Vec<_>>().join(between))
            }
            Refusal::QuotaReached { most }
            | Refusal::TooManyRequests { most }
            | Refusal::TooManyTries { most }
            | Refusal::TooManyMessages { most } => one("most", most.to_string()),
            Refusal::TextTooLong { most } => one("most", most.to_string()),
            Refusal::NoSuchSlot { slots } => one("last", slots.saturating_sub(1).to_string()),
            Refusal::TimetableState { state } => one("state", (*state).to_owned()),
            Refusal::RequestClosed { state } => one("state", crate::request::closed(state).get(tongue).to_owned()),
            Refusal::TimetableStale { impossible, first } => {
                vec![("impossible", impossible.to_string()), ("first", joined(first))]
            }
            Refusal::AlreadyOccupied { people, first } => {
                vec![("people", people.to_string()), ("first", joined(first))]
            }
            Refusal::RunUnderWay { version } => one("version", version.to_string()),
            Refusal::Contradiction { what } => one("what", what.clone()),
            Refusal::HasMeetings { count, .. } => one("count", count.to_string()),
            Refusal::Malformed { field, wanted } => {
                vec![("field", (*field).to_owned()), ("wanted", (*wanted).to_owned())]
            }
            _ => Vec::new(),
        };
        (self.code(), facts)
    }
}
