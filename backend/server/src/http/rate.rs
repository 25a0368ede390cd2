//! Rates: each caller has a budget of field resolutions that fills up again with time. What counts is the work asked
//! for, not the number of requests. In process; shared over several processes it will be Redis's work.

use crate::clock::Stopwatch;
use graphql::Budget;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Resolutions a caller may ask for at once: the largest pages of the product several times over.
const FULL: i64 = 200_000;
/// Resolutions that come back every second.
const A_SECOND: i64 = 20_000;
/// Callers remembered at once; beyond that the fullest are forgotten, which costs nobody anything.
const MAX_CALLERS: usize = 50_000;

/// Budgets by caller.
#[derive(Default)]
pub(crate) struct Rates {
    callers: Mutex<HashMap<String, (Budget, Stopwatch)>>,
}

impl Rates {
    /// The caller's budget, filled up for the time gone by.
    pub(crate) fn budget(&self, caller: &str) -> Budget {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MAX_CALLERS {
            callers.retain(|_, (budget, since)| budget.left() + refill(*since) < FULL);
        }
        let fresh = || (Budget::of(FULL), Stopwatch::start());
        let (budget, since) = callers.entry(caller.to_owned()).or_insert_with(fresh);
        let back = refill(*since);
        if back > 0 {
            budget.refill(back, FULL);
            *since = Stopwatch::start();
        }
        budget.clone()
    }
}

fn refill(since: Stopwatch) -> i64 {
    let milliseconds = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX / A_SECOND);
    milliseconds.saturating_mul(A_SECOND) / 1000
}
