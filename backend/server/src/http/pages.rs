//! The few pages the server makes itself: front page, sign-in, not found. One renderer, which escapes.

use super::{Site, caller};
use crate::clock;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use domain::name::Tongue;
use minijinja::{Environment, Value, context};
use std::sync::{Arc, LazyLock};

const STYLE: &str = include_str!("../../templates/style.css");

const ICON: &str = include_str!("../../templates/icon.svg");

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    for (name, text) in [
        ("frame.html", include_str!("../../templates/frame.html")),
        ("front.html", include_str!("../../templates/front.html")),
        ("asked.html", include_str!("../../templates/asked.html")),
        ("enter.html", include_str!("../../templates/enter.html")),
        ("message.html", include_str!("../../templates/message.html")),
    ] {
        // A template that cannot be read is found by the test below.
        let _ = templates.add_template(name, text);
    }
    templates
});

/// A page in the reader's language.
pub(crate) fn page(status: StatusCode, name: &str, tongue: Tongue, values: Value) -> Response {
    let ja = tongue == Tongue::Ja;
    let values = context! { ja, ..values };
    match TEMPLATES
        .get_template(name)
        .and_then(|template| template.render(values))
    {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, name, "a page cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page with one sentence.
pub(crate) fn message(status: StatusCode, headers: &HeaderMap, text: &str) -> Response {
    page(status, "message.html", caller::tongue(headers), context! { text })
}

/// The front page: who is signed in, or how to sign in.
pub(crate) async fn front(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let tongue = caller::tongue(&headers);
    let event = site.event(None).await.ok().flatten();
    let title = event.as_ref().map(|event| event.name.get(tongue).to_owned());
    let person = match caller::Cookie::Login.of(&site, &headers) {
        Some(secret) => site.store.login(&secret, clock::now()).await.ok().flatten(),
        None => None,
    };
    let name = match (person, &event) {
        (Some(person), Some(event)) => name_of(&site, event.id, person).await.unwrap_or_default(),
        _ => String::new(),
    };
    let signed_in = person.is_some();
    let explorer = site.config.development && site.config.explorer.is_some();
    page(
        StatusCode::OK,
        "front.html",
        tongue,
        context! { title, signed_in, name, explorer },
    )
}

async fn name_of(site: &Site, event: domain::id::EventId, person: domain::id::PersonId) -> Option<String> {
    let people = site.store.snapshot(event).await.ok()?.people(&[person]).await.ok()?;
    people.get(&person).map(|person| person.name.written.clone())
}

/// The one style sheet.
pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// The mark.
pub(crate) async fn icon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], ICON).into_response()
}

/// What is not there.
pub(crate) fn missing(headers: &HeaderMap) -> Response {
    let text = domain::Refusal::NotFound.text(caller::tongue(headers));
    message(StatusCode::NOT_FOUND, headers, &text)
}

#[cfg(test)]
mod tests {
    use super::TEMPLATES;

    #[test]
    fn templates_can_be_read() {
        assert_eq!(TEMPLATES.templates().count(), 5);
    }
}
