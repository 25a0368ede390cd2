//! What a test stands on: two events, `tokyo` and `osaka`, in one SQLite file, and the API over them as the server
//! builds it. Questions are asked about `tokyo` unless they say otherwise.

use super::market::{self, Plan, SMALL};
use crate::{Budget, Introspection, Schema, StillSignedIn};
use async_graphql::Request;
use domain::{
    Actor, Ctx,
    booking::Cancel,
    event::Phase,
    guest::{Adviser, AssignStaff},
    id::{ArtistId, BuyerId, EventId, ExhibitorId, MeetingId, ParticipationId, PersonId, ROOT, RequestId, TimetableId},
    market::{Market, Placement},
    name::Tongue,
    push::{Here, Sending, Services},
    request::{Decline, RequestMeeting},
    timetable::{self as rule, Proposal},
    wish::Pair,
};
use futures_util::{FutureExt, Stream, StreamExt};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};
use storage::{Store, run::Clock, timetable::Proposed};
use tempfile::TempDir;
use uuid::Uuid;

/// The event the questions are about.
pub(super) const HERE: &str = "tokyo";
/// The other event of the same installation.
pub(super) const THERE: &str = "osaka";

pub(super) fn event_id(code: &str) -> EventId {
    EventId::derived(ROOT, code)
}

/// Before the first slot.
const BEFORE: &str = "2025-10-01T09:00:00+09:00";

/// The market, kept and published.
pub(super) struct World {
    pub(super) store: Store,
    pub(super) schema: Schema,
    meetings: HashMap<String, Uuid>,
    absences: HashMap<String, Uuid>,
    /// What the server answers when it is asked whether a listener is still signed in.
    pub(super) signed_in: Arc<AtomicBool>,
    /// How often it was asked.
    pub(super) asked_after: Arc<AtomicUsize>,
    _folder: TempDir,
}

/// One question: who asks, about which event, when, in which language.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) who: &'a str,
    pub(super) event: &'a str,
    pub(super) now: &'a str,
    pub(super) tongue: Tongue,
    /// The event whose ids `<…>` stands for.
    pub(super) ids: &'a str,
}

pub(super) fn by(who: &str) -> Asked<'_> {
    Asked {
        who,
        event: HERE,
        now: BEFORE,
        tongue: Tongue::En,
        ids: HERE,
    }
}

/// A clock that stands still, and searches that take what they find first: these markets need none.
pub(super) fn at_once() -> Clock {
    Clock {
        now: || BEFORE.parse().expect("a time"),
        alarm: |_| Box::new(|| true),
    }
}

/// Push to one service.
pub(super) fn sending() -> Sending {
    Sending {
        key: "the public key".to_owned(),
        services: Services::parse("push.example", Here::Refused).expect("a service"),
    }
}

impl World {
    pub(super) async fn small() -> Self {
        Self::of(SMALL).await
    }

    /// In `tokyo` a market by the plan, in `osaka` the small one. Both have a published timetable, a meeting that was
    /// cancelled since, and a proposal that would move, lose and add a meeting.
    pub(super) async fn of(plan: Plan) -> Self {
        let mut world = Self::wishes(plan).await;
        for event in [HERE, THERE] {
            world.publish_and_propose(event).await;
        }
        world
    }

