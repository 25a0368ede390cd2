//! XLSX workbooks: one table a sheet, cells written as the CSV files have them. Formulas count by the value that was
//! saved with them; one without is handed on as the formula, which the import refuses with its row and column.

use super::{MAX_CELLS, Unreadable, unreadable};
use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx, XlsxError};
use domain::import::{MAX_COLUMNS, MAX_ROWS, Row, Source, Table};
use std::{
    collections::{BTreeMap, HashSet},
    io::{self, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};
use zip::ZipArchive;

/// Most bytes a workbook may hold unpacked.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;
/// Most sheets read.
const MAX_SHEETS: usize = 50;
/// The first day number after the year 9999.
const END_OF_DAYS: f64 = 2_958_466.0;

type Book = Xlsx<Cursor<Vec<u8>>>;

/// The tables of a workbook. Sheets without any cell are passed over.
pub(super) fn tables(bytes: Vec<u8>, label: &str) -> Result<Vec<Source>, Unreadable> {
    if fits(&bytes, MAX_UNPACKED) != Some(true) {
        return Err(unreadable(
            0,
            (
                "壊れているか、展開すると 512 MiB を超えます",
                "is damaged, or larger than 512 MiB unpacked",
            ),
            (
                "開いて保存し直すか、分けて取り込んでください",
                "open and save it anew, or import it in parts",
            ),
        ));
    }
    // What is malformed in ways calamine does not expect makes it panic; for whoever imports, that is a damaged file.
    let read = catch_unwind(AssertUnwindSafe(|| sheets(bytes, label)));
    let tables = read.unwrap_or_else(|_| Err(damaged("unexpected content")))?;
    if tables.is_empty() {
        return Err(unreadable(
            0,
            ("どのシートも空です", "every sheet is empty"),
            ("中身を書くか、ファイルを外してください", "fill it, or leave it out"),
        ));
    }
    Ok(tables)
}

fn damaged(reason: &str) -> Unreadable {
    Unreadable {
        line: 0,
        wrong: (
            format!("ブックとして読めません（{reason}）"),
            format!("cannot be read as a workbook: {reason}"),
        ),
        right: (
            "表計算ソフトで開き、パスワードなしの XLSX で保存し直してください".to_owned(),
            "open it in a spreadsheet program and save it anew as XLSX without a password".to_owned(),
        ),
    }
}

fn sheets(bytes: Vec<u8>, label: &str) -> Result<Vec<Source>, Unreadable> {
    let fault = |error: XlsxError| damaged(&error.to_string());
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let names = book.sheet_names();
    let mut tables = Vec::new();
    let mut cells = 0;
    for name in names.into_iter().take(MAX_SHEETS) {
        let rows = match rows(&mut book, &name, &mut cells) {
            Ok(rows) => rows,
            // A chart on a sheet of its own.
            Err(Stop::Xlsx(XlsxError::NotAWorksheet(_))) => continue,
            Err(Stop::Xlsx(error)) => return Err(fault(error)),
            Err(Stop::TooMuch) => {
                return Err(unreadable(
                    0,
                    ("行またはセルが多すぎます", "has too many rows or cells"),
                    ("分けて取り込んでください", "import it in parts"),
                ));
            }
        };
        tables.extend(table(rows, &name, label).map(Source::Table));
    }
    Ok(tables)
}

/// Why reading a sheet ended early.
enum Stop {
    Xlsx(XlsxError),
    TooMuch,
}

/// The cells of a sheet by row and column, both from 0.
type Rows = BTreeMap<u32, BTreeMap<usize, String>>;

fn rows(book: &mut Book, name: &str, cells: &mut usize) -> Result<Rows, Stop> {
    let mut rows = Rows::new();
    let mut hollow: HashSet<(u32, u32)> = HashSet::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(Stop::Xlsx)?;
    while let Some(cell) = reader.next_cell().map_err(Stop::Xlsx)? {
        let (row, column) = cell.get_position();
        *cells += 1;
        let text = text(cell.get_value());
        if text.is_empty() {
            hollow.insert((row, column));
        } else {
            rows.entry(row).or_default().insert(place(column), text);
        }
        if *cells > MAX_CELLS || rows.len() > MAX_ROWS + 1 {
            return Err(Stop::TooMuch);
        }
    }
    drop(reader);
    // Only a cell without a value can hide a formula that was never calculated; most sheets have none.
    if !hollow.is_empty() {
        let mut reader = book.worksheet_cells_reader(name).map_err(Stop::Xlsx)?;
        while let Some(cell) = reader.next_formula().map_err(Stop::Xlsx)? {
            let (row, column) = cell.get_position();
            if hollow.contains(&(row, column)) && !cell.get_value().is_empty() {
                rows.entry(row)
                    .or_default()
                    .insert(place(column), format!("={}", cell.get_value()));
            }
        }
    }
    Ok(rows)
}

/// The place of a column in a row. All that is far right shares one place: there it is too much anyway.
fn place(column: u32) -> usize {
    (column as usize).min(MAX_COLUMNS)
}

/// The first row is the header; every row is as long as the header at least.
fn table(rows: Rows, sheet: &str, label: &str) -> Option<Table> {
    let mut rows = rows.into_iter().map(|(row, cells)| {
        let width = cells.keys().next_back().map_or(0, |last| last + 1);
        let mut texts = vec![String::new(); width];
        for (column, text) in cells {
            texts[column] = text;
        }
        Row {
            line: row.saturating_add(1),
            cells: texts,
        }
    });
    let header = rows.next()?.cells;
    let width = header.len();
    let padded = rows.map(|mut row| {
        if row.cells.len() < width {
            row.cells.resize(width, String::new());
        }
        row
    });
    let rows = padded.collect();
    Some(Table {
        file: format!("{label}/{sheet}"),
        name: sheet.trim().to_lowercase(),
        header,
        rows,
    })
}

/// A cell as the CSV files have it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(moment) => date_time(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A whole number without a decimal point.
fn float(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

/// `2025-11-05`, `11:30` or `2025-11-05T11:30`; seconds only where there are some.
fn date_time(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    if !(0.0..END_OF_DAYS).contains(&value) {
        return float(value);
    }
    if moment.is_duration() {
        let minutes = (value * 24.0 * 60.0).round();
        return format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0);
    }
    // Rounded to seconds: 11:30 is stored as 0.47916666666666669, which cut off would be 11:29:59.
    let seconds = (value * 86_400.0).round();
    let days = (seconds / 86_400.0).floor();
    let of_day = (seconds - days * 86_400.0) as u32;
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let time = if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    };
    if days < 1.0 {
        return time;
    }
    let from_1904 = *moment == ExcelDateTime::new(value, ExcelDateTimeType::DateTime, true);
    let (year, month, day, ..) = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, from_1904).to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if of_day == 0 { date } else { format!("{date}T{time}") }
}

