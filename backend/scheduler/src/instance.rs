//! What is to be scheduled: parties with capacities, requests with values, slots and days; validated once, here.
//! Deliberately not here: the file format (`json.rs`), and whether the fixed meetings can stand together (`board.rs`).

use std::collections::HashSet;

/// Most time slots of an instance.
pub const MAX_SLOTS: usize = 512;
/// Most parties of an instance.
pub const MAX_PARTIES: usize = 1 << 20;
/// Most requests of an instance.
pub const MAX_REQUESTS: usize = 1 << 22;
/// Most parties of one request.
pub const MAX_REQUEST_PARTIES: usize = 64;
/// Most party-and-slot cells of an instance, which bounds the memory a run takes.
pub const MAX_CELLS: usize = 1 << 27;
/// Most meetings at once of one party.
pub const MAX_CAPACITY: u32 = 1_000_000;
/// Greatest value of a request.
pub const MAX_VALUE: u32 = 1_000_000_000;
/// Greatest sum of all values and all possible penalties; leaves room for prices in 64 bits.
pub const MAX_TOTAL: i64 = 1 << 55;

/// Whoever or whatever a meeting needs: a buyer, a booth, a pool of interpreters, a room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartySpec {
    /// Unique name.
    pub id: String,
    /// How many meetings at once, one number a slot; 0 is absence.
    pub capacity: Vec<u32>,
    /// At most so many meetings over all slots.
    pub max: Option<u32>,
    /// Every meeting short of this costs `min_penalty`.
    pub min: Option<u32>,
    /// What each missing meeting costs, in units of value.
    pub min_penalty: Option<u32>,
    /// Whether its breaks between meetings count at the second level.
    pub compact: bool,
    /// The part of the venue it stands in; `None` for somebody who walks.
    pub zone: Option<String>,
}

/// A meeting somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestSpec {
    /// Unique name.
    pub id: String,
    /// Indices of the parties it needs, two or more, all different.
    pub parties: Vec<u32>,
    /// What holding it is worth, above 0.
    pub value: u32,
    /// The only slots it may be held in; `None` for any.
    pub slots: Option<Vec<u16>>,
    /// The slot it is promised in.
    pub fixed: Option<u16>,
}

/// A validated instance. Invariant: every index, slot and sum in it has been checked, so nothing downstream can
/// be out of range or overflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    name: String,
    slots: u16,
    days: Vec<u16>,
    parties: Vec<PartySpec>,
    requests: Vec<RequestSpec>,
}

