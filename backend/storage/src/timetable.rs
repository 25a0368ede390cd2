//! Versions of the timetable: proposing, comparing, publishing and rolling back as one act, setting aside.

use crate::{
    Error, Snapshot, Store,
    act::{self, Act, Done},
    calendar,
    change::Touched,
    column,
    entity::{placement, timetable},
    event, market,
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    event::Phase,
    id::{BoothId, BuyerId, EventId, ExhibitorId, TimetableId},
    market::Placement,
    time::Timestamp,
    timetable::{self as rule, Difference, Proposal, State},
    wish::Pair,
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, Iterable, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

pub use calendar::PUBLISHED as TOPIC;

/// One version, without its placements.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its id.
    pub id: TimetableId,
    /// Its number within the event, from 1.
    pub version: u32,
    /// Where it stands.
    pub state: State,
    /// What its meetings are worth.
    pub value: i64,
    /// No timetable is worth more, as far as the facts it was made from go.
    pub upper_bound: i64,
    /// Pairs that were wished for.
    pub requests: u32,
    /// Pairs that meet.
    pub placed: u32,
    /// Pairs both sides wished for.
    pub mutual: u32,
    /// Those of them that meet.
    pub mutual_placed: u32,
    /// Holes in buyers' days.
    pub breaks: i64,
    /// Changes of zone without a pause.
    pub dashes: i64,
    /// The seed it was calculated with.
    pub seed: i64,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// When it was last published.
    pub published_at: Option<Timestamp>,
}

/// What a calculated timetable is kept with.
#[derive(Debug, Clone, Copy)]
pub struct Proposed {
    /// Its id, made by whoever asks.
    pub id: TimetableId,
    /// The seed of the calculation.
    pub seed: u64,
}

pub(crate) fn version_from(row: timetable::Model) -> Result<Version, Error> {
    Ok(Version {
        id: TimetableId(row.id),
        version: row.version as u32,
        state: column::word("a state", &row.state, State::parse)?,
        value: row.value,
        upper_bound: row.upper_bound,
        requests: row.requests as u32,
        placed: row.placed as u32,
        mutual: row.mutual as u32,
        mutual_placed: row.mutual_placed as u32,
        breaks: row.breaks,
        dashes: row.dashes,
        seed: row.seed,
        proposed_at: column::at(row.proposed_at)?,
        published_at: row.published_at.map(column::at).transpose()?,
    })
}

/// Every column but the certificate, which is large and seldom wanted: it is read as an empty text.
pub(crate) fn versions(scope: Scope<'_>) -> sea_orm::Select<timetable::Entity> {
    let columns = timetable::Column::iter().filter(|column| !matches!(column, timetable::Column::Certificate));
    scope
        .rows::<timetable::Entity>()
        .select_only()
        .columns(columns)
        .column_as(Expr::value(""), timetable::Column::Certificate)
        .order_by_desc(timetable::Column::Version)
}

impl Snapshot {
    /// All versions, newest first.
    pub async fn timetables(&self) -> Result<Vec<Version>, Error> {
        versions(self.scope())
            .all(&self.tx)
            .await?
            .into_iter()
            .map(version_from)
            .collect()
    }

    /// One version.
    pub async fn timetable(&self, id: TimetableId) -> Result<Option<Version>, Error> {
        let row = versions(self.scope())
            .filter(timetable::Column::Id.eq(id.0))
            .one(&self.tx)
            .await?;
        row.map(version_from).transpose()
    }

    /// The published one.
    pub async fn published_timetable(&self) -> Result<Option<Version>, Error> {
        let published = versions(self.scope()).filter(timetable::Column::State.eq(State::Published.code()));
        published.one(&self.tx).await?.map(version_from).transpose()
    }

    /// A version's placements, by buyer and exhibitor.
    pub async fn placements(&self, of: TimetableId) -> Result<Vec<Placement>, Error> {
        placements(self.scope(), of).await
    }

    /// A version's certificate in the interchange format.
    pub async fn certificate(&self, of: TimetableId) -> Result<Option<String>, Error> {
        let select = self
            .scope()
            .rows::<timetable::Entity>()
            .select_only()
            .column(timetable::Column::Certificate);
        Ok(select
            .filter(timetable::Column::Id.eq(of.0))
            .into_tuple::<String>()
            .one(&self.tx)
            .await?)
    }

