//! Runs from outside: started, watched over the socket, one at a time in whatever process, stopped with the best kept,
//! dead with their process and no longer in the way after their lease, whole when the process is told to end. And what
//! either side reads of a pair that does not meet.

use serde_json::{Value, json};
use std::time::Duration;
use system_tests::{
    browser::Browser,
    machine,
    market::{Folder, Stage},
    serve::Server,
    socket::Socket,
};

/// Longest anything here may take.
const LIMIT: Duration = Duration::from_mins(1);
/// Longer than any test: such a search ends because it is stopped.
const LONG: u64 = 600;

fn start(organizer: &Browser, id: &str) -> Value {
    let variables = json!({"id": id, "seconds": LONG});
    organizer.ask("StartTimetableRun", &variables)["startTimetableRun"].take()
}

fn stop(organizer: &Browser, id: &str) -> Value {
    let variables = json!({"id": id, "key": machine::uuid()});
    organizer.ask("StopTimetableRun", &variables)["stopTimetableRun"].take()
}

fn run(organizer: &Browser, id: &str) -> Value {
    organizer.ask("TimetableRun", &json!({"id": id}))["timetableRun"].take()
}

/// Waits until a run has found something.
fn until_found(organizer: &Browser, id: &str) -> Value {
    machine::until("a run that has found something", LIMIT, || {
        let run = run(organizer, id);
        (run["placed"].as_u64() > Some(0)).then_some(run)
    })
}

fn until_done(organizer: &Browser, id: &str) -> Value {
    machine::until("the end of the run", LIMIT, || {
        let run = run(organizer, id);
        (run["state"] == "DONE").then_some(run)
    })
}

#[test]
fn a_run_is_watched_refuses_a_second_and_keeps_its_best() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let (first, second) = (machine::uuid(), machine::uuid());
    let started = start(&organizer, &first);
    assert_eq!(
        (&started["__typename"], &started["state"]),
        (&json!("TimetableRun"), &json!("RUNNING")),
        "{started}"
    );
    let mut socket = Socket::watching(&organizer, "WatchTimetableRun", &json!({"id": first}));
    let told = |socket: &mut Socket| {
        let message = socket.message().expect("progress");
        assert_eq!(message["type"], "next", "{message}");
        message["payload"]["data"]["timetableRun"].clone()
    };
    let mut progress = told(&mut socket);
    while progress["placed"].as_u64() == Some(0) {
        progress = told(&mut socket);
    }
    assert!(
        progress["value"].as_i64() <= progress["upperBound"].as_i64(),
        "{progress}"
    );
    assert!(progress["gap"].as_f64() < Some(1.0), "{progress}");

    let refused = start(&organizer, &second);
    assert_eq!(refused["code"], "run_under_way", "{refused}");
    folder
        .run(&["timetable", "propose", "--seconds", "1"])
        .say()
        .refused(&["Version 1 is being calculated right now"]);

    if run(&organizer, &first)["state"] == "RUNNING" {
        assert_eq!(stop(&organizer, &first)["__typename"], "TimetableRun");
    }
    let done = until_done(&organizer, &first);
    assert_eq!(done["timetable"]["state"], "PROPOSED", "{done}");
    let last = loop {
        let message = socket.message().expect("the end");
        if message["type"] == "complete" {
            break progress;
        }
        progress = message["payload"]["data"]["timetableRun"].clone();
    };
    assert_eq!((&last["state"], &last["placed"]), (&json!("DONE"), &done["placed"]));
    assert!(done["placed"].as_u64() > Some(5000), "{done}");
    assert_eq!(start(&organizer, &second)["state"], "RUNNING", "the next one may begin");
    server.end();
    // Told to end, the process has kept what its run had found.
    let list = folder.run(&["timetable", "list"]).say().good();
    assert!(list.contains("version 2 (proposed)"), "{list}");
}

#[test]
fn a_killed_run_is_no_hindrance_for_long() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let mut organizer = server.browser_of(&folder, "OR01");
    let (dead, next) = (machine::uuid(), machine::uuid());
    assert_eq!(start(&organizer, &dead)["state"], "RUNNING");
    until_found(&organizer, &dead);
    server.kill();
    let server = Server::start(&folder, &[]);
    organizer.address = server.address;
    let started = machine::until("a new run", LIMIT, || {
        let started = start(&organizer, &next);
        let refused = started["code"] == "run_under_way";
        assert!(refused || started["__typename"] == "TimetableRun", "{started}");
        (!refused).then_some(started)
    });
    assert_eq!(started["timetable"]["version"], 2);
    assert_eq!(run(&organizer, &dead)["state"], "LOST");
    until_found(&organizer, &next);
    // It may be proved optimal before it is stopped.
    let _ = stop(&organizer, &next);
    assert_eq!(until_done(&organizer, &next)["timetable"]["state"], "PROPOSED");
    let doctor = folder.run(&["doctor"]).say().good();
    assert!(doctor.contains("unbroken"), "{doctor}");
}

/// A pair of the seed market that does not meet: what the buyer reads is the same whether the exhibitor wishes for it,
/// or does not want it; the organizer reads more.
#[test]
fn a_buyer_reads_nothing_of_the_exhibitors_wish() {
    let folder = Folder::at(Stage::Published);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let buyer = server.browser_of(&folder, "B001");
    let buyers = organizer.pages("Buyers", |data| &data["buyers"]);
    let own = buyers.iter().find(|node| node["code"] == "B001").expect("B001")["id"].clone();
    let exhibitors = organizer.pages("Exhibitors", |data| &data["exhibitors"]);
    let about = |exhibitor: &Value| json!({"buyer": own, "exhibitor": exhibitor["id"]});
    let read =
        |browser: &Browser, exhibitor: &Value| browser.ask("Explanation", &about(exhibitor))["explanation"].take();
    let apart: Vec<&Value> = exhibitors
        .iter()
        .filter(|exhibitor| read(&organizer, exhibitor)["code"] != "held")
        .collect();
    let said = |exhibitor: &Value| read(&buyer, exhibitor);
    let before: Vec<Value> = apart.iter().map(|exhibitor| said(exhibitor)).collect();
    let whole: Vec<Value> = apart.iter().map(|exhibitor| read(&organizer, exhibitor)).collect();
    assert!(
        before
            .iter()
            .all(|text| text["code"].is_null() && text["remedy"].is_null()),
        "{before:?}"
    );
    // Every exhibitor that does not meet B001 now does not want to, whatever it wished for.
    let database = folder.path().join("ichiba.db");
    let hidden = "DELETE FROM wish WHERE side = 'exhibitor' AND buyer_id IN (SELECT id FROM buyer WHERE code = 'B001')";
    system_tests::database::on_sqlite(&database, hidden);
    let veto = "INSERT INTO wish (buyer_id, exhibitor_id, side, event_id, rank) SELECT b.id, x.id, 'exhibitor', x.event_id, \
                NULL FROM exhibitor x, buyer b WHERE b.code = 'B001'";
    system_tests::database::on_sqlite(&database, veto);
    let after: Vec<Value> = apart.iter().map(|exhibitor| said(exhibitor)).collect();
    assert_eq!(before, after, "the text tells of the exhibitor's wish");
    // The negative control: the organizer's reason does.
    let told: Vec<Value> = apart.iter().map(|exhibitor| read(&organizer, exhibitor)).collect();
    assert!(told.iter().all(|why| why["code"] == "avoided"), "{told:?}");
    assert_ne!(whole, told);
    let stranger = server.browser_of(&folder, "B002");
    assert_eq!(read(&stranger, apart[0]), Value::Null, "another buyer");
}
