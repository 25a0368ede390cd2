//! The problem: a market weighed into an instance for the scheduler, with the way back from indices to buyers,
//! exhibitors and slots; and a timetable laid over it. How the best timetable is found is `scheduler`'s affair.

use crate::{
    id::{ExhibitorId, PoolId},
    market::{Market, Placement},
    refusal::Refusal,
    venue::InterpreterPool,
    wish::{self, Pair, Side, Want},
};
use scheduler::{Edit, Instance, PartySpec, Prices, RequestSpec, Timetable};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a meeting short of a buyer's least costs: more than any one meeting is worth, so that quotas come first.
pub const MIN_PENALTY: u32 = 50;
/// What a meeting nobody wishes for any more is worth: it was promised, so it is better held than not.
const PROMISED: u32 = 1;

/// The market as the scheduler sees it, with the way back. Parties are the buyers, then the exhibitors, then the
/// interpreter pools, each in the market's order.
pub struct Problem {
    /// What is solved.
    pub instance: Instance,
    /// The pair of each request, ascending.
    pairs: Vec<Pair>,
    /// The pool each request needs.
    pools: Vec<Option<PoolId>>,
    /// What either side wants: buyer's, exhibitor's.
    wants: Vec<Wants>,
    buyers: usize,
    exhibitors: usize,
}

/// A timetable laid over the problem it stands in.
pub struct Laid {
    /// The problem; in it nothing is fixed, so that whatever no longer fits can be told.
    pub problem: Problem,
    /// By request: where it is held.
    pub slot_of: Vec<Option<u16>>,
    /// By request: booked by hand, and then no timetable moves it.
    pub by_hand: Vec<bool>,
}

/// What the two sides of a pair want: buyer's, exhibitor's.
pub type Wants = (Option<Want>, Option<Want>);

/// A market that cannot be made into an instance is a mistake in the data, and is said so.
pub(crate) fn contradiction(error: impl std::fmt::Display) -> Refusal {
    Refusal::Contradiction {
        what: error.to_string(),
    }
}

/// Weighs all wishes into the instance that is solved; meetings booked by hand stand where they stand.
pub fn problem(market: &Market) -> Result<Problem, Refusal> {
    let by_hand = market.meetings.iter().filter(|m| m.timetable.is_none());
    let promised = by_hand.map(|m| (m.placement.pair, m.placement)).collect();
    let weighed = weigh(market, &promised, Fixing::Promised, None);
    if weighed.requests.is_empty() {
        return Err(Refusal::NothingWished);
    }
    weighed.problem(market)
}

/// Lays placements over the market's problem. `asked` is a pair somebody asks about: it is a request in it whatever
/// either side wishes, always of the same worth, so that no answer about it can depend on a wish.
pub fn lay(market: &Market, placements: &[Placement], asked: Option<Pair>) -> Result<Laid, Refusal> {
    let held: BTreeMap<Pair, Placement> = placements.iter().map(|p| (p.pair, *p)).collect();
    let weighed = weigh(market, &held, Fixing::Nothing, asked);
    let problem = weighed.problem(market)?;
    let by_hand: HashSet<Pair> = market
        .meetings
        .iter()
        .filter(|m| m.timetable.is_none())
        .map(|m| m.placement.pair)
        .collect();
    Ok(Laid {
        slot_of: problem
            .pairs
            .iter()
            .map(|pair| held.get(pair).map(|p| p.slot))
            .collect(),
        by_hand: problem.pairs.iter().map(|pair| by_hand.contains(pair)).collect(),
        problem,
    })
}

/// The live calendar laid over the market's problem.
pub fn lay_calendar(market: &Market, asked: Option<Pair>) -> Result<Laid, Refusal> {
    let live: Vec<Placement> = market.meetings.iter().map(|m| m.placement).collect();
    lay(market, &live, asked)
}

impl Laid {
    /// The instance with room for all that is held, also where the facts have changed since (a table taken away, an
    /// absence entered): whoever sits there sits there, and nobody else gets the place.
    pub(crate) fn as_held(&self) -> Result<Instance, Refusal> {
        let instance = &self.problem.instance;
        let mut load: BTreeMap<(u32, u16), u32> = BTreeMap::new();
        let mut count: BTreeMap<u32, u32> = BTreeMap::new();
        for (request, slot) in instance.requests().iter().zip(&self.slot_of) {
            let Some(slot) = *slot else { continue };
            for &party in &request.parties {
                *load.entry((party, slot)).or_default() += 1;
                *count.entry(party).or_default() += 1;
            }
        }
        let spec = |party: u32| &instance.parties()[party as usize];
        let places = load.into_iter().filter(|((party, slot), load)| {
            let capacity = spec(*party).capacity.get(usize::from(*slot));
            capacity.is_some_and(|capacity| capacity < load)
        });
        let places = places.map(|((party, slot), capacity)| Edit::Capacity {
            party,
            slots: slot..slot + 1,
            capacity,
        });
        let most = count
            .into_iter()
            .filter(|(party, count)| spec(*party).max.is_some_and(|max| max < *count));
        let most = most.map(|(party, count)| Edit::Most {
            party,
            max: Some(count),
        });
        let edits: Vec<Edit> = places.chain(most).collect();
        instance.edited(&edits).map_err(contradiction)
    }
}

