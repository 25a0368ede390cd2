//! Letters as the organizer sees them: how they stand, why one could not go out, and that what was given up can be tried
//! anew, in one's own event only.

use super::{
    ground::{on_both, snapshot},
    sample::{SMALL, ctx, event_id, key, market, now},
};
use crate::{
    Error, Store,
    outbox::{Failure, MAX_TRIES, Posted},
};
use domain::{
    Actor, Ctx, Refusal,
    booking::BookMeeting,
    event::Phase,
    id::{MeetingId, PersonId},
    import::Import,
    letter::{LetterState, Problem},
    time::{SignedDuration, Timestamp},
    wish::Pair,
};

const HOLD: SignedDuration = SignedDuration::from_mins(5);

/// Letters of an event in which a meeting was booked.
async fn posted(store: &Store, code: &str, import: &Import) -> Vec<i64> {
    let ctx = ctx(event_id(code));
    let opened = store
        .move_phase(&ctx, key(&format!("{code} opens")), Phase::OpenCalendar)
        .await;
    opened.expect("opened");
    for exhibitor in [0, 2] {
        let pair = Pair {
            buyer: import.buyers[2].id,
            exhibitor: import.exhibitors[exhibitor].id,
        };
        book(store, &ctx, pair).await;
    }
    let mut ids: Vec<i64> = letters(store, code, None).await.iter().map(|one| one.id).collect();
    ids.reverse();
    assert!(ids.len() >= 4, "a buyer and some staff are written to: {ids:?}");
    ids
}

