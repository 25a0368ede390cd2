//! What people are told: letters gathered a person, changes told once, notices read, feeds that lead to one's own calendar.

use super::{
    ground::{Ground, on_both, rows, snapshot},
    sample::{ctx, event_id, key, now},
};
use crate::{Error, Store, agenda::State, outbox::Letter};
use domain::{
    Actor, Ctx, Refusal,
    booking::{BookMeeting, Cancel},
    event::Phase,
    feed::Secret,
    id::{MeetingId, PersonId},
    import::Import,
    notice::NoticeKind,
    time::{SignedDuration, Timestamp},
    wish::Pair,
};
use std::collections::BTreeSet;
use tokio::sync::broadcast::error::TryRecvError;

/// How long who claims a letter has it alone.
const HOLD: SignedDuration = SignedDuration::from_mins(5);

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn at(seconds: i64) -> Ctx {
    Ctx {
        now: after(seconds),
        ..ctx(event_id("tokyo"))
    }
}

/// A market whose calendar is open.
async fn open(ground: &Ground) -> (Store, Import) {
    let (store, import) = ground.small().await;
    let opened = store.move_phase(&at(0), key("open"), Phase::OpenCalendar).await;
    opened.expect("opened");
    (store, import)
}

/// Books the two in the first slot that is free for both.
async fn book(store: &Store, ctx: &Ctx, pair: Pair) -> MeetingId {
    for slot in 0..8 {
        let id = MeetingId(key(&format!("{pair:?} {slot}")));
        match store.book_meeting(ctx, BookMeeting { id, pair, slot }).await {
            Ok(booked) => return booked.id,
            Err(Error::Refused(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("no slot is free for {pair:?}");
}

/// The first buyer of the sample is staff as well, and one avoids the second: neither is taken here.
fn pair(import: &Import, buyer: usize, exhibitor: usize) -> Pair {
    Pair {
        buyer: import.buyers[buyer].id,
        exhibitor: import.exhibitors[exhibitor].id,
    }
}

async fn claim(store: &Store, seconds: i64) -> Vec<Letter> {
    store.claim_letters(after(seconds), HOLD, 1000).await.expect("letters")
}

fn of(letters: &[Letter], person: PersonId) -> Vec<i64> {
    let own = letters
        .iter()
        .filter(|letter| letter.recipient.as_ref().map(|p| p.id) == Some(person));
    own.map(|letter| letter.id).collect()
}

#[tokio::test]
async fn all_that_waits_for_a_person_goes_with_what_is_due() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let buyer = import.buyers[2].person;
        book(&store, &at(0), pair(&import, 2, 0)).await;
        book(&store, &at(50), pair(&import, 2, 1)).await;
        assert!(claim(&store, 59).await.is_empty(), "they wait for others");
        let due = claim(&store, 60).await;
        assert_eq!(of(&due, buyer).len(), 2, "the second is not due by itself yet");
        assert!(due.iter().all(|letter| !letter.again));
        // The second booth's staff is not written to before its time.
        let readers: BTreeSet<_> = due.iter().map(|letter| letter.payload["meeting"].to_string()).collect();
        assert_eq!(readers.len(), 2);
        // While somebody writes that mail, more happens: it waits, and those under way are left alone.
        book(&store, &at(70), pair(&import, 2, 2)).await;
        let other = ground.store().await;
        let next = claim(&other, 130).await;
        assert_eq!(of(&next, buyer).len(), 1, "{next:?}");
        // Whoever claimed them died: they come again, and it is said that nobody knows.
        let again = claim(&other, 60 + HOLD.as_secs()).await;
        assert_eq!(of(&again, buyer), of(&due, buyer));
        assert!(again.iter().all(|letter| letter.again));
    })
    .await;
}

#[tokio::test]
async fn a_change_is_told_once_however_often_it_is_heard() {
    on_both(async |ground| {
        let (one, import) = open(ground).await;
        let two = ground.store().await;
        let (mut here, mut own, mut there) = (one.changes(), one.committed(), two.changes());
        let (from_one, from_two) = (
            one.look_around(None).await.expect("a log"),
            two.look_around(None).await.expect("a log"),
        );
        let touched = pair(&import, 2, 0);
        book(&one, &at(0), touched).await;
        let change = here.try_recv().expect("told at once");
        assert_eq!(own.try_recv().as_ref(), Ok(&change));
        assert_eq!(
            (change.event, change.touched.buyers.as_slice()),
            (event_id("tokyo"), &[touched.buyer][..])
        );
        assert_eq!(
            there.try_recv(),
            Err(TryRecvError::Empty),
            "the other process knows nothing yet"
        );
        for _ in 0..2 {
            one.look_around(Some(from_one)).await.expect("a log");
            two.look_around(Some(from_two)).await.expect("a log");
        }
        assert_eq!(here.try_recv(), Err(TryRecvError::Empty), "it was told already");
        assert_eq!(there.try_recv().as_ref(), Ok(&change), "read from the log");
        assert_eq!(there.try_recv(), Err(TryRecvError::Empty));
        // By Redis first: the log does not tell it again. Under a number of its own it is another change.
        book(&one, &at(1), pair(&import, 3, 0)).await;
        let change = here.try_recv().expect("told");
        let mut wrong = change.clone();
        wrong.touched.everybody = true;
        for heard in [&wrong, &change, &change] {
            two.hear(heard.clone());
        }
        assert_eq!(there.try_recv(), Ok(wrong));
        assert_eq!(there.try_recv(), Ok(change));
        two.look_around(Some(from_two)).await.expect("a log");
        assert_eq!(there.try_recv(), Err(TryRecvError::Empty));
        // What was refused or only asked again is no change.
        book(&one, &at(1), pair(&import, 3, 0)).await;
        assert_eq!(here.try_recv(), Err(TryRecvError::Empty));
    })
    .await;
}

#[tokio::test]
async fn a_publication_elsewhere_wakes_those_who_listen_to_publications() {
    on_both(async |ground| {
        let (one, _) = open(ground).await;
        let two = ground.store().await;
        let from = two.look_around(None).await.expect("a log");
        let mut published = two.published();
        one.move_phase(&at(1), key("final"), Phase::Final).await.expect("moved");
        two.look_around(Some(from)).await.expect("a log");
        assert_eq!(published.try_recv(), Ok(event_id("tokyo")));
    })
    .await;
}

#[tokio::test]
async fn notices_are_read_by_whom_they_are_for() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let buyer = import.buyers[2].person;
        let one = book(&store, &at(0), pair(&import, 2, 0)).await;
        book(&store, &at(1), pair(&import, 2, 1)).await;
        store
            .cancel_meeting(&at(2), Cancel::of(one), key("cancel"))
            .await
            .expect("cancelled");
        let read = async |before, limit| {
            snapshot(&store, "tokyo")
                .await
                .notices(buyer, before, limit)
                .await
                .expect("notices")
        };
        let all = read(None, 100).await;
        let kinds: Vec<NoticeKind> = all.iter().map(|notice| notice.kind).collect();
        let booked = NoticeKind::MeetingBooked;
        assert_eq!(kinds, [NoticeKind::MeetingCancelled, booked, booked], "newest first");
        assert_eq!(all[0].about.meeting, Some(one));
        assert_eq!(read(Some(all[0].id), 1).await[0].id, all[1].id);
        let myself = async |seconds| Ctx {
            actor: store.actor(event_id("tokyo"), buyer).await.expect("an actor"),
            ..at(seconds)
        };
        let left = store.read_notices(&myself(3).await, Some(all[1].id), key("read")).await;
        assert_eq!(left.expect("read"), 1);
        let again = store.read_notices(&myself(4).await, Some(all[1].id), key("read")).await;
        assert_eq!(again.expect("the same answer"), 1);
        let unread: Vec<bool> = read(None, 100)
            .await
            .iter()
            .map(|notice| notice.read_at.is_none())
            .collect();
        assert_eq!(unread, [true, false, false]);
        assert_eq!(
            store
                .read_notices(&myself(5).await, None, key("all"))
                .await
                .expect("read"),
            0
        );
        let stranger = Ctx {
            actor: Actor::person(PersonId(key("stranger"))),
            ..at(6)
        };
        let refused = store.read_notices(&stranger, None, key("stranger")).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))));
    })
    .await;
}

