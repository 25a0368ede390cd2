//! How long the parts of the scheduler take: `cargo bench -p scheduler`. Markets are made by seed and solved under work
//! limits, so that two runs do the same work. Against other solvers and in full size: `cargo xtask bench scheduler`.

#[path = "../examples/kinds/mod.rs"]
mod kinds;

use divan::{Bencher, black_box};
use scheduler::check::check;
use scheduler::{Instance, Limits, Timetable, solve};

const SEED: u64 = 1;
/// Units of work of a run with a fixed amount of it.
const WORK: u64 = 20_000;
/// With this limit only the relaxation and the first timetable are made.
const FIRST: u64 = 1;
const MARKETS: [&str; 3] = ["jobs", "tokyo", "tight"];

fn main() {
    divan::main();
}

fn market(kind: &str) -> Instance {
    kinds::make(kind, SEED, None).expect("the generator keeps the rules")
}

fn solved(instance: &Instance, work: Option<u64>) -> Timetable {
    let limits = Limits {
        seed: SEED,
        work,
        polish: None,
    };
    solve(instance, &limits, &mut |_| false).expect("promised meetings fit")
}

/// The text of an instance to an instance.
#[divan::bench(args = MARKETS, max_time = 2)]
fn reading(bencher: Bencher, kind: &str) {
    let text = market(kind).to_json();
    bencher.bench(|| Instance::from_json(black_box(&text)));
}

/// Layout, relaxation and the first timetable, with its certificate.
#[divan::bench(args = ["jobs", "tokyo", "tight", "regional"], max_time = 4)]
fn first_timetable(bencher: Bencher, kind: &str) {
    let instance = market(kind);
    bencher.bench(|| solved(black_box(&instance), Some(FIRST)));
}

/// To the proof that nothing is better, and the bounded effort on breaks and dashes after it.
#[divan::bench(args = ["jobs", "advisers", "mandatory"], max_time = 3)]
fn to_the_proof(bencher: Bencher, kind: &str) {
    let instance = market(kind);
    bencher.bench(|| solved(black_box(&instance), None));
}

/// The same amount of improvement every time.
#[divan::bench(args = ["tokyo", "tight"], max_time = 6)]
fn fixed_work(bencher: Bencher, kind: &str) {
    let instance = market(kind);
    bencher.bench(|| solved(black_box(&instance), Some(WORK)));
}

/// The independent check of a timetable and its certificate.
#[divan::bench(args = MARKETS, max_time = 2)]
fn checking(bencher: Bencher, kind: &str) {
    let instance = market(kind);
    let timetable = solved(&instance, Some(FIRST));
    bencher.bench(|| check(black_box(&instance), black_box(&timetable)));
}
