//! `ichiba timetable`: what is done with the market's timetables, in its database. What is done with files of the
//! interchange format alone stands in `on_files.rs`.

mod on_files;

use crate::{
    clock::{self, Stopwatch},
    config::Config,
    secret,
};
use anyhow::Context as _;
use clap::Subcommand;
use domain::{
    event::Event,
    fairness::{Fairness, Share, fairness},
    id::TimetableId,
    run::{RunState, StartRun},
    timetable as rule,
};
use std::{collections::HashSet, path::PathBuf, process::ExitCode, time::Duration};
use storage::{
    Store,
    run::{Clock, Run},
    timetable::Version,
};

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_secs(1);

#[derive(Subcommand)]
pub(crate) enum Verb {
    #[command(flatten)]
    OnFiles(on_files::Verb),
    /// In the market: calculates the next version from all wishes; Ctrl-C ends the search and keeps the best.
    Propose {
        /// How long to search at most; ends earlier when proved optimal.
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
        /// The same seed searches the same way.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// In the market: lists all versions.
    List,
    /// In the market: says how a version treats those who wish: by rank, region, size of the exhibitor.
    Fairness {
        /// Its number.
        version: u32,
    },
    /// In the market: says what publishing a version would change in the live calendar, and how many would be told.
    Changes {
        /// Its number.
        version: u32,
    },
    /// In the market: publishes a proposed version.
    Publish {
        /// Its number.
        version: u32,
    },
    /// In the market: makes a version that was published before the published one again.
    RollBack {
        /// Its number.
        version: u32,
    },
    /// In the market: writes it as an instance in the interchange format, for the verbs on files and for any solver.
    Export {
        /// The file for the instance.
        #[arg(long)]
        instance: PathBuf,
        /// The file for the published timetable with its certificate.
        #[arg(long)]
        timetable: Option<PathBuf>,
    },
}

impl Verb {
    /// What needs no market and no configuration; gives the others back.
    pub(crate) fn without_market(self) -> Result<anyhow::Result<ExitCode>, Self> {
        match self {
            Verb::OnFiles(verb) => Ok(on_files::run(verb)),
            other => Err(other),
        }
    }
}

/// A time to search: at least nothing, at most a day.
fn duration(seconds: f64) -> anyhow::Result<Duration> {
    anyhow::ensure!((0.0..=86_400.0).contains(&seconds), "seconds is 0 to 86400");
    Ok(Duration::from_secs_f64(seconds))
}

pub(super) async fn run(config: &Config, verb: Verb) -> anyhow::Result<ExitCode> {
    let store = super::open(config).await?;
    let event = super::event(config, &store).await?;
    match verb {
        Verb::OnFiles(verb) => return on_files::run(verb),
        Verb::Propose { seconds, seed } => {
            let watch = Stopwatch::start();
            let version = propose(&store, &event, duration(seconds)?, seed).await?;
            println!("{}, in {:.2} s", sentence(&version), watch.elapsed().as_secs_f64());
            super::say(&report(&fairness_of(&store, &event, version.id).await?))?;
        }
        Verb::List => {
            for version in store.snapshot(event.id).await?.timetables().await? {
                println!("{}", sentence(&version));
            }
        }
        Verb::Fairness { version } => {
            let id = numbered(&store, &event, version).await?;
            super::say(&report(&fairness_of(&store, &event, id).await?))?;
        }
        Verb::Changes { version } => {
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

/// Calculates the next version and keeps it, telling how far it is.
pub(super) async fn propose(store: &Store, event: &Event, most: Duration, seed: u64) -> anyhow::Result<Version> {
    let start = StartRun {
        id: TimetableId(secret::id()?),
        seed,
        most: storage::run::most(most),
    };
    let clock = Clock {
        now: clock::now,
        alarm: clock::alarm,
    };
    let started = store.start_run(&super::ctx(event.id)?, start, clock).await;
    started.map_err(super::plainly)?;
    let found = || async {
        let run = store.snapshot(event.id).await?.run(start.id, clock::now()).await?;
        run.context("the run is gone")
    };
    let mut over = std::pin::pin!(store.run_over(start.id));
    loop {
        tokio::select! {
            () = &mut over => break,
            _ = tokio::signal::ctrl_c() => store.stop_runs().await,
            () = tokio::time::sleep(TELL_EVERY) => say_progress(&found().await?),
        }
    }
    let Run {
        version,
        state,
        failure,
        ..
    } = found().await?;
    match (state, failure) {
        (RunState::Done, _) => Ok(version),
        (_, Some(refusal)) => Err(super::plainly(refusal.into())),
        _ => anyhow::bail!("what was found could not be kept; the log says why"),
    }
}

fn say_progress(run: &Run) {
    let Version {
        value,
        upper_bound,
        placed,
        ..
    } = run.version;
    eprintln!("{}", progress(value, upper_bound, placed as usize, run.ran));
}

/// How far a search is, in one line.
fn progress(value: i64, upper_bound: i64, placed: usize, ran: Duration) -> String {
    format!(
        "{:8.3} s  value {value}, bound {upper_bound}, gap {:.4} %, {placed} placed",
        ran.as_secs_f64(),
        gap(value, upper_bound) * 100.0
    )
}

fn gap(value: i64, upper_bound: i64) -> f64 {
    (upper_bound - value) as f64 / upper_bound.abs().max(1) as f64
}

/// How a version treats those who wish, by the wishes of today.
async fn fairness_of(store: &Store, event: &Event, version: TimetableId) -> anyhow::Result<Fairness> {
    let snapshot = store.snapshot(event.id).await?;
    let placements = snapshot.placements(version).await?;
    let meeting = placements.iter().map(|placement| placement.pair).collect();
    Ok(fairness(&snapshot.market().await?, &meeting))
}

/// The fairness report as lines.
fn report(fairness: &Fairness) -> String {
    let line = |what: String, share: &Share| {
        format!(
            "  {what:<28} {:>6} of {:>6}  {:6.2} %\n",
            share.met,
            share.wished,
            share.ratio() * 100.0
        )
    };
    let ranks = |side: &str, shares: &[Share]| -> String {
        let ranked = shares.iter().enumerate().rev();
        ranked
            .map(|(i, share)| line(format!("{side}, rank {}", i + 1), share))
            .collect()
    };
    let mut lines = String::from("wishes met:\n");
    lines.push_str(&line("all".to_owned(), &fairness.all));
    lines.push_str(&line("mutual".to_owned(), &fairness.mutual));
    lines.push_str(&ranks("by buyers", &fairness.by_buyers_rank));
    lines.push_str(&ranks("by exhibitors", &fairness.by_exhibitors_rank));
    for (region, share) in &fairness.by_region {
        let region = region.map_or_else(|| "unknown".to_owned(), |region| region.to_string());
        lines.push_str(&line(format!("of buyers from {region}"), share));
    }
    for (tables, share) in &fairness.by_tables {
        lines.push_str(&line(format!("with booths of {tables} tables"), share));
    }
    lines
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
        gap(version.value, version.upper_bound) * 100.0
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
    let problem =
        domain::problem::problem(&snapshot.market().await?).map_err(|refusal| super::plainly(refusal.into()))?;
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
