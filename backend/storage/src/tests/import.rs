//! An import comes back as it went in, changes nothing the second time, and keeps nothing at all when it is refused.

use super::{
    ground::{Ground, market_of, on_both, rows, snapshot},
    sample::{self, SMALL, Size, ctx, event_id, key, market, timetable_id},
    tap::Tap,
};
use crate::{Error, Store, agenda::Taken, participation::Page, timetable::Proposed};
use domain::{
    Refusal,
    booking::Cancel,
    event::Phase,
    import::Import,
    wish::{Side, Wish},
};
use std::sync::Arc;

const ALL: Page = Page {
    after: None,
    limit: 1000,
};

async fn again(store: &Store, name: &str, import: &Import) -> Result<(), Error> {
    let ctx = ctx(event_id("tokyo"));
    store.import(&ctx, key(name), import.clone()).await.map(drop)
}

#[tokio::test]
async fn everything_comes_back_as_it_went_in() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let snapshot = snapshot(&store, "tokyo").await;
        let (event, _, slots) = import.event.clone().expect("an event");
        assert_eq!(snapshot.programmes().await.expect("programmes"), import.programmes);
        assert_eq!(snapshot.event().await.expect("event"), event);
        assert_eq!(store.events().await.expect("events"), [event]);
        assert_eq!(snapshot.slots().await.expect("slots"), slots);
        assert_eq!(snapshot.halls().await.expect("halls"), import.halls);
        assert_eq!(snapshot.zones().await.expect("zones"), import.zones);
        assert_eq!(snapshot.pools().await.expect("pools"), import.pools);
        assert_eq!(snapshot.exhibitors(&ALL).await.expect("exhibitors"), import.exhibitors);
        assert_eq!(snapshot.booths(None).await.expect("booths"), import.booths);
        assert_eq!(snapshot.artists(&ALL).await.expect("artists"), import.artists);
        assert_eq!(snapshot.buyers(&ALL).await.expect("buyers"), import.buyers);
        assert_eq!(
            snapshot.participations(&ALL).await.expect("participations"),
            import.participations
        );
        let ids: Vec<_> = import
            .organisations
            .iter()
            .map(|organisation| organisation.id)
            .collect();
        let organisations = snapshot.organisations(&ids).await.expect("organisations");
        assert!(import.organisations.iter().all(|o| organisations[&o.id] == *o));
        let ids: Vec<_> = import.people.iter().map(|person| person.id).collect();
        let people = snapshot.people(&ids).await.expect("people");
        assert!(import.people.iter().all(|person| people[&person.id] == *person));
    })
    .await;
}

fn sorted(mut wishes: Vec<Wish>) -> Vec<Wish> {
    wishes.sort_by_key(|wish| (wish.pair, wish.by));
    wishes
}

#[tokio::test]
async fn wishes_and_taken_time_come_back() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let market = market_of(&store, "tokyo").await;
        assert_eq!(sorted(market.wishes), sorted(import.wishes.clone()));
        let session = &import.sessions[0];
        let known = store.known(Some(event_id("tokyo"))).await.expect("known");
        assert_eq!(known.sessions[&session.code], session.span);
        assert_eq!(known.emails.len(), import.people.len());
        assert_eq!(known.people.len(), import.participations.len());
        assert_eq!(known.buyers["B0001"], (import.buyers[1].id, import.buyers[1].person));
        let snapshot = snapshot(&store, "tokyo").await;
        let sits = snapshot.taken(import.buyers[0].person).await.expect("taken");
        let [Taken::Session { title, place, span, .. }] = sits.as_slice() else {
            panic!("{sits:?}")
        };
        assert_eq!((title, place, span), (&session.title, &session.place, &session.span));
        let away = snapshot.taken(import.buyers[2].person).await.expect("taken");
        let [Taken::Absence { reason, span, .. }] = away.as_slice() else {
            panic!("{away:?}")
        };
        let absence = &import.absences[0].1;
        assert_eq!((reason, span), (&absence.reason, &absence.span));
        let cells = session.span.cells().chain(absence.span.cells()).count();
        assert_eq!(market.busy.len(), cells, "nobody else is busy");
    })
    .await;
}

#[tokio::test]
async fn a_partys_wishes_come_in_one_order_on_both() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let exhibitor = import.exhibitors[0].id;
        let found = snapshot(&store, "tokyo")
            .await
            .wishes_of(Side::Exhibitor, exhibitor.0)
            .await
            .expect("wishes");
        let mut wanted: Vec<Wish> = import
            .wishes
            .iter()
            .filter(|w| w.by == Side::Exhibitor && w.pair.exhibitor == exhibitor)
            .copied()
            .collect();
        assert!(wanted.iter().any(|wish| wish.want == domain::wish::Want::Avoid));
        // Most wanted first, then by the other side's id; whom one avoids comes last.
        wanted.sort_by_key(|wish| match wish.want {
            domain::wish::Want::Rank(rank) => (255 - rank, wish.pair),
            domain::wish::Want::Avoid => (255, wish.pair),
        });
        assert_eq!(found, wanted);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let snapshot = snapshot(&store, "tokyo").await;
        let (mut after, mut found) = (None, Vec::new());
        loop {
            let page = snapshot.buyers(&Page { after, limit: 3 }).await.expect("a page");
            let Some(last) = page.last() else { break };
            after = Some(last.code.clone());
            found.extend(page);
        }
        assert_eq!(found, import.buyers);
        assert_eq!(
            snapshot.count_buyers().await.expect("a count"),
            import.buyers.len() as u64
        );
        assert_eq!(
            snapshot.count_exhibitors().await.expect("a count"),
            import.exhibitors.len() as u64
        );
        assert_eq!(
            snapshot.count_artists().await.expect("a count"),
            import.artists.len() as u64
        );
    })
    .await;
}

