//! A small market in words: the tables an organizer would hand in, read by the product's own import. Every nullable
//! field of every object has a value somewhere, so that absent means denied.

use domain::import::{Import, Known, Row, Source, Table, read};

/// What a market is made of besides the rows every market here has.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    /// How many buyers, 3 or more. The fourth and fifth speak French only, are wished for by nobody, and wish for
    /// nobody; the fifth may have one meeting.
    pub(super) buyers: usize,
    /// More rows: table and line.
    pub(super) more: &'static [(&'static str, &'static str)],
}

/// The market most tests stand on.
pub(super) const SMALL: Plan = Plan { buyers: 5, more: &[] };

/// How many exhibitors every market here has.
const EXHIBITORS: usize = 3;

/// The market of an event of that code, read.
pub(super) fn import(code: &str, plan: Plan) -> Import {
    let mut sources = vec![
        toml("programmes", PROGRAMMES.replace("CODE", code)),
        toml("market", MARKET.replace("CODE", code)),
    ];
    let texts = tables(code, plan);
    sources.extend(texts.into_iter().map(|(name, mut text)| {
        for (_, row) in plan.more.iter().filter(|(table, _)| *table == name) {
            text = format!("{text}\n{row}");
        }
        table(name, &text)
    }));
    read(&sources, &Known::default()).unwrap_or_else(|report| panic!("{report}"))
}

/// The mail address of who takes part under that code.
pub(super) fn email(event: &str, code: &str) -> String {
    format!("{}@{event}.example", code.to_lowercase())
}

fn toml(name: &str, text: String) -> Source {
    let file = format!("{name}.toml");
    Source::Toml { file, text }
}

fn table(name: &str, text: &str) -> Source {
    let mut lines = text
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let rows = lines.zip(2..).map(|(cells, line)| Row { line, cells }).collect();
    Source::Table(Table {
        file: format!("{name}.csv"),
        name: name.to_owned(),
        header,
        rows,
    })
}

fn tables(event: &str, plan: Plan) -> Vec<(&'static str, String)> {
    vec![
        ("exhibitors", exhibitors(plan.buyers)),
        (
            "staffing",
            "booth,day,from,until,tables\nC-03,2025-11-06,10:00,12:30,0".to_owned(),
        ),
        ("staff", staff(event)),
        ("buyers", buyers(event, plan.buyers)),
        ("people", people(event)),
        ("artists", artists()),
        (
            "sessions",
            "code,title_ja,title_en,day,from,until,place\nT1,開幕,Opening,2025-11-05,09:10,09:50,Stage".to_owned(),
        ),
        ("attendance", "session,person\nT1,B01\nT1,S02\nT1,AD1".to_owned()),
        ("unavailable", unavailable(plan.buyers)),
        ("wishes", wishes(plan.buyers)),
    ]
}

/// Two tables each, more where more buyers come.
fn exhibitors(buyers: usize) -> String {
    let tables = 2 + buyers / 8;
    let header =
        "code,organisation,reading,latin,region,booth,zone,tables,languages,genres,quota_min,quota_max,homepage";
    let row = |n| {
        format!("\nX0{n},星空{n},ホシゾラ{n},Hoshizora {n},JP,C-0{n},C,{tables},ja,jazz,1,60,https://x{n}.example/")
    };
    format!("{header}{}", (1..=EXHIBITORS).map(row).collect::<String>())
}

fn staff(event: &str) -> String {
    let row = |(code, exhibitor)| {
        let email = email(event, code);
        format!("\n{code},{exhibitor},青木 {code},アオキ {code},Aoki {code},{email},ja;en")
    };
    let staff = [("S01", "X01"), ("S02", "X02"), ("S03", "X03"), ("S04", "X02")];
    let header = "code,exhibitor,name,reading,latin,email,languages";
    format!("{header}{}", staff.into_iter().map(row).collect::<String>())
}

