//! The exhibitors' files: exhibitors.csv, staffing.csv and staff.csv. The companies themselves are
//! in `exhibitors.rs`; what they wish is in `wishes.rs`.

use super::chance::Chance;
use super::days::{DATES, clock};
use super::exhibitors::{EXHIBITORS, Exhibitor};
use super::part::slug;
use super::register::{Person, Register};
use super::sheet::{Sheet, list, maybe};

/// Hours in which a booth may have fewer tables staffed: long lunches, late starts, early ends.
const THIN_HOURS: [(i64, i64); 6] = [
    (600, 660),
    (690, 750),
    (810, 870),
    (810, 960),
    (960, 1060),
    (1010, 1060),
];

/// Somebody at a booth.
pub struct Staff {
    /// Code of the person.
    pub code: String,
    /// Place of the exhibitor in the list.
    pub exhibitor: usize,
}

/// Makes exhibitors.csv.
pub fn exhibitors(seed: u64) -> Sheet {
    let mut chance = Chance::new(seed, "exhibitors");
    let mut sheet = Sheet::new(
        "code organisation reading latin region booth zone tables languages genres quota_min quota_max homepage",
    );
    for (place, e) in EXHIBITORS.iter().enumerate() {
        let least = chance.percent(60).then(|| e.tables * 10 + 10 * chance.between(0, 4));
        let most = chance.percent(30).then(|| e.tables * 26 + 2 * chance.between(0, 4));
        sheet.row([
            &Exhibitor::code(place),
            e.name,
            e.reading,
            e.latin,
            e.region,
            e.booth,
            e.booth.get(..1).unwrap_or_default(),
            &e.tables.to_string(),
            e.languages,
            e.genres,
            &maybe(least),
            &maybe(most),
            &format!("https://{}.example/", slug(e.latin, '-')),
        ]);
    }
    sheet
}

/// Makes staffing.csv: every row says how many tables are staffed in those hours, instead of all.
pub fn staffing(seed: u64) -> Sheet {
    let mut chance = Chance::new(seed, "staffing");
    let mut sheet = Sheet::new("booth day from until tables");
    for e in EXHIBITORS {
        // One bigger absence at most a day: rows of one booth never overlap.
        for date in DATES {
            if !chance.percent(37) {
                continue;
            }
            let Some((from, until)) = chance.pick(&THIN_HOURS).copied() else {
                continue;
            };
            let left = (e.tables - chance.between(2, 3)).max(1);
            sheet.row([e.booth, date, &clock(from), &clock(until), &left.to_string()]);
        }
    }
    sheet.sort();
    sheet
}

/// Makes staff.csv and says who is where.
pub fn staff(seed: u64, register: &mut Register) -> (Sheet, Vec<Staff>) {
    let mut chance = Chance::new(seed, "staff");
    let mut sheet = Sheet::new("code exhibitor name reading latin email languages");
    let mut all = Vec::new();
    for (place, e) in EXHIBITORS.iter().enumerate() {
        let languages: Vec<&str> = e.languages.split(';').collect();
        for i in 0..2 + chance.below(3) {
            let code = format!("S{:03}", all.len() + 1);
            let person = member(e, i, register, &mut chance);
            sheet.row([
                &code,
                &Exhibitor::code(place),
                &person.name.native,
                &person.name.kana,
                &person.name.latin,
                &person.email,
                &list(&spoken(e, &languages, i)),
            ]);
            all.push(Staff { code, exhibitor: place });
        }
    }
    (sheet, all)
}

fn member(e: &Exhibitor, i: usize, register: &mut Register, chance: &mut Chance) -> Person {
    if e.booth == "C-07" && i == 0 {
        return register.known("青木/Aoki/アオキ", "美香/Mika/ミカ", e.latin);
    }
    // A foreign company brings its own people and hires one or two in Tokyo.
    if e.region != "JP" && i % 2 == 1 {
        register.japanese(e.latin, chance)
    } else {
        register.of_region(e.region, e.latin, chance)
    }
}

/// The first two members together speak what the booth promises; the others repeat.
fn spoken<'a>(e: &Exhibitor, languages: &[&'a str], i: usize) -> Vec<&'a str> {
    let (Some(main), others) = (languages.first(), languages.get(1..).unwrap_or_default()) else {
        return Vec::new();
    };
    let mut out = vec![*main];
    let local = e.region != "JP" && i % 2 == 1;
    if local && languages.contains(&"ja") {
        out.insert(0, "ja");
    }
    if let Some(second) = others.get(i % others.len().max(1)).filter(|l| !out.contains(l)) {
        out.push(second);
    }
    out
}
