//! The figures as tables, in Markdown that also reads well on a terminal.

use super::figures::{CLOSE, Figures, GAPS, NEAR, close_seconds, first_seconds, is_complete};
use super::solver::{Answer, Limit, Solver};
use std::fmt::Write;

/// All tables, each under its sentence.
pub fn all(figures: &Figures) -> String {
    let mut text = runs(figures);
    text += &ratios(figures);
    if !figures.events.is_empty() {
        text += &events(figures);
    }
    if !figures.growth.is_empty() {
        text += &growth(figures);
    }
    for (kind, optimum) in &figures.relaxations {
        let bound = figures
            .reference(kind)
            .map_or("-".to_owned(), |bound| bound.to_string());
        let _ = writeln!(
            text,
            "\n`{kind}`: the linear relaxation's optimum is {optimum:.1} (HiGHS, floating point); our prices prove \
             {bound}. No prices prove less than the relaxation."
        );
    }
    text
}

fn runs(figures: &Figures) -> String {
    let head = [
        "instance", "solver", "limit s", "took s", "JSON s", "MiB", "value", "bound", "gap %", "placed", "breaks",
        "dashes",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for answer in &figures.answers {
        let limit = match answer.limit {
            Limit::Seconds(seconds) => seconds.to_string(),
            Limit::First => "first".to_owned(),
            Limit::Proof => "proof".to_owned(),
        };
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let of = |figure: fn(&super::solver::Checked) -> String| or_dash(answer.checked.as_ref().map(figure));
        rows.push(vec![
            answer.kind.clone(),
            answer.solver.name().to_owned(),
            limit,
            format!("{:.3}", answer.seconds),
            format!("{:.3}", answer.json_seconds),
            format!("{:.0}", answer.peak_mib),
            of(|c| c.value.to_string()),
            or_dash(answer.bound.map(|bound| bound.to_string())),
            or_dash(
                answer
                    .gap(figures.reference(&answer.kind))
                    .map(|gap| format!("{gap:.4}")),
            ),
            of(|c| format!("{}/{}", c.placed, c.requests)),
            of(|c| c.breaks.to_string()),
            of(|c| c.dashes.to_string()),
        ]);
    }
    let text = "Every answer is checked. Gap: ours against the bound its own prices prove, a peer's against the best \
                such bound. Seconds are the whole process's, reading and writing JSON apart.";
    format!("{text}\n\n{}", lines(&rows))
}

/// Seconds to each gap, and how many times ours a peer took.
fn ratios(figures: &Figures) -> String {
    let solvers = [Solver::Ours, Solver::Annealing, Solver::CpSat, Solver::Highs];
    let mut head = vec!["instance".to_owned(), "gap".to_owned()];
    head.extend(solvers.map(|solver| solver.name().to_owned()));
    let mut rows = vec![head];
    for kind in figures.kinds() {
        for gap in GAPS {
            let Some(ours) = figures.seconds_to(kind, Solver::Ours, gap) else {
                continue;
            };
            let label = if gap == 0.0 {
                "optimal".to_owned()
            } else {
                format!("≤ {gap} %")
            };
            let mut row = vec![kind.to_owned(), label, format!("{ours:.4} s")];
            for solver in Solver::PEERS {
                row.push(peer_cell(figures, kind, solver, gap, ours));
            }
            rows.push(row);
        }
    }
    let text = "Seconds until the gap was reached, and how many times ours that is. Ours counts when its own prices \
                prove the gap; a peer when its value is so near our best bound, whether it knows or not.";
    format!("\n{text}\n\n{}", lines(&rows))
}

fn peer_cell(figures: &Figures, kind: &str, solver: Solver, gap: f64, ours: f64) -> String {
    let runs: Vec<&Answer> = figures
        .answers
        .iter()
        .filter(|answer| answer.is(kind, solver))
        .collect();
    let longest = runs.iter().map(|answer| answer.limit_seconds()).fold(0.0, f64::max);
    match figures.seconds_to(kind, solver, gap) {
        _ if runs.is_empty() => "not run".to_owned(),
        Some(seconds) => format!("{seconds:.3} s ({})", times(seconds / ours)),
        None => format!("not in {longest} s (> {})", times(longest / ours)),
    }
}

fn times(ratio: f64) -> String {
    match ratio {
        _ if ratio < 10.0 => format!("{ratio:.1}×"),
        _ => format!("{ratio:.0}×"),
    }
}

fn events(figures: &Figures) -> String {
    let head = [
        "solver",
        "events",
        "complete",
        "seconds, all",
        "slowest s",
        "breaks, all",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for solver in [Solver::Ours, Solver::CpSat] {
        let runs: Vec<&Answer> = figures.events.iter().filter(|answer| answer.solver == solver).collect();
        if runs.is_empty() {
            continue;
        }
        let breaks: u64 = runs.iter().filter_map(|answer| answer.checked).map(|c| c.breaks).sum();
        rows.push(vec![
            solver.name().to_owned(),
            runs.len().to_string(),
            runs.iter().filter(|answer| is_complete(answer)).count().to_string(),
            format!("{:.2}", runs.iter().map(|answer| answer.seconds).sum::<f64>()),
            format!("{:.2}", runs.iter().map(|answer| answer.seconds).fold(0.0, f64::max)),
            breaks.to_string(),
        ]);
    }
    let text = "Events where every meeting must be held (a complete timetable exists for each). CP-SAT was not asked \
                to keep breaks few.";
    format!("\n{text}\n\n{}", lines(&rows))
}

fn growth(figures: &Figures) -> String {
    let close = format!("gap ≤ {CLOSE} % s");
    let head = [
        "requests",
        "first s",
        "its gap %",
        &close,
        "MiB",
        "annealing s",
        "CP-SAT s",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let seconds = |time: Option<f64>| time.map_or("-".to_owned(), |s| format!("{s:.4}"));
    for size in &figures.growth {
        let peer = |solver: Solver| {
            let run = size.peers.iter().find(|answer| answer.solver == solver);
            seconds(run.and_then(|answer| answer.seconds_to(NEAR, size.ours.bound)))
        };
        rows.push(vec![
            size.requests.to_string(),
            seconds(first_seconds(size)),
            size.first.gap(None).map_or("-".to_owned(), |gap| format!("{gap:.4}")),
            seconds(close_seconds(size)),
            format!("{:.0}", size.ours.peak_mib.max(size.first.peak_mib)),
            peer(Solver::Annealing),
            peer(Solver::CpSat),
        ]);
    }
    let text = format!(
        "Growth. First: our first timetable with its certificate. The peers' seconds are to {NEAR} % of our bound."
    );
    format!("\n{text}\n\n{}", lines(&rows))
}

/// A Markdown table with even columns; the first row is the head.
fn lines(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(text, "| {cell:<width$} ");
        }
        text += "|\n";
        if index == 0 {
            for width in &widths {
                let _ = write!(text, "| {} ", "-".repeat(*width));
            }
            text += "|\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_even() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = lines(&[row(["gap", "s"]), row(["≤ 1 %", "10"])]);
        assert_eq!(text, "| gap   | s  |\n| ----- | -- |\n| ≤ 1 % | 10 |\n");
    }
}
