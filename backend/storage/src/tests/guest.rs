//! Guests of meetings, kept on both databases: nobody sits at two tables at once, and what becomes of them when a meeting
//! goes elsewhere.

use super::{
    ground::{market_of, on_both, snapshot},
    said::{as_buyer, as_staff, book, by, code, open, pair, staff},
    sample::{ctx, event_id, key, proposal, timetable_id},
};
use crate::{Error, Store, timetable::Proposed};
use domain::{
    Refusal, Role, Roles,
    access::Actor,
    booking::Cancel,
    guest::{Adviser, AssignStaff, Part},
    id::{MeetingId, PersonId},
};

async fn assign(store: &Store, ctx: &domain::Ctx, meeting: MeetingId, person: PersonId) -> Result<MeetingId, Error> {
    let command = AssignStaff {
        meeting,
        person: Some(person),
    };
    store
        .assign_staff(ctx, command, key(&format!("{meeting} {person}")))
        .await
}

async fn guests(store: &Store, meeting: MeetingId) -> Vec<(PersonId, Part)> {
    let found = snapshot(store, "tokyo")
        .await
        .guests_of(&[meeting])
        .await
        .expect("read");
    found.get(&meeting).cloned().unwrap_or_default()
}

/// Pain 2: one meeting a pair, company wide. Two people of one exhibitor book the same buyer at once: one does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pain_02_two_staff_cannot_book_the_same_buyer() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let other = ground.store().await;
        let pair = pair(&import, 3, 1);
        let (one, two) = (as_staff(&import, 1, "a"), as_staff(&import, 1, "b"));
        let (one, two) = tokio::join!(book(&store, &one, pair, 2), book(&other, &two, pair, 5));
        let [one, two] = [code(one), code(two)];
        assert!(
            [one, two].contains(&Ok(())) && [one, two].contains(&Err("pair_has_meeting")),
            "{one:?} {two:?}"
        );
        assert_eq!(market_of(&store, "tokyo").await.meetings.len(), 1);
    })
    .await;
}

/// One person named at two tables at once, from two processes: the key decides.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_named_at_two_tables_at_once_sits_at_one() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let other = ground.store().await;
        let ours = as_staff(&import, 1, "a");
        let one = book(&store, &as_buyer(&import, 3), pair(&import, 3, 1), 2)
            .await
            .expect("booked");
        let two = book(&store, &as_buyer(&import, 4), pair(&import, 4, 1), 2)
            .await
            .expect("booked");
        let person = staff(1, "b");
        let (first, second) = tokio::join!(assign(&store, &ours, one, person), assign(&other, &ours, two, person));
        let [first, second] = [code(first), code(second)];
        assert!(
            [first, second].contains(&Ok(())) && [first, second].contains(&Err("person_busy")),
            "{first:?} {second:?}"
        );
        let cells = format!(
            "SELECT count(*) FROM occupancy WHERE resource = {}",
            literal(ground.kind, person)
        );
        assert_eq!(ground.number(&cells).await, 5);
        assert_eq!(ground.number("SELECT count(*) FROM guest").await, 1);
    })
    .await;
}

fn literal(kind: crate::Database, person: PersonId) -> String {
    match kind {
        crate::Database::Sqlite => format!("x'{}'", person.0.simple()),
        crate::Database::Postgres => format!("'{person}'"),
    }
}

