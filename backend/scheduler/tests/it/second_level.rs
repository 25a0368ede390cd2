//! The second level: at the same value, fewer breaks and walks. Deliberately not here: how few are possible.

use crate::generate::{Mix, mixed};
use scheduler::check::check;
use scheduler::{Instance, Limits, PartySpec, RequestSpec, Timetable, solve};

/// Aiko meets two booths in hall A and two in hall B, in six slots of one day.
#[test]
fn a_free_day_has_no_breaks_and_one_walk() {
    let party = |id: &str, zone: Option<&str>| PartySpec {
        id: id.into(),
        capacity: vec![1; 6],
        compact: zone.is_none(),
        zone: zone.map(str::to_owned),
        ..PartySpec::default()
    };
    let parties = vec![
        party("Aiko", None),
        party("brewery", Some("A")),
        party("mill", Some("B")),
        party("bakery", Some("A")),
        party("dairy", Some("B")),
    ];
    let meeting = |k: u32| RequestSpec {
        id: format!("m{k}"),
        parties: vec![0, k],
        value: 5,
        ..RequestSpec::default()
    };
    let instance = Instance::new("day".into(), 6, vec![], parties, (1..5).map(meeting).collect()).expect("valid");
    for seed in 0..20 {
        let limits = Limits {
            seed,
            work: None,
            polish: Some(u64::MAX),
        };
        let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
        check(&instance, &timetable).expect("certified");
        assert!(timetable.proved_optimal());
        assert_eq!(
            timetable.breaks + timetable.dashes,
            1,
            "seed {seed}: a walk, or a break instead"
        );
        assert_eq!(
            timetable.least_breaks_and_dashes(&instance),
            1,
            "and it knows that this is least"
        );
    }
}

#[test]
fn tiny_instances_have_the_fewest_and_the_bound_is_one() {
    let (mut seen, mut fewest, mut known) = (0, 0, 0);
    for seed in 0..3000 {
        let instance = mixed(&Mix::TINY, seed);
        let limits = Limits {
            seed: 3,
            work: Some(4000),
            polish: Some(u64::MAX),
        };
        let Ok(timetable) = solve(&instance, &limits, &mut |_| false) else {
            continue;
        };
        let sum = timetable.breaks + timetable.dashes;
        let best = fewest_of_all(&instance, &mut timetable.clone(), 0);
        let least = timetable.least_breaks_and_dashes(&instance);
        assert!(least <= best, "bound {least} above {best}: {}", instance.to_json());
        if timetable.proved_optimal() {
            seen += 1;
            fewest += usize::from(sum == best);
            known += usize::from(least == best);
        }
    }
    println!("{seen} seen, {fewest} at the fewest, {known} where the bound says so");
    assert!(seen > 1000);
    assert!(fewest * 1000 >= seen * 990, "{fewest} of {seen} at the fewest");
    assert!(known * 100 >= seen * 80, "{known} of {seen} known");
}

/// The fewest breaks and dashes of any timetable of the same meetings, by trying all slots of all.
fn fewest_of_all(instance: &Instance, timetable: &mut Timetable, request: usize) -> u64 {
    let Some(r) = instance.requests().get(request) else {
        return second_level(instance, timetable);
    };
    if timetable.slot_of[request].is_none() {
        return fewest_of_all(instance, timetable, request + 1);
    }
    let home = timetable.slot_of[request];
    let mut best = u64::MAX;
    for slot in 0..instance.slots() {
        let allowed = r.slots.as_ref().is_none_or(|list| list.contains(&slot));
        let open = r.parties.iter().all(|&p| {
            let earlier = instance.requests()[..request].iter().zip(&timetable.slot_of);
            let load = earlier
                .filter(|(q, s)| **s == Some(slot) && q.parties.contains(&p))
                .count();
            load < instance.parties()[p as usize].capacity[usize::from(slot)] as usize
        });
        if allowed && open && r.fixed.is_none_or(|fixed| fixed == slot) {
            timetable.slot_of[request] = Some(slot);
            best = best.min(fewest_of_all(instance, timetable, request + 1));
        }
    }
    timetable.slot_of[request] = home;
    best
}

/// Breaks and dashes as the format defines them, counted plainly.
fn second_level(instance: &Instance, timetable: &Timetable) -> u64 {
    let zones_of = |r: usize| {
        let parties = instance.requests()[r].parties.iter();
        let mut zones: Vec<&String> = parties
            .filter_map(|&p| instance.parties()[p as usize].zone.as_ref())
            .collect();
        zones.dedup();
        zones
    };
    let mut sum = 0;
    for (p, party) in instance.parties().iter().enumerate() {
        let at = |slot: u16| {
            (0..instance.requests().len())
                .find(|&r| timetable.slot_of[r] == Some(slot) && instance.requests()[r].parties.contains(&(p as u32)))
        };
        let walks = party.zone.is_none() && party.capacity.iter().max() == Some(&1);
        let mut runs = 0;
        for slot in 0..instance.slots() {
            let opens = instance.days().contains(&slot);
            if opens {
                sum += u64::from(party.compact) * u64::saturating_sub(runs, 1);
                runs = 0;
            }
            let before = if opens { None } else { at(slot - 1) };
            let here = at(slot);
            runs += u64::from(here.is_some() && before.is_none());
            if let (true, Some(a), Some(b)) = (walks, before, here) {
                let (a, b) = (zones_of(a), zones_of(b));
                let known = |zones: &[&String]| !zones.is_empty() && zones.iter().all(|z| *z == zones[0]);
                sum += u64::from(known(&a) && known(&b) && a[0] != b[0]);
            }
        }
        sum += u64::from(party.compact) * u64::saturating_sub(runs, 1);
    }
    sum
}

#[test]
fn work_on_the_second_level_only_helps() {
    let mut seen = 0;
    for seed in 0..4 {
        let instance = crate::generate::market(150, 30, 24, 10, seed);
        let run = |work| {
            let limits = Limits {
                seed: 1,
                work: Some(work),
                polish: None,
            };
            let timetable = solve(&instance, &limits, &mut |_| false).expect("nothing is fixed");
            check(&instance, &timetable).expect("certified");
            timetable
        };
        let first = run(1);
        if first.proved_optimal() {
            let later = run(100_000);
            let sums = (first.breaks + first.dashes, later.breaks + later.dashes);
            assert_eq!(first.value, later.value);
            assert!(sums.1 * 4 < sums.0 * 3, "before and after: {sums:?}");
            seen += 1;
        }
    }
    assert!(seen > 0, "no instance was proved at once");
}