/// Why an instance was refused, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// The text is not JSON, or not of the format's shape.
    #[error("the instance cannot be read: {0}")]
    Syntax(String),
    /// The file says it is of another format.
    #[error("the format is \"{0}\", expected \"market-instance/1\"")]
    Format(String),
    /// No slots, or more than can be handled.
    #[error("there are {0} slots, allowed are 1 to {MAX_SLOTS}")]
    SlotCount(usize),
    /// The days' first slots are wrong.
    #[error("the days' first slots must begin with 0 and ascend below the number of slots, but slot {0} does not")]
    Days(u16),
    /// More of something than the named limit.
    #[error("there are {count} {what}, at most {limit} are allowed")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// Two parties of the same name.
    #[error("party \"{0}\" appears twice")]
    DuplicateParty(String),
    /// Two requests of the same name.
    #[error("request \"{0}\" appears twice")]
    DuplicateRequest(String),
    /// The capacities do not match the slots.
    #[error("party \"{party}\" has {count} capacities for {slots} slots")]
    CapacityCount {
        /// The party.
        party: String,
        /// How many capacities it has.
        count: usize,
        /// How many slots there are.
        slots: u16,
    },
    /// A capacity below 0 or above the limit.
    #[error("party \"{party}\" has capacity {capacity} in slot {slot}, allowed are 0 to {MAX_CAPACITY}")]
    Capacity {
        /// The party.
        party: String,
        /// The slot.
        slot: usize,
        /// What was given.
        capacity: i64,
    },
    /// A request names a party that does not exist.
    #[error("request \"{request}\" needs party \"{party}\", which does not exist")]
    UnknownParty {
        /// The request.
        request: String,
        /// The party, as it was named.
        party: String,
    },
    /// A request names the same party twice.
    #[error("request \"{request}\" names party \"{party}\" twice")]
    PartyTwice {
        /// The request.
        request: String,
        /// The party.
        party: String,
    },
    /// A request with fewer than two, or too many, parties.
    #[error("request \"{request}\" has {count} parties, allowed are 2 to {MAX_REQUEST_PARTIES}")]
    PartyCount {
        /// The request.
        request: String,
        /// How many it has.
        count: usize,
    },
    /// A value of 0, below it or above the limit.
    #[error("request \"{request}\" has value {value}, allowed are 1 to {MAX_VALUE}")]
    Value {
        /// The request.
        request: String,
        /// What was given.
        value: i64,
    },
    /// A request's slot beyond the last.
    #[error("request \"{request}\" names slot {slot}, the last is {last}")]
    Slot {
        /// The request.
        request: String,
        /// The slot named.
        slot: u16,
        /// The last slot there is.
        last: u16,
    },
    /// A fixed slot outside the allowed ones.
    #[error("request \"{request}\" is fixed in slot {slot}, which is not among its allowed slots")]
    FixedOutside {
        /// The request.
        request: String,
        /// The fixed slot.
        slot: u16,
    },
    /// Values and penalties add up to more than can be computed exactly.
    #[error("values and penalties add up to {0}, at most {MAX_TOTAL} is allowed")]
    Total(i128),
}

impl Instance {
    /// Validates and keeps an instance. Empty `days` mean one day.
    pub fn new(
        name: String,
        slots: u16,
        days: Vec<u16>,
        parties: Vec<PartySpec>,
        mut requests: Vec<RequestSpec>,
    ) -> Result<Instance, InstanceError> {
        let days = if days.is_empty() { vec![0] } else { days };
        check_sizes(slots, parties.len(), requests.len())?;
        check_days(slots, &days)?;
        check_parties(slots, &parties)?;
        check_requests(slots, &parties, &requests)?;
        check_total(&parties, &requests)?;
        for request in &mut requests {
            shorten(&mut request.slots, slots);
        }
        Ok(Instance {
            name,
            slots,
            days,
            parties,
            requests,
        })
    }

    /// The instance's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many slots there are over all days, 1 to [`MAX_SLOTS`].
    pub fn slots(&self) -> u16 {
        self.slots
    }

    /// The first slot of every day, ascending, beginning with 0.
    pub fn days(&self) -> &[u16] {
        &self.days
    }

    /// All parties; a request names them by index in here.
    pub fn parties(&self) -> &[PartySpec] {
        &self.parties
    }

    /// All requests; a timetable is by index in here.
    pub fn requests(&self) -> &[RequestSpec] {
        &self.requests
    }

    /// Both, for who changes them and keeps the invariant.
    pub(crate) fn parts_mut(&mut self) -> (&mut [PartySpec], &mut [RequestSpec]) {
        (&mut self.parties, &mut self.requests)
    }
}

