//! Versions of the timetable over the API: proposed, compared, published, rolled back, set aside; and the phases.

use super::{
    market::SMALL,
    world::{HERE, World, by, system},
};
use domain::{booking::Cancel, id::MeetingId, market::Placement};
use serde_json::{Value, json};

const ANSWER: &str = "{ __typename ... on Timetable { id version state placed requests value upperBound gap publishedAt } \
                      ... on Refusal { code ja: message(tongue: JA) message alternatives } }";

fn act(verb: &str, timetable: &str, key: &str) -> String {
    format!("mutation {{ done: {verb}(input: {{ id: <{timetable}>, key: <{key}> }}) {ANSWER} }}")
}

/// Starts a run and waits for its version; or why it did not start.
async fn propose(world: &World, timetable: &str, rest: &str) -> Value {
    let start = format!(
        "mutation {{ done: startTimetableRun(input: {{ id: <{timetable}>{rest} }}) \
         {{ __typename ... on Refusal {{ code }} }} }}"
    );
    let started = ask(world, &start).await;
    if started["__typename"] == "Refusal" {
        return started;
    }
    world.run_over(timetable).await;
    let ask = format!(
        "{{ timetable(id: <{timetable}>) {{ __typename id version state placed requests value upperBound gap publishedAt }} }}"
    );
    world.data(by("OR1"), &ask).await["timetable"].take()
}

async fn ask(world: &World, document: &str) -> Value {
    world.data(by("OR1"), document).await["done"].take()
}

/// The states of all versions, newest first.
async fn states(world: &World) -> Vec<String> {
    let data = world.data(by("OF1"), "{ timetables { version state } }").await;
    let versions = data["timetables"].as_array().expect("versions").iter();
    versions
        .map(|version| {
            format!(
                "{} {}",
                version["version"],
                version["state"].as_str().unwrap_or_default()
            )
        })
        .collect()
}

async fn difference(world: &World, timetable: &str) -> Value {
    let counts = "movedCount lostCount addedCount buyersTold exhibitorsTold \
                  moved { before { buyer { code } exhibitor { code } slot { number } table } after { slot { number } } } \
                  lost { buyer { code } exhibitor { code } } added { buyer { code } exhibitor { code } }";
    let ask = format!("{{ timetable(id: <{timetable}>) {{ difference {{ {counts} }} }} }}");
    world.data(by("OF1"), &ask).await["timetable"]["difference"].take()
}

#[tokio::test]
async fn proposed_published_and_rolled_back() {
    let world = World::wishes(SMALL).await;
    let first = propose(&world, "T1", ", seed: 5000000000").await;
    assert_eq!((&first["version"], &first["state"]), (&1.into(), &"PROPOSED".into()));
    assert!(first["placed"].as_u64() > Some(0) && first["value"].as_i64() <= first["upperBound"].as_i64());
    assert_eq!(propose(&world, "T1", ", seed: 5000000000").await, first, "asked again");
    assert_eq!(propose(&world, "T1", ", seed: 2").await["code"], "key_reused");
    let start = "mutation { done: startTimetableRun(input: { id: <T1> }) { ... on Refusal { code } } }";
    let other = world.data(by("OR2"), start).await;
    assert_eq!(other["done"]["code"], "key_reused", "the id is the first organizer's");
    let placed = first["placed"].clone();
    let before = difference(&world, "T1").await;
    assert_eq!((&before["addedCount"], &before["lostCount"]), (&placed, &0.into()));

    let published = ask(&world, &act("publishTimetable", "T1", "p1")).await;
    assert_eq!(
        (&published["state"], &published["id"]),
        (&"PUBLISHED".into(), &first["id"])
    );
    let phase = world.data(by("nobody"), "{ event { phase } }").await;
    assert_eq!(phase["event"]["phase"], "OPEN_CALENDAR");
    let agenda = world.data(by("B01"), "{ myAgenda { entries { kind } } }").await;
    assert!(
        agenda["myAgenda"]["entries"]
            .as_array()
            .expect("entries")
            .contains(&json!({"kind": "MEETING"}))
    );
    assert_eq!(difference(&world, "T1").await["addedCount"], 0);

    propose(&world, "T2", "").await;
    ask(&world, &act("publishTimetable", "T2", "p2")).await;
    propose(&world, "T3", "").await;
    assert_eq!(states(&world).await, ["3 PROPOSED", "2 PUBLISHED", "1 SUPERSEDED"]);
    ask(&world, &act("rollBackTimetable", "T1", "r1")).await;
    ask(&world, &act("discardTimetable", "T3", "d3")).await;
    assert_eq!(states(&world).await, ["3 SUPERSEDED", "2 SUPERSEDED", "1 PUBLISHED"]);
}

#[tokio::test]
async fn only_what_fits_the_state_is_done() {
    let world = World::small().await;
    for (verb, timetable) in [
        ("publishTimetable", "T1"),
        ("rollBackTimetable", "T1"),
        ("rollBackTimetable", "T2"),
        ("discardTimetable", "T1"),
    ] {
        let refusal = ask(&world, &act(verb, timetable, "key")).await;
        assert_eq!(refusal["code"], "timetable_state", "{verb} {timetable}");
        assert!(refusal["ja"] != refusal["message"]);
    }
    // What was set aside was never published.
    ask(&world, &act("discardTimetable", "T2", "discard")).await;
    for verb in ["publishTimetable", "rollBackTimetable", "discardTimetable"] {
        assert_eq!(
            ask(&world, &act(verb, "T2", verb)).await["code"],
            "timetable_state",
            "{verb}"
        );
    }
    for rest in [", seconds: 0", ", seconds: 601", ", seed: -1"] {
        assert_eq!(propose(&world, "T3", rest).await["code"], "malformed", "{rest}");
    }
    assert_eq!(
        ask(&world, &act("publishTimetable", "T9", "key")).await["code"],
        "not_found"
    );
    assert_eq!(states(&world).await, ["2 SUPERSEDED", "1 PUBLISHED"]);
}

