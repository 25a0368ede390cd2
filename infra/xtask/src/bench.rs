//! `cargo xtask bench-build`: how long a newcomer and a developer wait for the compiler. Measures in a target folder of
//! its own, so that the daily one stays as it is.

use crate::product;
use crate::shell::{self, Watch, cargo};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The file that is "edited": everything above the domain is compiled again.
const EDITED: &str = "backend/domain/src/lib.rs";

pub fn run() -> Result<()> {
    let folder = Folder(std::env::temp_dir().join(format!("ichiba-bench-build-{}", std::process::id())));
    let build: &[&str] = &product::BUILD;
    let check: &[&str] = &["check", "--locked", "--workspace"];
    let test: &[&str] = &["test", "--locked", "-p", "domain", "--no-run"];
    let rows = [
        ("clean build of ichiba", measured(&folder.0, build, false)?),
        ("build after an edit in domain", measured(&folder.0, build, true)?),
        ("first check after a build", measured(&folder.0, check, false)?),
        ("check after an edit in domain", measured(&folder.0, check, true)?),
        ("first test build of domain", measured(&folder.0, test, false)?),
        ("test build after an edit in domain", measured(&folder.0, test, true)?),
    ];
    println!("\n{:<36} {:>8}", "what", "seconds");
    for (what, seconds) in rows {
        println!("{what:<36} {seconds:>8.1}");
    }
    println!("{:<36} {:>8}", "target folder, megabytes", megabytes(&folder.0)?);
    Ok(())
}

fn measured(target: &Path, arguments: &[&str], edited: bool) -> Result<f64> {
    if edited {
        touch(&shell::root().join(EDITED))?;
    }
    println!("== cargo {} …", arguments.join(" "));
    let watch = Watch::start();
    shell::run(cargo(arguments).env("CARGO_TARGET_DIR", target))?;
    Ok(watch.seconds())
}

/// Cargo goes by the time of the last change, so a new time is an edit.
#[expect(clippy::disallowed_methods, reason = "the file's time is the measurement's input")]
fn touch(path: &Path) -> Result<()> {
    let file = File::options()
        .append(true)
        .open(path)
        .with_context(|| format!("no {}", path.display()))?;
    file.set_modified(SystemTime::now())?;
    Ok(())
}

fn megabytes(folder: &Path) -> Result<u64> {
    Ok(bytes(folder)? / 1_000_000)
}

fn bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        sum += if kind.is_dir() {
            bytes(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(sum)
}

/// Removed when the measurement ends, well or badly.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if self.0.exists()
            && let Err(problem) = fs::remove_dir_all(&self.0)
        {
            eprintln!("xtask: could not remove {}: {problem}", self.0.display());
        }
    }
}
