//! Web push: a browser that subscribed is told, encrypted for it alone and signed by the server; nothing is ever sent to a
//! service that is not named.

use serde_json::{Value, json};
use std::time::Duration;
use system_tests::{
    backup::Rows,
    browser::Browser,
    machine,
    market::{Folder, Stage},
    push::{PushService, Subscriber, claims},
    serve::Server,
};

const CONTACT: &str = "mailto:office@ichiba.example";
const LIMIT: Duration = Duration::from_mins(1);

/// A server that sends to one service on this machine, as development allows.
fn serve(folder: &Folder, key: &str, service: &PushService) -> Server {
    let hosts = service.address.to_string();
    let env = [
        ("ICHIBA_DEVELOPMENT", "true"),
        ("ICHIBA_PUSH_KEY", key),
        ("ICHIBA_PUSH_CONTACT", CONTACT),
        ("ICHIBA_PUSH_HOSTS", &hosts),
    ];
    Server::start(folder, &env)
}

fn key(folder: &Folder) -> String {
    folder.run(&["push-key"]).say().good().trim().to_owned()
}

fn subscribe(browser: &Browser, subscriber: &Subscriber) -> Value {
    let variables = subscriber.variables(&machine::uuid());
    browser.ask("SubscribePush", &variables)["subscribePush"].take()
}

fn meetings(buyer: &Browser) -> Vec<Value> {
    let agenda = buyer.ask("MyAgenda", &json!({}));
    let entries = agenda["myAgenda"]["entries"].as_array().expect("entries").iter();
    let ids = entries.filter(|entry| entry["kind"] == "MEETING");
    ids.map(|entry| entry["meeting"]["id"].clone()).collect()
}

fn cancel(organizer: &Browser, id: &Value) {
    let done = organizer.ask("CancelMeeting", &json!({"id": id, "key": machine::uuid()}));
    assert_eq!(done["cancelMeeting"]["state"], "CANCELLED", "{done}");
}

/// The newest notice, in the person's language.
fn newest(buyer: &Browser) -> Value {
    buyer.ask("MyNotices", &json!({"first": 1}))["myNotices"]["nodes"][0].take()
}

#[test]
fn a_browser_is_told_encrypted_and_signed_until_its_service_says_that_it_is_gone() {
    let (folder, service) = (Folder::at(Stage::Published), PushService::start());
    let server = serve(&folder, &key(&folder), &service);
    let (buyer, organizer) = (server.browser_of(&folder, "B001"), server.browser_of(&folder, "OR01"));
    let public = buyer.ask("PushKey", &json!({}))["pushKey"].take();
    let public = public.as_str().expect("push is configured");
    let (phone, other) = (Subscriber::at(&service, 7), Subscriber::at(&service, 8));
    let subscribed = subscribe(&buyer, &phone);
    assert_eq!(subscribed["endpoint"], phone.endpoint.as_str(), "{subscribed}");
    assert_eq!(
        subscribe(&buyer, &phone)["id"],
        subscribed["id"],
        "it keeps its subscription"
    );
    buyer.ask("ReadNotices", &json!({"key": machine::uuid()}));

    let own = meetings(&buyer);
    cancel(&organizer, &own[0]);
    let push = service.push();
    assert_eq!(push.path, "/push/7?x=1");
    let header = |name: &str| push.headers.get(name).map(String::as_str).unwrap_or_default();
    assert_eq!((header("content-encoding"), header("urgency")), ("aes128gcm", "normal"));
    assert!(header("ttl").parse::<u32>().is_ok_and(|ttl| ttl > 0));
    assert_eq!(other.read(&push), None, "nobody else reads it");
    let said = phone.read(&push).expect("a push for this browser");
    assert_eq!(
        said["body"],
        newest(&buyer)["message"],
        "what the notice says, and nothing else"
    );
    assert_eq!(said["path"], format!("/meeting/{}", own[0].as_str().expect("an id")));
    let fields: Vec<&String> = said.as_object().expect("fields").keys().collect();
    assert_eq!(fields, ["body", "path", "tag", "title"]);

    let claimed = claims(&push, public).expect("a token signed by the server's key");
    assert_eq!(
        (&claimed["aud"], &claimed["sub"]),
        (&json!(service.origin()), &json!(CONTACT))
    );
    let left = claimed["exp"].as_u64().expect("an expiry").checked_sub(machine::unix());
    assert!(left.is_some_and(|left| left > 60 && left <= 24 * 3600), "{left:?}");

    // Several things at once are one push.
    cancel(&organizer, &own[1]);
    cancel(&organizer, &own[2]);
    let said = phone.read(&service.push()).expect("a push");
    let body = said["body"].as_str().expect("a sentence");
    assert!(body.ends_with("(and 2 more)") && said["path"] == "/notices", "{said}");
    assert_eq!(service.so_far().len(), 0);

    service.answers("410 Gone\r\n");
    cancel(&organizer, &own[3]);
    service.push();
    let gone = || (Rows::of(&folder).count("push_subscription") == 0).then_some(());
    machine::until("the end of the subscription", LIMIT, gone);
    let posted = |folder: &Folder| {
        let rows = Rows::of(folder).rows("outbox");
        rows.iter().filter(|row| row["topic"] == "push").count()
    };
    let before = posted(&folder);
    cancel(&organizer, &own[4]);
    assert_eq!(posted(&folder), before, "nothing more is written to it");
    let again = json!({"endpoint": phone.endpoint, "key": machine::uuid()});
    assert_eq!(
        buyer.ask("UnsubscribePush", &again)["unsubscribePush"]["code"],
        "already_done"
    );
}

