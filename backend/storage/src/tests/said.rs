//! What the two sides say of themselves, kept on both databases: absences and stays, profiles, staffing.

use super::{
    ground::{Ground, on_both, rows, snapshot},
    sample::{SMALL, ctx, event_id, key, market},
};
use crate::{Error, Store};
use domain::{
    Ctx, Refusal, Role, Roles,
    absence::{AddAbsence, SetStay},
    access::Actor,
    booking::BookMeeting,
    event::Phase,
    id::{AbsenceId, BuyerId, ExhibitorId, MeetingId, PersonId},
    import::Import,
    participation::Quota,
    party::{Field, UpdateBuyer, UpdateExhibitor},
    staffing::SetStaffing,
    time::Timestamp,
    wish::{Pair, SetWish, Side, Want},
};
use uuid::Uuid;

/// The market with nobody busy but by what the tests do, the calendar open.
pub(super) async fn open(ground: &Ground) -> (Store, Import) {
    let store = ground.store().await;
    let mut import = market("tokyo", SMALL);
    for buyer in &mut import.buyers {
        (buyer.quota, buyer.arrives, buyer.leaves) = (Quota::default(), None, None);
    }
    let tokyo = ctx(event_id("tokyo"));
    store
        .import(&tokyo, key("tokyo"), import.clone())
        .await
        .expect("imported");
    let moved = store.move_phase(&tokyo, key("open"), Phase::OpenCalendar).await;
    moved.expect("moved");
    (store, import)
}

pub(super) fn as_buyer(import: &Import, number: usize) -> Ctx {
    let buyer = &import.buyers[number];
    let mut actor = Actor::person(buyer.person);
    (actor.roles, actor.buyer) = (Roles::of([Role::Buyer]), Some(buyer.id));
    by(actor)
}

/// The first or second (`a`, `b`) of the staff of an exhibitor.
pub(super) fn as_staff(import: &Import, number: usize, letter: &str) -> Ctx {
    let mut actor = Actor::person(staff(number, letter));
    (actor.roles, actor.exhibitor) = (Roles::of([Role::Exhibitor]), Some(import.exhibitors[number].id));
    by(actor)
}

pub(super) fn staff(number: usize, letter: &str) -> PersonId {
    PersonId::derived(event_id("tokyo"), &format!("X{number:02}{letter}"))
}

pub(super) fn by(actor: Actor) -> Ctx {
    Ctx {
        actor,
        ..ctx(event_id("tokyo"))
    }
}

pub(super) fn pair(import: &Import, buyer: usize, exhibitor: usize) -> Pair {
    Pair {
        buyer: import.buyers[buyer].id,
        exhibitor: import.exhibitors[exhibitor].id,
    }
}

pub(super) async fn book(store: &Store, ctx: &Ctx, pair: Pair, slot: u16) -> Result<MeetingId, Error> {
    let id = MeetingId(key(&format!("{pair:?} {slot} {:?}", ctx.actor.person)));
    let booked = store.book_meeting(ctx, BookMeeting { id, pair, slot }).await;
    booked.map(|booked| booked.id)
}

pub(super) fn code<T>(done: Result<T, Error>) -> Result<(), &'static str> {
    match done {
        Ok(_) => Ok(()),
        Err(Error::Refused(refusal)) => Err(refusal.code()),
        Err(error) => panic!("no refusal: {error:?}"),
    }
}

pub(super) fn starts(import: &Import, slot: usize) -> Timestamp {
    import.event.as_ref().expect("an event").2[slot].starts
}

fn away(import: &Import, name: &str, slots: (usize, usize)) -> AddAbsence {
    AddAbsence {
        id: AbsenceId(key(name)),
        person: None,
        from: starts(import, slots.0),
        until: starts(import, slots.1),
        reason: "\u{6f22}\u{5b57} \u{1f3b5}".to_owned(),
    }
}

