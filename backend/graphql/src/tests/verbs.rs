//! S1, what changes something: every mutation tried by everybody on one's own, another's and another event's things,
//! against `domain::access::VERBS`.

use super::{
    contract::Contract,
    table::lived,
    ways::{ACTORS, Whose},
    world::{Asked, HERE, THERE, World, by},
};
use domain::{Role, access::VERBS};
use serde_json::Value;

/// Roles that may do what a mutation of that name does.
pub(super) fn allowed(mutation: &str) -> &'static [Role] {
    let row = VERBS.iter().find(|right| right.code == mutation);
    row.unwrap_or_else(|| panic!("{mutation} is no verb of domain::access"))
        .roles
}

/// Verbs no mutation of their name does: files are read by the command line, what was calculated is kept at the end of a
/// run, to avoid is to wish, and the worker looks after what nobody did in time.
const WITHOUT_MUTATION: [&str; 5] = [
    "importMarket",
    "proposeTimetable",
    "avoid",
    "expireRequests",
    "sweepMeetings",
];

/// One way to try a mutation: nothing of it changes anything, because it is refused for another reason, or leaves
/// things as they are.
struct Try {
    mutation: &'static str,
    input: &'static str,
    /// Sides whose own it is, besides the organizer. Empty: it is nobody's own.
    own: Whose,
    /// What those who may hear instead of `not_found`.
    code: &'static str,
}

const fn attempt(mutation: &'static str, input: &'static str, own: Whose, code: &'static str) -> Try {
    Try {
        mutation,
        input,
        own,
        code,
    }
}

/// Everybody who takes part, but for the officer.
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
/// About the one who asks, or tried with what is no id: none of another event can be given.
const ONES_OWN: [&str; 4] = ["readNotices", "makeCalendarFeed", "revokeCalendarFeed", "retryLetter"];
const BOTH: Whose = &["buyer", "exhibitor"];
const BUYER: Whose = &["buyer"];
const SHOW: Whose = &["exhibitor"];

