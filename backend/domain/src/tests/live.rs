//! The scheduler's verbs on a live calendar, in the market's own words: fairness, suggest, insert, repair, explain,
//! what if. How each is worked out is tested in `scheduler`.

use super::{before, buyer, exhibitor, market, wish};
use crate::{
    explain::{About, explain, waiting},
    fairness::{Share, fairness},
    id::TimetableId,
    insert::insert,
    market::{Market, Placement},
    participation::Quota,
    reason::reasons,
    refusal::Refusal,
    region::Region,
    repair::{Disturbance, Repair, Room, Terms, repair},
    suggest::suggest,
    time::Span,
    timetable::{Proposal, State, holds, propose, publish},
    what_if::{self, Question},
    wish::{Pair, Side, Want},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn pair(b: usize, x: usize) -> Pair {
    Pair {
        buyer: buyer(b).id,
        exhibitor: exhibitor(x).id,
    }
}

/// A market with its timetable published.
fn published(change: impl FnOnce(&mut Market)) -> (Market, Proposal) {
    let mut market = market(3, 2);
    change(&mut market);
    let proposal = propose(&market, 1, &mut |_| false).expect("a timetable");
    let id = TimetableId(Uuid::from_u128(1));
    let publication = publish(&market, id, State::Proposed, &proposal.placements, before()).expect("published");
    market.meetings = publication.meetings;
    (market, proposal)
}

fn cancel(market: &mut Market, pair: Pair) -> Placement {
    let at = market.meetings.iter().position(|m| m.placement.pair == pair);
    market.meetings.remove(at.expect("a meeting")).placement
}

fn at(market: &Market, pair: Pair) -> u16 {
    let meeting = market.meetings.iter().find(|m| m.placement.pair == pair);
    meeting.expect("a meeting").placement.slot
}

#[test]
fn fairness_is_counted_by_everything_asked_for() {
    let (mut market, _) = published(|m| {
        let first = m.wishes[0].pair;
        m.wishes.push(wish(first, Side::Exhibitor, Want::Rank(5)));
        m.wishes[5].want = Want::Avoid;
        m.regions
            .insert(m.buyers[0].organisation, Region::parse("FR").expect("a region"));
        m.booths[1].tables = 1;
    });
    let share = |wished, met| Share { wished, met };
    let all: BTreeSet<Pair> = market.meetings.iter().map(|m| m.placement.pair).collect();
    let report = fairness(&market, &all);
    assert_eq!((report.all, report.mutual), (share(5, 5), share(1, 1)));
    let none = fairness(&market, &BTreeSet::new());
    assert_eq!((none.all, none.mutual), (share(5, 0), share(1, 0)));
    assert!((none.all.ratio(), report.all.ratio()) < (0.1, 1.1));
    cancel(&mut market, pair(1, 2));
    let fewer: BTreeSet<Pair> = market.meetings.iter().map(|m| m.placement.pair).collect();
    let report = fairness(&market, &fewer);
    assert_eq!(report.by_buyers_rank[2], share(5, 4));
    assert_eq!(report.by_exhibitors_rank[4], share(1, 1));
    let regions: Vec<_> = report.by_region.values().copied().collect();
    assert_eq!(regions, [share(3, 3), share(2, 1)], "unknown, FR");
    let tables: Vec<_> = report.by_tables.into_iter().collect();
    assert_eq!(tables, [(1, share(2, 1)), (2, share(3, 3))]);
}

#[test]
fn free_slots_are_suggested_and_nobody_learns_of_a_veto() {
    let (mut market, _) = published(|_| ());
    let asked = pair(1, 1);
    assert_eq!(suggest(&market, asked, before()), Ok(Vec::new()), "they have a meeting");
    let was = cancel(&mut market, asked);
    let found = suggest(&market, asked, before()).expect("suggestions");
    assert!(found.iter().any(|s| s.slot == was.slot), "{found:?}");
    let busy = at(&market, pair(1, 2));
    assert!(found.iter().all(|s| s.slot != busy), "the buyer is at the other booth");
    let effort = |s: &crate::suggest::Suggestion| s.breaks + s.walks;
    assert!(
        found.windows(2).all(|two| effort(&two[0]) <= effort(&two[1])),
        "best first"
    );
    let later = suggest(&market, asked, market.slots[3].starts).expect("suggestions");
    assert!(later.iter().all(|s| s.slot > 3), "what has begun is over");
    // A pair nobody wishes for may meet all the same.
    market.wishes.retain(|w| w.pair != asked);
    assert_eq!(suggest(&market, asked, before()), Ok(found));
    market.wishes.push(wish(asked, Side::Exhibitor, Want::Avoid));
    let avoided = suggest(&market, asked, before());
    market.wishes.clear();
    market.buyers[0].quota = Quota::new(None, Some(1)).expect("a quota");
    assert_eq!(suggest(&market, asked, before()), avoided, "like a full calendar");
    let stranger = Pair {
        buyer: buyer(9).id,
        ..asked
    };
    assert_eq!(suggest(&market, stranger, before()), Err(Refusal::NotFound));
}

#[test]
fn one_more_meeting_moves_as_few_as_can_be() {
    let (mut market, _) = published(|_| ());
    let asked = pair(1, 1);
    assert_eq!(
        insert(&market, asked, before()).map(|i| i.slot),
        Ok(Some(at(&market, asked)))
    );
    cancel(&mut market, asked);
    let free = insert(&market, asked, before()).expect("an answer");
    assert!(
        free.slot.is_some() && free.moved == 0 && free.steps.len() == 1,
        "{free:?}"
    );

    // One slot for the buyer, and another meeting of the buyer in it, that can go elsewhere only with somebody's leave.
    let only = at(&market, pair(1, 2));
    market.buyers[0].leaves = Some(market.slots[usize::from(only)].frees);
    market.buyers[0].arrives = Some(market.slots[usize::from(only)].starts);
    let none = insert(&market, asked, before()).expect("an answer");
    assert_eq!((none.slot, none.steps.len()), (None, 0), "{none:?}");
    assert!(
        none.proof.en.contains("proved") || none.proof.en.contains("all tried"),
        "{none:?}"
    );
    market.wishes.push(wish(asked, Side::Exhibitor, Want::Avoid));
    let avoided = insert(&market, asked, before()).expect("an answer");
    assert_eq!(avoided.text, none.text, "what a side reads is the same");
    assert_ne!(avoided.proof, none.proof);
}

fn repaired(market: &Market, proposal: &Proposal, disturbances: &[Disturbance]) -> Repair {
    let terms = Terms {
        now: before(),
        most_moved: 20,
        room: Room::Keep,
    };
    repair(market, &proposal.certificate, disturbances, &terms).expect("a repair")
}

/// The whole slot a meeting stands in.
fn during(market: &Market, pair: Pair) -> Span {
    market.slots[usize::from(at(market, pair))].span()
}

#[test]
fn every_disturbance_is_repaired_and_can_be_published() {
    let (market, proposal) = published(|_| ());
    let met = pair(2, 1);
    let span = during(&market, met);
    let pool = market.pools[0].id;
    for (disturbance, moved, lost) in [
        (Disturbance::Cancelled(met), 0, 1),
        (Disturbance::BoothClosed(met.exhibitor, span), 1, 0),
        (Disturbance::BuyerLate(met.buyer, span.until()), 1, 0),
        (Disturbance::BuyerLeaves(met.buyer, span.from()), 1, 0),
        (Disturbance::TablesLost(met.exhibitor, 2, span), 1, 0),
        (Disturbance::InterpretersIll(pool, 1, span), 1, 0),
    ] {
        let repair = repaired(&market, &proposal, &[disturbance]);
        let difference = &repair.difference;
        assert!(
            difference.moved.len() >= moved && difference.lost.len() >= lost && difference.lost.len() <= 2,
            "{disturbance:?}: {}",
            repair.proof.en
        );
        assert!(repair.at_least >= 1, "{disturbance:?}");
        let (buyers, exhibitors) = repair.told();
        assert!(
            buyers.contains(&met.buyer) && exhibitors.contains(&met.exhibitor),
            "{disturbance:?}"
        );
        holds(&market, &repair.proposal.placements).expect("what is repaired holds");
        let still = repair.proposal.placements.iter().find(|p| p.pair == met);
        if let Disturbance::BoothClosed(..) | Disturbance::TablesLost(..) | Disturbance::InterpretersIll(..) =
            disturbance
        {
            assert!(still.is_none_or(|p| p.slot != at(&market, met)), "{disturbance:?}");
        }
        let id = TimetableId(Uuid::from_u128(2));
        let done = publish(&market, id, State::Proposed, &repair.proposal.placements, before()).expect("published");
        assert_eq!(done.difference, repair.difference);
    }
}

#[test]
fn what_has_begun_and_what_was_booked_by_hand_stays() {
    let (mut market, proposal) = published(|_| ());
    let met = pair(2, 1);
    let slot = at(&market, met);
    let terms = Terms {
        now: market.slots[usize::from(slot)].starts,
        most_moved: 20,
        room: Room::Keep,
    };
    let later = Disturbance::BuyerLeaves(met.buyer, market.slots[usize::from(slot)].frees);
    let repair_later = repair(&market, &proposal.certificate, &[later], &terms).expect("a repair");
    let untouched = |p: &&Placement| p.slot <= slot;
    let past: Vec<Placement> = market
        .meetings
        .iter()
        .map(|m| m.placement)
        .filter(|p| untouched(&p))
        .collect();
    assert!(past.iter().all(|p| repair_later.proposal.placements.contains(p)));

    for meeting in &mut market.meetings {
        meeting.timetable = None;
    }
    let span = during(&market, met);
    let by_hand = repaired(&market, &proposal, &[Disturbance::BoothClosed(met.exhibitor, span)]);
    assert!(by_hand.by_hand.iter().any(|p| p.pair == met), "{}", by_hand.proof.en);
    assert!(
        by_hand.difference.moved.is_empty(),
        "no version moves what was booked by hand"
    );
    let stranger = Disturbance::BuyerLate(buyer(9).id, span.from());
    let refused = repair(&market, "", &[stranger], &terms).err();
    assert_eq!(refused, Some(Refusal::NotFound));
}

#[test]
fn every_pair_that_waits_is_explained() {
    let (mut market, proposal) = published(|_| ());
    let (free, avoided, unwished, mute) = (pair(1, 1), pair(2, 1), pair(3, 1), pair(2, 2));
    for gone in [free, avoided, unwished, mute] {
        cancel(&mut market, gone);
    }
    market.wishes.push(wish(avoided, Side::Exhibitor, Want::Avoid));
    market.wishes.retain(|w| w.pair != unwished);
    assert_eq!(waiting(&market, About::Event).expect("pairs"), {
        let mut pairs = vec![free, mute];
        pairs.sort();
        pairs
    });
    assert_eq!(waiting(&market, About::Buyer(free.buyer)), Ok(vec![free]));
    assert_eq!(waiting(&market, About::Exhibitor(mute.exhibitor)), Ok(vec![mute]));
    assert_eq!(waiting(&market, About::Pair(avoided)), Ok(Vec::new()));
    assert_eq!(waiting(&market, About::Buyer(buyer(9).id)), Err(Refusal::NotFound));
    market.pools.clear();
    let asked = [free, avoided, unwished, mute, pair(1, 2)];
    let why = explain(&market, &proposal.certificate, &asked, before()).expect("explained");
    let codes: Vec<&str> = why.iter().map(|why| why.code).collect();
    assert_eq!(codes, ["free", "avoided", "not_wished", "no_interpreter", "held"]);
    assert!(
        why[0].remedy.is_some() && why[0].steps.len() == 1 && why[0].most.is_some(),
        "{:?}",
        why[0]
    );
    assert!(why.iter().all(|why| why.text.ja != why.text.en));

    // No room at the booth: everybody wants the one table in the one slot there is.
    let (market, proposal) = published(|m| {
        m.slots.truncate(1);
        m.booths[0].tables = 1;
        m.wishes.retain(|w| w.pair.exhibitor == exhibitor(1).id);
    });
    let why = explain(
        &market,
        &proposal.certificate,
        &waiting(&market, About::Event).expect("pairs"),
        before(),
    )
    .expect("explained");
    assert_eq!(why.iter().map(|why| why.code).collect::<Vec<_>>(), ["party_full"; 2]);
    assert!(
        why.iter().all(|why| why.text.en.contains("X1") && why.remedy.is_some()),
        "{why:?}"
    );
}

/// Facts change after publication: a table is taken away, an absence entered. Whoever sits there sits there, nobody
/// gets that place, and every question is still answered.
#[test]
fn a_calendar_that_no_longer_fits_is_asked_all_the_same() {
    let (mut market, proposal) = published(|_| ());
    let asked = pair(1, 1);
    cancel(&mut market, asked);
    market.booths[0].tables = 0;
    market.buyers[1].quota = Quota::new(None, Some(1)).expect("a quota");
    market.buyers[2].leaves = Some(market.slots[0].starts);
    assert_eq!(suggest(&market, asked, before()), Ok(Vec::new()));
    assert_eq!(insert(&market, asked, before()).map(|i| i.slot), Ok(None));
    let why = explain(&market, &proposal.certificate, &[asked], before()).expect("explained");
    assert_ne!(why[0].code, "free");
    let question = Question::Tables(exhibitor(2).id, 1);
    let placements: Vec<Placement> = market.meetings.iter().map(|m| m.placement).collect();
    what_if::forecast(&market, &placements, &proposal.certificate, &[question]).expect("a forecast");
}

#[test]
fn what_if_there_were_more_or_less() {
    let (market, proposal) = published(|m| {
        m.slots.truncate(2);
        m.booths[0].tables = 1;
        m.booths[1].tables = 1;
    });
    let placements = &proposal.placements;
    let x = exhibitor(1).id;
    let ask = |questions: &[Question]| {
        let at_once = what_if::forecast(&market, placements, &proposal.certificate, questions).expect("a forecast");
        let exact = what_if::solve(&market, placements, &proposal.certificate, questions, &mut |_| false);
        (at_once, exact.expect("solved"))
    };
    let (at_once, exact) = ask(&[Question::Tables(x, 1)]);
    assert_eq!(at_once.before, exact.before);
    assert_eq!((at_once.before.value, at_once.before.placed), (proposal.value, 4));
    assert!(
        exact.after.value > exact.before.value && exact.after.placed > 4,
        "{exact:?}"
    );
    assert!(at_once.after.value <= exact.after.value && exact.after.value <= at_once.after.upper_bound);
    assert!(exact.after.fairness.all.met == exact.after.placed && exact.after.upper_bound <= at_once.after.upper_bound);
    let (less, exactly) = ask(&[Question::SlotClosed(0)]);
    assert!(less.after.placed < 4 && exactly.after.placed == 2, "{exactly:?}");
    let (_, floor) = ask(&[Question::Floor { tables: 1, meetings: 3 }]);
    assert!(
        floor.after.value < floor.before.value,
        "two slots cannot hold three meetings"
    );
    let (_, nobody) = ask(&[Question::Interpreters(market.pools[0].id, -1)]);
    assert!(nobody.after.placed <= nobody.before.placed);
    for (question, refusal) in [
        (Question::SlotClosed(9), Refusal::NoSuchSlot { slots: 2 }),
        (Question::Tables(exhibitor(9).id, 1), Refusal::NotFound),
    ] {
        let refused = what_if::forecast(&market, placements, "", &[question]).err();
        assert_eq!(refused, Some(refusal));
    }
}

#[test]
fn reasons_are_counted_as_they_are_explained() {
    let (mut market, proposal) = published(|m| {
        // B2 speaks no Japanese, and nobody interprets.
        m.pools.clear();
        m.buyers[2].quota = Quota::new(None, Some(1)).expect("a quota");
        m.buyers[0].leaves = Some(m.slots[0].starts);
        m.wishes[3].want = Want::Avoid;
    });
    let held: Vec<Placement> = market.meetings.iter().map(|m| m.placement).collect();
    let counted = reasons(&market, &held).expect("counted");
    let mut explained: BTreeMap<&str, usize> = BTreeMap::new();
    let asked = waiting(&market, About::Event).expect("pairs");
    for why in explain(&market, &proposal.certificate, &asked, before()).expect("explained") {
        *explained.entry(why.code).or_default() += 1;
    }
    let by_code: BTreeMap<&str, usize> = counted.iter().map(|of| (of.code, of.count)).collect();
    assert_eq!(by_code, explained);
    assert_eq!(
        by_code,
        BTreeMap::from([("no_common_slot", 2), ("no_interpreter", 1), ("party_full", 1)])
    );
    assert!(counted.windows(2).all(|two| two[0].count >= two[1].count), "most first");
    for of in &counted {
        assert!(of.text().ja.ends_with('。') && of.text().en.ends_with('.'), "{of:?}");
    }
    // Of placements that are not the calendar's: nothing is held.
    market.meetings.clear();
    let of_none = reasons(&market, &[]).expect("counted");
    assert_eq!(of_none.iter().map(|of| of.count).sum::<usize>(), asked.len() + held.len());
    assert!(of_none.iter().any(|of| of.code == "free"), "{of_none:?}");
}
