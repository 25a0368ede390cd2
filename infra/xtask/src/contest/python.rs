//! The peers' throw-away Python environment, made under cargo's target folder from infra/xtask/bench/requirements.txt.
//! Where it cannot be made, the bench goes on without the peers that need it.

use crate::shell::{self, step};
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What there is of Python.
pub struct Python {
    interpreter: PathBuf,
    /// Whether the peers and the plots are installed, or the standard library is all.
    pub with_packages: bool,
}

impl Python {
    /// Finds or makes the environment; `None` without any Python.
    pub fn prepare(folder: &Path) -> Option<Python> {
        let version = shell::output(Command::new("python3").arg("--version"));
        if let Err(problem) = version {
            println!("   no python3 ({problem:#}): no peers but annealing, its answers unchecked, no plots");
            return None;
        }
        match environment(&folder.join("venv")) {
            Ok(interpreter) => Some(Python {
                interpreter,
                with_packages: true,
            }),
            Err(problem) => {
                println!("   no Python environment: {problem:#}");
                println!("   the bench goes on with ours and annealing only, without plots");
                Some(Python {
                    interpreter: PathBuf::from("python3"),
                    with_packages: false,
                })
            }
        }
    }

    /// A command that runs one of our scripts.
    pub fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.interpreter);
        // No compiled files beside the sources; no packages of the person who runs it.
        command.args(["-B", "-s"]).arg(scripts().join(name));
        command
    }
}

fn scripts() -> PathBuf {
    shell::root().join("infra/xtask/bench")
}

fn environment(folder: &Path) -> Result<PathBuf> {
    let wanted = fs::read_to_string(scripts().join("requirements.txt"))?;
    let interpreter = folder.join("bin/python");
    let stamp = folder.join("installed.txt");
    if interpreter.is_file() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter);
    }
    step("make a Python environment for the peers", || {
        shell::output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
        let mut install = Command::new(&interpreter);
        install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
        shell::output(install.arg(scripts().join("requirements.txt")))?;
        Ok(fs::write(&stamp, wanted)?)
    })?;
    Ok(interpreter)
}
