//! The situation a timetable is made in: everything the rule of [`crate::timetable`] may look at, and nothing else.

use crate::{
    event::{Event, Slot},
    id::{BoothId, MeetingId, OrganisationId, PersonId, PoolId, TimetableId, ZoneId},
    participation::{Buyer, Exhibitor},
    region::Region,
    venue::{Booth, InterpreterPool},
    wish::{Pair, Wish},
};
use std::collections::{HashMap, HashSet};

/// What is known of a market at one moment, read in one snapshot.
#[derive(Debug, Clone)]
pub struct Market {
    /// The event.
    pub event: Event,
    /// Its slots, by number.
    pub slots: Vec<Slot>,
    /// Its buyers, by code.
    pub buyers: Vec<Buyer>,
    /// Its exhibitors, by code.
    pub exhibitors: Vec<Exhibitor>,
    /// Their booths.
    pub booths: Vec<Booth>,
    /// Short names of zones.
    pub zones: HashMap<ZoneId, String>,
    /// Interpreter pools, in the order in which they are asked.
    pub pools: Vec<InterpreterPool>,
    /// Where the buyers' organisations are at home, as far as they say.
    pub regions: HashMap<OrganisationId, Region>,
    /// Wishes of both sides.
    pub wishes: Vec<Wish>,
    /// Cells in which a person is occupied by anything but a meeting of this event.
    pub busy: HashSet<(PersonId, i64)>,
    /// Meetings of the live calendar.
    pub meetings: Vec<Meeting>,
}

/// One meeting of a timetable: pair, slot, table, interpreter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Who meets.
    pub pair: Pair,
    /// In which slot.
    pub slot: u16,
    /// At which booth.
    pub booth: BoothId,
    /// At which of its tables, from 1.
    pub table: u16,
    /// With which interpreter of which pool (numbered from 1), where one is needed.
    pub interpreter: Option<(PoolId, u16)>,
}

/// A promised placement in the live calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// Who, when, where.
    pub placement: Placement,
    /// The timetable it came with; `None`: booked by hand, and then no later timetable moves it.
    pub timetable: Option<TimetableId>,
    /// How often it was changed since it was promised; 0 at first.
    pub revision: u32,
}
