//! Every mistake with its line, column and sentence: the good market of `tests` with one table replaced.

use super::{
    Known, read,
    tests::{MARKET, PROGRAMMES, TABLES, known, market, rows, table},
};

/// The problems the good market has with this table or file in it, one line each.
fn check(name: &str, text: &str, expect: &[&str]) {
    let found = match read(&market(name, text), &Known::default()) {
        Ok(_) => String::new(),
        Err(report) => report.to_string(),
    };
    let found: Vec<&str> = found.lines().collect();
    assert_eq!(found.len(), expect.len(), "{name}: {text}\nfound {found:#?}");
    for (found, expect) in found.iter().zip(expect) {
        assert!(
            found.contains(expect),
            "{name}: {text}\nfound    {found}\nexpected {expect}"
        );
    }
}

/// As [`check`], with rows added to the good table.
fn more(name: &str, added: &str, expect: &[&str]) {
    let (_, good) = TABLES.iter().find(|(own, _)| *own == name).expect("table");
    check(name, &format!("{good}\n{added}"), expect);
}

#[test]
fn names_of_tables_and_columns() {
    let japanese =
        "氏名,フリガナ,ﾒｰﾙ,国・地域,言語,番号,会社名\n임나연,イム,lim@daon.example,kr,KO；en,B01,다온\nJ,,,FR,fr,B02,S";
    check("buyers", japanese, &[]);
    check(
        "buyers",
        &japanese.replace("会社名", "Code"),
        &[
            "buyers.csv:1 Code: the column stands there twice",
            "buyers.csv:1 organisation: the column is missing; add a column of this name (会社名, 所属",
        ],
    );
    check("wishes", "By, ON ,Rank\nB01,X01,5", &[]);
    check(
        "wishes",
        "by,on,rnak\nB01,X01,5",
        &[
            "wishes.csv:1: \"rnak\" is not a column; did you mean \"rank\"?",
            "wishes.csv:2: needs either a rank or avoid",
        ],
    );
    check(
        "wishes",
        "by,on,rank,telephone\nB01,X01,5,1",
        &["\"telephone\" is not a column; the columns are by, on, rank, avoid"],
    );
    check("wishes", "by,on,rank,\nB01,X01,5,", &[]);
    check(
        "wishes",
        "by,on,rank,\nB01,X01,5,x",
        &["wishes.csv:1: column 4 has no name"],
    );
    check("wishes", "by,on,rank", &["wishes.csv: the table has no rows"]);
    check("wishes", "by,on,rank\n,,", &["wishes.csv: the table has no rows"]);
    check(
        "wishes",
        "by,on,rank\nB01,X01\nB01,X02,5,6\nX01,B01,5,",
        &[
            "wishes.csv:2: the row has 2 cells; the header has 3",
            "wishes.csv:3: the row has 4 cells",
        ],
    );
    let mut sources = market("", "");
    sources.push(table("byuers", "code\n1"));
    let report = read(&sources, &Known::default()).expect_err("unknown");
    assert!(
        report.to_string().contains(
            "byuers.csv: no table is called so; call it programmes.toml, market.toml, or one of the tables exhibitors, "
        ),
        "{report}"
    );
    assert!(
        read(&[], &Known::default())
            .expect_err("nothing")
            .to_string()
            .contains("there is nothing to read")
    );
}

#[test]
fn one_mistake_is_one_problem() {
    // References to what could not be read are not reported again.
    check(
        "exhibitors",
        &rows("exhibitors", "X01,A,,XX,C-01,C,8,ja,,,,\nX02,B,,JP,C-02,C,5,ja,,,,"),
        &["exhibitors.csv:2 region: \"XX\" is not a region"],
    );
    check(
        "exhibitors",
        "code\nX01\nX02",
        &[
            "booth: the column is missing",
            "languages:",
            "organisation:",
            "region:",
            "tables:",
            "zone:",
        ],
    );
    check("buyers", "", &["buyers.csv: the table has no rows"]);
    check("market", "[event]\ncode = ", &["market.toml:2: this is not TOML"]);
}

