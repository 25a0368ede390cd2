//! The organizer's view of what goes out to people: letters that wait, went out or were given up, and trying one anew.
//! What stands in a letter is the recipient's affair and is not here.

use crate::{
    mutation::asked,
    page,
    participation::Person,
    reads::{Reads, one, rows, unexpected},
    refusal::{Refusal, Tongue, outcome, spoken},
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, Union,
    connection::{Connection, EmptyFields},
};
use domain::{
    access::{self, Verb},
    letter as rule,
    time::Timestamp,
};
use storage::{Error, outbox::Posted};
use uuid::Uuid;

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::LetterState")]
pub(crate) enum LetterState {
    /// It is still to be carried out.
    Waiting,
    /// It was carried out.
    Sent,
    /// It was given up; somebody has to look at it.
    Failed,
}

/// Something that goes out to a person: a mail, or a push to one of the person's devices.
pub(crate) struct Letter(Posted);

#[Object]
impl Letter {
    /// The id: a number that grows.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// When it was written.
    async fn at(&self) -> Timestamp {
        self.0.at
    }
    /// What it is about: `notice`, `timetable_published`, `push`.
    async fn topic(&self) -> &str {
        &self.0.topic
    }
    /// To whom.
    async fn recipient(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        match self.0.recipient {
            Some(id) => Ok(one(ctx, id).await?.map(Person)),
            None => Ok(None),
        }
    }
    /// How it stands.
    async fn state(&self) -> LetterState {
        self.0.state.into()
    }
    /// Failed tries so far.
    async fn tries(&self) -> i32 {
        self.0.tries
    }
    /// When it will be tried next, while it waits.
    async fn due_at(&self) -> Option<Timestamp> {
        self.0.due
    }
    /// When it was carried out.
    async fn done_at(&self) -> Option<Timestamp> {
        self.0.done_at
    }
    /// Why it could not be carried out last. In the request's language unless another is asked for.
    async fn problem(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<Option<String>> {
        let tongue = spoken(ctx, tongue)?;
        Ok(self.0.problem.map(|problem| problem.text(tongue)))
    }
}

/// A letter to be tried anew.
#[derive(InputObject)]
pub(crate) struct RetryLetterInput {
    /// Which letter.
    id: ID,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// The letter, or why not.
#[derive(Union)]
pub(crate) enum LetterResult {
    /// Done.
    Letter(Letter),
    /// Not done.
    Refusal(Refusal),
}

/// What can be asked of letters.
#[derive(Default)]
pub struct LetterQuery;

#[Object]
impl LetterQuery {
    /// What goes out to people, newest first, in one state or in any. The cursor is a letter's id. For organizers.
    async fn letters(
        &self,
        ctx: &Context<'_>,
        state: Option<LetterState>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<String, Letter, EmptyFields, EmptyFields>>> {
        let asked = page::asked(first, after)?;
        let before = asked.after.as_deref().map(str::parse::<i64>).transpose();
        let before = before.map_err(|_| async_graphql::Error::new("after is the id of a letter"))?;
        let rows = rows(ctx).await?;
        let state = state.map(rule::LetterState::from);
        let letters = rows.loader().snapshot.letters(state, before, asked.limit).await;
        let letters = letters.map_err(unexpected)?.into_iter().map(Letter).collect();
        Ok(Some(page::page(&asked, letters, |letter: &Letter| {
            letter.0.id.to_string()
        })))
    }
}

/// The verb of letters.
#[derive(Default)]
pub struct LetterMutation;

#[Object]
impl LetterMutation {
    /// Tries a letter anew that was given up, at once and with fresh tries.
    async fn retry_letter(&self, ctx: &Context<'_>, input: RetryLetterInput) -> Result<Option<LetterResult>> {
        let (store, request) = asked(ctx)?;
        let may = access::may(&request.actor, Verb::RetryLetter);
        let retried = match may.and_then(|()| number(&input.id)) {
            Ok(id) => store.retry_letter(request, id, input.key).await,
            Err(refusal) => Err(refusal.into()),
        };
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(retried)? {
            Ok(id) => LetterResult::Letter(find(ctx, id).await?),
            Err(refusal) => LetterResult::Refusal(refusal),
        }))
    }
}

fn number(id: &ID) -> Result<i64, domain::Refusal> {
    id.parse().map_err(|_| domain::Refusal::Malformed {
        field: "id",
        wanted: "the id of a letter",
    })
}

async fn find(ctx: &Context<'_>, id: i64) -> Result<Letter> {
    let found = rows(ctx).await?.loader().snapshot.letter(id).await;
    let letter = found.map_err(unexpected)?.map(Letter);
    letter.ok_or_else(|| unexpected(Error::Corrupt("a letter that was retried is gone".to_owned())))
}
