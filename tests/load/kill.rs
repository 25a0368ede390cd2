//! kill -9 in the middle of many bookings, again and again: whatever was promised is there afterwards, and whatever
//! nobody heard the end of is settled by sending it again under its id.

use crate::{
    bookings::{Did, Ground, book},
    client::Client,
    figures::Figures,
    market::{self, LARGE},
};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};
use system_tests::{backup::Rows, machine::Chance, market::Folder};
use tokio::runtime::Runtime;

/// How often the server is killed.
const KILLS: u64 = 5;
/// Connections that book meanwhile.
const CONNECTIONS: usize = 16;

/// What a calendar holds.
pub(crate) struct Counted {
    pub(crate) meetings: usize,
    pub(crate) ids: HashSet<String>,
    /// Buyers, or tables, that two planned meetings want in one slot.
    pub(crate) double: usize,
}

/// Counts it from a backup, which is the same for both databases.
pub(crate) fn counted(folder: &Folder) -> Counted {
    let rows = Rows::of(folder);
    let mut seen: HashSet<String> = HashSet::new();
    let (mut double, mut ids) = (0, HashSet::new());
    for row in rows.table("meeting").filter(|row| row["state"] == "planned") {
        let text = |name: &str| row[name].to_string();
        let buyer = format!("{} {}", text("buyer_id"), text("slot"));
        let table = format!("{} {} {}", text("booth_id"), text("seat"), text("slot"));
        double += usize::from(!seen.insert(buyer)) + usize::from(!seen.insert(table));
        ids.insert(row["id"].as_str().unwrap_or_default().to_owned());
    }
    Counted {
        meetings: ids.len(),
        ids,
        double,
    }
}

pub(crate) fn measure(runtime: &Runtime, figures: &mut Figures) {
    println!("== kill -9 under load");
    let folder = Folder::new();
    let mut ground = Ground::of(runtime, &folder);
    let places = Arc::new(market::places(LARGE));
    let next = Arc::new(AtomicUsize::new(0));
    let mut chance = Chance::of(1);
    let (mut promised, mut settled) = (Vec::new(), 0);
    for _ in 0..KILLS {
        let Ground { server, cookies, ids } = ground;
        let address = server.address;
        let after = Duration::from_millis(300 + chance.number() % 500);
        let all: Vec<Did> = runtime.block_on(async {
            let each = |cookie: &String| {
                let (ids, places, next) = (ids.clone(), places.clone(), next.clone());
                tokio::spawn(book(address, cookie.clone(), ids, places, next, Duration::from_mins(1)))
            };
            let all: Vec<_> = cookies.iter().take(CONNECTIONS).map(each).collect();
            tokio::time::sleep(after).await;
            tokio::task::spawn_blocking(move || server.kill())
                .await
                .expect("killed");
            let mut done = Vec::new();
            for one in all {
                done.push(one.await.expect("a connection's work"));
            }
            done
        });
        ground = Ground::again(&folder, cookies, ids);
        let unknown: Vec<_> = all.iter().flat_map(|did| did.unknown.clone()).collect();
        promised.extend(all.into_iter().flat_map(|did| did.booked));
        settled += unknown.len();
        promised.extend(runtime.block_on(settle(&ground, &unknown)));
    }
    ground.server.end();
    let counted = counted(&folder);
    let lost = promised.iter().filter(|id| !counted.ids.contains(*id)).count();
    println!(
        "   {} promised, {settled} of unknown fate settled by their ids, {KILLS} kills",
        promised.len()
    );
    figures.put("lost_after_kill", lost as f64);
    figures.count("double_bookings", counted.double as f64);
}

/// Sends again what nobody heard the end of, twice each: both times the same meeting is answered.
async fn settle(ground: &Ground, unknown: &[(String, market::Place)]) -> Vec<String> {
    let mut client = Client::open(ground.server.address, &ground.cookies[0])
        .await
        .expect("connected");
    let mut settled = Vec::new();
    for (id, place) in unknown {
        let variables: Value = json!({
            "id": id, "buyer": ground.ids.buyers[place.buyer], "exhibitor": ground.ids.exhibitors[place.exhibitor],
            "slot": place.slot,
        });
        for _ in 0..2 {
            let data = client.ask("BookMeeting", &variables).await.expect("an answer");
            // Whoever booked it before it was killed is another organizer, whose key is another's: then the pair meets.
            let said = &data["bookMeeting"];
            let there = said["id"] == id.as_str() || said["code"] == "pair_has_meeting";
            assert!(there, "{data}");
        }
        settled.push(id.clone());
    }
    settled
}
