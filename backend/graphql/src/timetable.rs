//! Versions of the timetable: figures, proof, placements, and what publishing would change.

use crate::{
    event::Slot,
    fairness::Fairness,
    page::{asked, page},
    participation::{Booth, Buyer, Exhibitor},
    reads::{beside, pointed_to, rows, unexpected},
    scalar::Long,
};
use async_graphql::{
    Context, Enum, Object, Result,
    connection::{Connection, EmptyFields},
};
use domain::{market, timetable as rule};
use storage::timetable::Version;
use uuid::Uuid;

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::State")]
pub(crate) enum TimetableState {
    /// Being calculated.
    Draft,
    /// Calculated and proved.
    Proposed,
    /// The one everybody's agenda follows from.
    Published,
    /// Was published, or was set aside.
    Superseded,
}

/// One version of all meetings.
pub(crate) struct Timetable(pub(crate) Version);

#[Object]
impl Timetable {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// Its number, from 1.
    async fn version(&self) -> u32 {
        self.0.version
    }
    /// Where it stands.
    async fn state(&self) -> TimetableState {
        self.0.state.into()
    }
    /// What its meetings are worth.
    async fn value(&self) -> Long {
        Long(self.0.value)
    }
    /// No timetable can be worth more: proved by its certificate.
    async fn upper_bound(&self) -> Long {
        Long(self.0.upper_bound)
    }
    /// How far at most it is from the best possible one: (bound − value) / bound. 0: proved optimal.
    async fn gap(&self) -> f64 {
        (self.0.upper_bound - self.0.value) as f64 / self.0.upper_bound.abs().max(1) as f64
    }
    /// Pairs that were wished for.
    async fn requests(&self) -> u32 {
        self.0.requests
    }
    /// Pairs that meet.
    async fn placed(&self) -> u32 {
        self.0.placed
    }
    /// Pairs both sides wished for.
    async fn mutual(&self) -> u32 {
        self.0.mutual
    }
    /// Those of them that meet.
    async fn mutual_placed(&self) -> u32 {
        self.0.mutual_placed
    }
    /// Holes in buyers' days.
    async fn breaks(&self) -> Long {
        Long(self.0.breaks)
    }
    /// Changes of zone without a pause.
    async fn dashes(&self) -> Long {
        Long(self.0.dashes)
    }
    /// When it was proposed.
    async fn proposed_at(&self) -> jiff::Timestamp {
        self.0.proposed_at
    }
    /// When it was last published.
    async fn published_at(&self) -> Option<jiff::Timestamp> {
        self.0.published_at
    }
    /// Timetable and certificate in the interchange format, for any checker.
    async fn certificate(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        rows(ctx)
            .await?
            .loader()
            .snapshot
            .certificate(self.0.id)
            .await
            .map_err(unexpected)
    }
    /// Its meetings, by buyer and exhibitor.
    async fn placements(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<String, Placement, EmptyFields, EmptyFields>> {
        let asked = asked(first, after)?;
        let rows = rows(ctx).await?;
        let all = rows.loader().snapshot.placements(self.0.id).await.map_err(unexpected)?;
        let cursor = |p: &market::Placement| format!("{}/{}", p.pair.buyer, p.pair.exhibitor);
        let rest = all
            .into_iter()
            .filter(|p| asked.after.as_ref().is_none_or(|after| cursor(p) > *after));
        let items = rest.take(asked.limit as usize).map(Placement).collect();
        Ok(page(&asked, items, |placement: &Placement| cursor(&placement.0)))
    }
    /// How many of its meetings each booth holds, slot by slot.
    async fn booths(&self, ctx: &Context<'_>) -> Result<Vec<BoothMeetings>> {
        let rows = rows(ctx).await?;
        let rows = rows.loader();
        let placements = rows.snapshot.placements(self.0.id).await.map_err(unexpected)?;
        let booths = rows.snapshot.booths(None).await.map_err(unexpected)?;
        let slots = rows.facts().await?.slots.len();
        let full = rule::by_booth(&placements, booths, slots).into_iter();
        Ok(full
            .map(|(booth, meetings)| BoothMeetings {
                booth: Booth(booth),
                meetings,
            })
            .collect())
    }
    /// How it treats those who wish, by the wishes of today.
    async fn fairness(&self, ctx: &Context<'_>) -> Result<Fairness> {
        let rows = rows(ctx).await?;
        let meeting = rows.loader().snapshot.placements(self.0.id).await.map_err(unexpected)?;
        let market = rows.loader().market().await?;
        beside(move || Fairness::of(&market, meeting.iter().map(|p| p.pair))).await
    }
    /// What publishing it would change in the live calendar.
    async fn difference(&self, ctx: &Context<'_>) -> Result<Difference> {
        let rows = rows(ctx).await?;
        rows.loader()
            .snapshot
            .difference(self.0.id)
            .await
            .map(Difference)
            .map_err(unexpected)
    }
}

/// How full a booth is in a version.
#[derive(async_graphql::SimpleObject)]
pub(crate) struct BoothMeetings {
    /// The booth.
    booth: Booth,
    /// Its meetings, one figure a slot of the event.
    meetings: Vec<u16>,
}

/// One meeting of a version.
pub(crate) struct Placement(market::Placement);

#[Object]
impl Placement {
    /// Who comes.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.0.pair.buyer).await?))
    }
    /// Whom the buyer meets.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.0.pair.exhibitor).await?))
    }
    /// When.
    async fn slot(&self, ctx: &Context<'_>) -> Result<Option<Slot>> {
        let rows = rows(ctx).await?;
        let slots = &rows.loader().facts().await?.slots;
        Ok(slots.get(usize::from(self.0.slot)).copied().map(Slot))
    }
    /// At which table, from 1.
    async fn table(&self) -> u16 {
        self.0.table
    }
}

