//! Keeping who sits at a meeting besides its two sides: a row, and the person's time like everybody's. What becomes of
//! them when the meeting moves is here too: who is free then comes along, who is not is told.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    agenda::{self, Listed},
    booking,
    change::Touched,
    column,
    entity::{guest, meeting, occupancy as place, participation as part, person},
    facts::Facts,
    market::{self, PLANNED},
    notice::{self, Tell},
    occupancy::{self, Claim, Holder, PERSON_LANE},
    participation,
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::{Role, Verb},
    event::Slot,
    guest::{self as rule, Adviser, AssignStaff, Change, Part, Situation},
    id::{MeetingId, PersonId},
    market::Meeting,
    notice::{About, Audience, NoticeKind, Said},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// Ids listed in one statement.
const CHUNK: usize = 10_000;

impl Store {
    /// Says who of the booth sits at a meeting. `key` is made by whoever asks.
    pub async fn assign_staff(&self, ctx: &Ctx, command: AssignStaff, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::AssignStaff, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let found = load(scope, command.meeting, Asked::Staff).await?;
                let change = rule::assign(&found.situation(), &command, &ctx)?;
                found.keep(scope, &ctx, change, Part::Staff).await
            }
            .boxed()
        })
        .await
    }

    /// Asks an adviser to join a meeting. `key` is made by whoever asks.
    pub async fn invite_adviser(&self, ctx: &Ctx, command: Adviser, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::InviteAdviser, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let found = load(scope, command.meeting, Asked::Advisers).await?;
                let change = rule::invite(&found.situation(), &command, &ctx)?;
                found.keep(scope, &ctx, change, Part::Adviser).await
            }
            .boxed()
        })
        .await
    }

    /// Lets an adviser go. `key` is made by whoever asks.
    pub async fn release_adviser(&self, ctx: &Ctx, command: Adviser, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::ReleaseAdviser, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move {
                let found = load(scope, command.meeting, Asked::Nobody).await?;
                let change = rule::release(&found.situation(), &command, &ctx)?;
                found.keep(scope, &ctx, change, Part::Adviser).await
            }
            .boxed()
        })
        .await
    }
}

impl Snapshot {
    /// Who sits at these meetings besides the two sides.
    pub async fn guests_of(&self, meetings: &[MeetingId]) -> Result<HashMap<MeetingId, Vec<(PersonId, Part)>>, Error> {
        let ids: Vec<Uuid> = meetings.iter().map(|id| id.0).collect();
        rows(self.scope(), &ids).await
    }

    /// The planned meetings at which a person sits as a guest, in order of time.
    pub async fn meetings_joined(&self, person: PersonId) -> Result<Vec<Listed>, Error> {
        let joined: Vec<Uuid> = self
            .scope()
            .rows::<guest::Entity>()
            .select_only()
            .column(guest::Column::MeetingId)
            .filter(guest::Column::PersonId.eq(person.0))
            .into_tuple()
            .all(&self.tx)
            .await?;
        if joined.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self
            .scope()
            .rows::<meeting::Entity>()
            .filter(meeting::Column::State.eq(PLANNED))
            .filter(meeting::Column::Id.is_in(joined))
            .order_by_asc(meeting::Column::Slot);
        rows.all(&self.tx).await?.into_iter().map(agenda::listed).collect()
    }

    /// The advisers of the event, and whether each is free during a slot, if one is named that there is.
    pub async fn advisers(&self, slot: Option<u16>) -> Result<Vec<(PersonId, Option<bool>)>, Error> {
        let (scope, facts) = (self.scope(), self.scope().facts().await?);
        let people: Vec<Uuid> = scope
            .rows::<part::Entity>()
            .select_only()
            .column(part::Column::PersonId)
            .filter(part::Column::Role.eq(Role::Adviser.code()))
            .order_by_asc(part::Column::Code)
            .into_tuple()
            .all(&self.tx)
            .await?;
        let slot = slot.and_then(|slot| facts.slots.get(usize::from(slot)));
        let busy = match slot {
            Some(slot) => Some(busy(scope, &people, slot).await?),
            None => None,
        };
        let mut seen = HashSet::new();
        let people = people.into_iter().map(PersonId).filter(|person| seen.insert(*person));
        Ok(people
            .map(|person| (person, busy.as_ref().map(|busy| !busy.contains(&person))))
            .collect())
    }
}

