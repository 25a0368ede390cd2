//! G2 for the live verbs: kill -9 while meetings are cancelled, booked, moved, asked for and accepted. What was answered
//! is there afterwards as it was answered; what nobody heard the end of is settled by sending it again under its key.
//! The negative control, an answer before the commit, stands in storage's own tests of the writer.

use serde_json::{Value, json};
use std::{collections::HashMap, net::SocketAddr, sync::mpsc, thread, time::Duration};
use system_tests::{
    browser::Browser,
    database::Postgres,
    machine::{self, Chance},
    market::{self, Folder, Stage},
    serve::Server,
};

/// How often the server is killed, on each database. The promise's figure is 100: `ICHIBA_TEST_TIMES=17`.
const KILLS: usize = 6;
/// Buyers whose calendars are changed meanwhile, each by a client of its own.
const BUYERS: [&str; 4] = ["B001", "B002", "B003", "B004"];
/// The seed of when the kills come; change it to try others.
const SEED: u64 = 20_251_105;

/// One act, as it was sent, and what was answered.
struct Act {
    operation: &'static str,
    variables: Value,
    answer: Option<Value>,
}

/// What an operation answers; none where the connection broke.
fn answer(browser: &Browser, operation: &str, variables: &Value) -> Option<Value> {
    let answer = browser.asking(operation, variables).try_send(browser.address).ok()?;
    if answer.status != 200 {
        return None;
    }
    let mut json: Value = serde_json::from_slice(&answer.body).ok()?;
    assert!(json.get("errors").is_none(), "{operation}: {json}");
    let data = json["data"].as_object_mut()?;
    data.values_mut().next().map(Value::take)
}

/// A client that goes on until nobody answers.
struct Client {
    browser: Browser,
    acts: Vec<Act>,
}

impl Client {
    /// Does one thing; `None`: nobody answered.
    fn does(&mut self, operation: &'static str, variables: Value) -> Option<Value> {
        let answer = answer(&self.browser, operation, &variables);
        self.acts.push(Act {
            operation,
            variables,
            answer: answer.clone(),
        });
        answer
    }

    /// The life of one meeting's place, again and again: cancelled, booked, moved, cancelled, asked for, accepted.
    fn lives(&mut self, entry: &Value, slot: &Value) -> Option<()> {
        let meeting = &entry["meeting"];
        let pair = |id: &str, rest: Value| {
            let mut variables =
                json!({"id": id, "buyer": meeting["buyer"]["id"], "exhibitor": meeting["exhibitor"]["id"]});
            if let (Some(all), Value::Object(rest)) = (variables.as_object_mut(), rest) {
                all.extend(rest);
            }
            variables
        };
        let cancel = |id: &Value| json!({"id": id, "key": machine::uuid()});
        self.does("CancelMeeting", cancel(&meeting["id"]))?;
        let booked = self.does("BookMeeting", pair(&machine::uuid(), json!({"slot": slot})))?;
        if booked["__typename"] != "Meeting" {
            return Some(());
        }
        let times = answer(&self.browser, "MeetingTimes", &json!({"id": booked["id"]}))?;
        if let Some(time) = times.get(0) {
            let to = json!({"id": booked["id"], "slot": time["slot"]["number"], "key": machine::uuid()});
            self.does("MoveMeeting", to)?;
        }
        self.does("CancelMeeting", cancel(&booked["id"]))?;
        let request = machine::uuid();
        self.does("RequestMeeting", pair(&request, json!({"slots": [slot]})))?;
        self.does("AcceptRequest", json!({"id": request, "key": machine::uuid()}))?;
        Some(())
    }
}

/// Slot numbers by when they begin.
fn slots(browser: &Browser) -> HashMap<String, Value> {
    let event = browser.ask("Event", &json!({}))["event"].take();
    let days = event["days"].as_array().cloned().unwrap_or_default();
    let slots = days
        .iter()
        .flat_map(|day| day["slots"].as_array().cloned().unwrap_or_default());
    slots
        .map(|slot| (slot["startsAt"].to_string(), slot["number"].clone()))
        .collect()
}

fn meetings(buyer: &Browser) -> Vec<Value> {
    let agenda = buyer.ask("MyAgenda", &json!({}))["myAgenda"]["entries"].take();
    let entries = agenda.as_array().cloned().unwrap_or_default();
    let planned = |entry: &Value| entry["meeting"]["state"] == "PLANNED";
    entries.into_iter().filter(planned).collect()
}

