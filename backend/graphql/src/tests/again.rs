//! G6: every mutation of booking sent one to five times, beside others that were sent before: one effect, one answer. The
//! list of mutations is the schema's, so that a new one without a step here fails.

use super::{
    contract::Contract,
    market::Plan,
    world::{Asked, HERE, World, by},
};
use domain::{
    id::{MeetingId, RequestId},
    time::{SignedDuration, Timestamp},
};
use futures_util::future::join_all;
use serde_json::Value;
use std::collections::BTreeSet;

/// The fourth buyer wishes for the third exhibitor, and so needs the one interpreter of French at some time.
const PLAN: Plan = Plan {
    buyers: 5,
    more: &[("wishes", "B04,X03,5,")],
};

/// Mutations that book nothing; that they are done once stands in `timetable.rs` and `run.rs`, and in storage in `letter.rs`.
const ELSEWHERE: [&str; 7] = [
    "startTimetableRun",
    "stopTimetableRun",
    "repairTimetable",
    "publishTimetable",
    "rollBackTimetable",
    "discardTimetable",
    "retryLetter",
];

/// When somebody does something: long before, or so many seconds after the second buyer's meeting at this booth begins.
#[derive(Clone, Copy)]
enum When {
    Before,
    At(&'static str, i64),
}
use When::{At, Before};

/// One act: who does what, when.
type Step = (&'static str, &'static str, When, &'static str);

/// In an order in which each can be done once.
const STEPS: &[Step] = &[
    (
        "setWish",
        "B01",
        Before,
        "buyer: <B01>, exhibitor: <X02>, want: RANK, rank: 2, key: <k>",
    ),
    (
        "addAbsence",
        "B04",
        Before,
        "id: <away>, from: \"2025-11-05T08:00:00Z\", until: \"2025-11-05T09:00:00Z\"",
    ),
    ("removeAbsence", "B04", Before, "id: <away>, key: <k>"),
    ("updateBuyer", "B02", Before, "genres: [\"jazz\", \"enka\"], key: <k>"),
    (
        "updateExhibitor",
        "S02",
        Before,
        "homepage: null, quotaMax: 50, key: <k>",
    ),
    (
        "requestMeeting",
        "B04",
        Before,
        "id: <R2>, buyer: <B04>, exhibitor: <X02>, slots: [FREE, OTHER]",
    ),
    ("counterRequest", "S02", Before, "id: <R2>, slots: [OTHER], key: <k>"),
    ("acceptRequest", "B04", Before, "id: <R2>, key: <k>"),
    ("moveMeeting", "S02", Before, "id: <B04-accepted>, slot: FREE, key: <k>"),
    (
        "lockMeeting",
        "OR1",
        Before,
        "id: <B04-accepted>, locked: true, key: <k>",
    ),
    (
        "bookMeeting",
        "OR1",
        Before,
        "id: <booked>, buyer: <B04>, exhibitor: <X01>, slot: OTHER",
    ),
    (
        "swapMeetings",
        "OR1",
        Before,
        "a: <B04-accepted>, b: <booked>, key: <k>",
    ),
    (
        "requestMeeting",
        "S02",
        Before,
        "id: <R3>, buyer: <B05>, exhibitor: <X02>",
    ),
    ("declineRequest", "B05", Before, "id: <R3>, key: <k>"),
    (
        "requestMeeting",
        "B05",
        Before,
        "id: <R4>, buyer: <B05>, exhibitor: <X01>",
    ),
    ("withdrawRequest", "B05", Before, "id: <R4>, key: <k>"),
    // Only then the fifth buyer is there, when the interpreter is with the fourth.
    ("setStay", "B05", Before, "arrivesAt: FROM, leavesAt: UNTIL, key: <k>"),
    ("fitIn", "B05", Before, "id: <shift>, buyer: <B05>, exhibitor: <X02>"),
    (
        "answerShift",
        "B04",
        Before,
        "shift: <shift>, meeting: <B04-X03>, yes: true, key: <k>",
    ),
    (
        "answerShift",
        "S03",
        Before,
        "shift: <shift>, meeting: <B04-X03>, yes: true, key: <k>",
    ),
    (
        "assignStaff",
        "S01",
        Before,
        "meeting: <B02-X01>, person: <P-S01>, key: <k>",
    ),
    (
        "inviteAdviser",
        "S01",
        Before,
        "meeting: <B02-X01>, person: <P-AD2>, key: <k>",
    ),
    (
        "releaseAdviser",
        "AD2",
        Before,
        "meeting: <B02-X01>, person: <P-AD2>, key: <k>",
    ),
    (
        "messageMeeting",
        "B02",
        Before,
        "meeting: <B02-X01>, text: \"שלום 👋\", key: <k>",
    ),
    ("cancelMeeting", "B03", Before, "id: <B03-X01>, key: <k>"),
    ("joinStandby", "B03", Before, "exhibitor: <X01>, key: <k>"),
    ("joinStandby", "B01", Before, "exhibitor: <X03>, key: <k>"),
    ("leaveStandby", "B01", Before, "exhibitor: <X03>, key: <k>"),
    ("setStaffing", "S02", Before, "tables: 9, staffing: [], key: <k>"),
    ("movePhase", "OR1", Before, "phase: ON_SITE, key: <k>"),
    ("checkIn", "S01", At("B02-X01", -60), "meeting: <B02-X01>, key: <k>"),
    (
        "reportNoShow",
        "S01",
        At("B02-X01", 180),
        "meeting: <B02-X01>, key: <k>",
    ),
    (
        "answerOffer",
        "B03",
        At("B02-X01", 200),
        "offer: OFFER, yes: true, key: <k>",
    ),
    ("checkIn", "B02", At("B02-X02", 0), "meeting: <B02-X02>, key: <k>"),
    ("checkIn", "S02", At("B02-X02", 10), "meeting: <B02-X02>, key: <k>"),
    ("endMeeting", "B02", At("B02-X02", 900), "meeting: <B02-X02>, key: <k>"),
    (
        "recordOutcome",
        "B02",
        At("B02-X02", 1000),
        "meeting: <B02-X02>, rating: 5, note: \"山\", key: <k>",
    ),
    ("readNotices", "B03", Before, "key: <k>"),
    ("makeCalendarFeed", "B03", Before, "secret: <feed>, key: <k>"),
    ("revokeCalendarFeed", "B03", Before, "key: <k>"),
    (
        "subscribePush",
        "B03",
        Before,
        "id: <browser>, endpoint: \"https://push.example/again\", p256dh: \
         \"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4\", auth: \
         \"BTBZMqHH6r4Tts7J_aSIgg\"",
    ),
    (
        "unsubscribePush",
        "B03",
        Before,
        "key: <k>, endpoint: \"https://push.example/again\"",
    ),
];

/// An act as it is sent, whenever.
struct Sent {
    who: &'static str,
    now: String,
    document: String,
    answer: Value,
}

/// What stands for what in the steps.
struct Play {
    world: World,
    /// Slots in which the fourth buyer, two booths and the interpreter are free.
    free: [u64; 2],
    stay: (String, String),
}

impl Play {
    async fn set() -> Self {
        let mut world = World::of(PLAN).await;
        let accepted = MeetingId::derived(RequestId(world.id(HERE, "R2")), "meeting");
        world.remember(HERE, "B04-accepted", accepted.0);
        let ask = "{ meeting(id: <B04-X03>) { slot { startsAt endsAt } } \
                   one: suggestions(buyer: <B04>, exhibitor: <X01>) { slot { number } } \
                   two: suggestions(buyer: <B04>, exhibitor: <X02>) { slot { number } } }";
        let found = world.data(by("OR1"), ask).await;
        let numbers = |of: &str| -> BTreeSet<u64> {
            let all = found[of].as_array().expect("suggestions").iter();
            all.filter_map(|one| one["slot"]["number"].as_u64()).collect()
        };
        let both: Vec<u64> = numbers("one").intersection(&numbers("two")).copied().collect();
        let slot = &found["meeting"]["slot"];
        let at = |name: &str| -> Timestamp { slot[name].as_str().expect("a time").parse().expect("a time") };
        // The slot and the walk after it, but not the next slot.
        let until = at("endsAt") + SignedDuration::from_mins(10);
        Self {
            world,
            free: [both[0], both[1]],
            stay: (format!("\"{}\"", at("startsAt")), format!("\"{until}\"")),
        }
    }

    async fn starts(&self, meeting: &str) -> Timestamp {
        let ask = format!("{{ meeting(id: <{meeting}>) {{ slot {{ startsAt }} }} }}");
        let found = self.world.data(by("OR1"), &ask).await;
        let at = found["meeting"]["slot"]["startsAt"].as_str().expect("a time");
        at.parse().expect("a time")
    }

    async fn offer(&self, now: &str) -> String {
        let asked = Asked { now, ..by("B03") };
        let found = self.world.data(asked, "{ myOffers { id } }").await;
        found["myOffers"][0]["id"].to_string()
    }

    /// A step as it is sent; the key is its own.
    async fn written(&self, number: usize, (mutation, who, when, input): Step, shape: &str) -> Sent {
        let now = match when {
            Before => by(who).now.to_owned(),
            At(meeting, seconds) => (self.starts(meeting).await + SignedDuration::from_secs(seconds)).to_string(),
        };
        let mut input = input.replace("<k>", &format!("<step {number}>"));
        if input.contains("OFFER") {
            input = input.replace("OFFER", &self.offer(&now).await);
        }
        let input = input
            .replace("FREE", &self.free[0].to_string())
            .replace("OTHER", &self.free[1].to_string())
            .replace("FROM", &self.stay.0)
            .replace("UNTIL", &self.stay.1);
        Sent {
            who,
            now,
            document: format!("mutation {{ done: {mutation}(input: {{ {input} }}) {{ __typename {shape} }} }}"),
            answer: Value::Null,
        }
    }

    async fn send(&self, sent: &Sent) -> Value {
        let asked = Asked {
            now: &sent.now,
            ..by(sent.who)
        };
        self.world.data(asked, &sent.document).await["done"].take()
    }
}

/// What is selected of every answer: ids, and why not.
fn shape(contract: &Contract, mutation: &str) -> String {
    let of = &contract.field("Mutation", mutation).of;
    let union = contract.unions.iter().find(|(name, _)| name == of);
    let members = union.map_or_else(Vec::new, |(_, members)| members.clone());
    let with_id = members.iter().filter(|member| {
        let fields = &contract.object(member).fields;
        fields.iter().any(|field| field.name == "id")
    });
    let ids: Vec<String> = with_id.map(|member| format!("... on {member} {{ id }}")).collect();
    let ids = ids.join(" ");
    format!("{ids} ... on Refusal {{ code message }}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mutation_sent_again_is_done_once() {
    let (play, contract) = (Play::set().await, Contract::of_schema().await);
    for field in &contract.object("Mutation").fields {
        let played = STEPS.iter().any(|step| step.0 == field.name);
        assert!(
            played != ELSEWHERE.contains(&field.name.as_str()),
            "{} has no step here, or has one and is said to have none",
            field.name
        );
    }
    let mut sent: Vec<Sent> = Vec::new();
    for (number, step) in STEPS.iter().enumerate() {
        let mut one = play.written(number, *step, &shape(&contract, step.0)).await;
        one.answer = play.send(&one).await;
        assert_ne!(
            one.answer["__typename"],
            "Refusal",
            "{step:?}: {}",
            one.answer,
            step = step.0
        );
        let done = play.world.rows().await;
        // Up to four times more, all at once, beside what was sent before.
        let earlier = sent.get(number / 2);
        let again = join_all((0..number % 5).map(|_| play.send(&one)));
        let beside = join_all(earlier.into_iter().map(|earlier| play.send(earlier)));
        let (again, beside) = tokio::join!(again, beside);
        for answer in again {
            assert_eq!(answer, one.answer, "{} was answered otherwise", step.0);
        }
        for (answer, earlier) in beside.iter().zip(earlier) {
            assert_eq!(*answer, earlier.answer, "{} was answered otherwise", earlier.document);
        }
        assert!(done == play.world.rows().await, "{} had another effect", step.0);
        sent.push(one);
    }
    // And all of it once more, the other way round, when the show has long moved on.
    let done = play.world.rows().await;
    for earlier in sent.iter().rev() {
        assert_eq!(play.send(earlier).await, earlier.answer, "{}", earlier.document);
    }
    assert!(done == play.world.rows().await, "something was done again");
    another_key_is_another_act(&play).await;
}

/// The negative control: the very same under another key is looked at anew.
async fn another_key_is_another_act(play: &Play) {
    for (who, document, code) in [
        (
            "B03",
            "cancelMeeting(input: { id: <B03-X01>, key: <another> })",
            "meeting_cancelled",
        ),
        (
            "OR1",
            "bookMeeting(input: { id: <another>, buyer: <B04>, exhibitor: <X01>, slot: 0 })",
            "pair_has_meeting",
        ),
    ] {
        let document = format!("mutation {{ done: {document} {{ __typename ... on Refusal {{ code }} }} }}");
        let answer = play.world.data(by(who), &document).await;
        let open = answer["done"]["code"] == code || answer["done"]["code"] == "phase_closed";
        assert!(open, "{document}: {answer}");
    }
}
