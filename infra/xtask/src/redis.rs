//! The Redis server's program for tests: found or, on Debian with rights, installed. Tests start throw-away servers with it
//! themselves, because they kill them in the middle.

use crate::{debian, shell};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// The variable that tests read the program's path from.
pub const VARIABLE: &str = "ICHIBA_TEST_REDIS";

const PROGRAM: &str = "redis-server";
/// Without a daemon of the system's own: only the program is wanted.
const PACKAGE: &str = "redis-server";
const ELSEWHERE: &str = "Install Redis by your system's package manager (redis-server in PATH)";

/// Where the program is, if it is there.
pub fn find() -> Option<PathBuf> {
    shell::folder_in_path(&[PROGRAM]).map(|folder| folder.join(PROGRAM))
}

/// Where the program is, after installing it if that is possible here.
pub fn find_or_install() -> Result<PathBuf> {
    let advice = || debian::advice(PACKAGE, ELSEWHERE);
    if let Some(program) = find() {
        return Ok(program);
    }
    debian::install("Redis", PACKAGE).with_context(advice)?;
    find().with_context(|| format!("Redis' server program is missing. {}", advice()))
}
