//! What can be listened to. Before every event it is asked again whether the listener is still signed in and may still
//! hear it. An event says that something changed, not what: whoever hears it reads anew.

use crate::{
    gate::sees,
    reads::StillSignedIn,
    run::{self, TimetableRun},
};
use async_graphql::{Context, Result, SimpleObject, Subscription};
use domain::{
    Actor, Ctx,
    access::{self, Seen},
    id::{EventId, PersonId},
    time::Timestamp,
};
use futures_util::{Stream, stream};
use std::time::Duration;
use storage::{
    Store,
    change::{Change, Touched},
    run::Clock,
};
use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};
use uuid::Uuid;

/// How long a listener is left in peace after an event: a burst of changes is two events, the first and the last.
const PEACE: Duration = Duration::from_millis(250);

/// A timetable was published, or rolled back to: agendas are to be read anew.
#[derive(SimpleObject)]
pub(crate) struct PublishedNotice {
    /// The number of the version that is published now.
    version: u32,
}

/// Something changed: it is to be read anew.
#[derive(SimpleObject)]
pub(crate) struct ChangedNotice {
    /// When that was said.
    at: Timestamp,
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
    /// Told whenever one's own agenda, requests or notices may have changed.
    async fn agenda_changed(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = ChangedNotice> + use<>> {
        changed(ctx, "agendaChanged", |actor, touched| {
            let own = |person: &PersonId| actor.person == Some(*person);
            let (buyer, exhibitor) = (actor.buyer, actor.exhibitor);
            touched.people.iter().any(own)
                || buyer.is_some_and(|buyer| touched.buyers.contains(&buyer))
                || exhibitor.is_some_and(|exhibitor| touched.exhibitors.contains(&exhibitor))
        })
    }
    /// Told whenever something may have changed at one's own booth.
    async fn board_changed(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = ChangedNotice> + use<>> {
        changed(ctx, "boardChanged", |actor, touched| {
            let exhibitor = actor.exhibitor;
            exhibitor.is_some_and(|exhibitor| touched.exhibitors.contains(&exhibitor))
        })
    }
    /// Told whenever anything may have changed in anybody's calendar.
    async fn calendar_changed(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = ChangedNotice> + use<>> {
        changed(ctx, "calendarChanged", |_, _| true)
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

/// Whether a change concerns somebody.
type Concerns = fn(&Actor, &Touched) -> bool;

/// One who listens to changes of calendars.
struct Changes {
    told: Receiver<Change>,
    store: Store,
    signed_in: StillSignedIn,
    clock: Clock,
    event: EventId,
    /// As who the listener was known last.
    actor: Actor,
    seen: Seen,
    concerns: Concerns,
    /// Whether an event was just sent.
    sent: bool,
}

fn changed(ctx: &Context<'_>, field: &str, concerns: Concerns) -> Result<impl Stream<Item = ChangedNotice> + use<>> {
    let (store, request) = (ctx.data::<Store>()?.clone(), ctx.data::<Ctx>()?);
    let seen = access::seen("Subscription", field);
    // The gate stands before every event; whoever may not hear any is told so by the end, not by the moment.
    let seen = seen.filter(|seen| access::sees(&request.actor, *seen, false));
    let listener = match seen {
        None => None,
        Some(seen) => Some(Changes {
            told: store.changes(),
            store,
            signed_in: ctx.data::<StillSignedIn>()?.clone(),
            clock: *ctx.data::<Clock>()?,
            event: request.event,
            actor: request.actor.clone(),
            seen,
            concerns,
            sent: false,
        }),
    };
    Ok(stream::unfold(listener, |listener| async move {
        let mut listener = listener?;
        let notice = listener.next().await?;
        Some((notice, Some(listener)))
    }))
}

impl Changes {
    /// The next event; none where the listener may hear no more.
    async fn next(&mut self) -> Option<ChangedNotice> {
        if std::mem::replace(&mut self.sent, true) {
            tokio::time::sleep(PEACE).await;
        }
        loop {
            match self.told.recv().await {
                Ok(change) if !self.about(&change) => {}
                // Whoever lagged behind is told once, and reads what is there now.
                Ok(_) | Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return None,
            }
        }
        // One event stands for all that have come meanwhile; what comes from here on is another.
        while matches!(self.told.try_recv(), Ok(_) | Err(TryRecvError::Lagged(_))) {}
        if !(self.signed_in)().await {
            return None;
        }
        self.actor = self.store.actor(self.event, self.actor.person?).await.ok()?;
        let still = access::sees(&self.actor, self.seen, false);
        still.then(|| ChangedNotice { at: (self.clock.now)() })
    }

    fn about(&self, change: &Change) -> bool {
        let concerned = change.touched.everybody || (self.concerns)(&self.actor, &change.touched);
        change.event == self.event && concerned
    }
}
