//! What the answers amount to: gaps, the time to reach them, the slope of growth, and the named figures of `--json`.
//! Gaps are in percent. Ours is against the bound its own prices prove in that run; a peer's against the best bound
//! any run of ours proved, so that a peer is not charged for its own weaker bound.

use super::solver::{Answer, Limit, Solver};
use serde_json::{Map, Value, json};

/// Gaps in percent whose time is compared.
pub const GAPS: [f64; 6] = [1.0, 0.1, 0.05, 0.02, 0.005, 0.0];

/// All answers of one bench.
#[derive(Default)]
pub struct Figures {
    pub answers: Vec<Answer>,
    /// Events where every meeting must be held.
    pub events: Vec<Answer>,
    pub growth: Vec<Growth>,
    /// Optimum of a market's linear relaxation.
    pub relaxations: Vec<(String, f64)>,
}

/// One size of the growth curve.
pub struct Growth {
    pub requests: u64,
    /// Our first timetable with its certificate: the run, without the JSON.
    pub first: Answer,
    /// Our run with a time limit.
    pub ours: Answer,
    pub peers: Vec<Answer>,
}

pub fn percent(value: i64, bound: i64) -> f64 {
    (bound - value) as f64 * 100.0 / bound.abs().max(1) as f64
}

impl Answer {
    pub fn is(&self, kind: &str, solver: Solver) -> bool {
        self.kind == kind && self.solver == solver
    }

    /// The gap in percent; `reference`: the best bound there is, for a peer.
    pub fn gap(&self, reference: Option<i64>) -> Option<f64> {
        let bound = if self.solver == Solver::Ours {
            self.bound
        } else {
            reference
        };
        Some(percent(self.checked?.value, bound?))
    }

    /// Seconds until the gap was at most so many percent.
    pub fn seconds_to(&self, gap: f64, reference: Option<i64>) -> Option<f64> {
        let reached = |value: Option<i64>, bound: Option<i64>| {
            let bound = if self.solver == Solver::Ours { bound } else { reference };
            matches!((value, bound), (Some(value), Some(bound)) if percent(value, bound) <= gap)
        };
        self.trace
            .iter()
            .find(|step| reached(step.1, step.2))
            .map(|step| step.0)
    }

    pub fn limit_seconds(&self) -> f64 {
        match self.limit {
            Limit::Seconds(seconds) => seconds,
            Limit::First | Limit::Proof => 0.0,
        }
    }
}

impl Figures {
    pub fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = self.answers.iter().map(|answer| answer.kind.as_str()).collect();
        kinds.dedup();
        kinds
    }

    /// The best bound that any run of ours proved.
    pub fn reference(&self, kind: &str) -> Option<i64> {
        let ours = self.answers.iter().filter(|answer| answer.is(kind, Solver::Ours));
        ours.filter_map(|answer| answer.bound).min()
    }

    /// The best of a solver's runs: seconds to a gap.
    pub fn seconds_to(&self, kind: &str, solver: Solver, gap: f64) -> Option<f64> {
        let reference = self.reference(kind);
        let runs = self.answers.iter().filter(|answer| answer.is(kind, solver));
        runs.filter_map(|answer| answer.seconds_to(gap, reference))
            .min_by(f64::total_cmp)
    }

    /// The figures by name, as `--json` prints them.
    pub fn named(&self) -> Map<String, Value> {
        let mut named = Map::new();
        named.insert("gap_unit".to_owned(), json!("percent"));
        for answer in &self.answers {
            self.name_answer(answer, &mut named);
        }
        self.name_proofs(&mut named);
        self.name_second_level(&mut named);
        for (kind, optimum) in &self.relaxations {
            named.insert(format!("{kind}_relaxation"), rounded(*optimum));
            if let Some(bound) = self.reference(kind) {
                let above = (bound as f64 - optimum) * 100.0 / optimum.abs().max(1.0);
                named.insert(format!("{kind}_bound_above_relaxation"), rounded(above));
            }
        }
        for solver in [Solver::Ours, Solver::CpSat] {
            let events: Vec<&Answer> = self.events.iter().filter(|answer| answer.solver == solver).collect();
            if !events.is_empty() {
                let complete = events.iter().filter(|answer| is_complete(answer)).count();
                let prefix = if solver == Solver::Ours { "" } else { "cpsat_" };
                named.insert(format!("{prefix}mandatory_complete"), json!(complete));
                named.insert(format!("{prefix}mandatory_events"), json!(events.len()));
            }
        }
        let sizes = |of: fn(&Growth) -> Option<f64>| -> Vec<(f64, f64)> {
            let points = self.growth.iter().map(|size| Some((size.requests as f64, of(size)?)));
            points.flatten().collect()
        };
        if let Some(slope) = slope(&sizes(first_seconds)) {
            named.insert("growth_slope".to_owned(), rounded(slope));
        }
        if let Some(slope) = slope(&sizes(close_seconds)) {
            named.insert("growth_slope_close".to_owned(), rounded(slope));
        }
        named
    }

    fn name_answer(&self, answer: &Answer, named: &mut Map<String, Value>) {
        let gap = answer.gap(self.reference(&answer.kind)).map_or(Value::Null, rounded);
        let (kind, limit) = (&answer.kind, limit_name(answer.limit));
        if answer.solver == Solver::Ours {
            named.insert(format!("{kind}_gap_{limit}"), gap);
            named.insert(format!("{kind}_seconds_{limit}"), rounded(answer.seconds));
            let peak = self
                .answers
                .iter()
                .filter(|a| a.is(kind, Solver::Ours))
                .map(|a| a.peak_mib);
            named.insert(format!("{kind}_peak_mib"), rounded(peak.fold(0.0, f64::max).ceil()));
        } else {
            named.insert(format!("{}_gap_{kind}_{limit}", answer.solver.key()), gap);
        }
    }

    /// Milliseconds to the proof, the middle of the runs that ended with one.
    fn name_proofs(&self, named: &mut Map<String, Value>) {
        for kind in self.kinds() {
            let proved = |answer: &&Answer| {
                let ran = answer.is(kind, Solver::Ours) && answer.limit == Limit::Proof;
                ran && answer.gap(None) == Some(0.0)
            };
            let mut times: Vec<f64> = self.answers.iter().filter(proved).map(|a| a.seconds).collect();
            times.sort_by(f64::total_cmp);
            if let Some(middle) = times.get(times.len() / 2) {
                named.insert(format!("{kind}_ms"), rounded(middle * 1e3));
            }
        }
    }

    /// Breaks and dashes of the timed runs on `tokyo`, as a share of the first timetable's.
    fn name_second_level(&self, named: &mut Map<String, Value>) {
        let tokyo = || self.answers.iter().filter(|answer| answer.is("tokyo", Solver::Ours));
        let second = |answer: &Answer| answer.checked.map(|c| (c.breaks + c.dashes) as f64);
        let Some(first) = tokyo().find(|answer| answer.limit == Limit::First).and_then(second) else {
            return;
        };
        for answer in tokyo().filter(|answer| matches!(answer.limit, Limit::Seconds(_))) {
            if let Some(now) = second(answer) {
                let name = format!("second_level_{}", limit_name(answer.limit));
                named.insert(name, rounded(now / first.max(1.0)));
            }
        }
    }
}

