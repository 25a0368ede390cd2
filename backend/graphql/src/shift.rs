//! "Fit me in": a meeting for which others move. Whoever asks sees how many and when, but of other people's meetings not
//! whose they are; whoever is asked sees its own.

use crate::{
    event::Slot,
    mutation::asked,
    participation::{Buyer, Exhibitor},
    reads::{Reads, beside, pointed_to, rows, unexpected},
    refusal::{Refusal, Tongue, outcome, spoken},
    suggest::{pair, side},
};
use async_graphql::{Context, Enum, InputObject, Object, Result, Union};
use domain::{
    Ctx,
    id::{MeetingId, ShiftId},
    insert,
    name::Bilingual,
    shift::{self as rule, Plan, State},
    wish::{Pair, Side},
};
use storage::Error;
use uuid::Uuid;

/// Where a shift stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub(crate) enum ShiftState {
    /// Those who would move are asked.
    Asked,
    /// Everything was moved and the meeting booked.
    Done,
    /// Somebody said no.
    Refused,
    /// Not everybody answered in time, or it was not possible any more.
    Lapsed,
}

/// A meeting to be fitted in.
#[derive(InputObject)]
pub(crate) struct FitInInput {
    /// The new shift's id, made by whoever asks.
    id: Uuid,
    /// Who shall come.
    buyer: Uuid,
    /// Whom the buyer shall meet.
    exhibitor: Uuid,
}

/// Whether one's own meeting may move.
#[derive(InputObject)]
pub(crate) struct AnswerShiftInput {
    /// For which shift.
    shift: Uuid,
    /// Which of one's own meetings.
    meeting: Uuid,
    /// Whether it may.
    yes: bool,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A shift, or why not.
#[derive(Union)]
pub(crate) enum ShiftResult {
    /// Done, or others are asked: its state says which.
    Shift(Shift),
    /// Not done.
    Refusal(Refusal),
}

/// A meeting that comes or moves, as far as whoever looks may know it.
pub(crate) struct Step {
    pair: Pair,
    meeting: Option<MeetingId>,
    from: Option<u16>,
    to: Option<u16>,
    /// The exhibitor of the meeting that comes.
    booth: domain::id::ExhibitorId,
    /// What its two sides have answered.
    yes: Option<(Option<bool>, Option<bool>)>,
}

impl Step {
    /// A step of a preview.
    pub(crate) fn of(step: &insert::Step, asked: Pair, meeting: Option<MeetingId>) -> Self {
        Self {
            pair: step.pair,
            meeting,
            from: step.from,
            to: step.to,
            booth: asked.exhibitor,
            yes: None,
        }
    }

    /// Whether whoever looks may know whose it is.
    fn known(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.data::<Ctx>()?.actor.organizes() || side(ctx, self.pair)?.is_some())
    }

    /// Whether one's own side is asked and has not answered, and what it has answered.
    fn own(&self, ctx: &Context<'_>) -> Result<(bool, Option<bool>)> {
        let said = match (self.yes, side(ctx, self.pair)?) {
            (Some(yes), Some(Side::Buyer)) => yes.0,
            (Some(yes), Some(Side::Exhibitor)) => yes.1,
            _ => return Ok((false, None)),
        };
        Ok((said.is_none(), said))
    }

    fn words(&self, ctx: &Context<'_>) -> Result<Bilingual> {
        let (ja, en) = if self.from.is_none() {
            ("新しい商談", "the new meeting")
        } else if side(ctx, self.pair)?.is_some() {
            ("あなたの商談", "your own meeting")
        } else if self.pair.exhibitor == self.booth {
            ("同じブースの別の商談", "another meeting of the booth")
        } else {
            ("別の商談", "another meeting")
        };
        Ok(Bilingual {
            ja: ja.to_owned(),
            en: en.to_owned(),
        })
    }
}

async fn slot(ctx: &Context<'_>, number: Option<u16>) -> Result<Option<Slot>> {
    let rows = rows(ctx).await?;
    let slots = &rows.loader().facts().await?.slots;
    Ok(number.and_then(|number| slots.get(usize::from(number)).copied().map(Slot)))
}

#[Object]
impl Step {
    /// When it was to be; `null`: it is the new meeting.
    async fn from(&self, ctx: &Context<'_>) -> Result<Option<Slot>> {
        slot(ctx, self.from).await
    }
    /// When it would be.
    async fn to(&self, ctx: &Context<'_>) -> Result<Option<Slot>> {
        slot(ctx, self.to).await
    }
    /// Which it is, in words.
    async fn message(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<String> {
        Ok(self.words(ctx)?.get(spoken(ctx, tongue)?).to_owned())
    }
    /// Its id, if it is one's own.
    async fn meeting_id(&self, ctx: &Context<'_>) -> Result<Option<Uuid>> {
        Ok(self.meeting.map(|id| id.0).filter(|_| self.known(ctx).unwrap_or(false)))
    }
    /// Who comes, if it is one's own.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Option<Buyer>> {
        if !self.known(ctx)? {
            return Ok(None);
        }
        Ok(Some(Buyer(pointed_to(ctx, self.pair.buyer).await?)))
    }
    /// Whom the buyer meets, if it is one's own.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Option<Exhibitor>> {
        if !self.known(ctx)? {
            return Ok(None);
        }
        Ok(Some(Exhibitor(pointed_to(ctx, self.pair.exhibitor).await?)))
    }
    /// Whether one's own answer is awaited.
    async fn asked(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.own(ctx)?.0)
    }
    /// What one's own side has answered; whoever asked has said yes.
    async fn yes(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        Ok(self.own(ctx)?.1)
    }
}

