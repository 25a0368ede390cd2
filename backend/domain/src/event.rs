//! An event, its phase and its slot grid: civil times of the venue made into instants.

use crate::{
    id::{EventId, ProgrammeId},
    name::Bilingual,
    time::Span,
};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

/// Most slots an event may have over all days.
pub const MAX_SLOTS: usize = 1024;

/// One trade show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The programme that pays for it.
    pub programme: ProgrammeId,
    /// Short name in files and addresses: `tokyo-2025`.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
    /// IANA name of the venue's time zone.
    pub zone: String,
    /// Where it stands.
    pub phase: Phase,
    /// The building.
    pub venue: Bilingual,
}

/// Where an event stands. The organizer moves it on; each verb says in which phases it is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Wishes of both sides are open.
    Wishes,
    /// A timetable is being calculated and compared.
    Calculated,
    /// The timetable is published; free places can be booked.
    OpenCalendar,
    /// Nothing moves any more but by the organizer.
    Final,
    /// The show is on.
    OnSite,
    /// Follow-up.
    After,
}

impl Phase {
    /// All phases in order.
    pub const ALL: [Phase; 6] = [
        Phase::Wishes,
        Phase::Calculated,
        Phase::OpenCalendar,
        Phase::Final,
        Phase::OnSite,
        Phase::After,
    ];

    /// Its word in files and columns.
    pub fn code(self) -> &'static str {
        match self {
            Phase::Wishes => "wishes",
            Phase::Calculated => "calculated",
            Phase::OpenCalendar => "open_calendar",
            Phase::Final => "final",
            Phase::OnSite => "on_site",
            Phase::After => "after",
        }
    }

    /// What people call it.
    pub fn name(self) -> Bilingual {
        let (ja, en) = match self {
            Phase::Wishes => ("希望の受付", "wishes"),
            Phase::Calculated => ("計算・確認中", "calculation"),
            Phase::OpenCalendar => ("予約の受付", "open calendar"),
            Phase::Final => ("日程確定", "final"),
            Phase::OnSite => ("会期中", "on site"),
            Phase::After => ("会期後", "after the show"),
        };
        Bilingual {
            ja: ja.into(),
            en: en.into(),
        }
    }

    /// The phase of that word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.code() == code)
    }
}

/// How the days of an event are cut into slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Length of a meeting in minutes.
    pub minutes: u16,
    /// Minutes to change over after it; occupied too.
    pub changeover: u16,
    /// The days, ascending.
    pub days: Vec<Day>,
}

/// One day of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Its date at the venue.
    pub date: Date,
    /// When meetings take place: from, until; ascending, not overlapping. What lies between is a forced break.
    pub periods: Vec<(Time, Time)>,
    /// Length of a meeting on this day, where it differs.
    pub minutes: Option<u16>,
}

/// One slot of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its number over all days, from 0.
    pub number: u16,
    /// The number of its day, from 0.
    pub day: u16,
    /// When a meeting in it begins.
    pub starts: Timestamp,
    /// When a meeting in it ends.
    pub ends: Timestamp,
    /// When those who met are free again: `ends` plus the change-over.
    pub frees: Timestamp,
}

impl Slot {
    /// What a meeting in this slot occupies.
    pub fn span(&self) -> Span {
        Span::of_slot(self.starts, self.frees)
    }
}

/// Why a grid cannot be cut into slots: one sentence saying what is wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// Not an IANA zone.
    #[error("time zone \"{0}\" is unknown; write an IANA name such as Asia/Tokyo")]
    Zone(String),
    /// Length or change-over that gives no slots, or not on the cell grid.
    #[error("a slot of {0} + {1} minutes cannot be cut; lengths are multiples of 5 minutes, 5 to 240 together")]
    Length(u16, u16),
    /// A period that ends before it begins, or overlaps the one before.
    #[error("period {1}–{2} of {0} is out of order; periods ascend and do not overlap")]
    Period(Date, Time, Time),
    /// Days not ascending.
    #[error("day {0} stands after a later or equal one; days ascend")]
    Day(Date),
    /// Too many slots, or none.
    #[error("the grid gives {0} slots; it must give 1 to 1024")]
    Count(usize),
}

