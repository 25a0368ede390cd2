//! Any sequence of verbs by anybody over a small market: every invariant holds after it, and what is refused is refused
//! with a code of a closed list.

use super::{
    arranging::{by, code, open, pair, sound, yes},
    ground::{market_of, on_sqlite},
    sample::{event_id, key},
};
use crate::Store;
use domain::{
    Ctx,
    booking::{BookMeeting, Cancel},
    event::Phase,
    id::{MeetingId, RequestId, ShiftId},
    import::Import,
    insert::insert,
    market::{Market, Meeting},
    moving::{Lock, Move, Swap},
    request::{Counter, Decline, RequestMeeting},
    shift::{AnswerShift, FitIn, Plan},
    time::SignedDuration,
    wish::Pair,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Numbers that are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }
}

/// What is refused in these sequences, and nothing else.
const CODES: &[&str] = &[
    "",
    "not_found",
    "phase_closed",
    "pair_has_meeting",
    "busy",
    "other_side_unavailable",
    "quota_reached",
    "no_interpreter",
    "slot_past",
    "no_such_slot",
    "meeting_cancelled",
    "meeting_changed",
    "meeting_locked",
    "not_your_turn",
    "request_closed",
    "request_open",
    "too_many_requests",
    "already_done",
    "no_room",
    "malformed",
    "text_too_long",
];
const STEPS: usize = 220;

/// Somebody about to do something with something.
struct Try {
    ctx: Ctx,
    pair: Pair,
    slot: u16,
    meeting: MeetingId,
    other: MeetingId,
    seen: Option<u32>,
    request: RequestId,
    market: Market,
    id: Uuid,
}

/// What was made so far.
#[derive(Default)]
struct Made {
    requests: Vec<RequestId>,
    shifts: Vec<ShiftId>,
}

async fn somebody(store: &Store, import: &Import, dice: &mut Dice, made: &Made, n: usize) -> Try {
    let slots = &import.event.as_ref().expect("an event").2;
    let now = match dice.roll(20) {
        0 => slots[dice.roll(slots.len())].starts,
        1 => super::sample::now() + SignedDuration::from_hours(50),
        _ => super::sample::now(),
    };
    // Mostly somebody whom it concerns.
    let of = (dice.roll(import.buyers.len()), dice.roll(import.exhibitors.len()));
    let who = match dice.roll(6) {
        0 | 1 => format!("B{:04}", of.0),
        2 | 3 => format!("X{:02}a", of.1),
        4 => "O01".to_owned(),
        _ if dice.roll(2) == 0 => "O01".to_owned(),
        _ => ["B0000", "B0003", "X00a", "X01b", "nobody"][dice.roll(5)].to_owned(),
    };
    let (pair, market) = (pair(import, of.0, of.1), market_of(store, "tokyo").await);
    let theirs = |m: &&Meeting| m.placement.pair.buyer == pair.buyer || m.placement.pair.exhibitor == pair.exhibitor;
    let theirs: Vec<MeetingId> = market.meetings.iter().filter(theirs).map(|m| m.id).collect();
    let id = key(&format!("step {n}"));
    let any = |dice: &mut Dice| match theirs.len() {
        0 => MeetingId(id),
        some => theirs[dice.roll(some)],
    };
    Try {
        ctx: by(store, &who, now).await,
        pair,
        slot: dice.roll(8) as u16,
        meeting: any(dice),
        other: any(dice),
        seen: (dice.roll(3) == 0).then(|| dice.roll(3) as u32),
        request: match made.requests.len() {
            0 => RequestId(id),
            some => made.requests[some - 1 - dice.roll(some.min(6))],
        },
        market,
        id,
    }
}

/// One verb by somebody about something.
async fn step(store: &Store, import: &Import, dice: &mut Dice, made: &mut Made, n: usize) -> &'static str {
    let tried = somebody(store, import, dice, made, n).await;
    match dice.roll(14) {
        0..7 => with_meeting(store, dice, &tried).await,
        7..11 => with_request(store, dice, &tried, made).await,
        11 | 12 => with_shift(store, dice, &tried, made).await,
        _ => {
            let phase = [Phase::OpenCalendar, Phase::OpenCalendar, Phase::OnSite, Phase::Final][dice.roll(4)];
            let system = Ctx {
                now: tried.ctx.now,
                ..super::sample::ctx(event_id("tokyo"))
            };
            if dice.roll(4) == 0 {
                store.move_phase(&system, tried.id, phase).await.expect("moved");
            }
            code(store.expire_requests(&system).await)
        }
    }
}

