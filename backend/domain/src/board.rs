//! Boards: the figures of all booths, slot by slot, and what stands at one table.

use crate::{
    event::Slot,
    id::ExhibitorId,
    table::{Fate, Presence},
    venue::Booth,
};
use std::collections::HashMap;

/// What a meeting at a booth amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening {
    /// Whose booth.
    pub exhibitor: ExhibitorId,
    /// In which slot.
    pub slot: u16,
    /// Whether one side did not come.
    pub missed: bool,
    /// Whether both came.
    pub started: bool,
}

/// What happens at a booth's tables in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Meetings that take place, begun or not.
    pub planned: u16,
    /// Those of them to which both came.
    pub started: u16,
    /// Meetings to which one side did not come.
    pub missed: u16,
    /// Staffed tables at which nobody is to sit.
    pub free: u16,
}

/// The figures of each booth in each of the slots.
pub fn figures(booths: Vec<Booth>, slots: &[Slot], happening: &[Happening]) -> Vec<(Booth, Vec<Count>)> {
    let mut counts: HashMap<(ExhibitorId, u16), Count> = HashMap::new();
    for one in happening {
        let count = counts.entry((one.exhibitor, one.slot)).or_default();
        if one.missed {
            count.missed += 1;
        } else {
            count.planned += 1;
            count.started += u16::from(one.started);
        }
    }
    let of = |booth: &Booth| {
        let of_slot = |slot: &Slot| {
            let count = counts.get(&(booth.exhibitor, slot.number)).copied().unwrap_or_default();
            Count {
                free: booth.staffed(slot).saturating_sub(count.planned),
                ..count
            }
        };
        slots.iter().map(of_slot).collect()
    };
    let row = |booth: Booth| {
        let counts = of(&booth);
        (booth, counts)
    };
    booths.into_iter().map(row).collect()
}

/// What stands at a table in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Nobody of the booth is there.
    Unstaffed,
    /// Nobody is to sit there.
    Free,
    /// Nobody is to sit there, and buyers on standby are asked.
    Offered,
    /// A meeting is to take place.
    Planned,
    /// One side of it has come.
    Waiting,
    /// Both have.
    Started,
    /// It is over.
    Ended,
    /// One side did not come, and the table stands empty.
    Missed,
}

/// What a meeting says of its table.
pub fn at(fate: Fate, presence: &Presence) -> At {
    match fate {
        Fate::Cancelled => At::Free,
        Fate::Missed => At::Missed,
        Fate::Planned if presence.ended.is_some() => At::Ended,
        Fate::Planned if presence.started().is_some() => At::Started,
        Fate::Planned if presence.absent().is_some() => At::Waiting,
        Fate::Planned => At::Planned,
    }
}
