//! PostgreSQL: the same market on a server, and two processes on one database, as a rolling restart has them.

use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    thread,
};
use system_tests::{
    backup::Rows,
    browser::Browser,
    database::Postgres,
    machine,
    market::{self, Folder},
    run::LIMIT,
    serve::Server,
};

/// A published market on a fresh database; its folder holds mail only. With the times it took.
fn published() -> (Postgres, Folder, String) {
    let database = Postgres::fresh();
    let folder = Folder::on(&database.url);
    let files = market::ahead();
    let acts = [
        &["import", files.text()][..],
        &["timetable", "propose", "--seconds", "1"],
        &["timetable", "publish", "1"],
    ];
    let times = acts.map(|act| {
        let said = folder.run(act).say();
        let time = format!("{} {:.2} s", act[act.len() - 2], said.seconds);
        said.good();
        time
    });
    (database, folder, times.join(", "))
}

/// A buyer's first meeting, as the buyer's agenda has it.
fn first_meeting(buyer: &Browser) -> Value {
    let agenda = buyer.ask("MyAgenda", &json!({}));
    let entries = agenda["myAgenda"]["entries"].as_array().expect("entries");
    let meeting = entries.iter().find(|entry| entry["kind"] == "MEETING");
    meeting.cloned().unwrap_or(Value::Null)
}

fn meetings(buyer: &Browser) -> usize {
    let agenda = buyer.ask("MyAgenda", &json!({}));
    let entries = agenda["myAgenda"]["entries"].as_array().expect("entries");
    entries.iter().filter(|entry| entry["kind"] == "MEETING").count()
}

/// The id of a buyer or exhibitor, by code or by the name of its organisation.
fn id_of(nodes: &[Value], matches: impl Fn(&Value) -> bool) -> Value {
    nodes.iter().find(|node| matches(node)).expect("found")["id"].clone()
}

#[test]
fn two_processes_on_one_database_are_one_market() {
    let (_database, folder, times) = published();
    println!("on PostgreSQL: {times}");
    let (one, two) = (Server::start(&folder, &[]), Server::start(&folder, &[]));
    let organizer = one.browser_of(&folder, "OR01");
    // A login made at one holds at the other.
    let mut buyer = one.browser_of(&folder, "B001");
    buyer.address = two.address;
    let before = meetings(&buyer);
    let entry = first_meeting(&buyer);
    let meeting = &entry["meeting"];
    let cancelled = organizer.ask("CancelMeeting", &json!({"id": meeting["id"], "key": machine::uuid()}));
    assert_eq!(cancelled["cancelMeeting"]["state"], "CANCELLED", "{cancelled}");
    assert_eq!(meetings(&buyer), before - 1, "cancelled at one, seen at the other");

    let buyers = organizer.pages("Buyers", |data| &data["buyers"]);
    let exhibitors = organizer.pages("Exhibitors", |data| &data["exhibitors"]);
    let booth = &meeting["booth"]["code"];
    let slots = organizer.ask("Event", &json!({}))["event"]["days"].take();
    let slots = slots
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|day| day["slots"].as_array().into_iter().flatten());
    let slot = slots
        .clone()
        .find(|slot| slot["startsAt"] == entry["startsAt"])
        .expect("a slot");
    let booking = json!({
        "id": machine::uuid(),
        "buyer": id_of(&buyers, |node| node["code"] == "B001"),
        "exhibitor": id_of(&exhibitors, |node| node["booth"]["code"] == *booth),
        "slot": slot["number"],
    });
    let booked = organizer.ask("BookMeeting", &booking);
    assert_eq!(booked["bookMeeting"]["__typename"], "Meeting", "{booked}");
    assert_eq!(meetings(&buyer), before, "booked at one, seen at the other");
    // The same request at the other process finds the same meeting; another for the same pair is refused.
    let mut elsewhere = organizer.clone();
    elsewhere.address = two.address;
    assert_eq!(
        elsewhere.ask("BookMeeting", &booking)["bookMeeting"]["id"],
        booking["id"]
    );
    let mut twice = booking.clone();
    twice["id"] = json!(machine::uuid());
    assert_eq!(
        elsewhere.ask("BookMeeting", &twice)["bookMeeting"]["code"],
        "pair_has_meeting"
    );
    assert_eq!(meetings(&buyer), before);
}

