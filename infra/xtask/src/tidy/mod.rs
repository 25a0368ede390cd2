//! `cargo xtask tidy`: the house's rules that no compiler checks, all problems at once as `path:line: what is wrong,
//! what would be right`. Rules about crates are in crates.rs, about Rust files in source.rs, about READMEs in readme.rs.
//! Deliberately not here: what rustfmt, clippy or a test can say.

mod crates;
mod readme;
mod source;

use crate::{product, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// No file of the repository is larger: data belong into a release, pictures are made small.
const LARGEST_FILE: u64 = 1024 * 1024;
/// Files that others rely on by name.
const REQUIRED: [&str; 4] = ["README.md", "backend/README.md", "schema.graphql", "LICENSE"];

/// One thing that is wrong. Line 0 means the file as a whole.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    path: String,
    line: usize,
    text: String,
}

impl Problem {
    fn at(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            text: text.into(),
        }
    }

    fn shown(&self) -> String {
        match self.line {
            0 => format!("{}: {}", self.path, self.text),
            line => format!("{}:{line}: {}", self.path, self.text),
        }
    }
}

pub fn run() -> Result<()> {
    let root = shell::root();
    let files = files(&root)?;
    let mut problems = crates::check(&product::metadata()?)?;
    problems.extend(crates::check_lock(&read(&root, "Cargo.lock")?));
    problems.extend(required(&files));
    for file in &files {
        problems.extend(size(&root, file)?);
        if source::is_rust(file) {
            problems.extend(source::check(file, &read(&root, file)?));
        }
    }
    problems.extend(source::stale_exceptions(&root));
    for name in readme::CHECKED {
        if files.iter().any(|file| file == name) {
            problems.extend(readme::check(name, &read(&root, name)?, &files));
        }
    }
    problems.sort();
    for problem in &problems {
        println!("{}", problem.shown());
    }
    match problems.len() {
        0 => Ok(()),
        1 => bail!("the house is not tidy: 1 problem"),
        count => bail!("the house is not tidy: {count} problems"),
    }
}

/// The repository's own files, with `/` between folders: what git keeps or would keep, and what is really there.
fn files(root: &Path) -> Result<Vec<String>> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let text =
        shell::output(Command::new("git").args(list).current_dir(root)).context("tidy asks git for the files")?;
    let mut files: Vec<String> = text
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    files.retain(|name| root.join(name).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}

fn read(root: &Path, name: &str) -> Result<String> {
    fs::read_to_string(root.join(name)).with_context(|| format!("could not read {name}"))
}

fn required(files: &[String]) -> Vec<Problem> {
    let missing = REQUIRED.iter().filter(|name| !files.iter().any(|file| file == *name));
    missing
        .map(|name| Problem::at(name, 0, "is missing; others rely on it"))
        .collect()
}

fn size(root: &Path, file: &str) -> Result<Option<Problem>> {
    let bytes = fs::metadata(root.join(file))
        .with_context(|| format!("could not read {file}"))?
        .len();
    Ok((bytes > LARGEST_FILE).then(|| {
        Problem::at(
            file,
            0,
            format!("has {bytes} bytes; at most {LARGEST_FILE}: make it smaller or generate it"),
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_files_are_named() {
        let files: Vec<String> = ["LICENSE", "README.md", "backend/README.md"]
            .map(str::to_owned)
            .to_vec();
        let shown: Vec<String> = required(&files).iter().map(Problem::shown).collect();
        assert_eq!(shown, ["schema.graphql: is missing; others rely on it"]);
    }

    #[test]
    fn the_houses_own_files_are_found() {
        let files = files(&shell::root()).unwrap();
        assert!(files.iter().any(|file| file == "infra/xtask/src/tidy/mod.rs"));
        assert!(
            !files
                .iter()
                .any(|file| file.starts_with("target/") || file.contains("node_modules"))
        );
    }

    #[test]
    fn a_large_file_is_a_problem() {
        let name = format!("ichiba-large-{}", std::process::id());
        let folder = std::env::temp_dir();
        let file = fs::File::create(folder.join(&name)).unwrap();
        file.set_len(LARGEST_FILE).unwrap();
        let fits = size(&folder, &name).unwrap();
        file.set_len(LARGEST_FILE + 1).unwrap();
        let large = size(&folder, &name).unwrap();
        fs::remove_file(folder.join(&name)).unwrap();
        assert_eq!(fits, None);
        assert!(large.unwrap().text.starts_with("has 1048577 bytes; at most 1048576"));
    }
}
