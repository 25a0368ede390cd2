//! G1 for the verbs of the live calendar: requests accepted and taken back, meetings booked, moved, swapped and
//! cancelled, sides checked in and reported absent, all at once and from several nodes. Whoever is told yes has it, and
//! nobody is anywhere twice. The negative controls: what looks for doubles finds a planted one, and the key that decides
//! is switched off in `race.rs` and `table.rs`.

use super::{
    arranging::{by, code, open, pair, sound, yes},
    ground::{Ground, contests, market_of, on_both, on_postgres, on_sqlite, snapshot},
    sample::{ctx, event_id, key, now},
};
use crate::{Database, Error, Store, agenda::State as Fate};
use domain::{
    Ctx,
    booking::{BookMeeting, Cancel},
    event::Phase,
    id::{MeetingId, RequestId},
    import::Import,
    moving::{Move, Swap},
    request::{RequestMeeting, State},
    table::CheckIn,
    time::SignedDuration,
    wish::Pair,
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, join_all},
};
use std::{collections::BTreeMap, panic::AssertUnwindSafe};
use uuid::Uuid;

const BUYERS: usize = 6;
const BOOTHS: usize = 3;
const SLOTS: usize = 6;

/// What may be answered here besides yes.
const CODES: [&str; 13] = [
    "already_done",
    "busy",
    "meeting_cancelled",
    "meeting_changed",
    "meeting_missed",
    "other_side_came",
    "other_side_unavailable",
    "not_present",
    "pair_has_meeting",
    "quota_reached",
    "request_closed",
    "slot_past",
    "too_early",
];

/// What somebody was told.
struct Told {
    /// The meeting that is promised by a yes.
    promised: Option<MeetingId>,
    code: &'static str,
}

type Act = BoxFuture<'static, Told>;

/// Does something in a task of its own.
fn act<T: std::fmt::Debug + Send + 'static>(
    promised: Option<MeetingId>,
    does: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Act {
    async move {
        let code = code(does.await);
        Told {
            promised: promised.filter(|_| code.is_empty()),
            code,
        }
    }
    .boxed()
}

/// Who and what the race is about.
struct Course {
    nodes: Vec<Store>,
    import: Import,
    round: usize,
    acts: Vec<Act>,
}

impl Course {
    fn id(&self, name: &str) -> Uuid {
        key(&format!("round {} {name}", self.round))
    }

    fn request(&self, (b, x): (usize, usize)) -> RequestId {
        RequestId(self.id(&format!("asks {b} {x}")))
    }

    fn meeting(&self, (b, x): (usize, usize)) -> MeetingId {
        MeetingId(self.id(&format!("meets {b} {x}")))
    }

    fn pair(&self, (b, x): (usize, usize)) -> Pair {
        pair(&self.import, b, x)
    }

    async fn as_(&self, who: &str) -> Ctx {
        by(&self.nodes[0], who, now()).await
    }

    /// The node that does the next act.
    fn node(&self) -> Store {
        self.nodes[self.acts.len() % self.nodes.len()].clone()
    }

    /// Every pair has a request; then every buyer meets at one booth, in a slot of its own.
    async fn lined_up(&self) {
        for b in 0..BUYERS {
            let buyer = self.as_(&format!("B{b:04}")).await;
            for x in 0..BOOTHS {
                let asks = RequestMeeting {
                    id: self.request((b, x)),
                    pair: self.pair((b, x)),
                    side: None,
                    message: String::new(),
                    slots: Vec::new(),
                };
                self.nodes[0].request_meeting(&buyer, asks).await.expect("asked");
            }
            let of = (b, b % BOOTHS);
            let meets = BookMeeting {
                id: self.meeting(of),
                pair: self.pair(of),
                slot: b as u16,
            };
            let organizer = self.as_("O01").await;
            self.nodes[0].book_meeting(&organizer, meets).await.expect("booked");
        }
    }

    async fn accepts(&mut self, of: (usize, usize), slot: usize) {
        let (store, request) = (self.node(), self.request(of));
        let staff = self.as_(&format!("X{:02}a", of.1)).await;
        let key = self.id(&format!("accepts {of:?} {slot}"));
        let becomes = MeetingId::derived(request, "meeting");
        let does = async move { store.accept_request(&staff, yes(request, Some(slot as u16)), key).await };
        self.acts.push(act(Some(becomes), does));
    }

    async fn books(&mut self, of: (usize, usize), slot: usize) {
        let (store, organizer) = (self.node(), self.as_("O01").await);
        let books = BookMeeting {
            id: MeetingId(self.id(&format!("books {of:?}"))),
            pair: self.pair(of),
            slot: slot as u16,
        };
        let does = async move { store.book_meeting(&organizer, books).await };
        self.acts.push(act(Some(books.id), does));
    }