const TRIES: &[Try] = &[
    attempt("startTimetableRun", "id: <new>, seconds: 0", &[], "malformed"),
    attempt("stopTimetableRun", "id: <T1>, key: <new>", &[], "timetable_state"),
    attempt(
        "repairTimetable",
        "id: <new>, disturbances: [], mostMoved: 1001",
        &[],
        "malformed",
    ),
    attempt("publishTimetable", "id: <T1>, key: <new>", &[], "timetable_state"),
    attempt("rollBackTimetable", "id: <T2>, key: <new>", &[], "timetable_state"),
    attempt("discardTimetable", "id: <T1>, key: <new>", &[], "timetable_state"),
    attempt("movePhase", "phase: OPEN_CALENDAR, key: <new>", &[], ""),
    attempt(
        "bookMeeting",
        "id: <new>, buyer: <B01>, exhibitor: <X02>, slot: 0",
        BOTH,
        "pair_has_meeting",
    ),
    attempt(
        "bookMeeting",
        "id: <new>, buyer: <B02>, exhibitor: <X01>, slot: 0",
        &[],
        "pair_has_meeting",
    ),
    attempt("cancelMeeting", "id: <B03-X03>, key: <new>", &[], "meeting_cancelled"),
    attempt("readNotices", "upTo: \"first\", key: <new>", PEOPLE, "malformed"),
    attempt("makeCalendarFeed", "secret: \"short\", key: <new>", PEOPLE, "malformed"),
    attempt("revokeCalendarFeed", "key: <new>", PEOPLE, "already_done"),
    attempt("retryLetter", "id: \"first\", key: <new>", &[], "malformed"),
    attempt(
        "setWish",
        "buyer: <B01>, exhibitor: <X02>, want: RANK, rank: 6, key: <new>",
        BOTH,
        "malformed",
    ),
    // At the table, and standby.
    attempt("checkIn", "meeting: <B01-X02>, key: <new>", BOTH, "phase_closed"),
    attempt("checkIn", "meeting: <B02-X01>, key: <new>", &[], "phase_closed"),
    attempt("reportNoShow", "meeting: <B01-X02>, key: <new>", BOTH, "phase_closed"),
    attempt("endMeeting", "meeting: <B01-X02>, key: <new>", BOTH, "phase_closed"),
    attempt("recordOutcome", "meeting: <B01-X02>, key: <new>", BOTH, "phase_closed"),
    attempt(
        "messageMeeting",
        "meeting: <B01-X02>, lateMinutes: 31, key: <new>",
        BOTH,
        "malformed",
    ),
    attempt(
        "joinStandby",
        "exhibitor: <X02>, buyer: <B01>, key: <new>",
        BUYER,
        "pair_has_meeting",
    ),
    attempt(
        "leaveStandby",
        "exhibitor: <X02>, buyer: <B01>, key: <new>",
        BUYER,
        "already_done",
    ),
    attempt(
        "answerOffer",
        "offer: <B01-X01-declined>, yes: true, key: <new>",
        BUYER,
        "already_done",
    ),
    attempt(
        "setWish",
        "buyer: <B02>, exhibitor: <X01>, side: EXHIBITOR, want: RANK, rank: 6, key: <new>",
        &[],
        "malformed",
    ),
    attempt(
        "requestMeeting",
        "id: <new>, buyer: <B01>, exhibitor: <X02>",
        BOTH,
        "pair_has_meeting",
    ),
    attempt(
        "requestMeeting",
        "id: <new>, buyer: <B02>, exhibitor: <X01>",
        &[],
        "pair_has_meeting",
    ),
    attempt("acceptRequest", "id: <R1>, key: <new>", BOTH, "request_closed"),
    attempt("declineRequest", "id: <R1>, key: <new>", BOTH, "request_closed"),
    attempt("counterRequest", "id: <R1>, key: <new>", BOTH, "request_closed"),
    attempt("withdrawRequest", "id: <R1>, key: <new>", BOTH, "request_closed"),
    attempt(
        "moveMeeting",
        "id: <B01-X02>, slot: 99, key: <new>",
        BOTH,
        "no_such_slot",
    ),
    attempt(
        "moveMeeting",
        "id: <B02-X01>, slot: 99, key: <new>",
        &[],
        "no_such_slot",
    ),
    attempt(
        "swapMeetings",
        "a: <B01-X02>, b: <B01-X02>, key: <new>",
        BOTH,
        "already_done",
    ),
    attempt(
        "swapMeetings",
        "a: <B01-X02>, b: <B02-X01>, key: <new>",
        &[],
        "malformed",
    ),
    attempt(
        "lockMeeting",
        "id: <B01-X02>, locked: false, key: <new>",
        &[],
        "already_done",
    ),
    attempt(
        "fitIn",
        "id: <new>, buyer: <B01>, exhibitor: <X02>",
        BOTH,
        "pair_has_meeting",
    ),
    attempt(
        "fitIn",
        "id: <new>, buyer: <B02>, exhibitor: <X01>",
        &[],
        "pair_has_meeting",
    ),
    attempt(
        "answerShift",
        "shift: <new>, meeting: <B01-X02>, yes: true, key: <new>",
        &[],
        "not_found",
    ),
    attempt(
        "addAbsence",
        "id: <new>, person: <P-B01>, from: \"2025-11-05T02:00:00Z\", until: \"2025-11-05T02:00:00Z\"",
        BUYER,
        "malformed",
    ),
    attempt(
        "setStay",
        "buyer: <B01>, arrivesAt: \"2025-11-05T02:00:00Z\", leavesAt: \"2025-11-05T02:00:00Z\", key: <new>",
        BUYER,
        "malformed",
    ),
    attempt(
        "updateBuyer",
        "buyer: <B01>, languages: [], key: <new>",
        BUYER,
        "malformed",
    ),
    attempt(
        "updateExhibitor",
        "exhibitor: <X02>, homepage: \"javascript:alert(1)\", key: <new>",
        SHOW,
        "malformed",
    ),
    attempt(
        "setStaffing",
        "exhibitor: <X02>, tables: 0, staffing: [], key: <new>",
        SHOW,
        "malformed",
    ),
];

/// Tried when the event is over: before, nothing would refuse them to those who may.
const OVER: &[Try] = &[
    attempt("removeAbsence", "id: <U-B01>, key: <new>", BUYER, "phase_closed"),
    attempt(
        "assignStaff",
        "meeting: <B01-X02>, person: <P-S02>, key: <new>",
        SHOW,
        "phase_closed",
    ),
    attempt(
        "inviteAdviser",
        "meeting: <B01-X02>, person: <P-AD1>, key: <new>",
        BOTH,
        "phase_closed",
    ),
    attempt(
        "releaseAdviser",
        "meeting: <B01-X02>, person: <P-AD1>, key: <new>",
        BOTH,
        "phase_closed",
    ),
    attempt(
        "releaseAdviser",
        "meeting: <B02-X01>, person: <P-AD1>, key: <new>",
        &[],
        "phase_closed",
    ),
];

