//! Configuration: one struct, out of a file and the environment (`ICHIBA_…`), read once. Every mistake is reported
//! at once, each with what would be right; what would be unsafe is refused with the reason.

use crate::{
    log::Format,
    push::{Key, Setting},
};
use domain::push::{self, Here, Services};
use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
    value::{Dict, Value},
};
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

/// Everything that can be configured.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Where the embedded database, mail and files lie.
    pub(crate) data: PathBuf,
    /// `sqlite:…` or `postgres://…`.
    pub(crate) database_url: String,
    /// Where the server listens.
    pub(crate) listen: SocketAddr,
    /// How people reach it, without a slash at the end. Links are made of this, never of what a request says.
    pub(crate) base_url: String,
    /// `redis://…`: tells other processes at once of what this one commits, and shares rates with them.
    pub(crate) redis_url: Option<String>,
    /// Where mail goes.
    pub(crate) mail: Mail,
    /// The sender's address.
    pub(crate) mail_from: String,
    /// Push, where a key for it is configured.
    pub(crate) push: Option<Setting>,
    /// Development: free documents, introspection, the explorer.
    pub(crate) development: bool,
    /// What time it shall be when the process starts, in development.
    pub(crate) clock: Option<jiff::Timestamp>,
    /// Files of the explorer, in development.
    pub(crate) explorer: Option<PathBuf>,
    /// The event asked about when a request names none.
    pub(crate) event: Option<String>,
    /// How log lines look.
    pub(crate) log_format: Format,
    /// Which log lines are written.
    pub(crate) log: String,
}

/// Where mail goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Mail {
    /// To files under `data/mail`.
    #[default]
    Files,
    /// To a server: `smtps://…` or `smtp://…?tls=required`.
    Smtp(String),
}

impl Mail {
    fn parse(text: &str) -> Option<Self> {
        let smtp = text.starts_with("smtp://") || text.starts_with("smtps://");
        match text {
            "files" => Some(Self::Files),
            url => smtp.then(|| Self::Smtp(url.to_owned())),
        }
    }
}

/// All mistakes of a configuration, one sentence each.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has {} mistake(s):\n{}", .0.len(), .0.iter().map(|m| format!("  - {m}")).collect::<Vec<_>>().join("\n"))]
pub(crate) struct Mistakes(pub(crate) Vec<String>);

/// Every key, with what it is.
const KEYS: &[(&str, &str)] = &[
    ("data", "a folder"),
    ("database_url", "sqlite:PATH or postgres://…"),
    ("database_url_file", "a file that holds database_url"),
    ("redis_url", "redis://[USER]:PASSWORD@HOST:PORT"),
    ("redis_url_file", "a file that holds redis_url"),
    ("listen", "ADDRESS:PORT"),
    ("base_url", "http://… or https://…"),
    ("mail", "files, or smtps://… or smtp://…"),
    ("mail_file", "a file that holds mail"),
    ("mail_from", "a mail address"),
    ("push_key", "what ichiba push-key prints"),
    ("push_key_file", "a file that holds push_key"),
    ("push_contact", "mailto:ADDRESS"),
    (
        "push_hosts",
        "host names of push services, separated by commas, *. before one for all under it",
    ),
    ("development", "true or false"),
    ("clock", "a time such as 2025-11-04T09:00:00+09:00"),
    ("explorer", "a folder"),
    ("event", "an event's code"),
    ("log_format", "text or json"),
    ("log", "info, debug, …"),
];

