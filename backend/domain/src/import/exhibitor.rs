//! `exhibitors.csv` with their booths, and `staffing.csv`. Their staff are people and stand in `person`.

use super::{
    cell,
    draft::{Draft, Home, Shown},
    fault,
    sheet::{Field, Kind, Line, Sheet, optional, required},
};
use crate::{
    id::{BoothId, ExhibitorId},
    name::Name,
    participation::{Exhibitor, Quota},
    venue::{Booth, MAX_TABLES, Staffing},
};

pub(super) const EXHIBITORS: Kind = Kind {
    name: "exhibitors",
    also: &["出展者", "出展者一覧"],
    columns: &[
        required("code", &["番号", "出展者番号", "コード"]),
        required("organisation", &["会社名", "出展者名", "組織名", "organization"]),
        optional("reading", &["フリガナ", "ふりがな", "読み"]),
        optional("latin", &["英字表記", "英語名", "ローマ字"]),
        required("region", &["国・地域", "国", "地域"]),
        required("booth", &["ブース", "小間番号"]),
        required("zone", &["ゾーン", "区画"]),
        required("tables", &["テーブル数", "卓数"]),
        required("languages", &["言語", "対応言語"]),
        optional("genres", &["ジャンル"]),
        optional("quota_min", &["最少商談数", "最小商談数"]),
        optional("quota_max", &["最多商談数", "最大商談数"]),
        optional("homepage", &["ホームページ", "url"]),
    ],
};

pub(super) const STAFFING: Kind = Kind {
    name: "staffing",
    also: &["配置", "テーブル配置"],
    columns: &[
        required("booth", &["ブース", "小間番号"]),
        required("day", &["日", "日付"]),
        required("from", &["開始", "開始時刻"]),
        required("until", &["終了", "終了時刻"]),
        required("tables", &["テーブル数", "卓数"]),
    ],
};

pub(super) fn exhibitors<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let [code_field, organisation, reading, latin, region] =
        sheet.fields(["code", "organisation", "reading", "latin", "region"]);
    let [booth_field, zone, tables, languages, genres, homepage] =
        sheet.fields(["booth", "zone", "tables", "languages", "genres", "homepage"]);
    let quota_fields = sheet.fields(["quota_min", "quota_max"]);
    let scope = draft.scope.id;
    for line in sheet.lines() {
        let home = line
            .required(region, cell::region)
            .map_or(Home::Unsaid, |home| Home::Of(region, home));
        let written = line.required(organisation, cell::name);
        let (reading, latin) = (line.optional(reading, cell::name), line.optional(latin, cell::name));
        let organisation = written.map(|written| {
            draft.organisation(
                &line,
                Name {
                    written,
                    reading,
                    latin,
                },
                home,
            )
        });
        let shown = |code: &str| Shown {
            id: ExhibitorId::derived(scope, code),
            organisation,
        };
        let code = draft.exhibitors.enter(&line, code_field, fault::EXHIBITOR, shown);

        let tables = line.required(tables, |text| cell::number(text, 1, MAX_TABLES));
        let zone = draft.zone(&line, zone);
        let booth = draft
            .booths
            .enter(&line, booth_field, fault::BOOTH, |_| draft.import.booths.len());
        let spoken = line.required(languages, |text| cell::list(text, cell::language));
        let genres = line.list(genres, cell::genre);
        let quota = quota(&line, quota_fields);
        let homepage = line.optional(homepage, cell::address);

        if let Some(booth_code) = booth {
            let exhibitor = ExhibitorId::derived(scope, code.as_deref().unwrap_or_default());
            let id = BoothId::derived(scope, &booth_code);
            let zone = zone.unwrap_or_else(|| crate::id::ZoneId::derived(scope, ""));
            // A booth that could not be read keeps its number, so that staffing finds it; it is never kept.
            let tables = tables.unwrap_or(MAX_TABLES);
            draft.import.booths.push(Booth {
                id,
                exhibitor,
                code: booth_code,
                zone,
                tables,
                staffing: Vec::new(),
            });
        }
        let (Some(code), Some(organisation), Some(languages)) = (code, organisation, spoken) else {
            continue;
        };
        let id = ExhibitorId::derived(scope, &code);
        draft.import.exhibitors.push(Exhibitor {
            id,
            organisation,
            code,
            languages,
            genres,
            quota,
            homepage,
        });
    }
}

/// The least and the most meetings.
pub(super) fn quota(line: &Line<'_>, [min, max]: [Field; 2]) -> Quota {
    let (least, most) = (line.optional(min, cell::quota), line.optional(max, cell::quota));
    Quota::new(least, most).unwrap_or_else(|| {
        line.note(max, fault::quota(least.unwrap_or_default(), most.unwrap_or_default()));
        Quota::default()
    })
}

pub(super) fn staffing<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let [booth, tables_field] = sheet.fields(["booth", "tables"]);
    let when = sheet.fields(["day", "from", "until"]);
    for line in sheet.lines() {
        let booth = draft.booths.refer(&line, booth, fault::BOOTH, |_| None);
        let span = draft.scope.span(&line, when);
        let tables = line.required(tables_field, |text| cell::number(text, 0, MAX_TABLES));
        let (Some(booth), Some(span), Some(tables)) = (booth, span, tables) else {
            continue;
        };
        let Some(kept) = draft.import.booths.get_mut(booth) else {
            continue;
        };
        if tables > kept.tables {
            line.note(tables_field, fault::more_tables_than_booth(kept.tables));
        }
        kept.staffing.push(Staffing { span, tables });
        draft.staffed.push((booth, span, line.place));
    }
}

/// Two numbers of staffed tables for one booth at one time contradict each other.
pub(super) fn settle(draft: &mut Draft<'_>) {
    let mut staffed = std::mem::take(&mut draft.staffed);
    staffed.sort_by_key(|(booth, span, place)| (*booth, *span, place.line));
    let mut latest = None;
    for (booth, span, place) in staffed {
        match latest {
            Some((same, until, first)) if same == booth && span.from() < until => {
                draft.problems.note(place, "from", fault::overlap(first));
                latest = Some((booth, until.max(span.until()), first));
            }
            _ => latest = Some((booth, span.until(), place)),
        }
    }
    for booth in &mut draft.import.booths {
        booth.staffing.sort_by_key(|staffing| staffing.span);
    }
}
