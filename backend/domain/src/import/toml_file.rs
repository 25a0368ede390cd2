//! Reading TOML by hand, so that every problem is reported at once and with its line; a derived reader stops at the
//! first. What the keys mean is said in the file of their noun.

use super::{
    cell::{self, Raw},
    fault::{self, Fault},
    report::{Place, Problems},
    sheet::nearest,
};
use crate::name::Bilingual;
use jiff::civil::{Date, Time};
use std::ops::Range;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(
            std::iter::once(0)
                .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
        )
    }

    /// The line of a byte, from 1.
    fn number(&self, at: usize) -> u32 {
        self.0.partition_point(|&start| start <= at) as u32
    }
}

/// What all nodes of a file share.
struct File<'a> {
    name: &'a str,
    lines: Lines,
    problems: &'a Problems,
}

/// A table of a TOML file with the means to read its keys. What cannot be read is noted and comes back as `None`.
pub(super) struct Node<'f> {
    file: &'f File<'f>,
    table: &'f DeTable<'f>,
    span: Range<usize>,
}

/// Parses the text and hands its root to `read`; notes where it is not TOML. Only the first such place: after it, what
/// stands in which table is a guess. `None`: it could not be read.
pub(super) fn open(file: &str, text: &str, problems: &Problems, read: impl FnOnce(&Node<'_>)) -> Option<()> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = File {
        name: file,
        lines: Lines::of(text),
        problems,
    };
    match DeTable::parse(text) {
        Ok(root) => {
            let span = root.span();
            read(&Node {
                file: &file,
                table: root.get_ref(),
                span,
            });
            Some(())
        }
        Err(error) => {
            let line = error.span().map_or(0, |span| file.lines.number(span.start));
            problems.note(Place { file: file.name, line }, "", fault::toml(error.message().trim()));
            None
        }
    }
}

impl<'f> Node<'f> {
    fn place_of(&self, span: &Range<usize>) -> Place<'f> {
        Place {
            file: self.file.name,
            line: self.file.lines.number(span.start),
        }
    }

    /// The line of this table.
    pub fn line(&self) -> u32 {
        self.file.lines.number(self.span.start)
    }

    /// Notes something about the table as a whole.
    pub fn note(&self, fault: Fault) {
        self.file.problems.note(self.place_of(&self.span), "", fault);
    }

    /// Notes something about a key, at its line if it is there.
    pub fn note_key(&self, key: &str, fault: Fault) {
        let span = self.table.get(key).map_or_else(|| self.span.clone(), Spanned::span);
        self.file.problems.note(self.place_of(&span), key, fault);
    }

    /// Notes every key that is not one of these.
    pub fn only(&self, known: &[&str]) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            self.file.problems.note(
                self.place_of(&key.span()),
                "",
                fault::unknown_key(name, &nearest(name, known)),
            );
        }
    }

    /// A text that must be there.
    pub fn required<T>(&self, key: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        match self.table.get(key)?.get_ref() {
            DeValue::String(text) => self.parsed(key, text, parse),
            // Dates and times may stand without quotes.
            DeValue::Datetime(moment) => self.parsed(key, &moment.to_string(), parse),
            other => self.mistyped(key, other, ("\"…\" の文字列", "a text in quotes")),
        }
    }

    /// Notes the keys among these that are missing. Said once for the whole table, before its keys are read.
    pub fn need(&self, keys: &[&str]) {
        for key in keys.iter().filter(|key| !self.table.contains_key(**key)) {
            self.file
                .problems
                .note(self.place_of(&self.span), key, fault::missing_key());
        }
    }

    fn parsed<T>(&self, key: &str, text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        let parsed = match cell::raw(text) {
            Raw::Blank => Err(fault::missing()),
            Raw::Bad(fault) => Err(fault),
            Raw::Text(text) => parse(text),
        };
        parsed.map_err(|fault| self.note_key(key, fault)).ok()
    }

    fn mistyped<T>(&self, key: &str, found: &DeValue<'_>, wanted: (&str, &str)) -> Option<T> {
        self.note_key(key, fault::wrong_type(found.type_str(), wanted));
        None
    }

    /// A text in both languages: `name_ja` and `name_en`.
    pub fn bilingual(&self) -> Option<Bilingual> {
        let (ja, en) = (
            self.required("name_ja", cell::name),
            self.required("name_en", cell::name),
        );
        Some(Bilingual { ja: ja?, en: en? })
    }

    /// A whole number.
    pub fn number(&self, key: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = self.table.get(key)?.get_ref();
        let DeValue::Integer(integer) = value else {
            return self.mistyped(key, value, ("整数", "a whole number"));
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if range.contains(&number) => Some(number),
            Ok(number) => {
                self.note_key(key, fault::out_of_range(number, *range.start(), *range.end()));
                None
            }
            Err(_) => {
                self.note_key(key, fault::number(integer.as_str()));
                None
            }
        }
    }

    /// A small number.
    pub fn small(&self, key: &str, range: std::ops::RangeInclusive<u16>) -> Option<u16> {
        let number = self.number(key, i64::from(*range.start())..=i64::from(*range.end()))?;
        u16::try_from(number).ok()
    }

    /// A date, with or without quotes.
    pub fn date(&self, key: &str) -> Option<Date> {
        self.required(key, cell::date)
    }

    /// A time, with or without quotes.
    pub fn time(&self, key: &str) -> Option<Time> {
        self.required(key, cell::time)
    }

    /// A table under a key.
    pub fn table(&self, key: &str) -> Option<Node<'f>> {
        let value = self.table.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Node {
                file: self.file,
                table,
                span: value.span(),
            }),
            other => self.mistyped(key, other, ("[表]", "a table")),
        }
    }

    /// The tables of an array under a key; none where the key is missing.
    pub fn tables(&self, key: &str) -> Vec<Node<'f>> {
        let wanted = ("[[表]] の並び", "a list of tables");
        let Some(value) = self.table.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(array) = value.get_ref() else {
            return self.mistyped(key, value.get_ref(), wanted).unwrap_or_default();
        };
        let node = |value: &'f Spanned<DeValue<'f>>| match value.get_ref() {
            DeValue::Table(table) => Some(Node {
                file: self.file,
                table,
                span: value.span(),
            }),
            other => self.mistyped(key, other, wanted),
        };
        array.iter().filter_map(node).collect()
    }

    /// A list of texts.
    pub fn list<T>(&self, key: &str, parse: impl Fn(&str) -> Result<T, Fault>) -> Option<Vec<T>> {
        let wanted = ("[\"…\"] の並び", "a list of texts");
        let value = self.table.get(key)?.get_ref();
        let DeValue::Array(array) = value else {
            return self.mistyped(key, value, wanted);
        };
        let entry = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
            DeValue::String(text) => self.parsed(key, text, &parse),
            other => self.mistyped(key, other, wanted),
        };
        array.iter().map(entry).collect()
    }
}
