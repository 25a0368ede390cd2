//! Limits through the schema itself, on whatever way a document comes: what is too much is refused without a look at
//! the database; what cannot be read is refused in words; the schema is closed.

use super::world::{World, by, system};
use crate::{Budget, Introspection};
use async_graphql::{Request, Variables};
use domain::name::Tongue;
use serde_json::{Value, json};

/// Refused with that sentence, and the database was not asked.
async fn refused(world: &World, document: &str, sentence: &str) {
    let ask = world.request(by("OR1"), document).await;
    let before = world.store.statements();
    let answer = world.schema.execute(ask).await;
    assert_eq!(world.store.statements(), before, "{document}");
    let said: Vec<&str> = answer.errors.iter().map(|error| error.message.as_str()).collect();
    assert!(said.len() == 1 && said[0].contains(sentence), "{document}: {said:?}");
    assert_eq!(answer.data, async_graphql::Value::Null);
}

fn times(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

#[tokio::test]
async fn too_much_is_refused_unasked() {
    let world = World::small().await;
    let deep = |levels: usize| {
        let booth = "booth { exhibitor { ".repeat((levels - 2) / 2);
        format!(
            "{{ exhibitor(id: <X01>) {{ {booth} code }} {} }}",
            " } }".repeat((levels - 2) / 2)
        )
    };
    world.data(by("OR1"), &deep(10)).await;
    let eleven = deep(10).replace("code", "organisation { id }");
    refused(&world, &eleven, "nested too deep").await;
    let hidden = deep(10).replace("code", "...F") + " fragment F on Exhibitor { organisation { id } }";
    refused(&world, &hidden, "nested too deep").await;

    let aliases = |count| format!("{{ {} }}", times(count, |i| format!("a{i}: event {{ code }} ")));
    world.data(by("OR1"), &aliases(15)).await;
    refused(&world, &aliases(16), "more than 15 aliases").await;
    let moves = |count| {
        times(count, |i| {
            format!("a{i}: movePhase(input: {{ phase: FINAL, key: <{i}> }}) {{ __typename }} ")
        })
    };
    refused(&world, &format!("mutation {{ {} }}", moves(6)), "more than 5 mutations").await;
    let hidden = format!("mutation {{ ...F }} fragment F on Mutation {{ {} }}", moves(6));
    refused(&world, &hidden, "more than 5 mutations").await;
    world.data(by("OR1"), &format!("mutation {{ {} }}", moves(5))).await;

    refused(
        &world,
        &format!("{{ {} }}", "event ".repeat(999)),
        "more than 1000 tokens",
    )
    .await;
    let list = "buyers(first: 100) { nodes { id } } ";
    refused(&world, &format!("{{ {list} {list} }}"), "\"buyers\" twice").await;
    let spread = format!("{{ ...F ...F }} fragment F on Query {{ {list} }}");
    refused(&world, &spread, "\"buyers\" twice").await;
    let endless = "{ ...F } fragment F on Query { exhibitors { nodes { booth { ...G } } } } \
                   fragment G on Booth { exhibitor { booth { ...G } } }";
    refused(&world, endless, "contains itself").await;
    let doubling = times(30, |i| format!("fragment F{i} on Query {{ ...F{0} ...F{0} }} ", i + 1));
    refused(&world, &format!("{{ ...F0 }} {doubling}"), "more than 500 fields").await;
    refused(
        &world,
        &format!("{{ me(a: {}) }}", "[".repeat(400)),
        "nested deeper than 40",
    )
    .await;
    refused(
        &world,
        &format!("{{ event {} {{ code }} }}", "@include(if: true) ".repeat(5)),
        "directives",
    )
    .await;
}

/// A block string whose end is mistaken would hide the rest of the document from the count.
#[tokio::test]
async fn nothing_hides_from_the_count() {
    let world = World::small().await;
    let rest = "event ".repeat(1000);
    for hiding in ["\"\"\"\" \"\"\"", "\"\"\" \\\"\"\" \"\"\"", "\"\\\\\"", "\"\" # \" \r"] {
        let document = format!("{{ artists(after: {hiding}) {{ nodes {{ id }} }} {rest} }}");
        refused(&world, &document, "more than 1000 tokens").await;
    }
    refused(&world, &format!("{{ a(b: [\"\"\" x \"]) {rest} }}"), "does not end").await;
}

#[tokio::test]
async fn a_budget_is_used_up_in_words() {
    let world = World::small().await;
    let ask = |budget: &Budget| {
        let request = Request::new("{ event { code phase } }").data(budget.clone());
        world
            .schema
            .execute(crate::with_request(request, system("tokyo"), Tongue::En, &world.store))
    };
    let budget = Budget::of(5);
    assert!(ask(&budget).await.errors.is_empty());
    assert_eq!(budget.left(), 2);
    let answer = ask(&budget).await;
    assert!(
        answer.errors[0].message.contains("wait a moment"),
        "{:?}",
        answer.errors
    );
    assert!(budget.left() < 0);
    budget.refill(1000, 3);
    assert_eq!(budget.left(), 3);
    assert!(ask(&budget).await.errors.is_empty());
}

#[tokio::test]
async fn the_schema_is_closed() {
    let world = World::small().await;
    for ask in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Buyer\") { fields { name } } }",
    ] {
        let answer = world.answer(by("OR1"), ask).await;
        assert!(
            answer["data"]
                .as_object()
                .is_some_and(|data| data.values().all(Value::is_null)),
            "{answer}"
        );
    }
    for guess in [
        "{ buyer { id } }",
        "{ timetable }",
        "{ audits { id } }",
        "{ event { cod } }",
        "{ event { code(a: 1) } }",
    ] {
        let answer = world.bytes(by("nobody"), guess).await;
        for told in ["Did you mean", "did you mean", "timetables", "audit\"", "\"code\"?"] {
            assert!(!answer.contains(told), "{guess}: {answer}");
        }
    }
    let open = crate::schema(world.store.clone(), super::world::at_once(), None, Introspection::Open);
    let answer = open.execute(world.request(by("nobody"), EXPLORER).await).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    assert!(
        crate::within_limits(EXPLORER).is_ok(),
        "what the explorer asks in development is within the limits"
    );
}

