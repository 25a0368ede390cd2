//! `ichiba demo`: an embedded market out of seed files, a timetable proposed and published, a sign-in link for each
//! role, and the server. A second run starts on the existing data at once.

use super::{import, serve, timetable};
use crate::{
    clock::{self, Stopwatch},
    config::Config,
    secret,
};
use anyhow::Context as _;
use clap::Args;
use domain::{
    access::Role,
    id::{EventId, PersonId},
};
use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};
use storage::{Store, participation::Page};

/// How long the demonstration's timetable is searched for at most.
const SEARCH: Duration = Duration::from_millis(300);
/// A file in the data folder that says: made by `demo`, may be made anew.
const MARK: &str = "made-by-demo";
/// People looked through for one of each role.
const MAX_PEOPLE: u64 = 100_000;

#[derive(Args)]
pub(crate) struct Demo {
    /// The folder of the market's data.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// The folder of the seed files.
    #[arg(long, default_value = "seed-data")]
    seed: PathBuf,
    /// Visitors to import besides.
    #[arg(long)]
    visitors: Option<PathBuf>,
    /// Files of the GraphQL explorer.
    #[arg(long)]
    explorer: Option<PathBuf>,
    /// Begins anew.
    #[arg(long)]
    fresh: bool,
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

impl Demo {
    /// A demonstration is embedded, on this machine, in development, whatever else is configured.
    pub(crate) fn overrides(&self) -> Vec<(&'static str, String)> {
        let mut overrides = vec![
            ("data", self.data.display().to_string()),
            (
                "database_url",
                format!("sqlite:{}", self.data.join("ichiba.db").display()),
            ),
            ("listen", format!("127.0.0.1:{}", self.port)),
            ("base_url", format!("http://127.0.0.1:{}", self.port)),
            ("mail", "files".to_owned()),
            ("development", "true".to_owned()),
            ("log", "warn".to_owned()),
        ];
        overrides.extend(
            self.explorer
                .as_ref()
                .map(|folder| ("explorer", folder.display().to_string())),
        );
        overrides
    }
}

pub(super) async fn run(config: Config, demo: Demo) -> anyhow::Result<ExitCode> {
    let watch = Stopwatch::start();
    if demo.fresh && !clear(&demo.data)? {
        println!("Nothing was changed.");
        return Ok(ExitCode::FAILURE);
    }
    let store = super::open(&config).await?;
    let there = store.events().await?;
    let mark = demo.data.join(MARK);
    if there.is_empty() {
        std::fs::write(&mark, "")?;
    }
    anyhow::ensure!(
        mark.exists(),
        "{} holds a market that was not made by demo: choose another folder with --data, or serve it with ichiba serve",
        demo.data.display()
    );
    let published = match there.first() {
        Some(event) => store.snapshot(event.id).await?.published_timetable().await?.is_some(),
        None => false,
    };
    if published {
        println!(
            "the market in {} is there already (--fresh begins anew)",
            demo.data.display()
        );
        pretend_eve(&store, super::event(&config, &store).await?.id).await?;
    } else if let Some(code) = make(&config, &store, &demo).await? {
        return Ok(code);
    }
    let event = super::event(&config, &store).await?.id;
    let links = links(&config, &store, event).await?;
    let base = config.base_url.clone();
    let (listener, site) = serve::listen(config, store).await?;
    println!("\nsign in as (each link works once, within 10 minutes; a new start prints new ones):");
    for (role, name, link) in links {
        println!("  {role:<12} {name}\n    {link}");
    }
    println!(
        "\nserving on {base} after {:.2} s; Ctrl-C ends it",
        watch.elapsed().as_secs_f64()
    );
    serve::serve(listener, site).await
}

/// Makes the market; an exit code where the seed files have problems.
async fn make(config: &Config, store: &Store, demo: &Demo) -> anyhow::Result<Option<ExitCode>> {
    let paths: Vec<PathBuf> = std::iter::once(demo.seed.clone())
        .chain(demo.visitors.clone())
        .collect();
    for path in paths {
        let watch = Stopwatch::start();
        match import::into(config, store, std::slice::from_ref(&path)).await? {
            Ok(counts) => println!("imported {counts} ({:.2} s)", watch.elapsed().as_secs_f64()),
            Err(report) => {
                eprintln!("{}\nNothing was imported.", report.text(domain::name::Tongue::En));
                return Ok(Some(ExitCode::FAILURE));
            }
        }
    }
    let event = super::event(config, store).await?;
    pretend_eve(store, event.id).await?;
    let watch = Stopwatch::start();
    let version = timetable::propose(store, &event, SEARCH, 1).await?;
    println!(
        "proposed {} ({:.2} s)",
        timetable::sentence(&version),
        watch.elapsed().as_secs_f64()
    );
    let watch = Stopwatch::start();
    let published = store
        .publish_timetable(&super::ctx(event.id)?, version.id, secret::id()?)
        .await;
    let version = published.map_err(super::plainly)?;
    println!(
        "published version {} ({:.2} s)",
        version.version,
        watch.elapsed().as_secs_f64()
    );
    Ok(None)
}

/// The days of the seed's market may be over by now: then it is its eve, so that everything can be tried out.
async fn pretend_eve(store: &Store, event: EventId) -> anyhow::Result<()> {
    let slots = store.snapshot(event).await?.slots().await?;
    let eve = slots.first().context("the event has no slots")?.starts - jiff::SignedDuration::from_hours(24);
    if clock::now() > eve {
        clock::pretend(eve);
        println!("the clock of this demonstration: {eve}, the eve of the market");
    }
    Ok(())
}

/// Empties the data folder; asks first when the data are not the demonstration's. Answers whether it was done.
fn clear(data: &Path) -> anyhow::Result<bool> {
    if !data.join("ichiba.db").exists() {
        return Ok(true);
    }
    if !data.join(MARK).exists() {
        print!(
            "{} holds data that were not made by demo. Delete them? [y/N] ",
            data.display()
        );
        std::io::stdout().flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            return Ok(false);
        }
    }
    for file in ["ichiba.db", "ichiba.db-wal", "ichiba.db-shm", MARK] {
        remove(std::fs::remove_file(data.join(file)), file)?;
    }
    remove(std::fs::remove_dir_all(data.join("mail")), "mail")?;
    Ok(true)
}

