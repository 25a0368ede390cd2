//! Any sequence of mutations by any roles over a small market, as phones send them: nobody is anywhere twice, what is
//! refused is refused with a code of the closed list and a sentence in both languages, no answer is an error, and a
//! meeting moves exactly to the times it was offered.

use super::world::{Asked, HERE, World, by, key, system};
use domain::{event::Phase, market::Market};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// Numbers that are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn of<'a>(&mut self, some: &[&'a str]) -> &'a str {
        some[self.roll(some.len())]
    }
}

const STEPS: usize = 200;
const WHO: [&str; 12] = [
    "B01", "B02", "B03", "B04", "B05", "S01", "S02", "S03", "OR1", "OR1", "V01", "nobody",
];
/// When things are done: mostly before the show, now and then in it.
const NOW: [&str; 6] = [
    "2025-10-01T09:00:00+09:00",
    "2025-10-01T09:00:00+09:00",
    "2025-10-01T09:00:00+09:00",
    "2025-10-03T18:00:00+09:00",
    "2025-11-05T10:24:00+09:00",
    "2025-11-06T10:01:00+09:00",
];
/// What is refused in these sequences, and nothing else.
const CODES: &[&str] = &[
    "already_done",
    "ask_first",
    "busy",
    "has_meetings",
    "malformed",
    "meeting_cancelled",
    "meeting_changed",
    "meeting_locked",
    "meeting_missed",
    "no_interpreter",
    "no_room",
    "no_such_slot",
    "not_found",
    "not_present",
    "not_started",
    "not_your_turn",
    "offer_gone",
    "other_side_came",
    "other_side_unavailable",
    "pair_has_meeting",
    "phase_closed",
    "quota_reached",
    "request_closed",
    "request_open",
    "slot_past",
    "text_too_long",
    "too_early",
    "too_late",
    "too_many_messages",
    "too_many_requests",
];

/// Ids that exist so far, as a document writes them.
struct Made {
    meetings: Vec<String>,
    requests: Vec<String>,
    shifts: Vec<String>,
    offers: Vec<String>,
}

impl Made {
    fn one(dice: &mut Dice, of: &[String]) -> String {
        match of.len() {
            0 => "<nothing>".to_owned(),
            some => of[some - 1 - dice.roll(some.min(8))].clone(),
        }
    }
}

fn quoted(id: impl std::fmt::Display) -> String {
    format!("\"{id}\"")
}

/// A mutation and its input; what it makes is remembered.
fn act(dice: &mut Dice, made: &mut Made, n: usize) -> (&'static str, String) {
    let id = quoted(key(&format!("sequence {n}")));
    let pair = format!(
        "buyer: <{}>, exhibitor: <{}>",
        dice.of(&["B01", "B02", "B03", "B04", "B05"]),
        dice.of(&["X01", "X02", "X03"])
    );
    let slot = dice.roll(13);
    let meeting = Made::one(dice, &made.meetings);
    let request = Made::one(dice, &made.requests);
    match dice.roll(19) {
        0 | 1 => {
            made.meetings.push(id.clone());
            ("bookMeeting", format!("id: {id}, {pair}, slot: {slot}"))
        }
        2..=4 => ("moveMeeting", format!("id: {meeting}, slot: {slot}, key: {id}")),
        5 => ("cancelMeeting", format!("id: {meeting}, key: {id}")),
        6 => {
            let other = Made::one(dice, &made.meetings);
            ("swapMeetings", format!("a: {meeting}, b: {other}, key: {id}"))
        }
        7 => (
            "lockMeeting",
            format!("id: {meeting}, locked: {}, key: {id}", dice.roll(3) == 0),
        ),
        8 | 9 => {
            made.requests.push(id.clone());
            let message = "🎷".repeat(dice.roll(2_100));
            (
                "requestMeeting",
                format!("id: {id}, {pair}, slots: [{slot}], message: \"{message}\""),
            )
        }
        10 => ("acceptRequest", format!("id: {request}, key: {id}")),
        11 => {
            let verb = dice.of(&["declineRequest", "withdrawRequest"]);
            (
                if verb == "declineRequest" {
                    "declineRequest"
                } else {
                    "withdrawRequest"
                },
                format!("id: {request}, key: {id}"),
            )
        }
        12 => ("counterRequest", format!("id: {request}, slots: [{slot}], key: {id}")),
        13 => {
            made.shifts.push(id.clone());
            ("fitIn", format!("id: {id}, {pair}"))
        }
        14 => {
            let (shift, yes) = (Made::one(dice, &made.shifts), dice.roll(4) > 0);
            (
                "answerShift",
                format!("shift: {shift}, meeting: {meeting}, yes: {yes}, key: {id}"),
            )
        }
        15 => {
            let want = dice.of(&["RANK, rank: 4", "AVOID", "NONE"]);
            ("setWish", format!("{pair}, want: {want}, key: {id}"))
        }
        16 => ("checkIn", format!("meeting: {meeting}, key: {id}")),
        17 => {
            let verb = ["reportNoShow", "endMeeting"][dice.roll(2)];
            (verb, format!("meeting: {meeting}, key: {id}"))
        }
        _ => match dice.roll(3) {
            0 => (
                "answerOffer",
                format!("offer: {}, yes: true, key: {id}", Made::one(dice, &made.offers)),
            ),
            1 => (
                "messageMeeting",
                format!("meeting: {meeting}, text: \"\u{202e}שלום\", key: {id}"),
            ),
            _ => (
                "joinStandby",
                format!("exhibitor: <{}>, key: {id}", dice.of(&["X01", "X02", "X03"])),
            ),
        },
    }
}

