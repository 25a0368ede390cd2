//! The calendar feed: a person's own calendar at an address that nobody can guess. The secret in it is made by whoever
//! asks, so that asking again is the same act and no answer that is kept holds it; only its hash is kept.

use crate::refusal::Refusal;
use std::collections::HashSet;

/// Fewest characters of a secret: 22 of 6 bits are more than 128 bits.
pub const LEAST: usize = 22;
/// Most characters.
pub const MOST: usize = 64;
/// Fewest different characters: of 22 random ones 10 are always there (all but one time in a million million).
const DIFFERENT: usize = 10;

/// A secret that can be the address of a feed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Letters, digits, `-` and `_`, long enough and not the same over and over.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let different = text.chars().collect::<HashSet<_>>().len();
        if plain && (LEAST..=MOST).contains(&text.len()) && different >= DIFFERENT {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::Malformed {
            field: "secret",
            wanted: "22 to 64 random letters, digits, - or _ (128 bits or more)",
        })
    }

    /// As it stands in the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the calendar is read, from the site's beginning.
    pub fn path(&self) -> String {
        format!("/calendar/{}.ics", self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn secrets_cannot_be_guessed() {
        for (text, good) in [
            ("abcdefghijklmnopqrstuv", true),
            ("AZaz09-_bcdefghijklmnopqrst", true),
            ("abcdefghijklmnopqrstu", false),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("abcdefghijklmnopqrst/../u", false),
            ("abcdefghijklmnopqrstuvあ", false),
            (&"abcdefghijklmnopq"[..].repeat(4), false),
        ] {
            assert_eq!(Secret::parse(text).is_ok(), good, "{text}");
        }
        let secret = Secret::parse("abcdefghijklmnopqrstuv").expect("a secret");
        assert!(!format!("{secret:?}").contains("abcdef"), "not in logs");
        assert_eq!(secret.path(), "/calendar/abcdefghijklmnopqrstuv.ics");
    }
}
