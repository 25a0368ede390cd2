//! CSV as spreadsheets write it (RFC 4180), separated by comma, tab or semicolon. Read by hand because every broken
//! quote is reported with its line, which a lenient reader swallows; compared with the csv crate by a property test.

use super::{MAX_CELLS, Unreadable, unreadable};
use domain::import::{MAX_ROWS, Row, Table};

/// Most broken quotes reported of one file.
const MAX_BROKEN: usize = 20;

/// The table in a text.
pub(super) fn table(text: &str, label: &str, name: String) -> Result<Table, Vec<Unreadable>> {
    let mut scanner = Scanner::new(text);
    let mut rows = Vec::new();
    let mut cells = 0;
    while let Some(row) = scanner.row() {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        cells += row.cells.len();
        rows.push(row);
        if rows.len() > MAX_ROWS + 1 || cells > MAX_CELLS {
            return Err(vec![unreadable(
                0,
                ("行またはセルが多すぎます", "has too many rows or cells"),
                ("分けて取り込んでください", "import it in parts"),
            )]);
        }
    }
    if !scanner.broken.is_empty() {
        return Err(scanner.broken.into_iter().map(broken).collect());
    }
    let mut rows = rows.into_iter();
    let header = rows.next().map(|row| row.cells).unwrap_or_default();
    Ok(Table {
        file: label.to_owned(),
        name,
        header,
        rows: rows.collect(),
    })
}

/// How a quote is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// Text follows the closing quote.
    After(u32),
    /// The quote that opens here is never closed.
    Open(u32),
}

fn broken(broken: Broken) -> Unreadable {
    match broken {
        Broken::After(line) => unreadable(
            line,
            (
                "閉じる引用符の後に文字があります",
                "there is text after a closing quote",
            ),
            (
                "値の中の \" は \"\" と書いてください",
                "write a quote inside a quoted value twice",
            ),
        ),
        Broken::Open(line) => unreadable(
            line,
            (
                "ここで開く引用符が閉じられていません",
                "the quote that opens here is never closed",
            ),
            ("値を \" で閉じてください", "close the value with a quote"),
        ),
    }
}

/// Reads rows one after the other; lines are counted from 1.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    separator: u8,
    broken: Vec<Broken>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            separator: separator(text),
            broken: Vec::new(),
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next row; `None` at the end of the text.
    fn row(&mut self) -> Option<Row> {
        self.byte()?;
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            cells.push(if self.byte() == Some(b'"') {
                self.quoted()
            } else {
                self.plain().to_owned()
            });
            match self.byte() {
                Some(byte) if byte == self.separator => self.at += 1,
                _ => break,
            }
        }
        self.end_of_line();
        Some(Row { line, cells })
    }

    fn end_of_line(&mut self) {
        if self.byte() == Some(b'\r') {
            self.at += 1;
            // A lone carriage return ends a line too: old Macs, and old exports.
            if self.byte() != Some(b'\n') {
                self.line += 1;
                return;
            }
        }
        if self.byte() == Some(b'\n') {
            self.at += 1;
            self.line += 1;
        }
    }

    /// Up to the next separator or end of line.
    fn plain(&mut self) -> &'t str {
        let separator = self.separator;
        let rest = &self.text[self.at..];
        let end = rest
            .bytes()
            .position(|b| b == separator || b == b'\n' || b == b'\r')
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A value in quotes, which may span lines.
    fn quoted(&mut self) -> String {
        let opened = self.line;
        let mut value = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.find('"') else {
                self.at = self.text.len();
                self.note(Broken::Open(opened));
                return value;
            };
            value.push_str(&rest[..end]);
            self.line += rest[..end].bytes().filter(|&b| b == b'\n').count() as u32;
            self.at += end + 1;
            if self.byte() != Some(b'"') {
                break;
            }
            value.push('"');
            self.at += 1;
        }
        let after = self.plain();
        if !after.trim().is_empty() {
            self.note(Broken::After(self.line));
        }
        value
    }

    fn note(&mut self, broken: Broken) {
        if self.broken.len() < MAX_BROKEN {
            self.broken.push(broken);
        }
    }
}

