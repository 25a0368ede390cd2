//! `POST /import`: an organizer's files from a page. Looked at first with every check and nothing kept, then kept; every
//! problem where it is; for nobody else.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use system_tests::{
    backup::Rows,
    browser::Browser,
    http::{Answer, Request},
    market::{self, Folder, Stage},
    serve::Server,
};

/// Largest body.
const BODY: usize = 8 * 1024 * 1024;
const PEOPLE: &str = "code,role,organisation,name,reading,latin,email,region,languages\n";

fn file(name: &str, bytes: impl AsRef<[u8]>) -> Value {
    json!({"name": name, "base64": BASE64_STANDARD.encode(bytes)})
}

fn request(browser: &Browser, files: &[Value], apply: bool) -> Request {
    let body = json!({"files": files, "apply": apply});
    browser.with_cookies(Request::post("/import").json(&body))
}

fn sent(browser: &Browser, files: &[Value], apply: bool) -> Answer {
    request(browser, files, apply).send(browser.address)
}

fn of(answer: &Value, noun: &str) -> Value {
    let summary = answer["summary"].as_array().expect("a summary").iter();
    let found = summary.clone().find(|counted| counted["noun"] == noun);
    found.unwrap_or_else(|| panic!("{noun} in {answer}")).clone()
}

fn counted(noun: &str, added: usize, changed: usize, same: usize) -> Value {
    json!({"noun": noun, "added": added, "changed": changed, "same": same, "removed": 0})
}

/// Two advisers, the first of whom is there already under another name.
fn people(first: &str) -> Value {
    let new = "AD98,adviser,,New Adviser,,,new@adviser.example,JP,ja;en";
    file(
        "people.csv",
        format!("{PEOPLE}AD97,adviser,,{first},,,known@adviser.example,JP,ja\n{new}\n"),
    )
}

#[test]
fn a_preview_keeps_nothing_and_what_is_applied_is_what_it_said() {
    let folder = Folder::at(Stage::Imported);
    let known = format!("{PEOPLE}AD97,adviser,,Known Adviser,,,known@adviser.example,JP,ja\n");
    folder.write("people.csv", &known);
    folder.run(&["import", "people.csv"]).say().good();
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let before = Rows::of(&folder);
    let files = [
        people("Known Otherwise"),
        file("wishes.csv", "by,on,rank,avoid\nB001,X01,5,\n"),
    ];

    let preview = sent(&organizer, &files, false).expect(200).json();
    assert_eq!((&preview["applied"], &preview["problems"]), (&json!(false), &json!([])));
    assert_eq!(of(&preview, "people"), counted("people", 1, 1, 0));
    assert_eq!(of(&preview, "participations"), counted("participations", 1, 0, 1));
    assert_eq!(of(&preview, "wishes"), counted("wishes", 0, 0, 1));
    Rows::of(&folder).assert_same(&before, "after a preview");

    let applied = sent(&organizer, &files, true).expect(200).json();
    assert_eq!(
        (&applied["applied"], &applied["summary"]),
        (&json!(true), &preview["summary"])
    );
    let after = Rows::of(&folder);
    assert_eq!(after.count("person"), before.count("person") + 1);
    assert!(
        after
            .rows("person")
            .iter()
            .any(|row| row["written"] == "Known Otherwise")
    );
    assert_eq!(after.count("audit"), before.count("audit") + 1, "one act");

    let again = sent(&organizer, &files, true).expect(200).json();
    assert_eq!(of(&again, "people"), counted("people", 0, 0, 2));
    Rows::of(&folder).state().assert_same(&after.state(), "applied again");
}

#[test]
fn the_whole_market_stays_as_it_is_when_it_comes_again() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let (files, mut sheets) = (market::ahead(), Vec::new());
    for entry in std::fs::read_dir(files.path()).expect("the files") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_str().expect("plain");
        let table = path
            .extension()
            .is_some_and(|extension| extension == "csv" || extension == "toml");
        if table && name != "programmes.toml" && name != "visitors.csv" {
            sheets.push(file(name, files.read(name)));
        }
    }
    let before = Rows::of(&folder);
    let preview = sent(&organizer, &sheets, false).expect(200).json();
    assert_eq!(preview["problems"], json!([]));
    for counted in preview["summary"].as_array().expect("a summary") {
        let moved = ["added", "changed", "removed"].map(|what| counted[what].as_u64());
        assert_eq!(moved, [Some(0); 3], "{counted}");
    }
    assert_eq!(of(&preview, "buyers"), counted("buyers", 0, 0, 300));
    // Programmes are everybody's: whoever runs one event changes none but its own.
    let programmes = [file("programmes.toml", files.read("programmes.toml"))];
    let refused = sent(&organizer, &programmes, true).expect(200).json();
    let message = &refused["problems"][0]["message"];
    assert!(
        message
            .as_str()
            .is_some_and(|text| text.contains("event's own programme")),
        "{refused}"
    );
    Rows::of(&folder).assert_same(&before, "after previews and a refusal");
}

