//! What a side reads about its own pair says nothing of the other side: the hidden side is varied in every way, and the
//! text must stay the same to the byte. The negative control: a text made of the organizer's reason does not.

use super::{before, buyer, exhibitor, market, wish};
use crate::{
    explain::{explain, explain_to},
    id::TimetableId,
    insert::insert,
    market::Market,
    participation::Quota,
    suggest::suggest,
    timetable::{State, propose, publish},
    wish::{Pair, Side, Want},
};
use std::collections::HashSet;
use uuid::Uuid;

fn asked() -> Pair {
    Pair {
        buyer: buyer(1).id,
        exhibitor: exhibitor(1).id,
    }
}

/// A published market in which the pair does not meet; everything else of it stays while the hidden side varies.
fn without_the_pair() -> Market {
    let mut market = market(3, 2);
    market.wishes.retain(|w| w.pair != asked());
    let placements = propose(&market, 1, &mut |_| false).expect("a timetable").placements;
    let id = TimetableId(Uuid::from_u128(1));
    market.meetings = publish(&market, id, State::Proposed, &placements, before())
        .expect("published")
        .meetings;
    market
}

/// The hidden side in every way: no wish, every rank, not wanted.
fn every_hidden_want() -> Vec<Option<Want>> {
    let ranks = (1..=5).map(|rank| Some(Want::Rank(rank)));
    [None, Some(Want::Avoid)].into_iter().chain(ranks).collect()
}

/// What is read by a side, or by the organizer, for every hidden want.
fn texts(side: Side, read: impl Fn(&Market) -> String, change: &dyn Fn(&mut Market)) -> HashSet<String> {
    let hidden = match side {
        Side::Buyer => Side::Exhibitor,
        Side::Exhibitor => Side::Buyer,
    };
    let one = |want: Option<Want>| {
        let mut market = without_the_pair();
        change(&mut market);
        // What the side itself wants is known to it.
        market.wishes.push(wish(asked(), side, Want::Rank(3)));
        market.wishes.extend(want.map(|want| wish(asked(), hidden, want)));
        read(&market)
    };
    every_hidden_want().into_iter().map(one).collect()
}

type Change = fn(&mut Market);

const WORLDS: [Change; 5] = [
    |_| (),
    |m| m.booths[0].tables = 0,
    |m| m.buyers[0].quota = Quota::new(None, Some(1)).expect("a quota"),
    |m| m.exhibitors[0].quota = Quota::new(None, Some(1)).expect("a quota"),
    |m| m.buyers[0].leaves = Some(m.slots[0].starts),
];

#[test]
fn a_side_reads_the_same_whatever_the_other_wants() {
    for side in [Side::Buyer, Side::Exhibitor] {
        for change in &WORLDS {
            let read = |m: &Market| {
                let text = explain_to(m, asked(), side, before()).expect("a text");
                format!("{}\n{}", text.ja, text.en)
            };
            let read = texts(side, read, change);
            assert_eq!(read.len(), 1, "{side:?}: {read:?}");
        }
    }
}

/// Nor does where they could meet, or how many others would have to move for it.
#[test]
fn free_slots_and_room_are_the_same_whatever_the_other_wishes() {
    for side in [Side::Buyer, Side::Exhibitor] {
        let hidden = match side {
            Side::Buyer => Side::Exhibitor,
            Side::Exhibitor => Side::Buyer,
        };
        let mut answers = HashSet::new();
        // A veto is another matter: it looks like a full calendar.
        for want in every_hidden_want()
            .into_iter()
            .filter(|want| *want != Some(Want::Avoid))
        {
            let mut market = without_the_pair();
            market.wishes.extend(want.map(|want| wish(asked(), hidden, want)));
            let free = suggest(&market, asked(), before()).expect("suggestions");
            let room = insert(&market, asked(), before()).expect("an answer");
            answers.insert(format!("{free:?} {room:?}"));
        }
        assert_eq!(answers.len(), 1, "{side:?}: {answers:?}");
    }
}

/// The negative control: the organizer's reason tells the wants apart, so that a text made of it would too.
#[test]
fn a_text_of_the_full_reason_would_be_noticed() {
    for side in [Side::Buyer, Side::Exhibitor] {
        let read = |m: &Market| {
            let why = explain(m, "", &[asked()], before()).expect("a reason");
            format!("{} {:?}", why[0].text.en, why[0].remedy)
        };
        let read = texts(side, read, &|_| ());
        assert!(read.len() > 2, "{read:?}");
    }
}

/// What differs is the side's own affair, or public.
#[test]
fn what_a_side_may_know_is_said() {
    let said = |side, change: Change| {
        let mut market = without_the_pair();
        change(&mut market);
        explain_to(&market, asked(), side, before()).expect("a text").en
    };
    for (side, change, words) in [
        (Side::Buyer, (|_| ()) as Change, "could not be placed"),
        (Side::Exhibitor, |_| (), "could not be placed"),
        (Side::Buyer, WORLDS[1], "not there at any time"),
        (Side::Exhibitor, WORLDS[1], "your booth takes meetings"),
        (Side::Buyer, WORLDS[2], "all 1 meetings of your quota"),
        (Side::Exhibitor, WORLDS[2], "could not be placed"),
        (Side::Buyer, WORLDS[3], "could not be placed"),
        (Side::Exhibitor, WORLDS[3], "all 1 meetings of your quota"),
        (Side::Buyer, WORLDS[4], "not there at any time"),
        (Side::Exhibitor, WORLDS[4], "could not be placed"),
    ] {
        let said = said(side, change);
        assert!(said.contains(words), "{side:?}: {said}");
    }
    let busy = said(Side::Buyer, |m| {
        let person = m.buyers[0].person;
        let cells = m.slots.iter().flat_map(|slot| slot.span().cells());
        m.busy = cells.map(|cell| (person, cell)).collect();
    });
    assert!(busy.contains("Your own calendar is full"), "{busy}");
}

/// Not being wanted reads like a full calendar in a preview, too.
#[test]
fn no_room_and_not_wanted_read_the_same() {
    let mut full = without_the_pair();
    full.booths[0].tables = 0;
    let full = insert(&full, asked(), before()).expect("an answer");
    let mut avoided = without_the_pair();
    avoided.wishes.push(wish(asked(), Side::Exhibitor, Want::Avoid));
    let avoided = insert(&avoided, asked(), before()).expect("an answer");
    assert_eq!(
        (full.text, full.slot, full.moved),
        (avoided.text, avoided.slot, avoided.moved)
    );
}
