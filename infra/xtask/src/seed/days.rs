//! The two days and their slots, as `seed-data/market.toml` has them: the generator needs them to
//! know how much time a person has left. The product reads the TOML file, never this.

/// Dates of the event.
pub const DATES: [&str; 2] = ["2025-11-05", "2025-11-06"];
/// Minutes of a meeting with the change-over after it.
const STEP: i64 = 25;
/// First slot and number of slots of each period, minutes from midnight.
const PERIODS: [(i64, i64); 2] = [(10 * 60, 6), (13 * 60 + 30, 10)];

/// A piece of time on one day, in minutes from midnight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// 0 or 1.
    pub day: usize,
    /// First minute.
    pub from: i64,
    /// The minute after the last.
    pub until: i64,
}

impl Span {
    /// Whether the two have a minute in common.
    pub fn meets(&self, other: &Span) -> bool {
        self.day == other.day && self.from < other.until && other.from < self.until
    }

    /// The date of its day.
    pub fn date(&self) -> &'static str {
        DATES.get(self.day).copied().unwrap_or_default()
    }
}

/// The 32 slots, change-over included.
pub fn slots() -> Vec<Span> {
    let mut out = Vec::new();
    for day in 0..DATES.len() {
        for (first, count) in PERIODS {
            out.extend((0..count).map(|i| Span {
                day,
                from: first + i * STEP,
                until: first + (i + 1) * STEP,
            }));
        }
    }
    out
}

/// How many slots are left beside these absences.
pub fn slots_left(absences: &[Span]) -> usize {
    slots().iter().filter(|s| !absences.iter().any(|a| a.meets(s))).count()
}

/// `HH:MM`.
pub fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