#[tokio::test]
async fn wrong_values_are_refused_in_words() {
    let world = World::small().await;
    let book = |id: &str, slot: &str| {
        format!(
            "mutation {{ bookMeeting(input: {{ id: {id}, buyer: <B04>, exhibitor: <X01>, slot: {slot} }}) {{ __typename }} }}"
        )
    };
    for (document, sentence) in [
        ("{ buyer(id: \"x\") { id } }".to_owned(), "UUID"),
        ("{ buyer(id: 1) { id } }".to_owned(), "UUID"),
        ("{ buyer { id } }".to_owned(), "id"),
        (book("\"x\"", "1"), "UUID"),
        (book("<new>", "-1"), "Int"),
        (book("<new>", "65536"), "Int"),
        (book("<new>", "1.5"), "Int"),
        (book("<new>", "\"1\""), "Int"),
        (book("<new>", "4294967296"), "Int"),
        (
            "mutation { startTimetableRun(input: { id: <new>, seed: 1.5 }) { __typename } }".to_owned(),
            "Long",
        ),
        (
            "mutation { startTimetableRun(input: { id: <new>, seed: 9223372036854775808 }) { __typename } }".to_owned(),
            "64",
        ),
        (
            "mutation { startTimetableRun(input: { id: <new>, seed: \"1\" }) { __typename } }".to_owned(),
            "Long",
        ),
        (
            "mutation { movePhase(input: { phase: NEVER, key: <new> }) { __typename } }".to_owned(),
            "Phase",
        ),
    ] {
        let before = world.rows().await;
        let error = world.error(by("OR1"), &document).await;
        assert!(error.contains(sentence), "{document}: {error}");
        assert!(before == world.rows().await, "{document}");
    }
}

#[tokio::test]
async fn whole_numbers_have_64_bits() {
    let world = World::small().await;
    let data = world.data(by("OR1"), "{ programmes { targets { amount } } }").await;
    assert_eq!(data["programmes"][0]["targets"][0]["amount"], 6_000_000_000_i64);
    let document = "mutation P($id: UUID!, $seed: Long) { startTimetableRun(input: { id: $id, seed: $seed }) \
                    { ... on TimetableRun { state } ... on Refusal { code } } }";
    for (name, seed, told) in [("T3", i64::MAX, "state"), ("T4", i64::MIN, "code")] {
        let variables = Variables::from_json(json!({"id": world.id("tokyo", name), "seed": seed}));
        let request = world.request(by("OR1"), document).await.variables(variables);
        let answer = world.schema.execute(request).await.into_result().expect("no errors");
        let answer = answer.data.into_json().expect("JSON");
        assert!(!answer["startTimetableRun"][told].is_null(), "{answer}");
    }
}

/// What GraphiQL asks when it opens.
const EXPLORER: &str = "query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType \
    { name } types { ...FullType } directives { name description locations args { ...InputValue } } } } \
    fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name description args \
    { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields { ...InputValue } interfaces \
    { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes \
    { ...TypeRef } } fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue } \
    fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";
