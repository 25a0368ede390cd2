//! Packages of the web that npm and vite build: when they must be built anew, and how. Which there are is said by
//! explorer.rs, app.rs and browser.rs.

use crate::shell::{self, step};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// The oldest Node that vite accepts, as (major, minor) per line of releases.
const OLDEST_NODE: [(u32, u32); 2] = [(20, 19), (22, 12)];

/// One package.
pub struct Package {
    /// What people call it.
    pub name: &'static str,
    /// Its folder, from the root.
    pub folder: &'static str,
    /// The files and folders it is made of, from its folder; `package-lock.json` alone decides what is installed.
    pub sources: &'static [&'static str],
    /// A file that is written last when it is built.
    pub built: &'static str,
}

impl Package {
    /// Its folder.
    pub fn folder(&self) -> PathBuf {
        shell::root().join(self.folder)
    }

    /// Builds it unless it is newer than all its sources.
    pub fn build(&self) -> Result<()> {
        let built = modified(&self.folder().join(self.built));
        if built.is_some() && newest(&self.folder(), self.sources)? <= built {
            println!("== {}: up to date", self.name);
            return Ok(());
        }
        self.install()?;
        step(&format!("bundle the {} (vite)", self.name), || {
            self.script("build", &["--logLevel", "warn"])
        })
    }

    /// Runs one of its scripts.
    pub fn script(&self, script: &str, arguments: &[&str]) -> Result<()> {
        shell::run(&mut self.command(script, arguments))
    }

    /// What runs one of its scripts.
    pub fn command(&self, script: &str, arguments: &[&str]) -> Command {
        let mut npm = Command::new("npm");
        npm.args(["run", "--silent", script, "--"]).args(arguments);
        npm.current_dir(self.folder());
        npm
    }

    /// Installs what it needs. npm keeps a copy of the lock it installed from; a newer lock means a new install.
    pub fn install(&self) -> Result<()> {
        check_node()?;
        let folder = self.folder();
        let installed = modified(&folder.join("node_modules/.package-lock.json"));
        if installed.is_some() && newest(&folder, &["package-lock.json", ".npmrc"])? <= installed {
            return Ok(());
        }
        step(&format!("install packages for the {} (npm ci)", self.name), || {
            shell::run(
                Command::new("npm")
                    .args(["ci", "--no-audit", "--no-fund"])
                    .current_dir(&folder),
            )
        })
    }
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

/// The newest file of a folder and those within. What the build itself writes there is not a source.
fn newest_inside(folder: &Path) -> Result<Option<SystemTime>> {
    // The folder's own time says that a file went away.
    let mut newest = modified(folder);
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry?.path();
        let generated = path.file_stem().is_some_and(|stem| stem == "generated");
        newest = newest.max(if path.is_dir() {
            newest_inside(&path)?
        } else if generated {
            None
        } else {
            modified(&path)
        });
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
