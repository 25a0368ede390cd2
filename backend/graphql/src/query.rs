//! What can be asked. Denied is `null` or an empty answer, as if it were not there.

use crate::{
    absence::AbsenceQuery,
    agenda::{self, Agenda},
    arrangement::ArrangementQuery,
    audit::AuditEntry,
    board::BoardQuery,
    event::Event,
    explain::{self, Explanation, Explanations},
    feed::FeedQuery,
    gate::sees,
    guest::GuestQuery,
    letter::LetterQuery,
    meeting::Meeting,
    notice::NoticeQuery,
    page::{asked, page},
    participation::{Artist, Booth, Buyer, Exhibitor, Viewer},
    programme::Programme,
    push::PushQuery,
    reads::{booth_of, one, rows, unexpected},
    reason::{self, ReasonCount},
    repair::{self, DisturbanceInput, FreedRoom, Repair},
    request::RequestQuery,
    run::{self, TimetableRun},
    shift::ShiftQuery,
    staffing::StaffingQuery,
    standby::StandbyQuery,
    suggest::{self, Insertion, Suggestion, pair},
    timetable::Timetable,
    what_if::{self, EditInput, WhatIf},
    wish::{self, Wish},
};
use async_graphql::{
    Context, MergedObject, Object, Result,
    connection::{Connection, EmptyFields},
};
use domain::{
    Ctx,
    explain::About,
    id::{ArtistId, BuyerId, ExhibitorId, MeetingId, TimetableId},
};
use uuid::Uuid;

type Pages<T> = Connection<String, T, EmptyFields, EmptyFields>;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    EventQuery,
    StandbyQuery,
    BoardQuery,
    AbsenceQuery,
    StaffingQuery,
    GuestQuery,
    NoticeQuery,
    FeedQuery,
    PushQuery,
    LetterQuery,
    RequestQuery,
    ShiftQuery,
    ArrangementQuery,
);

