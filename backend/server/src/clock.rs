//! The clock: the one file that reads it. Everybody else is told the time.

#![expect(clippy::disallowed_methods, reason = "this is the one file that reads the clock")]

use jiff::{SignedDuration, Timestamp};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

static SHIFT: OnceLock<SignedDuration> = OnceLock::new();

/// The moment.
pub(crate) fn now() -> Timestamp {
    Timestamp::now() + SHIFT.get().copied().unwrap_or_default()
}

/// The moment outside, for those who know nothing of a pretended time.
pub(crate) fn real() -> Timestamp {
    Timestamp::now()
}

/// From here on it is that time, for this process: so that a market whose days are over can be tried out on its eve.
/// Only once, and only in development.
pub(crate) fn pretend(at: Timestamp) {
    let _ = SHIFT.set(at.duration_since(Timestamp::now()));
}

/// Measures how long something took.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Answers yes once so much time has passed.
pub(crate) fn alarm(after: Duration) -> Box<dyn FnMut() -> bool + Send> {
    let watch = Stopwatch::start();
    Box::new(move || watch.elapsed() >= after)
}
