//! Everybody who is neither buyer, booth staff nor visitor: people.csv. Interpreters are as many as
//! the pools of market.toml need, with one in reserve for each bigger pool.

use super::chance::Chance;
use super::part::{Order, parts};
use super::register::{Person, Register};
use super::sheet::{Sheet, list};
use super::{names_west as west, regions};

/// Columns of people.csv and of the visitors.
pub const HEADER: &str = "code role organisation name reading latin email region languages";
/// Interpreters by their second language: keep at or above `count` of the pool in market.toml.
const INTERPRETERS: [(&str, usize); 7] = [
    ("en", 21),
    ("zh", 7),
    ("ko", 5),
    ("fr", 3),
    ("es", 5),
    ("pt", 2),
    ("th", 2),
];

/// Speakers and advisers of Japan: organisation in Japanese and its Latin name for the mail address.
const ADVISERS: [(&str, &str, &str); 8] = [
    ("海鳴国際音楽法律事務所", "Kaimei International Music Law", "ja;en"),
    ("音楽輸出研究室 汀", "Migiwa Music Export Studio", "ja;en"),
    ("桐生ライツ・アドバイザリー", "Kiryu Rights Advisory", "ja;en;fr"),
    ("アジア公演企画 帆", "Ho Asia Concert Planning", "ja;zh;en"),
    ("北斗シンク・コンサルティング", "Hokuto Sync Consulting", "ja;en"),
    ("配信戦略事務所 あさひ", "Asahi Streaming Strategy", "ja;en;ko"),
    ("ラテン音楽交流社", "Latin Music Exchange Tokyo", "ja;es;pt"),
    ("会計事務所 みちしるべ", "Michishirube Accounting", "ja;en"),
];
const SPEAKERS: [(&str, &str); 12] = [
    ("湊大学 音楽産業研究センター", "Minato Music Industry Research"),
    ("暁星総合研究所", "Gyosei Research Institute"),
    ("月刊オトノミチ編集部", "Otonomichi Monthly"),
    ("若草アニメーション", "Wakakusa Animation"),
    ("千鳥ゲームス", "Chidori Games"),
    ("光風映画音楽社", "Kofu Film Music"),
    ("音楽データ標準化協議会", "Music Data Council"),
    ("つむぎ音楽著作権事務所", "Tsumugi Copyright Office"),
    ("多摩川フェスティバル実行委員会", "Tamagawa Festival Committee"),
    ("朝日丘ツアーサポート", "Asahigaoka Tour Support"),
    ("響文化財団", "Hibiki Culture Foundation"),
    ("ひなた広告音楽制作", "Hinata Advertising Music"),
];
const SPEAKERS_ABROAD: [(&str, &str, &str, &str); 6] = [
    ("Copperfield Music Analytics", "Copperfield Music Analytics", "GB", "en"),
    ("Blue Mesa Festivals", "Blue Mesa Festivals", "US", "en"),
    ("물빛음악연구소", "Mulbit Music Institute", "KR", "ko;en"),
    ("南島音樂節", "Nandao Music Festival", "TW", "zh;en"),
    (
        "Observatoire des Musiques Nouvelles",
        "Observatoire Musiques Nouvelles",
        "FR",
        "fr;en",
    ),
    ("เวทีลมเหนือ", "Wethi Lom Nuea", "TH", "th;en"),
];

/// Makes people.csv. `sessions.rs` names speakers and advisers by their codes.
pub fn people(seed: u64, register: &mut Register) -> Sheet {
    let mut chance = Chance::new(seed, "people");
    let mut crew = Crew {
        sheet: Sheet::new(HEADER),
        codes: Vec::new(),
    };
    for (organisation, latin, languages) in ADVISERS {
        let person = register.japanese(latin, &mut chance);
        crew.add("AD", "adviser", organisation, &person, "JP", languages);
    }
    for (organisation, latin) in SPEAKERS {
        let person = register.japanese(latin, &mut chance);
        let languages = if chance.percent(50) { "ja;en" } else { "ja" };
        crew.add("SP", "speaker", organisation, &person, "JP", languages);
    }
    for (organisation, latin, region, languages) in SPEAKERS_ABROAD {
        let person = abroad(region, latin, register, &mut chance);
        crew.add("SP", "speaker", organisation, &person, region, languages);
    }
    interpreters(&mut crew, register, &mut chance);
    let office = "Market Office";
    for _ in 0..12 {
        let person = register.japanese("Sakura Event Staff", &mut chance);
        let languages = if chance.percent(60) { "ja;en" } else { "ja" };
        crew.add("DS", "door_staff", "さくらイベントスタッフ", &person, "JP", languages);
    }
    for _ in 0..4 {
        let person = register.japanese(office, &mut chance);
        crew.add(
            "OR",
            "organizer",
            "東京国際音楽マーケット事務局",
            &person,
            "JP",
            "ja;en",
        );
    }
    for _ in 0..2 {
        let person = register.japanese("Commissioning Ministry", &mut chance);
        crew.add("OF", "officer", "委託元省庁（監査担当）", &person, "JP", "ja");
    }
    crew.sheet.sort();
    crew.sheet
}

struct Crew {
    sheet: Sheet,
    codes: Vec<String>,
}

impl Crew {
    fn add(&mut self, prefix: &str, role: &str, organisation: &str, person: &Person, region: &str, languages: &str) {
        let number = self.codes.iter().filter(|c| c.starts_with(prefix)).count() + 1;
        let code = format!("{prefix}{number:02}");
        let name = &person.name;
        self.sheet.row([
            &code,
            role,
            organisation,
            &name.native,
            &name.kana,
            &name.latin,
            &person.email,
            region,
            languages,
        ]);
        self.codes.push(code);
    }
}

/// Mostly Japanese; for the other languages every third is a native speaker who lives here.
fn interpreters(crew: &mut Crew, register: &mut Register, chance: &mut Chance) {
    let agency = ("ことのは通訳", "Kotonoha Interpreters");
    for (language, count) in INTERPRETERS {
        for i in 0..count {
            let person = match language {
                "ko" if i % 3 == 1 => abroad("KR", agency.1, register, chance),
                "zh" if i % 3 == 1 => abroad("TW", agency.1, register, chance),
                "fr" if i % 3 == 1 => abroad("FR", agency.1, register, chance),
                "es" if i % 3 == 1 => abroad("ES", agency.1, register, chance),
                "pt" if i % 2 == 1 => abroad("BR", agency.1, register, chance),
                "th" if i % 2 == 1 => abroad("TH", agency.1, register, chance),
                _ => register.japanese(agency.1, chance),
            };
            crew.add("IN", "interpreter", agency.0, &person, "JP", &list(&["ja", language]));
        }
    }
}

fn abroad(region: &str, company: &str, register: &mut Register, chance: &mut Chance) -> Person {
    let Some(found) = regions::REGIONS.iter().find(|r| r.code == region) else {
        return register.person(
            Order::GivenFirst,
            &parts(west::ENGLISH_FAMILY),
            &parts(west::ENGLISH_GIVEN),
            company,
            chance,
        );
    };
    let (family, given) = found.names();
    register.person(found.order, &family, &given, company, chance)
}
