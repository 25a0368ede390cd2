//! Whole imports: what a good market gives, large tables, and that nothing makes reading panic. Single mistakes are in
//! `mistakes`.

use super::{Import, Known, MAX_PROBLEMS, MAX_ROWS, Report, Row, Source, Table, read};
use crate::{
    id::{BoothId, BuyerId, EventId, ExhibitorId, ParticipationId, PersonId, ROOT},
    name::Tongue,
    wish::{Side, Want},
};
use proptest::prelude::*;

pub(super) const PROGRAMMES: &str = r#"
[[programme]]
code = "music"
name_ja = "音楽"
name_en = "Music"
starts_on = 2025-06-01
ends_on = "2026-02-27"
[[programme.target]]
code = "meetings"
name_ja = "商談"
name_en = "Meetings"
definition = "Meetings held."
unit = "meeting"
amount = 6000
kind = "target"
due_on = 2025-11-06
"#;

pub(super) const MARKET: &str = r#"
[event]
code = "tokyo"
programme = "music"
name_ja = "東京"
name_en = "Tokyo"
zone = "Asia/Tokyo"
phase = "wishes"
[grid]
minutes = 20
changeover = 5
[[day]]
date = 2025-11-05
periods = [{ from = "10:00", until = "12:30" }, { from = 13:30:00, until = "17:40" }]
[[day]]
date = 2025-11-06
periods = [{ from = "10:00", until = "12:30" }]
[venue]
name_ja = "会場"
name_en = "Hall"
[[hall]]
code = "H"
name_ja = "ホール"
name_en = "Hall"
[[zone]]
code = "C"
hall = "H"
name_ja = "丙"
name_en = "C"
[[interpreters]]
code = "en"
languages = ["ja", "en"]
count = 3
"#;

/// A good market; each table can be replaced by name.
pub(super) const TABLES: [(&str, &str); 11] = [
    (
        "exhibitors",
        "code,organisation,latin,region,booth,zone,tables,languages,genres,quota_min,quota_max,homepage
         X01,星空レコード,Hoshizora,JP,C-01,C,8,ja;en,J-Pop;jazz,10,200,https://hoshizora.example/
         X02,Asagiri,,JP,C-02,C,５,ja,,,,",
    ),
    (
        "staffing",
        "booth,day,from,until,tables
         C-01,2025-11-05,16:00,17:40,5
         C-01,2025-11-06,10:00,12:30,0",
    ),
    (
        "staff",
        "code,exhibitor,name,reading,latin,email,languages
         S01,X01,青木 美香,アオキ ミカ,Aoki Mika,mika@hoshizora.example,ja;en
         S02,X02,田中,,,,ja",
    ),
    (
        "buyers",
        "code,organisation,organisation_latin,name,reading,latin,email,region,languages,genres,rights,territories,arrival,departure,quota_min,quota_max
         B01,다온뮤직,Daon,임나연,,Lim,lim@daon.example,KR,ko;en,rock,sync;live,KR;JP,2025-11-05 11:30,,10,28
         B02,Studio,,Jérôme,,,,FR,fr,,,,,2025-11-06T11:00,,",
    ),
    (
        "people",
        "code,role,organisation,name,reading,latin,email,region,languages
         AD1,adviser,Office,Kumagai,,,k@office.example,JP,ja
         SP1,speaker,Daon Talk,임나연,,,LIM@daon.example,KR,ko
         OF1,officer,,Officer,,,,,",
    ),
    (
        "visitors",
        "code,role,organisation,name,reading,latin,email,region,languages
         V1,visitor,,Visitor,,,v@v.example,JP,",
    ),
    (
        "artists",
        "code,exhibitor,name,reading,latin,genre,rights,territories
         A1,X01,三日月温室,,Mikazuki,J-POP,sync;live,
         A2,X02,三日月温室,,,Rock,,JP",
    ),
    (
        "sessions",
        "code,title_ja,title_en,day,from,until,place
         T1,開幕,Opening,2025-11-05,09:10,09:50,Stage
         T2,権利,Rights,2025-11-05,10:25,11:15,",
    ),
    (
        "attendance",
        "session,person
         T1,B01
         T2,B01
         T1,S01",
    ),
    (
        "unavailable",
        "person,day,from,until,reason
         B01,2025-11-05,11:00,12:00,interview
         B01,2025-11-05,12:00,12:30,call
         AD1,2025-11-05,15:00,17:00,",
    ),
    (
        "wishes",
        "by,on,rank,avoid
         B01,X01,5,
         X01,B01,4,
         B02,X01,,yes
         X02,B02,1,no",
    ),
];

