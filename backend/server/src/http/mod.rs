//! HTTP: routes, headers every answer carries, and the site they all share.

mod app;
mod caller;
mod explorer;
mod feed;
mod graphql;
mod health;
mod import;
mod pages;
mod rate;
mod sign_in;
mod socket;

use crate::{
    config::Config,
    live::Live,
    mail::Mailer,
    push::{Pusher, Setting},
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    routing::{get, post},
};
use domain::event::Event;
use std::sync::Arc;
use storage::{Store, run::Clock};
use tower_http::{
    compression::CompressionLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};

/// Largest body of a request.
const MAX_BODY: usize = 256 * 1024;
/// What a page may load: nothing from elsewhere, no script at all, unless a route says otherwise.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// What all requests share.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) mailer: Mailer,
    /// Sends pushes, where a key is configured.
    pub(crate) pusher: Option<Pusher>,
    /// The way to other processes, if there is one besides the database.
    pub(crate) live: Option<Arc<Live>>,
    pub(crate) schema: ::graphql::Schema,
    rates: rate::Rates,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
}

impl Site {
    pub(crate) fn new(config: Config, store: Store) -> anyhow::Result<Self> {
        let metrics = health::recorder()?;
        let mailer = Mailer::of(&config)?;
        let pusher = config.push.clone().map(Pusher::of).transpose()?;
        let introspection = if config.development {
            ::graphql::Introspection::Open
        } else {
            ::graphql::Introspection::Closed
        };
        let clock = Clock {
            now: crate::clock::now,
            alarm: crate::clock::alarm,
        };
        let live = config.redis_url.as_deref().map(Live::of).transpose()?.map(Arc::new);
        let sending = config.push.as_ref().map(Setting::sending);
        let schema = ::graphql::schema(store.clone(), clock, sending, introspection);
        Ok(Self {
            config,
            store,
            mailer,
            pusher,
            schema,
            rates: rate::Rates::shared_by(live.clone()),
            live,
            metrics,
        })
    }

    /// The event a request asks about: the one it names, else the configured one, else the only one.
    pub(crate) async fn event(&self, named: Option<&str>) -> Result<Option<Event>, storage::Error> {
        let wanted = named.or(self.config.event.as_deref());
        Ok(storage::sign_in::named(self.store.events().await?, wanted))
    }
}

/// A request's id is always our own: what a client says is not written into logs.
#[derive(Clone)]
struct OwnId;

impl MakeRequestId for OwnId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = crate::secret::id().ok()?.to_string();
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// A path as it is logged. The path alone: a query may hold a sign-in secret; and not that of a calendar feed.
fn logged(path: &str) -> &str {
    // Neither written in another way: whatever comes near is masked.
    let near = path.trim_start_matches('/').to_ascii_lowercase();
    if near.starts_with("calendar") || near.contains('%') {
        feed::MASKED
    } else {
        path
    }
}

/// All routes.
pub(crate) fn router(site: Arc<Site>) -> Router {
    let mut routes = Router::new()
        .route("/style.css", get(pages::style))
        .route("/icon.svg", get(pages::icon))
        .route("/", get(app::page))
        .route("/sign-in", get(app::page).post(sign_in::ask))
        .route("/sign-in/enter", get(sign_in::look).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/graphql", post(graphql::answer))
        .route("/import", post(import::answer))
        .route("/graphql/ws", get(socket::listen))
        .route("/calendar/{file}", get(feed::answer))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::figures));
    if site.config.development {
        routes = routes
            .route("/explorer", get(explorer::page))
            .route("/explorer/", get(explorer::page))
            .route("/explorer/{*path}", get(explorer::file));
    }
    let trace = TraceLayer::new_for_http().make_span_with(|request: &axum::http::Request<_>| {
        let id = request
            .headers()
            .get(REQUEST_ID)
            .and_then(|id| id.to_str().ok())
            .unwrap_or_default();
        tracing::info_span!("request", id, method = %request.method(), path = logged(request.uri().path()))
    });
    routes
        .fallback(app::file)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new())
        .layer(always(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Not "no-referrer": browsers then send forms of our own pages with "Origin: null".
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .layer(always(header::CACHE_CONTROL, "no-store"))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(trace)
        .layer(SetRequestIdLayer::new(REQUEST_ID, OwnId))
        .layer(axum::middleware::map_request(
            |mut request: axum::extract::Request| async {
                request.headers_mut().remove(REQUEST_ID);
                request
            },
        ))
        .with_state(site)
}

#[cfg(test)]
mod tests {
    use super::logged;

    #[test]
    fn secrets_in_paths_are_not_logged() {
        for path in [
            "/calendar/secret.ics",
            "//calendar/secret",
            "/Calendar/secret.ics",
            "/%63alendar/secret.ics",
        ] {
            assert!(!logged(path).contains("secret"), "{path}");
        }
        assert_eq!(logged("/graphql"), "/graphql");
    }
}
