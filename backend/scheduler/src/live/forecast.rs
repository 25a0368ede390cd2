//! What if: value and bound of an edited instance from what is known already. Deliberately not here: the exact
//! answer, which is solving the edited instance anew.

use super::change::Standing;
use super::repair::{FreedRoom, RepairTerms, repair};
use super::{Frozen, Layout, LiveError};
use crate::instance::Instance;
use crate::price::bound;
use crate::timetable::Timetable;
use std::fmt;

/// Before and after, from prices and repair alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// What the timetable is worth.
    pub value_before: i64,
    /// What no timetable of the instance before exceeds, by the timetable's prices.
    pub bound_before: i64,
    /// What no timetable of the instance after exceeds, by the same prices.
    pub bound_after: i64,
    /// What repairing the timetable reaches at once on the instance after: a lower limit of what is possible.
    pub value_repaired: i64,
    /// By request: where that repair puts it.
    pub slot_of: Vec<Option<u16>>,
}

/// Forecasts an edited instance; the exact answer is [`crate::solve`] of it.
pub fn forecast(before: &Instance, timetable: &Timetable, after: &Instance) -> Result<Forecast, LiveError> {
    let sizes = |i: &Instance| (i.slots(), i.parties().len(), i.requests().len());
    let same = |(a, b): (&crate::RequestSpec, &crate::RequestSpec)| a.parties == b.parties;
    if sizes(before) != sizes(after) || !before.requests().iter().zip(after.requests()).all(same) {
        return Err(LiveError::OtherInstance);
    }
    let terms = |room| RepairTerms {
        frozen: Frozen::default(),
        most_moved: usize::MAX,
        room,
        ..RepairTerms::default()
    };
    let layout = Layout::new(before);
    let Standing {
        value_before,
        upper_bound,
        ..
    } = repair(&layout, &timetable.slot_of, &timetable.prices, &terms(FreedRoom::Keep))?.standing;
    let layout = Layout::new(after);
    let repaired = repair(&layout, &timetable.slot_of, &timetable.prices, &terms(FreedRoom::Fill))?;
    Ok(Forecast {
        value_before,
        bound_before: upper_bound,
        bound_after: bound(&layout.board, &timetable.prices),
        value_repaired: repaired.standing.value_after,
        // A repair's change begins where the timetable is.
        slot_of: repaired.change.onto(&timetable.slot_of).unwrap_or_default(),
    })
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "value {} of at most {} before; after, from {} at once to at most {}",
            self.value_before, self.bound_before, self.value_repaired, self.bound_after
        )
    }
}
