//! Signing in: a link works once, wrong codes are counted, logins end, and no secret is in the database.

use super::{
    ground::{Ground, on_both, rows},
    sample::{event_id, now},
};
use crate::{
    Database, Error, Store,
    sign_in::{NewLink, hash},
};
use domain::{
    Refusal, Role,
    id::PersonId,
    sign_in::{LINK_HOLDS, MAX_CODE_TRIES, MAX_LINKS_AN_HOUR, SESSION_IDLE, SESSION_LONGEST, Shown},
    time::SignedDuration,
};
use futures_util::future::join_all;

/// A secret by its name, long enough not to be in the database by chance.
fn secret(name: &str) -> String {
    format!("{name}-4f1c0a7be2d94a3e8c55d01b")
}

fn link(person: PersonId, name: &str) -> NewLink {
    let (browser, code) = (Some(secret("browser")), Some(secret("code")));
    NewLink {
        secret: secret(name),
        person,
        browser,
        code,
    }
}

fn browser() -> Shown {
    Shown {
        browser: Some(hash(&secret("browser"))),
        code: None,
    }
}

fn code(code: &str) -> Shown {
    Shown {
        browser: Some(hash("another browser")),
        code: Some(hash(code)),
    }
}

async fn person(ground: &Ground) -> (Store, PersonId) {
    let (store, import) = ground.small().await;
    (store, import.buyers[0].person)
}

fn spent<T: std::fmt::Debug>(answer: Result<T, Error>) {
    assert!(matches!(answer, Err(Error::Refused(Refusal::LinkSpent))), "{answer:?}");
}

