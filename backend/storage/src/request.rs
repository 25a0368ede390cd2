//! Meeting requests: kept, answered, run out. A request takes no places; what it becomes is booked by the one way there
//! is (`booking.rs`), in the same transaction.

use crate::{
    Error, Snapshot, Store,
    act::{self, Act, Done},
    booking::{self, Booked, Known, id_used, party, situation, situations, tell_of, wants, wants_of},
    change::Touched,
    column,
    entity::meeting_request::{self as table, Column, Entity},
    facts::Facts,
    notice::{self, Tell},
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    id::{BuyerId, ExhibitorId, MeetingId, PersonId, RequestId},
    market::Meeting,
    notice::{About, NoticeKind, Said},
    problem::Wants,
    request::{self as rule, Accept, Counter, Decline, Pending, Request, RequestMeeting, State},
    time::Timestamp,
    wish::{Pair, Side},
};
use futures_util::FutureExt;
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::Expr,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Most requests listed at once, newest first.
pub const MAX_LISTED: u64 = 200;
/// Most requests and shifts closed by one act of the worker.
pub(crate) const MAX_SWEPT: u64 = 200;

impl Store {
    /// Asks for a meeting. The same id asked again answers the same request.
    pub async fn request_meeting(&self, ctx: &Ctx, command: RequestMeeting) -> Result<RequestId, Error> {
        let act = Act::new(Verb::RequestMeeting, command.id, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { ask(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Says yes to a request: it becomes a meeting. `key` is made by whoever asks.
    pub async fn accept_request(&self, ctx: &Ctx, command: Accept, key: Uuid) -> Result<Booked, Error> {
        let act = Act::new(Verb::AcceptRequest, key, &(command.request, command.slot))?;
        let done = self.act_knowing(ctx, act, move |scope, ctx| {
            async move { accept(scope, &ctx, &command).await }.boxed()
        });
        Ok(done.await.map_err(id_used)?.into())
    }

    /// Says no to a request. `key` is made by whoever asks.
    pub async fn decline_request(&self, ctx: &Ctx, command: Decline, key: Uuid) -> Result<RequestId, Error> {
        let act = Act::new(Verb::DeclineRequest, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { decline(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Answers a request with other times. `key` is made by whoever asks.
    pub async fn counter_request(&self, ctx: &Ctx, command: Counter, key: Uuid) -> Result<RequestId, Error> {
        let act = Act::new(Verb::CounterRequest, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { counter(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Takes a request back. `key` is made by whoever asks.
    pub async fn withdraw_request(&self, ctx: &Ctx, id: RequestId, key: Uuid) -> Result<RequestId, Error> {
        let act = Act::new(Verb::WithdrawRequest, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { withdraw(scope, &ctx, id).await }.boxed()
        })
        .await
    }

    /// Writes down which requests and shifts of the event nobody answered in time, some at once; answers how many. For
    /// the worker; that they have run out holds without it.
    pub async fn expire_requests(&self, ctx: &Ctx) -> Result<u64, Error> {
        domain::access::may(&ctx.actor, Verb::ExpireRequests)?;
        let snapshot = self.snapshot(ctx.event).await?;
        let due = !overdue(snapshot.scope(), ctx.now, 1).await?.is_empty()
            || !crate::shift::overdue(snapshot.scope(), ctx.now, 1).await?.is_empty();
        drop(snapshot);
        if !due {
            return Ok(0);
        }
        // Nobody asks for it twice: what has run out is closed once, by its state.
        let act = Act::new(Verb::ExpireRequests, Uuid::new_v4(), &())?;
        self.act(ctx, act, |scope, ctx| async move { expire(scope, &ctx).await }.boxed())
            .await
    }
}

impl Snapshot {
    /// Requests from and to a side, newest first: those that are open at that moment, or those that are not, or all.
    /// What a side is not to see is not among them.
    pub async fn requests_of(
        &self,
        (side, party): (Side, Uuid),
        open: Option<bool>,
        now: Timestamp,
    ) -> Result<Vec<Request>, Error> {
        let own = match side {
            Side::Buyer => Column::BuyerId,
            Side::Exhibitor => Column::ExhibitorId,
        };
        let rows = self.scope().rows::<Entity>().filter(own.eq(party));
        let still = Column::State
            .eq(State::Open.code())
            .and(Column::ExpiresAt.gt(column::ms(now)));
        let rows = match open {
            None => rows,
            Some(true) => rows.filter(still),
            Some(false) => rows.filter(still.not()),
        };
        let rows = rows.order_by_desc(Column::MadeAt).order_by_asc(Column::Id);
        let rows = rows.limit(MAX_LISTED).all(&self.tx).await?;
        let found = rows.into_iter().map(from).collect::<Result<Vec<_>, _>>()?;
        let pairs: Vec<Pair> = found.iter().map(|request| request.pair).collect();
        let wants = wants_of(self.scope(), &pairs).await?;
        let shown = |request: &Request| {
            let wants = wants.get(&request.pair).copied().unwrap_or_default();
            !request.hidden_from(side, wants)
        };
        Ok(found.into_iter().filter(shown).collect())
    }

    /// How many requests are open at that moment.
    pub async fn count_open_requests(&self, now: Timestamp) -> Result<u64, Error> {
        let open = self
            .scope()
            .rows::<Entity>()
            .filter(Column::State.eq(State::Open.code()))
            .filter(Column::ExpiresAt.gt(column::ms(now)));
        Ok(open.count(&self.tx).await?)
    }

    /// One request; `side`: as that side may see it.
    pub async fn request(&self, id: RequestId, side: Option<Side>) -> Result<Option<Request>, Error> {
        let row = self.scope().rows::<Entity>().filter(Column::Id.eq(id.0));
        let Some(row) = row.one(&self.tx).await? else {
            return Ok(None);
        };
        let request = from(row)?;
        let wants = wants(self.scope(), request.pair).await?;
        let hidden = side.is_some_and(|side| request.hidden_from(side, wants));
        Ok((!hidden).then_some(request))
    }

    /// Numbers of the slots each pair could book at once.
    pub async fn open_slots(&self, pairs: &[Pair], now: Timestamp) -> Result<HashMap<Pair, Vec<u16>>, Error> {
        let facts = self.scope().facts().await?;
        let found = situations(self.scope(), &facts, pairs).await?;
        let open = found
            .into_iter()
            .map(|(pair, situation)| (pair, situation.open_slots(now)));
        Ok(open.collect())
    }
}

async fn ask(scope: Scope<'_>, ctx: &Ctx, command: &RequestMeeting) -> Result<Done<RequestId>, Error> {
    let (facts, situation) = situation(scope, command.pair).await?;
    let of_pair = open_of(scope, command.pair).await?;
    // One that has run out does not stand in the way of another: it is closed now.
    let (over, still): (Vec<Request>, Vec<Request>) = of_pair
        .into_iter()
        .partition(|request| request.state_at(ctx.now) != State::Open);
    let pending = Pending {
        of_pair: !still.is_empty(),
        of_person: of_person(scope, ctx).await?,
    };
    let request = rule::ask(&situation, pending, command, ctx)?;
    let mut told = close_expired(scope, ctx, &facts, &over).await?;
    scope
        .insert::<Entity>(vec![row(scope, &request)])
        .await
        .map_err(act::used)?;
    let tell = tell(&facts, &request, NoticeKind::RequestReceived, &request.message);
    told = told.and(inform(scope, ctx, (&request, situation.wants), request.turn, tell).await?);
    Ok(Done {
        answer: request.id,
        detail: serde_json::json!({
            "buyer": request.pair.buyer, "exhibitor": request.pair.exhibitor, "slots": request.slots,
        }),
        touched: told.and(touched(&request, situation.wants)),
    })
}

async fn accept(scope: Scope<'_>, ctx: &Ctx, command: &Accept) -> Result<(Done<MeetingId>, Known), Error> {
    let request = find(scope, command.request).await?;
    let (facts, situation) = situation(scope, request.pair).await?;
    let booking = rule::accept(&request, &situation, command, ctx)?;
    let meeting = *booking.meeting();
    close(scope, ctx, &request, State::Accepted, None).await?;
    let kept = booking::keep_at_last(scope, &booking).await?;
    let answerer = request.turn;
    let mut said_yes = tell_of(&facts, &meeting, NoticeKind::RequestAccepted, rule::other(answerer));
    said_yes.about.request = Some(request.id);
    let tells = vec![said_yes, tell_of(&facts, &meeting, NoticeKind::MeetingBooked, answerer)];
    let told = notice::tell(scope, ctx, tells).await?;
    let done = Done {
        answer: meeting.id,
        detail: serde_json::json!({
            "request": request.id, "meeting": meeting.id, "slot": meeting.placement.slot,
        }),
        touched: Touched::pair(request.pair).and(told),
    };
    Ok((done, Known { meeting: kept, facts }))
}

/// A meeting answers the open request of its pair, if there is one, however it came about.
pub(crate) fn settling(scope: Scope<'_>, meeting: &Meeting) -> UpdateMany<Entity> {
    let pair = meeting.placement.pair;
    scope
        .change::<Entity>()
        .col_expr(Column::State, Expr::value(State::Accepted.code()))
        .col_expr(Column::MeetingId, Expr::value(meeting.id.0))
        .filter(Column::BuyerId.eq(pair.buyer.0))
        .filter(Column::ExhibitorId.eq(pair.exhibitor.0))
        .filter(column::holds(Column::State, State::Open.code()))
}

async fn decline(scope: Scope<'_>, ctx: &Ctx, command: &Decline) -> Result<Done<RequestId>, Error> {
    let request = find(scope, command.request).await?;
    let (facts, wants) = (scope.facts().await?, wants(scope, request.pair).await?);
    let reason = rule::decline(&request, wants, facts.event.phase, command, ctx)?;
    close(scope, ctx, &request, State::Declined, Some(&reason)).await?;
    // The asker says no to the times proposed to it; the side that was asked says no to all.
    let by = declining(&request, ctx);
    let tell = tell(&facts, &request, NoticeKind::RequestDeclined, &reason);
    let told = inform(scope, ctx, (&request, wants), rule::other(by), tell).await?;
    Ok(Done {
        answer: request.id,
        detail: serde_json::json!({"request": request.id}),
        touched: told.and(touched(&request, wants)),
    })
}

/// Which side says no.
fn declining(request: &Request, ctx: &Ctx) -> Side {
    if ctx.actor.organizes() {
        request.turn
    } else if ctx.actor.buyer == Some(request.pair.buyer) {
        Side::Buyer
    } else {
        Side::Exhibitor
    }
}

async fn counter(scope: Scope<'_>, ctx: &Ctx, command: &Counter) -> Result<Done<RequestId>, Error> {
    let before = find(scope, command.request).await?;
    let (facts, situation) = situation(scope, before.pair).await?;
    let request = rule::counter(&before, &situation, command, ctx)?;
    let kept = row(scope, &request);
    let changed = scope
        .change::<Entity>()
        .col_expr(Column::Turn, Expr::value(kept.turn))
        .col_expr(Column::Slots, Expr::value(kept.slots))
        .col_expr(Column::Message, Expr::value(kept.message))
        .col_expr(Column::ExpiresAt, Expr::value(kept.expires_at))
        .filter(Column::Id.eq(request.id.0))
        .filter(Column::State.eq(State::Open.code()))
        .filter(Column::Turn.eq(before.turn.code()))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::NotYourTurn.into());
    }
    let tell = tell(&facts, &request, NoticeKind::RequestCountered, &request.message);
    let told = inform(scope, ctx, (&request, situation.wants), request.turn, tell).await?;
    Ok(Done {
        answer: request.id,
        detail: serde_json::json!({"request": request.id, "slots": request.slots}),
        touched: told.and(touched(&request, situation.wants)),
    })
}

async fn withdraw(scope: Scope<'_>, ctx: &Ctx, id: RequestId) -> Result<Done<RequestId>, Error> {
    let request = find(scope, id).await?;
    let (facts, wants) = (scope.facts().await?, wants(scope, request.pair).await?);
    rule::withdraw(&request, wants, facts.event.phase, ctx)?;
    Ok(Done {
        answer: request.id,
        detail: serde_json::json!({"request": request.id}),
        touched: take_back(scope, ctx, &facts, (&request, wants)).await?,
    })
}

async fn take_back(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    (request, wants): (&Request, Wants),
) -> Result<Touched, Error> {
    close(scope, ctx, request, State::Withdrawn, None).await?;
    let tell = tell(facts, request, NoticeKind::RequestWithdrawn, "");
    let told = inform(scope, ctx, (request, wants), rule::other(request.side), tell).await?;
    Ok(told.and(touched(request, wants)))
}

/// Takes back what a side has asked of the other, because it does not want to meet it any more. The other side hears what
/// it hears of any request that is taken back.
pub(crate) async fn take_back_of(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    (pair, side, wants): (Pair, Side, Wants),
) -> Result<Touched, Error> {
    let mut told = Touched::default();
    for request in open_of(scope, pair).await? {
        if request.side == side && request.state_at(ctx.now) == State::Open {
            told = told.and(take_back(scope, ctx, facts, (&request, wants)).await?);
        }
    }
    Ok(told)
}

async fn expire(scope: Scope<'_>, ctx: &Ctx) -> Result<Done<u64>, Error> {
    let facts = scope.facts().await?;
    let requests = overdue(scope, ctx.now, MAX_SWEPT).await?;
    let mut told = close_expired(scope, ctx, &facts, &requests).await?;
    let (lapsed, more) = crate::shift::lapse(scope, ctx, &facts, MAX_SWEPT).await?;
    told = told.and(more);
    Ok(Done {
        answer: requests.len() as u64 + lapsed,
        detail: serde_json::json!({"expired": requests.len(), "lapsed": lapsed}),
        touched: told,
    })
}

/// Open requests whose time is over, oldest first.
async fn overdue(scope: Scope<'_>, now: Timestamp, most: u64) -> Result<Vec<Request>, Error> {
    let rows = scope
        .rows::<Entity>()
        .filter(Column::State.eq(State::Open.code()))
        .filter(Column::ExpiresAt.lte(column::ms(now)))
        .order_by_asc(Column::ExpiresAt)
        .limit(most);
    rows.all(scope.tx).await?.into_iter().map(from).collect()
}

/// Closes what has run out and tells the askers.
async fn close_expired(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, requests: &[Request]) -> Result<Touched, Error> {
    let (mut tells, mut touched) = (Vec::new(), Touched::default());
    for request in requests {
        close(scope, ctx, request, State::Expired, None).await?;
        let (to, other) = party(facts, request.pair, request.side);
        let mut tell = tell(facts, request, NoticeKind::RequestExpired, "");
        (tell.to, tell.said.other) = (to, other);
        tells.push(tell);
        match request.side {
            Side::Buyer => touched.buyers.push(request.pair.buyer),
            Side::Exhibitor => touched.exhibitors.push(request.pair.exhibitor),
        }
    }
    Ok(touched.and(notice::tell(scope, ctx, tells).await?))
}

/// Closes an open request, once.
async fn close(
    scope: Scope<'_>,
    ctx: &Ctx,
    request: &Request,
    state: State,
    reason: Option<&str>,
) -> Result<(), Error> {
    let meeting = (state == State::Accepted).then(|| request.becomes().0);
    let changed = scope
        .change::<Entity>()
        .col_expr(Column::State, Expr::value(state.code()))
        .col_expr(Column::AnsweredAt, Expr::value(scope::now(ctx)))
        .col_expr(Column::Reason, Expr::value(reason.map(str::to_owned)))
        .col_expr(Column::MeetingId, Expr::value(meeting))
        .filter(Column::Id.eq(request.id.0))
        .filter(Column::State.eq(State::Open.code()))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        let now = find(scope, request.id).await?;
        return Err(Refusal::RequestClosed {
            state: now.state.code(),
        }
        .into());
    }
    Ok(())
}

/// Tells one side, unless it is not to see the request.
async fn inform(
    scope: Scope<'_>,
    ctx: &Ctx,
    (request, wants): (&Request, Wants),
    side: Side,
    tell: Tell,
) -> Result<Touched, Error> {
    if request.hidden_from(side, wants) {
        return Ok(Touched::default());
    }
    let facts = scope.facts().await?;
    let (to, other) = party(&facts, request.pair, side);
    let said = Said { other, ..tell.said };
    notice::tell(scope, ctx, vec![Tell { to, said, ..tell }]).await
}

/// What is told of a request; to whom is said by [`inform`].
fn tell(facts: &Facts, request: &Request, kind: NoticeKind, text: &str) -> Tell {
    let first = request
        .slots
        .first()
        .and_then(|&slot| facts.slots.get(usize::from(slot)));
    Tell {
        to: party(facts, request.pair, request.side).0,
        kind,
        about: About {
            meeting: None,
            request: Some(request.id),
        },
        said: Said {
            starts: first.map(|slot| slot.starts),
            text: (!text.is_empty()).then(|| text.to_owned()),
            ..Said::default()
        },
    }
}

/// Those who see the request look again.
fn touched(request: &Request, wants: Wants) -> Touched {
    let mut touched = Touched::pair(request.pair);
    if request.hidden_from(Side::Buyer, wants) {
        touched.buyers.clear();
    }
    if request.hidden_from(Side::Exhibitor, wants) {
        touched.exhibitors.clear();
    }
    touched
}

async fn find(scope: Scope<'_>, id: RequestId) -> Result<Request, Error> {
    let row = scope.rows::<Entity>().filter(Column::Id.eq(id.0)).one(scope.tx).await?;
    from(row.ok_or(Refusal::NotFound)?)
}

/// Requests of the pair that are written down as open: one at most.
async fn open_of(scope: Scope<'_>, pair: Pair) -> Result<Vec<Request>, Error> {
    let rows = scope
        .rows::<Entity>()
        .filter(Column::BuyerId.eq(pair.buyer.0))
        .filter(Column::ExhibitorId.eq(pair.exhibitor.0))
        .filter(Column::State.eq(State::Open.code()));
    rows.all(scope.tx).await?.into_iter().map(from).collect()
}

/// How many open requests the person has out.
async fn of_person(scope: Scope<'_>, ctx: &Ctx) -> Result<u16, Error> {
    let Some(person) = ctx.actor.person else { return Ok(0) };
    // Their own side's rows, by its index; whose they are is asked of those.
    let own = Condition::any()
        .add_option(ctx.actor.buyer.map(|id| Column::BuyerId.eq(id.0)))
        .add_option(ctx.actor.exhibitor.map(|id| Column::ExhibitorId.eq(id.0)));
    let rows = scope
        .rows::<Entity>()
        .filter(own)
        .filter(Column::MadeBy.eq(person.0))
        .filter(Column::State.eq(State::Open.code()))
        .filter(Column::ExpiresAt.gt(scope::now(ctx)));
    Ok(u16::try_from(rows.count(scope.tx).await?).unwrap_or(u16::MAX))
}

fn row(scope: Scope<'_>, request: &Request) -> table::Model {
    table::Model {
        id: request.id.0,
        event_id: scope.event.0,
        buyer_id: request.pair.buyer.0,
        exhibitor_id: request.pair.exhibitor.0,
        side: request.side.code().to_owned(),
        state: request.state.code().to_owned(),
        turn: request.turn.code().to_owned(),
        message: request.message.clone(),
        slots: column::joined(&request.slots),
        made_by: request.made_by.map_or(Uuid::nil(), |person| person.0),
        made_at: column::ms(request.made_at),
        expires_at: column::ms(request.expires_at),
        answered_at: request.answered_at.map(column::ms),
        reason: request.reason.clone(),
        meeting_id: request.meeting.map(|id| id.0),
    }
}

fn from(row: table::Model) -> Result<Request, Error> {
    let slot = |text: &str| column::word("a slot", text, |text| text.parse::<u16>().ok());
    Ok(Request {
        id: RequestId(row.id),
        pair: Pair {
            buyer: BuyerId(row.buyer_id),
            exhibitor: ExhibitorId(row.exhibitor_id),
        },
        side: column::word("a side", &row.side, Side::parse)?,
        state: column::word("a request's state", &row.state, State::parse)?,
        turn: column::word("a side", &row.turn, Side::parse)?,
        message: row.message,
        slots: row
            .slots
            .split(',')
            .filter(|part| !part.is_empty())
            .map(slot)
            .collect::<Result<_, _>>()?,
        made_by: (!row.made_by.is_nil()).then_some(PersonId(row.made_by)),
        made_at: column::at(row.made_at)?,
        expires_at: column::at(row.expires_at)?,
        answered_at: row.answered_at.map(column::at).transpose()?,
        reason: row.reason,
        meeting: row.meeting_id.map(MeetingId),
    })
}
