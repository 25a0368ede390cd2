//! Suggest: the free slots of a pair, best first. Deliberately not here: booking one (`booking.rs`), and moving others
//! (`insert.rs`).

use crate::{
    Ctx,
    booking::Situation,
    market::{Market, Meeting},
    moving::{Held, movable},
    participation::Quota,
    problem::{contradiction, lay_calendar},
    refusal::Refusal,
    wish::{Pair, Want},
};
use jiff::Timestamp;
use scheduler::{Frozen, Layout, Live, Prices};
use std::cmp::Reverse;

/// A free slot of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    /// The slot.
    pub slot: u16,
    /// Breaks it adds to the buyer's day; below 0 where it fills one.
    pub breaks: i64,
    /// Walks from zone to zone it adds.
    pub walks: i64,
    /// Fewest places left after it at the booth's tables and the interpreters; `None`: neither has more than one.
    pub places_left: Option<u32>,
}

/// The slots in which the pair could meet at once, nobody moving: fewest breaks and walks first. None for a pair that
/// has its meeting or all its quota allows, and none for one that is not to meet: that looks like any full calendar.
pub fn suggest(market: &Market, pair: Pair, now: Timestamp) -> Result<Vec<Suggestion>, Refusal> {
    free(market, pair, now)
}

/// The same from a market that holds only the pair of the situation, those the two meet, and pools of interpreters as
/// if nobody else had any: where there is a table and an interpreter the situation knows.
pub fn suggest_around(around: &Market, situation: &Situation, now: Timestamp) -> Result<Vec<Suggestion>, Refusal> {
    let pair = Pair {
        buyer: situation.buyer.id,
        exhibitor: situation.exhibitor.id,
    };
    let mut found = free(around, pair, now)?;
    found.retain_mut(|suggestion| {
        let Some(slot) = situation.slots.get(usize::from(suggestion.slot)) else {
            return false;
        };
        suggestion.places_left = situation.places_left(slot);
        situation.is_free(slot)
    });
    found.sort_by_key(|s| (s.breaks + s.walks, Reverse(s.places_left.unwrap_or(u32::MAX)), s.slot));
    Ok(found)
}

/// The slots to which whoever asks could move a meeting at once, nobody else moving, as if it did not stand anywhere:
/// fewest breaks and walks first. Those that `moving.rs` would allow, and no others; none where it may not be moved now.
/// `around` holds the two, those they meet, and their meetings.
pub fn times(mut around: Market, mut situation: Situation, held: &Held, ctx: &Ctx) -> Result<Vec<Suggestion>, Refusal> {
    match movable(&situation, held, None, ctx) {
        Ok(_) => {}
        Err(Refusal::NotFound) => return Err(Refusal::NotFound),
        Err(_) => return Ok(Vec::new()),
    }
    situation.release(&held.meeting);
    situation.promised();
    let own = held.meeting.placement;
    // What is promised asks neither for quotas nor for wishes, and of the booth only whether a table is free, which the
    // situation knows: the buyer's other meetings are all that weighs one time against another.
    let beside = |meeting: &Meeting| {
        meeting.placement.pair.buyer == own.pair.buyer && meeting.placement.pair.exhibitor != own.pair.exhibitor
    };
    around.meetings.retain(beside);
    around.wishes.clear();
    around
        .buyers
        .iter_mut()
        .for_each(|buyer| buyer.quota = Quota::default());
    around
        .exhibitors
        .iter_mut()
        .for_each(|exhibitor| exhibitor.quota = Quota::default());
    let mut found = suggest_around(&around, &situation, ctx.now)?;
    found.retain(|suggestion| suggestion.slot != own.slot);
    Ok(found)
}

fn free(market: &Market, pair: Pair, now: Timestamp) -> Result<Vec<Suggestion>, Refusal> {
    known(market, pair)?;
    let laid = lay_calendar(market, Some(pair))?;
    let Some(request) = laid.problem.request(pair) else {
        return Ok(Vec::new());
    };
    let instance = laid.as_held()?;
    let layout = Layout::new(&instance);
    let frozen = Frozen {
        requests: Vec::new(),
        before_slot: begun(market, now),
    };
    let live = Live::new(&layout, &laid.slot_of, &Prices::default(), frozen).map_err(contradiction)?;
    let mut found = live.suggest(request).map_err(contradiction)?;
    // Looked for all the same, so that not even the time it takes tells of a veto.
    if avoided(market, pair) {
        found.clear();
    }
    let suggestion = |s: scheduler::Suggestion| Suggestion {
        slot: s.slot,
        breaks: s.breaks,
        walks: s.dashes,
        places_left: s.places_left,
    };
    Ok(found.into_iter().map(suggestion).collect())
}

/// How many slots have begun: nothing moves into or out of them any more.
pub(crate) fn begun(market: &Market, now: Timestamp) -> u16 {
    market.slots.iter().take_while(|slot| slot.starts <= now).count() as u16
}

/// Whether both are there.
pub(crate) fn known(market: &Market, pair: Pair) -> Result<(), Refusal> {
    let buyer = market.buyers.iter().any(|b| b.id == pair.buyer);
    let exhibitor = market.exhibitors.iter().any(|x| x.id == pair.exhibitor);
    if buyer && exhibitor {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

/// Whether one of the two does not want to meet the other. Nobody but the organizer may notice.
pub(crate) fn avoided(market: &Market, pair: Pair) -> bool {
    let about = market.wishes.iter().filter(|wish| wish.pair == pair);
    about.into_iter().any(|wish| wish.want == Want::Avoid)
}
