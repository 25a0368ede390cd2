//! What the two sides say of themselves over the API, each verb's life: said, seen, refused with a reason, taken back.

use super::world::{Asked, World, by};
use serde_json::{Value, json};

async fn done(world: &World, asked: Asked<'_>, mutation: &str, answer: &str) -> Value {
    let refusal = "... on Refusal { code message ja: message(tongue: JA) alternatives }";
    let document = format!("mutation {{ done: {mutation} {{ __typename {answer} {refusal} }} }}");
    world.data(asked, &document).await["done"].take()
}

async fn refused(world: &World, asked: Asked<'_>, mutation: &str, code: &str) -> Value {
    let answer = done(world, asked, mutation, "").await;
    assert_eq!(answer["code"], code, "{mutation}: {answer}");
    assert!(answer["message"] != answer["ja"] && answer["ja"].as_str().is_some_and(|ja| !ja.is_ascii()));
    answer
}

#[tokio::test]
async fn a_wish_is_said_seen_and_undone() {
    let world = World::small().await;
    let set = |want: &str, key: &str| {
        format!("setWish(input: {{ buyer: <B02>, exhibitor: <X01>, want: {want}, key: <{key}> }})")
    };
    let answer = "... on WishSet { side want rank wantBefore rankBefore }";
    let said = done(&world, by("B02"), &set("AVOID", "1"), answer).await;
    assert_eq!(
        (&said["want"], &said["wantBefore"], &said["side"]),
        (&json!("AVOID"), &json!("RANK"), &json!("BUYER"))
    );
    let wishes = "{ myWishes { side rank avoid meeting { id } organisation { name { latin } } exhibitor { code } } }";
    let find = |data: Value| {
        let wishes = data["myWishes"].as_array().expect("wishes").clone();
        wishes.into_iter().find(|wish| wish["exhibitor"]["code"] == "X01")
    };
    let seen = find(world.data(by("B02"), wishes).await).expect("the wish");
    // They meet already: that is said, and not undone by it.
    assert_eq!((&seen["avoid"], seen["meeting"].is_object()), (&json!(true), true));
    assert_eq!(seen["organisation"]["name"]["latin"], "Hoshizora 1");
    let back = format!("RANK, rank: {}", said["rankBefore"]);
    let undone = done(&world, by("B02"), &set(&back, "2"), answer).await;
    assert_eq!(
        (&undone["rank"], &undone["wantBefore"]),
        (&said["rankBefore"], &json!("AVOID"))
    );
    done(&world, by("B02"), &set("NONE", "3"), answer).await;
    assert_eq!(find(world.data(by("B02"), wishes).await), None);
    for wrong in [
        "RANK",
        "RANK, rank: 0",
        "RANK, rank: 6",
        "RANK, rank: -1",
        "RANK, rank: 300",
    ] {
        refused(&world, by("B02"), &set(wrong, "4"), "malformed").await;
    }
}

#[tokio::test]
async fn an_absence_is_added_seen_and_given_back() {
    let world = World::small().await;
    let add = |id: &str, from: &str, until: &str, reason: &str| {
        format!(
            "addAbsence(input: {{ id: <{id}>, from: \"2025-11-{from}:00+09:00\", until: \"2025-11-{until}:00+09:00\", \
             reason: \"{reason}\" }})"
        )
    };
    let answer = "... on Absence { id startsAt endsAt reason person { id } }";
    let made = done(
        &world,
        by("B02"),
        &add("tea", "06T16:00", "06T17:00", "お茶 \u{2615}"),
        answer,
    )
    .await;
    assert_eq!(made["reason"], "お茶 \u{2615}");
    let own = world.data(by("B02"), "{ myAbsences { reason } }").await;
    assert_eq!(own["myAbsences"], json!([{"reason": "お茶 \u{2615}"}]));
    let seen = "{ myAbsences(person: <P-B02>) { reason } }";
    assert_eq!(world.data(by("OR1"), seen).await, own);
    assert_eq!(world.data(by("S01"), seen).await["myAbsences"], Value::Null);
    // Both mornings: every meeting in them is counted, the first few are named.
    let against = refused(
        &world,
        by("B02"),
        &add("all", "05T10:00", "06T12:30", ""),
        "has_meetings",
    )
    .await;
    assert!(
        !against["alternatives"].as_array().expect("times").is_empty(),
        "{against}"
    );
    refused(
        &world,
        by("B02"),
        &add("over", "06T16:30", "06T17:30", ""),
        "already_occupied",
    )
    .await;
    refused(&world, by("B02"), &add("back", "06T17:00", "06T16:00", ""), "malformed").await;
    refused(&world, by("B02"), &add("far", "20T10:00", "20T11:00", ""), "malformed").await;
    refused(
        &world,
        by("B02"),
        &add("long", "06T17:00", "06T18:00", &"x".repeat(10_000)),
        "text_too_long",
    )
    .await;
    refused(&world, by("V01"), &add("v", "06T16:00", "06T17:00", ""), "not_found").await;
    let remove = |key: &str| format!("removeAbsence(input: {{ id: <tea>, key: <{key}> }})");
    refused(&world, by("B01"), &remove("1"), "not_found").await;
    assert_eq!(done(&world, by("B02"), &remove("1"), answer).await, made);
    assert_eq!(done(&world, by("B02"), &remove("1"), answer).await, made, "asked again");
    refused(&world, by("B02"), &remove("2"), "not_found").await;
}

