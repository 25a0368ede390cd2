//! At the table: who comes is kept once, who does not loses the place, and who waits for it gets it, once.

use super::{
    ground::{Ground, connect, on_both, on_sqlite, rows, snapshot},
    sample::{ctx, event_id, key},
};
use crate::{Database, Error, Store, agenda::State, booking, facts::Memory, scope::Scope, standby, standby::Answered};
use domain::{
    Ctx, Refusal,
    booking::{BookMeeting, Booking, Cancel},
    event::{Phase, Slot},
    id::{ExhibitorId, MeetingId, PersonId},
    import::Import,
    market::{Meeting, Placement},
    message::{MAX_MESSAGES, MessageMeeting},
    standby::{Answer, Offer, Wait},
    table::{CheckIn, MAX_WRONG_CODES},
    time::{SignedDuration, Timestamp},
    wish::Pair,
};
use futures_util::future::join_all;
use sea_orm::TransactionTrait;

/// The last slot of the first day; at the second exhibitor's booth all buyers can talk.
const SLOT: usize = 3;
const BOOTH: usize = 1;

/// A market on site, with a meeting of the second buyer.
struct Floor {
    store: Store,
    import: Import,
    meeting: MeetingId,
}

impl Floor {
    async fn open(ground: &Ground) -> Self {
        let (store, import) = ground.small().await;
        let floor = Self {
            store,
            import,
            meeting: MeetingId(key("meeting")),
        };
        floor.phase(Phase::OpenCalendar).await;
        let command = BookMeeting {
            id: floor.meeting,
            pair: floor.pair(1),
            slot: SLOT as u16,
        };
        let booked = floor.store.book_meeting(&floor.system(-86_400), command).await;
        booked.expect("booked");
        floor
    }

    async fn phase(&self, phase: Phase) {
        let moved = self
            .store
            .move_phase(&self.system(-86_400), key(phase.code()), phase)
            .await;
        moved.expect("moved");
    }

    fn slot(&self) -> Slot {
        self.import.event.as_ref().expect("an event").2[SLOT]
    }

    /// So many seconds after the slot's beginning.
    fn at(&self, seconds: i64) -> Timestamp {
        self.slot().starts + SignedDuration::from_secs(seconds)
    }

    fn pair(&self, buyer: usize) -> Pair {
        Pair {
            buyer: self.import.buyers[buyer].id,
            exhibitor: self.import.exhibitors[BOOTH].id,
        }
    }

    /// A meeting of the second buyer with this exhibitor.
    fn meets(&self, exhibitor: ExhibitorId) -> Meeting {
        let booth = self.import.booths.iter().find(|booth| booth.exhibitor == exhibitor);
        Meeting {
            id: self.meeting,
            placement: Placement {
                pair: Pair {
                    exhibitor,
                    ..self.pair(1)
                },
                slot: 0,
                booth: booth.expect("a booth").id,
                table: 1,
                interpreter: None,
            },
            timetable: None,
            revision: 0,
        }
    }

    fn system(&self, seconds: i64) -> Ctx {
        Ctx {
            now: self.at(seconds),
            ..ctx(event_id("tokyo"))
        }
    }

    async fn person(&self, person: PersonId, seconds: i64) -> Ctx {
        let actor = self.store.actor(event_id("tokyo"), person).await.expect("an actor");
        Ctx {
            actor,
            ..self.system(seconds)
        }
    }

    async fn buyer(&self, number: usize, seconds: i64) -> Ctx {
        self.person(self.import.buyers[number].person, seconds).await
    }

    async fn staff(&self, seconds: i64) -> Ctx {
        let person = PersonId::derived(event_id("tokyo"), "X01a");
        self.person(person, seconds).await
    }

    async fn joins(&self, buyers: &[usize]) {
        for &buyer in buyers {
            let ctx = self.buyer(buyer, buyer as i64 - 80_000).await;
            let command = Wait {
                exhibitor: self.pair(buyer).exhibitor,
                buyer: None,
            };
            let joined = self.store.join_standby(&ctx, command, key(&format!("join {buyer}")));
            assert_eq!(joined.await.expect("joined").pair, self.pair(buyer));
        }
    }

    async fn check_in(&self, ctx: &Ctx, meeting: MeetingId, code: Option<&str>, of: &str) -> Result<MeetingId, Error> {
        let command = CheckIn {
            meeting,
            side: None,
            code: code.map(str::to_owned),
        };
        self.store.check_in(ctx, command, key(of)).await
    }