#[tokio::test]
async fn acts_are_done_once() {
    let world = World::small().await;
    let publish = act("publishTimetable", "T2", "key");
    let first = ask(&world, &publish).await;
    let rows = world.rows().await;
    assert_eq!(ask(&world, &publish).await, first);
    assert!(rows == world.rows().await);
    assert_eq!(
        ask(&world, &act("publishTimetable", "T1", "key")).await["code"],
        "key_reused"
    );
    // The second organizer's keys are another's.
    let other = world.data(by("OR2"), &publish).await;
    assert_eq!(other["done"]["code"], "timetable_state");
}

#[tokio::test]
async fn a_version_is_compared_with_the_calendar() {
    let world = World::small().await;
    let told = difference(&world, "T2").await;
    for (count, expect) in [
        ("movedCount", 1),
        ("lostCount", 1),
        ("addedCount", 1),
        ("buyersTold", 1),
        ("exhibitorsTold", 3),
    ] {
        assert_eq!(told[count], expect, "{count}");
    }
    let pair = |one: &Value| format!("{}-{}", one["buyer"]["code"], one["exhibitor"]["code"]).replace('"', "");
    assert_eq!(pair(&told["moved"][0]["before"]), "B03-X01");
    assert_ne!(told["moved"][0]["before"]["slot"], told["moved"][0]["after"]["slot"]);
    assert_eq!(
        (pair(&told["lost"][0]), pair(&told["added"][0])),
        ("B03-X02".into(), "B03-X03".into())
    );
}

/// A meeting booked by hand stays whatever is published, so no comparison may call it lost.
#[tokio::test]
async fn meetings_booked_by_hand_are_not_lost() {
    let world = World::small().await;
    let book =
        "mutation { bookMeeting(input: { id: <hand>, buyer: <B04>, exhibitor: <X01>, slot: 5 }) { __typename } }";
    assert_eq!(
        world.data(by("B04"), book).await["bookMeeting"]["__typename"],
        "Meeting"
    );
    let told = difference(&world, "T2").await;
    ask(&world, &act("publishTimetable", "T2", "key")).await;
    let agenda = world.data(by("B04"), "{ myAgenda { entries { kind } } }").await;
    assert_eq!(agenda["myAgenda"]["entries"][0]["kind"], "MEETING");
    assert_eq!(told["lostCount"], 1, "what is lost: {told}");
}

/// The facts change after a timetable is proposed: it is refused, and says what stands against it.
#[tokio::test]
async fn a_stale_timetable_is_refused() {
    let world = World::small().await;
    let snapshot = world
        .store
        .snapshot(super::world::event_id(HERE))
        .await
        .expect("a snapshot");
    let placements = snapshot
        .placements(domain::id::TimetableId(world.id(HERE, "T2")))
        .await
        .expect("placements");
    drop(snapshot);
    let is_moved = |p: &&Placement| super::world::name_of(HERE, p) == "B03-X01";
    let slot = placements.iter().find(is_moved).expect("moved").slot;
    let cancelled = MeetingId(world.id(HERE, "B03-X02"));
    let gone = world
        .store
        .cancel_meeting(&system(HERE), Cancel::of(cancelled), world.id(HERE, "gone"))
        .await;
    gone.expect("cancelled");
    let book = format!(
        "mutation {{ done: bookMeeting(input: {{ id: <hand>, buyer: <B03>, exhibitor: <X02>, slot: {slot} }}) \
         {{ __typename ... on Refusal {{ code }} }} }}"
    );
    assert_eq!(ask(&world, &book).await["__typename"], "Meeting");
    let refusal = ask(&world, &act("publishTimetable", "T2", "key")).await;
    assert_eq!(refusal["code"], "timetable_stale");
    let sentence = refusal["message"].as_str().expect("a sentence");
    assert!(sentence.contains("B03–X01"), "{sentence}");
    assert_eq!(states(&world).await, ["2 PROPOSED", "1 PUBLISHED"]);
}

#[tokio::test]
async fn phases_move() {
    let world = World::small().await;
    let to = |phase: &str, key: &str| {
        format!(
            "mutation {{ done: movePhase(input: {{ phase: {phase}, key: <{key}> }}) \
             {{ ... on Event {{ code phase }} ... on Refusal {{ code }} }} }}"
        )
    };
    for phase in ["FINAL", "ON_SITE", "AFTER", "WISHES", "CALCULATED", "OPEN_CALENDAR"] {
        assert_eq!(
            ask(&world, &to(phase, phase)).await,
            json!({"code": "tokyo", "phase": phase})
        );
    }
    assert_eq!(ask(&world, &to("FINAL", "AFTER")).await["code"], "key_reused");
    let there = super::world::Asked {
        event: "osaka",
        ..by("nobody")
    };
    assert_eq!(
        world.data(there, "{ event { phase } }").await["event"]["phase"],
        "OPEN_CALENDAR"
    );
}
