//! Standby: who is offered a place that came free, until when, and who has it.

use super::{as_buyer, as_exhibitor, as_role, booth, buyer, exhibitor, market};
use crate::{
    Ctx,
    access::{Role, Verb},
    booking::Situation,
    event::{Phase, Slot},
    id::{BuyerId, OfferId},
    participation::Quota,
    refusal::Refusal,
    standby::{self, Candidate, Offer, OfferState, Place, Reader, Standby, Wait, Wants, answerable, best, order, take},
    wish::{Pair, Want},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use uuid::Uuid;

const SLOT: u16 = 2;

fn slot() -> Slot {
    market(1, 1).slots[usize::from(SLOT)]
}

fn moment(seconds: i64) -> Timestamp {
    slot().starts + SignedDuration::from_secs(seconds)
}

fn place() -> Place {
    Place {
        exhibitor: exhibitor(1).id,
        booth: booth(&exhibitor(1)).id,
        table: 2,
        slot: SLOT,
    }
}

fn situation(number: usize) -> Situation {
    let market = market(number, 1);
    Situation {
        phase: Phase::OnSite,
        slots: market.slots,
        buyer: buyer(number),
        exhibitor: exhibitor(1),
        booth: booth(&exhibitor(1)),
        pools: market.pools,
        buyer_busy: HashSet::new(),
        tables_busy: slot().span().cells().map(|cell| (1, cell)).collect(),
        pools_busy: HashSet::new(),
        meetings: (0, 0),
        existing: None,
        direct: (true, true),
        wants: (None, None),
    }
}

fn candidate(number: usize, change: impl FnOnce(&mut Candidate)) -> Candidate {
    let mut candidate = Candidate {
        since: moment(number as i64 - 10_000),
        near: false,
        situation: situation(number),
    };
    change(&mut candidate);
    candidate
}

fn ids(numbers: &[usize]) -> Vec<BuyerId> {
    numbers.iter().map(|&number| buyer(number).id).collect()
}

#[test]
fn the_best_three_are_asked() {
    let rank = |rank| Some(Want::Rank(rank));
    let wants = |wants: Wants| move |c: &mut Candidate| c.situation.wants = wants;
    let all = [
        candidate(1, |_| ()),
        candidate(2, wants((rank(3), None))),
        candidate(3, |c| (c.near, c.situation.wants) = (true, (rank(3), None))),
        candidate(4, wants((rank(2), rank(5)))),
        candidate(5, wants((rank(3), None))),
    ];
    // Worth 30; then those worth 15: who is near, who waits longest.
    assert_eq!(best(&all, &place(), 5), ids(&[4, 3, 2, 5, 1]));
    assert_eq!(best(&all, &place(), 3), ids(&[4, 3, 2]));
}

#[test]
fn only_who_could_come_is_asked() {
    let check = |change: fn(&mut Situation), expect: bool| {
        let asked = best(&[candidate(2, |c| change(&mut c.situation))], &place(), 3);
        assert_eq!(asked.len(), usize::from(expect));
    };
    check(|_| (), true);
    check(|s| s.buyer_busy = slot().span().cells().take(1).collect(), false);
    check(|s| s.buyer.leaves = Some(slot().starts), false);
    check(|s| s.pools.clear(), false);
    check(|s| s.wants.0 = Some(Want::Avoid), false);
    check(|s| s.wants.1 = Some(Want::Avoid), false);
    check(
        |s| (s.buyer.quota, s.meetings.0) = (Quota::new(None, Some(1)).expect("quota"), 1),
        false,
    );
    check(
        |s| (s.exhibitor.quota, s.meetings.1) = (Quota::new(None, Some(1)).expect("quota"), 1),
        false,
    );
    // Only the place itself counts, not another table that happens to be free.
    check(
        |s| s.tables_busy = slot().span().cells().map(|cell| (2, cell)).collect(),
        false,
    );
    check(|s| s.booth.tables = 1, false);
}

#[test]
fn how_long_an_offer_holds() {
    let check = |phase, seconds, expect: Option<i64>| {
        let until = standby::until(&slot(), phase, moment(seconds));
        assert_eq!(until, expect.map(moment), "{phase:?} {seconds}");
    };
    check(Phase::OnSite, 180, Some(360));
    check(Phase::OnSite, -60, Some(120));
    check(Phase::OnSite, -3600, Some(0));
    check(Phase::OpenCalendar, -36_000, Some(-28_800));
    check(Phase::Final, -3600, Some(0));
    // The last five minutes are not worth beginning.
    check(Phase::OnSite, 800, Some(900));
    check(Phase::OnSite, 900, None);
    check(Phase::OpenCalendar, 60, None);
    check(Phase::After, -3600, None);
}

fn offer(state: OfferState) -> Offer {
    Offer {
        id: OfferId(Uuid::from_u128(9)),
        buyer: buyer(2).id,
        place: place(),
        made: moment(180),
        expires: moment(360),
        state,
    }
}

fn at(ctx: Ctx, seconds: i64) -> Ctx {
    Ctx {
        now: moment(seconds),
        ..ctx
    }
}

#[test]
fn who_may_answer() {
    let check = |state, ctx: Ctx, expect: Result<(), &str>| {
        let answer = answerable(&offer(state), Phase::OnSite, &ctx);
        assert_eq!(answer.map_err(|refusal| refusal.code()), expect);
    };
    check(OfferState::Open, at(as_buyer(2), 359), Ok(()));
    check(OfferState::Open, at(as_role(Role::Organizer), 359), Ok(()));
    check(OfferState::Open, at(as_buyer(2), 360), Err("offer_gone"));
    check(OfferState::Lost, at(as_buyer(2), 200), Err("offer_gone"));
    check(OfferState::Expired, at(as_buyer(2), 200), Err("offer_gone"));
    check(OfferState::Declined, at(as_buyer(2), 200), Err("already_done"));
    check(OfferState::Open, at(as_buyer(1), 200), Err("not_found"));
    check(OfferState::Open, at(as_exhibitor(1), 200), Err("not_found"));
    let closed = answerable(&offer(OfferState::Open), Phase::After, &at(as_buyer(2), 200));
    assert_eq!(closed.map_err(|refusal| refusal.code()), Err("phase_closed"));
}

#[test]
fn a_yes_takes_that_very_table() {
    let now = at(as_buyer(2), 200);
    let taken = take(&offer(OfferState::Open), &situation(2), &now).expect("taken");
    let meeting = taken.meeting();
    assert_eq!(
        (meeting.placement.table, meeting.placement.slot, meeting.timetable),
        (2, SLOT, None)
    );
    assert!(slot().starts < now.now, "the slot has begun");
    let check = |change: fn(&mut Situation), seconds, expect: &str| {
        let mut situation = situation(2);
        change(&mut situation);
        let refusal = take(&offer(OfferState::Open), &situation, &at(as_buyer(2), seconds));
        assert_eq!(refusal.map_err(|refusal| refusal.code()).err(), Some(expect));
    };
    check(|_| (), 901, "too_late");
    check(|s| s.buyer_busy = slot().span().cells().collect(), 200, "busy");
    // Somebody sits there, or the booth would rather not: the same words.
    check(
        |s| s.tables_busy = slot().span().cells().map(|cell| (2, cell)).collect(),
        200,
        "offer_gone",
    );
    check(|s| s.wants.1 = Some(Want::Avoid), 200, "offer_gone");
    check(|s| s.pools.clear(), 200, "no_interpreter");
}

#[test]
fn who_waits() {
    let pair = Pair {
        buyer: buyer(2).id,
        exhibitor: exhibitor(1).id,
    };
    let check = |named: Option<usize>, ctx: Ctx, expect: Result<Pair, &str>| {
        let command = Wait {
            exhibitor: exhibitor(1).id,
            buyer: named.map(|number| buyer(number).id),
        };
        let who = standby::who(&command, Verb::JoinStandby, Phase::OnSite, &ctx);
        assert_eq!(who.map_err(|refusal| refusal.code()), expect);
    };
    check(None, as_buyer(2), Ok(pair));
    check(Some(2), as_buyer(2), Ok(pair));
    check(Some(1), as_buyer(2), Err("not_found"));
    check(Some(2), as_role(Role::Organizer), Ok(pair));
    check(None, as_role(Role::Organizer), Err("malformed"));
    check(Some(2), as_exhibitor(1), Err("not_found"));
    assert_eq!(standby::join(false, None), Ok(()));
    assert_eq!(standby::join(true, None), Err(Refusal::AlreadyDone));
    let starts = moment(0);
    assert_eq!(
        standby::join(false, Some(starts)),
        Err(Refusal::PairHasMeeting { starts })
    );
}

/// The booth learns nothing of the buyers' wishes from the order in which it sees them.
#[test]
fn the_order_tells_the_booth_nothing() {
    let waiting = |number: usize, wants: Wants| {
        let pair = Pair {
            buyer: buyer(number).id,
            exhibitor: exhibitor(1).id,
        };
        let since = moment(number as i64);
        (Standby { pair, since }, wants)
    };
    let list = |theirs: [Option<Want>; 3]| {
        vec![
            waiting(1, (theirs[0], None)),
            waiting(2, (theirs[1], None)),
            waiting(3, (theirs[2], Some(Want::Rank(1)))),
        ]
    };
    let seen = |list, reader| order(list, reader).iter().map(|s| s.pair.buyer).collect::<Vec<_>>();
    let one = list([None, Some(Want::Rank(5)), None]);
    let other = list([Some(Want::Rank(5)), Some(Want::Avoid), Some(Want::Avoid)]);
    assert_eq!(seen(one.clone(), Reader::Booth), ids(&[3, 1, 2]));
    assert_eq!(seen(other, Reader::Booth), ids(&[3, 1, 2]));
    assert_eq!(seen(one, Reader::Organizer), ids(&[2, 3, 1]));
}
