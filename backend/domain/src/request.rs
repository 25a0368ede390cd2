//! Meeting requests: one side asks, the other says yes at a time, no with a reason, or proposes other times. A request
//! holds no place: only the meeting it becomes does.

use crate::name::Bilingual;

/// What became of a request that is not open any more, in words.
pub(crate) fn closed(state: &str) -> Bilingual {
    let (ja, en) = match state {
        "accepted" => ("承諾済み", "accepted"),
        "declined" => ("辞退済み", "declined"),
        "withdrawn" => ("取り下げ済み", "withdrawn"),
        _ => ("期限切れ", "expired"),
    };
    Bilingual {
        ja: ja.into(),
        en: en.into(),
    }
}
