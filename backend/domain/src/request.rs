//! Meeting requests: one side asks, the other says yes at a time, no with a reason, or proposes other times. A request
//! holds no place: only the meeting it becomes does. A request of somebody who is avoided looks to its asker like any
//! other; the avoiding side never sees it, and so it expires.

use crate::{
    Ctx,
    access::{self, Verb},
    booking::{Asker, BookMeeting, Booking, Situation, asker, place, stands},
    event::{Phase, Slot},
    id::{MeetingId, PersonId, RequestId},
    name::Bilingual,
    problem::Wants,
    refusal::Refusal,
    time::{SignedDuration, Timestamp},
    wish::{Pair, Side, Want},
};
use serde::Serialize;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Most open requests a person may have out at once.
pub const MAX_OPEN_REQUESTS: u16 = 20;
/// Most times proposed at once.
pub const MAX_PROPOSED: usize = 20;
/// Most characters of a message.
pub const MAX_MESSAGE: usize = 2_000;
/// Most characters of a reason.
pub const MAX_REASON: usize = 500;
/// How long a request waits for an answer before the show, and while it is on.
const PATIENCE: (SignedDuration, SignedDuration) = (SignedDuration::from_hours(48), SignedDuration::from_hours(4));

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits for an answer.
    Open,
    /// It became a meeting.
    Accepted,
    /// A side said no.
    Declined,
    /// The asker took it back.
    Withdrawn,
    /// Nobody answered in time.
    Expired,
}

impl State {
    /// All of them.
    pub const ALL: [State; 5] = [
        State::Open,
        State::Accepted,
        State::Declined,
        State::Withdrawn,
        State::Expired,
    ];

    /// Its word in columns.
    pub fn code(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Accepted => "accepted",
            State::Declined => "declined",
            State::Withdrawn => "withdrawn",
            State::Expired => "expired",
        }
    }

    /// The state of that word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// One side asks the other for a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Who shall meet.
    pub pair: Pair,
    /// Who asked.
    pub side: Side,
    /// Where it stands; an open one may have run out: see [`Request::state_at`].
    pub state: State,
    /// Whose answer it waits for.
    pub turn: Side,
    /// In the words of whoever wrote last.
    pub message: String,
    /// Proposed times; none: any.
    pub slots: Vec<u16>,
    /// The person who asked; `None`: the product itself.
    pub made_by: Option<PersonId>,
    /// When.
    pub made_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Timestamp,
    /// When it was answered for good.
    pub answered_at: Option<Timestamp>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// The meeting it became.
    pub meeting: Option<MeetingId>,
}

impl Request {
    /// Where it stands at that moment: who did not answer in time has not answered, whether or not that is written
    /// down yet.
    pub fn state_at(&self, now: Timestamp) -> State {
        if self.state == State::Open && self.expires_at <= now {
            State::Expired
        } else {
            self.state
        }
    }

    /// Whether a side is not to see it, for what either wants of the other by now.
    pub fn hidden_from(&self, side: Side, wants: Wants) -> bool {
        let own = match side {
            Side::Buyer => wants.0,
            Side::Exhibitor => wants.1,
        };
        side != self.side && own == Some(Want::Avoid)
    }

    /// The id of the meeting it becomes.
    pub fn becomes(&self) -> MeetingId {
        MeetingId::derived(self.id, "meeting")
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestMeeting {
    /// The request's id, made by whoever asks.
    pub id: RequestId,
    /// Who shall meet.
    pub pair: Pair,
    /// For which side the organizer asks; sides ask for themselves.
    pub side: Option<Side>,
    /// In the asker's words.
    pub message: String,
    /// Proposed times; none: any.
    pub slots: Vec<u16>,
}

/// A yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// To which request.
    pub request: RequestId,
    /// At which time; `None`: the best of the proposed times, or of all where none is proposed.
    pub slot: Option<u16>,
    /// Free times, best first, as the scheduler suggests them: an order, not a promise.
    pub best: Vec<u16>,
}

/// A no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decline {
    /// To which request.
    pub request: RequestId,
    /// Why.
    pub reason: String,
}

/// Other times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counter {
    /// To which request.
    pub request: RequestId,
    /// Proposed times; none: any.
    pub slots: Vec<u16>,
    /// In the answerer's words.
    pub message: String,
}

/// Open requests that count against a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pending {
    /// Whether the pair has one.
    pub of_pair: bool,
    /// How many the person has out.
    pub of_person: u16,
}

