//! A market as large as wished, made by arithmetic: every buyer can meet a different exhibitor in every slot, and then
//! every table is taken. No wish but one, so that a timetable can be published and the calendar opens.

use std::fmt::Write as _;
use system_tests::market::Folder;
use uuid::Uuid;

/// Slots of the two days.
pub(crate) const SLOTS: usize = 32;
/// People who organize: each has a budget of work of its own.
pub(crate) const ORGANIZERS: usize = 64;

/// How large.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) buyers: usize,
    pub(crate) exhibitors: usize,
    /// Staff of each exhibitor.
    pub(crate) staff: usize,
}

/// The throughput's: 64,000 meetings fit.
pub(crate) const LARGE: Size = Size {
    buyers: 2_000,
    exhibitors: 200,
    staff: 1,
};
/// The opening minute's: 300 buyers and 300 people at booths.
pub(crate) const REAL: Size = Size {
    buyers: 300,
    exhibitors: 60,
    staff: 5,
};

const MARKET: &str = r#"
[event]
code = "load-2099"
programme = "load"
name_ja = "負荷試験"
name_en = "Load test"
zone = "Asia/Tokyo"
phase = "wishes"
[grid]
minutes = 20
changeover = 5
[[day]]
date = 2099-11-05
periods = [{ from = "10:00", until = "12:30" }, { from = "13:30", until = "17:40" }]
[[day]]
date = 2099-11-06
periods = [{ from = "10:00", until = "12:30" }, { from = "13:30", until = "17:40" }]
[venue]
name_ja = "会場"
name_en = "Venue"
[[hall]]
code = "H1"
name_ja = "第1ホール"
name_en = "Hall 1"
[[zone]]
code = "A"
hall = "H1"
name_ja = "A"
name_en = "A"
"#;

const PROGRAMME: &str = r#"
[[programme]]
code = "load"
name_ja = "負荷試験"
name_en = "Load test"
starts_on = 2099-01-01
ends_on = 2099-12-31
"#;

/// Mail addresses.
pub(crate) fn buyer(number: usize) -> String {
    format!("buyer{number}@load.example")
}
pub(crate) fn staff(number: usize) -> String {
    format!("staff{number}@load.example")
}
pub(crate) fn organizer(number: usize) -> String {
    format!("organizer{number}@load.example")
}

/// Imports it, publishes a timetable of one meeting at most, so that calendars open.
pub(crate) fn make(folder: &Folder, size: Size) {
    let files = Folder::new();
    files.write("market.toml", MARKET);
    files.write("programmes.toml", PROGRAMME);
    let mut text = "code,organisation,organisation_latin,name,reading,latin,email,region,languages,genres,rights,\
                    territories,arrival,departure,quota_min,quota_max\n"
        .to_owned();
    for n in 0..size.buyers {
        let _ = writeln!(
            text,
            "B{n:05},Buyer {n},,Person {n},,,{},FR,en,jazz,sync,FR,,,,",
            buyer(n)
        );
    }
    files.write("buyers.csv", &text);
    let mut text =
        "code,organisation,reading,latin,region,booth,zone,tables,languages,genres,quota_min,quota_max,homepage\n"
            .to_owned();
    let tables = size.buyers.div_ceil(size.exhibitors);
    for n in 0..size.exhibitors {
        let _ = writeln!(text, "X{n:04},Exhibitor {n},,,JP,A-{n:03},A,{tables},ja;en,jazz,,,");
    }
    files.write("exhibitors.csv", &text);
    let mut text = "code,exhibitor,name,reading,latin,email,languages\n".to_owned();
    for n in 0..size.exhibitors * size.staff {
        let _ = writeln!(text, "S{n:05},X{:04},Staff {n},,,{},en", n % size.exhibitors, staff(n));
    }
    files.write("staff.csv", &text);
    let mut text = "code,role,organisation,name,reading,latin,email,region,languages\n".to_owned();
    for n in 0..ORGANIZERS {
        let _ = writeln!(text, "OR{n:03},organizer,Office,Organizer {n},,,{},JP,en", organizer(n));
    }
    files.write("people.csv", &text);
    files.write("wishes.csv", "by,on,rank,avoid\nB00000,X0000,1,\n");
    folder.run(&["import", files.text()]).say().good();
    folder.run(&["timetable", "propose", "--seconds", "1"]).say().good();
    folder.run(&["timetable", "publish", "1"]).say().good();
}

/// A meeting that nothing stands against: in slot `s` buyer `b` meets exhibitor `b + s + 1`, which leaves out the pair
/// that is published.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) buyer: usize,
    pub(crate) exhibitor: usize,
    pub(crate) slot: usize,
}

/// Every place of a market, slot by slot, buyers in an order in which neighbours share no booth.
pub(crate) fn places(size: Size) -> Vec<Place> {
    let of_slot = |slot: usize| {
        (0..size.buyers).map(move |buyer| Place {
            buyer,
            exhibitor: (buyer + slot + 1) % size.exhibitors,
            slot,
        })
    };
    // The first buyer's published meeting stands in the first slot.
    (1..SLOTS).flat_map(of_slot).collect()
}

/// Ids as clients make them.
pub(crate) fn fresh() -> String {
    Uuid::now_v7().to_string()
}
