//! "Fit me in": others moved so that one more meeting fits, at once or when all who would move have agreed. A shift
//! takes no places while it is asked; what it does is one transaction.

use crate::{
    Error, Snapshot, Store,
    act::{self, Act, Done},
    booking::{self, held, party, situation, situations, tell_of},
    change::Touched,
    column,
    entity::{meeting, shift as table, shift_move as moves},
    facts::Facts,
    moving,
    notice::{self, Tell},
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    booking::{Booking, Situation},
    id::{BuyerId, ExhibitorId, MeetingId, PersonId, ShiftId},
    market::Meeting,
    notice::{About, NoticeKind, Said},
    shift::{self as rule, AnswerShift, FitIn, Mover, Plan, Shift, ShiftMove, State, UnderWay},
    time::Timestamp,
    wish::{Pair, Side},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr};
use std::collections::HashMap;
use uuid::Uuid;

/// Most shifts listed at once, newest first.
pub const MAX_LISTED: u64 = 50;

impl Store {
    /// Fits a meeting in by a plan that was worked out before: everything in it is looked at again. The same id asked
    /// again answers the same shift.
    pub async fn fit_in(&self, ctx: &Ctx, command: FitIn, plan: Option<Plan>) -> Result<ShiftId, Error> {
        let act = Act::new(Verb::FitIn, command.id, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { fit(scope, &ctx, &command, plan.as_ref()).await }.boxed()
        })
        .await
    }

    /// Says whether one's own meeting may move. The last yes does it. `key` is made by whoever asks.
    pub async fn answer_shift(&self, ctx: &Ctx, command: AnswerShift, key: Uuid) -> Result<ShiftId, Error> {
        let act = Act::new(Verb::AnswerShift, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { answer(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

impl Snapshot {
    /// One shift.
    pub async fn shift(&self, id: ShiftId) -> Result<Option<Shift>, Error> {
        let rows = self.scope().rows::<table::Entity>().filter(table::Column::Id.eq(id.0));
        let rows = rows.all(&self.tx).await?;
        Ok(whole(self.scope(), rows).await?.pop())
    }

    /// Shifts that a person asked for, or that would move a meeting of these parties; newest first.
    pub async fn shifts_of(
        &self,
        person: Option<PersonId>,
        (buyer, exhibitor): (Option<BuyerId>, Option<ExhibitorId>),
    ) -> Result<Vec<Shift>, Error> {
        let scope = self.scope();
        let own = Condition::any()
            .add_option(buyer.map(|id| meeting::Column::BuyerId.eq(id.0)))
            .add_option(exhibitor.map(|id| meeting::Column::ExhibitorId.eq(id.0)));
        let meetings = scope
            .rows::<meeting::Entity>()
            .select_only()
            .column(meeting::Column::Id)
            .filter(own);
        let concerned = scope
            .rows::<moves::Entity>()
            .select_only()
            .column(moves::Column::ShiftId)
            .filter(moves::Column::MeetingId.in_subquery(meetings.into_query()));
        let mut either = Condition::any().add_option(person.map(|id| table::Column::AskedBy.eq(id.0)));
        if buyer.is_some() || exhibitor.is_some() {
            either = either.add(table::Column::Id.in_subquery(concerned.into_query()));
        }
        if either.is_empty() {
            return Ok(Vec::new());
        }
        let rows = scope.rows::<table::Entity>().filter(either);
        let rows = rows
            .order_by_desc(table::Column::MadeAt)
            .order_by_asc(table::Column::Id);
        let rows = rows.limit(MAX_LISTED).all(&self.tx).await?;
        whole(scope, rows).await
    }
}

/// The facts, the situation of the new pair, and of every meeting that would move.
struct Ground {
    facts: std::sync::Arc<Facts>,
    situation: Situation,
    movers: Vec<Mover>,
}

/// `None` in place of the movers' list where a meeting is not there any more.
async fn ground(scope: Scope<'_>, pair: Pair, wanted: &[(Meeting, Held, u16)]) -> Result<Ground, Error> {
    let (facts, own) = situation(scope, pair).await?;
    let pairs: Vec<Pair> = wanted.iter().map(|(meeting, ..)| meeting.placement.pair).collect();
    let mut others = if pairs.is_empty() {
        HashMap::new()
    } else {
        situations(scope, &facts, &pairs).await?
    };
    let movers = wanted.iter().filter_map(|(meeting, held, to)| {
        Some(Mover {
            held: *held,
            situation: others.remove(&meeting.placement.pair)?,
            to: *to,
        })
    });
    let movers = movers.collect();
    Ok(Ground {
        facts,
        situation: own,
        movers,
    })
}

type Held = domain::moving::Held;

async fn fit(scope: Scope<'_>, ctx: &Ctx, command: &FitIn, plan: Option<&Plan>) -> Result<Done<ShiftId>, Error> {
    let wanted = match plan {
        Some(plan) => planned(scope, plan).await?,
        None => Vec::new(),
    };
    let ground = ground(scope, command.pair, &wanted).await?;
    let under_way = under_way(scope, ctx, command.pair).await?;
    let fit = rule::fit(&ground.situation, plan, &ground.movers, under_way, command, ctx)?;
    scope
        .insert::<table::Entity>(vec![row(scope, &fit.shift)])
        .await
        .map_err(act::used)?;
    let rows = fit.shift.moves.iter().map(|one| move_row(scope, fit.shift.id, one));
    scope.insert::<moves::Entity>(rows.collect()).await?;
    let told = if fit.bookings.is_empty() {
        ask(scope, ctx, &ground.facts, &fit.shift).await?
    } else {
        carry_out(scope, ctx, &ground, &fit.shift, &fit.bookings).await?
    };
    Ok(Done {
        answer: command.id,
        detail: serde_json::json!({
            "buyer": command.pair.buyer, "exhibitor": command.pair.exhibitor, "slot": fit.shift.slot,
            "moves": fit.shift.moves.len(), "state": fit.shift.state.code(),
        }),
        touched: told,
    })
}

/// The meetings a plan moves, as they are now; one that is not as the plan saw it is left out.
async fn planned(scope: Scope<'_>, plan: &Plan) -> Result<Vec<(Meeting, Held, u16)>, Error> {
    let buyers = plan.moves.iter().map(|(pair, ..)| pair.buyer.0);
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::BuyerId.is_in(buyers))
        .filter(meeting::Column::State.eq(crate::market::PLANNED))
        .all(scope.tx)
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let held = held(row)?;
        let placement = held.meeting.placement;
        let mut moves = plan.moves.iter();
        let is_of = |(pair, from, _): &&(Pair, u16, u16)| (*pair, *from) == (placement.pair, placement.slot);
        if let Some((.., to)) = moves.find(is_of) {
            found.push((held.meeting, held, *to));
        }
    }
    found.sort_by_key(|(meeting, ..)| meeting.placement.pair);
    Ok(found)
}

/// Shifts the person or the pair has under way.
async fn under_way(scope: Scope<'_>, ctx: &Ctx, pair: Pair) -> Result<UnderWay, Error> {
    let rows = scope
        .rows::<table::Entity>()
        .filter(table::Column::State.eq(State::Asked.code()))
        .filter(table::Column::ExpiresAt.gt(scope::now(ctx)));
    let rows = rows.all(scope.tx).await?;
    let of_pair = |row: &table::Model| (row.buyer_id, row.exhibitor_id) == (pair.buyer.0, pair.exhibitor.0);
    let person = ctx.actor.person.map(|person| person.0);
    let of_person = rows.iter().filter(|row| Some(row.asked_by) == person).count();
    Ok(UnderWay {
        of_pair: rows.iter().any(of_pair),
        of_person: u16::try_from(of_person).unwrap_or(u16::MAX),
    })
}

/// Asks both sides of every meeting that would move, but not who has answered already by asking.
async fn ask(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, shift: &Shift) -> Result<Touched, Error> {
    let at = |slot: u16| facts.slots.get(usize::from(slot)).map(|slot| slot.starts);
    let (mut tells, mut touched) = (Vec::new(), Touched::default());
    for one in &shift.moves {
        for side in [Side::Buyer, Side::Exhibitor] {
            if one.said(side).is_some() {
                continue;
            }
            let (to, other) = party(facts, one.pair, side);
            tells.push(Tell {
                to,
                kind: NoticeKind::ShiftAsked,
                about: About {
                    meeting: Some(one.meeting),
                    request: None,
                },
                said: Said {
                    other,
                    starts: at(one.to),
                    was: at(one.from),
                    ..Said::default()
                },
            });
        }
        touched = touched.and(Touched::pair(one.pair));
    }
    Ok(touched.and(notice::tell(scope, ctx, tells).await?))
}

/// Moves all and books the new one, which is the first of the bookings; tells everybody.
async fn carry_out(
    scope: Scope<'_>,
    ctx: &Ctx,
    ground: &Ground,
    shift: &Shift,
    bookings: &[Booking],
) -> Result<Touched, Error> {
    let Some((new, moved)) = bookings.split_first() else {
        return Ok(Touched::default());
    };
    let left = moving::reseat(scope, ctx, moved).await?;
    booking::keep(scope, new).await?;
    let facts = &ground.facts;
    let other = domain::request::other(shift.side);
    let mut tells = vec![
        tell_of(facts, new.meeting(), NoticeKind::ShiftDone, shift.side),
        tell_of(facts, new.meeting(), NoticeKind::MeetingBooked, other),
    ];
    let mut touched = Touched::pair(shift.pair).and(left);
    for (mover, booking) in ground.movers.iter().zip(moved) {
        let was = &mover.held.meeting;
        tells.extend(moving::tells(scope, facts, was, booking.meeting()).await?);
        touched = touched.and(Touched::pair(was.placement.pair));
    }
    Ok(touched.and(notice::tell(scope, ctx, tells).await?))
}

async fn answer(scope: Scope<'_>, ctx: &Ctx, command: &AnswerShift) -> Result<Done<ShiftId>, Error> {
    let rows = scope
        .rows::<table::Entity>()
        .filter(table::Column::Id.eq(command.shift.0));
    let before = whole(scope, rows.all(scope.tx).await?).await?.pop();
    let before = before.ok_or(Refusal::NotFound)?;
    let facts = scope.facts().await?;
    let mut shift = rule::answer(&before, facts.event.phase, command, ctx)?;
    for one in shift.moves.iter().filter(|one| one.meeting == command.meeting) {
        scope
            .change::<moves::Entity>()
            .col_expr(moves::Column::BuyerYes, Expr::value(one.yes.0))
            .col_expr(moves::Column::ExhibitorYes, Expr::value(one.yes.1))
            .filter(moves::Column::ShiftId.eq(shift.id.0))
            .filter(moves::Column::MeetingId.eq(one.meeting.0))
            .exec(scope.tx)
            .await?;
    }
    let mut touched = Touched::default();
    for one in &shift.moves {
        touched = touched.and(Touched::pair(one.pair));
    }
    touched = touched.and(Touched::pair(shift.pair));
    if shift.state == State::Asked && shift.awaited() == 0 {
        let wanted = agreed(scope, &shift).await?;
        let ground = ground(scope, shift.pair, &wanted).await?;
        let possible = ground.movers.len() == shift.moves.len();
        let done = possible.then(|| rule::done(&shift, &ground.situation, &ground.movers, ctx));
        shift.state = State::Lapsed;
        if let Some(Ok(bookings)) = done {
            shift.state = State::Done;
            touched = touched.and(carry_out(scope, ctx, &ground, &shift, &bookings).await?);
        }
    }
    if shift.state != State::Asked {
        close(scope, &shift).await?;
    }
    if matches!(shift.state, State::Refused | State::Lapsed) {
        touched = touched.and(notice::tell(scope, ctx, vec![refused(&facts, &shift)]).await?);
    }
    Ok(Done {
        answer: shift.id,
        detail: serde_json::json!({
            "shift": shift.id, "meeting": command.meeting, "yes": command.yes, "state": shift.state.code(),
        }),
        touched,
    })
}

/// The meetings all have agreed to move, in the order they were asked about.
async fn agreed(scope: Scope<'_>, shift: &Shift) -> Result<Vec<(Meeting, Held, u16)>, Error> {
    let mut wanted = Vec::new();
    for one in &shift.moves {
        let held = held(booking::row(scope, one.meeting).await?)?;
        wanted.push((held.meeting, held, one.to));
    }
    Ok(wanted)
}

/// What the one who asked is told when it comes to nothing: not who said no.
fn refused(facts: &Facts, shift: &Shift) -> Tell {
    let (to, other) = party(facts, shift.pair, shift.side);
    Tell {
        to,
        kind: NoticeKind::ShiftRefused,
        about: About::default(),
        said: Said {
            other,
            starts: facts.slots.get(usize::from(shift.slot)).map(|slot| slot.starts),
            ..Said::default()
        },
    }
}

/// Writes down what became of a shift that was asked, once.
async fn close(scope: Scope<'_>, shift: &Shift) -> Result<(), Error> {
    let changed = scope
        .change::<table::Entity>()
        .col_expr(table::Column::State, Expr::value(shift.state.code()))
        .filter(table::Column::Id.eq(shift.id.0))
        .filter(table::Column::State.eq(State::Asked.code()))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::RequestClosed { state: "expired" }.into());
    }
    Ok(())
}