    /// The buyer does not come; the staff does. Who waits has been asked.
    async fn no_show(&self) {
        self.phase(Phase::OnSite).await;
        let staff = self.staff(-300).await;
        self.check_in(&staff, self.meeting, None, "staff")
            .await
            .expect("checked in");
        assert_eq!(self.sweep(179).await, 0, "too early");
        assert_eq!(self.sweep(180).await, 1);
    }

    async fn sweep(&self, seconds: i64) -> usize {
        self.store.sweep_meetings(&self.system(seconds)).await.expect("swept")
    }

    async fn offers(&self, buyer: usize, seconds: i64) -> Vec<Offer> {
        let id = self.import.buyers[buyer].id;
        let offers = snapshot(&self.store, "tokyo").await;
        offers.open_offers_to(id, self.at(seconds)).await.expect("offers")
    }

    /// Which of these are asked.
    async fn asked(&self, buyers: &[usize], seconds: i64) -> Vec<usize> {
        let mut asked = Vec::new();
        for &buyer in buyers {
            if !self.offers(buyer, seconds).await.is_empty() {
                asked.push(buyer);
            }
        }
        asked
    }

    async fn answer(&self, buyer: usize, yes: bool, seconds: i64) -> Result<Answered, Error> {
        let offer = self.offers(buyer, seconds).await[0].id;
        let ctx = self.buyer(buyer, seconds).await;
        let of = key(&format!("{buyer} answers {offer}"));
        self.store.answer_offer(&ctx, Answer { offer, yes }, of).await
    }

    async fn state(&self, meeting: MeetingId) -> State {
        let listed = snapshot(&self.store, "tokyo").await.meeting(meeting).await;
        listed.expect("read").expect("a meeting").state
    }
}

