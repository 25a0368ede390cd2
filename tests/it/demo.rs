//! The demonstration, as a newcomer meets it: one command, counts and times, a link for each role, a market that works.

use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use system_tests::{
    browser::{Browser, path_of, query_of},
    machine,
    market::{self, Folder},
    run::Run,
    serve::Server,
};

/// Memory a serving process may use, in MB.
const MEMORY: f64 = 150.0;
/// A second start on existing data: from the command to answers, in seconds. The promise of a quiet machine; a busy
/// one is given ten times as much.
const START: f64 = 1.0;

const ROLES: [&str; 9] = [
    "visitor",
    "buyer",
    "exhibitor",
    "adviser",
    "speaker",
    "interpreter",
    "door_staff",
    "organizer",
    "officer",
];

/// The seed keeps no visitors; `cargo xtask demo` generates some.
const VISITORS: &str = "code,role,organisation,name,reading,latin,email,region,languages
V00001,visitor,,中村 里奈,ナカムラ リナ,Nakamura Rina,rina.nakamura@visitors.example,JP,ja
V00002,visitor,Plattenladen,Anna Schmidt,アンナ・シュミット,Anna Schmidt,anna@plattenladen.example,DE,de;en
";

fn demo(folder: &Folder, port: u16, more: &[&str]) -> Run {
    folder.write("visitors.csv", VISITORS);
    let (seed, port) = (market::seed(), port.to_string());
    let seed = seed.to_str().expect("a plain path");
    let args = [
        "demo",
        "--data",
        folder.text(),
        "--seed",
        seed,
        "--port",
        &port,
        "--visitors",
        "visitors.csv",
    ];
    folder.run(&[&args, more].concat())
}

fn start(folder: &Folder) -> Server {
    Server::launch(|address| demo(folder, address.port(), &[]))
}

/// The links that were printed, by role.
fn links(server: &Server) -> BTreeMap<String, String> {
    let lines = &server.printed;
    let pairs = lines.iter().zip(lines.iter().skip(1));
    let link = |(role, link): (&String, &String)| {
        let link = link.trim().strip_prefix("http").map(|rest| format!("http{rest}"))?;
        Some((role.split_whitespace().next()?.to_owned(), link))
    };
    pairs.filter_map(link).collect()
}

fn number_before(text: &str, word: &str) -> u64 {
    let (before, _) = text
        .split_once(word)
        .unwrap_or_else(|| panic!("no \"{word}\" in:\n{text}"));
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next();
    digits
        .and_then(|n| n.parse().ok())
        .unwrap_or_else(|| panic!("no number before \"{word}\":\n{text}"))
}

#[test]
fn one_command_makes_a_market_and_a_second_start_finds_it() {
    let folder = Folder::new();
    let server = start(&folder);
    let printed = server.printed.join("\n");
    for (count, word) in [
        (300, " buyers"),
        (35, " exhibitors"),
        (250, " artists"),
        (11_908, " wishes"),
    ] {
        assert_eq!(number_before(&printed, word), count, "{printed}");
    }
    assert!(
        number_before(&printed, " of 8528 meetings placed") >= 7_000,
        "{printed}"
    );
    let gap = printed.split_once("gap ").and_then(|(_, rest)| rest.split_once(" %"));
    let gap: f64 = gap.and_then(|(gap, _)| gap.parse().ok()).expect("a gap");
    assert!(gap <= 0.5, "{printed}");
    for line in ["imported ", "proposed ", "published "] {
        let line = server.printed.iter().find(|own| own.starts_with(line)).expect(line);
        assert!(line.ends_with(" s)"), "no time: {line}");
    }
    for role in links(&server).values() {
        assert!(
            role.starts_with(&format!("http://{}/sign-in/enter?token=", server.address)),
            "{role}"
        );
    }
    assert_eq!(links(&server).len(), ROLES.len(), "{printed}");
    let mut organizer = server.browser().signed_in(&links(&server)["organizer"]);
    whole_timetable_is_sound(&organizer);
    let megabytes = server.megabytes();
    println!(
        "first start {:.2} s; memory after the demonstration {megabytes:.0} MB",
        server.seconds
    );
    assert!(!machine::binary_is_release() || megabytes <= MEMORY, "{megabytes} MB");
    server.kill();

    let again = start(&folder);
    let printed = again.printed.join("\n");
    assert!(printed.contains("is there already"), "{printed}");
    assert!(!printed.contains("imported"), "{printed}");
    println!(
        "second start: /readyz after {:.2} s, {:.0} MB",
        again.seconds,
        again.megabytes()
    );
    let limit = if machine::binary_is_release() {
        START
    } else {
        START * 10.0
    };
    assert!(again.seconds <= limit, "{} s", again.seconds);
    organizer.address = again.address;
    let me = organizer.ask("MyAgenda", &json!({}));
    assert_eq!(me["me"]["roles"], json!(["ORGANIZER"]), "logins outlive the process");
}