impl Problem {
    /// The pair of each request.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// What either side of each request wants.
    pub fn wants(&self) -> &[Wants] {
        &self.wants
    }

    /// The pool a request needs.
    pub(crate) fn pool(&self, request: usize) -> Option<PoolId> {
        self.pools[request]
    }

    /// The request of a pair.
    pub fn request(&self, pair: Pair) -> Option<u32> {
        self.pairs.iter().position(|p| *p == pair).map(|r| r as u32)
    }

    /// The party that is the buyer, by the market's order.
    pub fn buyer_party(&self, buyer: usize) -> u32 {
        buyer as u32
    }

    /// The party that is the exhibitor, by the market's order.
    pub fn exhibitor_party(&self, exhibitor: usize) -> u32 {
        (self.buyers + exhibitor) as u32
    }

    /// The party that is the pool, by the market's order.
    pub fn pool_party(&self, pool: usize) -> u32 {
        (self.buyers + self.exhibitors + pool) as u32
    }

    /// Who a party is, by the market's order.
    pub fn who(&self, party: u32) -> Who {
        let party = party as usize;
        if party < self.buyers {
            Who::Buyer(party)
        } else if party < self.buyers + self.exhibitors {
            Who::Exhibitor(party - self.buyers)
        } else {
            Who::Pool(party - self.buyers - self.exhibitors)
        }
    }

    /// Whether both sides wish for the meeting.
    pub fn mutual(&self, request: usize) -> bool {
        matches!(self.wants[request], (Some(Want::Rank(_)), Some(Want::Rank(_))))
    }

    /// The prices a kept certificate proved its bound with, as far as they fit this problem. Any prices prove a bound;
    /// those of a market that has changed a little since prove a good one. Without any, the bound is the sum of all.
    pub fn prices(&self, certificate: &str) -> Prices {
        let read = || {
            let mut file: serde_json::Value = serde_json::from_str(certificate).ok()?;
            // The meetings of that moment are of no interest, and may not be requests any more.
            *file.get_mut("placed")? = serde_json::json!([]);
            Timetable::from_json(&file.to_string(), &self.instance).ok()
        };
        read().map(|timetable| timetable.prices).unwrap_or_default()
    }
}

/// Who stands behind a party: its place in the market's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A buyer.
    Buyer(usize),
    /// An exhibitor.
    Exhibitor(usize),
    /// An interpreter pool.
    Pool(usize),
}

impl Who {
    /// The organizer's number for it.
    pub fn code(self, market: &Market) -> &str {
        match self {
            Who::Buyer(i) => &market.buyers[i].code,
            Who::Exhibitor(i) => &market.exhibitors[i].code,
            Who::Pool(i) => &market.pools[i].code,
        }
    }
}

/// Whether promised meetings are fixed in their slots.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fixing {
    Promised,
    Nothing,
}

/// Requests being gathered.
#[derive(Default)]
struct Weighed {
    requests: Vec<RequestSpec>,
    pairs: Vec<Pair>,
    pools: Vec<Option<PoolId>>,
    wants: Vec<Wants>,
}

fn weigh(market: &Market, promised: &BTreeMap<Pair, Placement>, fixing: Fixing, asked: Option<Pair>) -> Weighed {
    let mut wants = wants(market);
    for pair in promised.keys().copied().chain(asked) {
        wants.entry(pair).or_default();
    }
    let at = Places::of(market);
    let mut weighed = Weighed::default();
    for (pair, want) in wants {
        let held = promised.get(&pair);
        let is_asked = asked == Some(pair);
        if held.is_none() && !is_asked && wish::value(want.0, want.1).is_none() {
            continue;
        }
        let before = weighed.requests.len();
        weighed.add(market, &at, (pair, want), held);
        if let Some(request) = weighed.requests.get_mut(before) {
            if is_asked {
                request.value = PROMISED;
            }
            if fixing == Fixing::Promised {
                request.fixed = held.map(|held| held.slot);
            }
        }
    }
    weighed
}

/// Where buyers and exhibitors stand in the market's lists.
struct Places {
    buyers: HashMap<crate::id::BuyerId, usize>,
    exhibitors: HashMap<ExhibitorId, usize>,
}

impl Places {
    fn of(market: &Market) -> Self {
        Self {
            buyers: market.buyers.iter().enumerate().map(|(i, b)| (b.id, i)).collect(),
            exhibitors: market.exhibitors.iter().enumerate().map(|(i, x)| (x.id, i)).collect(),
        }
    }
}

