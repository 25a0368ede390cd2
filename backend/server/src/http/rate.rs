//! Rates: each caller has a budget of field resolutions that fills up again with time. What counts is the work asked
//! for, not the number of requests. Where Redis is configured the budget is shared by all processes: what was spent here
//! since the last request is told, what is left anywhere comes back. Where it does not answer, each process goes on alone.

use crate::{clock::Stopwatch, live::Live};
use graphql::Budget;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Resolutions a caller may ask for at once: the largest pages of the product several times over.
const FULL: i64 = 200_000;
/// Resolutions that come back every second.
const A_SECOND: i64 = 20_000;
/// Callers remembered at once; beyond that the fullest are forgotten, which costs nobody anything.
const MAX_CALLERS: usize = 50_000;

/// One caller's budget here.
struct Caller {
    budget: Budget,
    since: Stopwatch,
    /// What was left when it was last told how much had been spent.
    told: i64,
}

/// Budgets by caller.
#[derive(Default)]
pub(crate) struct Rates {
    callers: Mutex<HashMap<String, Caller>>,
    live: Option<Arc<Live>>,
}

impl Rates {
    /// Shared over other processes, where there is a way to.
    pub(crate) fn shared_by(live: Option<Arc<Live>>) -> Self {
        Self {
            live,
            ..Self::default()
        }
    }

    /// The caller's budget, filled up for the time gone by.
    pub(crate) async fn budget(&self, caller: &str) -> Budget {
        let (budget, spent, left) = self.own(caller);
        let Some(live) = &self.live else { return budget };
        let shared = live.left(caller, spent, FULL, A_SECOND).await;
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = callers.get_mut(caller) {
            match shared {
                Some(shared) => {
                    let before = own.budget.left();
                    own.budget.correct(shared - left, FULL);
                    own.told += own.budget.left() - before;
                }
                // To be told another time.
                None => own.told += spent,
            }
        }
        budget
    }

    /// The budget as this process knows it, what of it was spent and not told yet, and what is left. From here on it
    /// counts as told.
    fn own(&self, caller: &str) -> (Budget, i64, i64) {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MAX_CALLERS {
            callers.retain(|_, own| own.budget.left() + refill(own.since) < FULL);
        }
        let fresh = || Caller {
            budget: Budget::of(FULL),
            since: Stopwatch::start(),
            told: FULL,
        };
        let own = callers.entry(caller.to_owned()).or_insert_with(fresh);
        let spent = (own.told - own.budget.left()).max(0);
        let back = refill(own.since);
        if back > 0 {
            own.budget.refill(back, FULL);
            own.since = Stopwatch::start();
        }
        let left = own.budget.left();
        own.told = left;
        (own.budget.clone(), spent, left)
    }
}

fn refill(since: Stopwatch) -> i64 {
    let milliseconds = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX / A_SECOND);
    milliseconds.saturating_mul(A_SECOND) / 1000
}

#[cfg(test)]
mod tests {
    use super::{FULL, Rates};

    #[tokio::test]
    async fn what_was_spent_is_told_once() {
        let rates = Rates::default();
        let (budget, spent, left) = rates.own("somebody");
        assert_eq!((spent, left), (0, FULL));
        assert!(budget.take(150_000));
        let (_, spent, left) = rates.own("somebody");
        assert!(spent == 150_000 && (50_000..FULL).contains(&left), "{spent}, {left}");
        assert_eq!(rates.own("somebody").1, 0);
        assert_eq!(rates.own("another").2, FULL);
        assert!(!{
            let budget = rates.budget("somebody").await;
            budget.take(FULL);
            budget.take(1)
        });
    }
}
