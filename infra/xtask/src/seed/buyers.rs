//! The 300 buyers of buyers.csv. Their sessions are in `sessions.rs`, their wishes in `wishes.rs`.

use super::chance::Chance;
use super::companies::{Business, Style};
use super::days::{DATES, Span, clock};
use super::regions::{REGIONS, Region, market_of};
use super::register::{Person, Register};
use super::sheet::{Sheet, list, maybe};

/// The genres of the product with their weight among buyers.
const GENRES: [(&str, usize); 16] = [
    ("j-pop", 16),
    ("rock", 10),
    ("idol", 8),
    ("rnb", 5),
    ("folk", 5),
    ("city-pop", 9),
    ("metal", 5),
    ("hiphop", 6),
    ("anime", 14),
    ("vocal-synth", 5),
    ("game", 10),
    ("electronic", 8),
    ("classical", 4),
    ("ambient", 5),
    ("jazz", 6),
    ("traditional", 4),
];
/// Draws to find a buyer's genres; half a dozen as a rule.
const MAX_DRAWS: usize = 200;
/// Late arrivals: day and minute.
const ARRIVALS: [(usize, i64); 6] = [(0, 690), (0, 690), (0, 750), (0, 810), (0, 900), (1, 570)];
/// Early departures.
const DEPARTURES: [(usize, i64); 6] = [(1, 750), (1, 870), (1, 930), (1, 930), (1, 960), (0, 1080)];

/// A day and a minute of it.
type Moment = (usize, i64);

/// One buyer.
pub struct Buyer {
    /// `B001` and so on.
    pub code: String,
    /// Where the buyer comes from.
    pub region: &'static Region,
    /// Part of the world.
    pub market: &'static str,
    /// What is bought: codes.
    pub genres: Vec<&'static str>,
    /// Rights asked for.
    pub rights: Vec<&'static str>,
    /// Languages spoken.
    pub languages: Vec<&'static str>,
    /// Not at the event: before arrival, after departure; later also sessions and private blocks.
    pub absences: Vec<Span>,
    /// How much exhibitors want to meet this buyer, about -30 to 30; not written to any file.
    pub draw: i64,
    arrival: Option<Moment>,
    departure: Option<Moment>,
    quota: (Option<i64>, Option<i64>),
    organisation: (String, String),
    person: Person,
    territories: Vec<&'static str>,
}

/// Draws all buyers; codes are given in random order of regions, as registrations come in.
pub fn draw(seed: u64, register: &mut Register) -> Vec<Buyer> {
    let mut chance = Chance::new(seed, "buyers");
    let mut stems = Stems::default();
    let mut out = Vec::new();
    for region in REGIONS {
        let (family, given) = region.names();
        let mut last: Option<(Business, (String, String))> = None;
        for i in 0..region.buyers {
            // About one company in fourteen sends two people.
            let company = match last.take() {
                Some(same) if i % 2 == 1 && chance.percent(14) => same,
                _ => company(region, &mut stems, &mut chance),
            };
            let person = register.person(region.order, &family, &given, &company.1.1, &mut chance);
            let mut buyer = buyer(region, &company, person, &mut chance);
            // Dealt, not drawn: how many need an interpreter decides how large the pools must be.
            buyer.languages = region.languages((2 * i + 1) * 50 / region.buyers);
            out.push(buyer);
            last = Some(company);
        }
    }
    chance.shuffle(&mut out);
    for (i, buyer) in out.iter_mut().enumerate() {
        buyer.code = format!("B{:03}", i + 1);
    }
    out
}

/// Makes buyers.csv.
pub fn sheet(buyers: &[Buyer]) -> Sheet {
    let mut sheet = Sheet::new(
        "code organisation organisation_latin name reading latin email region languages genres rights \
         territories arrival departure quota_min quota_max",
    );
    let moment = |m: Option<Moment>| {
        m.map(|(day, minute)| format!("{} {}", DATES[day], clock(minute)))
            .unwrap_or_default()
    };
    for b in buyers {
        sheet.row([
            &b.code,
            &b.organisation.0,
            &b.organisation.1,
            &b.person.name.native,
            &b.person.name.kana,
            &b.person.name.latin,
            &b.person.email,
            b.region.code,
            &list(&b.languages),
            &list(&b.genres),
            &list(&b.rights),
            &list(&b.territories),
            &moment(b.arrival),
            &moment(b.departure),
            &maybe(b.quota.0),
            &maybe(b.quota.1),
        ]);
    }
    sheet
}