/// Rows besides those every act leaves behind.
fn market_rows(rows: &[String]) -> Vec<&String> {
    rows.iter()
        .filter(|row| !row.starts_with("audit ") && !row.starts_with("idempotency "))
        .collect()
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_phases_stay() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        store
            .move_phase(&ctx(event_id("tokyo")), key("phase"), Phase::Calculated)
            .await
            .expect("moved");
        let before = rows(&store).await;
        again(&store, "tokyo", &import)
            .await
            .expect("the same key: nothing at all happens");
        assert_eq!(rows(&store).await, before);
        again(&store, "another key", &import).await.expect("imported again");
        assert_eq!(market_rows(&rows(&store).await), market_rows(&before));
        let event = snapshot(&store, "tokyo").await.event().await.expect("an event");
        assert_eq!(
            event.phase,
            Phase::Calculated,
            "the file says in which phase an event begins, not where it stands"
        );
    })
    .await;
}

#[tokio::test]
async fn what_changed_is_brought_up_to_date() {
    on_both(async |ground| {
        let (store, mut import) = ground.small().await;
        import.buyers[1].genres = vec!["folk".to_owned()];
        import.booths[0].staffing.clear();
        let slots = import.event.clone().expect("an event").2;
        import.absences[0].1.span = slots[3].span();
        import.sessions[0].span = slots[2].span();
        import.attendance.clear();
        import.wishes.truncate(1);
        again(&store, "later", &import).await.expect("imported");
        let market = market_of(&store, "tokyo").await;
        assert_eq!(market.buyers[1], import.buyers[1]);
        assert_eq!(market.booths, import.booths);
        assert!(market.wishes.len() > 1, "what is not mentioned stays");
        let busy = |buyer: usize, slot: usize| {
            slots[slot]
                .span()
                .cells()
                .all(|cell| market.busy.contains(&(import.buyers[buyer].person, cell)))
        };
        assert!(busy(2, 3) && !busy(2, 0), "the absence has moved");
        assert!(
            busy(0, 2) && !busy(0, 1),
            "the session has moved, with those who sit in it"
        );
    })
    .await;
}

#[tokio::test]
async fn a_preview_says_what_would_become_and_keeps_nothing() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let ctx = ctx(event_id("tokyo"));
        let preview = async |import: &Import| store.preview_import(&ctx, import.clone()).await;
        let before = rows(&store).await;
        let same = preview(&import).await.expect("counted");
        assert!(
            same.iter()
                .all(|counted| counted.added + counted.changed + counted.removed == 0)
        );
        assert!(
            same.iter()
                .any(|counted| counted.noun == "buyers" && counted.same == import.buyers.len())
        );

        let mut other = market("tokyo", Size { buyers: 12, ..SMALL });
        other.buyers[1].genres = vec!["folk".to_owned()];
        other.booths[0].staffing.clear();
        let counted = preview(&other).await.expect("counted");
        let of = |noun: &str| {
            counted
                .iter()
                .find(|counted| counted.noun == noun)
                .expect("counted")
                .clone()
        };
        let buyers = of("buyers");
        assert_eq!(
            (buyers.added, buyers.changed, buyers.same),
            (4, 1, import.buyers.len() - 1)
        );
        let staffing = of("staffing");
        assert_eq!(staffing.removed, import.booths[0].staffing.len());
        assert!(staffing.removed > 0 && of("people").added == 4);

        // The checks of the transaction are made too.
        let mut bad = import.clone();
        let away = import.absences[0].1.clone();
        bad.absences.push(sample::absence(away.person, "dentist", away.span));
        let refused = preview(&bad).await.expect_err("refused");
        assert!(matches!(refused, Error::Refused(Refusal::AlreadyOccupied { .. })));
        let stranger = domain::Ctx {
            actor: domain::Actor::nobody(),
            ..ctx.clone()
        };
        let denied = store.preview_import(&stranger, import.clone()).await;
        assert!(matches!(denied, Err(Error::Refused(Refusal::NotFound))));
        assert_eq!(rows(&store).await, before, "nothing was kept");

        let done = store.import(&ctx, key("for good"), other).await.expect("imported");
        assert_eq!(done, counted, "what is done is what was said");
    })
    .await;
}

