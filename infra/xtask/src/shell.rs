//! Running other programs: where the house stands, which programs there are, and steps with their seconds.
//! The only file of xtask that reads the clock and the environment.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a program with a time limit is asked whether it has ended.
const POLL: Duration = Duration::from_millis(20);

/// The repository's folder. xtask is compiled from inside it, so the compiler knows.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// One variable of the environment, empty counting as absent.
#[expect(
    clippy::disallowed_methods,
    reason = "a developers' tool has no configuration; it asks here only"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A clock that was started, for the seconds of steps and for time limits.
#[derive(Clone, Copy)]
pub struct Watch(Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "the seconds of steps, shown to a person")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    pub fn seconds(self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}

/// The cargo that runs us, without the variables it set for us: build scripts that watch them
/// (`CARGO_MANIFEST_DIR`, …) would take the difference for a change and compile again.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    for name in own_variables() {
        command.env_remove(name);
    }
    command.current_dir(root()).args(arguments);
    command
}

#[expect(
    clippy::disallowed_methods,
    reason = "a developers' tool has no configuration; it asks here only"
)]
fn own_variables() -> Vec<String> {
    let ours = |name: &String| {
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(ours)
        .collect()
}

/// Runs a command to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    let status = command.status().with_context(|| format!("could not start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a command quietly and returns what it printed; its error text becomes ours when it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let line = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start `{line}`"))?;
    if !output.status.success() {
        bail!(
            "`{line}` failed ({}):\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed something that is not UTF-8"))
}

/// Runs a command quietly, at most for `limit`; at the limit it is stopped and that is the error.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<ExitStatus> {
    await_within(command, limit, |_| POLL, Child::try_wait)
}

/// The same, for whoever asks in a way of their own whether it has ended; `pause` says from the time passed how long to
/// wait before asking again.
pub fn await_within<T>(
    command: &mut Command,
    limit: Duration,
    pause: impl Fn(Duration) -> Duration,
    mut ended: impl FnMut(&mut Child) -> std::io::Result<Option<T>>,
) -> Result<T> {
    let line = shown(command);
    let watch = Watch::start();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start `{line}`"))?;
    while watch.elapsed() < limit {
        if let Some(end) = ended(&mut child)? {
            return Ok(end);
        }
        thread::sleep(pause(watch.elapsed()));
    }
    child.kill().with_context(|| format!("could not stop `{line}`"))?;
    child.wait()?;
    bail!("`{line}` did not end within {} s", limit.as_secs())
}

/// The command as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    command
        .get_args()
        .fold(name, |line, argument| line + " " + &argument.to_string_lossy())
}

/// The first folder of PATH that holds all of these programs.
pub fn folder_in_path(programs: &[&str]) -> Option<PathBuf> {
    let path = variable("PATH")?;
    std::env::split_paths(&path).find(|folder| programs.iter().all(|program| folder.join(program).is_file()))
}

/// Says what begins, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {what} …");
    let watch = Watch::start();
    let result = work();
    let word = if result.is_ok() { "done" } else { "FAILED" };
    println!("== {what}: {word} in {:.1} s", watch.seconds());
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_repository() {
        assert!(root().join("infra/xtask/src/shell.rs").is_file());
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/usr/bin/psql");
        command.args(["-c", "select 1"]);
        assert_eq!(shown(&command), "psql -c select 1");
    }

    #[test]
    fn a_command_over_its_limit_is_stopped() {
        let problem = run_within(Command::new("sleep").arg("60"), Duration::from_millis(100)).unwrap_err();
        assert_eq!(problem.to_string(), "`sleep 60` did not end within 0 s");
    }

    #[test]
    fn a_failing_command_says_its_name_and_its_error() {
        let problem = output(Command::new("ls").arg("/nowhere-at-all"))
            .unwrap_err()
            .to_string();
        assert!(problem.starts_with("`ls /nowhere-at-all` failed"), "{problem}");
        assert!(problem.contains('\n'), "the program's own words are missing: {problem}");
    }
}
