//! kill -9 in the middle of an act: everything of it or nothing, and the same act sent again succeeds. Moments are
//! spread over the measured time of the act; a kill at every single statement, with its negative control, is a test of
//! storage's own.

use serde_json::{Value, json};
use std::{sync::mpsc, thread, time::Duration};
use system_tests::{
    backup::Rows,
    browser::Browser,
    database,
    machine::{self, Watch},
    market::{self, Folder, Stage},
    serve::Server,
};

/// Moments at which an act is killed.
const MOMENTS: u32 = 10;
/// The part of the act's time over which they lie; a little beyond its end.
const SPREAD: f64 = 1.1;

fn moment(number: u32, whole: Duration) -> Duration {
    whole.mul_f64(SPREAD * f64::from(number + 1) / f64::from(MOMENTS))
}

/// Lets a moment pass: this is when the fault comes, nothing is waited for.
fn let_pass(time: Duration) {
    let (_keep, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(time);
}

fn sound(folder: &Folder) {
    let doctor = folder.run(&["doctor"]).say().good();
    assert!(doctor.contains("unbroken"), "{doctor}");
}

/// How many rows an import has made, by table.
fn imported(folder: &Folder) -> Vec<String> {
    let tables = [
        "programme",
        "target",
        "event",
        "slot",
        "hall",
        "zone",
        "organisation",
        "person",
        "participation",
        "exhibitor",
        "booth",
        "staffing",
        "buyer",
        "artist",
        "wish",
        "session",
        "attendance",
        "absence",
        "occupancy",
        "audit",
    ];
    let questions = tables.map(|table| format!("SELECT count(*) FROM {table}"));
    let questions: Vec<&str> = questions.iter().map(String::as_str).collect();
    database::asked(&folder.path().join("ichiba.db"), &questions)
}

#[test]
fn an_import_killed_at_any_moment_is_whole_or_nothing() {
    let files = market::ahead();
    let whole = Folder::new();
    let watch = Watch::start();
    whole.run(&["import", files.text()]).say().good();
    let time = watch.elapsed();
    let expected = imported(&whole);
    let (mut nothing, mut all) = (0, 0);
    for number in 0..MOMENTS {
        let folder = Folder::new();
        let mut process = folder.run(&["import", files.text()]).start();
        let_pass(moment(number, time));
        process.kill();
        sound(&folder);
        let rows = imported(&folder);
        if rows.iter().all(|count| count == "0") {
            nothing += 1;
            folder.run(&["import", files.text()]).say().good();
            assert_eq!(imported(&folder), expected, "imported after a kill");
            sound(&folder);
        } else {
            assert_eq!(
                rows, expected,
                "half an import, killed after part {number} of {MOMENTS}"
            );
            all += 1;
        }
        if number + 1 == MOMENTS {
            folder.run(&["import", files.text()]).say().good();
            Rows::of(&folder)
                .state()
                .assert_same(&Rows::of(&whole).state(), "imported after kills");
        }
    }
    println!(
        "import of {:.2} s killed {MOMENTS} times: {nothing} times nothing, {all} times everything",
        time.as_secs_f64()
    );
    assert!(nothing > 0, "no kill came in time");
}

/// The proposed version's id.
fn proposed(organizer: &Browser) -> Value {
    organizer.ask("Timetables", &json!({}))["timetables"][0]["id"].clone()
}

/// What publishing makes, of which there must be all or nothing: the version's state, rows of tables.
fn published(folder: &Folder) -> Vec<String> {
    let questions = [
        "SELECT state FROM timetable",
        "SELECT phase FROM event",
        "SELECT count(*) FROM meeting",
        "SELECT count(*) FROM occupancy",
        "SELECT count(*) FROM outbox",
        "SELECT count(*) FROM audit",
        "SELECT count(*) FROM idempotency",
    ];
    database::asked(&folder.path().join("ichiba.db"), &questions)
}

#[test]
fn a_publication_killed_at_any_moment_is_one_act() {
    let prepared = Folder::at(Stage::Proposed);
    let before = published(&prepared);
    let server = Server::start(&prepared, &[]);
    let organizer = server.browser_of(&prepared, "OR01");
    let variables = json!({"id": proposed(&organizer), "key": machine::uuid()});
    let watch = Watch::start();
    organizer.ask("PublishTimetable", &variables);
    let time = watch.elapsed();
    server.kill();
    let after = published(&prepared);
    assert_eq!((before[0].as_str(), after[0].as_str()), ("proposed", "published"));
    let (mut nothing, mut all, mut answered) = (0, 0, 0);
    for number in 0..MOMENTS {
        let folder = Folder::at(Stage::Proposed);
        let server = Server::start(&folder, &[]);
        let mut organizer = server.browser_of(&folder, "OR01");
        let request = organizer.asking("PublishTimetable", &variables);
        let address = server.address;
        let sending = thread::spawn(move || request.try_send(address).ok());
        let_pass(moment(number, time));
        server.kill();
        let answer = sending.join().expect("a client").filter(|answer| answer.status == 200);
        let rows = published(&folder);
        if rows == after {
            all += 1;
        } else {
            assert_eq!(
                rows, before,
                "half a publication, killed after part {number} of {MOMENTS}"
            );
            assert!(answer.is_none(), "confirmed, and lost");
            nothing += 1;
        }
        answered += usize::from(answer.is_some());
        sound(&folder);
        let server = Server::start(&folder, &[]);
        organizer.address = server.address;
        let again = organizer.ask("PublishTimetable", &variables)["publishTimetable"].clone();
        assert_eq!(
            (&again["__typename"], &again["state"]),
            (&json!("Timetable"), &json!("PUBLISHED")),
            "{again}"
        );
        server.kill();
        assert_eq!(published(&folder), after, "sent again");
        sound(&folder);
    }
    println!(
        "publication of {:.2} s killed {MOMENTS} times: {nothing} times nothing, {all} times everything, {answered} answered",
        time.as_secs_f64()
    );
    assert!(nothing > 0, "no kill came in time");
}
