//! Names as people write them, with reading and Latin form; texts in the product's two languages.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Longest name kept, in characters.
pub const MAX_NAME: usize = 120;

/// A name in its own script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// As its bearer writes it.
    pub written: String,
    /// Kana reading.
    pub reading: Option<String>,
    /// Latin form, where `written` is in another script.
    pub latin: Option<String>,
}

/// A text in Japanese and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// The product's two languages for its own sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tongue {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Bilingual {
    /// The text in one language.
    pub fn get(&self, tongue: Tongue) -> &str {
        match tongue {
            Tongue::Ja => &self.ja,
            Tongue::En => &self.en,
        }
    }
}

/// A line of text as people type or paste it: trimmed, inner white space single, NFC (a name keeps its width and
/// its old character forms: only searching folds those). `None` when nothing is left, or only control characters.
pub fn line(text: &str) -> Option<String> {
    let clean: String = text.nfc().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// A note as people type or paste it: NFC, its lines kept, no control characters, nothing empty at either end. `None` when
/// nothing is left.
pub fn note(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = text
        .nfc()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// A mail address in the form it is compared by: trimmed, NFKC, lower case. `None` when it has not the shape of one.
pub fn email(text: &str) -> Option<String> {
    let address: String = text.trim().nfkc().collect::<String>().to_lowercase();
    let (local, host) = address.split_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\"\\@".contains(c);
    let shaped = !local.is_empty()
        && local.len() <= 64
        && address.len() <= 254
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !host.contains("..")
        && local.chars().all(plain)
        && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    shaped.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::{email, line};

    #[test]
    fn lines_are_clean() {
        for (input, expect) in [
            ("  青木　 美香 ", Some("青木 美香")),
            ("\u{0}\u{7}", None),
            ("a\nb\t c", Some("a b c")),
            ("か\u{3099}", Some("が")),
        ] {
            assert_eq!(line(input).as_deref(), expect, "{input:?}");
        }
    }

    #[test]
    fn mail_addresses() {
        for (input, expect) in [
            (" Mika.Aoki@Example.ORG ", Some("mika.aoki@example.org")),
            ("ｍika@example.org", Some("mika@example.org")),
            ("mika", None),
            ("a@b", None),
            ("a b@example.org", None),
            ("a@example..org", None),
            ("a@example.org\r\nBcc: b@example.org", None),
        ] {
            assert_eq!(email(input).as_deref(), expect, "{input:?}");
        }
    }
}
