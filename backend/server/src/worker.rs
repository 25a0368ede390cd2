//! The worker: carries out what the outbox holds. A letter is claimed for a while before it is sent, so of several
//! processes one sends it; a process that dies in between leaves it to be claimed again.

use crate::{clock, http::Site, mail};
use domain::{Actor, Ctx, access, id::EventId};
use jiff::{SignedDuration, Timestamp};
use std::{collections::HashMap, sync::Arc, time::Duration};
use storage::outbox::Letter;

/// Letters claimed at once.
const BATCH: u64 = 100;
/// How long a claim holds.
const CLAIM: SignedDuration = SignedDuration::from_secs(120);
/// How long the worker rests when nothing is due.
const REST: Duration = Duration::from_secs(1);
/// Longest wait before a failed letter is tried again, in seconds.
const LONGEST_WAIT: i64 = 3600;

/// Runs until the process ends.
pub(crate) async fn run(site: Arc<Site>) {
    loop {
        match round(&site).await {
            Ok(0) => tokio::time::sleep(REST).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be worked on");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// How long the worker rests before it looks after the tables again.
const SWEEP: Duration = Duration::from_secs(5);

/// The publication each event follows: number and moment.
type Publications = HashMap<EventId, (u32, Option<Timestamp>)>;

/// Tells this process's listeners what others have published (another process, the command line): all they share is
/// the database. Runs until the process ends.
pub(crate) async fn watch(site: Arc<Site>) {
    let mut known: Option<Publications> = None;
    loop {
        match publications(&site).await {
            Ok(now) => {
                for (event, publication) in &now {
                    if known
                        .as_ref()
                        .is_some_and(|known| known.get(event) != Some(publication))
                    {
                        site.store.tell_published(*event);
                    }
                }
                known = Some(now);
            }
            Err(error) => tracing::warn!(%error, "it cannot be seen what is published"),
        }
        tokio::time::sleep(REST).await;
    }
}

async fn publications(site: &Site) -> Result<Publications, storage::Error> {
    let mut publications = Publications::new();
    for event in site.store.events().await? {
        if let Some(version) = site.store.snapshot(event.id).await?.published_timetable().await? {
            publications.insert(event.id, (version.version, version.published_at));
        }
    }
    Ok(publications)
}

/// Looks after the tables while people sit at them: who did not come, which offers nobody answered. Runs until the
/// process ends.
pub(crate) async fn sweep(site: Arc<Site>) {
    loop {
        if let Err(error) = sweep_all(&site).await {
            tracing::error!(%error, "the tables cannot be looked after");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// One look at every event in which there can be something to do.
async fn sweep_all(site: &Site) -> Result<(), storage::Error> {
    let events = site.store.events().await?;
    for event in events.iter().filter(|event| access::PUBLISHED.contains(&event.phase)) {
        let ctx = Ctx {
            actor: Actor::system(),
            event: event.id,
            now: clock::now(),
            request_id: "sweep".to_owned(),
        };
        let swept = site.store.sweep_meetings(&ctx).await?;
        if swept > 0 {
            tracing::info!(event = event.code, swept, "meetings and offers looked after");
        }
    }
    Ok(())
}

/// One round; answers how many letters were claimed.
async fn round(site: &Site) -> Result<usize, storage::Error> {
    let letters = site.store.claim_letters(clock::now(), CLAIM, BATCH).await?;
    let claimed = letters.len();
    let mut done = Vec::new();
    for letter in letters {
        match carry_out(site, &letter).await {
            Ok(()) => done.push(letter.id),
            Err(error) => {
                let seconds = LONGEST_WAIT.min(1 << letter.tries.clamp(0, 20));
                tracing::warn!(letter = letter.id, tries = letter.tries, %error, "a letter could not be sent");
                site.store
                    .letter_failed(letter.id, clock::now() + SignedDuration::from_secs(seconds))
                    .await?;
            }
        }
    }
    if !done.is_empty() {
        metrics::counter!("ichiba_letters_sent_total").increment(done.len() as u64);
        site.store.letters_done(done, clock::now()).await?;
    }
    Ok(claimed)
}

async fn carry_out(site: &Site, letter: &Letter) -> anyhow::Result<()> {
    let Some(person) = &letter.recipient else { return Ok(()) };
    anyhow::ensure!(
        letter.topic == storage::timetable::TOPIC,
        "no one knows how to send \"{}\"",
        letter.topic
    );
    let event = site.store.snapshot(letter.event).await?.event().await?;
    let meetings = letter.payload["meetings"].as_u64().unwrap_or_default();
    let text = mail::published(mail::tongue(person), &event.name, meetings, &site.config.base_url);
    site.mailer.send(person, text).await
}
