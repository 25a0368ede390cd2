//! The fairness report of a timetable.

use async_graphql::Object;
use domain::{
    fairness::{self as rule, fairness},
    market::Market,
    wish::Pair,
};

/// How a timetable treats those who wish. Counted are pairs that can meet: one side wishes, neither avoids, and they
/// can understand each other.
pub(crate) struct Fairness(pub(crate) rule::Fairness);

impl Fairness {
    /// Of the pairs that meet.
    pub(crate) fn of(market: &Market, meeting: impl Iterator<Item = Pair>) -> Self {
        Self(fairness(market, &meeting.collect()))
    }
}

/// So many of those wished for take place.
pub(crate) struct Share {
    group: String,
    share: rule::Share,
}

fn share(group: impl Into<String>, share: rule::Share) -> Share {
    Share {
        group: group.into(),
        share,
    }
}

fn ranks(shares: &[rule::Share]) -> Vec<Share> {
    let ranked = shares.iter().enumerate().rev();
    ranked.map(|(i, of)| share((i + 1).to_string(), *of)).collect()
}

#[Object]
impl Share {
    /// Whose: a rank, a region's code ("": unknown), a number of tables; "all" or "mutual".
    async fn group(&self) -> &str {
        &self.group
    }
    /// Meetings wished for.
    async fn wished(&self) -> u32 {
        self.share.wished
    }
    /// Those of them that take place.
    async fn met(&self) -> u32 {
        self.share.met
    }
    /// The share, 0 to 1; 1 where nothing was wished for.
    async fn ratio(&self) -> f64 {
        self.share.ratio()
    }
}

#[Object]
impl Fairness {
    /// All pairs wished for by one side or both.
    async fn all(&self) -> Share {
        share("all", self.0.all)
    }
    /// Pairs both sides wish for.
    async fn mutual(&self) -> Share {
        share("mutual", self.0.mutual)
    }
    /// By rank of the buyer's wish, 5 first.
    async fn by_buyers_rank(&self) -> Vec<Share> {
        ranks(&self.0.by_buyers_rank)
    }
    /// By rank of the exhibitor's wish, 5 first.
    async fn by_exhibitors_rank(&self) -> Vec<Share> {
        ranks(&self.0.by_exhibitors_rank)
    }
    /// By where the buyer is at home.
    async fn by_region(&self) -> Vec<Share> {
        let regions = self.0.by_region.iter();
        regions
            .map(|(region, of)| share(region.map_or_else(String::new, |code| code.to_string()), *of))
            .collect()
    }
    /// By tables at the exhibitor's booth.
    async fn by_tables(&self) -> Vec<Share> {
        let sizes = self.0.by_tables.iter();
        sizes.map(|(tables, of)| share(tables.to_string(), *of)).collect()
    }
}
