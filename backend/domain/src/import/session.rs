//! What takes people's time: `sessions.csv`, `attendance.csv`, `unavailable.csv`. Nobody is in two places: overlaps are
//! found here, counted in the cells in which occupancy is kept. What the installation already holds is not looked at.

use super::{
    Session,
    cell::{self, MAX_TEXT},
    draft::{Draft, Taken},
    fault,
    sheet::{Kind, Sheet, optional, required},
};
use crate::{
    id::{AbsenceId, PersonId, SessionId},
    name::Bilingual,
    participation::Absence,
    time::{CELL_SECONDS, Span},
};
use jiff::Timestamp;
use std::collections::HashMap;

pub(super) const SESSIONS: Kind = Kind {
    name: "sessions",
    also: &["セッション", "セミナー"],
    columns: &[
        required("code", &["番号", "コード"]),
        required("title_ja", &["題名", "タイトル"]),
        required("title_en", &["英語題名", "英題"]),
        required("day", &["日", "日付"]),
        required("from", &["開始", "開始時刻"]),
        required("until", &["終了", "終了時刻"]),
        optional("place", &["場所", "会場"]),
    ],
};

pub(super) const ATTENDANCE: Kind = Kind {
    name: "attendance",
    also: &["出席", "聴講"],
    columns: &[
        required("session", &["セッション", "セッション番号"]),
        required("person", &["参加者", "参加者番号"]),
    ],
};

pub(super) const UNAVAILABLE: Kind = Kind {
    name: "unavailable",
    also: &["不在", "不在時間"],
    columns: &[
        required("person", &["参加者", "参加者番号"]),
        required("day", &["日", "日付"]),
        required("from", &["開始", "開始時刻"]),
        required("until", &["終了", "終了時刻"]),
        optional("reason", &["理由"]),
    ],
};

pub(super) fn sessions<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let [code, title_ja, title_en, place] = sheet.fields(["code", "title_ja", "title_en", "place"]);
    let when = sheet.fields(["day", "from", "until"]);
    let scope = draft.scope.id;
    for line in sheet.lines() {
        let span = draft.scope.span(&line, when);
        let code = draft.sessions.enter(&line, code, fault::SESSION, |code| {
            (SessionId::derived(scope, code), span)
        });
        let (ja, en) = (line.required(title_ja, cell::name), line.required(title_en, cell::name));
        let place = line.optional(place, cell::name).unwrap_or_default();
        let (Some(code), Some(span), Some(ja), Some(en)) = (code, span, ja, en) else {
            continue;
        };
        let id = SessionId::derived(scope, &code);
        draft.import.sessions.push(Session {
            id,
            code,
            title: Bilingual { ja, en },
            span,
            place,
        });
    }
}

pub(super) fn attendance<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let [session, person] = sheet.fields(["session", "person"]);
    for line in sheet.lines() {
        let session = draft.session(&line, session);
        let person = draft.person(&line, person);
        let (Some((what, span)), Some(person)) = (session, person) else {
            continue;
        };
        if let Some(first) = draft.attendances.get(&(what, person)) {
            line.note_row(fault::row_twice(*first));
            continue;
        }
        draft.attendances.insert((what, person), line.place);
        draft.attended.extend(span.map(|span| Taken {
            person,
            span,
            what,
            place: line.place,
        }));
    }
}

pub(super) fn unavailable<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let [person, reason] = sheet.fields(["person", "reason"]);
    let when = sheet.fields(["day", "from", "until"]);
    for line in sheet.lines() {
        let person = draft.person(&line, person);
        let span = draft.scope.span(&line, when);
        let what = line.optional(reason, cell::text).unwrap_or_default();
        let (Some(person), Some(span)) = (person, span) else {
            continue;
        };
        draft.absent.push(Taken {
            person,
            span,
            what,
            place: line.place,
        });
    }
}

/// Notes sessions of one person that overlap; merges absences and cuts sessions out of them.
pub(super) fn settle(draft: &mut Draft<'_>) {
    let mut attended = std::mem::take(&mut draft.attended);
    attended.sort_by_key(|taken| (taken.person, taken.span, taken.place.line));
    let mut sessions: HashMap<PersonId, Vec<Span>> = HashMap::new();
    let mut latest: Option<&Taken<'_, SessionId>> = None;
    for taken in &attended {
        let overlapping = latest.filter(|latest| latest.person == taken.person && latest.span.meets(&taken.span));
        if let Some(first) = overlapping {
            draft.problems.note(taken.place, "session", fault::overlap(first.place));
        }
        if overlapping.is_none_or(|first| first.span.until() < taken.span.until()) {
            latest = Some(taken);
        }
        sessions.entry(taken.person).or_default().push(taken.span);
    }
    draft.import.attendance = attended
        .iter()
        .map(|taken| (taken.what, taken.person, taken.span))
        .collect();

    let mut absent = std::mem::take(&mut draft.absent);
    absent.sort_by_key(|taken| (taken.person, taken.span, taken.place.line));
    let none = Vec::new();
    let mut rest = absent
        .into_iter()
        .map(|t| Absence {
            person: t.person,
            span: t.span,
            reason: t.what,
        })
        .peekable();
    while let Some(person) = rest.peek().map(|absence| absence.person) {
        let own = std::iter::from_fn(|| rest.next_if(|absence| absence.person == person));
        let merged = merge(own);
        for absence in cut(&merged, sessions.get(&person).unwrap_or(&none)) {
            let key = format!("{person}/{}", absence.span.from());
            draft
                .import
                .absences
                .push((AbsenceId::derived(draft.scope.id, &key), absence));
        }
    }
}

