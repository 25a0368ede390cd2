//! Keeping what a side wants of another. Nobody is told of it, and the audit log says only whose list was changed. Who
//! does not want to meet the other any more has nothing asked of it either: that is taken back, and told as any other.

use crate::{
    Error, Store,
    act::{Act, Done},
    booking,
    change::Touched,
    entity::wish,
    request,
    scope::Scope,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    wish::{self as rule, SetWish, Side, Want, WishSet},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

impl Store {
    /// Says what a side wants of the other, or takes it back. `key` is made by whoever asks.
    pub async fn set_wish(&self, ctx: &Ctx, command: SetWish, key: Uuid) -> Result<WishSet, Error> {
        let act = Act::new(Verb::SetWish, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { set(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

async fn set(scope: Scope<'_>, ctx: &Ctx, command: &SetWish) -> Result<Done<WishSet>, Error> {
    let (facts, pair) = (scope.facts().await?, command.pair);
    if !(facts.buyers.contains_key(&pair.buyer) && facts.exhibitors.contains_key(&pair.exhibitor)) {
        return Err(Refusal::NotFound.into());
    }
    let before = booking::wants(scope, pair).await?;
    let said = rule::set(before, facts.event.phase, command, ctx)?;
    if let Some(want) = said.want {
        let row = wish::Model {
            buyer_id: pair.buyer.0,
            exhibitor_id: pair.exhibitor.0,
            side: said.by.code().to_owned(),
            event_id: scope.event.0,
            rank: match want {
                Want::Rank(rank) => Some(i32::from(rank)),
                Want::Avoid => None,
            },
        };
        let key = [wish::Column::BuyerId, wish::Column::ExhibitorId, wish::Column::Side];
        scope.upsert::<wish::Entity>(vec![row], &key).await?;
    } else {
        let own = scope
            .delete::<wish::Entity>()
            .filter(wish::Column::BuyerId.eq(pair.buyer.0))
            .filter(wish::Column::ExhibitorId.eq(pair.exhibitor.0))
            .filter(wish::Column::Side.eq(said.by.code()));
        own.exec(scope.tx).await?;
    }
    let taken_back = match said.want {
        Some(Want::Avoid) => request::take_back_of(scope, ctx, &facts, (pair, said.by, before)).await?,
        _ => Touched::default(),
    };
    let (of, touched) = match said.by {
        Side::Buyer => {
            let buyers = vec![pair.buyer];
            (
                pair.buyer.0,
                Touched {
                    buyers,
                    ..Touched::default()
                },
            )
        }
        Side::Exhibitor => {
            let exhibitors = vec![pair.exhibitor];
            (
                pair.exhibitor.0,
                Touched {
                    exhibitors,
                    ..Touched::default()
                },
            )
        }
    };
    Ok(Done {
        answer: said,
        detail: serde_json::json!({"side": said.by.code(), "of": of}),
        touched: touched.and(taken_back),
    })
}
