//! The log of what was done: entries chained by hash, so that a changed, missing or reordered one shows.

use sha2::{Digest, Sha256};

/// What is written of one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// When, Unix milliseconds.
    pub at: i64,
    /// Who: a person's id, or `system`.
    pub actor: String,
    /// The verb: `publishTimetable`.
    pub verb: String,
    /// On what: an id.
    pub subject: String,
    /// Details as JSON; no personal data beyond ids.
    pub detail: String,
    /// Request id.
    pub request: String,
}

/// The chain's beginning.
pub const ROOT: [u8; 32] = [0; 32];

/// The hash that seals an entry to all before it: SHA-256 over the previous hash and every field with its length.
pub fn seal(previous: &[u8; 32], entry: &Entry) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(entry.number.to_be_bytes());
    hash.update(entry.at.to_be_bytes());
    for field in [&entry.actor, &entry.verb, &entry.subject, &entry.detail, &entry.request] {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hash.finalize().into()
}

/// The number of the first entry whose seal does not fit, or that is missing; `None` when the chain is whole.
pub fn broken<'a>(chain: impl IntoIterator<Item = (&'a Entry, [u8; 32])>) -> Option<i64> {
    let mut previous = ROOT;
    for (expected, (entry, sealed)) in (1..).zip(chain) {
        if entry.number != expected || seal(&previous, entry) != sealed {
            return Some(expected);
        }
        previous = sealed;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Entry, ROOT, broken, seal};

    fn chain() -> Vec<(Entry, [u8; 32])> {
        let mut previous = ROOT;
        (1..=4)
            .map(|number| {
                let text = |t: &str| format!("{t}{number}");
                let entry = Entry {
                    number,
                    at: number * 10,
                    actor: text("a"),
                    verb: text("v"),
                    subject: text("s"),
                    detail: text("{}"),
                    request: text("r"),
                };
                previous = seal(&previous, &entry);
                (entry, previous)
            })
            .collect()
    }

    fn check(change: impl Fn(&mut Vec<(Entry, [u8; 32])>), expect: Option<i64>) {
        let mut chain = chain();
        change(&mut chain);
        assert_eq!(broken(chain.iter().map(|(entry, hash)| (entry, *hash))), expect);
    }

    #[test]
    fn every_change_shows() {
        check(|_| (), None);
        check(|c| c[1].0.at = 0, Some(2));
        check(|c| c[2].0.detail.push(' '), Some(3));
        check(|c| drop(c.remove(1)), Some(2));
        check(|c| c.swap(1, 2), Some(2));
        check(|c| c[3].1[0] ^= 1, Some(4));
    }
}
