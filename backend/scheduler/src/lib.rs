//! The scheduler of a trade show: who meets whom when, worth as much as possible, with a proof of how near to the
//! best that is. Deliberately not here: input and output, a clock, threads, and every word of the product beyond
//! parties, slots, requests and prices.
//!
//! # The picture
//!
//! ```text
//!  instance ──▶ board ──▶ relax (flow) ──▶ place (draft, chain) ──▶ improve ◀──▶ ascent ──▶ timetable
//!  validated    flat rows  what to hold,    when: masks and          exchange     better      with prices
//!                          prices, bound    exchange chains          by lot,      prices         │
//!                                                                   polish                    check
//! ```
//!
//! * **Relaxation** ([`solve`]): a meeting's value does not depend on its slot. Without slots, what to hold is a
//!   minimum-cost flow; its dual prices bound every timetable.
//! * **Placement**: what the flow chose goes into slots, others moving aside in chains. Everything placed means value
//!   = bound: proved optimal, the run ends.
//! * **Improvement** otherwise: exchanges that let go of one request for another, under annealing; and by turns,
//!   prices per party and slot that lower the bound (`ascent`).
//! * **Second level** (`polish`): the same meetings in other slots, with fewer breaks and walks (`comfort` says what
//!   counts). As long as the value is unproved it has its turn after every improvement; once it is proved, a bounded
//!   run, which ends early where no fewer are possible ([`Timetable::least_breaks_and_dashes`]).
//! * **Live** ([`Live`], [`repair()`]): a timetable in force, one question at a time: where a request would fit, whom to
//!   move for it, what to do when a table is lost, who could stand in for a no-show, why somebody is not met. Exact
//!   small searches (`live/search.rs`) first, chains after them; every answer is a [`Change`] that is a preview, with
//!   what is proved about it. Changes of the world are [`Edit`]s of the instance,
//!   and [`forecast()`] says what they would do to value and bound.
//!
//! # Invariants
//!
//! * Whole numbers only decide: values, bounds and feasibility never rest on floating point. Floats steer the search.
//! * Any prices prove a bound, so the bound needs no trust in the search; [`check::check`] shares no code with it, and
//!   [`check::check_explanation`] none with the live operations.
//! * Deterministic: same instance, seed and work limit, same timetable, to the byte. No clock, no threads, no hash
//!   order in a result.
//! * Nothing panics on any input: an [`Instance`] is validated once and cannot be changed.
//!
//! # Example
//!
//! Aiko and Ben both want to meet the brewery in the only slot there is; Aiko's meeting is worth more.
//!
//! ```
//! use scheduler::{Instance, Limits, PartySpec, RequestSpec, check::check, solve};
//!
//! let party = |id: &str| PartySpec { id: id.into(), capacity: vec![1], ..PartySpec::default() };
//! let wish = |id: &str, who: u32, value| {
//!     RequestSpec { id: id.into(), parties: vec![who, 2], value, ..RequestSpec::default() }
//! };
//! let market = Instance::new(
//!     "one table".into(),
//!     1,
//!     vec![0],
//!     vec![party("Aiko"), party("Ben"), party("brewery")],
//!     vec![wish("Aiko tastes", 0, 9), wish("Ben tastes", 1, 7)],
//! )?;
//! let timetable = solve(&market, &Limits { seed: 1, work: Some(1000), polish: None }, &mut |_| false)?;
//! assert_eq!(timetable.slot_of, [Some(0), None]);
//! // The brewery's table is worth 7 to 9: at that price nobody could do better than 9 in all.
//! assert!(timetable.proved_optimal());
//! assert_eq!(check(&market, &timetable)?.upper_bound, 9);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ascent;
mod board;
mod chain;
pub mod check;
mod comfort;
mod draft;
mod edit;
mod flow;
mod improve;
mod instance;
mod json;
mod least;
mod live;
mod mask;
mod place;
mod polish;
mod price;
mod pulse;
mod random;
mod relax;
mod rows;
mod solve;
mod timetable;

pub use board::Infeasible;
pub use edit::{Edit, EditError};
pub use instance::{
    Instance, InstanceError, MAX_CAPACITY, MAX_CELLS, MAX_PARTIES, MAX_REQUEST_PARTIES, MAX_REQUESTS, MAX_SLOTS,
    MAX_TOTAL, MAX_VALUE, PartySpec, RequestSpec,
};
pub use json::TimetableError;
pub use live::{
    Change, Explanation, Forecast, FreedRoom, Frozen, InsertTerms, Insertion, Layout, Live, LiveError, Move, Reason,
    Remedy, Repair, RepairTerms, Standby, Standing, Suggestion, forecast, repair,
};
pub use price::{PRICE_PARTS, Prices};
pub use solve::{Limits, Progress, solve};
pub use timetable::Timetable;
