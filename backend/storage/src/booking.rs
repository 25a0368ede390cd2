//! Booking: the situation loaded, the rule asked, the meeting and its places kept; all in one transaction.

use crate::{
    Error, Store,
    act::{Act, Done},
    agenda::{self, Listed},
    calendar,
    change::Touched,
    column,
    entity::{meeting, occupancy as occupancy_row, wish},
    facts::Facts,
    guest, market,
    market::{CANCELLED, PLANNED},
    notice::{self, Tell},
    occupancy, request,
    scope::{self, Scope},
    standby, together,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    booking::{self as rule, BookMeeting, Cancel, Situation},
    id::{MeetingId, PoolId},
    market::Meeting,
    moving::Held,
    name::Name,
    notice::{About, Audience, NoticeKind, Said},
    participation::Quota,
    standby::Place,
    wish::{Pair, Side, Want, Wish},
};
use futures_util::FutureExt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, ExprTrait, FromQueryResult, QueryFilter, QueryTrait, Select, Statement,
    sea_query::Expr,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// A meeting that is promised.
#[derive(Debug)]
pub struct Booked {
    /// Which.
    pub id: MeetingId,
    /// How it was promised, where that was just now: answering needs no look at the database.
    pub known: Option<Known>,
}

/// A meeting as it was kept, and the facts of the event as they stood then.
#[derive(Debug)]
pub struct Known {
    /// The meeting.
    pub meeting: Listed,
    /// The facts.
    pub facts: Arc<Facts>,
}

impl From<MeetingId> for Booked {
    fn from(id: MeetingId) -> Self {
        Self { id, known: None }
    }
}

impl From<(MeetingId, Option<Known>)> for Booked {
    fn from((id, known): (MeetingId, Option<Known>)) -> Self {
        Self { id, known }
    }
}

impl Store {
    /// Books a meeting into a free place. The same id asked again answers the same meeting.
    pub async fn book_meeting(&self, ctx: &Ctx, command: BookMeeting) -> Result<Booked, Error> {
        let content = (command.pair, command.slot);
        let act = Act::new(Verb::BookMeeting, command.id, &content)?;
        let done = self.act_knowing(ctx, act, move |scope, ctx| {
            async move { book(scope, &ctx, &command).await }.boxed()
        });
        Ok(done.await.map_err(id_used)?.into())
    }

