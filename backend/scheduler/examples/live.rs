//! Measures the live operations on a file: `live INSTANCE [--seconds S]` solves it, then asks every question about
//! everybody and prints a table of times. Deliberately not a benchmark against anything: the promise is in absolute
//! figures. Every question is asked three times, and the middle time counts.

use scheduler::check::check_explanation;
use scheduler::{
    Edit, FreedRoom, Frozen, InsertTerms, Insertion, Instance, Layout, Limits, Live, Remedy, Repair, RepairTerms,
    Timetable, repair, solve,
};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Most questions of a kind; of more, every so many-th is asked.
const MOST_ASKED: usize = 2000;
const MOST_DISTURBED: usize = 400;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|k| args.get(k + 1));
    let input = args.first().ok_or("usage: live INSTANCE [--seconds S]")?;
    let end = Duration::from_secs_f64(option("--seconds").map_or(Ok(1.0), |s| s.parse())?);
    let instance = Instance::from_json(&std::fs::read_to_string(input)?)?;
    let start = now();
    let timetable = solve(
        &instance,
        &Limits {
            seed: 1,
            work: None,
            polish: None,
        },
        &mut |_| start.elapsed() >= end,
    )?;
    report(&format!(
        "{}: {} requests, {} held, value {} of at most {}",
        instance.name(),
        instance.requests().len(),
        timetable.placed(),
        timetable.value,
        timetable.upper_bound
    ));
    report(&format!(
        "{:24}{:>8}{:>12}{:>12}{:>12}",
        "", "times", "p50", "p99", "max"
    ));
    ask(&instance, &timetable)?;
    book_all(&instance, &timetable)?;
    disturb(&instance, &timetable)
}

/// Insert one after the other from an empty timetable, each applied, as if everybody booked for themselves.
fn book_all(instance: &Instance, timetable: &Timetable) -> Result<(), Failure> {
    let layout = Layout::new(instance);
    let nobody = vec![None; timetable.slot_of.len()];
    let mut live = Live::new(&layout, &nobody, &timetable.prices, Frozen::default())?;
    let mut times = Vec::new();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for r in 0..nobody.len() {
        let insertion = timed(&mut times, || Ok(live.insert(r as u32, &InsertTerms::default())?))?;
        if let Insertion::Placed { change, .. } = &insertion {
            live.apply(change)?;
        }
        *outcomes.entry(insertion.to_string()).or_default() += 1;
    }
    row("insert, from empty", &mut times);
    report(&format!("    {outcomes:?}; value {}", live.value()));
    Ok(())
}

/// Suggest, insert and explain for every waiting request; suggest for every held one too, as if it waited.
fn ask(instance: &Instance, timetable: &Timetable) -> Result<(), Failure> {
    let layout = Layout::new(instance);
    let begin = now();
    let mut live = Live::new(&layout, &timetable.slot_of, &timetable.prices, Frozen::default())?;
    let opening = begin.elapsed();
    let waiting = |r: &usize| timetable.slot_of[*r].is_none();
    let waiting: Vec<u32> = (0..instance.requests().len())
        .filter(waiting)
        .map(|r| r as u32)
        .collect();
    let waiting = sample(waiting, MOST_ASKED);
    let mut times = Vec::new();
    let mut rooms = timetable.slot_of.clone();
    for r in (0..rooms.len()).step_by(16) {
        rooms[r] = None;
    }
    let roomy = Live::new(&layout, &rooms, &timetable.prices, Frozen::default())?;
    for r in (0..rooms.len()).filter(|&r| rooms[r].is_none()) {
        timed(&mut times, || Ok(roomy.suggest(r as u32)?))?;
    }
    row("suggest", &mut times);
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for &r in &waiting {
        let insertion = timed(&mut times, || Ok(live.insert(r, &InsertTerms::default())?))?;
        let name = match insertion {
            Insertion::Placed { moved, at_least, .. } => format!("{moved} moves (at least {at_least})"),
            other => other.to_string(),
        };
        *outcomes.entry(name).or_default() += 1;
    }
    row("insert", &mut times);
    report(&format!("    {outcomes:?}"));
    outcomes.clear();
    let mut explanations = Vec::new();
    for &r in &waiting {
        explanations.push(timed(&mut times, || Ok(live.explain(r)?))?);
    }
    row("explain", &mut times);
    for explanation in &explanations {
        timed(&mut times, || Ok(check_explanation(instance, timetable, explanation)?))?;
        let name = match explanation.remedy {
            Some(Remedy::Moves(_)) => "moves",
            Some(Remedy::Exchange { .. }) => "exchange",
            Some(Remedy::Room { .. }) => "room",
            None => "no remedy",
        };
        *outcomes.entry(name.to_owned()).or_default() += 1;
    }
    row("check explanation", &mut times);
    report(&format!("    {outcomes:?}; opening took {opening:?}"));
    for (r, slot) in timetable.slot_of.iter().enumerate() {
        if slot.is_some() {
            let absent = instance.requests()[r].parties[0];
            timed(&mut times, || Ok(live.standby(r as u32, absent)?))?;
        }
    }
    row("standby", &mut times);
    Ok(())
}

