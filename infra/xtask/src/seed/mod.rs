//! `cargo xtask seed`: writes the CSV files of `seed-data/` anew, and visitors on request. The same
//! seed gives the same bytes on every machine. The TOML files and the README are written by hand
//! and not touched. Nothing here knows the product's code: the files are the contract.

mod artist_words;
mod artists;
mod booths;
mod buyers;
mod chance;
mod companies;
mod crew;
mod days;
mod exhibitors;
mod names_east;
mod names_japan;
mod names_known;
mod names_south;
mod names_west;
mod part;
mod regions;
mod register;
mod sessions;
mod sheet;
mod visitors;
mod wishes;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use register::Register;
use sheet::Sheet;

/// The seed of the files in the repository.
const SEED: u64 = 20_251_105;
/// More visitors than this are a slip of the finger.
const MAX_VISITORS: usize = 200_000;

const USAGE: &str = "\
cargo xtask seed [--seed N] [--out FOLDER]      rewrite the CSV files of seed-data/
cargo xtask seed visitors --out FILE [--count N] [--seed N]   5,000 visitors unless said";

/// Runs the command; `args` are the words after `seed`.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    if args.first().is_some_and(|word| word == "visitors") {
        return only_visitors(args.get(1..).unwrap_or_default());
    }
    let options = Options::parse(args)?;
    ensure!(options.count.is_none(), "--count belongs to `seed visitors`\n{USAGE}");
    let folder = options.out.unwrap_or_else(|| PathBuf::from("seed-data"));
    ensure!(
        folder.is_dir(),
        "no folder {}: run it at the top of the repository, or say --out",
        folder.display()
    );
    for (name, sheet) in market(options.seed.unwrap_or(SEED)) {
        let path = folder.join(name);
        let rows = sheet.save(&path)?;
        say(&path, rows)?;
    }
    Ok(())
}

fn only_visitors(args: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(args)?;
    let count = options.count.unwrap_or(5_000);
    ensure!(count <= MAX_VISITORS, "--count: at most {MAX_VISITORS}");
    let out = options.out.with_context(|| format!("--out FILE is missing\n{USAGE}"))?;
    let rows = visitors::visitors(options.seed.unwrap_or(1), count).save(&out)?;
    say(&out, rows)
}

/// All files of the market, in the order in which they refer to each other.
fn market(seed: u64) -> Vec<(&'static str, Sheet)> {
    let mut register = Register::of_different_names();
    let (staff, members) = booths::staff(seed, &mut register);
    let mut buyers = buyers::draw(seed, &mut register);
    let people = crew::people(seed, &mut register);
    let attendance = sessions::attendance(seed, &mut buyers, &members);
    let unavailable = sessions::unavailable(seed, &mut buyers);
    vec![
        ("exhibitors.csv", booths::exhibitors(seed)),
        ("staffing.csv", booths::staffing(seed)),
        ("staff.csv", staff),
        ("artists.csv", artists::artists(seed, &register)),
        ("buyers.csv", buyers::sheet(&buyers)),
        ("people.csv", people),
        ("sessions.csv", sessions::sessions()),
        ("attendance.csv", attendance),
        ("unavailable.csv", unavailable),
        ("wishes.csv", wishes::wishes(seed, &buyers)),
    ]
}

#[derive(Default)]
struct Options {
    out: Option<PathBuf>,
    count: Option<usize>,
    seed: Option<u64>,
}

impl Options {
    fn parse(args: &[String]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let value = words.next().with_context(|| format!("{word}: what value?\n{USAGE}"))?;
            match word.as_str() {
                "--out" => options.out = Some(PathBuf::from(value)),
                "--count" => options.count = Some(whole(word, value)? as usize),
                "--seed" => options.seed = Some(whole(word, value)?),
                _ => bail!("unknown option {word}\n{USAGE}"),
            }
        }
        Ok(options)
    }
}

fn whole(word: &str, value: &str) -> anyhow::Result<u64> {
    value
        .parse()
        .with_context(|| format!("{word} {value}: a whole number is wanted"))
}

fn say(path: &Path, rows: usize) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{}: {rows} rows", path.display()).context("writing to the terminal")
}
