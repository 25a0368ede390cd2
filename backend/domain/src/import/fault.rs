//! Every sentence of the import: what is wrong and what would be right, in Japanese and English. Where it is wrong is
//! not known here. Sentences about single files, headers, cells and times stand here; those about rows that refer to or
//! contradict each other, and about TOML, in `conflict`, and are reached through here.

pub(super) use super::conflict::*;
use super::{MAX_COLUMNS, MAX_ROWS};
use crate::name::MAX_NAME;
use jiff::civil::Date;

/// Longest piece of a cell quoted in a sentence, in characters.
const MAX_QUOTED: usize = 40;

/// What is wrong and what would be right; each in Japanese and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub wrong: (String, String),
    pub right: (String, String),
}

pub(super) fn fault(
    wrong: (impl Into<String>, impl Into<String>),
    right: (impl Into<String>, impl Into<String>),
) -> Fault {
    Fault {
        wrong: (wrong.0.into(), wrong.1.into()),
        right: (right.0.into(), right.1.into()),
    }
}

/// The text as it can be quoted: no control characters, not longer than a line.
pub(super) fn clip(text: &str) -> String {
    let mut clean: String = text
        .trim()
        .chars()
        .take(MAX_QUOTED)
        .map(|c| if c.is_control() { '␣' } else { c })
        .collect();
    if text.trim().chars().nth(MAX_QUOTED).is_some() {
        clean.push('…');
    }
    clean
}

// Files and tables as a whole.

pub(super) fn nothing_to_read() -> Fault {
    fault(
        ("読むものがありません", "there is nothing to read"),
        (
            "CSV・TOML・XLSX のファイルを指定してください",
            "name CSV, TOML or XLSX files",
        ),
    )
}

pub(super) fn unknown_file(tables: &str) -> Fault {
    fault(
        ("この名前の表は知られていません", "no table is called so"),
        (
            format!("programmes.toml、market.toml、または次の名前の表にしてください: {tables}"),
            format!("call it programmes.toml, market.toml, or one of the tables {tables}"),
        ),
    )
}

pub(super) fn too_many_rows() -> Fault {
    fault(
        (
            format!("行が全体で {MAX_ROWS} を超えています"),
            format!("there are more than {MAX_ROWS} rows in all"),
        ),
        ("分けて取り込んでください", "import them in parts"),
    )
}

pub(super) fn empty_table() -> Fault {
    fault(
        ("表に行がありません", "the table has no rows"),
        (
            "見出しの下に1行以上書くか、表を外してください",
            "write at least one row below the header, or leave the table out",
        ),
    )
}

pub(super) fn no_event() -> Fault {
    fault(
        ("どの催しのものか分かりません", "the event it belongs to is not known"),
        (
            "market.toml を先に、または一緒に取り込んでください",
            "import market.toml before it or along with it",
        ),
    )
}

pub(super) fn toml(message: &str) -> Fault {
    fault(
        (
            format!("TOML として読めません（{message}）"),
            format!("this is not TOML: {message}"),
        ),
        (
            "seed-data の例の通りに書いてください",
            "write it like the examples in seed-data",
        ),
    )
}

// Headers.

pub(super) fn missing_column(also: &[&str]) -> Fault {
    let (ja, en) = if also.is_empty() {
        (String::new(), String::new())
    } else {
        (
            format!("（{} でも可）", also.join("、")),
            format!(" ({} is understood too)", also.join(", ")),
        )
    };
    fault(
        ("この列がありません", "the column is missing"),
        (
            format!("この名前の列を加えてください{ja}"),
            format!("add a column of this name{en}"),
        ),
    )
}

pub(super) fn unknown_column(column: &str, nearest: &[&str]) -> Fault {
    let column = clip(column);
    let (ja, en) = match nearest {
        [one] => (format!("「{one}」のことですか"), format!("did you mean \"{one}\"?")),
        all => (
            format!("列は {} です", all.join("、")),
            format!("the columns are {}", all.join(", ")),
        ),
    };
    fault(
        (
            format!("「{column}」という列は知られていません"),
            format!("\"{column}\" is not a column"),
        ),
        (ja, en),
    )
}

