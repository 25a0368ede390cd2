//! `cargo xtask browser`: the tests of tests/browser, in the system's Chromium against the real binary. They make their own
//! markets and start their own servers; here only what they need is built and found.

use crate::npm::Package;
use crate::{app, chromium, product, shell};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Nothing is bundled: the test runner reads TypeScript as it is.
const TESTS: Package = Package {
    name: "browser tests",
    folder: "tests/browser",
    sources: &[],
    built: "",
};

/// The variables that the tests read the product's path and the folder for pictures from.
const BINARY: &str = "ICHIBA_BIN";
const PICTURES: &str = "ICHIBA_TEST_PICTURES";

#[derive(Debug, PartialEq, Default)]
struct Wanted {
    /// Parts of file names; none: all.
    names: Vec<String>,
    /// Measures a slow phone instead.
    slow: bool,
    pictures: Option<PathBuf>,
}

pub fn run(args: &[String]) -> Result<()> {
    let wanted = parse(args)?;
    app::build()?;
    let binary = product::build()?;
    let script = if wanted.slow { "slow" } else { "test" };
    tests(&binary, script, &wanted)
}

/// All of them, with the binary that is built already, and their types.
pub fn test() -> Result<()> {
    TESTS.install()?;
    shell::step("browser: npm run check", || TESTS.script("check", &[]))?;
    tests(&product::binary()?, "test", &Wanted::default())
}

fn tests(binary: &Path, script: &str, wanted: &Wanted) -> Result<()> {
    TESTS.install()?;
    let names: Vec<&str> = wanted.names.iter().map(String::as_str).collect();
    let mut command = TESTS.command(script, &names);
    command
        .env(BINARY, binary)
        .env(chromium::VARIABLE, chromium::find_or_install()?);
    if let Some(folder) = &wanted.pictures {
        command.env(PICTURES, folder);
    }
    shell::run(&mut command)
}

fn parse(args: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted::default();
    let mut rest = args.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "slow" => wanted.slow = true,
            // Said by a person: seen from where the person stands.
            "--pictures" => {
                let folder = rest.next().context("--pictures needs a folder")?;
                wanted.pictures = Some(std::path::absolute(folder).context("--pictures is a folder")?);
            }
            option if option.starts_with('-') => bail!("browser knows slow, --pictures and names, not \"{option}\""),
            name => wanted.names.push(name.to_owned()),
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Result<Wanted, &str>) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let got = parse(&args).map_err(|problem| problem.to_string());
        assert_eq!(got, expect.map_err(str::to_owned), "{line}");
    }

    #[test]
    fn the_command_line() {
        check("", Ok(Wanted::default()));
        check(
            "slow",
            Ok(Wanted {
                slow: true,
                ..Wanted::default()
            }),
        );
        check(
            "screens play --pictures /tmp/seen",
            Ok(Wanted {
                names: vec!["screens".to_owned(), "play".to_owned()],
                pictures: Some(PathBuf::from("/tmp/seen")),
                slow: false,
            }),
        );
        check("--pictures", Err("--pictures needs a folder"));
        check(
            "--picture",
            Err("browser knows slow, --pictures and names, not \"--picture\""),
        );
    }
}
