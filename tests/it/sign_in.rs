//! Signing in, as the person who asked, as a mail scanner, as somebody who found the link, as an attacker.

use mail_parser::MessageParser;
use serde_json::json;
use system_tests::{
    browser::{Browser, path_of, query_of},
    http::{Answer, Request, encoded},
    market::{self, Folder, Stage},
    serve::Server,
};

/// Wrong codes a link bears.
const TRIES: usize = 5;
/// Links an address is sent in an hour.
const LINKS: usize = 5;

fn started() -> (Folder, Server) {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[]);
    (folder, server)
}

/// The short code on the page that is shown to whoever asked.
fn code_on(page: &Answer) -> String {
    let text = page.text();
    let after = text
        .split_once("class=\"code\"")
        .and_then(|(_, rest)| rest.split_once('>'));
    let code: String = after
        .map_or("", |(_, rest)| rest)
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    assert_eq!(code.len(), 6, "{text}");
    code
}

fn body_of(mail: &[u8]) -> String {
    let mail = MessageParser::default().parse(mail).expect("a mail");
    mail.body_text(0).expect("a text").into_owned()
}

fn to(mail: &[u8]) -> String {
    let mail = MessageParser::default().parse(mail).expect("a mail");
    let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
    to.expect("somebody").to_owned()
}

fn link_in(mail: &[u8]) -> String {
    let body = body_of(mail);
    let link = body.lines().find(|line| line.starts_with("http")).expect("a link");
    link.trim().to_owned()
}

/// Asks for a link; the code shown and the link in the mail.
fn ask(folder: &Folder, browser: &mut Browser, email: &str) -> (String, String) {
    let before = folder.mails().len();
    let page = browser.post("/sign-in", &[("email", email)]).expect(200);
    let mails = folder.mails_to_be(before + 1);
    (code_on(&page), link_in(mails.last().expect("a mail")))
}

fn signed_in(browser: &Browser) -> bool {
    browser.ask("MyAgenda", &json!({}))["me"]["person"].is_object()
}

#[test]
fn nobody_learns_who_is_registered() {
    let (folder, server) = started();
    let known = market::email("B001");
    let ask = |email: &str| server.browser().post("/sign-in", &[("email", email)]);
    let mut answers = Vec::new();
    for email in [
        "nobody@nowhere.example",
        "",
        "not an address",
        &"x".repeat(5000),
        "a@b.example\r\nBcc: evil@evil.example",
        &known,
    ] {
        let answer = ask(email);
        let text = answer.text().replace(&code_on(&answer), "CODE");
        let mut names: Vec<String> = answer.headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        answers.push((answer.status, text, names));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    let mails = folder.mails_to_be(1);
    assert_eq!(mails.len(), 1);
    assert_eq!(to(&mails[0]), known);
    // The address is found however it is typed.
    ask(&format!("  {} ", known.to_uppercase()));
    assert_eq!(folder.mails_to_be(2).len(), 2);
}

#[test]
fn the_asking_browser_needs_no_code() {
    let (folder, server) = started();
    let mut browser = server.browser();
    let (_, link) = ask(&folder, &mut browser, &market::email("B001"));
    let page = browser.get(path_of(&link)).expect(200).text();
    assert!(
        page.contains("Jérôme Delacroix") && !page.contains("name=\"code\""),
        "{page}"
    );
    assert!(signed_in(&browser.signed_in(&link)));
}

#[test]
fn elsewhere_the_short_code_is_wanted() {
    let (folder, server) = started();
    let (code, link) = ask(&folder, &mut server.browser(), &market::email("B001"));
    let mut elsewhere = server.browser();
    let page = elsewhere.get(path_of(&link)).expect(200).text();
    assert!(page.contains("name=\"code\""), "{page}");
    assert!(!page.contains("Delacroix"), "a found link tells no name: {page}");
    let token = query_of(&link, "token");
    // Neither an address with the code in it, nor a press without a code, signs in or is counted.
    for _ in 0..=TRIES {
        elsewhere.get(&format!("{}&code={code}", path_of(&link))).expect(200);
        elsewhere.post("/sign-in/enter", &[("token", token)]).expect(403);
    }
    elsewhere
        .post("/sign-in/enter", &[("token", token), ("code", "wrong")])
        .expect(403);
    elsewhere
        .post("/sign-in/enter", &[("token", token), ("code", &code)])
        .expect(303);
    assert!(signed_in(&elsewhere));
}

#[test]
fn five_wrong_codes_end_a_link() {
    let (folder, server) = started();
    let mut asking = server.browser();
    let (code, link) = ask(&folder, &mut asking, &market::email("B001"));
    let token = query_of(&link, "token");
    let mut thief = server.browser();
    for number in 0..TRIES {
        let wrong = format!(
            "{:06}",
            (code.parse::<usize>().expect("digits") + 1 + number) % 1_000_000
        );
        thief
            .post("/sign-in/enter", &[("token", token), ("code", &wrong)])
            .expect(403);
    }
    thief
        .post("/sign-in/enter", &[("token", token), ("code", &code)])
        .expect(410);
    asking.post("/sign-in/enter", &[("token", token)]).expect(410);
    assert!(!signed_in(&thief) && !signed_in(&asking));
}

#[test]
fn secrets_are_kept_as_hashes_only_and_not_logged() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[("ICHIBA_LOG", "trace")]);
    let mut browser = server.browser();
    let (code, link) = ask(&folder, &mut browser, &market::email("B001"));
    let asking = browser.cookies.clone();
    let browser = browser.signed_in(&link);
    assert!(signed_in(&browser));
    let mut secrets: Vec<&str> = vec![query_of(&link, "token")];
    secrets.extend(asking.values().chain(browser.cookies.values()).map(String::as_str));
    assert_eq!(secrets.len(), 3);
    let (kept, logged) = (folder.database_bytes(), server.errors());
    for secret in secrets {
        assert_eq!(secret.len(), 26, "130 bits: {secret}");
        let found = kept.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "a secret lies in the database");
        assert!(!logged.contains(secret), "a secret lies in the log");
    }
    assert!(!logged.contains(&market::email("B001")), "an address lies in the log");
    let backup = system_tests::backup::Rows::of(&folder);
    let links = backup.rows("link");
    assert!(
        !links.iter().any(|row| row.to_string().contains(&format!("\"{code}\""))),
        "{links:?}"
    );
}

