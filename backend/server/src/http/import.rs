//! `POST /import`: an organizer's files into the market, read, checked and kept as the command line does it; or only looked
//! at, with the same checks and nothing kept. JSON only, from our own pages only, as every operation.

use super::{
    Site, caller,
    graphql::{Not, bad, caller_of, check_origin, who},
};
use crate::{
    import::{self, Upload},
    secret,
};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    import::{Import, Known, Problem, Report, read},
    name::Tongue,
};
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use storage::tally::Counted;
use tokio::sync::Semaphore;

/// Largest body of a request, files in base64.
const MAX_BODY: usize = 8 * 1024 * 1024;
/// Most files in one request.
const MAX_FILES: usize = 50;
/// Longest name of a file.
const MAX_NAME: usize = 200;
/// What one import costs of the budget of whoever asks: eight at once, then four in five seconds.
const COST: i64 = 25_000;
/// Longest one may take to arrive, and then to be done.
const MAX_TIME: Duration = Duration::from_mins(1);
/// One at a time: each holds all its files and rows in memory.
static ONE: Semaphore = Semaphore::const_new(1);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    files: Vec<Sent>,
    /// Whether they shall be kept; otherwise it is only said what would be.
    apply: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    name: String,
    base64: String,
}

/// What became of it, or would.
#[derive(Serialize)]
struct Said {
    applied: bool,
    summary: Vec<Counted>,
    problems: Vec<Wrong>,
    /// How many more problems there are.
    more: usize,
}

/// Something that stands against it.
#[derive(Serialize)]
struct Wrong {
    file: String,
    /// 0: the file as a whole.
    line: u32,
    /// Empty: the row as a whole.
    column: String,
    message: String,
}

/// Answers one import.
pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let tongue = caller::tongue(&headers);
    match take(&site, address, &headers, body, tongue).await {
        Ok(said) => Json(said).into_response(),
        Err(not) => not.into_response(),
    }
}

fn said(tongue: Tongue, ja: &str, en: &str) -> String {
    match tongue {
        Tongue::Ja => ja.to_owned(),
        Tongue::En => en.to_owned(),
    }
}

fn busy(tongue: Tongue) -> Not {
    let sentence = said(
        tongue,
        "ほかの取り込みの途中か、続けて取り込みすぎです。少し待ってからお試しください。",
        "Another import is under way, or there were many in a short time; wait a moment.",
    );
    Not(StatusCode::TOO_MANY_REQUESTS, "too_many", sentence)
}

async fn take(site: &Site, address: SocketAddr, headers: &HeaderMap, body: Body, tongue: Tongue) -> Result<Said, Not> {
    check_origin(site, headers)?;
    let ctx = caller_of(site, headers).await?;
    // Before anything of the body is read.
    access::may(&ctx.actor, Verb::ImportMarket)
        .map_err(|refusal| Not(StatusCode::NOT_FOUND, refusal.code(), refusal.text(tongue)))?;
    if !site.rates.budget(&who(&ctx, address)).await.take(COST) {
        return Err(busy(tongue));
    }
    let body = whole(body, tongue).await?;
    let _alone = ONE.try_acquire().map_err(|_| busy(tongue))?;
    let asked: Asked = serde_json::from_slice(&body).map_err(|error| bad("unreadable", error.to_string()))?;
    drop(body);
    if asked.files.len() > MAX_FILES {
        let (ja, en) = (
            format!("一度に取り込めるのは{MAX_FILES}ファイルまでです。"),
            format!("At most {MAX_FILES} files are taken at once."),
        );
        return Err(bad("limit", said(tongue, &ja, &en)));
    }
    let done = tokio::time::timeout(MAX_TIME, import(site, &ctx, asked));
    let Ok(done) = done.await else {
        let sentence = said(
            tongue,
            "時間がかかりすぎています。しばらくしてから、取り込まれたかどうか確かめてください。",
            "This takes too long; look in a while whether it was imported.",
        );
        return Err(Not(StatusCode::SERVICE_UNAVAILABLE, "too_slow", sentence));
    };
    match done {
        Ok(done) => Ok(done),
        Err(Stop::Report(report)) => Ok(Said::report(report, tongue)),
        Err(Stop::Refused(refusal)) => Ok(Said::refused(&refusal, tongue)),
        Err(Stop::Broken(error)) => {
            tracing::error!(%error, "an import failed");
            let sentence = said(
                tongue,
                "しばらくしてからもう一度お試しください。",
                "Please try again in a moment.",
            );
            Err(Not(StatusCode::SERVICE_UNAVAILABLE, "unavailable", sentence))
        }
    }
}

