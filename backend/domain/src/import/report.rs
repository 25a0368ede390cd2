//! Collecting problems: the first of them by file and line, the rest counted. What they say is in `fault`.

use super::{Import, MAX_PROBLEMS, Problem, fault::Fault};
use crate::name::Tongue;
use std::{cell::RefCell, collections::BinaryHeap, fmt};

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// By file, line and column; at most [`MAX_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// How many more there are.
    pub more: usize,
}

impl Report {
    /// A report of these problems, in order, no more than can be read.
    pub fn of(mut problems: Vec<Problem>) -> Self {
        problems.sort();
        let more = problems.len().saturating_sub(MAX_PROBLEMS);
        problems.truncate(MAX_PROBLEMS);
        Self { problems, more }
    }

    /// One line a problem.
    pub fn text(&self, tongue: Tongue) -> String {
        let mut lines: Vec<String> = self.problems.iter().map(|problem| problem.text(tongue)).collect();
        if self.more > 0 {
            lines.push(match tongue {
                Tongue::Ja => format!("…ほかに {} 件の問題があります。", self.more),
                Tongue::En => format!("… and {} more problems.", self.more),
            });
        }
        lines.join("\n")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Tongue::En))
    }
}

impl std::error::Error for Report {}

impl Problem {
    /// `buyers.csv:17 region: "XX" is not a region; write ISO 3166 alpha-2 such as JP`
    pub fn text(&self, tongue: Tongue) -> String {
        let line = if self.line == 0 {
            String::new()
        } else {
            format!(":{}", self.line)
        };
        let column = if self.column.is_empty() {
            String::new()
        } else {
            format!(" {}", self.column)
        };
        format!("{}{line}{column}: {}", self.file, self.message(tongue))
    }

    /// What is wrong and what would be right, without where.
    pub fn message(&self, tongue: Tongue) -> String {
        match tongue {
            Tongue::Ja => format!("{}。{}", self.wrong.0, self.right.0),
            Tongue::En => format!("{}; {}", self.wrong.1, self.right.1),
        }
    }
}

/// Where something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// The file.
    pub file: &'a str,
    /// The line; 0: the file as a whole.
    pub line: u32,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The problems so far. Shared by everything that reads: noting one never needs the draft, which is being filled.
#[derive(Default)]
pub(super) struct Problems(RefCell<Kept>);

/// The [`MAX_PROBLEMS`] first in order, the last of them on top.
#[derive(Default)]
struct Kept {
    first: BinaryHeap<Problem>,
    more: usize,
}

impl Problems {
    pub fn note(&self, place: Place<'_>, column: &str, fault: Fault) {
        let (file, column) = (place.file.to_owned(), column.to_owned());
        let problem = Problem {
            file,
            line: place.line,
            column,
            wrong: fault.wrong,
            right: fault.right,
        };
        let mut kept = self.0.borrow_mut();
        kept.first.push(problem);
        if kept.first.len() > MAX_PROBLEMS {
            kept.first.pop();
            kept.more += 1;
        }
    }

    /// The import where there is no problem, else the report.
    pub fn verdict(&self, import: Import) -> Result<Import, Report> {
        let Kept { first, more } = self.0.take();
        if first.is_empty() {
            Ok(import)
        } else {
            Err(Report {
                problems: first.into_sorted_vec(),
                more,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Problems, Report};
    use crate::{
        import::{Import, MAX_PROBLEMS, fault},
        name::Tongue,
    };

    #[test]
    fn the_first_in_order_are_kept() {
        let problems = Problems::default();
        for line in (1..=1000).rev() {
            problems.note(
                Place {
                    file: "buyers.csv",
                    line,
                },
                "region",
                fault::region("XX"),
            );
        }
        let report = problems.verdict(Import::default()).expect_err("problems");
        assert_eq!(report.problems.len(), MAX_PROBLEMS);
        assert_eq!(report.more, 1000 - MAX_PROBLEMS);
        assert!(report.problems.iter().map(|p| p.line).eq(1..=MAX_PROBLEMS as u32));
        assert_eq!(Report::of(report.problems.clone()).problems, report.problems);
    }

    #[test]
    fn both_tongues() {
        let problems = Problems::default();
        problems.note(
            Place {
                file: "buyers.csv",
                line: 17,
            },
            "region",
            fault::region("XX"),
        );
        problems.note(Place { file: "x.csv", line: 0 }, "", fault::empty_table());
        let report = problems.verdict(Import::default()).expect_err("problems");
        insta::assert_snapshot!(report, @r#"
        buyers.csv:17 region: "XX" is not a region; write ISO 3166 alpha-2 such as JP
        x.csv: the table has no rows; write at least one row below the header, or leave the table out
        "#);
        insta::assert_snapshot!(report.text(Tongue::Ja), @r"
        buyers.csv:17 region: 「XX」は国・地域の符号ではありません。JP のような ISO 3166 の2文字で書いてください
        x.csv: 表に行がありません。見出しの下に1行以上書くか、表を外してください
        ");
    }
}
