//! What every answer is like: limits, codes of what is not executed, headers, request ids, health; slow clients.

use serde_json::{Value, json};
use std::{
    collections::HashSet,
    io::{Read, Write},
    net::TcpStream,
};
use system_tests::{
    http::{self, Request},
    machine::Watch,
    market::{Folder, Stage},
    serve::Server,
};

/// Largest body.
const BODY: usize = 256 * 1024;
/// Connections that dawdle while others are served.
const SLOW: usize = 100;

const DEVELOPMENT: &[(&str, &str)] = &[("ICHIBA_DEVELOPMENT", "true")];

fn code_of(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[test]
fn what_is_not_executed_has_a_status_and_a_code() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let post = |body: &str| {
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("x-ichiba", "1");
        request.body(body).send(server.address)
    };
    for (body, status, code) in [
        ("", 400, "unreadable"),
        ("{", 400, "unreadable"),
        ("[]", 400, "unreadable"),
        ("null", 400, "unreadable"),
        ("\"MyAgenda\"", 400, "unreadable"),
        ("{}", 400, "unreadable"),
        (r#"{"operation": 7}"#, 400, "unreadable"),
        (r#"{"operation": "Event", "extra": 1}"#, 400, "unreadable"),
        (
            r#"{"operation": "Event", "extensions": {"persistedQuery": {}}}"#,
            400,
            "unreadable",
        ),
        (r#"{"operation": "Nothing"}"#, 400, "unknown_operation"),
        (r#"{"operation": "../Cargo"}"#, 400, "unknown_operation"),
        (r#"{"operation": "Event.graphql"}"#, 400, "unknown_operation"),
        (r#"{"query": "{ event { code } }"}"#, 400, "free_document"),
        (r#"{"query": "{ __schema { types { name } } }"}"#, 400, "free_document"),
    ] {
        let answer = post(body).expect(status).json();
        assert_eq!(code_of(&answer), code, "{body}: {answer}");
    }
    let answer = post(r#"{"operation": "Event"}"#).expect(200).json();
    assert_eq!(answer["data"]["event"]["code"], "tokyo-2025", "{answer}");
    let deep = format!(
        "{{\"operation\": \"Event\", \"variables\": {}1{}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    post(&deep).expect(400);
    let mut garbage = Vec::from(&b"{\"operation\": \""[..]);
    garbage.extend([0xff, 0xfe, 0x00]);
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("x-ichiba", "1");
    assert_eq!(
        code_of(&request.body(garbage).send(server.address).expect(400).json()),
        "unreadable"
    );
}

#[test]
fn free_documents_are_for_development_and_within_limits() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, DEVELOPMENT);
    let browser = server.browser();
    let answer = browser
        .document("{ event { code } __schema { queryType { name } } }", &json!({}))
        .expect(200)
        .json();
    assert_eq!(answer["data"]["__schema"]["queryType"]["name"], "Query", "{answer}");
    let many = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<String>();
    for document in [
        format!("{{ {} }}", many(16, |i| format!("a{i}: event {{ code }} "))),
        format!("{{ {} }}", many(1100, |_| "event ".to_owned())),
        format!("mutation {{ {} }}", many(6, |i| format!("m{i} "))),
        "{".repeat(100_000),
    ] {
        let answer = browser.document(&document, &json!({})).expect(400).json();
        assert_eq!(code_of(&answer), "limit", "{answer}");
    }
    let deep = format!("{{ buyers {}code{} }}", "{ edges { node ".repeat(12), "} }".repeat(12));
    let answer = browser.document(&deep, &json!({})).json();
    assert!(answer["errors"].is_array() && answer["data"].is_null(), "{answer}");
    let cycle = "{ event { ...A } } fragment A on Event { ...B } fragment B on Event { ...A }";
    assert!(browser.document(cycle, &json!({})).json()["errors"].is_array());
    let page = browser
        .document("{ exhibitors(first: 1000000) { edges { node { code } } } }", &json!({}))
        .json();
    let edges = page["data"]["exhibitors"]["edges"].as_array().map_or(0, Vec::len);
    assert!(edges <= 100, "{edges}");
}

#[test]
fn a_body_may_be_so_large() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let padded = |length: usize| {
        let mut body = r#"{"operation": "Event"}"#.to_owned();
        body.push_str(&" ".repeat(length - body.len()));
        Request::post("/graphql")
            .header("content-type", "application/json")
            .header("x-ichiba", "1")
            .body(body)
    };
    padded(BODY).send(server.address).expect(200);
    padded(BODY + 1).send(server.address).expect(413);
    let form = Request::post("/sign-in").form(&[("email", &"x".repeat(BODY))]);
    form.send(server.address).expect(413);
    // Without a length, in chunks: counted as it comes.
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("x-ichiba", "1");
    let chunk = format!("{:x}\r\n{}\r\n0\r\n\r\n", BODY + 1, " ".repeat(BODY + 1));
    request
        .header("transfer-encoding", "chunked")
        .body(chunk)
        .send(server.address)
        .expect(413);
    Request::get("/healthz").send(server.address).expect(200);
}

#[test]
fn every_answer_carries_the_headers() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, DEVELOPMENT);
    let event = json!({"operation": "Event"});
    let mut ids = HashSet::new();
    for (request, status) in [
        (Request::get("/"), 200),
        (Request::get("/style.css"), 200),
        (Request::get("/sign-in/enter?token=x"), 410),
        (Request::get("/sign-in/enter"), 400),
        (Request::post("/sign-in").form(&[("email", "x")]), 200),
        (Request::post("/sign-in"), 415),
        (Request::post("/sign-in/enter").form(&[("token", "x")]), 410),
        (Request::post("/sign-out"), 303),
        (Request::post("/graphql").json(&event), 200),
        (Request::post("/graphql").json(&json!({})), 400),
        (Request::post("/graphql"), 415),
        (Request::get("/graphql"), 405),
        (Request::get("/graphql/ws"), 400),
        (Request::get("/healthz"), 200),
        (Request::get("/readyz"), 200),
        (Request::get("/metrics"), 200),
        (Request::get("/explorer/"), 404),
        (Request::get("/explorer/../Cargo.toml"), 404),
        (Request::get("/nowhere"), 404),
        (Request::get("/%00%ff"), 404),
        (Request::new("DELETE", "/"), 405),
        (Request::new("TRACE", "/"), 405),
    ] {
        let answer = request.clone().header("x-request-id", "evil-id").send(server.address);
        let what = format!("{request:?}");
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.contains("default-src '") && policy.contains("frame-ancestors 'none'"),
            "{what}: {policy}"
        );
        assert!(
            !policy.contains("unsafe-eval") && !policy.contains('*'),
            "{what}: {policy}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{what}");
        }
        // The app's page, where it was built, holds nothing of anybody: it may be kept, and is asked about every time.
        let kept = answer.header("cache-control");
        let page = what == format!("{:?}", Request::get("/")) && kept == Some("no-cache");
        assert!(page || kept == Some("no-store"), "{what}: {kept:?}");
        assert!(
            answer.header("server").is_none() && answer.header("x-powered-by").is_none(),
            "{what}"
        );
        let all = answer.all("x-request-id");
        assert!(
            all.len() == 1 && all[0].len() == 36,
            "a request's id is our own: {what}: {all:?}"
        );
        assert!(ids.insert(all[0].to_owned()), "{what}");
        if !answer.body.is_empty() {
            let kind = answer.header("content-type").unwrap_or_default();
            assert!(
                !kind.starts_with("text/html") || kind.contains("charset=utf-8"),
                "{what}: {kind}"
            );
        }
    }
}

#[test]
fn what_people_type_is_text_on_every_page() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let payload = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7777*7}}${7777*7}";
    let query = http::encoded(payload);
    let link = folder.link("B001");
    let token = system_tests::browser::query_of(&link, "token");
    for request in [
        Request::get(&format!("/sign-in/enter?token={query}&next=/{query}")),
        Request::get(&format!("/sign-in/enter?token={token}&next=/{query}")),
        Request::get(&format!("/{query}")),
        Request::post("/sign-in").form(&[("email", payload)]),
        Request::post("/sign-in/enter").form(&[("token", payload), ("code", payload), ("next", payload)]),
        Request::get("/")
            .header("accept-language", payload)
            .header("cookie", payload),
    ] {
        let text = request.send(server.address).text();
        assert!(
            !text.contains("<script>alert") && !text.contains("<img src=x") && !text.contains("54439"),
            "{text}"
        );
    }
}

