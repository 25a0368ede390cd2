//! What goes out to people as the organizer sees it, and trying it anew, in words.

use super::{
    operations::give_up,
    world::{Asked, World, by},
};
use domain::name::Tongue;
use serde_json::{Value, json};

async fn retried(world: &World, who: &str, id: &Value, key: &str) -> Value {
    let document = format!(
        "mutation {{ retryLetter(input: {{ id: {id}, key: <{key}> }}) {{ __typename ... on Letter {{ id state tries \
         dueAt doneAt problem ja: problem(tongue: JA) }} ... on Refusal {{ code message }} }} }}"
    );
    world.data(by(who), &document).await["retryLetter"].take()
}

#[tokio::test]
async fn what_was_given_up_says_why_and_is_tried_anew() {
    let world = World::small().await;
    let ask = "{ letters(state: FAILED) { nodes { id at topic tries dueAt doneAt problem recipient { id } } } }";
    assert_eq!(world.data(by("OR1"), ask).await["letters"]["nodes"], json!([]));
    give_up(&world, vec![1]).await;
    let failed = world.data(by("OR1"), ask).await["letters"]["nodes"][0].take();
    assert_eq!(
        (&failed["id"], &failed["problem"]),
        (&json!("1"), &json!("The server it goes to does not take it (550)."))
    );
    assert!(failed["dueAt"].is_null() && failed["doneAt"].is_null() && failed["recipient"]["id"].is_string());

    let again = retried(&world, "OR1", &failed["id"], "key").await;
    assert_eq!(
        (&again["state"], &again["tries"], &again["ja"]),
        (
            &json!("WAITING"),
            &json!(0),
            &json!("送り先のサーバーが受け取りを断りました（550）。")
        )
    );
    assert_eq!(
        retried(&world, "OR1", &failed["id"], "key").await,
        again,
        "asked again, the same"
    );
    let refused = retried(&world, "OR1", &failed["id"], "other").await;
    assert_eq!(
        (&refused["code"], &refused["message"]),
        (
            &json!("letter_waiting"),
            &json!("This letter is still waiting; it will be sent by itself.")
        )
    );
    for (who, id, code) in [
        ("OR1", json!("999999"), "not_found"),
        ("OR1", json!("one"), "malformed"),
        ("B01", json!("1"), "not_found"),
        ("osaka/OR1", json!("1"), "not_found"),
    ] {
        assert_eq!(retried(&world, who, &id, "wrong").await["code"], code, "{who} {id}");
    }
    let bad = "{ letters(after: \"x\") { nodes { id } } }";
    assert_eq!(world.error(by("OR1"), bad).await, "after is the id of a letter");
    assert_eq!(
        world.data(by("OF1"), ask).await["letters"],
        Value::Null,
        "the officer has no use for it"
    );
}

#[tokio::test]
async fn what_went_out_is_not_sent_twice() {
    let world = World::small().await;
    world
        .store
        .letters_done(vec![1], by("OR1").now.parse().expect("a time"))
        .await
        .expect("done");
    let refused = retried(&world, "OR1", &json!("1"), "key").await;
    assert_eq!(refused["code"], "letter_sent");
    let japanese = Asked {
        tongue: Tongue::Ja,
        ..by("OR1")
    };
    let document = "mutation { retryLetter(input: { id: \"1\", key: <ja> }) { ... on Refusal { message } } }";
    let message = world.data(japanese, document).await["retryLetter"]["message"].take();
    assert_eq!(message, "このお知らせはすでに送られています。");
}