pub(super) fn table(name: &str, text: &str) -> Source {
    let mut lines = text
        .lines()
        .map(|line| line.trim().split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    let rows = lines.zip(2..).map(|(cells, line)| Row { line, cells }).collect();
    Source::Table(Table {
        file: format!("{name}.csv"),
        name: name.to_owned(),
        header,
        rows,
    })
}

pub(super) fn toml(name: &str, text: &str) -> Source {
    Source::Toml {
        file: format!("{name}.toml"),
        text: text.to_owned(),
    }
}

/// The good market with one of its tables or files replaced.
pub(super) fn market(name: &str, text: &str) -> Vec<Source> {
    let with = |own: &str, good: &str| if own == name { text.to_owned() } else { good.to_owned() };
    let files = [("programmes", PROGRAMMES), ("market", MARKET)].map(|(own, good)| toml(own, &with(own, good)));
    let tables = TABLES.iter().map(|(own, good)| table(own, &with(own, good)));
    files.into_iter().chain(tables).collect()
}

fn good() -> Import {
    read(&market("", ""), &Known::default()).unwrap_or_else(|report| panic!("{report}"))
}

/// What an installation knows after the good market was imported.
pub(super) fn known() -> Known {
    let import = good();
    let (event, _, slots) = import.event.expect("event");
    let buyers = import
        .buyers
        .iter()
        .map(|buyer| (buyer.code.clone(), (buyer.id, buyer.person)));
    let emails = import
        .people
        .iter()
        .filter_map(|person| Some((person.email.clone()?, person.id)));
    Known {
        event: Some((event, slots)),
        programmes: vec!["music".to_owned()],
        zones: vec!["C".to_owned()],
        exhibitors: import
            .exhibitors
            .iter()
            .map(|exhibitor| (exhibitor.code.clone(), exhibitor.id))
            .collect(),
        buyers: buyers.collect(),
        people: import
            .participations
            .iter()
            .map(|part| (part.code.clone(), part.person))
            .collect(),
        emails: emails.collect(),
        sessions: import
            .sessions
            .iter()
            .map(|session| (session.code.clone(), session.span))
            .collect(),
    }
}

/// The header of a good table with these rows.
pub(super) fn rows(name: &str, rows: &str) -> String {
    let (_, good) = TABLES.iter().find(|(own, _)| *own == name).expect("table");
    format!("{}\n{rows}", good.lines().next().unwrap_or_default())
}

#[test]
fn a_good_market() {
    let import = good();
    let event = EventId::derived(ROOT, "tokyo");
    assert_eq!(import.scope, Some(event));
    assert_eq!(import.event.as_ref().map(|(_, _, slots)| slots.len()), Some(22));
    assert_eq!(import.programmes[0].1[0].group, "all");
    let counts = [
        import.halls.len(),
        import.zones.len(),
        import.pools.len(),
        import.exhibitors.len(),
        import.booths.len(),
        import.buyers.len(),
        import.artists.len(),
        import.sessions.len(),
        import.attendance.len(),
        import.wishes.len(),
    ];
    assert_eq!(counts, [1, 1, 1, 2, 2, 2, 2, 2, 3, 4]);
    assert_eq!(import.participations.len(), 8);
    assert_eq!(import.people.len(), 7, "a buyer who also speaks is one person");

    let booth = &import.booths[0];
    assert_eq!((booth.id, booth.tables), (BoothId::derived(event, "C-01"), 8));
    assert_eq!(booth.staffing.iter().map(|s| s.tables).collect::<Vec<_>>(), [5, 0]);
    assert_eq!(import.booths[1].tables, 5, "full-width digits");

    let buyer = &import.buyers[0];
    assert_eq!(buyer.id, BuyerId(ParticipationId::derived(event, "B01").0));
    assert_eq!(buyer.person, PersonId::derived(ROOT, "lim@daon.example"));
    assert_eq!(
        buyer.arrives.map(|at| at.to_string()).as_deref(),
        Some("2025-11-05T02:30:00Z"),
        "11:30 in Tokyo"
    );
    assert_eq!((buyer.quota.min(), buyer.quota.max()), (Some(10), Some(28)));
    assert_eq!(import.buyers[1].person, PersonId::derived(event, "B02"));
    assert_eq!(import.artists[0].genre, "j-pop");

    let absences: Vec<String> = import
        .absences
        .iter()
        .filter(|(_, absence)| absence.person == buyer.person)
        .map(|(_, a)| format!("{} {} {}", a.span.from(), a.span.until(), a.reason))
        .collect();
    assert_eq!(
        absences,
        ["2025-11-05T02:15:00Z 2025-11-05T03:30:00Z interview; call"],
        "merged, the session cut out"
    );

    let wish = import
        .wishes
        .iter()
        .find(|wish| wish.want == Want::Avoid)
        .expect("wish");
    assert_eq!(
        (wish.by, wish.pair.exhibitor),
        (Side::Buyer, ExhibitorId::derived(event, "X01"))
    );
}

#[test]
fn the_same_files_give_the_same_ids() {
    let (first, again) = (
        good(),
        read(&market("", ""), &known()).unwrap_or_else(|report| panic!("{report}")),
    );
    assert_eq!(first.people, again.people);
    assert_eq!(first.participations, again.participations);
    assert_eq!(first.absences, again.absences);
}

#[test]
fn a_single_table_refers_to_what_is_known() {
    for (name, text) in TABLES.iter().filter(|(name, _)| *name != "staffing") {
        if let Err(report) = read(&[table(name, text)], &known()) {
            panic!("{report}");
        }
    }
    let wishes = read(&[table("wishes", "by,on,rank\nB01,X02,3")], &known()).expect("wishes");
    assert_eq!(
        (wishes.wishes.len(), wishes.scope),
        (1, Some(EventId::derived(ROOT, "tokyo")))
    );
    let report = read(&[table("wishes", "by,on,rank\nB01,X02,3")], &Known::default()).expect_err("no event");
    assert!(
        report
            .to_string()
            .contains("wishes.csv: the event it belongs to is not known"),
        "{report}"
    );
    let other = MARKET.replace("\"tokyo\"", "\"osaka\"");
    let report = read(
        &[toml("market", &other), table("wishes", "by,on,rank\nB01,X02,3")],
        &known(),
    );
    let report = report.expect_err("another event");
    assert!(
        report.to_string().contains("there is no buyer or exhibitor \"B01\""),
        "{report}"
    );
}

#[test]
fn many_problems_are_counted() {
    let bad: Vec<String> = (0..1000).map(|n| format!("N{n},Q{n},9,")).collect();
    let report: Report = read(&market("wishes", &rows("wishes", &bad.join("\n"))), &Known::default()).expect_err("bad");
    assert_eq!(report.problems.len(), MAX_PROBLEMS);
    assert_eq!(report.more, 3000 - MAX_PROBLEMS);
    assert!(
        report.text(Tongue::Ja).ends_with("ほかに 2800 件の問題があります。"),
        "{}",
        report.text(Tongue::Ja)
    );
}

/// Visitors, each with an address.
fn crowd(count: usize) -> Source {
    let header = ["code", "role", "organisation", "name", "email", "region", "languages"]
        .map(str::to_owned)
        .to_vec();
    let row = |n: usize| {
        let cells = [
            format!("V{n}"),
            "visitor".to_owned(),
            format!("組織{}", n % 5000),
            format!("参加者 {n}"),
            format!("v{n}@example.org"),
            "JP".to_owned(),
            "ja;en".to_owned(),
        ];
        Row {
            line: n as u32 + 2,
            cells: cells.to_vec(),
        }
    };
    let rows = (0..count).map(row).collect();
    Source::Table(Table {
        file: "visitors.csv".to_owned(),
        name: "visitors".to_owned(),
        header,
        rows,
    })
}

#[test]
fn a_hundred_thousand_rows() {
    let mut sources = market("visitors", "code\n");
    sources.retain(|source| !matches!(source, Source::Table(table) if table.name == "visitors"));
    sources.push(crowd(100_000));
    let import = read(&sources, &Known::default()).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(import.people.len(), 100_006);
}

#[test]
fn too_many_rows() {
    let rows = vec![
        Row {
            line: 2,
            cells: vec!["T1".to_owned(), "V1".to_owned()]
        };
        MAX_ROWS + 1
    ];
    let header = vec!["session".to_owned(), "person".to_owned()];
    let table = Table {
        file: "attendance.csv".to_owned(),
        name: "attendance".to_owned(),
        header,
        rows,
    };
    let report = read(&[Source::Table(table)], &known()).expect_err("too many");
    assert!(
        report
            .to_string()
            .contains("attendance.csv: there are more than 500000 rows in all"),
        "{report}"
    );
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[BXST]0[0-9]",
        "[0-9]{1,3}",
        "[=+@#;-]{0,2}[A-Z!]{0,4}",
        Just("2025-11-05".to_owned()),
        "[0-2]?[0-9]:[0-9]{2}",
        "2025-1[01]-0[4-7][ T]1[0-9]:[0-5]0",
        Just("ja;en".to_owned()),
        Just("JP".to_owned()),
        "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in the cells, the answer is an import or a report, and no import with a bad row.
    #[test]
    fn no_table_makes_it_panic(
        which in 0..TABLES.len(),
        rows in prop::collection::vec(prop::collection::vec(cell(), 0..18), 0..12),
    ) {
        let (name, good) = TABLES[which];
        let header = good.lines().next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let rows = rows.into_iter().zip(2..).map(|(cells, line)| Row { line, cells }).collect();
        let file = format!("{name}.csv");
        let mut sources = market("", "");
        sources.push(Source::Table(Table { file, name: name.to_owned(), header, rows }));
        match read(&sources, &Known::default()) {
            Ok(import) => prop_assert!(import.event.is_some()),
            Err(report) => prop_assert!(!report.problems.is_empty() && !report.text(Tongue::Ja).is_empty()),
        }
    }

    #[test]
    fn no_toml_makes_it_panic(text in "\\PC*", at in 0..MARKET.len(), junk in "[\\[\\]={}\"0-9a-z\\n.:-]{0,8}") {
        _ = read(&[toml("market", &text), toml("programmes", &text)], &Known::default());
        let mut damaged = MARKET.to_owned();
        if damaged.is_char_boundary(at) {
            damaged.insert_str(at, &junk);
        }
        _ = read(&market("market", &damaged), &Known::default());
    }
}
