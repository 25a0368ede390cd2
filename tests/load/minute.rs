//! The opening minute: the calendar has just opened, and 300 buyers and 300 people at booths come within 60 seconds. A
//! buyer reads the agenda, asks for free times and requests a meeting; whoever is at a booth reads the agenda, sees the
//! requests and accepts one. Everybody comes when they come, whether or not others are answered.

use crate::{
    client::{Client, Lost},
    figures::{Figures, Times},
    market::{self, REAL},
    people::{self, Ids},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use system_tests::{
    machine::{Chance, Watch},
    market::Folder,
    serve::Server,
};
use tokio::runtime::Runtime;

const MINUTE: Duration = Duration::from_mins(1);
const PEOPLE: usize = 300;

/// What one person saw.
#[derive(Default)]
struct Seen {
    times: Times,
    errors: Vec<String>,
    requested: usize,
    accepted: usize,
}

struct Person {
    client: Client,
    seen: Seen,
}

impl Person {
    async fn ask(&mut self, operation: &str, variables: &Value) -> Value {
        let watch = Watch::start();
        let answer = self.client.ask(operation, variables).await;
        self.seen.times.add(watch.elapsed());
        match answer {
            Ok(data) => data,
            Err(Lost::Refused(said)) => {
                self.seen.errors.push(format!("{operation}: {said}"));
                Value::Null
            }
            Err(Lost::Broken) => {
                self.seen.errors.push(format!("{operation}: the connection broke"));
                Value::Null
            }
        }
    }

    async fn buys(&mut self, buyer: &str, exhibitor: &str) {
        self.ask("MyAgenda", &json!({})).await;
        let pair = json!({"buyer": buyer, "exhibitor": exhibitor});
        let free = self.ask("Suggestions", &pair).await;
        let slots = free["suggestions"].as_array().into_iter().flatten();
        let slots: Vec<&Value> = slots.take(2).map(|free| &free["slot"]["number"]).collect();
        let request = json!({
            "id": market::fresh(), "buyer": buyer, "exhibitor": exhibitor, "slots": slots,
            "message": "We would like to hear your new catalogue.",
        });
        let said = self.ask("RequestMeeting", &request).await;
        self.seen.requested += usize::from(said["requestMeeting"]["__typename"] == "MeetingRequest");
    }

    /// The one of the booth's requests that is this person's by turn.
    async fn is_asked(&mut self, turn: usize) {
        self.ask("MyAgenda", &json!({})).await;
        let mine = self.ask("MyRequests", &json!({"state": "OPEN"})).await;
        let incoming = mine["myRequests"].as_array().into_iter().flatten();
        let incoming: Vec<&Value> = incoming.filter(|request| request["yourTurn"] == true).collect();
        if incoming.is_empty() {
            return;
        }
        let request = incoming[turn % incoming.len()];
        let accept = json!({"id": request["id"], "key": market::fresh()});
        let said = self.ask("AcceptRequest", &accept).await;
        self.seen.accepted += usize::from(said["acceptRequest"]["__typename"] == "Meeting");
    }
}

pub(crate) fn measure(runtime: &Runtime, figures: &mut Figures) {
    println!("== the opening minute");
    let folder = Folder::new();
    market::make(&folder, REAL);
    let server = Server::start(&folder, &[]);
    let buyers: Vec<String> = (0..PEOPLE).map(market::buyer).collect();
    let staff: Vec<String> = (0..PEOPLE).map(market::staff).collect();
    let cookies: Vec<String> = [buyers, staff]
        .iter()
        .flat_map(|emails| people::sign_in(&server, &folder, emails))
        .collect();
    let organizer = people::sign_in(&server, &folder, &[market::organizer(0)]);
    let ids = Arc::new(runtime.block_on(Ids::of(server.address, &organizer[0])));
    let mut chance = Chance::of(2);
    let address = server.address;
    let all = runtime.block_on(async {
        let mut coming = Vec::new();
        for (n, cookie) in cookies.into_iter().enumerate() {
            let due = MINUTE.mul_f64(chance.below(10_000) as f64 / 10_000.0);
            let ids = ids.clone();
            coming.push(tokio::spawn(async move {
                tokio::time::sleep(due).await;
                let client = Client::open(address, &cookie).await.expect("connected");
                let seen = Seen::default();
                let mut person = Person { client, seen };
                if n < PEOPLE {
                    let exhibitor = &ids.exhibitors[n * 7 % ids.exhibitors.len()];
                    person.buys(&ids.buyers[n], exhibitor).await;
                } else {
                    person.is_asked((n - PEOPLE) / REAL.exhibitors).await;
                }
                person.seen
            }));
        }
        let mut all = Vec::new();
        for one in coming {
            all.push(one.await.expect("a person's work"));
        }
        all
    });
    let (mut times, mut errors, mut requested, mut accepted) = (Times::default(), Vec::new(), 0, 0);
    for seen in all {
        times.all(seen.times);
        errors.extend(seen.errors);
        requested += seen.requested;
        accepted += seen.accepted;
    }
    for error in errors.iter().take(3) {
        println!("   {error}");
    }
    println!("   {requested} meetings requested, {accepted} accepted");
    figures.put("opening_minute_p50_ms", times.within(0.5));
    figures.put("opening_minute_p99_ms", times.within(0.99));
    figures.count("errors", errors.len() as f64);
    server.end();
    let counted = crate::kill::counted(&folder);
    figures.count("double_bookings", counted.double as f64);
    figures.count("lost", (accepted + 1) as f64 - counted.meetings as f64);
}
