//! A peer to be measured against: plain simulated annealing, `annealing INSTANCE OUT [--seconds S] [--seed N] [--report
//! FILE]`. A meeting is put or moved into a slot; whom it pushes out tries one free slot elsewhere; the whole step is
//! kept or undone by temperature. No bound. Deliberately not here: any code of the scheduler beyond reading instances.

use scheduler::{Instance, RequestSpec};
use serde_json::{Value, json};
use std::time::Instant;

/// Steps between two looks at the clock.
const STEPS_A_LOOK: u32 = 512;
/// First and last temperature, in mean values of a request.
const HOT: f64 = 0.15;
const COLD: f64 = 0.006;
/// Of a thousand steps, so many try a request that is not held; the others any.
const NEW: u64 = 300;
/// Of a thousand steps on a held meeting, so many drop it; the others move it.
const DROPS: u64 = 50;
const NOWHERE: u16 = u16::MAX;

struct State<'a> {
    instance: &'a Instance,
    slots: usize,
    /// Slots a request may be held in.
    open: Vec<Vec<u16>>,
    slot_of: Vec<u16>,
    /// By party and slot: the requests held there; and by request and member: the place in that list.
    held: Vec<Vec<u32>>,
    /// By party and slot: how many more may be held.
    room: Vec<u32>,
    place: Vec<[u32; 8]>,
    count: Vec<u32>,
    /// The requests not held, and by request: its place in that list.
    waiting: Vec<u32>,
    waiting_at: Vec<u32>,
    value: i64,
    /// Changes since the last accepted step: request and the slot it was in.
    undo: Vec<(u32, u16)>,
    dice: u64,
}

impl<'a> State<'a> {
    fn new(instance: &'a Instance, seed: u64) -> State<'a> {
        let (parties, requests) = (instance.parties(), instance.requests());
        let slots = usize::from(instance.slots());
        let fits = |r: &RequestSpec, s: u16| {
            r.parties
                .iter()
                .all(|&p| parties[p as usize].capacity[usize::from(s)] > 0)
        };
        let open = |r: &RequestSpec| match (r.fixed, &r.slots) {
            (Some(fixed), _) => vec![fixed],
            (None, Some(list)) => list.iter().copied().filter(|&s| fits(r, s)).collect(),
            (None, None) => (0..instance.slots()).filter(|&s| fits(r, s)).collect(),
        };
        let missing = parties
            .iter()
            .map(|p| i64::from(p.min.unwrap_or(0)) * i64::from(p.min_penalty.unwrap_or(0)));
        State {
            instance,
            slots,
            open: requests.iter().map(open).collect(),
            slot_of: vec![NOWHERE; requests.len()],
            held: vec![Vec::new(); parties.len() * slots],
            room: parties.iter().flat_map(|p| p.capacity.iter().copied()).collect(),
            place: vec![[0; 8]; requests.len()],
            count: vec![0; parties.len()],
            waiting: (0..requests.len() as u32).collect(),
            waiting_at: (0..requests.len() as u32).collect(),
            value: -missing.sum::<i64>(),
            undo: Vec::new(),
            dice: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        }
    }

    /// The instance outlives the state, so a request may be read while the state changes.
    fn request(&self, r: u32) -> &'a RequestSpec {
        &self.instance.requests()[r as usize]
    }

    fn below(&mut self, n: usize) -> usize {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        ((self.dice >> 11) % n.max(1) as u64) as usize
    }

    fn put(&mut self, r: u32, slot: u16) {
        let request = self.request(r);
        for (k, &p) in request.parties.iter().enumerate() {
            let cell = p as usize * self.slots + usize::from(slot);
            self.room[cell] -= 1;
            let list = &mut self.held[cell];
            self.place[r as usize][k] = list.len() as u32;
            list.push(r);
            let party = &self.instance.parties()[p as usize];
            if self.count[p as usize] < party.min.unwrap_or(0) {
                self.value += i64::from(party.min_penalty.unwrap_or(0));
            }
            self.count[p as usize] += 1;
        }
        let place = self.waiting_at[r as usize] as usize;
        self.waiting.swap_remove(place);
        if let Some(&moved) = self.waiting.get(place) {
            self.waiting_at[moved as usize] = place as u32;
        }
        self.slot_of[r as usize] = slot;
        self.value += i64::from(request.value);
    }

