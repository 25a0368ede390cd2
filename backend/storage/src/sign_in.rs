//! Links and logins: only hashes of secrets are kept. A link is used up by compare-and-swap, so once is once.

use crate::{
    Error, Store, column,
    entity::{link, login, person},
    participation, scope,
};
use domain::{
    Actor, Refusal,
    event::Event,
    id::{EventId, PersonId},
    name,
    participation::Person,
    sign_in::{self as rule, Link, Shown},
    time::Timestamp,
};
use futures_util::FutureExt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use sha2::{Digest, Sha256};

/// How often it is written down that a login is in use.
const SEEN_EVERY_MS: i64 = 60_000;

/// The hash under which a secret is kept.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A link to be kept.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// The secret in the link.
    pub secret: String,
    /// Whom it signs in.
    pub person: PersonId,
    /// The asking browser's secret; `None` for a link an operator prints.
    pub browser: Option<String>,
    /// The short code shown on the asking page.
    pub code: Option<String>,
}

impl Store {
    /// The person with this mail address.
    pub async fn person_by_email(&self, email: &str) -> Result<Option<Person>, Error> {
        let Some(email) = name::email(email) else {
            return Ok(None);
        };
        let tx = self.reading().await?;
        let row = scope::world::<person::Entity>()
            .filter(person::Column::Email.eq(email))
            .one(&tx)
            .await?;
        row.map(participation::person_from).transpose()
    }

    /// Keeps a link. Answers whether it may be sent: an address is sent only so many an hour.
    pub async fn keep_link(&self, new: NewLink, now: Timestamp) -> Result<bool, Error> {
        let row = link::Model {
            secret_hash: hash(&new.secret),
            person_id: new.person.0,
            made_at: column::ms(now),
            used_at: None,
            tries: 0,
            browser_hash: new.browser.as_deref().map(hash),
            code_hash: new.code.as_deref().map(hash),
        };
        self.writer
            .write(move |tx| {
                async move {
                    let hour_ago = column::ms(now) - 3_600_000;
                    let recent = scope::world::<link::Entity>()
                        .filter(link::Column::PersonId.eq(row.person_id))
                        .filter(link::Column::BrowserHash.is_not_null())
                        .filter(link::Column::MadeAt.gt(hour_ago));
                    if row.browser_hash.is_some() && recent.count(tx).await? >= rule::MAX_LINKS_AN_HOUR {
                        return Ok(false);
                    }
                    row.into_active_model().reset_all().insert(tx).await?;
                    Ok(true)
                }
                .boxed()
            })
            .await
    }

    /// Whether the link would sign in, without using it: a mail scanner that opens links changes nothing. A code is
    /// tried by entering only: here it would be guessed without being counted.
    pub async fn look_at_link(&self, secret: &str, shown: &Shown, now: Timestamp) -> Result<Person, Error> {
        let tx = self.reading().await?;
        let row = scope::world::<link::Entity>()
            .filter(link::Column::SecretHash.eq(hash(secret)))
            .one(&tx)
            .await?;
        let row = row.ok_or(Refusal::LinkSpent)?;
        let person = scope::world::<person::Entity>()
            .filter(person::Column::Id.eq(row.person_id))
            .one(&tx)
            .await?;
        let shown = Shown {
            browser: shown.browser.clone(),
            code: None,
        };
        rule::enter(&link_from(row)?, &shown, now)?;
        participation::person_from(person.ok_or(Refusal::LinkSpent)?)
    }