#[test]
fn exhibitors() {
    more(
        "exhibitors",
        "X01,New,,JP,C-03,C,5,ja,,,,",
        &["exhibitors.csv:4 code: exhibitor \"X01\" stands already at exhibitors.csv:2"],
    );
    more(
        "exhibitors",
        "X03,New,,JP,C-01,C,5,ja,,,,",
        &["exhibitors.csv:4 booth: booth \"C-01\" stands already at exhibitors.csv:2"],
    );
    more(
        "exhibitors",
        "X03,New,,JP,C-03,D,5,ja,,,,",
        &["exhibitors.csv:4 zone: there is no zone \"D\"; write a code from market.toml"],
    );
    more(
        "exhibitors",
        "X03,New,,JP,C-03,C,0,ja,,,,",
        &["exhibitors.csv:4 tables: 0 is out of range; write a number from 1 to 200"],
    );
    more(
        "exhibitors",
        "X03,New,,JP,C-03,C,-1,ja,,,,",
        &["tables: \"-1\" is below zero"],
    );
    more(
        "exhibitors",
        "X03,New,,JP,C-03,C,5,jp,,9,3,ftp://x",
        &[
            "homepage: \"ftp://x\" is not the address",
            "languages: \"jp\" is not a language",
            "quota_max: the least, 9, is more than the most, 3",
        ],
    );
    more(
        "exhibitors",
        "X03,=A1,,JP,C-03,C,5,ja,,,,",
        &["organisation: \"=A1\" is a formula"],
    );
    more(
        "exhibitors",
        "X03,New,-,JP,C-03,C,#REF!,ja,,,,",
        &[
            "latin: there is only a dash",
            "tables: \"#REF!\" is an error of the spreadsheet",
        ],
    );
    more(
        "exhibitors",
        "X03,Asagiri,,US,C-03,C,5,ja,,,,",
        &["exhibitors.csv:4 region: the organisation of this name is in JP at exhibitors.csv:3"],
    );
}

#[test]
fn staffing() {
    more(
        "staffing",
        "C-09,2025-11-05,10:00,12:00,3",
        &["staffing.csv:4 booth: there is no booth \"C-09\""],
    );
    more(
        "staffing",
        "C-02,2025-11-07,10:00,12:00,3",
        &["day: 2025-11-07 is not a day of the event; its days are 2025-11-05, 2025-11-06"],
    );
    more(
        "staffing",
        "C-02,2025-11-05,13:75,12:00,3",
        &["from: \"13:75\" is not a time; write a time from 00:00 to 23:59"],
    );
    more(
        "staffing",
        "C-02,2025-11-05,12:00,12:00,3",
        &["until: is not after the beginning"],
    );
    more(
        "staffing",
        "C-02,2025-11-05,10:00,12:00,6",
        &["tables: the booth has 5 tables"],
    );
    more(
        "staffing",
        "C-01,2025-11-05,17:00,18:00,6",
        &["staffing.csv:4 from: overlaps with staffing.csv:2"],
    );
    more("staffing", "C-01,2025-11-05,17:40,18:00,6", &[]);
}

#[test]
fn people() {
    more(
        "staff",
        "S01,X01,Other,,,,",
        &["staff.csv:4 code: person \"S01\" stands already at staff.csv:2"],
    );
    more(
        "staff",
        "B01,X01,Other,,,,",
        &["buyers.csv:2 code: person \"B01\" stands already at staff.csv:4"],
    );
    more(
        "staff",
        "S03,X09,Other,,,,",
        &["exhibitor: there is no exhibitor \"X09\""],
    );
    more(
        "staff",
        "S03,X01,Other,,,Mika@hoshizora.example,",
        &["staff.csv:4 email: mika@hoshizora.example is the address of somebody else at staff.csv:2"],
    );
    more(
        "staff",
        "S03,X01,青木　美香,,,mika@hoshizora.example,",
        &["email: mika@hoshizora.example is"],
    );
    more(
        "staff",
        "S03,X01,,,,mika@,",
        &["email: \"mika@\" is not a mail address", "name: is empty"],
    );
    more(
        "people",
        "AD2,advisor,,Name,,,,,",
        &["role: \"advisor\" is not known here; write one of visitor, buyer"],
    );
    more(
        "people",
        "AD2,buyer,,Name,,,,,",
        &["role: people of this role do not stand in this table; write them in buyers.csv"],
    );
    more(
        "visitors",
        "V2,organizer,,Name,,,,,",
        &["role: people of this role do not stand in this table; write them in people.csv"],
    );
    more(
        "people",
        &format!("AD2,Door Staff,,{},,,,,", "名".repeat(121)),
        &["name: is not a name; write 1 to 120 characters"],
    );
    more(
        "people",
        "AD2,Door Staff,,a\u{7}b,,,,,",
        &["name: contains a control character"],
    );
    let one = |text: &str| match read(&[table("people", &rows("people", text))], &known()) {
        Ok(_) => String::new(),
        Err(report) => report.to_string(),
    };
    assert!(one("B01,adviser,,Name,,,,,").contains("\"B01\" is taken by the buyer"));
    let buyer = table("buyers", &rows("buyers", "AD1,O,,N,,,,KR,ko,,,,,,,"));
    let report = read(&[buyer], &known()).expect_err("an adviser");
    assert!(
        report.to_string().contains("\"AD1\" is taken by the person"),
        "{report}"
    );
}