/// Shifts that were asked and whose time is over.
pub(crate) async fn overdue(scope: Scope<'_>, now: Timestamp, most: u64) -> Result<Vec<Shift>, Error> {
    let rows = scope
        .rows::<table::Entity>()
        .filter(table::Column::State.eq(State::Asked.code()))
        .filter(table::Column::ExpiresAt.lte(column::ms(now)))
        .order_by_asc(table::Column::ExpiresAt)
        .limit(most);
    let rows = rows.all(scope.tx).await?;
    whole(scope, rows).await
}

/// Closes those whose time is over and tells who asked; answers how many.
pub(crate) async fn lapse(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, most: u64) -> Result<(u64, Touched), Error> {
    let over = overdue(scope, ctx.now, most).await?;
    let (mut tells, mut touched) = (Vec::new(), Touched::default());
    let lapsed = over.len() as u64;
    for shift in over {
        let shift = Shift {
            state: State::Lapsed,
            ..shift
        };
        close(scope, &shift).await?;
        tells.push(refused(facts, &shift));
        touched = touched.and(Touched::pair(shift.pair));
    }
    Ok((lapsed, touched.and(notice::tell(scope, ctx, tells).await?)))
}

fn row(scope: Scope<'_>, shift: &Shift) -> table::Model {
    table::Model {
        id: shift.id.0,
        event_id: scope.event.0,
        buyer_id: shift.pair.buyer.0,
        exhibitor_id: shift.pair.exhibitor.0,
        slot: i32::from(shift.slot),
        asked_by: shift.asked_by.map_or(Uuid::nil(), |person| person.0),
        state: shift.state.code().to_owned(),
        made_at: column::ms(shift.made_at),
        expires_at: column::ms(shift.expires_at),
    }
}

