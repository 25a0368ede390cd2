//! Booking and cancelling over the API: what is done shows everywhere, what is not is refused with a reason in both
//! languages, and asking again does nothing twice.

use super::{
    market::SMALL,
    world::{Asked, World, by},
};
use domain::name::Tongue;
use serde_json::Value;

/// During the first slot.
const ON_SITE: &str = "2025-11-05T10:01:00+09:00";

const ANSWER: &str = "{ __typename ... on Meeting { id state table interpreted slot { number } buyer { code } \
                      exhibitor { code } booth { code } } ... on Refusal { code message ja: message(tongue: JA) \
                      en: message(tongue: EN) alternatives } }";

fn book(id: &str, pair: (&str, &str), slot: i64) -> String {
    let (buyer, exhibitor) = pair;
    format!(
        "mutation {{ done: bookMeeting(input: {{ id: <{id}>, buyer: <{buyer}>, exhibitor: <{exhibitor}>, slot: {slot} }}) \
         {ANSWER} }}"
    )
}

fn cancel(id: &str, key: &str) -> String {
    format!("mutation {{ done: cancelMeeting(input: {{ id: <{id}>, key: <{key}> }}) {ANSWER} }}")
}

async fn does(world: &World, asked: Asked<'_>, document: &str) -> Value {
    let done = world.data(asked, document).await["done"].take();
    assert_eq!(done["__typename"], "Meeting", "{}: {document}: {done}", asked.who);
    done
}

/// Refused with that code, in both languages; returns how many alternatives are named.
async fn refused(world: &World, asked: Asked<'_>, document: &str, code: &str) -> usize {
    let done = world.data(asked, document).await["done"].take();
    assert_eq!(done["code"], code, "{}: {document}: {done}", asked.who);
    let sentence = |key: &str| done[key].as_str().expect("a sentence").to_owned();
    let (ja, en) = (sentence("ja"), sentence("en"));
    assert!(
        ja.chars().any(|c| c > '\u{3040}') && !en.chars().any(|c| c > '\u{3040}'),
        "{ja} / {en}"
    );
    let own = if asked.tongue == Tongue::Ja { ja } else { en };
    assert_eq!(sentence("message"), own);
    done["alternatives"].as_array().expect("a list").len()
}

async fn agenda(world: &World, who: &str) -> Vec<Value> {
    let mut data = world
        .data(
            by(who),
            "{ myAgenda { entries { kind meeting { id table exhibitor { code } } } } }",
        )
        .await;
    let entries = data["myAgenda"]["entries"].take();
    let entries = entries.as_array().expect("entries").clone();
    entries.into_iter().filter(|entry| entry["kind"] == "MEETING").collect()
}

async fn booth(world: &World, who: &str) -> Vec<Value> {
    let mut data = world
        .data(by(who), "{ myBooth { meetings { id table buyer { code } } } }")
        .await;
    data["myBooth"]["meetings"].take().as_array().expect("meetings").clone()
}

#[tokio::test]
async fn a_meeting_is_booked_and_cancelled() {
    let world = World::small().await;
    assert!(agenda(&world, "B04").await.is_empty());
    let before = booth(&world, "S01").await.len();
    let done = does(&world, by("B04"), &book("meeting", ("B04", "X01"), 5)).await;
    let id = done["id"].clone();
    for (field, expect) in [
        ("state", "PLANNED"),
        ("id", world.id("tokyo", "meeting").to_string().as_str()),
    ] {
        assert_eq!(done[field], expect);
    }
    assert_eq!(
        (&done["slot"]["number"], &done["buyer"]["code"]),
        (&5.into(), &"B04".into())
    );
    assert_eq!(done["interpreted"], serde_json::json!(["ja", "fr"]));
    assert_eq!(agenda(&world, "B04").await[0]["meeting"]["id"], id);
    let at_booth = booth(&world, "S01").await;
    assert_eq!(at_booth.len(), before + 1);
    assert!(at_booth.iter().any(|meeting| meeting["id"] == id));

    let gone = does(&world, by("S01"), &cancel("meeting", "key")).await;
    assert_eq!((&gone["state"], &gone["id"]), (&"CANCELLED".into(), &id));
    assert!(agenda(&world, "B04").await.is_empty());
    assert_eq!(booth(&world, "S01").await.len(), before);
    // Its place is free again, for a new meeting.
    does(&world, by("OR1"), &book("again", ("B04", "X01"), 5)).await;
    assert_eq!(booth(&world, "S01").await.len(), before + 1);
}

#[tokio::test]
async fn asked_again_nothing_is_done_twice() {
    let world = World::small().await;
    for document in [book("meeting", ("B04", "X01"), 5), cancel("meeting", "key")] {
        let first = does(&world, by("B04"), &document).await;
        let rows = world.rows().await;
        for _ in 0..3 {
            assert_eq!(does(&world, by("B04"), &document).await, first);
        }
        assert!(rows == world.rows().await, "{document}");
    }
    let again = book("meeting", ("B04", "X01"), 4);
    refused(&world, by("B04"), &again, "key_reused").await;
    refused(&world, by("B04"), &book("meeting", ("B04", "X02"), 5), "key_reused").await;
    // An id that is somebody else's is used up too.
    refused(&world, by("S02"), &book("meeting", ("B04", "X02"), 4), "key_reused").await;
    refused(&world, by("B04"), &cancel("B03-X03", "key"), "key_reused").await;
}

