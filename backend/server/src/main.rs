//! The process `ichiba`: command line, configuration, HTTP, sign-in, mail, workers, import. No SQL and no rules here.

mod calendar;
mod clock;
mod command;
mod config;
mod http;
mod import;
mod letter;
mod live;
mod log;
mod mail;
mod push;
mod secret;
mod worker;

use clap::Parser;
use std::process::ExitCode;

/// A request is hundreds of small allocations in several threads, to which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let command = command::Command::parse();
    match command::run(command).await {
        Ok(code) => code,
        Err(error) => {
            command::say_error(&error);
            ExitCode::FAILURE
        }
    }
}
