//! Signing in by a link. Opening a link shows a page and changes nothing (mail scanners open links); pressing its
//! button uses the link. The link works in the browser that asked, or with the short code shown there. Whether an
//! address is known shows neither in words nor in time.

use super::{Site, caller, caller::Cookie, pages};
use crate::{clock, mail, secret};
use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Refusal, sign_in::Shown};
use minijinja::context;
use serde::Deserialize;
use std::sync::Arc;
use storage::sign_in::{NewLink, hash};

/// Longest text taken from a form.
const MAX_FIELD: usize = 320;

#[derive(Deserialize)]
pub(crate) struct Ask {
    email: String,
}

#[derive(Deserialize)]
pub(crate) struct Enter {
    token: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// Where to go afterwards: a path of this site, or the front page.
fn next(asked: &str) -> &str {
    let strange = |c: char| c == '\\' || c.is_control();
    let inside = asked.starts_with('/') && !asked.starts_with("//") && !asked.contains(strange);
    if inside { asked } else { "/" }
}

fn foreign(headers: &HeaderMap) -> Response {
    let text = Refusal::NotFound.text(caller::tongue(headers));
    pages::message(StatusCode::FORBIDDEN, headers, &text)
}

fn broken(headers: &HeaderMap, error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "signing in failed");
    let text = if caller::tongue(headers) == domain::name::Tongue::Ja {
        "しばらくしてからもう一度お試しください。"
    } else {
        "Please try again in a moment."
    };
    pages::message(StatusCode::SERVICE_UNAVAILABLE, headers, text)
}

/// Somebody asks for a link. The answer is the same, and given at once, for known and unknown addresses.
pub(crate) async fn ask(State(site): State<Arc<Site>>, headers: HeaderMap, Form(asked): Form<Ask>) -> Response {
    if !caller::from_here(&site, &headers) {
        return foreign(&headers);
    }
    let (browser, code) = match (secret::secret(), secret::code()) {
        (Ok(browser), Ok(code)) => (browser, code),
        (Err(error), _) | (_, Err(error)) => return broken(&headers, &error),
    };
    let cookie = Cookie::Asking.set(&site, &browser);
    let shown = code.clone();
    tokio::spawn(async move {
        if let Err(error) = send_link(&site, &asked.email, browser, code).await {
            tracing::error!(%error, "a sign-in link could not be sent");
        }
    });
    let mut response = pages::page(
        StatusCode::OK,
        "asked.html",
        caller::tongue(&headers),
        context! { code => shown },
    );
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn send_link(site: &Site, email: &str, browser: String, code: String) -> anyhow::Result<()> {
    if email.len() > MAX_FIELD {
        return Ok(());
    }
    let Some(person) = site.store.person_by_email(email).await? else {
        return Ok(());
    };
    let token = secret::secret()?;
    let link = NewLink {
        secret: token.clone(),
        person: person.id,
        browser: Some(browser),
        code: Some(code),
    };
    if site.store.keep_link(link, clock::now()).await? {
        let link = format!("{}/sign-in/enter?token={token}", site.config.base_url);
        site.mailer
            .send(&person, mail::sign_in(mail::tongue(&person), &link))
            .await?;
    }
    Ok(())
}

fn shown(site: &Site, headers: &HeaderMap, code: &str) -> Shown {
    let code = code.trim();
    Shown {
        browser: Cookie::Asking.of(site, headers).map(|browser| hash(&browser)),
        code: (!code.is_empty() && code.len() <= MAX_FIELD).then(|| hash(code)),
    }
}

/// The link is opened: a page with a button, or a field for the code.
pub(crate) async fn look(State(site): State<Arc<Site>>, headers: HeaderMap, Query(asked): Query<Enter>) -> Response {
    let tongue = caller::tongue(&headers);
    let found = site
        .store
        .look_at_link(&asked.token, &shown(&site, &headers, ""), clock::now())
        .await;
    let (name, ask_code) = match found {
        Ok(person) => (person.name.written, false),
        Err(storage::Error::Refused(Refusal::CodeWanted)) => (String::new(), true),
        Err(storage::Error::Refused(refusal)) => {
            return pages::message(StatusCode::GONE, &headers, &refusal.text(tongue));
        }
        Err(error) => return broken(&headers, &error),
    };
    let values = context! { name, ask_code, wrong => "", token => asked.token, next => next(&asked.next) };
    pages::page(StatusCode::OK, "enter.html", tongue, values)
}

/// The button is pressed: the link is used up, and a login with a new secret begins.
pub(crate) async fn enter(State(site): State<Arc<Site>>, headers: HeaderMap, Form(asked): Form<Enter>) -> Response {
    if !caller::from_here(&site, &headers) {
        return foreign(&headers);
    }
    let login = match secret::secret() {
        Ok(login) => login,
        Err(error) => return broken(&headers, &error),
    };
    let tongue = caller::tongue(&headers);
    match site
        .store
        .enter(&asked.token, shown(&site, &headers, &asked.code), &login, clock::now())
        .await
    {
        Ok(_) => {
            if let Some(old) = Cookie::Login.of(&site, &headers) {
                // Who signs in anew leaves the old login; that it cannot be ended must not keep anybody out.
                let _ = site.store.end_login(&old, clock::now()).await;
            }
            let mut response = Redirect::to(next(&asked.next)).into_response();
            for cookie in [Cookie::Login.set(&site, &login), Cookie::Asking.set(&site, "")]
                .into_iter()
                .flatten()
            {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(storage::Error::Refused(refusal @ Refusal::CodeWanted)) => {
            let wrong = refusal.text(tongue);
            let values =
                context! { name => "", ask_code => true, wrong, token => asked.token, next => next(&asked.next) };
            pages::page(StatusCode::FORBIDDEN, "enter.html", tongue, values)
        }
        Err(storage::Error::Refused(refusal)) => pages::message(StatusCode::GONE, &headers, &refusal.text(tongue)),
        Err(error) => broken(&headers, &error),
    }
}

/// Signing out.
pub(crate) async fn leave(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    if !caller::from_here(&site, &headers) {
        return foreign(&headers);
    }
    if let Some(login) = Cookie::Login.of(&site, &headers)
        && let Err(error) = site.store.end_login(&login, clock::now()).await
    {
        return broken(&headers, &error);
    }
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = Cookie::Login.set(&site, "") {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn nobody_is_led_elsewhere() {
        for (asked, expect) in [
            ("/explorer/?open=MyAgenda", "/explorer/?open=MyAgenda"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nset-cookie: x", "/"),
            ("/a\0", "/"),
            ("", "/"),
        ] {
            assert_eq!(next(asked), expect);
        }
    }
}
