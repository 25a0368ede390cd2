//! A mail server on loopback: speaks SMTP with whoever comes and keeps what it is given.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::Duration,
};

/// Longest wait for a mail.
const LIMIT: Duration = Duration::from_secs(30);

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `MAIL FROM`.
    pub from: String,
    /// Every `RCPT TO`.
    pub to: Vec<String>,
    /// What came after `DATA`.
    pub bytes: Vec<u8>,
}

/// The server. It goes when the tests do.
#[derive(Debug)]
pub struct MailServer {
    /// Where it listens.
    pub address: SocketAddr,
    mails: mpsc::Receiver<Mail>,
}

impl MailServer {
    /// Starts one.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (send, mails) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let send = send.clone();
                // A client that goes away in the middle has sent no mail.
                thread::spawn(move || converse(&stream, &send));
            }
        });
        Self { address, mails }
    }

    /// The next mail.
    pub fn mail(&self) -> Mail {
        let mail = self.mails.recv_timeout(LIMIT);
        mail.unwrap_or_else(|_| panic!("no mail within {} s", LIMIT.as_secs()))
    }

    /// Whatever came so far.
    pub fn so_far(&self) -> Vec<Mail> {
        self.mails.try_iter().collect()
    }
}

fn converse(stream: &TcpStream, mails: &mpsc::Sender<Mail>) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    let mut say = |words: &str| out.write_all(format!("{words}\r\n").as_bytes());
    let (mut from, mut to) = (String::new(), Vec::new());
    say("220 loopback ready")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let said = line.trim_end();
        let verb = said.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => say("250-loopback\r\n250 8BITMIME")?,
            "MAIL" => {
                (from, to) = (bracketed(said), Vec::new());
                say("250 ok")?;
            }
            "RCPT" => {
                to.push(bracketed(said));
                say("250 ok")?;
            }
            "DATA" => {
                say("354 go on")?;
                let bytes = content(&mut lines)?;
                say("250 kept")?;
                let (from, to) = (from.clone(), to.clone());
                let _ = mails.send(Mail { from, to, bytes });
            }
            "QUIT" => return say("221 bye"),
            "RSET" | "NOOP" => say("250 ok")?,
            _ => say("502 not here")?,
        }
    }
}

fn content(lines: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(all);
        }
        all.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn bracketed(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(address, _)| address.to_owned())
}
