//! Runs one program to its end and measures the process: wall time, and peak memory as the system counted it.

use crate::shell::{self, Watch};
use anyhow::{Result, bail};
use std::process::{Child, Command};
use std::time::Duration;
use wait4::Wait4;

/// How often a program is asked whether it has ended: after so small a part of its time that no figure shows it.
const POLL_PART: u32 = 200;
const SHORTEST_POLL: Duration = Duration::from_micros(20);
const LONGEST_POLL: Duration = Duration::from_millis(20);

/// What the process took.
pub struct Taken {
    pub seconds: f64,
    pub peak_mib: f64,
}

/// Runs quietly; a program that is not done after `limit` is ended, and that is the error.
pub fn measured(command: &mut Command, limit: Duration) -> Result<Taken> {
    let watch = Watch::start();
    let pause = |passed: Duration| (passed / POLL_PART).clamp(SHORTEST_POLL, LONGEST_POLL);
    let end = shell::await_within(command, limit, pause, Child::try_wait4)?;
    let seconds = watch.seconds();
    if !end.status.success() {
        bail!("`{}` failed ({})", shell::shown(command), end.status);
    }
    let peak_mib = end.rusage.maxrss as f64 / f64::from(1 << 20);
    Ok(Taken { seconds, peak_mib })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_memory_are_measured() {
        let taken = measured(Command::new("sleep").arg("0.1"), Duration::from_secs(10)).unwrap();
        assert!(taken.seconds >= 0.1 && taken.peak_mib > 0.1);
    }

    #[test]
    fn a_program_over_its_limit_is_ended() {
        let problem = measured(Command::new("sleep").arg("60"), Duration::from_millis(50)).err();
        let text = problem.map(|p| p.to_string());
        assert_eq!(text.as_deref(), Some("`sleep 60` did not end within 0 s"));
    }
}
