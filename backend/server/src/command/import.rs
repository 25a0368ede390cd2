//! `ichiba import`: files into the market, all or nothing, every problem at once.

use crate::{clock::Stopwatch, config::Config, import, secret};
use domain::{
    id::EventId,
    import::{Import, Report, read},
    name::Tongue,
};
use std::{path::PathBuf, process::ExitCode};
use storage::Store;

pub(super) async fn run(config: &Config, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let store = super::open(config).await?;
    let watch = Stopwatch::start();
    match into(config, &store, paths).await? {
        Ok(counts) => {
            println!("imported {counts} in {:.2} s", watch.elapsed().as_secs_f64());
            Ok(ExitCode::SUCCESS)
        }
        Err(report) => {
            eprintln!("{}\nNothing was imported.", report.text(Tongue::En));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Imports and says what, or reports every problem.
pub(super) async fn into(config: &Config, store: &Store, paths: &[PathBuf]) -> anyhow::Result<Result<String, Report>> {
    let sources = match import::sources(paths) {
        Ok(sources) => sources,
        Err(report) => return Ok(Err(report)),
    };
    let known = store.known(known_event(config, store).await?).await?;
    let import = match read(&sources, &known) {
        Ok(import) => import,
        Err(report) => return Ok(Err(report)),
    };
    let counts = counts(&import);
    let scope = import.scope.unwrap_or(EventId(uuid::Uuid::nil()));
    store
        .import(&super::ctx(scope)?, secret::id()?, import)
        .await
        .map_err(super::plainly)?;
    Ok(Ok(counts))
}

/// The event files may refer to without describing it: the configured one, or the only one.
async fn known_event(config: &Config, store: &Store) -> anyhow::Result<Option<EventId>> {
    if store.events().await?.is_empty() {
        return Ok(None);
    }
    Ok(Some(super::event(config, store).await?.id))
}

fn counts(import: &Import) -> String {
    let counted = [
        (import.programmes.len(), "programmes"),
        (import.people.len(), "people"),
        (import.exhibitors.len(), "exhibitors"),
        (import.buyers.len(), "buyers"),
        (import.artists.len(), "artists"),
        (import.wishes.len(), "wishes"),
        (import.sessions.len(), "sessions"),
        (import.attendance.len(), "attendances"),
        (import.absences.len(), "absences"),
    ];
    let said: Vec<String> = counted
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
    if said.is_empty() {
        "nothing".to_owned()
    } else {
        said.join(", ")
    }
}
