//! Agendas: what takes a person's or a booth's time, from the live calendar.

use crate::{
    Error, Snapshot, column,
    entity::{absence, attendance, meeting, session},
    market::{CANCELLED, MISSED, PLANNED, meeting_from},
};
pub use domain::table::Fate as State;
use domain::{
    id::{BuyerId, ExhibitorId, MeetingId, PersonId},
    market::Meeting,
    name::Bilingual,
    table::Presence,
    time::Span,
    wish::Side,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// Something besides meetings that takes a person's time.
#[derive(Debug, Clone)]
pub enum Taken {
    /// A session to sit in or speak at.
    Session {
        /// Its id.
        id: uuid::Uuid,
        /// Its title.
        title: Bilingual,
        /// Where.
        place: String,
        /// When.
        span: Span,
    },
    /// A private block.
    Absence {
        /// Its id.
        id: uuid::Uuid,
        /// The person's own words.
        reason: String,
        /// When.
        span: Span,
    },
}

/// One meeting with its state.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The meeting.
    pub meeting: Meeting,
    /// Whether it takes place.
    pub state: State,
    /// Whether only the organizer changes it.
    pub locked: bool,
    /// Who has come to it.
    pub presence: Presence,
    /// The side that did not come.
    pub absent: Option<Side>,
}

/// What a column says of whether a meeting takes place.
pub(crate) fn fate(state: &str) -> Result<State, Error> {
    match state {
        PLANNED => Ok(State::Planned),
        CANCELLED => Ok(State::Cancelled),
        MISSED => Ok(State::Missed),
        other => Err(column::corrupt("a meeting's state", other)),
    }
}

/// Who has come, as a row holds it.
pub(crate) fn presence(row: &meeting::Model) -> Result<Presence, Error> {
    let at = |ms: Option<i64>| ms.map(column::at).transpose();
    Ok(Presence {
        buyer: at(row.buyer_came_at)?,
        exhibitor: at(row.exhibitor_came_at)?,
        ended: at(row.ended_at)?,
    })
}

pub(crate) fn listed(row: meeting::Model) -> Result<Listed, Error> {
    let (state, presence, locked) = (fate(&row.state)?, presence(&row)?, row.locked);
    let absent = row.absent.as_deref();
    let absent = absent
        .map(|side| column::word("a side", side, Side::parse))
        .transpose()?;
    Ok(Listed {
        meeting: meeting_from(row)?,
        state,
        locked,
        presence,
        absent,
    })
}

impl Snapshot {
    /// This meeting, if of this event.
    pub async fn meeting(&self, id: MeetingId) -> Result<Option<Listed>, Error> {
        let row = self
            .scope()
            .rows::<meeting::Entity>()
            .filter(meeting::Column::Id.eq(id.0))
            .one(&self.tx)
            .await?;
        row.map(listed).transpose()
    }

    /// These meetings, if of this event.
    pub async fn meetings_by_id(&self, ids: &[MeetingId]) -> Result<HashMap<MeetingId, Listed>, Error> {
        let rows = self
            .scope()
            .rows::<meeting::Entity>()
            .filter(meeting::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .all(&self.tx)
            .await?;
        rows.into_iter()
            .map(|row| Ok((MeetingId(row.id), listed(row)?)))
            .collect()
    }

    /// Planned meetings of these buyers, in order of time.
    pub async fn meetings_of_buyers(&self, of: &[BuyerId]) -> Result<HashMap<BuyerId, Vec<Listed>>, Error> {
        let mut meetings: HashMap<BuyerId, Vec<Listed>> = HashMap::new();
        for row in self
            .meetings(meeting::Column::BuyerId, of.iter().map(|id| id.0))
            .await?
        {
            meetings.entry(BuyerId(row.buyer_id)).or_default().push(listed(row)?);
        }
        Ok(meetings)
    }

    /// Planned meetings of these exhibitors, in order of time and table.
    pub async fn meetings_of_exhibitors(&self, of: &[ExhibitorId]) -> Result<HashMap<ExhibitorId, Vec<Listed>>, Error> {
        let mut meetings: HashMap<ExhibitorId, Vec<Listed>> = HashMap::new();
        for row in self
            .meetings(meeting::Column::ExhibitorId, of.iter().map(|id| id.0))
            .await?
        {
            meetings
                .entry(ExhibitorId(row.exhibitor_id))
                .or_default()
                .push(listed(row)?);
        }
        Ok(meetings)
    }

    async fn meetings(
        &self,
        column: meeting::Column,
        of: impl Iterator<Item = uuid::Uuid>,
    ) -> Result<Vec<meeting::Model>, Error> {
        let rows = self
            .scope()
            .rows::<meeting::Entity>()
            .filter(meeting::Column::State.eq(PLANNED));
        let rows = rows
            .filter(column.is_in(of))
            .order_by_asc(meeting::Column::Slot)
            .order_by_asc(meeting::Column::Seat);
        Ok(rows.all(&self.tx).await?)
    }

    /// Sessions and private blocks of a person, in order of time.
    pub async fn taken(&self, person: PersonId) -> Result<Vec<Taken>, Error> {
        let attended: Vec<uuid::Uuid> = self
            .scope()
            .rows::<attendance::Entity>()
            .select_only()
            .column(attendance::Column::SessionId)
            .filter(attendance::Column::PersonId.eq(person.0))
            .into_tuple()
            .all(&self.tx)
            .await?;
        let sessions = self
            .scope()
            .rows::<session::Entity>()
            .filter(session::Column::Id.is_in(attended));
        let absences = self
            .scope()
            .rows::<absence::Entity>()
            .filter(absence::Column::PersonId.eq(person.0));
        let mut taken = Vec::new();
        for row in sessions.order_by_asc(session::Column::Starts).all(&self.tx).await? {
            let title = column::bilingual(row.title_ja, row.title_en);
            taken.push(Taken::Session {
                id: row.id,
                title,
                place: row.place,
                span: column::span(row.starts, row.ends)?,
            });
        }
        for row in absences.order_by_asc(absence::Column::Starts).all(&self.tx).await? {
            taken.push(Taken::Absence {
                id: row.id,
                reason: row.reason,
                span: column::span(row.starts, row.ends)?,
            });
        }
        taken.sort_by_key(|taken| match taken {
            Taken::Session { span, .. } | Taken::Absence { span, .. } => *span,
        });
        Ok(taken)
    }
}
