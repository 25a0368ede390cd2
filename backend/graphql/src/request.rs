//! Meeting requests: asked, accepted, declined, countered, withdrawn; as either side sees them.

use crate::{
    event::Slot,
    gate::sees,
    meeting::Meeting,
    mutation::{MeetingResult, asked, meeting},
    participation::{Buyer, Exhibitor},
    reads::{OpenSlotsOf, Reads, one, pointed_to, rows, unexpected},
    refusal::{Refusal, outcome},
    suggest::{self, Suggestion, pair, side},
    wish,
};
use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject, Union};
use domain::{
    Ctx,
    id::RequestId,
    request::{self as rule, State},
    wish::Side,
};
use storage::Error;
use uuid::Uuid;

/// Where a meeting request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub(crate) enum RequestState {
    /// It waits for an answer.
    Open,
    /// It became a meeting.
    Accepted,
    /// A side said no.
    Declined,
    /// The asker took it back.
    Withdrawn,
    /// Nobody answered in time.
    Expired,
}

/// Which requests are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RequestsThatAre {
    /// Those that wait for an answer.
    Open,
    /// Those that do not.
    Closed,
}

/// A request to be sent.
#[derive(InputObject)]
pub(crate) struct RequestMeetingInput {
    /// The new request's id, made by whoever asks.
    id: Uuid,
    /// Who shall come.
    buyer: Uuid,
    /// Whom the buyer shall meet.
    exhibitor: Uuid,
    /// In one's own words, at most 2,000 characters.
    #[graphql(default)]
    message: String,
    /// Numbers of proposed slots, at most 20; none: any time.
    #[graphql(default)]
    slots: Vec<u16>,
    /// For whom the organizer asks, the buyer if not said; sides ask for themselves.
    side: Option<wish::Side>,
}

