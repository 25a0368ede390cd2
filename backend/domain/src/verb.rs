//! Everything that changes something: who may do it, and in which phases of the event. One row a verb, no other place.

use crate::{
    access::{
        Actor,
        Role::{self, Adviser, Buyer, DoorStaff, Exhibitor, Interpreter, Organizer, Speaker, Visitor},
    },
    event::Phase::{self, After, Calculated, Final, OnSite, OpenCalendar, Wishes},
    refusal::Refusal,
};

/// What changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Reads files into the market.
    ImportMarket,
    /// Begins to calculate a timetable.
    StartTimetableRun,
    /// Ends a calculation; the best so far is kept.
    StopTimetableRun,
    /// Keeps what was calculated as a proposed version: the end of every run.
    ProposeTimetable,
    /// Makes a repaired calendar a proposed version.
    RepairTimetable,
    /// Makes a proposed timetable the one everybody follows.
    PublishTimetable,
    /// Makes an earlier timetable the published one again.
    RollBackTimetable,
    /// Sets a proposed timetable aside.
    DiscardTimetable,
    /// Moves the event to another phase.
    MovePhase,
    /// Says how much one wants to meet another side.
    SetWish,
    /// Says that one does not want to meet another side.
    Avoid,
    /// Takes a time out of one's own calendar.
    AddAbsence,
    /// Gives such a time back.
    RemoveAbsence,
    /// Says when a buyer comes and goes.
    SetStay,
    /// Changes what a buyer looks for, speaks and wants at most.
    UpdateBuyer,
    /// Changes what an exhibitor shows, speaks and wants at most.
    UpdateExhibitor,
    /// Changes a booth's tables and when they are staffed.
    SetStaffing,
    /// Says who of the booth sits at a meeting.
    AssignStaff,
    /// Asks an adviser to join a meeting.
    InviteAdviser,
    /// Lets the adviser go.
    ReleaseAdviser,
    /// Asks the other side for a meeting.
    RequestMeeting,
    /// Says yes to a request, at a time.
    AcceptRequest,
    /// Says no to a request.
    DeclineRequest,
    /// Answers a request with other times.
    CounterRequest,
    /// Takes one's own request back.
    WithdrawRequest,
    /// Closes requests nobody answered in time.
    ExpireRequests,
    /// Books a meeting into a free place.
    BookMeeting,
    /// Moves a meeting to another time.
    MoveMeeting,
    /// Cancels a meeting.
    CancelMeeting,
    /// Lets two meetings change their times.
    SwapMeetings,
    /// Makes a meeting one that nobody but the organizer moves.
    LockMeeting,
    /// Makes room for a meeting, with the fewest others moved; they are asked first.
    FitIn,
    /// Says whether one's own meeting may move for it.
    AnswerShift,
    /// Says that a side has come to the table.
    CheckIn,
    /// Says that the other side has not come.
    ReportNoShow,
    /// Ends a meeting.
    EndMeeting,
    /// Notes what came of a meeting.
    RecordOutcome,
    /// Waits for a place at a booth.
    JoinStandby,
    /// Waits no longer.
    LeaveStandby,
    /// Takes or leaves a place that has come free.
    AnswerOffer,
    /// Finds who did not come, and closes offers nobody took.
    SweepMeetings,
    /// Tells the other side of a meeting something.
    MessageMeeting,
    /// Marks notices as read.
    ReadNotices,
    /// Makes a secret address of one's calendar.
    MakeCalendarFeed,
    /// Makes such an address worthless.
    RevokeCalendarFeed,
    /// Tries a letter anew that was given up.
    RetryLetter,
}

/// Who may do something, and when.
#[derive(Debug, Clone, Copy)]
pub struct Right {
    /// What.
    pub verb: Verb,
    /// Its word in the API and in the audit log.
    pub code: &'static str,
    /// Which roles; the rule asks besides whether it is one's own.
    pub roles: &'static [Role],
    /// In which phases, for those who take part.
    pub phases: &'static [Phase],
    /// In which phases, for the organizer.
    pub organizer: &'static [Phase],
}

const NOBODY: &[Role] = &[];
const RUN: &[Role] = &[Organizer];
const SIDES: &[Role] = &[Organizer, Buyer, Exhibitor];
const BUYERS: &[Role] = &[Organizer, Buyer];
const BOOTHS: &[Role] = &[Organizer, Exhibitor];
const BOOKED: &[Role] = &[Organizer, Buyer, Exhibitor, Adviser];
/// Everybody but the officer, who changes nothing.
const PEOPLE: &[Role] = &[
    Organizer,
    Buyer,
    Exhibitor,
    Adviser,
    Speaker,
    Interpreter,
    DoorStaff,
    Visitor,
];

