//! Files on a disk: what is read, what is refused, and the seed data as a whole.

use super::sources;
use domain::import::{Import, Known, Report, Source, read};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

fn written(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("file");
    }
    folder
}

fn paths(paths: &[&Path]) -> Vec<PathBuf> {
    paths.iter().map(|path| path.to_path_buf()).collect()
}

/// The one problem a file gives.
fn check(name: &str, bytes: &[u8], expect: &str) {
    let folder = written(&[(name, bytes)]);
    let report = sources(&paths(&[&folder.path().join(name)])).expect_err(expect);
    assert!(report.to_string().contains(expect), "{report}");
}

#[test]
fn files_that_cannot_be_read() {
    check("buyers.csv", b"", "buyers.csv: the file is empty");
    check("buyers.csv", b" \r\n\n", "buyers.csv: the file is empty");
    check(
        "buyers.csv",
        b"code\nJ\xe9r\xf4me",
        "buyers.csv:2: byte 6: is neither UTF-8 nor Shift_JIS; save it as UTF-8",
    );
    check(
        "buyers.csv",
        b"code\nB001\n\"B002",
        "buyers.csv:3: the quote that opens here is never closed",
    );
    check(
        "buyers.xls",
        b"x",
        "files of this kind are not read; save it as CSV, TOML or XLSX",
    );
    check("buyers.pdf", b"x", "files of this kind are not read");
    check("buyers.xlsx", b"not a workbook", "buyers.xlsx: is damaged");
    let missing = sources(&[PathBuf::from("/nowhere/buyers.csv")]).expect_err("missing");
    assert!(
        missing.to_string().starts_with("buyers.csv: cannot be read: "),
        "{missing}"
    );
}

#[test]
fn every_unreadable_file_is_reported_at_once() {
    let folder = written(&[
        ("a.csv", b""),
        ("b.csv", b"\xff"),
        ("c.xlsx", b"PK"),
        ("d.toml", b"\xff\xfe\x00"),
    ]);
    let report = sources(&paths(&[folder.path()])).expect_err("problems");
    let files: Vec<&str> = report.problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, ["a.csv", "b.csv", "c.xlsx", "d.toml"]);
}

#[test]
fn folders() {
    let folder = written(&[
        ("README.md", b"read me"),
        (".hidden.csv", b"x"),
        ("~$wishes.xlsx", b"x"),
    ]);
    let report = sources(&paths(&[folder.path()])).expect_err("empty");
    assert!(report.to_string().contains("nothing to read in the folder"), "{report}");

    let folder = written(&[
        ("wishes.csv", b"by,on,rank\nB001,X01,5\n"),
        ("market.toml", b"[event]"),
        ("README.md", b"x"),
    ]);
    let found = sources(&paths(&[folder.path()])).expect("sources");
    assert!(matches!(&found[..], [Source::Toml { file, .. }, Source::Table(table)]
        if file == "market.toml" && table.name == "wishes" && table.rows[0].line == 2));

    fs::create_dir(folder.path().join("odd.csv")).expect("folder");
    let report = sources(&paths(&[folder.path()])).expect_err("a folder");
    assert!(report.to_string().contains("odd.csv: is not a file"), "{report}");
}

#[cfg(unix)]
#[test]
fn links_to_nowhere_and_to_files() {
    let folder = written(&[("real.txt", b"by,on,rank\nB001,X01,5\n")]);
    std::os::unix::fs::symlink(folder.path().join("real.txt"), folder.path().join("wishes.csv")).expect("link");
    assert_eq!(sources(&paths(&[folder.path()])).expect("linked").len(), 1);
    std::os::unix::fs::symlink("/nowhere", folder.path().join("buyers.csv")).expect("link");
    let report = sources(&paths(&[folder.path()])).expect_err("broken");
    assert!(report.to_string().contains("buyers.csv: cannot be read"), "{report}");
}

