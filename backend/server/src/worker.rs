//! The worker: carries out what the outbox holds. A letter is claimed for a while before it is sent, so of several
//! processes one sends it; a process that dies in between leaves it to be claimed again.

use crate::{clock, http::Site, letter, mail::Unsent};
use domain::{
    Actor, Ctx, access,
    id::{EventId, PersonId},
};
use jiff::SignedDuration;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use storage::{
    notice,
    outbox::{Failure, Letter},
};

/// Letters claimed at once.
const BATCH: u64 = 100;
/// How long a claim holds.
const CLAIM: SignedDuration = SignedDuration::from_secs(120);
/// How long the worker rests when nothing is due.
const REST: Duration = Duration::from_secs(1);
/// Longest wait before a failed letter is tried again, in seconds.
const LONGEST_WAIT: i64 = 3600;

/// How often it is looked whether requests and shifts have run out. That they have holds without it; this tells of it.
const EXPIRE: SignedDuration = SignedDuration::from_secs(10);

/// Runs until the process ends.
pub(crate) async fn run(site: Arc<Site>) {
    let mut next = clock::now();
    loop {
        if clock::now() >= next {
            next = clock::now() + EXPIRE;
            if let Err(error) = expire(&site).await {
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
async fn expire(site: &Site) -> Result<(), storage::Error> {
    for event in site.store.events().await? {
        site.store.expire_requests(&own(event.id)).await?;
    }
    Ok(())
}

/// The product itself asks.
fn own(event: EventId) -> Ctx {
    Ctx {
        actor: Actor::system(),
        event,
        now: clock::now(),
        request_id: "worker".to_owned(),
    }
}

/// How long the worker rests before it looks after the tables again.
const SWEEP: Duration = Duration::from_secs(5);

/// Tells this process's listeners what others have committed (another process, the command line): the log in the
/// database says it, whatever else may fail. One look a second for all events. Runs until the process ends.
pub(crate) async fn watch(site: Arc<Site>) {
    let mut last = None;
    loop {
        match site.store.look_around(last).await {
            Ok(number) => last = Some(number),
            Err(error) => tracing::warn!(%error, "it cannot be seen what others do"),
        }
        tokio::time::sleep(REST).await;
    }
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
        let swept = site.store.sweep_meetings(&own(event.id)).await?;
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
    for mail in gathered(letters) {
        let ids = mail.iter().map(|letter| letter.id);
        match carry_out(site, &mail).await {
            Ok(()) => done.extend(ids),
            Err(Unsent { problem, error }) => {
                let tries = mail.iter().map(|letter| letter.tries).max().unwrap_or_default();
                let seconds = LONGEST_WAIT.min(1 << tries.clamp(0, 20));
                let (letter, letters) = (mail[0].id, mail.len());
                tracing::warn!(
                    letter,
                    letters,
                    tries,
                    error = format!("{error:#}"),
                    "a mail could not be sent"
                );
                let at = clock::now();
                let failure = Failure {
                    problem,
                    at,
                    again: at + SignedDuration::from_secs(seconds),
                };
                site.store.letters_failed(ids.collect(), failure).await?;
            }
        }
    }
    if !done.is_empty() {
        metrics::counter!("ichiba_letters_sent_total").increment(done.len() as u64);
        site.store.letters_done(done, clock::now()).await?;
    }
    Ok(claimed)
}

/// Letters that go out as one mail: a person's notices of one event together, every other by itself.
fn gathered(letters: Vec<Letter>) -> Vec<Vec<Letter>> {
    let mut mails: BTreeMap<(EventId, Option<PersonId>, i64), Vec<Letter>> = BTreeMap::new();
    for letter in letters {
        let person = letter.recipient.as_ref().map(|person| person.id);
        let alone = if letter.topic == notice::TOPIC { 0 } else { letter.id };
        mails.entry((letter.event, person, alone)).or_default().push(letter);
    }
    mails.into_values().collect()
}

async fn carry_out(site: &Site, letters: &[Letter]) -> Result<(), Unsent> {
    let Some(person) = letters.first().and_then(|letter| letter.recipient.as_ref()) else {
        return Ok(());
    };
    let letter = letter::write(site, person, letters).await.map_err(Unsent::unwritten)?;
    site.mailer.send_letter(person, letter).await
}
