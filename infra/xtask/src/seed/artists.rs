//! The 250 artists: dealt to the exhibitors by the size of their booths, named by what they play.
//! No tracks, no pictures, no fees.

use std::collections::BTreeSet;

use super::artist_words as words;
use super::chance::Chance;
use super::exhibitors::{EXHIBITORS, Exhibitor};
use super::names_known::is_known;
use super::part::{Order, Part, join, parts};
use super::register::Register;
use super::sheet::{Sheet, list};
use super::{names_east as east, names_japan as japan, names_west as west, regions};

/// How many there are.
const ARTISTS: usize = 250;
/// Draws of a name before a number is added to it.
const MAX_DRAWS: usize = 60;

/// Makes artists.csv.
pub fn artists(seed: u64, register: &Register) -> Sheet {
    let mut chance = Chance::new(seed, "artists");
    let mut names = Names::new();
    let mut sheet = Sheet::new("code exhibitor name reading latin genre rights territories");
    let mut number = 0;
    for (place, count) in shares().into_iter().enumerate() {
        let Some(exhibitor) = EXHIBITORS.get(place) else {
            continue;
        };
        let genres: Vec<&str> = exhibitor.genres.split(';').collect();
        for i in 0..count {
            number += 1;
            // Half of them in the main genre.
            let genre = if i % 2 == 0 { genres[0] } else { chance.word(&genres) };
            let name = names.draw(exhibitor, genre, register, &mut chance);
            sheet.row([
                &format!("A{number:03}"),
                &Exhibitor::code(place),
                &name.native,
                &name.kana,
                &name.latin,
                genre,
                &rights(exhibitor, &mut chance),
                &territories(exhibitor, &mut chance),
            ]);
        }
    }
    sheet
}

/// Artists of each exhibitor: in proportion to its tables, by largest remainder.
fn shares() -> Vec<usize> {
    let tables: usize = EXHIBITORS.iter().map(|e| e.tables as usize).sum();
    let mut out: Vec<usize> = EXHIBITORS
        .iter()
        .map(|e| ARTISTS * e.tables as usize / tables)
        .collect();
    let mut order: Vec<usize> = (0..out.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(ARTISTS * EXHIBITORS[*i].tables as usize % tables));
    let missing = ARTISTS - out.iter().sum::<usize>();
    for i in order.into_iter().take(missing) {
        out[i] += 1;
    }
    out
}

fn rights(exhibitor: &Exhibitor, chance: &mut Chance) -> String {
    let all: Vec<&str> = exhibitor.rights.split(';').collect();
    let count = 1 + chance.below(all.len());
    list(&chance.some(&all, count))
}

fn territories(exhibitor: &Exhibitor, chance: &mut Chance) -> String {
    let markets: Vec<&str> = exhibitor.markets.split(' ').collect();
    let count = 1 + chance.below(markets.len());
    let mut codes: Vec<&str> = chance
        .some(&markets, count)
        .into_iter()
        .flat_map(|m| regions::regions_of(m))
        .collect();
    if exhibitor.region != "JP" {
        // A foreign exhibitor comes to Tokyo to offer its artists to Japan.
        codes.push("JP");
        codes.retain(|c| *c != exhibitor.region);
    }
    codes.sort_unstable();
    list(&codes)
}

struct Names {
    taken: BTreeSet<String>,
    // Words used so far: a word returns once, not more, so that the list does not sound like a machine.
    worn: Vec<String>,
}

impl Names {
    fn new() -> Self {
        Self {
            taken: BTreeSet::new(),
            worn: Vec::new(),
        }
    }

    fn draw(&mut self, exhibitor: &Exhibitor, genre: &str, register: &Register, chance: &mut Chance) -> Part {
        let mut name = self.one(exhibitor, genre, chance);
        for _ in 0..MAX_DRAWS {
            // "The Salty Escalator" would be taken for "Salty Escalator", "DJ YUTO" for "YUTO".
            let heard = name
                .native
                .trim_start_matches("The ")
                .trim_start_matches("DJ ")
                .to_owned();
            if !register.has(&name.native) && !is_known(&name.kana) && self.taken.insert(heard) {
                return name;
            }
            name = self.one(exhibitor, genre, chance);
        }
        name.native.push_str(" 2");
        name
    }

    fn one(&mut self, exhibitor: &Exhibitor, genre: &str, chance: &mut Chance) -> Part {
        match exhibitor.region {
            "KR" if chance.percent(55) => self.word(words::KOREAN_GROUP, chance),
            // A stage name: Korean singers are known by the given name alone.
            "KR" => self.word(east::KOREAN_GIVEN, chance),
            "TW" if chance.percent(70) => self.word(words::TAIWAN_GROUP, chance),
            "TW" => person(Order::FamilyJoined, east::TAIWAN_FAMILY, east::TAIWAN_GIVEN, chance),
            "FR" if chance.percent(60) => self.word(words::FRENCH_GROUP, chance),
            "FR" => person(Order::GivenFirst, west::FRENCH_FAMILY, west::FRENCH_GIVEN, chance),
            "GB" | "US" if chance.percent(55) => self.english_band(chance),
            "GB" | "US" => person(Order::GivenFirst, west::ENGLISH_FAMILY, west::ENGLISH_GIVEN, chance),
            _ => self.japanese(genre, chance),
        }
    }

