//! What can be listened to. Before every event it is asked again whether the listener is still signed in.

use crate::{
    gate::sees,
    reads::StillSignedIn,
    run::{self, TimetableRun},
};
use async_graphql::{Context, Result, SimpleObject, Subscription};
use domain::{Ctx, id::EventId, time::Timestamp};
use futures_util::{Stream, stream};
use storage::Store;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use uuid::Uuid;

/// A timetable was published, or rolled back to: agendas are to be read anew.
#[derive(SimpleObject)]
pub(crate) struct PublishedNotice {
    /// The number of the version that is published now.
    version: u32,
}

/// What can be listened to.
pub struct Subscription;

#[Subscription]
impl Subscription {
    /// Told whenever a timetable of this event is published.
    async fn timetable_published(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = PublishedNotice> + use<>> {
        let (store, event) = (ctx.data::<Store>()?.clone(), ctx.data::<Ctx>()?.event);
        let listener = Listener {
            told: store.published(),
            store,
            signed_in: ctx.data::<StillSignedIn>()?.clone(),
            last: None,
        };
        // The gate stands before every event; whoever may not hear any is told so by the end, not by the moment.
        let listener = sees(ctx, "Subscription", "timetablePublished", false)?.then_some(listener);
        let next = move |listener: Option<Listener>| async move {
            let mut listener = listener?;
            let published = loop {
                match listener.told.recv().await {
                    Ok(published) if published != event => continue,
                    // Whoever lagged behind is told once, and reads what is there now.
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
                if !(listener.signed_in)().await {
                    return None;
                }
                let snapshot = listener.store.snapshot(event).await.ok()?;
                let published = snapshot.published_timetable().await.ok()??;
                let stamp = Some((published.version, published.published_at));
                // One publication may be told of twice: by its own process, and by the look at the database.
                if std::mem::replace(&mut listener.last, stamp) != stamp {
                    break published;
                }
            };
            Some((
                PublishedNotice {
                    version: published.version,
                },
                Some(listener),
            ))
        };
        Ok(stream::unfold(listener, next))
    }
    /// Told how a run goes, until it is over.
    async fn timetable_run(&self, ctx: &Context<'_>, id: Uuid) -> Result<impl Stream<Item = TimetableRun> + use<>> {
        run::watch(ctx, id)
    }
}

struct Listener {
    told: Receiver<EventId>,
    store: Store,
    signed_in: StillSignedIn,
    /// Version and moment of the publication told last.
    last: Option<(u32, Option<Timestamp>)>,
}
