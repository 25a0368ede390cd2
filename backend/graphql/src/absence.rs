//! Absences and stays: when somebody is not to be had. For the person and the organizer only.

use crate::{
    gate::sees,
    mutation::asked,
    participation::Person,
    party::{BuyerResult, buyer},
    reads::{Reads, pointed_to, rows, unexpected},
    refusal::{Refusal, outcome},
};
use async_graphql::{Context, InputObject, Object, Result, Union};
use domain::{
    Ctx,
    absence::{AddAbsence, SetStay},
    id::{AbsenceId, BuyerId, PersonId},
};
use storage::absence::Listed;
use uuid::Uuid;

/// A time a person is not to be had.
pub(crate) struct Absence(Listed);

#[Object]
impl Absence {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// Whose.
    async fn person(&self, ctx: &Context<'_>) -> Result<Person> {
        Ok(Person(pointed_to(ctx, self.0.absence.person).await?))
    }
    /// From when.
    async fn starts_at(&self) -> jiff::Timestamp {
        self.0.absence.span.from()
    }
    /// Until when.
    async fn ends_at(&self) -> jiff::Timestamp {
        self.0.absence.span.until()
    }
    /// Why, in the person's own words.
    async fn reason(&self) -> &str {
        &self.0.absence.reason
    }
}

/// A time to be taken out of one's own calendar.
#[derive(InputObject)]
pub(crate) struct AddAbsenceInput {
    /// The new absence's id, made by whoever asks.
    id: Uuid,
    /// Whose; for organizers. One's own needs no word.
    person: Option<Uuid>,
    /// From when.
    from: jiff::Timestamp,
    /// Until when; at most two days later.
    until: jiff::Timestamp,
    /// Why, for oneself and the organizer; up to 500 characters.
    #[graphql(default)]
    reason: String,
}

/// An absence to be taken back.
#[derive(InputObject)]
pub(crate) struct RemoveAbsenceInput {
    /// Which.
    id: Uuid,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// When a buyer comes and goes.
#[derive(InputObject)]
pub(crate) struct SetStayInput {
    /// Who; for organizers. Oneself needs no word.
    buyer: Option<Uuid>,
    /// From when; left out: from the beginning.
    arrives_at: Option<jiff::Timestamp>,
    /// Until when; left out: to the end.
    leaves_at: Option<jiff::Timestamp>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// An absence (as it is, or as it was before it was taken back), or why not.
#[derive(Union)]
pub(crate) enum AbsenceResult {
    /// Done.
    Absence(Absence),
    /// Not done.
    Refusal(Refusal),
}

async fn absence(ctx: &Context<'_>, done: Result<Listed, storage::Error>) -> Result<Option<AbsenceResult>> {
    ctx.data::<Reads>()?.renew().await;
    Ok(Some(match outcome(done)? {
        Ok(listed) => AbsenceResult::Absence(Absence(listed)),
        Err(refusal) => AbsenceResult::Refusal(refusal),
    }))
}

/// What can be asked of absences.
#[derive(Default)]
pub struct AbsenceQuery;

#[Object]
impl AbsenceQuery {
    /// The absences of the one signed in, in order of time; for organizers, of the person that is named.
    async fn my_absences(&self, ctx: &Context<'_>, person: Option<Uuid>) -> Result<Option<Vec<Absence>>> {
        let actor = &ctx.data::<Ctx>()?.actor;
        let Some(of) = person.map(PersonId).or(actor.person) else {
            return Ok(None);
        };
        if !sees(ctx, "Query", "myAbsences", actor.person == Some(of))? {
            return Ok(None);
        }
        let rows = rows(ctx).await?;
        let found = rows.loader().snapshot.absences(of).await.map_err(unexpected)?;
        Ok(found.map(|found| found.into_iter().map(Absence).collect()))
    }
}

/// The verbs of absences and stays.
#[derive(Default)]
pub struct AbsenceMutation;

#[Object]
impl AbsenceMutation {
    /// Takes a time out of one's own calendar. Refused where meetings stand in it.
    async fn add_absence(&self, ctx: &Context<'_>, input: AddAbsenceInput) -> Result<Option<AbsenceResult>> {
        let (store, request) = asked(ctx)?;
        let command = AddAbsence {
            id: AbsenceId(input.id),
            person: input.person.map(PersonId),
            from: input.from,
            until: input.until,
            reason: input.reason,
        };
        absence(ctx, store.add_absence(request, command).await).await
    }
    /// Gives such a time back; answers what it was.
    async fn remove_absence(&self, ctx: &Context<'_>, input: RemoveAbsenceInput) -> Result<Option<AbsenceResult>> {
        let (store, request) = asked(ctx)?;
        absence(ctx, store.remove_absence(request, AbsenceId(input.id), input.key).await).await
    }
    /// Says when a buyer comes and goes. Refused where meetings stand outside of it.
    async fn set_stay(&self, ctx: &Context<'_>, input: SetStayInput) -> Result<Option<BuyerResult>> {
        let (store, request) = asked(ctx)?;
        let command = SetStay {
            buyer: input.buyer.map(BuyerId),
            arrives: input.arrives_at,
            leaves: input.leaves_at,
        };
        buyer(ctx, store.set_stay(request, command, input.key).await).await
    }
}