fn own_side(asker: Asker, else_: Side) -> Side {
    match asker {
        Asker::Buyer => Side::Buyer,
        Asker::Exhibitor => Side::Exhibitor,
        Asker::Organizer => else_,
    }
}

/// Asks for a meeting: the right to do it first, then every rule. The other side's quota and wishes are not looked at:
/// nobody learns of them by asking.
pub fn ask(situation: &Situation, pending: Pending, command: &RequestMeeting, ctx: &Ctx) -> Result<Request, Refusal> {
    let asker = asker(ctx, Verb::RequestMeeting, command.pair, situation.phase)?;
    let side = own_side(asker, command.side.unwrap_or(Side::Buyer));
    let own = match side {
        Side::Buyer => situation.wants.0,
        Side::Exhibitor => situation.wants.1,
    };
    if let Some(existing) = &situation.existing {
        let slot = situation.slots.get(usize::from(existing.placement.slot));
        return Err(Refusal::PairHasMeeting {
            starts: slot.map_or(ctx.now, |slot| slot.starts),
        });
    }
    if own == Some(Want::Avoid) {
        // Who avoids the other hears what booking says; whether the other has asked stays untold.
        return Err(Refusal::OtherSideUnavailable { free: Vec::new() });
    }
    if pending.of_pair {
        return Err(Refusal::RequestOpen);
    }
    if let (Some(most), _) = situation.full(asker) {
        return Err(Refusal::QuotaReached { most });
    }
    if asker != Asker::Organizer && pending.of_person >= MAX_OPEN_REQUESTS {
        return Err(Refusal::TooManyRequests {
            most: MAX_OPEN_REQUESTS,
        });
    }
    let slots = proposed(&command.slots, &situation.slots, ctx.now)?;
    Ok(Request {
        id: command.id,
        pair: command.pair,
        side,
        state: State::Open,
        turn: other(side),
        message: words(&command.message, MAX_MESSAGE)?,
        made_by: ctx.actor.person,
        made_at: ctx.now,
        expires_at: expires(&slots, &situation.slots, situation.phase, ctx.now)?,
        slots,
        answered_at: None,
        reason: None,
        meeting: None,
    })
}

/// The other side.
pub fn other(side: Side) -> Side {
    match side {
        Side::Buyer => Side::Exhibitor,
        Side::Exhibitor => Side::Buyer,
    }
}

/// Proposed times, each once, in order; all of them to come.
fn proposed(slots: &[u16], all: &[Slot], now: Timestamp) -> Result<Vec<u16>, Refusal> {
    let once: BTreeSet<u16> = slots.iter().copied().collect();
    if once.len() > MAX_PROPOSED {
        return Err(Refusal::Malformed {
            field: "slots",
            wanted: "at most 20 times",
        });
    }
    for &slot in &once {
        match all.get(usize::from(slot)) {
            None => return Err(Refusal::NoSuchSlot { slots: all.len() }),
            Some(slot) if slot.starts <= now => return Err(Refusal::SlotPast),
            Some(_) => {}
        }
    }
    Ok(once.into_iter().collect())
}

/// 48 hours, on site 4, but not beyond the last time it is about.
fn expires(slots: &[u16], all: &[Slot], phase: Phase, now: Timestamp) -> Result<Timestamp, Refusal> {
    let last = match slots.last() {
        Some(&last) => all.get(usize::from(last)),
        None => all.last(),
    };
    let last = last.filter(|slot| slot.starts > now).ok_or(Refusal::SlotPast)?;
    let patience = if phase == Phase::OnSite { PATIENCE.1 } else { PATIENCE.0 };
    Ok(last.starts.min(now + patience))
}

/// What people write: NFC, lines kept, control characters dropped, at most so long.
pub(crate) fn words(text: &str, most: usize) -> Result<String, Refusal> {
    // Longer than any text of that many characters can be: not even looked at.
    if text.len() > most * 32 {
        return Err(Refusal::TextTooLong { most });
    }
    let plain = text.replace("\r\n", "\n").replace('\t', " ");
    let clean: String = plain.nfc().filter(|&c| c == '\n' || !c.is_control()).collect();
    let clean = clean.trim();
    if clean.chars().count() > most {
        return Err(Refusal::TextTooLong { most });
    }
    Ok(clean.to_owned())
}

