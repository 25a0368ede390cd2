//! Who calls: cookies, the login behind them, the language wished for, and whether a request comes from our own pages.

use super::{REQUEST_ID, Site};
use crate::clock;
use axum::http::{HeaderMap, HeaderValue, header};
use domain::{Ctx, name::Tongue};

/// The header every request that changes something must carry; no form and no foreign page can set it.
pub(crate) const OWN_HEADER: &str = "x-ichiba";
/// The header that names the event asked about.
const EVENT_HEADER: &str = "x-ichiba-event";

/// Names of cookies.
#[derive(Clone, Copy)]
pub(crate) enum Cookie {
    /// The login.
    Login,
    /// The browser that asked for a link.
    Asking,
}

impl Cookie {
    /// `__Host-` binds a cookie to this host over https. Over plain http on this machine not every browser keeps
    /// such a cookie, so there it has a plain name.
    fn name(self, site: &Site) -> &'static str {
        match (self, site.config.secure()) {
            (Cookie::Login, true) => "__Host-ichiba",
            (Cookie::Login, false) => "ichiba",
            (Cookie::Asking, true) => "__Host-ichiba-asking",
            (Cookie::Asking, false) => "ichiba-asking",
        }
    }

    /// What the request says.
    pub(crate) fn of(self, site: &Site, headers: &HeaderMap) -> Option<String> {
        let name = self.name(site);
        let pairs = headers
            .get_all(header::COOKIE)
            .into_iter()
            .filter_map(|value| value.to_str().ok());
        let mut pairs = pairs
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    /// The header that sets it; an empty value takes it away.
    pub(crate) fn set(self, site: &Site, value: &str) -> Option<HeaderValue> {
        let secure = if site.config.secure() { "; Secure" } else { "" };
        let ends = if value.is_empty() { "; Max-Age=0" } else { "" };
        let name = self.name(site);
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ends}")).ok()
    }
}

/// The language of sentences: the first of the two that the request names.
pub(crate) fn tongue(headers: &HeaderMap) -> Tongue {
    let wished = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let first = wished
        .split(',')
        .map(|part| part.trim().get(..2).unwrap_or_default().to_ascii_lowercase());
    let mut known = first.filter(|code| code == "ja" || code == "en");
    if known.next().as_deref() == Some("ja") {
        Tongue::Ja
    } else {
        Tongue::En
    }
}

/// Whether a request that changes something was sent by our own pages: by what browsers say of its origin.
pub(crate) fn from_here(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let origin = text("origin").is_none_or(|origin| origin == site.config.base_url);
    let fetch = text("sec-fetch-site").is_none_or(|from| from == "same-origin" || from == "none");
    origin && fetch
}

/// The request's own id.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Who asks what about which event. An unknown event is one in which nobody has any role.
pub(crate) async fn ctx(site: &Site, headers: &HeaderMap) -> Result<Ctx, storage::Error> {
    let named = headers.get(EVENT_HEADER).and_then(|code| code.to_str().ok());
    let event = named.or(site.config.event.as_deref());
    let (secret, now) = (Cookie::Login.of(site, headers), clock::now());
    let caller = site.store.caller(secret.as_deref(), event, now).await?;
    Ok(Ctx {
        actor: caller.actor,
        event: caller.event,
        now,
        request_id: request_id(headers),
    })
}