#[test]
fn health_and_figures() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let get = |path: &str| Request::get(path).send(server.address).expect(200).text();
    assert_eq!((get("/healthz").as_str(), get("/readyz").as_str()), ("ok\n", "ready\n"));
    let count = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("ichiba_operations_total "));
        line.and_then(|line| line.rsplit(' ').next())
            .and_then(|n| n.parse::<u64>().ok())
            .unwrap_or(0)
    };
    let before = count(&get("/metrics"));
    for _ in 0..3 {
        server.browser().ask("Event", &json!({}));
    }
    assert_eq!(count(&get("/metrics")), before + 3);
}

#[test]
fn slow_clients_keep_nobody_waiting() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let mut slow = Vec::new();
    for number in 0..SLOW {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        let words: &[u8] = match number % 3 {
            0 => b"GET / HTTP/1.1\r\nhost: x\r\n",
            1 => b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-ichiba: 1\r\ncontent-length: 9999\r\n\r\n{",
            _ => b"",
        };
        stream.write_all(words).expect("taken");
        slow.push(stream);
    }
    let watch = Watch::start();
    for _ in 0..20 {
        server.browser().ask("Event", &json!({}));
    }
    assert!(watch.seconds() < 10.0, "{} s", watch.seconds());
    // Those who go on after all are answered.
    let mut late = slow.swap_remove(0);
    late.write_all(b"connection: close\r\n\r\n").expect("taken");
    let mut text = String::new();
    late.read_to_string(&mut text).expect("an answer");
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}

#[test]
fn words_that_are_no_http_end_the_connection_only() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(1_000_000));
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-a: b\r\n".repeat(5000));
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\0/ HTTP/1.1\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxxxxxxxx",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        stream.set_read_timeout(Some(http::LIMIT)).expect("a limit");
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(!text.starts_with("HTTP/1.1 2") && !text.contains("ichiba_operations"), "{text}");
    }
    Request::get("/readyz").send(server.address).expect(200);
}
