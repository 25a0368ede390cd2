//! The log of what was done, newest first.

use crate::scalar::Long;
use async_graphql::{Result, SimpleObject};
use domain::audit::Entry;

/// One act.
#[derive(SimpleObject)]
pub(crate) struct AuditEntry {
    /// Its place in the chain.
    pub(crate) number: Long,
    /// When.
    at: jiff::Timestamp,
    /// Who: a person's id, or `system`.
    actor: String,
    /// What.
    verb: String,
    /// On what.
    subject: String,
    /// Details as JSON.
    detail: String,
    /// The request it came with.
    request: String,
}

impl AuditEntry {
    pub(crate) fn from(entry: Entry) -> Result<Self> {
        Ok(Self {
            number: Long(entry.number),
            at: jiff::Timestamp::from_millisecond(entry.at)?,
            actor: entry.actor,
            verb: entry.verb,
            subject: entry.subject,
            detail: entry.detail,
            request: entry.request,
        })
    }
}
