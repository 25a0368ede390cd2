//! What a buyer and an exhibitor say of themselves: languages, what is looked for or shown, how many meetings at most,
//! and whether they may be booked without being asked. A field that is left out stays as it is.
//!
//! The most meetings may be fewer than there are: nothing is cancelled, nothing more is booked.

use crate::{
    Ctx,
    access::{self, Actor, Verb},
    artist::RightKind,
    event::{Phase, Slot},
    id::{BuyerId, ExhibitorId},
    market::Meeting,
    name,
    participation::{Buyer, Exhibitor, Quota},
    refusal::Refusal,
    region::{Language, Region},
    venue::InterpreterPool,
};
use jiff::Timestamp;

/// Most languages a party may name.
pub const MAX_LANGUAGES: usize = 10;
/// Most genres a party may name.
pub const MAX_GENRES: usize = 30;
/// Longest genre, in characters.
pub const MAX_GENRE: usize = 40;
/// Longest address of a page, in bytes.
pub const MAX_HOMEPAGE: usize = 1000;

/// A field that can be without a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Stays as it is.
    #[default]
    Kept,
    /// Has this value, or none, from now on.
    Now(Option<T>),
}

impl<T> Field<T> {
    fn or(self, kept: Option<T>) -> Option<T> {
        match self {
            Field::Kept => kept,
            Field::Now(value) => value,
        }
    }
}

/// What a buyer changes. Codes are looked at by the rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateBuyer {
    /// Who; `None`: oneself.
    pub buyer: Option<BuyerId>,
    /// Languages for meetings, preferred first, ISO 639-1.
    pub languages: Option<Vec<String>>,
    /// What is looked for.
    pub genres: Option<Vec<String>>,
    /// Kinds of right looked for.
    pub rights: Option<Vec<RightKind>>,
    /// Regions for which rights are looked for, ISO 3166-1 alpha-2.
    pub territories: Option<Vec<String>>,
    /// Least meetings.
    pub quota_min: Field<u16>,
    /// Most meetings.
    pub quota_max: Field<u16>,
    /// Whether exhibitors may book without asking.
    pub direct: Option<bool>,
}

/// What an exhibitor changes. Codes are looked at by the rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateExhibitor {
    /// Which; `None`: one's own.
    pub exhibitor: Option<ExhibitorId>,
    /// Languages spoken at the booth, ISO 639-1.
    pub languages: Option<Vec<String>>,
    /// What is shown.
    pub genres: Option<Vec<String>>,
    /// Its page.
    pub homepage: Field<String>,
    /// Least meetings.
    pub quota_min: Field<u16>,
    /// Most meetings.
    pub quota_max: Field<u16>,
    /// Whether buyers may book without asking.
    pub direct: Option<bool>,
}

/// What the rule looks at.
#[derive(Debug, Clone)]
pub struct Situation<'s, T> {
    /// Where the event stands.
    pub phase: Phase,
    /// All slots.
    pub slots: &'s [Slot],
    /// All pools.
    pub pools: &'s [InterpreterPool],
    /// As the party is now.
    pub party: &'s T,
    /// Its planned meetings, each with the languages of the other side.
    pub meetings: Vec<(Meeting, &'s [Language])>,
}

/// The buyer that is meant: oneself, or, for the organizer, the one that is named.
pub fn buyer(actor: &Actor, verb: Verb, named: Option<BuyerId>) -> Result<BuyerId, Refusal> {
    access::may(actor, verb)?;
    meant(actor, actor.buyer, named)
}

/// The exhibitor that is meant: one's own, or, for the organizer, the one that is named.
pub fn exhibitor(actor: &Actor, verb: Verb, named: Option<ExhibitorId>) -> Result<ExhibitorId, Refusal> {
    access::may(actor, verb)?;
    meant(actor, actor.exhibitor, named)
}

fn meant<I: Copy + PartialEq>(actor: &Actor, own: Option<I>, named: Option<I>) -> Result<I, Refusal> {
    match named {
        Some(id) if actor.organizes() || own == Some(id) => Ok(id),
        Some(_) => Err(Refusal::NotFound),
        None => own.ok_or(Refusal::NotFound),
    }
}

/// Changes what a buyer says of itself.
pub fn update_buyer(situation: &Situation<'_, Buyer>, command: UpdateBuyer, ctx: &Ctx) -> Result<Buyer, Refusal> {
    let before = situation.party;
    if buyer(&ctx.actor, Verb::UpdateBuyer, command.buyer)? != before.id {
        return Err(Refusal::NotFound);
    }
    access::open(&ctx.actor, Verb::UpdateBuyer, situation.phase)?;
    let mut changed = before.clone();
    if let Some(spoken) = &command.languages {
        changed.languages = languages(spoken)?;
        understood(situation, &before.languages, &changed.languages, ctx.now)?;
    }
    if let Some(named) = &command.genres {
        changed.genres = genres(named)?;
    }
    if let Some(rights) = &command.rights {
        changed.rights = once(rights.iter().copied());
    }
    if let Some(named) = &command.territories {
        changed.territories = territories(named)?;
    }
    changed.quota = quota(before.quota, command.quota_min, command.quota_max)?;
    Ok(changed)
}

