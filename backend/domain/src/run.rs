//! A run: the calculation of a timetable, from its start to its proposal. One an event at a time: the draft is the
//! claim, and a lease keeps it only as long as its process lives. Deliberately not here: threads, and the calculation
//! itself (`timetable.rs`).

use crate::{id::TimetableId, name::Tongue, refusal::Refusal, time::SignedDuration, timetable::State};
use jiff::Timestamp;

/// Longest search that may be asked for over the API, in seconds.
pub const MAX_SECONDS: u16 = 600;
/// How long a run holds its claim after it was last heard of.
pub const LEASE: SignedDuration = SignedDuration::from_secs(10);

/// A calculation that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartRun {
    /// The new version's id, made by whoever asks: asking again finds the same run.
    pub id: TimetableId,
    /// The same seed on the same market searches the same way.
    pub seed: u64,
    /// How long to search at most.
    pub most: SignedDuration,
}

impl StartRun {
    /// A run as it may be asked for over the API: 1 to [`MAX_SECONDS`] seconds, no negative seed.
    pub fn asked(id: TimetableId, seed: i64, seconds: u16) -> Result<Self, Refusal> {
        let seed = u64::try_from(seed).map_err(|_| Refusal::Malformed {
            field: "seed",
            wanted: "a whole number of 0 or more",
        })?;
        if !(1..=MAX_SECONDS).contains(&seconds) {
            return Err(Refusal::Malformed {
                field: "seconds",
                wanted: "1 to 600",
            });
        }
        let most = SignedDuration::from_secs(i64::from(seconds));
        Ok(Self { id, seed, most })
    }
}

/// The draft an event has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub version: u32,
    /// Until when its run holds it.
    pub leased_until: Timestamp,
}

impl Draft {
    /// Whether its run is alive. A lease further ahead than leases reach comes from a clock that went wrong, and holds
    /// nothing.
    pub fn is_held(&self, now: Timestamp) -> bool {
        now < self.leased_until && self.leased_until <= now + LEASE + LEASE
    }
}

/// Whether a run may begin where there is this draft. One whose process died is no hindrance.
pub fn may_begin(draft: Option<&Draft>, now: Timestamp) -> Result<(), Refusal> {
    match draft {
        Some(draft) if draft.is_held(now) => Err(Refusal::RunUnderWay { version: draft.version }),
        _ => Ok(()),
    }
}

/// How a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunState {
    /// It is searching.
    Running,
    /// It was asked to stop and is about to keep the best it has.
    Stopping,
    /// Its proposal is kept.
    Done,
    /// There is no such timetable; why is told besides.
    Failed,
    /// Its process ended before it did; nothing was kept.
    Lost,
}

impl RunState {
    /// What people read.
    pub fn text(self, tongue: Tongue) -> &'static str {
        let (ja, en) = match self {
            RunState::Running => ("計算しています。", "It is being calculated."),
            RunState::Stopping => (
                "停止しています。その時点の最良案を残します。",
                "It is being stopped; the best so far is kept.",
            ),
            RunState::Done => (
                "計算が終わり、案を保存しました。",
                "It is calculated, and the proposal is kept.",
            ),
            RunState::Failed => ("成立するタイムテーブルがありません。", "There is no such timetable."),
            RunState::Lost => (
                "計算していたプロセスが途中で終わりました。もう一度始めてください。",
                "Its process ended before it did; start another run.",
            ),
        };
        match tongue {
            Tongue::Ja => ja,
            Tongue::En => en,
        }
    }
}

/// What is kept of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    /// The state of the version it makes.
    pub state: State,
    /// Until when it holds its claim; `None` once it has ended by itself.
    pub leased_until: Option<Timestamp>,
    /// Whether it was asked to stop.
    pub stop_asked: bool,
    /// Whether it ended with a reason instead of a timetable.
    pub failed: bool,
}

impl Trace {
    /// How the run is doing.
    pub fn run_state(&self, version: u32, now: Timestamp) -> RunState {
        match (self.state, self.leased_until) {
            _ if self.failed => RunState::Failed,
            (State::Draft, Some(leased_until)) if (Draft { version, leased_until }).is_held(now) => {
                if self.stop_asked {
                    RunState::Stopping
                } else {
                    RunState::Running
                }
            }
            (State::Draft, _) | (_, Some(_)) => RunState::Lost,
            _ => RunState::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, LEASE, MAX_SECONDS, RunState, StartRun, Trace, may_begin};
    use crate::{id::TimetableId, refusal::Refusal, time::SignedDuration, timetable::State};
    use jiff::Timestamp;
    use uuid::Uuid;

    fn now() -> Timestamp {
        "2025-10-01T00:00:00Z".parse().expect("time")
    }

    #[test]
    fn one_at_a_time_as_long_as_it_lives() {
        let second = SignedDuration::from_secs(1);
        for (leased_until, refused) in [
            (now() + second, true),
            (now() + LEASE, true),
            (now(), false),
            (now() - second, false),
            // A clock that was a year ahead must not block the event for a year.
            (now() + SignedDuration::from_hours(24 * 365), false),
        ] {
            let draft = Draft {
                version: 3,
                leased_until,
            };
            let expect = if refused {
                Err(Refusal::RunUnderWay { version: 3 })
            } else {
                Ok(())
            };
            assert_eq!(may_begin(Some(&draft), now()), expect, "{leased_until}");
        }
        assert_eq!(may_begin(None, now()), Ok(()));
    }

    #[test]
    fn states() {
        let held = Some(now() + LEASE);
        for (state, leased_until, stop_asked, failed, expect) in [
            (State::Draft, held, false, false, RunState::Running),
            (State::Draft, held, true, false, RunState::Stopping),
            (State::Draft, Some(now()), false, false, RunState::Lost),
            (State::Superseded, Some(now()), false, false, RunState::Lost),
            (State::Superseded, None, false, true, RunState::Failed),
            (State::Superseded, None, false, false, RunState::Done),
            (State::Proposed, None, true, false, RunState::Done),
        ] {
            let trace = Trace {
                state,
                leased_until,
                stop_asked,
                failed,
            };
            assert_eq!(trace.run_state(1, now()), expect, "{trace:?}");
        }
    }

    #[test]
    fn what_may_be_asked() {
        let id = TimetableId(Uuid::from_u128(1));
        for (seed, seconds, good) in [
            (0, 1, true),
            (i64::MAX, MAX_SECONDS, true),
            (-1, 1, false),
            (0, 0, false),
            (0, MAX_SECONDS + 1, false),
        ] {
            assert_eq!(StartRun::asked(id, seed, seconds).is_ok(), good, "{seed}, {seconds}");
        }
    }
}
