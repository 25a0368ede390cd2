//! Repairing the live calendar: what happened, what would become of it; kept, it is a proposed version.

use crate::{
    participation::{Buyer, Exhibitor},
    reads::{beside, pointed_to, rows, unexpected},
    refusal::{Tongue, spoken},
    scalar::Long,
    suggest::{found, pair},
    timetable::{Difference, Placement, listed},
};
use async_graphql::{Context, Enum, InputObject, Object, OneofObject, Result};
use domain::{
    Ctx, Refusal,
    id::{BuyerId, ExhibitorId, TimetableId},
    market::Market,
    repair::{self as rule, Disturbance, Terms},
    time::{Span, Timestamp},
};
use storage::{Error, repair::RepairTimetable};
use uuid::Uuid;

/// Meetings moved at most, if nothing is said.
const USUAL_MOVED: u16 = 20;
/// People listed one by one.
const MAX_TOLD: usize = 100;

/// A meeting.
#[derive(InputObject)]
pub(crate) struct PairInput {
    /// Who comes.
    buyer: Uuid,
    /// Whom the buyer meets.
    exhibitor: Uuid,
}

/// A buyer and a moment.
#[derive(InputObject)]
pub(crate) struct BuyerAtInput {
    /// Who.
    buyer: Uuid,
    /// When.
    at: Timestamp,
}

/// A booth and a time.
#[derive(InputObject)]
pub(crate) struct BoothClosedInput {
    /// Whose booth.
    exhibitor: Uuid,
    /// From when.
    from: Timestamp,
    /// Until when.
    until: Timestamp,
}

/// Tables and a time.
#[derive(InputObject)]
pub(crate) struct TablesLostInput {
    /// Whose.
    exhibitor: Uuid,
    /// How many.
    tables: u16,
    /// From when.
    from: Timestamp,
    /// Until when.
    until: Timestamp,
}

/// Interpreters and a time.
#[derive(InputObject)]
pub(crate) struct InterpretersIllInput {
    /// The pool's code: `interpreters-en`.
    pool: String,
    /// How many.
    interpreters: u16,
    /// From when.
    from: Timestamp,
    /// Until when.
    until: Timestamp,
}

/// Something that happened.
#[derive(OneofObject)]
pub(crate) enum DisturbanceInput {
    /// A meeting is called off.
    Cancelled(PairInput),
    /// A buyer comes only then.
    BuyerLate(BuyerAtInput),
    /// A buyer leaves already then.
    BuyerLeaves(BuyerAtInput),
    /// A booth takes no meetings for a while.
    BoothClosed(BoothClosedInput),
    /// A booth has fewer tables for a while.
    TablesLost(TablesLostInput),
    /// A pool has fewer interpreters for a while.
    InterpretersIll(InterpretersIllInput),
}

impl DisturbanceInput {
    fn parsed(&self, market: &Market) -> Result<Disturbance, Refusal> {
        let span = |from, until| {
            Span::new(from, until).ok_or(Refusal::Malformed {
                field: "from, until",
                wanted: "from before until, two days at most",
            })
        };
        Ok(match self {
            Self::Cancelled(one) => Disturbance::Cancelled(pair(one.buyer, one.exhibitor)),
            Self::BuyerLate(one) => Disturbance::BuyerLate(BuyerId(one.buyer), one.at),
            Self::BuyerLeaves(one) => Disturbance::BuyerLeaves(BuyerId(one.buyer), one.at),
            Self::BoothClosed(one) => Disturbance::BoothClosed(ExhibitorId(one.exhibitor), span(one.from, one.until)?),
            Self::TablesLost(one) => {
                let span = span(one.from, one.until)?;
                Disturbance::TablesLost(ExhibitorId(one.exhibitor), one.tables, span)
            }
            Self::InterpretersIll(one) => {
                let pool = market.pools.iter().find(|pool| pool.code == one.pool);
                let pool = pool.ok_or(Refusal::NotFound)?.id;
                Disturbance::InterpretersIll(pool, one.interpreters, span(one.from, one.until)?)
            }
        })
    }
}

/// What becomes of freed room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::Room")]
pub(crate) enum FreedRoom {
    /// It stays free.
    Keep,
    /// Pairs that wait and fit get it, the most wanted first.
    Fill,
}

