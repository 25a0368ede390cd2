//! Runs over the API: started, watched, stopped; one an event at a time, for those who may.

use super::{
    ways::ACTORS,
    world::{Asked, THERE, World, at_once, by},
};
use crate::Introspection;
use domain::Role;
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::sync::{Condvar, Mutex};
use storage::run::Clock;

const RUN: &str = "__typename ... on TimetableRun { id state placed requests timetable { version state } } \
                   ... on Refusal { code ja: message(tongue: JA) message }";

fn start(timetable: &str) -> String {
    format!("mutation {{ done: startTimetableRun(input: {{ id: <{timetable}>, seconds: 600 }}) {{ {RUN} }} }}")
}

/// Searches that last until the gate opens.
static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());

fn until_the_gate_opens() -> bool {
    let open = GATE.0.lock().expect("the gate");
    drop(GATE.1.wait_while(open, |open| !*open).expect("the gate"));
    false
}

async fn ask(world: &World, document: &str) -> Value {
    world.data(by("OR1"), document).await["done"].take()
}

#[tokio::test]
async fn a_run_is_watched_to_its_end() {
    let world = World::wishes(super::market::SMALL).await;
    let started = ask(&world, &start("T1")).await;
    assert_eq!(started["__typename"], "TimetableRun", "{started}");
    assert_eq!(started["timetable"]["version"], 1);
    let watch = "subscription { timetableRun(id: <T1>) { state placed requests value upperBound gap seconds } }";
    let told: Vec<Value> = world.listen_to(by("OF1"), watch).await.collect().await;
    let last = &told.last().expect("something is told")["data"]["timetableRun"];
    assert_eq!(last["state"], "DONE", "{told:?}");
    assert!(last["placed"].as_u64() > Some(0) && last["value"].as_i64() <= last["upperBound"].as_i64());
    let polled = world
        .data(
            by("OF1"),
            "{ timetableRun(id: <T1>) { state timetable { state placed fairness { all { wished met } } } ja: message(tongue: JA) } }",
        )
        .await;
    let timetable = &polled["timetableRun"]["timetable"];
    assert_eq!(timetable["state"], "PROPOSED");
    assert_eq!(timetable["fairness"]["all"]["met"], timetable["placed"]);
    assert!(
        polled["timetableRun"]["ja"]
            .as_str()
            .is_some_and(|text| text.contains("保存"))
    );
}

#[tokio::test]
async fn one_run_at_a_time_and_the_best_so_far_is_kept() {
    let mut world = World::wishes(super::market::SMALL).await;
    let clock = Clock {
        alarm: |_| Box::new(until_the_gate_opens),
        ..at_once()
    };
    world.schema = crate::schema(world.store.clone(), clock, None, Introspection::Closed);
    let first = ask(&world, &start("T1")).await;
    assert_eq!(first["state"], "RUNNING", "{first}");
    assert_eq!(ask(&world, &start("T1")).await, first, "asked again");
    let second = ask(&world, &start("T2")).await;
    assert_eq!(second["code"], "run_under_way", "{second}");
    assert!(
        second["message"]
            .as_str()
            .is_some_and(|text| text.contains("Version 1"))
    );
    assert_ne!(second["ja"], second["message"]);
    // Another event's runs are its own affair.
    let there = Asked {
        event: THERE,
        ids: THERE,
        ..by("osaka/OR1")
    };
    let elsewhere = world.data(there, &start("T1")).await;
    assert_eq!(elsewhere["done"]["state"], "RUNNING", "{elsewhere}");
    for verb in ["publishTimetable", "discardTimetable"] {
        let too_early = format!(
            "mutation {{ done: {verb}(input: {{ id: <T1>, key: <{verb}> }}) {{ ... on Refusal {{ code }} }} }}"
        );
        assert_eq!(ask(&world, &too_early).await["code"], "timetable_state", "{verb}");
    }
    let stop = format!("mutation {{ done: stopTimetableRun(input: {{ id: <T1>, key: <stop> }}) {{ {RUN} }} }}");
    assert_eq!(ask(&world, &stop).await["state"], "STOPPING");
    *GATE.0.lock().expect("the gate") = true;
    GATE.1.notify_all();
    world.run_over("T1").await;
    let done = ask(
        &world,
        "{ done: timetableRun(id: <T1>) { state placed timetable { state } } }",
    )
    .await;
    assert_eq!(
        (&done["state"], &done["timetable"]["state"]),
        (&"DONE".into(), &"PROPOSED".into())
    );
    assert!(done["placed"].as_u64() > Some(0), "{done}");
    assert_eq!(ask(&world, &stop).await["state"], "DONE", "the same act sent again");
    assert_eq!(ask(&world, &start("T2")).await["__typename"], "TimetableRun");
    world.store.stop_runs().await;
}

#[tokio::test]
async fn runs_are_for_those_who_run_the_event() {
    let world = World::small().await;
    let watch = "subscription { timetableRun(id: <T1>) { state } }";
    for (actor, who) in ACTORS {
        let told: Vec<Value> = world.listen_to(by(who), watch).await.collect().await;
        let may = [Role::Organizer.code(), Role::Officer.code()].contains(&actor);
        let expect = if may {
            vec![json!({"data": {"timetableRun": {"state": "DONE"}}})]
        } else {
            Vec::new()
        };
        assert_eq!(told, expect, "{actor}");
    }
    let there = "subscription { timetableRun(id: <T9>) { state } }";
    let told: Vec<Value> = world.listen_to(by("OF1"), there).await.collect().await;
    assert_eq!(told, Vec::<Value>::new(), "there is no such run");
}