/// Pain 4: one calendar for everything a person does. An absence and a session block a booking, a booking blocks an
/// absence.
#[tokio::test]
async fn pain_04_absences_and_sessions_block_bookings_and_meetings_block_absences() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        // Buyer 0 sits in a session during slot 1; buyer 3 does nothing yet.
        assert_eq!(
            code(book(&store, &as_buyer(&import, 0), pair(&import, 0, 1), 1).await),
            Err("busy")
        );
        let (buyer, with) = (as_buyer(&import, 3), pair(&import, 3, 1));
        let lunch = away(&import, "lunch", (1, 3));
        store.add_absence(&buyer, lunch.clone()).await.expect("added");
        assert_eq!(code(book(&store, &buyer, with, 2).await), Err("busy"));
        let other = code(book(&store, &as_staff(&import, 1, "a"), with, 2).await);
        assert_eq!(other, Err("other_side_unavailable"));
        // The same again is the same absence; others over it are refused, by what stands there.
        store.add_absence(&buyer, lunch).await.expect("again");
        let over = away(&import, "over", (2, 3));
        assert_eq!(
            code(store.add_absence(&buyer, over.clone()).await),
            Err("already_occupied")
        );
        let session = code(
            store
                .add_absence(&as_buyer(&import, 0), away(&import, "tea", (0, 2)))
                .await,
        );
        assert_eq!(session, Err("already_occupied"));
        // Given back, the time is free.
        let id = AbsenceId(key("lunch"));
        let stranger = code(store.remove_absence(&as_buyer(&import, 4), id, key("r")).await);
        assert_eq!(stranger, Err("not_found"));
        let kept = snapshot(&store, "tokyo").await.absences(import.buyers[3].person).await;
        assert_eq!(kept.expect("read").map(|kept| kept.len()), Some(1));
        let was = store.remove_absence(&buyer, id, key("r")).await.expect("removed");
        assert_eq!(store.remove_absence(&buyer, id, key("r")).await.expect("again"), was);
        assert_eq!(
            code(store.remove_absence(&buyer, id, key("r2")).await),
            Err("not_found")
        );
        book(&store, &buyer, with, 2).await.expect("booked");
        let against = store.add_absence(&buyer, over).await;
        let first = vec![starts(&import, 2)];
        assert!(matches!(against, Err(Error::Refused(refusal)) if refusal == Refusal::HasMeetings { count: 1, first }));
        // Another's person is nobody's but the organizer's.
        let named = AddAbsence {
            person: Some(import.buyers[4].person),
            ..away(&import, "named", (4, 5))
        };
        assert_eq!(code(store.add_absence(&buyer, named.clone()).await), Err("not_found"));
        store
            .add_absence(&ctx(event_id("tokyo")), named)
            .await
            .expect("by the organizer");
        let nobody = AddAbsence {
            person: Some(PersonId(Uuid::from_u128(1))),
            ..away(&import, "nobody", (4, 5))
        };
        assert_eq!(
            code(store.add_absence(&ctx(event_id("tokyo")), nobody).await),
            Err("not_found")
        );
    })
    .await;
}

/// Two absences over one time at once: one is kept, whoever was first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_absences_at_once() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let other = ground.store().await;
        let buyer = as_buyer(&import, 3);
        let (one, two) = (away(&import, "one", (0, 2)), away(&import, "two", (1, 3)));
        let (one, two) = tokio::join!(store.add_absence(&buyer, one), other.add_absence(&buyer, two));
        assert_eq!(
            [&one, &two].iter().filter(|done| done.is_ok()).count(),
            1,
            "{one:?} {two:?}"
        );
        let cells = ground
            .number("SELECT count(*) FROM occupancy WHERE kind = 'absence'")
            .await;
        // And five cells of the sample's own.
        assert_eq!(cells, 15);
    })
    .await;
}

#[tokio::test]
async fn a_stay_is_kept_and_looked_at() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let (buyer, with) = (as_buyer(&import, 3), pair(&import, 3, 1));
        book(&store, &buyer, with, 3).await.expect("booked");
        let stay = |arrives: Option<usize>| SetStay {
            buyer: None,
            arrives: arrives.map(|slot| starts(&import, slot)),
            leaves: None,
        };
        assert_eq!(
            code(store.set_stay(&buyer, stay(Some(4)), key("1")).await),
            Err("has_meetings")
        );
        store.set_stay(&buyer, stay(Some(2)), key("2")).await.expect("set");
        assert_eq!(code(book(&store, &buyer, pair(&import, 3, 3), 1).await), Err("busy"));
        store.set_stay(&buyer, stay(None), key("3")).await.expect("set");
        book(&store, &buyer, pair(&import, 3, 3), 1).await.expect("booked");
        assert_eq!(
            code(store.set_stay(&as_staff(&import, 1, "a"), stay(None), key("4")).await),
            Err("not_found")
        );
    })
    .await;
}

