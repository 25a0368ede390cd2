//! Who takes part: people, organisations, buyers, exhibitors, booths, artists.

use crate::{
    board,
    event::{Name, Zone},
    gate::sees,
    meeting::Meeting,
    reads::{ArtistsOf, Direct, MeetingsOfBuyer, MeetingsOfExhibitor, booth_of, facts, one, pointed_to, rows},
    staffing::Staffing,
    standby::Standby,
};
use async_graphql::{Context, Enum, Object, Result};
use domain::{Ctx, artist as catalogue, participation as rule, venue};
use uuid::Uuid;

/// As what somebody takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub(crate) enum Role {
    /// Comes to look and listen.
    Visitor,
    /// Comes to buy.
    Buyer,
    /// Staff of an exhibitor.
    Exhibitor,
    /// Gives advice on business abroad.
    Adviser,
    /// Speaks at a session.
    Speaker,
    /// Interprets at meetings.
    Interpreter,
    /// Scans badges.
    DoorStaff,
    /// Runs the event.
    Organizer,
    /// The ministry's auditor.
    Officer,
}

/// Kinds of right that are traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalogue::RightKind")]
pub(crate) enum RightKind {
    /// Sound recordings.
    Recording,
    /// Works.
    Publishing,
    /// Synchronisation with pictures.
    Sync,
    /// Live booking.
    Live,
    /// Distribution.
    Distribution,
}

fn words<T: ToString>(items: &[T]) -> Vec<String> {
    items.iter().map(T::to_string).collect()
}

fn kinds(rights: &[catalogue::RightKind]) -> Vec<RightKind> {
    rights.iter().map(|&kind| kind.into()).collect()
}

/// The one signed in, in this event.
pub(crate) struct Viewer;

#[Object]
impl Viewer {
    /// Who it is; `null` when the person takes no part in this event.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        let Some(person) = ctx.data::<Ctx>()?.actor.person else {
            return Ok(None);
        };
        Ok(one(ctx, person).await?.map(Person))
    }
    /// As what the person takes part.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<Role>> {
        Ok(ctx.data::<Ctx>()?.actor.roles.iter().map(Role::from).collect())
    }
    /// The buyer the person is.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Option<Buyer>> {
        let Some(buyer) = ctx.data::<Ctx>()?.actor.buyer else {
            return Ok(None);
        };
        Ok(one(ctx, buyer).await?.map(Buyer))
    }
    /// The exhibitor the person is staff of.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Option<Exhibitor>> {
        let Some(exhibitor) = ctx.data::<Ctx>()?.actor.exhibitor else {
            return Ok(None);
        };
        Ok(one(ctx, exhibitor).await?.map(Exhibitor))
    }
}

/// A human being.
pub(crate) struct Person(pub(crate) rule::Person);

#[Object]
impl Person {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// The name.
    async fn name(&self) -> Name {
        self.0.name.clone().into()
    }
    /// Languages spoken, preferred first, ISO 639-1.
    async fn languages(&self) -> Vec<String> {
        words(&self.0.languages)
    }
    /// Mail address: for the person and the organizer.
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let own = ctx.data::<Ctx>()?.actor.person == Some(self.0.id);
        Ok(if sees(ctx, "Person", "email", own)? {
            self.0.email.as_deref()
        } else {
            None
        })
    }
}

/// A company, label, agency, public body.
pub(crate) struct Organisation(pub(crate) rule::Organisation);

#[Object]
impl Organisation {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// The name.
    async fn name(&self) -> Name {
        self.0.name.clone().into()
    }
    /// Where it is at home, ISO 3166-1 alpha-2.
    async fn region(&self) -> Option<String> {
        self.0.region.map(|region| region.to_string())
    }
}

/// Who comes to buy.
pub(crate) struct Buyer(pub(crate) rule::Buyer);

impl Buyer {
    fn own(&self, ctx: &Context<'_>, field: &str) -> Result<bool> {
        sees(ctx, "Buyer", field, ctx.data::<Ctx>()?.actor.buyer == Some(self.0.id))
    }
}

