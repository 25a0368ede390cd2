//! A throw-away PostgreSQL for tests: found or, on Debian with rights, installed; started on a free port in a temporary
//! folder, not as root; stopped and removed in every case, also when we are killed. The folder holds nothing of value,
//! so durability is switched off: what tests need to survive is the kill of a process, not of the machine.

use crate::redis;
use crate::shell::{self, Watch, run_within, step};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::time::Duration;

/// The variable that tests read the server's address from.
pub const VARIABLE: &str = "ICHIBA_TEST_POSTGRES";

/// What is needed of PostgreSQL.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
/// The longest wait for an empty cluster, and for its server to answer.
const INITDB_LIMIT: Duration = Duration::from_mins(2);
const START_LIMIT: Duration = Duration::from_mins(1);
/// A free port may be taken by another between asking and starting: so often we ask again.
const START_ATTEMPTS: usize = 3;
/// The system's user the server runs as when we are root; Debian's package makes it.
const SYSTEM_USER: &str = "postgres";
/// The server's only role, and superuser: tests make their own databases.
const ROLE: &str = "ichiba";
const DEBIAN_INSTALL: &str = "apt-get update && apt-get install -y --no-install-recommends postgresql";

/// Waits for the end of its input, which comes when xtask ends in whatever way; then stops the server, removes the
/// folder. It runs in a process group of its own, so Ctrl-C does not reach it.
const GUARDIAN: &str = r#"cat >/dev/null; folder=$1; shift; cd "$folder" && "$@" -D "$folder/data" -m immediate -w stop; cd /; rm -rf "$folder""#;

/// `cargo xtask postgres -- CMD…`
pub fn run(args: &[String]) -> Result<ExitCode> {
    let args = args.strip_prefix(&["--".to_owned()]).unwrap_or(args);
    let Some((program, rest)) = args.split_first() else {
        bail!("which command? For example: cargo xtask postgres -- cargo test -p storage");
    };
    let server = Postgres::start()?;
    let line = shell::shown(Command::new(program).args(rest));
    let mut command = Command::new(program);
    command.args(rest).env(VARIABLE, server.url());
    if let Some(redis) = redis::find() {
        command.env(redis::VARIABLE, redis);
    }
    let status = command.status().with_context(|| format!("could not start `{line}`"))?;
    drop(server);
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}

/// A running server. Dropping it stops the server and removes its folder.
pub struct Postgres {
    url: String,
    _guardian: Guardian,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        let programs = find_or_install()?;
        step("start a throw-away PostgreSQL", || Self::start_with(&programs))
    }

    /// `postgres://…`, with the password, of a superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn start_with(programs: &Path) -> Result<Self> {
        let user = User::suitable()?;
        let guardian = Guardian::over(&user, programs)?;
        let password = random_word()?;
        initialise(&user, programs, &guardian.folder, &password)?;
        for attempt in 1..=START_ATTEMPTS {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            if serve(&user, programs, &guardian.folder, port)? {
                println!("   {} on port {port}", version(programs)?);
                return Ok(Self {
                    url: format!("postgres://{ROLE}:{password}@127.0.0.1:{port}/postgres"),
                    _guardian: guardian,
                });
            }
            println!("   attempt {attempt} of {START_ATTEMPTS} failed");
        }
        let log = fs::read_to_string(guardian.folder.join("log")).unwrap_or_default();
        bail!("PostgreSQL did not start; its log says:\n{}", log.trim())
    }
}

fn initialise(user: &User, programs: &Path, folder: &Path, password: &str) -> Result<()> {
    let password_file = folder.join("password");
    fs::write(&password_file, password)?;
    user.own(&password_file)?;
    let mut initdb = user.command(&programs.join("initdb"), folder);
    initdb
        .arg("-D")
        .arg(folder.join("data"))
        .arg("--pwfile")
        .arg(&password_file);
    initdb.args([
        "--no-sync",
        "--auth=scram-sha-256",
        "--username",
        ROLE,
        "--encoding=UTF8",
        "--no-locale",
    ]);
    let status = run_within(&mut initdb, INITDB_LIMIT)?;
    if !status.success() {
        bail!("`{}` failed ({status})", shell::shown(&initdb));
    }
    Ok(())
}

/// True when the server answers on this port.
fn serve(user: &User, programs: &Path, folder: &Path, port: u16) -> Result<bool> {
    let options = format!(
        "-p {port} -k '{}' -c listen_addresses=127.0.0.1 \
         -c max_connections=200",
        folder.display()
    );
    let mut start = user.command(&programs.join("pg_ctl"), folder);
    start
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-l")
        .arg(folder.join("log"))
        .arg("-o")
        .arg(options);
    start.args(["-w", "-t", &START_LIMIT.as_secs().to_string(), "start"]);
    // pg_ctl keeps its own limit; ours is a little later and only for a pg_ctl that hangs.
    Ok(run_within(&mut start, START_LIMIT + Duration::from_secs(5))?.success())
}

/// Who the server runs as: PostgreSQL refuses to run as root.
enum User {
    Ourselves,
    System,
}

impl User {
    fn suitable() -> Result<Self> {
        if !is_root()? {
            return Ok(Self::Ourselves);
        }
        if shell::folder_in_path(&["setpriv"]).is_none() {
            bail!("PostgreSQL does not run as root, and setpriv (util-linux) is missing to leave root: install it");
        }
        shell::output(Command::new("id").args(["-u", SYSTEM_USER]))
            .with_context(|| format!("PostgreSQL does not run as root, and there is no user {SYSTEM_USER}"))?;
        Ok(Self::System)
    }

