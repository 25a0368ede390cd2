//! The fairness report of a timetable: how many of the wishes it meets, by who wished how much. Deliberately not here:
//! any judgement of the figures; nothing is made fairer by reporting, only by floors and quotas.

use crate::{
    market::Market,
    problem::{Interpreters, interpreters, wants},
    region::Region,
    wish::{self, Pair, TOP_RANK, Want},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Meetings wished for.
    pub wished: u32,
    /// Those of them that take place.
    pub met: u32,
}

impl Share {
    fn count(&mut self, met: bool) {
        self.wished += 1;
        self.met += u32::from(met);
    }

    /// The share, 0 to 1; 1 where nothing was wished for.
    pub fn ratio(&self) -> f64 {
        if self.wished == 0 {
            1.0
        } else {
            f64::from(self.met) / f64::from(self.wished)
        }
    }
}

/// How a timetable treats those who wish. Counted are pairs that can meet at all: one side wishes, neither avoids, and
/// they can understand each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fairness {
    /// All pairs wished for by one side or both.
    pub all: Share,
    /// Pairs both sides wish for.
    pub mutual: Share,
    /// By rank of the buyer's wish, from 1.
    pub by_buyers_rank: [Share; TOP_RANK as usize],
    /// By rank of the exhibitor's wish, from 1.
    pub by_exhibitors_rank: [Share; TOP_RANK as usize],
    /// By where the buyer's organisation is at home; `None`: it does not say.
    pub by_region: BTreeMap<Option<Region>, Share>,
    /// By tables at the booth; 0: no booth.
    pub by_tables: BTreeMap<u16, Share>,
}

/// Reports on the pairs that meet.
pub fn fairness(market: &Market, meeting: &BTreeSet<Pair>) -> Fairness {
    let buyers: HashMap<_, _> = market.buyers.iter().map(|b| (b.id, b)).collect();
    let exhibitors: HashMap<_, _> = market.exhibitors.iter().map(|x| (x.id, x)).collect();
    let tables: HashMap<_, u16> = market.booths.iter().map(|b| (b.exhibitor, b.tables)).collect();
    let mut report = Fairness::default();
    for (pair, (by_buyer, by_exhibitor)) in wants(market) {
        let (Some(buyer), Some(exhibitor)) = (buyers.get(&pair.buyer), exhibitors.get(&pair.exhibitor)) else {
            continue;
        };
        let understood = interpreters(&market.pools, &buyer.languages, &exhibitor.languages) != Interpreters::Nobody;
        if wish::value(by_buyer, by_exhibitor).is_none() || !understood {
            continue;
        }
        let met = meeting.contains(&pair);
        report.all.count(met);
        let mut ranks = 0;
        for (want, of) in [
            (by_buyer, &mut report.by_buyers_rank),
            (by_exhibitor, &mut report.by_exhibitors_rank),
        ] {
            if let Some(Want::Rank(rank @ 1..=TOP_RANK)) = want {
                of[usize::from(rank) - 1].count(met);
                ranks += 1;
            }
        }
        if ranks == 2 {
            report.mutual.count(met);
        }
        let region = market.regions.get(&buyer.organisation).copied();
        report.by_region.entry(region).or_default().count(met);
        let tables = tables.get(&pair.exhibitor).copied().unwrap_or(0);
        report.by_tables.entry(tables).or_default().count(met);
    }
    report
}
