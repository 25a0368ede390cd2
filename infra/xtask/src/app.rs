//! The web app (mobile-api/app), as a package that is built and tested. The product embeds it, so it is built first.

use crate::npm::Package;
use crate::shell::step;
use anyhow::Result;

const APP: Package = Package {
    name: "app",
    folder: "mobile-api/app",
    sources: &[
        "src",
        "static",
        "scripts",
        "svelte.config.js",
        "vite.config.ts",
        "tsconfig.json",
        "package.json",
        "package-lock.json",
        ".npmrc",
        // Its types are made of these.
        "../operations",
        "../../schema.graphql",
    ],
    built: "build/served.json",
};

/// Builds the app unless it is newer than all its sources.
pub fn build() -> Result<()> {
    APP.build()
}

/// Builds it, then: types, its own tests, and how much a phone must load.
pub fn test() -> Result<()> {
    build()?;
    for script in ["check", "test", "size"] {
        step(&format!("app: npm run {script}"), || APP.script(script, &[]))?;
    }
    Ok(())
}
