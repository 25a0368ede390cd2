//! Tests of the keeping, every one on a fresh SQLite file and on a fresh PostgreSQL database, never on a double.
//! What needs no database (the rules) is tested in `domain`; what needs the whole process in `tests/`.

mod arranging;
mod audit;
mod backup;
mod ground;
mod guest;
mod idempotency;
mod import;
mod kill;
mod letter;
mod notice;
mod publish;
mod race;
mod run;
mod said;
mod sample;
mod schema;
mod scope;
mod sequence;
mod sign_in;
mod suggest;
mod table;
pub(crate) mod tap;
mod writer;