    /// What publishing a version would change in the live calendar.
    pub async fn difference(&self, of: TimetableId) -> Result<Difference, Error> {
        let live = market::live_meetings(self.scope()).await?;
        Ok(rule::changes(&live, &self.placements(of).await?))
    }
}

async fn placements(scope: Scope<'_>, of: TimetableId) -> Result<Vec<Placement>, Error> {
    let rows = scope
        .rows::<placement::Entity>()
        .filter(placement::Column::TimetableId.eq(of.0))
        .order_by_asc(placement::Column::BuyerId)
        .order_by_asc(placement::Column::ExhibitorId);
    let from = |row: placement::Model| {
        Ok(Placement {
            pair: Pair {
                buyer: BuyerId(row.buyer_id),
                exhibitor: ExhibitorId(row.exhibitor_id),
            },
            slot: column::count(row.slot)?,
            booth: BoothId(row.booth_id),
            table: column::count(row.seat)?,
            interpreter: market::interpreter(row.pool_id, row.lane)?,
        })
    };
    rows.all(scope.tx).await?.into_iter().map(from).collect()
}

impl Store {
    /// Keeps a calculated timetable as the next version. Calculating is done before, outside any transaction:
    /// publishing checks every placement against the facts of its own moment.
    pub async fn keep_proposal(&self, ctx: &Ctx, proposed: Proposed, proposal: Proposal) -> Result<Version, Error> {
        access::may(&ctx.actor, Verb::ProposeTimetable)?;
        let act = Act::new(Verb::ProposeTimetable, proposed.id, &proposed.seed)?;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let Proposed { id, seed } = proposed;
                let version = next_version(scope).await?;
                let kept = Kept {
                    id,
                    version,
                    seed,
                    ran: None,
                };
                keep(scope, &ctx, kept, &proposal).await
            }
            .boxed()
        })
        .await?;
        self.version(ctx.event, proposed.id).await
    }

    /// Publishes a proposed version: one act, version n or n + 1 for every reader. With it go the live calendar, what
    /// everybody is occupied by, the letters to whom it concerns, and the event's phase if calendars were closed.
    pub async fn publish_timetable(&self, ctx: &Ctx, id: TimetableId, key: uuid::Uuid) -> Result<Version, Error> {
        self.make_live(ctx, id, key, Verb::PublishTimetable).await
    }

    /// Makes a version that was published before the published one again, as one act.
    pub async fn roll_back_timetable(&self, ctx: &Ctx, id: TimetableId, key: uuid::Uuid) -> Result<Version, Error> {
        self.make_live(ctx, id, key, Verb::RollBackTimetable).await
    }

    async fn make_live(&self, ctx: &Ctx, id: TimetableId, key: uuid::Uuid, verb: Verb) -> Result<Version, Error> {
        access::may(&ctx.actor, verb)?;
        let act = Act::new(verb, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { make_live(scope, &ctx, id, verb).await }.boxed()
        })
        .await?;
        self.tell_published(ctx.event);
        self.version(ctx.event, id).await
    }

    /// Sets a proposed version aside.
    pub async fn discard_timetable(&self, ctx: &Ctx, id: TimetableId, key: uuid::Uuid) -> Result<Version, Error> {
        access::may(&ctx.actor, Verb::DiscardTimetable)?;
        let act = Act::new(Verb::DiscardTimetable, key, &id)?;
        self.act(ctx, act, move |scope, _| {
            async move {
                let version = version(scope, id).await?;
                if version.state != State::Proposed {
                    return Err(Refusal::TimetableState {
                        state: version.state.code(),
                    }
                    .into());
                }
                set_state(scope, id, State::Superseded).await?;
                Ok(Done::quietly((), serde_json::json!({"version": version.version})))
            }
            .boxed()
        })
        .await?;
        self.version(ctx.event, id).await
    }

    pub(crate) async fn version(&self, event: EventId, id: TimetableId) -> Result<Version, Error> {
        Ok(self
            .snapshot(event)
            .await?
            .timetable(id)
            .await?
            .ok_or(Refusal::NotFound)?)
    }
}

async fn version(scope: Scope<'_>, id: TimetableId) -> Result<Version, Error> {
    let row = versions(scope)
        .filter(timetable::Column::Id.eq(id.0))
        .one(scope.tx)
        .await?;
    version_from(row.ok_or(Refusal::NotFound)?)
}

/// The number the next version gets.
pub(crate) async fn next_version(scope: Scope<'_>) -> Result<i32, Error> {
    Ok(versions(scope).one(scope.tx).await?.map_or(0, |row| row.version) + 1)
}

