//! Rules of signing in by a link sent by mail. Making the secret and hashing it is the server's and storage's work.

use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};

/// How long a link holds.
pub const LINK_HOLDS: SignedDuration = SignedDuration::from_mins(10);
/// How long a session holds without being used.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// How long a session holds at most.
pub const SESSION_LONGEST: SignedDuration = SignedDuration::from_hours(24 * 14);
/// How many wrong short codes a link bears.
pub const MAX_CODE_TRIES: i32 = 5;
/// How many links an address is sent in an hour.
pub const MAX_LINKS_AN_HOUR: u64 = 5;

/// A link as it was kept.
#[derive(Debug, Clone)]
pub struct Link {
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether it was used.
    pub used: bool,
    /// Wrong codes so far.
    pub tries: i32,
    /// Hash of the asking browser's secret; `None` for links an operator printed, which need no browser.
    pub browser: Option<Vec<u8>>,
    /// Hash of the short code shown on the asking page.
    pub code: Option<Vec<u8>>,
}

/// What the one who opened the link shows.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Hash of the browser's secret, if it has one.
    pub browser: Option<Vec<u8>>,
    /// Hash of the short code, if one was typed.
    pub code: Option<Vec<u8>>,
}

/// Whether the link signs in now: unused, in time, and opened by the asking browser or with its short code.
pub fn enter(link: &Link, shown: &Shown, now: Timestamp) -> Result<(), Refusal> {
    if link.used || now >= link.made_at + LINK_HOLDS || now < link.made_at || link.tries >= MAX_CODE_TRIES {
        return Err(Refusal::LinkSpent);
    }
    let same_browser = link.browser.is_none() || (shown.browser.is_some() && link.browser == shown.browser);
    let same_code = link.code.is_some() && link.code == shown.code;
    if same_browser || same_code {
        Ok(())
    } else {
        Err(Refusal::CodeWanted)
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, Shown, enter};
    use crate::refusal::Refusal;
    use jiff::{SignedDuration, Timestamp};

    fn check(change: impl Fn(&mut Link), shown: (Option<u8>, Option<u8>), minutes: i64, expect: &Result<(), Refusal>) {
        let hash = |h: u8| vec![h];
        let made_at = Timestamp::UNIX_EPOCH;
        let mut link = Link {
            made_at,
            used: false,
            tries: 0,
            browser: Some(hash(1)),
            code: Some(hash(2)),
        };
        change(&mut link);
        let shown = Shown {
            browser: shown.0.map(hash),
            code: shown.1.map(hash),
        };
        let entered = enter(&link, &shown, made_at + SignedDuration::from_mins(minutes));
        assert_eq!(&entered, expect);
    }

    #[test]
    fn links() {
        check(|_| (), (Some(1), None), 1, &Ok(()));
        check(|_| (), (None, Some(2)), 1, &Ok(()));
        check(|l| l.browser = None, (None, None), 1, &Ok(()));
        check(|_| (), (None, None), 1, &Err(Refusal::CodeWanted));
        check(|_| (), (Some(9), Some(9)), 1, &Err(Refusal::CodeWanted));
        check(
            |l| (l.code, l.browser) = (None, Some(vec![1])),
            (None, None),
            1,
            &Err(Refusal::CodeWanted),
        );
        check(|_| (), (Some(1), None), 10, &Err(Refusal::LinkSpent));
        check(|_| (), (Some(1), None), -1, &Err(Refusal::LinkSpent));
        check(|l| l.used = true, (Some(1), None), 1, &Err(Refusal::LinkSpent));
        check(|l| l.tries = 5, (Some(1), Some(2)), 1, &Err(Refusal::LinkSpent));
    }
}
