//! A booth's tables and when they are staffed.

use crate::{
    gate::sees,
    meeting::Meeting,
    mutation::asked,
    participation::Booth,
    reads::{Reads, booth_of, rows, unexpected},
    refusal::{Refusal, outcome},
};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Union};
use domain::{Ctx, id::ExhibitorId, staffing::SetStaffing, venue};
use uuid::Uuid;

/// For this span, so many of the booth's tables are staffed.
#[derive(SimpleObject)]
pub(crate) struct Staffing {
    /// From when.
    starts_at: jiff::Timestamp,
    /// Until when.
    ends_at: jiff::Timestamp,
    /// How many.
    tables: u16,
}

impl From<&venue::Staffing> for Staffing {
    fn from(staffing: &venue::Staffing) -> Self {
        Self {
            starts_at: staffing.span.from(),
            ends_at: staffing.span.until(),
            tables: staffing.tables,
        }
    }
}

/// A span in which so many of the booth's tables are staffed.
#[derive(InputObject)]
pub(crate) struct StaffingInput {
    /// From when.
    from: jiff::Timestamp,
    /// Until when.
    until: jiff::Timestamp,
    /// How many; 0: nobody is there.
    tables: u16,
}

/// How a booth is staffed from now on.
#[derive(InputObject)]
pub(crate) struct SetStaffingInput {
    /// Whose booth; for organizers. One's own needs no word.
    exhibitor: Option<Uuid>,
    /// How many tables it has.
    tables: u16,
    /// When fewer of them are staffed; replaces what was said before.
    staffing: Vec<StaffingInput>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

fn command(exhibitor: Option<Uuid>, tables: u16, staffing: &[StaffingInput]) -> SetStaffing {
    let spans = staffing.iter().map(|span| (span.from, span.until, span.tables));
    SetStaffing {
        exhibitor: exhibitor.map(ExhibitorId),
        tables,
        staffing: spans.collect(),
    }
}

/// A booth, or why not.
#[derive(Union)]
pub(crate) enum BoothResult {
    /// Done.
    Booth(Booth),
    /// Not done.
    Refusal(Refusal),
}

/// What can be asked of staffing.
#[derive(Default)]
pub struct StaffingQuery;

#[Object]
impl StaffingQuery {
    /// The meetings for which there would be no table: they stand against `setStaffing`. Whose table is staffed no longer
    /// while another is free sits down there and is not among them.
    async fn staffing_conflicts(
        &self,
        ctx: &Context<'_>,
        exhibitor: Option<Uuid>,
        tables: u16,
        staffing: Vec<StaffingInput>,
    ) -> Result<Option<Vec<Meeting>>> {
        let request = ctx.data::<Ctx>()?;
        let own = request.actor.exhibitor;
        let meant = exhibitor.map(ExhibitorId).or(own);
        if meant.is_none() || !sees(ctx, "Query", "staffingConflicts", meant == own)? {
            return Ok(None);
        }
        let command = command(exhibitor, tables, &staffing);
        let rows = rows(ctx).await?;
        match rows.loader().snapshot.staffing_conflicts(request, &command).await {
            Ok(found) => Ok(Some(found.into_iter().map(Meeting).collect())),
            Err(storage::Error::Refused(domain::Refusal::NotFound)) => Ok(None),
            Err(error) => Err(unexpected(error)),
        }
    }
}

/// The verb of staffing.
#[derive(Default)]
pub struct StaffingMutation;

#[Object]
impl StaffingMutation {
    /// Changes a booth's tables and when they are staffed. Refused where meetings have no table then.
    async fn set_staffing(&self, ctx: &Context<'_>, input: SetStaffingInput) -> Result<Option<BoothResult>> {
        let (store, request) = asked(ctx)?;
        let command = command(input.exhibitor, input.tables, &input.staffing);
        let done = store.set_staffing(request, command, input.key).await;
        ctx.data::<Reads>()?.renew().await;
        let exhibitor = match outcome(done)? {
            Ok(exhibitor) => exhibitor,
            Err(refusal) => return Ok(Some(BoothResult::Refusal(refusal))),
        };
        Ok(booth_of(ctx, exhibitor).await?.map(Booth).map(BoothResult::Booth))
    }
}
