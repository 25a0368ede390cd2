//! Standby, kept: who waits at which booth, and the offers of places that came free. Offers hold nothing; the key of the
//! place decides who of those who say yes has it.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    booking::{self, keep, tell_both},
    change::Touched,
    column,
    entity::{meeting, offer, standby, wish},
    facts::Facts,
    market::{self, PLANNED},
    notice::{self, Tell},
    occupancy,
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    booking::{Booking, Situation},
    id::{BoothId, BuyerId, ExhibitorId, MeetingId, OfferId, PoolId},
    market::Meeting,
    notice::{About, Audience, NoticeKind, Said},
    standby::{
        self as rule, Answer, Candidate, MAX_OFFERS, MAX_WEIGHED, Offer, OfferState, Place, Standby, Wait, Wants,
    },
    table::WALK,
    time::Timestamp,
    wish::{Pair, Side},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What an answer led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answered {
    /// The place was taken.
    Meeting(MeetingId),
    /// It was left.
    Offer(OfferId),
}

impl Store {
    /// Waits for a place at a booth.
    pub async fn join_standby(&self, ctx: &Ctx, command: Wait, key: Uuid) -> Result<Standby, Error> {
        let act = Act::new(Verb::JoinStandby, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { join(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Waits no longer; what was offered is offered to the next.
    pub async fn leave_standby(&self, ctx: &Ctx, command: Wait, key: Uuid) -> Result<Standby, Error> {
        let act = Act::new(Verb::LeaveStandby, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { leave(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Takes or leaves a place that was offered.
    pub async fn answer_offer(&self, ctx: &Ctx, command: Answer, key: Uuid) -> Result<Answered, Error> {
        let act = Act::new(Verb::AnswerOffer, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { answer(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

impl Snapshot {
    /// Where a buyer waits, longest first.
    pub async fn standby_of(&self, buyer: BuyerId) -> Result<Vec<Standby>, Error> {
        let rows = self.scope().rows::<standby::Entity>();
        let rows = rows
            .filter(standby::Column::BuyerId.eq(buyer.0))
            .order_by_asc(standby::Column::At)
            .order_by_asc(standby::Column::ExhibitorId);
        rows.all(&self.tx).await?.iter().map(standby_from).collect()
    }

    /// Who waits at these booths, with what the pairs wish.
    pub async fn standby_at(
        &self,
        exhibitors: &[ExhibitorId],
    ) -> Result<HashMap<ExhibitorId, Vec<(Standby, Wants)>>, Error> {
        let ids = exhibitors.iter().map(|id| id.0);
        let rows = self.scope().rows::<standby::Entity>();
        let rows = rows.filter(standby::Column::ExhibitorId.is_in(ids));
        let waiting: Vec<Standby> = rows
            .all(&self.tx)
            .await?
            .iter()
            .map(standby_from)
            .collect::<Result<_, _>>()?;
        let wants = wants(self.scope(), waiting.iter().map(|standby| standby.pair)).await?;
        let mut at: HashMap<ExhibitorId, Vec<(Standby, Wants)>> = HashMap::new();
        for standby in waiting {
            let wants = wants.get(&standby.pair).copied().unwrap_or_default();
            at.entry(standby.pair.exhibitor).or_default().push((standby, wants));
        }
        Ok(at)
    }

    /// This offer, if of this event.
    pub async fn offer(&self, id: OfferId) -> Result<Option<Offer>, Error> {
        let rows = self.scope().rows::<offer::Entity>();
        let row = rows.filter(offer::Column::Id.eq(id.0)).one(&self.tx).await?;
        row.as_ref().map(offer_from).transpose()
    }

    /// Offers a buyer can answer, those that end first at the front.
    pub async fn open_offers_to(&self, buyer: BuyerId, now: Timestamp) -> Result<Vec<Offer>, Error> {
        self.open_offers(Condition::all().add(offer::Column::BuyerId.eq(buyer.0)), now)
            .await
    }

    /// Offers of places at a booth that can be answered.
    pub async fn open_offers_at(&self, exhibitor: ExhibitorId, now: Timestamp) -> Result<Vec<Offer>, Error> {
        self.open_offers(Condition::all().add(offer::Column::ExhibitorId.eq(exhibitor.0)), now)
            .await
    }

    async fn open_offers(&self, of: Condition, now: Timestamp) -> Result<Vec<Offer>, Error> {
        let rows = self
            .scope()
            .rows::<offer::Entity>()
            .filter(of)
            .filter(offer::Column::State.eq(OfferState::Open.code()))
            .filter(offer::Column::ExpiresAt.gt(column::ms(now)))
            .order_by_asc(offer::Column::ExpiresAt)
            .order_by_asc(offer::Column::Id);
        rows.all(&self.tx).await?.iter().map(offer_from).collect()
    }
}

fn standby_from(row: &standby::Model) -> Result<Standby, Error> {
    Ok(Standby {
        pair: Pair {
            buyer: BuyerId(row.buyer_id),
            exhibitor: ExhibitorId(row.exhibitor_id),
        },
        since: column::at(row.at)?,
    })
}

fn offer_from(row: &offer::Model) -> Result<Offer, Error> {
    Ok(Offer {
        id: OfferId(row.id),
        buyer: BuyerId(row.buyer_id),
        place: Place {
            exhibitor: ExhibitorId(row.exhibitor_id),
            booth: BoothId(row.booth_id),
            table: column::count(row.seat)?,
            slot: column::count(row.slot)?,
        },
        made: column::at(row.made_at)?,
        expires: column::at(row.expires_at)?,
        state: column::word("an offer's state", &row.state, OfferState::parse)?,
    })
}

/// The pair that is meant, and since when it waits.
async fn meant(scope: Scope<'_>, ctx: &Ctx, command: &Wait, verb: Verb) -> Result<(Pair, Option<Standby>), Error> {
    let facts = scope.facts().await?;
    let known = |pair: &Pair| facts.buyers.contains_key(&pair.buyer) && facts.booths.contains_key(&pair.exhibitor);
    let named = command.buyer.or(ctx.actor.buyer);
    let named = named.map(|buyer| Pair {
        buyer,
        exhibitor: command.exhibitor,
    });
    if named.is_some_and(|pair| !known(&pair)) {
        return Err(Refusal::NotFound.into());
    }
    let pair = rule::who(command, verb, facts.event.phase, ctx)?;
    let row = scope
        .rows::<standby::Entity>()
        .filter(standby::Column::BuyerId.eq(pair.buyer.0))
        .filter(standby::Column::ExhibitorId.eq(pair.exhibitor.0))
        .one(scope.tx)
        .await?;
    Ok((pair, row.as_ref().map(standby_from).transpose()?))
}

async fn join(scope: Scope<'_>, ctx: &Ctx, command: &Wait) -> Result<Done<Standby>, Error> {
    let (pair, waits) = meant(scope, ctx, command, Verb::JoinStandby).await?;
    let facts = scope.facts().await?;
    let meetings = booking::meetings(scope, pair).await?;
    let meeting = meetings.iter().find(|meeting| meeting.placement.pair == pair);
    let meets = meeting.and_then(|meeting| facts.slots.get(usize::from(meeting.placement.slot)));
    rule::join(waits.is_some(), meets.map(|slot| slot.starts))?;
    let row = standby::Model {
        buyer_id: pair.buyer.0,
        exhibitor_id: pair.exhibitor.0,
        event_id: scope.event.0,
        at: scope::now(ctx),
    };
    let standby = standby_from(&row)?;
    scope.insert::<standby::Entity>(vec![row]).await?;
    Ok(Done {
        answer: standby,
        detail: serde_json::json!({"buyer": pair.buyer, "exhibitor": pair.exhibitor}),
        touched: Touched::pair(pair),
    })
}

async fn leave(scope: Scope<'_>, ctx: &Ctx, command: &Wait) -> Result<Done<Standby>, Error> {
    let (pair, waits) = meant(scope, ctx, command, Verb::LeaveStandby).await?;
    let standby = waits.ok_or(Refusal::AlreadyDone)?;
    waits_no_more(scope, pair).await?;
    let facts = scope.facts().await?;
    let of_pair = Condition::all()
        .add(offer::Column::BuyerId.eq(pair.buyer.0))
        .add(offer::Column::ExhibitorId.eq(pair.exhibitor.0));
    let left = close(scope, of_pair, OfferState::Declined).await?;
    let passed = pass_on(scope, ctx, &facts, left).await?;
    Ok(Done {
        answer: standby,
        detail: serde_json::json!({"buyer": pair.buyer, "exhibitor": pair.exhibitor}),
        touched: Touched::pair(pair).and(passed),
    })
}

async fn waits_no_more(scope: Scope<'_>, pair: Pair) -> Result<(), Error> {
    scope
        .delete::<standby::Entity>()
        .filter(standby::Column::BuyerId.eq(pair.buyer.0))
        .filter(standby::Column::ExhibitorId.eq(pair.exhibitor.0))
        .exec(scope.tx)
        .await?;
    Ok(())
}

/// Closes open offers; answers which.
async fn close(scope: Scope<'_>, of: Condition, state: OfferState) -> Result<Vec<Offer>, Error> {
    let open = Condition::all()
        .add(of)
        .add(offer::Column::State.eq(OfferState::Open.code()));
    let rows = scope.rows::<offer::Entity>().filter(open.clone());
    let rows = rows.order_by_asc(offer::Column::Id).all(scope.tx).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    scope
        .change::<offer::Entity>()
        .col_expr(offer::Column::State, Expr::value(state.code()))
        .filter(open)
        .exec(scope.tx)
        .await?;
    rows.iter().map(offer_from).collect()
}

/// Offers the places of closed offers to the next who wait.
async fn pass_on(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, closed: Vec<Offer>) -> Result<Touched, Error> {
    let places: BTreeSet<Place> = closed.iter().map(|offer| offer.place).collect();
    let mut touched = Touched::default();
    for place in places {
        touched = touched.and(offer(scope, ctx, facts, &place).await?);
    }
    Ok(touched)
}

/// Nobody answered these in time: the next are asked.
pub(crate) async fn expire(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    rows: Vec<offer::Model>,
) -> Result<Touched, Error> {
    let of = Condition::all().add(offer::Column::Id.is_in(rows.iter().map(|row| row.id)));
    let closed = close(scope, of, OfferState::Expired).await?;
    let touched = Touched {
        buyers: closed.iter().map(|offer| offer.buyer).collect(),
        exhibitors: closed.iter().map(|offer| offer.place.exhibitor).collect(),
        ..Touched::default()
    };
    Ok(touched.and(pass_on(scope, ctx, facts, closed).await?))
}

/// A place has come free: the best of those who wait for it are asked, so many that [`MAX_OFFERS`] can answer. Whoever
/// frees a place calls this, and it does nothing where nobody waits or too little of the slot is left.
pub(crate) async fn offer(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, place: &Place) -> Result<Touched, Error> {
    let Some(slot) = facts.slots.get(usize::from(place.slot)) else {
        return Ok(Touched::default());
    };
    let Some(until) = rule::until(slot, facts.event.phase, ctx.now) else {
        return Ok(Touched::default());
    };
    let waiting = scope
        .rows::<standby::Entity>()
        .filter(standby::Column::ExhibitorId.eq(place.exhibitor.0))
        .order_by_asc(standby::Column::At)
        .order_by_asc(standby::Column::BuyerId)
        .limit(MAX_WEIGHED as u64);
    let mut waiting = waiting.all(scope.tx).await?;
    if waiting.is_empty() {
        return Ok(Touched::default());
    }
    let before = offers_of(scope, place).await?;
    let open = before.iter().filter(|offer| offer.state == OfferState::Open).count();
    // Who has let it go by is not asked again; who lost it to somebody who then did not come is.
    let asked = before.iter().filter(|offer| offer.state != OfferState::Lost);
    let asked: BTreeSet<Uuid> = asked.map(|offer| offer.buyer.0).collect();
    waiting.retain(|row| !asked.contains(&row.buyer_id));
    let room = MAX_OFFERS.saturating_sub(open);
    if waiting.is_empty() || room == 0 {
        return Ok(Touched::default());
    }
    let candidates = candidates(scope, facts, place, &waiting).await?;
    let best = rule::best(&candidates, place, room);
    make(scope, ctx, facts, place, (&best, until)).await
}

/// All offers of a place there ever were. One that was taken is spent: the place is free again.
async fn offers_of(scope: Scope<'_>, place: &Place) -> Result<Vec<Offer>, Error> {
    let of_place = of(place);
    let rows = scope.rows::<offer::Entity>().filter(of_place.clone());
    let rows = rows.all(scope.tx).await?;
    if rows.iter().any(|row| row.state == OfferState::Taken.code()) {
        scope
            .change::<offer::Entity>()
            .col_expr(offer::Column::State, Expr::value(OfferState::Spent.code()))
            .filter(of_place)
            .filter(offer::Column::State.eq(OfferState::Taken.code()))
            .exec(scope.tx)
            .await?;
    }
    rows.iter().map(offer_from).collect()
}

fn of(place: &Place) -> Condition {
    Condition::all()
        .add(offer::Column::BoothId.eq(place.booth.0))
        .add(offer::Column::ExhibitorId.eq(place.exhibitor.0))
        .add(offer::Column::Seat.eq(i32::from(place.table)))
        .add(offer::Column::Slot.eq(i32::from(place.slot)))
}

/// Makes offers to these, until then, and tells them.
async fn make(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    place: &Place,
    (best, until): (&[BuyerId], Timestamp),
) -> Result<Touched, Error> {
    let rows = best.iter().map(|buyer| offer::Model {
        id: Uuid::new_v4(),
        event_id: scope.event.0,
        buyer_id: buyer.0,
        exhibitor_id: place.exhibitor.0,
        slot: i32::from(place.slot),
        booth_id: place.booth.0,
        seat: i32::from(place.table),
        state: OfferState::Open.code().to_owned(),
        made_at: scope::now(ctx),
        expires_at: column::ms(until),
    });
    scope.insert::<offer::Entity>(rows.collect()).await?;
    let told = tell(scope, ctx, facts, place, (best, NoticeKind::StandbyOffer)).await?;
    let touched = Touched {
        buyers: best.to_vec(),
        exhibitors: best.iter().take(1).map(|_| place.exhibitor).collect(),
        ..Touched::default()
    };
    Ok(touched.and(told))
}

/// Tells buyers something of a place.
async fn tell(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    place: &Place,
    (buyers, kind): (&[BuyerId], NoticeKind),
) -> Result<Touched, Error> {
    let booth = facts.booths.get(&place.exhibitor);
    let slot = facts.slots.get(usize::from(place.slot));
    let said = Said {
        other: facts.name_of_exhibitor(place.exhibitor).cloned(),
        starts: slot.map(|slot| slot.starts),
        place: booth.map(|booth| format!("{} / {}", booth.code, place.table)),
        ..Said::default()
    };
    let tells = buyers.iter().map(|&buyer| Tell {
        to: Audience::Buyer(buyer),
        kind,
        about: About::default(),
        said: said.clone(),
    });
    notice::tell(scope, ctx, tells.collect()).await
}

/// Those who wait, each with the situation of the pair in that slot: so many statements however many they are.
async fn candidates(
    scope: Scope<'_>,
    facts: &Facts,
    place: &Place,
    waiting: &[standby::Model],
) -> Result<Vec<Candidate>, Error> {
    let exhibitor = facts.exhibitors.get(&place.exhibitor).ok_or(Refusal::NotFound)?;
    let booth = facts.booths.get(&place.exhibitor).ok_or(Refusal::NotFound)?;
    let slot = facts.slots.get(usize::from(place.slot)).ok_or(Refusal::NotFound)?;
    let known = waiting
        .iter()
        .filter_map(|row| Some((row, facts.buyers.get(&BuyerId(row.buyer_id))?)));
    let known: Vec<_> = known.collect();
    let mut resources = vec![booth.id.0];
    resources.extend(known.iter().map(|(_, buyer)| buyer.person.0));
    resources.extend(facts.pools.iter().map(|pool| pool.id.0));
    let taken = occupancy::taken(scope, &resources, slot.span().cells()).await?;
    let of = |resource: Uuid| taken.iter().filter(move |(r, ..)| *r == resource);
    let pair = |row: &standby::Model| Pair {
        buyer: BuyerId(row.buyer_id),
        exhibitor: place.exhibitor,
    };
    let meetings = meetings(scope, place.exhibitor, waiting.iter().map(|row| row.buyer_id)).await?;
    let wants = wants(scope, waiting.iter().map(pair)).await?;
    let at_booth = meetings
        .iter()
        .filter(|m| m.placement.pair.exhibitor == place.exhibitor);
    let at_booth = at_booth.count() as u16;
    let mut candidates = Vec::new();
    for (row, buyer) in known {
        let own: Vec<&Meeting> = meetings.iter().filter(|m| m.placement.pair.buyer == buyer.id).collect();
        let pools = facts.pools.iter();
        let pools: Vec<_> = pools
            .filter(|pool| pool.bridges(&buyer.languages, &exhibitor.languages))
            .cloned()
            .collect();
        let situation = Situation {
            phase: facts.event.phase,
            slots: facts.slots.clone(),
            buyer: buyer.clone(),
            exhibitor: exhibitor.clone(),
            booth: booth.clone(),
            buyer_busy: of(buyer.person.0).map(|&(.., cell)| cell).collect(),
            tables_busy: of(booth.id.0).map(|&(_, lane, cell)| (lane, cell)).collect(),
            pools_busy: pools
                .iter()
                .flat_map(|pool| of(pool.id.0))
                .map(|&(resource, lane, cell)| (PoolId(resource), lane, cell))
                .collect(),
            pools,
            meetings: (own.len() as u16, at_booth),
            existing: own.iter().find(|m| m.placement.pair == pair(row)).map(|m| **m),
            wants: wants.get(&pair(row)).copied().unwrap_or_default(),
            // Who waits has asked, and who lets people wait is asked.
            direct: (true, true),
        };
        candidates.push(Candidate {
            since: column::at(row.at)?,
            near: facts.near(own.iter().copied(), place.exhibitor, place.slot),
            situation,
        });
    }
    Ok(candidates)
}

/// The planned meetings of an exhibitor and of these buyers.
async fn meetings(
    scope: Scope<'_>,
    exhibitor: ExhibitorId,
    buyers: impl Iterator<Item = Uuid>,
) -> Result<Vec<Meeting>, Error> {
    let either = Condition::any()
        .add(meeting::Column::ExhibitorId.eq(exhibitor.0))
        .add(meeting::Column::BuyerId.is_in(buyers));
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(either);
    let rows = rows.all(scope.tx).await?.into_iter();
    rows.map(market::meeting_from).collect()
}

/// What these pairs wish.
async fn wants(scope: Scope<'_>, pairs: impl Iterator<Item = Pair>) -> Result<HashMap<Pair, Wants>, Error> {
    let pairs: BTreeSet<Pair> = pairs.collect();
    let rows = scope
        .rows::<wish::Entity>()
        .filter(wish::Column::ExhibitorId.is_in(pairs.iter().map(|pair| pair.exhibitor.0).collect::<BTreeSet<_>>()))
        .filter(wish::Column::BuyerId.is_in(pairs.iter().map(|pair| pair.buyer.0).collect::<BTreeSet<_>>()));
    let mut wants: HashMap<Pair, Wants> = HashMap::new();
    for wish in rows.all(scope.tx).await?.into_iter().map(market::wish_from) {
        let wish = wish?;
        let of = wants.entry(wish.pair).or_default();
        match wish.by {
            Side::Buyer => of.0 = Some(wish.want),
            Side::Exhibitor => of.1 = Some(wish.want),
        }
    }
    Ok(wants)
}

async fn answer(scope: Scope<'_>, ctx: &Ctx, command: &Answer) -> Result<Done<Answered>, Error> {
    let rows = scope.rows::<offer::Entity>();
    let row = rows.filter(offer::Column::Id.eq(command.offer.0)).one(scope.tx).await?;
    let offer = offer_from(&row.ok_or(Refusal::NotFound)?)?;
    let facts = scope.facts().await?;
    rule::answerable(&offer, facts.event.phase, ctx)?;
    let detail = serde_json::json!({
        "offer": offer.id, "buyer": offer.buyer, "exhibitor": offer.place.exhibitor, "slot": offer.place.slot,
        "yes": command.yes,
    });
    let touched = Touched::pair(offer.pair());
    if !command.yes {
        let own = Condition::all().add(offer::Column::Id.eq(offer.id.0));
        let closed = close(scope, own, OfferState::Declined).await?;
        return Ok(Done {
            answer: Answered::Offer(offer.id),
            detail,
            touched: touched.and(pass_on(scope, ctx, &facts, closed).await?),
        });
    }
    let (facts, situation) = booking::situation(scope, offer.pair()).await?;
    let booking = rule::take(&offer, &situation, ctx)?;
    seat(scope, ctx, &offer, &booking).await?;
    let told = after(scope, ctx, &facts, &offer, booking.meeting()).await?;
    Ok(Done {
        answer: Answered::Meeting(booking.meeting().id),
        detail,
        touched: touched.and(told),
    })
}

/// Keeps the meeting and marks the offer as taken. The key of the place decides between two who say yes at once, whatever
/// either has read before.
pub(crate) async fn seat(scope: Scope<'_>, ctx: &Ctx, offer: &Offer, booking: &Booking) -> Result<(), Error> {
    keep(scope, booking).await.map_err(gone)?;
    let taken = scope
        .change::<offer::Entity>()
        .col_expr(offer::Column::State, Expr::value(OfferState::Taken.code()))
        .col_expr(offer::Column::ExpiresAt, Expr::value(column::ms(ctx.now + WALK)))
        .filter(offer::Column::Id.eq(offer.id.0))
        .filter(offer::Column::State.eq(OfferState::Open.code()))
        .exec(scope.tx)
        .await
        .map_err(|error| gone(error.into()))?;
    if taken.rows_affected == 0 {
        return Err(Refusal::OfferGone.into());
    }
    Ok(())
}

/// A key that is taken: somebody else has the place.
fn gone(error: Error) -> Error {
    match error {
        Error::Conflict(_) | Error::Refused(Refusal::KeyReused) => Refusal::OfferGone.into(),
        other => other,
    }
}

/// What follows from a yes: the others are told that the place is gone, both sides that they meet, the buyer waits there
/// no longer, and what else was offered to the buyer at that time goes to others.
async fn after(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, taken: &Offer, meeting: &Meeting) -> Result<Touched, Error> {
    let lost = close(scope, of(&taken.place), OfferState::Lost).await?;
    let losers: Vec<BuyerId> = lost.iter().map(|offer| offer.buyer).collect();
    let told = tell(scope, ctx, facts, &taken.place, (&losers, NoticeKind::StandbyGone)).await?;
    waits_no_more(scope, taken.pair()).await?;
    let same_time = Condition::all()
        .add(offer::Column::BuyerId.eq(taken.buyer.0))
        .add(offer::Column::Slot.eq(i32::from(taken.place.slot)));
    let left = close(scope, same_time, OfferState::Declined).await?;
    let passed = pass_on(scope, ctx, facts, left).await?;
    let both = tell_both(scope, ctx, facts, meeting, NoticeKind::MeetingBooked).await?;
    let touched = Touched { buyers: losers, ..told };
    Ok(touched.and(passed).and(both))
}
