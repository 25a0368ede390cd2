//! The life of a meeting at its table over the API, and a market in which it has been lived, for the tables of rights.

use super::{
    operations::give_up,
    world::{Asked, HERE, THERE, World, by, event_id, key, system},
};
use domain::{
    Ctx,
    booking::{BookMeeting, Cancel},
    event::Phase,
    id::{BuyerId, ExhibitorId, MeetingId},
    outcome::{Interest, RecordOutcome},
    standby::{Answer, Offer, Wait},
    table::CheckIn,
    time::{SignedDuration, Timestamp},
    wish::{Pair, Side},
};
use serde_json::Value;

/// Every meeting was held and noted; then the calendar is open again, two buyers wait at booths, and the first buyer was
/// offered two places at the first booth: the one was declined (`B01-X01-declined`), the other can be answered.
pub(super) async fn lived(world: &mut World) {
    for event in [HERE, THERE] {
        hold_all(world, event).await;
        let ctx = system(event);
        for (buyer, exhibitor) in [("B01", "X01"), ("B04", "X02")] {
            if buyer == "B01" {
                cancel(world, event, "B01-X01").await;
            }
            let pair = pair(world, event, (buyer, exhibitor));
            let wait = Wait {
                exhibitor: pair.exhibitor,
                buyer: Some(pair.buyer),
            };
            let of = key(&format!("{event} {buyer} waits"));
            world.store.join_standby(&ctx, wait, of).await.expect("joined");
        }
        let places = free_slots(world, event).await;
        book_and_cancel(world, event, ("B04", places[0])).await;
        let offer = offers(world, event).await[0].id;
        let no = Answer { offer, yes: false };
        let of = key(&format!("{event} no"));
        world.store.answer_offer(&ctx, no, of).await.expect("declined");
        world.remember(event, "B01-X01-declined", offer.0);
        book_and_cancel(world, event, ("B05", places[1])).await;
        assert_eq!(offers(world, event).await.len(), 1);
        post(world, event).await;
    }
}

/// Of what was to go out in the event, the newest letter waits, the one before it was given up, and the rest went out.
async fn post(world: &World, event: &str) {
    let snapshot = world.store.snapshot(event_id(event)).await.expect("a snapshot");
    let letters = snapshot.letters(None, None, 1000).await.expect("letters");
    let mut ids = letters.iter().map(|letter| letter.id).skip(1);
    give_up(world, ids.next().into_iter().collect()).await;
    let done = world.store.letters_done(ids.collect(), system(event).now).await;
    done.expect("done");
}

/// Slots in which the first buyer is free.
async fn free_slots(world: &World, event: &str) -> Vec<u16> {
    let own = BuyerId(world.id(event, "B01"));
    let meetings = world.market(event).await.meetings;
    let own = meetings.iter().filter(|meeting| meeting.placement.pair.buyer == own);
    let taken: Vec<u16> = own.map(|meeting| meeting.placement.slot).collect();
    (3..6).filter(|slot| !taken.contains(slot)).collect()
}

/// A place at the first booth comes free.
async fn book_and_cancel(world: &World, event: &str, (buyer, slot): (&str, u16)) {
    let (ctx, id) = (system(event), MeetingId(key(&format!("{event} {buyer} goes"))));
    let pair = pair(world, event, (buyer, "X01"));
    let booked = world.store.book_meeting(&ctx, BookMeeting { id, pair, slot });
    booked.await.expect("booked");
    let cancelled = world.store.cancel_meeting(&ctx, Cancel::of(id), id.0);
    cancelled.await.expect("cancelled");
}