/// Books the two in the first slot that is free for both.
async fn book(store: &Store, ctx: &Ctx, pair: Pair) {
    for slot in 0..8 {
        let id = MeetingId(key(&format!("{pair:?} {slot}")));
        match store.book_meeting(ctx, BookMeeting { id, pair, slot }).await {
            Ok(_) => return,
            Err(Error::Refused(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("no slot is free for {pair:?}");
}

async fn letters(store: &Store, code: &str, state: Option<LetterState>) -> Vec<Posted> {
    let letters = snapshot(store, code).await.letters(state, None, 100).await;
    letters.expect("letters")
}

async fn ids(store: &Store, code: &str, state: LetterState) -> Vec<i64> {
    letters(store, code, Some(state))
        .await
        .iter()
        .map(|one| one.id)
        .collect()
}

async fn claimed(store: &Store, at: Timestamp) -> Vec<i64> {
    let claimed = store.claim_letters(at, HOLD, 1000).await.expect("letters");
    claimed.iter().map(|letter| letter.id).collect()
}

fn failure(problem: Problem, at: Timestamp) -> Failure {
    Failure {
        problem,
        at,
        again: at + HOLD,
    }
}

#[tokio::test]
async fn letters_stand_as_they_are_and_come_by_pages() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let all = posted(&store, "tokyo", &import).await;
        let later = now() + SignedDuration::from_mins(2);
        assert_eq!(claimed(&store, later).await, all);
        store.letters_done(vec![all[0]], later).await.expect("done");
        let (lost, tried) = (failure(Problem::Refused(550), later), failure(Problem::NoAnswer, later));
        store.letters_failed(vec![all[1]], lost).await.expect("kept");
        store.letters_failed(vec![all[2]], tried).await.expect("kept");

        assert_eq!(ids(&store, "tokyo", LetterState::Sent).await, [all[0]]);
        assert_eq!(ids(&store, "tokyo", LetterState::Failed).await, [all[1]]);
        let waiting: Vec<i64> = all[2..].iter().rev().copied().collect();
        assert_eq!(
            ids(&store, "tokyo", LetterState::Waiting).await,
            waiting,
            "newest first"
        );

        let find = async |id| {
            let letter = snapshot(&store, "tokyo").await.letter(id).await.expect("an answer");
            letter.expect("a letter")
        };
        let sent = find(all[0]).await;
        assert_eq!((sent.done_at, sent.due, sent.problem), (Some(later), None, None));
        let lost = find(all[1]).await;
        assert_eq!((lost.done_at, lost.due, lost.tries), (None, None, 1));
        assert_eq!(lost.problem, Some(Problem::Refused(550)));
        let tried = find(all[2]).await;
        assert_eq!(
            (tried.due, tried.problem),
            (Some(later + HOLD), Some(Problem::NoAnswer))
        );
        assert!(tried.recipient.is_some() && tried.topic == "notice");

        // Page by page everything comes once.
        let (mut before, mut seen) = (None, Vec::new());
        loop {
            let page = snapshot(&store, "tokyo").await.letters(None, before, 2).await;
            let page = page.expect("letters");
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            seen.extend(page.iter().map(|letter| letter.id));
        }
        seen.reverse();
        assert_eq!(seen, all);

        // What went out after a failure has no problem any more.
        store.letters_done(vec![all[2]], later).await.expect("done");
        assert_eq!(find(all[2]).await.problem, None);
    })
    .await;
}

#[tokio::test]
async fn what_was_given_up_is_tried_anew_and_nothing_else() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let all = posted(&store, "tokyo", &import).await;
        let (sent, lost, waiting) = (all[0], all[1], all[2]);
        let mut at = now() + SignedDuration::from_mins(2);
        claimed(&store, at).await;
        store.letters_done(vec![sent], at).await.expect("done");
        for tries in 1..=MAX_TRIES {
            let state = if tries == 1 {
                LetterState::Waiting
            } else {
                find_state(&store, lost).await
            };
            assert_eq!(state, LetterState::Waiting, "{tries}");
            store
                .letters_failed(vec![lost], failure(Problem::Later(451), at))
                .await
                .expect("kept");
        }
        assert_eq!(
            find_state(&store, lost).await,
            LetterState::Failed,
            "its tries are used up"
        );
        at += HOLD + HOLD;
        assert!(!claimed(&store, at).await.contains(&lost), "nobody tries it by itself");

        let organizer = Ctx {
            now: at,
            ..ctx(event_id("tokyo"))
        };
        let retry = async |ctx: &Ctx, id, name: &str| match store.retry_letter(ctx, id, key(name)).await {
            Ok(id) => Ok(id),
            Err(Error::Refused(refusal)) => Err(refusal),
            Err(error) => panic!("{error}"),
        };
        let refused = Err(Refusal::NotFound);
        let buyer = store.actor(event_id("tokyo"), import.buyers[2].person).await;
        let others = [Actor::person(PersonId(key("stranger"))), buyer.expect("an actor")];
        for actor in others {
            let other = Ctx {
                actor,
                ..organizer.clone()
            };
            assert_eq!(retry(&other, lost, "other").await, refused);
        }
        assert_eq!(retry(&organizer, i64::MAX, "none").await, refused);
        assert_eq!(retry(&organizer, sent, "sent").await, Err(Refusal::LetterSent));
        assert_eq!(retry(&organizer, waiting, "waiting").await, Err(Refusal::LetterWaiting));
        let before = ground.number("SELECT count(*) FROM audit").await;
        for _ in 0..2 {
            assert_eq!(
                retry(&organizer, lost, "lost").await,
                Ok(lost),
                "once, however often it is asked"
            );
        }
        assert_eq!(ground.number("SELECT count(*) FROM audit").await, before + 1);
        let told = "SELECT count(*) FROM audit WHERE verb = 'retryLetter' AND detail LIKE '%later 451%'";
        assert_eq!(ground.number(told).await, 1);
        assert_eq!(retry(&organizer, lost, "again").await, Err(Refusal::LetterWaiting));

        let due = store.claim_letters(at, HOLD, 1000).await.expect("letters");
        let again = due.iter().find(|letter| letter.id == lost).expect("due at once");
        assert_eq!(
            (again.tries, again.again),
            (0, true),
            "fresh tries, and it may come twice"
        );
    })
    .await;
}

async fn find_state(store: &Store, id: i64) -> LetterState {
    let letter = snapshot(store, "tokyo").await.letter(id).await.expect("an answer");
    letter.expect("a letter").state
}

#[tokio::test]
async fn letters_are_their_events() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let other = market("osaka", SMALL);
        let imported = store.import(&ctx(event_id("osaka")), key("osaka"), other.clone()).await;
        imported.expect("imported");
        let here = posted(&store, "tokyo", &import).await;
        let there = posted(&store, "osaka", &other).await;
        assert!(here.iter().all(|id| !there.contains(id)));
        let at = now() + SignedDuration::from_mins(2);
        let lost = failure(Problem::Address, at);
        store.letters_failed(there.clone(), lost).await.expect("kept");
        assert!(ids(&store, "tokyo", LetterState::Failed).await.is_empty());
        let tokyo = snapshot(&store, "tokyo").await;
        assert!(tokyo.letter(there[0]).await.expect("an answer").is_none());
        let refused = store
            .retry_letter(&ctx(event_id("tokyo")), there[0], key("there"))
            .await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))));
        assert_eq!(ids(&store, "osaka", LetterState::Failed).await.len(), there.len());
    })
    .await;
}