impl Grid {
    /// The slots of all days, numbered from 0, in the venue's zone.
    pub fn slots(&self, zone: &str) -> Result<Vec<Slot>, GridError> {
        let tz = TimeZone::get(zone).map_err(|_| GridError::Zone(zone.to_owned()))?;
        let mut slots = Vec::new();
        let mut previous: Option<Date> = None;
        for (number, day) in self.days.iter().enumerate() {
            if previous.is_some_and(|p| p >= day.date) {
                return Err(GridError::Day(day.date));
            }
            previous = Some(day.date);
            let minutes = day.minutes.unwrap_or(self.minutes);
            let step = minutes.saturating_add(self.changeover);
            if minutes == 0 || !minutes.is_multiple_of(5) || !self.changeover.is_multiple_of(5) || step > 240 {
                return Err(GridError::Length(minutes, self.changeover));
            }
            let mut free_from = Time::midnight();
            for &(from, until) in &day.periods {
                if from < free_from || from >= until {
                    return Err(GridError::Period(day.date, from, until));
                }
                free_from = until;
                let instant = |time: Time| {
                    tz.to_ambiguous_zoned(day.date.to_datetime(time))
                        .compatible()
                        .map(|z| z.timestamp())
                };
                let bad = |_| GridError::Period(day.date, from, until);
                let (mut at, end) = (instant(from).map_err(bad)?, instant(until).map_err(bad)?);
                let minute = |n: u16| SignedDuration::from_mins(i64::from(n));
                while at + minute(step) <= end && slots.len() <= MAX_SLOTS {
                    slots.push(Slot {
                        number: slots.len() as u16,
                        day: number as u16,
                        starts: at,
                        ends: at + minute(minutes),
                        frees: at + minute(step),
                    });
                    at += minute(step);
                }
            }
        }
        match slots.len() {
            1..=MAX_SLOTS => Ok(slots),
            n => Err(GridError::Count(n)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Grid, GridError};
    use jiff::civil::{date, time};

    fn tokyo() -> Grid {
        let periods = vec![
            (time(10, 0, 0, 0), time(12, 30, 0, 0)),
            (time(13, 30, 0, 0), time(17, 40, 0, 0)),
        ];
        let day = |d| Day {
            date: date(2025, 11, d),
            periods: periods.clone(),
            minutes: None,
        };
        Grid {
            minutes: 20,
            changeover: 5,
            days: vec![day(5), day(6)],
        }
    }

    #[test]
    fn tokyo_has_32_slots() {
        let slots = tokyo().slots("Asia/Tokyo").expect("grid");
        assert_eq!(slots.len(), 32);
        assert_eq!(slots[8].starts.to_string(), "2025-11-05T05:20:00Z", "14:20 in Tokyo");
        assert_eq!(slots[16].day, 1);
        assert!(slots.windows(2).all(|w| w[0].frees <= w[1].starts));
    }

    #[test]
    fn impossible_grids_are_named() {
        let check = |change: fn(&mut Grid), zone: &str, expect: &str| {
            let mut grid = tokyo();
            change(&mut grid);
            let error: GridError = grid.slots(zone).expect_err(expect);
            assert!(error.to_string().contains(expect), "{error}");
        };
        check(|_| (), "Asia/Tokio", "Asia/Tokio");
        check(|g| g.minutes = 0, "Asia/Tokyo", "0 + 5 minutes");
        check(|g| g.days.reverse(), "Asia/Tokyo", "2025-11-05 stands after");
        check(|g| g.days[0].periods.reverse(), "Asia/Tokyo", "out of order");
        check(|g| g.days.clear(), "Asia/Tokyo", "0 slots");
    }
}
