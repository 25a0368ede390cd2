//! People and organisations, and what part they take in an event.

use crate::{
    access::Role,
    id::{BuyerId, ExhibitorId, OrganisationId, ParticipationId, PersonId},
    name::Name,
    region::{Language, Region},
    time::Span,
};
use jiff::Timestamp;

/// A company, label, agency, public body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: Name,
    /// Where it is at home.
    pub region: Option<Region>,
}

/// A human being: one over all programmes and events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its id; the resource occupied when the person is.
    pub id: PersonId,
    /// The name.
    pub name: Name,
    /// Where sign-in links and notices go. No two people share one.
    pub email: Option<String>,
    /// Languages spoken, preferred first.
    pub languages: Vec<Language>,
}

/// A person's part in an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// Its id.
    pub id: ParticipationId,
    /// Who.
    pub person: PersonId,
    /// For whom.
    pub organisation: Option<OrganisationId>,
    /// As what.
    pub role: Role,
    /// Staff of this exhibitor.
    pub exhibitor: Option<ExhibitorId>,
    /// The organizer's number for it: `B001`.
    pub code: String,
}

/// Who comes to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buyer {
    /// The participation's id.
    pub id: BuyerId,
    /// Who.
    pub person: PersonId,
    /// For whom.
    pub organisation: OrganisationId,
    /// The organizer's number: `B001`.
    pub code: String,
    /// Languages for meetings, preferred first.
    pub languages: Vec<Language>,
    /// What is looked for.
    pub genres: Vec<String>,
    /// Kinds of right looked for.
    pub rights: Vec<crate::artist::RightKind>,
    /// Regions for which rights are looked for.
    pub territories: Vec<Region>,
    /// When the buyer is there from; `None`: from the beginning.
    pub arrives: Option<Timestamp>,
    /// When the buyer leaves; `None`: stays to the end.
    pub leaves: Option<Timestamp>,
    /// Least and most meetings.
    pub quota: Quota,
}

/// Who shows at a booth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibitor {
    /// Its id.
    pub id: ExhibitorId,
    /// Which organisation.
    pub organisation: OrganisationId,
    /// The organizer's number: `X01`.
    pub code: String,
    /// Languages spoken at the booth.
    pub languages: Vec<Language>,
    /// What is shown.
    pub genres: Vec<String>,
    /// Least and most meetings.
    pub quota: Quota,
    /// Its page.
    pub homepage: Option<String>,
}

/// The least and the most meetings a party shall have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quota {
    min: Option<u16>,
    max: Option<u16>,
}

impl Quota {
    /// `None` when the least is more than the most.
    pub fn new(min: Option<u16>, max: Option<u16>) -> Option<Self> {
        let ordered = !matches!((min, max), (Some(least), Some(most)) if least > most);
        ordered.then_some(Self { min, max })
    }

    /// The least.
    pub fn min(&self) -> Option<u16> {
        self.min
    }

    /// The most.
    pub fn max(&self) -> Option<u16> {
        self.max
    }
}

/// A time for which a person is not to be had, and why; the reason is the person's own.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Absence {
    /// Who.
    pub person: PersonId,
    /// When.
    pub span: Span,
    /// Why, for the person and the organizer only.
    pub reason: String,
}

impl Buyer {
    /// Whether the buyer is at the show during the whole span.
    pub fn present(&self, span: &Span) -> bool {
        self.arrives.is_none_or(|at| at <= span.from()) && self.leaves.is_none_or(|at| span.until() <= at)
    }
}