/// As what a proposal is kept.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    pub(crate) id: TimetableId,
    pub(crate) version: i32,
    pub(crate) seed: u64,
    /// How long its run took, in milliseconds, where there was one.
    pub(crate) ran: Option<i64>,
}

pub(crate) async fn keep(scope: Scope<'_>, ctx: &Ctx, kept: Kept, proposal: &Proposal) -> Result<Done<()>, Error> {
    let row = timetable::Model {
        id: kept.id.0,
        event_id: scope.event.0,
        version: kept.version,
        state: State::Proposed.code().to_owned(),
        value: proposal.value,
        upper_bound: proposal.upper_bound,
        requests: proposal.requests as i32,
        placed: proposal.placements.len() as i32,
        mutual: proposal.mutual as i32,
        mutual_placed: proposal.mutual_placed as i32,
        breaks: proposal.breaks as i64,
        dashes: proposal.dashes as i64,
        seed: kept.seed as i64,
        certificate: proposal.certificate.clone(),
        proposed_at: scope::now(ctx),
        published_at: None,
        leased_until: None,
        stop_asked_at: None,
        ran_ms: kept.ran,
        failure: None,
    };
    scope.insert::<timetable::Entity>(vec![row]).await.map_err(act::used)?;
    let of_placement = |placement: &Placement| placement::Model {
        timetable_id: kept.id.0,
        buyer_id: placement.pair.buyer.0,
        exhibitor_id: placement.pair.exhibitor.0,
        event_id: scope.event.0,
        slot: i32::from(placement.slot),
        booth_id: placement.booth.0,
        seat: i32::from(placement.table),
        pool_id: placement.interpreter.map(|(pool, _)| pool.0),
        lane: placement.interpreter.map(|(_, lane)| i32::from(lane)),
    };
    scope
        .insert::<placement::Entity>(proposal.placements.iter().map(of_placement).collect())
        .await?;
    let figures = serde_json::json!({
        "version": kept.version, "placed": proposal.placements.len(), "value": proposal.value,
        "upper_bound": proposal.upper_bound,
    });
    Ok(Done::quietly((), figures))
}

async fn make_live(scope: Scope<'_>, ctx: &Ctx, id: TimetableId, verb: Verb) -> Result<Done<()>, Error> {
    let version = version(scope, id).await?;
    // Publishing is for what was proposed, rolling back for what was published before.
    let fits = match verb {
        Verb::RollBackTimetable => version.state == State::Superseded && version.published_at.is_some(),
        _ => version.state == State::Proposed,
    };
    if !fits {
        return Err(Refusal::TimetableState {
            state: version.state.code(),
        }
        .into());
    }
    let market = market::market(scope).await?;
    let publication = rule::publish(&market, id, version.state, &placements(scope, id).await?, ctx.now)?;
    calendar::replace(scope, ctx, &market, &publication, id).await?;
    supersede(scope).await?;
    scope
        .change::<timetable::Entity>()
        .col_expr(timetable::Column::State, Expr::value(State::Published.code()))
        .col_expr(timetable::Column::PublishedAt, Expr::value(scope::now(ctx)))
        .filter(timetable::Column::Id.eq(id.0))
        .exec(scope.tx)
        .await?;
    if market.event.phase < Phase::OpenCalendar {
        event::set_phase(scope, Phase::OpenCalendar).await?;
    }
    let told = calendar::tell(scope, ctx, &market, &publication, version.version).await?;
    let Difference { moved, lost, added } = &publication.difference;
    let detail = serde_json::json!({
        "version": version.version, "moved": moved.len(), "lost": lost.len(), "added": added.len(), "told": told,
    });
    Ok(Done {
        answer: (),
        detail,
        touched: Touched::everybody(),
    })
}

async fn supersede(scope: Scope<'_>) -> Result<(), Error> {
    scope
        .change::<timetable::Entity>()
        .col_expr(timetable::Column::State, Expr::value(State::Superseded.code()))
        .filter(timetable::Column::State.eq(State::Published.code()))
        .exec(scope.tx)
        .await?;
    Ok(())
}

async fn set_state(scope: Scope<'_>, id: TimetableId, state: State) -> Result<(), Error> {
    scope
        .change::<timetable::Entity>()
        .col_expr(timetable::Column::State, Expr::value(state.code()))
        .filter(timetable::Column::Id.eq(id.0))
        .exec(scope.tx)
        .await?;
    Ok(())
}
