//! What if there were more tables, another interpreter, one slot less, a floor for small exhibitors: value, bound,
//! meetings and fairness before and after, at once from prices, or exactly by solving. Nothing here changes anything.

use crate::{
    fairness::{Fairness, fairness},
    id::{ExhibitorId, PoolId},
    market::{Market, Placement},
    problem::{Laid, MIN_PENALTY, contradiction, lay},
    refusal::Refusal,
    timetable::Progress,
};
use scheduler::{Edit, Instance, Limits, Timetable};

/// Most questions put at once.
pub const MAX_QUESTIONS: usize = 50;
/// Longest an exact answer may be searched for over the API, in seconds: an answer within a request's time.
pub const MAX_SECONDS: u16 = 3;
/// Most places added or taken away by one question.
const MAX_PLACES: i32 = 1000;

/// One thing that could be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// So many tables more at a booth (fewer, if below 0), whenever it is open.
    Tables(ExhibitorId, i32),
    /// So many interpreters more in a pool (fewer, if below 0).
    Interpreters(PoolId, i32),
    /// Nobody meets in this slot.
    SlotClosed(u16),
    /// Every exhibitor with at most so many tables shall have at least so many meetings.
    Floor {
        /// Tables at most.
        tables: u16,
        /// Meetings at least.
        meetings: u16,
    },
}

/// One side of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// What the meetings are worth, less penalties.
    pub value: i64,
    /// No timetable is worth more.
    pub upper_bound: i64,
    /// Pairs that meet.
    pub placed: u32,
    /// How those who wish are treated.
    pub fairness: Fairness,
}

/// Before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// As it is.
    pub before: Figures,
    /// As it would be: what is reached at once by the smallest changes, or what a search has found.
    pub after: Figures,
}

/// The market with a timetable in it, and as it would be.
struct Asked {
    laid: Laid,
    timetable: Timetable,
    edited: Instance,
}

fn asked(
    market: &Market,
    placements: &[Placement],
    certificate: &str,
    questions: &[Question],
) -> Result<Asked, Refusal> {
    if questions.is_empty() || questions.len() > MAX_QUESTIONS {
        return Err(Refusal::Malformed {
            field: "edits",
            wanted: "1 to 50 of them",
        });
    }
    let laid = lay(market, placements, None)?;
    let edits: Vec<Edit> = questions
        .iter()
        .map(|question| edits(market, &laid, *question))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    let edited = laid.problem.instance.edited(&edits).map_err(contradiction)?;
    let timetable = Timetable {
        slot_of: laid.slot_of.clone(),
        value: 0,
        upper_bound: 0,
        breaks: 0,
        dashes: 0,
        prices: laid.problem.prices(certificate),
    };
    Ok(Asked {
        laid,
        timetable,
        edited,
    })
}

/// Answers at once: the bound from the prices of the certificate, the meetings by the smallest changes.
pub fn forecast(
    market: &Market,
    placements: &[Placement],
    certificate: &str,
    questions: &[Question],
) -> Result<WhatIf, Refusal> {
    let asked = asked(market, placements, certificate, questions)?;
    let Asked {
        laid,
        timetable,
        edited,
    } = &asked;
    let seen = scheduler::forecast(&laid.problem.instance, timetable, edited).map_err(contradiction)?;
    Ok(WhatIf {
        before: figures(market, laid, &laid.slot_of, (seen.value_before, seen.bound_before)),
        after: figures(market, laid, &seen.slot_of, (seen.value_repaired, seen.bound_after)),
    })
}

/// Answers by solving: `stop` is asked often and ends the search when it answers yes.
pub fn solve(
    market: &Market,
    placements: &[Placement],
    certificate: &str,
    questions: &[Question],
    stop: &mut dyn FnMut(&Progress) -> bool,
) -> Result<WhatIf, Refusal> {
    let asked = asked(market, placements, certificate, questions)?;
    let Asked {
        laid,
        timetable,
        edited,
    } = &asked;
    let limits = Limits {
        seed: 1,
        ..Limits::default()
    };
    let found = scheduler::solve(edited, &limits, stop).map_err(contradiction)?;
    let seen = scheduler::forecast(&laid.problem.instance, timetable, edited).map_err(contradiction)?;
    let bound = found.upper_bound.min(seen.bound_after);
    Ok(WhatIf {
        before: figures(market, laid, &laid.slot_of, (seen.value_before, seen.bound_before)),
        after: figures(market, laid, &found.slot_of, (found.value, bound)),
    })
}

fn figures(market: &Market, laid: &Laid, slot_of: &[Option<u16>], (value, upper_bound): (i64, i64)) -> Figures {
    let pairs = laid.problem.pairs().iter().zip(slot_of);
    let meeting = pairs
        .filter(|(_, slot)| slot.is_some())
        .map(|(pair, _)| *pair)
        .collect();
    Figures {
        value,
        upper_bound,
        placed: slot_of.iter().flatten().count() as u32,
        fairness: fairness(market, &meeting),
    }
}

/// A question as changes of the instance.
fn edits(market: &Market, laid: &Laid, question: Question) -> Result<Vec<Edit>, Refusal> {
    let problem = &laid.problem;
    let slots = 0..market.slots.len() as u16;
    let places = |party, by: i32| {
        if by.abs() > MAX_PLACES {
            return Err(Refusal::Malformed {
                field: "by",
                wanted: "−1000 to 1000",
            });
        }
        Ok(vec![Edit::Places {
            party,
            slots: slots.clone(),
            by,
        }])
    };
    match question {
        Question::Tables(id, by) => {
            let found = market.exhibitors.iter().position(|x| x.id == id);
            places(problem.exhibitor_party(found.ok_or(Refusal::NotFound)?), by)
        }
        Question::Interpreters(id, by) => {
            let found = market.pools.iter().position(|pool| pool.id == id);
            places(problem.pool_party(found.ok_or(Refusal::NotFound)?), by)
        }
        Question::SlotClosed(slot) if usize::from(slot) >= market.slots.len() => Err(Refusal::NoSuchSlot {
            slots: market.slots.len(),
        }),
        Question::SlotClosed(slot) => Ok(vec![Edit::CloseSlot { slot }]),
        Question::Floor { tables, meetings } => {
            let small = |exhibitor: &ExhibitorId| {
                let booth = market.booths.iter().find(|booth| booth.exhibitor == *exhibitor);
                booth.is_some_and(|booth| booth.tables <= tables)
            };
            let all = market.exhibitors.iter().enumerate();
            Ok(all
                .filter(|(_, exhibitor)| small(&exhibitor.id))
                .map(|(i, _)| Edit::Floor {
                    party: problem.exhibitor_party(i),
                    min: u32::from(meetings),
                    penalty: MIN_PENALTY,
                })
                .collect())
        }
    }
}
