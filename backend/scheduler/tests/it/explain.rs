//! Explanations: every unplaced request's is replayed by the independent check, agrees with brute force on tiny
//! instances, and is refused when anything in it is falsified. Deliberately not here: how a remedy is found.

use crate::brute::{drawn, each, frozen, stays, unpriced};
use crate::generate::{Lot, Mix, market, mixed};
use scheduler::check::{check, check_explanation};
use scheduler::{
    Explanation, Frozen, Instance, Layout, Limits, Live, PartySpec, Prices, Reason, Remedy, RequestSpec, Timetable,
    solve,
};
use std::collections::BTreeMap;

/// Explains everything and replays it; returns the explanations of what waits.
fn explained(instance: &Instance, timetable: &Timetable, frozen: &Frozen) -> Vec<Explanation> {
    let layout = Layout::new(instance);
    let mut live =
        Live::new(&layout, &timetable.slot_of, &timetable.prices, frozen.clone()).expect("the timetable fits");
    let mut found = Vec::new();
    for r in 0..timetable.slot_of.len() {
        let explanation = live.explain(r as u32).expect("there is such a request");
        check_explanation(instance, timetable, &explanation)
            .unwrap_or_else(|fault| panic!("{explanation}: {fault}: {}", instance.to_json()));
        let mut fresh =
            Live::new(&layout, &timetable.slot_of, &timetable.prices, frozen.clone()).expect("the timetable fits");
        assert_eq!(
            fresh.explain(r as u32).as_ref(),
            Ok(&explanation),
            "it depends on what was asked before"
        );
        let held = matches!(explanation.reason, Reason::Held { .. });
        assert_eq!(held, timetable.slot_of[r].is_some());
        if let Some(Remedy::Moves(change) | Remedy::Exchange { change, .. }) = &explanation.remedy {
            for m in &change.moves {
                assert!(!stays(instance, frozen, m.request as usize, m.from), "{explanation}");
                assert!(m.to.is_none_or(|slot| slot >= frozen.before_slot));
            }
        }
        if !held {
            found.push(explanation);
        }
    }
    assert_eq!(live.slot_of(), timetable.slot_of, "a question changes nothing");
    found
}

/// A drawn timetable with the prices of a short run, which need not fit it well.
fn priced(instance: &Instance, seed: u64) -> Option<Timetable> {
    let mut lot = Lot::new(seed + 5);
    let slot_of = drawn(instance, &mut lot)?;
    let limits = Limits {
        seed,
        work: Some(50),
        polish: None,
    };
    let prices = solve(instance, &limits, &mut |_| false).ok()?.prices;
    Some(Timetable {
        prices,
        ..unpriced(&slot_of)
    })
}

#[test]
fn every_explanation_of_small_instances_is_replayed() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..800 {
        let mix = [Mix::SMALL, Mix::TINY, Mix::LONG][seed as usize % 3];
        let instance = mixed(&mix, seed);
        let Some(timetable) = priced(&instance, seed) else {
            continue;
        };
        let frozen = frozen(&instance, &mut Lot::new(seed));
        for explanation in explained(&instance, &timetable, &frozen) {
            let reason = match explanation.reason {
                Reason::Held { .. } => "held",
                Reason::NoCommonSlot { .. } => "no common slot",
                Reason::PartyFull { .. } => "party full",
                Reason::NoFreeSlot { .. } => "no free slot",
                Reason::Free { .. } => "free",
            };
            let remedy = match explanation.remedy {
                Some(Remedy::Moves(_)) => "moves",
                Some(Remedy::Exchange { .. }) => "exchange",
                Some(Remedy::Room { slot: Some(_), .. }) => "room in a slot",
                Some(Remedy::Room { slot: None, .. }) => "room in all",
                None => "none",
            };
            *kinds.entry(reason).or_default() += 1;
            *kinds.entry(remedy).or_default() += 1;
        }
    }
    println!("{kinds:?}");
    assert!(kinds.len() == 9 && kinds.values().all(|&n| n > 20), "{kinds:?}");
}

