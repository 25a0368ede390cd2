//! Seeded instances: small ones with every feature mixed, and markets of the size of a real one.
//! Deliberately not here: expectations.

use scheduler::{Instance, PartySpec, RequestSpec};

/// A small generator of its own, so that instances stay the same whatever the solver's dice become.
pub struct Lot(u64);

impl Lot {
    pub fn new(seed: u64) -> Lot {
        Lot(seed
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(0x1234_5678_9ABC_DEF1))
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    pub fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// What may occur in a small instance.
#[derive(Clone, Copy)]
pub struct Mix {
    pub parties: u64,
    pub requests: u64,
    pub slots: u64,
    /// One in so many requests has a third (and perhaps more) parties; 0: none.
    pub thirds: u64,
    /// Whether every request joins an even with an odd party.
    pub two_sides: bool,
    /// Whether slots, days, fixed meetings, absences, maximums and minimums occur.
    pub everything: bool,
}

impl Mix {
    pub const TINY: Mix = Mix {
        parties: 6,
        requests: 9,
        slots: 3,
        thirds: 4,
        two_sides: false,
        everything: true,
    };
    pub const SMALL: Mix = Mix {
        parties: 14,
        requests: 60,
        slots: 9,
        thirds: 3,
        two_sides: false,
        everything: true,
    };
    pub const LONG: Mix = Mix {
        parties: 14,
        requests: 90,
        slots: 140,
        thirds: 3,
        two_sides: false,
        everything: true,
    };
}

/// A random instance; fixed meetings may clash.
pub fn mixed(mix: &Mix, seed: u64) -> Instance {
    let mut lot = Lot::new(seed);
    let slots = 1 + lot.below(mix.slots);
    let count = 2 + lot.below(mix.parties - 1);
    let parties: Vec<PartySpec> = (0..count).map(|k| party(mix, &mut lot, k, slots)).collect();
    let requests = (0..lot.below(mix.requests + 1))
        .map(|k| request(mix, &mut lot, k, count, slots))
        .collect();
    let mut days = vec![0];
    if mix.everything && slots > 2 && lot.once_in(2) {
        days.push(1 + lot.below(slots - 1) as u16);
    }
    Instance::new(format!("mixed-{seed}"), slots as u16, days, parties, requests)
        .expect("the generator keeps the rules")
}

fn party(mix: &Mix, lot: &mut Lot, k: u64, slots: u64) -> PartySpec {
    let tables = 1 + lot.below(3) * lot.below(2);
    let mut party = PartySpec {
        id: format!("p{k}"),
        capacity: vec![tables as u32; slots as usize],
        ..PartySpec::default()
    };
    if mix.everything {
        party.capacity.iter_mut().for_each(|c| *c *= u32::from(!lot.once_in(4)));
        party.max = lot.once_in(3).then(|| lot.below(5) as u32);
        party.min = lot.once_in(3).then(|| lot.below(6) as u32);
        party.min_penalty = lot.once_in(2).then(|| lot.below(30) as u32);
        party.compact = lot.once_in(2);
        party.zone = lot.once_in(2).then(|| format!("zone {}", lot.below(3)));
    }
    party
}

fn request(mix: &Mix, lot: &mut Lot, k: u64, parties: u64, slots: u64) -> RequestSpec {
    let mut members = vec![lot.below(parties) as u32];
    let wanted = if mix.thirds > 0 && lot.once_in(mix.thirds) {
        3 + lot.below(2)
    } else {
        2
    };
    while (members.len() as u64) < wanted.min(parties) {
        let p = lot.below(parties) as u32;
        let across = !mix.two_sides || p % 2 != members[0] % 2;
        if !members.contains(&p) && across {
            members.push(p);
        }
    }
    let mut request = RequestSpec {
        id: format!("r{k}"),
        parties: members,
        value: 1 + lot.below(30) as u32,
        ..RequestSpec::default()
    };
    if mix.everything {
        let half = |lot: &mut Lot| (0..slots as u16).filter(|_| lot.once_in(2)).collect::<Vec<u16>>();
        request.slots = lot.once_in(4).then(|| half(lot));
        request.fixed = lot.once_in(mix.requests).then(|| lot.below(slots) as u16);
        if let (Some(slot), Some(list)) = (request.fixed, &mut request.slots) {
            list.push(slot);
        }
    }
    request
}

/// A market: buyers with ranked wishes at booths of several tables, some with an interpreter of a small pool.
pub fn market(buyers: u64, booths: u64, slots: u64, wishes: u64, seed: u64) -> Instance {
    let mut lot = Lot::new(seed);
    let mut parties = Vec::new();
    for k in 0..booths {
        let tables = 3 + lot.below(6) as u32;
        parties.push(PartySpec {
            id: format!("booth-{k}"),
            capacity: vec![tables; slots as usize],
            zone: Some(format!("{}", k % 5)),
            ..PartySpec::default()
        });
    }
    for k in 0..buyers {
        let away = (lot.below(slots), lot.below(6));
        let here = |s| !(away.0..away.0 + away.1).contains(&s);
        parties.push(PartySpec {
            id: format!("buyer-{k}"),
            capacity: (0..slots).map(|s| u32::from(here(s))).collect(),
            max: Some(slots as u32 - 4),
            min: Some(8),
            min_penalty: Some(40),
            compact: true,
            zone: None,
        });
    }
    let languages = 3;
    for k in 0..languages {
        let capacity = vec![(buyers / 30) as u32; slots as usize];
        parties.push(PartySpec {
            id: format!("interpreters-{k}"),
            capacity,
            ..PartySpec::default()
        });
    }
    let requests = market_requests(&mut lot, buyers, booths, slots, wishes);
    Instance::new(
        format!("market-{seed}"),
        slots as u16,
        vec![0, slots as u16 / 2],
        parties,
        requests,
    )
    .expect("the generator keeps the rules")
}

fn market_requests(lot: &mut Lot, buyers: u64, booths: u64, slots: u64, wishes: u64) -> Vec<RequestSpec> {
    let mut requests = Vec::new();
    for buyer in 0..buyers {
        let language = lot.below(8);
        let mut wished = Vec::new();
        while (wished.len() as u64) < wishes.min(booths) {
            let booth = lot.below(booths);
            if wished.contains(&booth) {
                continue;
            }
            wished.push(booth);
            let mut parties = vec![(booths + buyer) as u32, booth as u32];
            if language < 3 && lot.once_in(2) {
                parties.push((booths + buyers + language) as u32);
            }
            let rank = wished.len() as u64;
            requests.push(RequestSpec {
                id: format!("r{}", requests.len()),
                parties,
                value: (45 - rank.min(30) + lot.below(8)) as u32,
                slots: lot.once_in(50).then(|| (0..slots as u16 / 2).collect()),
                fixed: None,
            });
        }
    }
    requests
}
