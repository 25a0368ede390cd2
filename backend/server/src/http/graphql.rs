//! `POST /graphql`: JSON only, from our own pages only, by the name of an operation; free documents in development.
//! The framework's own extractor would take GET, forms and multipart too, which with cookies is forgery across sites.

use super::{Site, caller};
use crate::clock;
use async_graphql::{Request, Variables};
use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Ctx;
use serde::Deserialize;
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// The header that says what time it is here, in milliseconds.
const NOW: HeaderName = HeaderName::from_static("x-ichiba-now");
/// Longest an operation may take.
const MAX_TIME: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    /// Name of an operation of `mobile-api/operations`.
    operation: Option<String>,
    /// A free document, in development.
    query: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<serde_json::Value>,
    #[serde(default)]
    extensions: Option<serde_json::Value>,
}

/// A request that is not executed: status, code, sentence.
pub(super) struct Not(pub(super) StatusCode, pub(super) &'static str, pub(super) String);

impl IntoResponse for Not {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        let body = serde_json::json!({"errors": [{"message": message, "extensions": {"code": code}}]});
        (status, Json(body)).into_response()
    }
}

/// Answers one operation.
pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut answer = match execute(&site, address, &headers, &body).await {
        Ok(answer) => answer,
        Err(not) => not.into_response(),
    };
    // Phones' clocks are wrong, and a demonstration has a time of its own: "in 8 minutes" is counted from this.
    let now = HeaderValue::from(clock::now().as_millisecond());
    answer.headers_mut().insert(NOW, now);
    answer
}

pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Not {
    Not(StatusCode::BAD_REQUEST, code, message.into())
}

async fn execute(site: &Site, address: SocketAddr, headers: &HeaderMap, body: &[u8]) -> Result<Response, Not> {
    check_origin(site, headers)?;
    let request = parse(site, body)?;
    let ctx = caller_of(site, headers).await?;
    let budget = site.rates.budget(&who(&ctx, address)).await;
    let request = graphql::with_request(request.data(budget.clone()), ctx, caller::tongue(headers), &site.store);
    let Ok(response) = tokio::time::timeout(MAX_TIME, site.schema.execute(request)).await else {
        let sentence = "This takes too long; ask for less at once.".to_owned();
        return Err(Not(StatusCode::SERVICE_UNAVAILABLE, "too_slow", sentence));
    };
    for error in &response.errors {
        if let Some(source) = error.source::<storage::Error>() {
            tracing::error!(error = %source, path = ?error.path, "an operation failed");
        }
    }
    metrics::counter!("ichiba_operations_total").increment(1);
    if budget.left() < 0 {
        return Ok((
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, "5")],
            Json(response),
        )
            .into_response());
    }
    Ok(Json(response).into_response())
}

/// Who asks, in which event.
pub(super) async fn caller_of(site: &Site, headers: &HeaderMap) -> Result<Ctx, Not> {
    caller::ctx(site, headers).await.map_err(|error| {
        tracing::error!(%error, "the caller cannot be known");
        Not(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Please try again in a moment.".to_owned(),
        )
    })
}

/// Whose budget is used: the person's, or the address's.
pub(super) fn who(ctx: &Ctx, address: SocketAddr) -> String {
    ctx.actor
        .person
        .map_or_else(|| address.ip().to_string(), |person| person.to_string())
}

pub(super) fn check_origin(site: &Site, headers: &HeaderMap) -> Result<(), Not> {
    let content = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if content
        .split(';')
        .next()
        .is_none_or(|mime| !mime.trim().eq_ignore_ascii_case("application/json"))
    {
        let sentence = "Send application/json.".to_owned();
        return Err(Not(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", sentence));
    }
    if !headers.contains_key(caller::OWN_HEADER) || !caller::from_here(site, headers) {
        let sentence = format!(
            "Requests carry the header {} and come from {}.",
            caller::OWN_HEADER,
            site.config.base_url
        );
        return Err(Not(StatusCode::FORBIDDEN, "foreign", sentence));
    }
    Ok(())
}

fn parse(site: &Site, body: &[u8]) -> Result<Request, Not> {
    let asked: Asked = serde_json::from_slice(body).map_err(|error| bad("unreadable", error.to_string()))?;
    if asked
        .extensions
        .is_some_and(|extensions| !extensions.as_object().is_some_and(serde_json::Map::is_empty))
    {
        return Err(bad("unreadable", "extensions are not understood here"));
    }
    let document = match (asked.operation, asked.query) {
        (Some(name), None) => mobile_api::operation(&name)
            .ok_or_else(|| {
                bad(
                    "unknown_operation",
                    "There is no operation of that name; update the app.",
                )
            })?
            .into_owned(),
        (None, Some(query)) if site.config.development => query,
        (None, Some(_)) => return Err(bad("free_document", "Only operations by name are taken here.")),
        _ => {
            return Err(bad(
                "unreadable",
                "Send operation (a name) or, in development, query (a document).",
            ));
        }
    };
    let parsed = graphql::within_limits(&document).map_err(|error| bad("limit", error.to_string()))?;
    let variables = asked.variables.unwrap_or_default();
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    request.set_parsed_query(parsed);
    Ok(match asked.operation_name {
        Some(name) => request.operation_name(name),
        None => request,
    })
}