/// The most is that of brute force or above; an exchange costs no more than the best in which nobody moves, and is
/// nearly always the best there is with moves.
#[test]
fn on_tiny_instances_the_most_holds_and_exchanges_are_cheap() {
    let (mut exchanges, mut cheapest) = (0, 0);
    for seed in 0..1500 {
        let instance = mixed(&Mix::TINY, seed);
        let Some(timetable) = priced(&instance, seed) else {
            continue;
        };
        let value = worth(&instance, &timetable.slot_of);
        let all = || (0..instance.slots()).map(Some);
        let count = timetable.slot_of.len();
        let any: Vec<Vec<Option<u16>>> = (0..count)
            .map(|_| std::iter::once(None).chain(all()).collect())
            .collect();
        let mut best = vec![i64::MIN; count];
        each(&instance, &any, &mut |slot_of| {
            // A timetable holds what is fixed.
            if instance
                .requests()
                .iter()
                .zip(slot_of)
                .any(|(q, slot)| q.fixed.is_some() && slot.is_none())
            {
                return;
            }
            let worth = worth(&instance, slot_of);
            for r in (0..count).filter(|&r| slot_of[r].is_some()) {
                best[r] = best[r].max(worth);
            }
        });
        for explanation in explained(&instance, &timetable, &Frozen::default()) {
            let r = explanation.request as usize;
            match explanation.most {
                Some(most) => assert!(best[r] <= most),
                None => assert_eq!(best[r], i64::MIN),
            }
            let Some(Remedy::Exchange { change, costs }) = &explanation.remedy else {
                continue;
            };
            let least = |moving: bool| {
                let place = |(k, &slot): (usize, &Option<u16>)| match slot {
                    None if k == r => all().collect(),
                    Some(_) if instance.requests()[k].fixed.is_none() => {
                        let moved = all().filter(|&s| moving && s != slot);
                        [None, slot].into_iter().chain(moved).collect()
                    }
                    slot => vec![slot],
                };
                let places: Vec<Vec<Option<u16>>> = timetable.slot_of.iter().enumerate().map(place).collect();
                let mut least = i64::MAX;
                each(&instance, &places, &mut |slot_of| {
                    least = least.min(value - worth(&instance, slot_of));
                });
                least.max(0)
            };
            let after = change.onto(&timetable.slot_of).expect("its own");
            assert_eq!(value + change.value, worth(&instance, &after));
            assert!(*costs <= least(false), "{explanation}: {}", instance.to_json());
            exchanges += 1;
            cheapest += usize::from(*costs == least(true));
        }
    }
    println!("{exchanges} exchanges, {cheapest} the cheapest there are");
    assert!(exchanges > 300);
    assert!(cheapest * 100 >= exchanges * 97, "{cheapest} of {exchanges}");
}

fn worth(instance: &Instance, slot_of: &[Option<u16>]) -> i64 {
    let mut count = vec![0u32; instance.parties().len()];
    let mut worth = 0;
    for (r, _) in instance
        .requests()
        .iter()
        .zip(slot_of)
        .filter(|(_, slot)| slot.is_some())
    {
        worth += i64::from(r.value);
        r.parties.iter().for_each(|&p| count[p as usize] += 1);
    }
    let short = |(p, &n): (&PartySpec, &u32)| {
        i64::from(p.min.unwrap_or(0).saturating_sub(n)) * i64::from(p.min_penalty.unwrap_or(0))
    };
    worth - instance.parties().iter().zip(&count).map(short).sum::<i64>()
}

#[test]
fn a_market_is_explained_and_a_falsified_explanation_refused() {
    let instance = market(120, 12, 10, 8, 4);
    let limits = Limits {
        seed: 1,
        work: Some(2000),
        polish: None,
    };
    let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
    check(&instance, &timetable).expect("certified");
    let found = explained(&instance, &timetable, &Frozen::default());
    assert!(found.len() > 50);
    for explanation in found {
        assert!(explanation.most.is_none_or(|most| most <= timetable.upper_bound));
        refuse_all(&instance, &timetable, &explanation);
    }
}

#[test]
fn falsified_explanations_of_small_instances_are_refused() {
    for seed in 0..300 {
        let instance = mixed(&Mix::SMALL, seed);
        let Some(timetable) = priced(&instance, seed) else {
            continue;
        };
        for explanation in explained(&instance, &timetable, &Frozen::default()) {
            refuse_all(&instance, &timetable, &explanation);
        }
    }
}

