//! A refusal as people and programs get it.

use async_graphql::{Context, Enum, Object};
use domain::name::Tongue as Spoken;

/// Languages of the product's own sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Tongue {
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// The language that is asked for, or else the request's.
pub(crate) fn spoken(ctx: &Context<'_>, tongue: Option<Tongue>) -> async_graphql::Result<Spoken> {
    Ok(match tongue {
        Some(Tongue::Ja) => Spoken::Ja,
        Some(Tongue::En) => Spoken::En,
        None => *ctx.data::<Spoken>()?,
    })
}

/// An expected no: nothing was changed.
pub(crate) struct Refusal(pub(crate) domain::Refusal);

#[Object]
impl Refusal {
    /// For programs; never changes.
    async fn code(&self) -> &str {
        self.0.code()
    }

    /// For people: what is wrong and what would be right. In the request's language unless another is asked for.
    async fn message(&self, ctx: &Context<'_>, tongue: Option<Tongue>) -> async_graphql::Result<String> {
        Ok(self.0.text(spoken(ctx, tongue)?))
    }

    /// When it would be possible, soonest first.
    async fn alternatives(&self) -> &[jiff::Timestamp] {
        self.0.alternatives()
    }
}

/// Splits what is expected from what is not.
pub(crate) fn outcome<T>(result: Result<T, storage::Error>) -> async_graphql::Result<Result<T, Refusal>> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(storage::Error::Refused(refusal)) => Ok(Err(Refusal(refusal))),
        Err(error) => Err(crate::reads::unexpected(error)),
    }
}
