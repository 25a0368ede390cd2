//! Suggestions, insertions and a side's explanations read narrowly are those of the whole market, and no reading of the
//! market is needed for them; the times of a meeting are exactly those to which it can be moved.

use super::{
    arranging::{by, code},
    ground::{Ground, market_of, on_both, on_sqlite, snapshot},
    publish::{propose, publish},
    sample::{Size, key, now},
};
use crate::{Error, Store};
use domain::{
    Refusal,
    explain::explain_to,
    insert::insert,
    market::{Market, Meeting},
    moving::Move,
    suggest::suggest,
    wish::{Pair, Side},
};
use std::collections::BTreeMap;

const SIZE: Size = Size {
    buyers: 12,
    exhibitors: 6,
    tables: 3,
    slots: 8,
};

/// So full that some must move for others.
const TIGHT: Size = Size {
    buyers: 12,
    exhibitors: 6,
    tables: 1,
    slots: 8,
};

async fn published(ground: &Ground) -> Store {
    let (store, _) = ground.market("tokyo", SIZE).await;
    let first = propose(&store, "first", 0).await;
    publish(&store, first).await.expect("published");
    store
}

fn pairs(market: &Market) -> impl Iterator<Item = Pair> {
    let buyers = market.buyers.iter().map(|buyer| buyer.id);
    buyers.flat_map(|buyer| {
        let exhibitors = market.exhibitors.iter().map(|exhibitor| exhibitor.id);
        exhibitors.map(move |exhibitor| Pair { buyer, exhibitor })
    })
}

#[tokio::test]
async fn what_the_two_see_is_enough() {
    on_both(async |ground| {
        let store = published(ground).await;
        let market = market_of(&store, "tokyo").await;
        let snapshot = snapshot(&store, "tokyo").await;
        let (mut free, mut none) = (0, 0);
        for pair in pairs(&market) {
            let whole = suggest(&market, pair, now()).expect("suggested");
            let narrow = snapshot.suggest(pair, now()).await.expect("suggested");
            let narrow: Vec<_> = narrow.into_iter().map(|(_, suggestion)| suggestion).collect();
            assert_eq!(narrow, whole, "{pair:?}");
            if whole.is_empty() {
                none += 1;
            } else {
                free += 1;
            }
        }
        assert!(free > 0 && none > 0, "{free} pairs have free slots, {none} have none");
    })
    .await;
}

#[tokio::test]
async fn what_nobody_holds_is_not_needed_to_fit_in_or_to_explain() {
    on_both(async |ground| {
        let (store, _) = ground.market("tokyo", TIGHT).await;
        let first = propose(&store, "first", 0).await;
        publish(&store, first).await.expect("published");
        let market = market_of(&store, "tokyo").await;
        let snapshot = snapshot(&store, "tokyo").await;
        let mut room: BTreeMap<usize, usize> = BTreeMap::new();
        for pair in pairs(&market) {
            let narrow = snapshot.market_for(pair).await.expect("read");
            let whole = insert(&market, pair, now()).expect("looked for");
            assert_eq!(insert(&narrow, pair, now()).expect("looked for"), whole, "{pair:?}");
            *room.entry(whole.moved).or_default() += 1;
            let around = snapshot.market_around(pair).await.expect("read");
            for side in [Side::Buyer, Side::Exhibitor] {
                let whole = explain_to(&market, pair, side, now());
                assert_eq!(explain_to(&around, pair, side, now()), whole, "{pair:?}");
            }
        }
        assert!(room.len() > 1, "nobody moved for anybody: {room:?}");
    })
    .await;
}

#[tokio::test]
async fn one_pair_takes_few_statements() {
    on_both(async |ground| {
        let store = published(ground).await;
        let market = market_of(&store, "tokyo").await;
        let pair = Pair {
            buyer: market.buyers[0].id,
            exhibitor: market.exhibitors[0].id,
        };
        // The first reads the event's facts into memory.
        let ask = async || {
            let snapshot = snapshot(&store, "tokyo").await;
            snapshot.suggest(pair, now()).await.expect("suggested");
        };
        ask().await;
        let before = store.statements();
        ask().await;
        assert!(store.statements() - before <= 7, "{}", store.statements() - before);
        // One more meeting looks at all meetings, by as few.
        let before = store.statements();
        let snapshot = snapshot(&store, "tokyo").await;
        snapshot.market_for(pair).await.expect("read");
        assert!(store.statements() - before <= 7, "{}", store.statements() - before);
    })
    .await;
}

/// Moves a meeting to every slot there is, by everybody; counts what was said, by code.
async fn moves(store: &Store, meeting: &Meeting, said: &mut BTreeMap<&'static str, usize>) {
    let market = market_of(store, "tokyo").await;
    let pair = meeting.placement.pair;
    let buyer = market.buyers.iter().find(|buyer| buyer.id == pair.buyer);
    let booth = market.exhibitors.iter().find(|x| x.id == pair.exhibitor);
    let (buyer, booth) = (buyer.expect("a buyer"), booth.expect("an exhibitor"));
    let stranger = market.buyers.iter().find(|other| other.id != pair.buyer);
    let stranger = stranger.expect("another").code.clone();
    let whoever = [
        buyer.code.clone(),
        format!("{}a", booth.code),
        "O01".to_owned(),
        stranger,
    ];
    for slot in 0..=market.slots.len() as u16 {
        for who in &whoever {
            // Half of it is asked when the first slots are over.
            let now = if slot % 2 == 0 { now() } else { market.slots[1].starts };
            let ctx = by(store, who, now).await;
            let times = snapshot(store, "tokyo").await.meeting_times(&ctx, meeting.id).await;
            let offered = match times {
                Ok(times) => times.iter().any(|(of, _)| of.number == slot),
                Err(Error::Refused(Refusal::NotFound)) => false,
                Err(error) => panic!("{error:?}"),
            };
            let command = Move {
                meeting: meeting.id,
                slot,
                seen: None,
            };
            let key = key(&format!("{} {slot} {who}", meeting.id));
            let answer = code(store.move_meeting(&ctx, command, key).await);
            assert_eq!(
                answer.is_empty(),
                offered,
                "{who} {slot} {:?}: {answer}",
                meeting.placement
            );
            *said.entry(answer).or_default() += 1;
        }
    }
}

/// Every slot that is offered can be moved to, and every one that is not is refused: whatever quotas, wishes and
/// staffing have become since the meeting was promised.
#[tokio::test]
async fn a_meetings_times_are_those_it_can_be_moved_to() {
    on_sqlite(async |ground| {
        let store = published(ground).await;
        let mut said = BTreeMap::new();
        let market = market_of(&store, "tokyo").await;
        let some = |of: usize| market.meetings.iter().skip(of).step_by(5).take(6);
        for meeting in some(0) {
            moves(&store, meeting, &mut said).await;
        }
        for changed in [
            "UPDATE buyer SET quota_min = NULL, quota_max = 1",
            "UPDATE exhibitor SET quota_min = NULL, quota_max = 1",
            "UPDATE wish SET rank = NULL WHERE side = 'exhibitor'",
            "UPDATE booth SET tables = 2",
            "DELETE FROM fact",
        ] {
            ground.run(changed).await;
        }
        for meeting in some(2) {
            moves(&store, meeting, &mut said).await;
        }
        println!("{said:?}");
        for code in [
            "",
            "busy",
            "other_side_unavailable",
            "slot_past",
            "no_such_slot",
            "not_found",
        ] {
            assert!(said.contains_key(code), "{code} was never said: {said:?}");
        }
    })
    .await;
}
