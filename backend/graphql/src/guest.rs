//! Who sits at a meeting besides its two sides: staff of the booth by name, an adviser.

use crate::{
    mutation::{MeetingResult, asked, meeting},
    participation::Person,
    reads::{one, pointed_to, rows, unexpected},
};
use async_graphql::{Context, InputObject, Object, Result};
use domain::{
    guest::{Adviser as Joins, AssignStaff, Part},
    id::{MeetingId, PersonId},
};
use uuid::Uuid;

/// Somebody who may be asked to join a meeting and advise.
pub(crate) struct Adviser {
    person: PersonId,
    free: Option<bool>,
}

#[Object]
impl Adviser {
    /// Who, with the languages spoken.
    async fn person(&self, ctx: &Context<'_>) -> Result<Person> {
        Ok(Person(pointed_to(ctx, self.person).await?))
    }
    /// Whether nothing takes the adviser's time in the slot that was asked about; `null`: none was.
    async fn free(&self) -> Option<bool> {
        self.free
    }
}

/// Who of the booth sits at a meeting.
#[derive(InputObject)]
pub(crate) struct AssignStaffInput {
    /// Which meeting.
    meeting: Uuid,
    /// Who; left out: nobody in particular.
    person: Option<Uuid>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// An adviser to be asked, or to be let go.
#[derive(InputObject)]
pub(crate) struct AdviserInput {
    /// Which meeting.
    meeting: Uuid,
    /// Who.
    person: Uuid,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

impl AdviserInput {
    fn parsed(&self) -> Joins {
        Joins {
            meeting: MeetingId(self.meeting),
            person: PersonId(self.person),
        }
    }
}

/// The guests of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GuestsOf(pub(crate) MeetingId);

/// The one who joins a meeting as that.
pub(crate) async fn joins(ctx: &Context<'_>, meeting: MeetingId, part: Part) -> Result<Option<Person>> {
    let guests = one(ctx, GuestsOf(meeting)).await?.unwrap_or_default();
    let Some((person, _)) = guests.into_iter().find(|(_, of)| *of == part) else {
        return Ok(None);
    };
    Ok(Some(Person(pointed_to(ctx, person).await?)))
}

/// What can be asked of guests.
#[derive(Default)]
pub struct GuestQuery;

#[Object]
impl GuestQuery {
    /// Who may be asked to join a meeting and advise, and whether each is free in a slot.
    async fn advisers(&self, ctx: &Context<'_>, slot: Option<u16>) -> Result<Option<Vec<Adviser>>> {
        let rows = rows(ctx).await?;
        let advisers = rows.loader().snapshot.advisers(slot).await.map_err(unexpected)?;
        let adviser = |(person, free)| Adviser { person, free };
        Ok(Some(advisers.into_iter().map(adviser).collect()))
    }
}

/// The verbs of guests.
#[derive(Default)]
pub struct GuestMutation;

#[Object]
impl GuestMutation {
    /// Says who of the booth sits at a meeting; replaces who was named before.
    async fn assign_staff(&self, ctx: &Context<'_>, input: AssignStaffInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        let command = AssignStaff {
            meeting: MeetingId(input.meeting),
            person: input.person.map(PersonId),
        };
        meeting(ctx, store.assign_staff(request, command, input.key).await).await
    }
    /// Asks an adviser to join a meeting; there may be one.
    async fn invite_adviser(&self, ctx: &Context<'_>, input: AdviserInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        meeting(ctx, store.invite_adviser(request, input.parsed(), input.key).await).await
    }
    /// Lets an adviser go; the adviser may do so too.
    async fn release_adviser(&self, ctx: &Context<'_>, input: AdviserInput) -> Result<Option<MeetingResult>> {
        let (store, request) = asked(ctx)?;
        meeting(ctx, store.release_adviser(request, input.parsed(), input.key).await).await
    }
}
