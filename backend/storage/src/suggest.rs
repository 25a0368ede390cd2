//! Suggestions for one pair, from what concerns the two: their own meetings and places, and the event's facts from
//! memory. The whole market is read for nothing of it.

use crate::{Error, Snapshot, booking, facts::Facts, scope::Scope};
use domain::{
    Ctx,
    booking::Situation,
    event::Slot,
    id::{BuyerId, ExhibitorId, MeetingId},
    market::{Market, Meeting},
    suggest::{self as rule, Suggestion},
    time::Timestamp,
    wish::{Pair, Side, Wish},
};
use std::collections::{BTreeSet, HashMap};

/// Free slots of a pair, best first, each with its slot.
pub type Suggestions = Vec<(Slot, Suggestion)>;

impl Snapshot {
    /// The slots in which the pair could meet at once, best first.
    pub async fn suggest(&self, pair: Pair, now: Timestamp) -> Result<Suggestions, Error> {
        suggest(self.scope(), pair, now).await
    }
}

impl Snapshot {
    /// The slots to which the actor could move a meeting at once, best first; refused is only what is not the actor's.
    pub async fn meeting_times(&self, ctx: &Ctx, id: MeetingId) -> Result<Suggestions, Error> {
        let scope = self.scope();
        let held = booking::held(booking::row(scope, id).await?)?;
        let pair = held.meeting.placement.pair;
        let (facts, situation) = booking::situation(scope, pair).await?;
        let meetings = booking::meetings(scope, pair).await?;
        let around = around(&facts, &situation, meetings, pair);
        Ok(with_slots(&facts, rule::times(around, situation, &held, ctx)?))
    }
}

pub(crate) async fn suggest(scope: Scope<'_>, pair: Pair, now: Timestamp) -> Result<Suggestions, Error> {
    let (facts, situation) = booking::situation(scope, pair).await?;
    let meetings = booking::meetings(scope, pair).await?;
    let around = around(&facts, &situation, meetings, pair);
    Ok(with_slots(&facts, rule::suggest_around(&around, &situation, now)?))
}

fn with_slots(facts: &Facts, found: Vec<Suggestion>) -> Suggestions {
    let with_slot = |s: Suggestion| Some((*facts.slots.get(usize::from(s.slot))?, s));
    found.into_iter().filter_map(with_slot).collect()
}

/// The market as far as the two see it: themselves and those they meet.
fn around(facts: &Facts, situation: &Situation, meetings: Vec<Meeting>, pair: Pair) -> Market {
    let pairs = || meetings.iter().map(|meeting| meeting.placement.pair).chain([pair]);
    let buyers: BTreeSet<BuyerId> = pairs().map(|pair| pair.buyer).collect();
    let exhibitors: BTreeSet<ExhibitorId> = pairs().map(|pair| pair.exhibitor).collect();
    let wish = |by, want: Option<_>| want.map(|want| Wish { pair, by, want });
    let wishes = [
        wish(Side::Buyer, situation.wants.0),
        wish(Side::Exhibitor, situation.wants.1),
    ];
    let person = situation.buyer.person;
    // The buyer's own meetings are laid over the market as meetings; they are no absences.
    let own = meetings
        .iter()
        .filter(|meeting| meeting.placement.pair.buyer == pair.buyer);
    let own = own.filter_map(|meeting| facts.slots.get(usize::from(meeting.placement.slot)));
    let own: BTreeSet<i64> = own.flat_map(|slot| slot.span().cells()).collect();
    let busy = situation.buyer_busy.iter().filter(|cell| !own.contains(cell));
    Market {
        event: facts.event.clone(),
        slots: facts.slots.clone(),
        buyers: buyers.iter().filter_map(|id| facts.buyers.get(id).cloned()).collect(),
        exhibitors: exhibitors
            .iter()
            .filter_map(|id| facts.exhibitors.get(id).cloned())
            .collect(),
        booths: exhibitors
            .iter()
            .filter_map(|id| facts.booths.get(id).cloned())
            .collect(),
        zones: facts.zones.iter().map(|zone| (zone.id, zone.code.clone())).collect(),
        pools: situation.pools.clone(),
        regions: HashMap::default(),
        wishes: wishes.into_iter().flatten().collect(),
        busy: busy.map(|&cell| (person, cell)).collect(),
        meetings,
    }
}
