//! The run: relaxation, first timetable, improvement and better prices by turns, until proved optimal or told to
//! stop. Deliberately not here: a clock, threads, and how anything is done.

use crate::ascent::Ascent;
use crate::board::{Board, Infeasible, NOWHERE};
use crate::chain::Chains;
use crate::draft::Draft;
use crate::improve::Improver;
use crate::instance::Instance;
use crate::place::{place_all, place_fixed};
use crate::polish::Polish;
use crate::price::Prices;
use crate::pulse::Pulse;
use crate::relax::{Relaxed, relax, trivial};
use crate::timetable::Timetable;

/// Cycles without gain at the second level after which a proved run ends.
const PATIENCE: u32 = 20;

/// What a run may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Seed of all chance: same instance, seed and work limit, same timetable.
    pub seed: u64,
    /// Most units of work, about one attempted exchange each; `None`: until told to stop, or proved optimal. The
    /// relaxation and the first timetable are always made and do not count.
    pub work: Option<u64>,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// Value of the best timetable so far.
    pub value: i64,
    /// What no timetable can exceed, as far as proved.
    pub upper_bound: i64,
    /// Requests placed in the best timetable.
    pub placed: usize,
    /// Units of work done.
    pub work: u64,
}

/// Finds a timetable of the highest value it can, with prices that prove how much better one could be at most.
///
/// `stop` is asked about every millisecond or more often, except while a large instance is laid out; on `true` the
/// best so far is returned. Once the value is proved the best possible, a bounded effort goes into the second level.
pub fn solve(
    instance: &Instance,
    limits: &Limits,
    stop: &mut dyn FnMut(&Progress) -> bool,
) -> Result<Timetable, Infeasible> {
    let board = Board::new(instance);
    if let Some(clash) = board.clash(instance) {
        return Err(clash);
    }
    let mut draft = Draft::new(&board);
    place_fixed(&mut draft);
    let mut relaxed = trivial(&board);
    let start = Progress {
        value: draft.value,
        upper_bound: relaxed.bound,
        placed: board.requests - draft.waiting.len(),
        work: 0,
    };
    let mut pulse = Pulse::new(limits, start, stop);
    if let Some(better) = relax(&board, &mut || pulse.poll()) {
        relaxed = better;
    }
    pulse.proved(relaxed.bound);
    let mut chains = Chains::new(board.requests);
    place_all(&mut draft, &mut chains, &relaxed, &mut pulse);
    pulse.found(draft.value, board.requests - draft.waiting.len());
    let mut improver = Improver::new(draft, chains, limits.seed);
    improver.learn(&relaxed.prices);
    let mut polish = Polish::new(instance, limits.seed);
    let prices = by_turns(&board, &mut improver, &mut polish, relaxed, &mut pulse);
    let mut draft = improver.into_best();
    let mut idle = 0;
    while pulse.is_proved() && !pulse.is_stopped() && idle < PATIENCE {
        idle = if polish.run_cycle(&mut draft, &mut pulse) == 0 { idle + 1 } else { 0 };
    }
    Ok(finished(instance, &draft.slot_of, prices, &pulse.best))
}

/// Improves the timetable and the prices by turns, the same work each, until there is nothing left to do.
fn by_turns(board: &Board, improver: &mut Improver, polish: &mut Polish, relaxed: Relaxed, pulse: &mut Pulse) -> Prices {
    let mut prices = relaxed.prices;
    let mut ascent = None;
    while !pulse.is_over() {
        let before = pulse.best.work;
        improver.run_cycle(pulse);
        if pulse.is_over() {
            break;
        }
        if ascent.is_none() {
            ascent = Some(Ascent::new(board, &prices, pulse.best.upper_bound, improver.best()));
        }
        let Some(Some(ascent)) = &mut ascent else {
            continue;
        };
        let end = pulse.best.work + (pulse.best.work - before);
        while pulse.best.work < end && !pulse.is_over() {
            ascent.run_round(pulse);
        }
        prices.clone_from(&ascent.best);
        improver.learn(&prices);
        improver.polish_best(polish, pulse);
    }
    prices
}

fn finished(instance: &Instance, slots: &[u16], prices: Prices, best: &Progress) -> Timetable {
    let slot_of = slots.iter().map(|&s| (s != NOWHERE).then_some(s)).collect();
    let mut timetable = Timetable {
        slot_of,
        value: best.value,
        upper_bound: best.upper_bound,
        breaks: 0,
        dashes: 0,
        prices,
    };
    timetable.count_second_level(instance);
    timetable
}
