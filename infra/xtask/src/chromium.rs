//! The system's Chromium for the browser tests: found or, on Debian with rights, installed. No browser is downloaded by
//! any other way.

use crate::{debian, shell};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The variable that tests read the program's path from; set by a person, it wins.
pub const VARIABLE: &str = "ICHIBA_TEST_CHROMIUM";

/// As systems call it, in this order.
const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Where macOS keeps it, which has none of them in PATH.
const APPLICATIONS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/// With letters for Japanese, so that widths are those that people see.
const PACKAGES: &str = "chromium fonts-noto-cjk";
const ELSEWHERE: &str =
    "Install Chromium or Chrome by your system's package manager, or name one in ICHIBA_TEST_CHROMIUM";

/// Where the program is, after installing it if that is possible here.
pub fn find_or_install() -> Result<PathBuf> {
    let advice = || debian::advice(PACKAGES, ELSEWHERE);
    if let Some(program) = find() {
        return Ok(program);
    }
    debian::install("Chromium", PACKAGES).with_context(advice)?;
    find().with_context(|| format!("Chromium is missing. {}", advice()))
}

fn find() -> Option<PathBuf> {
    let said = shell::variable(VARIABLE).map(PathBuf::from);
    let in_path = PROGRAMS
        .iter()
        .find_map(|program| shell::folder_in_path(&[program]).map(|folder| folder.join(program)));
    let of_mac = APPLICATIONS.iter().map(Path::new).find(|path| path.is_file());
    said.or(in_path).or_else(|| of_mac.map(Path::to_path_buf))
}
