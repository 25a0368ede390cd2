//! Whether the process lives, whether it can serve, and its figures.

use super::Site;
use axum::{
    extract::{ConnectInfo, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{net::SocketAddr, sync::Arc};

/// Begins counting.
pub(crate) fn recorder() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new().install_recorder()?)
}

/// The process lives.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The process can serve: its database answers.
pub(crate) async fn ready(State(site): State<Arc<Site>>) -> Response {
    match site.store.health().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Figures for Prometheus, to callers on this machine only: a proxy in front must not hand them on.
pub(crate) async fn figures(State(site): State<Arc<Site>>, ConnectInfo(from): ConnectInfo<SocketAddr>) -> Response {
    if !from.ip().is_loopback() {
        return StatusCode::NOT_FOUND.into_response();
    }
    site.metrics.render().into_response()
}
