//! Who may see what, and whoever asks as a value; who may do what, and when, stands in `verb.rs`. There is no other place
//! where a right is decided; a field of the API without a row here is refused at run time and fails the matrix test at build time.

use crate::id::{BuyerId, ExhibitorId, ParticipationId, PersonId};
pub use crate::verb::{PUBLISHED, VERBS, Verb, may, open};
use std::{collections::HashMap, sync::LazyLock};

/// As what somebody takes part in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Comes to look and listen.
    Visitor,
    /// Comes to buy.
    Buyer,
    /// Staff of an exhibitor.
    Exhibitor,
    /// Gives advice on business abroad; may join a meeting.
    Adviser,
    /// Speaks at a session.
    Speaker,
    /// Interprets at meetings.
    Interpreter,
    /// Scans badges.
    DoorStaff,
    /// Runs the event.
    Organizer,
    /// The ministry's auditor: reads, never writes.
    Officer,
}

use Role::{Adviser, Buyer, DoorStaff, Exhibitor, Interpreter, Officer, Organizer, Speaker, Visitor};

impl Role {
    /// All roles.
    pub const ALL: [Role; 9] = [
        Visitor,
        Buyer,
        Exhibitor,
        Adviser,
        Speaker,
        Interpreter,
        DoorStaff,
        Organizer,
        Officer,
    ];

    /// Its word in files, columns and the API.
    pub fn code(self) -> &'static str {
        match self {
            Visitor => "visitor",
            Buyer => "buyer",
            Exhibitor => "exhibitor",
            Adviser => "adviser",
            Speaker => "speaker",
            Interpreter => "interpreter",
            DoorStaff => "door_staff",
            Organizer => "organizer",
            Officer => "officer",
        }
    }

    /// The role of that word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u16);

impl Roles {
    /// These roles.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        Self(roles.into_iter().fold(0, |set, role| set | 1 << role as u16))
    }

    /// Whether the role is among them.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }

    /// Whether any of these roles is among them.
    pub fn any(self, roles: &[Role]) -> bool {
        roles.iter().any(|&role| self.has(role))
    }

    /// The roles in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |&role| self.has(role))
    }
}

/// Who asks, in one event. Authority is a value: what is not in here cannot be claimed.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The person signed in.
    pub person: Option<PersonId>,
    /// Participations in this event.
    pub participations: Vec<ParticipationId>,
    /// Roles in this event.
    pub roles: Roles,
    /// The buyer the person is.
    pub buyer: Option<BuyerId>,
    /// The exhibitor the person is staff of.
    pub exhibitor: Option<ExhibitorId>,
    system: bool,
}

impl Actor {
    /// Nobody has signed in.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// The product itself: the command line of whoever runs the machine, and the workers.
    pub fn system() -> Self {
        Self {
            system: true,
            ..Self::default()
        }
    }

    /// A person who takes part in nothing here.
    pub fn person(person: PersonId) -> Self {
        Self {
            person: Some(person),
            ..Self::default()
        }
    }

    /// Whether it is the product itself.
    pub fn is_system(&self) -> bool {
        self.system
    }

    /// Whether the actor runs the event.
    pub fn organizes(&self) -> bool {
        self.system || self.roles.has(Organizer)
    }

    /// The name under which acts are logged.
    pub fn label(&self) -> String {
        match self.person {
            Some(person) => person.to_string(),
            None if self.system => "system".to_owned(),
            None => "nobody".to_owned(),
        }
    }
}

