//! The developers' commands: `cargo xtask <command>`. This file reads the command line and nothing else; each command
//! has its own file. Nothing here is part of the product: `ichiba` never needs it.
#![expect(
    clippy::print_stdout,
    reason = "a command line tool speaks to the person who started it"
)]
#![expect(clippy::print_stderr, reason = "the same")]

#[cfg(not(unix))]
compile_error!("the developers' commands run on Linux and macOS; on Windows use WSL");

mod app;
mod bench;
mod browser;
mod chromium;
mod contest;
mod debian;
mod demo;
mod explorer;
mod npm;
mod postgres;
mod product;
mod redis;
mod seed;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  demo [--fresh] [--port 8080] [--data ./data]
                      build what is needed and run the demonstration market on http://127.0.0.1:8080
  test                everything that must hold: format, tidy, lints, app, explorer, all tests on SQLite and PostgreSQL, browser
  browser [slow] [--pictures FOLDER] [NAMES…]
                      the app in the system's Chromium against the real binary (tests/browser): screens, play, moments,
                      planted; slow: how long a slow phone waits; --pictures: every screen as a picture
  tidy                the house's own rules only (seconds)
  postgres -- CMD …   run CMD with a throw-away PostgreSQL in ICHIBA_TEST_POSTGRES (and Redis' program, if it is
                      there, in ICHIBA_TEST_REDIS), for example
                      cargo xtask postgres -- cargo test -p storage
  schema              write schema.graphql as the product prints it
  seed [visitors] …   rewrite the CSV files of seed-data/, or make visitors into a file
  app                 build the web app (mobile-api/app/build), which the product embeds
  explorer            build the GraphQL explorer (mobile-api/explorer/dist)
  bench-build         measure clean and incremental builds
  bench scheduler [--seconds 60] [--quick] [--json] [--publish] [FILES…]
                      our scheduler and other solvers on the same instances: tables and plots in target/bench
                      (--quick: about a minute; --publish: the plots into backend/scheduler/pictures)
  bench booking [--seconds 10] [--json] [PARTS…]
                      load on the optimised product: bookings a second, latency over rate, kill -9 (tests/load)
  help                this text";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("xtask: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> anyhow::Result<ExitCode> {
    let Some((command, rest)) = args.split_first() else {
        anyhow::bail!("which command?\n\n{USAGE}");
    };
    match command.as_str() {
        "demo" => demo::run(rest).map(|()| ExitCode::SUCCESS),
        "test" => no_arguments(rest).map(|()| test::run()),
        "browser" => browser::run(rest).map(|()| ExitCode::SUCCESS),
        "tidy" => no_arguments(rest)
            .and_then(|()| tidy::run())
            .map(|()| ExitCode::SUCCESS),
        "postgres" => postgres::run(rest),
        "schema" => no_arguments(rest)
            .and_then(|()| product::schema())
            .map(|()| ExitCode::SUCCESS),
        "seed" => seed::run(rest).map(|()| ExitCode::SUCCESS),
        "app" => no_arguments(rest)
            .and_then(|()| app::build())
            .map(|()| ExitCode::SUCCESS),
        "explorer" => no_arguments(rest)
            .and_then(|()| explorer::build())
            .map(|()| ExitCode::SUCCESS),
        "bench-build" => no_arguments(rest)
            .and_then(|()| bench::run())
            .map(|()| ExitCode::SUCCESS),
        "bench" => contest::run(rest).map(|()| ExitCode::SUCCESS),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => anyhow::bail!("there is no command \"{other}\"\n\n{USAGE}"),
    }
}

fn no_arguments(rest: &[String]) -> anyhow::Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(surplus) => anyhow::bail!("this command takes no arguments, but got \"{surplus}\"\n\n{USAGE}"),
    }
}
