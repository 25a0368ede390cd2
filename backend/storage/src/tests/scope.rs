//! Two events in one database: whatever is asked in one never shows a row of the other. Only a person's time is one.

use super::{
    ground::{market_of, on_both, snapshot},
    sample::{self, SMALL, Size, ctx, event_id, key, market, timetable_id},
};
use crate::{Error, Snapshot, Store, participation::Page, timetable::Proposed};
use domain::{
    Refusal,
    booking::Cancel,
    id::{ArtistId, BuyerId, ExhibitorId, MeetingId, PersonId},
    import::Import,
    wish::Side,
};

const ALL: Page = Page {
    after: None,
    limit: 1000,
};

/// An event with everything: market, timetable published, one more proposed, letters, audit entries.
async fn whole(store: &Store, code: &str, import: &Import) {
    let ctx = ctx(event_id(code));
    store.import(&ctx, key(code), import.clone()).await.expect("imported");
    for (shift, name) in [(0, "first"), (1, "second")] {
        let id = timetable_id(&format!("{code} {name}"));
        let proposal = sample::proposal(&market_of(store, code).await, shift);
        store
            .keep_proposal(&ctx, Proposed { id, seed: 7 }, proposal)
            .await
            .expect("kept");
        if shift == 0 {
            store
                .publish_timetable(&ctx, id, key(&format!("publish {code}")))
                .await
                .expect("published");
        }
    }
}

/// Everything every list of a snapshot answers, asked for these ids.
async fn view(snapshot: &Snapshot, ids: &Import) -> Vec<String> {
    let buyers: Vec<BuyerId> = ids.buyers.iter().map(|buyer| buyer.id).collect();
    let exhibitors: Vec<ExhibitorId> = ids.exhibitors.iter().map(|exhibitor| exhibitor.id).collect();
    let mut view = vec![
        format!("{:?}", snapshot.event().await),
        format!("{:?}", snapshot.slots().await),
        format!("{:?}", snapshot.halls().await),
        format!("{:?}", snapshot.zones().await),
        format!("{:?}", snapshot.pools().await),
        format!("{:?}", snapshot.buyers(&ALL).await),
        format!("{:?}", snapshot.count_buyers().await),
        format!("{:?}", snapshot.exhibitors(&ALL).await),
        format!("{:?}", snapshot.count_exhibitors().await),
        format!("{:?}", snapshot.artists(&ALL).await),
        format!("{:?}", snapshot.count_artists().await),
        format!("{:?}", snapshot.participations(&ALL).await),
        format!("{:?}", snapshot.booths(None).await),
        format!("{:?}", snapshot.timetables().await),
        format!("{:?}", snapshot.published_timetable().await),
        format!("{:?}", snapshot.audit(None, 1000).await),
    ];
    let market = snapshot.market().await.expect("a market");
    view.push(format!(
        "{:?}",
        (
            market.meetings,
            market.wishes.len(),
            market.zones.len(),
            market.busy.len()
        )
    ));
    for version in snapshot.timetables().await.expect("versions") {
        view.push(format!("{:?}", snapshot.placements(version.id).await));
        view.push(format!("{:?}", snapshot.difference(version.id).await));
    }
    for buyer in &buyers {
        let meetings = snapshot
            .meetings_of_buyers(&[*buyer])
            .await
            .expect("meetings")
            .remove(buyer);
        view.push(format!("{buyer} {meetings:?}"));
        view.push(format!(
            "{:?}",
            snapshot
                .wishes_of(Side::Buyer, buyer.0)
                .await
                .map(|wishes| wishes.len())
        ));
    }
    for exhibitor in &exhibitors {
        let meetings = snapshot
            .meetings_of_exhibitors(&[*exhibitor])
            .await
            .expect("meetings")
            .remove(exhibitor);
        let artists = snapshot
            .artists_of(&[*exhibitor])
            .await
            .expect("artists")
            .remove(exhibitor);
        let staff = snapshot.facts().await.expect("facts").staff.get(exhibitor);
        view.push(format!("{exhibitor} {meetings:?} {artists:?} {staff:?}"));
    }
    for person in &ids.people {
        view.push(format!("{:?}", snapshot.taken(person.id).await));
    }
    view
}

#[tokio::test]
async fn nothing_of_another_event_shows() {
    on_both(async |ground| {
        let store = ground.store().await;
        let (tokyo, osaka) = (market("tokyo", SMALL), market("osaka", Size { buyers: 11, ..SMALL }));
        whole(&store, "tokyo", &tokyo).await;
        let before = view(&snapshot(&store, "tokyo").await, &tokyo).await;
        whole(&store, "osaka", &osaka).await;
        for (now, before) in view(&snapshot(&store, "tokyo").await, &tokyo).await.iter().zip(&before) {
            assert_eq!(now, before);
        }
        assert_ne!(view(&snapshot(&store, "osaka").await, &osaka).await, before);
    })
    .await;
}

