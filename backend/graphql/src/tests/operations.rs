//! The documents phones may send: each is named like its file, fits the schema and the limits, is answered without an
//! error, and costs a bounded number of SQL statements however many rows there are.

use super::{
    market::Plan,
    world::{Asked, HERE, World, by, event_id, system},
};
use crate::reads::Reads;
use async_graphql::{Request, Variables, parser::types::OperationType};
use domain::{event::Phase, id::MeetingId, letter::Problem, time::SignedDuration};
use futures_util::StreamExt;
use serde_json::Value;
use std::{collections::BTreeSet, path::Path, time::Duration};
use storage::outbox::Failure;
use uuid::Uuid;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../mobile-api/operations");

/// Branches of one document that ask for the same kind of thing meet in one batch or do not: so many statements more or
/// less are chance. A load for every row would be 27 more.
const BRANCHES: u64 = 3;

/// Long enough for every branch to have asked, on a busy machine too.
const PATIENCE: Duration = Duration::from_millis(60);

/// One operation: who asks it, with what, and the most statements it may cost.
struct Operation {
    name: &'static str,
    who: &'static str,
    variables: &'static str,
    most: u64,
    /// Whether it is asked on site, four minutes into the second buyer's meeting at the second booth.
    on_site: bool,
}

const fn on_site(name: &'static str, who: &'static str, variables: &'static str, most: u64) -> Operation {
    Operation {
        on_site: true,
        ..operation(name, who, variables, most)
    }
}

const fn operation(name: &'static str, who: &'static str, variables: &'static str, most: u64) -> Operation {
    Operation {
        name,
        who,
        variables,
        most,
        on_site: false,
    }
}

