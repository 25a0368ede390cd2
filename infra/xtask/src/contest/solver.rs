//! The solvers as programs, all called alike: instance in, timetable and report out. Every answer is checked.

use super::program;
use super::python::Python;
use crate::shell;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Beside the time limit, a process may take so long for reading, building its model, writing, and stopping late.
const GRACE: Duration = Duration::from_mins(5);
/// Larger files are not given to a peer: a model of a variable for every request and slot would not be built in time,
/// or not fit into memory.
const LARGEST_FOR_CP_SAT: u64 = 10_000_000;
const LARGEST_FOR_HIGHS: u64 = 1_500_000;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Solver {
    Ours,
    Annealing,
    CpSat,
    Highs,
}

impl Solver {
    pub const PEERS: [Solver; 3] = [Solver::Annealing, Solver::CpSat, Solver::Highs];

    pub fn name(self) -> &'static str {
        match self {
            Solver::Ours => "ours",
            Solver::Annealing => "annealing",
            Solver::CpSat => "CP-SAT",
            Solver::Highs => "HiGHS",
        }
    }

    /// The name in figures.
    pub fn key(self) -> &'static str {
        match self {
            Solver::Ours => "ours",
            Solver::Annealing => "annealing",
            Solver::CpSat => "cpsat",
            Solver::Highs => "highs",
        }
    }
}

/// When a run ends, if nothing is left to do earlier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    Seconds(f64),
    /// Our own only: the relaxation and the first timetable, nothing after.
    First,
    /// Our own only: what it does if nothing is said, which is to end soon after the proof.
    Proof,
}

/// An instance file.
pub struct Market {
    /// `tokyo`, or the file's name.
    pub kind: String,
    pub path: PathBuf,
}

/// One improvement: seconds since the instance was read, value, bound.
pub type Step = (f64, Option<i64>, Option<i64>);

/// What one run came to.
pub struct Answer {
    pub kind: String,
    pub solver: Solver,
    pub limit: Limit,
    /// The whole process, without reading and writing JSON.
    pub seconds: f64,
    /// Reading and writing JSON.
    pub json_seconds: f64,
    pub peak_mib: f64,
    /// Checked figures; `None` where no timetable was found.
    pub checked: Option<Checked>,
    /// What the solver itself claims nobody can exceed; ours is proved by its prices.
    pub bound: Option<i64>,
    pub trace: Vec<Step>,
}

/// A timetable's figures, recomputed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    pub value: i64,
    pub placed: u64,
    pub requests: u64,
    pub breaks: u64,
    pub dashes: u64,
}

impl Answer {
    /// One run in one line.
    pub fn line(&self) -> String {
        let value = self
            .checked
            .map_or("no timetable".to_owned(), |c| format!("value {}", c.value));
        let bound = self.bound.map_or(String::new(), |bound| format!(" bound {bound}"));
        format!(
            "{:<9} {value}{bound} in {:.3} s (JSON {:.3} s), {:.0} MiB",
            self.solver.name(),
            self.seconds,
            self.json_seconds,
            self.peak_mib
        )
    }
}

/// Where everything is.
pub struct Ring {
    /// The scheduler's release examples.
    pub examples: PathBuf,
    pub folder: PathBuf,
    pub python: Option<Python>,
}

impl Ring {
    /// Makes an instance of a kind by seed.
    pub fn market(&self, kind: &str, seed: u64, requests: Option<u64>) -> Result<Market> {
        let size = requests.map_or(String::new(), |count| format!("-{count}"));
        let path = self.folder.join(format!("{kind}{size}-{seed}.json"));
        let mut make = Command::new(self.examples.join("market"));
        make.arg(kind).arg(&path).args(["--seed", &seed.to_string()]);
        if let Some(count) = requests {
            make.args(["--requests", &count.to_string()]);
        }
        shell::run(&mut make)?;
        Ok(Market {
            kind: kind.to_owned(),
            path,
        })
    }

    /// Why this solver cannot take part, or not on this instance.
    pub fn excuse(&self, solver: Solver, market: &Market) -> Option<String> {
        let largest = match solver {
            Solver::Ours | Solver::Annealing => return None,
            Solver::CpSat => LARGEST_FOR_CP_SAT,
            Solver::Highs => LARGEST_FOR_HIGHS,
        };
        if !self.python.as_ref().is_some_and(|python| python.with_packages) {
            return Some(format!("{}: not installed", solver.name()));
        }
        let bytes = fs::metadata(&market.path).map_or(0, |file| file.len());
        (bytes > largest).then(|| format!("{}: too large for it ({bytes} bytes of JSON)", solver.name()))
    }