#[tokio::test]
async fn every_reason_is_told() {
    let world = World::small().await;
    let japanese = Asked {
        tongue: Tongue::Ja,
        ..by("B04")
    };
    refused(&world, by("B04"), &book("1", ("B02", "X03"), 1), "not_found").await;
    refused(&world, by("B04"), &book("1", ("B04", "X01"), 12), "no_such_slot").await;
    refused(&world, by("B01"), &book("1", ("B01", "X02"), 1), "pair_has_meeting").await;
    let late = Asked {
        now: ON_SITE,
        ..by("B04")
    };
    refused(&world, late, &book("1", ("B04", "X01"), 0), "slot_past").await;
    let times = refused(&world, japanese, &book("1", ("B04", "X01"), 9), "busy").await;
    assert_eq!(times, 5);
    // The third exhibitor's tables are not staffed on the second day.
    let times = refused(
        &world,
        japanese,
        &book("1", ("B04", "X03"), 6),
        "other_side_unavailable",
    )
    .await;
    assert!(times > 0);
    // There is one interpreter of French.
    does(&world, by("B04"), &book("french", ("B04", "X01"), 5)).await;
    let times = refused(&world, by("B05"), &book("1", ("B05", "X02"), 5), "no_interpreter").await;
    assert_eq!(times, 5);
    does(&world, by("B05"), &book("only", ("B05", "X02"), 4)).await;
    let times = refused(&world, by("B05"), &book("1", ("B05", "X01"), 3), "quota_reached").await;
    assert_eq!(times, 0);
    // The other side's figure is its own affair.
    let times = refused(
        &world,
        by("S01"),
        &book("1", ("B05", "X01"), 3),
        "other_side_unavailable",
    )
    .await;
    assert_eq!(times, 0);
    refused(&world, by("OR1"), &book("1", ("B05", "X01"), 3), "quota_reached").await;

    let late = Asked {
        now: "2025-11-06T18:00:00+09:00",
        ..by("B04")
    };
    refused(&world, late, &cancel("french", "2"), "slot_past").await;
    refused(&world, by("B05"), &cancel("french", "2"), "not_found").await;
    does(&world, by("B04"), &cancel("french", "2")).await;
    refused(&world, by("B04"), &cancel("french", "3"), "meeting_cancelled").await;
}

#[tokio::test]
async fn phases_open_and_close_the_calendar() {
    let world = World::small().await;
    let to =
        |phase: &str| format!("mutation {{ movePhase(input: {{ phase: {phase}, key: <{phase}> }}) {{ __typename }} }}");
    does(&world, by("B04"), &book("1", ("B04", "X01"), 5)).await;
    let closed = async |phase: &str| {
        world.data(by("OR1"), &to(phase)).await;
        refused(&world, by("B04"), &book("2", ("B04", "X02"), 4), "phase_closed").await;
        refused(&world, by("B04"), &cancel("1", "2"), "phase_closed").await;
    };
    closed("FINAL").await;
    // The organizer still moves what must be moved.
    does(&world, by("OR1"), &book("3", ("B04", "X03"), 4)).await;
    does(&world, by("OR1"), &cancel("3", "4")).await;
    // On the day what is free can be booked again.
    world.data(by("OR1"), &to("ON_SITE")).await;
    does(&world, by("B04"), &book("5", ("B04", "X03"), 4)).await;
    does(&world, by("B04"), &cancel("5", "6")).await;
    closed("AFTER").await;
    refused(&world, by("OR1"), &book("7", ("B04", "X02"), 4), "phase_closed").await;
    let early = World::wishes(SMALL).await;
    for who in ["B04", "S01", "OR1"] {
        refused(&early, by(who), &book("1", ("B04", "X01"), 5), "phase_closed").await;
    }
}

#[tokio::test]
async fn several_in_one_document_see_each_other() {
    let world = World::small().await;
    let one = |name: &str, id: &str, slot: u16| {
        format!(
            "{name}: bookMeeting(input: {{ id: <{id}>, buyer: <B04>, exhibitor: <X0{name_x}>, slot: {slot} }}) \
             {{ ... on Meeting {{ buyer {{ meetings {{ id }} }} }} ... on Refusal {{ code }} }} ",
            name_x = &name[1..]
        )
    };
    let document = format!(
        "mutation {{ {}{}{} }}",
        one("a1", "1", 3),
        one("b2", "2", 3),
        one("c3", "3", 4)
    );
    let data = world.data(by("B04"), &document).await;
    let meetings = |name: &str| data[name]["buyer"]["meetings"].as_array().map(Vec::len);
    assert_eq!(
        (meetings("a1"), &data["b2"]["code"], meetings("c3")),
        (Some(1), &"busy".into(), Some(2))
    );
}