/// One person's absences, ascending, made into absences that neither overlap nor touch.
fn merge(absences: impl Iterator<Item = Absence>) -> Vec<Absence> {
    let mut merged: Vec<Absence> = Vec::new();
    for mut absence in absences {
        let Some(last) = merged
            .last_mut()
            .filter(|last| absence.span.cells().start <= last.span.cells().end)
        else {
            merged.push(absence);
            continue;
        };
        if let Some(both) = Span::new(last.span.from(), last.span.until().max(absence.span.until())) {
            last.span = both;
            let new = !absence.reason.is_empty() && !last.reason.contains(&absence.reason);
            if new && last.reason.len() + absence.reason.len() < MAX_TEXT {
                let separator = if last.reason.is_empty() { "" } else { "; " };
                last.reason = format!("{}{separator}{}", last.reason, absence.reason);
            }
        } else if let Some(beyond) = edge(last.span.cells().end).and_then(|at| Span::new(at, absence.span.until())) {
            // Together they are longer than a span may be: two that touch, without a cell in common.
            absence.span = beyond;
            merged.push(absence);
        }
    }
    merged
}

/// What is left of one person's absences without the cells its sessions take; both ascending, without overlaps.
fn cut(absences: &[Absence], sessions: &[Span]) -> Vec<Absence> {
    let mut pieces = Vec::new();
    let mut next = 0;
    for absence in absences {
        while sessions
            .get(next)
            .is_some_and(|session| session.cells().end <= absence.span.cells().start)
        {
            next += 1;
        }
        let piece = |from, until| {
            let span = Span::new(from, until)?;
            Some(Absence {
                person: absence.person,
                span,
                reason: absence.reason.clone(),
            })
        };
        let mut from = absence.span.from();
        for session in sessions[next..]
            .iter()
            .take_while(|session| session.meets(&absence.span))
        {
            let cells = session.cells();
            pieces.extend(edge(cells.start).and_then(|until| piece(from, until)));
            from = edge(cells.end).map_or(from, |end| from.max(end));
        }
        pieces.extend(piece(from, absence.span.until()));
    }
    pieces
}

/// The moment a cell begins.
fn edge(cell: i64) -> Option<Timestamp> {
    Timestamp::from_second(cell * CELL_SECONDS).ok()
}

#[cfg(test)]
mod tests {
    use super::{cut, merge};
    use crate::{
        id::{PersonId, ROOT},
        participation::Absence,
        time::Span,
    };
    use proptest::prelude::*;

    fn span(from: i64, until: i64) -> Option<Span> {
        let at = |minutes: i64| jiff::Timestamp::from_second(minutes * 60).expect("time");
        Span::new(at(from), at(until))
    }

    fn absence((from, until): (i64, i64)) -> Absence {
        let span = span(from, until).expect("span");
        Absence {
            person: PersonId(ROOT),
            span,
            reason: String::new(),
        }
    }

    fn minutes(absences: &[Absence]) -> Vec<(i64, i64)> {
        absences
            .iter()
            .map(|a| (a.span.from().as_second() / 60, a.span.until().as_second() / 60))
            .collect()
    }

    #[test]
    fn absences_merge_and_make_room() {
        for (absences, sessions, expect) in [
            (&[(0, 30), (20, 40)][..], &[][..], &[(0, 40)][..]),
            (&[(0, 30), (30, 40)], &[], &[(0, 40)]),
            (&[(0, 28), (29, 40)], &[], &[(0, 40)]),
            (&[(0, 30), (40, 50)], &[], &[(0, 30), (40, 50)]),
            (&[(0, 60)], &[(20, 40)], &[(0, 20), (40, 60)]),
            (&[(0, 60)], &[(22, 38)], &[(0, 20), (40, 60)]),
            (&[(20, 40)], &[(0, 60)], &[]),
            (&[(0, 60)], &[(0, 10), (50, 60)], &[(10, 50)]),
            (&[(0, 20), (30, 50)], &[(10, 40)], &[(0, 10), (40, 50)]),
            (&[(0, 2000), (1000, 3800)], &[], &[(0, 2000), (2000, 3800)]),
        ] {
            let merged = merge(absences.iter().copied().map(absence));
            let sessions: Vec<Span> = sessions
                .iter()
                .map(|&(from, until)| span(from, until).expect("span"))
                .collect();
            assert_eq!(minutes(&cut(&merged, &sessions)), expect, "{absences:?} {sessions:?}");
        }
    }

    proptest! {
        /// No cell is taken twice, and every cell of an absence is taken by something.
        #[test]
        fn every_cell_once(
            mut absences in prop::collection::vec((0i64..600, 1i64..200), 0..12),
            starts in prop::collection::btree_set(0i64..16, 0..8),
        ) {
            absences.sort_unstable();
            let absences: Vec<Absence> = absences.iter().map(|&(from, long)| absence((from, from + long))).collect();
            let sessions: Vec<Span> =
                starts.iter().map(|&n| span(n * 50 + 3, n * 50 + 33).expect("span")).collect();
            let left = cut(&merge(absences.iter().cloned()), &sessions);
            let mut taken = std::collections::HashSet::new();
            for cells in left.iter().map(|a| a.span.cells()).chain(sessions.iter().map(Span::cells)) {
                for cell in cells {
                    prop_assert!(taken.insert(cell), "cell {cell} twice");
                }
            }
            for cell in absences.iter().flat_map(|absence| absence.span.cells()) {
                prop_assert!(taken.contains(&cell), "cell {cell} was lost");
            }
        }
    }
}