/// Whether the try of that person passes the question of rights.
fn may(attempt: &Try, actor: &str, ids: &str) -> bool {
    let role = Role::parse(actor).filter(|role| allowed(attempt.mutation).contains(role));
    // Phases are the event's of the request: there is no id of another event to give.
    let here = ids == HERE || attempt.mutation == "movePhase";
    let here = here || ONES_OWN.contains(&attempt.mutation);
    // A calculation makes something new.
    let here = here || ["startTimetableRun", "repairTimetable"].contains(&attempt.mutation);
    role.is_some_and(|role| here && (role == Role::Organizer || attempt.own.contains(&actor)))
}

fn document(attempt: &Try) -> String {
    let Try { mutation, input, .. } = attempt;
    format!("mutation {{ {mutation}(input: {{ {input} }}) {{ __typename ... on Refusal {{ code }} }} }}")
}

/// What is wrong with an answer, if anything.
fn wrong(attempt: &Try, actor: &str, ids: &str, answer: &Value) -> Option<String> {
    let said = &answer["data"][attempt.mutation];
    let right = if actor == "nobody" {
        said.is_null()
    } else if may(attempt, actor, ids) {
        match attempt.code {
            "" => said["__typename"] != "Refusal",
            code => said["code"] == code,
        }
    } else {
        said["code"] == "not_found"
    };
    let right = right && answer.get("errors").is_none();
    (!right).then(|| format!("{actor}: {} {} of {ids}: {answer}", attempt.mutation, attempt.input))
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says() {
    let (mut world, contract) = (World::small().await, Contract::of_schema().await);
    lived(&mut world).await;
    for field in &contract.object("Mutation").fields {
        allowed(&field.name);
        assert!(
            TRIES.iter().chain(OVER).any(|one| one.mutation == field.name),
            "{} is not tried",
            field.name
        );
        assert!(!field.promised, "{} is never null", field.name);
    }
    for code in VERBS.iter().map(|right| right.code) {
        let done = contract
            .object("Mutation")
            .fields
            .iter()
            .any(|field| field.name == code);
        let without = WITHOUT_MUTATION.contains(&code);
        assert!(
            done != without,
            "{code}: a mutation does it, or a list says that none does"
        );
    }
    let mut cells = 0;
    let mut deviations = Vec::new();
    let mut over = false;
    for attempt in TRIES.iter().chain(OVER) {
        if !over && OVER.iter().any(|one| one.mutation == attempt.mutation) {
            over = true;
            world.over().await;
        }
        let before = world.rows().await;
        for (actor, who) in ACTORS {
            for ids in [HERE, THERE] {
                let answer = world.answer(Asked { ids, ..by(who) }, &document(attempt)).await;
                deviations.extend(wrong(attempt, actor, ids, &answer));
                cells += 1;
            }
        }
        if attempt.mutation != "movePhase" {
            assert!(before == world.rows().await, "{} changed something", attempt.mutation);
        }
    }
    assert_eq!(deviations, [""; 0]);
    println!("matrix of rights: {cells} cells of mutations");
}

/// The negative control of the mutations: an organizer's answer is not what anybody else may get.
#[tokio::test]
async fn a_right_too_much_is_noticed() {
    let mut world = World::small().await;
    lived(&mut world).await;
    let mut over = false;
    // What is nobody's is not there for the organizer either, and tells nothing apart.
    let told = TRIES.iter().filter(|attempt| attempt.code != "not_found");
    for attempt in told.chain(OVER) {
        if !over && OVER.iter().any(|one| one.mutation == attempt.mutation) {
            over = true;
            world.over().await;
        }
        let answer = world.answer(by("OR1"), &document(attempt)).await;
        assert_eq!(wrong(attempt, "organizer", HERE, &answer), None);
        let not_their_own = |actor: &&str| !attempt.own.contains(actor);
        for actor in ["officer", "visitor", "stranger", "nobody"]
            .iter()
            .filter(|a| not_their_own(a))
        {
            assert!(
                wrong(attempt, actor, HERE, &answer).is_some(),
                "{actor} {}",
                attempt.mutation
            );
        }
    }
}

/// Phases are moved by those who may, and by nobody else: the one mutation tried above that does change something.
#[tokio::test]
async fn denied_phases_stay() {
    let world = World::small().await;
    let before = world.rows().await;
    for (actor, who) in ACTORS.iter().filter(|(actor, _)| *actor != "organizer") {
        let document = "mutation { movePhase(input: { phase: FINAL, key: <new> }) { __typename } }";
        world.data(by(who), document).await;
        assert!(before == world.rows().await, "{actor}");
    }
}
