//! Weighing, proposing, comparing and publishing.

use super::{an_hour_around, before, buyer, market, wish};
use crate::{
    arrangement::{Arrangement, arrangements},
    id::{MeetingId, TimetableId},
    market::{Market, Meeting, Placement},
    participation::Quota,
    problem::problem,
    refusal::Refusal,
    time::Span,
    timetable::{Difference, Proposal, State, by_booth, compare, holds, propose, publish},
    venue::Staffing,
    wish::{Side, Want},
};
use std::collections::HashSet;
use uuid::Uuid;

fn version() -> TimetableId {
    TimetableId(Uuid::from_u128(1))
}

fn proposed(market: &Market) -> Proposal {
    propose(market, 1, &mut |_| false).expect("a timetable")
}

/// The market with its proposal published.
fn published(mut market: Market) -> (Market, Vec<Placement>) {
    let placements = proposed(&market).placements;
    let publication = publish(&market, version(), State::Proposed, &placements, before()).expect("publication");
    market.meetings = publication.meetings;
    (market, placements)
}

/// A timetable of the changed market, and what must hold of any.
fn check(change: impl FnOnce(&mut Market), placed: usize) -> Proposal {
    let mut market = market(3, 2);
    change(&mut market);
    let proposal = proposed(&market);
    assert_eq!(proposal.placements.len(), placed);
    assert_eq!(
        proposal.value, proposal.upper_bound,
        "so small a market is proved optimal"
    );
    holds(&market, &proposal.placements).expect("what is proposed holds");
    proposal
}

#[test]
fn everybody_meets_where_there_is_room() {
    let proposal = check(|_| (), 6);
    assert_eq!((proposal.value, proposal.requests, proposal.mutual), (6 * 15, 6, 0));
    let interpreted = proposal.placements.iter().filter(|p| p.interpreter.is_some()).count();
    assert_eq!(interpreted, 2, "B2 speaks no Japanese");
}

#[test]
fn a_version_is_counted_by_booth_and_slot() {
    let market = market(3, 2);
    let placements = proposed(&market).placements;
    let counted = by_booth(&placements, market.booths.clone(), market.slots.len());
    assert_eq!(counted.len(), market.booths.len());
    for (booth, meetings) in counted {
        assert_eq!(meetings.len(), market.slots.len());
        for (slot, count) in meetings.into_iter().enumerate() {
            let here = placements
                .iter()
                .filter(|p| p.booth == booth.id && usize::from(p.slot) == slot);
            assert_eq!(usize::from(count), here.count(), "{} {slot}", booth.code);
        }
    }
}

#[test]
fn everybody_is_counted_by_wishes_and_meetings() {
    let (mut market, placements) = published(market(3, 2));
    let pair = market.wishes[0].pair;
    let before = arrangements(&market);
    assert_eq!(before.len(), market.buyers.len() + market.exhibitors.len());
    market.wishes.push(wish(pair, Side::Exhibitor, Want::Rank(4)));
    market.wishes[0].want = Want::Avoid;
    let of = |id: Uuid, all: &[(Uuid, Arrangement)]| all.iter().find(|(one, _)| *one == id).expect("there").1;
    let after = arrangements(&market);
    let (was, is) = (of(pair.buyer.0, &before), of(pair.buyer.0, &after));
    assert_eq!(
        (is.wishes, is.wished_by),
        (was.wishes - 1, was.wished_by + 1),
        "who is avoided is not wished for"
    );
    let theirs = of(pair.exhibitor.0, &after);
    assert_eq!(theirs.wishes, of(pair.exhibitor.0, &before).wishes + 1);
    let meets = placements.iter().filter(|p| p.pair.buyer == pair.buyer).count();
    assert_eq!(is.meetings as usize, meets);
}

#[test]
fn what_is_weighed() {
    let pair_of = |m: &Market| m.wishes[0].pair;
    let both = check(|m| m.wishes.push(wish(pair_of(m), Side::Exhibitor, Want::Rank(5))), 6);
    assert_eq!((both.value, both.mutual, both.mutual_placed), (6 * 15 + 20, 1, 1));
    check(|m| m.wishes.push(wish(pair_of(m), Side::Exhibitor, Want::Avoid)), 5);
    check(|m| m.wishes[0].want = Want::Avoid, 5);
    check(|m| m.pools.clear(), 4);
    check(|m| m.buyers[0].quota = Quota::new(None, Some(1)).expect("quota"), 5);
    check(|m| m.exhibitors[0].quota = Quota::new(None, Some(0)).expect("quota"), 3);
    check(|m| m.booths[0].tables = 0, 3);
    let least = check(
        |m| {
            m.buyers[0].quota = Quota::new(Some(4), None).expect("quota");
        },
        6,
    );
    assert_eq!(least.value, 6 * 15 - 2 * 50, "two meetings short of the least");
}

