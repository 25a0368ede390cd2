//! Forgery across sites: whatever a foreign page can make a browser send, with its cookies, changes nothing.

use serde_json::{Value, json};
use system_tests::{
    browser::Browser,
    http::{Request, encoded},
    machine,
    market::{Folder, Stage},
    serve::Server,
};

const FREE: &str = "mutation($id: UUID!, $key: UUID!) { discardTimetable(input: {id: $id, key: $key}) { __typename } }";

/// The proposed version: whether a mutation was executed shows in its state.
fn proposed(organizer: &Browser) -> (String, String) {
    let data = organizer.ask("Timetables", &json!({}));
    let version = &data["timetables"][0];
    let text = |name: &str| version[name].as_str().expect("a text").to_owned();
    (text("id"), text("state"))
}

/// What stands in a body of this type: the same mutation each time.
fn body(content: &str, id: &str) -> Vec<u8> {
    let variables = json!({"id": id, "key": machine::uuid()});
    let operation = json!({"operation": "DiscardTimetable", "variables": variables});
    let free = json!({"query": FREE, "variables": variables});
    if content.starts_with("application/x-www-form-urlencoded") {
        let (query, variables) = (encoded(FREE), encoded(&variables.to_string()));
        format!("query={query}&variables={variables}&operation=DiscardTimetable").into_bytes()
    } else if content.starts_with("multipart") {
        format!(
            "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{free}\r\n--x\r\nContent-Disposition: \
             form-data; name=\"map\"\r\n\r\n{{}}\r\n--x--\r\n"
        )
        .into_bytes()
    } else if content == "application/graphql" {
        FREE.replace("($id: UUID!, $key: UUID!)", "")
            .replace("$id", &format!("\"{id}\""))
            .replace("$key", &format!("\"{}\"", machine::uuid()))
            .into_bytes()
    } else {
        operation.to_string().into_bytes()
    }
}

/// A request as it would be sent from somewhere.
struct Variant {
    method: &'static str,
    content: &'static str,
    own_header: bool,
    from: &'static [(&'static str, &'static str)],
}

const METHODS: [&str; 6] = ["POST", "GET", "PUT", "PATCH", "DELETE", "OPTIONS"];
const CONTENTS: [&str; 8] = [
    "application/json",
    "application/json; charset=utf-8",
    "",
    "text/plain",
    "text/plain; application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/graphql",
];
const FROM: [&[(&str, &str)]; 9] = [
    &[],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://127.0.0.1")],
    &[("origin", "http://localhost:8080"), ("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("referer", "https://evil.example/"), ("sec-fetch-site", "cross-site")],
    &[("x-http-method-override", "POST"), ("origin", "https://evil.example")],
];

fn variants() -> Vec<Variant> {
    let mut all = Vec::new();
    for method in METHODS {
        for content in CONTENTS {
            for own_header in [true, false] {
                for from in FROM {
                    let json = content.starts_with("application/json");
                    let ours = method == "POST" && json && own_header && from.is_empty();
                    // Other methods are refused whatever they carry: one from each place is enough.
                    if !ours && (method == "POST" || (own_header && json)) {
                        all.push(Variant {
                            method,
                            content,
                            own_header,
                            from,
                        });
                    }
                }
            }
        }
    }
    all
}

#[test]
fn nothing_a_foreign_page_can_send_is_executed() {
    let folder = Folder::at(Stage::Proposed);
    // Development takes most: what is refused there is refused everywhere.
    let server = Server::start(&folder, &[("ICHIBA_DEVELOPMENT", "true")]);
    let organizer = server.browser_of(&folder, "OR01");
    let (id, state) = proposed(&organizer);
    assert_eq!(state, "PROPOSED");
    let variants = variants();
    assert!(variants.len() >= 45);
    for Variant {
        method,
        content,
        own_header,
        from,
    } in &variants
    {
        let mut request = organizer.with_cookies(Request::new(method, "/graphql"));
        if !content.is_empty() {
            request = request.header("content-type", content);
        }
        if *own_header {
            request = request.header("x-ichiba", "1");
        }
        request = from
            .iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        let answer = request.body(body(content, &id)).send(server.address);
        let what = format!("{method} {content:?} own header {own_header} {from:?}");
        assert!((400..500).contains(&answer.status), "{what}: {}", answer.status);
        assert!(!answer.text().contains("__typename"), "{what}: {}", answer.text());
        assert_eq!(answer.all("access-control-allow-origin"), [""; 0], "{what}");
    }
    let query = format!(
        "/graphql?query={}&operation=DiscardTimetable",
        encoded("{ me { roles } }")
    );
    for request in [Request::get(&query), Request::post(&query), Request::get("/graphql")] {
        let answer = organizer.with_cookies(request).send(server.address);
        assert!((400..500).contains(&answer.status), "{}", answer.status);
    }
    assert_eq!(proposed(&organizer).1, "PROPOSED", "a forged request was executed");
    println!("{} variants, 0 executed", variants.len() + 3);
    // Negative control: the same mutation from our own pages is executed.
    let variables = json!({"id": id, "key": machine::uuid()});
    let own = format!("http://{}", server.address);
    let request = organizer.asking("DiscardTimetable", &variables);
    let request = request.header("origin", &own).header("sec-fetch-site", "same-origin");
    let answer = request.send(server.address).expect(200).json();
    assert_eq!(
        answer["data"]["discardTimetable"]["__typename"], "Timetable",
        "{answer}"
    );
    assert_eq!(proposed(&organizer).1, "SUPERSEDED");
}

#[test]
fn several_mutations_in_one_request_are_not_taken_as_a_batch() {
    let folder = Folder::at(Stage::Proposed);
    let server = Server::start(&folder, &[("ICHIBA_DEVELOPMENT", "true")]);
    let organizer = server.browser_of(&folder, "OR01");
    let (id, _) = proposed(&organizer);
    let one = json!({"operation": "DiscardTimetable", "variables": {"id": id, "key": machine::uuid()}});
    let two = json!({"operation": "DiscardTimetable", "query": FREE, "variables": one["variables"]});
    let unknown = json!({"operation": "DiscardTimetable", "variables": one["variables"], "admin": true});
    for body in [Value::Array(vec![one.clone(), one]), two, unknown] {
        let request = organizer.with_cookies(Request::post("/graphql").json(&body));
        let answer = request.send(server.address).expect(400).json();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "unreadable", "{answer}");
    }
    assert_eq!(proposed(&organizer).1, "PROPOSED");
}
