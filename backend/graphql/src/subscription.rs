//! What can be listened to. Before every event it is asked again whether the listener is still signed in.

use crate::reads::StillSignedIn;
use async_graphql::{Context, Result, SimpleObject, Subscription};
use domain::{Ctx, id::EventId};
use futures_util::{Stream, stream};
use storage::Store;
use tokio::sync::broadcast::{Receiver, error::RecvError};

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
        };
        let next = move |mut listener: Listener| async move {
            loop {
                match listener.told.recv().await {
                    Ok(published) if published != event => {}
                    // Whoever lagged behind is told once, and reads what is there now.
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return None,
                }
            }
            if !(listener.signed_in)().await {
                return None;
            }
            let published = listener
                .store
                .snapshot(event)
                .await
                .ok()?
                .published_timetable()
                .await
                .ok()??;
            Some((
                PublishedNotice {
                    version: published.version,
                },
                listener,
            ))
        };
        Ok(stream::unfold(listener, next))
    }
}

struct Listener {
    told: Receiver<EventId>,
    store: Store,
    signed_in: StillSignedIn,
}
