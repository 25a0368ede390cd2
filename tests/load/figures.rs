//! What was measured: named figures, and how long answers took.

use serde_json::{Map, Value};
use std::{fmt::Write as _, time::Duration};

/// Figures by name, in the order in which they were measured.
#[derive(Default)]
pub(crate) struct Figures {
    named: Vec<(String, f64)>,
    /// Rate, answered a second, median, 99 of 100, errors.
    pub(crate) curve: Vec<[f64; 5]>,
}

impl Figures {
    pub(crate) fn put(&mut self, name: &str, figure: f64) {
        println!("   {name}: {figure:.1}");
        self.named.push((name.to_owned(), figure));
    }

    /// Adds to a count that is there, or begins one.
    pub(crate) fn count(&mut self, name: &str, more: f64) {
        match self.named.iter_mut().find(|(named, _)| named == name) {
            Some((_, count)) => *count += more,
            None => self.put(name, more),
        }
    }

    pub(crate) fn table(&self) -> String {
        let mut table = String::from("| figure | value |\n| --- | ---: |\n");
        for (name, figure) in &self.named {
            let _ = writeln!(table, "| {name} | {figure:.1} |");
        }
        if !self.curve.is_empty() {
            table.push_str(
                "\n| offered a second | answered | median ms | p99 ms | errors |\n|---:|---:|---:|---:|---:|\n",
            );
            for [rate, answered, median, p99, errors] in &self.curve {
                let _ = writeln!(
                    table,
                    "| {rate:.0} | {answered:.0} | {median:.1} | {p99:.1} | {errors:.0} |"
                );
            }
        }
        table
    }

    pub(crate) fn json(&self) -> Value {
        let mut all: Map<String, Value> = self
            .named
            .iter()
            .map(|(name, figure)| (name.clone(), (*figure).into()))
            .collect();
        if !self.curve.is_empty() {
            all.insert(
                "curve".to_owned(),
                self.curve.iter().map(|row| row.to_vec()).collect::<Vec<_>>().into(),
            );
        }
        Value::Object(all)
    }
}

/// How long answers took.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn all(&mut self, others: Times) {
        self.0.extend(others.0);
    }

    /// The time within which this part of all answers came, in milliseconds.
    pub(crate) fn within(&mut self, part: f64) -> f64 {
        self.0.sort_unstable();
        let at = ((self.0.len() as f64 * part).ceil() as usize).clamp(1, self.0.len().max(1)) - 1;
        self.0.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}