impl Weighed {
    /// Adds the request of a pair, if both are there and can understand each other; a meeting that is held has shown
    /// that they do.
    fn add(&mut self, market: &Market, at: &Places, (pair, wants): (Pair, Wants), held: Option<&Placement>) {
        let (Some(&b), Some(&x)) = (at.buyers.get(&pair.buyer), at.exhibitors.get(&pair.exhibitor)) else {
            return;
        };
        let (buyer, exhibitor) = (&market.buyers[b], &market.exhibitors[x]);
        let seated = held.and_then(|held| held.interpreter).map(|(pool, _)| pool);
        let seated = seated.and_then(|pool| market.pools.iter().position(|p| p.id == pool));
        let pool = match interpreters(&market.pools, &buyer.languages, &exhibitor.languages) {
            Interpreters::Nobody if held.is_none() => return,
            Interpreters::Pool(first) => Some(seated.unwrap_or(first)),
            Interpreters::NotNeeded | Interpreters::Nobody => seated,
        };
        let mut parties = vec![b as u32, (market.buyers.len() + x) as u32];
        parties.extend(pool.map(|p| (market.buyers.len() + market.exhibitors.len() + p) as u32));
        self.requests.push(RequestSpec {
            id: format!("{}-{}", buyer.code, exhibitor.code),
            parties,
            value: wish::value(wants.0, wants.1).unwrap_or(PROMISED),
            slots: None,
            fixed: None,
        });
        self.pairs.push(pair);
        self.pools.push(pool.map(|p| market.pools[p].id));
        self.wants.push(wants);
    }

    fn problem(self, market: &Market) -> Result<Problem, Refusal> {
        let days: Vec<u16> = market
            .slots
            .chunk_by(|a, b| a.day == b.day)
            .map(|day| day[0].number)
            .collect();
        let (name, slots) = (market.event.code.clone(), market.slots.len() as u16);
        let instance = Instance::new(name, slots, days, parties(market), self.requests).map_err(contradiction)?;
        Ok(Problem {
            instance,
            pairs: self.pairs,
            pools: self.pools,
            wants: self.wants,
            buyers: market.buyers.len(),
            exhibitors: market.exhibitors.len(),
        })
    }
}

/// What both sides want, by pair in order.
pub(crate) fn wants(market: &Market) -> BTreeMap<Pair, Wants> {
    let mut wants: BTreeMap<Pair, Wants> = BTreeMap::new();
    for wish in &market.wishes {
        let entry = wants.entry(wish.pair).or_default();
        match wish.by {
            Side::Buyer => entry.0 = Some(wish.want),
            Side::Exhibitor => entry.1 = Some(wish.want),
        }
    }
    wants
}

/// Buyers, then exhibitors, then pools, with what they can hold in every slot.
fn parties(market: &Market) -> Vec<PartySpec> {
    let buyers = market.buyers.iter().map(|buyer| {
        let free = |slot: &crate::event::Slot| {
            let span = slot.span();
            buyer.present(&span) && span.cells().all(|cell| !market.busy.contains(&(buyer.person, cell)))
        };
        PartySpec {
            id: buyer.code.clone(),
            capacity: market.slots.iter().map(|slot| u32::from(free(slot))).collect(),
            max: buyer.quota.max().map(u32::from),
            min: buyer.quota.min().map(u32::from),
            min_penalty: buyer.quota.min().map(|_| MIN_PENALTY),
            compact: true,
            zone: None,
        }
    });
    let booth_of: HashMap<_, _> = market.booths.iter().map(|booth| (booth.exhibitor, booth)).collect();
    let exhibitors = market.exhibitors.iter().map(|exhibitor| {
        let booth = booth_of.get(&exhibitor.id);
        PartySpec {
            id: exhibitor.code.clone(),
            capacity: market
                .slots
                .iter()
                .map(|s| booth.map_or(0, |b| u32::from(b.staffed(s))))
                .collect(),
            max: exhibitor.quota.max().map(u32::from),
            min: exhibitor.quota.min().map(u32::from),
            min_penalty: exhibitor.quota.min().map(|_| MIN_PENALTY),
            compact: false,
            zone: booth.and_then(|b| market.zones.get(&b.zone)).cloned(),
        }
    });
    let pools = market.pools.iter().map(|pool| PartySpec {
        id: pool.code.clone(),
        capacity: vec![u32::from(pool.count); market.slots.len()],
        max: None,
        min: None,
        min_penalty: None,
        compact: false,
        zone: None,
    });
    buyers.chain(exhibitors).chain(pools).collect()
}

/// How two sides come to understand each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpreters {
    /// They share a language.
    NotNeeded,
    /// The first pool that bridges them, by its place in the list.
    Pool(usize),
    /// They share none and nobody bridges them: they cannot meet.
    Nobody,
}

/// How speakers of `a` and `b` come to understand each other.
pub fn interpreters(
    pools: &[InterpreterPool],
    a: &[crate::region::Language],
    b: &[crate::region::Language],
) -> Interpreters {
    if a.iter().any(|language| b.contains(language)) {
        return Interpreters::NotNeeded;
    }
    pools
        .iter()
        .position(|pool| pool.bridges(a, b))
        .map_or(Interpreters::Nobody, Interpreters::Pool)
}
