//! A push service on loopback, and a browser that is told by it: takes what is pushed, says what it was told to say, and
//! lets the browser read it as the standards say a browser does.

use aes_gcm::{
    Aes128Gcm,
    aead::{Aead, KeyInit},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hkdf::Hkdf;
use p256::{
    PublicKey, SecretKey,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    elliptic_curve::sec1::ToSec1Point,
};
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

/// Longest wait for a push.
const LIMIT: Duration = Duration::from_mins(1);

/// A push as it came.
#[derive(Debug, Clone)]
pub struct Push {
    /// Where to.
    pub path: String,
    /// Names in small letters.
    pub headers: BTreeMap<String, String>,
    /// What is encrypted.
    pub body: Vec<u8>,
}

/// The service. It goes when the tests do.
#[derive(Debug)]
pub struct PushService {
    /// Where it listens.
    pub address: SocketAddr,
    pushes: mpsc::Receiver<Push>,
    answer: mpsc::Sender<String>,
    connections: Arc<AtomicUsize>,
}

impl PushService {
    /// Starts one that takes everything.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (send, pushes) = mpsc::channel();
        let (answer, answers) = mpsc::channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        thread::spawn(move || {
            let mut said = "201 Created\r\n".to_owned();
            for stream in listener.incoming().map_while(Result::ok) {
                counted.fetch_add(1, SeqCst);
                said = answers.try_iter().last().unwrap_or(said);
                // A client that goes away in the middle has pushed nothing.
                let _ = take(&stream, &said).map(|push| send.send(push));
            }
        });
        Self {
            address,
            pushes,
            answer,
            connections,
        }
    }

    /// From now on it answers so: a status, and headers, each with its end of line.
    pub fn answers(&self, status: &str) {
        self.answer.send(status.to_owned()).expect("it lives");
    }

    /// The next push.
    pub fn push(&self) -> Push {
        let push = self.pushes.recv_timeout(LIMIT);
        push.unwrap_or_else(|_| panic!("no push within {} s", LIMIT.as_secs()))
    }

    /// Pushes that came and were not looked at.
    pub fn so_far(&self) -> Vec<Push> {
        self.pushes.try_iter().collect()
    }

    /// How often anybody connected.
    pub fn connections(&self) -> usize {
        self.connections.load(SeqCst)
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn take(stream: &TcpStream, said: &str) -> io::Result<Push> {
    stream.set_read_timeout(Some(LIMIT))?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    lines.read_exact(&mut body)?;
    let mut out = stream;
    write!(out, "HTTP/1.1 {said}content-length: 0\r\nconnection: close\r\n\r\n")?;
    Ok(Push { path, headers, body })
}

/// A browser with a subscription.
#[derive(Debug)]
pub struct Subscriber {
    key: SecretKey,
    auth: [u8; 16],
    /// Where its service is told.
    pub endpoint: String,
}

impl Subscriber {
    /// One with keys made of a number.
    pub fn at(service: &PushService, number: u8) -> Self {
        Self {
            key: SecretKey::from_slice(&[number; 32]).expect("a key"),
            auth: [number; 16],
            endpoint: format!("{}/push/{number}?x=1", service.origin()),
        }
    }

    /// What it tells the product to subscribe.
    pub fn variables(&self, id: &str) -> Value {
        let key = self.key.public_key().to_sec1_point(false);
        json!({
            "id": id, "endpoint": self.endpoint, "p256dh": BASE64.encode(key.as_bytes()), "auth": BASE64.encode(self.auth),
        })
    }

    /// What was pushed, if it was for this browser (RFC 8291).
    pub fn read(&self, push: &Push) -> Option<Value> {
        let (head, sealed) = push.body.split_at_checked(86)?;
        let (salt, theirs) = (&head[..16], &head[21..]);
        let agreed = self.key.diffie_hellman(&PublicKey::from_sec1_bytes(theirs).ok()?);
        let own = self.key.public_key().to_sec1_point(false);
        let info = [b"WebPush: info\0", own.as_bytes(), theirs].concat();
        let mut secret = [0; 32];
        let keys = Hkdf::<Sha256>::new(Some(&self.auth), agreed.raw_secret_bytes());
        keys.expand(&info, &mut secret).ok()?;
        let keys = Hkdf::<Sha256>::new(Some(salt), &secret);
        let (mut key, mut nonce) = ([0; 16], [0; 12]);
        keys.expand(b"Content-Encoding: aes128gcm\0", &mut key).ok()?;
        keys.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
        let text = Aes128Gcm::new(&key.into()).decrypt(&nonce.into(), sealed).ok()?;
        serde_json::from_slice(text.strip_suffix(&[2])?).ok()
    }
}

/// What a push's token claims, if it is signed by this public key and says so (RFC 8292).
pub fn claims(push: &Push, public: &str) -> Option<Value> {
    let said = push.headers.get("authorization")?.strip_prefix("vapid t=")?;
    let (token, key) = said.split_once(", k=")?;
    let (signed, signature) = token.rsplit_once('.')?;
    let key = VerifyingKey::from_sec1_bytes(&BASE64.decode(key).ok()?).ok()?;
    let own = VerifyingKey::from_sec1_bytes(&BASE64.decode(public).ok()?).ok()?;
    let signature = Signature::from_slice(&BASE64.decode(signature).ok()?).ok()?;
    (own == key).then_some(())?;
    own.verify(signed.as_bytes(), &signature).ok()?;
    let (_, claims) = signed.split_once('.')?;
    serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()
}
