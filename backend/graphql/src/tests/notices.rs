//! Being told: notices as their readers see them, the secret address of a calendar, and listening to changes.

use super::world::{Asked, World, by};
use domain::name::Tongue;
use futures_util::{FutureExt, Stream, StreamExt, poll};
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

const NOTICES: &str = "{ unreadNotices myNotices(first: 100) { nodes { id kind read message ja: message(tongue: JA) \
                       meeting { id state } requestId } } }";

async fn book(world: &World, who: &str, id: &str, pair: (&str, &str), slot: u16) -> Value {
    let (buyer, exhibitor) = pair;
    let input = format!("id: <{id}>, buyer: <{buyer}>, exhibitor: <{exhibitor}>, slot: {slot}");
    let document = format!("mutation {{ bookMeeting(input: {{ {input} }}) {{ __typename ... on Meeting {{ id }} }} }}");
    let done = world.data(by(who), &document).await["bookMeeting"].take();
    assert_eq!(done["__typename"], "Meeting", "{document}");
    done["id"].clone()
}

async fn notices(world: &World, who: &str) -> (i64, Vec<Value>) {
    let data = world.data(by(who), NOTICES).await;
    let nodes = data["myNotices"]["nodes"].as_array().expect("notices").clone();
    (data["unreadNotices"].as_i64().expect("a count"), nodes)
}

#[tokio::test]
async fn the_other_side_is_told_and_reads() {
    let world = World::small().await;
    let (before, _) = notices(&world, "S01").await;
    let (mine, _) = notices(&world, "B04").await;
    let id = book(&world, "B04", "meeting", ("B04", "X01"), 5).await;
    let (unread, all) = notices(&world, "S01").await;
    assert_eq!(unread, before + 1);
    let newest = &all[0];
    assert_eq!(
        (&newest["kind"], &newest["meeting"]["id"]),
        (&json!("MEETING_BOOKED"), &id)
    );
    assert_eq!(newest["read"], false);
    assert_eq!(
        newest["message"],
        "A meeting with Studio B04 Ltd is booked: Wed 5 Nov, 12:05, booth C-01 / 1."
    );
    assert!(
        newest["ja"].as_str().expect("a sentence").contains("11月5日(水) 12:05"),
        "{newest}"
    );
    assert_eq!(
        notices(&world, "B04").await.0,
        mine,
        "nobody is told what they did themselves"
    );

    let read = |up_to: &str, key: &str| {
        format!(
            "mutation {{ readNotices(input: {{ upTo: {up_to}, key: <{key}> }}) {{ ... on NoticesRead {{ unread }} }} }}"
        )
    };
    let document = read(&newest["id"].to_string(), "read");
    for _ in 0..2 {
        let answer = world.data(by("S01"), &document).await;
        assert_eq!(answer, json!({"readNotices": {"unread": 0}}));
    }
    let (unread, all) = notices(&world, "S01").await;
    assert!(unread == 0 && all.iter().all(|notice| notice["read"] == true));
    // Others' are left alone, by one's own verb in whatever words.
    let (_, others) = notices(&world, "B01").await;
    world.data(by("S01"), &read("null", "all")).await;
    assert_eq!(notices(&world, "B01").await.1, others);
}

