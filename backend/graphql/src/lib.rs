//! The API: GraphQL types, batched loading, limits. What is asked is parsed into the domain's commands here; what
//! is decided is decided in `domain`, and kept in `storage`. No SQL, no cookies, no status codes.

#![expect(
    clippy::unused_async,
    reason = "a resolver is async by its contract, whether it waits or not"
)]

mod absence;
mod agenda;
mod arrangement;
mod audit;
mod board;
mod event;
mod explain;
mod fairness;
mod feed;
mod gate;
mod guest;
mod letter;
mod limits;
mod meeting;
mod message;
mod moving;
mod mutation;
mod notice;
mod outcome;
mod page;
mod participation;
mod party;
mod programme;
mod push;
mod query;
mod reads;
mod reason;
mod refusal;
mod repair;
mod request;
mod run;
mod scalar;
mod shift;
mod staffing;
mod standby;
mod subscription;
mod suggest;
mod table;
mod timetable;
mod what_if;
mod wish;

pub use gate::Budget;
pub use limits::{
    MAX_ALIASES, MAX_DEPTH, MAX_NESTING, MAX_ROOT_MUTATIONS, MAX_SELECTIONS, MAX_TOKENS, TooMuch, within_limits,
};
pub use page::MAX_PAGE;
pub use reads::{Reads, StillSignedIn};

use async_graphql::SchemaBuilder;
use domain::{Ctx, name::Tongue, push::Sending};
use storage::{Store, run::Clock};

/// The whole API.
pub type Schema = async_graphql::Schema<query::Query, mutation::Mutation, subscription::Subscription>;

/// Who may look at the schema itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introspection {
    /// In development: everybody.
    Open,
    /// Otherwise nobody, and no name is suggested to those who guess.
    Closed,
}

/// Builds the API over a store. The clock is for what lasts longer than a request; `push` is what is configured of it.
pub fn schema(store: Store, clock: Clock, push: Option<Sending>, introspection: Introspection) -> Schema {
    let mut builder = builder().data(store).data(clock);
    if let Some(push) = push {
        builder = builder.data(push);
    }
    match introspection {
        Introspection::Open => builder.finish(),
        Introspection::Closed => builder.disable_introspection().disable_suggestions().finish(),
    }
}

fn builder() -> SchemaBuilder<query::Query, mutation::Mutation, subscription::Subscription> {
    Schema::build(
        query::Query::default(),
        mutation::Mutation::default(),
        subscription::Subscription,
    )
    .limit_directives(4)
    .extension(gate::Gate)
}

/// The contract as text: `schema.graphql`.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

/// What a request brings along: who asks, in which event, when; and in which language its reader wants sentences.
pub fn with_request(
    request: async_graphql::Request,
    ctx: Ctx,
    tongue: Tongue,
    store: &Store,
) -> async_graphql::Request {
    request
        .data(Reads::new(store.clone(), ctx.event))
        .data(ctx)
        .data(tongue)
}

#[cfg(test)]
mod tests;
