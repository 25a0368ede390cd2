//! Reading within one operation: one snapshot, opened when first needed, and loaders that batch by ids on it. After
//! a write the next read opens a new one, so that an answer shows what the write did.

use crate::guest::GuestsOf;
use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use domain::{
    artist::Artist,
    guest::Part,
    id::{BuyerId, EventId, ExhibitorId, MeetingId, OrganisationId, PersonId},
    market::Market,
    name::Tongue,
    participation::{Buyer, Exhibitor, Organisation, Person},
    standby::{Standby, Wants},
    venue::Booth,
    wish::Pair,
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use storage::{Error, Snapshot, Store, agenda::Listed, facts::Facts, outcome::Outcome};
use tokio::sync::{Mutex, OnceCell};
use uuid::Uuid;

/// Asked before every event of a subscription: whether the one who subscribed is still signed in.
pub type StillSignedIn = Arc<dyn Fn() -> futures_util::future::BoxFuture<'static, bool> + Send + Sync>;

/// The reads of one operation.
pub struct Reads {
    store: Store,
    event: EventId,
    open: Mutex<Open>,
    patience: Duration,
}

/// What is known at the moment.
#[derive(Default)]
struct Open {
    rows: Option<Rows>,
    /// The facts of the event, where an act has told them.
    facts: Option<Arc<Facts>>,
}

/// How long a loader waits for others to ask for the same kind of thing, so that one statement serves them all.
const PATIENCE: Duration = Duration::from_millis(1);

/// Loaders on one snapshot.
pub(crate) type Rows = Arc<DataLoader<OnSnapshot, HashMapCache>>;

impl Reads {
    /// Reads of one operation, or one socket, in an event.
    pub fn new(store: Store, event: EventId) -> Self {
        Self {
            store,
            event,
            open: Mutex::default(),
            patience: PATIENCE,
        }
    }

    /// With more patience: a test that counts statements does not hang on how busy the machine is.
    #[cfg(test)]
    pub(crate) fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The snapshot of this operation.
    pub(crate) async fn rows(&self) -> async_graphql::Result<Rows> {
        let mut open = self.open.lock().await;
        if let Some(rows) = &open.rows {
            return Ok(rows.clone());
        }
        let snapshot = self.store.snapshot(self.event).await.map_err(unexpected)?;
        let rows = OnSnapshot {
            snapshot,
            market: OnceCell::new(),
        };
        let rows = DataLoader::with_cache(rows, tokio::spawn, HashMapCache::default());
        let rows = Arc::new(rows.delay(self.patience));
        open.rows = Some(rows.clone());
        Ok(rows)
    }

    /// What of the event hardly ever changes.
    async fn facts(&self) -> async_graphql::Result<Arc<Facts>> {
        if let Some(facts) = &self.open.lock().await.facts {
            return Ok(facts.clone());
        }
        self.rows().await?.loader().facts().await.cloned()
    }

    /// Something was written: later reads see it.
    pub(crate) async fn renew(&self) {
        *self.open.lock().await = Open::default();
    }

    /// The same, and these are the facts it was written by.
    pub(crate) async fn renew_knowing(&self, facts: Arc<Facts>) {
        *self.open.lock().await = Open {
            rows: None,
            facts: Some(facts),
        };
    }
}

pub(crate) struct OnSnapshot {
    pub(crate) snapshot: Snapshot,
    market: OnceCell<Arc<Market>>,
}

impl OnSnapshot {
    /// What of the event every second field needs.
    pub(crate) async fn facts(&self) -> async_graphql::Result<&Arc<Facts>> {
        self.snapshot.facts().await.map_err(unexpected)
    }

    /// The whole market, for the verbs that weigh it.
    pub(crate) async fn market(&self) -> async_graphql::Result<Arc<Market>> {
        let load = || async { self.snapshot.market().await.map(Arc::new) };
        self.market.get_or_try_init(load).await.cloned().map_err(unexpected)
    }
}

/// Works something out beside the threads that answer others.
pub(crate) async fn beside<T, F>(work: F) -> async_graphql::Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| unexpected(Error::Corrupt(error.to_string())))
}

/// What is no refusal is not for the reader's eyes: the sentence is general, the source is logged by the server. A
/// refusal to read at all (there is no event yet, say) is said as it is.
pub(crate) fn unexpected(error: Error) -> async_graphql::Error {
    let (code, text) = match &error {
        Error::Refused(refusal) => (refusal.code(), refusal.text(Tongue::En)),
        Error::Unavailable(_) | Error::Conflict(_) => ("unavailable", "Please try again in a moment.".to_owned()),
        _ => (
            "internal",
            "Something is wrong on our side; it has been logged.".to_owned(),
        ),
    };
    let mut outer = async_graphql::Error::new_with_source(error);
    outer.message = text;
    async_graphql::ErrorExtensions::extend_with(outer, |_, extensions| extensions.set("code", code))
}

/// The artists of an exhibitor.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ArtistsOf(pub(crate) ExhibitorId);
/// The meetings somebody joins as a guest.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MeetingsJoined(pub(crate) PersonId);
/// Whether a buyer or an exhibitor may be booked without being asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Direct(pub(crate) Uuid);
/// The meetings of a buyer.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MeetingsOfBuyer(pub(crate) BuyerId);
/// The meetings at an exhibitor's booth.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MeetingsOfExhibitor(pub(crate) ExhibitorId);

/// Who waits at an exhibitor's booth.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StandbyAt(pub(crate) ExhibitorId);
/// What was noted of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OutcomesOf(pub(crate) MeetingId);
/// The code of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CodeOf(pub(crate) MeetingId);
/// Numbers of the slots a pair could book at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OpenSlotsOf(pub(crate) Pair, pub(crate) jiff::Timestamp);

