//! Suggestions read narrowly are those of the whole market, and no reading of the market is needed for them.

use super::{
    ground::{Ground, market_of, on_both, snapshot},
    publish::{propose, publish},
    sample::{Size, now},
};
use crate::Store;
use domain::{suggest::suggest, wish::Pair};

const SIZE: Size = Size {
    buyers: 12,
    exhibitors: 6,
    tables: 3,
    slots: 8,
};

async fn published(ground: &Ground) -> Store {
    let (store, _) = ground.market("tokyo", SIZE).await;
    let first = propose(&store, "first", 0).await;
    publish(&store, first).await.expect("published");
    store
}

#[tokio::test]
async fn what_the_two_see_is_enough() {
    on_both(async |ground| {
        let store = published(ground).await;
        let market = market_of(&store, "tokyo").await;
        let snapshot = snapshot(&store, "tokyo").await;
        let (mut free, mut none) = (0, 0);
        for (buyer, exhibitor) in market
            .buyers
            .iter()
            .flat_map(|b| market.exhibitors.iter().map(move |x| (b, x)))
        {
            let pair = Pair {
                buyer: buyer.id,
                exhibitor: exhibitor.id,
            };
            let whole = suggest(&market, pair, now()).expect("suggested");
            let narrow = snapshot.suggest(pair, now()).await.expect("suggested");
            let narrow: Vec<_> = narrow.into_iter().map(|(_, suggestion)| suggestion).collect();
            assert_eq!(narrow, whole, "{} {}", buyer.code, exhibitor.code);
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
        assert!(store.statements() - before <= 8, "{}", store.statements() - before);
    })
    .await;
}
