//! Which crate may know which: the arrows of backend/README.md, and the outside crates that stay outside a room.

use super::Problem;
use anyhow::{Context, Result};
use serde_json::Value;

/// A room of the house: the crates of ours that it may know, and the outside crates that it never names.
/// A name with `*` at its end stands for all names that begin so.
struct Room {
    name: &'static str,
    knows: &'static [&'static str],
    never: &'static [&'static str],
}

/// No clock, no I/O, no chance, no SQL, no GraphQL, no HTTP.
const PURE: &[&str] = &[
    "tokio",
    "sea-orm*",
    "sqlx*",
    "async-graphql*",
    "axum",
    "reqwest",
    "hyper",
    "rand",
    "getrandom",
    "chrono",
];

const ROOMS: [Room; 8] = [
    Room {
        name: "scheduler",
        knows: &[],
        never: PURE,
    },
    Room {
        name: "domain",
        knows: &["scheduler"],
        never: PURE,
    },
    Room {
        name: "storage",
        knows: &["domain"],
        never: &["async-graphql*", "axum"],
    },
    Room {
        name: "graphql",
        knows: &["storage", "domain"],
        never: &["sea-orm*", "sqlx*", "axum"],
    },
    Room {
        name: "server",
        knows: &["graphql", "storage", "domain", "scheduler", "mobile-api"],
        never: &["sea-orm*", "sqlx*"],
    },
    Room {
        name: "mobile-api",
        knows: &[],
        never: &["sea-orm*", "sqlx*", "axum"],
    },
    Room {
        name: "xtask",
        knows: &[],
        never: &["sea-orm*", "sqlx*"],
    },
    // Sees the product from outside; for that it may know every room, in its tests only.
    Room {
        name: "system-tests",
        knows: &[],
        never: &["sea-orm*"],
    },
];
const KNOWS_ALL_IN_TESTS: &str = "system-tests";

/// Words that say nothing about what is inside.
pub const EMPTY_NAMES: [&str; 6] = ["common", "utils", "util", "types", "helpers", "helper"];

/// Nothing in the whole tree needs these: TLS is rustls with ring.
const FOREIGN_TLS: [&str; 3] = ["openssl*", "native-tls*", "aws-lc*"];

/// The edges and names of `cargo metadata`.
pub fn check(metadata: &Value) -> Result<Vec<Problem>> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata without packages")?;
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    Ok(packages
        .iter()
        .flat_map(|package| check_package(package, &manifest(metadata, package), &ours))
        .collect())
}

/// The package's Cargo.toml as seen from the root.
fn manifest(metadata: &Value, package: &Value) -> String {
    let whole = package["manifest_path"].as_str().unwrap_or_default();
    let root = metadata["workspace_root"].as_str().unwrap_or_default();
    whole
        .strip_prefix(root)
        .unwrap_or(whole)
        .trim_start_matches('/')
        .to_owned()
}

fn check_package(package: &Value, manifest: &str, ours: &[&str]) -> Vec<Problem> {
    let name = package["name"].as_str().unwrap_or_default();
    let mut problems = Vec::new();
    if EMPTY_NAMES.contains(&name) {
        problems.push(Problem::at(
            manifest,
            0,
            format!("a crate named {name} says nothing; name it after its noun"),
        ));
    }
    let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
        let text = format!("the crate {name} has no row in infra/xtask/src/tidy/crates.rs; say there what it may know");
        problems.push(Problem::at(manifest, 0, text));
        return problems;
    };
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        let other = dependency["name"].as_str().unwrap_or_default();
        let in_tests = dependency["kind"].as_str() == Some("dev");
        if let Some(text) = refused(room, other, in_tests, ours) {
            problems.push(Problem::at(manifest, 0, text));
        }
    }
    problems
}

fn refused(room: &Room, other: &str, in_tests: bool, ours: &[&str]) -> Option<String> {
    let name = room.name;
    if ours.contains(&other) {
        let allowed = room.knows.contains(&other) || (in_tests && name == KNOWS_ALL_IN_TESTS);
        let knows = if room.knows.is_empty() {
            "none of our crates".to_owned()
        } else {
            room.knows.join(", ")
        };
        return (!allowed).then(|| format!("{name} depends on {other}; it may know {knows}"));
    }
    let banned = room.never.iter().any(|pattern| matches(pattern, other));
    banned
        .then(|| format!("{name} depends on {other}, which this room never names; see the table in backend/README.md"))
}

