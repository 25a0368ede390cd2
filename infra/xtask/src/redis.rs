//! The Redis server's program for tests: found or, on Debian with rights, installed. Tests start throw-away servers with it
//! themselves, because they kill them in the middle.

use crate::shell;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable that tests read the program's path from.
pub const VARIABLE: &str = "ICHIBA_TEST_REDIS";

const PROGRAM: &str = "redis-server";
/// Without a daemon of the system's own: only the program is wanted.
const DEBIAN_INSTALL: &str = "apt-get update && apt-get install -y --no-install-recommends redis-server";

/// Where the program is, if it is there.
pub fn find() -> Option<PathBuf> {
    shell::folder_in_path(&[PROGRAM]).map(|folder| folder.join(PROGRAM))
}

/// Where the program is, after installing it if that is possible here.
pub fn find_or_install() -> Result<PathBuf> {
    if let Some(program) = find() {
        return Ok(program);
    }
    let root = shell::output(Command::new("id").arg("-u"))?.trim() == "0";
    let debian = Path::new("/etc/debian_version").exists() && shell::folder_in_path(&["apt-get"]).is_some();
    if root && debian {
        shell::step("install Redis (Debian package)", || {
            shell::run(
                Command::new("sh")
                    .args(["-c", DEBIAN_INSTALL])
                    .env("DEBIAN_FRONTEND", "noninteractive"),
            )
        })
        .with_context(advice)?;
    }
    find().with_context(|| format!("Redis' server program is missing. {}", advice()))
}

fn advice() -> String {
    if shell::folder_in_path(&["apt-get"]).is_some() {
        format!("Run: sudo sh -c '{DEBIAN_INSTALL}'")
    } else {
        "Install Redis by your system's package manager (redis-server in PATH)".to_owned()
    }
}
