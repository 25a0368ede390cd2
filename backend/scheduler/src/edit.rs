//! Changes of the world: a disturbance on site and a question "what if" are the same, an instance edited.
//! Deliberately not here: what becomes of a timetable (`live/repair.rs`), and new parties or requests.

use crate::instance::{Instance, InstanceError, MAX_CAPACITY, check_total};
use std::ops::Range;

/// One change. Indices are those of the instance, and stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A party's capacity in a range of slots becomes this: late arrival, early departure, booth closed (0).
    Capacity {
        /// The party.
        party: u32,
        /// The slots.
        slots: Range<u16>,
        /// Meetings at once from now on.
        capacity: u32,
    },
    /// So many places more or fewer in a range of slots, wherever the party is present: five more tables, a table
    /// lost, an interpreter ill.
    Places {
        /// The party.
        party: u32,
        /// The slots.
        slots: Range<u16>,
        /// Places added; where fewer would be left than none, none are.
        by: i32,
    },
    /// Nobody meets in this slot.
    CloseSlot {
        /// The slot.
        slot: u16,
    },
    /// What a party should have at least, and what each missing meeting costs: a floor for small exhibitors.
    Floor {
        /// The party.
        party: u32,
        /// Meetings below which each missing one costs.
        min: u32,
        /// What it costs, in units of value.
        penalty: u32,
    },
    /// A party's most over all slots.
    Most {
        /// The party.
        party: u32,
        /// At most so many; `None`: as many as it has places.
        max: Option<u32>,
    },
    /// The request is withdrawn: it may stand in no slot, and is promised in none.
    Withdraw {
        /// The request.
        request: u32,
    },
}

/// Why an edit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No such party.
    #[error("there is no party number {0}")]
    NoSuchParty(u32),
    /// No such request.
    #[error("there is no request number {0}")]
    NoSuchRequest(u32),
    /// Slots that do not exist, or end before they begin.
    #[error("slots {from} to before {to} are not among the {slots} there are")]
    Slots {
        /// First slot.
        from: u16,
        /// First slot no more.
        to: u16,
        /// Slots there are.
        slots: u16,
    },
    /// A capacity above the limit.
    #[error("a capacity of {0} is too much, at most {MAX_CAPACITY} is allowed")]
    Capacity(u64),
    /// Penalties that cannot be added up exactly.
    #[error(transparent)]
    Total(InstanceError),
}

impl Instance {
    /// The instance after some changes, one after the other. What they leave alone is not validated again.
    pub fn edited(&self, edits: &[Edit]) -> Result<Instance, EditError> {
        let mut instance = self.clone();
        for edit in edits {
            instance.edit(edit)?;
        }
        if edits.iter().any(|e| matches!(e, Edit::Floor { .. })) {
            check_total(instance.parties(), instance.requests()).map_err(EditError::Total)?;
        }
        Ok(instance)
    }

    fn edit(&mut self, edit: &Edit) -> Result<(), EditError> {
        let slots = self.slots();
        let (parties, requests) = self.parts_mut();
        let find = |p: u32| {
            ((p as usize) < parties.len())
                .then_some(p as usize)
                .ok_or(EditError::NoSuchParty(p))
        };
        match edit {
            Edit::Capacity {
                party,
                slots: range,
                capacity,
            } => {
                let row = &mut parties[find(*party)?].capacity[within(range, slots)?];
                row.fill(at_most(u64::from(*capacity))?);
            }
            Edit::Places {
                party,
                slots: range,
                by,
            } => {
                for capacity in &mut parties[find(*party)?].capacity[within(range, slots)?] {
                    if *capacity > 0 {
                        *capacity = at_most(u64::from(capacity.saturating_add_signed(*by)))?;
                    }
                }
            }
            Edit::CloseSlot { slot } => {
                let at = within(&(*slot..slot.saturating_add(1)), slots)?.start;
                for party in parties {
                    party.capacity[at] = 0;
                }
            }
            Edit::Floor { party, min, penalty } => {
                let party = &mut parties[find(*party)?];
                (party.min, party.min_penalty) = (Some(*min), Some(*penalty));
            }
            Edit::Most { party, max } => parties[find(*party)?].max = *max,
            Edit::Withdraw { request } => {
                let found = requests.get_mut(*request as usize);
                let request = found.ok_or(EditError::NoSuchRequest(*request))?;
                (request.slots, request.fixed) = (Some(Vec::new()), None);
            }
        }
        Ok(())
    }
}

fn within(range: &Range<u16>, slots: u16) -> Result<Range<usize>, EditError> {
    let Range { start: from, end: to } = *range;
    if from > to || to > slots {
        return Err(EditError::Slots { from, to, slots });
    }
    Ok(usize::from(from)..usize::from(to))
}

fn at_most(capacity: u64) -> Result<u32, EditError> {
    if capacity > u64::from(MAX_CAPACITY) {
        return Err(EditError::Capacity(capacity));
    }
    Ok(capacity as u32)
}
