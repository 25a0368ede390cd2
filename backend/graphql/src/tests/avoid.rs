//! "Do not meet" never leaks: whoever is avoided gets the answers a full calendar gives, and no query tells of it.

use super::{
    market::Plan,
    operations,
    world::{World, by},
};

/// A fourth exhibitor with nobody at its tables, and a sixth buyer who comes when all is over.
macro_rules! rows {
    ($($more:expr),*) => {
        &[
            ("exhibitors", "X04,星空4,ホシゾラ4,Hoshizora 4,JP,C-04,C,2,ja,jazz,1,60,https://x4.example/"),
            ("staff", "S05,X04,青木,アオキ,Aoki,s05@tokyo.example,ja"),
            ("staffing", "C-04,2025-11-05,10:00,12:30,0"),
            ("staffing", "C-04,2025-11-06,10:00,12:30,0"),
            ("buyers", "B06,Studio,Ltd,임,リム,Lim,b06@tokyo.example,KR,ja,jazz,sync,KR,2025-11-06 12:10,2025-11-06 18:00,1,9"),
            $($more,)*
        ]
    };
}

pub(super) const PLAIN: Plan = Plan {
    buyers: 5,
    more: rows!(),
};
pub(super) const AVOIDED: Plan = Plan {
    buyers: 5,
    more: rows!(("wishes", "X04,B04,,yes"), ("wishes", "B06,X02,,yes")),
};

fn book(buyer: &str, exhibitor: &str, slot: u16) -> String {
    format!(
        "mutation {{ bookMeeting(input: {{ id: <new>, buyer: {buyer}, exhibitor: {exhibitor}, slot: {slot} }}) \
         {{ __typename ... on Refusal {{ code message alternatives }} }} }}"
    )
}

#[tokio::test]
async fn the_avoided_hear_what_a_full_calendar_says() {
    let (plain, avoided) = (World::of(PLAIN).await, World::of(AVOIDED).await);
    // The buyer who is avoided asks: when it is free, and (11:15 of the second day) when it is not.
    for (slot, code) in [(0, "other_side_unavailable"), (9, "busy")] {
        let document = book("<B04>", "<X04>", slot);
        let answer = plain.bytes(by("B04"), &document).await;
        assert_eq!(answer, avoided.bytes(by("B04"), &document).await);
        assert!(
            answer.contains(code) && answer.contains(r#""alternatives":[]"#),
            "{answer}"
        );
    }
    // The exhibitor that is avoided asks.
    let document = book("<B06>", "<X02>", 3);
    let answer = plain.bytes(by("S02"), &document).await;
    assert_eq!(answer, avoided.bytes(by("S02"), &document).await);
    assert!(answer.contains("other_side_unavailable"), "{answer}");
    // Asking for free times, for room, for the reason.
    for (who, pair) in [
        ("B04", "buyer: <B04>, exhibitor: <X04>"),
        ("S02", "buyer: <B06>, exhibitor: <X02>"),
    ] {
        let document = format!(
            "{{ suggestions({pair}) {{ breaks slot {{ number }} }} insertion({pair}) {{ possible movedCount message \
             slot {{ number }} proof changes }} explanation({pair}) {{ message code remedy changes most }} }}"
        );
        let answer = plain.data(by(who), &document).await;
        assert_eq!(answer, avoided.data(by(who), &document).await);
        assert_eq!(answer["insertion"]["possible"], false, "{answer}");
        // The negative control: what the organizer hears would tell the two worlds apart.
        let whole = plain.data(by("OR1"), &document).await;
        assert_ne!(whole, avoided.data(by("OR1"), &document).await);
    }
    for who in ["B04", "S02", "S04"] {
        for name in operations::queries() {
            let document = operations::document(&name);
            let answer = plain.answer(by(who), &document).await;
            assert_eq!(answer, avoided.answer(by(who), &document).await, "{who} asks {name}");
        }
    }
}

/// The third exhibitor avoids the second buyer, the first buyer avoids the third exhibitor: only they know.
#[tokio::test]
async fn nobody_is_shown_the_others_wish() {
    let world = World::small().await;
    for who in ["B02", "S03", "S02", "AD1", "OR1", "OF1"] {
        for name in operations::queries() {
            let answer = world.bytes(by(who), &operations::document(&name)).await;
            let own = who == "S03" && name == "MyWishes";
            assert_eq!(answer.contains(r#""avoid":true"#), own, "{who} asks {name}: {answer}");
            let told = answer.replace(r#""avoid":"#, "").to_lowercase();
            assert!(!told.contains("avoid"), "{who} asks {name}: {answer}");
        }
    }
    let wishes = "{ myWishes { avoid rank buyer { code } exhibitor { code } } }";
    let of_buyer = world.data(by("B02"), wishes).await;
    let listed = of_buyer["myWishes"].as_array().expect("wishes");
    assert!(
        listed
            .iter()
            .all(|wish| wish["buyer"]["code"] == "B02" && wish["rank"].is_number())
    );
    let of_booth = world.data(by("S03"), wishes).await;
    let listed = of_booth["myWishes"].as_array().expect("wishes");
    let avoiding: Vec<_> = listed.iter().filter(|wish| wish["avoid"] == true).collect();
    assert!(listed.iter().all(|wish| wish["exhibitor"]["code"] == "X03"));
    assert_eq!(avoiding.len(), 1);
    assert_eq!(avoiding[0]["buyer"]["code"], "B02");
}
