//! Telling people: a row for the app, and a letter in the outbox, in the transaction that does what they are told of.

use crate::{
    Error,
    act::{self, Letter},
    change::Touched,
    entity::notice,
    facts::Facts,
    scope::{self, Scope},
};
use domain::{
    Ctx,
    id::PersonId,
    notice::{About, Audience, NoticeKind, Said},
    time::SignedDuration,
};
use sea_orm::{ActiveValue::NotSet, EntityTrait, Set};
use std::collections::BTreeSet;

/// The topic of the letters.
pub const TOPIC: &str = "notice";
/// How long letters wait for others to the same person, so that one mail tells of all.
pub const DIGEST: SignedDuration = SignedDuration::from_secs(60);

/// One thing to tell.
#[derive(Debug, Clone)]
pub(crate) struct Tell {
    pub(crate) to: Audience,
    pub(crate) kind: NoticeKind,
    pub(crate) about: About,
    pub(crate) said: Said,
}

/// Tells: a notice a person but the one who acts, and letters, also to the one who acts where calendars change. Answers
/// who is touched.
pub(crate) async fn tell(scope: Scope<'_>, ctx: &Ctx, tells: Vec<Tell>) -> Result<Touched, Error> {
    let mut letters = Vec::new();
    let facts = scope.facts().await?;
    for tell in tells.iter().filter(|tell| !tell.kind.only_now()) {
        for person in people(&facts, tell.to) {
            let own = ctx.actor.person == Some(person);
            if own && !tell.kind.changes_calendar() {
                continue;
            }
            letters.push(Letter {
                topic: TOPIC,
                recipient: Some(person.0),
                payload: serde_json::json!({
                    "kind": tell.kind.code(), "meeting": tell.about.meeting, "request": tell.about.request,
                    "said": tell.said, "own": own,
                }),
                after: DIGEST,
            });
        }
    }
    act::post(scope, ctx, letters).await?;
    note(scope, ctx, tells).await
}

/// Tells in the app only: what is written in another way, or not at all.
pub(crate) async fn note(scope: Scope<'_>, ctx: &Ctx, tells: Vec<Tell>) -> Result<Touched, Error> {
    let facts = scope.facts().await?;
    let (mut touched, mut rows) = (BTreeSet::new(), Vec::new());
    for tell in tells {
        let said = serde_json::to_string(&tell.said).map_err(|error| Error::Corrupt(error.to_string()))?;
        let others = people(&facts, tell.to).into_iter();
        for person in others.filter(|&person| ctx.actor.person != Some(person)) {
            touched.insert(person);
            rows.push(notice::ActiveModel {
                id: NotSet,
                event_id: Set(scope.event.0),
                person_id: Set(person.0),
                at: Set(scope::now(ctx)),
                kind: Set(tell.kind.code().to_owned()),
                meeting_id: Set(tell.about.meeting.map(|id| id.0)),
                request_id: Set(tell.about.request.map(|id| id.0)),
                said: Set(said.clone()),
                read_at: Set(None),
            });
        }
    }
    for some in rows.chunks(1000) {
        notice::Entity::insert_many(some.to_vec())
            .exec_without_returning(scope.tx)
            .await?;
    }
    Ok(Touched {
        people: touched.into_iter().collect(),
        ..Touched::default()
    })
}

fn people(facts: &Facts, to: Audience) -> Vec<PersonId> {
    match to {
        Audience::Buyer(id) => facts.buyers.get(&id).map(|buyer| buyer.person).into_iter().collect(),
        Audience::Exhibitor(id) => facts.staff.get(&id).cloned().unwrap_or_default(),
        Audience::Person(person) => vec![person],
        Audience::Organizers => facts.organizers.clone(),
    }
}