/// No list of slots is longer than there are slots, so that whoever goes through one is soon done.
fn shorten(list: &mut Option<Vec<u16>>, slots: u16) {
    if let Some(list) = list.as_mut().filter(|list| list.len() > usize::from(slots)) {
        list.sort_unstable();
        list.dedup();
    }
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Result<(), InstanceError> {
    if count > limit {
        return Err(InstanceError::TooMany { what, count, limit });
    }
    Ok(())
}

fn check_sizes(slots: u16, parties: usize, requests: usize) -> Result<(), InstanceError> {
    if slots == 0 || usize::from(slots) > MAX_SLOTS {
        return Err(InstanceError::SlotCount(usize::from(slots)));
    }
    at_most("parties", parties, MAX_PARTIES)?;
    at_most("requests", requests, MAX_REQUESTS)?;
    at_most("cells of party and slot", parties * usize::from(slots), MAX_CELLS)
}

fn check_days(slots: u16, days: &[u16]) -> Result<(), InstanceError> {
    if days[0] != 0 {
        return Err(InstanceError::Days(days[0]));
    }
    for pair in days.windows(2) {
        if pair[1] <= pair[0] || pair[1] >= slots {
            return Err(InstanceError::Days(pair[1]));
        }
    }
    Ok(())
}

fn check_parties(slots: u16, parties: &[PartySpec]) -> Result<(), InstanceError> {
    let mut seen = HashSet::with_capacity(parties.len());
    for party in parties {
        if !seen.insert(party.id.as_str()) {
            return Err(InstanceError::DuplicateParty(party.id.clone()));
        }
        if party.capacity.len() != usize::from(slots) {
            return Err(InstanceError::CapacityCount {
                party: party.id.clone(),
                count: party.capacity.len(),
                slots,
            });
        }
        if let Some(slot) = party.capacity.iter().position(|&c| c > MAX_CAPACITY) {
            return Err(InstanceError::Capacity {
                party: party.id.clone(),
                slot,
                capacity: i64::from(party.capacity[slot]),
            });
        }
    }
    Ok(())
}

fn check_requests(slots: u16, parties: &[PartySpec], requests: &[RequestSpec]) -> Result<(), InstanceError> {
    let mut seen = HashSet::with_capacity(requests.len());
    for request in requests {
        let named = || request.id.clone();
        if !seen.insert(request.id.as_str()) {
            return Err(InstanceError::DuplicateRequest(named()));
        }
        if request.value == 0 || request.value > MAX_VALUE {
            return Err(InstanceError::Value {
                request: named(),
                value: i64::from(request.value),
            });
        }
        check_request_parties(parties, request)?;
        let allowed = request.slots.as_deref().unwrap_or_default();
        if let Some(&slot) = allowed.iter().chain(&request.fixed).find(|&&s| s >= slots) {
            return Err(InstanceError::Slot {
                request: named(),
                slot,
                last: slots - 1,
            });
        }
        if let (Some(slot), Some(allowed)) = (request.fixed, &request.slots)
            && !allowed.contains(&slot)
        {
            return Err(InstanceError::FixedOutside { request: named(), slot });
        }
    }
    Ok(())
}

fn check_request_parties(parties: &[PartySpec], request: &RequestSpec) -> Result<(), InstanceError> {
    let count = request.parties.len();
    if !(2..=MAX_REQUEST_PARTIES).contains(&count) {
        return Err(InstanceError::PartyCount {
            request: request.id.clone(),
            count,
        });
    }
    for (k, &p) in request.parties.iter().enumerate() {
        let Some(party) = parties.get(p as usize) else {
            return Err(InstanceError::UnknownParty {
                request: request.id.clone(),
                party: format!("number {p}"),
            });
        };
        if request.parties[..k].contains(&p) {
            return Err(InstanceError::PartyTwice {
                request: request.id.clone(),
                party: party.id.clone(),
            });
        }
    }
    Ok(())
}

pub(crate) fn check_total(parties: &[PartySpec], requests: &[RequestSpec]) -> Result<(), InstanceError> {
    let values: i128 = requests.iter().map(|r| i128::from(r.value)).sum();
    let penalties: i128 = parties
        .iter()
        .map(|p| i128::from(p.min.unwrap_or(0)) * i128::from(p.min_penalty.unwrap_or(0)))
        .sum();
    let total = values + penalties;
    if total > i128::from(MAX_TOTAL) {
        return Err(InstanceError::Total(total));
    }
    Ok(())
}
