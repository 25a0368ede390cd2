//! Markets of buyers and booths. A wish is worth five times the buyer's grade (5 for the first fifth of the list, then
//! less) plus four times the exhibitor's (0 to 5). Popular booths are wished by many; who comes late or sits in a
//! seminar meets less; some speak a language for which there are few interpreters; one wish in a hundred is promised.

use super::lot::{BELL, Lot};
use scheduler::{Instance, PartySpec, RequestSpec};

/// What makes a kind; chances are per mille.
#[derive(Clone, Copy)]
pub struct Shape {
    buyers: u64,
    booths: u64,
    days: u64,
    slots_a_day: u64,
    tables: (u64, u64),
    /// Length of a buyer's list, before the exhibitors' vetoes.
    wishes: (u64, u64),
    veto: u64,
    /// Meetings a buyer wants at most, per mille of the slots.
    most: (u64, u64),
    /// Whether buyers are hosted: a least number of meetings, and a penalty for each that is missing.
    hosted: bool,
    interpreters: bool,
    /// How little popularity counts: 0 much, 1000 little.
    even: u64,
    /// Mean of the exhibitors' grades, in hundredths.
    liking: i64,
    away: Away,
}

/// A buyer's chances, every day, to be away: half the day, in a seminar (or two), late or leaving early.
#[derive(Clone, Copy)]
struct Away {
    half: u64,
    seminar: u64,
    second_seminar: u64,
    edge: u64,
}

impl Away {
    const fn chances(half: u64, seminar: u64, second_seminar: u64, edge: u64) -> Away {
        Away {
            half,
            seminar,
            second_seminar,
            edge,
        }
    }
}

/// Wishes promised before the timetable is made, per mille.
const PROMISED: u64 = 10;
/// Half a wish list's booths need the interpreter of a buyer who needs one; so does a third of the buyers.
const INTERPRETED: u64 = 500;
const SPEAKERS: u64 = 340;
/// Languages: share of the speakers in per mille, and interpreters to a thousand buyers.
const LANGUAGES: [(&str, u64, u64); 4] = [("zh", 370, 42), ("ko", 250, 28), ("fr", 190, 21), ("es", 190, 21)];
/// Booths that send people to lunch, so many tables fewer for so many slots; and booths closed for half a day.
const LUNCH: u64 = 620;
const LUNCH_TABLES: u32 = 2;
const LUNCH_SLOTS: u64 = 3;
const CLOSED: u64 = 50;
/// Seminars a day, of two or three slots each: many are away at once, so in some slots buyers are short, not tables.
const SEMINARS: u64 = 5;
const SEMINAR_SLOTS: (u64, u64) = (2, 3);
const ZONES: [&str; 4] = ["A", "B", "C", "D"];
const LEAST_MEETINGS: [u32; 3] = [8, 10, 12];
const MISSING_PENALTY: u32 = 40;
/// A market made smaller keeps so many booths, with fewer tables each: wish lists stay as long.
const FEWEST_BOOTHS: u64 = 30;
/// No list of attempts is longer: choosing a booth not yet on the list.
const ATTEMPTS_A_WISH: u64 = 50;

const TOKYO: Shape = Shape {
    buyers: 300,
    booths: 35,
    days: 2,
    slots_a_day: 16,
    tables: (4, 8),
    wishes: (20, 34),
    veto: 80,
    most: (600, 1000),
    hosted: true,
    interpreters: true,
    even: 700,
    liking: 265,
    away: Away::chances(60, 350, 0, 100),
};
const TIGHT: Shape = Shape {
    tables: (3, 6),
    wishes: (23, 35),
    veto: 50,
    away: Away::chances(300, 800, 400, 350),
    ..TOKYO
};
const REGIONAL: Shape = Shape {
    buyers: 3000,
    booths: 350,
    wishes: (22, 43),
    veto: 100,
    even: 20,
    liking: 345,
    away: Away::chances(100, 550, 0, 150),
    ..TOKYO
};
const HUGE: Shape = Shape {
    buyers: 30_000,
    booths: 3500,
    days: 3,
    wishes: (22, 41),
    ..REGIONAL
};
const JOBS: Shape = Shape {
    buyers: 80,
    booths: 40,
    days: 1,
    slots_a_day: 12,
    tables: (1, 1),
    wishes: (7, 11),
    most: (500, 500),
    hosted: false,
    interpreters: false,
    even: 20,
    liking: 335,
    away: Away::chances(150, 250, 0, 120),
    ..TOKYO
};
const ADVISERS: Shape = Shape {
    buyers: 60,
    booths: 6,
    days: 2,
    slots_a_day: 14,
    wishes: (2, 3),
    most: (108, 108),
    liking: 275,
    away: Away::chances(200, 600, 0, 200),
    ..JOBS
};

