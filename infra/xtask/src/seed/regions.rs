//! The 30 regions the buyers come from: how many, which languages they speak, where they sell.
//! Japan is not among them: the programme counts overseas buyers. Counts add up to 300.

use super::chance::Chance;
use super::companies::{self, Style};
use super::part::{Order, Part, parts};
use super::{names_east as east, names_south as south, names_west as west};

/// One region of origin.
pub struct Region {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// Buyers from here.
    pub buyers: usize,
    /// Language sets with their percentages, which add up to 100.
    languages: &'static [(usize, &'static str)],
    /// Regions a buyer from here may sell to, its own first.
    territories: &'static str,
    /// How family and given name are ordered.
    pub order: Order,
    family: &'static str,
    given: &'static str,
    /// How companies are named.
    pub style: &'static Style,
}

impl Region {
    /// Family and given names.
    pub fn names(&self) -> (Vec<Part>, Vec<Part>) {
        (parts(self.family), parts(self.given))
    }

    /// The languages of the person at `percent` of the way through everybody of the region.
    pub fn languages(&self, percent: usize) -> Vec<&'static str> {
        let mut left = percent;
        for (share, set) in self.languages {
            if left < *share {
                return set.split(';').collect();
            }
            left -= share;
        }
        vec!["en"]
    }

    /// Where one buyer sells: at home and in some of the neighbours.
    pub fn territories(&self, chance: &mut Chance) -> Vec<&'static str> {
        let all: Vec<&str> = self.territories.split_whitespace().collect();
        let more = chance.below(4.min(all.len()));
        let mut out: Vec<&str> = all.iter().take(1).copied().collect();
        out.extend(chance.some(all.get(1..).unwrap_or_default(), more));
        out
    }
}

const KO: &[(usize, &str)] = &[(58, "ko;en"), (16, "ko"), (16, "ko;ja"), (10, "ko;en;ja")];
const TW: &[(usize, &str)] = &[(60, "zh;en"), (16, "zh"), (14, "zh;ja"), (10, "zh;en;ja")];
const CN: &[(usize, &str)] = &[(60, "zh;en"), (30, "zh"), (10, "zh;ja")];
const HK: &[(usize, &str)] = &[(85, "zh;en"), (15, "zh;en;ja")];
const TH: &[(usize, &str)] = &[(82, "th;en"), (18, "th")];
const EN: &[(usize, &str)] = &[(92, "en"), (8, "en;ja")];
const CA: &[(usize, &str)] = &[(70, "en"), (30, "en;fr")];
const US: &[(usize, &str)] = &[(80, "en"), (12, "en;es"), (8, "en;ja")];
const FR: &[(usize, &str)] = &[(74, "fr;en"), (20, "fr"), (6, "fr;en;ja")];
const ES: &[(usize, &str)] = &[(75, "es;en"), (25, "es")];
const PT: &[(usize, &str)] = &[(65, "pt;en"), (25, "pt"), (10, "pt;ja")];

const ASIA: &str = "KR TW CN HK TH SG ID MY VN PH";
const EUROPE: &str = "GB FR DE ES IT NL SE FI PL UA";

