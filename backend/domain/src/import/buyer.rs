//! `buyers.csv`: people who come to buy, with what they look for and when they are there.

use super::{
    cell,
    draft::{Draft, Home},
    exhibitor, fault,
    person::{self, Part, PersonFields},
    sheet::{Field, Kind, Line, Sheet, optional, required},
};
use crate::{access::Role, id::BuyerId, name::Name, participation::Buyer};
use jiff::{SignedDuration, Timestamp};

/// Farthest a stay may begin before the event or end after it; farther is a mistyped date.
const MAX_DAYS_AWAY: i64 = 14;

pub(super) const BUYERS: Kind = Kind {
    name: "buyers",
    also: &["バイヤー", "バイヤー一覧"],
    columns: &[
        required("code", &["番号", "バイヤー番号", "コード"]),
        required("organisation", &["会社名", "所属", "組織名", "organization"]),
        optional(
            "organisation_latin",
            &["会社名（英字）", "会社名(英字)", "会社名英字", "organization_latin"],
        ),
        required("name", &["氏名", "名前"]),
        optional("reading", &["フリガナ", "ふりがな", "読み"]),
        optional("latin", &["英字表記", "ローマ字"]),
        optional("email", &["メール", "メールアドレス", "e_mail"]),
        required("region", &["国・地域", "国", "地域"]),
        required("languages", &["言語", "対応言語"]),
        optional("genres", &["ジャンル", "希望ジャンル"]),
        optional("rights", &["権利", "希望権利"]),
        optional("territories", &["許諾地域", "対象地域"]),
        optional("arrival", &["到着", "到着日時"]),
        optional("departure", &["出発", "出発日時"]),
        optional("quota_min", &["最少商談数", "最小商談数"]),
        optional("quota_max", &["最多商談数", "最大商談数"]),
    ],
};

pub(super) fn buyers<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let fields = PersonFields::of(sheet);
    let [organisation, organisation_latin, region] = sheet.fields(["organisation", "organisation_latin", "region"]);
    let [languages, genres, rights, territories] = sheet.fields(["languages", "genres", "rights", "territories"]);
    let stay_fields = sheet.fields(["arrival", "departure"]);
    let quota_fields = sheet.fields(["quota_min", "quota_max"]);
    for line in sheet.lines() {
        let home = line
            .required(region, cell::region)
            .map_or(Home::Unsaid, |home| Home::Of(region, home));
        let written = line.required(organisation, cell::name);
        let latin = line.optional(organisation_latin, cell::name);
        let organisation = written.map(|written| {
            draft.organisation(
                &line,
                Name {
                    written,
                    reading: None,
                    latin,
                },
                home,
            )
        });
        let spoken = line.required(languages, |text| cell::list(text, cell::language));
        let genres = line.list(genres, cell::genre);
        let (rights, territories) = (line.list(rights, cell::right), line.list(territories, cell::region));
        let (arrives, leaves) = stay(draft, &line, stay_fields);
        let quota = exhibitor::quota(&line, quota_fields);
        let languages = spoken.clone().unwrap_or_default();
        let part = Part {
            role: Role::Buyer,
            organisation,
            exhibitor: None,
            languages,
        };
        let Some(enrolled) = person::enrol(draft, &line, fields, part) else {
            // Whoever wishes for a buyer that could not be read made no mistake.
            draft.buyers.has_gaps();
            continue;
        };
        let id = BuyerId(enrolled.id.0);
        let code = enrolled.code;
        if draft.exhibitors.get(&code).is_some() || draft.known_exhibitor(&code).is_some() {
            line.note(fields.code, fault::other_table(fault::EXHIBITOR, &code));
        } else {
            draft.buyers.put(&code, id, line.place);
        }
        let (Some(organisation), Some(languages)) = (organisation, spoken) else {
            continue;
        };
        draft.import.buyers.push(Buyer {
            id,
            person: enrolled.person,
            organisation,
            code,
            languages,
            genres,
            rights,
            territories,
            arrives,
            leaves,
            quota,
        });
    }
}

/// When the buyer comes and goes.
fn stay(
    draft: &Draft<'_>,
    line: &Line<'_>,
    [arrival, departure]: [Field; 2],
) -> (Option<Timestamp>, Option<Timestamp>) {
    let moment = |field| {
        line.optional(field, cell::moment)
            .and_then(|local| draft.scope.instant(local))
    };
    let (arrives, leaves) = (moment(arrival), moment(departure));
    if arrives.zip(leaves).is_some_and(|(arrives, leaves)| leaves <= arrives) {
        line.note(departure, fault::departure_before_arrival());
        return (arrives, leaves);
    }
    let Some((opens, closes)) = draft.scope.open else {
        return (arrives, leaves);
    };
    let away = SignedDuration::from_hours(24 * MAX_DAYS_AWAY);
    for (field, at) in [(arrival, arrives), (departure, leaves)] {
        let far = |at: &Timestamp| opens.duration_since(*at) > away || at.duration_since(closes) > away;
        if at.as_ref().is_some_and(far) {
            line.note(field, fault::far_from_event(MAX_DAYS_AWAY));
            return (arrives, leaves);
        }
    }
    if arrives.is_some_and(|at| at >= closes) {
        line.note(arrival, fault::not_there());
    } else if leaves.is_some_and(|at| at <= opens) {
        line.note(departure, fault::not_there());
    }
    (arrives, leaves)
}
