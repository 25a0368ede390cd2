//! A cell made into a value, or into the sentence that says why not. Which cell it is, is not known here.

use super::fault::{self, Fault};
use crate::{
    artist::RightKind,
    name::{self, MAX_NAME},
    region::{Language, Region},
};
use jiff::civil::{Date, DateTime, Time};
use std::{borrow::Cow, sync::LazyLock};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

/// Longest code, in characters.
pub(super) const MAX_CODE: usize = 40;
/// Longest sentence (a definition, a reason), in characters.
pub(super) const MAX_TEXT: usize = 1000;
/// Most entries of a list in one cell: more than there are regions.
pub(super) const MAX_LIST: usize = 300;
/// Most meetings a quota may name.
pub(super) const MAX_QUOTA: u16 = 9_999;

/// What spreadsheets write where a formula failed.
const SPREADSHEET_ERRORS: [&str; 10] = [
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

/// A cell before it means anything.
pub(super) enum Raw<'a> {
    /// Nothing in it.
    Blank,
    /// Something no cell may hold.
    Bad(Fault),
    /// Text, not blank.
    Text(&'a str),
}

/// Looks at what no column allows: formulas, errors of the spreadsheet, control and lost characters, a lone dash.
pub(super) fn raw(cell: &str) -> Raw<'_> {
    let text = cell.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return Raw::Blank };
    let rest = chars.as_str().trim_start();
    let formula = match first {
        '=' | '＝' => true,
        '+' | '-' | '@' | '＋' | '－' | '＠' => {
            rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '(' | '（' | '=' | '＝' | '@' | '+' | '-'))
        }
        _ => false,
    };
    if formula {
        return Raw::Bad(fault::formula(text));
    }
    if rest.is_empty() && matches!(first, '-' | '－' | '―' | '—' | '–' | 'ー' | '−') {
        return Raw::Bad(fault::dash());
    }
    if first == '#' && SPREADSHEET_ERRORS.contains(&text) {
        return Raw::Bad(fault::spreadsheet_error(text));
    }
    // The usual cell has neither: one pass over bytes decides that (control characters above ASCII begin with C2).
    if text.bytes().any(|b| b < 0x20 || b == 0x7f || b == 0xc2 || b == 0xef) {
        if text.contains('\u{fffd}') {
            return Raw::Bad(fault::lost_characters());
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return Raw::Bad(fault::control());
        }
    }
    Raw::Text(text)
}

/// Full-width letters and digits made narrow; nothing to do for most cells.
pub(super) fn narrow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text.trim())
    } else {
        Cow::Owned(text.nfkc().collect::<String>().trim().to_owned())
    }
}

/// The form in which names are compared: width, case and blanks do not count.
pub(super) fn folded(text: &str) -> String {
    let fold = |c: char| c.to_lowercase();
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return text.chars().filter(|c| !c.is_whitespace()).flat_map(fold).collect();
    }
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(fold).collect()
}

/// [`name::line`], which has little to do for most cells.
fn line(text: &str) -> Option<String> {
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    let normal = || is_nfc_quick(text.chars()) == IsNormalized::Yes && !text.chars().any(char::is_control);
    if text.is_empty() || !(plain || normal()) {
        return name::line(text);
    }
    let mut words = text.split_whitespace();
    let mut line = words.next()?.to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    Some(line)
}

pub(super) fn code(text: &str) -> Result<String, Fault> {
    let code = narrow(text);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#');
    if code.is_empty() || !code.chars().all(plain) {
        return Err(fault::code(text));
    }
    if code.chars().count() > MAX_CODE {
        Err(fault::too_long(MAX_CODE))
    } else {
        Ok(code.into_owned())
    }
}

pub(super) fn name(text: &str) -> Result<String, Fault> {
    line(text)
        .filter(|line| line.chars().count() <= MAX_NAME)
        .ok_or_else(fault::name)
}

