//! `cargo xtask test`: everything that must hold, in steps that all run; a table at the end, exit code 1 if any failed.
//! What could not run is named and fails; nothing is skipped quietly.

use crate::postgres::{self, Postgres};
use crate::redis;
use crate::shell::{self, Watch, cargo};
use crate::{app, browser, explorer, product, tidy};
use anyhow::{Result, bail};
use std::process::ExitCode;

/// The variable that the whole-system tests read the product's path from.
const BINARY_VARIABLE: &str = "ICHIBA_BIN";

struct Outcome {
    step: &'static str,
    seconds: f64,
    problem: Option<String>,
}

/// The order: what is quick and often wrong first; clippy before the build, because nothing is shared between them and
/// lints are the more frequent mistake. One build makes the product and every test together, so that cargo settles on
/// one set of features and compiles each dependency once.
pub fn run() -> ExitCode {
    let watch = Watch::start();
    let mut outcomes = vec![
        measured("format", || shell::run(&mut cargo(&["fmt", "--all", "--check"]))),
        measured("tidy", tidy::run),
        // The product embeds it.
        measured("app", app::test),
        measured("explorer", explorer::build),
        measured("clippy", || {
            shell::run(&mut cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--",
                "-D",
                "warnings",
            ]))
        }),
        measured("build", || {
            shell::run(&mut cargo(&["build", "--workspace", "--locked", "--bins", "--tests"]))
        }),
    ];
    let built = outcomes.last().is_some_and(|build| build.problem.is_none());
    for (step, work) in [("tests", tests as fn() -> Result<()>), ("browser", browser::test)] {
        outcomes.push(measured(step, || {
            if built {
                work()
            } else {
                bail!("not run: the build failed")
            }
        }));
    }

    println!("\n{}", table(&outcomes, watch.seconds()));
    let good = outcomes.iter().all(|outcome| outcome.problem.is_none());
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tests() -> Result<()> {
    let (redis, server) = (redis::find_or_install()?, Postgres::start()?);
    shell::run(
        cargo(&["test", "--workspace", "--locked", "--no-fail-fast"])
            .env(postgres::VARIABLE, server.url())
            .env(redis::VARIABLE, redis)
            .env(BINARY_VARIABLE, product::binary()?),
    )
}

fn measured(step: &'static str, work: impl FnOnce() -> Result<()>) -> Outcome {
    println!("== {step} …");
    let watch = Watch::start();
    let problem = work().err().map(|problem| format!("{problem:#}"));
    let seconds = watch.seconds();
    match &problem {
        None => println!("== {step}: ok in {seconds:.1} s"),
        Some(problem) => println!("== {step}: FAILED after {seconds:.1} s: {problem}"),
    }
    Outcome { step, seconds, problem }
}

fn table(outcomes: &[Outcome], total: f64) -> String {
    let mut lines = vec![format!("{:<10} {:<7} {:>8}", "step", "result", "seconds")];
    for outcome in outcomes {
        let word = if outcome.problem.is_none() { "ok" } else { "FAILED" };
        let line = format!("{:<10} {:<7} {:>8.1}", outcome.step, word, outcome.seconds);
        let first = outcome.problem.as_deref().and_then(|problem| problem.lines().next());
        lines.push(first.map_or(line.clone(), |problem| format!("{line}  {problem}")));
    }
    let good = outcomes.iter().all(|outcome| outcome.problem.is_none());
    lines.push(format!(
        "{:<10} {:<7} {:>8.1}",
        "all",
        if good { "ok" } else { "FAILED" },
        total
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_what_failed() {
        let good = measured("format", || Ok(()));
        let bad = measured("tests", || bail!("not run: the build failed"));
        let table = table(
            &[Outcome { seconds: 1.25, ..good }, Outcome { seconds: 0.0, ..bad }],
            1.25,
        );
        let expect = "\
step       result   seconds
format     ok           1.2
tests      FAILED       0.0  not run: the build failed
all        FAILED       1.2";
        assert_eq!(table, expect);
    }
}