/// A repair that shall be kept.
#[derive(InputObject)]
pub(crate) struct RepairTimetableInput {
    /// The new version's id, made by whoever asks.
    id: Uuid,
    /// What happened, 50 at most.
    disturbances: Vec<DisturbanceInput>,
    /// How many meetings may move at most, 0 to 1000.
    #[graphql(default_with = "USUAL_MOVED")]
    most_moved: u16,
    /// What becomes of freed room.
    #[graphql(default_with = "FreedRoom::Keep")]
    freed_room: FreedRoom,
}

impl RepairTimetableInput {
    pub(crate) fn parsed(&self, market: &Market, now: Timestamp) -> Result<RepairTimetable, Error> {
        let asked = self.disturbances.iter().map(|one| one.parsed(market));
        Ok(RepairTimetable {
            id: TimetableId(self.id),
            disturbances: asked.collect::<Result<_, _>>()?,
            terms: Terms {
                now,
                most_moved: self.most_moved,
                room: self.freed_room.into(),
            },
        })
    }
}

/// How a preview may go.
pub(crate) struct Asked {
    pub(crate) disturbances: Vec<DisturbanceInput>,
    pub(crate) most_moved: Option<u16>,
    pub(crate) freed_room: Option<FreedRoom>,
}

/// The least disturbing way out. Nothing has been changed.
pub(crate) struct Repair(rule::Repair);

#[Object]
impl Repair {
    /// What publishing it would change in the live calendar.
    async fn difference(&self) -> Difference {
        Difference(self.0.difference.clone())
    }
    /// Meetings booked by hand that cannot be held any more: a person cancels those, no version does. 100 at most.
    async fn by_hand(&self) -> Vec<Placement> {
        listed(&self.0.by_hand)
    }
    /// So many meetings must move or fall away whatever one does: proved.
    async fn at_least(&self) -> usize {
        self.0.at_least
    }
    /// The proof line.
    async fn proof(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<&str> {
        Ok(self.0.proof.get(spoken(ctx, tongue)?))
    }
    /// What the repaired calendar is worth.
    async fn value(&self) -> Long {
        Long(self.0.proposal.value)
    }
    /// No timetable can be worth more, things being as they are said to be.
    async fn upper_bound(&self) -> Long {
        Long(self.0.proposal.upper_bound)
    }
    /// Buyers to tell, 100 at most.
    async fn buyers_told(&self, ctx: &Context<'_>) -> Result<Vec<Buyer>> {
        let (buyers, _) = self.0.told();
        let asked = buyers.into_iter().take(MAX_TOLD).map(|id| pointed_to(ctx, id));
        let buyers = futures_util::future::try_join_all(asked).await?;
        Ok(buyers.into_iter().map(Buyer).collect())
    }
    /// Exhibitors to tell, 100 at most.
    async fn exhibitors_told(&self, ctx: &Context<'_>) -> Result<Vec<Exhibitor>> {
        let (_, exhibitors) = self.0.told();
        let asked = exhibitors.into_iter().take(MAX_TOLD).map(|id| pointed_to(ctx, id));
        let exhibitors = futures_util::future::try_join_all(asked).await?;
        Ok(exhibitors.into_iter().map(Exhibitor).collect())
    }
}

/// What would become of the live calendar.
pub(crate) async fn preview(ctx: &Context<'_>, asked: Asked) -> Result<Option<Repair>> {
    let terms = Terms {
        now: ctx.data::<Ctx>()?.now,
        most_moved: asked.most_moved.unwrap_or(USUAL_MOVED),
        room: asked.freed_room.unwrap_or(FreedRoom::Keep).into(),
    };
    let rows = rows(ctx).await?;
    let rows = rows.loader();
    let market = rows.market().await?;
    let certificate = rows.snapshot.published_certificate().await.map_err(unexpected)?;
    let repaired = beside(move || {
        let happened = asked.disturbances.iter().map(|one| one.parsed(&market));
        let happened: Vec<Disturbance> = happened.collect::<Result<_, _>>()?;
        rule::repair(&market, &certificate, &happened, &terms).map(Repair)
    });
    found(repaired.await?)
}