/// Who of these people is taken during a slot.
async fn busy(scope: Scope<'_>, people: &[Uuid], slot: &Slot) -> Result<HashSet<PersonId>, Error> {
    let taken = occupancy::taken(scope, people, slot.span().cells()).await?;
    Ok(taken.into_iter().map(|(person, ..)| PersonId(person)).collect())
}

async fn rows(scope: Scope<'_>, meetings: &[Uuid]) -> Result<HashMap<MeetingId, Vec<(PersonId, Part)>>, Error> {
    let mut guests: HashMap<MeetingId, Vec<(PersonId, Part)>> = HashMap::new();
    for some in meetings.chunks(CHUNK) {
        let rows = scope
            .rows::<guest::Entity>()
            .filter(guest::Column::MeetingId.is_in(some.iter().copied()))
            .order_by_asc(guest::Column::PersonId);
        for row in rows.all(scope.tx).await? {
            let part = column::word("a guest's part", &row.part, Part::parse)?;
            let of = guests.entry(MeetingId(row.meeting_id)).or_default();
            of.push((PersonId(row.person_id), part));
        }
    }
    Ok(guests)
}

/// The advisers who join a meeting.
pub(crate) async fn advisers(scope: Scope<'_>, meeting: MeetingId) -> Result<Vec<PersonId>, Error> {
    let guests = rows(scope, &[meeting.0]).await?.remove(&meeting).unwrap_or_default();
    let advisers = guests.into_iter().filter(|(_, part)| *part == Part::Adviser);
    Ok(advisers.map(|(person, _)| person).collect())
}

/// Nobody is a guest of these meetings any more. Their places are given up with the meetings'.
pub(crate) async fn leave(scope: Scope<'_>, meetings: &[Uuid]) -> Result<(), Error> {
    for some in meetings.chunks(CHUNK) {
        scope
            .delete::<guest::Entity>()
            .filter(guest::Column::MeetingId.is_in(some.iter().copied()))
            .exec(scope.tx)
            .await?;
    }
    Ok(())
}

/// The guests of a meeting that was moved to `slot`, or seated anew there, come along as far as they are free; the others
/// leave it and are told. To be called when everything that moves in the same act has taken its places.
pub(crate) async fn follow(scope: Scope<'_>, ctx: &Ctx, meeting: &Meeting, slot: &Slot) -> Result<Touched, Error> {
    let own = rows(scope, &[meeting.id.0]).await?;
    let people: Vec<Uuid> = own.values().flatten().map(|(person, _)| person.0).collect();
    if people.is_empty() {
        return Ok(Touched::default());
    }
    give_up(scope, meeting.id, &people).await?;
    let facts = scope.facts().await?;
    let gone = settle(scope, &[(meeting, slot)], &own).await?;
    let tells = gone
        .iter()
        .map(|guest| tell(&facts, meeting, *guest, NoticeKind::GuestReleased));
    notice::tell(scope, ctx, tells.collect()).await
}

/// The guests of meetings that stand elsewhere now take their time there, as far as they are free; answers who is not, and
/// is a guest no more. A handful of statements, however many meetings.
async fn settle(
    scope: Scope<'_>,
    meetings: &[(&Meeting, &Slot)],
    guests: &HashMap<MeetingId, Vec<(PersonId, Part)>>,
) -> Result<Vec<(PersonId, Part)>, Error> {
    let joined = meetings
        .iter()
        .filter_map(|&(meeting, slot)| Some((meeting, slot, guests.get(&meeting.id)?)));
    let joined: Vec<_> = joined.collect();
    let cells = joined.iter().map(|(_, slot, _)| slot.span().cells());
    let Some(cells) = cells.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)) else {
        return Ok(Vec::new());
    };
    let people: HashSet<Uuid> = joined
        .iter()
        .flat_map(|(.., of)| of.iter())
        .map(|(id, _)| id.0)
        .collect();
    let people: Vec<Uuid> = people.into_iter().collect();
    let mut taken = occupancy::taken(scope, &people, cells).await?;
    let (mut claims, mut stay, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for (meeting, slot, of) in &joined {
        for &(person, part) in *of {
            let own = || slot.span().cells().map(|cell| (person.0, PERSON_LANE, cell));
            if own().any(|place| taken.contains(&place)) {
                gone.push((person, part));
                continue;
            }
            taken.extend(own());
            claims.push(claim(meeting.id, person, slot));
            stay.push(guest::Model {
                meeting_id: meeting.id.0,
                person_id: person.0,
                event_id: scope.event.0,
                part: part.code().to_owned(),
            });
        }
    }
    let ids: Vec<Uuid> = joined.iter().map(|(meeting, ..)| meeting.id.0).collect();
    leave(scope, &ids).await?;
    scope.insert::<guest::Entity>(stay).await?;
    occupancy::take(scope, &claims).await?;
    Ok(gone)
}