#[test]
fn whoever_reads_while_another_process_publishes_sees_one_version_or_the_next() {
    let (_database, folder, times) = published();
    println!("on PostgreSQL: {times}");
    let (one, two) = (Server::start(&folder, &[]), Server::start(&folder, &[]));
    let organizer = one.browser_of(&folder, "OR01");
    let proposal = json!({"id": machine::uuid(), "seconds": 1, "seed": 7});
    let started = organizer.ask("StartTimetableRun", &proposal)["startTimetableRun"].clone();
    assert_eq!(started["__typename"], "TimetableRun", "{started}");
    let proposed = machine::until("the end of the run", LIMIT, || {
        let run = organizer.ask("TimetableRun", &json!({"id": proposal["id"]}))["timetableRun"].clone();
        (run["state"] == "DONE").then_some(run)
    });
    let mut reader = organizer.clone();
    reader.address = two.address;
    let read = |reader: &Browser| {
        let timetable = reader.ask("Timetable", &json!({}))["publishedTimetable"].take();
        let first = timetable["placements"]["edges"].to_string();
        (
            timetable["version"].as_u64().expect("a version"),
            timetable["placed"].as_u64(),
            first,
        )
    };
    let done = AtomicBool::new(false);
    let (seen, old) = (read(&reader), read(&reader));
    let all = thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut all = vec![seen];
            while !done.load(SeqCst) {
                all.push(read(&reader));
            }
            all.push(read(&reader));
            all
        });
        let key = json!({"id": proposal["id"], "key": machine::uuid()});
        let published = organizer.ask("PublishTimetable", &key)["publishTimetable"].clone();
        done.store(true, SeqCst);
        assert_eq!(published["state"], "PUBLISHED", "{published}");
        reading.join().expect("a reader")
    });
    let new = all.last().expect("read last").clone();
    assert_eq!((old.0, new.0, new.1), (1, 2, proposed["placed"].as_u64()));
    let switch = all.iter().position(|one| one.0 == 2).expect("seen in the end");
    assert!(
        all[..switch].iter().all(|one| *one == old),
        "something between the versions was read"
    );
    assert!(
        all[switch..].iter().all(|one| *one == new),
        "something between the versions was read"
    );
    println!(
        "{} reads while publishing: {switch} of version 1, then version 2 only",
        all.len()
    );
    // Both can go back to it.
    let back = organizer.ask("Timetables", &json!({}))["timetables"].clone();
    let first = id_of(back.as_array().expect("versions"), |node| node["version"] == 1);
    let mut elsewhere = organizer.clone();
    elsewhere.address = two.address;
    let rolled = elsewhere.ask("RollBackTimetable", &json!({"id": first, "key": machine::uuid()}));
    assert_eq!(rolled["rollBackTimetable"]["version"], 1, "{rolled}");
    assert_eq!(read(&organizer).0, 1);
}

#[test]
fn a_backup_travels_between_the_two_databases() {
    let embedded = market::small();
    let server = Server::start(&embedded, &[]);
    let organizer = server.browser_of(&embedded, "OR01");
    let buyer = server.browser_of(&embedded, "B001");
    // Online: while it serves, and is asked all the time.
    let done = AtomicBool::new(false);
    let file = embedded.file("market.backup");
    let asked = thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut asked = 0;
            while !done.load(SeqCst) {
                buyer.ask("MyAgenda", &json!({}));
                asked += 1;
            }
            asked
        });
        let said = embedded.run(&["backup", &file]).say();
        done.store(true, SeqCst);
        println!("backup while serving: {} in {:.2} s", said.out.trim(), said.seconds);
        said.good();
        asking.join().expect("a client")
    });
    println!("{asked} agendas were answered meanwhile");
    let database = Postgres::fresh();
    let rows = Rows::of(&embedded).state();
    for elsewhere in [Folder::new(), Folder::on(&database.url)] {
        let said = elsewhere.run(&["restore", &file]).say();
        println!("restore: {} in {:.2} s", said.out.trim(), said.seconds);
        said.good();
        Rows::of(&elsewhere).state().assert_same(&rows, "restored");
        let doctor = elsewhere.run(&["doctor"]).say().good();
        assert!(doctor.contains("unbroken"), "{doctor}");
        let restored = Server::start(&elsewhere, &[]);
        for (browser, operation) in [
            (&organizer, "Timetable"),
            (&organizer, "Timetables"),
            (&organizer, "Audit"),
            (&organizer, "Programmes"),
            (&buyer, "MyAgenda"),
            (&buyer, "MyWishes"),
            (&buyer, "Exhibitors"),
            (&buyer, "Event"),
        ] {
            let mut there = browser.clone();
            there.address = restored.address;
            let (here, there) = (browser.ask(operation, &json!({})), there.ask(operation, &json!({})));
            assert_eq!(here, there, "{operation}");
        }
        elsewhere
            .run(&["restore", &file])
            .say()
            .refused(&["the database is not empty"]);
    }
    // A backup that was cut off or changed restores nothing.
    let text = embedded.read("market.backup");
    let half: String = text
        .lines()
        .take(text.lines().count() / 2)
        .fold(String::new(), |all, line| all + line + "\n");
    let changed = text.replacen("tokyo-2025", "tokyo-2026", 1);
    for (name, text) in [("half", half), ("changed", changed), ("empty", String::new())] {
        let nowhere = Folder::new();
        nowhere.write(name, text);
        nowhere
            .run(&["restore", &nowhere.file(name)])
            .say()
            .refused(&["nothing was restored"]);
        assert_eq!(Rows::of(&nowhere).total(), 0, "{name}");
    }
}