/// The kinds by name.
pub fn shape(kind: &str) -> Option<Shape> {
    Some(match kind {
        "jobs" => JOBS,
        "advisers" => ADVISERS,
        "tokyo" => TOKYO,
        "tight" => TIGHT,
        "regional" => REGIONAL,
        "huge" => HUGE,
        _ => return None,
    })
}

pub fn make(kind: &str, shape: &Shape, seed: u64, asked: Option<u64>) -> Result<Instance, String> {
    let mut lot = Lot::new(seed ^ kind.bytes().fold(0, |h, b| h * 31 + u64::from(b)));
    let mut market = Market::sized(shape, asked)?;
    let slots = shape.days * shape.slots_a_day;
    market.seminars = (0..shape.days).map(|_| seminars(&mut lot, shape.slots_a_day)).collect();
    for k in 0..market.booths {
        let booth = booth(&mut lot, shape, &market, k);
        market.parties.push(booth);
    }
    for k in 0..market.buyers {
        let buyer = buyer(&mut lot, shape, &market, k);
        market.parties.push(buyer);
    }
    for (name, _, pool) in LANGUAGES.iter().filter(|_| shape.interpreters) {
        market.parties.push(PartySpec {
            id: format!("interpreters-{name}"),
            capacity: vec![(market.buyers * pool / 1000).max(1) as u32; slots as usize],
            ..PartySpec::default()
        });
    }
    let mut requests = wishes(&mut lot, shape, &market);
    promise(&mut lot, &market.parties, &mut requests);
    let days = (0..shape.days).map(|d| (d * shape.slots_a_day) as u16).collect();
    let name = asked.map_or(format!("{kind}-{seed}"), |n| format!("{kind}-{n}-{seed}"));
    Instance::new(name, slots as u16, days, market.parties, requests).map_err(|e| e.to_string())
}

/// How many of everybody, and the parties so far: booths first, then buyers, then interpreters.
struct Market {
    buyers: u64,
    booths: u64,
    /// Tables, per mille of the kind's own number.
    tables: u64,
    parties: Vec<PartySpec>,
    /// By day.
    seminars: Vec<Vec<Seminar>>,
}

/// First slot in its day, and slots.
#[derive(Clone, Copy)]
struct Seminar {
    start: u64,
    length: u64,
}

/// One in each part of the day.
fn seminars(lot: &mut Lot, slots: u64) -> Vec<Seminar> {
    let starts = (0..SEMINARS).map(|k| (k * slots / SEMINARS, (k + 1) * slots / SEMINARS));
    starts
        .map(|(from, to)| {
            let length = lot.between(SEMINAR_SLOTS.0, SEMINAR_SLOTS.1);
            let start = lot.between(from, to - 1).min(slots - length);
            Seminar { start, length }
        })
        .collect()
}

impl Market {
    fn sized(shape: &Shape, requests: Option<u64>) -> Result<Market, String> {
        let own = |buyers, booths, tables| Market {
            buyers,
            booths,
            tables,
            parties: Vec::new(),
            seminars: Vec::new(),
        };
        let Some(requests) = requests else {
            return Ok(own(shape.buyers, shape.booths, 1000));
        };
        let most = scheduler::MAX_REQUESTS as u64 / 2;
        if !(1..=most).contains(&requests) {
            return Err(format!("--requests is a number from 1 to {most}"));
        }
        let a_buyer = (shape.wishes.0 + shape.wishes.1) * (1000 - shape.veto);
        let buyers = (requests * 2000).div_ceil(a_buyer).max(1);
        let exact = buyers * shape.booths / shape.buyers;
        let booths = exact.max(FEWEST_BOOTHS.min(shape.booths));
        let tables = buyers * shape.booths * 1000 / shape.buyers / booths;
        Ok(own(buyers, booths, tables.min(1000)))
    }
}

fn booth(lot: &mut Lot, shape: &Shape, market: &Market, k: u64) -> PartySpec {
    let slots = shape.days * shape.slots_a_day;
    let wanted = lot.between(shape.tables.0, shape.tables.1) * market.tables;
    let tables = ((wanted + lot.below(1000)) / 1000).max(1) as u32;
    let mut capacity = vec![tables; slots as usize];
    if tables > LUNCH_TABLES && lot.per_mille(LUNCH) {
        let start = lot.below(slots - LUNCH_SLOTS + 1) as usize;
        capacity[start..start + LUNCH_SLOTS as usize].fill(tables - LUNCH_TABLES);
    }
    if lot.per_mille(CLOSED * shape.days) {
        let half = shape.slots_a_day / 2;
        let start = (lot.below(2 * shape.days) * half) as usize;
        capacity[start..start + half as usize].fill(0);
    }
    PartySpec {
        id: format!("booth-{:05}", k + 1),
        capacity,
        zone: Some(ZONES[(k * ZONES.len() as u64 / market.booths) as usize % ZONES.len()].to_owned()),
        ..PartySpec::default()
    }
}