    async fn moves(&mut self, of: (usize, usize), (who, slot): (&str, usize)) {
        let (store, who) = (self.node(), self.as_(who).await);
        let moves = Move {
            meeting: self.meeting(of),
            slot: slot as u16,
            seen: None,
        };
        let key = self.id(&format!("moves {of:?} {slot}"));
        self.acts
            .push(act(None, async move { store.move_meeting(&who, moves, key).await }));
    }

    async fn swaps(&mut self, of: (usize, usize), with: (usize, usize)) {
        let (store, organizer) = (self.node(), self.as_("O01").await);
        let swap = Swap {
            meetings: [self.meeting(of), self.meeting(with)],
            seen: [None, None],
        };
        let key = self.id(&format!("swaps {of:?}"));
        self.acts.push(act(
            None,
            async move { store.swap_meetings(&organizer, swap, key).await },
        ));
    }

    async fn withdraws(&mut self, of: (usize, usize)) {
        let (store, buyer) = (self.node(), self.as_(&format!("B{:04}", of.0)).await);
        let (request, key) = (self.request(of), self.id(&format!("withdraws {of:?}")));
        let does = async move { store.withdraw_request(&buyer, request, key).await };
        self.acts.push(act(None, does));
    }

    /// All that is done at once.
    async fn crowd(&mut self) {
        for b in 0..BUYERS {
            let own = b % BOOTHS;
            for x in (0..BOOTHS).filter(|x| *x != own) {
                self.accepts((b, x), (b + x) % SLOTS).await;
                self.accepts((b, x), (b + x + 1) % SLOTS).await;
                self.books((b, x), (b + x) % SLOTS).await;
            }
            self.moves((b, own), (&format!("B{b:04}"), (b + 3) % SLOTS)).await;
            self.moves((b, own), (&format!("X{own:02}b"), (b + 1) % SLOTS)).await;
            if b < BOOTHS {
                self.swaps((b, own), (b + BOOTHS, own)).await;
                self.withdraws((b, (own + 1) % BOOTHS)).await;
            }
        }
        let (store, buyer) = (self.node(), self.as_("B0005").await);
        let cancel = Cancel::of(self.meeting((5, 2)));
        let key = self.id("cancels");
        self.acts.push(act(
            None,
            async move { store.cancel_meeting(&buyer, cancel, key).await },
        ));
    }

    /// Everybody off at once, each in a task of its own.
    async fn run(&mut self) -> Vec<Told> {
        let mut acts = std::mem::take(&mut self.acts);
        // No two of the same kind in a row.
        let middle = acts.len() / 2;
        acts.rotate_left(self.round % middle.max(1));
        let tasks: Vec<_> = acts.into_iter().map(tokio::spawn).collect();
        let told = join_all(tasks).await.into_iter();
        told.map(|told| told.expect("no panic")).collect()
    }
}

/// Whoever was told yes has a meeting, and a request that was accepted is one.
async fn kept(course: &Course, told: &[Told]) {
    let market = market_of(&course.nodes[0], "tokyo").await;
    let there = |id: MeetingId| market.meetings.iter().any(|meeting| meeting.id == id);
    for id in told.iter().filter_map(|told| told.promised) {
        assert!(there(id), "{id} was promised and is not there");
    }
    let requests = snapshot(&course.nodes[0], "tokyo").await;
    for b in 0..BUYERS {
        for x in 0..BOOTHS {
            let request = requests.request(course.request((b, x)), None).await.expect("read");
            let request = request.expect("a request");
            let meets = market.meetings.iter().any(|m| m.placement.pair == request.pair);
            // The one that was booked before the race may have been cancelled in it; one that was taken back may have been
            // booked all the same.
            let fits = match request.state {
                State::Accepted => meets || (b, x) == (5, 2),
                State::Withdrawn => true,
                _ => !meets,
            };
            assert!(fits, "{b} {x}, meets {meets}: {request:?}");
        }
    }
}