/// Until the server is killed, every client changes its buyer's calendar.
fn busy(server: Server, organizer: &Browser, buyers: &[Browser], chance: &mut Chance) -> Vec<Act> {
    let at: SocketAddr = server.address;
    let by_start = slots(organizer);
    let after = Duration::from_millis(400 + chance.below(1200) as u64);
    thread::scope(|scope| {
        let clients: Vec<_> = buyers
            .iter()
            .map(|buyer| {
                let mut buyer = buyer.clone();
                buyer.address = at;
                let entries = meetings(&buyer);
                let (organizer, by_start) = (organizer.clone(), &by_start);
                scope.spawn(move || {
                    let mut client = Client {
                        browser: organizer,
                        acts: Vec::new(),
                    };
                    for entry in &entries {
                        let slot = &by_start[&entry["startsAt"].to_string()];
                        if client.lives(entry, slot).is_none() {
                            break;
                        }
                    }
                    client.acts
                })
            })
            .collect();
        // This is when the fault comes; nothing is waited for.
        let (_keep, never) = mpsc::channel::<()>();
        let _ = never.recv_timeout(after);
        server.kill();
        let acts = clients.into_iter().flat_map(|client| client.join().expect("a client"));
        acts.collect()
    })
}

/// What a meeting is known to be: its state, and when.
#[derive(Debug, PartialEq)]
struct Known {
    state: String,
    starts: Option<String>,
}

/// Sends everything again: the answers are the same. Then every meeting is as the last answer about it said.
fn settle(organizer: &Browser, acts: &[Act]) -> (usize, usize) {
    let (mut heard, mut settled) = (0, 0);
    let mut known: HashMap<String, Known> = HashMap::new();
    for act in acts {
        let again = answer(organizer, act.operation, &act.variables).expect("an answer");
        let twice = answer(organizer, act.operation, &act.variables).expect("an answer");
        assert_eq!(again["__typename"], twice["__typename"], "{}: {again}", act.operation);
        match &act.answer {
            Some(answer) => {
                heard += 1;
                // What was refused may be possible by now; what was promised stays promised.
                if answer["__typename"] != "Refusal" {
                    let same = (&answer["__typename"], &answer["id"]) == (&again["__typename"], &again["id"]);
                    assert!(same, "{}: {answer} and then {again}", act.operation);
                }
            }
            None => settled += 1,
        }
        let last = act.answer.as_ref().filter(|answer| answer["__typename"] != "Refusal");
        let last = last.unwrap_or(&again);
        if last["__typename"] == "Meeting" {
            let id = last["id"].as_str().expect("an id").to_owned();
            let before = known.remove(&id).and_then(|known| known.starts);
            let starts = last["slot"]["startsAt"].as_str().map(str::to_owned);
            let state = last["state"].as_str().expect("a state").to_owned();
            known.insert(
                id,
                Known {
                    state,
                    starts: starts.or(before),
                },
            );
        }
    }
    for (id, known) in &known {
        let now = organizer.ask("Meeting", &json!({"id": id}))["meeting"].take();
        assert_eq!(now["state"], known.state.as_str(), "{id}: {known:?} and now {now}");
        if let Some(starts) = known.starts.as_ref().filter(|_| known.state == "PLANNED") {
            assert_eq!(now["slot"]["startsAt"], starts.as_str(), "{id} was changed");
        }
    }
    (heard, settled)
}

fn killed(folder: &Folder) {
    let mut chance = Chance::of(SEED);
    let server = Server::start(folder, &[]);
    let mut organizer = server.browser_of(folder, "OR01");
    let buyers = BUYERS.map(|code| server.browser_of(folder, code));
    let mut server = Some(server);
    let (mut heard, mut settled) = (0, 0);
    for _ in 0..machine::times(KILLS) {
        let running = server.take().unwrap_or_else(|| Server::start(folder, &[]));
        organizer.address = running.address;
        let acts = busy(running, &organizer, &buyers, &mut chance);
        let again = Server::start(folder, &[]);
        organizer.address = again.address;
        let (answered, unknown) = settle(&organizer, &acts);
        (heard, settled) = (heard + answered, settled + unknown);
        server = Some(again);
    }
    drop(server);
    assert!(
        heard > 0 && settled > 0,
        "{heard} answered, {settled} unknown: no kill came in the middle"
    );
    assert!(folder.run(&["doctor"]).say().good().contains("unbroken"));
}

#[test]
fn nothing_of_the_live_verbs_is_lost_or_changed_by_kills() {
    killed(&Folder::at(Stage::Published));
}

#[test]
fn nothing_of_the_live_verbs_is_lost_or_changed_by_kills_on_postgres() {
    let database = Postgres::fresh();
    let folder = Folder::on(&database.url);
    let files = market::ahead();
    for act in [
        &["import", files.text()][..],
        &["timetable", "propose", "--seconds", "1"],
        &["timetable", "publish", "1"],
    ] {
        folder.run(act).say().good();
    }
    killed(&folder);
}
