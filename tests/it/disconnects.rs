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

/// Clients that go away. The promise's figure is 10,000: `ICHIBA_TEST_TIMES=50`.
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

/// Sends the requests from several threads, each cut off after so many bytes.
fn cut(server: &Server, cuts: &[(Vec<u8>, usize)]) {
    thread::scope(|scope| {
        for own in cuts.chunks(cuts.len().div_ceil(AT_ONCE)) {
            scope.spawn(move || {
                for (n, (bytes, stop)) in own.iter().enumerate() {
                    let mut stream = TcpStream::connect(server.address).expect("a connection");
                    stream.write_all(&bytes[..*stop]).expect("taken");
                    stream.set_read_timeout(Some(http::LIMIT)).expect("a limit");
                    let whole = *stop == bytes.len();
                    if n % 3 == 1 {
                        // Some say that nothing more comes.
                        let _ = stream.shutdown(std::net::Shutdown::Write);
                    }
                    if n % 3 == 1 || (n % 3 == 0 && whole) {
                        // Some read a little before they go.
                        let _ = stream.read(&mut [0_u8; 7]);
                    }
                }
            });
        }
    });
}

/// Half of them send everything and go before the answer.
fn stop(client: usize, bytes: &[u8], chance: &mut Chance) -> usize {
    if client.is_multiple_of(2) {
        bytes.len()
    } else {
        chance.below(bytes.len())
    }
}

fn entries(audit: &[Value], verbs: &[&str], id: &str) -> usize {
    let of_it = |entry: &&Value| entry["detail"].as_str().is_some_and(|detail| detail.contains(id));
    let of_verb = |entry: &&Value| verbs.iter().any(|verb| entry["verb"] == *verb);
    audit.iter().filter(of_verb).filter(of_it).count()
}

/// The verbs of the live calendar: what the log says was done is what the meetings and requests show, and nothing else.
#[test]
fn clients_cut_their_connections_while_they_move_fix_and_accept() {
    let folder = Folder::at(Stage::Published);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let buyers = ["B001", "B002", "B003", "B004"].map(|code| server.browser_of(&folder, code));
    let all: Vec<String> = buyers.iter().flat_map(meetings).collect();
    let (asked, moving) = all.split_at(all.len() / 3);
    // What a third of them was is asked for instead.
    let requests: Vec<String> = asked
        .iter()
        .map(|id| {
            let meeting = organizer.ask("Meeting", &json!({"id": id}))["meeting"].take();
            organizer.ask("CancelMeeting", &json!({"id": id, "key": machine::uuid()}));
            let request = machine::uuid();
            let asks = json!({
                "id": request, "buyer": meeting["buyer"]["id"], "exhibitor": meeting["exhibitor"]["id"],
                "slots": [meeting["slot"]["number"]],
            });
            let done = organizer.ask("RequestMeeting", &asks)["requestMeeting"].take();
            assert_eq!(done["__typename"], "MeetingRequest", "{done}");
            request
        })
        .collect();
    let mut chance = Chance::of(SEED);
    let cuts: Vec<(Vec<u8>, usize)> = (0..machine::times(CLIENTS))
        .map(|client| {
            let key = machine::uuid();
            let (id, request) = (
                &moving[client / 3 % moving.len()],
                &requests[client / 3 % requests.len()],
            );
            let (operation, variables) = match client % 3 {
                0 => ("MoveMeeting", json!({"id": id, "slot": chance.below(60), "key": key})),
                1 => ("LockMeeting", json!({"id": id, "locked": client % 2 == 0, "key": key})),
                _ => ("AcceptRequest", json!({"id": request, "key": key})),
            };
            let bytes = organizer
                .asking(operation, &variables)
                .bytes(&server.address.to_string());
            let stop = stop(client, &bytes, &mut chance);
            (bytes, stop)
        })
        .collect();
    cut(&server, &cuts);
    // No write hangs: one more is answered, and it stands behind all that were begun.
    let last = json!({"id": moving[0], "locked": true, "key": machine::uuid()});
    let last = organizer.ask("LockMeeting", &last)["lockMeeting"].take();
    assert!(
        last["__typename"] == "Meeting" || last["code"] == "already_done",
        "{last}"
    );
    let audit = organizer.pages("Audit", |data| &data["audit"]);
    let (mut changes, mut accepted) = (0, 0);
    for id in moving {
        let meeting = organizer.ask("Meeting", &json!({"id": id}))["meeting"].take();
        let done = entries(&audit, &["moveMeeting", "lockMeeting"], id);
        assert_eq!(meeting["revision"], done, "{id}: half an effect");
        changes += done;
    }
    for id in &requests {
        let request = organizer.ask("MeetingRequest", &json!({"id": id}))["meetingRequest"].take();
        let done = entries(&audit, &["acceptRequest"], id);
        let meets = request["meeting"]["state"] == "PLANNED";
        assert_eq!(
            (request["state"] == "ACCEPTED", meets),
            (done == 1, done == 1),
            "{request}"
        );
        accepted += done;
    }
    println!(
        "{changes} changes of {} meetings, {accepted} of {} requests accepted",
        moving.len(),
        requests.len()
    );
    assert!(changes > 0 && accepted > 0, "nothing came through");
    drop(server);
    assert!(folder.run(&["doctor"]).say().good().contains("unbroken"));
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
    let cuts: Vec<(Vec<u8>, usize)> = (0..machine::times(CLIENTS))
        .map(|client| {
            let id = &all[client % all.len()];
            let request = organizer.asking("CancelMeeting", &json!({"id": id, "key": machine::uuid()}));
            let bytes = request.bytes(&server.address.to_string());
            let stop = stop(client, &bytes, &mut chance);
            (bytes, stop)
        })
        .collect();
    cut(&server, &cuts);
    // No write hangs: one more is answered, and it stands behind all that were begun.
    let last = organizer.ask("CancelMeeting", &json!({"id": all[0], "key": machine::uuid()}));
    let answer = &last["cancelMeeting"];
    assert!(
        answer["state"] == "CANCELLED" || answer["code"] == "meeting_cancelled",
        "{last}"
    );
    println!("{} clients gone in {:.1} s", cuts.len(), watch.seconds());
    let left: Vec<String> = buyers.iter().flat_map(meetings).collect();
    let audit = organizer.pages("Audit", |data| &data["audit"]);
    let mut done = 0;
    for id in &all {
        let entries = entries(&audit, &["cancelMeeting"], id);
        assert_eq!(entries, usize::from(!left.contains(id)), "{id}: half an effect");
        done += entries;
    }
    println!("{done} of {} meetings were cancelled", all.len());
    assert!(done > 0 && done < all.len());
    drop(server);
    assert!(folder.run(&["doctor"]).say().good().contains("unbroken"));
}