#[test]
fn absences_are_respected() {
    let slots = market(1, 1).slots;
    let proposal = check(
        |m| {
            // B1 is free in the last slot of each day only.
            let person = m.buyers[0].person;
            let busy = m.slots.iter().filter(|slot| slot.number % 4 != 3);
            m.busy = busy
                .flat_map(|slot| slot.span().cells().map(move |cell| (person, cell)))
                .collect();
            m.buyers[1].arrives = Some(m.slots[4].starts);
            m.buyers[2].leaves = Some(m.slots[3].frees);
        },
        6,
    );
    for placement in proposal.placements {
        let day = slots[usize::from(placement.slot)].day;
        match placement.pair.buyer {
            id if id == buyer(1).id => assert_eq!(placement.slot % 4, 3),
            id if id == buyer(2).id => assert_eq!(day, 1),
            _ => assert_eq!(day, 0),
        }
    }
}

#[test]
fn staffing_is_the_least_of_a_slot() {
    let mut market = market(1, 1);
    let slots = market.slots.clone();
    let span = Span::new(slots[0].starts, slots[0].ends).expect("span");
    market.booths[0].staffing = vec![
        Staffing { span, tables: 1 },
        Staffing {
            span: an_hour_around(slots[7].starts),
            tables: 0,
        },
    ];
    let staffed: Vec<u16> = slots.iter().map(|slot| market.booths[0].staffed(slot)).collect();
    assert_eq!(staffed, [1, 2, 2, 2, 2, 0, 0, 0]);
}

#[test]
fn nothing_wished_and_contradictions_are_refused() {
    let mut silent = market(2, 1);
    silent.wishes.clear();
    assert_eq!(problem(&silent).err(), Some(Refusal::NothingWished));

    // Both meetings promised to B1 at the same time.
    let (mut clash, _) = published(market(1, 2));
    for meeting in &mut clash.meetings {
        meeting.timetable = None;
        meeting.placement.slot = 2;
    }
    let refused = propose(&clash, 1, &mut |_| false).err();
    assert!(matches!(refused, Some(Refusal::Contradiction { .. })), "{refused:?}");
}

#[test]
fn meetings_booked_by_hand_stay_where_they_are() {
    let (mut market, placements) = published(market(3, 2));
    market.meetings.truncate(1);
    market.meetings[0].timetable = None;
    market.meetings[0].placement.slot = 7;
    let again = proposed(&market);
    let same = again
        .placements
        .iter()
        .find(|p| p.pair == placements[0].pair)
        .expect("still there");
    assert_eq!((same.slot, same.table), (7, market.meetings[0].placement.table));
    let publication = publish(&market, version(), State::Proposed, &again.placements, before()).expect("publication");
    assert!(
        publication.meetings.contains(&market.meetings[0]),
        "untouched, still by hand"
    );
    assert_eq!(publication.meetings.len(), 6);
}

#[test]
fn comparing() {
    let placements = proposed(&market(3, 2)).placements;
    let mut after = placements.clone();
    after[1].slot = (after[1].slot + 1) % 8;
    let gone = after.remove(3);
    let difference = compare(&placements, &after);
    assert_eq!(difference.moved, [(placements[1], after[1])]);
    assert_eq!(difference.lost, [gone]);
    assert!(difference.added.is_empty());
    assert_eq!(difference.told().count(), 2);
    let back = compare(&after, &placements);
    assert_eq!((back.added, back.lost.len(), back.moved.len()), (vec![gone], 0, 1));
    assert_eq!(compare(&after, &after), Difference::default());
}

#[test]
fn publishing_keeps_ids_and_checks_state_and_time() {
    let (market, placements) = published(market(3, 2));
    let ids = |meetings: &[Meeting]| meetings.iter().map(|m| m.id).collect::<HashSet<MeetingId>>();
    let next = TimetableId(Uuid::from_u128(2));
    let again = publish(&market, next, State::Superseded, &placements, before()).expect("publication");
    assert_eq!(
        ids(&again.meetings),
        ids(&market.meetings),
        "the same pair keeps its meeting"
    );
    assert_eq!(again.difference, Difference::default());
    for state in [State::Draft, State::Published] {
        let refused = publish(&market, next, state, &placements, before()).err();
        assert_eq!(refused, Some(Refusal::TimetableState { state: state.code() }));
    }
    // Once it has begun, what is past stays as it was; what is to come may still change.
    let begun = market.slots[0].starts;
    let without = |slot: u16| {
        let rest = placements.iter().copied().filter(|p| p.slot != slot);
        publish(&market, next, State::Proposed, &rest.collect::<Vec<_>>(), begun).map(|done| done.difference.lost.len())
    };
    let later = placements.iter().map(|p| p.slot).max().expect("a meeting");
    assert!(placements.iter().any(|p| p.slot == 0) && later > 0);
    assert_eq!(without(0), Err(Refusal::SlotPast));
    assert!(without(later).is_ok_and(|lost| lost > 0));
}

