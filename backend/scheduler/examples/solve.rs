//! Runs the scheduler on a file: `solve INSTANCE OUT [--seconds S] [--work N] [--seed N] [--report FILE] [--verbose]`;
//! with `--check` it verifies OUT instead of writing it. For measuring, and for standing beside `check.py`.
//! Deliberately not the product's command line: that is in the server crate.

use scheduler::check::check;
use scheduler::{Instance, Limits, Timetable, solve};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const USAGE: &str =
    "usage: solve INSTANCE OUT [--seconds S] [--work N] [--seed N] [--report FILE] [--verbose] [--check]";

#[derive(Clone, Copy, PartialEq)]
enum Words {
    Few,
    Many,
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn answer() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|k| args.get(k + 1));
    let flag = |name: &str| args.iter().any(|a| a == name);
    let [input, output, ..] = args.as_slice() else {
        return Err(USAGE.into());
    };
    let clock = start();
    let instance = Instance::from_json(&read(input)?)?;
    let reading = clock.elapsed();
    let report = if flag("--check") {
        verify(&instance, output)?
    } else {
        let limits = Limits {
            seed: option("--seed").map_or(Ok(1), |s| s.parse())?,
            work: option("--work").map(|s| s.parse()).transpose()?,
            // Who names a time or a work limit wants it used.
            polish: (option("--seconds").is_some() || option("--work").is_some()).then_some(u64::MAX),
        };
        let seconds: f64 = option("--seconds").map_or(Ok(2.0), |s| s.parse())?;
        let words = if flag("--verbose") { Words::Many } else { Words::Few };
        let (timetable, mut report) = run(&instance, &limits, seconds, words)?;
        let clock = start();
        std::fs::write(output, timetable.to_json(&instance)).map_err(|e| format!("cannot write {output}: {e}"))?;
        report["read"] = reading.as_secs_f64().into();
        report["write"] = clock.elapsed().as_secs_f64().into();
        report
    };
    if let Some(file) = option("--report") {
        std::fs::write(file, report.to_string()).map_err(|e| format!("cannot write {file}: {e}"))?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "an example may look at the clock")]
fn start() -> Instant {
    Instant::now()
}

fn read(file: &str) -> Result<String> {
    std::fs::read_to_string(file).map_err(|e| format!("cannot read {file}: {e}").into())
}

/// Solves; the report has the seconds and every improvement as [seconds, value, bound].
fn run(instance: &Instance, limits: &Limits, seconds: f64, words: Words) -> Result<(Timetable, Value)> {
    let start = start();
    let end = Duration::from_secs_f64(seconds);
    let (mut silence, mut last) = (Duration::ZERO, Duration::ZERO);
    let mut shown = (i64::MIN, i64::MAX);
    let mut trace: Vec<(f64, i64, i64)> = Vec::new();
    let timetable = solve(instance, limits, &mut |progress| {
        let now = start.elapsed();
        (silence, last) = (silence.max(now.saturating_sub(last)), now);
        if (progress.value, progress.upper_bound) != shown {
            shown = (progress.value, progress.upper_bound);
            trace.push((now.as_secs_f64(), shown.0, shown.1));
            if words == Words::Many {
                say(&format!("{:>8.1} ms {progress:?}", now.as_secs_f64() * 1e3));
            }
        }
        limits.work.is_none() && now >= end
    })?;
    let solved = start.elapsed().as_secs_f64();
    trace.push((solved, timetable.value, timetable.upper_bound));
    say(&format!(
        "{} value {} bound {} gap {:.4} % placed {} breaks {} dashes {} in {:.1} ms",
        instance.name(),
        timetable.value,
        timetable.upper_bound,
        timetable.gap() * 100.0,
        timetable.placed(),
        timetable.breaks,
        timetable.dashes,
        solved * 1e3,
    ));
    if words == Words::Many {
        say(&format!(
            "longest time between two questions whether to stop: {silence:?}"
        ));
        let least = timetable.least_breaks_and_dashes(instance);
        say(&format!(
            "no timetable of these meetings has fewer than {least} breaks and dashes"
        ));
    }
    Ok((timetable, json!({ "solve": solved, "trace": trace })))
}

/// Checks a timetable with its certificate; an error says what is wrong with it.
fn verify(instance: &Instance, file: &str) -> Result<Value> {
    let timetable = Timetable::from_json(&read(file)?, instance)?;
    let checked = check(instance, &timetable)?;
    say(&format!("{} {checked:?}", instance.name()));
    Ok(json!({
        "placed": checked.placed,
        "requests": instance.requests().len(),
        "value": checked.value,
        "bound": timetable.upper_bound,
        "breaks": checked.breaks,
        "dashes": checked.dashes,
    }))
}

#[expect(clippy::print_stderr, reason = "a refusal is for a person to read")]
fn complain(line: &str) {
    eprintln!("{line}");
}

#[expect(clippy::print_stdout, reason = "an example's only output")]
fn say(line: &str) {
    println!("{line}");
}
