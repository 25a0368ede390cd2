//! The command line. Every command reads the configuration, does one thing and says what it did; mistakes are one
//! clear sentence on standard error and an exit code other than 0.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks on the terminal"
)]

mod backup;
mod demo;
mod doctor;
mod import;
mod mail;
mod serve;
mod timetable;

use crate::{clock, config::Config, log, push::Key, secret};
use clap::{Parser, Subcommand};
use domain::{Actor, Ctx, id::EventId};
use std::{io::Write, path::PathBuf, process::ExitCode};
use storage::Store;

/// Ichiba runs trade shows: business meetings, doors, seminars, follow-up.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
pub(crate) struct Command {
    /// The configuration file; otherwise ichiba.toml, if there is one. Variables ICHIBA_… win over it.
    #[arg(long, global = true, env = "ICHIBA_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Serves the market over HTTP.
    Serve,
    /// Imports files (CSV, TOML, XLSX) or folders of them: all or nothing.
    Import {
        /// Files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Timetables: in the market (propose, publish, …) and on files alone (solve, verify, …).
    #[command(subcommand)]
    Timetable(timetable::Verb),
    /// Makes a demonstration market, prints sign-in links and serves it.
    Demo(demo::Demo),
    /// Writes everything to a file while the product goes on serving; - is standard output.
    Backup {
        /// The file.
        file: PathBuf,
    },
    /// Reads a backup into an empty database.
    Restore {
        /// The file.
        file: PathBuf,
    },
    /// Checks configuration, database, clock and mail, and says what to do.
    Doctor,
    /// Shows the newest mails of the embedded mode.
    Mail {
        /// How many.
        #[arg(long, default_value_t = 3)]
        last: usize,
    },
    /// Makes a key for web push and prints it: what goes into `push_key`, or into the file of `push_key_file`.
    PushKey,
    /// Prints the API's contract.
    Schema,
    /// Prints a sign-in link for the person with this mail address, for whoever runs the machine.
    Link {
        /// The address.
        email: String,
    },
}

/// Says what went wrong, with its causes.
pub(crate) fn say_error(error: &anyhow::Error) {
    eprintln!("{error:#}");
}

/// Says many lines; that nobody reads to the end is no mistake.
fn say(lines: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(lines.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        said => Ok(said?),
    }
}

/// Does what is asked.
pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    // What needs no configuration.
    let command = match command.verb {
        Verb::Schema => {
            print!("{}", graphql::sdl());
            return Ok(ExitCode::SUCCESS);
        }
        Verb::PushKey => {
            let key = Key::random()?;
            println!("{}", key.private());
            eprintln!("Keep it secret, and keep it: browsers that subscribed under it hear nothing under another.");
            return Ok(ExitCode::SUCCESS);
        }
        Verb::Timetable(verb) => match verb.without_market() {
            Ok(done) => return done,
            Err(verb) => Command {
                verb: Verb::Timetable(verb),
                ..command
            },
        },
        verb => Command { verb, ..command },
    };
    let overrides = match &command.verb {
        Verb::Demo(demo) => demo.overrides(),
        _ => Vec::new(),
    };
    let config = match (Config::read(command.config, overrides), &command.verb) {
        (Ok(config), _) => config,
        (Err(mistakes), Verb::Doctor) => {
            println!("{mistakes}");
            return Ok(ExitCode::FAILURE);
        }
        (Err(mistakes), _) => return Err(mistakes.into()),
    };
    log::start(config.log_format, &config.log);
    if let Some(at) = config.clock {
        clock::pretend(at);
    }
    match command.verb {
        Verb::Serve => serve::run(config).await,
        Verb::Import { paths } => import::run(&config, &paths).await,
        Verb::Timetable(verb) => timetable::run(&config, verb).await,
        Verb::Demo(demo) => demo::run(config, demo).await,
        Verb::Backup { file } => backup::backup(&config, &file).await,
        Verb::Restore { file } => backup::restore(&config, &file).await,
        Verb::Doctor => doctor::run(&config).await,
        Verb::Mail { last } => mail::run(&config, last),
        Verb::Link { email } => serve::link(&config, &email).await,
        Verb::Schema | Verb::PushKey => Ok(ExitCode::SUCCESS),
    }
}

/// Opens the store that is configured, making the data folder of an embedded one.
async fn open(config: &Config) -> anyhow::Result<Store> {
    if storage::Database::of(&config.database_url) == Some(storage::Database::Sqlite) {
        std::fs::create_dir_all(&config.data)
            .map_err(|error| anyhow::anyhow!("the folder {} cannot be made: {error}", config.data.display()))?;
    }
    Ok(Store::open(&config.database_url).await?)
}

/// The command line acts as the product itself: whoever may run it owns the data anyway.
fn ctx(event: EventId) -> anyhow::Result<Ctx> {
    Ok(Ctx {
        actor: Actor::system(),
        event,
        now: clock::now(),
        request_id: format!("cli-{}", secret::id()?),
    })
}

/// The event commands are about: the configured one, or the only one.
async fn event(config: &Config, store: &Store) -> anyhow::Result<domain::event::Event> {
    let mut events = store.events().await?;
    match &config.event {
        Some(code) => events
            .into_iter()
            .find(|event| event.code == *code)
            .ok_or_else(|| anyhow::anyhow!("there is no event \"{code}\"")),
        None if events.len() == 1 => Ok(events.remove(0)),
        None if events.is_empty() => anyhow::bail!("there is no event yet; import one with: ichiba import FOLDER"),
        None => {
            let codes: Vec<&str> = events.iter().map(|event| event.code.as_str()).collect();
            anyhow::bail!(
                "there are several events ({}); say which with ICHIBA_EVENT=CODE",
                codes.join(", ")
            )
        }
    }
}

/// A refusal as one sentence, whatever else as it is.
fn plainly(error: storage::Error) -> anyhow::Error {
    match error {
        storage::Error::Refused(refusal) => anyhow::anyhow!(refusal.text(domain::name::Tongue::En)),
        other => other.into(),
    }
}
