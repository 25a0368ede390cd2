//! Clients that go away in the middle of a word: no half effect, no write that hangs, everybody else is answered.

use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};
use system_tests::{
    browser::Browser,
    http,
    machine::{self, Chance, Watch},
    market::{Folder, Stage},
    serve::Server,
};

/// Clients that go away.
const CLIENTS: usize = 200;
/// How many go at once.
const AT_ONCE: usize = 8;
/// The seed of where they stop; change it to try others.
const SEED: u64 = 20_251_105;

/// The buyer's meetings and what would cancel each.
fn meetings(buyer: &Browser) -> Vec<String> {
    let agenda = buyer.ask("MyAgenda", &json!({}));
    let entries = agenda["myAgenda"]["entries"].as_array().expect("entries");
    let ids = entries.iter().filter_map(|entry| entry["meeting"]["id"].as_str());
    ids.map(str::to_owned).collect()
}

fn cancelled(entries: &[Value], id: &str) -> usize {
    let of_it = |entry: &&Value| entry["detail"].as_str().is_some_and(|detail| detail.contains(id));
    entries
        .iter()
        .filter(|entry| entry["verb"] == "cancelMeeting")
        .filter(of_it)
        .count()
}

#[test]
fn two_hundred_clients_cut_their_connections() {
    let folder = Folder::at(Stage::Published);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let buyers = ["B001", "B002", "B003", "B004", "B005", "B007", "B008", "B009"];
    let buyers = buyers.map(|code| server.browser_of(&folder, code));
    let all: Vec<String> = buyers.iter().flat_map(meetings).collect();
    let watch = Watch::start();
    let mut chance = Chance::of(SEED);
    let cuts: Vec<(Vec<u8>, usize)> = (0..CLIENTS)
        .map(|client| {
            let id = &all[client % all.len()];
            let request = organizer.asking("CancelMeeting", &json!({"id": id, "key": machine::uuid()}));
            let bytes = request.bytes(&server.address.to_string());
            // Half of them send everything and go before the answer.
            let stop = if client % 2 == 0 {
                bytes.len()
            } else {
                chance.below(bytes.len())
            };
            (bytes, stop)
        })
        .collect();
    thread::scope(|scope| {
        for own in cuts.chunks(CLIENTS.div_ceil(AT_ONCE)) {
            scope.spawn(move || {
                for (bytes, stop) in own {
                    let mut stream = TcpStream::connect(server.address).expect("a connection");
                    stream.write_all(&bytes[..*stop]).expect("taken");
                    if stop % 3 == 0 {
                        // Some read a little before they go.
                        stream.set_read_timeout(Some(http::LIMIT)).expect("a limit");
                        let _ = stream.shutdown(std::net::Shutdown::Write);
                        let _ = stream.read(&mut [0_u8; 7]);
                    }
                }
            });
        }
    });
    // No write hangs: one more is answered, and it stands behind all that were begun.
    let last = organizer.ask("CancelMeeting", &json!({"id": all[0], "key": machine::uuid()}));
    let answer = &last["cancelMeeting"];
    assert!(
        answer["state"] == "CANCELLED" || answer["code"] == "meeting_cancelled",
        "{last}"
    );
    println!("{CLIENTS} clients gone in {:.1} s", watch.seconds());
    let left: Vec<String> = buyers.iter().flat_map(meetings).collect();
    let audit = organizer.pages("Audit", |data| &data["audit"]);
    let mut done = 0;
    for id in &all {
        let entries = cancelled(&audit, id);
        assert_eq!(entries, usize::from(!left.contains(id)), "{id}: half an effect");
        done += entries;
    }
    println!("{done} of {} meetings were cancelled", all.len());
    assert!(done > 0 && done < all.len());
    drop(server);
    assert!(folder.run(&["doctor"]).say().good().contains("unbroken"));
}