macro_rules! loaders {
    ($($key:ty => $value:ty: |$snapshot:ident, $keys:ident| $load:expr;)*) => {$(
        impl Loader<$key> for OnSnapshot {
            type Value = $value;
            type Error = Error;
            async fn load(&self, $keys: &[$key]) -> Result<HashMap<$key, $value>, Error> {
                let $snapshot = &self.snapshot;
                $load
            }
        }
    )*};
}

loaders! {
    PersonId => Person: |snapshot, keys| snapshot.people(keys).await;
    OrganisationId => Organisation: |snapshot, keys| snapshot.organisations(keys).await;
    BuyerId => Buyer: |snapshot, keys| snapshot.buyers_by_id(keys).await;
    ExhibitorId => Exhibitor: |snapshot, keys| snapshot.exhibitors_by_id(keys).await;
    MeetingId => Listed: |snapshot, keys| snapshot.meetings_by_id(keys).await;
    OpenSlotsOf => Vec<u16>: |snapshot, keys| {
        let (pairs, now): (Vec<Pair>, _) = (keys.iter().map(|key| key.0).collect(), keys.first().map(|key| key.1));
        let Some(now) = now else { return Ok(HashMap::new()) };
        let open = snapshot.open_slots(&pairs, now).await?;
        Ok(open.into_iter().map(|(pair, slots)| (OpenSlotsOf(pair, now), slots)).collect())
    };
    ArtistsOf => Vec<Artist>: |snapshot, keys| {
        let of: Vec<ExhibitorId> = keys.iter().map(|key| key.0).collect();
        Ok(snapshot.artists_of(&of).await?.into_iter().map(|(id, artists)| (ArtistsOf(id), artists)).collect())
    };
    GuestsOf => Vec<(PersonId, Part)>: |snapshot, keys| {
        let of: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        Ok(snapshot.guests_of(&of).await?.into_iter().map(|(id, guests)| (GuestsOf(id), guests)).collect())
    };
    MeetingsJoined => Vec<Listed>: |snapshot, keys| {
        let mut joined = HashMap::new();
        for key in keys {
            joined.insert(*key, snapshot.meetings_joined(key.0).await?);
        }
        Ok(joined)
    };
    Direct => bool: |snapshot, keys| {
        let of: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        Ok(snapshot.direct(&of).await?.into_iter().map(|(id, direct)| (Direct(id), direct)).collect())
    };
    MeetingsOfBuyer => Vec<Listed>: |snapshot, keys| {
        let of: Vec<BuyerId> = keys.iter().map(|key| key.0).collect();
        let meetings = snapshot.meetings_of_buyers(&of).await?;
        Ok(meetings.into_iter().map(|(id, meetings)| (MeetingsOfBuyer(id), meetings)).collect())
    };
    MeetingsOfExhibitor => Vec<Listed>: |snapshot, keys| {
        let of: Vec<ExhibitorId> = keys.iter().map(|key| key.0).collect();
        let meetings = snapshot.meetings_of_exhibitors(&of).await?;
        Ok(meetings.into_iter().map(|(id, meetings)| (MeetingsOfExhibitor(id), meetings)).collect())
    };
    StandbyAt => Vec<(Standby, Wants)>: |snapshot, keys| {
        let at: Vec<ExhibitorId> = keys.iter().map(|key| key.0).collect();
        Ok(snapshot.standby_at(&at).await?.into_iter().map(|(id, waiting)| (StandbyAt(id), waiting)).collect())
    };
    OutcomesOf => Vec<Outcome>: |snapshot, keys| {
        let of: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        Ok(snapshot.outcomes(&of).await?.into_iter().map(|(id, outcomes)| (OutcomesOf(id), outcomes)).collect())
    };
    CodeOf => String: |snapshot, keys| {
        let of: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        Ok(snapshot.codes(&of).await?.into_iter().map(|(id, code)| (CodeOf(id), code)).collect())
    };
}

/// The snapshot of the operation a resolver runs in.
pub(crate) async fn rows(ctx: &async_graphql::Context<'_>) -> async_graphql::Result<Rows> {
    ctx.data::<Reads>()?.rows().await
}

/// What of the event hardly ever changes: from memory, and where an act has just told it without any look at the database.
pub(crate) async fn facts(ctx: &async_graphql::Context<'_>) -> async_graphql::Result<Arc<Facts>> {
    ctx.data::<Reads>()?.facts().await
}

/// The booth of an exhibitor.
pub(crate) async fn booth_of(
    ctx: &async_graphql::Context<'_>,
    exhibitor: ExhibitorId,
) -> async_graphql::Result<Option<Booth>> {
    Ok(facts(ctx).await?.booths.get(&exhibitor).cloned())
}

/// One thing by its id, batched with all others asked for at the same time.
pub(crate) async fn one<K>(
    ctx: &async_graphql::Context<'_>,
    key: K,
) -> async_graphql::Result<Option<<OnSnapshot as Loader<K>>::Value>>
where
    K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    OnSnapshot: Loader<K, Error = Error>,
{
    rows(ctx).await?.load_one(key).await.map_err(unexpected)
}

/// One thing that must be there, because something points to it.
pub(crate) async fn pointed_to<K>(
    ctx: &async_graphql::Context<'_>,
    key: K,
) -> async_graphql::Result<<OnSnapshot as Loader<K>>::Value>
where
    K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    OnSnapshot: Loader<K, Error = Error>,
{
    let found = one(ctx, key).await?;
    found.ok_or_else(|| unexpected(Error::Corrupt("a row points to nothing".to_owned())))
}