async fn hold_all(world: &World, event: &str) {
    let moved = async |phase: Phase| {
        let of = key(&format!("{event} lives in {phase:?}"));
        world.store.move_phase(&system(event), of, phase).await.expect("moved");
    };
    moved(Phase::OnSite).await;
    let market = world.market(event).await;
    let organizer = if event == HERE {
        "OR1".to_owned()
    } else {
        format!("{event}/OR1")
    };
    for meeting in market.meetings {
        let ctx = Ctx {
            actor: world.actor(event, &organizer).await,
            now: market.slots[usize::from(meeting.placement.slot)].starts,
            ..system(event)
        };
        for side in [Side::Buyer, Side::Exhibitor] {
            let of = |what: &str| key(&format!("{event} {} {what} {side:?}", meeting.id));
            let here = CheckIn {
                meeting: meeting.id,
                side: Some(side),
                code: None,
            };
            world.store.check_in(&ctx, here, of("comes")).await.expect("came");
            let noted = RecordOutcome {
                meeting: meeting.id,
                side: Some(side),
                rating: Some(4),
                note: "met".to_owned(),
                interest: Some(Interest::Strong),
                next_step: "write".to_owned(),
                deal: true,
            };
            world
                .store
                .record_outcome(&ctx, noted, of("notes"))
                .await
                .expect("noted");
        }
        let of = key(&format!("{event} {} ends", meeting.id));
        world.store.end_meeting(&ctx, meeting.id, of).await.expect("ended");
    }
    moved(Phase::OpenCalendar).await;
}

fn pair(world: &World, event: &str, (buyer, exhibitor): (&str, &str)) -> Pair {
    Pair {
        buyer: BuyerId(world.id(event, buyer)),
        exhibitor: ExhibitorId(world.id(event, exhibitor)),
    }
}

async fn cancel(world: &World, event: &str, name: &str) {
    let id = MeetingId(world.id(event, name));
    let of = key(&format!("{event} cancels {name}"));
    let done = world.store.cancel_meeting(&system(event), Cancel::of(id), of).await;
    done.expect("cancelled");
}

/// What the first buyer is offered.
async fn offers(world: &World, event: &str) -> Vec<Offer> {
    let snapshot = world.store.snapshot(event_id(event)).await.expect("a snapshot");
    let buyer = BuyerId(world.id(event, "B01"));
    snapshot.open_offers_to(buyer, system(event).now).await.expect("offers")
}

const MET: &str = "... on Meeting { id state held absent buyerCameAt exhibitorCameAt startedAt endedAt code table \
                   outcome { note } outcomes { side note } }";

fn verb(verb: &str, input: &str) -> String {
    let done = match verb {
        "joinStandby" | "leaveStandby" => "... on Standby { since }".to_owned(),
        "answerOffer" => format!("{MET} ... on Offer {{ state }}"),
        _ => MET.to_owned(),
    };
    let answer = format!("{{ __typename {done} ... on Refusal {{ code alternatives }} }}");
    format!("mutation {{ done: {verb}(input: {{ {input} }}) {answer} }}")
}

/// A market on site, at a meeting of the second buyer at the first booth.
struct Table {
    world: World,
    starts: Timestamp,
    day: u16,
}

impl Table {
    async fn set() -> Self {
        let world = World::small().await;
        let market = world.market(HERE).await;
        let id = MeetingId(world.id(HERE, "B02-X01"));
        let meeting = market
            .meetings
            .iter()
            .find(|meeting| meeting.id == id)
            .expect("a meeting");
        let slot = market.slots[usize::from(meeting.placement.slot)];
        let (starts, day) = (slot.starts, slot.day);
        Self { world, starts, day }
    }

    async fn phase(&self, phase: Phase) {
        let of = key(phase.code());
        self.world
            .store
            .move_phase(&system(HERE), of, phase)
            .await
            .expect("moved");
    }

    fn at(&self, seconds: i64) -> String {
        (self.starts + SignedDuration::from_secs(seconds)).to_string()
    }

    /// What somebody is answered so many seconds after the slot's beginning.
    async fn asks(&self, who: &str, seconds: i64, document: &str) -> Value {
        let now = self.at(seconds);
        let asked = Asked { now: &now, ..by(who) };
        self.world.data(asked, document).await
    }

    async fn does(&self, who: &str, seconds: i64, (of, input): (&str, &str)) -> Value {
        self.asks(who, seconds, &verb(of, input)).await["done"].take()
    }

    async fn refused(&self, who: &str, seconds: i64, act: (&str, &str), code: &str) {
        let done = self.does(who, seconds, act).await;
        assert_eq!(done["code"], code, "{who} {act:?}: {done}");
    }