/// Every disturbance to every party; the time includes editing and laying out the instance.
fn disturb(instance: &Instance, timetable: &Timetable) -> Result<(), Failure> {
    let slots = instance.slots();
    let all: Vec<u32> = (0..instance.parties().len() as u32).collect();
    let capacity = |party, slots, capacity| Edit::Capacity { party, slots, capacity };
    let shared = |p: &u32| instance.parties()[*p as usize].capacity.iter().any(|&c| c > 1);
    let tables: Vec<u32> = all.iter().copied().filter(shared).collect();
    let people: Vec<u32> = all.iter().copied().filter(|p| !shared(p)).collect();
    let fewer = |party, from| Edit::Places {
        party,
        slots: from..slots,
        by: -1,
    };
    let cases: [(&str, Vec<Edit>); 6] = [
        (
            "booth closed",
            tables.iter().map(|&p| capacity(p, slots / 2..slots, 0)).collect(),
        ),
        ("table lost, all day", tables.iter().map(|&p| fewer(p, 0)).collect()),
        (
            "one ill, from noon",
            tables.iter().map(|&p| fewer(p, slots / 4)).collect(),
        ),
        (
            "late arrival",
            people.iter().map(|&p| capacity(p, 0..slots / 5, 0)).collect(),
        ),
        (
            "early departure",
            people
                .iter()
                .map(|&p| capacity(p, slots - slots / 5..slots, 0))
                .collect(),
        ),
        (
            "cancel",
            (0..instance.requests().len() as u32)
                .map(|request| Edit::Withdraw { request })
                .collect(),
        ),
    ];
    for (name, edits) in cases {
        let mut times = Vec::new();
        let mut sums = [0usize; 5];
        for edit in sample(edits, MOST_DISTURBED) {
            let found = timed(&mut times, || answer(instance, timetable, &edit))?;
            let change = &found.change;
            let counts = [
                found.forced.len(),
                change.moved(),
                change.lost(),
                change.added(),
                found.at_least,
            ];
            sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        }
        row(name, &mut times);
        let [forced, moved, lost, added, at_least] = sums;
        report(&format!(
            "    in all {forced} forced, {moved} moved, {lost} lost, {added} added, at least {at_least}"
        ));
    }
    Ok(())
}

/// At most so many of a list, spread over all of it.
fn sample<T>(list: Vec<T>, most: usize) -> Vec<T> {
    let step = list.len().div_ceil(most).max(1);
    list.into_iter().step_by(step).collect()
}

/// Asks the same three times; the middle time counts, so that what else the machine does is hardly measured.
fn timed<T>(times: &mut Vec<Duration>, mut ask: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
    let mut three = [Duration::ZERO; 3];
    let mut answer = None;
    for time in &mut three {
        let begin = now();
        let found = ask()?;
        *time = begin.elapsed();
        answer = Some(found);
    }
    three.sort_unstable();
    times.push(three[1]);
    answer.ok_or_else(|| "nothing was asked".into())
}

fn answer(instance: &Instance, timetable: &Timetable, edit: &Edit) -> Result<Repair, Failure> {
    let edited = instance.edited(std::slice::from_ref(edit))?;
    let terms = RepairTerms {
        most_moved: 40,
        room: FreedRoom::Fill,
        ..RepairTerms::default()
    };
    Ok(repair(
        &Layout::new(&edited),
        &timetable.slot_of,
        &timetable.prices,
        &terms,
    )?)
}

#[expect(clippy::disallowed_methods, reason = "an example may look at the clock")]
fn now() -> Instant {
    Instant::now()
}

fn row(name: &str, times: &mut Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1)));
    let show = |share| at(share).map_or_else(String::new, |t| format!("{t:.1?}"));
    report(&format!(
        "{name:24}{:>8}{:>12}{:>12}{:>12}",
        times.len(),
        show(0.5),
        show(0.99),
        show(1.0)
    ));
    times.clear();
}

#[expect(clippy::print_stdout, reason = "an example's only output")]
fn report(line: &str) {
    println!("{line}");
}