/// Reads the published timetable by its pages: nobody is in two places, no table holds two meetings, no pair meets
/// twice.
fn whole_timetable_is_sound(organizer: &Browser) {
    let data = organizer.ask("Timetable", &json!({}));
    let placed = data["publishedTimetable"]["placed"].as_u64().expect("a count") as usize;
    let meetings = organizer.pages("Timetable", |data| &data["publishedTimetable"]["placements"]);
    assert_eq!(meetings.len(), placed);
    let (mut buyers, mut tables, mut pairs) = (HashSet::new(), HashSet::new(), HashSet::new());
    for meeting in &meetings {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let at = text(&meeting["slot"]["startsAt"]);
        let (buyer, booth) = (
            text(&meeting["buyer"]["code"]),
            text(&meeting["exhibitor"]["booth"]["code"]),
        );
        let table = meeting["table"].as_u64().expect("a table");
        assert!(
            buyers.insert((buyer.clone(), at.clone())),
            "{buyer} is in two meetings at {at}"
        );
        assert!(
            tables.insert((booth.clone(), table, at.clone())),
            "{booth}/{table} holds two meetings at {at}"
        );
        assert!(
            pairs.insert((buyer.clone(), booth.clone())),
            "{buyer} meets {booth} twice"
        );
    }
}

/// The entries of an agenda follow one another.
fn agenda_is_sound(entries: &[Value]) {
    for pair in entries.windows(2) {
        let (ends, starts) = (pair[0]["endsAt"].as_str(), pair[1]["startsAt"].as_str());
        assert!(ends <= starts, "these overlap: {} and {}", pair[0], pair[1]);
    }
}

#[test]
fn a_link_for_each_role() {
    let folder = Folder::new();
    let server = start(&folder);
    let links = links(&server);
    for role in ROLES {
        let link = &links[role];
        let mut browser = server.browser();
        // Mail scanners open links, more than once; only the button uses one up.
        let first = browser.get(path_of(link)).expect(200);
        assert_eq!(first.all("set-cookie"), [""; 0], "looking sets no cookie");
        assert_eq!(browser.get(path_of(link)).expect(200).text(), first.text());
        browser = browser.signed_in(link);
        let token = query_of(link, "token");
        for mut other in [server.browser(), browser.clone()] {
            other.post("/sign-in/enter", &[("token", token)]).expect(410);
            other.get(path_of(link)).expect(410);
        }
        let data = browser.ask("MyAgenda", &json!({}));
        assert_eq!(data["me"]["roles"], json!([role.to_uppercase()]));
        let name = data["me"]["person"]["name"]["written"].as_str().expect("a name");
        assert!(
            server
                .printed
                .iter()
                .any(|line| line.contains(role) && line.contains(name)),
            "{name}"
        );
        let entries = data["myAgenda"]["entries"].as_array().cloned().unwrap_or_default();
        // At a booth several people meet at once; its agenda is everybody's.
        if role != "exhibitor" {
            agenda_is_sound(&entries);
        }
        let meetings = entries.iter().filter(|entry| entry["kind"] == "MEETING").count();
        match role {
            "buyer" => assert!((10..=32).contains(&meetings), "{meetings} meetings"),
            "exhibitor" => booth_is_sound(&browser),
            _ => assert_eq!(meetings, 0, "{role}"),
        }
        let timetable = browser.ask("Timetable", &json!({}))["publishedTimetable"].clone();
        let may_see = role == "organizer" || role == "officer";
        assert_eq!(timetable.is_object(), may_see, "{role}: {timetable}");
    }
}

fn booth_is_sound(browser: &Browser) {
    let booth = browser.ask("MyBooth", &json!({}))["myBooth"].clone();
    let tables = booth["tables"].as_u64().expect("tables");
    let meetings = booth["meetings"].as_array().expect("meetings");
    assert!(meetings.len() >= 60, "{} meetings at {}", meetings.len(), booth["code"]);
    let mut taken = HashSet::new();
    for meeting in meetings {
        let table = meeting["table"].as_u64().expect("a table");
        assert!((1..=tables).contains(&table), "{meeting}");
        assert!(
            taken.insert((table, meeting["slot"]["number"].as_u64())),
            "twice: {meeting}"
        );
    }
}

#[test]
fn fresh_asks_before_it_deletes_what_demo_did_not_make() {
    let folder = Folder::at(market::Stage::Imported);
    let before = folder.database_bytes();
    for answer in ["n\n", "\n", "", "Yes please\n"] {
        let said = demo(&folder, machine::free_address().port(), &["--fresh"])
            .input(answer)
            .say();
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(
            said.out.contains("not made by demo") && said.out.contains("Nothing was changed"),
            "{said:?}"
        );
        assert!(folder.database_bytes() == before, "{answer:?} changed something");
    }
    let server = Server::launch(|address| demo(&folder, address.port(), &["--fresh"]).input("y\n"));
    assert!(
        server.printed.iter().any(|line| line.contains("imported ")),
        "{:?}",
        server.printed
    );
    server.kill();
    // Made by demo now: begun anew without a question.
    let server = Server::launch(|address| demo(&folder, address.port(), &["--fresh"]));
    assert!(
        server.printed.iter().all(|line| !line.contains("not made by demo")),
        "{:?}",
        server.printed
    );
}

#[test]
fn a_taken_port_and_missing_files_are_said_plainly() {
    let folder = Folder::at(market::Stage::Imported);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let said = folder.run(&["serve"]).env("ICHIBA_LISTEN", &address).say();
    said.refused(&[&address, "choose another port"]);
    let empty = Folder::new();
    let nowhere = empty.file("nowhere");
    let said = empty.run(&["demo", "--data", empty.text(), "--seed", &nowhere]).say();
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("Nothing was imported"), "{said:?}");
}
