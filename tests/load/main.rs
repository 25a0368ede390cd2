//! Load on the real binary, over loopback, with the generator on the same machine: durable bookings a second on both
//! databases, the opening minute, latency over rate, kill -9 under load, a booking seen by another process. Prints
//! tables; with `--json FILE` keeps the figures. `cargo xtask bench booking` builds everything and calls it.
//! Deliberately not here: asserting anything; what must hold is tested in `tests/it`.

#![expect(clippy::print_stdout, reason = "a program of the command line says what it measures")]

mod bookings;
mod client;
mod curve;
mod figures;
mod kill;
mod market;
mod minute;
mod nodes;
mod people;

use figures::Figures;
use std::{path::PathBuf, time::Duration};
use system_tests::machine;

/// What is asked of a run.
struct Options {
    /// How long each measurement takes.
    seconds: u64,
    /// The parts to run; all when none is named.
    parts: Vec<String>,
    /// Where the figures go.
    json: Option<PathBuf>,
}

fn options() -> Options {
    let mut options = Options {
        seconds: 10,
        parts: Vec::new(),
        json: None,
    };
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => options.seconds = rest.next().and_then(|n| n.parse().ok()).expect("--seconds N"),
            "--json" => options.json = Some(rest.next().expect("--json FILE").into()),
            part => options.parts.push(part.to_owned()),
        }
    }
    options
}

fn main() {
    let options = options();
    let wanted = |part: &str| options.parts.is_empty() || options.parts.iter().any(|name| name == part);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let time = Duration::from_secs(options.seconds);
    let mut figures = Figures::default();
    if !machine::binary_is_release() {
        println!("a debug build: its figures say nothing of what users get");
    }
    if wanted("bookings") {
        bookings::measure(&runtime, time, &mut figures);
    }
    if wanted("minute") {
        minute::measure(&runtime, &mut figures);
    }
    if wanted("curve") {
        curve::measure(&runtime, time, &mut figures);
    }
    if wanted("kill") {
        kill::measure(&runtime, &mut figures);
    }
    if wanted("nodes") {
        nodes::measure(&mut figures);
    }
    println!("\n{}", figures.table());
    if let Some(file) = &options.json {
        std::fs::write(file, figures.json().to_string()).expect("the figures can be written");
    }
}