#[Object]
impl Buyer {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// The organizer's number.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Who.
    async fn person(&self, ctx: &Context<'_>) -> Result<Person> {
        Ok(Person(pointed_to(ctx, self.0.person).await?))
    }
    /// For whom.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Organisation> {
        Ok(Organisation(pointed_to(ctx, self.0.organisation).await?))
    }
    /// Languages for meetings, preferred first, ISO 639-1.
    async fn languages(&self) -> Vec<String> {
        words(&self.0.languages)
    }
    /// What is looked for.
    async fn genres(&self) -> &[String] {
        &self.0.genres
    }
    /// Kinds of right looked for.
    async fn rights(&self) -> Vec<RightKind> {
        kinds(&self.0.rights)
    }
    /// Regions for which rights are looked for.
    async fn territories(&self) -> Vec<String> {
        words(&self.0.territories)
    }
    /// Whether exhibitors may book without asking first.
    async fn direct(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(one(ctx, Direct(self.0.id.0)).await?.unwrap_or(true))
    }
    /// When the buyer is there from.
    async fn arrives_at(&self, ctx: &Context<'_>) -> Result<Option<jiff::Timestamp>> {
        Ok(if self.own(ctx, "arrivesAt")? {
            self.0.arrives
        } else {
            None
        })
    }
    /// When the buyer leaves.
    async fn leaves_at(&self, ctx: &Context<'_>) -> Result<Option<jiff::Timestamp>> {
        Ok(if self.own(ctx, "leavesAt")? {
            self.0.leaves
        } else {
            None
        })
    }
    /// Least meetings.
    async fn quota_min(&self, ctx: &Context<'_>) -> Result<Option<u16>> {
        Ok(if self.own(ctx, "quotaMin")? {
            self.0.quota.min()
        } else {
            None
        })
    }
    /// Most meetings.
    async fn quota_max(&self, ctx: &Context<'_>) -> Result<Option<u16>> {
        Ok(if self.own(ctx, "quotaMax")? {
            self.0.quota.max()
        } else {
            None
        })
    }
    /// The buyer's meetings, in order of time.
    async fn meetings(&self, ctx: &Context<'_>) -> Result<Option<Vec<Meeting>>> {
        if !self.own(ctx, "meetings")? {
            return Ok(None);
        }
        let meetings = one(ctx, MeetingsOfBuyer(self.0.id)).await?.unwrap_or_default();
        Ok(Some(meetings.into_iter().map(Meeting).collect()))
    }
}

/// Who shows at a booth.
pub(crate) struct Exhibitor(pub(crate) rule::Exhibitor);

impl Exhibitor {
    fn own(&self, ctx: &Context<'_>, field: &str) -> Result<bool> {
        sees(
            ctx,
            "Exhibitor",
            field,
            ctx.data::<Ctx>()?.actor.exhibitor == Some(self.0.id),
        )
    }
}