#[tokio::test]
async fn a_profile_changes_where_it_is_said_to() {
    let world = World::small().await;
    let update = |fields: &str, key: &str| format!("updateBuyer(input: {{ {fields}, key: <{key}> }})");
    let answer = "... on Buyer { languages genres rights territories direct quotaMin quotaMax }";
    let fields = "languages: [\"en\", \"ja\"], quotaMax: null, direct: false";
    let said = done(&world, by("B02"), &update(fields, "1"), answer).await;
    assert_eq!(
        said,
        json!({"__typename": "Buyer", "languages": ["en", "ja"], "genres": ["jazz"], "rights": ["SYNC", "LIVE"],
               "territories": ["KR", "JP"], "direct": false, "quotaMin": 1, "quotaMax": null})
    );
    // Everybody who sees the buyer sees that it wants to be asked, and is not booked without.
    let seen = world.data(by("S01"), "{ buyer(id: <B02>) { direct } }").await;
    assert_eq!(seen["buyer"]["direct"], false);
    let book = "bookMeeting(input: { id: <new>, buyer: <B02>, exhibitor: <X03>, slot: 0 })";
    refused(&world, by("S03"), book, "ask_first").await;
    let gone = refused(&world, by("B02"), &update("languages: [\"de\"]", "2"), "has_meetings").await;
    assert!(!gone["alternatives"].as_array().expect("times").is_empty());
    refused(&world, by("B02"), &update("quotaMin: 9, quotaMax: 8", "3"), "malformed").await;
    let page = |address: &str, key: &str| format!("updateExhibitor(input: {{ homepage: {address}, key: <{key}> }})");
    let answer = "... on Exhibitor { homepage languages }";
    let said = done(&world, by("S01"), &page("null", "4"), answer).await;
    assert_eq!((&said["homepage"], &said["languages"]), (&Value::Null, &json!(["ja"])));
    refused(&world, by("S01"), &page("\"ftp://example.org\"", "5"), "malformed").await;
    refused(&world, by("B02"), &page("null", "6"), "not_found").await;
    let stay = "setStay(input: { arrivesAt: \"2025-11-06T18:00:00+09:00\", key: <7> })";
    refused(&world, by("B02"), stay, "has_meetings").await;
    let stay = "setStay(input: { leavesAt: \"2025-11-06T18:30:00+09:00\", key: <8> })";
    let said = done(&world, by("B02"), stay, "... on Buyer { arrivesAt leavesAt }").await;
    assert_eq!(
        (&said["arrivesAt"], &said["leavesAt"]),
        (&Value::Null, &json!("2025-11-06T09:30:00Z"))
    );
}

