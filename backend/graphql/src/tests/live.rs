//! The scheduler's verbs over the API: free times, reasons, repairs, what if. What they answer is tested in `domain`.

use super::world::{HERE, World, by};
use serde_json::{Value, json};

async fn query(world: &World, who: &str, document: &str) -> Value {
    world.data(by(who), document).await
}

#[tokio::test]
async fn a_pair_asks_about_itself_and_nobody_else_does() {
    let world = World::small().await;
    let document = "{ suggestions(buyer: <B03>, exhibitor: <X03>) { slot { number } breaks walks placesLeft } \
                    insertion(buyer: <B03>, exhibitor: <X03>) { possible movedCount message ja: message(tongue: JA) proof changes } \
                    explanation(buyer: <B03>, exhibitor: <X03>) { message code remedy changes } }";
    let buyer = query(&world, "B03", document).await;
    let booth = query(&world, "S03", document).await;
    for own in [&buyer, &booth] {
        assert!(
            own["suggestions"].as_array().is_some_and(|all| !all.is_empty()),
            "{own}"
        );
        assert_eq!(own["insertion"]["possible"], true);
        assert_ne!(own["insertion"]["ja"], own["insertion"]["message"]);
        for of_organizer in [
            &own["insertion"]["proof"],
            &own["insertion"]["changes"],
            &own["explanation"]["code"],
        ] {
            assert_eq!(*of_organizer, Value::Null, "{own}");
        }
    }
    let organizer = query(&world, "OR1", document).await;
    assert_eq!(organizer["suggestions"], buyer["suggestions"]);
    assert_eq!(organizer["explanation"]["code"], "free");
    assert_eq!(organizer["explanation"]["changes"].as_array().map(Vec::len), Some(1));
    for other in ["B01", "S01", "OF1", "AD1", "nobody"] {
        let nothing = json!({"suggestions": null, "insertion": null, "explanation": null});
        assert_eq!(query(&world, other, document).await, nothing, "{other}");
    }
}

#[tokio::test]
async fn whoever_waits_is_explained_page_by_page() {
    let world = World::small().await;
    let page = |args: &str| {
        format!(
            "{{ explanations{args} {{ nodes {{ code buyer {{ code }} exhibitor {{ code }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
    };
    let all = query(&world, "OR1", &page("")).await["explanations"].take();
    let nodes = all["nodes"].as_array().expect("nodes").clone();
    assert!(
        nodes
            .iter()
            .any(|node| node["buyer"]["code"] == "B03" && node["exhibitor"]["code"] == "X03"),
        "{all}"
    );
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let one = query(&world, "OR1", &page(&format!("(first: 1{after})"))).await["explanations"].take();
        seen.extend(one["nodes"].as_array().expect("nodes").clone());
        if one["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = format!(", after: {}", one["pageInfo"]["endCursor"]);
    }
    assert_eq!(seen, nodes);
    let error = world.error(by("OR1"), &page("(first: 50)")).await;
    assert!(error.contains("first is 1 to 49"), "{error}");
}

#[tokio::test]
async fn a_repair_is_looked_at_kept_and_published() {
    let world = World::small().await;
    let ask = "disturbances: [{ cancelled: { buyer: <B01>, exhibitor: <X02> } }]";
    let preview = format!(
        "{{ repair({ask}) {{ atLeast proof ja: proof(tongue: JA) value upperBound buyersTold {{ code }} \
         exhibitorsTold {{ code }} byHand {{ table }} difference {{ movedCount lostCount addedCount }} }} }}"
    );
    let rows = world.rows().await;
    let found = query(&world, "OR1", &preview).await["repair"].take();
    assert!(rows == world.rows().await, "a preview changes nothing");
    assert_eq!(
        found["difference"],
        json!({"movedCount": 0, "lostCount": 1, "addedCount": 0})
    );
    assert_eq!(
        (&found["buyersTold"], &found["exhibitorsTold"]),
        (&json!([{"code": "B01"}]), &json!([{"code": "X02"}]))
    );
    assert!(found["value"].as_i64() <= found["upperBound"].as_i64() && found["ja"] != found["proof"]);
    assert_eq!(
        query(&world, "OF1", &preview).await["repair"],
        Value::Null,
        "the auditor"
    );

    let keep = format!(
        "mutation {{ done: repairTimetable(input: {{ id: <T5>, {ask} }}) {{ ... on Timetable {{ version state value }} ... on Refusal {{ code }} }} }}"
    );
    let kept = query(&world, "OR1", &keep).await["done"].take();
    assert_eq!(
        (&kept["version"], &kept["state"]),
        (&json!(3), &json!("PROPOSED")),
        "{kept}"
    );
    assert_eq!(kept["value"], found["value"]);
    assert_eq!(query(&world, "OR1", &keep).await["done"], kept, "asked again");
    let publish = "mutation { done: publishTimetable(input: { id: <T5>, key: <p5> }) { ... on Timetable { state } ... on Refusal { code message } } }";
    assert_eq!(query(&world, "OR1", publish).await["done"]["state"], "PUBLISHED");
    let gone = query(&world, "B01", "{ meeting(id: <B01-X02>) { state } }").await;
    assert_eq!(gone["meeting"]["state"], "CANCELLED");
    let bad = "{ repair(disturbances: [{ interpretersIll: { pool: \"nobody\", interpreters: 1, from: \"2025-11-05T01:00:00Z\", until: \"2025-11-05T02:00:00Z\" } }]) { atLeast } }";
    assert_eq!(query(&world, "OR1", bad).await["repair"], Value::Null);
    let backwards = "{ repair(disturbances: [{ boothClosed: { exhibitor: <X01>, from: \"2025-11-05T03:00:00Z\", until: \"2025-11-05T02:00:00Z\" } }]) { atLeast } }";
    assert!(world.error(by("OR1"), backwards).await.contains("from before until"));
}

#[tokio::test]
async fn what_if_is_answered_at_once_and_exactly() {
    let world = World::small().await;
    let figures = "{ value upperBound placed fairness { mutual { wished met ratio } } }";
    let ask = |args: &str| format!("{{ whatIf({args}) {{ exact before {figures} after {figures} }} }}");
    let closed =
        "edits: [{ slotClosed: 0 }, { tables: { exhibitor: <X01>, by: -1 } }, { floor: { tables: 2, meetings: 1 } }]";
    let at_once = query(&world, "OR1", &ask(closed)).await["whatIf"].take();
    let exact = query(&world, "OR1", &ask(&format!("{closed}, seconds: 1"))).await["whatIf"].take();
    assert_eq!((&at_once["exact"], &exact["exact"]), (&json!(false), &json!(true)));
    assert_eq!(at_once["before"], exact["before"]);
    for answer in [&at_once, &exact] {
        assert!(
            answer["after"]["value"].as_i64() <= answer["after"]["upperBound"].as_i64(),
            "{answer}"
        );
    }
    let of_version = query(&world, "OR1", &ask(&format!("{closed}, timetable: <T2>"))).await["whatIf"].take();
    assert!(of_version["before"]["placed"].as_u64() > Some(0));
    for (args, words) in [
        ("edits: []", "1 to 50"),
        ("edits: [{ slotClosed: 99 }]", "no such slot"),
        ("edits: [{ slotClosed: 0 }], seconds: 4", "1 to 3"),
    ] {
        let error = world.error(by("OR1"), &ask(args)).await;
        assert!(error.contains(words), "{args}: {error}");
    }
    assert_eq!(
        world.market(HERE).await.meetings.len() as u64,
        at_once["before"]["placed"].as_u64().unwrap_or(0)
    );
}
