//! A serving process: started on a free port, ready when it says so, ended with its handle.

use crate::{
    browser::Browser,
    http::Request,
    machine::{self, Watch},
    market::Folder,
    run::{Process, Run},
};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::Command,
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

/// Longest a start may take: migrations, import and timetable of the demonstration included.
pub const START_LIMIT: Duration = Duration::from_mins(1);
/// A free port may be taken by another between asking and starting: so often we ask again.
const ATTEMPTS: usize = 5;

/// A server.
#[derive(Debug)]
pub struct Server {
    process: Process,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it printed until it served.
    pub printed: Vec<String>,
    /// How long it took from start to ready.
    pub seconds: f64,
    errors: Arc<Mutex<String>>,
}

impl Server {
    /// `ichiba serve` in a folder, with variables.
    pub fn start(folder: &Folder, env: &[(&str, &str)]) -> Self {
        Self::launch(|address| {
            let run = folder.run(&["serve"]).env("ICHIBA_LISTEN", address.to_string());
            env.iter().fold(run, |run, (name, value)| run.env(name, value))
        })
    }

    /// Whatever serves: `run` is given the address to serve on.
    pub fn launch(run: impl Fn(SocketAddr) -> Run) -> Self {
        for _ in 0..ATTEMPTS {
            let address = machine::free_address();
            match Self::attempt(run(address), address) {
                Ok(server) => return server,
                Err(said) if said.contains("cannot be listened on") => {}
                Err(said) => panic!("the server ended before it served:\n{said}"),
            }
        }
        panic!("no port stayed free for {ATTEMPTS} attempts");
    }

    fn attempt(run: Run, address: SocketAddr) -> Result<Self, String> {
        let watch = Watch::start();
        let mut process = run.spawn();
        let lines = lines(process.0.stdout.take().expect("piped"));
        let errors = gathered(process.0.stderr.take().expect("piped"));
        let mut printed = Vec::new();
        loop {
            match lines.recv_timeout(START_LIMIT) {
                Ok(line) => {
                    let serving = line.contains(" on http");
                    printed.push(line);
                    if serving {
                        break;
                    }
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    let code = process.0.wait().expect("started").code();
                    let errors = machine::until("the end of its errors", START_LIMIT, || {
                        (Arc::strong_count(&errors) == 1).then(|| errors.lock().expect("whole").clone())
                    });
                    return Err(format!("exit code {code:?}\n{}\n{errors}", printed.join("\n")));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    panic!("not serving within {} s: {printed:?}", START_LIMIT.as_secs());
                }
            }
        }
        let ready = || {
            Request::get("/readyz")
                .try_send(address)
                .ok()
                .filter(|answer| answer.status == 200)
        };
        machine::until("/readyz", START_LIMIT, ready);
        Ok(Self {
            process,
            address,
            printed,
            seconds: watch.seconds(),
            errors,
        })
    }

    /// A browser that looks at it.
    pub fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser signed in as a person of the seed files, by a link printed for whoever runs the machine.
    pub fn browser_of(&self, folder: &Folder, code: &str) -> Browser {
        self.browser().signed_in(&folder.link(code))
    }

    /// What it wrote to standard error so far.
    pub fn errors(&self) -> String {
        self.errors.lock().expect("whole").clone()
    }

    /// Ends it as power failures do.
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// Tells it to end, as whoever runs the machine does, and waits until it has.
    pub fn end(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        assert!(told.expect("kill").success(), "it ended before it was told to");
        let ended = || self.process.0.try_wait().expect("a process that was started");
        let status = machine::until("the end of the server", START_LIMIT, ended);
        assert!(status.success(), "{status}: {}", self.errors());
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Memory in use, in MB.
    pub fn megabytes(&self) -> f64 {
        let path = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(path).expect("a living process of Linux");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
        let kilobytes: f64 = line
            .split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .expect("a number");
        kilobytes / 1024.0
    }
}

/// Lines of a pipe, read to its end whether anybody listens or not.
fn lines(pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    receive
}

fn gathered(pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let all = Arc::new(Mutex::new(String::new()));
    let own = all.clone();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut all = own.lock().expect("whole");
            all.push_str(&line);
            all.push('\n');
        }
    });
    all
}