#[tokio::test]
async fn conflicts_are_shown_before_staffing_is_saved() {
    let world = World::small().await;
    let closed = "tables: 2, staffing: [{ from: \"2025-11-05T10:00:00+09:00\", until: \"2025-11-06T12:30:00+09:00\", tables: 0 }]";
    let ask = format!("{{ staffingConflicts({closed}) {{ id slot {{ startsAt }} }} }}");
    let conflicts = world.data(by("S01"), &ask).await["staffingConflicts"].take();
    let count = conflicts.as_array().expect("meetings").len();
    assert!(count > 0);
    assert_eq!(world.data(by("B01"), &ask).await["staffingConflicts"], Value::Null);
    let set = |staffing: &str, key: &str| format!("setStaffing(input: {{ {staffing}, key: <{key}> }})");
    let against = refused(&world, by("S01"), &set(closed, "1"), "has_meetings").await;
    assert_eq!(against["alternatives"][0], conflicts[0]["slot"]["startsAt"]);
    assert!(
        against["message"]
            .as_str()
            .expect("a sentence")
            .contains(&count.to_string())
    );
    let open = "tables: 3, staffing: [{ from: \"2025-11-06T14:00:00+09:00\", until: \"2025-11-06T15:00:00+09:00\", tables: 0 }]";
    let said = done(
        &world,
        by("S01"),
        &set(open, "2"),
        "... on Booth { tables staffing { tables startsAt } }",
    )
    .await;
    assert_eq!(
        (&said["tables"], &said["staffing"][0]["tables"]),
        (&json!(3), &json!(0))
    );
    refused(&world, by("S01"), &set("tables: 1, staffing: [{ from: \"2025-11-06T14:00:00+09:00\", until: \"2025-11-06T15:00:00+09:00\", tables: 2 }]", "3"), "malformed").await;
}

#[tokio::test]
async fn guests_are_named_seen_and_released() {
    let world = World::small().await;
    let act = |verb: &str, person: &str, key: &str| {
        format!("{verb}(input: {{ meeting: <B01-X02>, person: {person}, key: <{key}> }})")
    };
    let answer = "... on Meeting { staff { name { latin } } adviser { name { latin } } }";
    let said = done(&world, by("S02"), &act("assignStaff", "<P-S04>", "1"), answer).await;
    assert_eq!(said["staff"]["name"]["latin"], "Aoki S04");
    refused(&world, by("S02"), &act("assignStaff", "<P-S01>", "2"), "not_found").await;
    refused(&world, by("B01"), &act("assignStaff", "<P-S02>", "3"), "not_found").await;
    let slot = world
        .data(by("B01"), "{ meeting(id: <B01-X02>) { slot { number } } }")
        .await;
    let slot = &slot["meeting"]["slot"]["number"];
    let advisers = format!("{{ advisers(slot: {slot}) {{ free person {{ name {{ latin }} languages }} }} }}");
    let free = |data: &Value| -> Vec<bool> {
        let advisers = data["advisers"].as_array().expect("advisers");
        advisers.iter().map(|adviser| adviser["free"] == true).collect()
    };
    assert_eq!(free(&world.data(by("B01"), &advisers).await), [true, true]);
    // What somebody else's meeting is about is nobody's affair: before the adviser is asked it is not there.
    let seen = "{ meeting(id: <B01-X02>) { adviser { id } } myAgenda { entries { kind meeting { id } } } }";
    assert_eq!(world.data(by("AD1"), seen).await["meeting"], Value::Null);
    let said = done(&world, by("B01"), &act("inviteAdviser", "<P-AD1>", "4"), answer).await;
    assert_eq!(said["adviser"]["name"]["latin"], "Tanaka AD1");
    assert_eq!(free(&world.data(by("B01"), &advisers).await), [false, true]);
    let own = world.data(by("AD1"), seen).await;
    assert!(own["meeting"]["adviser"].is_object(), "{own}");
    let entries = own["myAgenda"]["entries"].as_array().expect("entries");
    assert_eq!(entries.iter().filter(|entry| entry["kind"] == "MEETING").count(), 1);
    refused(
        &world,
        by("S02"),
        &act("inviteAdviser", "<P-AD2>", "5"),
        "adviser_there",
    )
    .await;
    done(&world, by("AD1"), &act("releaseAdviser", "<P-AD1>", "6"), answer).await;
    assert_eq!(world.data(by("AD1"), seen).await["meeting"], Value::Null);
    refused(&world, by("B01"), &act("releaseAdviser", "<P-AD1>", "7"), "not_found").await;
    done(&world, by("S02"), &act("inviteAdviser", "<P-AD2>", "8"), answer).await;
    let said = done(&world, by("S02"), &act("assignStaff", "null", "9"), answer).await;
    assert_eq!((&said["staff"], said["adviser"].is_object()), (&Value::Null, true));
}
