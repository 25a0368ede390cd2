//! Importing, as an organizer with a broken spreadsheet: each mistake has its file, line, column, what is wrong and
//! what would be right; nothing is imported.

use encoding_rs::{EUC_JP, SHIFT_JIS};
use std::fmt::Write as _;
use system_tests::{
    backup::Rows,
    market::{self, Folder, Stage},
};

/// A file, what is in it, and what is to be said of it.
struct Bad<'a> {
    file: &'a str,
    bytes: Vec<u8>,
    words: &'a [&'a str],
}

fn bad<'a>(file: &'a str, text: impl AsRef<[u8]>, words: &'a [&'a str]) -> Bad<'a> {
    let bytes = text.as_ref().to_vec();
    Bad { file, bytes, words }
}

const WISHES: &str = "by,on,rank,avoid\n";
const SESSIONS: &str = "code,title_ja,title_en,day,from,until,place\n";
const PEOPLE: &str = "code,role,organisation,name,reading,latin,email,region,languages\n";

fn contents() -> Vec<Bad<'static>> {
    let wish = |row: &str| format!("{WISHES}B001,X01,5,\n{row}\n");
    let session = |row: &str| format!("{SESSIONS}{row}\n");
    vec![
        bad(
            "wishes.csv",
            wish("B999,X01,5,"),
            &["wishes.csv:3 by: there is no", "\"B999\"; "],
        ),
        bad(
            "wishes.csv",
            wish("B001,X01,4,"),
            &["wishes.csv:3", "as wishes.csv:2; remove one of the two"],
        ),
        bad(
            "wishes.csv",
            wish("B002,X01,6,"),
            &["wishes.csv:3 rank: 6 is out of range; write a number from 1 to 5"],
        ),
        bad("wishes.csv", wish("B002,X01,5,yes"), &["wishes.csv:3", "; "]),
        bad(
            "wishes.csv",
            wish("B002,X01,=A1,"),
            &["wishes.csv:3 rank: \"=A1\" is a formula; "],
        ),
        bad(
            "wishes.csv",
            wish("B002,X01"),
            &["wishes.csv:3: the row has 2 cells; the header has 4"],
        ),
        bad(
            "wishes.csv",
            wish("\"B002,X01,5,"),
            &["wishes.csv:3: the quote that opens here is never closed; "],
        ),
        bad(
            "wishes.csv",
            "by,on,rnak\nB001,X01,5\n",
            &["wishes.csv:1: \"rnak\" is not a column; did you mean \"rank\"?"],
        ),
        bad(
            "wishes.csv",
            WISHES,
            &["wishes.csv: the table has no rows; write at least one row"],
        ),
        bad(
            "wishes.csv",
            "",
            &["wishes.csv: the file is empty; fill it, or leave it out"],
        ),
        bad(
            "whishes.csv",
            wish("B002,X01,5,"),
            &["whishes.csv: no table is called so; call it"],
        ),
        bad(
            "wishes.csv",
            b"PK\x03\x04 and so on",
            &["wishes.csv: is a spreadsheet workbook inside; save it as XLSX"],
        ),
        bad(
            "market.xlsx",
            b"no workbook",
            &["market.xlsx: is damaged", "; open and save it anew"],
        ),
        bad(
            "wishes.ods",
            b"PK\x03\x04",
            &["wishes.ods: files of this kind are not read; save it as CSV, TOML or XLSX"],
        ),
        bad(
            "market.toml",
            "[event]\ncode = ",
            &["market.toml:2: this is not TOML", "; write it like the examples"],
        ),
        bad(
            "people.csv",
            EUC_JP
                .encode(&format!("{PEOPLE}AD99,adviser,,青木 美香,,,a@b.example,JP,ja\n"))
                .0,
            &[
                "people.csv:2: byte ",
                "is neither UTF-8 nor Shift_JIS; save it as UTF-8",
            ],
        ),
        bad(
            "people.csv",
            format!("{PEOPLE}AD99,adviser,,Name,,,a@b.example,XX,ja\nAD99,advisor,,Name,,,no address,JP,jp\n"),
            &[
                "people.csv:2 region: \"XX\" is not a region; write ISO 3166",
                "people.csv:3 role: \"advisor\" is not known here; write one of",
                "people.csv:3 email: \"no address\" is not a mail address; ",
                "people.csv:3 languages: \"jp\" is not a language; ",
            ],
        ),
        bad(
            "sessions.csv",
            session("SEM99,題,Title,2099-11-07,25:00,11:00,Room"),
            &[
                "sessions.csv:2 day: 2099-11-07 is not a day of the event; its days are 2099-11-05, 2099-11-06",
                "sessions.csv:2 from: \"25:00\" is not a time; write a time from 00:00 to 23:59",
            ],
        ),
        bad(
            "sessions.csv",
            session("SEM99,題,Title,2099-11-05,11:00,10:00,Room"),
            &["sessions.csv:2 until: is not after the beginning; "],
        ),
        bad(
            "unavailable.csv",
            "person,day,from,until,reason\nZZ1,2099-11-05,10:00,11:00,x\n",
            &["unavailable.csv:2 person: there is no", "\"ZZ1\"; "],
        ),
        bad(
            "buyers.csv",
            "code,organisation,name,email,region,languages,arrival,departure\n\
             B900,Firm,Name,n@firm.example,FR,fr,2099-11-06 10:00,2099-11-05 10:00\n",
            &["buyers.csv:2 departure: ", "; "],
        ),
        bad(
            "artists.csv",
            "code,exhibitor,name,genre\nA900,X99,Name,polka\n",
            &["artists.csv:2 exhibitor: there is no exhibitor \"X99\""],
        ),
    ]
}

