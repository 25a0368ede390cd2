//! Arranging meetings over the API: a request's life, secrecy of who is avoided, moving, and every kind of bad input.

use super::{
    avoid::{AVOIDED, PLAIN},
    world::{Asked, World, by},
};
use domain::name::Tongue;
use serde_json::{Value, json};

const REQUEST: &str = "{ __typename ... on MeetingRequest { id state side turn yourTurn message reason expiresAt madeAt \
                       proposed { free slot { number } } meeting { id } suggestions { slot { number } } } \
                       ... on Refusal { code message ja: message(tongue: JA) alternatives } }";
const MEETING: &str = "{ __typename ... on Meeting { id revision locked slot { number } } \
                       ... on Refusal { code message ja: message(tongue: JA) alternatives } }";
const LIST: &str = "{ myRequests { id state side turn yourTurn message expiresAt madeAt answeredAt reason \
                    proposed { free slot { number } } exhibitor { code } suggestions { breaks } } }";

async fn does(world: &World, asked: Asked<'_>, verb: &str, input: &str) -> Value {
    let shape = match verb {
        "acceptRequest" | "moveMeeting" | "lockMeeting" | "bookMeeting" => MEETING,
        _ => REQUEST,
    };
    let document = format!("mutation {{ done: {verb}(input: {{ {input} }}) {shape} }}");
    world.data(asked, &document).await["done"].take()
}

async fn code(world: &World, who: &str, verb: &str, input: &str) -> String {
    let done = does(world, by(who), verb, input).await;
    if done["__typename"] == "Refusal" {
        let (ja, en) = (done["ja"].as_str(), done["message"].as_str());
        let (ja, en) = (ja.expect("a sentence"), en.expect("a sentence"));
        assert!(ja.chars().any(|c| c > '\u{3040}'), "{ja}");
        assert!(en.ends_with('.') && en.chars().all(|c| c < '\u{3040}'), "{en}");
    }
    done["code"].as_str().unwrap_or_default().to_owned()
}