async fn whole(body: Body, tongue: Tongue) -> Result<Bytes, Not> {
    let Ok(body) = tokio::time::timeout(MAX_TIME, axum::body::to_bytes(body, MAX_BODY)).await else {
        let sentence = said(
            tongue,
            "送信に時間がかかりすぎています。",
            "It took too long to arrive.",
        );
        return Err(Not(StatusCode::REQUEST_TIMEOUT, "too_slow", sentence));
    };
    body.map_err(|_| {
        let sentence = said(
            tongue,
            "一度に送れるのは 8 MiB までです。分けて取り込んでください。",
            "At most 8 MiB are taken at once; import it in parts.",
        );
        Not(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence)
    })
}

/// Why nothing was kept.
enum Stop {
    Report(Report),
    Refused(Refusal),
    Broken(anyhow::Error),
}

impl From<storage::Error> for Stop {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Refused(refusal) => Stop::Refused(refusal),
            other => Stop::Broken(other.into()),
        }
    }
}

async fn import(site: &Site, ctx: &Ctx, asked: Asked) -> Result<Said, Stop> {
    let known = site.store.known(Some(ctx.event)).await?;
    let event = known.event.as_ref().map(|(event, _)| event.clone());
    let reading = tokio::task::spawn_blocking(move || parsed(asked.files, &known));
    let import = reading.await.map_err(|error| Stop::Broken(error.into()))?;
    let import = import.map_err(Stop::Report)?;
    if let Some(event) = event {
        import.fits(&event).map_err(Stop::Refused)?;
    }
    let summary = if asked.apply {
        let key = secret::id().map_err(Stop::Broken)?;
        site.store.import(ctx, key, import).await?
    } else {
        site.store.preview_import(ctx, import).await?
    };
    Ok(Said {
        applied: asked.apply,
        summary,
        problems: Vec::new(),
        more: 0,
    })
}

/// Decodes and reads the files: either all of them, or every problem.
fn parsed(files: Vec<Sent>, known: &Known) -> Result<Import, Report> {
    let mut problems = Vec::new();
    let mut uploads = Vec::new();
    for Sent { name, base64 } in files {
        let name = plain(&name);
        match BASE64_STANDARD.decode(base64) {
            Ok(bytes) => uploads.push(Upload { name, bytes }),
            Err(_) => problems.push(import::undecodable(&name)),
        }
    }
    if !problems.is_empty() {
        return Err(Report::of(problems));
    }
    read(&import::uploaded(uploads)?, known)
}

/// A file's name without folders, as it can be said.
fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()
}

impl Said {
    fn report(report: Report, tongue: Tongue) -> Self {
        let wrong = |problem: Problem| Wrong {
            message: problem.message(tongue),
            file: problem.file,
            line: problem.line,
            column: problem.column,
        };
        Self {
            applied: false,
            summary: Vec::new(),
            problems: report.problems.into_iter().map(wrong).collect(),
            more: report.more,
        }
    }

    /// What stands against the files as a whole.
    fn refused(refusal: &Refusal, tongue: Tongue) -> Self {
        let whole = Wrong {
            file: String::new(),
            line: 0,
            column: String::new(),
            message: refusal.text(tongue),
        };
        Self {
            applied: false,
            summary: Vec::new(),
            problems: vec![whole],
            more: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_names() {
        for (name, expect) in [
            ("buyers.csv", "buyers.csv"),
            ("../../etc/buyers.csv", "buyers.csv"),
            ("C:\\files\\buyers.csv", "buyers.csv"),
            ("buy\u{7}ers\r\n.csv", "buyers.csv"),
            ("a/", ""),
        ] {
            assert_eq!(plain(name), expect);
        }
        assert_eq!(plain(&"あ".repeat(500)).chars().count(), 200);
    }
}
