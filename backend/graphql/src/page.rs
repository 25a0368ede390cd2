//! Relay-style pages. A cursor is the code after which the page begins; nothing secret is in it.

use async_graphql::{
    OutputType, Result,
    connection::{Connection, ConnectionNameType, Edge, EdgeNameType, EmptyFields},
};
use storage::participation::Page;

/// Most items on a page.
pub const MAX_PAGE: u64 = 100;
/// Items on a page when nothing is said.
const USUAL_PAGE: u64 = 20;

/// What is asked of a list.
pub(crate) fn asked(first: Option<i32>, after: Option<String>) -> Result<Page> {
    let limit = match first {
        None => USUAL_PAGE,
        Some(first) => match u64::try_from(first) {
            Ok(first @ 1..=MAX_PAGE) => first,
            _ => return Err(async_graphql::Error::new(format!("first is 1 to {MAX_PAGE}"))),
        },
    };
    // One more than asked for tells whether there are more.
    Ok(Page {
        after,
        limit: limit + 1,
    })
}

/// A page out of what was loaded for it.
pub(crate) fn page<T, N, E>(
    asked: &Page,
    mut items: Vec<T>,
    cursor: impl Fn(&T) -> String,
) -> Connection<String, T, EmptyFields, EmptyFields, N, E>
where
    T: OutputType,
    N: ConnectionNameType,
    E: EdgeNameType,
{
    let wanted = asked.limit as usize - 1;
    let more = items.len() > wanted;
    items.truncate(wanted);
    let mut connection = Connection::new(asked.after.is_some(), more);
    connection
        .edges
        .extend(items.into_iter().map(|item| Edge::new(cursor(&item), item)));
    connection
}