impl Config {
    /// Reads `ichiba.toml` (or the file given) and the environment, which wins; `overrides` win over both.
    pub(crate) fn read(file: Option<PathBuf>, overrides: Vec<(&str, String)>) -> Result<Self, Mistakes> {
        let mut figment = Figment::new();
        if let Some(file) = &file
            && !file.is_file()
        {
            return Err(Mistakes(vec![format!(
                "the configuration file {} is not there",
                file.display()
            )]));
        }
        let file = file.unwrap_or_else(|| PathBuf::from("ichiba.toml"));
        // Variables of the tests are no configuration.
        let env = Env::prefixed("ICHIBA_").ignore(&["bin", "test_postgres", "test_redis", "test_rounds", "config"]);
        // Where others put Redis; our own name for it wins.
        let usual = Env::raw().only(&["REDIS_URL"]);
        figment = figment.merge(usual).merge(Toml::file(file)).merge(env);
        let values: Dict = figment.extract().map_err(|error| {
            Mistakes(
                error
                    .into_iter()
                    .map(|one| format!("the configuration file cannot be read: {one}"))
                    .collect(),
            )
        })?;
        let texts = values.into_iter().map(|(key, value)| (key, text(&value)));
        let overrides = overrides.into_iter().map(|(key, value)| (key.to_owned(), value));
        Self::of(texts.chain(overrides).collect())
    }

    /// Out of texts by key.
    fn of(values: BTreeMap<String, String>) -> Result<Self, Mistakes> {
        let mut said = Said::check(values);
        let data = PathBuf::from(said.take("data", "./data"));
        let sqlite = format!("sqlite:{}", data.join("ichiba.db").display());
        let listen = said.take("listen", "127.0.0.1:8080");
        let usual = SocketAddr::from(([127, 0, 0, 1], 8080));
        let listen = said.read("listen", &listen, |text| text.parse().ok(), usual);
        let base_url = said.take("base_url", &format!("http://{listen}"));
        let development = said.take("development", "false");
        let development = said.read("development", &development, |text| text.parse().ok(), false);
        let log_format = said.take("log_format", if development { "text" } else { "json" });
        let clock = said.values.remove("clock");
        let redis_url = said.values.remove("redis_url");
        let mail_from = said.take("mail_from", "Ichiba <ichiba@localhost>");
        let (database_url, mail) = (said.take("database_url", &sqlite), said.take("mail", "files"));
        let push = push(&mut said, development);
        let config = Self {
            push,
            listen,
            base_url: said.read("base_url", &base_url, site_url, String::new()),
            log_format: said.read("log_format", &log_format, Format::parse, Format::Text),
            clock: clock.map(|text| said.read("clock", &text, |text| text.parse().ok(), jiff::Timestamp::UNIX_EPOCH)),
            mail_from: said.read("mail_from", &mail_from, mailbox, String::new()),
            // These may hold a password: what was found is not repeated.
            database_url: said.read_secret("database_url", &database_url, |url| {
                storage::Database::of(url).map(|_| url.to_owned())
            }),
            mail: said.read_secret("mail", &mail, Mail::parse),
            redis_url: redis_url.and_then(|url| said.read_secret("redis_url", &url, |url| redis(url).map(Some))),
            explorer: said.values.remove("explorer").map(PathBuf::from),
            event: said.values.remove("event"),
            log: said.take("log", "info,sea_orm_migration=warn"),
            data,
            development,
        };
        let mut mistakes = said.mistakes;
        mistakes.extend(config.unsafe_settings());
        if mistakes.is_empty() {
            Ok(config)
        } else {
            Err(Mistakes(mistakes))
        }
    }

    /// What would be unsafe, each with the reason.
    fn unsafe_settings(&self) -> Vec<String> {
        let mut refused = Vec::new();
        if self.base_url.starts_with("http://") && !is_loopback(host(&self.base_url)) {
            refused.push(format!(
                "base_url = {} is plain http to another machine: sign-in links and cookies could be read on the way; \
                 use https",
                self.base_url
            ));
        }
        if self.development && !is_loopback(host(&self.base_url)) {
            refused.push("development = true is for this machine only: it opens the schema to everybody".to_owned());
        }
        if self.clock.is_some() && !self.development {
            refused.push("clock is for development only: links and logins go by the time".to_owned());
        }
        if storage::Database::of(&self.database_url) == Some(storage::Database::Postgres) {
            let (authority, password) = (host(&self.database_url), has_password(&self.database_url));
            if !is_loopback(authority) && !password {
                refused.push("database_url has no password and leads to another machine; give one".to_owned());
            }
        }
        if let Some(url) = &self.redis_url
            && !is_loopback(host(url))
            && !has_password(url)
        {
            refused.push("redis_url has no password and leads to another machine; give one".to_owned());
        }
        if let Mail::Smtp(url) = &self.mail
            && url.starts_with("smtp://")
            && !is_loopback(host(url))
            && !url.contains("tls=required")
        {
            refused.push("mail would cross the network unencrypted; use smtps://… or smtp://…?tls=required".to_owned());
        }
        refused
    }

