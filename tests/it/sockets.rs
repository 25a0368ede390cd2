//! Listening: who is signed in is told when a timetable is published, as long as the login holds, and nobody else.

use serde_json::json;
use std::time::Duration;
use system_tests::{
    browser::Browser,
    http::Request,
    machine,
    market::{Folder, Stage},
    serve::Server,
    socket::Socket,
};

/// How long an event that must not come is given to come; one that must comes within milliseconds.
const SILENCE: Duration = Duration::from_millis(500);

fn publish(organizer: &Browser) {
    let id = organizer.ask("Timetables", &json!({}))["timetables"][0]["id"].clone();
    let done = organizer.ask("PublishTimetable", &json!({"id": id, "key": machine::uuid()}));
    assert_eq!(done["publishTimetable"]["state"], "PUBLISHED", "{done}");
}

#[test]
fn who_listens_is_told_of_a_publication_as_long_as_the_login_holds() {
    let folder = Folder::at(Stage::Proposed);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let own = format!("http://{}", server.address);
    let (staying, leaving) = (server.browser_of(&folder, "B001"), server.browser_of(&folder, "B002"));
    let mut stays = Socket::listening(&staying, &[]);
    let mut from_a_page = Socket::listening(&staying, &[("origin", &own), ("sec-fetch-site", "same-origin")]);
    let mut leaves = Socket::listening(&leaving, &[]);
    leaving.clone().send(Request::post("/sign-out")).expect(303);
    publish(&organizer);
    assert_eq!((stays.version(), from_a_page.version()), (1, 1));
    let came = leaves.within(SILENCE);
    let event = came.as_ref().is_some_and(|message| message["type"] == "next");
    assert!(!event, "told after signing out: {came:?}");
}

#[test]
fn who_listens_is_told_of_a_publication_from_the_command_line() {
    let folder = Folder::at(Stage::Proposed);
    let server = Server::start(&folder, &[]);
    let mut socket = Socket::listening(&server.browser_of(&folder, "B001"), &[]);
    folder.run(&["timetable", "publish", "1"]).say().good();
    assert_eq!(socket.version(), 1);
}

#[test]
fn nobody_else_may_listen() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let nobody = server.browser();
    let mut somebody = server.browser();
    somebody.cookies.insert("ichiba".to_owned(), "guessed".to_owned());
    for browser in [&nobody, &somebody] {
        assert_eq!(Socket::open(browser, &[]).expect_err("refused"), 401);
    }
    let buyer = server.browser_of(&folder, "B001");
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        assert_eq!(
            Socket::open(&buyer, &[(name, value)]).expect_err("refused"),
            403,
            "{name}: {value}"
        );
    }
    assert!(Socket::open(&buyer, &[]).is_ok());
}

#[test]
fn a_socket_is_no_way_around_the_limits_of_http() {
    let folder = Folder::at(Stage::Proposed);
    let server = Server::start(&folder, &[]);
    let organizer = server.browser_of(&folder, "OR01");
    let version = organizer.ask("Timetables", &json!({}))["timetables"][0].clone();
    let mut socket = Socket::open(&organizer, &[]).expect("a socket");
    socket.send(&json!({"type": "connection_init"}));
    assert_eq!(socket.message().expect("an answer")["type"], "connection_ack");
    let discard = "mutation($id: UUID!, $key: UUID!) { discardTimetable(input: {id: $id, key: $key}) { __typename } }";
    let variables = json!({"id": version["id"], "key": machine::uuid()});
    for (number, query) in [
        discard,
        "{ __schema { types { name } } }",
        "{ buyers { edges { node { code } } } }",
    ]
    .into_iter()
    .enumerate()
    {
        let payload = json!({"query": query, "variables": variables});
        socket.send(&json!({"id": number.to_string(), "type": "subscribe", "payload": payload}));
        let answer = socket.message().unwrap_or_default();
        assert!(
            answer["payload"]["data"].is_null(),
            "free documents are for development: {answer}"
        );
        let mut again = Socket::open(&organizer, &[]).expect("a socket");
        again.send(&json!({"type": "connection_init"}));
        assert_eq!(again.message().expect("an answer")["type"], "connection_ack");
        socket = again;
    }
    let state = organizer.ask("Timetables", &json!({}))["timetables"][0]["state"].clone();
    assert_eq!(state, "PROPOSED", "a mutation came in by the socket");
}