#[test]
fn every_problem_is_said_where_it_is_and_nothing_is_kept() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let before = Rows::of(&folder);
    let files = [
        people("Known Adviser"),
        file("../wishes.csv", "by,on,rank,avoid\nB001,X01,9,\nB999,X01,5,\n"),
        json!({"name": "buyers.csv", "base64": "not base64!"}),
    ];
    for apply in [false, true] {
        let broken = sent(&organizer, &files, apply).expect(200).json();
        assert_eq!(
            broken["problems"],
            json!([{"file": "buyers.csv", "line": 0, "column": "", "message": "did not come whole; send it again"}])
        );
        let said = sent(&organizer, &files[..2], apply).expect(200).json();
        assert_eq!(
            (&said["applied"], &said["summary"], &said["more"]),
            (&json!(false), &json!([]), &json!(0))
        );
        let problems = said["problems"].as_array().expect("problems");
        assert_eq!(problems.len(), 2, "{said}");
        assert_eq!(
            problems[0],
            json!({"file": "wishes.csv", "line": 2, "column": "rank",
                   "message": "9 is out of range; write a number from 1 to 5"})
        );
        assert_eq!(
            (&problems[1]["line"], &problems[1]["column"]),
            (&json!(3), &json!("by"))
        );
    }
    let japanese = request(&organizer, &files[..2], false).header("accept-language", "ja");
    let said = japanese.send(server.address).expect(200).json();
    let message = said["problems"][0]["message"].as_str().expect("a sentence").to_owned();
    assert!(!message.is_ascii() && !message.contains("write a number"), "{message}");
    // What only the database can know is said too.
    let market = market::ahead().read("market.toml").replacen("tokyo", "kyoto", 1);
    let other = sent(&organizer, &[file("market.toml", market)], true)
        .expect(200)
        .json();
    assert_eq!(other["applied"], false, "{other}");
    assert!(!other["problems"].as_array().expect("problems").is_empty(), "{other}");
    let none = sent(&organizer, &[], true).expect(200).json();
    assert_eq!(none["problems"].as_array().map(Vec::len), Some(1), "{none}");
    Rows::of(&folder).assert_same(&before, "after bad files");
}

#[test]
fn for_organizers_from_our_own_pages_and_not_too_large() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let before = Rows::of(&folder);
    let files = [people("Known Adviser")];
    for code in ["B001", "OF01"] {
        let denied = sent(&server.browser_of(&folder, code), &files, true).expect(404).json();
        assert_eq!(denied["errors"][0]["extensions"]["code"], "not_found", "{code}");
    }
    sent(&server.browser(), &files, true).expect(404);

    let body = json!({"files": files, "apply": true}).to_string();
    let plain = |content: &str| organizer.with_cookies(Request::post("/import").header("content-type", content));
    plain("application/json")
        .body(body.clone())
        .send(server.address)
        .expect(403);
    plain("text/plain")
        .header("x-ichiba", "1")
        .body(body.clone())
        .send(server.address)
        .expect(415);
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        request(&organizer, &files, true)
            .header(name, value)
            .send(server.address)
            .expect(403);
    }
    organizer
        .with_cookies(Request::get("/import"))
        .send(server.address)
        .expect(405);

    let own = |body: Vec<u8>| {
        plain("application/json")
            .header("x-ichiba", "1")
            .body(body)
            .send(server.address)
    };
    own(b"{\"files\": 1}".to_vec()).expect(400);
    let many: Vec<Value> = (0..51).map(|number| file(&format!("{number}.csv"), "x")).collect();
    sent(&organizer, &many, true).expect(400);
    Rows::of(&folder)
        .state()
        .assert_same(&before.state(), "after what was refused");

    let mut padded = json!({"files": files, "apply": false}).to_string().into_bytes();
    padded.resize(BODY, b' ');
    own(padded.clone()).expect(200);
    padded.push(b' ');
    own(padded).expect(413);
}

/// What is asked for too often waits; the budget is the person's, as for everything else.
#[test]
fn many_imports_at_once_are_too_many() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    sent(&organizer, &[people("Known Adviser")], false).expect(200);
    // What cannot be read counts too, and is quick to ask.
    let ask = || organizer.with_cookies(Request::post("/import").json(&json!({})));
    let statuses: Vec<u16> = (0..100).map(|_| ask().send(server.address).status).collect();
    assert!(statuses.contains(&400) && statuses.contains(&429), "{statuses:?}");
}
