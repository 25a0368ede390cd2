//! One run of the binary from the command line: what it said, how it ended, how long it took. Nothing of the tests'
//! own environment reaches it.

use crate::machine::{self, Watch};
use std::{
    ffi::OsStr,
    io::{Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// Longest any command of the product may take here.
pub const LIMIT: Duration = Duration::from_mins(1);

/// A command about to be run.
#[derive(Debug)]
pub struct Run {
    command: Command,
    line: String,
    input: Vec<u8>,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    /// The command line, for messages.
    pub line: String,
    /// The exit code; none where it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// How long it took.
    pub seconds: f64,
}

/// A process that ends with its handle, also when a test fails.
#[derive(Debug)]
pub struct Process(pub(crate) Child);

impl Process {
    /// Ends it as power failures do: it learns nothing.
    pub fn kill(&mut self) -> ExitStatus {
        // It may have ended already.
        let _ = self.0.kill();
        self.0.wait().expect("a process that was started")
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Run {
    /// The binary, standing in a folder, its data there.
    pub fn new(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(machine::binary());
        command.args(args).current_dir(folder).env_clear();
        command.env("ICHIBA_DATA", folder).env("ICHIBA_LOG", "warn");
        let line = format!("ichiba {}", args.join(" "));
        Self {
            command,
            line,
            input: Vec::new(),
        }
    }

    /// With a variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// With variables.
    #[must_use]
    pub fn envs(mut self, pairs: &[(String, String)]) -> Self {
        for (name, value) in pairs {
            self.command.env(name, value);
        }
        self
    }

    /// With this typed in.
    #[must_use]
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Starts it; its output and errors are for the caller.
    pub fn spawn(mut self) -> Process {
        let piped = self.command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.stderr(Stdio::piped()).spawn().expect("the binary starts");
        if let Some(mut stdin) = child.stdin.take() {
            // Who does not read its input is not wronged.
            let _ = stdin.write_all(&self.input);
        }
        Process(child)
    }

    /// Starts it and leaves it to its fate, its output unread.
    pub fn start(mut self) -> Process {
        let quiet = self.command.stdin(Stdio::null()).stdout(Stdio::null());
        Process(quiet.stderr(Stdio::null()).spawn().expect("the binary starts"))
    }

    /// Runs it to its end.
    pub fn say(self) -> Said {
        let line = self.line.clone();
        let watch = Watch::start();
        let mut process = self.spawn();
        let out = reading(process.0.stdout.take());
        let err = reading(process.0.stderr.take());
        let text = |from: &mpsc::Receiver<Vec<u8>>| {
            let left = LIMIT.saturating_sub(watch.elapsed());
            let bytes = from.recv_timeout(left);
            let bytes = bytes.unwrap_or_else(|_| panic!("`{line}` did not end within {} s", LIMIT.as_secs()));
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (out, err) = (text(&out), text(&err));
        let code = process.0.wait().expect("a process that was started").code();
        Said {
            line,
            code,
            out,
            err,
            seconds: watch.seconds(),
        }
    }
}

/// Reads a pipe to its end, beside.
fn reading(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = send.send(bytes);
    });
    receive
}

impl Said {
    /// It did what was asked; its output.
    pub fn good(self) -> String {
        let Self {
            line, code, out, err, ..
        } = self;
        assert_eq!(code, Some(0), "`{line}` failed:\n{out}\n{err}");
        out
    }

    /// It refused, with every one of these words on standard error.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "most tests want no more than that it refused"
    )]
    pub fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "`{}`:\n{}\n{}", self.line, self.out, self.err);
        for word in words {
            assert!(
                self.err.contains(word),
                "`{}` does not say \"{word}\":\n{}",
                self.line,
                self.err
            );
        }
        self
    }
}