async fn with_meeting(store: &Store, dice: &mut Dice, tried: &Try) -> &'static str {
    let Try {
        ctx,
        pair,
        slot,
        meeting,
        seen,
        id,
        ..
    } = tried;
    let (meeting, seen, slot, id) = (*meeting, *seen, *slot, *id);
    match dice.roll(7) {
        0 | 1 => {
            let command = BookMeeting {
                id: MeetingId(id),
                pair: *pair,
                slot,
            };
            code(store.book_meeting(ctx, command).await)
        }
        2 | 3 => code(store.move_meeting(ctx, Move { meeting, slot, seen }, id).await),
        4 => {
            let swap = Swap {
                meetings: [meeting, tried.other],
                seen: [seen, None],
            };
            code(store.swap_meetings(ctx, swap, id).await)
        }
        5 => code(store.cancel_meeting(ctx, Cancel { meeting, seen }, id).await),
        _ => {
            let locked = dice.roll(3) == 0;
            code(store.lock_meeting(ctx, Lock { meeting, locked }, id).await)
        }
    }
}

async fn with_request(store: &Store, dice: &mut Dice, tried: &Try, made: &mut Made) -> &'static str {
    let Try {
        ctx,
        pair,
        slot,
        request,
        id,
        ..
    } = tried;
    let (request, slot, id) = (*request, *slot, *id);
    match dice.roll(6) {
        0..3 => {
            made.requests.push(RequestId(id));
            let command = RequestMeeting {
                id: RequestId(id),
                pair: *pair,
                side: None,
                message: "x".repeat(dice.roll(2_100)),
                slots: (0..dice.roll(3)).map(|_| dice.roll(6) as u16).collect(),
            };
            code(store.request_meeting(ctx, command).await)
        }
        3 => {
            let slot = (dice.roll(2) == 0).then_some(slot);
            code(store.accept_request(ctx, yes(request, slot), id).await)
        }
        4 if dice.roll(2) == 0 => code(store.withdraw_request(ctx, request, id).await),
        4 => {
            let reason = String::new();
            code(store.decline_request(ctx, Decline { request, reason }, id).await)
        }
        _ => {
            let command = Counter {
                request,
                slots: vec![slot],
                message: String::new(),
            };
            code(store.counter_request(ctx, command, id).await)
        }
    }
}

async fn with_shift(store: &Store, dice: &mut Dice, tried: &Try, made: &mut Made) -> &'static str {
    let (ctx, pair, id) = (&tried.ctx, tried.pair, tried.id);
    if dice.roll(2) == 0 {
        let plan = insert(&tried.market, pair, ctx.now);
        let plan = plan.ok().and_then(|found| Plan::of(&found, pair));
        made.shifts.push(ShiftId(id));
        return code(store.fit_in(ctx, FitIn { id: ShiftId(id), pair }, plan).await);
    }
    let command = AnswerShift {
        shift: made.shifts.last().copied().unwrap_or(ShiftId(id)),
        meeting: tried.meeting,
        yes: dice.roll(4) > 0,
    };
    code(store.answer_shift(ctx, command, id).await)
}

/// Any sequence of verbs by anybody keeps every invariant, and says no in words.
#[tokio::test]
async fn any_sequence_of_verbs_is_sound() {
    on_sqlite(async |ground| {
        let mut said: BTreeMap<&str, usize> = BTreeMap::new();
        for seed in [0x5eed_u64, 0x1c41_ba00] {
            let fresh = ground.fresh().await;
            let (store, import) = open(&fresh).await;
            let (mut dice, mut made) = (Dice(seed), Made::default());
            for n in 0..STEPS {
                let code = step(&store, &import, &mut dice, &mut made, n).await;
                assert!(CODES.contains(&code), "{code}");
                *said.entry(code).or_default() += 1;
                if n % 10 == 0 {
                    sound(&fresh, &store).await;
                }
            }
            sound(&fresh, &store).await;
            assert_eq!(store.check_audit().await.expect("checked").1, None);
        }
        println!("{said:?}");
        assert!(said[""] > STEPS / 4, "most of it came to nothing: {said:?}");
        assert!(said.len() > 10, "too little was tried: {said:?}");
    })
    .await;
}
