//! Latency over rate: operations arrive at a set rate whether or not earlier ones are answered (an open loop), each
//! timed from the moment it was due. The mix is a buyer's: agenda, free times, a booking.

use crate::{
    client::{Client, Lost},
    figures::{Figures, Times},
    market::{self, REAL},
    people::{self, Ids},
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};
use system_tests::{machine::Watch, market::Folder, serve::Server};
use tokio::{runtime::Runtime, sync::Mutex};

/// Operations offered a second.
const RATES: [usize; 6] = [50, 100, 200, 400, 800, 1600];
/// Where answers come so late, more arrives than is answered.
const TOO_LATE_MS: f64 = 1000.0;
/// Connections that stay open.
const CONNECTIONS: usize = 300;

struct Buyer {
    number: usize,
    client: Mutex<Client>,
}

pub(crate) fn measure(runtime: &Runtime, time: Duration, figures: &mut Figures) {
    println!("== latency over rate");
    let folder = Folder::new();
    market::make(&folder, REAL);
    let server = Server::start(&folder, &[]);
    let emails: Vec<String> = (0..CONNECTIONS).map(market::buyer).collect();
    let cookies = people::sign_in(&server, &folder, &emails);
    let organizer = people::sign_in(&server, &folder, &[market::organizer(0)]);
    runtime.block_on(async {
        let ids = Arc::new(Ids::of(server.address, &organizer[0]).await);
        let mut buyers = Vec::new();
        for (number, cookie) in cookies.iter().enumerate() {
            let client = Mutex::new(Client::open(server.address, cookie).await.expect("connected"));
            buyers.push(Arc::new(Buyer { number, client }));
        }
        let places = Arc::new(AtomicUsize::new(0));
        for rate in RATES {
            let row = at(rate, time, &buyers, &ids, &places).await;
            println!("   {rate} a second: p99 {:.1} ms", row[3]);
            figures.curve.push(row);
            // More than it can do: at higher rates it only waits longer.
            if row[3] > TOO_LATE_MS {
                break;
            }
        }
    });
    server.end();
}

async fn at(rate: usize, time: Duration, buyers: &[Arc<Buyer>], ids: &Arc<Ids>, places: &Arc<AtomicUsize>) -> [f64; 5] {
    let total = rate * time.as_secs() as usize;
    let watch = Watch::start();
    let mut asked = Vec::new();
    for n in 0..total {
        let due = Duration::from_secs_f64(n as f64 / rate as f64);
        tokio::time::sleep(due.saturating_sub(watch.elapsed())).await;
        let (buyer, ids, places) = (buyers[n % buyers.len()].clone(), ids.clone(), places.clone());
        asked.push(tokio::spawn(async move {
            let done = one(n, &buyer, &ids, &places).await;
            (watch.elapsed().saturating_sub(due), done)
        }));
    }
    let (mut times, mut errors) = (Times::default(), 0_usize);
    for one in asked {
        let (took, done) = one.await.expect("an operation's work");
        times.add(took);
        errors += usize::from(done.is_err());
    }
    let answered = total as f64 / watch.seconds();
    [
        rate as f64,
        answered,
        times.within(0.5),
        times.within(0.99),
        errors as f64,
    ]
}

async fn one(n: usize, buyer: &Buyer, ids: &Ids, places: &AtomicUsize) -> Result<(), Lost> {
    let mut client = buyer.client.lock().await;
    let pair = |exhibitor: usize| json!({"buyer": ids.buyers[buyer.number], "exhibitor": ids.exhibitors[exhibitor]});
    match n / CONNECTIONS % 3 {
        0 => client.ask("MyAgenda", &json!({})).await.map(drop),
        1 => client
            .ask("Suggestions", &pair(n % ids.exhibitors.len()))
            .await
            .map(drop),
        _ => {
            // A place of one's own that nobody has asked for yet; later rounds hear that it is taken, which is an answer.
            let round = places.fetch_add(1, Relaxed) / CONNECTIONS;
            let slot = 1 + round % (market::SLOTS - 1);
            let mut variables = pair((buyer.number + slot + 1) % ids.exhibitors.len());
            variables["id"] = market::fresh().into();
            variables["slot"] = slot.into();
            client.ask("BookMeeting", &variables).await.map(drop)
        }
    }
}
