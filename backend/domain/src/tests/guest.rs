//! Guests of a meeting: who may name them, and whose time is taken.

use super::{as_buyer, as_exhibitor, as_role, booth, buyer, ctx, event_id, exhibitor, market};
use crate::{
    Ctx,
    access::{Actor, Role},
    event::Phase,
    guest::{Adviser, AssignStaff, Change, Part, Situation, assign, invite, release},
    id::{MeetingId, PersonId},
    market::{Meeting, Placement},
    name::Name,
    refusal::Refusal,
    wish::Pair,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

fn person(name: &str) -> PersonId {
    PersonId::derived(event_id(), name)
}

fn name(of: &str) -> Name {
    Name {
        written: of.to_owned(),
        reading: None,
        latin: None,
    }
}

/// B1 meets X1 in the third slot; A and B could join.
struct Seen {
    phase: Phase,
    planned: bool,
    guests: Vec<(PersonId, Part)>,
    busy: HashSet<PersonId>,
}

fn look<T>(change: impl FnOnce(&mut Seen), rule: impl FnOnce(&Situation<'_>) -> T) -> T {
    let market = market(1, 1);
    let mut seen = Seen {
        phase: Phase::OpenCalendar,
        planned: true,
        guests: Vec::new(),
        busy: HashSet::new(),
    };
    change(&mut seen);
    let meeting = Meeting {
        id: MeetingId(Uuid::from_u128(1)),
        placement: Placement {
            pair: Pair {
                buyer: buyer(1).id,
                exhibitor: exhibitor(1).id,
            },
            slot: 2,
            booth: booth(&exhibitor(1)).id,
            table: 1,
            interpreter: None,
        },
        timetable: None,
        revision: 0,
    };
    let names = HashMap::from(["A", "B"].map(|of| (person(of), name(of))));
    rule(&Situation {
        phase: seen.phase,
        slots: &market.slots,
        meeting: &meeting,
        planned: seen.planned,
        guests: &seen.guests,
        could: &["A", "B"].map(person),
        busy: &seen.busy,
        names: &names,
    })
}

fn assigning(who: Option<&str>, change: impl FnOnce(&mut Seen), by: &Ctx) -> Result<Change, Refusal> {
    let command = AssignStaff {
        meeting: MeetingId(Uuid::from_u128(1)),
        person: who.map(person),
    };
    look(change, |situation| assign(situation, &command, by))
}

fn adviser(who: &str) -> Adviser {
    Adviser {
        meeting: MeetingId(Uuid::from_u128(1)),
        person: person(who),
    }
}

fn change(leaves: Option<&str>, joins: Option<&str>) -> Change {
    Change {
        leaves: leaves.map(person),
        joins: joins.map(person),
    }
}

fn as_person(name: &str, role: Role) -> Ctx {
    let mut ctx = as_role(role);
    ctx.actor.person = Some(person(name));
    ctx
}

#[test]
fn staff_stand_in_for_each_other() {
    let sits = |s: &mut Seen| s.guests.push((person("A"), Part::Staff));
    let ours = as_exhibitor(1);
    assert_eq!(assigning(Some("A"), |_| (), &ours), Ok(change(None, Some("A"))));
    assert_eq!(assigning(Some("B"), sits, &ours), Ok(change(Some("A"), Some("B"))));
    assert_eq!(assigning(None, sits, &ours), Ok(change(Some("A"), None)));
    // The same again changes nothing, though one is taken by this very meeting.
    let taken = |s: &mut Seen| (s.guests, s.busy) = (vec![(person("A"), Part::Staff)], HashSet::from([person("A")]));
    assert_eq!(assigning(Some("A"), taken, &ours), Ok(Change::default()));
    assert_eq!(
        assigning(Some("A"), |_| (), &as_role(Role::Organizer)),
        Ok(change(None, Some("A")))
    );
    for stranger in [
        as_buyer(1),
        as_exhibitor(2),
        as_role(Role::Officer),
        ctx(Actor::nobody()),
    ] {
        assert_eq!(assigning(Some("A"), |_| (), &stranger), Err(Refusal::NotFound));
    }
    assert_eq!(
        assigning(Some("somebody else's"), |_| (), &ours),
        Err(Refusal::NotFound)
    );
}

#[test]
fn who_is_taken_is_not_named_and_who_is_free_is_said() {
    let ours = as_exhibitor(1);
    let busy = |s: &mut Seen| s.busy = HashSet::from([person("A")]);
    let free = vec![name("B")];
    assert_eq!(assigning(Some("A"), busy, &ours), Err(Refusal::PersonBusy { free }));
    let all = |s: &mut Seen| s.busy = HashSet::from(["A", "B"].map(person));
    let nobody = Refusal::PersonBusy { free: Vec::new() };
    assert_eq!(assigning(Some("A"), all, &ours), Err(nobody));
}

#[test]
fn when_guests_change() {
    let check = |change: fn(&mut Seen), by: &Ctx, expect: Result<(), &str>| {
        let done = assigning(Some("A"), change, by);
        assert_eq!(done.map(drop).map_err(|refusal| refusal.code()), expect);
    };
    let at = |slot: usize, ended: bool| {
        let slot = market(1, 1).slots[slot];
        let now = if ended { slot.ends } else { slot.starts };
        Ctx { now, ..as_exhibitor(1) }
    };
    check(|s| s.phase = Phase::Final, &as_exhibitor(1), Ok(()));
    check(|s| s.phase = Phase::Wishes, &as_exhibitor(1), Err("phase_closed"));
    check(
        |s| s.phase = Phase::After,
        &as_role(Role::Organizer),
        Err("phase_closed"),
    );
    check(|s| s.planned = false, &as_exhibitor(1), Err("meeting_cancelled"));
    check(|_| (), &at(2, false), Ok(()));
    check(|_| (), &at(2, true), Err("too_late"));
}

#[test]
fn an_adviser_joins_and_leaves() {
    let there = |s: &mut Seen| s.guests.push((person("A"), Part::Adviser));
    let inviting = |who: &str, change: fn(&mut Seen), by: &Ctx| look(change, |s| invite(s, &adviser(who), by));
    for side in [as_buyer(1), as_exhibitor(1), as_role(Role::Organizer)] {
        assert_eq!(inviting("A", |_| (), &side), Ok(change(None, Some("A"))));
        assert_eq!(inviting("A", there, &side), Ok(Change::default()));
        assert_eq!(inviting("B", there, &side), Err(Refusal::AdviserThere));
        assert_eq!(inviting("C", there, &side), Err(Refusal::NotFound));
    }
    // Whoever sits there for the booth cannot advise there as well: that time is taken.
    let both = |s: &mut Seen| (s.guests, s.busy) = (vec![(person("A"), Part::Staff)], HashSet::from([person("A")]));
    let free = vec![name("B")];
    assert_eq!(inviting("A", both, &as_buyer(1)), Err(Refusal::PersonBusy { free }));
    let releasing = |who: &str, change: fn(&mut Seen), by: &Ctx| look(change, |s| release(s, &adviser(who), by));
    for side in [
        as_buyer(1),
        as_exhibitor(1),
        as_role(Role::Organizer),
        as_person("A", Role::Adviser),
    ] {
        assert_eq!(releasing("A", there, &side), Ok(change(Some("A"), None)));
        assert_eq!(releasing("A", |_| (), &side), Err(Refusal::NotFound));
    }
    for stranger in [
        as_buyer(2),
        as_exhibitor(2),
        as_person("B", Role::Adviser),
        as_role(Role::Officer),
    ] {
        assert_eq!(inviting("A", |_| (), &stranger), Err(Refusal::NotFound));
        assert_eq!(releasing("A", there, &stranger), Err(Refusal::NotFound));
    }
}
