//! The worker: carries out what the outbox holds. A letter is claimed for a while before it is sent, so of several
//! processes one sends it; a process that dies in between leaves it to be claimed again.

use crate::{clock, http::Site, mail};
use domain::{Actor, Ctx, id::EventId};
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

/// How often it is looked whether requests and shifts have run out. That they have holds without it; this tells of it.
const SWEEP: SignedDuration = SignedDuration::from_secs(10);

/// Runs until the process ends.
pub(crate) async fn run(site: Arc<Site>) {
    let mut next = clock::now();
    loop {
        if clock::now() >= next {
            next = clock::now() + SWEEP;
            if let Err(error) = sweep(&site).await {
                tracing::error!(%error, "requests that have run out cannot be closed");
            }
        }
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

/// Closes what nobody answered in time, some of it a round, in every event.
async fn sweep(site: &Site) -> Result<(), storage::Error> {
    for event in site.store.events().await? {
        let ctx = Ctx {
            actor: Actor::system(),
            event: event.id,
            now: clock::now(),
            request_id: "worker".to_owned(),
        };
        site.store.expire_requests(&ctx).await?;
    }
    Ok(())
}

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
