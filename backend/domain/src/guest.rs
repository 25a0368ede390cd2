//! Guests of a meeting: who of the booth sits there by name, and an adviser. Their time is taken like everybody's, so nobody
//! sits at two tables at once. At most one of either a meeting.

use crate::{
    Ctx,
    access::{self, Verb},
    event::{Phase, Slot},
    id::{MeetingId, PersonId},
    market::Meeting,
    name::Name,
    refusal::{MAX_ALTERNATIVES, Refusal},
};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// As what a guest sits at a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// For the booth, by name.
    Staff,
    /// To advise.
    Adviser,
}

impl Part {
    /// Its word in columns.
    pub fn code(self) -> &'static str {
        match self {
            Part::Staff => "staff",
            Part::Adviser => "adviser",
        }
    }

    /// The part of that word.
    pub fn parse(code: &str) -> Option<Self> {
        [Part::Staff, Part::Adviser]
            .into_iter()
            .find(|part| part.code() == code)
    }
}

/// Who of the booth shall sit at a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AssignStaff {
    /// Which meeting.
    pub meeting: MeetingId,
    /// Who; `None`: nobody in particular.
    pub person: Option<PersonId>,
}

/// An adviser who shall join a meeting, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Adviser {
    /// Which meeting.
    pub meeting: MeetingId,
    /// Who.
    pub person: PersonId,
}

/// What the rule looks at.
#[derive(Debug, Clone)]
pub struct Situation<'s> {
    /// Where the event stands.
    pub phase: Phase,
    /// All slots.
    pub slots: &'s [Slot],
    /// The meeting.
    pub meeting: &'s Meeting,
    /// Whether it is to take place.
    pub planned: bool,
    /// Who joins it now.
    pub guests: &'s [(PersonId, Part)],
    /// Who could: the booth's staff, or all advisers.
    pub could: &'s [PersonId],
    /// Who of them is taken during the meeting, by whatever.
    pub busy: &'s HashSet<PersonId>,
    /// What they are called.
    pub names: &'s HashMap<PersonId, Name>,
}

/// Who leaves and who joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Who sat there before.
    pub leaves: Option<PersonId>,
    /// Who sits there now.
    pub joins: Option<PersonId>,
}

/// Says who of the booth sits at a meeting; replaces who sat there before.
pub fn assign(situation: &Situation<'_>, command: &AssignStaff, ctx: &Ctx) -> Result<Change, Refusal> {
    access::may(&ctx.actor, Verb::AssignStaff)?;
    let pair = situation.meeting.placement.pair;
    if !(ctx.actor.organizes() || ctx.actor.exhibitor == Some(pair.exhibitor)) {
        return Err(Refusal::NotFound);
    }
    to_come(situation, Verb::AssignStaff, ctx)?;
    let now = situation.who(Part::Staff);
    if command.person == now {
        return Ok(Change::default());
    }
    if let Some(person) = command.person {
        situation.can_join(person)?;
    }
    Ok(Change {
        leaves: now,
        joins: command.person,
    })
}

/// Asks an adviser to join a meeting.
pub fn invite(situation: &Situation<'_>, command: &Adviser, ctx: &Ctx) -> Result<Change, Refusal> {
    access::may(&ctx.actor, Verb::InviteAdviser)?;
    if !is_side(situation, ctx) {
        return Err(Refusal::NotFound);
    }
    to_come(situation, Verb::InviteAdviser, ctx)?;
    match situation.who(Part::Adviser) {
        Some(person) if person == command.person => Ok(Change::default()),
        other => {
            if !situation.could.contains(&command.person) {
                return Err(Refusal::NotFound);
            }
            if other.is_some() {
                return Err(Refusal::AdviserThere);
            }
            situation.can_join(command.person)?;
            Ok(Change {
                leaves: None,
                joins: Some(command.person),
            })
        }
    }
}

/// Lets an adviser go: asked by either side, or by the adviser.
pub fn release(situation: &Situation<'_>, command: &Adviser, ctx: &Ctx) -> Result<Change, Refusal> {
    access::may(&ctx.actor, Verb::ReleaseAdviser)?;
    let joins = situation.who(Part::Adviser) == Some(command.person);
    let oneself = joins && ctx.actor.person == Some(command.person);
    if !(oneself || is_side(situation, ctx)) {
        return Err(Refusal::NotFound);
    }
    to_come(situation, Verb::ReleaseAdviser, ctx)?;
    if !joins {
        return Err(Refusal::NotFound);
    }
    Ok(Change {
        leaves: Some(command.person),
        joins: None,
    })
}

fn is_side(situation: &Situation<'_>, ctx: &Ctx) -> bool {
    let (actor, pair) = (&ctx.actor, situation.meeting.placement.pair);
    actor.organizes() || actor.buyer == Some(pair.buyer) || actor.exhibitor == Some(pair.exhibitor)
}

/// Guests change until the meeting is over: somebody may stand in for somebody else while it is on.
fn to_come(situation: &Situation<'_>, verb: Verb, ctx: &Ctx) -> Result<(), Refusal> {
    access::open(&ctx.actor, verb, situation.phase)?;
    if !situation.planned {
        return Err(Refusal::MeetingCancelled);
    }
    let slots = situation.slots;
    let slot = slots.get(usize::from(situation.meeting.placement.slot));
    let slot = slot.ok_or(Refusal::NoSuchSlot { slots: slots.len() })?;
    if slot.ends <= ctx.now {
        return Err(Refusal::TooLate);
    }
    Ok(())
}

impl Situation<'_> {
    fn who(&self, part: Part) -> Option<PersonId> {
        self.guests
            .iter()
            .find(|(_, of)| *of == part)
            .map(|(person, _)| *person)
    }

    fn can_join(&self, person: PersonId) -> Result<(), Refusal> {
        if !self.could.contains(&person) {
            return Err(Refusal::NotFound);
        }
        if !self.busy.contains(&person) {
            return Ok(());
        }
        let free = self.could.iter().filter(|other| !self.busy.contains(other));
        let free = free.filter_map(|other| self.names.get(other)).take(MAX_ALTERNATIVES);
        Err(Refusal::PersonBusy {
            free: free.cloned().collect(),
        })
    }
}
