//! The event, its days and slots, halls and zones; names and texts.

use crate::reads::{rows, unexpected};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use domain::{event as rule, name};
use uuid::Uuid;

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::Phase")]
pub(crate) enum Phase {
    /// Wishes of both sides are open.
    Wishes,
    /// A timetable is being calculated and compared.
    Calculated,
    /// The timetable is published; free places can be booked.
    OpenCalendar,
    /// Nothing moves any more but by the organizer.
    Final,
    /// The show is on.
    OnSite,
    /// Follow-up.
    After,
}

/// A text in both languages.
#[derive(SimpleObject)]
pub(crate) struct Text {
    /// Japanese.
    ja: String,
    /// English.
    en: String,
}

impl From<name::Bilingual> for Text {
    fn from(text: name::Bilingual) -> Self {
        Self {
            ja: text.ja,
            en: text.en,
        }
    }
}

/// A name as its bearer writes it.
#[derive(SimpleObject)]
pub(crate) struct Name {
    /// In its own script.
    written: String,
    /// Kana reading.
    reading: Option<String>,
    /// Latin form.
    latin: Option<String>,
}

impl From<name::Name> for Name {
    fn from(name: name::Name) -> Self {
        Self {
            written: name.written,
            reading: name.reading,
            latin: name.latin,
        }
    }
}

/// One trade show.
pub(crate) struct Event(pub(crate) rule::Event);

#[Object]
impl Event {
    /// Its id.
    async fn id(&self) -> Uuid {
        self.0.id.0
    }
    /// Short name in addresses and files.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// What people call it.
    async fn name(&self) -> Text {
        self.0.name.clone().into()
    }
    /// The building.
    async fn venue(&self) -> Text {
        self.0.venue.clone().into()
    }
    /// IANA name of the venue's time zone.
    async fn zone(&self) -> &str {
        &self.0.zone
    }
    /// Where it stands.
    async fn phase(&self) -> Phase {
        self.0.phase.into()
    }
    /// Its days with their slots.
    async fn days(&self, ctx: &Context<'_>) -> Result<Vec<Day>> {
        let rows = rows(ctx).await?;
        let slots = &rows.loader().facts().await?.slots;
        let days = slots.chunk_by(|a, b| a.day == b.day);
        Ok(days
            .map(|day| Day {
                number: day[0].day,
                slots: day.iter().copied().map(Slot).collect(),
            })
            .collect())
    }
    /// Its halls with their zones.
    async fn halls(&self, ctx: &Context<'_>) -> Result<Vec<Hall>> {
        let rows = rows(ctx).await?;
        let zones = &rows.loader().facts().await?.zones;
        let halls = rows.loader().snapshot.halls().await.map_err(unexpected)?;
        let zones_of = |id| {
            zones
                .iter()
                .filter(move |zone| zone.hall == id)
                .map(Zone::from)
                .collect()
        };
        let hall = |hall: domain::venue::Hall| Hall {
            zones: zones_of(hall.id),
            code: hall.code,
            name: hall.name.into(),
        };
        Ok(halls.into_iter().map(hall).collect())
    }
    /// How many buyers are coming.
    async fn buyer_count(&self, ctx: &Context<'_>) -> Result<u64> {
        rows(ctx)
            .await?
            .loader()
            .snapshot
            .count_buyers()
            .await
            .map_err(unexpected)
    }
    /// How many exhibitors show.
    async fn exhibitor_count(&self, ctx: &Context<'_>) -> Result<u64> {
        rows(ctx)
            .await?
            .loader()
            .snapshot
            .count_exhibitors()
            .await
            .map_err(unexpected)
    }
    /// How many artists are in the catalogue.
    async fn artist_count(&self, ctx: &Context<'_>) -> Result<u64> {
        rows(ctx)
            .await?
            .loader()
            .snapshot
            .count_artists()
            .await
            .map_err(unexpected)
    }
}

/// One day of the event.
#[derive(SimpleObject)]
pub(crate) struct Day {
    /// Its number, from 0.
    number: u16,
    /// Its slots, in order.
    slots: Vec<Slot>,
}

/// One meeting time.
#[derive(Clone, Copy)]
pub(crate) struct Slot(pub(crate) rule::Slot);

#[Object]
impl Slot {
    /// Its number over all days, from 0.
    async fn number(&self) -> u16 {
        self.0.number
    }
    /// When a meeting begins.
    async fn starts_at(&self) -> jiff::Timestamp {
        self.0.starts
    }
    /// When it ends.
    async fn ends_at(&self) -> jiff::Timestamp {
        self.0.ends
    }
}

/// A room of the venue.
#[derive(SimpleObject)]
pub(crate) struct Hall {
    /// Short name.
    code: String,
    /// What people call it.
    name: Text,
    /// Its zones.
    zones: Vec<Zone>,
}

/// A part of a hall.
#[derive(SimpleObject)]
pub(crate) struct Zone {
    /// Short name.
    code: String,
    /// What people call it.
    name: Text,
}

impl From<&domain::venue::Zone> for Zone {
    fn from(zone: &domain::venue::Zone) -> Self {
        Self {
            code: zone.code.clone(),
            name: zone.name.clone().into(),
        }
    }
}
