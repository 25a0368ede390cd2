//! `GET /graphql/ws`: subscriptions. The socket is opened by our own pages only and belongs to the login it was
//! opened with; before every event it is asked whether that login still holds.

use super::{Site, caller};
use crate::clock;
use async_graphql::{Data, Executor, Request, Response as Answer, ServerError, parser::types::OperationType};
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    extract::{State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, StreamExt, stream, stream::BoxStream};
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
    upgrade
        .max_message_size(MAX_MESSAGE)
        .protocols(async_graphql::http::ALL_WEBSOCKET_PROTOCOLS)
        .on_upgrade(move |stream| {
            GraphQLWebSocket::new(stream, Listening(site), protocol)
                .with_data(data)
                .serve()
        })
}

/// The schema as a socket reaches it: to listen, in the words of `mobile-api`. Everything else goes by HTTP, where
/// rates and time are limited.
#[derive(Clone)]
struct Listening(Arc<Site>);

impl Executor for Listening {
    async fn execute(&self, _: Request) -> Answer {
        refused("Sockets are for listening; send this by HTTP.")
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Answer> {
        match self.listened(request) {
            Ok(request) => Executor::execute_stream(&self.0.schema, request, session),
            Err(sentence) => stream::once(async move { refused(&sentence) }).boxed(),
        }
    }
}

impl Listening {
    /// The subscription that is asked for, by its name or in exactly its words; any other in development.
    fn listened(&self, mut request: Request) -> Result<Request, String> {
        let asked = request.query.trim();
        let operation = |name: &str| mobile_api::operation(name).map(std::borrow::Cow::into_owned);
        let known = operation(asked).or_else(|| {
            let mut all = mobile_api::names().into_iter().filter_map(|name| operation(&name));
            all.find(|document| document.trim() == asked)
        });
        let document = match known {
            Some(document) => document,
            None if self.0.config.development => asked.to_owned(),
            None => return Err("Only operations by name are taken here.".to_owned()),
        };
        let parsed = graphql::within_limits(&document).map_err(|error| error.to_string())?;
        if parsed
            .operations
            .iter()
            .any(|(_, operation)| operation.node.ty != OperationType::Subscription)
        {
            return Err("Sockets are for listening; send this by HTTP.".to_owned());
        }
        request.query = document;
        request.set_parsed_query(parsed);
        Ok(request)
    }
}

fn refused(sentence: &str) -> Answer {
    Answer::from_errors(vec![ServerError::new(sentence, None)])
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