async fn race(ground: &Ground, nodes: usize) {
    let (store, import) = open(ground).await;
    ground.run("DELETE FROM wish").await;
    let mut stores = vec![store];
    for _ in 1..nodes {
        stores.push(ground.store().await);
    }
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for round in 0..contests().0 {
        let mut course = Course {
            nodes: stores.clone(),
            import: import.clone(),
            round,
            acts: Vec::new(),
        };
        course.lined_up().await;
        course.crowd().await;
        let told = course.run().await;
        for told in &told {
            assert!(told.code.is_empty() || CODES.contains(&told.code), "{}", told.code);
            *said.entry(told.code).or_default() += 1;
        }
        sound(ground, &course.nodes[0]).await;
        kept(&course, &told).await;
        ground.run("DELETE FROM occupancy WHERE kind = 'meeting'").await;
        ground.run("UPDATE meeting SET state = 'cancelled'").await;
        ground
            .run("UPDATE meeting_request SET state = 'declined' WHERE state = 'open'")
            .await;
    }
    println!("{:?}, {nodes} node(s): {said:?}", ground.kind);
    assert!(said[""] > 0 && said.len() > 2, "nobody was in anybody's way: {said:?}");
    assert_eq!(stores[0].check_audit().await.expect("checked").1, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepting_moving_swapping_and_booking_at_once() {
    on_both(async |ground| race(ground, 1).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepting_moving_swapping_and_booking_over_three_nodes() {
    on_postgres(async |ground| race(ground, 3).await).await;
}

/// Four minutes after the beginning the two sides come, report each other and are swept, all at once and more than once:
/// either both are there, or one is absent and its place is given up.
async fn at_the_tables(ground: &Ground) {
    let (store, import) = open(ground).await;
    let stores = [store, ground.store().await];
    let system = ctx(event_id("tokyo"));
    let meetings: Vec<MeetingId> = (0..BOOTHS * 2).map(|n| MeetingId(key(&format!("sits {n}")))).collect();
    for (n, &id) in meetings.iter().enumerate() {
        let pair = pair(&import, n, n % BOOTHS);
        let slot = (n / BOOTHS) as u16;
        stores[0]
            .book_meeting(&system, BookMeeting { id, pair, slot })
            .await
            .expect("booked");
    }
    stores[0]
        .move_phase(&system, key("site"), Phase::OnSite)
        .await
        .expect("moved");
    let slots = import.event.as_ref().expect("an event").2.clone();
    let mut acts: Vec<Act> = Vec::new();
    for (n, &meeting) in meetings.iter().enumerate() {
        let late = slots[n / BOOTHS].starts + SignedDuration::from_mins(4);
        let sides = [format!("B{n:04}"), format!("X{:02}a", n % BOOTHS)];
        for (side, who) in sides.iter().enumerate() {
            let ctx = by(&stores[0], who, late).await;
            for again in 0..2 {
                let (store, ctx) = (stores[(n + again) % 2].clone(), ctx.clone());
                let comes = CheckIn {
                    meeting,
                    side: None,
                    code: None,
                };
                let of = key(&format!("comes {n} {side} {again}"));
                acts.push(act(None, async move { store.check_in(&ctx, comes, of).await }));
            }
            let (store, of) = (stores[n % 2].clone(), key(&format!("reports {n} {side}")));
            acts.push(act(None, async move { store.report_no_show(&ctx, meeting, of).await }));
        }
        let (store, system) = (
            stores[n % 2].clone(),
            Ctx {
                now: late,
                ..system.clone()
            },
        );
        acts.push(act(None, async move { store.sweep_meetings(&system).await }));
    }
    let tasks: Vec<_> = acts.into_iter().map(tokio::spawn).collect();
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for told in join_all(tasks).await {
        let code = told.expect("no panic").code;
        assert!(code.is_empty() || CODES.contains(&code), "{code}");
        *said.entry(code).or_default() += 1;
    }
    println!("{:?}: {said:?}", ground.kind);
    for id in meetings {
        let listed = snapshot(&stores[0], "tokyo").await.meeting(id).await.expect("read");
        let listed = listed.expect("a meeting");
        let came = (listed.presence.buyer.is_some(), listed.presence.exhibitor.is_some());
        let as_it_is = match listed.state {
            Fate::Planned => came == (true, true) && listed.absent.is_none(),
            Fate::Missed => came.0 != came.1 && listed.absent.is_some(),
            Fate::Cancelled => false,
        };
        assert!(as_it_is, "{listed:?}");
    }
    sound(ground, &stores[0]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_come_and_report_each_other_at_once() {
    on_both(at_the_tables).await;
}

/// The negative control of all that looks whether a calendar is sound: places planted twice are found.
#[tokio::test]
async fn a_planted_double_is_found() {
    on_sqlite(async |ground| {
        assert_eq!(ground.kind, Database::Sqlite);
        let (store, import) = open(ground).await;
        let books = BookMeeting {
            id: MeetingId(key("one")),
            pair: pair(&import, 0, 0),
            slot: 0,
        };
        store
            .book_meeting(&ctx(event_id("tokyo")), books)
            .await
            .expect("booked");
        sound(ground, &store).await;
        ground
            .run(
                "CREATE TABLE keyless AS SELECT * FROM occupancy; DROP TABLE occupancy;
                 ALTER TABLE keyless RENAME TO occupancy; INSERT INTO occupancy SELECT * FROM occupancy LIMIT 1",
            )
            .await;
        let looked = AssertUnwindSafe(sound(ground, &store)).catch_unwind().await;
        assert!(looked.is_err(), "a double was not found");
    })
    .await;
}