    fn take(&mut self, r: u32) {
        let request = self.request(r);
        let slot = self.slot_of[r as usize];
        for (k, &p) in request.parties.iter().enumerate() {
            let place = self.place[r as usize][k];
            let cell = p as usize * self.slots + usize::from(slot);
            self.room[cell] += 1;
            let list = &mut self.held[cell];
            list.swap_remove(place as usize);
            if let Some(&moved) = list.get(place as usize) {
                let member = self.request(moved).parties.iter().position(|&q| q == p);
                self.place[moved as usize][member.unwrap_or(0)] = place;
            }
            let party = &self.instance.parties()[p as usize];
            self.count[p as usize] -= 1;
            if self.count[p as usize] < party.min.unwrap_or(0) {
                self.value -= i64::from(party.min_penalty.unwrap_or(0));
            }
        }
        self.waiting_at[r as usize] = self.waiting.len() as u32;
        self.waiting.push(r);
        self.slot_of[r as usize] = NOWHERE;
        self.value -= i64::from(request.value);
    }

    /// Changes a request's slot, to be undone if the step is not kept.
    fn change(&mut self, r: u32, slot: u16) {
        let before = self.slot_of[r as usize];
        self.undo.push((r, before));
        if before != NOWHERE {
            self.take(r);
        }
        if slot != NOWHERE {
            self.put(r, slot);
        }
    }

    fn is_full(&self, p: u32, slot: u16) -> bool {
        self.room[p as usize * self.slots + usize::from(slot)] == 0
    }

    fn is_sated(&self, p: u32) -> bool {
        let most = self.instance.parties()[p as usize].max;
        most.is_some_and(|most| self.count[p as usize] >= most)
    }

    /// The first open slot, from a random one on, in which nobody has to leave.
    fn free_slot(&mut self, r: u32) -> Option<u16> {
        let request = self.request(r);
        if request.parties.iter().any(|&p| self.is_sated(p)) {
            return None;
        }
        let count = self.open[r as usize].len();
        let start = self.below(count);
        (0..count)
            .map(|k| self.open[r as usize][(start + k) % count])
            .find(|&s| request.parties.iter().all(|&p| !self.is_full(p, s)))
    }

    /// Somebody of the party who may leave: one in the slot, or (a party that has enough) one in any slot.
    fn victim(&mut self, p: u32, slot: Option<u16>) -> Option<u32> {
        let tries = if slot.is_some() { 1 } else { self.slots };
        let from = slot.map_or_else(|| self.below(self.slots), usize::from);
        (0..tries).find_map(|k| {
            let cell = p as usize * self.slots + (from + k) % self.slots;
            let count = self.held[cell].len();
            let place = self.below(count);
            let r = *self.held[cell].get(place)?;
            self.request(r).fixed.is_none().then_some(r)
        })
    }

    /// Puts `r` into `slot` and makes room; false if that cannot be.
    fn insert(&mut self, r: u32, slot: u16) -> bool {
        let request = self.request(r);
        if self.slot_of[r as usize] != NOWHERE {
            self.change(r, NOWHERE);
        }
        let first = self.undo.len();
        for &p in &request.parties {
            for (leave, from) in [(self.is_full(p, slot), Some(slot)), (self.is_sated(p), None)] {
                // The first may have made room for the second.
                if leave && (self.is_full(p, slot) || self.is_sated(p)) {
                    let Some(victim) = self.victim(p, from) else {
                        return false;
                    };
                    self.change(victim, NOWHERE);
                }
            }
            if self.is_full(p, slot) || self.is_sated(p) {
                return false;
            }
        }
        self.change(r, slot);
        for k in first..self.undo.len() - 1 {
            let out = self.undo[k].0;
            if let Some(free) = self.free_slot(out) {
                self.change(out, free);
            }
        }
        true
    }

