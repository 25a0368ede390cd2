//! Who wants to meet whom: wishes.csv. Both sides look at genre, rights, language and market, at how
//! sought-after the other is, and at something nobody can explain. The timetable is not made here.

use std::collections::BTreeSet;

use super::buyers::Buyer;
use super::chance::Chance;
use super::days::slots_left;
use super::exhibitors::{EXHIBITORS, Exhibitor};
use super::sheet::Sheet;

/// Exhibitors a buyer puts on the list: half of the time left, within bounds, more or less.
const BUYER_LIST: (usize, usize) = (7, 22);
/// Buyers a booth puts on the list for every table: the bigger booths are known to more people.
const BOOTH_LIST_PER_TABLE: i64 = 18;
const BOOTH_LIST_BASE: i64 = 87;
/// "Do not meet" from either side, half of them about somebody who wished to meet.
const AVOID_EACH_SIDE: usize = 30;
/// Pairs looked at to find them; some sixty are enough as a rule.
const MAX_DRAWS: usize = 10_000;

/// Makes wishes.csv.
pub fn wishes(seed: u64, buyers: &[Buyer]) -> Sheet {
    let mut chance = Chance::new(seed, "wishes");
    let mut by_buyer = buyers_lists(buyers, &mut chance);
    let mut by_booth = booths_lists(buyers, &mut chance);
    let (buyers_avoid, booths_avoid) = avoided(buyers.len(), &by_buyer, &by_booth, &mut chance);
    let mut sheet = Sheet::new("by on rank avoid");
    for (b, buyer) in buyers.iter().enumerate() {
        let list = &mut by_buyer[b];
        list.retain(|e| !buyers_avoid.contains(&(b, *e)));
        for (place, e) in list.iter().enumerate() {
            sheet.row([&buyer.code, &Exhibitor::code(*e), rank(place, list.len()), ""]);
        }
    }
    for (e, list) in by_booth.iter_mut().enumerate() {
        list.retain(|b| !booths_avoid.contains(&(*b, e)));
        for (place, b) in list.iter().enumerate() {
            sheet.row([&Exhibitor::code(e), &buyers[*b].code, rank(place, list.len()), ""]);
        }
    }
    for (b, e) in &buyers_avoid {
        sheet.row([&buyers[*b].code, &Exhibitor::code(*e), "", "yes"]);
    }
    for (b, e) in &booths_avoid {
        sheet.row([&Exhibitor::code(*e), &buyers[*b].code, "", "yes"]);
    }
    sheet.sort();
    sheet
}

/// For every buyer the exhibitors, most wanted first.
fn buyers_lists(buyers: &[Buyer], chance: &mut Chance) -> Vec<Vec<usize>> {
    let mut out = Vec::new();
    for buyer in buyers {
        let mut scored: Vec<(i64, usize)> = EXHIBITORS
            .iter()
            .enumerate()
            // Tables stand for renown: a booth of nine is on everybody's lips.
            .map(|(e, x)| (fit(buyer, x) + 5 * x.tables + chance.bell(36), e))
            .collect();
        scored.sort_by_key(|s| std::cmp::Reverse(*s));
        let wanted = slots_left(&buyer.absences) as i64 / 2 + chance.bell(4);
        let wanted = (wanted.max(0) as usize).clamp(BUYER_LIST.0, BUYER_LIST.1);
        out.push(scored.into_iter().take(wanted).map(|s| s.1).collect());
    }
    out
}

/// For every exhibitor the buyers, most wanted first.
fn booths_lists(buyers: &[Buyer], chance: &mut Chance) -> Vec<Vec<usize>> {
    let mut out = Vec::new();
    for x in EXHIBITORS {
        let mut scored: Vec<(i64, usize)> = buyers
            .iter()
            .enumerate()
            .map(|(b, buyer)| (fit(buyer, x) + buyer.draw + chance.bell(70), b))
            .collect();
        scored.sort_by_key(|s| std::cmp::Reverse(*s));
        let wanted = BOOTH_LIST_BASE + BOOTH_LIST_PER_TABLE * x.tables + chance.bell(10);
        out.push(scored.into_iter().take(wanted.max(0) as usize).map(|s| s.1).collect());
    }
    out
}

/// How well the two go together, 0 to about 60.
fn fit(buyer: &Buyer, x: &Exhibitor) -> i64 {
    let common = |a: &[&str], b: &str| b.split(';').filter(|v| a.contains(v)).count() as i64;
    let main = x.genres.split(';').next().is_some_and(|g| buyer.genres.contains(&g));
    12 * common(&buyer.genres, x.genres).min(3)
        + 4 * i64::from(main)
        + 6 * common(&buyer.rights, x.rights).min(2)
        + 8 * i64::from(common(&buyer.languages, x.languages) > 0)
        + 8 * i64::from(x.markets.split(' ').any(|m| m == buyer.market))
}

/// 5 for the most wanted; the steps get wider downwards, as on real forms.
fn rank(place: usize, of: usize) -> &'static str {
    match place * 100 / of.max(1) {
        0..=11 => "5",
        12..=29 => "4",
        30..=54 => "3",
        55..=79 => "2",
        _ => "1",
    }
}

type Pairs = BTreeSet<(usize, usize)>;

/// Pairs (buyer, exhibitor) that a buyer and that an exhibitor does not want to meet.
fn avoided(buyers: usize, by_buyer: &[Vec<usize>], by_booth: &[Vec<usize>], chance: &mut Chance) -> (Pairs, Pairs) {
    let (mut from_buyers, mut from_booths) = (Pairs::new(), Pairs::new());
    for _ in 0..MAX_DRAWS {
        if from_buyers.len() == AVOID_EACH_SIDE {
            break;
        }
        let (b, e) = (chance.below(buyers), chance.below(EXHIBITORS.len()));
        let wished = by_booth[e].contains(&b);
        if wished == (from_buyers.len() % 2 == 0) {
            from_buyers.insert((b, e));
        }
    }
    for _ in 0..MAX_DRAWS {
        if from_booths.len() == AVOID_EACH_SIDE {
            break;
        }
        let (b, e) = (chance.below(buyers), chance.below(EXHIBITORS.len()));
        let wished = by_buyer[b].contains(&e);
        if wished == (from_booths.len() % 2 == 0) && !from_buyers.contains(&(b, e)) {
            from_booths.insert((b, e));
        }
    }
    (from_buyers, from_booths)
}
