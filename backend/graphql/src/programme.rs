//! Programmes and their targets.

use crate::{event::Text, scalar::Long};
use async_graphql::{Enum, SimpleObject};
use domain::programme as rule;
use uuid::Uuid;

/// To be reached, or not to be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::TargetKind")]
pub(crate) enum TargetKind {
    /// At least this much.
    Target,
    /// At most this much.
    Limit,
}

/// One public contract with its own period and targets.
#[derive(SimpleObject)]
pub(crate) struct Programme {
    /// The id.
    id: Uuid,
    /// Short name.
    code: String,
    /// What people call it.
    name: Text,
    /// First day, ISO 8601.
    starts_on: String,
    /// Last day, ISO 8601.
    ends_on: String,
    /// The figures it must reach.
    targets: Vec<Target>,
}

/// A figure a programme must reach, or must not pass.
#[derive(SimpleObject)]
pub(crate) struct Target {
    /// Unique within the programme.
    code: String,
    /// What people call it.
    name: Text,
    /// What exactly is counted.
    definition: String,
    /// What it is counted in.
    unit: String,
    /// How many.
    amount: Long,
    /// Whether it is to be reached or not to be passed.
    kind: TargetKind,
    /// Targets of a group hold together, or stand for each other.
    group: String,
    /// By when, ISO 8601.
    due_on: String,
}

impl From<(rule::Programme, Vec<rule::Target>)> for Programme {
    fn from((programme, targets): (rule::Programme, Vec<rule::Target>)) -> Self {
        let target = |target: rule::Target| Target {
            code: target.code,
            name: target.name.into(),
            definition: target.definition,
            unit: target.unit,
            amount: Long(target.amount),
            kind: target.kind.into(),
            group: target.group,
            due_on: target.due_on.to_string(),
        };
        Self {
            id: programme.id.0,
            code: programme.code,
            name: programme.name.into(),
            starts_on: programme.starts_on.to_string(),
            ends_on: programme.ends_on.to_string(),
            targets: targets.into_iter().map(target).collect(),
        }
    }
}
