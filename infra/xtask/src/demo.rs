//! `cargo xtask demo`: builds what the demonstration needs and hands over to `ichiba demo`, which does the work.
//! A thin wrapper: importing, proposing, publishing and serving are the product's own.

use crate::{app, explorer, product, seed, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug, PartialEq)]
struct Demo {
    fresh: bool,
    port: u16,
    data: PathBuf,
}

pub fn run(args: &[String]) -> Result<()> {
    let demo = parse(args)?;
    let root = shell::root();
    app::build()?;
    let binary = product::build()?;
    explorer::build()?;

    let mut command = Command::new(binary);
    command.current_dir(&root).arg("demo").arg("--data").arg(&demo.data);
    command
        .arg("--seed")
        .arg("seed-data")
        .arg("--explorer")
        .arg(explorer::bundle());
    command.arg("--port").arg(demo.port.to_string());
    if demo.fresh || is_new(&root.join(&demo.data)) {
        command.arg("--visitors").arg(visitors()?);
    }
    if demo.fresh {
        command.arg("--fresh");
    }
    // Takes our place, so that Ctrl-C, the terminal and the exit code are the product's own.
    Err(command.exec()).context("could not start ichiba")
}

/// Nothing is there yet, so the product will import the seed.
fn is_new(data: &Path) -> bool {
    fs::read_dir(data).map_or(true, |mut entries| entries.next().is_none())
}

/// The demonstration's visitors, made anew each time: 5,000 rows that are kept nowhere but under cargo's target folder.
fn visitors() -> Result<PathBuf> {
    let folder = product::target_folder()?.join("demo");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let file = folder.join("visitors.csv");
    seed::run(&["visitors".to_owned(), "--out".to_owned(), file.display().to_string()])?;
    Ok(file)
}

fn parse(args: &[String]) -> Result<Demo> {
    let mut demo = Demo {
        fresh: false,
        port: 8080,
        data: PathBuf::from("./data"),
    };
    let mut rest = args.iter();
    while let Some(argument) = rest.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || {
            inline
                .clone()
                .or_else(|| rest.next().cloned())
                .with_context(|| format!("{name} needs a value"))
        };
        match name {
            "--fresh" => demo.fresh = true,
            "--port" => demo.port = value()?.parse().context("--port is a number from 1 to 65535")?,
            // Said by a person: seen from where the person stands, not from the repository's root.
            "--data" => demo.data = std::path::absolute(value()?).context("--data is a folder")?,
            other => bail!("demo knows --fresh, --port and --data, not \"{other}\""),
        }
    }
    Ok(demo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Result<Demo, &str>) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let got = parse(&args).map_err(|problem| problem.to_string());
        assert_eq!(got, expect.map_err(str::to_owned), "{line}");
    }

    #[test]
    fn the_command_line() {
        let data = |path: &str| PathBuf::from(path);
        check(
            "",
            Ok(Demo {
                fresh: false,
                port: 8080,
                data: data("./data"),
            }),
        );
        check(
            "--fresh --port 9000",
            Ok(Demo {
                fresh: true,
                port: 9000,
                data: data("./data"),
            }),
        );
        check(
            "--data=/tmp/m --port=1",
            Ok(Demo {
                fresh: false,
                port: 1,
                data: data("/tmp/m"),
            }),
        );
        check("--port", Err("--port needs a value"));
        check("--port 70000", Err("--port is a number from 1 to 65535"));
        check("--frsh", Err("demo knows --fresh, --port and --data, not \"--frsh\""));
    }
}