#[tokio::test]
async fn staff_stand_in_and_are_told() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let ours = as_staff(&import, 1, "a");
        let meeting = book(&store, &as_buyer(&import, 3), pair(&import, 3, 1), 2)
            .await
            .expect("booked");
        let theirs = code(assign(&store, &ours, meeting, staff(2, "a")).await);
        assert_eq!(theirs, Err("not_found"), "somebody else's staff");
        assign(&store, &ours, meeting, staff(1, "a")).await.expect("assigned");
        assign(&store, &ours, meeting, staff(1, "b")).await.expect("assigned");
        assert_eq!(guests(&store, meeting).await, [(staff(1, "b"), Part::Staff)]);
        let told = |kind: &str| format!("SELECT count(*) FROM notice WHERE kind = '{kind}'");
        // The one who acts is not told what that one did.
        assert_eq!(ground.number(&told("guest_asked")).await, 1);
        // Nobody in particular: the time is free again.
        let nobody = AssignStaff { meeting, person: None };
        store
            .assign_staff(&ours, nobody, key("nobody"))
            .await
            .expect("released");
        assert_eq!(ground.number(&told("guest_released")).await, 1);
        let cells = format!(
            "SELECT count(*) FROM occupancy WHERE resource = {}",
            literal(ground.kind, staff(1, "b"))
        );
        assert_eq!(ground.number(&cells).await, 0);
        // Cancelled, nobody is a guest of it any more.
        let again = AssignStaff {
            meeting,
            person: Some(staff(1, "b")),
        };
        store.assign_staff(&ours, again, key("again")).await.expect("assigned");
        store
            .cancel_meeting(&ours, Cancel::of(meeting), key("c"))
            .await
            .expect("cancelled");
        assert_eq!(guests(&store, meeting).await, []);
        assert_eq!(
            ground
                .number("SELECT count(*) FROM occupancy WHERE kind = 'meeting'")
                .await,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn an_adviser_is_at_one_meeting_at_a_time() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let one = book(&store, &as_buyer(&import, 3), pair(&import, 3, 1), 2)
            .await
            .expect("booked");
        let two = book(&store, &as_buyer(&import, 4), pair(&import, 4, 2), 2)
            .await
            .expect("booked");
        // The first of everybody's staff advises besides.
        let person = staff(3, "a");
        let adviser = |meeting| Adviser { meeting, person };
        store
            .invite_adviser(&as_buyer(&import, 3), adviser(one), key("1"))
            .await
            .expect("invited");
        let taken = store
            .invite_adviser(&as_staff(&import, 2, "b"), adviser(two), key("2"))
            .await;
        let Err(Error::Refused(Refusal::PersonBusy { free })) = taken else {
            panic!("{taken:?}");
        };
        assert_eq!(free.len(), 3, "the other three advise at that time");
        let advisers = snapshot(&store, "tokyo").await.advisers(Some(2)).await.expect("read");
        let busy: Vec<PersonId> = advisers
            .iter()
            .filter(|(_, free)| *free == Some(false))
            .map(|(id, _)| *id)
            .collect();
        assert_eq!((busy, advisers.len()), (vec![person], 4));
        let joined = snapshot(&store, "tokyo")
            .await
            .meetings_joined(person)
            .await
            .expect("read");
        assert_eq!(joined.iter().map(|listed| listed.meeting.id).collect::<Vec<_>>(), [one]);
        // The adviser goes, and is free for the other meeting.
        let mut actor = Actor::person(person);
        actor.roles = Roles::of([Role::Adviser]);
        let own = by(actor);
        assert_eq!(
            code(store.release_adviser(&own, adviser(two), key("3")).await),
            Err("not_found")
        );
        store
            .release_adviser(&own, adviser(one), key("4"))
            .await
            .expect("released");
        store
            .invite_adviser(&as_staff(&import, 2, "b"), adviser(two), key("5"))
            .await
            .expect("invited");
        assert_eq!(guests(&store, two).await, [(person, Part::Adviser)]);
    })
    .await;
}

/// A publication that moves a meeting takes its guests along as far as they are free, and lets the others go.
#[tokio::test]
async fn guests_follow_a_meeting_that_is_moved_or_are_told() {
    on_both(async |ground| {
        let (store, _) = open(ground).await;
        let ctx = ctx(event_id("tokyo"));
        for (name, shift) in [("one", 0), ("two", 3)] {
            let proposal = proposal(&market_of(&store, "tokyo").await, shift);
            let id = timetable_id(name);
            store
                .keep_proposal(&ctx, Proposed { id, seed: 1 }, proposal)
                .await
                .expect("kept");
        }
        store
            .publish_timetable(&ctx, timetable_id("one"), key("one"))
            .await
            .expect("published");
        // Everybody at every table by name, as far as they are free.
        let before = market_of(&store, "tokyo").await;
        let mut named = 0;
        for meeting in &before.meetings {
            let exhibitor = before
                .exhibitors
                .iter()
                .position(|x| x.id == meeting.placement.pair.exhibitor);
            for letter in ["a", "b"] {
                let person = staff(exhibitor.expect("an exhibitor"), letter);
                let done = assign(&store, &ctx, meeting.id, person).await;
                if code(done).is_ok() {
                    named += 1;
                    break;
                }
            }
        }
        assert!(named > 10, "{named} named");
        store
            .publish_timetable(&ctx, timetable_id("two"), key("two"))
            .await
            .expect("published");
        let after = market_of(&store, "tokyo").await;
        let moved = |m: &&domain::market::Meeting| {
            !before
                .meetings
                .iter()
                .any(|was| (was.id, was.placement.slot) == (m.id, m.placement.slot))
        };
        assert!(after.meetings.iter().filter(moved).count() > 5);
        let mut kept = 0;
        for meeting in &after.meetings {
            kept += guests(&store, meeting.id).await.len() as i64;
        }
        assert_eq!(
            ground.number("SELECT count(*) FROM guest").await,
            kept,
            "none of a meeting that is gone"
        );
        let released = ground
            .number("SELECT count(*) FROM notice WHERE kind = 'guest_released'")
            .await;
        assert_eq!(kept + released, named);
        // Whoever still is a guest has the meeting's time taken, all of it and nothing else.
        let own = "SELECT count(*) FROM occupancy JOIN guest ON guest.meeting_id = occupancy.holder \
                   AND guest.person_id = occupancy.resource";
        assert_eq!(ground.number(own).await, 5 * kept);
        let all = "SELECT count(*) FROM occupancy WHERE kind = 'meeting' AND resource IN (SELECT person_id FROM \
                   participation WHERE exhibitor_id IS NOT NULL AND person_id NOT IN (SELECT person_id FROM buyer))";
        assert_eq!(ground.number(all).await, 5 * kept);
    })
    .await;
}