/// After a publication: guests of meetings that stand elsewhere now follow or leave, guests of meetings that are gone
/// leave; each is told.
pub(crate) async fn after_publication(
    scope: Scope<'_>,
    ctx: &Ctx,
    changed: &[&Meeting],
    gone: &[Meeting],
) -> Result<(), Error> {
    let ids: Vec<Uuid> = changed
        .iter()
        .map(|m| m.id.0)
        .chain(gone.iter().map(|m| m.id.0))
        .collect();
    let guests = rows(scope, &ids).await?;
    if guests.is_empty() {
        return Ok(());
    }
    let facts = scope.facts().await?;
    let mut tells = Vec::new();
    for meeting in gone {
        let left = guests.get(&meeting.id).into_iter().flatten();
        tells.extend(left.map(|guest| tell(&facts, meeting, *guest, NoticeKind::GuestReleased)));
    }
    leave(scope, &gone.iter().map(|meeting| meeting.id.0).collect::<Vec<_>>()).await?;
    let placed = changed.iter().filter_map(|meeting| {
        let slot = facts.slots.get(usize::from(meeting.placement.slot))?;
        Some((*meeting, slot))
    });
    let placed: Vec<_> = placed.collect();
    settle(scope, &placed, &guests).await?;
    let stayed = rows(scope, &ids).await?;
    for meeting in changed {
        let (was, is) = (guests.get(&meeting.id), stayed.get(&meeting.id));
        for guest in was.into_iter().flatten() {
            let stays = is.is_some_and(|is| is.contains(guest));
            match (stays, guest.1) {
                (false, _) => tells.push(tell(&facts, meeting, *guest, NoticeKind::GuestReleased)),
                (true, Part::Adviser) => tells.push(tell(&facts, meeting, *guest, NoticeKind::MeetingMoved)),
                // Staff hear of the publication.
                (true, Part::Staff) => {}
            }
        }
    }
    notice::tell(scope, ctx, tells).await.map(drop)
}

/// Gives up the time these guests have given to a meeting.
async fn give_up(scope: Scope<'_>, meeting: MeetingId, people: &[Uuid]) -> Result<(), Error> {
    scope
        .delete::<place::Entity>()
        .filter(place::Column::Holder.eq(meeting.0))
        .filter(place::Column::Resource.is_in(people.iter().copied()))
        .exec(scope.tx)
        .await?;
    Ok(())
}

fn claim(meeting: MeetingId, person: PersonId, slot: &Slot) -> Claim {
    Claim {
        resource: person.0,
        lane: PERSON_LANE,
        span: slot.span(),
        holder: Holder::Meeting(meeting.0),
    }
}

/// Staff hear of the buyer, an adviser hears of the booth.
fn tell(facts: &Facts, meeting: &Meeting, (person, part): (PersonId, Part), kind: NoticeKind) -> Tell {
    let pair = meeting.placement.pair;
    let other = match part {
        Part::Staff => facts.name_of_buyer(pair.buyer),
        Part::Adviser => facts.name_of_exhibitor(pair.exhibitor),
    };
    Tell {
        to: Audience::Person(person),
        kind,
        about: About {
            meeting: Some(meeting.id),
            request: None,
        },
        said: Said {
            other: other.cloned(),
            ..booking::said(facts, meeting)
        },
    }
}

