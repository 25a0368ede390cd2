//! `wishes.csv`: who wants to meet whom, ranked, or does not want to. What they weigh together is the domain's `wish`.

use super::{
    cell,
    draft::{Certain, Draft, Party},
    fault,
    sheet::{Cell, Field, Kind, Line, Sheet, optional, required},
};
use crate::wish::{Pair, Side, TOP_RANK, Want, Wish};

pub(super) const WISHES: Kind = Kind {
    name: "wishes",
    also: &["希望", "商談希望"],
    columns: &[
        required("by", &["希望元", "申込者"]),
        required("on", &["希望先", "相手"]),
        optional("rank", &["順位", "希望度"]),
        optional("avoid", &["会わない", "回避"]),
    ],
};

pub(super) fn wishes<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let [by, on, rank, avoid] = sheet.fields(["by", "on", "rank", "avoid"]);
    for line in sheet.lines() {
        let (wishing, wished) = (party(draft, &line, by), party(draft, &line, on));
        let want = want(&line, rank, avoid);
        let (Some(wishing), Some(wished)) = (wishing, wished) else {
            continue;
        };
        let (pair, by) = match (wishing, wished) {
            (Party::Buyer(buyer), Party::Exhibitor(exhibitor)) => (Pair { buyer, exhibitor }, Side::Buyer),
            (Party::Exhibitor(exhibitor), Party::Buyer(buyer)) => (Pair { buyer, exhibitor }, Side::Exhibitor),
            _ => {
                line.note(on, fault::same_side());
                continue;
            }
        };
        if let Some(first) = draft.wished.get(&(pair, by)) {
            line.note_row(fault::row_twice(*first));
            continue;
        }
        draft.wished.insert((pair, by), line.place);
        draft.import.wishes.extend(want.map(|want| Wish { pair, by, want }));
    }
}

fn party(draft: &Draft<'_>, line: &Line<'_>, field: Field) -> Option<Party> {
    let code = line.required(field, cell::code)?;
    match draft.party(&code) {
        Ok(party) => Some(party),
        Err(Certain::Yes) => {
            line.note(field, fault::unknown(fault::PARTY, &code));
            None
        }
        Err(Certain::No) => None,
    }
}

/// A rank or an avoidance. `None`: noted.
fn want(line: &Line<'_>, rank: Field, avoid: Field) -> Option<Want> {
    let (ranked, avoided) = (
        line.cell(rank, |text| cell::number(text, 1, TOP_RANK.into())),
        line.cell(avoid, cell::yes),
    );
    match (ranked, avoided) {
        (Cell::Noted, _) | (_, Cell::Noted) => None,
        (Cell::Value(rank), Cell::Blank | Cell::Value(false)) => u8::try_from(rank).ok().and_then(Want::rank),
        (Cell::Blank, Cell::Value(true)) => Some(Want::Avoid),
        _ => {
            line.note_row(fault::rank_or_avoid());
            None
        }
    }
}
