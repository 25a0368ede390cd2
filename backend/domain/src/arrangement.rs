//! What a buyer or an exhibitor wishes for and what it has, in figures. Whom it wishes for is in [`crate::wish`].

use crate::{
    market::Market,
    wish::{Side, Want},
};
use std::collections::HashMap;
use uuid::Uuid;

/// How one buyer or exhibitor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arrangement {
    /// Whom it wants to meet.
    pub wishes: u32,
    /// Who wants to meet it.
    pub wished_by: u32,
    /// Meetings of the live calendar.
    pub meetings: u32,
}

/// All buyers by code, then all exhibitors by code.
pub fn arrangements(market: &Market) -> Vec<(Uuid, Arrangement)> {
    let mut found: HashMap<Uuid, Arrangement> = HashMap::new();
    for wish in market.wishes.iter().filter(|wish| wish.want != Want::Avoid) {
        let (buyer, exhibitor) = (wish.pair.buyer.0, wish.pair.exhibitor.0);
        let (by, of) = match wish.by {
            Side::Buyer => (buyer, exhibitor),
            Side::Exhibitor => (exhibitor, buyer),
        };
        found.entry(by).or_default().wishes += 1;
        found.entry(of).or_default().wished_by += 1;
    }
    for meeting in &market.meetings {
        let pair = meeting.placement.pair;
        for id in [pair.buyer.0, pair.exhibitor.0] {
            found.entry(id).or_default().meetings += 1;
        }
    }
    let buyers = market.buyers.iter().map(|buyer| buyer.id.0);
    let exhibitors = market.exhibitors.iter().map(|exhibitor| exhibitor.id.0);
    buyers
        .chain(exhibitors)
        .map(|id| (id, found.get(&id).copied().unwrap_or_default()))
        .collect()
}
