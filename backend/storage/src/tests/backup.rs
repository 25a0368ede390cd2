//! G16: everything comes back, from either database into either; a file that is not whole brings back nothing.

use super::{
    ground::{Ground, market_of, on_both, rows},
    push::browser,
    sample::{self, SMALL, ctx, event_id, key, market, now, timetable_id},
};
use crate::{BackupError, Copied, Error, Store, sign_in::NewLink, timetable::Proposed};
use domain::{Ctx, event::Phase, sign_in::Shown, time::SignedDuration};
use std::{
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

async fn backup(store: &Store) -> Vec<u8> {
    let mut file = Vec::new();
    store.backup(&mut file).await.expect("a backup");
    file
}

async fn restore(store: &Store, file: &[u8]) -> Result<Copied, BackupError> {
    let file = file.to_vec();
    store.restore(move || Ok(Cursor::new(file.clone()))).await
}

/// The lines of a backup; rows have no order.
fn lines(file: &[u8]) -> Vec<&str> {
    let mut lines: Vec<&str> = std::str::from_utf8(file)
        .expect("text")
        .lines()
        .filter(|l| l.starts_with('['))
        .collect();
    lines.sort_unstable();
    lines
}

/// Every table has rows: a market, two versions, letters, a link, a login.
async fn full(ground: &Ground) -> Store {
    let (store, import) = ground.small().await;
    let ctx = ctx(event_id("tokyo"));
    for shift in [0, 3] {
        let proposal = sample::proposal(&market_of(&store, "tokyo").await, shift);
        let id = timetable_id(&shift.to_string());
        store
            .keep_proposal(&ctx, Proposed { id, seed: u64::MAX }, proposal)
            .await
            .expect("kept");
        store
            .publish_timetable(&ctx, id, key(&format!("publish {shift}")))
            .await
            .expect("published");
    }
    let link = NewLink {
        secret: "link".to_owned(),
        person: import.buyers[0].person,
        browser: Some("browser".to_owned()),
        code: None,
    };
    assert!(store.keep_link(link, now()).await.expect("kept"));
    let shown = Shown {
        browser: Some(crate::sign_in::hash("browser")),
        code: None,
    };
    store.enter("link", shown, "login", now()).await.expect("entered");
    let actor = store.actor(event_id("tokyo"), import.buyers[2].person).await;
    let buyer = Ctx {
        actor: actor.expect("an actor"),
        ..ctx
    };
    store
        .subscribe_push(&buyer, browser("phone", "phone"))
        .await
        .expect("subscribed");
    store
}

#[tokio::test]
async fn from_either_into_either() {
    on_both(async |ground| {
        let store = full(ground).await;
        let first = backup(&store).await;
        for table in [
            "outbox",
            "login",
            "link",
            "audit",
            "idempotency",
            "occupancy",
            "placement",
            "absence",
            "staffing",
            "push_subscription",
        ] {
            assert!(
                lines(&first).iter().any(|line| line.contains(table)),
                "{table} is empty: the test proves little"
            );
        }
        // To the other kind and back again.
        let there = ground.other().await;
        let copy = there.store().await;
        let copied = restore(&copy, &first).await.expect("restored");
        assert_eq!(copied.rows, lines(&first).len() as u64);
        let second = backup(&copy).await;
        assert_eq!(lines(&second), lines(&first));
        let back = ground.fresh().await;
        let again = back.store().await;
        restore(&again, &second).await.expect("restored");
        assert_eq!(lines(&backup(&again).await), lines(&first));
        for store in [&copy, &again] {
            goes_on(store).await;
        }
        drop((copy, again));
        there.gone().await;
        back.gone().await;
    })
    .await;
}

/// What was restored can be gone on with: letters are numbered on, the chain is whole, keys are known, logins hold.
async fn goes_on(store: &Store) {
    let (ctx, numbers) = (ctx(event_id("tokyo")), |letters: &[crate::outbox::Letter]| {
        letters.iter().map(|letter| letter.id).max().unwrap_or(0)
    });
    let hold = SignedDuration::from_mins(5);
    let last = numbers(&store.claim_letters(now(), hold, 1000).await.expect("letters"));
    let before = rows(store).await;
    store
        .publish_timetable(&ctx, timetable_id("3"), key("publish 3"))
        .await
        .expect("done before");
    assert_eq!(rows(store).await, before);
    store
        .roll_back_timetable(&ctx, timetable_id("0"), key("back"))
        .await
        .expect("rolled back");
    let letters = store.claim_letters(now(), hold, 1000).await.expect("letters");
    assert!(!letters.is_empty() && letters.iter().all(|letter| letter.id > last));
    assert_eq!(store.check_audit().await.expect("checked").1, None);
    assert!(store.login("login", now()).await.expect("asked").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taken_while_writes_go_on_it_is_of_one_moment() {
    /// Backups taken.
    const BACKUPS: usize = 3;
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let stop = Arc::new(AtomicBool::new(false));
        let writing = {
            let (store, stop) = (store.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut acts = 0;
                while !stop.load(SeqCst) {
                    let phase = Phase::ALL[acts % 2];
                    store
                        .move_phase(&ctx(event_id("tokyo")), key(&acts.to_string()), phase)
                        .await
                        .expect("moved");
                    acts += 1;
                }
                acts
            })
        };
        let mut files = Vec::new();
        for _ in 0..BACKUPS {
            files.push(backup(&store).await);
        }
        stop.store(true, SeqCst);
        assert!(writing.await.expect("no panic") > 0);
        for file in files {
            let there = Ground::sqlite();
            let copy = there.store().await;
            restore(&copy, &file).await.expect("restored");
            let (entries, broken) = copy.check_audit().await.expect("checked");
            assert_eq!(
                (broken, there.number("SELECT count(*) FROM idempotency").await),
                (None, entries)
            );
            // Each act but the import moved the phase, so the number of acts says in which it stands.
            let phase = copy.events().await.expect("events")[0].phase;
            let moved = usize::try_from(entries - 1).expect("a count");
            assert!(
                moved == 0 || phase == Phase::ALL[(moved - 1) % 2],
                "{phase:?} after {moved}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_there_is_not_overwritten() {
    on_both(async |ground| {
        let store = full(ground).await;
        let (file, before) = (backup(&store).await, rows(&store).await);
        let error = restore(&store, &file).await.expect_err("refused");
        assert!(matches!(error, BackupError::NotEmpty), "{error:?}");
        assert_eq!(rows(&store).await, before);
        let fresh = ground.fresh().await;
        let other = fresh.store().await;
        other
            .import(&ctx(event_id("osaka")), key("osaka"), market("osaka", SMALL))
            .await
            .expect("imported");
        let before = rows(&other).await;
        let error = restore(&other, &file).await.expect_err("refused");
        assert!(matches!(error, BackupError::NotEmpty), "{error:?}");
        assert_eq!(rows(&other).await, before);
        drop(other);
        fresh.gone().await;
    })
    .await;
}

#[tokio::test]
async fn of_two_restores_at_once_one_is_whole() {
    on_both(async |ground| {
        let there = Ground::sqlite();
        let file = backup(&full(&there).await).await;
        let store = ground.store().await;
        let (a, b) = tokio::join!(restore(&store, &file), restore(&store, &file));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(lines(&backup(&store).await), lines(&file));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_whole_brings_back_nothing() {
    on_both(async |ground| {
        let there = Ground::sqlite();
        let file = backup(&full(&there).await).await;
        let store = ground.store().await;
        let text = String::from_utf8(file.clone()).expect("text");
        let all: Vec<&str> = text.lines().collect();
        let joined = |lines: &[&str]| {
            lines
                .iter()
                .flat_map(|line| [*line, "\n"])
                .collect::<String>()
                .into_bytes()
        };
        let without = |n: usize| joined(&[&all[..n], &all[n + 1..]].concat());
        let mut bad: Vec<(String, Vec<u8>)> = vec![
            ("empty".to_owned(), Vec::new()),
            ("another program's".to_owned(), b"PGDMP\x01\x0e\x00\xff".to_vec()),
            (
                "of another format".to_owned(),
                text.replacen("ichiba-backup/1", "ichiba-backup/2", 1).into_bytes(),
            ),
            ("without its head".to_owned(), without(0)),
            ("without its end".to_owned(), without(all.len() - 1)),
            (
                "with something behind".to_owned(),
                joined(&[&all[..], &all[1..2]].concat()),
            ),
            ("a row twice".to_owned(), joined(&[&all[..2], &all[1..]].concat())),
            (
                "two rows swapped".to_owned(),
                joined(&[&[all[0], all[2], all[1]], &all[3..]].concat()),
            ),
        ];
        for part in 1..10 {
            bad.push((format!("cut at {part}/10"), file[..file.len() * part / 10].to_vec()));
            bad.push((format!("without row {part}"), without(all.len() * part / 10)));
            let mut flipped = file.clone();
            flipped[file.len() * part / 10] ^= 1;
            bad.push((format!("a bit flipped at {part}/10"), flipped));
        }
        for (what, file) in bad {
            let error = restore(&store, &file).await.expect_err(&what);
            assert!(
                matches!(error, BackupError::Damaged { .. } | BackupError::File(_)),
                "{what}: {error:?}"
            );
            assert!(rows(&store).await.is_empty(), "{what}");
        }
        restore(&store, &file).await.expect("the good one goes in afterwards");
    })
    .await;
}

#[tokio::test]
async fn a_whole_file_with_impossible_rows_brings_back_nothing() {
    on_both(async |ground| {
        let there = Ground::sqlite();
        let file = backup(&full(&there).await).await;
        // Whole by count and hash, but a row refers to one that is not there.
        let text = String::from_utf8(file).expect("text");
        let kept: Vec<&str> = text
            .lines()
            .filter(|l| l.starts_with('[') && !l.starts_with("[\"hall\""))
            .collect();
        let forged = sealed(&text, &kept);
        let store = ground.store().await;
        let error = restore(&store, &forged).await.expect_err("refused");
        assert!(matches!(error, BackupError::Store(Error::Corrupt(_))), "{error:?}");
        assert!(rows(&store).await.is_empty());
    })
    .await;
}

/// A file of these rows with counts and hash that fit.
fn sealed(text: &str, rows: &[&str]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let head = text.lines().next().expect("a head");
    let body: String = rows.iter().flat_map(|row| [*row, "\n"]).collect();
    let hash = crate::column::hex(Sha256::digest(&body));
    format!("{head}\n{body}{{\"rows\":{},\"sha256\":\"{hash}\"}}\n", rows.len()).into_bytes()
}