    /// Uses the link up and begins a login with a new secret. A wrong code counts as a try.
    pub async fn enter(
        &self,
        secret: &str,
        shown: Shown,
        login_secret: &str,
        now: Timestamp,
    ) -> Result<PersonId, Error> {
        let (secret, login_hash) = (hash(secret), hash(login_secret));
        let entered = self
            .writer
            .write(move |tx| {
                async move {
                    let own = link::Column::SecretHash.eq(secret);
                    let row = scope::world::<link::Entity>().filter(own.clone()).one(tx).await?;
                    let row = row.ok_or(Refusal::LinkSpent)?;
                    let person = PersonId(row.person_id);
                    if let Err(refusal) = rule::enter(&link_from(row)?, &shown, now) {
                        if shown.code.is_some() {
                            let tries = Expr::col(link::Column::Tries).add(1);
                            let wrong = scope::change_world::<link::Entity>().col_expr(link::Column::Tries, tries);
                            wrong.filter(own).exec(tx).await?;
                        }
                        // The try is to be kept, so the refusal is an answer of its own here.
                        return Ok(Err(refusal));
                    }
                    let used = scope::change_world::<link::Entity>()
                        .col_expr(link::Column::UsedAt, Expr::value(column::ms(now)))
                        .filter(own)
                        .filter(link::Column::UsedAt.is_null());
                    if used.exec(tx).await?.rows_affected == 0 {
                        return Ok(Err(Refusal::LinkSpent));
                    }
                    let at = column::ms(now);
                    let row = login::Model {
                        secret_hash: login_hash,
                        person_id: person.0,
                        made_at: at,
                        seen_at: at,
                        ended_at: None,
                    };
                    row.into_active_model().reset_all().insert(tx).await?;
                    Ok(Ok(person))
                }
                .boxed()
            })
            .await?;
        Ok(entered?)
    }

    /// Who asks about which event, read at one moment: the event that is named, or the only one; the person whose login
    /// the secret is, as an actor there. An event nobody knows is one in which nobody has any role.
    pub async fn caller(&self, secret: Option<&str>, event: Option<&str>, now: Timestamp) -> Result<Caller, Error> {
        let known = participation::asked_by(&self.readers, secret.map(hash), event).await?;
        let login = match known.login.clone() {
            Some(row) => holding(row, now)?,
            None => None,
        };
        let caller = known.caller(login.as_ref().map(|login| login.person))?;
        if let Some(login) = login {
            self.seen(login, now).await?;
        }
        Ok(caller)
    }

    /// Whose login this secret is, if it holds.
    pub async fn login(&self, secret: &str, now: Timestamp) -> Result<Option<PersonId>, Error> {
        Ok(self.caller(Some(secret), None, now).await?.actor.person)
    }

    /// Being seen is written down at most once a minute.
    async fn seen(&self, login: Login, now: Timestamp) -> Result<(), Error> {
        if column::ms(now) - login.seen_at <= SEEN_EVERY_MS {
            return Ok(());
        }
        self.writer
            .write(move |tx| {
                async move {
                    scope::change_world::<login::Entity>()
                        .col_expr(login::Column::SeenAt, Expr::value(column::ms(now)))
                        .filter(login::Column::SecretHash.eq(login.secret_hash))
                        .exec(tx)
                        .await?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// Ends a login.
    pub async fn end_login(&self, secret: &str, now: Timestamp) -> Result<(), Error> {
        let own = login::Column::SecretHash.eq(hash(secret));
        self.writer
            .write(move |tx| {
                async move {
                    scope::change_world::<login::Entity>()
                        .col_expr(login::Column::EndedAt, Expr::value(column::ms(now)))
                        .filter(own)
                        .filter(login::Column::EndedAt.is_null())
                        .exec(tx)
                        .await?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

/// Who asks, and about which event.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The event; no event's id where there is none.
    pub event: EventId,
    /// The one who asks, as far as this event goes.
    pub actor: Actor,
}

struct Login {
    person: PersonId,
    secret_hash: Vec<u8>,
    seen_at: i64,
}

/// The event of that code, or the only one.
pub fn named(mut events: Vec<Event>, code: Option<&str>) -> Option<Event> {
    match code {
        Some(code) => events.into_iter().find(|event| event.code == code),
        None if events.len() == 1 => events.pop(),
        None => None,
    }
}

/// A login, if it holds.
fn holding(row: login::Model, now: Timestamp) -> Result<Option<Login>, Error> {
    let (made, seen) = (column::at(row.made_at)?, column::at(row.seen_at)?);
    let over = row.ended_at.is_some() || now >= made + rule::SESSION_LONGEST || now >= seen + rule::SESSION_IDLE;
    Ok((!over).then_some(Login {
        person: PersonId(row.person_id),
        secret_hash: row.secret_hash,
        seen_at: row.seen_at,
    }))
}

fn link_from(row: link::Model) -> Result<Link, Error> {
    Ok(Link {
        made_at: column::at(row.made_at)?,
        used: row.used_at.is_some(),
        tries: row.tries,
        browser: row.browser_hash,
        code: row.code_hash,
    })
}
