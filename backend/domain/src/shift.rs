//! "Fit me in": a meeting for which others move, the fewest that do. Where nobody moves, or the organizer decides, it is
//! done at once; otherwise those who would move are asked first, and one no is enough. A shift holds no place: when all
//! have agreed everything is looked at again, and it is done in one act or not at all. Which meetings would move is
//! found by `insert.rs`.

use crate::{
    Ctx,
    access::{self, Verb},
    booking::{Asker, BookMeeting, Booking, Situation, asked_first, asker, place},
    event::{Phase, Slot},
    id::{MeetingId, PersonId, ShiftId},
    insert::Insertion,
    moving::{Held, wanted},
    refusal::Refusal,
    time::{SignedDuration, Timestamp},
    wish::{Pair, Side},
};
use serde::Serialize;

/// Most shifts a person may have under way at once.
pub const MAX_OPEN_SHIFTS: u16 = 5;
/// How long those who would move have to answer.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// Where a shift stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Those who would move are asked.
    Asked,
    /// Everything was moved and the meeting booked.
    Done,
    /// Somebody said no.
    Refused,
    /// Not everybody answered in time, or it was not possible any more.
    Lapsed,
}

impl State {
    /// All of them.
    pub const ALL: [State; 4] = [State::Asked, State::Done, State::Refused, State::Lapsed];

    /// Its word in columns.
    pub fn code(self) -> &'static str {
        match self {
            State::Asked => "asked",
            State::Done => "done",
            State::Refused => "refused",
            State::Lapsed => "lapsed",
        }
    }

    /// The state of that word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// As refusals say it: in the words of requests.
    fn closed(self) -> &'static str {
        match self {
            State::Asked | State::Lapsed => "expired",
            State::Done => "accepted",
            State::Refused => "declined",
        }
    }
}

/// One more meeting, and others asked to move for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Its id.
    pub id: ShiftId,
    /// Who shall meet.
    pub pair: Pair,
    /// When.
    pub slot: u16,
    /// Who asked; `None`: the product itself.
    pub asked_by: Option<PersonId>,
    /// On which side; the organizer's count as the buyer's.
    pub side: Side,
    /// Where it stands; one that was asked may have run out: see [`Shift::state_at`].
    pub state: State,
    /// When it was asked.
    pub made_at: Timestamp,
    /// Until when there is time to answer.
    pub expires_at: Timestamp,
    /// What moves.
    pub moves: Vec<ShiftMove>,
}

/// A meeting that would move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShiftMove {
    /// Which.
    pub meeting: MeetingId,
    /// Whose.
    pub pair: Pair,
    /// From where.
    pub from: u16,
    /// To where.
    pub to: u16,
    /// The revision that was looked at.
    pub seen: u32,
    /// What its two sides have answered; `None`: not yet.
    pub yes: (Option<bool>, Option<bool>),
}

impl ShiftMove {
    /// What a side has answered.
    pub fn said(&self, side: Side) -> Option<bool> {
        match side {
            Side::Buyer => self.yes.0,
            Side::Exhibitor => self.yes.1,
        }
    }
}

impl Shift {
    /// Where it stands at that moment, whether or not that is written down yet.
    pub fn state_at(&self, now: Timestamp) -> State {
        if self.state == State::Asked && self.expires_at <= now {
            State::Lapsed
        } else {
            self.state
        }
    }

    /// The id of the meeting it is for.
    pub fn becomes(&self) -> MeetingId {
        MeetingId::derived(self.id, "meeting")
    }

