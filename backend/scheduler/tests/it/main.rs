//! The scheduler from outside: one binary, a module a subject. Deliberately not here: anything that needs a file.

mod checking;
mod extremes;
mod formats;
mod generate;
mod infeasible;
mod kinds;
mod market;
mod second_level;
mod small;