/// `Cargo.lock` without a second way to do TLS.
pub fn check_lock(lock: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, line) in lock.lines().enumerate() {
        let Some(name) = line.strip_prefix("name = \"").and_then(|rest| rest.strip_suffix('"')) else {
            continue;
        };
        if FOREIGN_TLS.iter().any(|pattern| matches(pattern, name)) {
            let text = format!("{name} came in; TLS here is rustls with ring: switch the feature off that brings it");
            problems.push(Problem::at("Cargo.lock", index + 1, text));
        }
    }
    problems
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, dependencies: &[Value]) -> Value {
        let manifest = format!("/house/{name}/Cargo.toml");
        json!({ "name": name, "manifest_path": manifest, "dependencies": dependencies })
    }

    fn check_edge(from: &str, to: &str, kind: &Value, expect: &str) {
        let dependency = json!({ "name": to, "kind": *kind });
        let mut packages: Vec<Value> = ROOMS.iter().map(|room| package(room.name, &[])).collect();
        packages.retain(|package| package["name"] != from);
        packages.push(package(from, &[dependency]));
        let problems = check(&json!({ "workspace_root": "/house", "packages": packages })).unwrap();
        let shown: Vec<String> = problems.iter().map(Problem::shown).collect();
        assert_eq!(shown.join("\n"), expect, "{from} -> {to}");
    }

    #[test]
    fn the_arrows_are_allowed_one_way_only() {
        check_edge("domain", "scheduler", &Value::Null, "");
        check_edge("server", "mobile-api", &Value::Null, "");
        check_edge(
            "scheduler",
            "domain",
            &Value::Null,
            "scheduler/Cargo.toml: scheduler depends on domain; it may know none of our crates",
        );
        check_edge(
            "storage",
            "scheduler",
            &Value::Null,
            "storage/Cargo.toml: storage depends on scheduler; it may know domain",
        );
        check_edge(
            "graphql",
            "server",
            &json!("dev"),
            "graphql/Cargo.toml: graphql depends on server; it may know storage, domain",
        );
    }

    #[test]
    fn the_system_tests_know_everything_but_only_in_tests() {
        check_edge("system-tests", "storage", &json!("dev"), "");
        check_edge(
            "system-tests",
            "storage",
            &Value::Null,
            "system-tests/Cargo.toml: system-tests depends on storage; it may know none of our crates",
        );
    }

    #[test]
    fn outside_crates_stay_outside_their_rooms() {
        let see = ", which this room never names; see the table in backend/README.md";
        let check = |from: &str, to: &str| {
            check_edge(
                from,
                to,
                &Value::Null,
                &format!("{from}/Cargo.toml: {from} depends on {to}{see}"),
            );
        };
        check("scheduler", "tokio");
        check("domain", "chrono");
        check("domain", "rand");
        check("graphql", "axum");
        check("graphql", "sea-orm");
        check("server", "sea-orm-migration");
        check("server", "sqlx");
        check_edge("storage", "sea-orm", &Value::Null, "");
        check_edge("scheduler", "rand_xoshiro", &Value::Null, "");
        check_edge("server", "axum", &Value::Null, "");
    }

    #[test]
    fn a_new_crate_needs_a_row_and_a_name() {
        let problems = check(&json!({ "packages": [{ "name": "utils", "dependencies": [] }] })).unwrap();
        assert_eq!(problems.len(), 2);
        assert!(problems[0].text.contains("says nothing"));
        assert!(problems[1].text.contains("has no row"));
    }

    #[test]
    fn a_second_tls_is_found_in_the_lock() {
        let lock = "[[package]]\nname = \"ring\"\n\n[[package]]\nname = \"openssl-sys\"\nversion = \"0.9\"\n\n[[package]]\nname = \"aws-lc-rs\"\n";
        let lines: Vec<usize> = check_lock(lock).iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [5, 9]);
        assert_eq!(check_lock("[[package]]\nname = \"openssl\"\n").len(), 1);
        assert_eq!(check_lock("[[package]]\nname = \"rustls\"\n").len(), 0);
    }
}