fn move_row(scope: Scope<'_>, shift: ShiftId, one: &ShiftMove) -> moves::Model {
    moves::Model {
        shift_id: shift.0,
        meeting_id: one.meeting.0,
        event_id: scope.event.0,
        from_slot: i32::from(one.from),
        to_slot: i32::from(one.to),
        seen_revision: one.seen as i32,
        buyer_yes: one.yes.0,
        exhibitor_yes: one.yes.1,
    }
}

/// Shifts with their moves, in the order of their rows.
async fn whole(scope: Scope<'_>, rows: Vec<table::Model>) -> Result<Vec<Shift>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let facts = scope.facts().await?;
    let ids = rows.iter().map(|row| row.id);
    let moved = scope.rows::<moves::Entity>().filter(moves::Column::ShiftId.is_in(ids));
    let moved = moved.order_by_asc(moves::Column::MeetingId).all(scope.tx).await?;
    let meetings = moved.iter().map(|one| one.meeting_id);
    let meetings = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::Id.is_in(meetings));
    let meetings = meetings.all(scope.tx).await?.into_iter();
    let pairs: HashMap<Uuid, Pair> = meetings
        .map(|row| (row.id, pair(row.buyer_id, row.exhibitor_id)))
        .collect();
    let mut of: HashMap<Uuid, Vec<ShiftMove>> = HashMap::new();
    for one in moved {
        let pair = *pairs
            .get(&one.meeting_id)
            .ok_or_else(|| column::corrupt("a shift", one.meeting_id))?;
        of.entry(one.shift_id).or_default().push(ShiftMove {
            meeting: MeetingId(one.meeting_id),
            pair,
            from: column::count(one.from_slot)?,
            to: column::count(one.to_slot)?,
            seen: u32::try_from(one.seen_revision).map_err(|_| column::corrupt("a revision", one.seen_revision))?,
            yes: (one.buyer_yes, one.exhibitor_yes),
        });
    }
    rows.into_iter()
        .map(|row| {
            let pair = pair(row.buyer_id, row.exhibitor_id);
            let buys = facts.buyers.get(&pair.buyer);
            let staff = facts.staff.get(&pair.exhibitor);
            let of_booth = staff.is_some_and(|staff| staff.contains(&PersonId(row.asked_by)));
            let buyers_own = buys.is_some_and(|buyer| buyer.person.0 == row.asked_by);
            Ok(Shift {
                id: ShiftId(row.id),
                pair,
                slot: column::count(row.slot)?,
                asked_by: (!row.asked_by.is_nil()).then_some(PersonId(row.asked_by)),
                side: if of_booth && !buyers_own {
                    Side::Exhibitor
                } else {
                    Side::Buyer
                },
                state: column::word("a shift's state", &row.state, State::parse)?,
                made_at: column::at(row.made_at)?,
                expires_at: column::at(row.expires_at)?,
                moves: of.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

fn pair(buyer: Uuid, exhibitor: Uuid) -> Pair {
    Pair {
        buyer: BuyerId(buyer),
        exhibitor: ExhibitorId(exhibitor),
    }
}