#[test]
fn cookies_are_for_this_host_and_no_script() {
    let folder = Folder::at(Stage::Imported);
    for (base, prefix, secure) in [("", "ichiba", false), ("https://ichiba.example", "__Host-ichiba", true)] {
        let env: &[(&str, &str)] = if base.is_empty() {
            &[]
        } else {
            &[("ICHIBA_BASE_URL", base)]
        };
        let server = Server::start(&folder, env);
        let mut browser = server.browser();
        let asked = browser.post("/sign-in", &[("email", "nobody@nowhere.example")]);
        let link = folder
            .run(&["link", &market::email("B001")])
            .envs(&owned(env))
            .say()
            .good();
        let link = link.lines().next().expect("a link");
        assert!(
            base.is_empty() || link.starts_with(&format!("{base}/sign-in/enter?token=")),
            "{link}"
        );
        browser.get(path_of(link)).expect(200);
        let entered = browser
            .post("/sign-in/enter", &[("token", query_of(link, "token"))])
            .expect(303);
        let left = browser.clone().send(Request::post("/sign-out")).expect(303);
        let cookies = [&asked, &entered, &left]
            .map(|answer| answer.all("set-cookie"))
            .concat();
        assert_eq!(cookies.len(), 4, "{cookies:?}");
        for cookie in cookies {
            let parts: Vec<&str> = cookie.split("; ").collect();
            assert!(parts[0].starts_with(prefix), "{cookie}");
            for part in ["Path=/", "HttpOnly", "SameSite=Lax"] {
                assert!(parts.contains(&part), "{cookie}");
            }
            assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }
}

fn owned(env: &[(&str, &str)]) -> Vec<(String, String)> {
    env.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn every_login_is_new_and_ends_the_old() {
    let (folder, server) = started();
    let mut first = server.browser();
    // A secret that somebody planted in the browser does not become a login.
    first.cookies.insert("ichiba".to_owned(), "planted".to_owned());
    let planted = first.clone();
    let first = first.signed_in(&folder.link("B001"));
    assert!(signed_in(&first) && !signed_in(&planted));
    let second = first.clone().signed_in(&folder.link("B002"));
    assert_ne!(first.cookies, second.cookies);
    assert!(signed_in(&second));
    assert!(!signed_in(&first), "the old login goes on");
}

#[test]
fn signing_out_ends_the_login_everywhere() {
    let (folder, server) = started();
    let browser = server.browser_of(&folder, "B001");
    let foreign = Request::post("/sign-out").header("origin", "https://evil.example");
    browser.clone().send(foreign).expect(403);
    browser.clone().get("/sign-out").expect(405);
    assert!(signed_in(&browser));
    let mut leaving = browser.clone();
    leaving.send(Request::post("/sign-out")).expect(303);
    assert!(leaving.cookies.is_empty());
    assert!(!signed_in(&browser), "a copy of the cookie still signs in");
}

#[test]
fn next_never_leads_elsewhere() {
    let (folder, server) = started();
    for (next, expect) in [
        ("/explorer/?open=MyAgenda", "/explorer/?open=MyAgenda"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nset-cookie: planted=1", "/"),
        ("/\u{0}", "/"),
        ("/\u{7f}", "/"),
        ("javascript:alert(1)", "/"),
        ("data:text/html,x", "/"),
        ("evil.example", "/"),
        (" /x", "/"),
        ("", "/"),
    ] {
        let link = folder.link("B001");
        let token = query_of(&link, "token").to_owned();
        let page = server
            .browser()
            .get(&format!("{}&next={}", path_of(&link), encoded(next)));
        assert!(!page.expect(200).text().contains("evil"), "{next:?}");
        let answer = server
            .browser()
            .post("/sign-in/enter", &[("token", &token), ("next", next)]);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some(expect)),
            "{next:?}"
        );
        assert!(
            !answer.all("set-cookie").iter().any(|cookie| cookie.contains("planted")),
            "{next:?}"
        );
    }
}

#[test]
fn hosts_named_by_the_client_are_in_no_link() {
    let (folder, server) = started();
    let email = market::email("B001");
    for (number, (name, value)) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-original-url", "http://evil.example/"),
    ]
    .into_iter()
    .enumerate()
    {
        let request = Request::post("/sign-in").header(name, value).form(&[("email", &email)]);
        let page = server.browser().send(request).expect(200);
        assert!(!page.text().contains("evil"));
        let mails = folder.mails_to_be(number + 1);
        let link = link_in(mails.last().expect("a mail"));
        let own = format!("http://{}/sign-in/enter?token=", server.address);
        assert!(link.starts_with(&own), "{name}: {link}");
    }
}

