//! The GraphQL explorer, in development only: files of a folder that was configured, the ready operations and the
//! schema. Nothing of it is in the binary.

use super::Site;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// The explorer is a script with styles of its own making.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' \
                      data:; base-uri 'none'; frame-ancestors 'none'";

/// The page.
pub(crate) async fn page(State(site): State<Arc<Site>>) -> Response {
    serve(&site, "index.html").await
}

/// One of its files, the operations or the schema.
pub(crate) async fn file(State(site): State<Arc<Site>>, Path(path): Path<String>) -> Response {
    match path.as_str() {
        "operations.json" => {
            let operation = |name: String| {
                let document = mobile_api::operation(&name).unwrap_or_default();
                serde_json::json!({"name": name, "document": document})
            };
            Json(mobile_api::names().into_iter().map(operation).collect::<Vec<_>>()).into_response()
        }
        "schema.graphql" => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], graphql::sdl()).into_response(),
        "" => serve(&site, "index.html").await,
        path => serve(&site, path).await,
    }
}

async fn serve(site: &Site, path: &str) -> Response {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    let Some(folder) = site.config.explorer.as_ref().filter(|_| path.split('/').all(plain)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(bytes) = tokio::fs::read(folder.join(path)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, bytes).into_response()
}
