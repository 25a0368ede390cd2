//! "Fit me in" where others have to move: they are asked, each sees its own part only, and one no is enough.

use super::{
    market::Plan,
    world::{World, by},
};
use domain::time::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The fourth buyer wishes for the third exhibitor, and so needs the one interpreter of French at some time.
const PLAN: Plan = Plan {
    buyers: 5,
    more: &[("wishes", "B04,X03,5,")],
};

const SHIFT: &str = "{ __typename ... on Shift { id state mine awaited steps { message meetingId asked yes \
                     from { startsAt } to { startsAt } buyer { code } exhibitor { code } } } ... on Refusal { code } }";

async fn does(world: &World, who: &str, verb: &str, input: &str) -> Value {
    let document = format!("mutation {{ done: {verb}(input: {{ {input} }}) {SHIFT} }}");
    world.data(by(who), &document).await["done"].take()
}

async fn held(world: &World, meeting: &str) -> Value {
    let ask = format!("{{ meeting(id: {meeting}) {{ state slot {{ startsAt endsAt }} }} }}");
    world.data(by("OR1"), &ask).await["meeting"].take()
}

/// The fifth buyer is there only while the interpreter sits with the fourth.
async fn crowded() -> (World, String) {
    let world = World::of(PLAN).await;
    let slot = held(&world, "<B04-X03>").await["slot"].take();
    let at = |name: &str| -> Timestamp { slot[name].as_str().expect("a time").parse().expect("a time") };
    let (from, until) = (at("startsAt"), at("endsAt") + SignedDuration::from_mins(10));
    let stay = format!(
        "mutation {{ setStay(input: {{ arrivesAt: \"{from}\", leavesAt: \"{until}\", key: <stay> }}) {{ __typename }} }}"
    );
    assert_eq!(world.data(by("B05"), &stay).await["setStay"]["__typename"], "Buyer");
    (world, from.to_string())
}

const FIT: &str = "id: <shift>, buyer: <B05>, exhibitor: <X02>";

#[tokio::test]
async fn others_are_asked_and_all_say_yes() {
    let (world, at) = crowded().await;
    let preview = "{ insertion(buyer: <B05>, exhibitor: <X02>) { possible movedCount } \
                   suggestions(buyer: <B05>, exhibitor: <X02>) { breaks } }";
    assert_eq!(
        world.data(by("B05"), preview).await,
        json!({"insertion": {"possible": true, "movedCount": 1}, "suggestions": []})
    );
    let asked = does(&world, "B05", "fitIn", FIT).await;
    assert_eq!(
        (&asked["state"], &asked["mine"], &asked["awaited"]),
        (&json!("ASKED"), &json!(true), &json!(2)),
        "{asked}"
    );
    // Who asks sees that somebody moves, not who.
    let of_others = asked["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .find(|step| !step["from"].is_null());
    let of_others = of_others.expect("a meeting moves");
    assert_eq!(
        (&of_others["buyer"], &of_others["exhibitor"], &of_others["meetingId"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    // Nothing has moved, and nothing is held.
    assert_eq!(held(&world, "<B04-X03>").await["slot"]["startsAt"], at.as_str());
    let mine = "{ myShifts { id state mine awaited steps { asked yes from { startsAt } buyer { code } } } }";
    for (who, of) in [("B04", "B04"), ("S03", "B04")] {
        let seen = world.data(by(who), mine).await["myShifts"].take();
        assert_eq!(
            (&seen[0]["mine"], &seen[0]["steps"][0]["asked"]),
            (&json!(false), &json!(true)),
            "{who}: {seen}"
        );
        assert_eq!(seen[0]["steps"][0]["buyer"]["code"], of);
        assert_eq!(
            seen[0]["steps"].as_array().map(Vec::len),
            Some(1),
            "one's own part only"
        );
    }
    for who in ["B01", "S01"] {
        assert_eq!(world.data(by(who), mine).await["myShifts"], json!([]), "{who}");
        let strangers = does(
            &world,
            who,
            "answerShift",
            "shift: <shift>, meeting: <B04-X03>, yes: false, key: <no>",
        )
        .await;
        assert_eq!(strangers["code"], "not_found");
    }
    let yes = |key: &str| format!("shift: <shift>, meeting: <B04-X03>, yes: true, key: <{key}>");
    let first = does(&world, "B04", "answerShift", &yes("1")).await;
    assert_eq!(
        (&first["state"], &first["awaited"]),
        (&json!("ASKED"), &json!(1)),
        "{first}"
    );
    let done = does(&world, "S03", "answerShift", &yes("2")).await;
    assert_eq!(done["state"], "DONE", "{done}");
    assert_ne!(
        held(&world, "<B04-X03>").await["slot"]["startsAt"],
        at.as_str(),
        "it has moved"
    );
    let whole = world
        .data(by("B05"), "{ myShifts { state steps { meetingId to { startsAt } } } }")
        .await;
    let new = &whole["myShifts"][0]["steps"][0];
    assert_eq!(new["to"]["startsAt"], at.as_str());
    let new = held(&world, &new["meetingId"].to_string()).await;
    assert_eq!(
        (&new["state"], &new["slot"]["startsAt"]),
        (&json!("PLANNED"), &json!(at))
    );
    let told = world
        .data(by("B04"), "{ myNotices(first: 10) { nodes { kind } } }")
        .await
        .to_string();
    assert!(told.contains("SHIFT_ASKED") && told.contains("MEETING_MOVED"), "{told}");
}

#[tokio::test]
async fn one_no_ends_it_and_nobody_learns_whose() {
    let (world, at) = crowded().await;
    does(&world, "B05", "fitIn", FIT).await;
    let no = "shift: <shift>, meeting: <B04-X03>, yes: false, key: <no>";
    assert_eq!(does(&world, "S03", "answerShift", no).await["state"], "REFUSED");
    assert_eq!(
        does(&world, "S03", "answerShift", no).await["state"],
        "REFUSED",
        "a double tap"
    );
    let late = "shift: <shift>, meeting: <B04-X03>, yes: true, key: <late>";
    assert_eq!(does(&world, "B04", "answerShift", late).await["code"], "request_closed");
    assert_eq!(
        held(&world, "<B04-X03>").await["slot"]["startsAt"],
        at.as_str(),
        "it stays"
    );
    let told = world
        .data(by("B05"), "{ myNotices(first: 10) { nodes { kind message } } }")
        .await;
    let text = told.to_string();
    assert!(text.contains("SHIFT_REFUSED"), "{text}");
    for name in ["Hoshizora 3", "星空3", "B04"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    // Whoever runs the event decides: nobody is asked.
    let decided = does(&world, "OR1", "fitIn", "id: <decided>, buyer: <B05>, exhibitor: <X02>").await;
    assert_eq!(
        (&decided["state"], &decided["awaited"]),
        (&json!("DONE"), &json!(0)),
        "{decided}"
    );
}