/// Whether every meeting is held.
pub fn is_complete(answer: &Answer) -> bool {
    answer.checked.is_some_and(|checked| checked.placed == checked.requests)
}

/// Ours: seconds of the run that makes the first timetable with its certificate.
pub fn first_seconds(size: &Growth) -> Option<f64> {
    Some(size.first.trace.last()?.0)
}

/// The gap in percent of the curve's second line, and of the peers' lines.
pub const CLOSE: f64 = 0.02;
pub const NEAR: f64 = 1.0;

/// Ours: seconds to a gap of [`CLOSE`].
pub fn close_seconds(size: &Growth) -> Option<f64> {
    size.ours.seconds_to(CLOSE, None)
}

/// `100ms`, `1s`, `1_5s`, `first`.
fn limit_name(limit: Limit) -> String {
    match limit {
        Limit::First => "first".to_owned(),
        Limit::Proof => "proof".to_owned(),
        Limit::Seconds(seconds) if seconds < 1.0 => format!("{}ms", (seconds * 1e3).round()),
        Limit::Seconds(seconds) => format!("{seconds}s").replace('.', "_"),
    }
}

/// Six places are more than any figure here is worth.
fn rounded(number: f64) -> Value {
    json!((number * 1e6).round() / 1e6)
}

/// The exponent of y ~ x^slope: least squares over the logarithms.
pub fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = (points.iter())
        .filter(|(x, y)| *x > 0.0 && *y > 0.0)
        .map(|(x, y)| (x.ln(), y.ln()))
        .collect();
    let count = logs.len() as f64;
    if logs.len() < 2 {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let over: f64 = logs.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let under: f64 = logs.iter().map(|p| (p.0 - x).powi(2)).sum();
    (under > 0.0).then(|| over / under)
}

#[cfg(test)]
mod tests {
    use super::super::solver::Checked;
    use super::*;

    fn answer(kind: &str, solver: Solver, seconds: f64, value: i64, bound: Option<i64>) -> Answer {
        Answer {
            kind: kind.to_owned(),
            solver,
            limit: Limit::Seconds(seconds),
            seconds,
            json_seconds: 0.0,
            peak_mib: 10.0,
            checked: Some(Checked {
                value,
                placed: 1,
                requests: 2,
                breaks: 3,
                dashes: 4,
            }),
            bound,
            trace: vec![(0.1, Some(value - 10), bound), (0.5, Some(value), bound)],
        }
    }

    #[test]
    fn a_peer_is_measured_against_our_bound() {
        let figures = Figures {
            answers: vec![
                answer("tokyo", Solver::Ours, 1.0, 990, Some(1000)),
                answer("tokyo", Solver::CpSat, 1.5, 900, Some(4000)),
            ],
            ..Figures::default()
        };
        let named = figures.named();
        assert_eq!(named["tokyo_gap_1s"], 1.0);
        assert_eq!(named["cpsat_gap_tokyo_1_5s"], 10.0);
        assert_eq!(figures.seconds_to("tokyo", Solver::Ours, 1.0), Some(0.5));
        assert_eq!(figures.seconds_to("tokyo", Solver::Ours, 2.0), Some(0.1));
        assert_eq!(figures.seconds_to("tokyo", Solver::CpSat, 1.0), None);
    }

    #[test]
    fn names_of_limits() {
        let check = |seconds: f64, expect: &str| assert_eq!(limit_name(Limit::Seconds(seconds)), expect);
        check(0.1, "100ms");
        check(1.5, "1_5s");
        check(10.0, "10s");
    }

    #[test]
    fn the_slope_of_a_straight_line_is_one() {
        let slope = slope(&[(1e3, 0.002), (1e4, 0.02), (1e5, 0.2)]).unwrap();
        assert!((slope - 1.0).abs() < 1e-9);
    }
}
