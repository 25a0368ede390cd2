//! The product as cargo builds it: where the binary is, and the contract it prints.
//! Running the market is demo.rs.

use crate::shell::{self, cargo, step};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Where cargo puts what it builds (it may be set from outside, so cargo is asked).
pub fn target_folder() -> Result<PathBuf> {
    let metadata = metadata()?;
    let folder = metadata["target_directory"]
        .as_str()
        .context("cargo metadata names no target_directory")?;
    Ok(PathBuf::from(folder))
}

/// `cargo metadata` of the workspace's own crates.
pub fn metadata() -> Result<Value> {
    let text = shell::output(&mut cargo(&[
        "metadata",
        "--no-deps",
        "--locked",
        "--format-version",
        "1",
    ]))?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// The path of the development binary, whether it is built or not.
pub fn binary() -> Result<PathBuf> {
    Ok(target_folder()?.join("debug").join("ichiba"))
}

/// What builds the product. Not `-p server`: cargo chooses the features of dependencies by what is built together, and
/// with the same choice as `cargo xtask test` nothing is compiled twice.
pub const BUILD: [&str; 4] = ["build", "--locked", "--workspace", "--bins"];

/// Builds the product and returns the path of its binary.
pub fn build() -> Result<PathBuf> {
    step("build ichiba (the first time this takes some minutes)", || {
        shell::run(&mut cargo(&BUILD))
    })?;
    binary()
}

/// Writes `schema.graphql` as the product prints it.
pub fn schema() -> Result<()> {
    let printed = shell::output(Command::new(build()?).arg("schema").current_dir(shell::root()))?;
    let file = shell::root().join("schema.graphql");
    if fs::read_to_string(&file).is_ok_and(|kept| kept == printed) {
        println!("schema.graphql was true already");
        return Ok(());
    }
    fs::write(&file, &printed).with_context(|| format!("could not write {}", file.display()))?;
    println!("schema.graphql written, {} lines", printed.lines().count());
    Ok(())
}