/// Most changes listed one by one.
const MAX_LISTED: usize = 100;

/// What changes between the live calendar and a version. Lists are cut at 100; the counts are not.
pub(crate) struct Difference(pub(crate) rule::Difference);

pub(crate) fn listed(placements: &[market::Placement]) -> Vec<Placement> {
    placements.iter().take(MAX_LISTED).copied().map(Placement).collect()
}

#[Object]
impl Difference {
    /// How many meetings are moved.
    async fn moved_count(&self) -> usize {
        self.0.moved.len()
    }
    /// How many meetings are lost.
    async fn lost_count(&self) -> usize {
        self.0.lost.len()
    }
    /// How many meetings are added.
    async fn added_count(&self) -> usize {
        self.0.added.len()
    }
    /// How many buyers are told.
    async fn buyers_told(&self) -> usize {
        self.0
            .told()
            .map(|pair| pair.buyer)
            .collect::<std::collections::HashSet<_>>()
            .len()
    }
    /// How many exhibitors are told.
    async fn exhibitors_told(&self) -> usize {
        self.0
            .told()
            .map(|pair| pair.exhibitor)
            .collect::<std::collections::HashSet<_>>()
            .len()
    }
    /// Meetings that are moved.
    async fn moved(&self) -> Vec<Moved> {
        let moved = self.0.moved.iter().take(MAX_LISTED);
        moved
            .map(|(before, after)| Moved {
                before: Placement(*before),
                after: Placement(*after),
            })
            .collect()
    }
    /// Meetings that are lost.
    async fn lost(&self) -> Vec<Placement> {
        listed(&self.0.lost)
    }
    /// Meetings that are added.
    async fn added(&self) -> Vec<Placement> {
        listed(&self.0.added)
    }
}

/// A meeting that is moved.
#[derive(async_graphql::SimpleObject)]
pub(crate) struct Moved {
    /// Where it stood.
    before: Placement,
    /// Where it will stand.
    after: Placement,
}
