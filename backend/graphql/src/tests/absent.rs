//! S2, denied is absent: who may not see something gets, byte for byte, the answer for what is not there.

use super::{
    market::SMALL,
    ways::ACTORS,
    world::{Asked, HERE, THERE, World, by},
};

/// Everybody but these.
fn others(but: &[&str]) -> impl Iterator<Item = &'static str> {
    let left = ACTORS.iter().filter(|(actor, _)| !but.contains(actor));
    left.map(|(_, who)| *who).collect::<Vec<_>>().into_iter()
}

/// The documents name what is denied; the same with an id of nothing is answered alike.
async fn check(world: &World, documents: &[&str], denied: &str, who: impl Iterator<Item = &str>) {
    for who in who {
        for document in documents {
            let there = world.bytes(by(who), document).await;
            let absent = world.bytes(by(who), &document.replace(denied, "<nothing>")).await;
            assert_eq!(there, absent, "{who} asks {document}");
            assert!(there.contains("null") || there.contains("not_found"), "{who}: {there}");
        }
    }
}

#[tokio::test]
async fn buyers() {
    let world = World::small().await;
    let documents = [
        "{ buyer(id: <B02>) { id code } }",
        "{ buyer(id: <B02>) { meetings { id } quotaMax arrivesAt person { email } } }",
        "mutation { bookMeeting(input: { id: <new>, buyer: <B02>, exhibitor: <X03>, slot: 1 }) { ... on Refusal { code \
         message alternatives } } }",
    ];
    let know = ["exhibitor", "adviser", "organizer", "officer"];
    check(&world, &documents, "<B02>", others(&know)).await;
    // Those who may see buyers may not book for them.
    check(&world, &documents[2..], "<B02>", ["AD1", "OF1", "S02"].into_iter()).await;
}

#[tokio::test]
async fn meetings() {
    let world = World::small().await;
    let documents = [
        "{ meeting(id: <B02-X01>) { id state table buyer { code } } }",
        "mutation { cancelMeeting(input: { id: <B02-X01>, key: <new> }) { ... on Refusal { code message } } }",
    ];
    check(&world, &documents, "<B02-X01>", others(&["organizer", "officer"])).await;
    check(&world, &documents[1..], "<B02-X01>", ["OF1"].into_iter()).await;
}

#[tokio::test]
async fn timetables() {
    let world = World::small().await;
    let ask = "{ timetable(id: <T2>) { id version certificate difference { lostCount } } }";
    check(&world, &[ask], "<T2>", others(&["organizer", "officer"])).await;
    for verb in ["publishTimetable", "rollBackTimetable", "discardTimetable"] {
        let act =
            format!("mutation {{ {verb}(input: {{ id: <T2>, key: <new> }}) {{ ... on Refusal {{ code message }} }} }}");
        check(&world, &[&act], "<T2>", others(&["organizer"])).await;
    }
}

/// For those who run an event, another event's things are as if they were not.
#[tokio::test]
async fn other_events() {
    let world = World::small().await;
    let refusal = "{ ... on Refusal { code message alternatives } }";
    let timetable = |verb| format!("mutation {{ {verb}(input: {{ id: <T2>, key: <new> }}) {refusal} }}");
    let documents = [
        "{ buyer(id: <B02>) { id } }".to_owned(),
        "{ exhibitor(id: <X01>) { id } }".to_owned(),
        "{ artist(id: <A01>) { id } }".to_owned(),
        "{ meeting(id: <B02-X01>) { id } }".to_owned(),
        "{ timetable(id: <T2>) { id } }".to_owned(),
        format!("mutation {{ cancelMeeting(input: {{ id: <B02-X01>, key: <new> }}) {refusal} }}"),
        timetable("publishTimetable"),
        timetable("rollBackTimetable"),
        timetable("discardTimetable"),
        format!(
            "mutation {{ bookMeeting(input: {{ id: <new>, buyer: <B04>, exhibitor: <X03>, slot: 1 }}) {refusal} }}"
        ),
    ];
    for document in documents {
        let there = world
            .bytes(
                Asked {
                    ids: THERE,
                    ..by("OR1")
                },
                &document,
            )
            .await;
        let mut nothing = document.clone();
        for name in ["B02", "X01", "A01", "B02-X01", "T2", "B04", "X03"] {
            nothing = nothing.replace(&format!("<{name}>"), "<nothing>");
        }
        assert_eq!(there, world.bytes(by("OR1"), &nothing).await, "{document}");
    }
}

/// What is shown to nobody does not tell whether there is anything: a market without meetings answers alike.
#[tokio::test]
async fn meetings_of_others_and_none() {
    let (full, empty) = (World::small().await, World::wishes(SMALL).await);
    let booth = "{ exhibitor(id: <X01>) { booth { code meetings { id } } quotaMin quotaMax } }";
    let mine = "{ myBooth { code meetings { id } } }";
    let lists = "{ buyers { nodes { code } } timetables { id } publishedTimetable { id } audit { nodes { number } } }";
    for who in others(&["organizer", "officer"]) {
        let shown = full.bytes(by(who), booth).await;
        assert_eq!(shown, empty.bytes(by(who), booth).await, "{who}");
        assert!(
            shown.contains(r#""meetings":null"#) && shown.contains(r#""quotaMax":null"#),
            "{who}: {shown}"
        );
    }
    for who in others(&["exhibitor"]) {
        assert_eq!(full.bytes(by(who), mine).await, r#"{"data":{"myBooth":null}}"#, "{who}");
    }
    for who in others(&["exhibitor", "adviser", "organizer", "officer"]) {
        let shown = full.answer(by(who), lists).await;
        assert_eq!(shown, empty.answer(by(who), lists).await, "{who}");
        assert!(
            shown["data"]
                .as_object()
                .is_some_and(|data| data.values().all(serde_json::Value::is_null))
        );
    }
    // Not even a wrong argument tells that there is something to be asked.
    for wrong in [
        "{ buyers(first: 0) { nodes { code } } }",
        "{ audit(after: \"x\") { nodes { number } } }",
    ] {
        let denied = full
            .bytes(
                Asked {
                    event: HERE,
                    ..by("V01")
                },
                wrong,
            )
            .await;
        assert!(denied.contains("null") && !denied.contains("errors"), "{denied}");
    }
}