fn code(answer: Result<impl Sized, Error>) -> &'static str {
    match answer {
        Ok(_) => "",
        Err(Error::Refused(refusal)) => refusal.code(),
        Err(error) => panic!("no refusal: {error:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pain_06_a_no_shows_slot_is_recovered_by_a_standby_buyer() {
    on_both(async |ground| {
        let floor = Floor::open(ground).await;
        floor.joins(&[4, 5, 6, 7]).await;
        floor.no_show().await;
        assert_eq!(floor.state(floor.meeting).await, State::Missed);
        let places = format!(
            "SELECT count(*) FROM occupancy WHERE kind = 'meeting' AND event_id = {}",
            id_of(ground)
        );
        assert_eq!(ground.number(&places).await, 0, "the places are given up");
        let told = "SELECT count(*) FROM notice WHERE kind = 'no_show'";
        // The buyer, two of staff, one organizer.
        assert_eq!(ground.number(told).await, 4);
        let asked = floor.asked(&[4, 5, 6, 7], 181).await;
        assert_eq!(asked.len(), 3, "the best three are asked");
        let Ok(Answered::Meeting(won)) = floor.answer(asked[1], true, 240).await else {
            panic!("the first yes has it");
        };
        let listed = snapshot(&floor.store, "tokyo").await.meeting(won).await.expect("read");
        let meeting = listed.expect("a meeting").meeting;
        assert_eq!(
            (meeting.placement.pair, meeting.placement.slot),
            (floor.pair(asked[1]), SLOT as u16)
        );
        assert_eq!(meeting.timetable, None, "by hand");
        assert_eq!(
            floor.asked(&[4, 5, 6, 7], 241).await,
            [0usize; 0],
            "the others' offers are closed"
        );
        assert_eq!(
            ground
                .number("SELECT count(*) FROM notice WHERE kind = 'standby_gone'")
                .await,
            2
        );
        assert_eq!(ground.number("SELECT count(*) FROM standby").await, 3);
        // The staff sits there already; whoever has just said yes is waited for.
        let staff = floor.staff(245).await;
        floor.check_in(&staff, won, None, "again").await.expect("checked in");
        assert_eq!(floor.sweep(250).await, 0);
        let buyer = floor.buyer(asked[1], 400).await;
        floor.check_in(&buyer, won, None, "won").await.expect("checked in");
        assert_eq!(floor.sweep(3000).await, 0);
        assert_eq!(floor.state(won).await, State::Planned);
        assert_eq!(floor.store.check_audit().await.expect("checked").1, None);
    })
    .await;
}

fn id_of(ground: &Ground) -> String {
    let id = event_id("tokyo").0;
    match ground.kind {
        Database::Sqlite => format!("x'{}'", id.simple()),
        Database::Postgres => format!("'{id}'"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_freed_again_is_offered_again() {
    on_both(async |ground| {
        let floor = Floor::open(ground).await;
        floor.joins(&[4, 5, 6, 7]).await;
        floor.no_show().await;
        let asked = floor.asked(&[4, 5, 6, 7], 181).await;
        let won = floor.answer(asked[0], true, 190).await;
        let Ok(Answered::Meeting(won)) = won else {
            panic!("taken")
        };
        let staff = floor.staff(200).await;
        floor.check_in(&staff, won, None, "again").await.expect("checked in");
        assert_eq!(floor.sweep(490).await, 1, "who said yes does not come either");
        assert_eq!(floor.state(won).await, State::Missed);
        // Those who lost it are asked again, and who never was.
        let again = floor.asked(&[4, 5, 6, 7], 491).await;
        assert_eq!(again.len(), 3);
        assert!(!again.contains(&asked[0]));
        assert!(
            floor.answer(again[0], true, 500).await.is_ok(),
            "a place is taken twice, one after the other"
        );
    })
    .await;
}

/// Two who say yes at once, over two processes where there can be two.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_yeses_one_has_the_place() {
    on_both(async |ground| {
        let floor = Floor::open(ground).await;
        floor.joins(&[4, 5, 6]).await;
        floor.no_show().await;
        let nodes = match ground.kind {
            Database::Sqlite => vec![floor.store.clone()],
            Database::Postgres => vec![floor.store.clone(), ground.store().await],
        };
        // All know of their offers before the first says yes.
        let mut asked = Vec::new();
        for buyer in [4, 5, 6] {
            asked.push((floor.offers(buyer, 200).await[0].id, floor.buyer(buyer, 200).await));
        }
        let mut yeses = Vec::new();
        for (n, (offer, ctx)) in asked.into_iter().enumerate() {
            let store = nodes[n % nodes.len()].clone();
            yeses.push(tokio::spawn(async move {
                let answer = Answer { offer, yes: true };
                store.answer_offer(&ctx, answer, key(&format!("yes {n}"))).await
            }));
        }
        let answers = join_all(yeses).await.into_iter();
        let mut answers: Vec<&str> = answers.map(|answer| code(answer.expect("no panic"))).collect();
        answers.sort_unstable();
        assert_eq!(answers, ["", "offer_gone", "offer_gone"]);
        assert_eq!(
            ground.number("SELECT count(*) FROM offer WHERE state = 'taken'").await,
            1
        );
        assert_eq!(
            ground
                .number("SELECT count(*) FROM meeting WHERE state = 'planned'")
                .await,
            1
        );
    })
    .await;
}

/// Yeses that were all weighed before any was kept, written past the writer beside each other. Returns how many were told
/// that the place is theirs.
async fn all_at_once(ground: &Ground, floor: &Floor, seats: &[(Ctx, Offer, Booking)]) -> usize {
    let db = connect(&ground.url, seats.len() as u32).await;
    let tries = seats.iter().cloned().map(|(ctx, offer, booking)| {
        let db = db.clone();
        tokio::spawn(async move {
            let tx = db.begin().await?;
            let scope = Scope {
                tx: &tx,
                event: event_id("tokyo"),
                memory: &Memory::default(),
            };
            standby::seat(scope, &ctx, &offer, &booking).await?;
            tx.commit().await.map_err(Error::from)
        })
    });
    let mut given = 0;
    for answer in join_all(tries).await {
        match answer.expect("no panic") {
            Ok(()) => given += 1,
            Err(Error::Refused(Refusal::OfferGone)) => {}
            Err(error) => panic!("neither given nor gone: {error:?}"),
        }
    }
    db.close().await.expect("closed");
    assert_eq!(floor.import.buyers.len(), 8);
    given
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_decides_between_yeses_and_without_it_two_sit_at_one_table() {
    on_both(async |ground| {
        for keys in [true, false] {
            let fresh = ground.fresh().await;
            let floor = Floor::open(&fresh).await;
            floor.joins(&[4, 5, 6]).await;
            floor.no_show().await;
            let mut seats = Vec::new();
            for buyer in [4, 5, 6] {
                let (ctx, offer) = (floor.buyer(buyer, 200).await, floor.offers(buyer, 200).await[0]);
                let snapshot = snapshot(&floor.store, "tokyo").await;
                let (_, situation) = booking::situation(snapshot.scope(), offer.pair()).await.expect("read");
                let booking =
                    domain::standby::take(&offer, &situation, &ctx).expect("all may still believe it is free");
                seats.push((ctx, offer, booking));
            }
            if !keys {
                fresh.run(without_keys(fresh.kind)).await;
            }
            let given = all_at_once(&fresh, &floor, &seats).await;
            if keys {
                assert_eq!(given, 1);
            } else {
                assert!(
                    given > 1,
                    "without the keys only one has it all the same: the test proves nothing"
                );
            }
            drop(floor);
            fresh.gone().await;
        }
    })
    .await;
}

fn without_keys(kind: Database) -> &'static str {
    match kind {
        Database::Sqlite => {
            "CREATE TABLE keyless AS SELECT * FROM occupancy; DROP TABLE occupancy;
             ALTER TABLE keyless RENAME TO occupancy; DROP INDEX offer_taken"
        }
        Database::Postgres => "ALTER TABLE occupancy DROP CONSTRAINT occupancy_pkey; DROP INDEX offer_taken",
    }
}

#[tokio::test]
async fn a_cancelled_meetings_place_goes_from_one_to_the_next() {
    on_both(async |ground| {
        let floor = Floor::open(ground).await;
        floor.joins(&[3, 4, 5, 6, 7]).await;
        let buyer = floor.buyer(1, -50_000).await;
        let cancel = Cancel::of(floor.meeting);
        floor
            .store
            .cancel_meeting(&buyer, cancel, key("cancel"))
            .await
            .expect("cancelled");
        let all = [3, 4, 5, 6, 7];
        let first = floor.asked(&all, -49_999).await;
        assert_eq!(first.len(), 3);
        // A no passes it on, a leaving too; the same key does it once.
        let no = floor.answer(first[0], false, -49_000).await;
        assert!(matches!(no, Ok(Answered::Offer(_))), "{no:?}");
        let second = floor.asked(&all, -48_999).await;
        assert_eq!((second.len(), second.contains(&first[0])), (3, false));
        let leave = Wait {
            exhibitor: floor.pair(0).exhibitor,
            buyer: None,
        };
        let ctx = floor.buyer(second[0], -48_000).await;
        for _ in 0..2 {
            floor
                .store
                .leave_standby(&ctx, leave, key("leave"))
                .await
                .expect("left");
        }
        assert_eq!(
            code(floor.store.leave_standby(&ctx, leave, key("leave again")).await),
            "already_done"
        );
        let third = floor.asked(&all, -47_999).await;
        assert_eq!((third.len(), third.contains(&second[0])), (3, false));
        // After two hours nobody has said a word: all are closed, and nobody is left to ask.
        let soon = floor.sweep(-50_000 + 7200).await;
        assert_eq!((soon > 0, soon + floor.sweep(-40_000).await), (true, 3));
        assert!(floor.asked(&all, -39_999).await.is_empty());
        assert_eq!(
            ground.number("SELECT count(*) FROM offer WHERE state = 'open'").await,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn where_nothing_is_due_nothing_is_written() {
    on_sqlite(async |ground| {
        let floor = Floor::open(ground).await;
        floor.phase(Phase::OnSite).await;
        let before = rows(&floor.store).await;
        // Nobody checked in: that tells nothing.
        assert_eq!(floor.sweep(600).await, 0);
        assert!(before == rows(&floor.store).await);
        assert_eq!(
            code(floor.store.sweep_meetings(&floor.buyer(1, 600).await).await),
            "not_found"
        );
    })
    .await;
}

#[tokio::test]
async fn a_code_cannot_be_guessed() {
    on_both(async |ground| {
        let floor = Floor::open(ground).await;
        floor.phase(Phase::OnSite).await;
        let shown = snapshot(&floor.store, "tokyo").await.codes(&[floor.meeting]).await;
        let right = shown.expect("codes")[&floor.meeting].clone();
        let buyer = floor.buyer(1, 0).await;
        let wrong = (0..).map(|n| format!("{n:04}")).filter(|code| *code != right);
        for (n, wrong) in wrong.take(usize::from(MAX_WRONG_CODES)).enumerate() {
            let answer = floor
                .check_in(&buyer, floor.meeting, Some(&wrong), &format!("{n}"))
                .await;
            assert_eq!(code(answer), "bad_code");
            // The same try sent again is no other try.
            let again = floor
                .check_in(&buyer, floor.meeting, Some(&wrong), &format!("{n}"))
                .await;
            assert_eq!(code(again), "bad_code");
        }
        let late = floor.check_in(&buyer, floor.meeting, Some(&right), "right").await;
        assert_eq!(code(late), "too_many_tries");
        // The way without a code stays open.
        assert_eq!(code(floor.check_in(&buyer, floor.meeting, None, "own").await), "");
    })
    .await;
}

#[tokio::test]
async fn the_right_code_brings_both_sides() {
    on_sqlite(async |ground| {
        let floor = Floor::open(ground).await;
        floor.phase(Phase::OnSite).await;
        let shown = snapshot(&floor.store, "tokyo").await.codes(&[floor.meeting]).await;
        let right = shown.expect("codes")[&floor.meeting].clone();
        let buyer = floor.buyer(1, 60).await;
        for _ in 0..2 {
            floor
                .check_in(&buyer, floor.meeting, Some(&right), "tap")
                .await
                .expect("checked in");
        }
        let listed = snapshot(&floor.store, "tokyo").await.meeting(floor.meeting).await;
        let presence = listed.expect("read").expect("a meeting").presence;
        assert_eq!(presence.started(), Some(floor.at(60)));
        let staff = floor.staff(900).await;
        floor
            .store
            .end_meeting(&staff, floor.meeting, key("end"))
            .await
            .expect("ended");
        let late = floor.store.report_no_show(&buyer, floor.meeting, key("no show")).await;
        assert_eq!(code(late), "other_side_came");
    })
    .await;
}

#[tokio::test]
async fn messages_are_counted_a_side() {
    on_both(async |ground| {
        let floor = Floor::open(ground).await;
        let say = async |ctx: &Ctx, of: String| {
            let command = MessageMeeting {
                meeting: floor.meeting,
                text: Some(format!("hello {of}")),
                late_minutes: None,
            };
            code(floor.store.message_meeting(ctx, command, key(&of)).await)
        };
        let person = |code: &str| PersonId::derived(event_id("tokyo"), code);
        let staff = [
            floor.person(person("X01a"), -500).await,
            floor.person(person("X01b"), -500).await,
        ];
        for n in 0..usize::from(MAX_MESSAGES) {
            assert_eq!(say(&staff[n % 2], format!("staff {n}")).await, "");
        }
        for ctx in &staff {
            assert_eq!(say(ctx, "one too many".to_owned()).await, "too_many_messages");
        }
        // The other side counts for itself, and an hour later it is quiet again.
        assert_eq!(say(&floor.buyer(1, -500).await, "buyer".to_owned()).await, "");
        assert_eq!(say(&floor.staff(3200).await, "later".to_owned()).await, "");
        let told = "SELECT count(*) FROM notice WHERE kind = 'message'";
        assert_eq!(ground.number(told).await, i64::from(MAX_MESSAGES) + 2 + 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_was_in_the_same_zone_last_is_near() {
    on_sqlite(async |ground| {
        let floor = Floor::open(ground).await;
        let snapshot = snapshot(&floor.store, "tokyo").await;
        let facts = snapshot.facts().await.expect("facts");
        let zone = |number: usize| facts.booths[&floor.import.exhibitors[number].id].zone;
        assert_ne!(zone(0), zone(1));
        assert_eq!(zone(0), zone(2));
        let at = |number: usize, slot: u16| {
            let exhibitor = floor.import.exhibitors[number].id;
            let mut meeting = floor.meets(exhibitor);
            meeting.placement.slot = slot;
            meeting
        };
        let check = |meetings: &[Meeting], slot: u16, expect: bool| {
            let found = facts.near(meetings.iter(), floor.import.exhibitors[0].id, slot);
            assert_eq!(found, expect, "{meetings:?} before {slot}");
        };
        check(&[], 2, false);
        check(&[at(2, 1)], 2, true);
        check(&[at(1, 1)], 2, false);
        check(&[at(2, 0), at(1, 1)], 2, false);
        check(&[at(2, 1), at(1, 0)], 2, true);
        // Not before it, and on the day before.
        check(&[at(2, 2)], 2, false);
        check(&[at(2, SLOT as u16)], SLOT as u16 + 1, false);
    })
    .await;
}
