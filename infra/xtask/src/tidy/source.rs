//! Rules for one Rust file: it says what it is for, it is not long, nor are its functions, it silences nothing.
//! Lines are read, not parsed: rustfmt has run before, so a block ends where its indentation says.

use super::Problem;
use super::crates::EMPTY_NAMES;
use std::fs;
use std::path::Path;

const LONGEST_FILE: usize = 600;
const LONGEST_FUNCTION: usize = 70;

/// Functions that are long for a reason: path, name, the reason. An entry that is no longer needed is a problem too.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Spelled apart, so that this file does not find itself.
const ALLOW: [&str; 2] = [concat!("#[", "allow("), concat!("#![", "allow(")];
const IGNORE: &str = concat!("#[", "ignore");

pub fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

pub fn check(path: &str, text: &str) -> Vec<Problem> {
    let lines: Vec<&str> = text.lines().collect();
    let mut problems = Vec::new();
    if !lines.first().is_some_and(|line| line.starts_with("//!")) {
        problems.push(Problem::at(
            path,
            1,
            "begins without `//!`; say first what the file is for and what is not here",
        ));
    }
    if lines.len() > LONGEST_FILE {
        let text = format!("has {} lines; at most {LONGEST_FILE}: split it by nouns", lines.len());
        problems.push(Problem::at(path, 0, text));
    }
    problems.extend(empty_names(path, &lines));
    problems.extend(silenced(path, &lines));
    problems.extend(long_functions(path, &lines, LONG_FUNCTIONS));
    problems
}

/// Entries of the list above whose function is short now, or gone.
pub fn stale_exceptions(root: &Path) -> Vec<Problem> {
    let list = "infra/xtask/src/tidy/source.rs";
    let stale = LONG_FUNCTIONS.iter().filter(|(path, name, _)| {
        let text = fs::read_to_string(root.join(path)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        !functions(&lines)
            .iter()
            .any(|function| function.name == *name && function.lines > LONGEST_FUNCTION)
    });
    stale
        .map(|(path, name, _)| Problem::at(list, 0, format!("{path}: {name} is not long any more; remove it")))
        .collect()
}

fn empty_names(path: &str, lines: &[&str]) -> Vec<Problem> {
    let say = |name: &str| format!("a module named {name} says nothing; name it after its noun");
    let whole = path.strip_suffix(".rs").unwrap_or(path);
    let of_path = whole
        .split('/')
        .filter(|part| EMPTY_NAMES.contains(part))
        .map(|name| Problem::at(path, 0, say(name)));
    let inline = lines.iter().enumerate().filter_map(|(index, line)| {
        let name = without_visibility(line.trim_start())
            .strip_prefix("mod ")?
            .strip_suffix('{')?
            .trim();
        EMPTY_NAMES
            .contains(&name)
            .then(|| Problem::at(path, index + 1, say(name)))
    });
    of_path.chain(inline).collect()
}

fn silenced(path: &str, lines: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let start = line.trim_start();
        if start.starts_with(IGNORE) {
            let text = "an ignored test looks green; make it run, or delete it";
            problems.push(Problem::at(path, index + 1, text));
        }
        if ALLOW.iter().any(|allow| start.starts_with(allow)) {
            let attribute = lines[index..]
                .iter()
                .take_while(|line| !line.trim_end().ends_with(")]"))
                .count();
            let whole = lines[index..]
                .iter()
                .take(attribute + 1)
                .any(|line| line.contains("reason = "));
            if !whole {
                let text = "a lint is allowed without a reason; fix it, or write #[expect(…, reason = \"…\")]";
                problems.push(Problem::at(path, index + 1, text));
            }
        }
    }
    problems
}

fn long_functions(path: &str, lines: &[&str], excepted: &[(&str, &str, &str)]) -> Vec<Problem> {
    if is_test_file(path) {
        return Vec::new();
    }
    let excused = |name: &str| {
        excepted
            .iter()
            .any(|(file, function, _)| *file == path && *function == name)
    };
    let long = functions(lines)
        .into_iter()
        .filter(|function| function.lines > LONGEST_FUNCTION && !excused(&function.name));
    long.map(|function| {
        let Function { name, start, lines } = function;
        Problem::at(
            path,
            start + 1,
            format!("{name} has {lines} lines; at most {LONGEST_FUNCTION}: move leaves out of it"),
        )
    })
    .collect()
}

fn is_test_file(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "tests" || part == "tests.rs" || part.ends_with("_test.rs") || part.ends_with("_tests.rs"))
}

struct Function {
    name: String,
    /// Index of the line with `fn`.
    start: usize,
    /// From the line with `fn` to the closing brace, both counted.
    lines: usize,
}

/// The functions outside test modules.
fn functions(lines: &[&str]) -> Vec<Function> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        if is_test_module(lines, index) {
            index = block_end(lines, index).unwrap_or(index) + 1;
            continue;
        }
        if let Some(name) = function_name(lines[index])
            && let Some(end) = block_end(lines, index)
        {
            found.push(Function {
                name,
                start: index,
                lines: end - index + 1,
            });
        }
        index += 1;
    }
    found
}

fn is_test_module(lines: &[&str], index: usize) -> bool {
    let is_module = without_visibility(lines[index].trim_start()).starts_with("mod ") && lines[index].ends_with('{');
    is_module
        && lines[..index]
            .iter()
            .rev()
            .take_while(|line| line.trim_start().starts_with("#["))
            .any(|line| line.contains("cfg(test)"))
}

