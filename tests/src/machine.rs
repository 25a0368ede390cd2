//! What the tests take from the machine: variables, the clock, ports, chance with a seed. The one file that does.

#![expect(
    clippy::disallowed_methods,
    reason = "the one file that reads the environment and the clock"
)]

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU16, Ordering::SeqCst},
    time::{Duration, Instant},
};

/// The product's path, as `cargo xtask test` sets it.
const BINARY: &str = "ICHIBA_BIN";
/// The URL of a throw-away PostgreSQL, with the rights of a superuser.
const POSTGRES: &str = "ICHIBA_TEST_POSTGRES";

/// How many times longer than usual the tests run that look for rare moments.
const TIMES: &str = "ICHIBA_TEST_TIMES";

/// The path of Redis' server program.
const REDIS: &str = "ICHIBA_TEST_REDIS";

/// Ports are taken below those that systems hand out to clients, so that no connection of ours takes one away.
const FIRST_PORT: u16 = 15_000;
const PORTS: u16 = 15_000;
static NEXT_PORT: AtomicU16 = AtomicU16::new(0);

/// The top of the repository.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the crate lies in the repository").to_owned()
}

/// The real binary.
pub fn binary() -> PathBuf {
    let said = std::env::var_os(BINARY).map(PathBuf::from);
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let binary = said.unwrap_or_else(|| target.join("debug/ichiba"));
    assert!(
        binary.is_file(),
        "{} is not there; `cargo xtask test` builds it and sets {BINARY}, or run: cargo build --workspace --bins",
        binary.display()
    );
    binary
}

/// Whether the binary is one for use: its figures must hold.
pub fn binary_is_release() -> bool {
    binary().components().any(|part| part.as_os_str() == "release")
}

/// The URL of the PostgreSQL server.
pub fn postgres() -> String {
    std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} names no PostgreSQL server to test on; `cargo xtask test` starts one and sets it")
    })
}

/// Redis' server program.
pub fn redis() -> PathBuf {
    let said = std::env::var_os(REDIS).map(PathBuf::from);
    said.unwrap_or_else(|| {
        panic!("{REDIS} names no redis-server to test with; `cargo xtask test` finds one and sets it")
    })
}

/// How often something is done of which usually so many are enough.
pub fn times(usual: usize) -> usize {
    let times = std::env::var(TIMES).map_or(1, |text| text.parse().expect("ICHIBA_TEST_TIMES is a number"));
    usual * times
}

/// An address on this machine on which nobody listens.
pub fn free_address() -> SocketAddr {
    for _ in 0..PORTS {
        let step = NEXT_PORT.fetch_add(1, SeqCst);
        let offset = (std::process::id() as u16).wrapping_mul(97).wrapping_add(step) % PORTS;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, FIRST_PORT + offset));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no port between {FIRST_PORT} and {} is free", FIRST_PORT + PORTS);
}

/// Measures how long something took.
#[derive(Debug, Clone, Copy)]
pub struct Watch(Instant);

impl Watch {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The time since, in seconds.
    pub fn seconds(&self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}

/// Asks again and again until there is an answer; fails after `limit`, naming what was waited for.
pub fn until<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let watch = Watch::start();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(watch.elapsed() < limit, "waited {} s for {what}", limit.as_secs());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Chance with a seed (splitmix64): the seed is the bug report.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Begins with a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound.max(1) as u64) as usize
    }
}

/// Seconds since the beginning of 1970.
pub fn unix() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("a clock that is set").as_secs()
}

/// A UUID as apps make them; never the same twice.
pub fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    let mut random = std::fs::File::open("/dev/urandom").expect("the system's entropy");
    std::io::Read::read_exact(&mut random, &mut bytes).expect("the system's entropy");
    // Version 4, as RFC 9562 has it.
    bytes[6] = 0x40 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let part = |from: usize, until: usize| &digits[from..until];
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}
