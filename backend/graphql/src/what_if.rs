//! What if: value, bound, meetings and fairness before and after, at once or by solving. Nothing is changed.

use crate::{
    fairness::Fairness,
    reads::{beside, rows, unexpected},
    scalar::Long,
    suggest::found,
};
use async_graphql::{Context, InputObject, Object, OneofObject, Result};
use domain::{
    Refusal,
    id::{ExhibitorId, TimetableId},
    market::{Market, Placement},
    what_if::{self as rule, MAX_SECONDS, Question},
};
use std::time::Duration;
use storage::{Error, run::Clock};
use uuid::Uuid;

/// Tables more or fewer.
#[derive(InputObject)]
pub(crate) struct TablesInput {
    /// At whose booth.
    exhibitor: Uuid,
    /// So many more; below 0: fewer.
    by: i32,
}

/// Interpreters more or fewer.
#[derive(InputObject)]
pub(crate) struct InterpretersInput {
    /// The pool's code: `interpreters-en`.
    pool: String,
    /// So many more; below 0: fewer.
    by: i32,
}

/// A floor for small exhibitors.
#[derive(InputObject)]
pub(crate) struct FloorInput {
    /// Exhibitors with at most so many tables …
    tables: u16,
    /// … shall have at least so many meetings.
    meetings: u16,
}

/// One thing that could be otherwise.
#[derive(OneofObject)]
pub(crate) enum EditInput {
    /// Tables more or fewer at a booth, whenever it is open.
    Tables(TablesInput),
    /// Interpreters more or fewer in a pool.
    Interpreters(InterpretersInput),
    /// Nobody meets in the slot of this number.
    SlotClosed(u16),
    /// A floor for small exhibitors.
    Floor(FloorInput),
}

impl EditInput {
    fn parsed(&self, market: &Market) -> Result<Question, Refusal> {
        Ok(match self {
            Self::Tables(one) => Question::Tables(ExhibitorId(one.exhibitor), one.by),
            Self::Interpreters(one) => {
                let pool = market.pools.iter().find(|pool| pool.code == one.pool);
                Question::Interpreters(pool.ok_or(Refusal::NotFound)?.id, one.by)
            }
            Self::SlotClosed(slot) => Question::SlotClosed(*slot),
            Self::Floor(one) => Question::Floor {
                tables: one.tables,
                meetings: one.meetings,
            },
        })
    }
}

/// Before and after.
pub(crate) struct WhatIf {
    found: rule::WhatIf,
    exact: bool,
}

#[Object]
impl WhatIf {
    /// As it is.
    async fn before(&self) -> Figures {
        Figures(self.found.before.clone())
    }
    /// As it would be: what the smallest changes reach at once, or what a search has found.
    async fn after(&self) -> Figures {
        Figures(self.found.after.clone())
    }
    /// Whether it was searched for.
    async fn exact(&self) -> bool {
        self.exact
    }
}

/// One side of the comparison.
pub(crate) struct Figures(rule::Figures);

#[Object]
impl Figures {
    /// What the meetings are worth, less penalties.
    async fn value(&self) -> Long {
        Long(self.0.value)
    }
    /// No timetable can be worth more.
    async fn upper_bound(&self) -> Long {
        Long(self.0.upper_bound)
    }
    /// Pairs that meet.
    async fn placed(&self) -> u32 {
        self.0.placed
    }
    /// How it treats those who wish.
    async fn fairness(&self) -> Fairness {
        Fairness(self.0.fairness.clone())
    }
}

/// What is asked.
pub(crate) struct Asked {
    pub(crate) edits: Vec<EditInput>,
    /// Which version; the live calendar otherwise.
    pub(crate) timetable: Option<Uuid>,
    /// How long to search for an exact answer.
    pub(crate) seconds: Option<u16>,
}

pub(crate) async fn what_if(ctx: &Context<'_>, asked: Asked) -> Result<Option<WhatIf>> {
    if asked
        .seconds
        .is_some_and(|seconds| !(1..=MAX_SECONDS).contains(&seconds))
    {
        let wanted = "1 to 3";
        return Err(unexpected(Error::Refused(Refusal::Malformed {
            field: "seconds",
            wanted,
        })));
    }
    let rows = rows(ctx).await?;
    let rows = rows.loader();
    let market = rows.market().await?;
    let snapshot = &rows.snapshot;
    let (placements, certificate) = match asked.timetable.map(TimetableId) {
        None => {
            let live: Vec<Placement> = market.meetings.iter().map(|m| m.placement).collect();
            (live, snapshot.published_certificate().await.map_err(unexpected)?)
        }
        Some(id) => {
            let Some(certificate) = snapshot.certificate(id).await.map_err(unexpected)? else {
                return Ok(None);
            };
            (snapshot.placements(id).await.map_err(unexpected)?, certificate)
        }
    };
    let clock = *ctx.data::<Clock>()?;
    let answer = beside(move || {
        let questions = asked.edits.iter().map(|edit| edit.parsed(&market));
        let questions: Vec<Question> = questions.collect::<Result<_, _>>()?;
        let found = match asked.seconds {
            None => rule::forecast(&market, &placements, &certificate, &questions),
            Some(seconds) => {
                let mut over = (clock.alarm)(Duration::from_secs(u64::from(seconds)));
                rule::solve(&market, &placements, &certificate, &questions, &mut |_| over())
            }
        };
        found.map(|found| WhatIf {
            found,
            exact: asked.seconds.is_some(),
        })
    });
    found(answer.await?)
}