/// Whether it is an archive that holds at most so many bytes unpacked. It is unpacked to know it, because what an archive
/// says of itself may be a lie; what it says must hold besides, because memory is set aside by it.
fn fits(bytes: &[u8], most: u64) -> Option<bool> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let (mut said, mut found) = (0_u64, 0_u64);
    for number in 0..archive.len() {
        let entry = archive.by_index(number).ok()?;
        said = said.saturating_add(entry.size());
        if said > most {
            return Some(false);
        }
        found += io::copy(&mut entry.take(most - found + 1), &mut io::sink()).ok()?;
        if found > most {
            return Some(false);
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::fits;
    use rust_xlsxwriter::Workbook;

    #[test]
    fn an_archive_that_lies_about_its_size() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..2_000 {
            sheet.write(row, 0, "the same again").expect("cell");
        }
        let mut bytes = book.save_to_buffer().expect("bytes");
        assert_eq!(fits(&bytes, 1_000_000), Some(true));
        assert_eq!(fits(&bytes, 50_000), Some(false));
        // Every entry claims to hold one byte, in the directory and where it begins.
        for (mark, size) in [(b"PK\x01\x02", 24), (b"PK\x03\x04", 22)] {
            let starts: Vec<usize> = (0..bytes.len() - 4).filter(|&at| &bytes[at..at + 4] == mark).collect();
            for at in starts {
                bytes[at + size..at + size + 4].copy_from_slice(&1_u32.to_le_bytes());
            }
        }
        assert_eq!(fits(&bytes, 50_000), Some(false), "it believes what it is told");
        assert_eq!(fits(b"PK and no archive", 50_000), None);
    }
}