    /// Before any timetable.
    pub(super) async fn wishes(plan: Plan) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut absences = HashMap::new();
        let url = format!("sqlite:{}", folder.path().join("ichiba.db").display());
        let store = Store::open(&url).await.expect("the store opens");
        for (event, plan) in [(HERE, plan), (THERE, SMALL)] {
            let import = market::import(event, plan);
            for (id, absence) in &import.absences {
                let codes = import
                    .participations
                    .iter()
                    .filter(|part| part.person == absence.person);
                absences.extend(codes.map(|part| (format!("{event}/{}", part.code), id.0)));
            }
            store
                .import(&system(event), key(event), import)
                .await
                .expect("imported");
        }
        Self {
            schema: crate::schema(store.clone(), at_once(), Some(sending()), Introspection::Closed),
            store,
            meetings: HashMap::new(),
            absences,
            signed_in: Arc::new(AtomicBool::new(true)),
            asked_after: Arc::default(),
            _folder: folder,
        }
    }

    /// At the meetings of B01 with X02 and of B02 with X01 somebody of the booth sits by name, and an adviser.
    pub(super) async fn with_guests(self) -> Self {
        let ctx = system(HERE);
        for (meeting, staff, adviser) in [("B01-X02", "P-S02", "P-AD1"), ("B02-X01", "P-S01", "P-AD2")] {
            let meeting = MeetingId(self.id(HERE, meeting));
            let person = Some(PersonId(self.id(HERE, staff)));
            let done = self
                .store
                .assign_staff(&ctx, AssignStaff { meeting, person }, meeting.0)
                .await;
            done.expect("assigned");
            let person = PersonId(self.id(HERE, adviser));
            let done = self
                .store
                .invite_adviser(&ctx, Adviser { meeting, person }, meeting.0)
                .await;
            done.expect("invited");
        }
        self
    }

    /// The event is over.
    pub(super) async fn over(&self) {
        let moved = self.store.move_phase(&system(HERE), key("over"), Phase::After).await;
        moved.expect("moved");
    }

    pub(super) async fn market(&self, event: &str) -> Market {
        let snapshot = self.store.snapshot(event_id(event)).await.expect("a snapshot");
        snapshot.market().await.expect("a market")
    }

    /// From now on `<name>` stands for this id.
    pub(super) fn remember(&mut self, event: &str, name: &str, id: Uuid) {
        self.meetings.insert(format!("{event}/{name}"), id);
    }

    async fn publish_and_propose(&mut self, event: &str) {
        let (ctx, t1) = (system(event), TimetableId(timetable(event, "T1")));
        let proposal = rule::propose(&self.market(event).await, 1, &mut |_| true).expect("proposed");
        let second = changed(event, &proposal);
        self.request_and_decline(event).await;
        self.propose(event, "T1", proposal).await;
        self.store.publish_timetable(&ctx, t1, t1.0).await.expect("published");
        for meeting in self.market(event).await.meetings {
            let name = format!("{event}/{}", name_of(event, &meeting.placement));
            self.meetings.insert(name, meeting.id.0);
        }
        let cancelled = MeetingId(self.id(event, "B03-X03"));
        self.store
            .cancel_meeting(&ctx, Cancel::of(cancelled), key(event))
            .await
            .expect("cancelled");
        self.propose(event, "T2", second).await;
    }

    /// The first buyer has asked the second exhibitor, and the second the first, in vain, before the timetable brought
    /// them together.
    async fn request_and_decline(&self, event: &str) {
        let (ctx, store) = (system(event), &self.store);
        let open = key(&format!("{event}/open"));
        store.move_phase(&ctx, open, Phase::OpenCalendar).await.expect("moved");
        for (name, buyer, exhibitor) in [("R1", "B01", "X02"), ("R0", "B02", "X01")] {
            let id = RequestId(self.id(event, name));
            let asked = RequestMeeting {
                id,
                pair: Pair {
                    buyer: BuyerId(self.id(event, buyer)),
                    exhibitor: ExhibitorId(self.id(event, exhibitor)),
                },
                side: None,
                message: "お会いしたいです。".to_owned(),
                slots: vec![0, 3],
            };
            store.request_meeting(&ctx, asked).await.expect("asked");
            let no = Decline {
                request: id,
                reason: "後日".to_owned(),
            };
            store.decline_request(&ctx, no, id.0).await.expect("declined");
        }
    }

    pub(super) async fn propose(&self, event: &str, name: &str, proposal: Proposal) {
        let id = TimetableId(timetable(event, name));
        self.store
            .keep_proposal(&system(event), Proposed { id, seed: 1 }, proposal)
            .await
            .expect("kept");
    }

    /// The id of what is called so in the event: `B01`, `X01`, `A01`, `T1`, `B01-X01`, `P-S01` (the person), `U-B01` (the
    /// person's absence); or a key of that name.
    pub(super) fn id(&self, event: &str, name: &str) -> Uuid {
        let event_id = event_id(event);
        match name.chars().next() {
            Some('B') if name.contains('-') => self.meetings[&format!("{event}/{name}")],
            Some('B') => ParticipationId::derived(event_id, name).0,
            Some('X') => ExhibitorId::derived(event_id, name).0,
            Some('A') => ArtistId::derived(event_id, name).0,
            Some('T' | 'R') => timetable(event, name),
            Some('P') if name.starts_with("P-") => PersonId::derived(ROOT, &market::email(event, &name[2..])).0,
            Some('U') if name.starts_with("U-") => self.absences[&format!("{event}/{}", &name[2..])],
            _ => key(name),
        }
    }

    /// Puts ids where a document says `<B01>`.
    pub(super) fn fill(&self, event: &str, document: &str) -> String {
        let mut parts = document.split('<');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('>').expect("a name ends");
            filled.extend(["\"", &self.id(event, name).to_string(), "\"", rest]);
        }
        filled
    }

    /// Who takes part under that code; `nobody` has not signed in; `osaka/OR1` is a stranger here.
    pub(super) async fn actor(&self, event: &str, who: &str) -> Actor {
        if who == "nobody" {
            return Actor::nobody();
        }
        let (home, code) = who.split_once('/').unwrap_or((HERE, who));
        let person = PersonId::derived(ROOT, &market::email(home, code));
        self.store.actor(event_id(event), person).await.expect("an actor")
    }

    pub(super) async fn request(&self, asked: Asked<'_>, document: &str) -> Request {
        let ctx = Ctx {
            actor: self.actor(asked.event, asked.who).await,
            event: event_id(asked.event),
            now: asked.now.parse().expect("a time"),
            request_id: "request".to_owned(),
        };
        let request = Request::new(self.fill(asked.ids, document));
        let request = request.data(Budget::of(100_000)).data(self.still_signed_in());
        crate::with_request(request, ctx, asked.tongue, &self.store)
    }

    fn still_signed_in(&self) -> StillSignedIn {
        let (signed_in, asked) = (self.signed_in.clone(), self.asked_after.clone());
        Arc::new(move || {
            asked.fetch_add(1, SeqCst);
            let signed_in = signed_in.load(SeqCst);
            async move { signed_in }.boxed()
        })
    }

    /// The whole answer as the server would send it.
    pub(super) async fn bytes(&self, asked: Asked<'_>, document: &str) -> String {
        let request = self.request(asked, document).await;
        serde_json::to_string(&self.schema.execute(request).await).expect("JSON")
    }

    /// The whole answer.
    pub(super) async fn answer(&self, asked: Asked<'_>, document: &str) -> Value {
        serde_json::from_str(&self.bytes(asked, document).await).expect("JSON")
    }

    /// The data of an answer without errors.
    pub(super) async fn data(&self, asked: Asked<'_>, document: &str) -> Value {
        let mut answer = self.answer(asked, document).await;
        assert_eq!(answer.get("errors"), None, "{} asks {document}", asked.who);
        answer["data"].take()
    }

    /// The sentence of the one error of an answer.
    pub(super) async fn error(&self, asked: Asked<'_>, document: &str) -> String {
        let answer = self.answer(asked, document).await;
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        assert_eq!(errors.len(), 1, "{} asks {document}: {answer}", asked.who);
        errors[0]["message"].as_str().expect("a sentence").to_owned()
    }

    /// Listens; every event is the JSON of its answer.
    pub(super) async fn listen(&self, asked: Asked<'_>) -> impl Stream<Item = Value> + use<> {
        self.listen_to(asked, "subscription { timetablePublished { version } }")
            .await
    }

    /// Listens to something.
    pub(super) async fn listen_to(&self, asked: Asked<'_>, document: &str) -> impl Stream<Item = Value> + use<> {
        let request = self.request(asked, document).await;
        let answers = self.schema.execute_stream(request);
        answers
            .map(|answer| serde_json::to_value(answer).expect("JSON"))
            .boxed()
    }

    /// Waits until a run started here is over.
    pub(super) async fn run_over(&self, name: &str) {
        self.store.run_over(TimetableId(timetable(HERE, name))).await;
    }

    /// Every row of every table.
    pub(super) async fn rows(&self) -> String {
        let mut rows = Vec::new();
        self.store.backup(&mut rows).await.expect("a backup");
        String::from_utf8(rows).expect("text")
    }
}

