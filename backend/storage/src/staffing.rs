//! Keeping a booth's tables and when they are staffed, and who sits at another table for it.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    agenda::{self, Listed},
    booking,
    change::Touched,
    column,
    entity::{booth, meeting, occupancy as place, staffing},
    facts::{self, Facts},
    guest,
    market::{self, PLANNED},
    notice::{self, Tell},
    occupancy,
    scope::Scope,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    id::ExhibitorId,
    market::{Meeting, Placement},
    notice::{About, Audience, NoticeKind, Said},
    party,
    staffing::{self as rule, SetStaffing, Situation},
    venue::Booth,
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter, QueryOrder, sea_query::Expr};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

impl Store {
    /// Changes a booth's tables and when they are staffed. `key` is made by whoever asks.
    pub async fn set_staffing(&self, ctx: &Ctx, command: SetStaffing, key: Uuid) -> Result<ExhibitorId, Error> {
        let act = Act::new(Verb::SetStaffing, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { set(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

impl Snapshot {
    /// The meetings for which there would be no table, in order of time and table.
    pub async fn staffing_conflicts(&self, ctx: &Ctx, command: &SetStaffing) -> Result<Vec<Listed>, Error> {
        let mut found = load(self.scope(), ctx, command).await?;
        let preview = rule::preview(&found.situation()?, command, ctx)?;
        let rows = preview
            .conflicts
            .iter()
            .filter_map(|meeting| found.rows.remove(&meeting.id.0));
        rows.map(agenda::listed).collect()
    }
}

/// What the rule looks at, owned.
struct Found {
    facts: Arc<Facts>,
    exhibitor: ExhibitorId,
    rows: HashMap<Uuid, meeting::Model>,
    meetings: Vec<Meeting>,
    tables_busy: HashSet<(u16, i64)>,
}

impl Found {
    fn booth(&self) -> Result<&Booth, Error> {
        Ok(self.facts.booths.get(&self.exhibitor).ok_or(Refusal::NotFound)?)
    }

    fn situation(&self) -> Result<Situation<'_>, Error> {
        Ok(Situation {
            event: &self.facts.event,
            slots: &self.facts.slots,
            booth: self.booth()?,
            meetings: &self.meetings,
            tables_busy: &self.tables_busy,
        })
    }
}

async fn load(scope: Scope<'_>, ctx: &Ctx, command: &SetStaffing) -> Result<Found, Error> {
    let exhibitor = party::exhibitor(&ctx.actor, Verb::SetStaffing, command.exhibitor)?;
    let mut found = Found {
        facts: scope.facts().await?,
        exhibitor,
        rows: HashMap::new(),
        meetings: Vec::new(),
        tables_busy: HashSet::new(),
    };
    let booth = found.booth()?.id;
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(meeting::Column::ExhibitorId.eq(exhibitor.0))
        .order_by_asc(meeting::Column::Slot)
        .order_by_asc(meeting::Column::Seat);
    for row in rows.all(scope.tx).await? {
        found.rows.insert(row.id, row.clone());
        found.meetings.push(market::meeting_from(row)?);
    }
    let taken = occupancy::taken(scope, &[booth.0], found.facts.cells()).await?;
    found.tables_busy = taken.into_iter().map(|(_, table, cell)| (table, cell)).collect();
    Ok(found)
}

async fn set(scope: Scope<'_>, ctx: &Ctx, command: &SetStaffing) -> Result<Done<ExhibitorId>, Error> {
    let found = load(scope, ctx, command).await?;
    let restaffed = rule::set(&found.situation()?, command, ctx)?;
    keep(scope, &restaffed.booth).await?;
    facts::renew(scope).await?;
    let mut touched = Touched {
        exhibitors: vec![found.exhibitor],
        ..Touched::default()
    };
    for (meeting, table) in &restaffed.reseated {
        touched = touched.and(reseat(scope, ctx, &found.facts, (meeting, *table)).await?);
    }
    let detail = serde_json::json!({
        "exhibitor": found.exhibitor, "tables": restaffed.booth.tables, "spans": restaffed.booth.staffing.len(),
        "reseated": restaffed.reseated.len(),
    });
    Ok(Done {
        answer: found.exhibitor,
        detail,
        touched,
    })
}

async fn keep(scope: Scope<'_>, booth: &Booth) -> Result<(), Error> {
    scope
        .change::<booth::Entity>()
        .col_expr(booth::Column::Tables, Expr::value(i32::from(booth.tables)))
        .filter(booth::Column::Id.eq(booth.id.0))
        .exec(scope.tx)
        .await?;
    scope
        .delete::<staffing::Entity>()
        .filter(staffing::Column::BoothId.eq(booth.id.0))
        .exec(scope.tx)
        .await?;
    let rows = booth.staffing.iter().map(|staffing| staffing::Model {
        booth_id: booth.id.0,
        starts: column::ms(staffing.span.from()),
        event_id: scope.event.0,
        ends: column::ms(staffing.span.until()),
        tables: i32::from(staffing.tables),
    });
    scope.insert::<staffing::Entity>(rows.collect()).await
}

/// A meeting sits down at another table of its booth, at its time.
async fn reseat(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    (meeting, table): (&Meeting, u16),
) -> Result<Touched, Error> {
    let changed = scope
        .change::<meeting::Entity>()
        .col_expr(meeting::Column::Seat, Expr::value(i32::from(table)))
        .col_expr(meeting::Column::Revision, Expr::col(meeting::Column::Revision).add(1))
        .filter(meeting::Column::Id.eq(meeting.id.0))
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(meeting::Column::Revision.eq(meeting.revision as i32))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::MeetingChanged { starts: None }.into());
    }
    scope
        .change::<place::Entity>()
        .col_expr(place::Column::Lane, Expr::value(i32::from(table)))
        .filter(place::Column::Holder.eq(meeting.id.0))
        .filter(place::Column::Resource.eq(meeting.placement.booth.0))
        .exec(scope.tx)
        .await?;
    let pair = meeting.placement.pair;
    let seated = Meeting {
        placement: Placement {
            table,
            ..meeting.placement
        },
        revision: meeting.revision + 1,
        ..*meeting
    };
    let tell = |to: Audience| Tell {
        to,
        kind: NoticeKind::MeetingMoved,
        about: About {
            meeting: Some(meeting.id),
            request: None,
        },
        said: Said {
            other: facts.name_of_exhibitor(pair.exhibitor).cloned(),
            ..booking::said(facts, &seated)
        },
    };
    let advisers = guest::advisers(scope, meeting.id).await?.into_iter();
    let mut tells = vec![tell(Audience::Buyer(pair.buyer))];
    tells.extend(advisers.map(|adviser| tell(Audience::Person(adviser))));
    let told = notice::tell(scope, ctx, tells).await?;
    Ok(Touched::pair(pair).and(told))
}
