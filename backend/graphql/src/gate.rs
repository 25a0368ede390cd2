//! The gate before every field: a field without a row in `domain::access` is refused, a row that does not let the
//! actor see it makes it absent. Rows about one's own things (`OwnOr`) pass here and are decided where the object is
//! known, by [`sees`]. Before that, the limits of the document, whichever way it came.

use crate::limits;
use async_graphql::{
    Context, Request, ServerError, ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest, NextResolve, ResolveInfo},
};
use domain::{
    Ctx,
    access::{self, Seen},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

pub(crate) struct Gate;

impl ExtensionFactory for Gate {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Gate)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Gate {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        limits::hold(&mut request)?;
        next.run(ctx, request).await
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        if info.is_for_introspection || info.name.starts_with("__") {
            return next.run(ctx, info).await;
        }
        // The items of a list come by here again, with the list as their parent: the list's own field has passed.
        if info.parent_type.starts_with('[') {
            return next.run(ctx, info).await;
        }
        if let Ok(budget) = ctx.data::<Budget>() {
            budget.spend()?;
        }
        let Some(seen) = access::seen(info.parent_type, info.name) else {
            let what = format!("{}.{} has no row in the table of rights", info.parent_type, info.name);
            return Err(ServerError::new(what, None));
        };
        let passes = match seen {
            Seen::ByAll | Seen::OwnOr(_) => true,
            Seen::SignedIn | Seen::By(_) => {
                let request = ctx
                    .data::<Ctx>()
                    .map_err(|error| error.into_server_error(async_graphql::Pos::default()))?;
                access::sees(&request.actor, seen, false)
            }
        };
        if passes { next.run(ctx, info).await } else { Ok(None) }
    }
}

/// Whether the actor sees a field about somebody's own things. `own`: the object is about the actor.
pub(crate) fn sees(ctx: &Context<'_>, object: &str, field: &str, own: bool) -> async_graphql::Result<bool> {
    let request = ctx.data::<Ctx>()?;
    Ok(access::seen(object, field).is_some_and(|seen| access::sees(&request.actor, seen, own)))
}

/// How many field resolutions a caller may still ask for. Shared by all requests of one caller.
#[derive(Clone)]
pub struct Budget(Arc<AtomicI64>);

impl Budget {
    /// A budget of so many.
    pub fn of(resolutions: i64) -> Self {
        Self(Arc::new(AtomicI64::new(resolutions)))
    }

    /// What is left; below zero: used up.
    pub fn left(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Gives some back, up to `full`.
    pub fn refill(&self, resolutions: i64, full: i64) {
        let more = |left: i64| Some((left + resolutions).min(full));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// Takes some at once; `false`: there is nothing left.
    pub fn take(&self, resolutions: i64) -> bool {
        self.0.fetch_sub(resolutions, Ordering::Relaxed) > 0
    }

    /// Adds what was given back elsewhere, or takes what was used up there; never above `full`.
    pub fn correct(&self, by: i64, full: i64) {
        let corrected = |left: i64| Some((left + by).min(full));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, corrected);
    }

    fn spend(&self) -> ServerResult<()> {
        if self.0.fetch_sub(1, Ordering::Relaxed) > 0 {
            return Ok(());
        }
        Err(ServerError::new(
            "You have asked for very much in a short time; wait a moment.",
            None,
        ))
    }
}
