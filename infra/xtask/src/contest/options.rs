//! The command line of `cargo xtask bench scheduler`, and what follows from it: which markets, for how long.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

pub const USAGE: &str = "cargo xtask bench scheduler [--seconds S] [--quick] [--json] [--publish] [FILES…]";

/// Longest run of a solver, and the same with `--quick`.
const SECONDS: f64 = 60.0;
const QUICK_SECONDS: f64 = 2.0;
/// `--seconds` is at most so much.
const MOST_SECONDS: f64 = 3600.0;

#[derive(Debug, PartialEq)]
pub struct Options {
    /// Longest run of a solver on one instance.
    pub seconds: f64,
    pub extent: Extent,
    /// Whether the last line is one JSON object with the figures.
    pub json: bool,
    /// Whether the pictures go to the scheduler's folder.
    pub publish: bool,
    /// Instances to use instead of those made.
    pub files: Vec<PathBuf>,
}

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    Full,
    /// About a minute.
    Quick,
}

pub fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options {
        seconds: SECONDS,
        extent: Extent::Full,
        json: false,
        publish: false,
        files: Vec::new(),
    };
    let mut seconds = None;
    let mut rest = args.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => {
                let value = rest.next().context("--seconds needs a value")?;
                let number = value.parse().ok().filter(|s| (0.1..=MOST_SECONDS).contains(s));
                seconds = Some(number.with_context(|| format!("--seconds is a number from 0.1 to {MOST_SECONDS}"))?);
            }
            "--quick" => options.extent = Extent::Quick,
            "--json" => options.json = true,
            "--publish" => options.publish = true,
            other if other.starts_with("--") => bail!("there is no option \"{other}\"\n\n  {USAGE}"),
            file => {
                let path = std::path::absolute(file)?;
                if !path.is_file() {
                    bail!("there is no file {file}");
                }
                options.files.push(path);
            }
        }
    }
    if options.extent == Extent::Quick {
        options.seconds = QUICK_SECONDS;
    }
    options.seconds = seconds.unwrap_or(options.seconds);
    Ok(options)
}

impl Options {
    /// Kinds to make and run.
    pub fn kinds(&self) -> &'static [&'static str] {
        match self.extent {
            _ if !self.files.is_empty() => &[],
            Extent::Full => &["jobs", "advisers", "tokyo", "tight", "regional", "huge"],
            Extent::Quick => &["jobs", "advisers", "tokyo", "tight"],
        }
    }

    /// Time limits for our own solver on a market, ascending; the issue's own figures among them.
    pub fn limits(&self, kind: &str) -> Vec<f64> {
        let named: &[f64] = match kind {
            "jobs" | "advisers" => &[],
            "tokyo" => &[0.1, 1.0, 2.0, 10.0],
            "regional" => &[1.5, 10.0],
            "huge" => &[20.0],
            _ => &[1.0, 10.0],
        };
        self.up_to_longest(named)
    }

    /// Time limits for annealing: it must be told its time beforehand, so every limit is a run of its own.
    pub fn annealing_limits(&self) -> Vec<f64> {
        self.up_to_longest(&[1.0, 10.0])
    }

    fn up_to_longest(&self, named: &[f64]) -> Vec<f64> {
        let below = named.iter().copied().filter(|&limit| limit < self.seconds);
        below.chain([self.seconds]).collect()
    }

    /// Events where every meeting must be held: how many, and the limit of each.
    pub fn mandatory(&self) -> (usize, f64) {
        match self.extent {
            _ if !self.files.is_empty() => (0, 0.0),
            Extent::Full => (20, self.seconds.min(10.0)),
            Extent::Quick => (4, self.seconds.min(1.0)),
        }
    }

    /// Sizes of the growth curve in requests, and the limit of each.
    pub fn growth(&self) -> (&'static [u64], f64) {
        match self.extent {
            _ if !self.files.is_empty() => (&[], 0.0),
            Extent::Full => (
                &[1000, 3162, 10_000, 31_623, 100_000, 316_228, 1_000_000],
                self.seconds.min(30.0),
            ),
            Extent::Quick => (&[1000, 10_000, 100_000], self.seconds.min(2.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Result<(f64, Extent, bool, bool), &str>) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let got = parse(&args)
            .map(|o| (o.seconds, o.extent, o.json, o.publish))
            .map_err(|problem| problem.to_string().lines().next().unwrap_or_default().to_owned());
        assert_eq!(got, expect.map_err(str::to_owned), "{line}");
    }

    #[test]
    fn the_command_line() {
        check("", Ok((60.0, Extent::Full, false, false)));
        check("--quick --json", Ok((2.0, Extent::Quick, true, false)));
        check("--seconds 5 --quick", Ok((5.0, Extent::Quick, false, false)));
        check("--publish", Ok((60.0, Extent::Full, false, true)));
        check("--seconds", Err("--seconds needs a value"));
        check("--seconds 0", Err("--seconds is a number from 0.1 to 3600"));
        check("--second 1", Err("there is no option \"--second\""));
        check("nowhere.json", Err("there is no file nowhere.json"));
    }

    #[test]
    fn limits_end_with_the_longest() {
        let options = parse(&["--seconds".to_owned(), "5".to_owned()]).unwrap();
        assert_eq!(options.limits("tokyo"), [0.1, 1.0, 2.0, 5.0]);
        assert_eq!(options.limits("jobs"), [5.0]);
        assert_eq!(options.annealing_limits(), [1.0, 5.0]);
    }
}