    /// A command as this user, standing in a folder that this user may enter.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut words = self.words(program).into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).current_dir(folder).env("LC_ALL", "C");
        command
    }

    fn words(&self, program: &Path) -> Vec<String> {
        let mut words = Vec::new();
        if matches!(self, Self::System) {
            words.push("setpriv".to_owned());
            words.push(format!("--reuid={SYSTEM_USER}"));
            words.push(format!("--regid={SYSTEM_USER}"));
            words.push("--clear-groups".to_owned());
        }
        words.push(program.to_string_lossy().into_owned());
        words
    }

    fn own(&self, path: &Path) -> Result<()> {
        match self {
            Self::Ourselves => Ok(()),
            Self::System => shell::output(Command::new("chown").arg(format!("{SYSTEM_USER}:")).arg(path)).map(drop),
        }
    }
}

/// Owns the temporary folder and outlives us by a moment: see [`GUARDIAN`].
struct Guardian {
    folder: PathBuf,
    process: Child,
    alive: Option<ChildStdin>,
}

impl Guardian {
    fn over(user: &User, programs: &Path) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("ichiba-postgres-{}", random_word()?));
        fs::DirBuilder::new().mode(0o700).create(&folder)?;
        user.own(&folder)?;
        let mut process = Command::new("sh")
            .args(["-c", GUARDIAN, "ichiba-postgres-guardian"])
            .arg(&folder)
            .args(user.words(&programs.join("pg_ctl")))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start sh")?;
        let alive = process.stdin.take();
        Ok(Self { folder, process, alive })
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        let watch = Watch::start();
        drop(self.alive.take());
        if let Err(problem) = self.process.wait() {
            eprintln!(
                "xtask: the throw-away PostgreSQL in {} may still run: {problem}",
                self.folder.display()
            );
        }
        println!("== PostgreSQL stopped and removed in {:.1} s", watch.seconds());
    }
}

fn find_or_install() -> Result<PathBuf> {
    if let Some(folder) = find() {
        return Ok(folder);
    }
    if may_install()? {
        step("install PostgreSQL (Debian package)", || {
            shell::run(
                Command::new("sh")
                    .args(["-c", DEBIAN_INSTALL])
                    .env("DEBIAN_FRONTEND", "noninteractive"),
            )
        })
        .with_context(advice)?;
    }
    find().with_context(|| format!("PostgreSQL's server programs are missing. {}", advice()))
}

fn may_install() -> Result<bool> {
    Ok(Path::new("/etc/debian_version").exists() && shell::folder_in_path(&["apt-get"]).is_some() && is_root()?)
}

fn advice() -> String {
    let has = |program: &str| shell::folder_in_path(&[program]).is_some();
    if has("apt-get") {
        format!("Run: sudo sh -c '{DEBIAN_INSTALL}'")
    } else if has("brew") {
        "Run: brew install postgresql@17".to_owned()
    } else if has("dnf") {
        "Run: sudo dnf install -y postgresql-server".to_owned()
    } else if has("pacman") {
        "Run: sudo pacman -S --noconfirm postgresql".to_owned()
    } else {
        "Install the PostgreSQL server by your system's package manager (initdb, pg_ctl and postgres in PATH)"
            .to_owned()
    }
}

/// The folder of the three programs: PATH, what `pg_config` says, then the usual places, newest version first.
fn find() -> Option<PathBuf> {
    let said = shell::output(Command::new("pg_config").arg("--bindir"))
        .ok()
        .map(|line| PathBuf::from(line.trim()));
    let usual = [
        "/usr/lib/postgresql",
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/usr/pgsql",
    ]
    .into_iter();
    let usual = usual.flat_map(|parent| versions(Path::new(parent)));
    shell::folder_in_path(&PROGRAMS).or_else(|| said.into_iter().chain(usual).find(|folder| holds_all(folder)))
}

fn holds_all(folder: &Path) -> bool {
    let runs = |path: &Path| fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o111 != 0);
    PROGRAMS.iter().all(|program| runs(&folder.join(program)))
}

/// `parent/*15*/bin`, the highest number first.
fn versions(parent: &Path) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| {
            (
                number_in(&entry.file_name().to_string_lossy()),
                entry.path().join("bin"),
            )
        })
        .collect();
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    found.into_iter().map(|(_, folder)| folder).collect()
}

fn number_in(name: &str) -> u32 {
    let digits: String = name
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(0)
}

fn version(programs: &Path) -> Result<String> {
    Ok(shell::output(Command::new(programs.join("postgres")).arg("--version"))?
        .trim()
        .to_owned())
}

fn is_root() -> Result<bool> {
    Ok(shell::output(Command::new("id").arg("-u"))?.trim() == "0")
}

/// 128 random bits as text, from the system.
fn random_word() -> Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let folder = std::env::temp_dir().join(format!("ichiba-versions-{}", random_word().unwrap()));
        for name in ["9.6", "15", "postgresql@17", "redis"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        let found = versions(&folder);
        let names: Vec<_> = found
            .iter()
            .map(|bin| bin.strip_prefix(&folder).unwrap().to_str().unwrap())
            .collect();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(names, ["postgresql@17/bin", "15/bin", "9.6/bin", "redis/bin"]);
    }

    #[test]
    fn words_are_random_and_fit_into_a_url() {
        let (one, other) = (random_word().unwrap(), random_word().unwrap());
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.chars().all(|c| c.is_ascii_hexdigit()), "{one}");
    }

    /// The guardian, not `Drop`, does the work: here only the pipe ends, as it does when xtask is killed.
    #[test]
    fn the_folder_goes_when_the_pipe_ends() {
        let mut guardian = Guardian::over(&User::Ourselves, Path::new("/nowhere")).unwrap();
        let folder = guardian.folder.clone();
        assert!(folder.is_dir());
        drop(guardian.alive.take());
        guardian.process.wait().unwrap();
        assert!(!folder.exists());
    }
}
