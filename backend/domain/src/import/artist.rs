//! `artists.csv`: the catalogue, each artist represented by an exhibitor.

use super::{
    cell::{self, folded},
    draft::Draft,
    fault,
    sheet::{Kind, Sheet, optional, required},
};
use crate::{artist::Artist, id::ArtistId, name::Name};

pub(super) const ARTISTS: Kind = Kind {
    name: "artists",
    also: &["アーティスト", "アーティスト一覧"],
    columns: &[
        required("code", &["番号", "アーティスト番号", "コード"]),
        required("exhibitor", &["出展者番号", "出展者"]),
        required("name", &["アーティスト名", "名前", "氏名"]),
        optional("reading", &["フリガナ", "ふりがな", "読み"]),
        optional("latin", &["英字表記", "英語名", "ローマ字"]),
        required("genre", &["ジャンル"]),
        optional("rights", &["権利", "取扱権利"]),
        optional("territories", &["許諾地域", "対象地域"]),
    ],
};

pub(super) fn artists<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let [code, exhibitor, name, reading, latin] = sheet.fields(["code", "exhibitor", "name", "reading", "latin"]);
    let [genre, rights, territories] = sheet.fields(["genre", "rights", "territories"]);
    for line in sheet.lines() {
        let code = draft.artists.enter(&line, code, fault::ARTIST, |_| ());
        let shown = draft.exhibitor(&line, exhibitor);
        let written = line.required(name, cell::name);
        let (reading, latin) = (line.optional(reading, cell::name), line.optional(latin, cell::name));
        let genre = line.required(genre, cell::genre);
        let (rights, territories) = (line.list(rights, cell::right), line.list(territories, cell::region));
        if let (Some(shown), Some(written)) = (shown, &written) {
            let key = (shown.id, folded(written));
            match draft.repertoires.get(&key) {
                Some(first) => line.note(name, fault::twice(fault::ARTIST, written, *first)),
                None => _ = draft.repertoires.insert(key, line.place),
            }
        }
        let (Some(code), Some(shown), Some(written), Some(genre)) = (code, shown, written, genre) else {
            continue;
        };
        draft.import.artists.push(Artist {
            id: ArtistId::derived(draft.scope.id, &code),
            code,
            exhibitor: shown.id,
            name: Name {
                written,
                reading,
                latin,
            },
            genre,
            rights,
            territories,
        });
    }
}