/// One more meeting, and others asked to move for it.
pub(crate) struct Shift(rule::Shift);

impl Shift {
    fn mine(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(side(ctx, self.0.pair)? == Some(self.0.side))
    }
}

#[Object]
impl Shift {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// Where it stands now.
    async fn state(&self, ctx: &Context<'_>) -> Result<ShiftState> {
        Ok(self.0.state_at(ctx.data::<Ctx>()?.now).into())
    }
    /// Whether one's own side asked for it.
    #[graphql(name = "mine")]
    async fn is_mine(&self, ctx: &Context<'_>) -> Result<bool> {
        self.mine(ctx)
    }
    /// What comes and what moves: all of it for whoever asked, one's own for whoever is asked.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<Step>> {
        let new = Step {
            pair: self.0.pair,
            meeting: (self.0.state == State::Done).then(|| self.0.becomes()),
            from: None,
            to: Some(self.0.slot),
            booth: self.0.pair.exhibitor,
            yes: None,
        };
        let moved = self.0.moves.iter().map(|one| Step {
            pair: one.pair,
            meeting: Some(one.meeting),
            from: Some(one.from),
            to: Some(one.to),
            booth: self.0.pair.exhibitor,
            yes: Some(one.yes),
        });
        let whole = self.mine(ctx)?;
        let mut steps = Vec::new();
        for step in std::iter::once(new).chain(moved) {
            if whole || step.known(ctx)? {
                steps.push(step);
            }
        }
        Ok(steps)
    }
    /// How many answers are awaited.
    async fn awaited(&self) -> usize {
        self.0.awaited()
    }
    /// When it was asked.
    async fn made_at(&self) -> jiff::Timestamp {
        self.0.made_at
    }
    /// Until when there is time to answer.
    async fn expires_at(&self) -> jiff::Timestamp {
        self.0.expires_at
    }
}

async fn answer(ctx: &Context<'_>, done: Result<ShiftId, Error>) -> Result<Option<ShiftResult>> {
    ctx.data::<Reads>()?.renew().await;
    let id = match outcome(done)? {
        Ok(id) => id,
        Err(refusal) => return Ok(Some(ShiftResult::Refusal(refusal))),
    };
    let rows = rows(ctx).await?;
    let found = rows.loader().snapshot.shift(id).await.map_err(unexpected)?;
    let shift = found.ok_or_else(|| unexpected(Error::Corrupt("a kept shift is gone".to_owned())))?;
    Ok(Some(ShiftResult::Shift(Shift(shift))))
}

/// Where the pair fits and what moves for it; only looked for where it is the actor's own. `None`: there is no room.
async fn plan(ctx: &Context<'_>, pair: Pair) -> Result<Option<Plan>> {
    let request = ctx.data::<Ctx>()?;
    if side(ctx, pair)?.is_none() && !request.actor.organizes() {
        return Ok(None);
    }
    let now = request.now;
    let market = rows(ctx).await?.loader().snapshot.market_for(pair).await;
    let market = market.map_err(unexpected)?;
    let found = beside(move || insert::insert(&market, pair, now)).await?;
    Ok(found.ok().and_then(|found| Plan::of(&found, pair)))
}

/// What can be done with shifts.
#[derive(Default)]
pub struct ShiftMutation;

#[Object]
impl ShiftMutation {
    /// Fits a meeting in, with the fewest others moved: at once where nobody moves or the organizer asks, otherwise those
    /// who would move are asked first.
    async fn fit_in(&self, ctx: &Context<'_>, input: FitInInput) -> Result<Option<ShiftResult>> {
        let (store, request) = asked(ctx)?;
        let pair = pair(input.buyer, input.exhibitor);
        let plan = plan(ctx, pair).await?;
        let command = rule::FitIn {
            id: ShiftId(input.id),
            pair,
        };
        answer(ctx, store.fit_in(request, command, plan).await).await
    }
    /// Says whether one's own meeting may move. When all have said yes, everything is moved at once; one no ends it.
    async fn answer_shift(&self, ctx: &Context<'_>, input: AnswerShiftInput) -> Result<Option<ShiftResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::AnswerShift {
            shift: ShiftId(input.shift),
            meeting: MeetingId(input.meeting),
            yes: input.yes,
        };
        answer(ctx, store.answer_shift(request, command, input.key).await).await
    }
}

/// What can be asked of shifts.
#[derive(Default)]
pub struct ShiftQuery;

#[Object]
impl ShiftQuery {
    /// What the one signed in asked for, and what is asked of the one signed in; newest first.
    async fn my_shifts(&self, ctx: &Context<'_>) -> Result<Option<Vec<Shift>>> {
        let actor = &ctx.data::<Ctx>()?.actor;
        let rows = rows(ctx).await?;
        let snapshot = &rows.loader().snapshot;
        let found = snapshot
            .shifts_of(actor.person, (actor.buyer, actor.exhibitor))
            .await
            .map_err(unexpected)?;
        Ok(Some(found.into_iter().map(Shift).collect()))
    }
}