fn function_name(line: &str) -> Option<String> {
    let mut rest = without_visibility(line.trim_start());
    for word in ["const ", "async ", "unsafe ", "extern \"C\" "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name: String = rest
        .strip_prefix("fn ")?
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    Some(name)
}

fn without_visibility(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else {
        return line;
    };
    match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(") ").map_or(line, |(_, rest)| rest),
        None => rest.strip_prefix(' ').unwrap_or(line),
    }
}

/// The line that closes the block begun at `start`; none when it is one line, or only a declaration.
fn block_end(lines: &[&str], start: usize) -> Option<usize> {
    let first = lines[start];
    if first.ends_with('}') || first.ends_with(';') {
        return None;
    }
    let indent = &first[..first.len() - first.trim_start().len()];
    for (index, line) in lines.iter().enumerate().skip(start + 1) {
        let Some(rest) = line.strip_prefix(indent) else {
            continue;
        };
        if rest == "}" {
            return Some(index);
        }
        let declaration = rest.starts_with(')') && rest.ends_with(';');
        if declaration {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_file(path: &str, text: &str, expect: &[&str]) {
        let shown: Vec<String> = check(path, text).iter().map(Problem::shown).collect();
        assert_eq!(shown, expect);
    }

    fn long_body(lines: usize) -> String {
        "    step();\n".repeat(lines)
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        check_file("a.rs", "//! What it is for.\nfn a() {}\n", &[]);
        let begins = "begins without `//!`; say first what the file is for and what is not here";
        check_file("a.rs", "fn a() {}\n", &[&format!("a.rs:1: {begins}")]);
        check_file("a.rs", "", &[&format!("a.rs:1: {begins}")]);
    }

    #[test]
    fn a_file_is_not_long() {
        check_file(
            "a.rs",
            &("//! Words\n".to_owned() + &"const A: u8 = 1;\n".repeat(599)),
            &[],
        );
        let long = "//! Words\n".to_owned() + &"const A: u8 = 1;\n".repeat(600);
        check_file("a.rs", &long, &["a.rs: has 601 lines; at most 600: split it by nouns"]);
    }

    #[test]
    fn a_function_is_not_long() {
        let file = |body: usize| {
            format!(
                "//! Words\n\npub(crate) async fn walk(\n    a: u8,\n) {{\n{}}}\n",
                long_body(body)
            )
        };
        check_file("a.rs", &file(66), &[]);
        check_file(
            "a.rs",
            &file(67),
            &["a.rs:3: walk has 71 lines; at most 70: move leaves out of it"],
        );
    }

    #[test]
    fn a_method_is_measured_by_its_own_indentation() {
        let body = "        if a {\n        }\n".repeat(35);
        let file = format!(
            "//! Words\nimpl A {{\n    fn declared(\n        a: u8,\n    );\n    pub fn walk(&self) {{\n{body}    }}\n}}\n"
        );
        check_file(
            "a.rs",
            &file,
            &["a.rs:6: walk has 72 lines; at most 70: move leaves out of it"],
        );
    }

    #[test]
    fn tests_may_be_long() {
        let long = format!("fn walk() {{\n{}}}\n", long_body(80));
        check_file("backend/domain/tests/a.rs", &format!("//! Words\n{long}"), &[]);
        let indented = format!("    {}\n", long.trim_end().replace('\n', "\n    "));
        let module = format!("//! Words\n#[cfg(test)]\nmod tests {{\n{indented}}}\n");
        check_file("a.rs", &module, &[]);
        check_file(
            "a.rs",
            &format!("{module}\n{long}"),
            &["a.rs:88: walk has 82 lines; at most 70: move leaves out of it"],
        );
    }

    #[test]
    fn an_exception_holds_for_its_function_only() {
        let file = format!("fn walk() {{\n{}}}\n", long_body(80));
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(long_functions("a.rs", &lines, &[("a.rs", "walk", "a table")]).len(), 0);
        assert_eq!(long_functions("a.rs", &lines, &[("a.rs", "run", "a table")]).len(), 1);
        assert_eq!(long_functions("a.rs", &lines, &[("b.rs", "walk", "a table")]).len(), 1);
    }

    #[test]
    fn names_say_something() {
        check_file(
            "backend/domain/src/utils.rs",
            "//! Words\nmod helpers {\n}\nmod booking {\n}\n",
            &[
                "backend/domain/src/utils.rs: a module named utils says nothing; name it after its noun",
                "backend/domain/src/utils.rs:2: a module named helpers says nothing; name it after its noun",
            ],
        );
        check_file(
            "tests/common/mod.rs",
            "//! Words\n",
            &["tests/common/mod.rs: a module named common says nothing; name it after its noun"],
        );
    }

    #[test]
    fn nothing_is_silenced() {
        let ignored = format!("//! Words\n    {IGNORE} = \"slow\"]\n");
        check_file(
            "a.rs",
            &ignored,
            &["a.rs:2: an ignored test looks green; make it run, or delete it"],
        );
        let without = "a lint is allowed without a reason; fix it, or write #[expect(…, reason = \"…\")]";
        for allow in ALLOW {
            check_file(
                "a.rs",
                &format!("//! Words\n{allow}dead_code)]\n"),
                &[&format!("a.rs:2: {without}")],
            );
            check_file(
                "a.rs",
                &format!("//! Words\n{allow}dead_code, reason = \"generated\")]\n"),
                &[],
            );
            check_file(
                "a.rs",
                &format!("//! Words\n{allow}\n    dead_code,\n    reason = \"generated\"\n)]\n"),
                &[],
            );
        }
    }
}
