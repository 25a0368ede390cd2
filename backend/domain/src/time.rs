//! Spans of time and the five-minute cells in which occupancy is kept. No clock: the moment comes in `Ctx`.

pub use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Length of a cell in seconds.
pub const CELL_SECONDS: i64 = 300;
/// Longest span that can be occupied at once: two days.
pub const MAX_SPAN_SECONDS: i64 = 48 * 3600;

/// A span of time, `from` before `until`, at most [`MAX_SPAN_SECONDS`] long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    from: Timestamp,
    until: Timestamp,
}

impl Span {
    /// `None` when `from` is not before `until`, or the span is longer than two days.
    pub fn new(from: Timestamp, until: Timestamp) -> Option<Self> {
        let seconds = until.as_second() - from.as_second();
        (from < until && seconds <= MAX_SPAN_SECONDS).then_some(Self { from, until })
    }

    /// What a slot takes: the grid has seen to it that it begins before it ends.
    pub(crate) fn of_slot(from: Timestamp, until: Timestamp) -> Self {
        debug_assert!(from < until, "a slot of the grid has a length");
        Self { from, until }
    }

    /// Its first moment.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// The first moment after it.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Numbers of the cells it touches, ascending. A cell touched in part counts whole.
    pub fn cells(&self) -> std::ops::Range<i64> {
        let first = self.from.as_second().div_euclid(CELL_SECONDS);
        let last = self.until.as_second() + i64::from(self.until.subsec_nanosecond() > 0);
        first..(last + CELL_SECONDS - 1).div_euclid(CELL_SECONDS)
    }

    /// Whether the two share a cell.
    pub fn meets(&self, other: &Span) -> bool {
        let (a, b) = (self.cells(), other.cells());
        a.start < b.end && b.start < a.end
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    fn span(from: &str, until: &str) -> Span {
        let at = |t: &str| format!("2025-11-05T{t}+09:00").parse().expect("time");
        Span::new(at(from), at(until)).expect("span")
    }

    #[test]
    fn cells_touch_whole() {
        for (from, until, cells) in [
            ("10:00:00", "10:25:00", 5),
            ("10:01:00", "10:02:00", 1),
            ("10:04:59", "10:05:01", 2),
            ("10:00:00", "10:05:00.000000001", 2),
        ] {
            let range = span(from, until).cells();
            assert_eq!(range.end - range.start, cells, "{from} to {until}");
        }
    }

    #[test]
    fn neighbours_do_not_meet() {
        assert!(!span("10:00:00", "10:25:00").meets(&span("10:25:00", "10:50:00")));
        assert!(span("10:00:00", "10:25:00").meets(&span("10:24:00", "10:50:00")));
    }
}
