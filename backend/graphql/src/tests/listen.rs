//! What can be listened to: those who have signed in hear of their event's publications, of no other's, and only as
//! long as they are signed in.

use super::{
    ways::ACTORS,
    world::{Asked, HERE, THERE, World, by, system},
};
use domain::id::TimetableId;
use futures_util::{StreamExt, poll};
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

async fn publish(world: &World, event: &str) {
    let id = TimetableId(world.id(event, "T2"));
    let published = world.store.publish_timetable(&system(event), id, id.0).await;
    published.expect("published");
}

fn told(version: u32) -> Value {
    json!({"data": {"timetablePublished": {"version": version}}})
}

#[tokio::test]
async fn those_signed_in_hear_of_their_event() {
    let world = World::small().await;
    let mut listening = Vec::new();
    for (actor, who) in ACTORS {
        let mut stream = world.listen(by(who)).await;
        // Begins to listen.
        let ended = poll!(stream.next()).is_ready();
        assert_eq!(ended, actor == "nobody", "{actor}");
        if !ended {
            listening.push((actor, stream));
        }
    }
    publish(&world, THERE).await;
    for (actor, stream) in &mut listening {
        assert!(poll!(stream.next()).is_pending(), "{actor}");
    }
    assert_eq!(
        world.asked_after.load(SeqCst),
        0,
        "another event's publication woke nobody"
    );
    publish(&world, HERE).await;
    for (actor, stream) in &mut listening {
        assert_eq!(stream.next().await, Some(told(2)), "{actor}");
    }
    assert_eq!(world.asked_after.load(SeqCst), ACTORS.len() - 1);
}

#[tokio::test]
async fn it_ends_with_the_login() {
    let world = World::small().await;
    let mut stream = world.listen(by("B01")).await;
    assert!(poll!(stream.next()).is_pending());
    publish(&world, HERE).await;
    assert_eq!(stream.next().await, Some(told(2)));
    world.signed_in.store(false, SeqCst);
    assert!(poll!(stream.next()).is_pending());
    let back = TimetableId(world.id(HERE, "T1"));
    let rolled = world
        .store
        .roll_back_timetable(&system(HERE), back, world.id(HERE, "key"))
        .await;
    rolled.expect("rolled back");
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn rolling_back_and_publishing_over_the_api_are_heard() {
    let world = World::small().await;
    let mut stream = world
        .listen(Asked {
            event: HERE,
            ..by("S02")
        })
        .await;
    assert!(poll!(stream.next()).is_pending());
    for (verb, timetable, version) in [("publishTimetable", "<T2>", 2), ("rollBackTimetable", "<T1>", 1)] {
        let input = format!("{{ id: {timetable}, key: <{verb}> }}");
        world
            .data(
                by("OR1"),
                &format!("mutation {{ {verb}(input: {input}) {{ __typename }} }}"),
            )
            .await;
        assert_eq!(stream.next().await, Some(told(version)));
    }
}
