//! Tests of the API: two events in one fresh SQLite file, asked as the server asks. Rules are tested in `domain`,
//! keeping in `storage`, transport in `tests/`.

mod absent;
mod arranging;
mod avoid;
mod booking;
mod contract;
mod letter;
mod limits;
mod listen;
mod live;
mod market;
mod matrix;
mod notices;
mod operations;
mod pages;
mod run;
mod said;
mod table;
mod timetable;
mod verbs;
mod ways;
mod world;