/// A yes.
#[derive(InputObject)]
pub(crate) struct AcceptRequestInput {
    /// Which request.
    id: Uuid,
    /// The number of the slot; not said: the best of the proposed ones, or of all where none is proposed.
    slot: Option<u16>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A no.
#[derive(InputObject)]
pub(crate) struct DeclineRequestInput {
    /// Which request.
    id: Uuid,
    /// Why, for the other side to read; at most 500 characters.
    #[graphql(default)]
    reason: String,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// Other times.
#[derive(InputObject)]
pub(crate) struct CounterRequestInput {
    /// Which request.
    id: Uuid,
    /// Numbers of proposed slots, at most 20; none: any time.
    #[graphql(default)]
    slots: Vec<u16>,
    /// In one's own words, at most 2,000 characters.
    #[graphql(default)]
    message: String,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A request to be taken back.
#[derive(InputObject)]
pub(crate) struct WithdrawRequestInput {
    /// Which request.
    id: Uuid,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// A request, or why not.
#[derive(Union)]
pub(crate) enum MeetingRequestResult {
    /// Done.
    MeetingRequest(MeetingRequest),
    /// Not done.
    Refusal(Refusal),
}

/// A proposed time.
#[derive(SimpleObject)]
pub(crate) struct ProposedTime {
    /// When.
    slot: Slot,
    /// Whether both are still free then.
    free: bool,
}

/// One side asks the other for a meeting. It holds no place.
pub(crate) struct MeetingRequest {
    request: rule::Request,
    /// Asked for by itself, not in a list: only then are times looked for.
    alone: bool,
}

impl MeetingRequest {
    fn state(&self, ctx: &Context<'_>) -> Result<State> {
        Ok(self.request.state_at(ctx.data::<Ctx>()?.now))
    }
}

#[Object]
impl MeetingRequest {
    /// The id.
    async fn id(&self) -> Uuid {
        self.request.id.0
    }
    /// Who shall come.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.request.pair.buyer).await?))
    }
    /// Whom the buyer shall meet.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.request.pair.exhibitor).await?))
    }
    /// Which side asked.
    async fn side(&self) -> wish::Side {
        self.request.side.into()
    }
    /// Where it stands now.
    #[graphql(name = "state")]
    async fn standing(&self, ctx: &Context<'_>) -> Result<RequestState> {
        Ok(self.state(ctx)?.into())
    }
    /// Whose answer it waits for; `null` when it is closed.
    async fn turn(&self, ctx: &Context<'_>) -> Result<Option<wish::Side>> {
        let open = self.state(ctx)? == State::Open;
        Ok(open.then(|| self.request.turn.into()))
    }
    /// Whether it waits for one's own answer.
    async fn your_turn(&self, ctx: &Context<'_>) -> Result<bool> {
        let own = side(ctx, self.request.pair)?;
        Ok(self.state(ctx)? == State::Open && own == Some(self.request.turn))
    }
    /// In the words of whoever wrote last.
    async fn message(&self) -> &str {
        &self.request.message
    }
    /// Why it was declined.
    async fn reason(&self) -> Option<&str> {
        self.request.reason.as_deref()
    }
    /// Proposed times; none: any.
    async fn proposed(&self, ctx: &Context<'_>) -> Result<Vec<ProposedTime>> {
        let now = ctx.data::<Ctx>()?.now;
        let free = if self.request.slots.is_empty() || self.state(ctx)? != State::Open {
            Vec::new()
        } else {
            let open = one(ctx, OpenSlotsOf(self.request.pair, now)).await?;
            open.unwrap_or_default()
        };
        let rows = rows(ctx).await?;
        let slots = &rows.loader().facts().await?.slots;
        let all = self.request.slots.iter();
        let times = all.filter_map(|number| {
            Some(ProposedTime {
                slot: Slot(*slots.get(usize::from(*number))?),
                free: free.contains(number),
            })
        });
        Ok(times.collect())
    }
    /// The best times both have free, as long as it is open; `null` in a list: ask for the one request.
    async fn suggestions(&self, ctx: &Context<'_>) -> Result<Option<Vec<Suggestion>>> {
        if !self.alone || self.state(ctx)? != State::Open {
            return Ok(None);
        }
        suggest::suggestions(ctx, self.request.pair).await
    }
    /// When it was made.
    async fn made_at(&self) -> jiff::Timestamp {
        self.request.made_at
    }
    /// Until when it waits for an answer.
    async fn expires_at(&self) -> jiff::Timestamp {
        self.request.expires_at
    }
    /// When it was answered for good.
    async fn answered_at(&self) -> Option<jiff::Timestamp> {
        self.request.answered_at
    }
    /// The meeting it became.
    async fn meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>> {
        match self.request.meeting {
            Some(id) => Ok(one(ctx, id).await?.map(Meeting)),
            None => Ok(None),
        }
    }
}

/// What can be done with requests.
#[derive(Default)]
pub struct RequestMutation;

async fn answer(ctx: &Context<'_>, done: Result<RequestId, Error>) -> Result<Option<MeetingRequestResult>> {
    ctx.data::<Reads>()?.renew().await;
    let id = match outcome(done)? {
        Ok(id) => id,
        Err(refusal) => return Ok(Some(MeetingRequestResult::Refusal(refusal))),
    };
    let rows = rows(ctx).await?;
    let found = rows.loader().snapshot.request(id, None).await.map_err(unexpected)?;
    let request = found.ok_or_else(|| unexpected(Error::Corrupt("a kept request is gone".to_owned())))?;
    Ok(Some(MeetingRequestResult::MeetingRequest(MeetingRequest {
        request,
        alone: true,
    })))
}

#[Object]
impl RequestMutation {
    /// Asks the other side for a meeting. It holds no place until it is accepted.
    async fn request_meeting(
        &self,
        ctx: &Context<'_>,
        input: RequestMeetingInput,
    ) -> Result<Option<MeetingRequestResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::RequestMeeting {
            id: RequestId(input.id),
            pair: pair(input.buyer, input.exhibitor),
            side: input.side.map(Side::from),
            message: input.message,
            slots: input.slots,
        };
        answer(ctx, store.request_meeting(request, command).await).await
    }
    /// Says yes to a request: it becomes a meeting by the rules of booking. If the place is gone, the request stays open.
    async fn accept_request(&self, ctx: &Context<'_>, input: AcceptRequestInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let id = RequestId(input.id);
        let command = rule::Accept {
            request: id,
            slot: input.slot,
            best: match input.slot {
                Some(_) => Vec::new(),
                None => best(ctx, id).await?,
            },
        };
        meeting(ctx, store.accept_request(request, command, input.key).await).await
    }
    /// Says no to a request.
    async fn decline_request(
        &self,
        ctx: &Context<'_>,
        input: DeclineRequestInput,
    ) -> Result<Option<MeetingRequestResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::Decline {
            request: RequestId(input.id),
            reason: input.reason,
        };
        answer(ctx, store.decline_request(request, command, input.key).await).await
    }
    /// Answers a request with other times: then it is for the other side to answer.
    async fn counter_request(
        &self,
        ctx: &Context<'_>,
        input: CounterRequestInput,
    ) -> Result<Option<MeetingRequestResult>> {
        let (store, request) = asked(ctx)?;
        let command = rule::Counter {
            request: RequestId(input.id),
            slots: input.slots,
            message: input.message,
        };
        answer(ctx, store.counter_request(request, command, input.key).await).await
    }
    /// Takes one's own request back.
    async fn withdraw_request(
        &self,
        ctx: &Context<'_>,
        input: WithdrawRequestInput,
    ) -> Result<Option<MeetingRequestResult>> {
        let (store, request) = asked(ctx)?;
        let done = store.withdraw_request(request, RequestId(input.id), input.key).await;
        answer(ctx, done).await
    }
}

