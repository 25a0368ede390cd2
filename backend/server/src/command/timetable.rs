//! `ichiba timetable`: solve an instance alone, or propose, list, publish, roll back in the market.

use crate::{
    clock::{self, Stopwatch},
    config::Config,
    secret,
};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::{event::Event, id::TimetableId, timetable as rule};
use scheduler::{Instance, Limits};
use std::{collections::HashSet, path::PathBuf, process::ExitCode, time::Duration};
use storage::{
    Store,
    timetable::{Proposed, Version},
};

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_secs(1);

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Solves an instance in the interchange format and writes the timetable with its certificate.
    Solve(Solve),
    /// Calculates the next version from all wishes of the market.
    Propose {
        /// How long to search at most; ends earlier when proved optimal.
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
        /// The same seed searches the same way.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Lists all versions.
    List,
    /// Says what publishing a version would change in the live calendar, and how many would be told.
    Compare {
        /// Its number.
        version: u32,
    },
    /// Publishes a proposed version.
    Publish {
        /// Its number.
        version: u32,
    },
    /// Makes a version that was published before the published one again.
    RollBack {
        /// Its number.
        version: u32,
    },
    /// Writes the market as an instance in the interchange format, for any solver.
    Export {
        /// The file for the instance.
        #[arg(long)]
        instance: PathBuf,
        /// The file for the published timetable with its certificate.
        #[arg(long)]
        timetable: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(crate) struct Solve {
    /// The instance.
    #[arg(long)]
    instance: PathBuf,
    /// Where the timetable goes.
    #[arg(long)]
    out: PathBuf,
    /// How long to search at most; ends earlier when proved optimal.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// A limit of work instead of time: the same on every machine.
    #[arg(long)]
    work: Option<u64>,
    /// The same seed and work give the same timetable to the byte.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A time to search: at least nothing, at most a day.
fn duration(seconds: f64) -> anyhow::Result<Duration> {
    anyhow::ensure!((0.0..=86_400.0).contains(&seconds), "seconds is 0 to 86400");
    Ok(Duration::from_secs_f64(seconds))
}

pub(super) fn solve(solve: &Solve) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(&solve.instance)
        .with_context(|| format!("{} cannot be read", solve.instance.display()))?;
    let instance = Instance::from_json(&text).with_context(|| solve.instance.display().to_string())?;
    let limits = Limits {
        seed: solve.seed,
        work: solve.work,
    };
    let watch = Stopwatch::start();
    let mut alarm = clock::alarm(duration(solve.seconds)?);
    let mut told = Stopwatch::start();
    let mut stop = |progress: &scheduler::Progress| {
        if told.elapsed() >= TELL_EVERY {
            told = Stopwatch::start();
            say_progress(progress);
        }
        solve.work.is_none() && alarm()
    };
    let timetable = match scheduler::solve(&instance, &limits, &mut stop) {
        Ok(timetable) => timetable,
        Err(infeasible) => anyhow::bail!("no timetable exists: {infeasible}"),
    };
    scheduler::check::check(&instance, &timetable).context("the timetable failed its own check")?;
    std::fs::write(&solve.out, timetable.to_json(&instance))
        .with_context(|| format!("{} cannot be written", solve.out.display()))?;
    let placed = timetable.slot_of.iter().flatten().count();
    println!(
        "placed {placed} of {}, value {}, bound {}, gap {:.4} %, breaks {}, dashes {}, {:.3} s",
        timetable.slot_of.len(),
        timetable.value,
        timetable.upper_bound,
        timetable.gap() * 100.0,
        timetable.breaks,
        timetable.dashes,
        watch.elapsed().as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

fn say_progress(progress: &scheduler::Progress) {
    let gap = (progress.upper_bound - progress.value) as f64 / progress.upper_bound.abs().max(1) as f64;
    eprintln!(
        "… value {}, bound {}, gap {:.4} %",
        progress.value,
        progress.upper_bound,
        gap * 100.0
    );
}

pub(super) async fn run(config: &Config, verb: Verb) -> anyhow::Result<ExitCode> {
    let store = super::open(config).await?;
    let event = super::event(config, &store).await?;
    match verb {
        Verb::Solve(_) => {}
        Verb::Propose { seconds, seed } => {
            let watch = Stopwatch::start();
            let version = propose(&store, &event, duration(seconds)?, seed).await?;
            println!("{}, in {:.2} s", sentence(&version), watch.elapsed().as_secs_f64());
        }
        Verb::List => {
            for version in store.snapshot(event.id).await?.timetables().await? {
                println!("{}", sentence(&version));
            }
        }
        Verb::Compare { version } => {
            let id = numbered(&store, &event, version).await?;
            println!("{}", changes(&store.snapshot(event.id).await?.difference(id).await?));
        }
        Verb::Publish { version } => {
            let id = numbered(&store, &event, version).await?;
            let done = store.publish_timetable(&super::ctx(event.id)?, id, secret::id()?).await;
            println!("{}", sentence(&done.map_err(super::plainly)?));
        }
        Verb::RollBack { version } => {
            let id = numbered(&store, &event, version).await?;
            let done = store
                .roll_back_timetable(&super::ctx(event.id)?, id, secret::id()?)
                .await;
            println!("{}", sentence(&done.map_err(super::plainly)?));
        }
        Verb::Export { instance, timetable } => export(&store, &event, &instance, timetable.as_deref()).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Calculates the next version and keeps it.
pub(super) async fn propose(store: &Store, event: &Event, most: Duration, seed: u64) -> anyhow::Result<Version> {
    let market = store.snapshot(event.id).await?.market().await?;
    let mut alarm = clock::alarm(most);
    let mut told = Stopwatch::start();
    let mut stop = move |progress: &scheduler::Progress| {
        if told.elapsed() >= TELL_EVERY {
            told = Stopwatch::start();
            say_progress(progress);
        }
        alarm()
    };
    let calculated = tokio::task::spawn_blocking(move || rule::propose(&market, seed, &mut stop)).await?;
    let proposal = calculated.map_err(|refusal| super::plainly(refusal.into()))?;
    let proposed = Proposed {
        id: TimetableId(secret::id()?),
        seed,
    };
    store
        .keep_proposal(&super::ctx(event.id)?, proposed, proposal)
        .await
        .map_err(super::plainly)
}

async fn numbered(store: &Store, event: &Event, number: u32) -> anyhow::Result<TimetableId> {
    let versions = store.snapshot(event.id).await?.timetables().await?;
    let found = versions.iter().find(|version| version.version == number);
    found
        .map(|version| version.id)
        .with_context(|| format!("there is no version {number}"))
}

/// A version in one line.
pub(super) fn sentence(version: &Version) -> String {
    let gap = (version.upper_bound - version.value) as f64 / version.upper_bound.abs().max(1) as f64;
    format!(
        "version {} ({}): {} of {} meetings placed, {} of {} mutual wishes, value {}, bound {}, gap {:.4} %",
        version.version,
        version.state.code(),
        version.placed,
        version.requests,
        version.mutual_placed,
        version.mutual,
        version.value,
        version.upper_bound,
        gap * 100.0
    )
}

/// What changes, in one line.
fn changes(difference: &rule::Difference) -> String {
    let (buyers, exhibitors): (HashSet<_>, HashSet<_>) =
        difference.told().map(|pair| (pair.buyer, pair.exhibitor)).unzip();
    format!(
        "{} moved, {} lost, {} added; {} buyers and {} exhibitors would be told",
        difference.moved.len(),
        difference.lost.len(),
        difference.added.len(),
        buyers.len(),
        exhibitors.len()
    )
}

async fn export(
    store: &Store,
    event: &Event,
    instance: &std::path::Path,
    timetable: Option<&std::path::Path>,
) -> anyhow::Result<()> {
    let snapshot = store.snapshot(event.id).await?;
    let problem = rule::problem(&snapshot.market().await?).map_err(|refusal| super::plainly(refusal.into()))?;
    std::fs::write(instance, problem.instance.to_json())
        .with_context(|| format!("{} cannot be written", instance.display()))?;
    if let Some(file) = timetable {
        let published = snapshot
            .published_timetable()
            .await?
            .context("no timetable is published yet")?;
        let certificate = snapshot
            .certificate(published.id)
            .await?
            .context("the timetable has no certificate")?;
        std::fs::write(file, certificate).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}
