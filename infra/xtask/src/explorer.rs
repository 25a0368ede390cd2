//! The GraphQL explorer (mobile-api/explorer), as a package that is built. What is in it is said there.

use crate::npm::Package;
use anyhow::Result;
use std::path::PathBuf;

const EXPLORER: Package = Package {
    name: "explorer",
    folder: "mobile-api/explorer",
    sources: &[
        "src",
        "index.html",
        "vite.config.js",
        "package.json",
        "package-lock.json",
        ".npmrc",
    ],
    built: "dist/index.html",
};

/// The bundle's folder, as the product's `--explorer` wants it.
pub fn bundle() -> PathBuf {
    EXPLORER.folder().join("dist")
}

/// Builds the bundle unless it is newer than all its sources.
pub fn build() -> Result<()> {
    EXPLORER.build()
}