    fn step(&mut self, temperature: f64) {
        let r = if !self.waiting.is_empty() && (self.below(1000) as u64) < NEW {
            let place = self.below(self.waiting.len());
            self.waiting[place]
        } else {
            self.below(self.slot_of.len()) as u32
        };
        if self.request(r).fixed.is_some() || self.open[r as usize].is_empty() {
            return;
        }
        let before = self.value;
        let held = self.slot_of[r as usize] != NOWHERE;
        let done = if held && (self.below(1000) as u64) < DROPS {
            self.change(r, NOWHERE);
            true
        } else {
            let pick = self.below(self.open[r as usize].len());
            let slot = self.open[r as usize][pick];
            slot != self.slot_of[r as usize] && self.insert(r, slot)
        };
        let chance = ((self.value - before) as f64 / temperature).exp();
        if !done || chance * (1u64 << 32) as f64 <= self.below(1 << 32) as f64 {
            while let Some((r, slot)) = self.undo.pop() {
                if self.slot_of[r as usize] != NOWHERE {
                    self.take(r);
                }
                if slot != NOWHERE {
                    self.put(r, slot);
                }
            }
        }
        self.undo.clear();
    }

    /// Promised meetings, then the others as they fit, the most valuable first.
    fn start(&mut self) {
        let mut order: Vec<u32> = (0..self.slot_of.len() as u32).collect();
        order.sort_by_key(|&r| {
            (
                self.request(r).fixed.is_none(),
                std::cmp::Reverse(self.request(r).value),
            )
        });
        for r in order {
            if let Some(slot) = self.free_slot(r) {
                self.put(r, slot);
            }
        }
    }
}

/// Cools from [`HOT`] to [`COLD`] in the given time; returns the best slots and their value.
fn anneal(state: &mut State, seconds: f64, start: Instant, trace: &mut Vec<(f64, i64)>) -> (Vec<u16>, i64) {
    state.start();
    let requests = state.instance.requests();
    let mean = requests.iter().map(|r| f64::from(r.value)).sum::<f64>() / requests.len().max(1) as f64;
    let mut best = (state.slot_of.clone(), state.value);
    trace.push((start.elapsed().as_secs_f64(), best.1));
    loop {
        let now = start.elapsed().as_secs_f64();
        if state.value > best.1 {
            best.0.clone_from(&state.slot_of);
            best.1 = state.value;
            trace.push((now, best.1));
        }
        if now >= seconds || requests.is_empty() {
            return best;
        }
        let temperature = mean * HOT * (COLD / HOT).powf(now / seconds);
        for _ in 0..STEPS_A_LOOK {
            state.step(temperature);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|k| args.get(k + 1));
    let [input, output, ..] = args.as_slice() else {
        return Err("usage: annealing INSTANCE OUT [--seconds S] [--seed N] [--report FILE]".into());
    };
    let seconds: f64 = option("--seconds").map_or(Ok(2.0), |s| s.parse())?;
    let seed: u64 = option("--seed").map_or(Ok(1), |s| s.parse())?;
    #[expect(clippy::disallowed_methods, reason = "an example may look at the clock")]
    let clock = Instant::now;
    let began = clock();
    let instance = Instance::from_json(&std::fs::read_to_string(input)?)?;
    if instance.requests().iter().any(|r| r.parties.len() > 8) {
        return Err("annealing knows requests of at most 8 parties".into());
    }
    let read = began.elapsed().as_secs_f64();
    let start = clock();
    let mut trace = Vec::new();
    let (slots, value) = anneal(&mut State::new(&instance, seed), seconds, start, &mut trace);
    let solve = start.elapsed().as_secs_f64();
    std::fs::write(output, timetable(&instance, &slots, value))?;
    let write = start.elapsed().as_secs_f64() - solve;
    if let Some(file) = option("--report") {
        let trace: Vec<Value> = trace.iter().map(|(at, value)| json!([at, value, null])).collect();
        let report = json!({ "read": read, "solve": solve, "write": write, "trace": trace });
        std::fs::write(file, report.to_string())?;
    }
    say(&format!("{} value {value} in {:.1} ms", instance.name(), solve * 1e3));
    Ok(())
}

fn timetable(instance: &Instance, slots: &[u16], value: i64) -> String {
    let rows: Vec<String> = (instance.requests().iter().zip(slots))
        .filter(|&(_, &slot)| slot != NOWHERE)
        .map(|(r, slot)| format!("[{},{slot}]", Value::from(r.id.as_str())))
        .collect();
    let name = Value::from(instance.name());
    format!(r#"{{"instance":{name},"placed":[{}],"value":{value}}}"#, rows.join(","))
}

#[expect(clippy::print_stdout, reason = "an example's only output")]
fn say(line: &str) {
    println!("{line}");
}
