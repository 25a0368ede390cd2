//! The seminars and who sits in them, and the private hours of people: sessions.csv, attendance.csv,
//! unavailable.csv. Here they only take time; capacity and waiting lists are the product's affair.

use super::booths::Staff;
use super::buyers::Buyer;
use super::chance::Chance;
use super::days::{Span, clock};
use super::sheet::Sheet;

struct Session {
    ja: &'static str,
    en: &'static str,
    time: Span,
    place: &'static str,
    speakers: &'static str,
}

#[rustfmt::skip]
const SESSIONS: [Session; 10] = [
    session(0, 9 * 60 + 10, 40, "開幕講演 日本の音楽はどこまで届くか", "Opening talk: how far Japanese music travels", "大ステージ", "SP01 SP13"),
    session(0, 10 * 60 + 25, 50, "海外配信の収益はどう分かれるか", "Who earns what from streaming abroad", "セミナー室1", "SP02 SP14 AD06"),
    session(0, 12 * 60 + 35, 45, "昼の部 アニメ音楽の権利処理", "Lunch talk: clearing rights in anime music", "セミナー室2", "SP04 AD03"),
    session(0, 14 * 60 + 20, 50, "海外公演の実務 査証・税・保険", "Concerts abroad in practice: visas, taxes, insurance", "セミナー室1", "SP09 SP10 SP15"),
    session(0, 16 * 60, 60, "ゲーム音楽コンサートの作り方", "Making and touring game music concerts", "大ステージ", "SP05 SP17"),
    session(1, 10 * 60, 50, "東南アジア市場を読む", "Reading the markets of South-East Asia", "セミナー室1", "SP18 SP16 AD04"),
    session(1, 11 * 60 + 15, 50, "シンク入門 映像と広告に曲を届ける", "An introduction to sync: music for pictures and advertisements", "セミナー室1", "SP06 SP12 AD05"),
    session(1, 12 * 60 + 35, 45, "昼の部 契約書の読み方", "Lunch talk: how to read a contract", "セミナー室2", "SP08 AD01"),
    session(1, 14 * 60 + 45, 45, "支払いにつながるメタデータ", "Metadata that gets you paid", "セミナー室2", "SP07 SP03"),
    session(1, 17 * 60 + 45, 45, "閉会討論 次の十年の音楽輸出", "Closing debate: the next ten years of music export", "大ステージ", "SP01 SP11 SP13"),
];

const fn session(
    day: usize,
    from: i64,
    minutes: i64,
    ja: &'static str,
    en: &'static str,
    place: &'static str,
    speakers: &'static str,
) -> Session {
    Session {
        ja,
        en,
        time: Span {
            day,
            from,
            until: from + minutes,
        },
        place,
        speakers,
    }
}

const REASONS_JA: [&str; 5] = ["電話会議", "取材対応", "大使館訪問", "社内打合せ", "スタジオ見学"];
const REASONS_EN: [&str; 5] = [
    "Press interview",
    "Call with head office",
    "Private meeting",
    "Embassy appointment",
    "Studio visit",
];

/// Makes sessions.csv.
pub fn sessions() -> Sheet {
    let mut sheet = Sheet::new("code title_ja title_en day from until place");
    for (i, s) in SESSIONS.iter().enumerate() {
        sheet.row([
            &code(i),
            s.ja,
            s.en,
            s.time.date(),
            &clock(s.time.from),
            &clock(s.time.until),
            s.place,
        ]);
    }
    sheet
}

fn code(i: usize) -> String {
    format!("SEM{:02}", i + 1)
}

/// Makes attendance.csv, and writes what a buyer attends into the buyer's absences.
pub fn attendance(seed: u64, buyers: &mut [Buyer], staff: &[Staff]) -> Sheet {
    let mut chance = Chance::new(seed, "attendance");
    let mut sheet = Sheet::new("session person");
    for (i, s) in SESSIONS.iter().enumerate() {
        for speaker in s.speakers.split(' ') {
            sheet.row([&code(i), speaker]);
        }
    }
    for buyer in buyers.iter_mut() {
        // Nobody, one, two or three sessions; about three in a hundred places are then not to be had.
        let wanted = match chance.below(100) {
            0..=11 => 0,
            12..=41 => 1,
            42..=77 => 2,
            _ => 3,
        };
        let places: Vec<usize> = (0..SESSIONS.len()).collect();
        for i in chance.some(&places, wanted) {
            let time = SESSIONS[*i].time;
            if !buyer.absences.iter().any(|a| a.meets(&time)) {
                buyer.absences.push(time);
                sheet.row([&code(*i), &buyer.code]);
            }
        }
    }
    let mut last = None;
    for member in staff {
        // The first of a booth stays at it; of the others every third goes to one session.
        if last != Some(member.exhibitor) {
            last = Some(member.exhibitor);
        } else if chance.percent(35) {
            sheet.row([&code(chance.below(SESSIONS.len())), &member.code]);
        }
    }
    sheet.sort();
    sheet
}

/// Makes unavailable.csv, and writes a buyer's private hours into the absences.
pub fn unavailable(seed: u64, buyers: &mut [Buyer]) -> Sheet {
    let mut chance = Chance::new(seed, "unavailable");
    let mut sheet = Sheet::new("person day from until reason");
    for buyer in buyers.iter_mut() {
        if !chance.percent(24) {
            continue;
        }
        let from = 60 * chance.between(10, 16) + 30 * chance.between(0, 1);
        let time = Span {
            day: chance.below(2),
            from,
            until: from + 30 * chance.between(1, 3),
        };
        if buyer.absences.iter().any(|a| a.meets(&time)) {
            continue;
        }
        buyer.absences.push(time);
        let reasons = if buyer.languages.contains(&"ja") {
            &REASONS_JA
        } else {
            &REASONS_EN
        };
        let reason = chance.word(reasons);
        sheet.row([&buyer.code, time.date(), &clock(time.from), &clock(time.until), reason]);
    }
    // Advisers and an organizer have other things to do as well; none of these meets a session of theirs.
    for (person, day, from, until, reason) in [
        ("AD02", 0, 600, 720, "取材対応"),
        ("AD04", 0, 900, 1020, "電話会議"),
        ("AD07", 1, 600, 750, "大使館訪問"),
        ("AD08", 0, 600, 780, "顧問先との打合せ"),
        ("OR01", 0, 660, 720, "記者会見"),
        ("S002", 1, 870, 930, "社内打合せ"),
    ] {
        let time = Span { day, from, until };
        sheet.row([person, time.date(), &clock(from), &clock(until), reason]);
    }
    sheet.sort();
    sheet
}