/// Who is asked to join.
#[derive(Clone, Copy)]
enum Asked {
    Staff,
    Advisers,
    Nobody,
}

/// What the rule looks at, owned.
struct Found {
    facts: Arc<Facts>,
    meeting: Meeting,
    planned: bool,
    guests: Vec<(PersonId, Part)>,
    could: Vec<PersonId>,
    busy: HashSet<PersonId>,
    names: HashMap<PersonId, domain::name::Name>,
}

async fn load(scope: Scope<'_>, id: MeetingId, asked: Asked) -> Result<Found, Error> {
    let facts = scope.facts().await?;
    let row = booking::row(scope, id).await?;
    let planned = row.state == PLANNED;
    let meeting = market::meeting_from(row)?;
    let could = match asked {
        Asked::Staff => facts.staff.get(&meeting.placement.pair.exhibitor).cloned(),
        Asked::Advisers => Some(facts.advisers.clone()),
        Asked::Nobody => None,
    };
    let could = could.unwrap_or_default();
    let people: Vec<Uuid> = could.iter().map(|person| person.0).collect();
    let busy = match facts.slots.get(usize::from(meeting.placement.slot)) {
        Some(slot) if !people.is_empty() => busy(scope, &people, slot).await?,
        _ => HashSet::new(),
    };
    Ok(Found {
        guests: rows(scope, &[id.0]).await?.remove(&id).unwrap_or_default(),
        names: if busy.is_empty() {
            HashMap::new()
        } else {
            names(scope, &people).await?
        },
        facts,
        meeting,
        planned,
        could,
        busy,
    })
}

async fn names(scope: Scope<'_>, people: &[Uuid]) -> Result<HashMap<PersonId, domain::name::Name>, Error> {
    let rows = scope::world::<person::Entity>().filter(person::Column::Id.is_in(people.iter().copied()));
    let people = rows.all(scope.tx).await?.into_iter().map(participation::person_from);
    people
        .map(|person| person.map(|person| (person.id, person.name)))
        .collect()
}

impl Found {
    fn situation(&self) -> Situation<'_> {
        Situation {
            phase: self.facts.event.phase,
            slots: &self.facts.slots,
            meeting: &self.meeting,
            planned: self.planned,
            guests: &self.guests,
            could: &self.could,
            busy: &self.busy,
            names: &self.names,
        }
    }

    /// Keeps who leaves and who joins, and tells them.
    async fn keep(self, scope: Scope<'_>, ctx: &Ctx, change: Change, part: Part) -> Result<Done<MeetingId>, Error> {
        let (id, facts) = (self.meeting.id, &self.facts);
        let slot = facts.slots.get(usize::from(self.meeting.placement.slot));
        let slot = slot.ok_or(Refusal::NoSuchSlot {
            slots: facts.slots.len(),
        })?;
        let mut tells = Vec::new();
        if let Some(person) = change.leaves {
            give_up(scope, id, &[person.0]).await?;
            scope
                .delete::<guest::Entity>()
                .filter(guest::Column::MeetingId.eq(id.0))
                .filter(guest::Column::PersonId.eq(person.0))
                .exec(scope.tx)
                .await?;
            tells.push(tell(facts, &self.meeting, (person, part), NoticeKind::GuestReleased));
        }
        if let Some(person) = change.joins {
            let row = guest::Model {
                meeting_id: id.0,
                person_id: person.0,
                event_id: scope.event.0,
                part: part.code().to_owned(),
            };
            scope.insert::<guest::Entity>(vec![row]).await?;
            occupancy::take(scope, &[claim(id, person, slot)]).await?;
            tells.push(tell(facts, &self.meeting, (person, part), NoticeKind::GuestAsked));
        }
        if tells.is_empty() {
            return Ok(Done::quietly(id, serde_json::json!({"meeting": id})));
        }
        let told = notice::tell(scope, ctx, tells).await?;
        let people = [change.leaves, change.joins].into_iter().flatten().collect();
        let concerned = Touched {
            people,
            ..Touched::pair(self.meeting.placement.pair)
        };
        Ok(Done {
            answer: id,
            detail: serde_json::json!({"meeting": id, "leaves": change.leaves, "joins": change.joins}),
            touched: concerned.and(told),
        })
    }
}
