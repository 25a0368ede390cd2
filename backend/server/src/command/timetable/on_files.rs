//! Verbs on files of the interchange format alone: no market, no database, no configuration. Whatever a file says
//! wrong is one sentence with the file's name and the place.

use super::{super::say, duration, gap, progress};
use crate::clock::{self, Stopwatch};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use scheduler::{
    Edit, Explanation, Frozen, Instance, Layout, Limits, Live, Reason, Remedy, Timetable, check, forecast,
};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// Most requests explained one by one when none is named.
const MAX_EXPLAINED: usize = 100;
/// How long to search where nothing is said.
const SECONDS: f64 = 10.0;

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// On files: solves an instance and writes the timetable with its certificate.
    Solve(Solve),
    /// On files: checks a timetable and its proof, believing nothing; exit code 1 and the first fault if it is wrong.
    Verify {
        /// The instance.
        instance: PathBuf,
        /// The timetable.
        timetable: PathBuf,
    },
    /// On files: says how two timetables of an instance differ.
    Compare {
        /// The instance.
        instance: PathBuf,
        /// The timetable before.
        before: PathBuf,
        /// The timetable after.
        after: PathBuf,
    },
    /// On files: value and bound if things were otherwise, from prices at once, or exactly with --seconds.
    WhatIf(WhatIf),
    /// On files: why requests are not held, and the cheapest change that would place each.
    Explain {
        /// The instance.
        instance: PathBuf,
        /// The timetable.
        timetable: PathBuf,
        /// Which request; all that are not held otherwise, 100 at most.
        request: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct Solve {
    /// The instance.
    instance: PathBuf,
    /// Where the timetable goes; nowhere if it is not said.
    #[arg(short, long)]
    out: Option<PathBuf>,
    /// How long to search; what is left of it once the value is proved goes into breaks and walks. Not said: 10
    /// seconds at most, and soon after the proof it ends.
    #[arg(long)]
    seconds: Option<f64>,
    /// A limit of work instead of time: the same on every machine.
    #[arg(long)]
    work: Option<u64>,
    /// The same seed and work give the same timetable to the byte.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often to say on standard error how far it is, in seconds; 0: never.
    #[arg(long, default_value_t = 1.0)]
    progress: f64,
}

#[derive(Args)]
pub(crate) struct WhatIf {
    /// The instance.
    instance: PathBuf,
    /// The timetable.
    timetable: PathBuf,
    /// What is otherwise, once or more: PARTY+N or PARTY-N (places in every slot it is there), PARTY@SLOT=N (places in
    /// one slot), close@SLOT, PARTY>=N:PENALTY (a floor), PARTY<=N (a most), withdraw=REQUEST.
    #[arg(long = "edit", required = true, value_name = "EDIT")]
    edits: Vec<String>,
    /// Search so long for an exact answer.
    #[arg(long)]
    seconds: Option<f64>,
}

pub(crate) fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Solve(verb) => solve(&verb)?,
        Verb::Verify { instance, timetable } => return verify(&instance, &timetable),
        Verb::Compare {
            instance,
            before,
            after,
        } => compare(&instance, &before, &after)?,
        Verb::WhatIf(verb) => what_if(&verb)?,
        Verb::Explain {
            instance,
            timetable,
            request,
        } => explain(&instance, &timetable, request.as_deref())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn read_instance(file: &Path) -> anyhow::Result<Instance> {
    Instance::from_json(&read(file)?).with_context(|| file.display().to_string())
}

fn read_timetable(file: &Path, instance: &Instance) -> anyhow::Result<Timetable> {
    Timetable::from_json(&read(file)?, instance).with_context(|| file.display().to_string())
}

/// A timetable and its instance; one that is not right is refused with the first fault.
fn read_both(instance: &Path, timetable: &Path) -> anyhow::Result<(Instance, Timetable)> {
    let read = read_instance(instance)?;
    let found = read_timetable(timetable, &read)?;
    check::check(&read, &found).with_context(|| timetable.display().to_string())?;
    Ok((read, found))
}

/// Searches until it is proved, the time is over or the work is done, and says on the way how far it is.
fn search(instance: &Instance, limits: &Limits, most: Duration, tell: Duration) -> anyhow::Result<Timetable> {
    let (watch, mut alarm, mut told) = (Stopwatch::start(), clock::alarm(most), Stopwatch::start());
    let mut stop = |now: &scheduler::Progress| {
        if !tell.is_zero() && told.elapsed() >= tell {
            told = Stopwatch::start();
            eprintln!("{}", progress(now.value, now.upper_bound, now.placed, watch.elapsed()));
        }
        limits.work.is_none() && alarm()
    };
    let found = scheduler::solve(instance, limits, &mut stop);
    let timetable = found.map_err(|infeasible| anyhow::anyhow!("no timetable exists: {infeasible}"))?;
    check::check(instance, &timetable).context("the timetable failed its own check")?;
    Ok(timetable)
}

fn solve(solve: &Solve) -> anyhow::Result<()> {
    let watch = Stopwatch::start();
    let instance = read_instance(&solve.instance)?;
    let limits = Limits {
        seed: solve.seed,
        work: solve.work,
        // Who names a limit wants it used.
        polish: (solve.seconds.is_some() || solve.work.is_some()).then_some(u64::MAX),
    };
    let timetable = search(
        &instance,
        &limits,
        duration(solve.seconds.unwrap_or(SECONDS))?,
        duration(solve.progress)?,
    )
    .with_context(|| solve.instance.display().to_string())?;
    if let Some(out) = &solve.out {
        std::fs::write(out, timetable.to_json(&instance))
            .with_context(|| format!("{} cannot be written", out.display()))?;
    }
    println!("{}, {:.3} s", sentence(&timetable), watch.elapsed().as_secs_f64());
    Ok(())
}

/// A timetable in one line.
fn sentence(timetable: &Timetable) -> String {
    format!(
        "placed {} of {}, value {}, bound {}, gap {:.4} %, breaks {}, dashes {}",
        timetable.placed(),
        timetable.slot_of.len(),
        timetable.value,
        timetable.upper_bound,
        timetable.gap() * 100.0,
        timetable.breaks,
        timetable.dashes,
    )
}

fn verify(instance: &Path, timetable: &Path) -> anyhow::Result<ExitCode> {
    let read = read_instance(instance)?;
    let found = read_timetable(timetable, &read)?;
    match check::check(&read, &found) {
        Ok(checked) => {
            println!("right: {}", sentence(&found));
            println!("the prices prove a bound of {}", checked.upper_bound);
            Ok(ExitCode::SUCCESS)
        }
        Err(wrong) => {
            eprintln!("{}: {wrong}", timetable.display());
            Ok(ExitCode::FAILURE)
        }
    }
}

fn compare(file: &Path, before: &Path, after: &Path) -> anyhow::Result<()> {
    let (instance, old) = read_both(file, before)?;
    let new = read_timetable(after, &instance)?;
    check::check(&instance, &new).with_context(|| after.display().to_string())?;
    let (mut moved, mut lost, mut added) = (0, 0, 0);
    let mut lines = String::new();
    for (request, slots) in instance.requests().iter().zip(old.slot_of.iter().zip(&new.slot_of)) {
        match slots {
            (Some(was), Some(is)) if was != is => {
                moved += 1;
                let _ = writeln!(lines, "moved {}: slot {was} → {is}", request.id);
            }
            (Some(was), None) => {
                lost += 1;
                let _ = writeln!(lines, "lost {}: slot {was}", request.id);
            }
            (None, Some(is)) => {
                added += 1;
                let _ = writeln!(lines, "added {}: slot {is}", request.id);
            }
            _ => {}
        }
    }
    let (old, new) = (sentence(&old), sentence(&new));
    let _ = writeln!(
        lines,
        "{moved} moved, {lost} lost, {added} added\nbefore: {old}\nafter:  {new}"
    );
    say(&lines)
}

fn what_if(asked: &WhatIf) -> anyhow::Result<()> {
    let (instance, timetable) = read_both(&asked.instance, &asked.timetable)?;
    let edits: Vec<Edit> = asked
        .edits
        .iter()
        .map(|text| edit(text, &instance).with_context(|| format!("--edit \"{text}\"")))
        .collect::<anyhow::Result<_>>()?;
    let edited = instance.edited(&edits)?;
    let seen = forecast(&instance, &timetable, &edited)?;
    let line = |what: &str, value: i64, bound: i64| {
        println!(
            "{what:<8} value {value}, bound {bound}, gap {:.4} %",
            gap(value, bound) * 100.0
        );
    };
    line("before", seen.value_before, seen.bound_before);
    line("at once", seen.value_repaired, seen.bound_after);
    if let Some(seconds) = asked.seconds {
        let limits = Limits {
            seed: 1,
            ..Limits::default()
        };
        let found = search(&edited, &limits, duration(seconds)?, Duration::from_secs(1))?;
        line("exactly", found.value, found.upper_bound.min(seen.bound_after));
        println!("{} placed before, {} exactly", timetable.placed(), found.placed());
    }
    Ok(())
}

/// One change of an instance, in words.
fn edit(text: &str, instance: &Instance) -> anyhow::Result<Edit> {
    let party = |name: &str| {
        let found = instance.parties().iter().position(|party| party.id == name);
        found
            .map(|p| p as u32)
            .with_context(|| format!("there is no party \"{name}\""))
    };
    let number = |digits: &str| {
        digits
            .parse::<u32>()
            .with_context(|| format!("\"{digits}\" is no whole number"))
    };
    let slot = |digits: &str| {
        digits
            .parse::<u16>()
            .with_context(|| format!("\"{digits}\" is no slot"))
    };
    if let Some(id) = text.strip_prefix("withdraw=") {
        let found = instance.requests().iter().position(|request| request.id == id);
        let request = found.with_context(|| format!("there is no request \"{id}\""))? as u32;
        return Ok(Edit::Withdraw { request });
    }
    if let Some(digits) = text.strip_prefix("close@") {
        return Ok(Edit::CloseSlot { slot: slot(digits)? });
    }
    if let Some((name, rest)) = text.split_once(">=") {
        let (min, penalty) = rest.split_once(':').context("a floor is PARTY>=N:PENALTY")?;
        return Ok(Edit::Floor {
            party: party(name)?,
            min: number(min)?,
            penalty: number(penalty)?,
        });
    }
    if let Some((name, most)) = text.split_once("<=") {
        return Ok(Edit::Most {
            party: party(name)?,
            max: Some(number(most)?),
        });
    }
    if let Some((name, rest)) = text.split_once('@') {
        let (at, places) = rest.split_once('=').context("places in one slot are PARTY@SLOT=N")?;
        let at = slot(at)?;
        return Ok(Edit::Capacity {
            party: party(name)?,
            slots: at..at.saturating_add(1),
            capacity: number(places)?,
        });
    }
    // Names may hold signs themselves: the last one counts.
    let at = text.rfind(['+', '-']);
    let at = at
        .filter(|&at| at > 0)
        .context("it is none of the forms that --help shows")?;
    let by = text[at..].parse::<i32>();
    Ok(Edit::Places {
        party: party(&text[..at])?,
        slots: 0..instance.slots(),
        by: by.with_context(|| format!("\"{}\" is no number of places", &text[at..]))?,
    })
}

fn explain(file: &Path, timetable: &Path, request: Option<&str>) -> anyhow::Result<()> {
    let (instance, timetable) = read_both(file, timetable)?;
    let waits = |r: &usize| timetable.slot_of[*r].is_none();
    let asked: Vec<usize> = match request {
        Some(id) => {
            let found = instance.requests().iter().position(|request| request.id == id);
            vec![found.with_context(|| format!("{}: there is no request \"{id}\"", file.display()))?]
        }
        None => (0..instance.requests().len()).filter(waits).collect(),
    };
    let layout = Layout::new(&instance);
    let mut live = Live::new(&layout, &timetable.slot_of, &timetable.prices, Frozen::default())?;
    let mut lines = String::new();
    for &request in asked.iter().take(MAX_EXPLAINED) {
        let found = live.explain(request as u32)?;
        if let Err(fault) = check::check_explanation(&instance, &timetable, &found) {
            bail!("the reason failed its own check: {fault}");
        }
        let id = &instance.requests()[request].id;
        let _ = writeln!(lines, "{id}: {}", reason(&instance, &found));
        if let Some(remedy) = &found.remedy {
            let _ = writeln!(lines, "  {}", way_out(&instance, remedy));
        }
    }
    if asked.len() > MAX_EXPLAINED {
        let more = asked.len() - MAX_EXPLAINED;
        let _ = writeln!(lines, "… and {more} more; name one to hear of it");
    }
    say(&lines)
}

/// Names of parties, each once, in order.
fn names(instance: &Instance, parties: impl Iterator<Item = u32>) -> String {
    let mut parties: Vec<u32> = parties.collect();
    parties.sort_unstable();
    parties.dedup();
    let names = parties.iter().map(|&p| instance.parties()[p as usize].id.as_str());
    names.collect::<Vec<_>>().join(", ")
}

fn reason(instance: &Instance, found: &Explanation) -> String {
    let why = match &found.reason {
        Reason::Held { slot } => format!("held in slot {slot}"),
        Reason::NoCommonSlot { absent } => format!(
            "no slot in which all are there; absent by turns: {}",
            names(instance, absent.iter().flatten().copied())
        ),
        Reason::PartyFull { party, top } => format!(
            "{} has all {top} meetings it may or can have",
            instance.parties()[*party as usize].id
        ),
        Reason::NoFreeSlot { full } => format!(
            "all {} common slots are taken, by turns at {}",
            full.len(),
            names(instance, full.iter().map(|(_, party)| *party))
        ),
        Reason::Free { slots } => format!("free in {} slots, the first is {}", slots.len(), slots[0]),
    };
    match found.most {
        Some(most) => format!("{why}; no timetable with it is worth more than {most}"),
        None => format!("{why}; no timetable can hold it"),
    }
}

fn way_out(instance: &Instance, remedy: &Remedy) -> String {
    let (what, change) = match remedy {
        Remedy::Moves(change) => (format!("it fits if {} others move", change.moved()), change),
        Remedy::Exchange { change, costs } => (format!("it fits if others give way, at a cost of {costs}"), change),
        Remedy::Room { party, slot, change } => {
            let name = &instance.parties()[*party as usize].id;
            let what = match slot {
                Some(slot) => format!("one more place at {name} in slot {slot} would do"),
                None => format!("one more meeting allowed to {name} would do"),
            };
            (what, change)
        }
    };
    let at = |slot: Option<u16>| slot.map_or_else(|| "—".to_owned(), |slot| slot.to_string());
    let steps = change.moves.iter().map(|step| {
        let id = &instance.requests()[step.request as usize].id;
        format!("{id} {} → {}", at(step.from), at(step.to))
    });
    format!("{what}: {}", steps.collect::<Vec<_>>().join(", "))
}