/// All of them.
#[rustfmt::skip]
pub static REGIONS: &[Region] = &[
    region("KR", 28, KO, "KR TW HK TH VN US", Order::FamilyJoined, east::KOREAN_FAMILY, east::KOREAN_GIVEN, &companies::KOREAN),
    region("US", 28, US, "US CA MX GB AU", Order::GivenFirst, west::ENGLISH_FAMILY, west::ENGLISH_GIVEN, &companies::ENGLISH),
    region("TW", 22, TW, "TW HK CN SG MY", Order::FamilyJoined, east::TAIWAN_FAMILY, east::TAIWAN_GIVEN, &companies::TAIWAN),
    region("CN", 20, CN, "CN HK TW MO", Order::FamilyJoined, east::CHINA_FAMILY, east::CHINA_GIVEN, &companies::CHINA),
    region("GB", 16, EN, "GB IE NL DE AU", Order::GivenFirst, west::ENGLISH_FAMILY, west::ENGLISH_GIVEN, &companies::ENGLISH),
    region("FR", 15, FR, "FR BE CH LU CA", Order::GivenFirst, west::FRENCH_FAMILY, west::FRENCH_GIVEN, &companies::FRENCH),
    region("TH", 14, TH, "TH LA VN KH", Order::GivenFirst, south::THAI_FAMILY, south::THAI_GIVEN, &companies::THAI),
    region("HK", 12, HK, "HK MO TW CN", Order::FamilyJoined, east::HONGKONG_FAMILY, east::HONGKONG_GIVEN, &companies::HONGKONG),
    region("DE", 12, &[(94, "de;en"), (6, "de;en;ja")], "DE AT CH PL", Order::GivenFirst, west::GERMAN_FAMILY, west::GERMAN_GIVEN, &companies::GERMAN),
    region("SG", 10, &[(80, "en;zh"), (20, "en")], "SG MY ID TH PH", Order::FamilySpace, south::SINGAPORE_FAMILY, south::SINGAPORE_GIVEN, &companies::ENGLISH),
    region("ID", 10, &[(100, "id;en")], "ID MY SG", Order::GivenFirst, south::INDONESIA_FAMILY, south::INDONESIA_GIVEN, &companies::INDONESIA),
    region("MY", 8, &[(100, "ms;en")], "MY SG ID BN", Order::GivenFirst, south::MALAYSIA_FAMILY, south::MALAYSIA_GIVEN, &companies::INDONESIA),
    region("VN", 8, &[(100, "vi;en")], "VN TH LA", Order::FamilySpace, east::VIETNAM_FAMILY, east::VIETNAM_GIVEN, &companies::VIETNAM),
    region("PH", 8, &[(100, "en;tl")], "PH SG US", Order::GivenFirst, south::PHILIPPINES_FAMILY, south::PHILIPPINES_GIVEN, &companies::PHILIPPINES),
    region("IN", 8, &[(100, "en;hi")], "IN AE LK SG", Order::GivenFirst, south::INDIA_FAMILY, south::INDIA_GIVEN, &companies::INDIA),
    region("AU", 8, EN, "AU NZ", Order::GivenFirst, west::ENGLISH_FAMILY, west::ENGLISH_GIVEN, &companies::ENGLISH),
    region("NZ", 3, EN, "NZ AU FJ", Order::GivenFirst, west::ENGLISH_FAMILY, west::ENGLISH_GIVEN, &companies::ENGLISH),
    region("CA", 8, CA, "CA US FR", Order::GivenFirst, west::ENGLISH_FAMILY, west::ENGLISH_GIVEN, &companies::ENGLISH),
    region("MX", 7, ES, "MX CO US CL", Order::GivenFirst, west::SPANISH_FAMILY, west::SPANISH_GIVEN, &companies::SPANISH),
    region("BR", 8, PT, "BR PT AR", Order::GivenFirst, west::BRAZIL_FAMILY, west::BRAZIL_GIVEN, &companies::BRAZIL),
    region("AR", 4, ES, "AR UY CL", Order::GivenFirst, west::SPANISH_FAMILY, west::SPANISH_GIVEN, &companies::SPANISH),
    region("ES", 7, ES, "ES PT MX AR", Order::GivenFirst, west::SPANISH_FAMILY, west::SPANISH_GIVEN, &companies::SPANISH),
    region("IT", 6, &[(100, "it;en")], "IT CH MT", Order::GivenFirst, west::ITALY_FAMILY, west::ITALY_GIVEN, &companies::ITALIAN),
    region("NL", 6, &[(80, "nl;en"), (20, "nl;en;de")], "NL BE DE GB", Order::GivenFirst, west::DUTCH_FAMILY, west::DUTCH_GIVEN, &companies::DUTCH),
    region("SE", 6, &[(100, "sv;en")], "SE NO DK FI", Order::GivenFirst, west::SWEDEN_FAMILY, west::SWEDEN_GIVEN, &companies::SWEDISH),
    region("FI", 4, &[(70, "fi;en"), (30, "fi;sv;en")], "FI EE SE", Order::GivenFirst, west::FINLAND_FAMILY, west::FINLAND_GIVEN, &companies::FINNISH),
    region("PL", 4, &[(100, "pl;en")], "PL CZ SK", Order::GivenFirst, west::POLAND_FAMILY, west::POLAND_GIVEN, &companies::POLISH),
    region("UA", 3, &[(100, "uk;en")], "UA PL", Order::GivenFirst, west::UKRAINE_FAMILY, west::UKRAINE_GIVEN, &companies::UKRAINIAN),
    region("AE", 4, &[(100, "ar;en")], "AE SA QA KW", Order::GivenFirst, south::ARAB_FAMILY, south::ARAB_GIVEN, &companies::ARAB),
    region("SA", 3, &[(100, "ar;en")], "SA AE BH", Order::GivenFirst, south::ARAB_FAMILY, south::ARAB_GIVEN, &companies::ARAB),
];

#[expect(clippy::too_many_arguments, reason = "one line a region reads better than eight")]
const fn region(
    code: &'static str,
    buyers: usize,
    languages: &'static [(usize, &'static str)],
    territories: &'static str,
    order: Order,
    family: &'static str,
    given: &'static str,
    style: &'static Style,
) -> Region {
    Region {
        code,
        buyers,
        languages,
        territories,
        order,
        family,
        given,
        style,
    }
}

/// The part of the world a region belongs to, as exhibitors think of their markets.
pub fn market_of(code: &str) -> &'static str {
    if ASIA.contains(code) {
        "asia"
    } else if EUROPE.contains(code) {
        "europe"
    } else if "US CA".contains(code) {
        "north-america"
    } else if "MX BR AR".contains(code) {
        "latin-america"
    } else {
        "elsewhere"
    }
}

/// The regions of a part of the world, for the territories of an artist's rights.
pub fn regions_of(market: &str) -> Vec<&'static str> {
    REGIONS
        .iter()
        .map(|r| r.code)
        .filter(|code| market_of(code) == market)
        .collect()
}
