//! Redis, where it is configured: what this process commits is told to the others at once, and rates are shared. Redis is
//! never the truth. If it does not answer, is flushed or goes away, nothing is wrong: the look at the database
//! (`worker.rs`) tells of changes a little later, and rates are each process's own.

use crate::{clock::Stopwatch, http::Site, secret};
use anyhow::Context as _;
use futures_util::StreamExt;
use redis::{AsyncConnectionConfig, Client, aio::MultiplexedConnection};
use serde::{Deserialize, Serialize};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use storage::change::Change;
use tokio::sync::{Notify, broadcast::error::RecvError};
use uuid::Uuid;

/// Where changes are told.
const CHANNEL: &str = "ichiba:changes";
/// Longest wait for an answer that a request waits for.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long requests do not ask after one was not answered.
const REST: Duration = Duration::from_secs(1);
/// Longest wait for a connection, or for anything no request waits for.
const CONNECTING: Duration = Duration::from_secs(2);
/// Waits between tries to connect: the first and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// Longest message that is read.
const MAX_MESSAGE: usize = 1024 * 1024;

/// Takes from a budget that fills up with time and answers what is left: what was spent, the most, how much comes back a
/// second, milliseconds after which a forgotten budget is full anyway.
const BUDGET: &str = "\
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local spent, full, rate = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local left, at = tonumber(kept[1] or full), tonumber(kept[2] or now)
left = math.min(full, left + math.floor(math.max(0, now - at) * rate / 1000)) - spent
redis.call('HSET', KEYS[1], 'left', left, 'at', now)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return left";

/// What one process tells the others.
#[derive(Serialize, Deserialize)]
struct Message {
    /// Who tells: whoever hears itself does not listen.
    node: Uuid,
    change: Change,
}

/// The way to Redis.
pub(crate) struct Live {
    client: Client,
    node: Uuid,
    /// The connection, while there is one.
    open: Mutex<Option<MultiplexedConnection>>,
    /// The connection was found broken.
    broken: Notify,
    /// When an answer did not come in time.
    silent: Mutex<Option<Stopwatch>>,
    /// Whether it was said that it does not answer.
    said: AtomicBool,
}

impl Live {
    pub(crate) fn of(url: &str) -> anyhow::Result<Self> {
        // The error is left out: it may repeat the address, and with it the password.
        let client = Client::open(url).map_err(|_| anyhow::anyhow!("redis_url cannot be read"))?;
        Ok(Self {
            client,
            node: secret::id().context("an id of this process")?,
            open: Mutex::default(),
            broken: Notify::new(),
            silent: Mutex::default(),
            said: AtomicBool::new(false),
        })
    }

    /// Whether it answers now.
    pub(crate) async fn answers(&self) -> bool {
        let ask = async {
            let mut connection = self.client.get_multiplexed_async_connection().await?;
            redis::cmd("PING").query_async::<String>(&mut connection).await
        };
        matches!(tokio::time::timeout(CONNECTING, ask).await, Ok(Ok(_)))
    }

    fn connection(&self) -> Option<MultiplexedConnection> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, connection: Option<MultiplexedConnection>) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    /// It does not answer: said once, until it answers again.
    fn lost(&self, why: &str) {
        self.keep(None);
        if !self.said.swap(true, Relaxed) {
            tracing::warn!(why, "Redis does not answer; going on without it");
        }
    }

    fn found(&self) {
        if self.said.swap(false, Relaxed) {
            tracing::info!("Redis answers again");
        }
    }

    /// Whether the time after a silence is over, or there was none.
    fn rested(&self) -> bool {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        if silent.is_some_and(|since| since.elapsed() < REST) {
            return false;
        }
        *silent = None;
        true
    }

    /// What is left of a shared budget after so much was spent of it; none where Redis does not say in time.
    pub(crate) async fn left(&self, caller: &str, spent: i64, full: i64, a_second: i64) -> Option<i64> {
        let mut connection = self.rested().then(|| self.connection()).flatten()?;
        let mut ask = redis::cmd("EVAL");
        ask.arg(BUDGET).arg(1).arg(format!("ichiba:rate:{caller}"));
        ask.arg(spent)
            .arg(full)
            .arg(a_second)
            .arg(full * 1000 / a_second + 1000);
        let answer = tokio::time::timeout(PATIENCE, ask.query_async::<i64>(&mut connection)).await;
        if let Ok(Ok(left)) = answer {
            return Some(left);
        }
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) = Some(Stopwatch::start());
        if answer.is_ok() {
            self.broken.notify_one();
        }
        None
    }

    /// Tells the others; whether it could be said. Nobody waits for it, and it is not said twice.
    async fn tell(&self, change: Change) -> bool {
        let message = Message {
            node: self.node,
            change,
        };
        let (Some(mut connection), Ok(text)) = (self.connection(), serde_json::to_string(&message)) else {
            return false;
        };
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(CHANNEL).arg(text);
        let told = tokio::time::timeout(CONNECTING, publish.query_async::<i64>(&mut connection)).await;
        matches!(told, Ok(Ok(_)))
    }

    /// Listens as long as the connection holds.
    async fn listen(&self, site: &Site) -> anyhow::Result<()> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(Some(CONNECTING));
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        let mut heard = tokio::time::timeout(CONNECTING, self.client.get_async_pubsub()).await??;
        heard.subscribe(CHANNEL).await?;
        self.keep(Some(connection));
        self.found();
        let mut messages = heard.into_on_message();
        loop {
            tokio::select! {
                message = messages.next() => {
                    let message = message.context("the connection has ended")?;
                    self.hear(site, message.get_payload_bytes());
                }
                () = self.broken.notified() => anyhow::bail!("a command failed"),
            }
        }
    }

    fn hear(&self, site: &Site, payload: &[u8]) {
        if payload.len() > MAX_MESSAGE {
            return;
        }
        match serde_json::from_slice::<Message>(payload) {
            Ok(message) if message.node == self.node => {}
            Ok(message) => site.store.hear(message.change),
            // Somebody else's words, or a later version's.
            Err(error) => tracing::debug!(%error, "what Redis says cannot be read"),
        }
    }
}

/// Tells and listens until the process ends; does nothing where no Redis is configured.
pub(crate) async fn run(site: Arc<Site>) {
    let Some(live) = site.live.clone() else { return };
    tokio::join!(telling(&site, &live), listening(&site, &live));
}

async fn telling(site: &Site, live: &Live) {
    let mut committed = site.store.committed();
    loop {
        match committed.recv().await {
            Ok(change) => {
                if live.connection().is_some() && !live.tell(change).await {
                    live.broken.notify_one();
                }
            }
            // The others see it in the database.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

async fn listening(site: &Site, live: &Live) {
    let mut wait = BACKOFF.0;
    loop {
        let watch = Stopwatch::start();
        if let Err(error) = live.listen(site).await {
            live.lost(&error.to_string());
        }
        // A connection that held for a while was good: it is tried again at once.
        wait = if watch.elapsed() > BACKOFF.1 {
            BACKOFF.0
        } else {
            BACKOFF.1.min(wait * 2)
        };
        tokio::time::sleep(wait).await;
    }
}
