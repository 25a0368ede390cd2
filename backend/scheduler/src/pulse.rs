//! What a run knows about its own end: work done, the work limit, the caller's wish to stop, value against bound.
//! Deliberately not here: a clock; whoever wants one puts it into the caller's `stop`.

use crate::solve::{Limits, Progress};

/// Invariant: once over, a run stays over.
pub(crate) struct Pulse<'a> {
    stop: &'a mut dyn FnMut(&Progress) -> bool,
    limit: Option<u64>,
    over: bool,
    /// The best there is, as the caller will be told.
    pub best: Progress,
}

impl<'a> Pulse<'a> {
    pub(crate) fn new(limits: &Limits, best: Progress, stop: &'a mut dyn FnMut(&Progress) -> bool) -> Pulse<'a> {
        Pulse {
            stop,
            limit: limits.work,
            over: false,
            best,
        }
    }

    /// Asks the caller.
    pub(crate) fn poll(&mut self) -> bool {
        self.over = self.over || (self.stop)(&self.best);
        self.over
    }

    /// Counts work; `true` when the limit is reached.
    pub(crate) fn spend(&mut self, work: u64) -> bool {
        self.best.work += work;
        self.over = self.over || self.limit.is_some_and(|limit| self.best.work >= limit);
        self.over
    }

    /// Whether there is no leave to go on.
    pub(crate) fn is_stopped(&self) -> bool {
        self.over
    }

    /// Whether no timetable can be worth more.
    pub(crate) fn is_proved(&self) -> bool {
        self.best.value >= self.best.upper_bound
    }

    /// Whether there is nothing left to gain in value, or no leave to go on.
    pub(crate) fn is_over(&self) -> bool {
        self.over || self.is_proved()
    }

    pub(crate) fn found(&mut self, value: i64, placed: usize) {
        self.best.value = value;
        self.best.placed = placed;
    }

    pub(crate) fn proved(&mut self, bound: i64) {
        self.best.upper_bound = self.best.upper_bound.min(bound);
    }
}