pub(super) fn unnamed_column(number: usize) -> Fault {
    fault(
        (
            format!("{number} 列目に名前がありません"),
            format!("column {number} has no name"),
        ),
        (
            "見出しに名前を書くか、列を消してください",
            "name it in the header, or remove the column",
        ),
    )
}

pub(super) fn column_twice() -> Fault {
    fault(
        ("同じ列が二つあります", "the column stands there twice"),
        ("一つだけにしてください", "keep one of them"),
    )
}

pub(super) fn too_many_columns() -> Fault {
    fault(
        (
            format!("列が {MAX_COLUMNS} を超えています"),
            format!("there are more than {MAX_COLUMNS} columns"),
        ),
        ("見出しの行を確かめてください", "check the line of the header"),
    )
}

pub(super) fn ragged(cells: usize, width: usize) -> Fault {
    fault(
        (
            format!("セルが {cells} 個あります"),
            format!("the row has {cells} cells"),
        ),
        (
            format!("見出しと同じ {width} 個にしてください。区切り文字を含む値は \" で囲みます"),
            format!("the header has {width}; put a value that contains the separator in double quotes"),
        ),
    )
}

// Cells.

pub(super) fn missing() -> Fault {
    fault(("空です", "is empty"), ("値を書いてください", "write a value"))
}

pub(super) fn formula(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (format!("「{text}」は式です"), format!("\"{text}\" is a formula")),
        (
            "値そのものを = + - @ で始めずに書いてください",
            "write the value itself, not beginning with = + - @",
        ),
    )
}

pub(super) fn spreadsheet_error(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は表計算の誤り値です"),
            format!("\"{text}\" is an error of the spreadsheet"),
        ),
        ("値そのものを書いてください", "write the value itself"),
    )
}

pub(super) fn dash() -> Fault {
    fault(
        ("横線だけが書かれています", "there is only a dash"),
        (
            "何もなければ空のままにしてください",
            "leave the cell empty where there is nothing",
        ),
    )
}

pub(super) fn control() -> Fault {
    fault(
        ("制御文字が含まれています", "contains a control character"),
        ("見える文字だけにしてください", "write visible characters only"),
    )
}

pub(super) fn lost_characters() -> Fault {
    fault(
        (
            "文字化けした文字（�）が含まれています",
            "contains characters that were lost (�)",
        ),
        (
            "元の表から書き出し直してください",
            "write the file again from where it came",
        ),
    )
}

pub(super) fn too_long(most: usize) -> Fault {
    fault(
        (
            format!("{most} 文字より長いです"),
            format!("is longer than {most} characters"),
        ),
        (
            format!("{most} 文字以内にしてください"),
            format!("write at most {most} characters"),
        ),
    )
}

pub(super) fn name() -> Fault {
    fault(
        ("名前になっていません", "is not a name"),
        (
            format!("1～{MAX_NAME} 文字で書いてください"),
            format!("write 1 to {MAX_NAME} characters"),
        ),
    )
}

pub(super) fn code(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は番号に使えません"),
            format!("\"{text}\" cannot be a code"),
        ),
        (
            "文字・数字・- _ . / # だけで、空白なしで書いてください",
            "write letters, digits and - _ . / # only, without blanks",
        ),
    )
}

pub(super) fn negative(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (format!("「{text}」は負の数です"), format!("\"{text}\" is below zero")),
        ("0 以上の整数で書いてください", "write a whole number from 0"),
    )
}

pub(super) fn number(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は整数ではありません"),
            format!("\"{text}\" is not a whole number"),
        ),
        ("5 のように書いてください", "write a number such as 5"),
    )
}

pub(super) fn out_of_range(number: i64, least: i64, most: i64) -> Fault {
    fault(
        (format!("{number} は範囲の外です"), format!("{number} is out of range")),
        (
            format!("{least}～{most} の数を書いてください"),
            format!("write a number from {least} to {most}"),
        ),
    )
}

