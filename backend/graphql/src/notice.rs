//! What the one signed in was told, and marking it as read.

use crate::{
    gate::sees,
    meeting::Meeting,
    mutation::asked,
    page,
    reads::{Reads, rows, unexpected},
    refusal::{Refusal, Tongue, outcome, spoken},
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, Union,
    connection::{Connection, EmptyFields},
};
use domain::{
    Ctx,
    access::{self, Verb},
    notice as rule,
};
use uuid::Uuid;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::NoticeKind")]
pub(crate) enum NoticeKind {
    /// A timetable was published, and one's own calendar changed with it.
    TimetablePublished,
    /// A meeting was booked.
    MeetingBooked,
    /// A meeting was moved.
    MeetingMoved,
    /// A meeting was cancelled.
    MeetingCancelled,
    /// A meeting was fixed by the organizer, or freed again.
    MeetingLocked,
    /// Somebody asks for a meeting.
    RequestReceived,
    /// The other side said yes.
    RequestAccepted,
    /// The other side said no.
    RequestDeclined,
    /// The other side proposes other times.
    RequestCountered,
    /// The other side took its request back.
    RequestWithdrawn,
    /// Nobody answered in time.
    RequestExpired,
    /// A meeting of one's own is asked to move so that another fits in.
    ShiftAsked,
    /// Everybody agreed: the meeting fits in.
    ShiftDone,
    /// Somebody did not agree, or nobody answered.
    ShiftRefused,
    /// The other side has come to the table.
    OtherSideCame,
    /// The other side did not come.
    NoShow,
    /// A place has come free for somebody who waits for it.
    StandbyOffer,
    /// Somebody else has it.
    StandbyGone,
    /// The other side comes late.
    Late,
    /// The other side writes.
    Message,
    /// One is to sit at a meeting.
    GuestAsked,
    /// One is not to sit there any more.
    GuestReleased,
}

/// Something a person was told.
pub(crate) struct Notice(storage::notice::Notice);

#[Object]
impl Notice {
    /// The id: a number that grows.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// What happened.
    async fn kind(&self) -> NoticeKind {
        self.0.kind.into()
    }
    /// When.
    async fn at(&self) -> jiff::Timestamp {
        self.0.at
    }
    /// Whether it was marked as read.
    async fn read(&self) -> bool {
        self.0.read_at.is_some()
    }
    /// The sentence for people. In the request's language unless another is asked for; times are the venue's.
    async fn message(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<String> {
        let rows = rows(ctx).await?;
        let zone = &rows.loader().facts().await?.event.zone;
        Ok(self.0.kind.text(&self.0.said, zone, spoken(ctx, tongue)?))
    }
    /// The meeting it is about, if the reader may see it.
    async fn meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>> {
        let Some(id) = self.0.about.meeting else {
            return Ok(None);
        };
        let found = rows(ctx).await?.loader().snapshot.meeting(id).await;
        let Some(meeting) = found.map_err(unexpected)?.map(Meeting) else {
            return Ok(None);
        };
        let seen = sees(ctx, "Query", "meeting", meeting.own(ctx)?)?;
        Ok(seen.then_some(meeting))
    }
    /// The meeting request it is about.
    async fn request_id(&self) -> Option<Uuid> {
        self.0.about.request.map(|id| id.0)
    }
}

/// How many notices are left.
#[derive(SimpleObject)]
pub(crate) struct NoticesRead {
    /// Those not marked as read.
    unread: i32,
}

/// Notices to be marked as read.
#[derive(InputObject)]
pub(crate) struct ReadNoticesInput {
    /// The newest one that was seen; none: all there are.
    up_to: Option<ID>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// How many are left, or why not.
#[derive(Union)]
pub(crate) enum ReadNoticesResult {
    /// Done.
    NoticesRead(NoticesRead),
    /// Not done.
    Refusal(Refusal),
}

/// What can be asked of notices.
#[derive(Default)]
pub struct NoticeQuery;

#[Object]
impl NoticeQuery {
    /// What the one signed in was told, newest first. The cursor is a notice's id.
    async fn my_notices(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<String, Notice, EmptyFields, EmptyFields>>> {
        let Some(person) = ctx.data::<Ctx>()?.actor.person else {
            return Ok(None);
        };
        let asked = page::asked(first, after)?;
        let before = asked.after.as_deref().map(str::parse::<i64>).transpose();
        let before = before.map_err(|_| async_graphql::Error::new("after is the id of a notice"))?;
        let rows = rows(ctx).await?;
        let notices = rows.loader().snapshot.notices(person, before, asked.limit).await;
        let notices = notices.map_err(unexpected)?.into_iter().map(Notice).collect();
        Ok(Some(page::page(&asked, notices, |notice: &Notice| {
            notice.0.id.to_string()
        })))
    }
    /// How many of them are not marked as read.
    async fn unread_notices(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let Some(person) = ctx.data::<Ctx>()?.actor.person else {
            return Ok(None);
        };
        let unread = rows(ctx).await?.loader().snapshot.unread(person).await;
        Ok(Some(int(unread.map_err(unexpected)?)))
    }
}

/// The verb of notices.
#[derive(Default)]
pub struct NoticeMutation;

#[Object]
impl NoticeMutation {
    /// Marks notices as read.
    async fn read_notices(&self, ctx: &Context<'_>, input: ReadNoticesInput) -> Result<Option<ReadNoticesResult>> {
        let (store, request) = asked(ctx)?;
        let read = match (access::may(&request.actor, Verb::ReadNotices), up_to(&input)) {
            (Err(refusal), _) | (_, Err(refusal)) => Err(refusal.into()),
            (Ok(()), Ok(up_to)) => store.read_notices(request, up_to, input.key).await,
        };
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(read)? {
            Ok(left) => ReadNoticesResult::NoticesRead(NoticesRead { unread: int(left) }),
            Err(refusal) => ReadNoticesResult::Refusal(refusal),
        }))
    }
}

fn up_to(input: &ReadNoticesInput) -> Result<Option<i64>, domain::Refusal> {
    let parsed = input.up_to.as_ref().map(|id| id.parse::<i64>()).transpose();
    parsed.map_err(|_| domain::Refusal::Malformed {
        field: "upTo",
        wanted: "the id of a notice",
    })
}

fn int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