    /// How many answers are awaited.
    pub fn awaited(&self) -> usize {
        let open = |said: &ShiftMove| usize::from(said.yes.0.is_none()) + usize::from(said.yes.1.is_none());
        self.moves.iter().map(open).sum()
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FitIn {
    /// The shift's id, made by whoever asks.
    pub id: ShiftId,
    /// Who shall meet.
    pub pair: Pair,
}

/// Where it would fit, and which meetings would move where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where the new one would stand.
    pub slot: u16,
    /// Whose meeting moves, from where, to where.
    pub moves: Vec<(Pair, u16, u16)>,
}

impl Plan {
    /// What the scheduler has found for the pair; `None`: there is no room.
    pub fn of(found: &Insertion, pair: Pair) -> Option<Self> {
        let others = found.steps.iter().filter(|step| step.pair != pair);
        let moves = others.map(|step| Some((step.pair, step.from?, step.to?)));
        Some(Self {
            slot: found.slot?,
            moves: moves.collect::<Option<_>>()?,
        })
    }
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AnswerShift {
    /// To which shift.
    pub shift: ShiftId,
    /// About which of one's own meetings.
    pub meeting: MeetingId,
    /// Whether it may move.
    pub yes: bool,
}

/// A meeting that would move, as it is now.
#[derive(Debug, Clone)]
pub struct Mover {
    /// The meeting.
    pub held: Held,
    /// Its pair's situation.
    pub situation: Situation,
    /// Where it shall go.
    pub to: u16,
}

/// Shifts under way that count against a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnderWay {
    /// Whether the pair has one.
    pub of_pair: bool,
    /// How many the person has.
    pub of_person: u16,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The shift as it is to be kept.
    pub shift: Shift,
    /// Done at once: the new meeting first, then those that move. Empty: they are asked.
    pub bookings: Vec<Booking>,
}

/// Fits a meeting in: the right to do it first, then every rule. It must be possible now, also where others are asked.
pub fn fit(
    situation: &Situation,
    plan: Option<&Plan>,
    movers: &[Mover],
    under_way: UnderWay,
    command: &FitIn,
    ctx: &Ctx,
) -> Result<Fit, Refusal> {
    let asker = asker(ctx, Verb::FitIn, command.pair, situation.phase)?;
    asked_first(situation, asker)?;
    if let Some(existing) = &situation.existing {
        let slot = situation.slots.get(usize::from(existing.placement.slot));
        return Err(Refusal::PairHasMeeting {
            starts: slot.map_or(ctx.now, |slot| slot.starts),
        });
    }
    if let (Some(most), _) = situation.full(asker) {
        return Err(Refusal::QuotaReached { most });
    }
    let plan = plan.filter(|plan| plan.moves.len() == movers.len());
    let plan = plan.ok_or(Refusal::NoRoom)?;
    let wanted = BookMeeting {
        id: MeetingId::derived(command.id, "meeting"),
        pair: command.pair,
        slot: plan.slot,
    };
    let bookings = rearrange(situation, &wanted, movers, (asker, ctx.now))?;
    let at_once = asker == Asker::Organizer || movers.is_empty();
    if !at_once && under_way.of_pair {
        return Err(Refusal::RequestOpen);
    }
    if !at_once && under_way.of_person >= MAX_OPEN_SHIFTS {
        return Err(Refusal::TooManyRequests { most: MAX_OPEN_SHIFTS });
    }
    let moves: Vec<ShiftMove> = movers.iter().map(|mover| asked(mover, asker, command.pair)).collect();
    let shift = Shift {
        id: command.id,
        pair: command.pair,
        slot: plan.slot,
        asked_by: ctx.actor.person,
        side: if asker == Asker::Exhibitor {
            Side::Exhibitor
        } else {
            Side::Buyer
        },
        state: if at_once { State::Done } else { State::Asked },
        made_at: ctx.now,
        expires_at: expires(&situation.slots, plan, ctx.now),
        moves,
    };
    Ok(Fit {
        shift,
        bookings: if at_once { bookings } else { Vec::new() },
    })
}

/// Whom it concerns is asked, but not whoever asks; what the organizer does is not asked.
fn asked(mover: &Mover, asker: Asker, pair: Pair) -> ShiftMove {
    let placement = &mover.held.meeting.placement;
    let organizer = asker == Asker::Organizer;
    let buyers_own = asker == Asker::Buyer && placement.pair.buyer == pair.buyer;
    let booths_own = asker == Asker::Exhibitor && placement.pair.exhibitor == pair.exhibitor;
    ShiftMove {
        meeting: mover.held.meeting.id,
        pair: placement.pair,
        from: placement.slot,
        to: mover.to,
        seen: mover.held.meeting.revision,
        yes: (
            (organizer || buyers_own).then_some(true),
            (organizer || booths_own).then_some(true),
        ),
    }
}

/// A day, but not beyond the first time it is about.
fn expires(slots: &[Slot], plan: &Plan, now: Timestamp) -> Timestamp {
    let touched = plan.moves.iter().flat_map(|&(_, from, to)| [from, to]);
    let begins = |slot: u16| slots.get(usize::from(slot)).map(|slot| slot.starts);
    let first = touched.chain([plan.slot]).filter_map(begins).min();
    first.map_or(now, |first| first.min(now + PATIENCE))
}

/// The new meeting and all that move for it, each in a place that is free when all of them have left theirs. Answers the
/// new one first.
fn rearrange(
    situation: &Situation,
    wanted_new: &BookMeeting,
    movers: &[Mover],
    (asker, now): (Asker, Timestamp),
) -> Result<Vec<Booking>, Refusal> {
    let mut all: Vec<Situation> = std::iter::once(situation)
        .chain(movers.iter().map(|mover| &mover.situation))
        .cloned()
        .collect();
    for mover in movers {
        let movable = mover.held.standing.planned && !mover.held.standing.locked;
        let begins = situation.slots.get(usize::from(mover.held.meeting.placement.slot));
        if !movable || begins.is_none_or(|slot| slot.starts <= now) {
            return Err(Refusal::NoRoom);
        }
        for situation in &mut all {
            situation.release(&mover.held.meeting);
        }
    }
    let mut bookings = vec![place(&all[0], wanted_new, asker, now).map_err(no_room)?];
    for (n, mover) in movers.iter().enumerate() {
        let situation = &mut all[n + 1];
        for booking in &bookings {
            situation.occupy(booking);
        }
        situation.promised();
        let booking = place(situation, &wanted(&mover.held, mover.to), Asker::Organizer, now);
        bookings.push(booking.map_err(|_| Refusal::NoRoom)?.moving(&mover.held.meeting));
    }
    Ok(bookings)
}

/// Why there is no room any more is nobody's affair; one's own figures are said.
fn no_room(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::PairHasMeeting { .. } | Refusal::QuotaReached { .. } | Refusal::SlotPast => refusal,
        _ => Refusal::NoRoom,
    }
}