/// Whoever may answer: one's own, not hidden, in time, open.
fn answers(request: &Request, wants: Wants, (phase, verb): (Phase, Verb), ctx: &Ctx) -> Result<Asker, Refusal> {
    access::may(&ctx.actor, verb)?;
    let asker = stands(ctx, request.pair)?;
    if asker != Asker::Organizer && request.hidden_from(own_side(asker, request.side), wants) {
        return Err(Refusal::NotFound);
    }
    access::open(&ctx.actor, verb, phase)?;
    match request.state_at(ctx.now) {
        State::Open => Ok(asker),
        closed => Err(Refusal::RequestClosed { state: closed.code() }),
    }
}

/// Whoever may answer now; the organizer answers for the side whose turn it is.
fn in_turn(request: &Request, asker: Asker) -> Result<(), Refusal> {
    if own_side(asker, request.turn) == request.turn {
        Ok(())
    } else {
        Err(Refusal::NotYourTurn)
    }
}

/// Says yes: the meeting at the time that is said, or at the best of those that are free. A place that is gone leaves the
/// request open.
pub fn accept(request: &Request, situation: &Situation, command: &Accept, ctx: &Ctx) -> Result<Booking, Refusal> {
    let asker = answers(request, situation.wants, (situation.phase, Verb::AcceptRequest), ctx)?;
    in_turn(request, asker)?;
    let at = |slot| {
        let meeting = BookMeeting {
            id: request.becomes(),
            pair: request.pair,
            slot,
        };
        place(situation, &meeting, asker, ctx.now)
    };
    if let Some(slot) = command.slot {
        return at(slot);
    }
    let open = situation.open_slots(ctx.now);
    let wanted = |slot: &u16| request.slots.is_empty() || request.slots.contains(slot);
    let mut best = command.best.iter().chain(&open).filter(|slot| open.contains(slot));
    if let Some(&slot) = best.find(|slot| wanted(slot)) {
        return at(slot);
    }
    // None is free: said of a time that was proposed and is still to come, or of the next there is.
    let to_come = |slot: &u16| {
        situation
            .slots
            .get(usize::from(*slot))
            .is_some_and(|s| s.starts > ctx.now)
    };
    let mut said = request.slots.iter().copied().filter(to_come);
    let next = situation
        .slots
        .iter()
        .map(|slot| slot.number)
        .find(|slot| to_come(slot));
    match said.next().or(next) {
        Some(slot) => at(slot),
        None => Err(Refusal::SlotPast),
    }
}

/// Says no, with a reason: the side that was asked whenever it likes, the asker when other times were proposed to it.
/// Answers the reason as it is kept.
pub fn decline(request: &Request, wants: Wants, phase: Phase, command: &Decline, ctx: &Ctx) -> Result<String, Refusal> {
    let asker = answers(request, wants, (phase, Verb::DeclineRequest), ctx)?;
    if own_side(asker, request.turn) == request.side {
        in_turn(request, asker)?;
    }
    words(&command.reason, MAX_REASON)
}

/// Proposes other times: then it is for the other side to answer, and there is time again to do so.
pub fn counter(request: &Request, situation: &Situation, command: &Counter, ctx: &Ctx) -> Result<Request, Refusal> {
    let verb = (situation.phase, Verb::CounterRequest);
    let asker = answers(request, situation.wants, verb, ctx)?;
    in_turn(request, asker)?;
    let slots = proposed(&command.slots, &situation.slots, ctx.now)?;
    Ok(Request {
        turn: other(request.turn),
        message: words(&command.message, MAX_MESSAGE)?,
        expires_at: expires(&slots, &situation.slots, situation.phase, ctx.now)?,
        slots,
        ..request.clone()
    })
}

/// Takes one's own request back.
pub fn withdraw(request: &Request, wants: Wants, phase: Phase, ctx: &Ctx) -> Result<(), Refusal> {
    let asker = answers(request, wants, (phase, Verb::WithdrawRequest), ctx)?;
    if own_side(asker, request.side) == request.side {
        Ok(())
    } else {
        Err(Refusal::NotYourTurn)
    }
}

/// What became of a request that is not open any more, in words.
pub(crate) fn closed(state: &str) -> Bilingual {
    let (ja, en) = match state {
        "accepted" => ("承諾済み", "accepted"),
        "declined" => ("辞退済み", "declined"),
        "withdrawn" => ("取り下げ済み", "withdrawn"),
        _ => ("期限切れ", "expired"),
    };
    Bilingual {
        ja: ja.into(),
        en: en.into(),
    }
}
