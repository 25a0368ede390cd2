//! The scheduler from outside: one binary, a module a subject. Deliberately not here: anything that needs a file.

mod brute;
mod campaign;
mod checking;
mod explain;
mod extremes;
mod formats;
mod generate;
mod infeasible;
mod kinds;
mod live;
mod market;
mod repair;
mod second_level;
mod small;