#[test]
fn nothing_is_sent_to_a_service_that_is_not_named() {
    let folder = Folder::at(Stage::Published);
    let (service, evil) = (PushService::start(), PushService::start());
    let key = key(&folder);
    let server = serve(&folder, &key, &service);
    let (buyer, organizer) = (server.browser_of(&folder, "B001"), server.browser_of(&folder, "OR01"));
    for endpoint in [
        format!("{}/push", evil.origin()),
        format!("https://127.0.0.1:{}/push", evil.address.port()),
        format!("http://{}@{}/push", service.address, evil.address),
        format!("http://localhost:{}/push", service.address.port()),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://fcm.googleapis.com/fcm/send/x".to_owned(),
    ] {
        let mut bad = Subscriber::at(&service, 7);
        bad.endpoint = endpoint;
        let refused = subscribe(&buyer, &bad);
        assert_eq!(refused["code"], "push_service", "{}: {refused}", bad.endpoint);
    }
    let phone = Subscriber::at(&service, 7);
    assert_eq!(subscribe(&buyer, &phone)["__typename"], "PushSubscription");

    // A service that sends elsewhere is not followed; the organizer sees that it did not go out.
    service.answers(&format!(
        "307 Temporary Redirect\r\nlocation: {}/push\r\n",
        evil.origin()
    ));
    let own = meetings(&buyer);
    cancel(&organizer, &own[0]);
    service.push();
    let problem = || {
        let letters = organizer.ask("Letters", &json!({"state": "WAITING", "first": 100}));
        let letters = letters["letters"]["nodes"].as_array().expect("letters").clone();
        letters
            .into_iter()
            .find(|letter| letter["topic"] == "push" && letter["tries"] != 0)
    };
    let letter = machine::until("a problem", LIMIT, problem);
    assert_eq!(
        letter["problem"],
        "The server it goes to asks to come back later (307)."
    );
    server.end();

    // What was subscribed when another service was named is forgotten, not sent.
    let server = serve(&folder, &key, &evil);
    let organizer = server.browser_of(&folder, "OR01");
    cancel(&organizer, &own[1]);
    let gone = || (Rows::of(&folder).count("push_subscription") == 0).then_some(());
    machine::until("the end of the subscription", LIMIT, gone);
    assert_eq!(evil.connections(), 0, "never contacted");
}

#[test]
fn push_is_off_without_a_key() {
    let folder = Folder::at(Stage::Published);
    let server = Server::start(&folder, &[]);
    let buyer = server.browser_of(&folder, "B001");
    assert_eq!(buyer.ask("PushKey", &json!({}))["pushKey"], Value::Null);
    let phone = Subscriber::at(&PushService::start(), 7);
    assert_eq!(subscribe(&buyer, &phone)["code"], "push_off");
    let doctor = folder.run(&["doctor"]).say().good();
    assert!(doctor.contains("web push: off"), "{doctor}");
    // This machine is no push service outside of development.
    let hosts = folder.run(&["doctor"]).env("ICHIBA_PUSH_KEY", key(&folder));
    let hosts = hosts
        .env("ICHIBA_PUSH_CONTACT", CONTACT)
        .env("ICHIBA_PUSH_HOSTS", "127.0.0.1:9001");
    let said = hosts.say();
    assert!(
        said.code != Some(0) && said.out.contains("push_hosts = \"127.0.0.1:9001\""),
        "{}",
        said.out
    );
}
