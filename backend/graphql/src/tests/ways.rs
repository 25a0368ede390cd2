//! How to reach an object of every type: the one table the matrix of rights needs besides the schema and the rights
//! themselves. A type without a way here fails the matrix.

/// Whose an object is, or for whom there is one: names of [`ACTORS`].
pub(super) type Whose = &'static [&'static str];

/// Nobody's own; as `there`: everybody.
const ANY: Whose = &[];
const BUYER: Whose = &["buyer"];
const SHOW: Whose = &["exhibitor"];
const BOTH: Whose = &["buyer", "exhibitor"];
/// The two sides of a meeting, and the adviser who joins it.
const JOINED: Whose = &["buyer", "exhibitor", "adviser"];
/// Everybody who takes part.
const PARTS: Whose = &[
    "visitor",
    "buyer",
    "exhibitor",
    "adviser",
    "speaker",
    "interpreter",
    "door_staff",
    "organizer",
    "officer",
];

/// Those who may mark their notices as read.
const PEOPLE: Whose = &[
    "visitor",
    "buyer",
    "exhibitor",
    "adviser",
    "speaker",
    "interpreter",
    "door_staff",
    "organizer",
];

/// Who asks: one of each role (first the role's word), one who has not signed in, one who runs the other event.
pub(super) const ACTORS: [(&str, &str); 11] = [
    ("visitor", "V01"),
    ("buyer", "B01"),
    ("exhibitor", "S02"),
    ("adviser", "AD1"),
    ("speaker", "SP1"),
    ("interpreter", "IN1"),
    ("door_staff", "DS1"),
    ("organizer", "OR1"),
    ("officer", "OF1"),
    ("nobody", "nobody"),
    ("stranger", "osaka/OR1"),
];

