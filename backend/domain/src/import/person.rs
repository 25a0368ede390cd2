//! People: `staff.csv`, `people.csv`, `visitors.csv`, and what buyers have in common with them. One mail address is
//! one person; somebody without one is known by the code of the participation.

use super::{
    cell::{self, folded},
    draft::{Bearer, Draft, Home},
    fault,
    sheet::{Column, Field, Kind, Line, Sheet, optional, required},
};
use crate::{
    access::{Role, Roles},
    id::{ExhibitorId, OrganisationId, ParticipationId, PersonId, ROOT},
    name::Name,
    participation::{Participation, Person},
    region::Language,
};

pub(super) const STAFF: Kind = Kind {
    name: "staff",
    also: &["担当者", "スタッフ"],
    columns: &[
        required("code", &["番号", "担当者番号", "コード"]),
        required("exhibitor", &["出展者番号", "出展者"]),
        required("name", &["氏名", "名前"]),
        optional("reading", &["フリガナ", "ふりがな", "読み"]),
        optional("latin", &["英字表記", "ローマ字"]),
        optional("email", &["メール", "メールアドレス", "e_mail"]),
        optional("languages", &["言語", "対応言語"]),
    ],
};

const PEOPLE_COLUMNS: &[Column] = &[
    required("code", &["番号", "参加者番号", "コード"]),
    required("role", &["役割", "区分"]),
    optional("organisation", &["会社名", "所属", "組織名", "organization"]),
    required("name", &["氏名", "名前"]),
    optional("reading", &["フリガナ", "ふりがな", "読み"]),
    optional("latin", &["英字表記", "ローマ字"]),
    optional("email", &["メール", "メールアドレス", "e_mail"]),
    optional("region", &["国・地域", "国", "地域"]),
    optional("languages", &["言語", "対応言語"]),
];

pub(super) const PEOPLE: Kind = Kind {
    name: "people",
    also: &["参加者", "関係者"],
    columns: PEOPLE_COLUMNS,
};
pub(super) const VISITORS: Kind = Kind {
    name: "visitors",
    also: &["来場者"],
    columns: PEOPLE_COLUMNS,
};

/// The columns of a person.
#[derive(Clone, Copy)]
pub(super) struct PersonFields {
    pub code: Field,
    pub name: Field,
    pub reading: Field,
    pub latin: Field,
    pub email: Field,
}

impl PersonFields {
    pub fn of(sheet: &Sheet<'_>) -> Self {
        let [code, name, reading, latin, email] = sheet.fields(["code", "name", "reading", "latin", "email"]);
        Self {
            code,
            name,
            reading,
            latin,
            email,
        }
    }
}

/// What part somebody takes.
pub(super) struct Part {
    pub role: Role,
    pub organisation: Option<OrganisationId>,
    pub exhibitor: Option<ExhibitorId>,
    pub languages: Vec<Language>,
}

/// Whom a row enrolled.
pub(super) struct Enrolled {
    pub id: ParticipationId,
    pub person: PersonId,
    pub code: String,
}

pub(super) fn staff<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    let fields = PersonFields::of(sheet);
    let [exhibitor, languages] = sheet.fields(["exhibitor", "languages"]);
    for line in sheet.lines() {
        let shown = draft.exhibitor(&line, exhibitor);
        let part = Part {
            role: Role::Exhibitor,
            organisation: shown.and_then(|shown| shown.organisation),
            exhibitor: shown.map(|shown| shown.id),
            languages: line.list(languages, cell::language),
        };
        enrol(draft, &line, fields, part);
    }
}

pub(super) fn people<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    anybody(draft, sheet, |role| match role {
        Role::Buyer => Err(fault::role_elsewhere("buyers.csv")),
        Role::Exhibitor => Err(fault::role_elsewhere("staff.csv")),
        role => Ok(role),
    });
}

pub(super) fn visitors<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>) {
    anybody(draft, sheet, |role| match role {
        Role::Visitor => Ok(role),
        _ => Err(fault::role_elsewhere("people.csv")),
    });
}