    /// Runs a solver and says how it went; a peer that fails, or answers wrongly, does not end the bench.
    pub fn attempt(&self, solver: Solver, market: &Market, limit: Limit) -> Result<Option<Answer>> {
        match self.run(solver, market, limit) {
            Ok(answer) => {
                println!("   {}", answer.line());
                Ok(Some(answer))
            }
            Err(problem) if solver != Solver::Ours => {
                println!("   {}: {problem:#}", solver.name());
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// Runs a solver and checks its answer.
    pub fn run(&self, solver: Solver, market: &Market, limit: Limit) -> Result<Answer> {
        let (timetable, report) = (self.folder.join("timetable.json"), self.folder.join("report.json"));
        for old in [&timetable, &report] {
            if old.exists() {
                fs::remove_file(old)?;
            }
        }
        let mut command = self.command(solver)?;
        command.arg(&market.path).arg(&timetable).arg("--report").arg(&report);
        let mut patience = GRACE;
        match limit {
            Limit::Seconds(seconds) => {
                patience += Duration::from_secs_f64(seconds);
                command.args(["--seconds", &seconds.to_string()]);
            }
            Limit::First => {
                command.args(["--work", "0"]);
            }
            Limit::Proof => {}
        }
        let taken = program::measured(&mut command, patience)?;
        let report = read(&report)?;
        let figure = |name: &str| report[name].as_f64().unwrap_or_default();
        let trace: Vec<Step> = report["trace"].as_array().into_iter().flatten().map(step_of).collect();
        let json_seconds = figure("read") + figure("write");
        let last = trace.last().copied();
        let checked = timetable.is_file().then(|| self.check(solver, market, &timetable));
        Ok(Answer {
            kind: market.kind.clone(),
            solver,
            limit,
            seconds: taken.seconds - json_seconds,
            json_seconds,
            peak_mib: taken.peak_mib,
            checked: checked.transpose()?,
            bound: last.and_then(|(_, _, bound)| bound),
            trace,
        })
    }

    /// The optimum of the linear relaxation, in floating point: no prices prove less.
    pub fn relaxation(&self, market: &Market, seconds: f64) -> Result<Option<f64>> {
        let file = self.folder.join("relaxation.json");
        let mut command = self.command(Solver::Highs)?;
        command
            .arg(&market.path)
            .arg(self.folder.join("none.json"))
            .arg("--relax");
        command.args(["--seconds", &seconds.to_string(), "--report"]).arg(&file);
        program::measured(&mut command, GRACE + Duration::from_secs_f64(seconds))?;
        Ok(read(&file)?["relaxation"].as_f64())
    }

    fn command(&self, solver: Solver) -> Result<Command> {
        let script = |name: &str| self.python.as_ref().map(|python| python.script(name));
        Ok(match solver {
            Solver::Ours => Command::new(self.examples.join("solve")),
            Solver::Annealing => Command::new(self.examples.join("annealing")),
            Solver::CpSat => script("cp_sat.py").context("no Python")?,
            Solver::Highs => script("highs.py").context("no Python")?,
        })
    }

    /// Ours by the scheduler's own `check`, certificate included; every answer by verify.py, where there is Python.
    fn check(&self, solver: Solver, market: &Market, timetable: &Path) -> Result<Checked> {
        let mut found = Vec::new();
        if solver == Solver::Ours {
            let report = self.folder.join("checked.json");
            let mut check = self.command(Solver::Ours)?;
            check
                .arg(&market.path)
                .arg(timetable)
                .arg("--check")
                .arg("--report")
                .arg(&report);
            shell::output(&mut check)?;
            found.push(checked_of(&read(&report)?)?);
        }
        if let Some(python) = &self.python {
            let text = shell::output(python.script("verify.py").arg(&market.path).arg(timetable))?;
            let verdict: Value = serde_json::from_str(&text)?;
            if let Some(wrong) = verdict["wrong"].as_str() {
                bail!("the answer of {} to {} is wrong: {wrong}", solver.name(), market.kind);
            }
            found.push(checked_of(&verdict)?);
        }
        if found.is_empty() {
            let claim = read(timetable)?;
            let placed = claim["placed"].as_array().map_or(0, Vec::len) as u64;
            let value = claim["value"].as_i64().context("a timetable without value")?;
            let unknown = Checked {
                value,
                placed,
                requests: 0,
                breaks: 0,
                dashes: 0,
            };
            return Ok(unknown);
        }
        if found.windows(2).any(|pair| pair[0] != pair[1]) {
            bail!("the two checkers disagree about {}: {found:?}", market.kind);
        }
        Ok(found[0])
    }
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("no {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}

fn step_of(row: &Value) -> Step {
    (row[0].as_f64().unwrap_or_default(), row[1].as_i64(), row[2].as_i64())
}

fn checked_of(figures: &Value) -> Result<Checked> {
    let number = |name: &str| {
        figures[name]
            .as_u64()
            .with_context(|| format!("a check without {name}"))
    };
    Ok(Checked {
        value: figures["value"].as_i64().context("a check without value")?,
        placed: number("placed")?,
        requests: number("requests")?,
        breaks: number("breaks")?,
        dashes: number("dashes")?,
    })
}