/// Who asks to be asked first is not booked; files that are imported again change nothing of that.
#[tokio::test]
async fn who_wants_to_be_asked_first_is() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let (shy, buyer) = (as_staff(&import, 1, "b"), as_buyer(&import, 3));
        let direct = |direct| UpdateExhibitor {
            direct: Some(direct),
            quota_max: Field::Now(Some(1)),
            ..UpdateExhibitor::default()
        };
        store
            .update_exhibitor(&shy, direct(false), key("1"))
            .await
            .expect("said");
        // Another process reads it from the database.
        let other = ground.store().await;
        for store in [&store, &other] {
            assert_eq!(
                code(book(store, &buyer, pair(&import, 3, 1), 2).await),
                Err("ask_first")
            );
        }
        store
            .import(&ctx(event_id("tokyo")), key("again"), import.clone())
            .await
            .expect("imported");
        assert_eq!(
            code(book(&store, &buyer, pair(&import, 3, 1), 2).await),
            Err("ask_first")
        );
        let exhibitor = import.exhibitors[1].id;
        let found = snapshot(&store, "tokyo")
            .await
            .direct(&[exhibitor.0, import.buyers[3].id.0])
            .await;
        assert_eq!(
            found.expect("read").into_iter().collect::<Vec<_>>(),
            [(exhibitor.0, false)]
        );
        let kept = snapshot(&store, "tokyo")
            .await
            .exhibitors_by_id(&[exhibitor])
            .await
            .expect("read");
        assert_eq!(
            kept[&exhibitor].quota.max(),
            Some(200),
            "the files' own columns are the files'"
        );
        store
            .update_exhibitor(&shy, direct(true), key("2"))
            .await
            .expect("said");
        book(&store, &buyer, pair(&import, 3, 1), 2).await.expect("booked");
        // The most is reached now: nothing is cancelled, nothing more is booked.
        let full = code(book(&store, &as_buyer(&import, 4), pair(&import, 4, 1), 3).await);
        assert_eq!(full, Err("other_side_unavailable"));
    })
    .await;
}

#[tokio::test]
async fn languages_change_as_long_as_every_meeting_keeps_one() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        // Buyer 3 speaks Japanese, exhibitor 0 too.
        let buyer = as_buyer(&import, 3);
        book(&store, &buyer, pair(&import, 3, 0), 2).await.expect("booked");
        let speak = |languages: &[&str]| UpdateBuyer {
            languages: Some(languages.iter().map(ToString::to_string).collect()),
            ..UpdateBuyer::default()
        };
        assert_eq!(
            code(store.update_buyer(&buyer, speak(&["ko"]), key("1")).await),
            Err("has_meetings")
        );
        store
            .update_buyer(&buyer, speak(&["ko", "ja"]), key("2"))
            .await
            .expect("said");
        let kept = snapshot(&store, "tokyo")
            .await
            .buyers_by_id(&[import.buyers[3].id])
            .await
            .expect("read");
        let spoken: Vec<String> = kept[&import.buyers[3].id]
            .languages
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(spoken, ["ko", "ja"]);
    })
    .await;
}

fn tables(tables: u16) -> SetStaffing {
    SetStaffing {
        exhibitor: None,
        tables,
        staffing: Vec::new(),
    }
}