    async fn notices(&self, kind: &str) -> usize {
        let rows = self.world.rows().await;
        let notices = rows.lines().filter(|line| line.starts_with("[\"notice\""));
        notices
            .filter(|line| line.contains(&format!("\"kind\":\"{kind}\"")))
            .count()
    }
}

const MEETING: &str = "meeting: <B02-X01>, key: <k>";

#[tokio::test]
async fn a_meeting_is_held_and_noted() {
    let table = Table::set().await;
    table.refused("B02", 0, ("checkIn", MEETING), "phase_closed").await;
    table.phase(Phase::OnSite).await;
    table.refused("B02", -601, ("checkIn", MEETING), "too_early").await;
    table.refused("B01", 0, ("checkIn", MEETING), "not_found").await;
    table.refused("S02", 0, ("checkIn", MEETING), "not_found").await;
    table.refused("B02", 0, ("endMeeting", MEETING), "not_started").await;
    // The staff shows the code; nobody else sees it.
    let code = "{ meeting(id: <B02-X01>) { code } }";
    let shown = table.asks("S01", -60, code).await["meeting"]["code"].take();
    assert_eq!(shown.as_str().map(str::len), Some(4));
    for who in ["B02", "OR1", "OF1"] {
        assert!(table.asks(who, -60, code).await["meeting"]["code"].is_null(), "{who}");
    }
    let wrong = if shown == "0000" { "0001" } else { "0000" };
    let tap = |code: &str, of: &str| format!("meeting: <B02-X01>, code: \"{code}\", key: <{of}>");
    table
        .refused("B02", 0, ("checkIn", &tap(wrong, "wrong")), "bad_code")
        .await;
    let both = tap(shown.as_str().expect("a code"), "right");
    let held = table.does("B02", 0, ("checkIn", &both)).await;
    assert_eq!((&held["held"], &held["startedAt"]), (&true.into(), &table.at(0).into()));
    assert_eq!(table.notices("other_side_came").await, 1);
    table.refused("S01", 10, ("checkIn", MEETING), "already_done").await;
    table
        .refused("S01", 200, ("reportNoShow", MEETING), "other_side_came")
        .await;
    let ended = table.does("S01", 1000, ("endMeeting", MEETING)).await;
    assert_eq!(ended["endedAt"], table.at(1000).as_str());

    // What a side notes the other never sees.
    let note = |text: &str, of: &str| format!("meeting: <B02-X01>, rating: 5, note: \"{text}\", key: <{of}>");
    let own = table
        .does("B02", 1100, ("recordOutcome", &note("the buyer's", "1")))
        .await;
    assert_eq!(own["outcome"]["note"], "the buyer's");
    let theirs = table
        .does("S01", 1100, ("recordOutcome", &note("the booth's", "2")))
        .await;
    assert_eq!(
        (&theirs["outcome"]["note"], &theirs["outcomes"]),
        (&"the booth's".into(), &Value::Null)
    );
    table
        .does("B02", 1200, ("recordOutcome", &note("שלום 👋 again", "3")))
        .await;
    let seen = "{ meeting(id: <B02-X01>) { outcome { note } outcomes { side note } } }";
    let both = table.asks("OR1", 1300, seen).await["meeting"]["outcomes"].take();
    assert_eq!(
        both,
        serde_json::json!([{"side": "BUYER", "note": "שלום 👋 again"}, {"side": "EXHIBITOR", "note": "the booth's"}])
    );
    for (who, other) in [("B02", "booth's"), ("S01", "again")] {
        let all = table.asks(who, 1300, seen).await.to_string();
        assert!(!all.contains(other), "{who}: {all}");
    }
    let long = note(&"長".repeat(10_000), "4");
    table
        .refused("S01", 1300, ("recordOutcome", &long), "text_too_long")
        .await;
    let two_weeks = 15 * 24 * 3600;
    table.phase(Phase::After).await;
    table.does("S01", 3600, ("recordOutcome", &note("later", "5"))).await;
    table
        .refused(
            "S01",
            two_weeks + 86_400,
            ("recordOutcome", &note("too late", "6")),
            "too_late",
        )
        .await;
}

