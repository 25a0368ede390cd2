//! Pages: going forward visits everything once, in order; a page that cannot be is refused in words.

use super::{
    market::Plan,
    world::{World, by},
};
use serde_json::Value;
use std::collections::HashSet;

const MANY: Plan = Plan { buyers: 30, more: &[] };

/// Lists by pages: how to ask for one, where it stands in the answer, what tells its items apart.
const LISTS: [(&str, &[&str], &str); 6] = [
    (
        "{ buyers(PAGE) { edges { cursor node { code } } pageInfo { hasNextPage endCursor } } }",
        &["buyers"],
        "code",
    ),
    (
        "{ exhibitors(PAGE) { edges { cursor node { code } } pageInfo { hasNextPage endCursor } } }",
        &["exhibitors"],
        "code",
    ),
    (
        "{ artists(PAGE) { edges { cursor node { code } } pageInfo { hasNextPage endCursor } } }",
        &["artists"],
        "code",
    ),
    (
        "{ audit(PAGE) { edges { cursor node { number } } pageInfo { hasNextPage endCursor } } }",
        &["audit"],
        "number",
    ),
    (
        "{ publishedTimetable { placements(PAGE) { edges { cursor node { pair: __typename buyer { code } exhibitor { code } } } \
         pageInfo { hasNextPage endCursor } } } }",
        &["publishedTimetable", "placements"],
        "",
    ),
    (
        "{ letters(PAGE) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }",
        &["letters"],
        "id",
    ),
];

async fn page(world: &World, ask: &str, at: &[&str], arguments: &str) -> Value {
    let data = world.data(by("OR1"), &ask.replace("PAGE", arguments)).await;
    at.iter().fold(data, |mut value, key| value[*key].take())
}

fn items(page: &Value, key: &str) -> Vec<String> {
    let edges = page["edges"].as_array().expect("edges");
    let item = |edge: &Value| {
        if key.is_empty() {
            edge["node"].to_string()
        } else {
            edge["node"][key].to_string()
        }
    };
    edges.iter().map(item).collect()
}

/// All items, page by page.
async fn walk(world: &World, (ask, at, key): (&str, &[&str], &str), size: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut arguments = format!("first: {size}");
    loop {
        let page = page(world, ask, at, &arguments).await;
        let found = items(&page, key);
        assert!(found.len() <= size);
        all.extend(found);
        let (info, last) = (
            &page["pageInfo"],
            page["edges"].as_array().and_then(|edges| edges.last()),
        );
        assert_eq!(
            info["endCursor"],
            last.map_or(Value::Null, |edge| edge["cursor"].clone())
        );
        if info["hasNextPage"] == false {
            return all;
        }
        assert_eq!(
            page["edges"].as_array().map(Vec::len),
            Some(size),
            "a page that is not the last is full"
        );
        arguments = format!("first: {size}, after: {}", info["endCursor"]);
    }
}

#[tokio::test]
async fn forward_visits_everything_once() {
    let world = World::of(MANY).await;
    for list in LISTS {
        let whole = items(&page(&world, list.0, list.1, "first: 100").await, list.2);
        assert!(whole.len() >= 3, "{}", list.0);
        assert_eq!(whole.iter().collect::<HashSet<_>>().len(), whole.len());
        for size in [1, 2, whole.len() - 1, whole.len(), 100] {
            assert_eq!(walk(&world, list, size).await, whole, "{} by {size}", list.0);
        }
    }
    let placed = world.data(by("OR1"), "{ publishedTimetable { placed } }").await;
    let listed = walk(&world, LISTS[4], 7).await.len();
    assert_eq!(placed["publishedTimetable"]["placed"], listed);
    // Nothing said: twenty. Past the end: nothing.
    assert_eq!(
        page(&world, LISTS[0].0, LISTS[0].1, "first: null").await["edges"]
            .as_array()
            .map(Vec::len),
        Some(20)
    );
    assert!(items(&page(&world, LISTS[0].0, LISTS[0].1, "after: \"zzz\"").await, "code").is_empty());
}

#[tokio::test]
async fn pages_that_cannot_be_are_refused_in_words() {
    let world = World::small().await;
    for (ask, ..) in LISTS {
        for first in ["0", "101", "-1", "-2147483648"] {
            let error = world
                .error(by("OR1"), &ask.replace("PAGE", &format!("first: {first}")))
                .await;
            assert_eq!(error, "first is 1 to 100", "{ask} with {first}");
        }
        let error = world.error(by("OR1"), &ask.replace("PAGE", "first: 4294967296")).await;
        assert!(error.contains("Int"), "{error}");
    }
    let error = world
        .error(by("OR1"), &LISTS[3].0.replace("PAGE", "after: \"x\""))
        .await;
    assert_eq!(error, "after is the number of an entry");
}

/// The log is read from the newest entry, and tells who did what with which request.
#[tokio::test]
async fn the_log_is_told_newest_first() {
    let world = World::small().await;
    world
        .data(
            by("OR1"),
            "mutation { movePhase(input: { phase: FINAL, key: <key> }) { __typename } }",
        )
        .await;
    let ask = "{ audit { nodes { number at actor verb subject detail request } } me { person { id } } }";
    let data = world.data(by("OR1"), ask).await;
    let entries = data["audit"]["nodes"].as_array().expect("entries");
    let numbers: Vec<i64> = entries.iter().filter_map(|entry| entry["number"].as_i64()).collect();
    assert!(numbers.is_sorted_by(|a, b| a > b));
    assert_eq!(entries[0]["verb"], "movePhase");
    assert_eq!(entries[0]["actor"], data["me"]["person"]["id"]);
    assert_eq!(entries[0]["subject"], world.id("tokyo", "key").to_string());
    assert_eq!(entries[0]["request"], "request");
    let verbs: HashSet<&str> = entries.iter().filter_map(|entry| entry["verb"].as_str()).collect();
    assert_eq!(verbs.len(), 7, "of this event only, and all of it: {verbs:?}");
    assert_eq!(entries.len(), 11);
}
