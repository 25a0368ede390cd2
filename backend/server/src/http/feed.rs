//! `GET /calendar/SECRET.ics`: a person's calendar for programs that cannot sign in. Who knows the address reads it; an
//! address that was never made and one that was revoked are answered alike. The address stands in no log.

use super::Site;
use crate::{clock, letter};
use axum::{
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::feed::Secret;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::{net::SocketAddr, sync::Arc};

/// What one look costs of the budget of whoever looks: as much as a large page.
const COST: i64 = 2000;
/// How a feed stands in logs.
pub(crate) const MASKED: &str = "/calendar/…";

/// The calendar, or that nothing has changed since the last look.
pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let budget = site.rates.budget(&address.ip().to_string()).await;
    if !budget.take(COST) {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")]).into_response();
    }
    let secret = file.strip_suffix(".ics").and_then(|secret| Secret::parse(secret).ok());
    let Some(secret) = secret else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match calendar(&site, &secret).await {
        Ok(Some(calendar)) => calendar.unless(&headers),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a calendar cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

struct Calendar {
    text: String,
    /// Of everything but the moment of writing.
    tag: String,
}

async fn calendar(site: &Site, secret: &Secret) -> Result<Option<Calendar>, storage::Error> {
    let Some((person, event)) = site.store.feed(secret.as_str()).await? else {
        return Ok(None);
    };
    let snapshot = site.store.snapshot(event).await?;
    let mut file = letter::feed(site, &snapshot, person).await?;
    file.stamp = Timestamp::UNIX_EPOCH;
    let hash: [u8; 32] = Sha256::digest(file.text().as_bytes()).into();
    let tag = hash[..16].iter().fold(0_u128, |tag, byte| tag << 8 | u128::from(*byte));
    file.stamp = clock::now();
    Ok(Some(Calendar {
        text: file.text(),
        tag: format!("\"{tag:032x}\""),
    }))
}

impl Calendar {
    fn unless(self, headers: &HeaderMap) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let known = known.is_some_and(|known| known.split(',').any(|tag| matches(tag, &self.tag)));
        let shared = [
            (header::ETAG, self.tag),
            (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        ];
        if known {
            return (StatusCode::NOT_MODIFIED, shared).into_response();
        }
        let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
        (shared, kind, self.text).into_response()
    }
}

/// Weakly, as conditions on reading are: whoever compresses on the way marks the tag as weak.
fn matches(said: &str, tag: &str) -> bool {
    let said = said.trim();
    said == "*" || said.strip_prefix("W/").unwrap_or(said) == tag
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn tags() {
        for (said, same) in [
            ("\"a\"", true),
            (" W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            assert_eq!(matches(said, "\"a\""), same, "{said}");
        }
    }
}