#[test]
fn buyers() {
    let buyer = |stay: &str| format!("B03,New,,Name,,,,KR,ko,,,,{stay},,");
    more(
        "buyers",
        &buyer("2025-11-06 10:00,2025-11-05 10:00"),
        &["buyers.csv:4 departure: is not after the arrival"],
    );
    more(
        "buyers",
        &buyer("2025-11-06 18:00,"),
        &["arrival: leaves no time at the event"],
    );
    more(
        "buyers",
        &buyer(",2025-11-05 10:00"),
        &["departure: leaves no time at the event"],
    );
    more(
        "buyers",
        &buyer("2024-11-05 10:00,"),
        &["arrival: is more than 14 days away"],
    );
    more(
        "buyers",
        &buyer("2025-11-05,"),
        &["arrival: \"2025-11-05\" is not a date with a time"],
    );
    more(
        "buyers",
        &buyer("2025-11-05 25:00,"),
        &["arrival: \"25:00\" is not a time"],
    );
    more(
        "buyers",
        "B03,New,,Name,,,,KR,ko,,stream,JP;XY,,,5,x",
        &[
            "quota_max: \"x\" is not a whole number",
            "rights: \"stream\" is not known here; write one of recording,",
            "territories: \"XY\" is not a region",
        ],
    );
    more(
        "buyers",
        "X01,New,,Name,,,,KR,ko,,,,,,,",
        &["code: \"X01\" is taken by the exhibitor"],
    );
    more(
        "buyers",
        "B03,다온 뮤직,,Name,,,,US,ko,,,,,,,",
        &["region: the organisation of this name is in KR at buyers.csv:2"],
    );
}

#[test]
fn artists_sessions_and_absences() {
    more(
        "artists",
        "A1,X01,Other,,,rock,,",
        &["artists.csv:4 code: artist \"A1\" stands already"],
    );
    more(
        "artists",
        "A3,X01,三日月 温室,,,rock,,",
        &["artists.csv:4 name: artist \"三日月 温室\" stands already at artists.csv:2"],
    );
    more(
        "artists",
        "A3,X01,@HOME,,,,,",
        &["genre: is empty", "name: \"@HOME\" is a formula"],
    );
    more(
        "sessions",
        "T1,題,Title,2025-11-05,10:00,11:00,",
        &["sessions.csv:4 code: session \"T1\" stands already"],
    );
    more(
        "attendance",
        "T2,S01\nT1,B01\nT3,B01\nT1,Z9",
        &[
            "attendance.csv:6: says the same as attendance.csv:2",
            "attendance.csv:7 session: there is no session \"T3\"",
            "attendance.csv:8 person: there is no person \"Z9\"",
        ],
    );
    let sessions = rows(
        "sessions",
        "T1,一,One,2025-11-05,09:10,09:52,\nT2,二,Two,2025-11-05,09:53,11:15,",
    );
    check(
        "sessions",
        &sessions,
        &[
            "attendance.csv:3 session: overlaps with attendance.csv:2; write times that do not overlap, counted in cells",
        ],
    );
    more(
        "unavailable",
        "Z9,2025-11-05,10:00,11:00,",
        &["person: there is no person \"Z9\""],
    );
    more(
        "unavailable",
        "B02,2025-11-08,10:00,11:00,",
        &["day: 2025-11-08 is not a day of the event"],
    );
}