async fn list(world: &World, who: &str) -> Vec<Value> {
    let all = world.data(by(who), LIST).await["myRequests"].take();
    all.as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_request_is_asked_countered_accepted_and_moved() {
    let world = World::small().await;
    let ask = "id: <R2>, buyer: <B04>, exhibitor: <X02>, slots: [2, 3], message: \"🎷 שלום\"";
    let asked = does(&world, by("B04"), "requestMeeting", ask).await;
    assert_eq!((&asked["state"], &asked["turn"]), (&json!("OPEN"), &json!("EXHIBITOR")));
    assert!(
        asked["suggestions"].as_array().is_some_and(|all| !all.is_empty()),
        "{asked}"
    );
    // A double tap.
    assert_eq!(does(&world, by("B04"), "requestMeeting", ask).await, asked);
    let other = "id: <R2>, buyer: <B04>, exhibitor: <X02>, slots: [5]";
    assert_eq!(code(&world, "B04", "requestMeeting", other).await, "key_reused");
    let seen = list(&world, "S02").await;
    let open: Vec<_> = seen.iter().filter(|one| one["state"] == "OPEN").collect();
    assert_eq!(open.len(), 1);
    assert_eq!(
        (&open[0]["yourTurn"], &open[0]["message"]),
        (&json!(true), &json!("🎷 שלום"))
    );
    assert_eq!(open[0]["proposed"][0], json!({"free": true, "slot": {"number": 2}}));
    assert_eq!(open[0]["suggestions"], Value::Null, "in a list they are not looked for");
    let of_others = list(&world, "S01").await;
    assert!(of_others.iter().all(|one| one["id"] != asked["id"]), "{of_others:?}");
    assert_eq!(
        code(&world, "B04", "acceptRequest", "id: <R2>, key: <k0>").await,
        "not_your_turn"
    );
    assert_eq!(
        code(&world, "S01", "acceptRequest", "id: <R2>, key: <k0>").await,
        "not_found"
    );

    let counter = "id: <R2>, slots: [4], message: \"4?\", key: <k1>";
    let countered = does(&world, by("S02"), "counterRequest", counter).await;
    assert_eq!(
        (&countered["turn"], &countered["yourTurn"]),
        (&json!("BUYER"), &json!(false))
    );
    let booked = does(&world, by("B04"), "acceptRequest", "id: <R2>, key: <k2>").await;
    assert_eq!(
        (&booked["slot"]["number"], &booked["revision"]),
        (&json!(4), &json!(0)),
        "{booked}"
    );
    let now = list(&world, "B04").await;
    assert_eq!((&now[0]["state"], &now[0]["turn"]), (&json!("ACCEPTED"), &Value::Null));
    assert_eq!(
        code(&world, "S02", "declineRequest", "id: <R2>, key: <k3>").await,
        "request_closed"
    );

    let id = booked["id"].as_str().expect("an id");
    let go = |slot: u16, seen: u16, key: &str| format!("id: \"{id}\", slot: {slot}, seen: {seen}, key: <{key}>");
    let moved = does(&world, by("S02"), "moveMeeting", &go(5, 0, "k4")).await;
    assert_eq!(
        (&moved["slot"]["number"], &moved["revision"]),
        (&json!(5), &json!(1)),
        "{moved}"
    );
    let stale = does(&world, by("B04"), "moveMeeting", &go(3, 0, "k5")).await;
    assert_eq!(stale["code"], "meeting_changed");
    assert_eq!(stale["alternatives"].as_array().map(Vec::len), Some(1), "its time now");
    assert_eq!(code(&world, "B01", "moveMeeting", &go(3, 1, "k6")).await, "not_found");
    let lock = format!("id: \"{id}\", locked: true, key: <k7>");
    assert_eq!(code(&world, "B04", "lockMeeting", &lock).await, "not_found");
    let locked = does(&world, by("OR1"), "lockMeeting", &lock).await;
    assert_eq!(locked["locked"], true);
    assert_eq!(
        code(&world, "B04", "moveMeeting", &go(3, 2, "k8")).await,
        "meeting_locked"
    );
}

/// Whoever is avoided sees its request as anybody would whose other side has no time; who avoids never sees it.
#[tokio::test]
async fn a_request_of_the_avoided_looks_like_any_other() {
    let (plain, avoided) = (World::of(PLAIN).await, World::of(AVOIDED).await);
    for (who, ask) in [
        (
            "B04",
            "id: <R2>, buyer: <B04>, exhibitor: <X04>, slots: [0, 1], message: \"a\"",
        ),
        (
            "S02",
            "id: <R3>, buyer: <B06>, exhibitor: <X02>, slots: [0, 1], message: \"b\"",
        ),
    ] {
        // Fields that are looked for meanwhile may come in any order: those are compared as values.
        let short = "{ __typename ... on MeetingRequest { id state side turn yourTurn message reason expiresAt madeAt } \
                     ... on Refusal { code message alternatives } }";
        let document = format!("mutation {{ done: requestMeeting(input: {{ {ask} }}) {short} }}");
        let answer = plain.bytes(by(who), &document).await;
        assert!(answer.contains("\"OPEN\""), "{answer}");
        assert_eq!(answer, avoided.bytes(by(who), &document).await);
        let whole = does(&plain, by(who), "requestMeeting", ask).await;
        assert_eq!(whole["suggestions"], json!([]), "{whole}");
        assert_eq!(whole, does(&avoided, by(who), "requestMeeting", ask).await);
        assert_eq!(list(&plain, who).await, list(&avoided, who).await);
    }
    for world in [&plain, &avoided] {
        assert_eq!(
            code(
                world,
                "B04",
                "requestMeeting",
                "id: <R4>, buyer: <B04>, exhibitor: <X04>"
            )
            .await,
            "request_open"
        );
    }
    // The negative control: the side that avoids is not shown it, the one that does not is.
    for (who, id) in [("S05", "<R2>"), ("B06", "<R3>")] {
        let open = |all: Vec<Value>| all.iter().filter(|one| one["state"] == "OPEN").count();
        assert_eq!(
            (open(list(&plain, who).await), open(list(&avoided, who).await)),
            (1, 0),
            "{who}"
        );
        let one = format!("{{ meetingRequest(id: {id}) {{ state }} }}");
        assert_eq!(plain.data(by(who), &one).await["meetingRequest"]["state"], "OPEN");
        assert_eq!(avoided.data(by(who), &one).await["meetingRequest"], Value::Null);
        for verb in ["acceptRequest", "declineRequest", "counterRequest", "withdrawRequest"] {
            assert_eq!(
                code(&avoided, who, verb, &format!("id: {id}, key: <k {verb}>")).await,
                "not_found"
            );
        }
    }
    // Nor does it learn of the other's request by asking itself.
    let own = "id: <R5>, buyer: <B04>, exhibitor: <X04>";
    assert_eq!(
        code(&avoided, "S05", "requestMeeting", own).await,
        "other_side_unavailable"
    );
    let late = "2025-11-06T18:00:00+09:00";
    let expired = Asked { now: late, ..by("B04") };
    let of_late = avoided.data(expired, LIST).await;
    assert_eq!(of_late["myRequests"][0]["state"], "EXPIRED");
    assert_eq!(of_late, plain.data(expired, LIST).await);
}

#[tokio::test]
async fn bad_input_is_refused_in_words() {
    let world = World::small().await;
    let pair = "id: <R9>, buyer: <B04>, exhibitor: <X02>";
    let long = "x".repeat(10_000);
    for (input, expect) in [
        (format!("{pair}, message: \"{long}\""), "text_too_long"),
        (format!("{pair}, slots: [12]"), "no_such_slot"),
        ("id: <R9>, buyer: <B04>, exhibitor: <X09>".to_owned(), "not_found"),
        ("id: <R9>, buyer: <B02>, exhibitor: <X02>".to_owned(), "not_found"),
    ] {
        assert_eq!(code(&world, "B04", "requestMeeting", &input).await, expect);
    }
    let past = Asked {
        now: "2025-11-05T10:01:00+09:00",
        tongue: Tongue::Ja,
        ..by("B04")
    };
    let input = format!("{pair}, slots: [0]");
    assert_eq!(does(&world, past, "requestMeeting", &input).await["code"], "slot_past");
    // Ids of another event lead nowhere.
    let elsewhere = Asked {
        ids: "osaka",
        ..by("OR1")
    };
    for (verb, input) in [
        ("requestMeeting", pair),
        ("acceptRequest", "id: <R1>, key: <k1>"),
        ("withdrawRequest", "id: <R1>, key: <k2>"),
        ("moveMeeting", "id: <B01-X02>, slot: 3, key: <k3>"),
        ("lockMeeting", "id: <B01-X02>, locked: true, key: <k4>"),
        ("bookMeeting", "id: <k5>, buyer: <B04>, exhibitor: <X02>, slot: 0"),
    ] {
        assert_eq!(
            does(&world, elsewhere, verb, input).await["code"],
            "not_found",
            "{verb}"
        );
    }
    // Somebody else's meeting is not there; what has begun, or begins too early to be reached, stays.
    let over = Asked {
        now: "2025-11-06T12:31:00+09:00",
        ..by("B01")
    };
    for (asked, verb, input, expect) in [
        (
            by("B02"),
            "moveMeeting",
            "id: <B01-X02>, slot: 3, key: <k6>",
            "not_found",
        ),
        (
            by("S01"),
            "moveMeeting",
            "id: <B01-X02>, slot: 3, key: <k7>",
            "not_found",
        ),
        (over, "moveMeeting", "id: <B01-X02>, slot: 11, key: <k8>", "slot_past"),
        (
            by("B01"),
            "moveMeeting",
            "id: <B01-X02>, slot: 99, key: <k9>",
            "no_such_slot",
        ),
        (by("B02"), "acceptRequest", "id: <R1>, slot: 3, key: <k10>", "not_found"),
    ] {
        let said = does(&world, asked, verb, input).await;
        assert_eq!(said["code"], expect, "{verb} {input}: {said}");
        for text in ["message", "ja"] {
            assert!(said[text].as_str().is_some_and(|text| text.len() > 20), "{said}");
        }
    }
    let final_phase = "mutation { movePhase(input: { phase: FINAL, key: <final> }) { __typename } }";
    world.data(by("OR1"), final_phase).await;
    assert_eq!(code(&world, "B04", "requestMeeting", pair).await, "phase_closed");
    assert_eq!(code(&world, "OR1", "requestMeeting", pair).await, "");
    assert_eq!(
        code(&world, "S02", "acceptRequest", "id: <R9>, key: <k5>").await,
        "phase_closed"
    );
    assert_eq!(code(&world, "S02", "declineRequest", "id: <R9>, key: <k6>").await, "");
}

/// A page that shows a timetable which was rolled back changes nothing.
#[tokio::test]
async fn a_stale_page_after_roll_back_changes_nothing() {
    let world = World::small().await;
    for verb in [
        "publishTimetable(input: { id: <T2>, key: <p2> })",
        "rollBackTimetable(input: { id: <T1>, key: <p1> })",
    ] {
        let document = format!("mutation {{ done: {verb} {{ __typename }} }}");
        assert_eq!(
            world.data(by("OR1"), &document).await["done"]["__typename"],
            "Timetable"
        );
    }
    let stale = "id: <B03-X01>, slot: 11, seen: 1, key: <k1>";
    assert_eq!(code(&world, "B03", "moveMeeting", stale).await, "meeting_changed");
    assert_eq!(
        code(
            &world,
            "B03",
            "moveMeeting",
            "id: <B03-X03>, slot: 11, seen: 0, key: <k2>"
        )
        .await,
        "meeting_cancelled"
    );
}

#[tokio::test]
async fn what_moves_is_shown_and_others_stay_nameless() {
    let world = World::small().await;
    let preview = "{ insertion(buyer: <B04>, exhibitor: <X02>) { possible movedCount \
                   steps { message from { number } to { number } buyer { code } meetingId asked } } }";
    let own = world.data(by("B04"), preview).await["insertion"].take();
    assert_eq!(
        (&own["possible"], &own["movedCount"]),
        (&json!(true), &json!(0)),
        "{own}"
    );
    assert_eq!(own["steps"][0]["buyer"]["code"], "B04");
    let fit = "mutation { done: fitIn(input: { id: <S1>, buyer: <B04>, exhibitor: <X02> }) { __typename \
               ... on Shift { state awaited mine steps { message to { number } meetingId } } ... on Refusal { code } } }";
    let done = world.data(by("B04"), fit).await["done"].take();
    assert_eq!(
        (&done["state"], &done["mine"], &done["awaited"]),
        (&json!("DONE"), &json!(true), &json!(0)),
        "{done}"
    );
    assert_eq!(done["steps"][0]["to"], own["steps"][0]["to"]);
    assert_eq!(world.data(by("B04"), fit).await["done"], done, "a double tap");
    let mine = "{ myShifts { state mine steps { message } } }";
    assert_eq!(
        world.data(by("B04"), mine).await["myShifts"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(world.data(by("S02"), mine).await["myShifts"], json!([]));
    assert_eq!(world.data(by("AD1"), mine).await["myShifts"], Value::Null);
}
