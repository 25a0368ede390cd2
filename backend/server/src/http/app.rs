//! The web app: its page under every path it has, its files, and a content policy that allows nothing but them. Where
//! it was not built, the server's own front page stands in.

use super::{Site, pages};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use mobile_api::app::File;
use std::sync::{Arc, LazyLock};

/// What has its content's hash in its name never changes; of everything else is asked whether it did.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK: &str = "no-cache";

/// Scripts of our own files, and those within the page by their hash; nothing from elsewhere, no styles in attributes.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let quoted = mobile_api::app::scripts().iter().map(|hash| format!("'{hash}'"));
    let scripts = quoted.collect::<Vec<_>>().join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' {scripts}; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
});

/// The page; without an app, the front page.
pub(crate) async fn page(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    match mobile_api::app::page() {
        Some(page) => send(page, &headers),
        None => pages::front(State(site), headers).await,
    }
}

/// A file of the app, its page where the app has that path, or nothing.
pub(crate) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let found = if mobile_api::app::is_page(path) {
        mobile_api::app::page()
    } else {
        mobile_api::app::file(path.trim_start_matches('/'))
    };
    match found.filter(|_| method == Method::GET || method == Method::HEAD) {
        Some(found) => send(found, &headers),
        None => pages::missing(&headers),
    }
}

fn send(file: File, headers: &HeaderMap) -> Response {
    let packed = file.brotli.filter(|_| names(headers, header::ACCEPT_ENCODING, "br"));
    // Packed and plain are different answers.
    let tag = format!("\"{}{}\"", file.hash, if packed.is_some() { "-br" } else { "" });
    let known = names(headers, header::IF_NONE_MATCH, &tag);
    let mut response = match packed {
        _ if known => StatusCode::NOT_MODIFIED.into_response(),
        Some(packed) => ([(header::CONTENT_ENCODING, "br")], packed).into_response(),
        None => file.bytes.into_response(),
    };
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media));
    let keep = if file.immutable { FOREVER } else { ASK };
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    set.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set.insert(header::ETAG, tag);
    }
    response
}

/// Whether a header's list holds this word.
fn names(headers: &HeaderMap, header: header::HeaderName, word: &str) -> bool {
    let lists = headers
        .get_all(header)
        .into_iter()
        .filter_map(|list| list.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(|part| part.trim().trim_start_matches("W/"))
        // `br;q=0` says that it is not wanted.
        .any(|part| part == word || part.split_once(";q=").is_some_and(|(name, q)| name == word && q != "0"))
}

#[cfg(test)]
mod tests {
    use super::{File, POLICY, file, send};
    use axum::http::{HeaderMap, Method, StatusCode, Uri, header};

    fn hello(immutable: bool) -> File {
        File {
            bytes: b"hello".as_slice().into(),
            brotli: Some(b"hi".as_slice().into()),
            media: "text/plain",
            hash: "abc".to_owned(),
            immutable,
        }
    }

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("plain")));
        pairs.collect()
    }

    #[test]
    fn files_are_kept_by_their_hash() {
        let check = |immutable: bool, asked: &HeaderMap, expect: (u16, &str, &str)| {
            let answer = send(hello(immutable), asked);
            let header = |name| {
                answer
                    .headers()
                    .get(name)
                    .map_or("", |value| value.to_str().unwrap_or_default())
            };
            let got = (
                answer.status().as_u16(),
                header(header::CACHE_CONTROL),
                header(header::ETAG),
            );
            assert_eq!(got, expect, "{asked:?}");
        };
        let none = headers(&[]);
        check(false, &none, (200, "no-cache", "\"abc\""));
        check(true, &none, (200, "public, max-age=31536000, immutable", "\"abc\""));
        let packed = headers(&[(header::ACCEPT_ENCODING, "gzip, deflate, br;q=0.8")]);
        check(false, &packed, (200, "no-cache", "\"abc-br\""));
        let unwanted = headers(&[(header::ACCEPT_ENCODING, "gzip, br;q=0")]);
        check(false, &unwanted, (200, "no-cache", "\"abc\""));
        let known = headers(&[(header::IF_NONE_MATCH, "\"x\", W/\"abc\"")]);
        check(false, &known, (304, "no-cache", "\"abc\""));
    }

    #[test]
    fn the_policy_allows_nothing_inline() {
        let policy = POLICY.to_str().expect("plain");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*') && policy.starts_with("default-src 'none'"),
            "{policy}"
        );
    }

    #[tokio::test]
    async fn what_the_app_has_not_is_not_found() {
        for (method, path) in [
            (Method::GET, "/nowhere"),
            (Method::GET, "/served.json"),
            (Method::POST, "/agenda"),
        ] {
            let answer = file(method, Uri::from_static(path), HeaderMap::new()).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
