//! What an import does to what is there: rows added, changed, taken away, and those that stay as they are, a noun.

use crate::{
    Error,
    scope::{self, InEvent, InNoEvent, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Most rows compared with by one statement that names them.
const MAX_NAMED: usize = 10_000;

/// What becomes of the rows of one noun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// In the words of the files: `buyers`.
    pub noun: String,
    /// Those that were not there.
    pub added: usize,
    /// Those that are otherwise now.
    pub changed: usize,
    /// Those that are there already, just so.
    pub same: usize,
    /// Those that are taken away.
    pub removed: usize,
}

/// Counts while an import is kept.
pub(crate) struct Tally<'t> {
    pub(crate) scope: Scope<'t>,
    counted: Vec<Counted>,
}

impl<'t> Tally<'t> {
    pub(crate) fn new(scope: Scope<'t>) -> Self {
        Self {
            scope,
            counted: Vec::new(),
        }
    }

    /// The nouns there was something of, in the order in which they were kept.
    pub(crate) fn counted(self) -> Vec<Counted> {
        let something = |counted: &Counted| counted.added + counted.changed + counted.same + counted.removed > 0;
        self.counted.into_iter().filter(something).collect()
    }

    /// Brings rows of the event up to date, and counts.
    pub(crate) async fn upsert<E>(&mut self, noun: &str, rows: Vec<E::Model>, key: &[E::Column]) -> Result<(), Error>
    where
        E: InEvent,
        E::Model: IntoActiveModel<E::ActiveModel> + PartialEq + Sync,
        E::ActiveModel: Send,
    {
        if rows.is_empty() {
            return Ok(());
        }
        let there = self.scope.rows::<E>().all(self.scope.tx).await?;
        self.compare(noun, &rows, there, key);
        self.scope.upsert::<E>(rows, key).await
    }

    /// The same for rows that belong to no event: only those are looked at that the key's first column names.
    pub(crate) async fn upsert_world<E>(
        &mut self,
        noun: &str,
        rows: Vec<E::Model>,
        key: &[E::Column],
    ) -> Result<(), Error>
    where
        E: InNoEvent,
        E::Model: IntoActiveModel<E::ActiveModel> + PartialEq + Sync,
        E::ActiveModel: Send,
    {
        let Some(first) = key.first() else { return Ok(()) };
        let mut there = Vec::new();
        for some in rows.chunks(MAX_NAMED) {
            let named: Select<E> = scope::world::<E>();
            let named = named.filter(first.is_in(some.iter().map(|row| row.get(*first))));
            there.extend(named.all(self.scope.tx).await?);
        }
        self.compare(noun, &rows, there, key);
        self.scope.upsert_world::<E>(rows, key).await
    }

    /// Counts what becomes of rows that are replaced as a whole: those there that are not among the new ones go.
    pub(crate) fn replace<M>(
        &mut self,
        noun: &str,
        rows: &[M],
        there: Vec<M>,
        key: &[<M::Entity as EntityTrait>::Column],
    ) where
        M: ModelTrait + PartialEq,
    {
        let before = there.len();
        self.compare(noun, rows, there, key);
        if let Some(counted) = self.counted.iter_mut().find(|counted| counted.noun == noun) {
            counted.removed += before - counted.same - counted.changed;
        }
    }

    /// Counts rows that stay, whatever was said of them.
    pub(crate) fn stay(&mut self, noun: &str, rows: usize) {
        self.of(noun).same += rows;
    }

    fn of(&mut self, noun: &str) -> &mut Counted {
        let at = self.counted.iter().position(|counted| counted.noun == noun);
        let at = at.unwrap_or_else(|| {
            self.counted.push(Counted {
                noun: noun.to_owned(),
                added: 0,
                changed: 0,
                same: 0,
                removed: 0,
            });
            self.counted.len() - 1
        });
        &mut self.counted[at]
    }

    fn compare<M>(&mut self, noun: &str, rows: &[M], there: Vec<M>, key: &[<M::Entity as EntityTrait>::Column])
    where
        M: ModelTrait + PartialEq,
    {
        let name = |row: &M| format!("{:?}", key.iter().map(|column| row.get(*column)).collect::<Vec<_>>());
        let there: HashMap<String, M> = there.into_iter().map(|row| (name(&row), row)).collect();
        let counted = self.of(noun);
        for row in rows {
            match there.get(&name(row)) {
                None => counted.added += 1,
                Some(same) if same == row => counted.same += 1,
                Some(_) => counted.changed += 1,
            }
        }
    }
}
