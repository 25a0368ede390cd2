//! Subscribing to push in words: what is taken, what is refused and why, and that it can be ended.

use super::world::{Asked, World, by};
use domain::name::Tongue;
use serde_json::{Value, json};

const KEY: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

async fn done(world: &World, asked: Asked<'_>, mutation: &str) -> Value {
    let answer = "__typename ... on PushSubscription { id endpoint madeAt } ... on Refusal { code message }";
    let document = format!("mutation {{ done: {mutation} {{ {answer} }} }}");
    world.data(asked, &document).await["done"].take()
}

fn subscribe(id: &str, endpoint: &str, p256dh: &str, auth: &str) -> String {
    format!("subscribePush(input: {{ id: <{id}>, endpoint: \"{endpoint}\", p256dh: \"{p256dh}\", auth: \"{auth}\" }})")
}

#[tokio::test]
async fn a_browser_subscribes_and_ends_it() {
    let world = World::small().await;
    let key = world.data(by("B01"), "{ pushKey }").await;
    assert_eq!(key, json!({"pushKey": "the public key"}));
    assert_eq!(world.data(by("nobody"), "{ pushKey }").await, json!({"pushKey": null}));
    let endpoint = "https://push.example/one";
    let ask = subscribe("one", endpoint, KEY, AUTH);
    let made = done(&world, by("B01"), &ask).await;
    assert_eq!(
        (&made["__typename"], &made["endpoint"]),
        (&json!("PushSubscription"), &json!(endpoint))
    );
    assert_eq!(done(&world, by("B01"), &ask).await, made, "asked again, the same");
    let end = |key: &str| format!("unsubscribePush(input: {{ endpoint: \"{endpoint}\", key: <{key}> }})");
    assert_eq!(
        done(&world, by("B02"), &end("other")).await["code"],
        "already_done",
        "it is another's"
    );
    assert_eq!(done(&world, by("B01"), &end("end")).await, made);
    assert_eq!(done(&world, by("B01"), &end("again")).await["code"], "already_done");
}

#[tokio::test]
async fn what_cannot_be_sent_to_is_refused_in_words() {
    let world = World::small().await;
    let good = "https://push.example/one";
    for (endpoint, key, auth, code) in [
        ("https://evil.example/x", KEY, AUTH, "push_service"),
        ("https://push.example:8443/x", KEY, AUTH, "push_service"),
        ("http://push.example/x", KEY, AUTH, "push_service"),
        ("https://127.0.0.1/x", KEY, AUTH, "push_service"),
        ("push.example", KEY, AUTH, "malformed"),
        (good, "", AUTH, "malformed"),
        (good, KEY, "", "malformed"),
        (good, AUTH, KEY, "malformed"),
    ] {
        let refused = done(&world, by("B01"), &subscribe("bad", endpoint, key, auth)).await;
        assert_eq!(refused["code"], code, "{endpoint}");
    }
    let japanese = Asked {
        tongue: Tongue::Ja,
        ..by("B01")
    };
    let refused = done(&world, japanese, &subscribe("ja", "https://evil.example/x", KEY, AUTH)).await;
    assert_eq!(
        refused["message"],
        "このブラウザーのプッシュサービスには送れません。運営者にお問い合わせください。"
    );
    assert!(
        !world.rows().await.contains("[\"push_subscription\""),
        "nothing was kept"
    );
}