#[Object]
impl Exhibitor {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// The organizer's number.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Which organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Organisation> {
        Ok(Organisation(pointed_to(ctx, self.0.organisation).await?))
    }
    /// Languages spoken at the booth, ISO 639-1.
    async fn languages(&self) -> Vec<String> {
        words(&self.0.languages)
    }
    /// What is shown.
    async fn genres(&self) -> &[String] {
        &self.0.genres
    }
    /// Its page.
    async fn homepage(&self) -> Option<&str> {
        self.0.homepage.as_deref()
    }
    /// Whether buyers may book without asking first.
    async fn direct(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(one(ctx, Direct(self.0.id.0)).await?.unwrap_or(true))
    }
    /// Where it stands.
    async fn booth(&self, ctx: &Context<'_>) -> Result<Option<Booth>> {
        Ok(booth_of(ctx, self.0.id).await?.map(Booth))
    }
    /// The artists it represents.
    async fn artists(&self, ctx: &Context<'_>) -> Result<Vec<Artist>> {
        Ok(one(ctx, ArtistsOf(self.0.id))
            .await?
            .unwrap_or_default()
            .into_iter()
            .map(Artist)
            .collect())
    }
    /// Its people at the show.
    async fn staff(&self, ctx: &Context<'_>) -> Result<Option<Vec<Person>>> {
        let staff = facts(ctx).await?.staff.get(&self.0.id).cloned().unwrap_or_default();
        let people = rows(ctx)
            .await?
            .load_many(staff.iter().copied())
            .await
            .map_err(crate::reads::unexpected)?;
        Ok(Some(
            staff
                .iter()
                .filter_map(|id| people.get(id).cloned().map(Person))
                .collect(),
        ))
    }
    /// Least meetings.
    async fn quota_min(&self, ctx: &Context<'_>) -> Result<Option<u16>> {
        Ok(if self.own(ctx, "quotaMin")? {
            self.0.quota.min()
        } else {
            None
        })
    }
    /// Most meetings.
    async fn quota_max(&self, ctx: &Context<'_>) -> Result<Option<u16>> {
        Ok(if self.own(ctx, "quotaMax")? {
            self.0.quota.max()
        } else {
            None
        })
    }
}

/// Where an exhibitor stands.
pub(crate) struct Booth(pub(crate) venue::Booth);

#[Object]
impl Booth {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// `C-07`.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// The zone it stands in.
    async fn zone(&self, ctx: &Context<'_>) -> Result<Option<Zone>> {
        let zones = &facts(ctx).await?.zones;
        Ok(zones.iter().find(|zone| zone.id == self.0.zone).map(Zone::from))
    }
    /// How many tables it has.
    async fn tables(&self) -> u16 {
        self.0.tables
    }
    /// When fewer of its tables are staffed, in order of time. For those who stand there, run or audit.
    async fn staffing(&self, ctx: &Context<'_>) -> Result<Option<Vec<Staffing>>> {
        let own = ctx.data::<Ctx>()?.actor.exhibitor == Some(self.0.exhibitor);
        if !sees(ctx, "Booth", "staffing", own)? {
            return Ok(None);
        }
        Ok(Some(self.0.staffing.iter().map(Staffing::from).collect()))
    }
    /// Who stands there.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.0.exhibitor).await?))
    }
    /// The meetings held there, in order of time and table.
    async fn meetings(&self, ctx: &Context<'_>) -> Result<Option<Vec<Meeting>>> {
        let own = ctx.data::<Ctx>()?.actor.exhibitor == Some(self.0.exhibitor);
        if !sees(ctx, "Booth", "meetings", own)? {
            return Ok(None);
        }
        let meetings = one(ctx, MeetingsOfExhibitor(self.0.exhibitor))
            .await?
            .unwrap_or_default();
        Ok(Some(meetings.into_iter().map(Meeting).collect()))
    }
    /// Who waits for a place there, best first: for the booth by its own wishes and by time, for those who run the event
    /// by what the pairs wish.
    async fn standby(&self, ctx: &Context<'_>) -> Result<Option<Vec<Standby>>> {
        let own = ctx.data::<Ctx>()?.actor.exhibitor == Some(self.0.exhibitor);
        if !sees(ctx, "Booth", "standby", own)? {
            return Ok(None);
        }
        Ok(Some(board::waiting(ctx, self.0.exhibitor).await?))
    }
}

/// An artist in the catalogue.
pub(crate) struct Artist(pub(crate) catalogue::Artist);

#[Object]
impl Artist {
    /// The id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// The organizer's number.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// The artist's name.
    async fn name(&self) -> Name {
        self.0.name.clone().into()
    }
    /// Who represents the artist here.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.0.exhibitor).await?))
    }
    /// Genre.
    async fn genre(&self) -> &str {
        &self.0.genre
    }
    /// What can be agreed.
    async fn rights(&self) -> Vec<RightKind> {
        kinds(&self.0.rights)
    }
    /// Where; empty: everywhere.
    async fn territories(&self) -> Vec<String> {
        words(&self.0.territories)
    }
}