#[test]
fn two_files_of_one_name_are_told_apart() {
    let (one, two) = (written(&[("buyers.csv", b"")]), written(&[("buyers.csv", b"")]));
    let report = sources(&paths(&[one.path(), two.path()])).expect_err("empty");
    assert!(
        report.problems.iter().all(|problem| problem.file.contains('/')),
        "{report}"
    );
    assert_eq!(report.problems.len(), 2);
}

#[test]
fn a_file_too_large() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("buyers.csv");
    // A file with a hole: its length counts, not its blocks.
    fs::File::create(&path)
        .and_then(|file| file.set_len(super::MAX_FILE_BYTES + 1))
        .expect("file");
    let report = sources(&[path]).expect_err("large");
    assert!(report.to_string().contains("larger than 64 MiB"), "{report}");
}

/// The cells of the first table of a workbook.
fn cells(fill: impl FnOnce(&mut Worksheet)) -> Vec<Vec<String>> {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("Sessions").expect("name"));
    let bytes = book.save_to_buffer().expect("bytes");
    let folder = written(&[("market.xlsx", &bytes)]);
    let found = sources(&paths(&[folder.path()])).expect("sources");
    let [Source::Table(table)] = &found[..] else {
        panic!("one table: {found:?}")
    };
    assert_eq!(
        (table.file.as_str(), table.name.as_str()),
        ("market.xlsx/Sessions", "sessions")
    );
    std::iter::once(table.header.clone())
        .chain(table.rows.iter().map(|row| row.cells.clone()))
        .collect()
}

#[test]
fn workbooks_are_written_as_csv_has_it() {
    let date = Format::new().set_num_format("yyyy/m/d");
    let time = Format::new().set_num_format("h:mm");
    let hours = Format::new().set_num_format("[h]:mm");
    let moment = |text: &str| ExcelDateTime::parse_from_str(text).expect("moment");
    let found = cells(|sheet| {
        sheet
            .write_row(0, 0, ["code", "day", "from", "until", "at", "tables", "formula"])
            .expect("header");
        sheet.write(1, 0, "  SEM01 ").expect("text");
        sheet
            .write_with_format(1, 1, moment("2025-11-05"), &date)
            .expect("date");
        sheet.write_with_format(1, 2, moment("11:30"), &time).expect("time");
        sheet
            .write_with_format(1, 3, moment("13:05"), &hours)
            .expect("duration");
        sheet
            .write_with_format(1, 4, moment("2025-11-05T11:30"), &date)
            .expect("moment");
        sheet.write(1, 5, 5).expect("number");
        sheet
            .write(1, 6, Formula::new("=1+4").set_result("5"))
            .expect("formula");
        sheet.write(3, 0, 2.5).expect("number");
        sheet.write(3, 1, true).expect("boolean");
        sheet
            .write(3, 2, Formula::new("=1/0").set_result("#DIV/0!"))
            .expect("error");
        sheet.write(3, 3, Formula::new("=A9").set_result(" ")).expect("hollow");
    });
    assert_eq!(
        found[1],
        ["SEM01", "2025-11-05", "11:30", "13:05", "2025-11-05T11:30", "5", "5"]
    );
    assert_eq!(found[2][..4], ["2.5", "yes", "#DIV/0!", "=A9"]);
    assert_eq!(found[2].len(), 7, "as long as the header");
}

#[test]
fn every_minute_of_a_day_survives_a_workbook() {
    let time = Format::new().set_num_format("h:mm");
    let found = cells(|sheet| {
        sheet.write(0, 0, "from").expect("header");
        for minute in 0..24 * 60_u32 {
            let moment = ExcelDateTime::from_hms((minute / 60) as u16, (minute % 60) as u8, 0.0);
            sheet
                .write_with_format(minute + 1, 0, moment.expect("time"), &time)
                .expect("cell");
        }
    });
    for (minute, row) in found[1..].iter().enumerate() {
        assert_eq!(row[0], format!("{:02}:{:02}", minute / 60, minute % 60));
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "code").expect("cell");
    let mut bytes = book.save_to_buffer().expect("bytes");
    // The first entry of the directory claims nearly 4 GiB.
    let entry = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .expect("directory");
    bytes[entry + 24..entry + 28].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    check("bomb.xlsx", &bytes, "larger than 512 MiB unpacked");
    check("cut.xlsx", &bytes[..bytes.len() / 2], "is damaged");
}

