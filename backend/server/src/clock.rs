//! The clock: the one file that reads it. Everybody else is told the time.

#![expect(clippy::disallowed_methods, reason = "this is the one file that reads the clock")]

use jiff::Timestamp;
use std::time::{Duration, Instant};

/// The moment.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
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