/// Where a meeting may go, by what somebody was offered.
async fn offered(world: &World, asked: Asked<'_>, input: &str) -> Option<bool> {
    let field = |name: &str| {
        let (_, rest) = input.split_once(&format!("{name}: "))?;
        Some(rest.split(',').next().unwrap_or(rest).to_owned())
    };
    let (id, slot) = (field("id")?, field("slot")?);
    let ask = format!("{{ meetingTimes(id: {id}) {{ slot {{ number }} }} }}");
    let times = world.data(asked, &ask).await["meetingTimes"].take();
    let slot: u64 = slot.parse().ok()?;
    let times = times.as_array().cloned().unwrap_or_default();
    Some(times.iter().any(|time| time["slot"]["number"].as_u64() == Some(slot)))
}

/// Nobody, no table and no interpreter is anywhere twice, and no pair meets twice.
fn sound(market: &Market) {
    let mut taken: HashSet<String> = HashSet::new();
    for meeting in &market.meetings {
        let placement = &meeting.placement;
        let (pair, slot) = (placement.pair, placement.slot);
        let mut places = vec![
            format!("{} {}", pair.buyer, pair.exhibitor),
            format!("{} at {slot}", pair.buyer),
            format!("{:?} {} at {slot}", placement.booth, placement.table),
        ];
        places.extend(placement.interpreter.map(|of| format!("{of:?} at {slot}")));
        for place in places {
            assert!(taken.insert(place.clone()), "{place} twice");
        }
    }
}

async fn known(world: &World, made: &mut Made) {
    let market = world.market(HERE).await;
    sound(&market);
    made.meetings
        .extend(market.meetings.iter().map(|meeting| quoted(meeting.id)));
    let asked = Asked {
        now: NOW[4],
        ..by("B01")
    };
    let offers = world.data(asked, "{ myOffers { id } }").await["myOffers"].take();
    let offers = offers.as_array().cloned().unwrap_or_default();
    made.offers.extend(offers.iter().map(|offer| offer["id"].to_string()));
}

/// A refusal has a code of the list and a sentence in both languages.
fn in_words(said: &Value) -> &str {
    let code = said["code"].as_str().unwrap_or_default();
    assert!(CODES.contains(&code), "{said}");
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    let (ja, en) = (text("ja"), text("en"));
    let japanese = |text: &str| text.chars().any(|c| ('\u{3040}'..'\u{a000}').contains(&c));
    assert!(japanese(&ja) && !japanese(&en) && en.ends_with(['.', ':']), "{said}");
    code
}

#[tokio::test]
async fn any_sequence_of_mutations_by_anybody_is_sound() {
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    let (mut right, mut moved) = (0, 0);
    for seed in [0x51c4_ba00_u64, 0x0dd5_eed5] {
        let world = World::small().await;
        let mut dice = Dice(seed);
        let mut made = Made {
            meetings: Vec::new(),
            requests: vec!["<R0>".to_owned(), "<R1>".to_owned()],
            shifts: Vec::new(),
            offers: Vec::new(),
        };
        for n in 0..STEPS {
            if n % 10 == 0 {
                known(&world, &mut made).await;
            }
            if n % 40 == 20 {
                let phase = [Phase::OnSite, Phase::OpenCalendar, Phase::Final][dice.roll(3)];
                let of = key(&format!("{seed} {n}"));
                world.store.move_phase(&system(HERE), of, phase).await.expect("moved");
            }
            let asked = Asked {
                now: dice.of(&NOW),
                ..by(dice.of(&WHO))
            };
            let (mutation, input) = act(&mut dice, &mut made, n);
            let times = match mutation {
                "moveMeeting" => offered(&world, asked, &input).await,
                _ => None,
            };
            let refusal = "... on Refusal { code en: message(tongue: EN) ja: message(tongue: JA) }";
            let document = format!("mutation {{ done: {mutation}(input: {{ {input} }}) {{ __typename {refusal} }} }}");
            let answer = world.data(asked, &document).await["done"].take();
            if asked.who == "nobody" {
                assert!(answer.is_null(), "{document}: {answer}");
                continue;
            }
            let code = if answer["__typename"] == "Refusal" {
                in_words(&answer)
            } else {
                ""
            };
            if let Some(times) = times {
                assert_eq!(
                    code.is_empty(),
                    times,
                    "{} {} {document}: {answer}",
                    asked.who,
                    asked.now
                );
                right += 1;
                moved += usize::from(times);
            }
            *said.entry(code.to_owned()).or_default() += 1;
        }
        known(&world, &mut made).await;
        assert_eq!(world.store.check_audit().await.expect("checked").1, None);
    }
    println!("{said:?}; of {right} moves {moved} were offered and done");
    assert!(said[""] > STEPS / 8, "most of it came to nothing: {said:?}");
    assert!(said.len() > 10 && moved > 5, "too little was tried: {said:?}");
}