/// Changes what an exhibitor says of itself.
pub fn update_exhibitor(
    situation: &Situation<'_, Exhibitor>,
    command: UpdateExhibitor,
    ctx: &Ctx,
) -> Result<Exhibitor, Refusal> {
    let before = situation.party;
    if exhibitor(&ctx.actor, Verb::UpdateExhibitor, command.exhibitor)? != before.id {
        return Err(Refusal::NotFound);
    }
    access::open(&ctx.actor, Verb::UpdateExhibitor, situation.phase)?;
    let mut changed = before.clone();
    if let Some(spoken) = &command.languages {
        changed.languages = languages(spoken)?;
        understood(situation, &before.languages, &changed.languages, ctx.now)?;
    }
    if let Some(named) = &command.genres {
        changed.genres = genres(named)?;
    }
    changed.homepage = match command.homepage {
        Field::Now(Some(address)) => Some(homepage(&address)?),
        other => other.or(changed.homepage),
    };
    changed.quota = quota(before.quota, command.quota_min, command.quota_max)?;
    Ok(changed)
}

/// No meeting that is to come and in which both understood each other may become one in which they do not.
fn understood<T>(
    situation: &Situation<'_, T>,
    before: &[Language],
    after: &[Language],
    now: Timestamp,
) -> Result<(), Refusal> {
    let understand = |own: &[Language], (meeting, others): &(Meeting, &[Language])| {
        let pool = meeting.placement.interpreter.map(|(pool, _)| pool);
        let mut pools = situation.pools.iter().filter(|candidate| pool == Some(candidate.id));
        own.iter().any(|language| others.contains(language)) || pools.any(|pool| pool.bridges(own, others))
    };
    let lost = situation.meetings.iter().filter_map(|meeting| {
        let slot = situation.slots.get(usize::from(meeting.0.placement.slot))?;
        let lost = slot.starts > now && understand(before, meeting) && !understand(after, meeting);
        lost.then_some(slot.starts)
    });
    let lost: Vec<Timestamp> = lost.collect();
    if lost.is_empty() {
        Ok(())
    } else {
        Err(Refusal::has_meetings(lost))
    }
}

fn malformed(field: &'static str, wanted: &'static str) -> Refusal {
    Refusal::Malformed { field, wanted }
}

/// Each once, in order.
fn once<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list = Vec::new();
    for item in items {
        if !list.contains(&item) {
            list.push(item);
        }
    }
    list
}

fn languages(codes: &[String]) -> Result<Vec<Language>, Refusal> {
    let wrong = || malformed("languages", "1 to 10 codes of ISO 639-1, such as ja or en");
    let parsed: Option<Vec<Language>> = codes.iter().map(|code| Language::parse(code)).collect();
    let parsed = once(parsed.ok_or_else(wrong)?);
    if (1..=MAX_LANGUAGES).contains(&parsed.len()) {
        Ok(parsed)
    } else {
        Err(wrong())
    }
}

fn territories(codes: &[String]) -> Result<Vec<Region>, Refusal> {
    let parsed: Option<Vec<Region>> = codes.iter().map(|code| Region::parse(code)).collect();
    let wrong = || malformed("territories", "codes of ISO 3166-1, such as JP or KR");
    parsed.map(once).ok_or_else(wrong)
}

/// Lower case, as files give them, so that the same is the same.
fn genres(named: &[String]) -> Result<Vec<String>, Refusal> {
    let wrong = || {
        malformed(
            "genres",
            "at most 30 genres of up to 40 characters each, without commas",
        )
    };
    let fits = |genre: &String| genre.chars().count() <= MAX_GENRE && !genre.contains(',');
    let lines = named.iter().filter_map(|text| name::line(&text.to_lowercase()));
    let lines = once(lines);
    if lines.len() <= MAX_GENRES && lines.iter().all(fits) {
        Ok(lines)
    } else {
        Err(wrong())
    }
}

fn homepage(address: &str) -> Result<String, Refusal> {
    let address = address.trim();
    let host = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\');
    let right = host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && host.chars().all(plain));
    if right && address.len() <= MAX_HOMEPAGE {
        Ok(address.to_owned())
    } else {
        Err(malformed("homepage", "an address that begins with https:// or http://"))
    }
}

fn quota(before: Quota, min: Field<u16>, max: Field<u16>) -> Result<Quota, Refusal> {
    Quota::new(min.or(before.min()), max.or(before.max()))
        .ok_or_else(|| malformed("quotaMin", "a number not above quotaMax"))
}
