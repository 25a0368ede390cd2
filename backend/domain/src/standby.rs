//! Standby: buyers who wait for a place at a booth, and whom a place that came free is offered to. The first yes has it;
//! the key of the place decides, not this rule.

use crate::{
    Ctx,
    access::{self, Verb},
    booking::{self, Booking, Situation},
    event::{Phase, Slot},
    id::{BoothId, BuyerId, ExhibitorId, MeetingId, OfferId},
    market::Placement,
    refusal::Refusal,
    table::PATIENCE,
    wish::{self, Pair, Want},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Most buyers a place is offered to at once.
pub const MAX_OFFERS: usize = 3;
/// Most who are weighed for a place, those who joined first.
pub const MAX_WEIGHED: usize = 200;
/// So long an offer holds once its slot has begun.
pub const SHORT: SignedDuration = PATIENCE;
/// So long it holds at most before that.
pub const LONG: SignedDuration = SignedDuration::from_hours(2);
/// With less of a slot left a meeting is not worth beginning.
pub const LEAST_LEFT: SignedDuration = SignedDuration::from_mins(5);

/// A buyer who waits for a place at a booth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standby {
    /// Who, and where.
    pub pair: Pair,
    /// Since when.
    pub since: Timestamp,
}

/// Who reads the list of those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The booth's staff.
    Booth,
    /// The organizer.
    Organizer,
}

/// Puts those who wait in order, best first: for the organizer by what the pair's wishes are worth, as offers are made.
/// The booth sees them by its own wishes only, for an order by both would tell what the buyers wish.
pub fn order(mut waiting: Vec<(Standby, Wants)>, reader: Reader) -> Vec<Standby> {
    let rank = |want: Option<Want>| match want {
        Some(Want::Rank(rank)) => u32::from(rank),
        _ => 0,
    };
    waiting.sort_by_key(|&(standby, (buyer, exhibitor))| {
        let worth = match reader {
            Reader::Booth => rank(exhibitor),
            Reader::Organizer => wish::value(buyer, exhibitor).unwrap_or_default(),
        };
        (Reverse(worth), standby.since, standby.pair)
    });
    waiting.into_iter().map(|(standby, _)| standby).collect()
}

/// What the buyer and the exhibitor want of each other.
pub type Wants = (Option<Want>, Option<Want>);

/// A place at a table in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Whose booth.
    pub exhibitor: ExhibitorId,
    /// The booth.
    pub booth: BoothId,
    /// The table, from 1.
    pub table: u16,
    /// The number of the slot.
    pub slot: u16,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// It can be answered.
    Open,
    /// The buyer said yes and has the place.
    Taken,
    /// The buyer said no.
    Declined,
    /// Somebody else was faster.
    Lost,
    /// Nobody answered in time.
    Expired,
    /// It was taken, and the place has come free again since.
    Spent,
}

impl OfferState {
    /// Its word in columns.
    pub fn code(self) -> &'static str {
        match self {
            OfferState::Open => "open",
            OfferState::Taken => "taken",
            OfferState::Declined => "declined",
            OfferState::Lost => "lost",
            OfferState::Expired => "expired",
            OfferState::Spent => "spent",
        }
    }

    /// The state of that word.
    pub fn parse(code: &str) -> Option<Self> {
        use OfferState::{Declined, Expired, Lost, Open, Spent, Taken};
        [Open, Taken, Declined, Lost, Expired, Spent]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

impl Place {
    /// Where a meeting is, or was.
    pub fn of(placement: &Placement) -> Self {
        Self {
            exhibitor: placement.pair.exhibitor,
            booth: placement.booth,
            table: placement.table,
            slot: placement.slot,
        }
    }
}

/// A place offered to a buyer on standby.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// To whom.
    pub buyer: BuyerId,
    /// What.
    pub place: Place,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it can be answered; of one that was taken: until when the buyer is waited for at the table.
    pub expires: Timestamp,
    /// What became of it.
    pub state: OfferState,
}

impl Offer {
    /// The pair that would meet.
    pub fn pair(&self) -> Pair {
        Pair {
            buyer: self.buyer,
            exhibitor: self.place.exhibitor,
        }
    }

    /// The meeting it becomes: an offer becomes one at most.
    pub fn meeting(&self) -> MeetingId {
        MeetingId::derived(self.id, "taken")
    }
}

/// To wait at a booth, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Wait {
    /// Where.
    pub exhibitor: ExhibitorId,
    /// Who, where the organizer says so; otherwise oneself.
    pub buyer: Option<BuyerId>,
}

