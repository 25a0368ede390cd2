//! Telling people: a row for the app, and letters in the outbox (a mail, a push to each browser), in the transaction that
//! does what they are told of; and reading what one was told.

use crate::{
    Error, Snapshot, Store,
    act::{self, Act, Done, Letter},
    batch::Rows,
    change::Touched,
    column,
    entity::notice,
    facts::Facts,
    push::{Told, Urgency},
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    id::{MeetingId, PersonId, RequestId},
    notice::{About, Audience, NoticeKind, Said},
    time::{SignedDuration, Timestamp},
};
use futures_util::FutureExt;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::Expr,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The topic of the letters.
pub const TOPIC: &str = "notice";
/// How long letters wait for others to the same person, so that one mail tells of all.
pub const DIGEST: SignedDuration = SignedDuration::from_secs(60);

/// One thing a person was told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its number: later ones have higher numbers.
    pub id: i64,
    /// What happened.
    pub kind: NoticeKind,
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub about: About,
    /// The facts of its sentence.
    pub said: Said,
    /// When it was marked as read.
    pub read_at: Option<Timestamp>,
}

fn notice_from(row: notice::Model) -> Result<Notice, Error> {
    let said = serde_json::from_str(&row.said);
    Ok(Notice {
        id: row.id,
        kind: column::word("a kind of notice", &row.kind, NoticeKind::parse)?,
        at: column::at(row.at)?,
        about: About {
            meeting: row.meeting_id.map(MeetingId),
            request: row.request_id.map(RequestId),
        },
        said: said.map_err(|_| column::corrupt("a notice", row.id))?,
        read_at: row.read_at.map(column::at).transpose()?,
    })
}

impl Snapshot {
    /// What a person was told in this event before a notice (newest first), at most `limit`.
    pub async fn notices(&self, person: PersonId, before: Option<i64>, limit: u64) -> Result<Vec<Notice>, Error> {
        let mut select = self
            .scope()
            .rows::<notice::Entity>()
            .filter(notice::Column::PersonId.eq(person.0))
            .order_by_desc(notice::Column::Id)
            .limit(limit);
        if let Some(before) = before {
            select = select.filter(notice::Column::Id.lt(before));
        }
        select.all(&self.tx).await?.into_iter().map(notice_from).collect()
    }

    /// How many notices a person has not marked as read.
    pub async fn unread(&self, person: PersonId) -> Result<u64, Error> {
        unread(self.scope(), person).await
    }
}

async fn unread(scope: Scope<'_>, person: PersonId) -> Result<u64, Error> {
    let unread = scope
        .rows::<notice::Entity>()
        .filter(notice::Column::PersonId.eq(person.0))
        .filter(notice::Column::ReadAt.is_null());
    Ok(unread.count(scope.tx).await?)
}

impl Store {
    /// Marks one's own notices as read, up to one or all there are. Answers how many are left. `key` is made by whoever
    /// asks.
    pub async fn read_notices(&self, ctx: &Ctx, up_to: Option<i64>, key: Uuid) -> Result<u64, Error> {
        let act = Act::new(Verb::ReadNotices, key, &up_to)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { read(scope, &ctx, up_to).await }.boxed()
        })
        .await
    }
}

async fn read(scope: Scope<'_>, ctx: &Ctx, up_to: Option<i64>) -> Result<Done<u64>, Error> {
    let facts = scope.facts().await?;
    access::open(&ctx.actor, Verb::ReadNotices, facts.event.phase)?;
    let person = ctx.actor.person.ok_or(Refusal::NotFound)?;
    let mut rows = scope
        .change::<notice::Entity>()
        .col_expr(notice::Column::ReadAt, Expr::value(scope::now(ctx)))
        .filter(notice::Column::PersonId.eq(person.0))
        .filter(notice::Column::ReadAt.is_null());
    if let Some(last) = up_to {
        rows = rows.filter(notice::Column::Id.lte(last));
    }
    let marked = rows.exec(scope.tx).await?.rows_affected;
    // The person's other screens count anew.
    let people = if marked > 0 { vec![person] } else { Vec::new() };
    Ok(Done {
        answer: unread(scope, person).await?,
        detail: serde_json::json!({"marked": marked}),
        touched: Touched {
            people,
            ..Touched::default()
        },
    })
}

/// One thing to tell.
#[derive(Debug, Clone)]
pub(crate) struct Tell {
    pub(crate) to: Audience,
    pub(crate) kind: NoticeKind,
    pub(crate) about: About,
    pub(crate) said: Said,
}

/// Tells: a notice a person but the one who acts, and letters, also to the one who acts where calendars change. Answers
/// who is touched.
pub(crate) async fn tell(scope: Scope<'_>, ctx: &Ctx, tells: Vec<Tell>) -> Result<Touched, Error> {
    let mut letters = Vec::new();
    let facts = scope.facts().await?;
    for tell in tells.iter().filter(|tell| !tell.kind.only_now()) {
        for person in people(&facts, tell.to) {
            let own = ctx.actor.person == Some(person);
            if own && !tell.kind.changes_calendar() {
                continue;
            }
            letters.push(Letter {
                topic: TOPIC,
                recipient: Some(person.0),
                payload: serde_json::json!({
                    "kind": tell.kind.code(), "meeting": tell.about.meeting, "request": tell.about.request,
                    "said": tell.said, "own": own,
                }),
                after: DIGEST,
            });
        }
    }
    act::post(scope, ctx, letters).await?;
    note(scope, ctx, tells).await
}

/// Tells in the app and by push only: what is written by mail in another way, or not at all.
pub(crate) async fn note(scope: Scope<'_>, ctx: &Ctx, tells: Vec<Tell>) -> Result<Touched, Error> {
    let facts = scope.facts().await?;
    let (mut touched, mut rows) = (BTreeMap::new(), Vec::new());
    for tell in tells {
        let urgency = if tell.kind.only_now() {
            Urgency::AtOnce
        } else {
            Urgency::Gathered
        };
        let said = serde_json::to_string(&tell.said).map_err(|error| Error::Corrupt(error.to_string()))?;
        let others = people(&facts, tell.to).into_iter();
        for person in others.filter(|&person| ctx.actor.person != Some(person)) {
            let most = touched.entry(person).or_insert(urgency);
            *most = urgency.max(*most);
            rows.push(notice::ActiveModel {
                id: NotSet,
                event_id: Set(scope.event.0),
                person_id: Set(person.0),
                at: Set(scope::now(ctx)),
                kind: Set(tell.kind.code().to_owned()),
                meeting_id: Set(tell.about.meeting.map(|id| id.0)),
                request_id: Set(tell.about.request.map(|id| id.0)),
                said: Set(said.clone()),
                read_at: Set(None),
            });
        }
    }
    let told = touched.iter().map(|(&person, &urgency)| Told {
        event: scope.event,
        person,
        urgency,
        at: ctx.now,
    });
    scope
        .finally(Rows {
            notices: rows,
            told: told.collect(),
            ..Rows::default()
        })
        .await?;
    Ok(Touched {
        people: touched.into_keys().collect(),
        ..Touched::default()
    })
}

fn people(facts: &Facts, to: Audience) -> Vec<PersonId> {
    match to {
        Audience::Buyer(id) => facts.buyers.get(&id).map(|buyer| buyer.person).into_iter().collect(),
        Audience::Exhibitor(id) => facts.staff.get(&id).cloned().unwrap_or_default(),
        Audience::Person(person) => vec![person],
        Audience::Organizers => facts.organizers.clone(),
    }
}