#[test]
fn an_empty_workbook() {
    let mut book = Workbook::new();
    book.add_worksheet();
    check(
        "market.xlsx",
        &book.save_to_buffer().expect("bytes"),
        "every sheet is empty",
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let folder = written(&[("buyers.csv", &bytes), ("market.toml", &bytes), ("wishes.xlsx", &bytes)]);
        if let Ok(sources) = sources(&paths(&[folder.path()])) {
            _ = read(&sources, &Known::default());
        }
    }

    #[test]
    fn no_damage_to_a_workbook_makes_it_panic(at in 0_usize..10_000, byte in any::<u8>()) {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("wishes").expect("name").write_row(0, 0, ["by", "on", "rank"]).expect("row");
        let mut bytes = book.save_to_buffer().expect("bytes");
        let at = at % bytes.len();
        bytes[at] = byte;
        let folder = written(&[("wishes.xlsx", &bytes)]);
        if let Ok(sources) = sources(&paths(&[folder.path()])) {
            _ = read(&sources, &Known::default());
        }
    }
}

fn seed_data() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../seed-data"))
}

fn imported(paths: &[PathBuf]) -> Result<Import, Report> {
    read(&sources(paths)?, &Known::default())
}

#[test]
fn the_seed_data_have_no_problem() {
    let import = imported(&[seed_data()]).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(import.buyers.len(), 300);
    assert_eq!(import.exhibitors.len(), 35);
    assert_eq!(import.booths.len(), 35);
    assert_eq!(import.artists.len(), 250);
    assert_eq!(import.programmes.len(), 5);
    assert!(import.wishes.len() >= 8_500, "{}", import.wishes.len());
    assert_eq!(import.event.as_ref().map(|(_, _, slots)| slots.len()), Some(32));
    let homes: HashSet<_> = import.buyers.iter().map(|buyer| buyer.organisation).collect();
    let at_home = import
        .organisations
        .iter()
        .filter(|organisation| homes.contains(&organisation.id));
    let regions: HashSet<_> = at_home.filter_map(|organisation| organisation.region).collect();
    assert_eq!(regions.len(), 30);
}

#[test]
fn the_seed_data_as_shift_jis_and_as_a_workbook_say_the_same() {
    let plain = imported(&[seed_data()]).unwrap_or_else(|report| panic!("{report}"));
    let folder = tempfile::tempdir().expect("folder");
    let mut book = Workbook::new();
    for source in sources(&[seed_data()]).unwrap_or_else(|report| panic!("{report}")) {
        match source {
            Source::Toml { file, text } => fs::write(folder.path().join(file), text).expect("file"),
            Source::Table(table) => {
                let sheet = book.add_worksheet().set_name(&table.name).expect("name");
                sheet.write_row(0, 0, &table.header).expect("header");
                for (number, row) in table.rows.iter().enumerate() {
                    sheet.write_row(number as u32 + 1, 0, &row.cells).expect("row");
                }
            }
        }
    }
    book.save(folder.path().join("everything.xlsx")).expect("workbook");
    let again = imported(&paths(&[folder.path()])).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(plain.buyers, again.buyers);
    assert_eq!(plain.wishes, again.wishes);
    assert_eq!(plain.booths, again.booths);
    assert_eq!(plain.absences, again.absences);

    let sessions = fs::read_to_string(seed_data().join("sessions.csv")).expect("sessions");
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(&sessions);
    assert!(!lossy, "the sessions can be written in Shift_JIS");
    let folder = written(&[("sessions.csv", &bytes)]);
    fs::copy(seed_data().join("market.toml"), folder.path().join("market.toml")).expect("market");
    fs::copy(
        seed_data().join("programmes.toml"),
        folder.path().join("programmes.toml"),
    )
    .expect("programmes");
    let again = imported(&paths(&[folder.path()])).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(plain.sessions, again.sessions);
}
