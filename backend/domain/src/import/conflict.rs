//! Sentences about rows that refer to what is not there, stand twice, overlap or contradict each other, and about the
//! keys of TOML files. The rest of the sentences, and how one is made, is in `fault`.

use super::{
    fault::{Fault, clip, fault},
    report::Place,
};
use crate::{event::GridError, region::Region};

/// What a code stands for, for sentences.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noun {
    pub ja: &'static str,
    pub en: &'static str,
    /// The file in which they stand.
    pub file: &'static str,
}

pub(super) const PROGRAMME: Noun = Noun {
    ja: "事業",
    en: "programme",
    file: "programmes.toml",
};
pub(super) const TARGET: Noun = Noun {
    ja: "目標",
    en: "target",
    file: "programmes.toml",
};
pub(super) const HALL: Noun = Noun {
    ja: "ホール",
    en: "hall",
    file: "market.toml",
};
pub(super) const ZONE: Noun = Noun {
    ja: "ゾーン",
    en: "zone",
    file: "market.toml",
};
pub(super) const POOL: Noun = Noun {
    ja: "通訳の組",
    en: "interpreter pool",
    file: "market.toml",
};
pub(super) const BOOTH: Noun = Noun {
    ja: "ブース",
    en: "booth",
    file: "exhibitors.csv",
};
pub(super) const EXHIBITOR: Noun = Noun {
    ja: "出展者",
    en: "exhibitor",
    file: "exhibitors.csv",
};
pub(super) const BUYER: Noun = Noun {
    ja: "バイヤー",
    en: "buyer",
    file: "buyers.csv",
};
pub(super) const PERSON: Noun = Noun {
    ja: "参加者",
    en: "person",
    file: "buyers.csv, staff.csv, people.csv, visitors.csv",
};
pub(super) const PARTY: Noun = Noun {
    ja: "バイヤー・出展者",
    en: "buyer or exhibitor",
    file: "buyers.csv, exhibitors.csv",
};
pub(super) const ARTIST: Noun = Noun {
    ja: "アーティスト",
    en: "artist",
    file: "artists.csv",
};
pub(super) const SESSION: Noun = Noun {
    ja: "セッション",
    en: "session",
    file: "sessions.csv",
};

// References and duplicates.

pub(super) fn unknown(noun: Noun, code: &str) -> Fault {
    let (Noun { ja, en, file }, code) = (noun, clip(code));
    fault(
        (
            format!("「{code}」という{ja}はありません"),
            format!("there is no {en} \"{code}\""),
        ),
        (
            format!("{file} にある番号を書くか、それを一緒に取り込んでください"),
            format!("write a code from {file}, or import that along with it"),
        ),
    )
}

pub(super) fn twice(noun: Noun, code: &str, first: Place<'_>) -> Fault {
    let (Noun { ja, en, .. }, code) = (noun, clip(code));
    fault(
        (
            format!("{ja}「{code}」は {first} に既にあります"),
            format!("{en} \"{code}\" stands already at {first}"),
        ),
        ("番号や名前は一度だけ書いてください", "write each once"),
    )
}

pub(super) fn row_twice(first: Place<'_>) -> Fault {
    fault(
        (
            format!("{first} と同じことが書かれています"),
            format!("says the same as {first}"),
        ),
        ("どちらかを消してください", "remove one of the two"),
    )
}

pub(super) fn email_twice(email: &str, first: Place<'_>) -> Fault {
    let email = clip(email);
    fault(
        (
            format!("{email} は {first} の別の人のアドレスです"),
            format!("{email} is the address of somebody else at {first}"),
        ),
        (
            "一人に一つのアドレスを書いてください。同じ人なら氏名を揃え、役割を変えてください",
            "each person has an own address; for one person in two roles write the same name twice",
        ),
    )
}

pub(super) fn other_table(noun: Noun, code: &str) -> Fault {
    let (Noun { ja, en, file }, code) = (noun, clip(code));
    fault(
        (
            format!("「{code}」は既に{ja}の番号です"),
            format!("\"{code}\" is taken by the {en} of that code"),
        ),
        (
            format!("別の番号にするか、{file} に書いてください"),
            format!("write another code, or write it in {file}"),
        ),
    )
}

pub(super) fn organisation_elsewhere(first: Place<'_>, there: Region) -> Fault {
    fault(
        (
            format!("同じ名前の組織が {first} では {there} にあります"),
            format!("the organisation of this name is in {there} at {first}"),
        ),
        (
            "国・地域を揃えるか、名前を書き分けてください",
            "write the same region, or tell the two apart by name",
        ),
    )
}

