//! `programmes.toml`: programmes with their targets. What is counted towards a target is not decided here.

use super::{
    cell::{self, MAX_CODE},
    draft::{Draft, Index},
    fault,
    report::Place,
    toml_file::{self, Node},
};
use crate::{
    id::{ProgrammeId, ROOT},
    programme::{Programme, Target, TargetKind},
};

/// Largest amount of a target: more people than there are.
const MAX_AMOUNT: i64 = 10_000_000_000;

const KEYS: [&str; 6] = ["code", "name_ja", "name_en", "starts_on", "ends_on", "target"];
const TARGET_NEEDS: [&str; 8] = [
    "code",
    "name_ja",
    "name_en",
    "definition",
    "unit",
    "amount",
    "kind",
    "due_on",
];
const TARGET_KEYS: [&str; 10] = [
    "code",
    "name_ja",
    "name_en",
    "definition",
    "unit",
    "amount",
    "kind",
    "due_on",
    "group",
    "lot",
];

pub(super) fn programmes<'a>(draft: &mut Draft<'a>, file: &'a str, text: &'a str) {
    let problems = draft.problems;
    let read = toml_file::open(file, text, problems, |root| {
        root.only(&["programme"]);
        root.need(&["programme"]);
        for node in root.tables("programme") {
            programme(draft, file, &node);
        }
    });
    if read.is_none() {
        draft.programmes.has_gaps();
    }
}

fn programme<'a>(draft: &mut Draft<'a>, file: &'a str, node: &Node<'_>) {
    node.only(&KEYS);
    node.need(&KEYS[..5]);
    let code = node.required("code", cell::code);
    let name = node.bilingual();
    let (starts_on, ends_on) = (node.date("starts_on"), node.date("ends_on"));
    if starts_on.zip(ends_on).is_some_and(|(starts, ends)| ends < starts) {
        node.note_key("ends_on", fault::ends_before_start());
    }
    let Some(code) = code else {
        draft.programmes.has_gaps();
        return;
    };
    if let Some(first) = draft.programmes.put(
        &code,
        (),
        Place {
            file,
            line: node.line(),
        },
    ) {
        node.note_key("code", fault::twice(fault::PROGRAMME, &code, first));
    }
    let id = ProgrammeId::derived(ROOT, &code);
    let mut seen = Index::default();
    let mut targets = Vec::new();
    for target_node in node.tables("target") {
        let target = target(id, &target_node);
        if let Some(target) = &target {
            if let Some(first) = seen.put(
                &target.code,
                (),
                Place {
                    file,
                    line: target_node.line(),
                },
            ) {
                target_node.note_key("code", fault::twice(fault::TARGET, &target.code, first));
            }
            let outside = starts_on
                .zip(ends_on)
                .is_some_and(|(from, until)| !(from..=until).contains(&target.due_on));
            if outside {
                target_node.note_key("due_on", fault::due_outside());
            }
        }
        targets.extend(target);
    }
    if let (Some(name), Some(starts_on), Some(ends_on)) = (name, starts_on, ends_on) {
        draft.import.programmes.push((
            Programme {
                id,
                code,
                name,
                starts_on,
                ends_on,
            },
            targets,
        ));
    }
}

fn target(programme: ProgrammeId, node: &Node<'_>) -> Option<Target> {
    node.only(&TARGET_KEYS);
    node.need(&TARGET_NEEDS);
    let code = node.required("code", cell::code);
    let name = node.bilingual();
    let definition = node.required("definition", cell::text);
    let unit = node.required("unit", cell::name);
    let amount = node.number("amount", 0..=MAX_AMOUNT);
    let kind = node.required("kind", |text| {
        TargetKind::parse(text).ok_or_else(|| fault::word(text, &[TargetKind::Target.code(), TargetKind::Limit.code()]))
    });
    let due_on = node.date("due_on");
    let short = |text: &str| {
        let line = cell::text(text)?;
        if line.chars().count() > MAX_CODE {
            Err(fault::too_long(MAX_CODE))
        } else {
            Ok(line)
        }
    };
    let lot = node.required("lot", short);
    // The targets of a lot hold together, apart from those of other lots.
    let all = lot.map_or_else(|| "all".to_owned(), |lot| format!("all-{}", lot.to_lowercase()));
    let group = node.required("group", |text| {
        let group = short(text)?;
        let words = group.starts_with("all") || group.starts_with("any");
        if words {
            Ok(group)
        } else {
            Err(fault::word(text, &["all", "all-…", "any-…"]))
        }
    });
    let group = group.unwrap_or(all);
    Some(Target {
        programme,
        code: code?,
        name: name?,
        definition: definition?,
        unit: unit?,
        amount: amount?,
        kind: kind?,
        group,
        due_on: due_on?,
    })
}