#[tokio::test]
async fn an_address_leads_to_one_calendar_until_it_is_revoked() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let buyer = import.buyers[2].person;
        let actor = store.actor(event_id("tokyo"), buyer).await.expect("an actor");
        let myself = |seconds| Ctx {
            actor: actor.clone(),
            ..at(seconds)
        };
        let secrets = ["abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba"];
        let [first, second] = secrets.map(|secret| Secret::parse(secret).expect("a secret"));
        let leads = async |secret: &Secret| {
            store
                .feed(secret.as_str())
                .await
                .expect("an answer")
                .map(|(person, _)| person)
        };
        assert_eq!(leads(&first).await, None);
        for _ in 0..2 {
            store.make_feed(&myself(0), &first, key("one")).await.expect("made");
        }
        assert_eq!(leads(&first).await, Some(buyer));
        store.make_feed(&myself(1), &second, key("two")).await.expect("made");
        assert_eq!((leads(&first).await, leads(&second).await), (None, Some(buyer)));
        let taken = store.make_feed(&myself(1), &first, key("three")).await;
        assert!(matches!(taken, Err(Error::Refused(Refusal::KeyReused))));
        assert_eq!(leads(&second).await, Some(buyer), "what was refused revoked nothing");
        store.revoke_feed(&myself(2), key("revoke")).await.expect("revoked");
        assert_eq!(leads(&second).await, None);
        assert_eq!(
            snapshot(&store, "tokyo").await.feed_of(buyer).await.expect("an answer"),
            None
        );
        let again = store.revoke_feed(&myself(3), key("again")).await;
        assert!(matches!(again, Err(Error::Refused(Refusal::AlreadyDone))));
        let kept = rows(&store).await.join("\n");
        assert!(
            !secrets.iter().any(|secret| kept.contains(secret)),
            "a secret is kept in clear"
        );
    })
    .await;
}

