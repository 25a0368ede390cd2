//! `cargo xtask bench booking`: load on the real, optimised binary over loopback, with the generator (tests/load) on the
//! same machine: durable bookings a second on SQLite and PostgreSQL, the opening minute, latency over rate, kill -9 under load, a
//! booking seen at another process. Tables, a plot, and with `--json` one object as the last line.

use super::python::Python;
use crate::postgres::{self, Postgres};
use crate::product;
use crate::redis;
use crate::shell::{self, Watch, cargo, step};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

pub const USAGE: &str = "cargo xtask bench booking [--seconds S] [--json] [PARTS…]";

/// How long each measurement takes.
const SECONDS: u64 = 10;
const MOST_SECONDS: u64 = 600;
/// Figures that belong on the last line, in this order.
const NAMED: [&str; 7] = [
    "bookings_per_s_sqlite",
    "bookings_per_s_postgres",
    "opening_minute_p99_ms",
    "errors",
    "double_bookings",
    "lost_after_kill",
    "cross_node_ms",
];

#[derive(Debug, PartialEq)]
struct Options {
    seconds: u64,
    json: bool,
    /// Parts of the load program; all when none is named.
    parts: Vec<String>,
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options {
        seconds: SECONDS,
        json: false,
        parts: Vec::new(),
    };
    let mut rest = args.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => {
                let value = rest.next().context("--seconds needs a value")?;
                let seconds = value.parse().ok().filter(|s| (1..=MOST_SECONDS).contains(s));
                options.seconds = seconds.with_context(|| format!("--seconds is a number from 1 to {MOST_SECONDS}"))?;
            }
            "--json" => options.json = true,
            other if other.starts_with("--") => bail!("there is no option \"{other}\"\n\n  {USAGE}"),
            part => options.parts.push(part.to_owned()),
        }
    }
    Ok(options)
}

pub fn run(args: &[String]) -> Result<()> {
    let options = parse(args)?;
    let watch = Watch::start();
    let target = product::target_folder()?;
    let folder = target.join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    step("build ichiba and the load program, optimised", || {
        let build = [
            "build",
            "--locked",
            "--release",
            "-p",
            "server",
            "-p",
            "system-tests",
            "--bins",
        ];
        shell::run(&mut cargo(&build))
    })?;
    let (redis, server) = (redis::find_or_install()?, Postgres::start()?);
    let file = folder.join("booking.json");
    let mut load = Command::new(target.join("release/load"));
    load.args(["--seconds", &options.seconds.to_string(), "--json"])
        .arg(&file)
        .args(&options.parts)
        .env(postgres::VARIABLE, server.url())
        .env(redis::VARIABLE, redis)
        .env("ICHIBA_BIN", target.join("release/ichiba"));
    shell::run(&mut load)?;
    let figures: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    plot(&folder, &file, &figures)?;
    println!("== all in {:.0} s; files in {}", watch.seconds(), folder.display());
    if options.json {
        println!("{}", last_line(&figures));
    }
    Ok(())
}

fn plot(folder: &Path, file: &Path, figures: &Value) -> Result<()> {
    if figures.get("curve").is_none() {
        return Ok(());
    }
    match Python::prepare(folder) {
        Some(python) if python.with_packages => shell::run(
            python
                .script("latency.py")
                .arg(file)
                .arg(folder.join("latency-over-rate.svg")),
        ),
        _ => {
            println!("== no plot: it needs the Python environment");
            Ok(())
        }
    }
}

/// The figures by which bookings are judged; what was not measured is `null`.
fn last_line(figures: &Value) -> String {
    let of = |name: &str| figures.get(name).cloned().unwrap_or(Value::Null);
    let named: serde_json::Map<String, Value> = NAMED.iter().map(|name| ((*name).to_owned(), of(name))).collect();
    Value::Object(named).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Result<(u64, bool, &[&str]), &str>) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let got = parse(&args).map_err(|problem| problem.to_string());
        let got = got.map(|options| (options.seconds, options.json, options.parts));
        let expect = expect.map(|(s, json, parts)| (s, json, parts.iter().map(|p| (*p).to_owned()).collect()));
        assert_eq!(
            got.as_ref().err().map(|e| e.lines().next().unwrap_or_default()),
            expect.as_ref().err().copied()
        );
        if let (Ok(got), Ok(expect)) = (got, expect) {
            assert_eq!(got, expect, "{line}");
        }
    }

    #[test]
    fn the_command_line() {
        check("", Ok((SECONDS, false, &[])));
        check("--seconds 5 --json curve kill", Ok((5, true, &["curve", "kill"])));
        check("--seconds 0", Err("--seconds is a number from 1 to 600"));
        check("--jsn", Err("there is no option \"--jsn\""));
    }

    #[test]
    fn what_was_not_measured_is_null() {
        let line = last_line(&serde_json::json!({"errors": 0.0, "bookings_per_s_sqlite": 3500.5, "more": 1}));
        let read: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(read.as_object().map(serde_json::Map::len), Some(NAMED.len()));
        assert_eq!(read["bookings_per_s_sqlite"], 3500.5);
        assert!(read["cross_node_ms"].is_null());
    }
}
