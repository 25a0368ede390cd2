//! The web app as `cargo xtask app` built it, embedded file by file. Where it was not built there is none, and the
//! product works without it. How files are sent is the server's business.

use rust_embed::RustEmbed;
use serde::Deserialize;
use std::{borrow::Cow, path::Path, sync::LazyLock};

#[derive(RustEmbed)]
#[folder = "app/build/"]
#[allow_missing = true]
struct Built;

/// The page that every path of the app answers with.
const PAGE: &str = "index.html";
/// What the build says about itself: see `app/svelte.config.js`.
const SERVED: &str = "served.json";
/// Files below it have their content's hash in their name.
const HASHED: &str = "_app/immutable/";

/// One file of the app.
pub struct File {
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Its content packed with brotli, where that is smaller.
    pub brotli: Option<Cow<'static, [u8]>>,
    /// Its media type.
    pub media: &'static str,
    /// The hash of its content.
    pub hash: String,
    /// Whether what this path holds never changes.
    pub immutable: bool,
}

#[derive(Deserialize, Default)]
struct Served {
    /// The paths that are pages; `*` stands for one part.
    pages: Vec<String>,
    /// The hashes of the scripts within the page, as a content policy names them.
    scripts: Vec<String>,
}

static THIS: LazyLock<Served> = LazyLock::new(|| {
    let file = Built::get(SERVED);
    file.and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
});

/// The file of a path without its first slash.
pub fn file(path: &str) -> Option<File> {
    let packed = Path::new(path).extension().is_some_and(|ending| ending == "br");
    let file = Built::get(path).filter(|_| !packed && path != SERVED)?;
    let hash = file.metadata.sha256_hash();
    Some(File {
        bytes: file.data,
        brotli: Built::get(&format!("{path}.br")).map(|packed| packed.data),
        media: media(path),
        hash: format!(
            "{:032x}",
            hash.iter()
                .take(16)
                .fold(0_u128, |all, byte| all << 8 | u128::from(*byte))
        ),
        immutable: path.starts_with(HASHED),
    })
}

/// The page, where the app was built.
pub fn page() -> Option<File> {
    file(PAGE)
}

/// Whether the app has a page of this path.
pub fn is_page(path: &str) -> bool {
    THIS.pages.iter().any(|page| fits(page, path))
}

/// The hashes of the scripts within the page, `sha256-…`.
pub fn scripts() -> &'static [String] {
    &THIS.scripts
}

fn fits(page: &str, path: &str) -> bool {
    let (mut wanted, mut said) = (page.split('/'), path.split('/'));
    loop {
        match (wanted.next(), said.next()) {
            (None, None) => return true,
            (Some("*"), Some(part)) if !part.is_empty() => {}
            (Some(part), Some(other)) if part == other => {}
            _ => return false,
        }
    }
}

fn media(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{file, fits, is_page, page, scripts};

    #[test]
    fn paths_are_compared_part_by_part() {
        for (page, path, expect) in [
            ("/", "/", true),
            ("/agenda", "/agenda", true),
            ("/agenda", "/agenda/", false),
            ("/agenda", "/agendas", false),
            ("/meeting/*", "/meeting/1", true),
            ("/meeting/*", "/meeting/", false),
            ("/meeting/*", "/meeting", false),
            ("/meeting/*", "/meeting/1/2", false),
        ] {
            assert_eq!(fits(page, path), expect, "{page} {path}");
        }
    }

    /// Holds with and without a built app.
    #[test]
    fn what_is_there_is_whole() {
        assert_eq!(page().is_some(), is_page("/"));
        for path in ["", "..", "served.json", "index.html.br", "no/such/file.js"] {
            assert!(file(path).is_none(), "{path}");
        }
        if let Some(page) = page() {
            assert!(page.media.starts_with("text/html") && !page.immutable && page.hash.len() == 32);
            assert!(page.brotli.is_none_or(|packed| packed.len() < page.bytes.len()));
            let text = String::from_utf8_lossy(&page.bytes).into_owned();
            assert_eq!(text.matches("<script>").count(), scripts().len());
        }
    }
}
