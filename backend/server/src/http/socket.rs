//! `GET /graphql/ws`: subscriptions. The socket is opened by our own pages only and belongs to the login it was
//! opened with; before every event it is asked whether that login still holds.

use super::{Site, caller};
use crate::clock;
use async_graphql::Data;
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    extract::{State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use graphql::{Reads, StillSignedIn};
use std::sync::Arc;

/// Largest message a client may send.
const MAX_MESSAGE: usize = 64 * 1024;

/// Opens a socket.
pub(crate) async fn listen(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    protocol: GraphQLProtocol,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !caller::from_here(&site, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let ctx = match caller::ctx(&site, &headers).await {
        Ok(ctx) if ctx.actor.person.is_some() => ctx,
        Ok(_) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            tracing::error!(%error, "the caller cannot be known");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let mut data = Data::default();
    data.insert(still_signed_in(&site, &headers));
    data.insert(Reads::new(site.store.clone(), ctx.event));
    data.insert(caller::tongue(&headers));
    data.insert(ctx);
    let schema = site.schema.clone();
    upgrade
        .max_message_size(MAX_MESSAGE)
        .protocols(async_graphql::http::ALL_WEBSOCKET_PROTOCOLS)
        .on_upgrade(move |stream| GraphQLWebSocket::new(stream, schema, protocol).with_data(data).serve())
}

fn still_signed_in(site: &Arc<Site>, headers: &HeaderMap) -> StillSignedIn {
    let (site, secret) = (site.clone(), caller::Cookie::Login.of(site, headers));
    Arc::new(move || {
        let (site, secret) = (site.clone(), secret.clone());
        async move {
            let Some(secret) = secret else { return false };
            matches!(site.store.login(&secret, clock::now()).await, Ok(Some(_)))
        }
        .boxed()
    })
}