const ALWAYS: &[Phase] = &Phase::ALL;
const NEVER: &[Phase] = &[];
const PREPARING: &[Phase] = &[Wishes, OpenCalendar, OnSite];
const BEFORE: &[Phase] = &[Wishes, OpenCalendar];
const BOOKING: &[Phase] = &[OpenCalendar, OnSite];
/// The phases in which there is a calendar to live by.
pub const PUBLISHED: &[Phase] = &[OpenCalendar, Final, OnSite];
const UNTIL_OVER: &[Phase] = &[Wishes, Calculated, OpenCalendar, Final, OnSite];
const TABLE: &[Phase] = &[OnSite];
const RESULT: &[Phase] = &[OnSite, After];
const TALK: &[Phase] = &[OpenCalendar, Final, OnSite, After];

const fn right(
    verb: Verb,
    code: &'static str,
    roles: &'static [Role],
    phases: &'static [Phase],
    organizer: &'static [Phase],
) -> Right {
    Right {
        verb,
        code,
        roles,
        phases,
        organizer,
    }
}

/// One row a verb.
pub const VERBS: &[Right] = &[
    right(Verb::ImportMarket, "importMarket", RUN, NEVER, ALWAYS),
    right(Verb::StartTimetableRun, "startTimetableRun", RUN, NEVER, ALWAYS),
    right(Verb::StopTimetableRun, "stopTimetableRun", RUN, NEVER, ALWAYS),
    right(Verb::ProposeTimetable, "proposeTimetable", RUN, NEVER, ALWAYS),
    right(Verb::RepairTimetable, "repairTimetable", RUN, NEVER, ALWAYS),
    right(Verb::PublishTimetable, "publishTimetable", RUN, NEVER, ALWAYS),
    right(Verb::RollBackTimetable, "rollBackTimetable", RUN, NEVER, ALWAYS),
    right(Verb::DiscardTimetable, "discardTimetable", RUN, NEVER, ALWAYS),
    right(Verb::MovePhase, "movePhase", RUN, NEVER, ALWAYS),
    right(Verb::SetWish, "setWish", SIDES, PREPARING, UNTIL_OVER),
    right(Verb::Avoid, "avoid", SIDES, UNTIL_OVER, UNTIL_OVER),
    right(Verb::AddAbsence, "addAbsence", BOOKED, PREPARING, UNTIL_OVER),
    right(Verb::RemoveAbsence, "removeAbsence", BOOKED, PREPARING, UNTIL_OVER),
    right(Verb::SetStay, "setStay", BUYERS, PREPARING, UNTIL_OVER),
    right(Verb::UpdateBuyer, "updateBuyer", BUYERS, BEFORE, UNTIL_OVER),
    right(Verb::UpdateExhibitor, "updateExhibitor", BOOTHS, BEFORE, UNTIL_OVER),
    right(Verb::SetStaffing, "setStaffing", BOOTHS, PREPARING, UNTIL_OVER),
    right(Verb::AssignStaff, "assignStaff", BOOTHS, PUBLISHED, PUBLISHED),
    right(Verb::InviteAdviser, "inviteAdviser", SIDES, PUBLISHED, PUBLISHED),
    right(Verb::ReleaseAdviser, "releaseAdviser", BOOKED, PUBLISHED, PUBLISHED),
    right(Verb::RequestMeeting, "requestMeeting", SIDES, BOOKING, PUBLISHED),
    right(Verb::AcceptRequest, "acceptRequest", SIDES, BOOKING, PUBLISHED),
    right(Verb::DeclineRequest, "declineRequest", SIDES, PUBLISHED, PUBLISHED),
    right(Verb::CounterRequest, "counterRequest", SIDES, BOOKING, PUBLISHED),
    right(Verb::WithdrawRequest, "withdrawRequest", SIDES, PUBLISHED, PUBLISHED),
    right(Verb::ExpireRequests, "expireRequests", NOBODY, NEVER, ALWAYS),
    right(Verb::BookMeeting, "bookMeeting", SIDES, BOOKING, PUBLISHED),
    right(Verb::MoveMeeting, "moveMeeting", SIDES, BOOKING, PUBLISHED),
    right(Verb::CancelMeeting, "cancelMeeting", SIDES, BOOKING, PUBLISHED),
    right(Verb::SwapMeetings, "swapMeetings", SIDES, BOOKING, PUBLISHED),
    right(Verb::LockMeeting, "lockMeeting", RUN, NEVER, PUBLISHED),
    right(Verb::FitIn, "fitIn", SIDES, BOOKING, PUBLISHED),
    right(Verb::AnswerShift, "answerShift", SIDES, BOOKING, PUBLISHED),
    right(Verb::CheckIn, "checkIn", SIDES, TABLE, TABLE),
    right(Verb::ReportNoShow, "reportNoShow", SIDES, TABLE, TABLE),
    right(Verb::EndMeeting, "endMeeting", SIDES, TABLE, TABLE),
    right(Verb::RecordOutcome, "recordOutcome", SIDES, RESULT, RESULT),
    right(Verb::JoinStandby, "joinStandby", BUYERS, PUBLISHED, PUBLISHED),
    right(Verb::LeaveStandby, "leaveStandby", BUYERS, PUBLISHED, PUBLISHED),
    right(Verb::AnswerOffer, "answerOffer", BUYERS, PUBLISHED, PUBLISHED),
    right(Verb::SweepMeetings, "sweepMeetings", NOBODY, NEVER, ALWAYS),
    right(Verb::MessageMeeting, "messageMeeting", SIDES, TALK, TALK),
    right(Verb::ReadNotices, "readNotices", PEOPLE, ALWAYS, ALWAYS),
    right(Verb::MakeCalendarFeed, "makeCalendarFeed", PEOPLE, ALWAYS, ALWAYS),
    right(Verb::RevokeCalendarFeed, "revokeCalendarFeed", PEOPLE, ALWAYS, ALWAYS),
    right(Verb::RetryLetter, "retryLetter", RUN, NEVER, ALWAYS),
];

