//! Runs the scheduler on a file: `solve INSTANCE OUT [--seconds S] [--work N] [--seed N]`; for measuring beside
//! `check.py`. Deliberately not the product's command line: that is in the server crate.

use scheduler::{Instance, Limits, solve};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|k| args.get(k + 1));
    let [input, output, ..] = args.as_slice() else {
        return Err("usage: solve INSTANCE OUT [--seconds S] [--work N] [--seed N]".into());
    };
    let seconds: f64 = option("--seconds").map_or(Ok(2.0), |s| s.parse())?;
    let limits = Limits {
        seed: option("--seed").map_or(Ok(1), |s| s.parse())?,
        work: option("--work").map(|s| s.parse()).transpose()?,
        // Who names a time or a work limit wants it used.
        polish: (option("--seconds").is_some() || option("--work").is_some()).then_some(u64::MAX),
    };
    let verbose = args.iter().any(|a| a == "--verbose");
    let instance = Instance::from_json(&std::fs::read_to_string(input)?)?;
    #[expect(clippy::disallowed_methods, reason = "an example may look at the clock")]
    let start = Instant::now();
    let end = Duration::from_secs_f64(seconds);
    let (mut silence, mut last) = (Duration::ZERO, Duration::ZERO);
    let mut shown = (i64::MIN, i64::MAX);
    let timetable = solve(&instance, &limits, &mut |progress| {
        let now = start.elapsed();
        (silence, last) = (silence.max(now.saturating_sub(last)), now);
        if verbose && (progress.value, progress.upper_bound) != shown {
            shown = (progress.value, progress.upper_bound);
            report(&format!("{:>8.1} ms {progress:?}", now.as_secs_f64() * 1e3));
        }
        limits.work.is_none() && now >= end
    })?;
    report(&format!(
        "{} value {} bound {} gap {:.4} % placed {} breaks {} dashes {} in {:.1} ms, breaks and dashes at least {}",
        instance.name(),
        timetable.value,
        timetable.upper_bound,
        timetable.gap() * 100.0,
        timetable.placed(),
        timetable.breaks,
        timetable.dashes,
        start.elapsed().as_secs_f64() * 1e3,
        timetable.least_breaks_and_dashes(&instance),
    ));
    if verbose {
        report(&format!(
            "longest time between two questions whether to stop: {silence:?}"
        ));
    }
    std::fs::write(output, timetable.to_json(&instance))?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example's only output")]
fn report(line: &str) {
    println!("{line}");
}