#[tokio::test]
async fn notices_come_by_pages() {
    let world = World::small().await;
    for slot in [3, 4] {
        let pair = if slot == 3 { ("B04", "X01") } else { ("B04", "X02") };
        book(&world, "OR1", &format!("meeting {slot}"), pair, slot).await;
    }
    let (_, all) = notices(&world, "B04").await;
    assert_eq!(all.len(), 2);
    let mut after = "null".to_owned();
    for notice in &all {
        let document = format!(
            "{{ myNotices(first: 1, after: {after}) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let page = world.data(by("B04"), &document).await["myNotices"].take();
        assert_eq!(page["nodes"], json!([{"id": notice["id"]}]));
        assert_eq!(page["pageInfo"]["hasNextPage"], json!(notice != &all[1]));
        after = page["pageInfo"]["endCursor"].to_string();
    }
    assert_eq!(
        world
            .error(by("B04"), "{ myNotices(after: \"x\") { nodes { id } } }")
            .await,
        "after is the id of a notice"
    );
}

#[tokio::test]
async fn an_address_of_ones_calendar_is_told_once() {
    let world = World::small().await;
    let ask = "{ myCalendarFeed { madeAt } }";
    let none = json!({"myCalendarFeed": null});
    assert_eq!(world.data(by("B01"), ask).await, none);
    let make = "mutation { makeCalendarFeed(input: { secret: \"abcdefghijklmnopqrstuvwxyz\", key: <key> }) { ... on \
                CalendarAddress { path madeAt } ... on Refusal { code } } }";
    let made = world.data(by("B01"), make).await;
    assert_eq!(
        made["makeCalendarFeed"]["path"],
        "/calendar/abcdefghijklmnopqrstuvwxyz.ics"
    );
    assert_eq!(world.data(by("B01"), make).await, made, "asked again, the same");
    assert!(!world.rows().await.contains("abcdefghijklmnopqrstuvwxyz"));
    let since = world.data(by("B01"), ask).await["myCalendarFeed"]["madeAt"].take();
    assert_eq!(since, made["makeCalendarFeed"]["madeAt"]);
    assert_eq!(world.data(by("B02"), ask).await, none, "one's own");
    let revoke = "mutation { revokeCalendarFeed(input: { key: <end> }) { ... on CalendarRevoked { revoked } } }";
    assert_eq!(
        world.data(by("B01"), revoke).await,
        json!({"revokeCalendarFeed": {"revoked": true}})
    );
    assert_eq!(world.data(by("B01"), ask).await, none);
    let japanese = Asked {
        tongue: Tongue::Ja,
        ..by("B01")
    };
    let again = "mutation { revokeCalendarFeed(input: { key: <other> }) { ... on Refusal { code message } } }";
    let refused = world.data(japanese, again).await["revokeCalendarFeed"].take();
    assert_eq!(
        refused,
        json!({"code": "already_done", "message": "すでに済んでいます。"})
    );
}

async fn hears(world: &World, who: &str, field: &str) -> impl Stream<Item = Value> + use<> {
    let document = format!("subscription {{ {field} {{ at }} }}");
    let mut stream = world.listen_to(by(who), &document).await.boxed();
    assert!(poll!(stream.next()).is_pending(), "{who} listens to {field}");
    stream
}

#[tokio::test]
async fn whom_a_change_concerns_hears_of_it() {
    let world = World::small().await;
    let mut told = Vec::new();
    for (who, field) in [
        ("B04", "agendaChanged"),
        ("S01", "agendaChanged"),
        ("S01", "boardChanged"),
        ("OR1", "calendarChanged"),
        ("OF1", "calendarChanged"),
    ] {
        told.push((who, field, hears(&world, who, field).await));
    }
    let mut others = Vec::new();
    for (who, field) in [
        ("B01", "agendaChanged"),
        ("S02", "agendaChanged"),
        ("S02", "boardChanged"),
        ("V01", "agendaChanged"),
    ] {
        others.push((who, field, hears(&world, who, field).await));
    }
    let strangers = Asked {
        event: "osaka",
        ..by("osaka/OR1")
    };
    let elsewhere = world
        .listen_to(strangers, "subscription { calendarChanged { at } }")
        .await;
    let mut elsewhere = elsewhere.boxed();
    assert!(poll!(elsewhere.next()).is_pending());
    book(&world, "OR1", "meeting", ("B04", "X01"), 5).await;
    for (who, field, stream) in &mut told {
        let event = stream.next().await.expect("an event");
        assert!(event["data"][*field]["at"].is_string(), "{who}: {event}");
    }
    for (who, field, stream) in &mut others {
        assert!(poll!(stream.next()).is_pending(), "{who} {field}");
    }
    assert!(poll!(elsewhere.next()).is_pending(), "another event");
    // Reading one's notices is heard by one's own other screens.
    let read = "mutation { readNotices(input: { key: <key> }) { __typename } }";
    world.data(by("S01"), read).await;
    for (who, field, stream) in &mut told {
        let heard = tokio::time::timeout(std::time::Duration::from_millis(600), stream.next()).await;
        let expect = *field == "calendarChanged" || (*who, *field) == ("S01", "agendaChanged");
        assert_eq!(heard.is_ok(), expect, "{who} {field}");
    }
}

#[tokio::test]
async fn who_may_not_hear_is_told_so_by_the_end() {
    let world = World::small().await;
    for (who, field) in [
        ("nobody", "agendaChanged"),
        ("B01", "boardChanged"),
        ("B01", "calendarChanged"),
        ("S01", "calendarChanged"),
        ("osaka/OR1", "calendarChanged"),
    ] {
        let document = format!("subscription {{ {field} {{ at }} }}");
        let mut stream = world.listen_to(by(who), &document).await.boxed();
        let answer = stream.next().now_or_never().expect("an end");
        let nothing = answer.is_none_or(|answer| answer["data"].is_null() || answer["data"][field].is_null());
        assert!(nothing, "{who} {field}");
    }
    let mut stream = hears(&world, "B04", "agendaChanged").await.boxed();
    world.signed_in.store(false, SeqCst);
    book(&world, "OR1", "meeting", ("B04", "X01"), 5).await;
    assert_eq!(stream.next().await, None, "it ends with the login");
}

/// However many changes come at once: the first is told at once, and one event stands for the rest.
#[tokio::test]
async fn a_burst_is_two_events_and_the_last_is_not_lost() {
    let world = World::small().await;
    let mut stream = hears(&world, "OR1", "calendarChanged").await.boxed();
    let burst = async || {
        for (n, pair) in [("B04", "X01"), ("B04", "X02"), ("B03", "X03"), ("B04", "X03")]
            .into_iter()
            .enumerate()
        {
            book(&world, "OR1", &format!("meeting {n}"), pair, 1 + n as u16).await;
        }
    };
    let mut events = 0;
    let burst = burst();
    let hear = async {
        let patience = std::time::Duration::from_millis(900);
        while tokio::time::timeout(patience, stream.next())
            .await
            .is_ok_and(|event| event.is_some())
        {
            events += 1;
        }
    };
    futures_util::future::join(burst, hear).await;
    assert!((1..=3).contains(&events), "{events} events of 4 changes");
    // And what comes later is told too.
    let read = "mutation { readNotices(input: { key: <key> }) { __typename } }";
    world.data(by("S01"), read).await;
    assert!(stream.next().await.is_some());
}