    /// Whether cookies can be marked secure: everywhere but on this machine over plain http.
    pub(crate) fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// What was said, and what is wrong with it.
struct Said {
    values: BTreeMap<String, String>,
    mistakes: Vec<String>,
}

impl Said {
    /// Notes keys nobody knows, and reads secrets that lie in files of their own.
    fn check(mut values: BTreeMap<String, String>) -> Self {
        let mut mistakes = Vec::new();
        for key in values.keys().filter(|key| !KEYS.iter().any(|(known, _)| known == key)) {
            let known: Vec<&str> = KEYS.iter().map(|(known, _)| *known).collect();
            mistakes.push(format!("{key} is unknown; known are {}", known.join(", ")));
        }
        for key in ["database_url", "mail", "redis_url", "push_key"] {
            secret_from_file(&mut values, key, &mut mistakes);
        }
        Self { values, mistakes }
    }

    fn take(&mut self, key: &str, usual: &str) -> String {
        self.values.remove(key).unwrap_or_else(|| usual.to_owned())
    }

    fn read<T>(&mut self, key: &str, text: &str, parse: impl Fn(&str) -> Option<T>, otherwise: T) -> T {
        parse(text).unwrap_or_else(|| {
            let right = KEYS
                .iter()
                .find(|(known, _)| *known == key)
                .map_or("", |(_, right)| right);
            self.mistakes
                .push(format!("{key} = \"{text}\" cannot be read; right would be {right}"));
            otherwise
        })
    }

