//! The run: relaxation, first timetable, improvement, better prices and fewer breaks by turns, until proved
//! optimal or told to stop; then the second level. Deliberately not here: a clock, threads, and how anything is done.

use crate::ascent::Ascent;
use crate::board::{Board, Infeasible, NOWHERE};
use crate::chain::Chains;
use crate::comfort::Comfort;
use crate::draft::Draft;
use crate::improve::Improver;
use crate::instance::Instance;
use crate::least::least_within;
use crate::place::{place_all, place_fixed};
use crate::polish::Polish;
use crate::price::Prices;
use crate::pulse::Pulse;
use crate::relax::{Relaxed, relax, trivial};
use crate::timetable::Timetable;

/// Work on the second level, for each request, that a proved timetable is kept waiting for.
const POLISH_PER_REQUEST: u64 = 4;
/// Where value and bound are nearer than one part in so many, improvement comes before better prices.
const CLOSE_ONE_IN: i64 = 2000;
/// Parties × slots up to which it is worth knowing how few breaks and dashes are possible, to end there; and the most
/// steps that may take, about a tenth of a second.
const FEW_CELLS: usize = 4096;
const LEAST_STEPS: u64 = 1 << 24;

/// What a run may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Seed of all chance: same instance, seed and work limit, same timetable.
    pub seed: u64,
    /// Most units of work, about one attempted exchange each; `None`: until told to stop, or proved optimal. The
    /// relaxation and the first timetable are always made and do not count.
    pub work: Option<u64>,
    /// Most units of work on breaks and dashes after the value is proved; `None`: so few that nobody waits for them,
    /// in proportion to the requests.
    pub polish: Option<u64>,
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
    let start = Progress {
        value: draft.value,
        upper_bound: trivial(&board).bound,
        placed: board.requests - draft.waiting.len(),
        work: 0,
    };
    let mut pulse = Pulse::new(limits, start, stop);
    pulse.poll();
    let relaxed = relax(&board, &mut || pulse.poll());
    pulse.proved(relaxed.bound);
    let mut chains = Chains::new(board.requests);
    place_all(&mut draft, &mut chains, &relaxed, &mut pulse);
    pulse.found(draft.value, board.requests - draft.waiting.len());
    let mut improver = Improver::new(draft, chains, limits.seed);
    improver.learn(&relaxed.prices);
    let mut polish = Polish::new(instance, limits.seed);
    let prices = by_turns(&mut improver, &mut polish, relaxed, &mut pulse);
    let mut draft = improver.into_best();
    if pulse.is_proved() {
        if limits.polish.is_some() && board.parties * board.slots <= FEW_CELLS {
            polish.least = least_within(instance, &draft.slot_of, LEAST_STEPS).unwrap_or(0) as i64;
        }
        let most = limits.polish.unwrap_or(POLISH_PER_REQUEST * board.requests as u64);
        polish.run(&mut draft, &mut pulse, most);
    }
    Ok(finished(instance, &board, &draft.slot_of, prices, &pulse.best))
}

/// Improves the prices, the timetable and its second level by turns, the same work each, until there is nothing left
/// to do in value.
fn by_turns(improver: &mut Improver, polish: &mut Polish, relaxed: Relaxed, pulse: &mut Pulse) -> Prices {
    let board = improver.draft.board;
    let mut prices = relaxed.prices;
    let mut ascent = None;
    let close = pulse.best.upper_bound - pulse.best.value <= pulse.best.upper_bound / CLOSE_ONE_IN;
    let mut lean = !close;
    let mut share = if close { 0 } else { board.requests as u64 };
    while !pulse.is_over() {
        if share > 0 {
            let (known, best) = (pulse.best.upper_bound, improver.best());
            let ascent = ascent.get_or_insert_with(|| Ascent::new(board, &prices, known, best));
            if let Some(ascent) = ascent {
                let end = pulse.best.work + share;
                while pulse.best.work < end && !pulse.is_over() && !ascent.is_done() {
                    ascent.run_round(pulse);
                }
                prices.clone_from(&ascent.best);
                improver.learn(&prices);
                if std::mem::take(&mut lean) && !pulse.is_over() {
                    improver.lean(&ascent.leanings(), pulse);
                }
            }
        }
        let before = pulse.best.work;
        improver.run_cycle(pulse);
        share = pulse.best.work - before;
        if !pulse.is_over() {
            improver.polish_best(polish, pulse, share);
        }
    }
    prices
}

fn finished(instance: &Instance, board: &Board, slots: &[u16], prices: Prices, best: &Progress) -> Timetable {
    let slot_of = slots.iter().map(|&s| (s != NOWHERE).then_some(s)).collect();
    let mut timetable = Timetable {
        slot_of,
        value: best.value,
        upper_bound: best.upper_bound,
        breaks: 0,
        dashes: 0,
        prices,
    };
    timetable.count_second_level(board, &Comfort::new(instance));
    timetable
}