/// Free times of the request's pair, best first, for whoever may see the request.
async fn best(ctx: &Context<'_>, id: RequestId) -> Result<Vec<u16>> {
    let Some(found) = visible(ctx, id).await? else {
        return Ok(Vec::new());
    };
    let free = suggest::best(ctx, found.pair).await?.unwrap_or_default();
    Ok(free.into_iter().map(|(slot, _)| slot.number).collect())
}

/// A request, if it is the actor's own and not hidden, or the actor runs the event.
async fn visible(ctx: &Context<'_>, id: RequestId) -> Result<Option<rule::Request>> {
    let rows = rows(ctx).await?;
    let snapshot = &rows.loader().snapshot;
    let Some(found) = snapshot.request(id, None).await.map_err(unexpected)? else {
        return Ok(None);
    };
    let own = side(ctx, found.pair)?;
    if !sees(ctx, "Query", "meetingRequest", own.is_some())? {
        return Ok(None);
    }
    // Who runs the event sees it whole, and so does not see it as a side.
    let as_side = own.filter(|_| !sees(ctx, "Query", "meetingRequest", false).unwrap_or(false));
    snapshot.request(id, as_side).await.map_err(unexpected)
}

/// What can be asked of requests.
#[derive(Default)]
pub struct RequestQuery;

#[Object]
impl RequestQuery {
    /// Requests from and to the one signed in, newest first.
    async fn my_requests(
        &self,
        ctx: &Context<'_>,
        state: Option<RequestsThatAre>,
    ) -> Result<Option<Vec<MeetingRequest>>> {
        let request = ctx.data::<Ctx>()?;
        let rows = rows(ctx).await?;
        let open = state.map(|state| state == RequestsThatAre::Open);
        let buyer = request.actor.buyer.map(|id| (Side::Buyer, id.0));
        let exhibitor = request.actor.exhibitor.map(|id| (Side::Exhibitor, id.0));
        let mut found = Vec::new();
        for party in buyer.into_iter().chain(exhibitor) {
            let snapshot = &rows.loader().snapshot;
            let own = snapshot.requests_of(party, open, request.now).await;
            found.extend(own.map_err(unexpected)?);
        }
        let all = found.into_iter();
        Ok(Some(
            all.map(|request| MeetingRequest { request, alone: false }).collect(),
        ))
    }
    /// One request, for its two sides and those who run or audit.
    async fn meeting_request(&self, ctx: &Context<'_>, id: Uuid) -> Result<Option<MeetingRequest>> {
        let found = visible(ctx, RequestId(id)).await?;
        Ok(found.map(|request| MeetingRequest { request, alone: true }))
    }
}
