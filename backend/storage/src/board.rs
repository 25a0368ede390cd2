//! Boards: what stands at the tables, of one booth meeting by meeting, of all booths in figures.

use crate::{Error, Snapshot, agenda, agenda::Listed, entity::meeting, market, table};
use domain::{
    board::{Count, Happening},
    event::Slot,
    id::{ExhibitorId, MeetingId},
    table::{self as rule, Fate},
    venue::Booth,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

impl Snapshot {
    /// Meetings at a booth in these slots that take place, or to which one side did not come; by slot and table.
    pub async fn at_tables(&self, exhibitor: ExhibitorId, slots: &[Slot]) -> Result<Vec<Listed>, Error> {
        let rows = self
            .scope()
            .rows::<meeting::Entity>()
            .filter(meeting::Column::ExhibitorId.eq(exhibitor.0))
            .filter(meeting::Column::State.is_in([market::PLANNED, market::MISSED]))
            .filter(meeting::Column::Slot.is_in(slots.iter().map(|slot| i32::from(slot.number))))
            .order_by_asc(meeting::Column::Slot)
            .order_by_asc(meeting::Column::Seat)
            .order_by_asc(meeting::Column::Id);
        rows.all(&self.tx).await?.into_iter().map(agenda::listed).collect()
    }

    /// Booths by code, with what happens at their tables in each of these slots.
    pub async fn figures(&self, slots: &[Slot]) -> Result<Vec<(Booth, Vec<Count>)>, Error> {
        let scope = self.scope();
        let facts = scope.facts().await?;
        let rows = scope
            .rows::<meeting::Entity>()
            .filter(meeting::Column::State.is_in([market::PLANNED, market::MISSED]))
            .filter(meeting::Column::Slot.is_in(slots.iter().map(|slot| i32::from(slot.number))));
        let mut happening = Vec::new();
        for row in rows.all(&self.tx).await? {
            happening.push(Happening {
                exhibitor: ExhibitorId(row.exhibitor_id),
                slot: crate::column::count(row.slot)?,
                missed: agenda::fate(&row.state)? == Fate::Missed,
                started: agenda::presence(&row)?.started().is_some(),
            });
        }
        let mut booths: Vec<Booth> = facts.booths.values().cloned().collect();
        booths.sort_by(|a, b| (&a.code, a.id).cmp(&(&b.code, b.id)));
        Ok(domain::board::figures(booths, slots, &happening))
    }

    /// The codes of meetings, for the exhibitor's staff to show.
    pub async fn codes(&self, of: &[MeetingId]) -> Result<HashMap<MeetingId, String>, Error> {
        let secret = table::secret(self.scope()).await?;
        Ok(of.iter().map(|&id| (id, rule::code(&secret, id))).collect())
    }
}