pub(super) fn text(text: &str) -> Result<String, Fault> {
    let line = line(text).ok_or_else(fault::missing)?;
    if line.chars().count() > MAX_TEXT {
        Err(fault::too_long(MAX_TEXT))
    } else {
        Ok(line)
    }
}

/// A whole number from `least` to `most`; `5.0` and `1,200` as spreadsheets write them are understood.
pub(super) fn number(text: &str, least: u16, most: u16) -> Result<u16, Fault> {
    let digits = narrow(text).replace(',', "");
    let digits = digits.strip_suffix(".0").unwrap_or(&digits);
    let number: i64 = digits.parse().map_err(|_| fault::number(text))?;
    if number < 0 {
        return Err(fault::negative(text));
    }
    match u16::try_from(number) {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(fault::out_of_range(number, least.into(), most.into())),
    }
}

pub(super) fn quota(text: &str) -> Result<u16, Fault> {
    number(text, 0, MAX_QUOTA)
}

/// Every pair of Latin letters with the code it stands for. Looking through the lists of codes for each cell was the
/// greater part of reading 100,000 rows.
struct Pairs<T>(Vec<Option<T>>);

impl<T: Copy> Pairs<T> {
    fn of(parse: impl Fn(&str) -> Option<T>) -> Self {
        let letters = || 'a'..='z';
        Self(
            letters()
                .flat_map(|a| letters().map(move |b| [a, b]))
                .map(|pair| parse(&String::from_iter(pair)))
                .collect(),
        )
    }

    fn get(&self, text: &str) -> Option<T> {
        let [a, b] = narrow(text).as_bytes().try_into().ok()?;
        let place = |letter: u8| {
            letter
                .is_ascii_alphabetic()
                .then(|| usize::from(letter.to_ascii_lowercase() - b'a'))
        };
        self.0.get(place(a)? * 26 + place(b)?).copied().flatten()
    }
}

static REGIONS: LazyLock<Pairs<Region>> = LazyLock::new(|| Pairs::of(Region::parse));
static LANGUAGES: LazyLock<Pairs<Language>> = LazyLock::new(|| Pairs::of(Language::parse));

pub(super) fn region(text: &str) -> Result<Region, Fault> {
    REGIONS.get(text).ok_or_else(|| fault::region(text))
}

pub(super) fn language(text: &str) -> Result<Language, Fault> {
    LANGUAGES.get(text).ok_or_else(|| fault::language(text))
}

pub(super) fn right(text: &str) -> Result<RightKind, Fault> {
    let word = narrow(text).to_lowercase();
    RightKind::parse(&word).ok_or_else(|| fault::word(text, &RightKind::ALL.map(RightKind::code)))
}

/// A genre, lower case.
pub(super) fn genre(text: &str) -> Result<String, Fault> {
    let genre = line(&narrow(text).to_lowercase()).ok_or_else(fault::missing)?;
    if genre.chars().count() > MAX_CODE {
        Err(fault::too_long(MAX_CODE))
    } else {
        Ok(genre)
    }
}

pub(super) fn email(text: &str) -> Result<String, Fault> {
    name::email(text).ok_or_else(|| fault::email(text))
}

/// The address of a page.
pub(super) fn address(text: &str) -> Result<String, Fault> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or_default();
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '<' | '>' | '\\');
    if host.is_empty() || !host.chars().all(plain) {
        return Err(fault::address(text));
    }
    if text.len() > MAX_TEXT {
        Err(fault::too_long(MAX_TEXT))
    } else {
        Ok(text.to_owned())
    }
}