#[tokio::test]
async fn appointments_are_as_the_meetings_are_now() {
    on_both(async |ground| {
        let (store, import) = open(ground).await;
        let buyer = import.buyers[2].person;
        let kept = book(&store, &at(0), pair(&import, 2, 0)).await;
        let gone = book(&store, &at(0), pair(&import, 2, 1)).await;
        book(&store, &at(0), pair(&import, 3, 0)).await;
        store
            .cancel_meeting(&at(1), Cancel::of(gone), key("cancel"))
            .await
            .expect("cancelled");
        let snapshot = snapshot(&store, "tokyo").await;
        let planned = snapshot.appointments(buyer).await.expect("appointments");
        let ids: Vec<MeetingId> = planned.iter().map(|one| one.listed.meeting.id).collect();
        assert_eq!(ids, [kept]);
        assert!(planned[0].hall.is_some() && !planned[0].booth.is_empty() && planned[0].with.len() == 1);
        let both = snapshot
            .appointments_at(buyer, &[kept, gone])
            .await
            .expect("appointments");
        let mut states: Vec<_> = both
            .iter()
            .map(|one| (one.expected, one.listed.state, one.listed.meeting.revision))
            .collect();
        states.sort_by_key(|(expected, ..)| !expected);
        assert_eq!(states, [(true, State::Planned, 0), (false, State::Cancelled, 1)]);
        // Somebody who does not sit there sees two sides, and is not expected.
        let other = import.buyers[4].person;
        let foreign = snapshot.appointments_at(other, &[kept]).await.expect("appointments");
        assert!(!foreign[0].expected && foreign[0].with.len() == 2);
    })
    .await;
}