fn remove(removed: std::io::Result<()>, what: &str) -> anyhow::Result<()> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{what} cannot be deleted"))
        }
        _ => Ok(()),
    }
}

/// Where a role begins: in the app, where it was built and has screens for the role, else in the explorer.
fn first_page(role: Role) -> String {
    let in_app = match role {
        Role::Exhibitor => "/board",
        Role::Officer => "",
        _ => "/",
    };
    if mobile_api::app::is_page(in_app) {
        in_app.to_owned()
    } else {
        format!("/explorer/%3Fopen%3D{}", first_query(role))
    }
}

/// Where a role begins in the explorer.
fn first_query(role: Role) -> &'static str {
    match role {
        Role::Exhibitor => "MyBooth",
        Role::Organizer | Role::Officer => "Timetable",
        Role::Visitor | Role::DoorStaff | Role::Interpreter => "Exhibitors",
        Role::Buyer | Role::Adviser | Role::Speaker => "MyAgenda",
    }
}

/// Whom to show first, by their codes in the seed files; otherwise the first of the role.
const SHOWN: &[&str] = &["S055"];

/// One person of each role with a link.
async fn links(config: &Config, store: &Store, event: EventId) -> anyhow::Result<Vec<(&'static str, String, String)>> {
    let snapshot = store.snapshot(event).await?;
    let everybody = snapshot
        .participations(&Page {
            after: None,
            limit: MAX_PEOPLE,
        })
        .await?;
    let mut of_role: BTreeMap<Role, PersonId> = BTreeMap::new();
    for participation in &everybody {
        if SHOWN.contains(&participation.code.as_str()) {
            of_role.insert(participation.role, participation.person);
        }
        of_role.entry(participation.role).or_insert(participation.person);
    }
    let people: Vec<PersonId> = of_role.values().copied().collect();
    let people = snapshot.people(&people).await?;
    drop(snapshot);
    let mut links = Vec::new();
    for (role, person) in of_role {
        let name = &people.get(&person).context("a participation without a person")?.name;
        let latin = name
            .latin
            .as_ref()
            .map(|latin| format!(" ({latin})"))
            .unwrap_or_default();
        let link = serve::link_for(config, store, person, &first_page(role)).await?;
        links.push((role.code(), format!("{}{latin}", name.written), link));
    }
    Ok(links)
}