/// Answers for one's own meeting; the organizer answers for both sides. Answers the shift as it is after it: still
/// asked, refused, or with every answer a yes.
pub fn answer(shift: &Shift, phase: Phase, command: &AnswerShift, ctx: &Ctx) -> Result<Shift, Refusal> {
    access::may(&ctx.actor, Verb::AnswerShift)?;
    let mut answered = shift.clone();
    let concerned = answered.moves.iter_mut().find(|one| one.meeting == command.meeting);
    let concerned = concerned.ok_or(Refusal::NotFound)?;
    let asker = asker(ctx, Verb::AnswerShift, concerned.pair, phase)?;
    match shift.state_at(ctx.now) {
        State::Asked => {}
        closed => return Err(Refusal::RequestClosed { state: closed.closed() }),
    }
    let (buyer, exhibitor) = (&mut concerned.yes.0, &mut concerned.yes.1);
    let open: Vec<&mut Option<bool>> = match asker {
        Asker::Buyer => vec![buyer],
        Asker::Exhibitor => vec![exhibitor],
        Asker::Organizer => vec![buyer, exhibitor],
    };
    let open: Vec<_> = open.into_iter().filter(|said| said.is_none()).collect();
    if open.is_empty() {
        return Err(Refusal::AlreadyDone);
    }
    for said in open {
        *said = Some(command.yes);
    }
    if !command.yes {
        answered.state = State::Refused;
    }
    Ok(answered)
}

/// What is done when all have agreed: as it was asked, if it is still possible and every meeting is as it was seen.
pub fn done(shift: &Shift, situation: &Situation, movers: &[Mover], ctx: &Ctx) -> Result<Vec<Booking>, Refusal> {
    for (mover, asked) in movers.iter().zip(&shift.moves) {
        let as_seen = mover.held.meeting.revision == asked.seen && mover.held.meeting.placement.slot == asked.from;
        if !as_seen {
            return Err(Refusal::NoRoom);
        }
    }
    let wanted = BookMeeting {
        id: shift.becomes(),
        pair: shift.pair,
        slot: shift.slot,
    };
    let asker = match shift.side {
        Side::Buyer => Asker::Buyer,
        Side::Exhibitor => Asker::Exhibitor,
    };
    rearrange(situation, &wanted, movers, (asker, ctx.now))
}