#[tokio::test]
async fn ids_of_another_event_give_nothing() {
    on_both(async |ground| {
        let store = ground.store().await;
        let (tokyo, osaka) = (market("tokyo", SMALL), market("osaka", SMALL));
        whole(&store, "tokyo", &tokyo).await;
        whole(&store, "osaka", &osaka).await;
        let there = snapshot(&store, "osaka").await;
        let (version, meetings) = (
            timetable_id("osaka first"),
            there.market().await.expect("a market").meetings,
        );
        assert!(!meetings.is_empty() && there.timetable(version).await.expect("asked").is_some());
        let here = snapshot(&store, "tokyo").await;
        let buyers: Vec<BuyerId> = osaka.buyers.iter().map(|buyer| buyer.id).collect();
        let exhibitors: Vec<ExhibitorId> = osaka.exhibitors.iter().map(|exhibitor| exhibitor.id).collect();
        let people: Vec<PersonId> = osaka.people.iter().map(|person| person.id).collect();
        assert!(here.buyers_by_id(&buyers).await.expect("asked").is_empty());
        assert!(here.exhibitors_by_id(&exhibitors).await.expect("asked").is_empty());
        assert!(here.people(&people).await.expect("asked").is_empty());
        assert!(
            here.artist(ArtistId(osaka.artists[0].id.0))
                .await
                .expect("asked")
                .is_none()
        );
        assert!(here.artists_of(&exhibitors).await.expect("asked").is_empty());
        let staff = &here.facts().await.expect("asked").staff;
        assert!(!exhibitors.iter().any(|exhibitor| staff.contains_key(exhibitor)));
        assert!(here.booths(Some(&exhibitors)).await.expect("asked").is_empty());
        assert!(here.meetings_of_buyers(&buyers).await.expect("asked").is_empty());
        assert!(
            here.meetings_of_exhibitors(&exhibitors)
                .await
                .expect("asked")
                .is_empty()
        );
        assert!(here.meeting(meetings[0].id).await.expect("asked").is_none());
        assert!(here.timetable(version).await.expect("asked").is_none());
        assert!(here.certificate(version).await.expect("asked").is_none());
        assert!(here.placements(version).await.expect("asked").is_empty());
        assert!(
            here.wishes_of(Side::Buyer, buyers[0].0)
                .await
                .expect("asked")
                .is_empty()
        );
        for person in people {
            assert!(here.taken(person).await.expect("asked").is_empty());
            assert!(store.actor(event_id("tokyo"), person).await.expect("an actor").roles == domain::Roles::default());
        }
    })
    .await;
}

#[tokio::test]
async fn acts_do_not_reach_into_another_event() {
    on_both(async |ground| {
        let store = ground.store().await;
        let (tokyo, osaka) = (market("tokyo", SMALL), market("osaka", SMALL));
        whole(&store, "tokyo", &tokyo).await;
        whole(&store, "osaka", &osaka).await;
        let meeting: MeetingId = market_of(&store, "osaka").await.meetings[0].id;
        let before = super::ground::rows(&store).await;
        let (here, version) = (ctx(event_id("tokyo")), timetable_id("osaka second"));
        let not_found = |error: Error| assert!(matches!(error, Error::Refused(Refusal::NotFound)), "{error:?}");
        not_found(
            store
                .publish_timetable(&here, version, key("a"))
                .await
                .expect_err("refused"),
        );
        not_found(
            store
                .discard_timetable(&here, version, key("b"))
                .await
                .expect_err("refused"),
        );
        not_found(
            store
                .roll_back_timetable(&here, version, key("c"))
                .await
                .expect_err("refused"),
        );
        not_found(
            store
                .cancel_meeting(&here, Cancel::of(meeting), key("d"))
                .await
                .expect_err("refused"),
        );
        let pair = domain::wish::Pair {
            buyer: tokyo.buyers[5].id,
            exhibitor: osaka.exhibitors[0].id,
        };
        let command = domain::booking::BookMeeting {
            id: MeetingId(key("e")),
            pair,
            slot: 7,
        };
        not_found(store.book_meeting(&here, command).await.expect_err("refused"));
        // Files whose rows bear the ids of another event's rows take nothing over.
        let mut thief = market("tokyo", SMALL);
        thief.exhibitors[0].id = osaka.exhibitors[0].id;
        thief.exhibitors[0].code = "X99".to_owned();
        let error = store.import(&here, key("f"), thief).await.expect_err("refused");
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert_eq!(super::ground::rows(&store).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_persons_time_is_one_over_all_events() {
    on_both(async |ground| {
        let store = ground.store().await;
        let (tokyo, mut osaka) = (market("tokyo", SMALL), market("osaka", SMALL));
        store
            .import(&ctx(event_id("tokyo")), key("tokyo"), tokyo.clone())
            .await
            .expect("imported");
        let (person, span) = (
            tokyo.buyers[5].person,
            tokyo.event.clone().expect("an event").2[4].span(),
        );
        osaka.absences.push(sample::absence(person, "on stage in Osaka", span));
        store
            .import(&ctx(event_id("osaka")), key("osaka"), osaka)
            .await
            .expect("imported");
        let market = market_of(&store, "tokyo").await;
        assert!(span.cells().all(|cell| market.busy.contains(&(person, cell))));
        // What keeps the person there is not told.
        assert!(
            snapshot(&store, "tokyo")
                .await
                .taken(person)
                .await
                .expect("asked")
                .is_empty()
        );
        let mut again = tokyo.clone();
        again.absences = vec![sample::absence(person, "dentist", span)];
        let error = store
            .import(&ctx(event_id("tokyo")), key("again"), again)
            .await
            .expect_err("busy there");
        assert!(
            matches!(error, Error::Refused(Refusal::AlreadyOccupied { people: 1, .. })),
            "{error:?}"
        );
    })
    .await;
}
