//! Why a pair does not meet. A side reads a text made of what it may know; the organizer the whole reason.

use crate::{
    gate::sees,
    page::{asked, page},
    participation::{Buyer, Exhibitor},
    reads::{beside, pointed_to, rows, unexpected},
    refusal::{Tongue, spoken},
    scalar::Long,
    suggest::{found, lines, side},
};
use async_graphql::{
    Context, Object, Result,
    connection::{Connection, EmptyFields},
};
use domain::{
    Ctx, Refusal,
    explain::{About, MAX_EXPLAINED, Why, explain, explain_to, waiting},
    name::Bilingual,
    wish::Pair,
};
use storage::Error;

/// Why a pair does not meet.
pub(crate) struct Explanation {
    pair: Pair,
    text: Bilingual,
    /// What only the organizer learns.
    whole: Option<Whole>,
}

struct Whole {
    code: &'static str,
    remedy: Option<Bilingual>,
    changes: Vec<String>,
    most: Option<i64>,
}

#[Object]
impl Explanation {
    /// Who would come.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.pair.buyer).await?))
    }
    /// Whom the buyer would meet.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.pair.exhibitor).await?))
    }
    /// In a sentence.
    async fn message(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<&str> {
        Ok(self.text.get(spoken(ctx, tongue)?))
    }
    /// The reason's word for programs. For organizers.
    async fn code(&self) -> Option<&str> {
        self.whole.as_ref().map(|whole| whole.code)
    }
    /// The cheapest change that would place it, where there is one. For organizers.
    async fn remedy(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> Result<Option<&str>> {
        let tongue = spoken(ctx, tongue)?;
        let remedy = self.whole.as_ref().and_then(|whole| whole.remedy.as_ref());
        Ok(remedy.map(|remedy| remedy.get(tongue)))
    }
    /// That change, meeting by meeting. For organizers.
    async fn changes(&self) -> Option<&[String]> {
        self.whole.as_ref().map(|whole| whole.changes.as_slice())
    }
    /// No timetable that holds it is worth more: proved. For organizers.
    async fn most(&self) -> Option<Long> {
        self.whole.as_ref().and_then(|whole| whole.most).map(Long)
    }
}

/// Why a pair does not meet, for those whom it concerns.
pub(crate) async fn explanation(ctx: &Context<'_>, pair: Pair) -> Result<Option<Explanation>> {
    let side = side(ctx, pair)?;
    if !sees(ctx, "Query", "explanation", side.is_some())? {
        return Ok(None);
    }
    let Some(side) = side else {
        return Ok(whole(ctx, vec![pair]).await?.and_then(|mut all| all.pop()));
    };
    let now = ctx.data::<Ctx>()?.now;
    let market = match rows(ctx).await?.loader().snapshot.market_around(pair).await {
        Err(Error::Refused(Refusal::NotFound)) => return Ok(None),
        market => market.map_err(unexpected)?,
    };
    let text = found(beside(move || explain_to(&market, pair, side, now)).await?)?;
    Ok(text.map(|text| Explanation {
        pair,
        text,
        whole: None,
    }))
}

/// Why these pairs do not meet, the whole of it. Nothing where one of them is not there.
async fn whole(ctx: &Context<'_>, pairs: Vec<Pair>) -> Result<Option<Vec<Explanation>>> {
    let now = ctx.data::<Ctx>()?.now;
    let rows = rows(ctx).await?;
    let rows = rows.loader();
    let market = rows.market().await?;
    let certificate = rows.snapshot.published_certificate().await.map_err(unexpected)?;
    let explained = beside(move || {
        let why = explain(&market, &certificate, &pairs, now)?;
        let whole = |why: Why| Explanation {
            pair: why.pair,
            text: why.text,
            whole: Some(Whole {
                code: why.code,
                remedy: why.remedy,
                changes: lines(&why.steps, &market),
                most: why.most,
            }),
        };
        Ok(why.into_iter().map(whole).collect())
    });
    found(explained.await?)
}

pub(crate) type Explanations = Connection<String, Explanation, EmptyFields, EmptyFields>;

/// Why those that wait do not meet, by buyer and exhibitor.
pub(crate) async fn explanations(
    ctx: &Context<'_>,
    about: About,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Option<Explanations>> {
    let most = MAX_EXPLAINED as i32 - 1;
    if first.is_some_and(|first| first > most) {
        return Err(async_graphql::Error::new(format!("first is 1 to {most}")));
    }
    let asked = asked(first, after)?;
    let market = rows(ctx).await?.loader().market().await?;
    let cursor = |pair: &Pair| format!("{}/{}", pair.buyer, pair.exhibitor);
    let Some(waiting) = found(waiting(&market, about))? else {
        return Ok(None);
    };
    let rest = waiting
        .into_iter()
        .filter(|pair| asked.after.as_ref().is_none_or(|after| cursor(pair) > *after));
    let pairs: Vec<Pair> = rest.take(asked.limit as usize).collect();
    let explained = whole(ctx, pairs).await?.unwrap_or_default();
    Ok(Some(page(&asked, explained, |why: &Explanation| cursor(&why.pair))))
}