#[tokio::test]
async fn meetings_sit_down_elsewhere_or_stand_against_it() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let staff = as_staff(&import, 1, "a");
        let (first, second) = (pair(&import, 3, 1), pair(&import, 4, 1));
        let gone = book(&store, &as_buyer(&import, 3), first, 2).await.expect("booked");
        let moved = book(&store, &as_buyer(&import, 4), second, 2).await.expect("booked");
        assert_eq!(
            code(store.set_staffing(&staff, tables(1), key("1")).await),
            Err("has_meetings")
        );
        let conflicts = snapshot(&store, "tokyo")
            .await
            .staffing_conflicts(&staff, &tables(1))
            .await
            .expect("read");
        let ids: Vec<MeetingId> = conflicts.iter().map(|listed| listed.meeting.id).collect();
        assert_eq!(ids, [moved]);
        let cancel = domain::booking::Cancel::of(gone);
        store.cancel_meeting(&staff, cancel, key("c")).await.expect("cancelled");
        let before = rows(&store).await.len();
        store.set_staffing(&staff, tables(1), key("2")).await.expect("set");
        let found = snapshot(&store, "tokyo")
            .await
            .meeting(moved)
            .await
            .expect("read")
            .expect("there")
            .meeting;
        assert_eq!((found.placement.table, found.placement.slot, found.revision), (1, 2, 1));
        // Who buys is told, and the place was taken along: nobody else sits there.
        let told = "SELECT count(*) FROM notice WHERE kind = 'meeting_moved'";
        assert_eq!(ground.number(told).await, 1);
        // The notice, its letter, the idempotency key, the audit entry.
        assert_eq!(rows(&store).await.len(), before + 4);
        assert_eq!(
            code(book(&store, &as_buyer(&import, 6), pair(&import, 6, 1), 2).await),
            Err("other_side_unavailable")
        );
        let stranger = as_staff(&import, 2, "a");
        let other = SetStaffing {
            exhibitor: Some(import.exhibitors[1].id),
            ..tables(2)
        };
        assert_eq!(
            code(store.set_staffing(&stranger, other.clone(), key("3")).await),
            Err("not_found")
        );
        let seen = snapshot(&store, "tokyo")
            .await
            .staffing_conflicts(&stranger, &other)
            .await;
        assert_eq!(code(seen), Err("not_found"));
    })
    .await;
}

/// A wish is said, said otherwise and taken back; nobody is told, and the log does not say what it was.
#[tokio::test]
async fn wishes_leave_no_trace_for_others() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let (buyer, pair) = (as_buyer(&import, 3), pair(&import, 3, 2));
        let mut changes = store.changes();
        let set = |want| SetWish { pair, side: None, want };
        let said = store
            .set_wish(&buyer, set(Some(Want::Avoid)), key("1"))
            .await
            .expect("said");
        assert_eq!((said.by, said.want), (Side::Buyer, Some(Want::Avoid)));
        let change = changes.recv().await.expect("a change").touched;
        assert_eq!(
            (change.buyers, change.exhibitors, change.people),
            (vec![pair.buyer], vec![], vec![])
        );
        assert_eq!(
            code(book(&store, &as_staff(&import, 2, "a"), pair, 2).await),
            Err("other_side_unavailable")
        );
        assert_eq!(ground.number("SELECT count(*) FROM notice").await, 0);
        assert_eq!(ground.number("SELECT count(*) FROM outbox").await, 0);
        for word in ["avoid", "rank", &pair.exhibitor.to_string()] {
            let told = format!("SELECT count(*) FROM audit WHERE verb = 'setWish' AND detail LIKE '%{word}%'");
            assert_eq!(ground.number(&told).await, 0, "{word}");
        }
        let undone = store
            .set_wish(&buyer, set(said.before), key("2"))
            .await
            .expect("undone");
        assert_eq!((undone.want, undone.before), (said.before, Some(Want::Avoid)));
        book(&store, &as_staff(&import, 2, "a"), pair, 2).await.expect("booked");
        // The same key again answers what it answered.
        assert_eq!(
            store
                .set_wish(&buyer, set(Some(Want::Avoid)), key("1"))
                .await
                .expect("again"),
            said
        );
        let wishes = snapshot(&store, "tokyo")
            .await
            .wishes_of(Side::Buyer, pair.buyer.0)
            .await
            .expect("read");
        let still = wishes.iter().find(|wish| wish.pair == pair).map(|wish| wish.want);
        assert_eq!(still, said.before);
        let nobody = SetWish {
            pair: Pair {
                exhibitor: ExhibitorId(Uuid::from_u128(1)),
                buyer: BuyerId(pair.buyer.0),
            },
            side: None,
            want: None,
        };
        assert_eq!(code(store.set_wish(&buyer, nobody, key("3")).await), Err("not_found"));
    })
    .await;
}