pub(super) fn role_elsewhere(file: &str) -> Fault {
    fault(
        (
            "この役割の人はこの表には書けません",
            "people of this role do not stand in this table",
        ),
        (format!("{file} に書いてください"), format!("write them in {file}")),
    )
}

pub(super) fn overlap(first: Place<'_>) -> Fault {
    fault(
        (
            format!("時間が {first} と重なっています"),
            format!("overlaps with {first}"),
        ),
        (
            "重ならない時間にしてください（5分単位で数えます）",
            "write times that do not overlap, counted in cells of five minutes",
        ),
    )
}

pub(super) fn more_tables_than_booth(tables: u16) -> Fault {
    fault(
        (
            format!("ブースのテーブルは {tables} 卓です"),
            format!("the booth has {tables} tables"),
        ),
        (
            format!("0～{tables} の数を書いてください"),
            format!("write a number from 0 to {tables}"),
        ),
    )
}

// Wishes.

pub(super) fn rank_or_avoid() -> Fault {
    fault(
        (
            "順位と「会わない」のどちらか一方だけが要ります",
            "needs either a rank or avoid, not both and not neither",
        ),
        (
            "rank に 1～5 を書くか、avoid に yes と書いてください",
            "write 1 to 5 as rank, or yes as avoid",
        ),
    )
}

pub(super) fn same_side() -> Fault {
    fault(
        (
            "希望は片方がバイヤー、片方が出展者です",
            "a wish is between a buyer and an exhibitor",
        ),
        ("相手側の番号を書いてください", "write a code of the other side"),
    )
}

// TOML.

pub(super) fn missing_key() -> Fault {
    fault(
        ("この項目がありません", "the key is missing"),
        ("項目を加えてください", "add it"),
    )
}

pub(super) fn unknown_key(key: &str, nearest: &[&str]) -> Fault {
    let key = clip(key);
    let (ja, en) = match nearest {
        [one] => (format!("「{one}」のことですか"), format!("did you mean \"{one}\"?")),
        all => (
            format!("項目は {} です", all.join("、")),
            format!("the keys are {}", all.join(", ")),
        ),
    };
    fault(
        (
            format!("「{key}」という項目は知られていません"),
            format!("\"{key}\" is not a key here"),
        ),
        (ja, en),
    )
}

pub(super) fn wrong_type(found: &str, wanted: (&str, &str)) -> Fault {
    fault(
        (format!("{found} になっています"), format!("is of type {found}")),
        (format!("{}を書いてください", wanted.0), format!("write {}", wanted.1)),
    )
}

pub(super) fn ends_before_start() -> Fault {
    fault(
        ("初日より前です", "is before the first day"),
        ("初日以降の日を書いてください", "write a day not before it"),
    )
}

pub(super) fn due_outside() -> Fault {
    fault(
        ("事業の期間の外です", "is outside the programme's period"),
        ("期間の中の日を書いてください", "write a day within it"),
    )
}

pub(super) fn same_languages() -> Fault {
    fault(
        ("二つの異なる言語ではありません", "is not a pair of two languages"),
        (
            "[\"ja\", \"en\"] のように書いてください",
            "write two, such as [\"ja\", \"en\"]",
        ),
    )
}

pub(super) fn second_event(first: Place<'_>) -> Fault {
    fault(
        (
            format!("催しは {first} に既にあります"),
            format!("the event stands already at {first}"),
        ),
        ("一度に一つの催しを取り込んでください", "import one event at a time"),
    )
}

pub(super) fn grid(error: &GridError) -> Fault {
    let text = error.to_string();
    let (wrong, right) = text.split_once("; ").unwrap_or((&text, "correct the grid"));
    let ja = match error {
        GridError::Zone(zone) => (
            format!("時間帯「{zone}」は知られていません"),
            "Asia/Tokyo のような IANA の名前を書いてください",
        ),
        GridError::Length(minutes, changeover) => (
            format!("{minutes} + {changeover} 分では区切れません"),
            "5 の倍数で、合わせて 5～240 分にしてください",
        ),
        GridError::Period(date, from, until) => (
            format!("{date} の時間枠 {from}～{until} の順序が正しくありません"),
            "早い順に、重ならないように書いてください",
        ),
        GridError::Day(date) => (
            format!("{date} が同じ日か後の日の後にあります"),
            "日付は早い順に書いてください",
        ),
        GridError::Count(count) => (
            format!("枠が {count} 個になります"),
            "1～1024 個になるようにしてください",
        ),
    };
    fault((ja.0, wrong), (ja.1, right))
}
