//! The audit log: entries chained by hash (`domain::audit`), read by pages, checked as a whole.

use crate::{
    Error, Snapshot, Store,
    batch::Sealed,
    entity::{audit, idempotency},
    scope,
};
use domain::{audit::Entry, id::EventId};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Query},
};

/// Entries read at once when the chain is checked.
const PAGE: u64 = 5000;

pub(crate) fn seal_of(row: &audit::Model) -> Result<[u8; 32], Error> {
    row.seal
        .as_slice()
        .try_into()
        .map_err(|_| Error::Corrupt(format!("the seal of audit entry {}", row.number)))
}

/// Number and seal of the last entry, if there is any.
pub(crate) async fn last(tx: &DatabaseTransaction) -> Result<Option<Sealed>, Error> {
    let last = scope::world::<audit::Entity>().order_by_desc(audit::Column::Number);
    let last = last.one(tx).await?;
    last.map(|row| Ok((row.number, seal_of(&row)?))).transpose()
}

pub(crate) fn row(entry: Entry, event: Option<EventId>, seal: Vec<u8>) -> audit::Model {
    audit::Model {
        number: entry.number,
        event_id: event.map(|event| event.0),
        at: entry.at,
        actor: entry.actor,
        verb: entry.verb,
        subject: entry.subject,
        detail: entry.detail,
        request: entry.request,
        seal,
    }
}

/// The entry as it is sealed: with its event, so that moving it to another shows.
pub(crate) fn sealed(entry: Entry, event: Option<EventId>) -> Entry {
    let event = event.map_or_else(String::new, |event| event.to_string());
    Entry {
        subject: format!("{event}/{}", entry.subject),
        ..entry
    }
}

fn entry(row: audit::Model) -> Entry {
    Entry {
        number: row.number,
        at: row.at,
        actor: row.actor,
        verb: row.verb,
        subject: row.subject,
        detail: row.detail,
        request: row.request,
    }
}

/// Acts whose key is there and whose entry is not.
fn unlogged() -> Select<idempotency::Entity> {
    let own = Query::select()
        .expr(Expr::val(1))
        .from(audit::Entity)
        .and_where(
            Expr::col((audit::Entity, audit::Column::Actor)).equals((idempotency::Entity, idempotency::Column::Actor)),
        )
        .and_where(
            Expr::col((audit::Entity, audit::Column::Verb))
                .equals((idempotency::Entity, idempotency::Column::Operation)),
        )
        .and_where(
            Expr::col((audit::Entity, audit::Column::Subject)).equals((idempotency::Entity, idempotency::Column::Key)),
        )
        .to_owned();
    scope::world::<idempotency::Entity>().filter(Expr::exists(own).not())
}

impl Snapshot {
    /// Entries of this event before a number (newest first), at most `limit`.
    pub async fn audit(&self, before: Option<i64>, limit: u64) -> Result<Vec<Entry>, Error> {
        let mut select = scope::world::<audit::Entity>()
            .filter(audit::Column::EventId.eq(self.event.0))
            .order_by_desc(audit::Column::Number)
            .limit(limit);
        if let Some(before) = before {
            select = select.filter(audit::Column::Number.lt(before));
        }
        Ok(select.all(&self.tx).await?.into_iter().map(entry).collect())
    }
}

impl Store {
    /// Checks the whole chain: the number of entries, and the first that does not fit, if any.
    pub async fn check_audit(&self) -> Result<(i64, Option<i64>), Error> {
        let tx = self.reading().await?;
        let mut chain: Vec<(Entry, [u8; 32])> = Vec::new();
        loop {
            let after = chain.last().map_or(i64::MIN, |(entry, _)| entry.number);
            let rows = scope::world::<audit::Entity>()
                .filter(audit::Column::Number.gt(after))
                .order_by_asc(audit::Column::Number)
                .limit(PAGE)
                .all(&tx)
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let (seal, event) = (seal_of(&row)?, row.event_id.map(EventId));
                chain.push((sealed(entry(row), event), seal));
            }
        }
        let broken = domain::audit::broken(chain.iter().map(|(entry, seal)| (entry, *seal)));
        let entries = chain.len() as i64;
        // A chain cut off at its end is whole in itself: what was done shows by its key, kept in the same act.
        let cut = if unlogged().count(&tx).await? > 0 {
            Some(entries + 1)
        } else {
            None
        };
        Ok((entries, broken.or(cut)))
    }
}