/// Asserts that the import is refused, and that not one row is another afterwards.
async fn check_refused(store: &Store, name: &str, import: &Import, expect: impl Fn(&Error) -> bool) {
    let before = rows(store).await;
    let error = again(store, name, import).await.expect_err(name);
    assert!(expect(&error), "{name}: {error:?}");
    assert_eq!(rows(store).await, before, "{name}: something was kept");
}

#[tokio::test]
async fn a_refused_import_keeps_nothing() {
    on_both(async |ground| {
        let (store, import) = ground.small().await;
        let mut bad = market("tokyo", Size { buyers: 12, ..SMALL });
        bad.wishes.last_mut().expect("a wish").pair.exhibitor = domain::id::ExhibitorId(key("nobody"));
        check_refused(&store, "a wish for nobody", &bad, |error| {
            matches!(error, Error::Corrupt(_))
        })
        .await;
        let mut bad = market("tokyo", Size { buyers: 12, ..SMALL });
        bad.people[0].email = bad.people[1].email.clone();
        check_refused(&store, "one address for two", &bad, |error| {
            matches!(error, Error::Conflict(_))
        })
        .await;
        let mut bad = import.clone();
        let away = import.absences[0].1.clone();
        bad.absences.push(sample::absence(away.person, "dentist", away.span));
        let named = format!("B0002 {}", away.span.from());
        let occupied = Refusal::AlreadyOccupied {
            people: 1,
            first: vec![named],
        };
        check_refused(
            &store,
            "twice at once",
            &bad,
            |e| matches!(e, Error::Refused(r) if *r == occupied),
        )
        .await;
        let other = market("osaka", SMALL);
        check_refused(&store, "another event's files", &other, |error| {
            matches!(error, Error::Refused(_))
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_key_is_for_one_content() {
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let other = market("tokyo", Size { buyers: 12, ..SMALL });
        let reused = |error: &Error| matches!(error, Error::Refused(Refusal::KeyReused));
        check_refused(&store, "tokyo", &other, reused).await;
    })
    .await;
}

#[tokio::test]
async fn the_grid_is_fixed_once_something_stands_on_it() {
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let in_use = |error: &Error| matches!(error, Error::Refused(Refusal::GridInUse));
        let wider = market(
            "tokyo",
            Size {
                slots: 10,
                buyers: 12,
                ..SMALL
            },
        );
        again(&store, "wider", &wider).await.expect("nothing stands on it yet");
        let mut market = market_of(&store, "tokyo").await;
        assert_eq!(market.slots.len(), 10);
        // A meeting booked by hand before there is any timetable.
        let ctx = ctx(event_id("tokyo"));
        store
            .move_phase(&ctx, key("open"), Phase::OpenCalendar)
            .await
            .expect("moved");
        let pair = sample::proposal(&market, 0).placements[0].pair;
        let command = domain::booking::BookMeeting {
            id: domain::id::MeetingId(key("by hand")),
            pair,
            slot: 9,
        };
        store.book_meeting(&ctx, command).await.expect("booked");
        check_refused(&store, "under a meeting", &sample::market("tokyo", SMALL), in_use).await;
        store
            .cancel_meeting(&ctx, Cancel::of(command.id), key("cancel"))
            .await
            .expect("cancelled");
        let narrower = sample::market(
            "tokyo",
            Size {
                slots: 8,
                buyers: 12,
                ..SMALL
            },
        );
        again(&store, "narrower", &narrower)
            .await
            .expect("nothing stands on it any more");
        market = market_of(&store, "tokyo").await;
        let proposed = Proposed {
            id: timetable_id("v1"),
            seed: 1,
        };
        store
            .keep_proposal(&ctx, proposed, sample::proposal(&market, 0))
            .await
            .expect("kept");
        check_refused(&store, "under a timetable", &wider, in_use).await;
        again(&store, "the same grid", &narrower)
            .await
            .expect("the same grid may come again");
    })
    .await;
}

#[tokio::test]
async fn statements_do_not_grow_with_the_rows() {
    /// Statements of importing and of reading a market: with the marks around acts, never more.
    const MOST: (u64, u64) = (62, 15);
    async fn statements(ground: &Ground, code: &str, size: Size) -> (u64, u64) {
        let tap = Arc::new(Tap::default());
        let store = ground.tapped(&tap).await;
        tap.arm();
        store
            .import(&ctx(event_id(code)), key(code), market(code, size))
            .await
            .expect("imported");
        let written = tap.steps();
        tap.arm();
        market_of(&store, code).await;
        (written, tap.reads())
    }
    on_both(async |ground| {
        let small = statements(ground, "tokyo", SMALL).await;
        let large = statements(
            ground,
            "osaka",
            Size {
                buyers: 200,
                exhibitors: 30,
                tables: 9,
                slots: 32,
            },
        )
        .await;
        assert_eq!(small, large);
        assert!(small.0 <= MOST.0 && small.1 <= MOST.1, "{small:?}");
    })
    .await;
}
