//! Visitors by the thousand for `cargo xtask seed visitors`: the columns of people.csv, role visitor.
//! Not kept in the repository. Namesakes are wanted here, the mail addresses are unique.

use super::chance::Chance;
use super::crew::HEADER;
use super::names_japan as japan;
use super::part::{Order, Part, parts};
use super::regions::REGIONS;
use super::register::Register;
use super::sheet::{Sheet, list};

const ORGANISATION_FIRST: &str = "
青葉/ 港/ 若宮/ 東雲/ 白波/ 桜丘/ 金星/ 大和田/ 三つ葉/ 花時計/ 千代/ 光陽/ 西風/ 水晶/ 空色/ 山彦/ 瑞雲/ 鈴音/ 海道/ 銀杏/ 七つ森/ 雲雀/ 初音/ 曙/ 稲穂/";
const ORGANISATION_LAST: [&str; 16] = [
    "音楽事務所",
    "レコード",
    "プロモーション",
    "音響",
    "企画",
    "放送",
    "出版",
    "音楽教室",
    "楽器店",
    "大学 音楽学部",
    "専門学校",
    "ライブハウス",
    "広告社",
    "配信",
    "映像制作",
    "市 文化振興課",
];

/// Makes `count` visitors: six of seven live in Japan.
pub fn visitors(seed: u64, count: usize) -> Sheet {
    let mut chance = Chance::new(seed, "visitors");
    let mut register = Register::of_a_crowd();
    let mut sheet = Sheet::new(HEADER);
    let japanese = (parts(japan::FAMILY), parts(japan::WOMEN), parts(japan::MEN));
    let first = parts(ORGANISATION_FIRST);
    let abroad: Vec<(Vec<Part>, Vec<Part>)> = REGIONS.iter().map(super::regions::Region::names).collect();
    for i in 0..count {
        let code = format!("V{:05}", i + 1);
        let place = chance.below(REGIONS.len());
        if let (true, Some(region), Some((family, given))) = (chance.percent(14), REGIONS.get(place), abroad.get(place))
        {
            let person = register.person_at(region.order, family, given, "visitors.example", &mut chance);
            let languages = list(&region.languages(chance.below(100)));
            let name = &person.name;
            sheet.row([
                &code,
                "visitor",
                "",
                &name.native,
                &name.kana,
                &name.latin,
                &person.email,
                region.code,
                &languages,
            ]);
            continue;
        }
        let given = if chance.percent(47) { &japanese.1 } else { &japanese.2 };
        let person = register.person_at(Order::FamilySpace, &japanese.0, given, "visitors.example", &mut chance);
        // A quarter comes for itself: students, musicians, the curious.
        let organisation = match chance.pick(&first) {
            Some(stem) if chance.percent(75) => format!("{}{}", stem.native, chance.word(&ORGANISATION_LAST)),
            _ => String::new(),
        };
        let languages = if chance.percent(30) { "ja;en" } else { "ja" };
        let name = &person.name;
        sheet.row([
            &code,
            "visitor",
            &organisation,
            &name.native,
            &name.kana,
            &name.latin,
            &person.email,
            "JP",
            languages,
        ]);
    }
    sheet
}
