//! The worker: carries out what the outbox holds. A letter is claimed for a while before it is sent, so of several
//! processes one sends it; a process that dies in between leaves it to be claimed again.

use crate::{clock, http::Site, letter, mail::Unsent, push};
use domain::{
    Actor, Ctx, access,
    id::{EventId, PersonId, PushId},
};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
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
/// Pushes under way at once.
const MAX_PUSHES: usize = 16;
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
    let is_push = |mail: &Vec<Letter>| mail.iter().any(|letter| letter.topic == storage::push::TOPIC);
    let (pushes, mails): (Vec<_>, Vec<_>) = gathered(letters).into_iter().partition(is_push);
    // Mails one after the other over the one server; pushes beside them, so that a slow service holds nobody up for long.
    let pushes: Vec<_> = pushes.into_iter().map(|push| attempt(site, push)).collect();
    let pushes = stream::iter(pushes).buffer_unordered(MAX_PUSHES);
    let one_by_one = async {
        let mut tried = Vec::new();
        for mail in mails {
            tried.push(attempt(site, mail).await);
        }
        tried
    };
    let (pushes, mails) = tokio::join!(pushes.collect::<Vec<_>>(), one_by_one);
    let mut done = Vec::new();
    for (tried, mail) in pushes.into_iter().chain(mails) {
        let ids = mail.iter().map(|letter| letter.id);
        match tried {
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
                    "a letter could not be carried out"
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

/// Carries out; hands the letters back with what came of it.
fn attempt(site: &Site, letters: Vec<Letter>) -> BoxFuture<'_, (Result<(), Unsent>, Vec<Letter>)> {
    async move { (carry_out(site, &letters).await, letters) }.boxed()
}

/// What goes out as one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Together {
    /// A person's notices, as one mail.
    Notices,
    /// What waits for one browser, as one push.
    Push(Option<PushId>),
    /// This letter by itself.
    Alone(i64),
}

/// Letters that go out as one, those to one person of one event.
fn gathered(letters: Vec<Letter>) -> Vec<Vec<Letter>> {
    let mut mails: BTreeMap<(EventId, Option<PersonId>, Together), Vec<Letter>> = BTreeMap::new();
    for letter in letters {
        let person = letter.recipient.as_ref().map(|person| person.id);
        let together = match letter.topic.as_str() {
            notice::TOPIC => Together::Notices,
            storage::push::TOPIC => Together::Push(push::subscription(&letter)),
            _ => Together::Alone(letter.id),
        };
        mails.entry((letter.event, person, together)).or_default().push(letter);
    }
    mails.into_values().collect()
}

async fn carry_out(site: &Site, letters: &[Letter]) -> Result<(), Unsent> {
    let Some(person) = letters.first().and_then(|letter| letter.recipient.as_ref()) else {
        return Ok(());
    };
    if letters.iter().any(|letter| letter.topic == storage::push::TOPIC) {
        return match &site.pusher {
            Some(pusher) => pusher.carry_out(site, person, letters).await,
            // It is not configured any more.
            None => Ok(()),
        };
    }
    let letter = letter::write(site, person, letters).await.map_err(Unsent::unwritten)?;
    site.mailer.send_letter(person, letter).await
}