    /// Cancels a meeting and gives up its places. `key` is made by whoever asks.
    pub async fn cancel_meeting(&self, ctx: &Ctx, command: Cancel, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::CancelMeeting, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { cancel(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

async fn book(scope: Scope<'_>, ctx: &Ctx, command: &BookMeeting) -> Result<(Done<MeetingId>, Known), Error> {
    let (facts, at_slot) = situation_at(scope, command.pair, command.slot).await?;
    let booking = match rule::book(&at_slot, command, ctx) {
        Ok(booking) => booking,
        // A no tells which other times are possible: those are read only then.
        Err(_) => rule::book(&situation(scope, command.pair).await?.1, command, ctx)?,
    };
    let meeting = keep_at_last(scope, &booking).await?;
    let told = tell_both(scope, ctx, &facts, booking.meeting(), NoticeKind::MeetingBooked).await?;
    let detail = serde_json::json!({
        "buyer": command.pair.buyer, "exhibitor": command.pair.exhibitor, "slot": command.slot,
    });
    let done = Done {
        answer: command.id,
        detail,
        touched: Touched::pair(command.pair).and(told),
    };
    Ok((done, Known { meeting, facts }))
}

/// Keeps a booked meeting and takes its places.
pub(crate) async fn keep(scope: Scope<'_>, booking: &rule::Booking) -> Result<(), Error> {
    let kept = together::execute(scope.tx, keeping(scope, booking)).await;
    kept.map_err(id_used)
}

/// The same as the last an act does; answers how the meeting is kept.
pub(crate) async fn keep_at_last(scope: Scope<'_>, booking: &rule::Booking) -> Result<Listed, Error> {
    scope.at_last(keeping(scope, booking)).await?;
    agenda::listed(market::meeting_row(scope, booking.meeting()))
}

fn keeping(scope: Scope<'_>, booking: &rule::Booking) -> Vec<Statement> {
    let (meeting, backend) = (booking.meeting(), scope.tx.get_database_backend());
    let row = market::meeting_row(scope, meeting);
    let claims = calendar::claims(meeting, booking.slot(), booking.person().0);
    vec![
        scope::inserting::<meeting::Entity>(vec![row]).build(backend),
        // However the two came to meet: what one asked the other is answered by it.
        request::settling(scope, meeting).build(backend),
        scope::inserting::<occupancy_row::Entity>(occupancy::rows(scope, &claims)).build(backend),
    ]
}

/// A meeting's id that is taken is one somebody else has used: whatever else is unique in its row was looked at.
pub(crate) fn id_used(error: Error) -> Error {
    match error {
        Error::Conflict(key) if key.ends_with("meeting.id") || key.contains("\"meeting_pkey\"") => {
            Refusal::KeyReused.into()
        }
        other => other,
    }
}

/// Tells both sides what became of a meeting.
pub(crate) async fn tell_both(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    meeting: &Meeting,
    kind: NoticeKind,
) -> Result<Touched, Error> {
    let sides = [Side::Buyer, Side::Exhibitor];
    let mut tells = sides.map(|side| tell_of(facts, meeting, kind, side)).to_vec();
    if matches!(kind, NoticeKind::MeetingMoved | NoticeKind::MeetingCancelled) {
        let advisers = guest::advisers(scope, meeting.id).await?.into_iter();
        tells.extend(advisers.map(|adviser| Tell {
            to: Audience::Person(adviser),
            ..tell_of(facts, meeting, kind, Side::Buyer)
        }));
    }
    notice::tell(scope, ctx, tells).await
}

/// What one side is told of a meeting.
pub(crate) fn tell_of(facts: &Facts, meeting: &Meeting, kind: NoticeKind, side: Side) -> Tell {
    let pair = meeting.placement.pair;
    let (to, other) = party(facts, pair, side);
    Tell {
        to,
        kind,
        about: About {
            meeting: Some(meeting.id),
            request: None,
        },
        said: Said {
            other,
            ..said(facts, meeting)
        },
    }
}

/// A side of a pair as somebody to be told, with the name of the other side.
pub(crate) fn party(facts: &Facts, pair: Pair, side: Side) -> (Audience, Option<Name>) {
    match side {
        Side::Buyer => (
            Audience::Buyer(pair.buyer),
            facts.name_of_exhibitor(pair.exhibitor).cloned(),
        ),
        Side::Exhibitor => (
            Audience::Exhibitor(pair.exhibitor),
            facts.name_of_buyer(pair.buyer).cloned(),
        ),
    }
}

/// When and where a meeting is, as notices say it.
pub(crate) fn said(facts: &Facts, meeting: &Meeting) -> Said {
    let placement = &meeting.placement;
    let booth = facts.booths.get(&placement.pair.exhibitor);
    Said {
        starts: facts.slots.get(usize::from(placement.slot)).map(|slot| slot.starts),
        place: booth.map(|booth| format!("{} / {}", booth.code, placement.table)),
        ..Said::default()
    }
}

/// Exactly what the rule needs of this pair: the event's facts from memory, places and meetings from the database.
pub(crate) async fn situation(scope: Scope<'_>, pair: Pair) -> Result<(Arc<Facts>, Situation), Error> {
    let (facts, situation, _) = situation_and_meetings(scope, pair).await?;
    Ok((facts, situation))
}

/// The same with the planned meetings of either side.
pub(crate) async fn situation_and_meetings(
    scope: Scope<'_>,
    pair: Pair,
) -> Result<(Arc<Facts>, Situation, Vec<Meeting>), Error> {
    let facts = scope.facts().await?;
    let resources = resources(&facts, pair).ok_or(Refusal::NotFound)?;
    let loaded = loaded(
        scope,
        occupancy::places(&resources, facts.cells()),
        either(&[pair]),
        &[pair],
    )
    .await?;
    let situation = of_pair(&facts, pair, &loaded).ok_or(Refusal::NotFound)?;
    Ok((facts, situation, loaded.meetings))
}

/// The same with the places of one slot alone and the meetings that are counted: as much as a yes needs. What is free at
/// other times is not in it.
async fn situation_at(scope: Scope<'_>, pair: Pair, slot: u16) -> Result<(Arc<Facts>, Situation), Error> {
    let facts = scope.facts().await?;
    let resources = resources(&facts, pair).ok_or(Refusal::NotFound)?;
    let cells = facts.slots.get(usize::from(slot)).map(|slot| slot.span().cells());
    let places = cells.map_or_else(
        || occupancy::places(&resources, facts.cells()),
        |cells| occupancy::places_at(&resources, cells),
    );
    let loaded = loaded(scope, places, counted(&facts, pair), &[pair]).await?;
    let situation = of_pair(&facts, pair, &loaded).ok_or(Refusal::NotFound)?;
    Ok((facts, situation))
}

/// The meeting of the pair, and those of a side that may have only so many.
fn counted(facts: &Facts, pair: Pair) -> Condition {
    let limited = |quota: Option<Quota>| quota.is_some_and(|quota| quota.max().is_some());
    let (buyer, exhibitor) = (
        meeting::Column::BuyerId.eq(pair.buyer.0),
        meeting::Column::ExhibitorId.eq(pair.exhibitor.0),
    );
    let mut of = Condition::any().add(buyer.clone().and(exhibitor.clone()));
    if limited(facts.buyers.get(&pair.buyer).map(|buyer| buyer.quota)) {
        of = of.add(buyer);
    }
    if limited(facts.exhibitors.get(&pair.exhibitor).map(|exhibitor| exhibitor.quota)) {
        of = of.add(exhibitor);
    }
    of
}

/// What the situations of these pairs are made of, by as few statements however many they are.
pub(crate) async fn load(scope: Scope<'_>, facts: &Facts, pairs: &[Pair]) -> Result<Loaded, Error> {
    let all: BTreeSet<Uuid> = pairs
        .iter()
        .filter_map(|&pair| resources(facts, pair))
        .flatten()
        .collect();
    let all: Vec<Uuid> = all.into_iter().collect();
    loaded(scope, occupancy::places(&all, facts.cells()), either(pairs), pairs).await
}

async fn loaded(
    scope: Scope<'_>,
    places: Select<occupancy_row::Entity>,
    meetings: Condition,
    pairs: &[Pair],
) -> Result<Loaded, Error> {
    let questions = [
        places.into_query(),
        planned(scope, meetings).into_query(),
        wished(scope, pairs).into_query(),
    ];
    let [taken, meetings, wants] = together::ask(scope.tx, questions).await?;
    let meetings = meetings.iter().map(|row| meeting::Model::from_query_result(row, ""));
    let wants = wants.iter().map(|row| wish::Model::from_query_result(row, ""));
    Ok(Loaded {
        taken: occupancy::places_from(&taken)?,
        meetings: meetings
            .map(|row| market::meeting_from(row?))
            .collect::<Result<_, Error>>()?,
        wants: wants_from(wants.collect::<Result<_, _>>()?)?,
    })
}

/// The same of many pairs by as few statements; pairs of whom one is not there are left out.
pub(crate) async fn situations(
    scope: Scope<'_>,
    facts: &Facts,
    pairs: &[Pair],
) -> Result<HashMap<Pair, Situation>, Error> {
    let loaded = load(scope, facts, pairs).await?;
    let found = pairs
        .iter()
        .filter_map(|&pair| Some((pair, of_pair(facts, pair, &loaded)?)));
    Ok(found.collect())
}

/// What is read of the database for some pairs.
pub(crate) struct Loaded {
    pub(crate) taken: occupancy::Taken,
    pub(crate) meetings: Vec<Meeting>,
    pub(crate) wants: Wants,
}

/// What buyers and exhibitors want of each other.
pub(crate) type Wants = HashMap<Pair, (Option<Want>, Option<Want>)>;

/// Whose places decide about a pair.
fn resources(facts: &Facts, pair: Pair) -> Option<Vec<Uuid>> {
    let (buyer, exhibitor) = (facts.buyers.get(&pair.buyer)?, facts.exhibitors.get(&pair.exhibitor)?);
    let bridging = facts.pools.iter();
    let bridging = bridging.filter(|pool| pool.bridges(&buyer.languages, &exhibitor.languages));
    let mut resources = vec![buyer.person.0, facts.booths.get(&pair.exhibitor)?.id.0];
    resources.extend(bridging.map(|pool| pool.id.0));
    Some(resources)
}

pub(crate) fn of_pair(facts: &Facts, pair: Pair, loaded: &Loaded) -> Option<Situation> {
    let (buyer, exhibitor) = (facts.buyers.get(&pair.buyer)?, facts.exhibitors.get(&pair.exhibitor)?);
    let booth = facts.booths.get(&pair.exhibitor)?;
    let bridging = facts.pools.iter();
    let bridging = bridging.filter(|pool| pool.bridges(&buyer.languages, &exhibitor.languages));
    let pools: Vec<_> = bridging.cloned().collect();
    let of = |resource: Uuid| loaded.taken.iter().filter(move |(r, ..)| *r == resource);
    let meetings = &loaded.meetings;
    let count = |own: &dyn Fn(&Meeting) -> bool| meetings.iter().filter(|meeting| own(meeting)).count() as u16;
    Some(Situation {
        phase: facts.event.phase,
        buyer_busy: of(buyer.person.0).map(|&(.., cell)| cell).collect(),
        tables_busy: of(booth.id.0).map(|&(_, lane, cell)| (lane, cell)).collect(),
        pools_busy: pools
            .iter()
            .flat_map(|pool| of(pool.id.0))
            .map(|&(resource, lane, cell)| (PoolId(resource), lane, cell))
            .collect(),
        meetings: (
            count(&|meeting| meeting.placement.pair.buyer == pair.buyer),
            count(&|meeting| meeting.placement.pair.exhibitor == pair.exhibitor),
        ),
        existing: meetings.iter().find(|meeting| meeting.placement.pair == pair).copied(),
        wants: loaded.wants.get(&pair).copied().unwrap_or_default(),
        direct: (facts.direct(pair.buyer), facts.direct(pair.exhibitor)),
        slots: facts.slots.clone(),
        buyer: buyer.clone(),
        exhibitor: exhibitor.clone(),
        booth: booth.clone(),
        pools,
    })
}

/// The planned meetings of either side.
pub(crate) async fn meetings(scope: Scope<'_>, pair: Pair) -> Result<Vec<Meeting>, Error> {
    let rows = planned(scope, either(&[pair])).all(scope.tx).await?;
    rows.into_iter().map(market::meeting_from).collect()
}

/// Whoever of these meets.
fn either(pairs: &[Pair]) -> Condition {
    let (buyers, exhibitors) = parties(pairs);
    Condition::any()
        .add(meeting::Column::BuyerId.is_in(buyers))
        .add(meeting::Column::ExhibitorId.is_in(exhibitors))
}

fn planned(scope: Scope<'_>, of: Condition) -> Select<meeting::Entity> {
    let rows = scope.rows::<meeting::Entity>();
    rows.filter(column::holds(meeting::Column::State, PLANNED)).filter(of)
}

/// The ids of their buyers and of their exhibitors.
fn parties(pairs: &[Pair]) -> (BTreeSet<Uuid>, BTreeSet<Uuid>) {
    let buyers = pairs.iter().map(|pair| pair.buyer.0);
    (buyers.collect(), pairs.iter().map(|pair| pair.exhibitor.0).collect())
}

/// What the two sides want of each other.
pub(crate) async fn wants(scope: Scope<'_>, pair: Pair) -> Result<(Option<Want>, Option<Want>), Error> {
    Ok(wants_of(scope, &[pair]).await?.remove(&pair).unwrap_or_default())
}

/// What they want of each other, at least of these pairs.
pub(crate) async fn wants_of(scope: Scope<'_>, pairs: &[Pair]) -> Result<Wants, Error> {
    wants_from(wished(scope, pairs).all(scope.tx).await?)
}

fn wished(scope: Scope<'_>, pairs: &[Pair]) -> Select<wish::Entity> {
    let (buyers, exhibitors) = parties(pairs);
    scope
        .rows::<wish::Entity>()
        .filter(wish::Column::BuyerId.is_in(buyers))
        .filter(wish::Column::ExhibitorId.is_in(exhibitors))
}

fn wants_from(rows: Vec<wish::Model>) -> Result<Wants, Error> {
    let mut wants = Wants::new();
    for wish in rows.into_iter().map(market::wish_from) {
        let wish = wish?;
        let of_pair = wants.entry(wish.pair).or_default();
        match wish.by {
            Side::Buyer => of_pair.0 = Some(wish.want),
            Side::Exhibitor => of_pair.1 = Some(wish.want),
        }
    }
    Ok(wants)
}

/// What the two sides of a pair want, as wishes.
pub(crate) fn wishes(pair: Pair, (buyer, exhibitor): (Option<Want>, Option<Want>)) -> Vec<Wish> {
    let wish = |by, want: Option<_>| want.map(|want| Wish { pair, by, want });
    let both = [wish(Side::Buyer, buyer), wish(Side::Exhibitor, exhibitor)];
    both.into_iter().flatten().collect()
}

/// A meeting as its row holds it.
pub(crate) async fn row(scope: Scope<'_>, id: MeetingId) -> Result<meeting::Model, Error> {
    let rows = scope.rows::<meeting::Entity>().filter(meeting::Column::Id.eq(id.0));
    Ok(rows.one(scope.tx).await?.ok_or(Refusal::NotFound)?)
}

/// A meeting with how it stands.
pub(crate) fn held(row: meeting::Model) -> Result<Held, Error> {
    let standing = rule::Standing {
        planned: row.state == PLANNED,
        locked: row.locked,
    };
    Ok(Held {
        meeting: market::meeting_from(row)?,
        standing,
    })
}

async fn cancel(scope: Scope<'_>, ctx: &Ctx, command: &Cancel) -> Result<Done<MeetingId>, Error> {
    let row = row(scope, command.meeting).await?;
    let Held {
        meeting,
        standing: state,
    } = held(row)?;
    let facts = scope.facts().await?;
    rule::cancel(&meeting, state, &facts.slots, facts.event.phase, command, ctx)?;
    let changed = scope
        .change::<meeting::Entity>()
        .col_expr(meeting::Column::State, Expr::value(CANCELLED))
        .col_expr(meeting::Column::Revision, Expr::col(meeting::Column::Revision).add(1))
        .filter(meeting::Column::Id.eq(meeting.id.0))
        .filter(meeting::Column::State.eq(PLANNED))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::MeetingChanged { starts: None }.into());
    }
    occupancy::release(scope, &[meeting.id.0]).await?;
    let told = tell_both(scope, ctx, &facts, &meeting, NoticeKind::MeetingCancelled).await?;
    let told = told.and(standby::offer(scope, ctx, &facts, &Place::of(&meeting.placement)).await?);
    guest::leave(scope, &[meeting.id.0]).await?;
    Ok(Done {
        answer: meeting.id,
        detail: serde_json::json!({"meeting": meeting.id}),
        touched: Touched::pair(meeting.placement.pair).and(told),
    })
}
