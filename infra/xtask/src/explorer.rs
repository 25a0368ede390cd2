//! Builds the GraphQL explorer (mobile-api/explorer) with npm and vite when its bundle is missing or older than its
//! sources. What is in the explorer is said there.

use crate::shell::{self, step};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// The oldest Node that vite accepts, as (major, minor) per line of releases.
const OLDEST_NODE: [(u32, u32); 2] = [(20, 19), (22, 12)];
/// The files and folders the bundle is made of; `package-lock.json` alone decides what is installed.
const SOURCES: [&str; 6] = [
    "src",
    "index.html",
    "vite.config.js",
    "package.json",
    "package-lock.json",
    ".npmrc",
];

/// The bundle's folder, as the product's `--explorer` wants it.
pub fn bundle() -> PathBuf {
    folder().join("dist")
}

/// Builds the bundle unless it is newer than all its sources.
pub fn build() -> Result<()> {
    let folder = folder();
    let built = modified(&bundle().join("index.html"));
    if built.is_some() && newest(&folder, &SOURCES)? <= built {
        println!("== explorer: up to date");
        return Ok(());
    }
    check_node()?;
    // npm keeps a copy of the lock it installed from; a newer lock means a new install.
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_none() || newest(&folder, &["package-lock.json", ".npmrc"])? > installed {
        step("install the explorer's packages (npm ci)", || {
            shell::run(
                Command::new("npm")
                    .args(["ci", "--no-audit", "--no-fund"])
                    .current_dir(&folder),
            )
        })?;
    }
    step("bundle the explorer (vite)", || {
        shell::run(
            Command::new("npm")
                .args(["run", "--silent", "build", "--", "--logLevel", "warn"])
                .current_dir(&folder),
        )
    })
}

fn folder() -> PathBuf {
    shell::root().join("mobile-api/explorer")
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|entry| entry.modified()).ok()
}

fn newest(folder: &Path, names: &[&str]) -> Result<Option<SystemTime>> {
    let mut newest = None;
    for name in names {
        let path = folder.join(name);
        newest = newest.max(if path.is_dir() {
            newest_inside(&path)?
        } else {
            modified(&path)
        });
    }
    Ok(newest)
}

fn newest_inside(folder: &Path) -> Result<Option<SystemTime>> {
    let mut newest = modified(folder);
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        newest = newest.max(modified(&entry?.path()));
    }
    Ok(newest)
}

fn check_node() -> Result<()> {
    let advice = "install Node 20.19 or newer (https://nodejs.org), which brings npm";
    let version = shell::output(Command::new("node").arg("--version")).context(advice)?;
    if !new_enough(&version) {
        bail!("Node {} is too old: {advice}", version.trim());
    }
    Ok(())
}

fn new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    let [(older, older_minor), (newer, newer_minor)] = OLDEST_NODE;
    (major == older && minor >= older_minor) || (major == newer && minor >= newer_minor) || major > newer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_judged_as_vite_does() {
        let check = |version: &str, expect: bool| assert_eq!(new_enough(version), expect, "{version}");
        check("v20.19.0\n", true);
        check("v20.18.3\n", false);
        check("v21.7.0", false);
        check("v22.11.0", false);
        check("v22.12.0", true);
        check("v26.0.0", true);
        check("18", false);
        check("", false);
    }
}