/// The product itself asks.
pub(super) fn system(event: &str) -> Ctx {
    Ctx {
        actor: Actor::system(),
        event: event_id(event),
        now: BEFORE.parse().expect("a time"),
        request_id: "request".to_owned(),
    }
}

pub(super) fn key(name: &str) -> Uuid {
    Uuid::new_v5(&ROOT, name.as_bytes())
}

fn timetable(event: &str, name: &str) -> Uuid {
    key(&format!("{event}/{name}"))
}

/// `B01-X02`.
pub(super) fn name_of(event: &str, placement: &Placement) -> String {
    let event = event_id(event);
    let buyer = (1..100)
        .map(|n| format!("B{n:02}"))
        .find(|code| ParticipationId::derived(event, code).0 == placement.pair.buyer.0);
    let exhibitor = (1..10)
        .map(|n| format!("X{n:02}"))
        .find(|code| ExhibitorId::derived(event, code) == placement.pair.exhibitor);
    format!(
        "{}-{}",
        buyer.expect("a buyer of the market"),
        exhibitor.expect("an exhibitor of the market")
    )
}

/// The same timetable with the third buyer's meeting at the first booth moved and the one at the second lost.
fn changed(event: &str, proposal: &Proposal) -> Proposal {
    let mut changed = proposal.clone();
    changed.placements.retain(|p| name_of(event, p) != "B03-X02");
    let all = &proposal.placements;
    let buyer_free = |slot| {
        !all.iter()
            .any(|p| p.slot == slot && name_of(event, p).starts_with("B03"))
    };
    let table_free = |&(slot, table): &(u16, u16)| {
        let taken = |p: &Placement| (p.slot, p.table) == (slot, table) && name_of(event, p).ends_with("X01");
        !all.iter().any(taken)
    };
    let places = (0..12)
        .filter(|slot| buyer_free(*slot))
        .flat_map(|slot| [(slot, 1), (slot, 2)]);
    let place = places
        .into_iter()
        .find(table_free)
        .expect("a place that is free for both");
    let moved = changed.placements.iter_mut().find(|p| name_of(event, p) == "B03-X01");
    let moved = moved.expect("the third buyer meets the first exhibitor");
    (moved.slot, moved.table) = place;
    changed
}
