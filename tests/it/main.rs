//! The whole-system tests: one binary, a file for each theme. They start the real `ichiba` and know it only from
//! outside. `cargo xtask test` runs them with a PostgreSQL; figures they print are seen with `-- --nocapture`.

mod answers;
mod calendar;
mod config;
mod demo;
mod disconnects;
mod forgery;
mod import;
mod kill;
mod live;
mod mail;
mod nodes;
mod push;
mod runs;
mod sign_in;
mod sockets;
mod timetable;
mod upload;
