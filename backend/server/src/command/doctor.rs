//! `ichiba doctor`: is everything as it should be, and what to do where not.

use crate::{clock, config::Config, live::Live, mail::Mailer, push::Services};
use std::process::ExitCode;
use storage::Store;

/// A clock before this was never set: the day this program was written.
const WRITTEN: &str = "2026-11-21T00:00:00Z";

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let mut sound = true;
    let mut say = |good: bool, what: &str, how: &str| {
        println!("{} {what}: {how}", if good { "●" } else { "■" });
        sound &= good;
    };
    say(
        true,
        "configuration",
        &format!("serves {} on {}", config.base_url, config.listen),
    );
    let now = clock::now();
    let set = WRITTEN.parse().is_ok_and(|written: jiff::Timestamp| now >= written);
    let advice = if set {
        ""
    } else {
        " is in the past; set the clock (NTP), or links and time limits will not work"
    };
    say(set, "clock", &format!("{now}{advice}"));
    match super::open(config).await {
        Err(error) => say(
            false,
            "database",
            &format!("{error}; check database_url and that the server runs"),
        ),
        Ok(store) => {
            for (good, what, how) in database(&store).await? {
                say(good, what, &how);
            }
        }
    }
    if let Some(url) = &config.redis_url {
        let (answers, how) = redis(url).await?;
        say(answers, "Redis", how);
    }
    match Mailer::of(config) {
        Err(error) => say(false, "mail", &format!("{error:#}")),
        Ok(mailer) => match mailer.check().await {
            Ok(how) => say(true, "mail", &how),
            Err(error) => say(false, "mail", &format!("{error:#}")),
        },
    }
    for (good, how) in push(config).await {
        say(good, "web push", &how);
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How the database stands, and what is in it.
async fn database(store: &Store) -> anyhow::Result<[(bool, &'static str, String); 3]> {
    let health = store.health().await?;
    let settings = health.settings.iter().map(|(name, value)| format!("{name} = {value}"));
    let (version, migrations) = (&health.version, health.migrations);
    let database = format!(
        "{:?} {version}, {migrations} migration(s), {}",
        health.database,
        settings.collect::<Vec<_>>().join(", ")
    );
    let (entries, broken) = store.check_audit().await?;
    let log = broken.map_or_else(
        || format!("{entries} entries, unbroken"),
        |number| format!("entry {number} was changed or is missing: secure the database and find out who"),
    );
    let events = store.events().await?;
    let codes: Vec<&str> = events.iter().map(|event| event.code.as_str()).collect();
    let codes = if codes.is_empty() {
        "none yet; ichiba import FOLDER".to_owned()
    } else {
        codes.join(", ")
    };
    Ok([
        (true, "database", database),
        (broken.is_none(), "audit log", log),
        (true, "events", codes),
    ])
}

/// How push stands: off, or each service that is named.
async fn push(config: &Config) -> Vec<(bool, String)> {
    let Some(setting) = &config.push else {
        let how = "off; ichiba push-key makes a key for push_key, push_contact is whom services write to";
        return vec![(true, how.to_owned())];
    };
    let mut found = vec![(true, format!("sends to {}", setting.services))];
    for host in setting.services.hosts() {
        if let Err(error) = Services::reach(host).await {
            let how = format!("{host} cannot be reached: {error:#}; let this machine connect to its port 443");
            found.push((false, how));
        }
    }
    found
}

async fn redis(url: &str) -> anyhow::Result<(bool, &'static str)> {
    let advice =
        "it does not answer; check redis_url. Nothing is wrong without it, but processes hear of each other later";
    let answers = Live::of(url)?.answers().await;
    Ok((answers, if answers { "it answers" } else { advice }))
}