/// What became impossible since the proposal, by the words of the refusal.
fn stale(change: impl FnOnce(&mut Market, &mut Vec<Placement>), expect: &str) {
    let mut market = market(3, 2);
    let mut placements = proposed(&market).placements;
    change(&mut market, &mut placements);
    let refused = publish(&market, version(), State::Proposed, &placements, before()).err();
    let Some(Refusal::TimetableStale { impossible, first }) = refused else {
        panic!("{expect}: {refused:?}");
    };
    assert!(
        impossible >= 1 && first.iter().any(|what| what.contains(expect)),
        "{expect}: {first:?}"
    );
}

#[test]
fn what_became_impossible_is_named() {
    stale(
        |m, p| {
            let slot = m.slots[usize::from(p[0].slot)];
            let busy = m.buyers.iter().find(|b| b.id == p[0].pair.buyer).expect("buyer").person;
            m.busy.insert((busy, slot.span().cells().start));
        },
        "the buyer is not free",
    );
    stale(
        |m, _| drop(m.booths.iter_mut().map(|b| b.tables = 0).collect::<Vec<_>>()),
        "not staffed",
    );
    stale(|m, _| m.wishes[0].want = Want::Avoid, "not wanted");
    stale(|m, _| m.pools.clear(), "no interpreter");
    stale(
        |m, _| m.buyers[0].quota = Quota::new(None, Some(1)).expect("quota"),
        "B1: 2 meetings, 1 allowed",
    );
    stale(|m, _| drop(m.buyers.remove(0)), "no longer there");
    stale(|m, _| m.slots.truncate(1), "no such slot");
    stale(|_, p| p.push(p[0]), "the pair twice");
    stale(
        |_, p| {
            let other = p
                .iter()
                .position(|q| q.pair.buyer == p[0].pair.buyer && q.slot != p[0].slot)
                .expect("two");
            p[other].slot = p[0].slot;
        },
        "the buyer twice",
    );
    stale(
        |_, p| {
            let (booth, slot, table) = (p[0].booth, p[0].slot, p[0].table);
            let other = p
                .iter_mut()
                .find(|q| q.booth == booth && q.slot != slot)
                .expect("two at the booth");
            (other.slot, other.table) = (slot, table);
        },
        "the table twice",
    );
}

/// Who keeps the slot keeps the seat, and a seat that is gone is replaced by one that is there.
#[test]
fn seats_are_kept() {
    let (mut market, _) = published(market(3, 1));
    let seats = |placements: &[Placement]| placements.iter().map(|p| (p.slot, p.table)).collect::<Vec<_>>();
    for meeting in &mut market.meetings {
        meeting.timetable = None;
        meeting.placement.table = 2;
    }
    for (slot, meeting) in (0..).zip(&mut market.meetings) {
        meeting.placement.slot = slot;
    }
    let kept = proposed(&market).placements;
    assert_eq!(seats(&kept), [(0, 2), (1, 2), (2, 2)]);
    market.booths[0].tables = 1;
    let moved = proposed(&market).placements;
    assert_eq!(seats(&moved), [(0, 1), (1, 1), (2, 1)]);
}

/// pains.md 3: nobody is served first for standing first in the list. Turned round, the market's timetable is worth the same
/// and fair to the same.
#[test]
fn pain_03_whose_name_comes_first_does_not_matter() {
    // More wishes than there is room for.
    let mut forth = market(9, 2);
    for booth in &mut forth.booths {
        booth.tables = 1;
    }
    let mut back = forth.clone();
    back.buyers.reverse();
    back.exhibitors.reverse();
    back.wishes.reverse();
    let (one, other) = (proposed(&forth), proposed(&back));
    assert!(one.placements.len() < forth.wishes.len(), "there is room for all");
    assert_eq!((one.value, one.upper_bound), (other.value, other.upper_bound));
    assert_eq!(one.placements.len(), other.placements.len());
    // The control: whoever is wished for more does come first.
    let last = forth.buyers.last().expect("a buyer").id;
    for wish in forth.wishes.iter_mut().filter(|wish| wish.pair.buyer == last) {
        wish.want = Want::Rank(5);
    }
    let wanted = proposed(&forth).placements;
    assert_eq!(wanted.iter().filter(|p| p.pair.buyer == last).count(), 2);
}
