//! Push subscriptions: a person's browsers, and a letter for each when the person is told something. Encrypting and
//! sending are the server's affair.

use crate::{
    Error, Snapshot, Store,
    act::{self, Act, Done, Letter},
    column,
    entity::{outbox, push_subscription},
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    id::{EventId, PersonId, PushId},
    push::{Keys, MOST, Subscribe, Subscription},
    time::{SignedDuration, Timestamp},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, DatabaseTransaction, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The topic of the letters.
pub const TOPIC: &str = "push";
/// How long pushes wait for others to the same browser, so that one tells of all.
pub const GATHER: SignedDuration = SignedDuration::from_secs(10);

/// Where a push goes, and for whom alone.
#[derive(Debug, Clone)]
pub struct Address {
    /// The subscription.
    pub id: PushId,
    /// As it was admitted when it was kept.
    pub endpoint: String,
    /// The browser's.
    pub keys: Keys,
}

/// What an act answers; the address itself is not kept a second time.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: Uuid,
    made_at: i64,
}

impl Kept {
    fn of(self, endpoint: &str) -> Result<Subscription, Error> {
        Ok(Subscription {
            id: PushId(self.id),
            endpoint: endpoint.to_owned(),
            made_at: column::at(self.made_at)?,
        })
    }
}

fn hash(endpoint: &str) -> Vec<u8> {
    Sha256::digest(endpoint.as_bytes()).to_vec()
}

impl Store {
    /// Lets a browser of one's own be told. Whoever used the browser before is told there no more; of too many browsers
    /// the one that subscribed first gives way.
    pub async fn subscribe_push(&self, ctx: &Ctx, asked: Subscribe) -> Result<Subscription, Error> {
        access::may(&ctx.actor, Verb::SubscribePush)?;
        let (endpoint, keys) = (hash(asked.endpoint.as_str()), &asked.keys);
        let act = Act::new(Verb::SubscribePush, asked.id, &(endpoint, &keys.p256dh, hash_of(keys)))?;
        let address = asked.endpoint.as_str().to_owned();
        let kept = self
            .act(ctx, act, move |scope, ctx| {
                async move { subscribe(scope, &ctx, asked).await }.boxed()
            })
            .await?;
        kept.of(&address)
    }

    /// Lets a browser of one's own be told no more. `key` is made by whoever asks.
    pub async fn unsubscribe_push(&self, ctx: &Ctx, endpoint: String, key: Uuid) -> Result<Subscription, Error> {
        access::may(&ctx.actor, Verb::UnsubscribePush)?;
        let hashed = hash(&endpoint);
        let act = Act::new(Verb::UnsubscribePush, key, &hashed)?;
        let kept = self
            .act(ctx, act, move |scope, ctx| {
                async move { unsubscribe(scope, &ctx, hashed).await }.boxed()
            })
            .await?;
        kept.of(&endpoint)
    }