/// The separator that stands most often in the first line that is not blank, outside quotes; comma where none does.
fn separator(text: &str) -> u8 {
    let mut count = [(b',', 0), (b'\t', 0), (b';', 0)];
    let (mut inside, mut blank) = (false, true);
    for byte in text.bytes() {
        match byte {
            b'"' => inside = !inside,
            b'\n' | b'\r' if !inside && !blank => break,
            _ if !inside => count
                .iter_mut()
                .filter(|(separator, _)| *separator == byte)
                .for_each(|(_, n)| *n += 1),
            _ => {}
        }
        blank &= byte.is_ascii_whitespace();
    }
    // The first of equals: comma.
    count
        .iter()
        .rev()
        .max_by_key(|(_, n)| *n)
        .map_or(b',', |(separator, _)| *separator)
}

#[cfg(test)]
mod tests {
    use super::{Broken, Scanner, separator, table};
    use proptest::prelude::*;

    fn check(text: &str, expect: &[(u32, &[&str])]) {
        let mut scanner = Scanner::new(text);
        let rows: Vec<_> = std::iter::from_fn(|| scanner.row())
            .map(|row| (row.line, row.cells))
            .collect();
        let wanted: Vec<_> = expect
            .iter()
            .map(|(line, cells)| (*line, cells.iter().map(ToString::to_string).collect()))
            .collect();
        assert_eq!(rows, wanted, "{text:?}");
        assert_eq!(scanner.broken, [], "{text:?}");
    }

    #[test]
    fn rows_and_lines() {
        check("a,b\nc,d\n", &[(1, &["a", "b"]), (2, &["c", "d"])]);
        check("a,b\r\nc,d", &[(1, &["a", "b"]), (2, &["c", "d"])]);
        check("a\rb\r", &[(1, &["a"]), (2, &["b"])]);
        check("a\tb,c\td\n", &[(1, &["a", "b,c", "d"])]);
        check(
            "a;b\n\"x;\"\"y\"\"\nz\";w\nlast;row",
            &[(1, &["a", "b"]), (2, &["x;\"y\"\nz", "w"]), (4, &["last", "row"])],
        );
        check("a,b,\n,,\n", &[(1, &["a", "b", ""]), (2, &["", "", ""])]);
        check("a,\"b\" ,c", &[(1, &["a", "b", "c"])]);
        check("5\" disc,b", &[(1, &["5\" disc", "b"])]);
    }

    #[test]
    fn broken_quotes_have_lines() {
        for (text, expect) in [
            ("a,b\n\"x\"y,z\n\"open\nc", &[Broken::After(2), Broken::Open(3)][..]),
            ("a\n\"b\nc\"d", &[Broken::After(3)]),
        ] {
            let mut scanner = Scanner::new(text);
            while scanner.row().is_some() {}
            assert_eq!(scanner.broken, expect, "{text:?}");
        }
        assert!(table("a\n\"b", "x.csv", "x".to_owned()).is_err());
    }

    #[test]
    fn separators() {
        for (text, expect) in [
            ("a,b;c,d", b','),
            ("a\tb", b'\t'),
            ("a;b", b';'),
            ("a", b','),
            ("\"a;b;c\",d", b','),
            ("\n\na;b", b';'),
        ] {
            assert_eq!(char::from(separator(text)), char::from(expect), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_the_csv_crate_writes(rows in prop::collection::vec(prop::collection::vec("[a-c\",;\\n あ]{0,6}", 2..5), 1..8)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).expect("row");
            }
            let bytes = writer.into_inner().expect("bytes");
            let text = String::from_utf8(bytes).expect("text");
            let mut scanner = Scanner::new(&text);
            scanner.separator = b',';
            let read: Vec<Vec<String>> = std::iter::from_fn(|| scanner.row()).map(|row| row.cells).collect();
            prop_assert_eq!(read, rows);
            prop_assert!(scanner.broken.is_empty());
        }

        #[test]
        fn never_panics(text in "\\PC*|[\",;\\t\\r\\na]*") {
            _ = table(&text, "x.csv", "x".to_owned());
        }
    }
}
