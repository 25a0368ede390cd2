//! How values of the domain stand in columns and come back. What does not come back is corrupt, and said so.

use crate::Error;
use domain::{
    artist::RightKind,
    name::{Bilingual, Name},
    participation::Quota,
    region::{Language, Region},
    time::{Span, Timestamp},
};
use sea_orm::{ColumnTrait, ExprTrait, sea_query::Expr};

/// A moment as Unix milliseconds.
pub(crate) fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The moment of so many Unix milliseconds.
pub(crate) fn at(ms: i64) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(ms).map_err(|_| corrupt("a time", ms))
}

/// A span from its two ends.
pub(crate) fn span(starts: i64, ends: i64) -> Result<Span, Error> {
    Span::new(at(starts)?, at(ends)?).ok_or_else(|| corrupt("a span", format!("{starts}..{ends}")))
}

/// Whether a column holds a word of ours, which stands in the statement and is not bound to it: where an index is limited
/// by the column (`WHERE state = 'open'`), SQLite would otherwise prepare the statement anew every time it is bound.
pub(crate) fn holds(column: impl ColumnTrait, word: &'static str) -> Expr {
    Expr::col(column.as_column_ref()).eq(Expr::cust(format!("'{word}'")))
}

/// What stands in a column and cannot be read.
pub(crate) fn corrupt(what: &str, found: impl std::fmt::Display) -> Error {
    Error::Corrupt(format!("{what} in a column reads \"{found}\""))
}

/// A value by its word.
pub(crate) fn word<T>(what: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(text).ok_or_else(|| corrupt(what, text))
}

fn list<T>(what: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Error> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| word(what, part, &parse))
        .collect()
}

/// Joined by commas; no code contains one.
pub(crate) fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

pub(crate) fn languages(text: &str) -> Result<Vec<Language>, Error> {
    list("a language", text, Language::parse)
}

pub(crate) fn regions(text: &str) -> Result<Vec<Region>, Error> {
    list("a region", text, Region::parse)
}

pub(crate) fn rights(text: &str) -> Result<Vec<RightKind>, Error> {
    list("a right", text, RightKind::parse)
}

pub(crate) fn joined_rights(rights: &[RightKind]) -> String {
    joined(&rights.iter().map(|kind| kind.code()).collect::<Vec<_>>())
}

pub(crate) fn genres(text: &str) -> Vec<String> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(crate) fn name(written: String, reading: Option<String>, latin: Option<String>) -> Name {
    Name {
        written,
        reading,
        latin,
    }
}

pub(crate) fn bilingual(ja: String, en: String) -> Bilingual {
    Bilingual { ja, en }
}

/// A hash as text.
pub(crate) fn hex(hash: impl AsRef<[u8]>) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    hash.as_ref()
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// A count that must fit.
pub(crate) fn count(number: i32) -> Result<u16, Error> {
    u16::try_from(number).map_err(|_| corrupt("a count", number))
}

pub(crate) fn quota(min: Option<i32>, max: Option<i32>) -> Result<Quota, Error> {
    let (min, max) = (min.map(count).transpose()?, max.map(count).transpose()?);
    Quota::new(min, max).ok_or_else(|| corrupt("a quota", format!("{min:?}..{max:?}")))
}