#[test]
fn an_address_is_sent_so_many_links_an_hour() {
    let (folder, server) = started();
    let (flooded, other) = (market::email("B001"), market::email("B002"));
    for _ in 0..LINKS + 5 {
        server.browser().post("/sign-in", &[("email", &flooded)]).expect(200);
    }
    folder.mails_to_be(LINKS);
    server.browser().post("/sign-in", &[("email", &other)]).expect(200);
    let mails = folder.mails_to_be(LINKS + 1);
    let count = |email: &str| mails.iter().filter(|mail| to(mail) == email).count();
    assert_eq!((count(&flooded), count(&other)), (LINKS, 1));
    // Whoever runs the machine still gets in.
    assert!(signed_in(&server.browser_of(&folder, "B001")));
}

#[test]
fn a_foreign_page_signs_nobody_in() {
    let (folder, server) = started();
    let link = folder.link("B001");
    let token = query_of(&link, "token");
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        for (path, fields) in [
            ("/sign-in/enter", [("token", token)]),
            ("/sign-in", [("email", "x@y.example")]),
        ] {
            let request = Request::post(path).header(name, value).form(&fields);
            let answer = server.browser().send(request).expect(403);
            assert_eq!(answer.all("set-cookie"), [""; 0]);
        }
    }
    assert!(
        signed_in(&server.browser().signed_in(&link)),
        "the link is unused still"
    );
}

#[test]
fn links_hold_ten_minutes_and_unused_logins_twelve_hours() {
    let folder = Folder::at(Stage::Imported);
    let at = |clock: &'static str| [("ICHIBA_DEVELOPMENT", "true"), ("ICHIBA_CLOCK", clock)];
    let (email, made) = (market::email("B001"), owned(&at("2098-01-01T00:00:00Z")));
    let link = folder.run(&["link", &email]).envs(&made).say().good();
    let link = link.lines().next().expect("a link");
    for (clock, status) in [("2098-01-01T00:10:01Z", 410), ("2098-01-01T00:09:00Z", 303)] {
        let server = Server::start(&folder, &at(clock));
        let mut browser = server.browser();
        let fields = [("token", query_of(link, "token"))];
        browser.post("/sign-in/enter", &fields).expect(status);
        assert_eq!(signed_in(&browser), status == 303);
        if status == 303 {
            let later = Server::start(&folder, &at("2098-01-01T11:00:00Z"));
            browser.address = later.address;
            assert!(signed_in(&browser));
            let too_late = Server::start(&folder, &at("2098-01-02T00:00:00Z"));
            browser.address = too_late.address;
            assert!(!signed_in(&browser));
        }
    }
}