/// Who sees a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Whoever reaches the object. (What can be reached is decided by the fields that lead to it.)
    ByAll,
    /// Whoever has signed in.
    SignedIn,
    /// These roles.
    By(&'static [Role]),
    /// Whoever the object is about, and these roles.
    OwnOr(&'static [Role]),
}

/// Who sees buyers: those who meet or advise them, and those who run or audit the event.
const KNOW_BUYERS: &[Role] = &[Exhibitor, Adviser, Organizer, Officer];
/// Who sees how the timetable is made.
const RUN: &[Role] = &[Organizer, Officer];

/// One row a field of an object of the API: object, field, who sees it. Objects left out of a row do not exist.
pub const FIELDS: &[(&str, &str, Seen)] = &[
    ("Query", "event", Seen::ByAll),
    ("Query", "me", Seen::SignedIn),
    ("Query", "exhibitors", Seen::ByAll),
    ("Query", "exhibitor", Seen::ByAll),
    ("Query", "artists", Seen::ByAll),
    ("Query", "artist", Seen::ByAll),
    ("Query", "buyers", Seen::By(KNOW_BUYERS)),
    ("Query", "buyer", Seen::OwnOr(KNOW_BUYERS)),
    ("Query", "meeting", Seen::OwnOr(RUN)),
    ("Query", "myAgenda", Seen::SignedIn),
    ("Query", "myBooth", Seen::By(&[Exhibitor])),
    ("Query", "myWishes", Seen::By(&[Buyer, Exhibitor])),
    ("Query", "publishedTimetable", Seen::By(RUN)),
    ("Query", "timetables", Seen::By(RUN)),
    ("Query", "timetable", Seen::By(RUN)),
    ("Query", "timetableRun", Seen::By(RUN)),
    ("Query", "suggestions", Seen::OwnOr(&[Organizer])),
    ("Query", "meetingTimes", Seen::OwnOr(&[Organizer])),
    ("Query", "insertion", Seen::OwnOr(&[Organizer])),
    ("Query", "explanation", Seen::OwnOr(&[Organizer])),
    ("Query", "explanations", Seen::By(&[Organizer])),
    ("Query", "repair", Seen::By(&[Organizer])),
    ("Query", "whatIf", Seen::By(&[Organizer])),
    ("Query", "myAbsences", Seen::OwnOr(&[Organizer])),
    ("Query", "staffingConflicts", Seen::OwnOr(&[Organizer])),
    ("Query", "advisers", Seen::By(&[Buyer, Exhibitor, Organizer])),
    ("Query", "programmes", Seen::By(RUN)),
    ("Query", "arrangements", Seen::By(RUN)),
    ("Query", "interpreters", Seen::By(RUN)),
    ("Query", "openRequests", Seen::By(RUN)),
    ("Query", "audit", Seen::By(RUN)),
    ("Mutation", "startTimetableRun", Seen::SignedIn),
    ("Mutation", "stopTimetableRun", Seen::SignedIn),
    ("Mutation", "repairTimetable", Seen::SignedIn),
    ("Mutation", "publishTimetable", Seen::SignedIn),
    ("Mutation", "rollBackTimetable", Seen::SignedIn),
    ("Mutation", "discardTimetable", Seen::SignedIn),
    ("Mutation", "movePhase", Seen::SignedIn),
    ("Mutation", "bookMeeting", Seen::SignedIn),
    ("Mutation", "cancelMeeting", Seen::SignedIn),
    ("Mutation", "setWish", Seen::SignedIn),
    ("Mutation", "addAbsence", Seen::SignedIn),
    ("Mutation", "removeAbsence", Seen::SignedIn),
    ("Mutation", "setStay", Seen::SignedIn),
    ("Mutation", "updateBuyer", Seen::SignedIn),
    ("Mutation", "updateExhibitor", Seen::SignedIn),
    ("Mutation", "setStaffing", Seen::SignedIn),
    ("Mutation", "assignStaff", Seen::SignedIn),
    ("Mutation", "inviteAdviser", Seen::SignedIn),
    ("Mutation", "releaseAdviser", Seen::SignedIn),
    ("Query", "myRequests", Seen::By(&[Buyer, Exhibitor])),
    ("Query", "meetingRequest", Seen::OwnOr(RUN)),
    ("Query", "myShifts", Seen::By(&[Buyer, Exhibitor])),
    ("Mutation", "requestMeeting", Seen::SignedIn),
    ("Mutation", "acceptRequest", Seen::SignedIn),
    ("Mutation", "declineRequest", Seen::SignedIn),
    ("Mutation", "counterRequest", Seen::SignedIn),
    ("Mutation", "withdrawRequest", Seen::SignedIn),
    ("Mutation", "moveMeeting", Seen::SignedIn),
    ("Mutation", "swapMeetings", Seen::SignedIn),
    ("Mutation", "lockMeeting", Seen::SignedIn),
    ("Mutation", "fitIn", Seen::SignedIn),
    ("Mutation", "answerShift", Seen::SignedIn),
    ("MeetingRequest", "*", Seen::ByAll),
    ("ProposedTime", "*", Seen::ByAll),
    ("Swapped", "*", Seen::ByAll),
    ("Shift", "*", Seen::ByAll),
    ("Step", "*", Seen::ByAll),
    ("Insertion", "steps", Seen::ByAll),
    ("Subscription", "timetablePublished", Seen::SignedIn),
    ("Subscription", "timetableRun", Seen::By(RUN)),
    ("Query", "myNotices", Seen::SignedIn),
    ("Query", "unreadNotices", Seen::SignedIn),
    ("Query", "myCalendarFeed", Seen::SignedIn),
    ("Mutation", "readNotices", Seen::SignedIn),
    ("Mutation", "makeCalendarFeed", Seen::SignedIn),
    ("Mutation", "revokeCalendarFeed", Seen::SignedIn),
    ("Subscription", "agendaChanged", Seen::SignedIn),
    ("Subscription", "boardChanged", Seen::By(&[Exhibitor])),
    ("Subscription", "calendarChanged", Seen::By(RUN)),
    ("Query", "letters", Seen::By(&[Organizer])),
    ("Mutation", "retryLetter", Seen::SignedIn),
    ("Letter", "*", Seen::By(&[Organizer])),
    ("Notice", "*", Seen::ByAll),
    ("NoticesRead", "*", Seen::ByAll),
    ("CalendarFeed", "*", Seen::ByAll),
    ("CalendarAddress", "*", Seen::ByAll),
    ("CalendarRevoked", "*", Seen::ByAll),
    ("ChangedNotice", "*", Seen::ByAll),
    ("Viewer", "*", Seen::ByAll),
    ("Event", "*", Seen::ByAll),
    ("Day", "*", Seen::ByAll),
    ("Slot", "*", Seen::ByAll),
    ("Hall", "*", Seen::ByAll),
    ("Zone", "*", Seen::ByAll),
    ("Text", "*", Seen::ByAll),
    ("Name", "*", Seen::ByAll),
    ("Organisation", "*", Seen::ByAll),
    ("Person", "id", Seen::ByAll),
    ("Person", "name", Seen::ByAll),
    ("Person", "languages", Seen::ByAll),
    ("Person", "email", Seen::OwnOr(&[Organizer])),
    ("Exhibitor", "id", Seen::ByAll),
    ("Exhibitor", "code", Seen::ByAll),
    ("Exhibitor", "organisation", Seen::ByAll),
    ("Exhibitor", "languages", Seen::ByAll),
    ("Exhibitor", "genres", Seen::ByAll),
    ("Exhibitor", "homepage", Seen::ByAll),
    ("Exhibitor", "direct", Seen::ByAll),
    ("Exhibitor", "booth", Seen::ByAll),
    ("Exhibitor", "artists", Seen::ByAll),
    (
        "Exhibitor",
        "staff",
        Seen::By(&[Buyer, Exhibitor, Adviser, Organizer, Officer]),
    ),
    ("Exhibitor", "quotaMin", Seen::OwnOr(RUN)),
    ("Exhibitor", "quotaMax", Seen::OwnOr(RUN)),
    ("Booth", "id", Seen::ByAll),
    ("Booth", "code", Seen::ByAll),
    ("Booth", "zone", Seen::ByAll),
    ("Booth", "tables", Seen::ByAll),
    ("Booth", "staffing", Seen::OwnOr(RUN)),
    ("Booth", "exhibitor", Seen::ByAll),
    ("Booth", "meetings", Seen::OwnOr(RUN)),
    ("Artist", "*", Seen::ByAll),
    ("Buyer", "id", Seen::ByAll),
    ("Buyer", "code", Seen::ByAll),
    ("Buyer", "person", Seen::ByAll),
    ("Buyer", "organisation", Seen::ByAll),
    ("Buyer", "languages", Seen::ByAll),
    ("Buyer", "genres", Seen::ByAll),
    ("Buyer", "rights", Seen::ByAll),
    ("Buyer", "territories", Seen::ByAll),
    ("Buyer", "direct", Seen::ByAll),
    ("Buyer", "arrivesAt", Seen::OwnOr(&[Organizer])),
    ("Buyer", "leavesAt", Seen::OwnOr(&[Organizer])),
    ("Buyer", "quotaMin", Seen::OwnOr(RUN)),
    ("Buyer", "quotaMax", Seen::OwnOr(RUN)),
    ("Buyer", "meetings", Seen::OwnOr(RUN)),
    ("Meeting", "*", Seen::ByAll),
    // At the table, and standby.
    ("Meeting", "code", Seen::By(&[Exhibitor])),
    ("Meeting", "outcome", Seen::By(&[Buyer, Exhibitor])),
    ("Meeting", "outcomes", Seen::By(&[Organizer])),
    ("Outcome", "*", Seen::By(&[Buyer, Exhibitor, Organizer])),
    ("Booth", "standby", Seen::OwnOr(RUN)),
    ("Standby", "*", Seen::ByAll),
    ("Offer", "*", Seen::ByAll),
    ("Board", "*", Seen::ByAll),
    ("BoardRow", "*", Seen::ByAll),
    ("BoardPlace", "*", Seen::ByAll),
    ("CalendarBoard", "*", Seen::By(&[Organizer])),
    ("BoothCounts", "*", Seen::By(&[Organizer])),
    ("Query", "myStandby", Seen::By(&[Buyer])),
    ("Query", "myOffers", Seen::By(&[Buyer])),
    ("Query", "board", Seen::OwnOr(&[Organizer])),
    ("Query", "calendarBoard", Seen::By(&[Organizer])),
    ("Mutation", "checkIn", Seen::SignedIn),
    ("Mutation", "reportNoShow", Seen::SignedIn),
    ("Mutation", "endMeeting", Seen::SignedIn),
    ("Mutation", "recordOutcome", Seen::SignedIn),
    ("Mutation", "messageMeeting", Seen::SignedIn),
    ("Mutation", "joinStandby", Seen::SignedIn),
    ("Mutation", "leaveStandby", Seen::SignedIn),
    ("Mutation", "answerOffer", Seen::SignedIn),
    ("Agenda", "*", Seen::ByAll),
    ("AgendaEntry", "*", Seen::ByAll),
    ("Wish", "*", Seen::ByAll),
    ("WishSet", "*", Seen::ByAll),
    ("Absence", "*", Seen::ByAll),
    ("Staffing", "*", Seen::ByAll),
    ("Adviser", "*", Seen::ByAll),
    ("Timetable", "*", Seen::By(RUN)),
    ("TimetableRun", "*", Seen::By(RUN)),
    ("Fairness", "*", Seen::By(RUN)),
    ("Share", "*", Seen::By(RUN)),
    ("Suggestion", "*", Seen::ByAll),
    ("Insertion", "possible", Seen::ByAll),
    ("Insertion", "slot", Seen::ByAll),
    ("Insertion", "movedCount", Seen::ByAll),
    ("Insertion", "message", Seen::ByAll),
    ("Insertion", "proof", Seen::By(&[Organizer])),
    ("Insertion", "changes", Seen::By(&[Organizer])),
    ("Explanation", "buyer", Seen::ByAll),
    ("Explanation", "exhibitor", Seen::ByAll),
    ("Explanation", "message", Seen::ByAll),
    ("Explanation", "code", Seen::By(&[Organizer])),
    ("Explanation", "remedy", Seen::By(&[Organizer])),
    ("Explanation", "changes", Seen::By(&[Organizer])),
    ("Explanation", "most", Seen::By(&[Organizer])),
    ("Repair", "*", Seen::By(&[Organizer])),
    ("WhatIf", "*", Seen::By(&[Organizer])),
    ("Figures", "*", Seen::By(&[Organizer])),
    ("Difference", "*", Seen::By(RUN)),
    ("Moved", "*", Seen::By(RUN)),
    ("Placement", "*", Seen::By(RUN)),
    ("BoothMeetings", "*", Seen::By(RUN)),
    ("Arrangement", "*", Seen::By(RUN)),
    ("InterpreterPool", "*", Seen::By(RUN)),
    ("Programme", "*", Seen::By(RUN)),
    ("Target", "*", Seen::By(RUN)),
    ("AuditEntry", "*", Seen::By(RUN)),
    ("Refusal", "*", Seen::ByAll),
    ("PublishedNotice", "*", Seen::ByAll),
];

static ROWS: LazyLock<HashMap<(&str, &str), Seen>> = LazyLock::new(|| {
    FIELDS
        .iter()
        .map(|(object, field, seen)| ((*object, *field), *seen))
        .collect()
});

/// The row of a field. Pages (`…Connection`, `…Edge`, `PageInfo`) are seen by whoever reaches them.
pub fn seen(object: &str, field: &str) -> Option<Seen> {
    if object == "PageInfo" || object.ends_with("Connection") || object.ends_with("Edge") {
        return Some(Seen::ByAll);
    }
    ROWS.get(&(object, field)).or_else(|| ROWS.get(&(object, "*"))).copied()
}

/// Whether an actor sees a field of an object that is (`own`) or is not about the actor.
pub fn sees(actor: &Actor, seen: Seen, own: bool) -> bool {
    if actor.system {
        return true;
    }
    match seen {
        Seen::ByAll => true,
        Seen::SignedIn => actor.person.is_some(),
        Seen::By(roles) => actor.roles.any(roles),
        Seen::OwnOr(roles) => own || actor.roles.any(roles),
    }
}

#[cfg(test)]
mod tests {
    use super::{Actor, FIELDS, Role, Roles, Seen, seen, sees};

    #[test]
    fn roles_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(role));
            assert_eq!(Roles::of([role]).iter().collect::<Vec<_>>(), [role]);
        }
    }

    #[test]
    fn rows_are_unique_and_decide() {
        for (i, (object, field, _)) in FIELDS.iter().enumerate() {
            assert!(
                !FIELDS[..i].iter().any(|(o, f, _)| o == object && f == field),
                "{object}.{field} twice"
            );
        }
        assert_eq!(seen("Person", "passport"), None);
        let email = seen("Person", "email").expect("row");
        let organizer = Actor {
            roles: Roles::of([Role::Organizer]),
            ..Actor::nobody()
        };
        assert!(sees(&organizer, email, false));
        assert!(!sees(&Actor::nobody(), email, false));
        assert!(sees(&Actor::nobody(), email, true));
        assert!(!sees(&Actor::nobody(), Seen::SignedIn, true));
    }
}
