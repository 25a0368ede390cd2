//! A throw-away Redis: started on a free port of loopback, keeps nothing, can be killed and come back at its address.

use crate::{
    machine,
    run::{LIMIT, Process},
};
use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
    time::Duration,
};

/// A server.
#[derive(Debug)]
pub struct Redis {
    process: Option<Process>,
    address: SocketAddr,
}

impl Redis {
    /// Starts one; it answers when this returns.
    pub fn start() -> Self {
        let mut redis = Self {
            process: None,
            address: machine::free_address(),
        };
        redis.revive();
        redis
    }

    /// How the product reaches it.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Ends it as power failures do.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Starts it again where it was, empty.
    pub fn revive(&mut self) {
        let port = self.address.port().to_string();
        let mut command = Command::new(machine::redis());
        command.args([
            "--port",
            &port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(Process(command.spawn().expect("redis-server starts")));
        machine::until("Redis", LIMIT, || (self.say(&["PING"])? == "+PONG").then_some(()));
    }

    /// Says a command; the first line of the answer, none where nobody answers.
    pub fn say(&self, words: &[&str]) -> Option<String> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        writeln!(stream, "{}\r", words.join(" ")).ok()?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).ok()?;
        Some(line.trim_end().to_owned())
    }
}