#[derive(Default)]
struct Stems(Vec<(&'static str, Vec<(String, String)>)>);

impl Stems {
    /// A stem no other company of this language has; a numbered one should a list ever be too short.
    fn next(&mut self, style: &'static Style, chance: &mut Chance) -> (String, String) {
        let key = style.key();
        if !self.0.iter().any(|(k, _)| *k == key) {
            self.0.push((key, style.stems(chance)));
        }
        let deck = self.0.iter_mut().find(|(k, _)| *k == key).map(|(_, d)| d);
        deck.and_then(Vec::pop).unwrap_or_else(|| {
            let number = format!("No. {}", chance.between(10, 99));
            (number.clone(), number)
        })
    }
}

fn company(region: &Region, stems: &mut Stems, chance: &mut Chance) -> (Business, (String, String)) {
    use Business::{Distributor, Label, Live, Publisher, Sync};
    const MIX: [Business; 10] = [
        Label,
        Label,
        Label,
        Publisher,
        Publisher,
        Sync,
        Sync,
        Live,
        Live,
        Distributor,
    ];
    let business = chance.pick(&MIX).copied().unwrap_or(Label);
    let stem = stems.next(region.style, chance);
    (business, region.style.name(business, &stem, chance))
}

fn buyer(
    region: &'static Region,
    company: &(Business, (String, String)),
    person: Person,
    chance: &mut Chance,
) -> Buyer {
    let (business, organisation) = company;
    let (arrival, departure) = stay(chance);
    let mut absences = Vec::new();
    if let Some((day, minute)) = arrival {
        absences.extend((0..day).map(|d| Span {
            day: d,
            from: 0,
            until: 24 * 60,
        }));
        absences.push(Span {
            day,
            from: 0,
            until: minute,
        });
    }
    if let Some((day, minute)) = departure {
        absences.push(Span {
            day,
            from: minute,
            until: 24 * 60,
        });
        absences.extend((day + 1..DATES.len()).map(|d| Span {
            day: d,
            from: 0,
            until: 24 * 60,
        }));
    }
    // Hosted buyers, six of ten, promise a number of meetings for their flight and hotel.
    let least = chance.percent(62).then(|| chance.between(6, 10));
    let most = chance.percent(96).then(|| (25 + chance.bell(4)).clamp(22, 30));
    Buyer {
        code: String::new(),
        region,
        market: market_of(region.code),
        genres: genres(chance),
        rights: rights(*business, chance),
        languages: Vec::new(),
        absences,
        draw: chance.bell(15),
        arrival,
        departure,
        quota: (least, most),
        organisation: organisation.clone(),
        person,
        territories: region.territories(chance),
    }
}

/// Seven of a hundred arrive late, eight leave early, nobody does both.
fn stay(chance: &mut Chance) -> (Option<Moment>, Option<Moment>) {
    match chance.below(100) {
        0..=6 => (chance.pick(&ARRIVALS).copied(), None),
        7..=14 => (None, chance.pick(&DEPARTURES).copied()),
        _ => (None, None),
    }
}

fn genres(chance: &mut Chance) -> Vec<&'static str> {
    let count = 2 + chance.below(3);
    let total: usize = GENRES.iter().map(|g| g.1).sum();
    let mut out: Vec<&str> = Vec::new();
    for _ in 0..MAX_DRAWS {
        if out.len() == count {
            break;
        }
        let mut left = chance.below(total);
        for (genre, weight) in GENRES {
            if left < weight {
                if !out.contains(&genre) {
                    out.push(genre);
                }
                break;
            }
            left -= weight;
        }
    }
    out
}

fn rights(business: Business, chance: &mut Chance) -> Vec<&'static str> {
    let (main, also): (&str, &[&str]) = match business {
        Business::Label => ("recording", &["distribution", "publishing"]),
        Business::Publisher => ("publishing", &["sync"]),
        Business::Sync => ("sync", &["publishing", "recording"]),
        Business::Live => ("live", &["recording"]),
        Business::Distributor => ("distribution", &["recording"]),
    };
    let mut out = vec![main];
    if chance.percent(60) {
        out.push(chance.word(also));
    }
    out
}