fn code_wanted<T: std::fmt::Debug>(answer: Result<T, Error>) {
    assert!(matches!(answer, Err(Error::Refused(Refusal::CodeWanted))), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_signs_in_once() {
    const TRIES: usize = 50;
    on_both(async |ground| {
        let (store, person) = person(ground).await;
        assert!(store.keep_link(link(person, "link"), now()).await.expect("kept"));
        for _ in 0..3 {
            let seen = store
                .look_at_link(&secret("link"), &browser(), now())
                .await
                .expect("looking uses nothing up");
            assert_eq!(seen.id, person);
        }
        let tries = (0..TRIES).map(|n| {
            let store = store.clone();
            let enter = async move {
                store
                    .enter(&secret("link"), browser(), &secret(&n.to_string()), now())
                    .await
            };
            tokio::spawn(enter)
        });
        let mut entered = 0;
        for answer in join_all(tries).await {
            match answer.expect("no panic") {
                Ok(who) => entered += usize::from(who == person),
                refused => spent(refused),
            }
        }
        assert_eq!(entered, 1);
        assert_eq!(ground.number("SELECT count(*) FROM login").await, 1);
        spent(store.look_at_link(&secret("link"), &browser(), now()).await);
        spent(store.enter(&secret("never made"), browser(), "x", now()).await);
        spent(store.look_at_link(&secret("never made"), &browser(), now()).await);
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_are_counted() {
    on_both(async |ground| {
        let (store, person) = person(ground).await;
        store.keep_link(link(person, "good"), now()).await.expect("kept");
        code_wanted(store.enter(&secret("good"), code("wrong"), "x", now()).await);
        code_wanted(store.enter(&secret("good"), Shown::default(), "x", now()).await);
        assert_eq!(
            ground.number("SELECT tries FROM link").await,
            1,
            "no code is no wrong code"
        );
        let entered = store
            .enter(&secret("good"), code(&secret("code")), &secret("login"), now())
            .await;
        assert_eq!(entered.expect("another browser with the code"), person);

        store.keep_link(link(person, "guessed"), now()).await.expect("kept");
        for _ in 0..MAX_CODE_TRIES {
            code_wanted(store.enter(&secret("guessed"), code("wrong"), "x", now()).await);
        }
        spent(store.enter(&secret("guessed"), code(&secret("code")), "x", now()).await);
        spent(store.enter(&secret("guessed"), browser(), "x", now()).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_cannot_be_guessed_all_at_once_or_by_looking() {
    on_both(async |ground| {
        let (store, person) = person(ground).await;
        store.keep_link(link(person, "link"), now()).await.expect("kept");
        // The right one is not told from a wrong one by looking, which nobody counts.
        code_wanted(store.look_at_link(&secret("link"), &code("wrong"), now()).await);
        code_wanted(store.look_at_link(&secret("link"), &code(&secret("code")), now()).await);
        let guesses = (0..40).map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .enter(&secret("link"), code(&format!("guess {n}")), "x", now())
                    .await
            })
        });
        let wanted = |answer: Result<PersonId, Error>| matches!(answer, Err(Error::Refused(Refusal::CodeWanted)));
        let tried = join_all(guesses)
            .await
            .into_iter()
            .filter_map(Result::ok)
            .filter(|_| true)
            .map(wanted);
        assert_eq!(tried.filter(|tried| *tried).count(), MAX_CODE_TRIES as usize);
    })
    .await;
}

#[tokio::test]
async fn links_are_few_and_short_lived() {
    on_both(async |ground| {
        let (store, person) = person(ground).await;
        for n in 0..MAX_LINKS_AN_HOUR {
            assert!(
                store
                    .keep_link(link(person, &n.to_string()), now())
                    .await
                    .expect("kept")
            );
        }
        assert!(
            !store
                .keep_link(link(person, "one too many"), now())
                .await
                .expect("asked")
        );
        spent(store.look_at_link(&secret("one too many"), &browser(), now()).await);
        let printed = NewLink {
            browser: None,
            code: None,
            ..link(person, "printed by the operator")
        };
        assert!(
            store.keep_link(printed, now()).await.expect("kept"),
            "an operator may print more"
        );
        let hour = now() + SignedDuration::from_hours(1);
        assert!(store.keep_link(link(person, "later"), hour).await.expect("kept"));
        spent(store.enter(&secret("0"), browser(), "x", now() + LINK_HOLDS).await);
        let last = now() + LINK_HOLDS - SignedDuration::from_millis(1);
        store
            .enter(&secret("0"), browser(), &secret("login"), last)
            .await
            .expect("in time");
    })
    .await;
}

async fn log_in(store: &Store, person: PersonId) {
    store.keep_link(link(person, "link"), now()).await.expect("kept");
    store
        .enter(&secret("link"), browser(), &secret("login"), now())
        .await
        .expect("entered");
}

#[tokio::test]
async fn a_login_ends_when_idle_or_too_long_or_told_to() {
    on_both(async |ground| {
        let (store, person) = person(ground).await;
        log_in(&store, person).await;
        let holds = async |after: SignedDuration| {
            store.login(&secret("login"), now() + after).await.expect("asked") == Some(person)
        };
        let seen = async || ground.number("SELECT seen_at FROM login").await - now().as_millisecond();
        let moment = SignedDuration::from_millis(1);
        assert!(holds(SignedDuration::from_secs(60)).await);
        assert_eq!(seen().await, 0, "written down at most once a minute");
        assert!(holds(SignedDuration::from_secs(61)).await);
        assert_eq!(seen().await, 61_000);
        let mut last = SignedDuration::from_secs(61);
        assert!(!holds(last + SESSION_IDLE).await, "idle for too long");
        while last + SESSION_IDLE - moment < SESSION_LONGEST {
            last = last + SESSION_IDLE - moment;
            assert!(holds(last).await, "in use at {last}");
        }
        assert!(holds(SESSION_LONGEST - moment).await);
        assert!(!holds(SESSION_LONGEST).await, "in use, but too long ago begun");
        assert_eq!(store.login("another", now()).await.expect("asked"), None);
    })
    .await;
}

#[tokio::test]
async fn an_ended_login_stays_ended() {
    on_both(async |ground| {
        let (store, person) = person(ground).await;
        log_in(&store, person).await;
        assert_eq!(store.login(&secret("login"), now()).await.expect("asked"), Some(person));
        store.end_login(&secret("login"), now()).await.expect("ended");
        store
            .end_login("never begun", now())
            .await
            .expect("nothing to end is no mistake");
        let later = now() + SignedDuration::from_mins(5);
        store.end_login(&secret("login"), later).await.expect("ended again");
        assert_eq!(store.login(&secret("login"), later).await.expect("asked"), None);
        assert_eq!(
            ground.number("SELECT ended_at FROM login").await,
            now().as_millisecond(),
            "when it ended first"
        );
    })
    .await;
}

#[tokio::test]
async fn no_secret_is_in_the_database() {
    on_both(async |ground| {
        let (store, person) = person(ground).await;
        store.keep_link(link(person, "unused"), now()).await.expect("kept");
        let _ = store.enter(&secret("unused"), code(&secret("wrong")), "x", now()).await;
        log_in(&store, person).await;
        let names = ["link", "unused", "browser", "code", "wrong", "login"];
        let all = rows(&store).await.join("\n");
        assert!(names.iter().all(|name| !all.contains(&secret(name))));
        if ground.kind == Database::Sqlite {
            let file = ground.url.strip_prefix("sqlite:").expect("a file");
            let bytes = [file.to_owned(), format!("{file}-wal")]
                .map(|f| std::fs::read(f).expect("a file"))
                .concat();
            let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(holds("B0001"), "it looks at the right bytes");
            assert!(names.iter().all(|name| !holds(&secret(name))));
        }
    })
    .await;
}

#[tokio::test]
async fn who_has_signed_in_is_somebody_in_this_event_only() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let buyer = &import
            .people
            .iter()
            .find(|p| p.id == import.buyers[0].person)
            .expect("a person");
        let address = buyer.email.clone().expect("an address");
        let found = store
            .person_by_email(&format!(" {} ", address.to_uppercase()))
            .await
            .expect("asked");
        assert_eq!(found.as_ref(), Some(*buyer));
        assert_eq!(store.person_by_email("nobody@example.org").await.expect("asked"), None);
        assert_eq!(store.person_by_email("no address").await.expect("asked"), None);
        let actor = store.actor(event_id("tokyo"), buyer.id).await.expect("an actor");
        assert_eq!(
            (actor.buyer, actor.exhibitor),
            (Some(import.buyers[0].id), Some(import.exhibitors[0].id))
        );
        assert_eq!(actor.roles.iter().collect::<Vec<_>>(), [Role::Buyer, Role::Exhibitor]);
        let elsewhere = store.actor(event_id("osaka"), buyer.id).await.expect("an actor");
        assert_eq!((elsewhere.roles.iter().count(), elsewhere.participations.len()), (0, 0));
    })
    .await;
}
