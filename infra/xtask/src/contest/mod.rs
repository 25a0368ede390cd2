//! `cargo xtask bench WHAT`: `booking` is in `booking.rs`. `scheduler`: ours and its peers on the same instance files, one
//! after another in one run; every answer checked, tables of gaps, times and ratios, and two plots. The peers are separate programs in a
//! throw-away environment, never a dependency. Deliberately not here: `cargo bench -p scheduler`, which measures parts.

mod booking;
mod figures;
mod options;
mod program;
mod python;
mod solver;
mod table;

use crate::product;
use crate::shell::{self, Watch, cargo, step};
use anyhow::{Context, Result, bail};
use figures::{Figures, Growth};
use options::{Extent, Options};
use python::Python;
use serde_json::{Value, json};
use solver::{Answer, Limit, Market, Ring, Solver};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The seed of every market; events take the seeds from it on.
const SEED: u64 = 1;
/// A run that ends with a proof within milliseconds is repeated, and the middle one reported.
const REPEATS: usize = 5;
/// Kinds that must be proved optimal at once.
const PROVED_AT_ONCE: [&str; 2] = ["jobs", "advisers"];
/// The kind whose bound is compared with the linear relaxation, and the longest that may take.
const RELAXED: &str = "tight";
const RELAXATION_SECONDS: f64 = 600.0;
/// Runs to the first timetable at every size of the growth curve.
const GROWTH_REPEATS: usize = 3;
/// On the growth curve, peers take part up to so many requests.
const GROWTH_PEERS: [(Solver, u64); 2] = [(Solver::Annealing, 100_000), (Solver::CpSat, 10_000)];
/// The pictures of the scheduler's README, written with `--publish`.
const PICTURES: &str = "backend/scheduler/pictures";
const PLOTS: [&str; 2] = ["gap-over-time.svg", "time-over-size.svg"];

/// `cargo xtask bench WHAT …`
pub fn run(args: &[String]) -> Result<()> {
    match args.split_first() {
        Some((what, rest)) if what == "scheduler" => bench(&options::parse(rest)?),
        Some((what, rest)) if what == "booking" => booking::run(rest),
        _ => bail!("what is to be measured?\n\n  {}\n  {}", options::USAGE, booking::USAGE),
    }
}

fn bench(options: &Options) -> Result<()> {
    let watch = Watch::start();
    let target = product::target_folder()?;
    let folder = target.join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    step("build the scheduler's examples", || {
        let build = [
            "build",
            "--quiet",
            "--locked",
            "--release",
            "-p",
            "scheduler",
            "--examples",
        ];
        shell::run(&mut cargo(&build))
    })?;
    let ring = Ring {
        examples: target.join("release/examples"),
        python: Python::prepare(&folder),
        folder,
    };
    let mut figures = Figures::default();
    for market in markets(&ring, options)? {
        measure(&ring, options, &market, &mut figures)?;
    }
    events(&ring, options, &mut figures)?;
    growth(&ring, options, &mut figures)?;

    let tables = table::all(&figures);
    fs::write(ring.folder.join("tables.md"), &tables)?;
    println!("\n{tables}");
    let named = figures.named();
    let results = results(&figures, &named)?;
    fs::write(ring.folder.join("results.json"), results.to_string())?;
    plot(&ring, options)?;
    println!("== all in {:.0} s; files in {}", watch.seconds(), ring.folder.display());
    if options.json {
        println!("{}", Value::Object(named));
    }
    Ok(())
}

fn markets(ring: &Ring, options: &Options) -> Result<Vec<Market>> {
    let made = options.kinds().iter().map(|kind| ring.market(kind, SEED, None));
    let mut markets = made.collect::<Result<Vec<Market>>>()?;
    for path in &options.files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        // `tokyo-1.json` is a tokyo.
        let kind = stem
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .trim_end_matches('-');
        markets.push(Market {
            kind: if kind.is_empty() {
                stem.to_string()
            } else {
                kind.to_owned()
            },
            path: path.clone(),
        });
    }
    Ok(markets)
}

/// All solvers on one market.
fn measure(ring: &Ring, options: &Options, market: &Market, figures: &mut Figures) -> Result<()> {
    println!("== {}", market.kind);
    let mut take = |solver: Solver, limit: Limit| {
        figures.answers.extend(ring.attempt(solver, market, limit)?);
        anyhow::Ok(())
    };
    take(Solver::Ours, Limit::First)?;
    if PROVED_AT_ONCE.contains(&market.kind.as_str()) {
        for _ in 0..REPEATS {
            take(Solver::Ours, Limit::Proof)?;
        }
    }
    for limit in options.limits(&market.kind) {
        take(Solver::Ours, Limit::Seconds(limit))?;
    }
    for solver in Solver::PEERS {
        if let Some(excuse) = ring.excuse(solver, market) {
            println!("   {excuse}");
            continue;
        }
        let limits = if solver == Solver::Annealing {
            options.annealing_limits()
        } else {
            vec![options.seconds]
        };
        for limit in limits {
            take(solver, Limit::Seconds(limit))?;
        }
    }
    let can_relax = options.extent == Extent::Full && ring.excuse(Solver::Highs, market).is_none();
    if market.kind == RELAXED
        && can_relax
        && let Some(optimum) = ring.relaxation(market, RELAXATION_SECONDS)?
    {
        println!("   linear relaxation {optimum:.1}");
        figures.relaxations.push((market.kind.clone(), optimum));
    }
    Ok(())
}