    fn read_secret<T: Default>(&mut self, key: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> T {
        parse(text).unwrap_or_else(|| self.read(key, "…", |_| None, T::default()))
    }
}

/// Push is on where a key is given; then whom to write to must be said too.
fn push(said: &mut Said, development: bool) -> Option<Setting> {
    let (key, contact) = (said.values.remove("push_key"), said.values.remove("push_contact"));
    let hosts = said.take("push_hosts", push::USUAL);
    let here = if development { Here::Allowed } else { Here::Refused };
    let services = said.read("push_hosts", &hosts, |text| Services::parse(text, here).map(Some), None);
    let contact = contact.map(|text| said.read("push_contact", &text, mailto, String::new()));
    let key = said.read_secret("push_key", &key?, |text| Key::parse(text).map(Some));
    let Some(contact) = contact else {
        said.mistakes.push(
            "push_key is given without push_contact: push services want to know whom to write to; give mailto:ADDRESS"
                .to_owned(),
        );
        return None;
    };
    Some(Setting {
        key: key?,
        contact,
        services: services?,
    })
}

fn mailto(text: &str) -> Option<String> {
    let address = text.strip_prefix("mailto:")?;
    address.parse::<lettre::Address>().is_ok().then(|| text.to_owned())
}

fn site_url(text: &str) -> Option<String> {
    let url = text.trim_end_matches('/');
    let web = url.starts_with("http://") || url.starts_with("https://");
    (web && !url.contains(['?', '#', '@'])).then(|| url.to_owned())
}

fn redis(url: &str) -> Option<String> {
    let known = url.starts_with("redis://") && redis::Client::open(url).is_ok();
    known.then(|| url.to_owned())
}

fn mailbox(text: &str) -> Option<String> {
    text.parse::<lettre::message::Mailbox>()
        .is_ok()
        .then(|| text.to_owned())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Bool(_, yes) => yes.to_string(),
        Value::Num(_, number) => number
            .to_i128()
            .map_or_else(|| format!("{number:?}"), |n| n.to_string()),
        other => format!("{other:?}"),
    }
}

/// A secret may lie in a file of its own; then it is not in the environment for all to see.
fn secret_from_file(values: &mut BTreeMap<String, String>, key: &str, mistakes: &mut Vec<String>) {
    let Some(file) = values.remove(&format!("{key}_file")) else {
        return;
    };
    if values.contains_key(key) {
        mistakes.push(format!("{key} and {key}_file are both given; give one"));
    }
    match std::fs::read_to_string(&file) {
        Ok(secret) => drop(values.insert(key.to_owned(), secret.trim().to_owned())),
        Err(error) => mistakes.push(format!("{key}_file = {file} cannot be read: {error}")),
    }
}

/// The host of a URL, without user, port and path.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let user = rest
        .split('/')
        .next()
        .and_then(|authority| authority.rsplit_once('@'))
        .map(|(user, _)| user);
    user.and_then(|user| user.split_once(':'))
        .is_some_and(|(_, password)| !password.is_empty())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.is_empty() || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Config, host};

    fn check(values: &[(&str, &str)], expect: &[&str]) {
        let values = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mistakes = Config::of(values).err().map(|m| m.0).unwrap_or_default();
        assert_eq!(mistakes.len(), expect.len(), "{mistakes:?}");
        for (mistake, part) in mistakes.iter().zip(expect) {
            assert!(mistake.contains(part), "{mistake}");
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        check(&[], &[]);
        check(
            &[
                ("lisen", "x"),
                ("listen", "here"),
                ("development", "maybe"),
                ("log_format", "xml"),
                ("mail", "pigeon"),
            ],
            &[
                "lisen is unknown",
                "listen = \"here\"",
                "development",
                "log_format",
                "mail = ",
            ],
        );
    }

    #[test]
    fn what_is_unsafe_is_refused() {
        check(&[("base_url", "http://ichiba.example")], &["use https"]);
        check(&[("base_url", "https://ichiba.example")], &[]);
        check(
            &[("base_url", "https://ichiba.example"), ("development", "true")],
            &["this machine only"],
        );
        check(
            &[("database_url", "postgres://ichiba@db.example/ichiba")],
            &["no password"],
        );
        check(&[("database_url", "postgres://ichiba:secret@db.example/ichiba")], &[]);
        check(&[("database_url", "postgres://ichiba@127.0.0.1/ichiba")], &[]);
        check(&[("mail", "smtp://mail.example")], &["unencrypted"]);
        check(&[("mail", "smtp://mail.example?tls=required")], &[]);
        check(&[("redis_url", "redis://cache.example:6379")], &["no password"]);
        check(&[("redis_url", "redis://:secret@cache.example:6379")], &[]);
        check(&[("redis_url", "redis://127.0.0.1:6379")], &[]);
        check(&[("redis_url", "http://:secret@cache.example")], &["redis_url = \"…\""]);
        check(&[("database_url_file", "/nowhere")], &["cannot be read"]);
    }

    #[test]
    fn push_is_whole_or_off() {
        let key = ("push_key", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let contact = ("push_contact", "mailto:office@ichiba.example");
        check(&[key, contact], &[]);
        check(&[contact], &[]);
        check(&[key], &["push_key is given without push_contact"]);
        check(&[key, ("push_contact", "office")], &["push_contact = \"office\""]);
        // The key that was found is not repeated.
        check(&[("push_key", "secret"), contact], &["push_key = \"…\" cannot be read"]);
        for hosts in ["", "127.0.0.1:9001", "https://push.example", "localhost", "10.0.0.1"] {
            check(&[key, contact, ("push_hosts", hosts)], &["push_hosts = "]);
        }
        check(&[key, contact, ("push_hosts", "push.example, *.push.example")], &[]);
        let here = ("push_hosts", "127.0.0.1:9001");
        check(&[key, contact, here, ("development", "true")], &[]);
        let both = [key, contact, ("push_key_file", "/nowhere")];
        check(&both, &["both given", "cannot be read"]);
    }

    #[test]
    fn hosts() {
        for (url, expect) in [
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("https://[::1]:8080/x", "::1"),
            ("postgres://u:p@db.example:5432/x?y", "db.example"),
        ] {
            assert_eq!(host(url), expect);
        }
    }
}