#[tokio::test]
async fn pain_06_the_place_of_a_no_show_is_taken_by_one_who_waits() {
    let table = Table::set().await;
    // The third buyer's meeting there is cancelled; now the buyer waits for another place.
    cancel(&table.world, HERE, "B03-X01").await;
    let wait = "exhibitor: <X01>, key: <w>";
    table
        .refused("B02", -90_000, ("joinStandby", wait), "pair_has_meeting")
        .await;
    table.refused("S01", -90_000, ("joinStandby", wait), "not_found").await;
    assert_eq!(
        table.does("B03", -90_000, ("joinStandby", wait)).await["__typename"],
        "Standby"
    );
    table.phase(Phase::OnSite).await;
    table.does("S01", -60, ("checkIn", MEETING)).await;
    table.refused("S01", 100, ("reportNoShow", MEETING), "too_early").await;
    let missed = table.does("S01", 180, ("reportNoShow", MEETING)).await;
    assert_eq!(
        (&missed["state"], &missed["absent"]),
        (&"MISSED".into(), &serde_json::json!(["BUYER"]))
    );
    table.refused("B02", 200, ("checkIn", MEETING), "meeting_missed").await;
    assert_eq!(
        table.notices("no_show").await,
        3,
        "the buyer and the organizers; the staff said it"
    );
    let day = table.day;
    let rows = "rows { places { state meeting { state } } }";
    let waiting = "standby { near buyer { code } } offers { table buyer { code } }";
    let board = format!("{{ board(day: {day}) {{ {waiting} {rows} }} }}");
    let seen = table.asks("S01", 200, &board).await["board"].take();
    assert_eq!(seen["standby"][0]["buyer"]["code"], "B03");
    assert_eq!(seen["offers"][0]["buyer"]["code"], "B03");
    assert!(seen["rows"].to_string().contains("OFFERED"), "{seen}");
    let offers = table.asks("B03", 200, "{ myOffers { id expiresAt } }").await["myOffers"].take();
    assert_eq!(offers[0]["expiresAt"], table.at(360).as_str());
    let id = offers[0]["id"].as_str().expect("an offer").to_owned();
    let yes = format!("offer: \"{id}\", yes: true, key: <yes>");
    table.refused("B01", 210, ("answerOffer", &yes), "not_found").await;
    for _ in 0..2 {
        let taken = table.does("B03", 210, ("answerOffer", &yes)).await;
        assert_eq!(
            (&taken["__typename"], &taken["state"]),
            (&"Meeting".into(), &"PLANNED".into())
        );
    }
    let waits = table.asks("B03", 220, "{ myStandby { since } myOffers { id } }").await;
    assert_eq!(waits, serde_json::json!({"myStandby": [], "myOffers": []}));
    let figures = "slots { number } booths { booth { code } planned started missed free }";
    let figures = format!("{{ calendarBoard(day: {day}) {{ {figures} }} }}");
    let all = table.asks("OR1", 220, &figures).await["calendarBoard"].take();
    let missed: i64 = all["booths"][0]["missed"]
        .as_array()
        .expect("figures")
        .iter()
        .filter_map(Value::as_i64)
        .sum();
    assert_eq!((missed, &all["booths"][0]["booth"]["code"]), (1, &"C-01".into()));
}

#[tokio::test]
async fn a_side_says_that_it_is_late() {
    let table = Table::set().await;
    let late = "meeting: <B02-X01>, lateMinutes: 5, text: \"すぐ行きます\", key: <l>";
    assert_eq!(
        table.does("B02", -60, ("messageMeeting", late)).await["__typename"],
        "Meeting"
    );
    assert_eq!(table.notices("late").await, 1);
    table.refused("B01", -60, ("messageMeeting", late), "not_found").await;
    for (input, code) in [
        ("meeting: <B02-X01>, key: <m>", "malformed"),
        ("meeting: <B02-X01>, lateMinutes: 0, key: <m>", "malformed"),
    ] {
        table.refused("B02", -60, ("messageMeeting", input), code).await;
    }
}
