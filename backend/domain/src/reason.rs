//! Reasons counted: of all requests that a timetable does not hold, how many wait for which reason. Deliberately not
//! here: the reason of one pair in full, and what would place it (`explain.rs`).

use crate::{
    explain::{NO_INTERPRETER, code},
    market::{Market, Placement},
    name::Bilingual,
    problem::{contradiction, lay, wants},
    refusal::Refusal,
    wish::{self, Pair},
};
use scheduler::{Frozen, Layout, Live, Prices};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};

/// So many requests wait for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonCount {
    /// The reason's word for programs, as in an explanation.
    pub code: &'static str,
    /// How many.
    pub count: usize,
}

/// The reasons for which requests wait, as `text` says them; whoever counts finds no other.
const SENTENCES: [(&str, &str, &str); 5] = [
    (
        "no_free_slot",
        "共通の時間枠がすべて埋まっています。",
        "All slots in which both are there are taken.",
    ),
    (
        "party_full",
        "どちらかの商談が上限に達しています。",
        "One side has all meetings it may or can have.",
    ),
    (
        "no_common_slot",
        "全員がそろう時間枠がありません。",
        "There is no slot in which all are there.",
    ),
    (
        "free",
        "空いている枠がありますが、まだ使われていません。",
        "A slot is free and not used yet.",
    ),
    (
        NO_INTERPRETER,
        "共通の言語がなく、間に立てる通訳もいません。",
        "They share no language, and no interpreter bridges theirs.",
    ),
];

impl ReasonCount {
    /// The reason in a sentence, of no pair in particular.
    pub fn text(&self) -> Bilingual {
        let row = SENTENCES.iter().find(|(code, ..)| *code == self.code);
        let (ja, en) = row.map_or((self.code, self.code), |&(_, ja, en)| (ja, en));
        Bilingual {
            ja: ja.to_owned(),
            en: en.to_owned(),
        }
    }
}

/// Why the requests that these placements do not hold are not held, by reason, most first.
pub fn reasons(market: &Market, placements: &[Placement]) -> Result<Vec<ReasonCount>, Refusal> {
    let held: HashSet<Pair> = placements.iter().map(|placement| placement.pair).collect();
    let wished = wants(market).into_iter();
    let wished = wished.filter(|(pair, (b, x))| wish::value(*b, *x).is_some() && !held.contains(pair));
    let mut silent = wished.count();
    let laid = lay(market, placements, None)?;
    let instance = laid.as_held()?;
    let layout = Layout::new(&instance);
    let live = Live::new(&layout, &laid.slot_of, &Prices::default(), Frozen::default()).map_err(contradiction)?;
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for request in (0..laid.slot_of.len()).filter(|&request| laid.slot_of[request].is_none()) {
        let reason = live.why(request as u32).map_err(contradiction)?;
        *counts.entry(code(&reason)).or_default() += 1;
        silent -= 1;
    }
    // What is wished for and no request cannot be one.
    if silent > 0 {
        counts.insert(NO_INTERPRETER, silent);
    }
    let counts = counts.into_iter().map(|(code, count)| ReasonCount { code, count });
    let mut counts: Vec<ReasonCount> = counts.collect();
    counts.sort_by_key(|of| (Reverse(of.count), of.code));
    Ok(counts)
}
