//! Every path that a README names exists. What counts as a path: words in back-ticks and targets of links that contain
//! `/` or end like a file of ours. Not checked: commands (words with spaces), addresses, and what a run makes (`data/`).

use super::Problem;
use std::path::Path;

pub const CHECKED: [&str; 3] = ["README.md", "backend/README.md", "seed-data/README.md"];

const ENDINGS: [&str; 5] = ["rs", "md", "toml", "graphql", "csv"];
/// Beginnings of what has a `/` and is no path of the repository: made by a run, outside, or not a path at all.
const ELSEWHERE: [&str; 12] = [
    "data/",
    "./data",
    "target/",
    "/",
    "~",
    "$",
    "-",
    "#",
    "application/",
    "text/",
    "image/",
    "multipart/",
];
/// Characters that no path of ours has.
const NEVER_IN_PATHS: [char; 14] = [' ', '<', '>', '{', '}', '(', ')', '=', '"', '|', '@', '?', '…', ':'];

pub fn check(readme: &str, text: &str, files: &[String]) -> Vec<Problem> {
    let folder = readme.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut problems = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced || line.starts_with("    ") {
            continue;
        }
        for path in named(line).into_iter().filter_map(as_path) {
            if !exists(path, folder, files) {
                let text = format!("names `{path}`, which does not exist; correct the name or the text");
                problems.push(Problem::at(readme, index + 1, text));
            }
        }
    }
    problems
}

/// What stands in back-ticks, and where links lead.
fn named(line: &str) -> Vec<&str> {
    let ticked = line.split('`').skip(1).step_by(2);
    let linked = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target);
    ticked.chain(linked).collect()
}

/// The path in a word, without the part after `#`, a line number, or `./`; none when the word is no path.
fn as_path(word: &str) -> Option<&str> {
    if word.contains("://") || ELSEWHERE.iter().any(|start| word.starts_with(start)) {
        return None;
    }
    let word = word.split('#').next().unwrap_or(word);
    let word = match word.rsplit_once(':') {
        Some((path, line)) if !line.is_empty() && line.chars().all(|c| c.is_ascii_digit()) => path,
        _ => word,
    };
    let file = Path::new(word)
        .extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending));
    let path = (word.contains('/') || file) && !word.contains(NEVER_IN_PATHS);
    path.then(|| word.strip_prefix("./").unwrap_or(word))
}

/// Seen from the README's folder or from the root; a bare file name may be any file's.
fn exists(path: &str, folder: &str, files: &[String]) -> bool {
    if !path.contains('/') && !path.contains('*') {
        return files.iter().any(|file| file.rsplit('/').next() == Some(path));
    }
    [normal(folder, path), normal("", path)]
        .into_iter()
        .flatten()
        .any(|path| is_there(&path, files))
}

/// `*` stands for one name or a part of one.
fn is_there(path: &str, files: &[String]) -> bool {
    let wanted: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    files.iter().any(|file| {
        let parts: Vec<&str> = file.split('/').collect();
        let whole_or_folder = if path.ends_with('/') {
            parts.len() > wanted.len()
        } else {
            parts.len() >= wanted.len()
        };
        whole_or_folder && wanted.iter().zip(&parts).all(|(wanted, part)| fits(wanted, part))
    })
}

fn fits(wanted: &str, part: &str) -> bool {
    match wanted.split_once('*') {
        None => wanted == part,
        Some((start, end)) => part.len() >= start.len() + end.len() && part.starts_with(start) && part.ends_with(end),
    }
}

/// `folder/path` without `..`; none when it leaves the repository.
fn normal(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            ".." => drop(parts.pop()?),
            "." | "" => {}
            name => parts.push(name),
        }
    }
    let slash = if path.ends_with('/') { "/" } else { "" };
    Some(parts.join("/") + slash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_line(readme: &str, line: &str, expect: &[&str]) {
        let files = [
            "backend/domain/src/booking.rs",
            "mobile-api/operations/MyAgenda.graphql",
            "README.md",
            "seed-data/buyers.csv",
        ];
        let files = files.map(str::to_owned);
        let found = check(readme, line, &files);
        let named: Vec<&str> = found
            .iter()
            .filter_map(|problem| problem.text.split('`').nth(1))
            .collect();
        assert_eq!(named, expect, "{line}");
    }

    #[test]
    fn paths_that_exist_are_fine() {
        check_line(
            "README.md",
            "see `backend/domain/src/booking.rs` and [it](backend/domain/)",
            &[],
        );
        check_line(
            "backend/README.md",
            "`domain/src/booking.rs`, `backend/domain`, [up](../README.md#map)",
            &[],
        );
        check_line(
            "README.md",
            "`mobile-api/operations/*.graphql`, `booking.rs`, `./seed-data/buyers.csv`",
            &[],
        );
        check_line("README.md", "`backend/domain/src/booking.rs:12`", &[]);
    }

    #[test]
    fn paths_that_do_not_exist_are_named() {
        check_line(
            "README.md",
            "`backend/domain/src/bookings.rs`",
            &["backend/domain/src/bookings.rs"],
        );
        check_line(
            "README.md",
            "[the rule](domain/src/booking.rs)",
            &["domain/src/booking.rs"],
        );
        check_line(
            "README.md",
            "`sellers.csv` and `backend/storage/`",
            &["sellers.csv", "backend/storage/"],
        );
        check_line(
            "README.md",
            "`mobile-api/operations/*.json`",
            &["mobile-api/operations/*.json"],
        );
        check_line("README.md", "[out](../other/README.md)", &["../other/README.md"]);
        check_line(
            "README.md",
            "`backend/domain/src/booking.rs/`",
            &["backend/domain/src/booking.rs/"],
        );
    }

    #[test]
    fn other_words_are_left_alone() {
        check_line(
            "README.md",
            "`cargo xtask demo --data ./data/x`, `data/mail`, `/graphql/ws`, `./data`",
            &[],
        );
        check_line(
            "README.md",
            "`application/json`, <https://a.b/c.md>, [x](https://a.b/c.md), `#[expect]`",
            &[],
        );
        check_line(
            "README.md",
            "`Situation`, `a -> b`, `postgres://a/b`, `--seed seed-data`",
            &[],
        );
    }

    #[test]
    fn drawings_are_left_alone() {
        let text = "```\n`no/such/path`\n```\n    `no/such/path`\n`no/such/other`";
        let problems = check("README.md", text, &[]);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, 5);
    }
}