/// Small events where every meeting must be held.
fn events(ring: &Ring, options: &Options, figures: &mut Figures) -> Result<()> {
    let (count, limit) = options.mandatory();
    for seed in (SEED..).take(count) {
        let market = ring.market("mandatory", seed, None)?;
        println!("== mandatory event {seed} of {count}");
        for solver in [Solver::Ours, Solver::CpSat] {
            if ring.excuse(solver, &market).is_none() {
                figures
                    .events
                    .extend(ring.attempt(solver, &market, Limit::Seconds(limit))?);
            }
        }
    }
    Ok(())
}

/// Regional markets of growing size.
fn growth(ring: &Ring, options: &Options, figures: &mut Figures) -> Result<()> {
    let (sizes, limit) = options.growth();
    for &requests in sizes {
        println!("== growth: {requests} requests");
        let market = ring.market("regional", SEED, Some(requests))?;
        let first = middle_first(ring, &market)?;
        let ours = ring.run(Solver::Ours, &market, Limit::Seconds(limit))?;
        println!("   {}\n   {}", first.line(), ours.line());
        let mut peers = Vec::new();
        for (solver, most) in GROWTH_PEERS {
            if requests <= most && ring.excuse(solver, &market).is_none() {
                peers.extend(ring.attempt(solver, &market, Limit::Seconds(limit))?);
            }
        }
        // What it asked for may be a few less or more than what was made.
        let requests = first.checked.map_or(requests, |checked| checked.requests);
        figures.growth.push(Growth {
            requests,
            first,
            ours,
            peers,
        });
    }
    Ok(())
}

/// The middle one, by time, of some runs to the first timetable: a point of a curve should not be an accident.
fn middle_first(ring: &Ring, market: &Market) -> Result<Answer> {
    let runs = (0..GROWTH_REPEATS).map(|_| ring.run(Solver::Ours, market, Limit::First));
    let mut runs = runs.collect::<Result<Vec<Answer>>>()?;
    runs.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
    Ok(runs.swap_remove(GROWTH_REPEATS / 2))
}

/// Everything, for the plots and for whoever wants to look closer.
fn results(figures: &Figures, named: &serde_json::Map<String, Value>) -> Result<Value> {
    let date = shell::output(Command::new("date").args(["-u", "+%F"]))?;
    let trace = |answer: &Answer| json!(answer.trace);
    let runs = figures.answers.iter().map(|answer| {
        json!({
            "kind": answer.kind, "solver": answer.solver.name(), "limit": answer.limit_seconds(),
            "reference": figures.reference(&answer.kind), "trace": trace(answer),
        })
    });
    let sizes = figures.growth.iter().map(|size| {
        let near = |solver| {
            let run = size.peers.iter().find(|answer| answer.solver == solver);
            run.and_then(|answer| answer.seconds_to(figures::NEAR, size.ours.bound))
        };
        json!({
            "requests": size.requests, "first": figures::first_seconds(size), "close": figures::close_seconds(size),
            "annealing": near(Solver::Annealing), "CP-SAT": near(Solver::CpSat),
        })
    });
    Ok(json!({
        "date": date.trim(), "runs": runs.collect::<Vec<Value>>(), "growth": sizes.collect::<Vec<Value>>(),
        "close": figures::CLOSE, "near": figures::NEAR, "figures": named,
    }))
}

fn plot(ring: &Ring, options: &Options) -> Result<()> {
    let Some(python) = ring.python.as_ref().filter(|python| python.with_packages) else {
        println!("== no plots: they need the Python environment");
        return Ok(());
    };
    for old in PLOTS.map(|name| ring.folder.join(name)) {
        if old.exists() {
            fs::remove_file(old)?;
        }
    }
    let results = ring.folder.join("results.json");
    shell::run(python.script("plot.py").arg(&results).arg(&ring.folder))?;
    if options.publish {
        let pictures = shell::root().join(PICTURES);
        fs::create_dir_all(&pictures)?;
        for name in PLOTS {
            publish(&ring.folder.join(name), &pictures.join(name))?;
        }
        println!("== pictures written to {PICTURES}");
    }
    Ok(())
}

fn publish(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        fs::copy(from, to).with_context(|| format!("could not write {}", to.display()))?;
    }
    Ok(())
}