impl Verb {
    fn right(self) -> Option<&'static Right> {
        VERBS.iter().find(|right| right.verb == self)
    }

    /// Its word in the API and in the audit log.
    pub fn code(self) -> &'static str {
        self.right().map_or("", |right| right.code)
    }
}

/// Whether the actor may do this at all. Denied is as if it were not there.
pub fn may(actor: &Actor, verb: Verb) -> Result<(), Refusal> {
    let roles = verb.right().map_or(NOBODY, |right| right.roles);
    if actor.is_system() || actor.roles.any(roles) {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

/// Whether the actor may do this, and whether now is the time for it. A closed verb says when it opens.
pub fn open(actor: &Actor, verb: Verb, phase: Phase) -> Result<(), Refusal> {
    may(actor, verb)?;
    let phases = verb.right().map_or(NEVER, |right| {
        if actor.organizes() {
            right.organizer
        } else {
            right.phases
        }
    });
    if phases.contains(&phase) {
        return Ok(());
    }
    let opens = phases.iter().copied().find(|&later| later > phase);
    Err(Refusal::PhaseClosed { phase, opens })
}

#[cfg(test)]
mod tests {
    use super::{VERBS, Verb, may, open};
    use crate::{
        access::{Actor, Role, Roles},
        event::Phase,
        refusal::Refusal,
    };

    fn actor(role: Role) -> Actor {
        let mut actor = Actor::nobody();
        actor.roles = Roles::of([role]);
        actor
    }

    #[test]
    fn one_row_a_verb() {
        for (i, right) in VERBS.iter().enumerate() {
            let twice = VERBS[..i].iter().any(|r| r.verb == right.verb || r.code == right.code);
            assert!(!twice, "{} twice", right.code);
            assert!(
                right.phases.is_sorted() && right.organizer.is_sorted(),
                "{}",
                right.code
            );
        }
    }

    #[test]
    fn officers_and_nobody_change_nothing() {
        for right in VERBS {
            for who in [actor(Role::Officer), Actor::nobody()] {
                assert!(may(&who, right.verb).is_err(), "{}", right.code);
            }
            assert!(may(&Actor::system(), right.verb).is_ok());
        }
    }

    #[test]
    fn a_closed_verb_says_when_it_opens() {
        let check = |role, verb, phase, expect: Option<Option<Phase>>| {
            let expect = match expect {
                None => Ok(()),
                Some(opens) => Err(Refusal::PhaseClosed { phase, opens }),
            };
            assert_eq!(open(&actor(role), verb, phase), expect, "{verb:?} {phase:?}");
        };
        check(
            Role::Buyer,
            Verb::BookMeeting,
            Phase::Wishes,
            Some(Some(Phase::OpenCalendar)),
        );
        check(Role::Buyer, Verb::BookMeeting, Phase::OpenCalendar, None);
        check(Role::Buyer, Verb::BookMeeting, Phase::Final, Some(Some(Phase::OnSite)));
        check(Role::Organizer, Verb::BookMeeting, Phase::Final, None);
        check(Role::Buyer, Verb::CheckIn, Phase::After, Some(None));
        assert_eq!(
            open(&actor(Role::Visitor), Verb::BookMeeting, Phase::Wishes),
            Err(Refusal::NotFound)
        );
    }
}