/// A field to go through and whose the object is it stands on (or, at the root, points to).
pub(super) type Step = (&'static str, Whose);

/// A way from the root to objects of a type.
pub(super) struct Way {
    pub(super) of: &'static str,
    pub(super) steps: &'static [Step],
    /// For whom there is such an object at the end, if the way is open.
    pub(super) there: Whose,
}

const fn way(of: &'static str, steps: &'static [Step]) -> Way {
    Way { of, steps, there: ANY }
}

const fn own(of: &'static str, steps: &'static [Step], there: Whose) -> Way {
    Way { of, steps, there }
}

const EVENT: Step = ("event", ANY);
const ME: Step = ("me", ANY);
const B01: Step = ("buyer(id: <B01>)", BUYER);
const B02: Step = ("buyer(id: <B02>)", ANY);
const X01: Step = ("exhibitor(id: <X01>)", ANY);
const X02: Step = ("exhibitor(id: <X02>)", ANY);
const X03: Step = ("exhibitor(id: <X03>)", ANY);
const A01: Step = ("artist(id: <A01>)", ANY);
/// The meeting of the buyer and the exhibitor that ask, and one of two others.
const OURS: Step = ("meeting(id: <B01-X02>)", JOINED);
const OTHERS: Step = ("meeting(id: <B02-X01>)", ANY);
const AGENDA: Step = ("myAgenda", ANY);
const BOOTH: Step = ("myBooth", SHOW);
const WISHES: Step = ("myWishes", ANY);
/// What both have said already, said again.
const WISHED: Step = (
    "mutation setWish(input: { buyer: <B01>, exhibitor: <X02>, want: RANK, rank: 4, key: <matrix> })",
    ANY,
);
const ABSENCES: Step = ("myAbsences", PARTS);
const ADVISERS: Step = ("advisers(slot: 0)", ANY);
const BUYERS: Step = ("buyers(first: 100)", ANY);
const EXHIBITORS: Step = ("exhibitors(first: 100)", ANY);
const ARTISTS: Step = ("artists(first: 100)", ANY);
const PUBLISHED: Step = ("publishedTimetable", ANY);
const T1: Step = ("timetable(id: <T1>)", ANY);
const T2: Step = ("timetable(id: <T2>)", ANY);
const RUN: Step = ("timetableRun(id: <T1>)", ANY);
/// The pair whose meeting was cancelled: it waits, and there is room.
const SUGGESTED: Step = ("suggestions(buyer: <B03>, exhibitor: <X03>)", ANY);
const TIMES: Step = ("meetingTimes(id: <B01-X02>)", BOTH);
const INSERTED: Step = ("insertion(buyer: <B03>, exhibitor: <X03>)", ANY);
const EXPLAINED: Step = ("explanation(buyer: <B03>, exhibitor: <X03>)", ANY);
const EXPLANATIONS: Step = ("explanations(buyer: <B03>)", ANY);
/// One of those the second version does not hold.
const REASONS: Step = ("reasons(timetable: <T2>)", ANY);
const REPAIRED: Step = (
    "repair(disturbances: [{ cancelled: { buyer: <B01>, exhibitor: <X02> } }])",
    ANY,
);
const WHAT_IF: Step = ("whatIf(edits: [{ tables: { exhibitor: <X01>, by: 1 } }])", ANY);
const AUDIT: Step = ("audit(first: 100)", ANY);
const BOARD: Step = ("board(exhibitor: <X02>, day: 0)", SHOW);
const ANY_BOARD: Step = ("board(exhibitor: <X01>, day: 0)", ANY);
const REFUSED: Step = ("mutation publishTimetable(input: { id: <T1>, key: <matrix> })", ANY);

const NOTICES: Step = ("myNotices(first: 100)", ANY);
/// Those who have been told something.
const TOLD: Whose = &["buyer", "exhibitor", "adviser"];
const READ: Step = ("mutation readNotices(input: { key: <matrix> })", ANY);
/// A secret is one person's: who asks first has it.
const FEED: Step = (
    "mutation makeCalendarFeed(input: { secret: <matrix>, key: <matrix> })",
    ANY,
);
const LETTERS: Step = ("letters(first: 100)", ANY);
/// A browser is one person's: whoever subscribes it last is told there.
const SUBSCRIBED: Step = (
    "mutation subscribePush(input: { id: <matrix>, endpoint: \"https://push.example/matrix\", p256dh: \
     \"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4\", auth: \
     \"BTBZMqHH6r4Tts7J_aSIgg\" })",
    ANY,
);
const VISITOR: Whose = &["visitor"];
const REQUESTS: Step = ("myRequests", ANY);
const R1: Step = ("meetingRequest(id: <R1>)", BOTH);
/// There is room, and so the organizer gets it at once.
const FITTED: Step = (
    "mutation fitIn(input: { id: <matrix>, buyer: <B04>, exhibitor: <X01> })",
    ANY,
);
/// There is none for anybody of this market.
const NONE: Whose = &["none"];
const ORGANIZER: Whose = &["organizer"];

const fn to(field: &'static str) -> Step {
    (field, ANY)
}

/// All of them. Where a type's fields are about somebody, there is a way to one's own object and to another's; the
/// same ways with ids of the other event are tried besides.
pub(super) const WAYS: &[Way] = &[
    way("Event", &[EVENT]),
    way("Day", &[EVENT, to("days")]),
    way("Slot", &[EVENT, to("days"), to("slots")]),
    way("Slot", &[OURS, to("slot")]),
    way("Slot", &[T1, to("placements"), to("nodes"), to("slot")]),
    way("Hall", &[EVENT, to("halls")]),
    way("Zone", &[EVENT, to("halls"), to("zones")]),
    way("Zone", &[X02, to("booth"), to("zone")]),
    way("Text", &[EVENT, to("name")]),
    way("Text", &[EVENT, to("venue")]),
    way("Text", &[EVENT, to("halls"), to("zones"), to("name")]),
    own("Text", &[AGENDA, to("entries"), to("title")], JOINED),
    way("Text", &[to("programmes"), to("targets"), to("name")]),
    way("Name", &[X01, to("organisation"), to("name")]),
    way("Name", &[A01, to("name")]),
    way("Name", &[B02, to("person"), to("name")]),
    way("Organisation", &[X01, to("organisation")]),
    way("Organisation", &[B02, to("organisation")]),
    way("Viewer", &[ME]),
    own("Person", &[ME, to("person")], PARTS),
    own("Person", &[ME, to("buyer"), to("person")], BUYER),
    way("Person", &[B01, to("person")]),
    way("Person", &[B02, to("person")]),
    way("Person", &[X01, to("staff")]),
    way("Person", &[X02, to("staff")]),
    way("Person", &[BOOTH, to("exhibitor"), to("staff")]),
    way("Buyer", &[B01]),
    way("Buyer", &[B02]),
    own("Buyer", &[ME, to("buyer")], BUYER),
    way("Buyer", &[BUYERS, to("nodes")]),
    way("Buyer", &[BUYERS, to("edges"), to("node")]),
    way("Buyer", &[OURS, to("buyer")]),
    way("Buyer", &[OTHERS, to("buyer")]),
    way("Buyer", &[BOOTH, ("meetings", SHOW), to("buyer")]),
    way("Buyer", &[X02, to("booth"), ("meetings", SHOW), to("buyer")]),
    own("Buyer", &[WISHES, to("buyer")], BOTH),
    way("Buyer", &[PUBLISHED, to("placements"), to("nodes"), to("buyer")]),
    way("BuyerConnection", &[BUYERS]),
    way("BuyerEdge", &[BUYERS, to("edges")]),
    way("PageInfo", &[BUYERS, to("pageInfo")]),
    way("PageInfo", &[EXHIBITORS, to("pageInfo")]),
    way("Exhibitor", &[X01]),
    way("Exhibitor", &[X02]),
    own("Exhibitor", &[ME, to("exhibitor")], SHOW),
    way("Exhibitor", &[EXHIBITORS, to("nodes")]),
    way("Exhibitor", &[EXHIBITORS, to("edges"), to("node")]),
    way("Exhibitor", &[A01, to("exhibitor")]),
    way("Exhibitor", &[OURS, to("exhibitor")]),
    way("Exhibitor", &[OTHERS, to("exhibitor")]),
    way("Exhibitor", &[BOOTH, to("exhibitor")]),
    own("Exhibitor", &[WISHES, to("exhibitor")], BOTH),
    way("Exhibitor", &[T2, to("placements"), to("nodes"), to("exhibitor")]),
    way("ExhibitorConnection", &[EXHIBITORS]),
    way("ExhibitorEdge", &[EXHIBITORS, to("edges")]),
    way("Booth", &[X01, to("booth")]),
    way("Booth", &[X02, to("booth")]),
    way("Booth", &[BOOTH]),
    way("Booth", &[OURS, to("booth")]),
    way("Booth", &[OTHERS, to("booth")]),
    way("Artist", &[A01]),
    way("Artist", &[X01, to("artists")]),
    way("Artist", &[ARTISTS, to("nodes")]),
    way("Artist", &[ARTISTS, to("edges"), to("node")]),
    way("ArtistConnection", &[ARTISTS]),
    way("ArtistEdge", &[ARTISTS, to("edges")]),
    way("Meeting", &[OURS]),
    way("Meeting", &[OTHERS]),
    way("Meeting", &[B01, ("meetings", BUYER)]),
    way("Meeting", &[B02, to("meetings")]),
    way("Meeting", &[X02, to("booth"), ("meetings", SHOW)]),
    way("Meeting", &[X01, to("booth"), to("meetings")]),
    way("Meeting", &[BOOTH, ("meetings", SHOW)]),
    own("Meeting", &[AGENDA, to("entries"), to("meeting")], JOINED),
    own("Meeting", &[WISHES, to("meeting")], BOTH),
    way("Agenda", &[AGENDA]),
    own("AgendaEntry", &[AGENDA, to("entries")], JOINED),
    own("Wish", &[WISHES], BOTH),
    own("Organisation", &[WISHES, to("organisation")], BOTH),
    own("WishSet", &[WISHED, to("... on WishSet")], BOTH),
    own("Absence", &[ABSENCES], BOTH),
    own("Person", &[ABSENCES, to("person")], BOTH),
    way("Staffing", &[X03, to("booth"), to("staffing")]),
    way("Adviser", &[ADVISERS]),
    way("Person", &[ADVISERS, to("person")]),
    way("Person", &[OURS, to("staff")]),
    way("Person", &[OURS, to("adviser")]),
    way("Timetable", &[PUBLISHED]),
    way("Timetable", &[T1]),
    way("Timetable", &[to("timetables")]),
    way("Timetable", &[RUN, to("timetable")]),
    way("TimetableRun", &[RUN]),
    way("Fairness", &[T1, to("fairness")]),
    way("Share", &[T1, to("fairness"), to("all")]),
    way("Share", &[T1, to("fairness"), to("mutual")]),
    way("Share", &[T2, to("fairness"), to("byBuyersRank")]),
    way("Share", &[T2, to("fairness"), to("byExhibitorsRank")]),
    way("Share", &[T2, to("fairness"), to("byRegion")]),
    way("Share", &[T2, to("fairness"), to("byTables")]),
    way("Suggestion", &[SUGGESTED]),
    way("Slot", &[SUGGESTED, to("slot")]),
    way("Suggestion", &[TIMES]),
    way("Insertion", &[INSERTED]),
    way("Slot", &[INSERTED, to("slot")]),
    way("Explanation", &[EXPLAINED]),
    way("Explanation", &[EXPLANATIONS, to("nodes")]),
    way("Explanation", &[EXPLANATIONS, to("edges"), to("node")]),
    way("Buyer", &[EXPLAINED, to("buyer")]),
    way("Exhibitor", &[EXPLAINED, to("exhibitor")]),
    way("ExplanationConnection", &[EXPLANATIONS]),
    way("ExplanationEdge", &[EXPLANATIONS, to("edges")]),
    way("ReasonCount", &[REASONS]),
    way("Repair", &[REPAIRED]),
    way("Difference", &[REPAIRED, to("difference")]),
    way("Buyer", &[REPAIRED, to("buyersTold")]),
    way("Exhibitor", &[REPAIRED, to("exhibitorsTold")]),
    way("WhatIf", &[WHAT_IF]),
    way("Figures", &[WHAT_IF, to("before")]),
    way("Figures", &[WHAT_IF, to("after")]),
    way("Fairness", &[WHAT_IF, to("after"), to("fairness")]),
    way("Difference", &[T2, to("difference")]),
    way("Moved", &[T2, to("difference"), to("moved")]),
    way("Placement", &[T2, to("difference"), to("moved"), to("before")]),
    way("Placement", &[T2, to("difference"), to("moved"), to("after")]),
    way("Placement", &[T2, to("difference"), to("lost")]),
    way("Placement", &[T2, to("difference"), to("added")]),
    way("Placement", &[T1, to("placements"), to("nodes")]),
    way("Placement", &[T1, to("placements"), to("edges"), to("node")]),
    way("PlacementConnection", &[T1, to("placements")]),
    way("PlacementEdge", &[T1, to("placements"), to("edges")]),
    way("BoothMeetings", &[T1, to("booths")]),
    way("Arrangement", &[to("arrangements")]),
    way("InterpreterPool", &[to("interpreters")]),
    way("Programme", &[to("programmes")]),
    way("Target", &[to("programmes"), to("targets")]),
    way("AuditEntry", &[AUDIT, to("nodes")]),
    way("AuditEntry", &[AUDIT, to("edges"), to("node")]),
    way("AuditEntryConnection", &[AUDIT]),
    way("AuditEntryEdge", &[AUDIT, to("edges")]),
    own("Notice", &[NOTICES, to("nodes")], TOLD),
    own("Notice", &[NOTICES, to("edges"), to("node")], TOLD),
    way("NoticeConnection", &[NOTICES]),
    own("NoticeEdge", &[NOTICES, to("edges")], TOLD),
    own("NoticesRead", &[READ, to("... on NoticesRead")], PEOPLE),
    own("CalendarAddress", &[FEED, to("... on CalendarAddress")], VISITOR),
    own("CalendarFeed", &[to("myCalendarFeed")], VISITOR),
    own("PushSubscription", &[SUBSCRIBED, to("... on PushSubscription")], PEOPLE),
    way("Letter", &[LETTERS, to("nodes")]),
    way("Letter", &[LETTERS, to("edges"), to("node")]),
    way("LetterConnection", &[LETTERS]),
    way("LetterEdge", &[LETTERS, to("edges")]),
    way("Person", &[LETTERS, to("nodes"), to("recipient")]),
    // At the table, and standby.
    own("Outcome", &[OURS, to("outcome")], BOTH),
    way("Outcome", &[OURS, to("outcomes")]),
    way("Person", &[OURS, to("outcomes"), to("by")]),
    own("Standby", &[to("myStandby")], BUYER),
    way("Standby", &[X02, to("booth"), ("standby", SHOW)]),
    way("Standby", &[BOARD, to("standby")]),
    own("Offer", &[to("myOffers")], BUYER),
    way("Offer", &[ANY_BOARD, to("offers")]),
    way("Slot", &[ANY_BOARD, to("offers"), to("slot")]),
    way("Board", &[BOARD]),
    way("Board", &[ANY_BOARD]),
    way("BoardRow", &[BOARD, to("rows")]),
    way("BoardPlace", &[BOARD, to("rows"), to("places")]),
    way("CalendarBoard", &[to("calendarBoard")]),
    way("BoothCounts", &[to("calendarBoard"), to("booths")]),
    own("MeetingRequest", &[REQUESTS], BOTH),
    way("MeetingRequest", &[R1]),
    own("Buyer", &[REQUESTS, to("buyer")], BOTH),
    own("Exhibitor", &[REQUESTS, to("exhibitor")], BOTH),
    way("ProposedTime", &[R1, to("proposed")]),
    way("Slot", &[R1, to("proposed"), to("slot")]),
    way("Step", &[INSERTED, to("steps")]),
    own("Shift", &[FITTED, to("... on Shift")], ORGANIZER),
    own(
        "Swapped",
        &[
            (
                "mutation swapMeetings(input: { a: <B01-X02>, b: <B01-X02>, key: <matrix> })",
                ANY,
            ),
            to("... on Swapped"),
        ],
        NONE,
    ),
    way("Refusal", &[REFUSED, to("... on Refusal")]),
];

/// Fields of the root: what they are called with, whose that is, and for whom there is something. Those without
/// arguments that are there for everybody need no row.
pub(super) const CALLS: &[(&str, &str, Whose, Whose)] = &[
    ("buyer", "(id: <B01>)", BUYER, ANY),
    ("buyer", "(id: <B02>)", ANY, ANY),
    ("exhibitor", "(id: <X01>)", ANY, ANY),
    ("artist", "(id: <A01>)", ANY, ANY),
    ("meeting", "(id: <B01-X02>)", JOINED, ANY),
    ("meeting", "(id: <B02-X01>)", ANY, ANY),
    ("timetable", "(id: <T1>)", ANY, ANY),
    ("timetable", "(id: <T2>)", ANY, ANY),
    ("timetableRun", "(id: <T2>)", ANY, ANY),
    ("suggestions", "(buyer: <B01>, exhibitor: <X02>)", BOTH, ANY),
    ("suggestions", "(buyer: <B02>, exhibitor: <X01>)", ANY, ANY),
    ("meetingTimes", "(id: <B01-X02>)", BOTH, ANY),
    ("meetingTimes", "(id: <B02-X01>)", ANY, ANY),
    ("reasons", "(timetable: <T2>)", ANY, ANY),
    ("meetingRequest", "(id: <R1>)", BOTH, ANY),
    ("meetingRequest", "(id: <R0>)", ANY, ANY),
    ("insertion", "(buyer: <B01>, exhibitor: <X02>)", BOTH, ANY),
    ("insertion", "(buyer: <B02>, exhibitor: <X01>)", ANY, ANY),
    ("explanation", "(buyer: <B01>, exhibitor: <X02>)", BOTH, ANY),
    ("explanation", "(buyer: <B02>, exhibitor: <X01>)", ANY, ANY),
    ("myAbsences", "(person: <P-B01>)", BUYER, ANY),
    ("myAbsences", "(person: <P-S02>)", SHOW, ANY),
    (
        "staffingConflicts",
        "(exhibitor: <X02>, tables: 1, staffing: [])",
        SHOW,
        ANY,
    ),
    (
        "staffingConflicts",
        "(exhibitor: <X01>, tables: 1, staffing: [])",
        ANY,
        ANY,
    ),
    ("board", "(exhibitor: <X02>, day: 0)", SHOW, ANY),
    ("board", "(exhibitor: <X01>, day: 0)", ANY, ANY),
    (
        "repair",
        "(disturbances: [{ buyerLeaves: { buyer: <B01>, at: \"2025-11-05T02:00:00Z\" } }])",
        ANY,
        ANY,
    ),
    (
        "whatIf",
        "(edits: [{ slotClosed: 0 }], timetable: <T1>, seconds: 1)",
        ANY,
        ANY,
    ),
];

/// Fields that say something to these only, though all may ask.
pub(super) const ONLY: &[(&str, &str, Whose)] = &[
    ("MeetingRequest", "turn", &[]),
    ("MeetingRequest", "meeting", &[]),
    ("MeetingRequest", "suggestions", &[]),
    ("Step", "from", &[]),
    ("Step", "meetingId", &[]),
    ("Step", "yes", &[]),
    ("Viewer", "person", PARTS),
    ("Viewer", "buyer", BUYER),
    ("Viewer", "exhibitor", SHOW),
    ("Query", "myCalendarFeed", VISITOR),
    ("Notice", "meeting", BOTH),
    // Of the request made before the timetable.
    ("Notice", "requestId", BOTH),
];