/// Who is meant: oneself, or the one the organizer names. Then whether it may be done now.
pub fn who(command: &Wait, verb: Verb, phase: Phase, ctx: &Ctx) -> Result<Pair, Refusal> {
    access::may(&ctx.actor, verb)?;
    let buyer = match (command.buyer, ctx.actor.buyer) {
        (Some(named), own) if own == Some(named) || ctx.actor.organizes() => named,
        (None, Some(own)) => own,
        (None, None) => {
            return Err(Refusal::Malformed {
                field: "buyer",
                wanted: "the buyer who waits",
            });
        }
        _ => return Err(Refusal::NotFound),
    };
    access::open(&ctx.actor, verb, phase)?;
    Ok(Pair {
        buyer,
        exhibitor: command.exhibitor,
    })
}

/// Joins those who wait. `meets`: when the meeting the pair has begins. Whether the booth wants to see the buyer at all
/// plays no part here: nobody may learn of it.
pub fn join(waits: bool, meets: Option<Timestamp>) -> Result<(), Refusal> {
    match (meets, waits) {
        (Some(starts), _) => Err(Refusal::PairHasMeeting { starts }),
        (None, true) => Err(Refusal::AlreadyDone),
        (None, false) => Ok(()),
    }
}

/// Whether a place that came free may be offered, and until when: not where too little of the slot is left.
pub fn until(slot: &Slot, phase: Phase, now: Timestamp) -> Option<Timestamp> {
    let last = slot.ends - LEAST_LEFT;
    if !access::PUBLISHED.contains(&phase) || now >= last {
        return None;
    }
    let soon = phase == Phase::OnSite && now + SHORT >= slot.starts;
    Some(match () {
        () if soon => last.min(now + SHORT),
        () if now >= slot.starts => return None,
        () => slot.starts.min(now + LONG),
    })
}

/// Somebody who waits, with all that is weighed.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Since when.
    pub since: Timestamp,
    /// Whether the meeting just before is in the same zone.
    pub near: bool,
    /// The pair's situation.
    pub situation: Situation,
}

/// Who is offered the place, best first: only who could take it at once. What the pair's wishes are worth decides, then
/// who is near, then who has waited longest.
pub fn best(candidates: &[Candidate], place: &Place, room: usize) -> Vec<BuyerId> {
    let fits = |candidate: &&Candidate| {
        booking::at_table(&candidate.situation, MeetingId::derived(place.booth, "weighed"), place).is_ok()
    };
    let mut fitting: Vec<&Candidate> = candidates.iter().filter(fits).collect();
    fitting.sort_by_key(|candidate| {
        let (buyer, exhibitor) = candidate.situation.wants;
        let worth = wish::value(buyer, exhibitor).unwrap_or_default();
        let who = candidate.situation.buyer.id;
        (Reverse(worth), !candidate.near, candidate.since, who)
    });
    let best = fitting.iter().map(|candidate| candidate.situation.buyer.id);
    best.take(room).collect()
}

/// A yes or a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// To which offer.
    pub offer: OfferId,
    /// Whether the place is taken.
    pub yes: bool,
}

/// Whether an offer can still be answered by whoever asks.
pub fn answerable(offer: &Offer, phase: Phase, ctx: &Ctx) -> Result<(), Refusal> {
    access::may(&ctx.actor, Verb::AnswerOffer)?;
    if !ctx.actor.organizes() && ctx.actor.buyer != Some(offer.buyer) {
        return Err(Refusal::NotFound);
    }
    access::open(&ctx.actor, Verb::AnswerOffer, phase)?;
    match offer.state {
        OfferState::Open if ctx.now < offer.expires => Ok(()),
        OfferState::Taken | OfferState::Declined | OfferState::Spent => Err(Refusal::AlreadyDone),
        OfferState::Open | OfferState::Lost | OfferState::Expired => Err(Refusal::OfferGone),
    }
}

/// Yes: the meeting at the place that was offered, though its slot has begun. Why the booth cannot is its own affair: the
/// place is gone.
pub fn take(offer: &Offer, situation: &Situation, ctx: &Ctx) -> Result<Booking, Refusal> {
    let slot = situation.slots.get(usize::from(offer.place.slot));
    if slot.is_none_or(|slot| ctx.now > slot.ends - LEAST_LEFT) {
        return Err(Refusal::TooLate);
    }
    booking::at_table(situation, offer.meeting(), &offer.place).map_err(|refusal| match refusal {
        Refusal::OtherSideUnavailable { .. } => Refusal::OfferGone,
        own => own,
    })
}
