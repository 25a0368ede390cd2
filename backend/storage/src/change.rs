//! What listeners are told after a commit: in which event something changed, and for whom. Not what it was: they read
//! it anew, with their own rights. A change bears the number of its audit entry, so that one heard of twice (from its own
//! process, from another one, from a look at the log) is told once.

use crate::{
    Error, Store, column,
    entity::audit::{Column, Entity},
    scope,
};
use domain::id::{BuyerId, EventId, ExhibitorId, PersonId};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, PoisonError},
};
use tokio::sync::broadcast::{self, Receiver, Sender};
use uuid::Uuid;

/// Changes a listener may lag behind before it is told that it has missed some.
const MAX_LAG: usize = 1024;
/// Numbers remembered of what was told: many times what one second brings.
const REMEMBERED: usize = 16_384;
/// Entries of the log read at once.
const PAGE: u64 = 1000;

/// Whose calendar, requests or notices an act touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Touched {
    /// Buyers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buyers: Vec<BuyerId>,
    /// Exhibitors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exhibitors: Vec<ExhibitorId>,
    /// People, by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// All who take part: a publication, another phase.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub everybody: bool,
}

impl Touched {
    /// The two sides of a pair.
    pub fn pair(pair: domain::wish::Pair) -> Self {
        Self {
            buyers: vec![pair.buyer],
            exhibitors: vec![pair.exhibitor],
            ..Self::default()
        }
    }

    /// All who take part.
    pub fn everybody() -> Self {
        Self {
            everybody: true,
            ..Self::default()
        }
    }

    /// Those of both.
    #[must_use]
    pub fn and(mut self, other: Touched) -> Self {
        self.buyers.extend(other.buyers);
        self.exhibitors.extend(other.exhibitors);
        self.people.extend(other.people);
        self.everybody |= other.everybody;
        self
    }

    /// Whether anybody is touched.
    pub fn anybody(&self) -> bool {
        *self != Self::default()
    }
}

/// Something changed in an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// Where.
    pub event: EventId,
    /// For whom.
    pub touched: Touched,
    /// The number of its audit entry.
    pub number: i64,
}

/// Who listens in this process, and what they were told.
pub(crate) struct Changes {
    /// Everything, whoever committed it.
    all: Sender<Change>,
    /// What this process committed.
    own: Sender<Change>,
    /// Number and hash: what somebody else told under the same number is not the same change.
    told: Mutex<BTreeSet<(i64, u64)>>,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            all: broadcast::channel(MAX_LAG).0,
            own: broadcast::channel(MAX_LAG).0,
            told: Mutex::default(),
        }
    }
}

impl Changes {
    /// Whether it is told for the first time.
    fn first(&self, change: &Change) -> bool {
        let mut hasher = DefaultHasher::new();
        change.hash(&mut hasher);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let first = told.insert((change.number, hasher.finish()));
        if told.len() > REMEMBERED {
            told.pop_first();
        }
        first
    }

    /// This process has committed it. Nobody listening is no error.
    pub(crate) fn committed(&self, change: Change) {
        self.first(&change);
        let _ = self.own.send(change.clone());
        let _ = self.all.send(change);
    }
}

impl Store {
    /// Told of every change, whichever process committed it: this one at once, others when it is heard of.
    pub fn changes(&self) -> Receiver<Change> {
        self.changes.all.subscribe()
    }

    /// Told of the changes this process commits, to pass them on to others.
    pub fn committed(&self) -> Receiver<Change> {
        self.changes.own.subscribe()
    }

    /// Passes on a change that another process has committed, once.
    pub fn hear(&self, change: Change) {
        if !self.changes.first(&change) {
            return;
        }
        if change.touched.everybody {
            // It may be a publication; whoever listens to those looks.
            self.tell_published(change.event);
        }
        // Nobody listening is no error.
        let _ = self.changes.all.send(change);
    }

    /// Looks into the log for what was committed after an entry, and passes on what was not heard of yet: what others
    /// commit shows here even if nobody tells. Answers the last entry. `None`: from now on.
    pub async fn look_around(&self, after: Option<i64>) -> Result<i64, Error> {
        let tx = self.reading().await?;
        let Some(mut last) = after else {
            let newest = scope::everything::<Entity>().select_only().column(Column::Number);
            let newest = newest.order_by_desc(Column::Number).limit(1);
            return Ok(newest.into_tuple().one(&tx).await?.unwrap_or(0));
        };
        loop {
            let page: Vec<(i64, Option<Uuid>, String)> = scope::everything::<Entity>()
                .select_only()
                .columns([Column::Number, Column::EventId, Column::Detail])
                .filter(Column::Number.gt(last))
                .order_by_asc(Column::Number)
                .limit(PAGE)
                .into_tuple()
                .all(&tx)
                .await?;
            let more = page.len() as u64 == PAGE;
            for (number, event, detail) in page {
                last = number;
                if let (Some(event), Some(touched)) = (event, touched(number, &detail)?) {
                    self.hear(Change {
                        event: EventId(event),
                        touched,
                        number,
                    });
                }
            }
            if !more {
                return Ok(last);
            }
        }
    }
}

/// Whom an entry of the log touches, if anybody.
fn touched(number: i64, detail: &str) -> Result<Option<Touched>, Error> {
    #[derive(Deserialize)]
    struct Detail {
        touched: Option<Touched>,
    }
    let detail: Detail = serde_json::from_str(detail).map_err(|_| column::corrupt("the detail of an entry", number))?;
    Ok(detail.touched)
}
