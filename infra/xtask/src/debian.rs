//! Programs that tests need of the system: installed as Debian packages where we may, else the line to run is said.

use crate::shell;
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// Installs these packages, where we are root on Debian; elsewhere nothing happens.
pub fn install(what: &str, packages: &str) -> Result<()> {
    let root = shell::output(Command::new("id").arg("-u"))?.trim() == "0";
    let debian = Path::new("/etc/debian_version").exists() && has_apt();
    if !(root && debian) {
        return Ok(());
    }
    shell::step(&format!("install {what} (Debian package)"), || {
        shell::run(
            Command::new("sh")
                .args(["-c", &line(packages)])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    })
}

/// What a person can do: the line to run, or `elsewhere`.
pub fn advice(packages: &str, elsewhere: &str) -> String {
    if has_apt() {
        format!("Run: sudo sh -c '{}'", line(packages))
    } else {
        elsewhere.to_owned()
    }
}

fn line(packages: &str) -> String {
    format!("apt-get update && apt-get install -y --no-install-recommends {packages}")
}

fn has_apt() -> bool {
    shell::folder_in_path(&["apt-get"]).is_some()
}
