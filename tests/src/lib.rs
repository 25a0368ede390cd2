//! The harness of the whole-system tests: starts the real binary as a newcomer would, asks it as browsers, phones and
//! attackers would, ends it. It knows nothing of the product's crates; what is asserted stands in `tests/it`.

#![expect(
    clippy::missing_panics_doc,
    reason = "a harness of tests panics wherever something is not as it must be: that is its answer"
)]

pub mod backup;
pub mod browser;
pub mod checker;
pub mod database;
pub mod http;
pub mod machine;
pub mod market;
pub mod push;
pub mod redis;
pub mod run;
pub mod serve;
pub mod smtp;
pub mod socket;