fn buyers(event: &str, count: usize) -> String {
    let row = |n: usize| {
        let code = format!("B{n:02}");
        let language = match n {
            3 => "ja",
            4 | 5 => "fr",
            _ => "en",
        };
        let (least, most) = if n == 5 { (0, 1) } else { (1, 9) };
        format!(
            "\n{code},Studio {code},Studio {code} Ltd,임 {code},リム {code},Lim {code},{},KR,{language},jazz,sync;live,KR;JP,\
             2025-11-05 09:00,2025-11-06 18:00,{least},{most}",
            email(event, &code)
        )
    };
    let header = "code,organisation,organisation_latin,name,reading,latin,email,region,languages,genres,rights,\
                  territories,arrival,departure,quota_min,quota_max";
    format!("{header}{}", (1..=count).map(row).collect::<String>())
}

/// Everybody who neither buys nor shows: one of each role, and a second organizer.
fn people(event: &str) -> String {
    let row = |(code, role)| {
        let email = email(event, code);
        format!("\n{code},{role},Office {code},田中 {code},タナカ {code},Tanaka {code},{email},JP,ja")
    };
    let people = [
        ("V01", "visitor"),
        ("AD1", "adviser"),
        ("AD2", "adviser"),
        ("SP1", "speaker"),
        ("IN1", "interpreter"),
        ("DS1", "door_staff"),
        ("OR1", "organizer"),
        ("OR2", "organizer"),
        ("OF1", "officer"),
    ];
    let header = "code,role,organisation,name,reading,latin,email,region,languages";
    format!("{header}{}", people.into_iter().map(row).collect::<String>())
}

fn artists() -> String {
    let row = |n| format!("\nA0{n},X0{n},三日月{n},ミカヅキ{n},Mikazuki {n},jazz,sync;live,JP;KR");
    let header = "code,exhibitor,name,reading,latin,genre,rights,territories";
    format!("{header}{}", (1..=EXHIBITORS).map(row).collect::<String>())
}

/// The second morning from 11:00 to 12:00 is taken for the first buyer and a person of staff, and for the fourth.
fn unavailable(buyers: usize) -> String {
    let people = ["B01", "S02", "B04"].into_iter().take(if buyers < 4 { 2 } else { 3 });
    let rows = people.map(|person| format!("\n{person},2025-11-06,11:00,12:00,interview"));
    format!("person,day,from,until,reason{}", rows.collect::<String>())
}

/// Every buyer but the fourth and fifth wishes for every exhibitor and is wished for by every second; the first
/// avoids the third exhibitor, and the third exhibitor avoids the second buyer.
fn wishes(buyers: usize) -> String {
    let pairs = (1..=buyers)
        .filter(|b| ![4, 5].contains(b))
        .flat_map(|b| (1..=EXHIBITORS).map(move |x| (b, x)));
    let rows = pairs.map(|(b, x)| {
        let rank = (b + x) % 5 + 1;
        match (b, x) {
            (1, 3) => "\nB01,X03,,yes".to_owned(),
            (2, 3) => "\nB02,X03,5,\nX03,B02,,yes".to_owned(),
            _ if (b + x) % 2 == 1 => format!("\nB{b:02},X0{x},{rank},\nX0{x},B{b:02},{rank},"),
            _ => format!("\nB{b:02},X0{x},{rank},"),
        }
    });
    format!("by,on,rank,avoid{}", rows.collect::<String>())
}

const PROGRAMMES: &str = r#"
[[programme]]
code = "music-CODE"
name_ja = "音楽"
name_en = "Music"
starts_on = 2025-06-01
ends_on = 2026-02-27
[[programme.target]]
code = "meetings"
name_ja = "商談"
name_en = "Meetings"
definition = "Meetings held."
unit = "meeting"
amount = 6000000000
kind = "target"
due_on = 2025-11-06
"#;

/// Two mornings of six slots, a hall of one zone, two interpreters of English and one of French.
const MARKET: &str = r#"
[event]
code = "CODE"
programme = "music-CODE"
name_ja = "市場"
name_en = "Market"
zone = "Asia/Tokyo"
phase = "wishes"
[grid]
minutes = 20
changeover = 5
[[day]]
date = 2025-11-05
periods = [{ from = "10:00", until = "12:30" }]
[[day]]
date = 2025-11-06
periods = [{ from = "10:00", until = "12:30" }]
[venue]
name_ja = "会場"
name_en = "Venue"
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
code = "interpreters-en"
languages = ["ja", "en"]
count = 4
[[interpreters]]
code = "interpreters-fr"
languages = ["ja", "fr"]
count = 1
"#;
