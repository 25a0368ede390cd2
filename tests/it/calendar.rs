//! Calendars outside the product: the files that come by mail, and the feed at a secret address.

use mail_parser::{Message, MessageParser, MimeHeaders};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use system_tests::{
    browser::Browser,
    database,
    http::Request,
    machine,
    market::{self, Folder, Stage},
    run::LIMIT,
    serve::Server,
};

const SECRET: &str = "k7h2m9x4p6q8r3s5t2v9w4y6z8";

/// The meetings of a buyer, as the buyer's agenda has them.
fn meetings(buyer: &Browser) -> Vec<Value> {
    let agenda = buyer.ask("MyAgenda", &json!({}))["myAgenda"]["entries"].take();
    let entries = agenda.as_array().expect("entries").iter();
    entries.filter(|entry| entry["kind"] == "MEETING").cloned().collect()
}

fn cancel(organizer: &Browser, id: &Value) {
    let done = organizer.ask("CancelMeeting", &json!({"id": id, "key": machine::uuid()}));
    assert_eq!(done["cancelMeeting"]["state"], "CANCELLED", "{done}");
}

/// Calendar files of a mail: their type's method, name if attached, and lines as they were before folding.
fn calendars(mail: &Message<'_>) -> Vec<(String, Option<String>, Vec<String>)> {
    let parts = mail.parts.iter().filter(|part| {
        let kind = part.content_type();
        kind.is_some_and(|kind| kind.ctype() == "text" && kind.subtype() == Some("calendar"))
    });
    parts
        .map(|part| {
            let method = part.content_type().and_then(|kind| kind.attribute("method"));
            let text = part.text_contents().expect("text");
            assert!(text.contains("\r\n") || !text.contains('\n'), "lines end with CRLF");
            let unfolded = text.replace("\r\n ", "");
            let name = part.attachment_name().map(str::to_owned);
            let lines = unfolded.lines().map(str::to_owned).collect();
            (method.expect("a method").to_owned(), name, lines)
        })
        .collect()
}

fn values(lines: &[String], name: &str) -> BTreeSet<String> {
    let values = lines
        .iter()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    values.map(str::to_owned).collect()
}

/// The newest mail to somebody of which that is true.
fn mail_to(folder: &Folder, code: &str, is: impl Fn(&Message<'_>) -> bool) -> Vec<u8> {
    let address = market::email(code);
    machine::until("a mail", LIMIT, || {
        // Only those that name the address are read: hundreds lie there.
        let named = |bytes: &Vec<u8>| {
            bytes
                .windows(address.len())
                .take(2000)
                .any(|some| some == address.as_bytes())
        };
        folder.mails().into_iter().rev().filter(named).find(|bytes| {
            let mail = MessageParser::default().parse(bytes);
            mail.is_some_and(|mail| {
                let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
                bytes.ends_with(b"\n") && to == Some(address.as_str()) && is(&mail)
            })
        })
    })
}

#[test]
fn mails_bring_calendar_files_of_how_things_stand() {
    let folder = Folder::at(Stage::Published);
    let server = Server::start(&folder, &[]);
    let (organizer, buyer) = (server.browser_of(&folder, "OR01"), server.browser_of(&folder, "B001"));
    let before = meetings(&buyer);
    let uid = |id: &Value| format!("{}@127.0.0.1", id.as_str().expect("an id"));
    let uids = |entries: &[Value]| {
        entries
            .iter()
            .map(|entry| uid(&entry["meeting"]["id"]))
            .collect::<BTreeSet<_>>()
    };
    // The publication brings the whole calendar.
    let bytes = mail_to(&folder, "B001", |mail| !calendars(mail).is_empty());
    let mail = MessageParser::default().parse(&bytes).expect("a mail");
    let published = calendars(&mail);
    let [(method, name, lines)] = published.as_slice() else {
        panic!("one calendar: {published:?}");
    };
    assert_eq!((method.as_str(), name.as_deref()), ("PUBLISH", Some("meetings.ics")));
    assert_eq!(values(lines, "UID"), uids(&before));
    assert!(lines.iter().any(|line| line == "TZID:Asia/Tokyo"), "{lines:?}");

    // Two are cancelled; one of them is booked again and cancelled again before any mail goes out.
    let [first, second] = [&before[0], &before[1]];
    for entry in [first, second] {
        cancel(&organizer, &entry["meeting"]["id"]);
    }
    let exhibitors = organizer.pages("Exhibitors", |data| &data["exhibitors"]);
    let buyers = organizer.pages("Buyers", |data| &data["buyers"]);
    let booth = &first["meeting"]["booth"]["code"];
    let id =
        |nodes: &[Value], is: &dyn Fn(&Value) -> bool| nodes.iter().find(|node| is(node)).expect("found")["id"].clone();
    let days = organizer.ask("Event", &json!({}))["event"]["days"].take();
    let slots = days
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|day| day["slots"].as_array())
        .flatten();
    let slot = slots
        .into_iter()
        .find(|slot| slot["startsAt"] == first["startsAt"])
        .expect("a slot");
    let booking = json!({
        "id": machine::uuid(),
        "buyer": id(&buyers, &|node| node["code"] == "B001"),
        "exhibitor": id(&exhibitors, &|node| node["booth"]["code"] == *booth),
        "slot": slot["number"],
    });
    let booked = organizer.ask("BookMeeting", &booking);
    assert_eq!(booked["bookMeeting"]["__typename"], "Meeting", "{booked}");
    cancel(&organizer, &booking["id"]);
    // A minute later.
    let due = "UPDATE outbox SET due = 0 WHERE topic = 'notice'";
    database::on_sqlite(&folder.path().join("ichiba.db"), due);
    let bytes = mail_to(&folder, "B001", |mail| {
        mail.subject().is_some_and(|subject| subject.contains("4 changes"))
    });
    let mail = MessageParser::default().parse(&bytes).expect("a mail");
    let told = calendars(&mail);
    let [(method, name, lines)] = told.as_slice() else {
        panic!("one calendar: {told:?}");
    };
    assert_eq!((method.as_str(), name.as_deref()), ("CANCEL", Some("cancel.ics")));
    let cancelled = uids(&[first.clone(), second.clone()]);
    assert_eq!(
        values(lines, "UID"),
        cancelled,
        "what nobody's calendar has heard of is not mentioned"
    );
    assert_eq!(values(lines, "SEQUENCE"), BTreeSet::from(["1".to_owned()]));
    assert_eq!(values(lines, "STATUS"), BTreeSet::from(["CANCELLED".to_owned()]));
    let text = mail.body_text(0).expect("a text");
    assert_eq!(text.matches("is cancelled").count(), 3, "{text}");

    // One change alone: beside the text and attached.
    let third = &before[2]["meeting"]["id"];
    cancel(&organizer, third);
    database::on_sqlite(&folder.path().join("ichiba.db"), due);
    let bytes = mail_to(&folder, "B001", |mail| {
        mail.subject().is_some_and(|subject| subject.contains("is cancelled"))
    });
    let mail = MessageParser::default().parse(&bytes).expect("a mail");
    let shapes: Vec<_> = calendars(&mail)
        .into_iter()
        .map(|(method, name, _)| (method, name))
        .collect();
    let cancel = "CANCEL".to_owned();
    assert_eq!(
        shapes,
        [(cancel.clone(), None), (cancel, Some("cancel.ics".to_owned()))]
    );
    assert_eq!(values(&calendars(&mail)[0].2, "UID"), BTreeSet::from([uid(third)]));
    assert!(
        mail.body_text(0)
            .expect("a text")
            .contains(&format!("/meeting/{}", third.as_str().expect("an id")))
    );
}