/// What can be asked of the event, its people and its timetables.
#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// The event everything is asked about.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        Ok(Event(rows(ctx).await?.loader().facts().await?.event.clone()))
    }
    /// The one signed in.
    async fn me(&self) -> Option<Viewer> {
        Some(Viewer)
    }
    /// Exhibitors by code.
    async fn exhibitors(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Pages<Exhibitor>> {
        let asked = asked(first, after)?;
        let items = rows(ctx)
            .await?
            .loader()
            .snapshot
            .exhibitors(&asked)
            .await
            .map_err(unexpected)?;
        Ok(page(
            &asked,
            items.into_iter().map(Exhibitor).collect(),
            |x: &Exhibitor| x.0.code.clone(),
        ))
    }
    /// One exhibitor.
    async fn exhibitor(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<Exhibitor>> {
        Ok(one(ctx, ExhibitorId(id)).await?.map(Exhibitor))
    }
    /// Artists by code.
    async fn artists(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Pages<Artist>> {
        let asked = asked(first, after)?;
        let items = rows(ctx)
            .await?
            .loader()
            .snapshot
            .artists(&asked)
            .await
            .map_err(unexpected)?;
        Ok(page(
            &asked,
            items.into_iter().map(Artist).collect(),
            |artist: &Artist| artist.0.code.clone(),
        ))
    }
    /// One artist.
    async fn artist(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<Artist>> {
        let artist = rows(ctx)
            .await?
            .loader()
            .snapshot
            .artist(ArtistId(id))
            .await
            .map_err(unexpected)?;
        Ok(artist.map(Artist))
    }
    /// Buyers by code, for those who meet, advise, run or audit.
    async fn buyers(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Pages<Buyer>>> {
        let asked = asked(first, after)?;
        let items = rows(ctx)
            .await?
            .loader()
            .snapshot
            .buyers(&asked)
            .await
            .map_err(unexpected)?;
        Ok(Some(page(
            &asked,
            items.into_iter().map(Buyer).collect(),
            |buyer: &Buyer| buyer.0.code.clone(),
        )))
    }
    /// One buyer.
    async fn buyer(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<Buyer>> {
        let own = ctx.data::<Ctx>()?.actor.buyer == Some(BuyerId(id));
        if !sees(ctx, "Query", "buyer", own)? {
            return Ok(None);
        }
        Ok(one(ctx, BuyerId(id)).await?.map(Buyer))
    }
    /// One meeting, for its two sides, whoever joins it, and those who run or audit.
    async fn meeting(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<Meeting>> {
        let found = rows(ctx)
            .await?
            .loader()
            .snapshot
            .meeting(MeetingId(id))
            .await
            .map_err(unexpected)?;
        let Some(meeting) = found.map(Meeting) else {
            return Ok(None);
        };
        let own = meeting.own(ctx)? || meeting.joined(ctx).await?;
        Ok(if sees(ctx, "Query", "meeting", own)? {
            Some(meeting)
        } else {
            None
        })
    }
    /// What takes the time of the one signed in.
    async fn my_agenda(&self, ctx: &Context<'_>) -> Result<Option<Agenda>> {
        agenda::own(ctx).await
    }
    /// The booth of the one signed in.
    async fn my_booth(&self, ctx: &Context<'_>) -> Result<Option<Booth>> {
        let Some(exhibitor) = ctx.data::<Ctx>()?.actor.exhibitor else {
            return Ok(None);
        };
        Ok(booth_of(ctx, exhibitor).await?.map(Booth))
    }
    /// What the one signed in wishes.
    async fn my_wishes(&self, ctx: &Context<'_>) -> Result<Option<Vec<Wish>>> {
        wish::own(ctx).await
    }
    /// The timetable everybody's agenda follows from.
    async fn published_timetable(&self, ctx: &Context<'_>) -> Result<Option<Timetable>> {
        let published = rows(ctx)
            .await?
            .loader()
            .snapshot
            .published_timetable()
            .await
            .map_err(unexpected)?;
        Ok(published.map(Timetable))
    }
    /// All versions, newest first.
    async fn timetables(&self, ctx: &Context<'_>) -> Result<Option<Vec<Timetable>>> {
        let versions = rows(ctx)
            .await?
            .loader()
            .snapshot
            .timetables()
            .await
            .map_err(unexpected)?;
        Ok(Some(versions.into_iter().map(Timetable).collect()))
    }
    /// One version.
    async fn timetable(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<Timetable>> {
        let found = rows(ctx)
            .await?
            .loader()
            .snapshot
            .timetable(TimetableId(id))
            .await
            .map_err(unexpected)?;
        Ok(found.map(Timetable))
    }
    /// The calculation of a version, while it runs and afterwards.
    async fn timetable_run(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<TimetableRun>> {
        run::find(ctx, id).await
    }
    /// The free slots of a pair, best first; for its two sides and the organizer. None are free of a pair that meets.
    async fn suggestions(&self, ctx: &Context<'_>, buyer: Uuid, exhibitor: Uuid) -> Result<Option<Vec<Suggestion>>> {
        suggest::suggestions(ctx, pair(buyer, exhibitor)).await
    }
    /// The slots a planned meeting could be moved to at once, best first; for its two sides and the organizer. None where
    /// it may not be moved.
    async fn meeting_times(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<Vec<Suggestion>>> {
        suggest::meeting_times(ctx, MeetingId(id)).await
    }
    /// What one more meeting of a pair would take; for its two sides and the organizer.
    async fn insertion(&self, ctx: &Context<'_>, buyer: Uuid, exhibitor: Uuid) -> Result<Option<Insertion>> {
        suggest::insertion(ctx, pair(buyer, exhibitor)).await
    }
    /// Why a pair does not meet; for its two sides and the organizer.
    async fn explanation(&self, ctx: &Context<'_>, buyer: Uuid, exhibitor: Uuid) -> Result<Option<Explanation>> {
        explain::explanation(ctx, pair(buyer, exhibitor)).await
    }
    /// Why those that are wished for do not meet: of a buyer, of an exhibitor, or all; 49 at a time.
    async fn explanations(
        &self,
        ctx: &Context<'_>,
        buyer: Option<Uuid>,
        exhibitor: Option<Uuid>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Explanations>> {
        let about = match (buyer, exhibitor) {
            (Some(buyer), Some(exhibitor)) => About::Pair(pair(buyer, exhibitor)),
            (Some(buyer), None) => About::Buyer(BuyerId(buyer)),
            (None, Some(exhibitor)) => About::Exhibitor(ExhibitorId(exhibitor)),
            (None, None) => About::Event,
        };
        explain::explanations(ctx, about, first, after).await
    }
    /// Why requests that a version does not hold are not held, counted by reason, most first; of the published version,
    /// if none is named.
    async fn reasons(&self, ctx: &Context<'_>, timetable: Option<Uuid>) -> Result<Option<Vec<ReasonCount>>> {
        reason::reasons(ctx, timetable).await
    }
    /// What would become of the live calendar, with the fewest people disturbed; `repairTimetable` keeps it.
    async fn repair(
        &self,
        ctx: &Context<'_>,
        disturbances: Vec<DisturbanceInput>,
        most_moved: Option<u16>,
        freed_room: Option<FreedRoom>,
    ) -> Result<Option<Repair>> {
        let asked = repair::Asked {
            disturbances,
            most_moved,
            freed_room,
        };
        repair::preview(ctx, asked).await
    }
    /// Value, bound and fairness if things were otherwise: at once, or exactly within 1 to 3 seconds. Of the live
    /// calendar, or of a version.
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        edits: Vec<EditInput>,
        timetable: Option<Uuid>,
        seconds: Option<u16>,
    ) -> Result<Option<WhatIf>> {
        let asked = what_if::Asked {
            edits,
            timetable,
            seconds,
        };
        what_if::what_if(ctx, asked).await
    }
    /// The programmes this installation runs, with their targets.
    async fn programmes(&self, ctx: &Context<'_>) -> Result<Option<Vec<Programme>>> {
        let programmes = rows(ctx)
            .await?
            .loader()
            .snapshot
            .programmes()
            .await
            .map_err(unexpected)?;
        Ok(Some(programmes.into_iter().map(Programme::from).collect()))
    }
    /// What was done in this event, newest first. The cursor is an entry's number.
    async fn audit(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Pages<AuditEntry>>> {
        let asked = asked(first, after)?;
        let before = asked.after.as_deref().map(str::parse::<i64>).transpose();
        let before = before.map_err(|_| async_graphql::Error::new("after is the number of an entry"))?;
        let entries = rows(ctx)
            .await?
            .loader()
            .snapshot
            .audit(before, asked.limit)
            .await
            .map_err(unexpected)?;
        let entries = entries.into_iter().map(AuditEntry::from).collect::<Result<Vec<_>>>()?;
        Ok(Some(page(&asked, entries, |entry: &AuditEntry| {
            entry.number.0.to_string()
        })))
    }
}