#[test]
fn every_bad_file_is_explained_and_nothing_imported() {
    let folder = Folder::at(Stage::Imported);
    let before = Rows::of(&folder);
    let cases = contents();
    for Bad { file, bytes, words } in &cases {
        let files = Folder::new();
        files.write(file, bytes);
        let said = folder.run(&["import", &files.file(file)]).say();
        println!("{}", said.err.lines().next().unwrap_or_default());
        said.refused(words).refused(&["Nothing was imported."]);
    }
    let nowhere = folder.file("nowhere.csv");
    folder
        .run(&["import", &nowhere])
        .say()
        .refused(&["nowhere.csv: cannot be read", "check the path"]);
    Rows::of(&folder).assert_same(&before, "after bad files");
    assert!(cases.len() >= 20);
}

#[test]
fn problems_of_all_files_are_said_at_once_and_good_files_beside_bad_ones_wait() {
    let folder = Folder::at(Stage::Imported);
    let before = Rows::of(&folder);
    let files = market::ahead();
    let wishes = files.read("wishes.csv");
    files.write("wishes.csv", wishes.replacen("B001,X01,5,", "B001,X01,9,", 1));
    let buyers = files.read("buyers.csv");
    files.write("buyers.csv", buyers.replacen("B002,", "B001,", 1));
    files
        .run(&["import", files.text()])
        .say()
        .refused(&["wishes.csv:2 rank: 9", "buyers.csv:3 code: "]);
    files.write(
        "people.csv",
        format!("{PEOPLE}AD99,adviser,,New,,,new@adviser.example,JP,ja\n"),
    );
    let said = folder
        .run(&["import", &files.file("people.csv"), &files.file("wishes.csv")])
        .say();
    said.refused(&["wishes.csv:2 rank: 9"]);
    Rows::of(&folder).assert_same(&before, "after one bad file beside a good one");
}

#[test]
fn a_hundred_thousand_rows_are_taken() {
    let folder = Folder::at(Stage::Imported);
    let files = Folder::new();
    let mut visitors = PEOPLE.to_owned();
    for number in 0..100_000 {
        let _ = writeln!(
            visitors,
            "V{number:06},visitor,,Name {number},,,v{number}@visitors.example,JP,ja"
        );
    }
    files.write("visitors.csv", &visitors);
    let said = folder.run(&["import", &files.file("visitors.csv")]).say();
    println!("100,000 visitors: {:.1} s", said.seconds);
    assert!(said.good().contains("100000 people"));
}

#[test]
fn importing_again_changes_nothing() {
    let folder = Folder::at(Stage::Imported);
    let before = Rows::of(&folder).state();
    let files = market::ahead();
    let said = folder.run(&["import", files.text()]).say();
    println!("import again: {:.2} s", said.seconds);
    said.good();
    Rows::of(&folder).state().assert_same(&before, "imported again");
}

#[test]
fn shift_jis_is_read_as_what_it_means() {
    let folder = Folder::at(Stage::Imported);
    let before = Rows::of(&folder).state();
    let files = market::ahead();
    for file in ["sessions.csv", "unavailable.csv"] {
        let text = files.read(file);
        let (bytes, _, lost) = SHIFT_JIS.encode(&text);
        assert!(!lost && bytes != text.as_bytes(), "{file} can be written in Shift_JIS");
        files.write(file, bytes);
    }
    folder
        .run(&["import", &files.file("sessions.csv"), &files.file("unavailable.csv")])
        .say()
        .good();
    Rows::of(&folder).state().assert_same(&before, "in Shift_JIS");
}