/// All of them, in an order in which they can be asked one after the other. Those that change something come last.
const OPERATIONS: &[Operation] = &[
    operation("Artists", "V01", r#"{"first": 100}"#, 4),
    operation("Artist", "nobody", r#"{"id": <A01>}"#, 10),
    operation("Audit", "OF1", r#"{"first": 100}"#, 2),
    operation("Buyer", "S01", r#"{"id": <B03>}"#, 6),
    operation("Buyers", "AD1", r#"{"first": 100}"#, 6),
    operation("Event", "nobody", "{}", 10),
    operation("Exhibitor", "B01", r#"{"id": <X03>}"#, 14),
    operation("Exhibitors", "nobody", r#"{"first": 100}"#, 10),
    operation("Me", "B01", "{}", 12),
    operation("Meeting", "B01", r#"{"id": <B01-X02>}"#, 16),
    operation("MyAgenda", "B01", "{}", 20),
    operation("MyBooth", "S01", "{}", 20),
    operation("MyLeads", "S01", "{}", 22),
    operation("Today", "B01", "{}", 40),
    operation("MyWishes", "S01", "{}", 12),
    operation("MyNotices", "B03", r#"{"first": 100}"#, 12),
    operation("UnreadNotices", "B03", "{}", 2),
    operation("PushKey", "B01", "{}", 0),
    operation(
        "SubscribePush",
        "B01",
        r#"{"id": <new>, "endpoint": "https://push.example/one", "auth": "BTBZMqHH6r4Tts7J_aSIgg", "p256dh":
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}"#,
        14,
    ),
    operation(
        "UnsubscribePush",
        "B01",
        r#"{"endpoint": "https://push.example/one", "key": <new>}"#,
        14,
    ),
    operation("Letters", "OR1", r#"{"first": 100}"#, 4),
    operation("RetryLetter", "OR1", r#"{"id": "1", "key": <new>}"#, 12),
    operation("Programmes", "OF1", "{}", 4),
    operation("Timetable", "OF1", "{}", 18),
    operation("Timetables", "OF1", "{}", 8),
    operation("TimetableList", "OF1", "{}", 4),
    operation("TimetableBooths", "OF1", r#"{"id": <T2>}"#, 14),
    operation("Arrangements", "OF1", "{}", 26),
    operation("Interpreters", "OF1", "{}", 4),
    operation("OpenRequests", "OF1", "{}", 4),
    operation("BuyerArrangement", "OR1", r#"{"id": <B02>}"#, 24),
    operation("ExhibitorArrangement", "OR1", r#"{"id": <X01>}"#, 18),
    operation("AbsencesOf", "OR1", r#"{"person": <P-B01>}"#, 6),
    operation("BoothBoard", "OR1", r#"{"exhibitor": <X01>, "day": 0}"#, 26),
    operation("Suggestions", "B03", r#"{"buyer": <B03>, "exhibitor": <X03>}"#, 26),
    operation("MeetingTimes", "B01", r#"{"id": <B01-X02>}"#, 16),
    operation("Explanation", "B03", r#"{"buyer": <B03>, "exhibitor": <X03>}"#, 26),
    operation("MyRequests", "B01", "{}", 16),
    operation("MeetingRequest", "B01", r#"{"id": <R1>}"#, 26),
    operation("MyShifts", "B01", "{}", 8),
    operation("Insertion", "B03", r#"{"buyer": <B03>, "exhibitor": <X03>}"#, 26),
    operation("TimetableVersion", "OF1", r#"{"id": <T2>}"#, 26),
    operation("Explanations", "OR1", "{}", 26),
    operation("Reasons", "OF1", r#"{"timetable": <T2>}"#, 12),
    operation(
        "WhatIf",
        "OR1",
        r#"{"edits": [{"tables": {"exhibitor": <X01>, "by": 1}}], "timetable": <T2>}"#,
        20,
    ),
    operation(
        "Repair",
        "OR1",
        r#"{"disturbances": [{"buyerLeaves": {"buyer": <B02>, "at": "2025-11-05T03:00:00Z"}}]}"#,
        26,
    ),
    operation("TimetableRun", "OF1", r#"{"id": <T2>}"#, 2),
    operation("TimetablePublished", "B01", "{}", 0),
    operation("AgendaChanged", "B01", "{}", 0),
    operation("BoardChanged", "S01", "{}", 0),
    operation("CalendarChanged", "OF1", "{}", 0),
    operation("WatchTimetableRun", "OF1", r#"{"id": <T2>}"#, 2),
    operation(
        "RequestMeeting",
        "OR1",
        r#"{"id": <R2>, "buyer": <B03>, "exhibitor": <X03>, "slots": [1, 2]}"#,
        30,
    ),
    operation(
        "CounterRequest",
        "OR1",
        r#"{"id": <R2>, "slots": [3], "key": <new>}"#,
        26,
    ),
    operation("WithdrawRequest", "OR1", r#"{"id": <R2>, "key": <new>}"#, 16),
    operation("AcceptRequest", "B01", r#"{"id": <R1>, "slot": 3, "key": <new>}"#, 26),
    operation("DeclineRequest", "B01", r#"{"id": <R1>, "key": <new>}"#, 16),
    operation(
        "MoveMeeting",
        "OR1",
        r#"{"id": <B02-X01>, "slot": 5, "seen": 0, "key": <new>}"#,
        26,
    ),
    operation(
        "LockMeeting",
        "OR1",
        r#"{"id": <B02-X01>, "locked": true, "key": <new>}"#,
        16,
    ),
    operation(
        "SwapMeetings",
        "OR1",
        r#"{"a": <B02-X01>, "b": <B02-X02>, "key": <new>}"#,
        36,
    ),
    operation(
        "FitIn",
        "B01",
        r#"{"id": <new>, "buyer": <B01>, "exhibitor": <X02>}"#,
        36,
    ),
    operation(
        "AnswerShift",
        "B01",
        r#"{"shift": <new>, "meeting": <B01-X02>, "yes": true, "key": <new>}"#,
        16,
    ),
    operation(
        "BookMeeting",
        "OR1",
        r#"{"id": <new>, "buyer": <B03>, "exhibitor": <X03>, "slot": 1}"#,
        30,
    ),
    operation("CancelMeeting", "B01", r#"{"id": <B01-X02>, "key": <new>}"#, 18),
    operation("MyAbsences", "S02", "{}", 6),
    operation("MyProfile", "S02", "{}", 14),
    operation("Advisers", "B01", r#"{"slot": 0}"#, 8),
    operation(
        "StaffingConflicts",
        "S01",
        r#"{"tables": 1, "staffing": [{"from": "2025-11-05T01:00:00Z", "until": "2025-11-06T04:00:00Z", "tables": 0}]}"#,
        16,
    ),
    operation(
        "SetWish",
        "B02",
        r#"{"buyer": <B02>, "exhibitor": <X01>, "want": "RANK", "rank": 3, "key": <new>}"#,
        16,
    ),
    operation(
        "AddAbsence",
        "B01",
        r#"{"id": <new>, "from": "2025-11-05T08:00:00Z", "until": "2025-11-05T09:00:00Z"}"#,
        16,
    ),
    operation("RemoveAbsence", "B01", r#"{"id": <new>, "key": <new>}"#, 14),
    operation("SetStay", "B02", r#"{"key": <new>}"#, 22),
    operation(
        "UpdateBuyer",
        "B02",
        r#"{"input": {"languages": ["en", "ja"], "direct": false, "key": <new>}}"#,
        26,
    ),
    operation(
        "UpdateExhibitor",
        "S02",
        r#"{"input": {"homepage": null, "quotaMax": 50, "key": <new>}}"#,
        26,
    ),
    operation(
        "AssignStaff",
        "S01",
        r#"{"meeting": <B02-X01>, "person": <P-S01>, "key": <new>}"#,
        32,
    ),
    operation(
        "InviteAdviser",
        "S01",
        r#"{"meeting": <B02-X01>, "person": <P-AD1>, "key": <new>}"#,
        26,
    ),
    operation(
        "ReleaseAdviser",
        "AD1",
        r#"{"meeting": <B02-X01>, "person": <P-AD1>, "key": <new>}"#,
        22,
    ),
    operation(
        "SetStaffing",
        "S01",
        r#"{"tables": 9, "staffing": [], "key": <new>}"#,
        24,
    ),
    // At the table, and standby.
    operation("JoinStandby", "B01", r#"{"exhibitor": <X02>, "key": <new>}"#, 16),
    operation("MyStandby", "B01", "{}", 12),
    operation("MyOffers", "B01", "{}", 12),
    operation("Board", "S02", r#"{"day": 0}"#, 26),
    operation("CalendarBoard", "OR1", r#"{"day": 0}"#, 14),
    operation("LeaveStandby", "B01", r#"{"exhibitor": <X02>, "key": <new>}"#, 16),
    operation(
        "AnswerOffer",
        "B01",
        r#"{"offer": <new>, "yes": true, "key": <new>}"#,
        6,
    ),
    operation(
        "RepairTimetable",
        "OR1",
        r#"{"id": <T4>, "disturbances": [{"cancelled": {"buyer": <B02>, "exhibitor": <X01>}}]}"#,
        46,
    ),
    operation("StartTimetableRun", "OR1", r#"{"id": <T3>, "seed": 7}"#, 32),
    operation("StopTimetableRun", "OR1", r#"{"id": <T3>, "key": <new>}"#, 12),
    operation("PublishTimetable", "OR1", r#"{"id": <T3>, "key": <new>}"#, 54),
    operation("RollBackTimetable", "OR1", r#"{"id": <T1>, "key": <new>}"#, 46),
    operation("DiscardTimetable", "OR1", r#"{"id": <T2>, "key": <new>}"#, 10),
    operation("ReadNotices", "B03", r#"{"upTo": null, "key": <new>}"#, 12),
    operation("MakeCalendarFeed", "B03", r#"{"secret": <secret>, "key": <new>}"#, 12),
    operation("MyCalendarFeed", "B03", "{}", 2),
    operation("RevokeCalendarFeed", "B03", r#"{"key": <new>}"#, 12),
    // The phase has just moved before each of these: ten of the statements read the facts anew.
    on_site("CheckIn", "B02", r#"{"meeting": <B02-X02>, "key": <new>}"#, 24),
    on_site("EndMeeting", "B02", r#"{"meeting": <B02-X02>, "key": <new>}"#, 14),
    on_site(
        "RecordOutcome",
        "B02",
        r#"{"meeting": <B02-X02>, "rating": 5, "key": <new>}"#,
        20,
    ),
    on_site(
        "MessageMeeting",
        "B02",
        r#"{"meeting": <B02-X02>, "text": "hello", "key": <new>}"#,
        26,
    ),
    on_site("ReportNoShow", "B02", r#"{"meeting": <B02-X02>, "key": <new>}"#, 26),
    operation("MovePhase", "OR1", r#"{"phase": "FINAL", "key": <new>}"#, 20),
];

/// The names of all files.
fn names() -> BTreeSet<String> {
    let files = Path::new(FOLDER).read_dir().expect("the folder of operations");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("a name"));
    let plain = |name: String| name.strip_suffix(".graphql").expect("operations only").to_owned();
    names.map(plain).collect()
}

/// The text of an operation.
pub(super) fn document(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/{name}.graphql")).expect("an operation")
}

/// The names of those that only ask.
pub(super) fn queries() -> Vec<String> {
    let all = names().into_iter();
    all.filter(|name| document(name).lines().any(|line| line.starts_with("query ")))
        .collect()
}

#[test]
fn every_file_is_one_operation_of_its_name_within_the_limits() {
    for name in names() {
        let parsed = crate::within_limits(&document(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let operations: Vec<_> = parsed
            .operations
            .iter()
            .map(|(name, _)| name.map(ToString::to_string))
            .collect();
        assert_eq!(operations, [Some(name)]);
    }
    let listed: BTreeSet<String> = OPERATIONS.iter().map(|operation| operation.name.to_owned()).collect();
    assert_eq!(listed, names(), "every operation has its row here");
    assert_eq!(queries().len(), 53);
}

/// Moves the event to the site; answers four minutes into the second buyer's meeting at the second booth.
async fn on_site_at(world: &World) -> String {
    let moved = world
        .store
        .move_phase(&system(HERE), Uuid::new_v4(), Phase::OnSite)
        .await;
    moved.expect("moved");
    let market = world.market(HERE).await;
    let id = MeetingId(world.id(HERE, "B02-X02"));
    let meeting = market
        .meetings
        .iter()
        .find(|meeting| meeting.id == id)
        .expect("a meeting");
    let starts = market.slots[usize::from(meeting.placement.slot)].starts;
    (starts + SignedDuration::from_mins(4)).to_string()
}

/// Asks; answers how many statements it cost.
async fn cost(world: &World, operation: &Operation) -> u64 {
    let document = document(operation.name);
    let variables = serde_json::from_str(&world.fill("tokyo", operation.variables)).expect("JSON");
    let now = if operation.on_site {
        on_site_at(world).await
    } else {
        String::new()
    };
    let asked = by(operation.who);
    let asked = if operation.on_site {
        Asked { now: &now, ..asked }
    } else {
        asked
    };
    let request = world.request(asked, &document).await;
    let reads = Reads::new(world.store.clone(), event_id("tokyo")).patient(PATIENCE);
    let request: Request = request.variables(Variables::from_json(variables)).data(reads);
    let before = world.store.statements();
    if crate::within_limits(&document)
        .expect("read")
        .operations
        .iter()
        .all(|(_, it)| it.node.ty == OperationType::Subscription)
    {
        let mut told = world.schema.execute_stream(request).boxed();
        if operation.name == "WatchTimetableRun" {
            // A run that is over is told of once.
            let answer = told.next().await.expect("a run");
            assert!(answer.errors.is_empty(), "{:?}", answer.errors);
            assert!(told.next().await.is_none());
        } else {
            assert!(futures_util::poll!(told.next()).is_pending());
        }
        return world.store.statements() - before;
    }
    let answer = world.schema.execute(request).await;
    assert!(answer.errors.is_empty(), "{}: {:?}", operation.name, answer.errors);
    let data = answer.data.into_json().expect("JSON");
    // The run that could be stopped is over by then; nobody has been offered anything; one side came; what is free to
    // move to, and what could be answered, is chance.
    let refusable = [
        "StopTimetableRun",
        "AnswerOffer",
        "EndMeeting",
        "AcceptRequest",
        "DeclineRequest",
        "MoveMeeting",
        "SwapMeetings",
        "FitIn",
        "AnswerShift",
    ]
    .contains(&operation.name);
    let done = |answer: &Value| !answer.is_null() && (refusable || answer["__typename"] != "Refusal");
    assert!(
        data.as_object().is_some_and(|data| data.values().all(done)),
        "{}: {data}",
        operation.name
    );
    let cost = world.store.statements() - before;
    world.run_over("T3").await;
    if operation.on_site {
        let open = world
            .store
            .move_phase(&system(HERE), Uuid::new_v4(), Phase::OpenCalendar)
            .await;
        open.expect("moved");
    }
    cost
}

/// These letters cannot be carried out, and were given up.
pub(super) async fn give_up(world: &World, letters: Vec<i64>) {
    let at = system(HERE).now;
    let failure = Failure {
        problem: Problem::Refused(550),
        at,
        again: at,
    };
    let kept = world.store.letters_failed(letters, failure).await;
    kept.expect("kept");
}

/// pains.md 19: an organizer's pages ask the database as often for many as for few, and seldom.
#[tokio::test]
async fn pain_19_what_the_organizer_looks_at_costs_as_much_for_many_as_for_few() {
    let few = World::of(Plan { buyers: 3, more: &[] }).await;
    let many = World::of(Plan { buyers: 30, more: &[] }).await;
    for name in [
        "CalendarBoard",
        "Timetables",
        "Timetable",
        "TimetableVersion",
        "Reasons",
        "Explanations",
        "Repair",
        "WhatIf",
        "Audit",
        "Buyers",
    ] {
        let operation = OPERATIONS.iter().find(|one| one.name == name).expect("an operation");
        let (small, large) = (cost(&few, operation).await, cost(&many, operation).await);
        assert!(
            large <= small + BRANCHES && large <= operation.most,
            "{name}: {small}, {large}"
        );
    }
}

/// pains.md 20: whoever has not signed in, or only visits, is shown no buyer and no address of anybody, whatever is asked.
#[tokio::test]
async fn pain_20_no_operation_shows_people_to_strangers() {
    let world = World::small().await;
    let told = |text: &str| text.contains("Lim B0") || text.contains("임") || text.contains("@tokyo.example");
    let mut shown = 0;
    for operation in OPERATIONS {
        let document = document(operation.name);
        if document.lines().any(|line| line.starts_with("subscription ")) {
            continue;
        }
        let variables: Value = serde_json::from_str(&world.fill(HERE, operation.variables)).expect("JSON");
        for who in ["nobody", "V01", operation.who] {
            let request = world.request(by(who), &document).await;
            let answer = world
                .schema
                .execute(request.variables(Variables::from_json(variables.clone())))
                .await;
            let text = serde_json::to_string(&answer).expect("JSON");
            let text = text.replace("v01@tokyo.example", "one's own");
            if who == operation.who && !["nobody", "V01"].contains(&who) {
                shown += usize::from(told(&text));
            } else {
                assert!(!told(&text), "{} shows {who} people: {text}", operation.name);
            }
        }
    }
    assert!(shown > 5, "those who may see people see none: {shown}");
}

#[tokio::test]
async fn statements_are_bounded_and_do_not_grow_with_rows() {
    let few = World::of(Plan { buyers: 3, more: &[] }).await;
    let many = World::of(Plan { buyers: 30, more: &[] }).await;
    for world in [&few, &many] {
        give_up(world, vec![1]).await;
    }
    let mut over = Vec::new();
    for operation in OPERATIONS {
        let (small, large) = (cost(&few, operation).await, cost(&many, operation).await);
        println!(
            "{}: {small} statements, {large} with ten times the buyers",
            operation.name
        );
        if small.max(large) > operation.most || large > small + BRANCHES {
            over.push(format!(
                "{}: {small}, {large}; {} allowed",
                operation.name, operation.most
            ));
        }
    }
    assert_eq!(over, [""; 0]);
}