fn buyer(lot: &mut Lot, shape: &Shape, market: &Market, k: u64) -> PartySpec {
    let slots = shape.days * shape.slots_a_day;
    let mut capacity = vec![1; slots as usize];
    for (d, day) in capacity.chunks_exact_mut(shape.slots_a_day as usize).enumerate() {
        absences(lot, &shape.away, day, &market.seminars[d]);
    }
    let present = capacity.iter().sum::<u32>();
    let least = LEAST_MEETINGS[lot.below(3) as usize].min(present);
    PartySpec {
        id: format!("buyer-{:05}", k + 1),
        max: Some(((lot.between(shape.most.0, shape.most.1) * slots) / 1000) as u32),
        min: shape.hosted.then_some(least),
        min_penalty: shape.hosted.then_some(MISSING_PENALTY),
        compact: true,
        capacity,
        zone: None,
    }
}

fn absences(lot: &mut Lot, away: &Away, day: &mut [u32], seminars: &[Seminar]) {
    let slots = day.len() as u64;
    let mut leave = |start: u64, length: u64| {
        day[start as usize..(start + length).min(slots) as usize].fill(0);
    };
    if lot.per_mille(away.half) {
        leave(lot.below(2) * (slots / 2), slots / 2);
    }
    for chance in [away.seminar, away.second_seminar] {
        if lot.per_mille(chance) {
            let seminar = seminars[lot.below(SEMINARS) as usize];
            leave(seminar.start, seminar.length);
        }
    }
    if lot.per_mille(away.edge) {
        let length = lot.between(2, slots / 2);
        leave(lot.below(2) * (slots - length), length);
    }
}

fn wishes(lot: &mut Lot, shape: &Shape, market: &Market) -> Vec<RequestSpec> {
    let mut order: Vec<u64> = (0..market.booths).collect();
    lot.shuffle(&mut order);
    // Running sums of the booths' popularity, by rank; the least popular keep one wish in fifty of the most popular's.
    let mut sum = 0;
    let sums: Vec<u64> = (0..market.booths)
        .map(|rank| {
            let left = (market.booths - rank) * 1000 / market.booths;
            sum += left * left * left / 1_000_000 + shape.even + 20;
            sum
        })
        .collect();
    let charm: Vec<i64> = order.iter().map(|_| lot.bell() * 3 / 10).collect();
    let mut requests = Vec::new();
    for k in 0..market.buyers {
        let length = lot.between(shape.wishes.0, shape.wishes.1).min(market.booths);
        let language = lot
            .per_mille(SPEAKERS)
            .then(|| language(lot))
            .filter(|_| shape.interpreters);
        let mood = lot.bell() * 4 / 10;
        for (rank, booth) in (0..).zip(list(lot, &sums, length)) {
            if lot.per_mille(shape.veto) {
                continue;
            }
            let grade = (shape.liking + mood + charm[booth] + lot.bell() * 11 / 10 + BELL / 2).div_euclid(BELL);
            let mut parties = vec![(market.booths + k) as u32, order[booth] as u32];
            if let Some(language) = language.filter(|_| lot.per_mille(INTERPRETED)) {
                parties.push((market.booths + market.buyers + language) as u32);
            }
            requests.push(RequestSpec {
                id: format!("r{}", requests.len() + 1),
                parties,
                value: (5 * (5 - 5 * rank / length) + 4 * grade.clamp(0, 5) as u64) as u32,
                ..RequestSpec::default()
            });
        }
    }
    requests
}

fn language(lot: &mut Lot) -> u64 {
    let mut place = lot.below(1000);
    for (k, (_, share, _)) in (0..).zip(LANGUAGES) {
        if place < share {
            return k;
        }
        place -= share;
    }
    0
}

/// Ranks of different booths, the popular ones more often and earlier.
fn list(lot: &mut Lot, sums: &[u64], length: u64) -> Vec<usize> {
    let mut list = Vec::new();
    for _ in 0..length * ATTEMPTS_A_WISH {
        let place = lot.below(sums.last().copied().unwrap_or_default());
        let booth = sums.partition_point(|&sum| sum <= place);
        if !list.contains(&booth) {
            list.push(booth);
            if list.len() as u64 == length {
                break;
            }
        }
    }
    list
}

/// Promises some wishes, each in a slot in which everybody in it still has room.
fn promise(lot: &mut Lot, parties: &[PartySpec], requests: &mut [RequestSpec]) {
    let mut room: Vec<Vec<u32>> = parties.iter().map(|p| p.capacity.clone()).collect();
    for request in requests {
        if !lot.per_mille(PROMISED) {
            continue;
        }
        let free = |slot: usize| request.parties.iter().all(|&p| room[p as usize][slot] > 0);
        let open: Vec<usize> = (0..parties[0].capacity.len()).filter(|&s| free(s)).collect();
        let Some(&slot) = open.get(lot.below(open.len() as u64) as usize) else {
            continue;
        };
        for &p in &request.parties {
            room[p as usize][slot] -= 1;
        }
        request.fixed = Some(slot as u16);
    }
}