pub(super) fn quota(least: u16, most: u16) -> Fault {
    fault(
        (
            format!("最少 {least} が最多 {most} より大きいです"),
            format!("the least, {least}, is more than the most, {most}"),
        ),
        (
            "最少を最多以下にしてください",
            "write a least that is not above the most",
        ),
    )
}

pub(super) fn region(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は国・地域の符号ではありません"),
            format!("\"{text}\" is not a region"),
        ),
        (
            "JP のような ISO 3166 の2文字で書いてください",
            "write ISO 3166 alpha-2 such as JP",
        ),
    )
}

pub(super) fn language(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は言語の符号ではありません"),
            format!("\"{text}\" is not a language"),
        ),
        (
            "ja のような ISO 639-1 の2文字で、複数は ; で区切って書いてください",
            "write ISO 639-1 such as ja, several separated by ;",
        ),
    )
}

/// Not one of a few words.
pub(super) fn word(text: &str, words: &[&str]) -> Fault {
    let (text, words) = (clip(text), words.join(", "));
    fault(
        (
            format!("「{text}」は知られていない語です"),
            format!("\"{text}\" is not known here"),
        ),
        (
            format!("次のどれかを書いてください: {words}"),
            format!("write one of {words}"),
        ),
    )
}

pub(super) fn email(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」はメールアドレスではありません"),
            format!("\"{text}\" is not a mail address"),
        ),
        (
            "mika@example.org のように書いてください",
            "write one such as mika@example.org",
        ),
    )
}

pub(super) fn address(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」はホームページのアドレスではありません"),
            format!("\"{text}\" is not the address of a page"),
        ),
        (
            "https:// で始まるアドレスを書いてください",
            "write one that begins with https://",
        ),
    )
}

pub(super) fn list(most: usize) -> Fault {
    fault(
        (
            format!("{most} 個より多く並んでいます"),
            format!("lists more than {most}"),
        ),
        (format!("{most} 個までにしてください"), format!("write at most {most}")),
    )
}

// Times.

pub(super) fn date(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は日付ではありません"),
            format!("\"{text}\" is not a date"),
        ),
        (
            "2025-11-05 のように実在する日を書いてください",
            "write a day that exists, such as 2025-11-05",
        ),
    )
}

pub(super) fn time(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は時刻ではありません"),
            format!("\"{text}\" is not a time"),
        ),
        (
            "00:00～23:59 の時刻を 13:30 のように書いてください",
            "write a time from 00:00 to 23:59, such as 13:30",
        ),
    )
}

pub(super) fn moment(text: &str) -> Fault {
    let text = clip(text);
    fault(
        (
            format!("「{text}」は日時ではありません"),
            format!("\"{text}\" is not a date with a time"),
        ),
        (
            "会場の現地時刻で 2025-11-05T13:30 のように書いてください",
            "write the venue's local time, such as 2025-11-05T13:30",
        ),
    )
}

pub(super) fn not_a_day(date: Date, days: &[Date]) -> Fault {
    let days = days
        .iter()
        .take(10)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    fault(
        (
            format!("{date} は催しの日ではありません"),
            format!("{date} is not a day of the event"),
        ),
        (format!("催しの日は {days} です"), format!("its days are {days}")),
    )
}

pub(super) fn until_before_from() -> Fault {
    fault(
        ("終わりが始まりより後ではありません", "is not after the beginning"),
        ("始まりより後の時刻を書いてください", "write a time after it"),
    )
}

pub(super) fn departure_before_arrival() -> Fault {
    fault(
        ("到着より後ではありません", "is not after the arrival"),
        ("到着より後の日時を書いてください", "write a time after it"),
    )
}

pub(super) fn not_there() -> Fault {
    fault(
        ("催しの間に一度も居ないことになります", "leaves no time at the event"),
        (
            "催しの日と重なる滞在にしてください",
            "the stay must overlap with the days of the event",
        ),
    )
}

pub(super) fn far_from_event(days: i64) -> Fault {
    fault(
        (
            format!("催しから {days} 日より離れています"),
            format!("is more than {days} days away from the event"),
        ),
        (
            "年月日を確かめるか、空にしてください",
            "check the date, or leave the cell empty",
        ),
    )
}