#[test]
fn wishes() {
    more(
        "wishes",
        "B01,X01,3,",
        &["wishes.csv:6: says the same as wishes.csv:2; remove one of the two"],
    );
    more(
        "wishes",
        "B01,X02,6,",
        &["rank: 6 is out of range; write a number from 1 to 5"],
    );
    more(
        "wishes",
        "B01,X02,,\nX01,B02,3,yes",
        &[
            "wishes.csv:6: needs either a rank or avoid, not both and not neither",
            "wishes.csv:7: needs either",
        ],
    );
    more(
        "wishes",
        "B01,X02,,maybe",
        &["avoid: \"maybe\" is not known here; write one of yes, no"],
    );
    more(
        "wishes",
        "B01,B02,3,",
        &["wishes.csv:6 on: a wish is between a buyer and an exhibitor"],
    );
    more(
        "wishes",
        "B09,X01,3,",
        &["wishes.csv:6 by: there is no buyer or exhibitor \"B09\""],
    );
}

/// The market's file with one thing changed.
fn with(from: &str, to: &str) -> String {
    MARKET.replacen(from, to, 1)
}

#[test]
fn market_toml() {
    check(
        "market",
        &with("phase = \"wishes\"\n", ""),
        &["market.toml:2 phase: the key is missing"],
    );
    check(
        "market",
        &with("\"wishes\"", "\"wish\""),
        &["market.toml:8 phase: \"wish\" is not known here; write one of wishes, calculated"],
    );
    check(
        "market",
        &with("zone = \"Asia/Tokyo\"", "zone = 9"),
        &["market.toml:7 zone: is of type integer; write a text in quotes"],
    );
    check(
        "market",
        &with("Asia/Tokyo", "Asia/Tokio"),
        &["market.toml:7 zone: time zone \"Asia/Tokio\" is unknown; write an IANA name"],
    );
    check(
        "market",
        &with("minutes = 20", "minute = 20"),
        &[
            "market.toml:9 minutes: the key is missing",
            "market.toml:10: \"minute\" is not a key here; did you mean \"minutes\"?",
        ],
    );
    check(
        "market",
        &with("minutes = 20", "minutes = 999"),
        &["market.toml:10 minutes: 999 is out of range"],
    );
    check(
        "market",
        &with("minutes = 20", "minutes = 21"),
        &["market.toml:10 minutes: a slot of 21 + 5 minutes cannot be cut"],
    );
}

#[test]
fn market_toml_days_and_places() {
    check(
        "market",
        &with("\"12:30\"", "\"12:75\""),
        &["market.toml:14 until: \"12:75\" is not a time"],
    );
    check(
        "market",
        &with("2025-11-06", "2025-11-04"),
        &["market.toml:16 date: day 2025-11-04 stands after a later"],
    );
    check(
        "market",
        &with("programme = \"music\"", "programme = \"art\""),
        &["market.toml:4 programme: there is no programme \"art\""],
    );
    check(
        "market",
        &with("hall = \"H\"", "hall = \"I\""),
        &["market.toml:27 hall: there is no hall \"I\""],
    );
    check(
        "market",
        &with("[\"ja\", \"en\"]", "[\"ja\"]"),
        &["market.toml:32 languages: is not a pair of two languages"],
    );
    check(
        "market",
        &with("[venue]", "[venues]"),
        &[
            "market.toml:1 venue: the key is missing",
            "market.toml:18: \"venues\" is not a key here; did you mean \"venue\"?",
        ],
    );
    check("market", &with("[grid]", "[grid"), &["market.toml:9: this is not TOML"]);
}

#[test]
fn programmes_toml() {
    let with = |from: &str, to: &str| PROGRAMMES.replacen(from, to, 1);
    check(
        "programmes",
        &with("6000", "\"many\""),
        &["programmes.toml:14 amount: is of type string; write a whole number"],
    );
    check(
        "programmes",
        &with("2025-11-06", "2027-11-06"),
        &["programmes.toml:16 due_on: is outside the programme's period"],
    );
    check(
        "programmes",
        &with("\"2026-02-27\"", "2025-02-30"),
        &["programmes.toml:7: this is not TOML"],
    );
    check(
        "programmes",
        &with("\"target\"", "\"aim\""),
        &["programmes.toml:15 kind: \"aim\" is not known here; write one of target, limit"],
    );
}