    fn japanese(&mut self, genre: &str, chance: &mut Chance) -> Part {
        let dice = chance.below(100);
        match genre {
            "idol" if dice < 85 => self.pair(words::IDOL_FIRST, words::IDOL_SECOND, chance),
            "vocal-synth" if dice < 75 => with_p(&self.word(words::PRODUCER, chance)),
            "electronic" | "ambient" if dice < 60 => self.word(words::PROJECT, chance),
            "classical" if dice < 40 => self.pair(words::ENSEMBLE, words::CLASSICAL_KIND, chance),
            "traditional" if dice < 55 => self.pair(words::ENSEMBLE, words::TRADITIONAL_KIND, chance),
            "jazz" if dice < 65 => jazz(&soloist(chance), chance),
            "hiphop" | "rnb" | "electronic" if dice < 70 => stage_name(chance),
            "rock" | "metal" | "city-pop" if dice < 45 => self.pair(words::BAND_FIRST, words::BAND_SECOND, chance),
            "rock" | "metal" | "city-pop" if dice < 85 => self.english_band(chance),
            "j-pop" | "folk" if dice < 35 => self.pair(words::BAND_FIRST, words::BAND_SECOND, chance),
            "j-pop" if dice < 50 => self.english_band(chance),
            _ => soloist(chance),
        }
    }

    fn english_band(&mut self, chance: &mut Chance) -> Part {
        let (first, second) = (
            self.word(words::ENGLISH_FIRST, chance),
            self.word(words::ENGLISH_SECOND, chance),
        );
        let (the, za) = if chance.percent(35) {
            ("The ", "ザ・")
        } else {
            ("", "")
        };
        let name = format!("{the}{} {}", first.native, second.native);
        Part {
            latin: name.clone(),
            native: name,
            kana: format!("{za}{}・{}", first.kana, second.kana),
        }
    }

    fn pair(&mut self, first: &str, second: &str, chance: &mut Chance) -> Part {
        let (a, b) = (self.word(first, chance), self.word(second, chance));
        Part {
            native: format!("{}{}", a.native, b.native),
            latin: format!("{}{}", a.latin, b.latin),
            kana: format!("{}{}", a.kana, b.kana),
        }
    }

    /// A word of a list, the less worn ones first.
    fn word(&mut self, of: &str, chance: &mut Chance) -> Part {
        let all = parts(of);
        let uses = |w: &Part| self.worn.iter().filter(|x| **x == w.native).count();
        let least = all.iter().map(uses).min().unwrap_or_default();
        let fresh: Vec<Part> = all.iter().filter(|w| uses(w) == least).cloned().collect();
        let Some(word) = chance.pick(&fresh) else {
            return Part {
                native: String::new(),
                latin: String::new(),
                kana: String::new(),
            };
        };
        self.worn.push(word.native.clone());
        Part {
            kana: word.kana.replace(' ', "・"),
            ..word.clone()
        }
    }
}

fn person(order: Order, family: &str, given: &str, chance: &mut Chance) -> Part {
    let (family, given) = (parts(family), parts(given));
    match (chance.pick(&family), chance.pick(&given)) {
        (Some(f), Some(g)) => join(order, f, g),
        _ => Part {
            native: String::new(),
            latin: String::new(),
            kana: String::new(),
        },
    }
}

fn soloist(chance: &mut Chance) -> Part {
    let given = if chance.percent(55) { japan::WOMEN } else { japan::MEN };
    person(Order::FamilySpace, japan::FAMILY, given, chance)
}

/// 高木亮カルテット.
fn jazz(leader: &Part, chance: &mut Chance) -> Part {
    let kinds = parts("トリオ/_Trio/トリオ カルテット/_Quartet/カルテット クインテット/_Quintet/クインテット");
    let Some(kind) = chance.pick(&kinds) else {
        return leader.clone();
    };
    Part {
        native: format!("{}{}", leader.native.replace(' ', ""), kind.native),
        latin: format!("{}{}", leader.latin, kind.latin),
        kana: format!("{} {}", leader.kana, kind.kana),
    }
}

/// A given name in capitals, with or without a prefix.
fn stage_name(chance: &mut Chance) -> Part {
    let given = parts(if chance.percent(45) { japan::WOMEN } else { japan::MEN });
    let Some(given) = chance.pick(&given) else {
        return soloist(chance);
    };
    let (before, read) = if chance.percent(30) {
        ("DJ ", "ディージェー・")
    } else {
        ("", "")
    };
    let name = format!("{before}{}", given.latin.to_uppercase());
    Part {
        latin: name.clone(),
        native: name,
        kana: format!("{read}{}", given.kana),
    }
}

fn with_p(name: &Part) -> Part {
    Part {
        native: format!("{}P", name.native),
        latin: format!("{}P", name.latin),
        kana: format!("{}ピー", name.kana),
    }
}