#[test]
fn a_calendar_is_read_at_a_secret_address_until_it_is_revoked() {
    let folder = Folder::at(Stage::Published);
    let server = Server::start(&folder, &[("ICHIBA_LOG", "debug")]);
    let buyer = server.browser_of(&folder, "B001");
    let made = buyer.ask("MakeCalendarFeed", &json!({"secret": SECRET, "key": machine::uuid()}));
    let path = made["makeCalendarFeed"]["path"].as_str().expect("a path").to_owned();
    let look = |tag: Option<&str>| {
        let request = Request::get(&path);
        tag.into_iter()
            .fold(request, |request, tag| request.header("if-none-match", tag))
            .send(server.address)
    };
    let calendar = look(None).expect(200);
    assert_eq!(calendar.all("content-type"), ["text/calendar; charset=utf-8"]);
    let text = calendar.text();
    let events = text.matches("BEGIN:VEVENT").count();
    assert!(
        events >= meetings(&buyer).len() && text.contains("BEGIN:VTIMEZONE"),
        "{text}"
    );
    assert!(!text.contains("METHOD:") && text.contains("REFRESH-INTERVAL;VALUE=DURATION:PT15M"));
    let tag = calendar.all("etag")[0].to_owned();
    assert_eq!(look(Some(&tag)).status, 304);
    // What changes shows.
    cancel(&buyer, &meetings(&buyer)[0]["meeting"]["id"]);
    let changed = look(Some(&tag)).expect(200);
    assert_eq!(changed.text().matches("BEGIN:VEVENT").count(), events - 1);
    buyer.ask("RevokeCalendarFeed", &json!({"key": machine::uuid()}));
    let nothing = Request::get("/calendar/abcdefghijklmnopqrstuvwxyz.ics").send(server.address);
    for gone in [look(None), look(Some(&tag))] {
        assert_eq!((gone.status, &gone.body), (404, &nothing.body));
    }
    let errors = server.errors();
    assert!(errors.contains("/calendar/…"), "its looks are logged");
    assert!(!errors.contains(SECRET), "the address is not");
    let kept = folder.database_bytes();
    assert!(
        !kept.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes()),
        "nor kept"
    );
}
