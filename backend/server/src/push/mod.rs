//! Push: what a person is told also while the app is closed. One message a browser tells of everything since the last: the
//! newest notice's sentence and how many more there are, nothing but what the notices say. On only where a key is
//! configured.

mod encryption;
mod service;
mod vapid;

pub(crate) use service::Services;
pub(crate) use vapid::Key;

use crate::{clock, http::Site, mail, mail::Unsent, secret};
use anyhow::Context as _;
use axum::http::{Request, StatusCode, header};
use domain::{
    id::PushId,
    letter::Problem,
    name::Tongue,
    participation::Person,
    push::{self as rule, Endpoint, Keys, Sending},
};
use http_body_util::Full;
use p256::SecretKey;
use serde_json::json;
use storage::{Snapshot, outbox::Letter};

/// How long a service keeps a push for a browser that is not there, in seconds.
const HOLDS: &str = "14400";
/// Most characters of the sentence.
const MAX_SENTENCE: usize = 300;

/// What is configured of push.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) key: Key,
    /// Whom a push service can write to: `mailto:…`.
    pub(crate) contact: String,
    /// Where pushes may go.
    pub(crate) services: rule::Services,
}

impl Setting {
    /// What the API needs of it.
    pub(crate) fn sending(&self) -> Sending {
        Sending {
            key: self.key.public(),
            services: self.services.clone(),
        }
    }
}

/// Sends pushes.
pub(crate) struct Pusher {
    setting: Setting,
    services: Services,
}

impl Pusher {
    pub(crate) fn of(setting: Setting) -> anyhow::Result<Self> {
        let services = Services::new().context("the way to push services")?;
        Ok(Self { setting, services })
    }

    /// Carries letters out that wait for the same browser of a person. A browser that is there no more is forgotten.
    pub(crate) async fn carry_out(&self, site: &Site, person: &Person, letters: &[Letter]) -> Result<(), Unsent> {
        let Some(first) = letters.first() else { return Ok(()) };
        let Some(id) = subscription(first) else {
            return Err(Unsent::unwritten(anyhow::anyhow!("a push to no browser")));
        };
        let snapshot = site.store.snapshot(first.event).await.map_err(Unsent::unwritten)?;
        let address = snapshot.push_address(id).await.map_err(Unsent::unwritten)?;
        let Some(address) = address else { return Ok(()) };
        let message = message(&snapshot, person, letters).await.map_err(Unsent::unwritten)?;
        let Some(message) = message else { return Ok(()) };
        // What is configured may be otherwise than when it subscribed.
        let Ok(endpoint) = self.setting.services.admit(&address.endpoint) else {
            return forget(site, id, "its service is not sent to any more").await;
        };
        // A later push replaces one of the same event that the service still has.
        let topic = first.event.0.simple().to_string();
        let push = match self.request(&endpoint, &address.keys, (&topic, &message)) {
            Ok(push) => push,
            Err(error) => return forget(site, id, &format!("nothing can be sent to it: {error:#}")).await,
        };
        let answer = self.services.push(&endpoint, push).await.map_err(|error| Unsent {
            problem: Problem::NoAnswer,
            error: error.context(endpoint.origin().to_owned()),
        })?;
        let refused = |problem: Problem| Unsent {
            problem,
            error: anyhow::anyhow!("{} answers {answer}", endpoint.origin()),
        };
        match answer {
            StatusCode::NOT_FOUND | StatusCode::GONE => forget(site, id, "its service says that it is gone").await,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                Err(refused(Problem::Later(answer.as_u16())))
            }
            _ if answer.is_success() => Ok(()),
            _ if answer.is_client_error() => Err(refused(Problem::Refused(answer.as_u16()))),
            // Redirects too: they are not followed.
            _ => Err(refused(Problem::Later(answer.as_u16()))),
        }
    }

    fn request(
        &self,
        to: &Endpoint,
        keys: &Keys,
        (topic, message): (&str, &str),
    ) -> anyhow::Result<Request<Full<axum::body::Bytes>>> {
        let body = encryption::encrypt(message.as_bytes(), keys, &fresh()?, secret::bytes()?)?;
        let who = self
            .setting
            .key
            .authorization(to.origin(), &self.setting.contact, clock::real());
        let push = Request::post(to.as_str())
            .header(header::AUTHORIZATION, who)
            .header(header::CONTENT_ENCODING, "aes128gcm")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("ttl", HOLDS)
            .header("urgency", "normal")
            .header("topic", topic);
        Ok(push.body(Full::from(body))?)
    }
}

/// A new key.
fn fresh() -> anyhow::Result<SecretKey> {
    loop {
        // All but one of four thousand million are keys.
        if let Ok(key) = SecretKey::from_slice(&secret::bytes::<32>()?) {
            return Ok(key);
        }
    }
}

/// The browser a letter goes to.
pub(crate) fn subscription(letter: &Letter) -> Option<PushId> {
    letter.payload["subscription"].as_str()?.parse().ok()
}

async fn forget(site: &Site, id: PushId, why: &str) -> Result<(), Unsent> {
    tracing::info!(subscription = %id, why, "a browser is told no more");
    site.store.forget_push(id).await.map_err(Unsent::unwritten)
}

/// What there is to tell, as the app's service worker takes it. `None`: the person has read it meanwhile.
async fn message(snapshot: &Snapshot, person: &Person, letters: &[Letter]) -> anyhow::Result<Option<String>> {
    let since = letters.iter().map(|letter| letter.at).min();
    let newest = snapshot.notices(person.id, None, 1).await?;
    let news = newest.into_iter().next();
    let Some(newest) = news.filter(|notice| notice.read_at.is_none() && Some(notice.at) >= since) else {
        return Ok(None);
    };
    let more = snapshot.unread(person.id).await?.saturating_sub(1);
    let event = snapshot.event().await?;
    let tongue = mail::tongue(person);
    let sentence = newest.kind.text(&newest.said, &event.zone, tongue);
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let path = match newest.about.meeting {
        Some(meeting) if more == 0 => format!("/meeting/{meeting}"),
        _ => "/notices".to_owned(),
    };
    let message = json!({
        "title": event.name.get(tongue),
        "body": body(&sentence, more, tongue),
        "path": path,
        "tag": format!("notices-{}", event.code),
    });
    Ok(Some(message.to_string()))
}

/// The sentence, clipped to what fits on a lock screen, and how many more there are.
fn body(sentence: &str, more: u64, tongue: Tongue) -> String {
    let mut body: String = sentence.chars().take(MAX_SENTENCE).collect();
    if body.len() < sentence.len() {
        body.push('…');
    }
    match (more, tongue) {
        (0, _) => body,
        (_, Tongue::Ja) => format!("{body}（ほか{more}件）"),
        (_, Tongue::En) => format!("{body} (and {more} more)"),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SENTENCE, body, encryption};
    use domain::name::Tongue;

    #[test]
    fn one_push_tells_of_all() {
        assert_eq!(body("Booked.", 0, Tongue::En), "Booked.");
        assert_eq!(body("Booked.", 2, Tongue::En), "Booked. (and 2 more)");
        assert_eq!(body("成立しました。", 1, Tongue::Ja), "成立しました。（ほか1件）");
        let long = body(&"\u{1f389}".repeat(2000), 1_000_000, Tongue::Ja);
        assert_eq!(long.chars().filter(|c| *c == '\u{1f389}').count(), MAX_SENTENCE);
        // With names of events and paths there is room for it in a record.
        assert!(long.len() < encryption::LONGEST / 2);
    }
}
