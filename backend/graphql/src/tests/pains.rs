//! What people complain about elsewhere, as far as the API promises otherwise: each test is named after its line of the list
//! of pains.

use super::world::{HERE, World, by};
use serde_json::json;

/// When everybody's planned meetings begin.
async fn calendars(world: &World) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for who in ["B01", "B02", "B03", "S01", "S02", "S03"] {
        let agenda = "{ myAgenda { entries { startsAt meeting { state } } } }";
        let agenda = world.data(by(who), agenda).await["myAgenda"]["entries"].take();
        let entries = agenda.as_array().expect("entries").iter();
        let planned = entries.filter(|entry| entry["meeting"]["state"] == "PLANNED");
        all.push(planned.map(|entry| entry["startsAt"].to_string()).collect());
    }
    all
}

/// A timetable is a version: published as one act, taken back as one act, and then everything is as it was.
#[tokio::test]
async fn pain_03_a_timetable_is_undone_as_one_act() {
    let world = World::small().await;
    let act = async |verb: &str, of: &str, key: &str| {
        let input = format!("input: {{ id: <{of}>, key: <{key}> }}");
        let answer = "{ ... on Timetable { version state } ... on Refusal { code } }";
        let document = format!("mutation {{ done: {verb}Timetable({input}) {answer} }}");
        let done = world.data(by("OR1"), &document).await["done"].take();
        assert_eq!(done["state"], "PUBLISHED", "{done}");
        calendars(&world).await
    };
    let entries = async || {
        let audit = "{ audit(first: 100) { nodes { verb } } }";
        let all = world.data(by("OR1"), audit).await["audit"]["nodes"].take();
        all.as_array().map_or(0, Vec::len)
    };
    let second = act("publish", "T2", "1").await;
    let first = act("rollBack", "T1", "2").await;
    assert_ne!(first, second, "the second moves, loses and adds meetings");
    let before = entries().await;
    assert_eq!(act("rollBack", "T2", "3").await, second);
    assert_eq!(act("rollBack", "T1", "4").await, first, "everybody is where they were");
    assert_eq!(entries().await, before + 2, "one act each");
    // The control: what is not undone is seen.
    let cancel = "mutation { cancelMeeting(input: { id: <B02-X01>, key: <c> }) { __typename } }";
    world.data(by("B02"), cancel).await;
    assert_ne!(calendars(&world).await, first);
}

/// On a slow network people tap again: the same tap is one meeting and one answer; another device hears which it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pain_10_a_second_tap_does_nothing_twice_and_says_what_there_is() {
    let world = World::small().await;
    let tap = |id: &str| {
        format!(
            "mutation {{ done: bookMeeting(input: {{ id: <{id}>, buyer: <B04>, exhibitor: <X02>, slot: 4 }}) {{ __typename \
             ... on Meeting {{ id slot {{ startsAt }} }} ... on Refusal {{ code message alternatives }} }} }}"
        )
    };
    let same = tap("tap");
    let (first, second, third) = tokio::join!(
        world.data(by("B04"), &same),
        world.data(by("B04"), &same),
        world.data(by("B04"), &same)
    );
    assert_eq!(first["done"]["__typename"], "Meeting", "{first}");
    assert!(first == second && second == third, "{first} {second} {third}");
    let other = world.data(by("B04"), &tap("another device")).await["done"].take();
    assert_eq!(other["code"], "pair_has_meeting");
    assert_eq!(
        other["alternatives"],
        json!([first["done"]["slot"]["startsAt"]]),
        "when it is"
    );
    let market = world.market(HERE).await;
    let buyer = world.id(HERE, "B04");
    let own = market.meetings.iter().filter(|m| m.placement.pair.buyer.0 == buyer);
    assert_eq!(own.count(), 1);
}
