//! Checks an exported instance and timetable, sharing no code with the scheduler: feasibility, value, and the bound
//! that the certificate's prices prove by weak duality, in whole numbers of parts. Formats: `market-instance/1`.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Prices are multiples of one part in this many of a unit of value: exact as JSON numbers.
const PARTS: i64 = 1 << 16;

/// What a timetable was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Requests held.
    pub placed: usize,
    /// Requests there are.
    pub requests: usize,
    /// Worth.
    pub value: i64,
    /// No timetable is worth more.
    pub bound: i64,
}

impl Verdict {
    /// (bound − value) / bound.
    pub fn gap(&self) -> f64 {
        (self.bound - self.value) as f64 / self.bound.abs().max(1) as f64
    }
}

struct Party {
    capacity: Vec<i64>,
    least: i64,
    penalty: i64,
    most: i64,
}

struct Wanted {
    parties: Vec<String>,
    value: i64,
    slots: Vec<usize>,
    fixed: Option<usize>,
}

struct Problem {
    parties: BTreeMap<String, Party>,
    requests: BTreeMap<String, Wanted>,
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("a whole number: {value}"))
}

/// A price in parts.
fn parts(value: &Value) -> i64 {
    let price = value.as_f64().unwrap_or_else(|| panic!("a price: {value}")) * PARTS as f64;
    assert!(price.fract() == 0.0, "{value} is no multiple of 1/{PARTS}");
    price as i64
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

impl Problem {
    fn read(instance: &Value) -> Self {
        let slots = number(&instance["slots"]) as usize;
        let party = |party: &Value| {
            let capacity: Vec<i64> = list(&party["capacity"]).iter().map(number).collect();
            assert_eq!(capacity.len(), slots, "{}", party["id"]);
            let sum = capacity.iter().sum();
            let most = party["max"].as_i64().map_or(sum, |most| most.min(sum));
            let least = party["min"].as_i64().unwrap_or(0);
            let penalty = party["min_penalty"].as_i64().unwrap_or(0);
            (
                text(&party["id"]),
                Party {
                    capacity,
                    least,
                    penalty,
                    most,
                },
            )
        };
        let request = |request: &Value| {
            let every = (0..slots).collect();
            let wanted = Wanted {
                parties: list(&request["parties"]).iter().map(text).collect(),
                value: number(&request["value"]),
                slots: request["slots"]
                    .as_array()
                    .map_or(every, |slots| slots.iter().map(|s| number(s) as usize).collect()),
                fixed: request["fixed"].as_i64().map(|slot| slot as usize),
            };
            (text(&request["id"]), wanted)
        };
        Self {
            parties: list(&instance["parties"]).iter().map(party).collect(),
            requests: list(&instance["requests"]).iter().map(request).collect(),
        }
    }

    /// The value of a feasible timetable; why it is not feasible otherwise.
    fn value(&self, placed: &[Value]) -> Result<i64, String> {
        let mut load: BTreeMap<(&str, usize), i64> = BTreeMap::new();
        let mut held: BTreeMap<&str, i64> = BTreeMap::new();
        let (mut seen, mut value) = (BTreeSet::new(), 0);
        for place in placed {
            let (id, slot) = (text(&place[0]), number(&place[1]) as usize);
            let Some((id, request)) = self.requests.get_key_value(&id) else {
                return Err(format!("{id} was never wanted"));
            };
            if !seen.insert(id.as_str()) {
                return Err(format!("{id} is held twice"));
            }
            if !request.slots.contains(&slot) || request.fixed.is_some_and(|fixed| fixed != slot) {
                return Err(format!("{id} must not be held in slot {slot}"));
            }
            for party in &request.parties {
                let load = load.entry((party, slot)).or_default();
                *load += 1;
                *held.entry(party).or_default() += 1;
                if *load > self.parties[party].capacity[slot] {
                    return Err(format!("{party} is over its capacity in slot {slot}"));
                }
            }
            value += request.value;
        }
        for (id, party) in &self.parties {
            let has = held.get(id.as_str()).copied().unwrap_or(0);
            if has > party.most {
                return Err(format!("{id} has {has} meetings, more than {}", party.most));
            }
            value -= party.penalty * (party.least - has).max(0);
        }
        match self
            .requests
            .iter()
            .find(|(id, r)| r.fixed.is_some() && !seen.contains(id.as_str()))
        {
            Some((id, _)) => Err(format!("{id} is promised and not held")),
            None => Ok(value),
        }
    }

    /// What the prices prove.
    fn bound(&self, certificate: &Value) -> i64 {
        let party_price = |id: &str| certificate["party"].get(id).map_or(0, parts);
        let slot_prices = |id: &str| {
            list(&certificate["party_slot"][id])
                .iter()
                .map(parts)
                .collect::<Vec<_>>()
        };
        let known = |names: &Value| {
            let names = names.as_object().into_iter().flatten();
            names.for_each(|(id, _)| assert!(self.parties.contains_key(id), "a price for {id}, whom nobody knows"));
        };
        known(&certificate["party"]);
        known(&certificate["party_slot"]);
        let mut bound = 0;
        let mut slot_price: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (id, party) in &self.parties {
            let prices = slot_prices(id);
            assert!(prices.iter().all(|&price| price >= 0), "{id} has a negative price");
            bound += prices
                .iter()
                .zip(&party.capacity)
                .map(|(price, capacity)| price * capacity)
                .sum::<i64>();
            slot_price.insert(id, prices);
            let worth = |n: i64| party_price(id) * n - PARTS * party.penalty * (party.least - n).max(0);
            // Concave in n: largest at an end or where the penalty stops.
            let ends = [0, party.least.min(party.most), party.most];
            bound += ends.into_iter().map(worth).max().unwrap_or(0);
        }
        for request in self.requests.values() {
            let at = |slot: usize| -> i64 {
                let prices = request
                    .parties
                    .iter()
                    .filter_map(|party| slot_price[party.as_str()].get(slot));
                prices.sum()
            };
            let base = PARTS * request.value - request.parties.iter().map(|party| party_price(party)).sum::<i64>();
            bound += match request.fixed {
                Some(slot) => base - at(slot),
                None => request
                    .slots
                    .iter()
                    .map(|&slot| base - at(slot))
                    .max()
                    .unwrap_or(0)
                    .max(0),
            };
        }
        // Towards 0, as the format has it.
        bound / PARTS
    }
}

/// Checks everything a timetable claims; `Err` says what is wrong.
pub fn check(instance: &str, timetable: &str) -> Result<Verdict, String> {
    let read = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    let (instance, timetable) = (read(instance)?, read(timetable)?);
    if instance["name"] != timetable["instance"] {
        return Err("the timetable is of another instance".to_owned());
    }
    let problem = Problem::read(&instance);
    let placed = list(&timetable["placed"]);
    let value = problem.value(placed)?;
    let bound = problem.bound(&timetable["certificate"]);
    let (said, said_bound) = (number(&timetable["value"]), number(&timetable["upper_bound"]));
    if said != value {
        return Err(format!("the value is {value}, not {said}"));
    }
    if said_bound < bound {
        return Err(format!("the prices prove {bound}, not {said_bound}"));
    }
    if value > bound {
        return Err(format!(
            "a value of {value} above a bound of {bound}: the prices are wrong"
        ));
    }
    Ok(Verdict {
        placed: placed.len(),
        requests: problem.requests.len(),
        value,
        bound: said_bound,
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    const INSTANCE: &str = r#"{"name": "x", "slots": 2, "parties": [
        {"id": "a", "capacity": [1, 1], "min": 2, "min_penalty": 3}, {"id": "b", "capacity": [1, 0]}, {"id": "c", "capacity": [1, 0]}],
        "requests": [{"id": "ab", "parties": ["a", "b"], "value": 4}, {"id": "ac", "parties": ["a", "c"], "value": 5}]}"#;

    fn timetable(placed: &str, value: i64, bound: i64, prices: &str) -> String {
        format!(
            r#"{{"instance": "x", "placed": {placed}, "value": {value}, "upper_bound": {bound}, "certificate": {prices}}}"#
        )
    }

    #[test]
    fn what_is_wrong_is_found() {
        let prices = r#"{"party_slot": {"a": [4, 0], "b": [4, 0], "c": [1, 0]}}"#;
        let good = timetable(r#"[["ac", 0]]"#, 2, 20, prices);
        let verdict = check(INSTANCE, &good).expect("a sound timetable");
        assert_eq!((verdict.placed, verdict.value), (1, 2));
        for (bad, expect) in [
            (timetable(r#"[["ac", 1]]"#, 2, 20, prices), "over its capacity"),
            (
                timetable(r#"[["ac", 0], ["ab", 0]]"#, 9, 20, prices),
                "over its capacity",
            ),
            (timetable(r#"[["ac", 0], ["ac", 0]]"#, 9, 20, prices), "held twice"),
            (timetable(r#"[["ax", 0]]"#, 9, 20, prices), "never wanted"),
            (timetable(r#"[["ac", 0]]"#, 5, 20, prices), "the value is 2"),
            (timetable(r#"[["ac", 0]]"#, 2, 2, prices), "the prices prove"),
        ] {
            let found = check(INSTANCE, &bad).expect_err("unsound");
            assert!(found.contains(expect), "{found}");
        }
    }
}