    /// The service says that there is no such browser any more, or nothing can be sent to it.
    pub async fn forget_push(&self, id: PushId) -> Result<(), Error> {
        self.writer
            .write(move |tx| {
                async move {
                    let gone = scope::delete_world::<push_subscription::Entity>();
                    gone.filter(push_subscription::Column::Id.eq(id.0)).exec(tx).await?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

/// Of a browser's secret only a hash goes into what tells acts apart.
fn hash_of(keys: &Keys) -> Vec<u8> {
    Sha256::digest(&keys.auth).to_vec()
}

impl Snapshot {
    /// Where a push to this browser goes. `None`: it is told no more.
    pub async fn push_address(&self, id: PushId) -> Result<Option<Address>, Error> {
        let row = scope::world::<push_subscription::Entity>()
            .filter(push_subscription::Column::Id.eq(id.0))
            .one(&self.tx)
            .await?;
        Ok(row.map(|row| Address {
            id,
            endpoint: row.endpoint,
            keys: Keys {
                p256dh: row.p256dh,
                auth: row.auth,
            },
        }))
    }
}

async fn asker(scope: Scope<'_>, ctx: &Ctx, verb: Verb) -> Result<PersonId, Error> {
    access::open(&ctx.actor, verb, scope.facts().await?.event.phase)?;
    Ok(ctx.actor.person.ok_or(Refusal::NotFound)?)
}

async fn subscribe(scope: Scope<'_>, ctx: &Ctx, asked: Subscribe) -> Result<Done<Kept>, Error> {
    let person = asker(scope, ctx, Verb::SubscribePush).await?;
    let endpoint_hash = hash(asked.endpoint.as_str());
    let service = asked.endpoint.origin().to_owned();
    let same = scope::world::<push_subscription::Entity>()
        .filter(push_subscription::Column::EndpointHash.eq(endpoint_hash.clone()))
        .one(scope.tx)
        .await?;
    let mut row = push_subscription::Model {
        id: asked.id.0,
        person_id: person.0,
        endpoint_hash,
        endpoint: asked.endpoint.as_str().to_owned(),
        p256dh: asked.keys.p256dh,
        auth: asked.keys.auth,
        made_at: scope::now(ctx),
    };
    if let Some(same) = same {
        if same.person_id == person.0 {
            // Pushes on their way to it are not lost.
            (row.id, row.made_at) = (same.id, same.made_at);
        }
        forget(scope, vec![same.id]).await?;
    }
    let gone = make_room(scope, person).await?;
    let kept = Kept {
        id: row.id,
        made_at: row.made_at,
    };
    scope
        .insert::<push_subscription::Entity>(vec![row])
        .await
        .map_err(act::used)?;
    Ok(Done::quietly(kept, json!({"service": service, "gave_way": gone})))
}

/// The oldest give way until there is room for one more; answers how many.
async fn make_room(scope: Scope<'_>, person: PersonId) -> Result<usize, Error> {
    let newest_first = scope::world::<push_subscription::Entity>()
        .select_only()
        .column(push_subscription::Column::Id)
        .filter(push_subscription::Column::PersonId.eq(person.0))
        .order_by_desc(push_subscription::Column::MadeAt)
        .order_by_desc(push_subscription::Column::Id)
        .into_tuple();
    let own: Vec<Uuid> = newest_first.all(scope.tx).await?;
    let old: Vec<Uuid> = own.into_iter().skip(MOST as usize - 1).collect();
    let gone = old.len();
    if gone > 0 {
        forget(scope, old).await?;
    }
    Ok(gone)
}

async fn forget(scope: Scope<'_>, ids: Vec<Uuid>) -> Result<(), Error> {
    let gone = scope::delete_world::<push_subscription::Entity>();
    gone.filter(push_subscription::Column::Id.is_in(ids))
        .exec(scope.tx)
        .await?;
    Ok(())
}

async fn unsubscribe(scope: Scope<'_>, ctx: &Ctx, endpoint_hash: Vec<u8>) -> Result<Done<Kept>, Error> {
    let person = asker(scope, ctx, Verb::UnsubscribePush).await?;
    let row = scope::world::<push_subscription::Entity>()
        .filter(push_subscription::Column::EndpointHash.eq(endpoint_hash))
        .filter(push_subscription::Column::PersonId.eq(person.0))
        .one(scope.tx)
        .await?
        .ok_or(Refusal::AlreadyDone)?;
    forget(scope, vec![row.id]).await?;
    let kept = Kept {
        id: row.id,
        made_at: row.made_at,
    };
    Ok(Done::quietly(kept, json!({})))
}

/// Somebody who is told something, and whose browsers are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) event: EventId,
    pub(crate) person: PersonId,
    pub(crate) urgency: Urgency,
    pub(crate) at: Timestamp,
}

/// A letter for every browser of those who are told something, and each time they are. What is pushed is read from their
/// notices when it is sent.
pub(crate) async fn letters(tx: &DatabaseTransaction, told: &[Told]) -> Result<Vec<outbox::ActiveModel>, Error> {
    let people: BTreeSet<Uuid> = told.iter().map(|told| told.person.0).collect();
    let people: Vec<Uuid> = people.into_iter().collect();
    let mut browsers: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for some in people.chunks(MAX_PEOPLE) {
        // The last one fills up to a power of two, so that few statements are prepared once and for all.
        let filling = some.last().copied().into_iter().cycle();
        let some = some.iter().copied().chain(filling).take(some.len().next_power_of_two());
        let theirs = scope::world::<push_subscription::Entity>()
            .select_only()
            .column(push_subscription::Column::Id)
            .column(push_subscription::Column::PersonId)
            .filter(push_subscription::Column::PersonId.is_in(some))
            .into_tuple();
        let theirs: Vec<(Uuid, Uuid)> = theirs.all(tx).await?;
        for (id, person) in theirs {
            browsers.entry(person).or_default().push(id);
        }
    }
    let mut letters = Vec::new();
    for told in told {
        letters.extend(browsers.get(&told.person.0).into_iter().flatten().map(|id| {
            let letter = Letter {
                topic: TOPIC,
                recipient: Some(told.person.0),
                payload: json!({"subscription": id}),
                after: match told.urgency {
                    Urgency::AtOnce => SignedDuration::ZERO,
                    Urgency::Gathered => GATHER,
                },
            };
            letter.row(told.event, told.at)
        }));
    }
    Ok(letters)
}

/// Most people asked after by one statement.
const MAX_PEOPLE: usize = 8192;

/// How soon a push goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// With others of the next seconds.
    Gathered,
    /// It is of use only at once.
    AtOnce,
}
