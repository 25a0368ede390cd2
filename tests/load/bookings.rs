//! Durable bookings a second: many connections at once, each booking one meeting after another; every answer
//! is a commit on disk. Afterwards the calendar is counted: nothing twice, nothing lost.

use crate::{
    client::{Client, Lost},
    figures::{Figures, Times},
    market::{self, LARGE, ORGANIZERS, Place},
    people::{self, Ids},
};
use serde_json::json;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};
use system_tests::{database::Postgres, machine::Watch, market::Folder, serve::Server};
use tokio::runtime::Runtime;

/// As many book at once, several of them for the same organizer: nearly as many as the opening minute brings.
const CONNECTIONS: usize = 512;

pub(crate) fn measure(runtime: &Runtime, time: Duration, figures: &mut Figures) {
    println!("== durable bookings, SQLite");
    one(runtime, &Folder::new(), "sqlite", time, figures);
    println!("== durable bookings, PostgreSQL");
    let postgres = Postgres::fresh();
    one(runtime, &Folder::on(&postgres.url), "postgres", time, figures);
}

/// A server on a fresh large market, everybody who organizes signed in.
pub(crate) struct Ground {
    pub(crate) server: Server,
    pub(crate) cookies: Vec<String>,
    pub(crate) ids: Arc<Ids>,
}

impl Ground {
    pub(crate) fn of(runtime: &Runtime, folder: &Folder) -> Self {
        market::make(folder, LARGE);
        let server = Server::start(folder, &[]);
        let emails: Vec<String> = (0..ORGANIZERS).map(market::organizer).collect();
        let cookies = people::sign_in(&server, folder, &emails);
        let ids = runtime.block_on(Ids::of(server.address, &cookies[0]));
        Self {
            server,
            cookies,
            ids: Arc::new(ids),
        }
    }

    /// Whoever had signed in still is after a restart.
    pub(crate) fn again(folder: &Folder, cookies: Vec<String>, ids: Arc<Ids>) -> Self {
        Self {
            server: Server::start(folder, &[]),
            cookies,
            ids,
        }
    }
}

/// What one connection did.
#[derive(Default)]
pub(crate) struct Did {
    pub(crate) times: Times,
    /// Ids of meetings that were promised.
    pub(crate) booked: Vec<String>,
    /// Sent, and no answer came.
    pub(crate) unknown: Vec<(String, Place)>,
    pub(crate) errors: Vec<String>,
}

/// Books one place after another until there is none left, or the time is over, or the connection breaks.
pub(crate) async fn book(
    address: SocketAddr,
    cookie: String,
    ids: Arc<Ids>,
    places: Arc<Vec<Place>>,
    next: Arc<AtomicUsize>,
    time: Duration,
) -> Did {
    let mut did = Did::default();
    let Ok(mut client) = Client::open(address, &cookie).await else {
        return did;
    };
    let whole = Watch::start();
    while whole.elapsed() < time {
        let Some(place) = places.get(next.fetch_add(1, Relaxed)).copied() else {
            break;
        };
        let id = market::fresh();
        let variables = json!({
            "id": id, "buyer": ids.buyers[place.buyer], "exhibitor": ids.exhibitors[place.exhibitor], "slot": place.slot,
        });
        let watch = Watch::start();
        match client.ask("BookMeeting", &variables).await {
            Ok(data) if data["bookMeeting"]["__typename"] == "Meeting" => {
                did.times.add(watch.elapsed());
                did.booked.push(id);
            }
            Ok(data) => did.errors.push(data.to_string()),
            Err(Lost::Refused(said)) => did.errors.push(said),
            Err(Lost::Broken) => {
                did.unknown.push((id, place));
                break;
            }
        }
    }
    did
}

fn one(runtime: &Runtime, folder: &Folder, name: &str, time: Duration, figures: &mut Figures) {
    let Ground { server, cookies, ids } = Ground::of(runtime, folder);
    let places = Arc::new(market::places(LARGE));
    let next = Arc::new(AtomicUsize::new(0));
    let watch = Watch::start();
    let all = runtime.block_on(async {
        let each = |cookie: &String| {
            let (ids, places, next) = (ids.clone(), places.clone(), next.clone());
            tokio::spawn(book(server.address, cookie.clone(), ids, places, next, time))
        };
        let all: Vec<_> = cookies.iter().cycle().take(CONNECTIONS).map(each).collect();
        let mut done = Vec::new();
        for one in all {
            done.push(one.await.expect("a connection's work"));
        }
        done
    });
    let seconds = watch.seconds();
    let (mut times, mut booked, mut errors) = (Times::default(), 0, Vec::new());
    for did in all {
        booked += did.booked.len();
        times.all(did.times);
        errors.extend(did.errors);
    }
    for error in errors.iter().take(3) {
        println!("   {error}");
    }
    figures.put(&format!("bookings_per_s_{name}"), booked as f64 / seconds);
    figures.put(&format!("booking_p50_ms_{name}"), times.within(0.5));
    figures.put(&format!("booking_p99_ms_{name}"), times.within(0.99));
    figures.count("errors", errors.len() as f64);
    server.end();
    let counted = crate::kill::counted(folder);
    // The published meeting is there besides.
    figures.count("double_bookings", counted.double as f64);
    figures.count("lost", (booked + 1) as f64 - counted.meetings as f64);
}