/// Every way to falsify an explanation that leaves it of its kind.
fn refuse_all(instance: &Instance, timetable: &Timetable, right: &Explanation) {
    let mut falsified: Vec<(&str, Explanation)> = Vec::new();
    let mut plant = |what, change: &dyn Fn(&mut Explanation)| {
        let mut wrong = right.clone();
        change(&mut wrong);
        if wrong != *right {
            falsified.push((what, wrong));
        }
    };
    let held = timetable.slot_of.iter().position(Option::is_some).unwrap_or(0) as u32;
    if timetable.slot_of[held as usize].is_some() {
        plant("another request", &|e| e.request = held);
    }
    plant("no such request", &|e| e.request = u32::MAX);
    plant("held", &|e| e.reason = Reason::Held { slot: 0 });
    plant("more", &|e| e.most = e.most.map(|m| m + 1));
    plant("less", &|e| e.most = e.most.map(|m| m - 1));
    plant("some or none", &|e| {
        e.most = if e.most.is_some() { None } else { Some(0) }
    });
    let outside = (0..instance.parties().len() as u32)
        .find(|p| !instance.requests()[right.request as usize].parties.contains(p))
        .unwrap_or(u32::MAX);
    plant("reason", &|e| match &mut e.reason {
        Reason::Held { slot } => *slot += 1,
        Reason::NoCommonSlot { absent } => absent[0] = Some(outside),
        Reason::PartyFull { top, .. } => *top += 1,
        Reason::NoFreeSlot { full } => full[0].1 = outside,
        Reason::Free { slots } => slots[0] = u16::MAX,
    });
    plant("party", &|e| match &mut e.reason {
        Reason::PartyFull { party, .. } => *party = outside,
        Reason::NoCommonSlot { absent } => drop(absent.pop()),
        Reason::NoFreeSlot { full } => drop(full.pop()),
        Reason::Free { slots } => drop(slots.pop()),
        Reason::Held { .. } => {}
    });
    plant("other reason", &|e| e.reason = Reason::Free { slots: vec![] });
    plant("other reason", &|e| {
        e.reason = Reason::NoCommonSlot { absent: vec![None; 3] }
    });
    plant("dearer", &|e| {
        if let Some(Remedy::Exchange { costs, .. }) = &mut e.remedy {
            *costs += 1;
        }
    });
    plant("more room", &|e| {
        if let Some(Remedy::Room { party, .. }) = &mut e.remedy {
            *party = outside;
        }
    });
    let mut twist = |what, change: &dyn Fn(&mut scheduler::Change)| {
        plant(what, &|e| match &mut e.remedy {
            Some(Remedy::Moves(c) | Remedy::Exchange { change: c, .. } | Remedy::Room { change: c, .. }) => change(c),
            None => {}
        });
    };
    twist("value", &|c| c.value += 1);
    twist("breaks", &|c| c.breaks += 1);
    twist("dashes", &|c| c.dashes -= 1);
    twist("whom to tell", &|c| c.disturbed.push(u32::MAX));
    twist("the newcomer left out", &|c| {
        c.moves.retain(|m| m.request != right.request);
    });
    twist("from elsewhere", &|c| c.moves[0].from = Some(u16::MAX));
    twist("to nowhere", &|c| c.moves.iter_mut().for_each(|m| m.to = None));
    twist("to a slot that is not", &|c| c.moves[0].to = Some(u16::MAX));
    twist("twice", &|c| c.moves.push(c.moves[0]));
    for (what, wrong) in falsified {
        let verdict = check_explanation(instance, timetable, &wrong);
        assert!(verdict.is_err(), "{what}: {wrong:?} though {right:?}");
    }
}

/// Aiko and Ben want the brewery's only table in the only slot: one more table is not the cheapest remedy while
/// somebody can give way, but it is when nobody may.
#[test]
fn one_more_place_is_named_when_nobody_may_give_way() {
    let party = |id: &str| PartySpec {
        id: id.into(),
        capacity: vec![1],
        zone: (id == "brewery").then(|| "A".into()),
        ..PartySpec::default()
    };
    let wish = |id: &str, who: u32, value| RequestSpec {
        id: id.into(),
        parties: vec![who, 2],
        value,
        ..RequestSpec::default()
    };
    let parties = vec![party("Aiko"), party("Ben"), party("brewery")];
    let requests = vec![wish("Aiko tastes", 0, 9), wish("Ben tastes", 1, 7)];
    let instance = Instance::new("one table".into(), 1, vec![], parties, requests).expect("valid");
    let timetable = Timetable {
        prices: Prices::default(),
        ..unpriced(&[Some(0), None])
    };
    let told = |requests: Vec<bool>| {
        let frozen = Frozen {
            requests,
            before_slot: 0,
        };
        explained(&instance, &timetable, &frozen)[0].to_string()
    };
    assert_eq!(
        told(vec![]),
        "request 1: party 2 has its most already, 1 in all; it could be held if 1 other gave way, which costs 2; no \
         timetable with it is worth more than 16"
    );
    assert_eq!(
        told(vec![true, false]),
        "request 1: party 2 has its most already, 1 in all; it could be held if party 2 had one more place in slot \
         0; no timetable with it is worth more than 16"
    );
}