/// A list separated by `;`, each entry kept once, in order.
pub(super) fn list<T: PartialEq>(text: &str, entry: impl Fn(&str) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    let mut list = Vec::new();
    for part in text
        .split([';', '；', '、'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let value = entry(part)?;
        if !list.contains(&value) {
            if list.len() == MAX_LIST {
                return Err(fault::list(MAX_LIST));
            }
            list.push(value);
        }
    }
    if list.is_empty() {
        Err(fault::missing())
    } else {
        Ok(list)
    }
}

/// A date: `2025-11-05`, `2025/11/5`, `2025年11月5日`.
pub(super) fn date(text: &str) -> Result<Date, Fault> {
    let bad = || fault::date(text);
    let narrow = narrow(text);
    let [year, month, day] = numbers(narrow.trim_end_matches('日'), &['-', '/', '.', '年', '月']).ok_or_else(bad)?;
    let small = |n: u32| i8::try_from(n).ok();
    let (Ok(year), Some(month), Some(day)) = (i16::try_from(year), small(month), small(day)) else {
        return Err(bad());
    };
    if year < 1900 {
        return Err(bad());
    }
    Date::new(year, month, day).map_err(|_| bad())
}

/// A time of day: `13:30`, `13:30:00`, `13時30分`. Seconds other than zero are no time anybody plans with.
pub(super) fn time(text: &str) -> Result<Time, Fault> {
    let bad = || fault::time(text);
    let narrow = narrow(text);
    let clock = narrow.trim_end_matches('分');
    let separators = [':', '時'];
    let [hour, minute] = match numbers(clock, &separators) {
        Some(time) => time,
        None => match numbers(clock, &separators).ok_or_else(bad)? {
            [hour, minute, 0] => [hour, minute],
            [_, _, _] => return Err(bad()),
        },
    };
    let small = |n: u32| i8::try_from(n).map_err(|_| bad());
    Time::new(small(hour)?, small(minute)?, 0, 0).map_err(|_| bad())
}

/// A date with a time: `2025-11-05T13:30`, `2025/11/5 13:30`.
pub(super) fn moment(text: &str) -> Result<DateTime, Fault> {
    let narrow = narrow(text);
    let (day, clock) = narrow.split_once(['T', 't', ' ']).ok_or_else(|| fault::moment(text))?;
    Ok(date(day)?.to_datetime(time(clock)?))
}

/// Exactly `N` numbers of at most four digits with separators between them.
fn numbers<const N: usize>(text: &str, separators: &[char]) -> Option<[u32; N]> {
    let mut found = [0; N];
    let mut parts = text.trim().split(separators);
    for number in &mut found {
        let part = parts.next()?;
        let plain = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        *number = part.parse().ok().filter(|_| plain)?;
    }
    parts.next().is_none().then_some(found)
}

/// Whether a cell says yes: `yes`, `1`, `x`, `○`, `はい`, or no: `no`, `0`, `いいえ`.
pub(super) fn yes(text: &str) -> Result<bool, Fault> {
    match narrow(text).to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "avoid" | "○" | "〇" | "はい" => Ok(true),
        "no" | "n" | "false" | "0" | "いいえ" => Ok(false),
        _ => Err(fault::word(text, &["yes", "no"])),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Fault, Raw, address, code, date, folded, genre, line, list, moment, name, number, raw, region, time, yes,
    };
    use proptest::prelude::*;
    use std::fmt::Debug;
    use unicode_normalization::UnicodeNormalization;

    fn check<T: ToString + Debug>(read: impl Fn(&str) -> Result<T, Fault>, cases: &[(&str, Result<&str, &str>)]) {
        for (input, expect) in cases {
            match (read(input), expect) {
                (Ok(value), Ok(wanted)) => assert_eq!(value.to_string(), *wanted, "{input:?}"),
                (Err(fault), Err(part)) => assert!(fault.wrong.1.contains(part), "{input:?}: {fault:?}"),
                (found, _) => panic!("{input:?}: {found:?}, expected {expect:?}"),
            }
        }
    }

    #[test]
    fn cells_no_column_allows() {
        for (input, expect) in [
            ("", "blank"),
            (" 　", "blank"),
            ("=A1", "formula"),
            ("＝A1", "formula"),
            ("=5", "formula"),
            ("+SUM(A1)", "formula"),
            ("-(1)", "formula"),
            ("@here", "formula"),
            ("-", "dash"),
            ("ー", "dash"),
            ("-5", "text"),
            ("+5", "text"),
            ("#REF!", "spreadsheet"),
            ("#1 hits", "text"),
            ("a\u{0}b", "control"),
            ("a\u{85}b", "control"),
            ("a\u{fffd}", "lost"),
            ("a\nb", "text"),
            ("ﾌﾘｶﾞﾅ", "text"),
        ] {
            let found = match raw(input) {
                Raw::Blank => "blank".to_owned(),
                Raw::Text(_) => "text".to_owned(),
                Raw::Bad(fault) => fault.wrong.1,
            };
            assert!(found.contains(expect), "{input:?}: {found}");
        }
    }

    #[test]
    fn numbers_and_codes() {
        let table = |text: &str| number(text, 1, 200);
        check(
            table,
            &[
                ("5", Ok("5")),
                ("５", Ok("5")),
                ("5.0", Ok("5")),
                ("0", Err("out of range")),
                ("201", Err("out of range")),
                ("99999999999999999999", Err("not a whole number")),
                ("-3", Err("below zero")),
                ("five", Err("not a whole number")),
                ("5.5", Err("not a whole number")),
            ],
        );
        check(
            code,
            &[
                ("Ｃ－０７", Ok("C-07")),
                ("a b", Err("cannot be a code")),
                (&"x".repeat(41), Err("longer than 40")),
            ],
        );
        check(
            name,
            &[(" 青木　美香", Ok("青木 美香")), (&"あ".repeat(121), Err("not a name"))],
        );
        check(region, &[("ｊｐ", Ok("JP")), ("JPN", Err("not a region"))]);
        check(genre, &[("Ｊ-POP", Ok("j-pop"))]);
        check(
            yes,
            &[("○", Ok("true")), ("No", Ok("false")), ("perhaps", Err("not known"))],
        );
        check(
            address,
            &[
                ("https://example.org/a", Ok("https://example.org/a")),
                ("javascript:alert(1)", Err("not the address")),
            ],
        );
    }

    #[test]
    fn dates_and_times() {
        check(
            date,
            &[
                ("2025-11-05", Ok("2025-11-05")),
                ("２０２５／１１／５", Ok("2025-11-05")),
                ("2025年11月5日", Ok("2025-11-05")),
                ("2025-02-30", Err("not a date")),
                ("11/5", Err("not a date")),
                ("05/11/2025", Err("not a date")),
                ("45966", Err("not a date")),
            ],
        );
        check(
            time,
            &[
                ("9:05", Ok("09:05:00")),
                ("１３：３０", Ok("13:30:00")),
                ("13:30:00", Ok("13:30:00")),
                ("13時30分", Ok("13:30:00")),
                ("13:75", Err("not a time")),
                ("24:00", Err("not a time")),
                ("13:30:15", Err("not a time")),
                ("1330", Err("not a time")),
            ],
        );
        check(
            moment,
            &[
                ("2025-11-05T13:30", Ok("2025-11-05T13:30:00")),
                ("2025/11/5 13:30", Ok("2025-11-05T13:30:00")),
                ("2025-11-05", Err("not a date with a time")),
                ("2025-11-05T13:30Z", Err("not a time")),
            ],
        );
    }

    proptest! {
        #[test]
        fn the_quick_way_is_the_right_way(text in "[ -~　-〿ぁ-ヿｦ-ﾟ゙가-각á\u{301}\n]{0,12}") {
            prop_assert_eq!(line(&text), name::line(&text));
            let slow: String = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            prop_assert_eq!(folded(&text), slow);
        }
    }

    #[test]
    fn lists_keep_each_once() {
        let regions = |text: &str| list(text, region).map(|list| format!("{list:?}"));
        check(
            regions,
            &[
                ("JP; us ；JP;", Ok("[JP, US]")),
                ("JP,US", Err("not a region")),
                (";", Err("is empty")),
            ],
        );
    }
}