fn anybody<'a>(draft: &mut Draft<'a>, sheet: &Sheet<'a>, allowed: impl Fn(Role) -> Result<Role, fault::Fault>) {
    let fields = PersonFields::of(sheet);
    let [role, organisation, region, languages] = sheet.fields(["role", "organisation", "region", "languages"]);
    for line in sheet.lines() {
        let role = line.required(role, |text| {
            let word = cell::narrow(text).to_lowercase().replace([' ', '-'], "_");
            allowed(Role::parse(&word).ok_or_else(|| fault::word(text, &Role::ALL.map(Role::code)))?)
        });
        // Where somebody comes from is checked, but says nothing certain about where the organisation is at home.
        line.optional(region, cell::region);
        let organisation = line.optional(organisation, cell::name).map(|written| {
            let name = Name {
                written,
                reading: None,
                latin: None,
            };
            draft.organisation(&line, name, Home::Unsaid)
        });
        let languages = line.list(languages, cell::language);
        let part = Part {
            role: role.unwrap_or(Role::Visitor),
            organisation,
            exhibitor: None,
            languages,
        };
        enrol(draft, &line, fields, part);
    }
}

/// Reads the person of a row and writes down the part it takes in the event.
pub(super) fn enrol<'a>(draft: &mut Draft<'a>, line: &Line<'a>, fields: PersonFields, part: Part) -> Option<Enrolled> {
    let written = line.required(fields.name, cell::name);
    let reading = line.optional(fields.reading, cell::name);
    let latin = line.optional(fields.latin, cell::name);
    let email = line.optional(fields.email, cell::email);
    let (scope, here) = (draft.scope.id, draft.here());
    let by_email = email.as_deref().map(|email| {
        draft
            .person_of_email(email)
            .unwrap_or_else(|| PersonId::derived(ROOT, email))
    });
    let person_of = |code: &str| {
        let known = || here.and_then(|here| here.people.get(code)).copied();
        by_email
            .or_else(known)
            .unwrap_or_else(|| PersonId::derived(scope, code))
    };
    let code = draft.parts.enter(line, fields.code, fault::PERSON, person_of)?;
    let person = draft.parts.get(&code)?;
    if let Some(fault) = known_otherwise(draft, part.role, &code) {
        line.note(fields.code, fault);
    }
    let written = written?;
    if let Some(email) = &email {
        address(
            draft,
            line,
            fields.email,
            Claim {
                email,
                written: &written,
                role: part.role,
            },
        );
    }
    if draft.enrolled.insert(person) {
        let name = Name {
            written,
            reading,
            latin,
        };
        draft.import.people.push(Person {
            id: person,
            name,
            email,
            languages: part.languages,
        });
    }
    let id = ParticipationId::derived(scope, &code);
    let Part {
        role,
        organisation,
        exhibitor,
        ..
    } = part;
    draft.import.participations.push(Participation {
        id,
        person,
        organisation,
        role,
        exhibitor,
        code: code.clone(),
    });
    Some(Enrolled { id, person, code })
}

/// A code that is known already belongs to a buyer or to somebody else, and cannot change sides.
fn known_otherwise(draft: &Draft<'_>, role: Role, code: &str) -> Option<fault::Fault> {
    let buyer = draft.known_buyer(code).is_some();
    let other = !buyer && draft.here().is_some_and(|here| here.people.contains_key(code));
    match role {
        Role::Buyer => other.then(|| fault::other_table(fault::PERSON, code)),
        _ => buyer.then(|| fault::other_table(fault::BUYER, code)),
    }
}

/// Somebody says a mail address is theirs.
#[derive(Clone, Copy)]
struct Claim<'c> {
    email: &'c str,
    written: &'c str,
    role: Role,
}

/// Notes an address two people share. The same name in another role is the same person.
fn address<'a>(draft: &mut Draft<'a>, line: &Line<'a>, field: Field, claim: Claim<'_>) {
    let name = folded(claim.written);
    let Some(bearer) = draft.emails.get_mut(claim.email) else {
        let bearer = Bearer {
            name,
            roles: Roles::of([claim.role]),
            place: line.place,
        };
        draft.emails.insert(claim.email.to_owned(), bearer);
        return;
    };
    if bearer.name != name || bearer.roles.has(claim.role) {
        line.note(field, fault::email_twice(claim.email, bearer.place));
    }
    bearer.roles = Roles::of(bearer.roles.iter().chain([claim.role]));
}
