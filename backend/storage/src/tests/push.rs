//! Push subscriptions: a browser is one person's, a person has so many, and each is written to in the act that tells the
//! person something.

use super::{
    ground::{on_both, rows, snapshot},
    sample::{ctx, event_id, key, now},
};
use crate::{Error, Store, push};
use domain::{
    Actor, Ctx, Refusal,
    booking::BookMeeting,
    event::Phase,
    id::{MeetingId, PersonId, PushId},
    import::Import,
    push::{Here, Keys, MOST, Services, Subscribe, Subscription},
    time::SignedDuration,
    wish::Pair,
};

const HOLD: SignedDuration = SignedDuration::from_mins(5);

fn at(seconds: i64) -> Ctx {
    Ctx {
        now: now() + SignedDuration::from_secs(seconds),
        ..ctx(event_id("tokyo"))
    }
}

async fn by(store: &Store, person: PersonId, seconds: i64) -> Ctx {
    Ctx {
        actor: store.actor(event_id("tokyo"), person).await.expect("an actor"),
        ..at(seconds)
    }
}

/// A browser with an address of that name.
pub(super) fn browser(name: &str, id: &str) -> Subscribe {
    let services = Services::parse("push.example", Here::Refused).expect("a service");
    let endpoint = format!("https://push.example/{name}");
    Subscribe {
        id: PushId(key(id)),
        endpoint: services.admit(&endpoint).expect("an address"),
        keys: Keys {
            p256dh: vec![4; 65],
            auth: vec![7; 16],
        },
    }
}

async fn subscribe(store: &Store, ctx: &Ctx, asked: Subscribe) -> Subscription {
    store.subscribe_push(ctx, asked).await.expect("subscribed")
}

/// Books the buyer in the first slot that is free for both.
async fn book(store: &Store, ctx: &Ctx, import: &Import, exhibitor: usize) {
    let pair = Pair {
        buyer: import.buyers[2].id,
        exhibitor: import.exhibitors[exhibitor].id,
    };
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

#[tokio::test]
async fn a_browser_is_one_persons_and_a_person_has_so_many() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let (one, two) = (import.buyers[2].person, import.buyers[3].person);
        let count = async || ground.number("SELECT count(*) FROM push_subscription").await;
        let first = subscribe(&store, &by(&store, one, 0).await, browser("a", "first")).await;
        let again = subscribe(&store, &by(&store, one, 1).await, browser("a", "second")).await;
        assert_eq!((again.id, again.made_at, count().await), (first.id, first.made_at, 1));
        // Somebody else signs in with the browser: the first is told there no more.
        let other = subscribe(&store, &by(&store, two, 2).await, browser("a", "third")).await;
        assert!(other.id != first.id && count().await == 1);
        let gone = snapshot(&store, "tokyo").await.push_address(first.id).await;
        assert!(gone.expect("an answer").is_none());
        let address = snapshot(&store, "tokyo").await.push_address(other.id).await;
        let address = address.expect("an answer").expect("a subscription");
        assert_eq!(
            (address.endpoint.as_str(), address.keys.auth.len()),
            ("https://push.example/a", 16)
        );

        for number in 0..=MOST {
            let name = format!("b{number}");
            let asked = browser(&name, &name);
            subscribe(&store, &by(&store, one, 10 + number as i64).await, asked).await;
        }
        assert_eq!(
            count().await,
            MOST as i64 + 1,
            "the oldest gave way; the other person's stays"
        );
        let oldest = PushId(key("b0"));
        let gone = snapshot(&store, "tokyo").await.push_address(oldest).await;
        assert!(gone.expect("an answer").is_none());

        let end = async |person, name: &str, by_key: &str| {
            let ctx = by(&store, person, 60).await;
            let endpoint = format!("https://push.example/{name}");
            store.unsubscribe_push(&ctx, endpoint, key(by_key)).await
        };
        assert!(matches!(
            end(one, "a", "not mine").await,
            Err(Error::Refused(Refusal::AlreadyDone))
        ));
        for _ in 0..2 {
            assert_eq!(end(two, "a", "end").await.expect("ended").id, other.id);
        }
        assert!(matches!(
            end(two, "a", "again").await,
            Err(Error::Refused(Refusal::AlreadyDone))
        ));
        store.forget_push(PushId(key("b1"))).await.expect("forgotten");
        assert_eq!(count().await, MOST as i64 - 1);
        let stranger = Ctx {
            actor: Actor::person(PersonId(key("stranger"))),
            ..at(70)
        };
        let refused = store.subscribe_push(&stranger, browser("c", "c")).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))));
        // An address is kept where it is needed, and nowhere else.
        let kept = rows(&store).await;
        let leaks = kept
            .iter()
            .filter(|row| row.contains("push.example/") && !row.starts_with("push_subscription"));
        assert_eq!(leaks.count(), 0);
    })
    .await;
}

#[tokio::test]
async fn each_browser_is_written_to_in_the_act_that_tells() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let person = import.buyers[2].person;
        for name in ["phone", "desk"] {
            subscribe(&store, &by(&store, person, 0).await, browser(name, name)).await;
        }
        let opened = store.move_phase(&at(0), key("open"), Phase::OpenCalendar).await;
        opened.expect("opened");
        book(&store, &at(0), &import, 0).await;
        let claim = async |seconds| {
            let letters = store.claim_letters(at(seconds).now, HOLD, 1000).await.expect("letters");
            let pushes = letters.into_iter().filter(|letter| letter.topic == push::TOPIC);
            pushes.collect::<Vec<_>>()
        };
        let gathers = push::GATHER.as_secs();
        assert!(claim(gathers - 1).await.is_empty(), "they wait for others");
        book(&store, &at(gathers - 1), &import, 2).await;
        let due = claim(gathers).await;
        assert_eq!(
            due.len(),
            4,
            "what came meanwhile goes with it: two things, two browsers"
        );
        assert!(
            due.iter()
                .all(|letter| letter.recipient.as_ref().is_some_and(|to| to.id == person))
        );
        let mut browsers: Vec<String> = due
            .iter()
            .map(|letter| letter.payload["subscription"].to_string())
            .collect();
        browsers.sort();
        browsers.dedup();
        assert_eq!(browsers.len(), 2);
        // What one does oneself one is not told, and who has no browser is not written to.
        let before = ground.number("SELECT count(*) FROM outbox WHERE topic = 'push'").await;
        book(&store, &by(&store, person, 20).await, &import, 3).await;
        assert_eq!(
            ground.number("SELECT count(*) FROM outbox WHERE topic = 'push'").await,
            before
        );
    })
    .await;
}
