//! From files to sources: folders, encodings, CSV and workbooks become tables of text. What the tables mean, and
//! whether they are right, is `domain::import`'s affair; nothing is kept here.

mod csv_file;
mod encoding;
mod workbook;

use domain::import::{Problem, Report, Source};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// Largest file read, in bytes.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Most files read in one import.
pub const MAX_FILES: usize = 200;
/// Most cells read of one file.
pub const MAX_CELLS: usize = 12_000_000;

/// What is wrong with a file, and what would be right; each in Japanese and English.
struct Unreadable {
    line: u32,
    wrong: (String, String),
    right: (String, String),
}

fn unreadable(line: u32, wrong: (&str, &str), right: (&str, &str)) -> Unreadable {
    let owned = |(ja, en): (&str, &str)| (ja.to_owned(), en.to_owned());
    Unreadable {
        line,
        wrong: owned(wrong),
        right: owned(right),
    }
}

impl Unreadable {
    fn problem(self, file: &str) -> Problem {
        let Self { line, wrong, right } = self;
        Problem {
            file: file.to_owned(),
            line,
            column: String::new(),
            wrong,
            right,
        }
    }
}

/// Reads files, and what lies in folders (not in folders within them), sorted by name. Either everything could be
/// read, or every file that could not is reported.
pub fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, Report> {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            match folder(path) {
                Ok(found) => files.extend(found),
                Err(reason) => problems.push(reason.problem(&path.display().to_string())),
            }
        } else {
            files.push(path.clone());
        }
    }
    if files.len() > MAX_FILES {
        let reason = unreadable(
            0,
            ("ファイルが 200 を超えています", "there are more than 200 files"),
            ("分けて取り込んでください", "import them in parts"),
        );
        return Err(Report::of(vec![reason.problem("")]));
    }
    let mut sources = Vec::new();
    for (path, label) in files.iter().zip(labels(&files)) {
        match read(path, &label) {
            Ok(read) => sources.extend(read),
            Err(reasons) => problems.extend(reasons.into_iter().map(|reason| reason.problem(&label))),
        }
    }
    if problems.is_empty() {
        Ok(sources)
    } else {
        Err(Report::of(problems))
    }
}

/// A file that was sent.
pub struct Upload {
    /// Its name, without folders.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Reads files that were sent: either everything could be read, or every file that could not is reported.
pub fn uploaded(files: Vec<Upload>) -> Result<Vec<Source>, Report> {
    let (mut sources, mut problems) = (Vec::new(), Vec::new());
    for Upload { name, bytes } in files {
        match understood(Path::new(&name), &name, bytes) {
            Ok(read) => sources.extend(read),
            Err(reasons) => problems.extend(reasons.into_iter().map(|reason| reason.problem(&name))),
        }
    }
    if problems.is_empty() {
        Ok(sources)
    } else {
        Err(Report::of(problems))
    }
}

/// A file that did not come as it was sent.
pub fn undecodable(name: &str) -> Problem {
    let reason = unreadable(
        0,
        ("正しく送られていません", "did not come whole"),
        ("もう一度送ってください", "send it again"),
    );
    reason.problem(name)
}

/// How files are called in problems: by name, or by path where two have the same name.
fn labels(files: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| {
        path.file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    let mut count: HashMap<String, usize> = HashMap::new();
    for file in files {
        *count.entry(name(file)).or_default() += 1;
    }
    let label = |file: &PathBuf| match name(file) {
        name if name.is_empty() || count.get(&name).is_some_and(|&n| n > 1) => file.display().to_string(),
        name => name,
    };
    files.iter().map(label).collect()
}

/// The files of a folder that can be imported. Hidden files, and the locks of spreadsheets that are open, are not.
fn folder(path: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let failed = |error: &std::io::Error| unreadable_io(error);
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| failed(&error))? {
        let path = entry.map_err(|error| failed(&error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let beside = name.starts_with('.') || name.starts_with("~$");
        if !beside && kind(&path) != Kind::Other {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(unreadable(
            0,
            (
                "フォルダーに読むものがありません",
                "there is nothing to read in the folder",
            ),
            (
                "CSV・TOML・XLSX のファイルを入れてください",
                "put CSV, TOML or XLSX files into it",
            ),
        ));
    }
    files.sort();
    Ok(files)
}

fn unreadable_io(error: &std::io::Error) -> Unreadable {
    Unreadable {
        line: 0,
        wrong: (format!("読めません（{error}）"), format!("cannot be read: {error}")),
        right: (
            "パスと読み取り権限を確かめてください".to_owned(),
            "check the path and the right to read it".to_owned(),
        ),
    }
}

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Toml,
    Workbook,
    /// A spreadsheet of a kind that is not read.
    OtherSpreadsheet,
    Other,
}

fn kind(path: &Path) -> Kind {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match extension.as_str() {
        "csv" | "tsv" => Kind::Csv,
        "toml" => Kind::Toml,
        "xlsx" | "xlsm" => Kind::Workbook,
        "xls" | "xlsb" | "ods" | "numbers" => Kind::OtherSpreadsheet,
        _ => Kind::Other,
    }
}

/// Reads one file: one source, or one a sheet.
fn read(path: &Path, label: &str) -> Result<Vec<Source>, Vec<Unreadable>> {
    known_kind(path)?;
    understood(path, label, bytes(path).map_err(|reason| vec![reason])?)
}

/// What a file is, if files of its kind are read.
fn known_kind(path: &Path) -> Result<Kind, Vec<Unreadable>> {
    let kind = kind(path);
    if matches!(kind, Kind::Other | Kind::OtherSpreadsheet) {
        return Err(vec![unreadable(
            0,
            ("この種類のファイルは読めません", "files of this kind are not read"),
            ("CSV・TOML・XLSX で保存してください", "save it as CSV, TOML or XLSX"),
        )]);
    }
    Ok(kind)
}

/// The sources in a file's bytes: one, or one a sheet.
fn understood(path: &Path, label: &str, bytes: Vec<u8>) -> Result<Vec<Source>, Vec<Unreadable>> {
    let kind = known_kind(path)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(vec![unreadable(
            0,
            ("ファイルが空です", "the file is empty"),
            ("中身を書くか、ファイルを外してください", "fill it, or leave it out"),
        )]);
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    match kind {
        Kind::Workbook => workbook::tables(bytes, label).map_err(|reason| vec![reason]),
        Kind::Toml => {
            let text = encoding::decode(bytes).map_err(|reason| vec![reason])?;
            Ok(vec![Source::Toml {
                file: label.to_owned(),
                text,
            }])
        }
        _ => {
            let text = encoding::decode(bytes).map_err(|reason| vec![reason])?;
            csv_file::table(&text, label, name).map(|table| vec![Source::Table(table)])
        }
    }
}

/// The bytes of a file, if it is a file and not too large. A pipe or device is not opened: it might never end.
fn bytes(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let about = fs::metadata(path).map_err(|error| unreadable_io(&error))?;
    if !about.is_file() {
        return Err(unreadable(
            0,
            ("ファイルではありません", "is not a file"),
            ("ファイルを指定してください", "name a file"),
        ));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable_io(&error))?;
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable_io(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(unreadable(
            0,
            ("64 MiB より大きいです", "is larger than 64 MiB"),
            ("分けて取り込んでください", "import it in parts"),
        ));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
