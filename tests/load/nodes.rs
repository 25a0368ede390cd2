//! Two processes on one PostgreSQL: how long from the moment a booking is sent to one until who listens to the other has
//! read it there. By Redis, and without it, where each process looks at the database once a second.

use crate::{
    figures::{Figures, Times},
    market::{self, REAL, SLOTS},
};
use serde_json::{Value, json};
use std::time::Duration;
use system_tests::{
    browser::Browser,
    database::Postgres,
    machine::{self, Watch},
    market::Folder,
    redis::Redis,
    serve::Server,
    socket::Socket,
};

/// Bookings that are timed.
const BOOKINGS: usize = 25;

pub(crate) fn measure(figures: &mut Figures) {
    println!("== a booking seen at another process");
    let redis = Redis::start();
    let mut times = at(&[("ICHIBA_REDIS_URL", &redis.url())], Some(&redis));
    figures.put("cross_node_ms", times.within(1.0));
    figures.put("cross_node_p50_ms", times.within(0.5));
    figures.put("cross_node_without_redis_ms", at(&[], None).within(1.0));
}

fn at(env: &[(&str, &str)], redis: Option<&Redis>) -> Times {
    let postgres = Postgres::fresh();
    let folder = Folder::on(&postgres.url);
    market::make(&folder, REAL);
    let (one, two) = (Server::start(&folder, env), Server::start(&folder, env));
    if let Some(redis) = redis {
        machine::until("both servers at Redis", Duration::from_secs(10), || {
            (redis.say(&["PUBLISH", "ichiba:changes", "hello"])? == ":2").then_some(())
        });
    }
    let of = |server: &Server, email: String| server.browser().signed_in(&folder.link_to(&email));
    let organizer = of(&one, market::organizer(0));
    // The first buyer has the meeting that is published.
    let buyer = of(&two, market::buyer(1));
    let ids = |operation: &str, list: &'static str| organizer.pages(operation, |data| &data[list]);
    let (buyers, exhibitors) = (ids("Buyers", "buyers"), ids("Exhibitors", "exhibitors"));
    let mut socket = Socket::hearing(&buyer, "AgendaChanged");
    let mut times = Times::default();
    for n in 0..BOOKINGS.min(SLOTS - 1) {
        let id = market::fresh();
        let watch = Watch::start();
        let booked = organizer.ask(
            "BookMeeting",
            &json!({"id": id, "buyer": buyers[1]["id"], "exhibitor": exhibitors[n + 1]["id"], "slot": n + 1}),
        );
        assert_eq!(booked["bookMeeting"]["__typename"], "Meeting", "{booked}");
        // The news first: the database itself would show it at once to whoever asks.
        socket.message().expect("an event");
        while !shows(&buyer, &id) {
            socket.message().expect("an event");
        }
        times.add(watch.elapsed());
    }
    one.end();
    two.end();
    times
}

/// Whether the meeting stands in one's agenda.
fn shows(browser: &Browser, meeting: &str) -> bool {
    let data = browser.ask("MyAgenda", &Value::Null);
    let entries = data["myAgenda"]["entries"].as_array().into_iter().flatten();
    entries
        .filter_map(|entry| entry["meeting"]["id"].as_str())
        .any(|id| id == meeting)
}
