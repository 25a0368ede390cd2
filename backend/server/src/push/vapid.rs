//! Who pushes, in words that push services believe (VAPID, RFC 8292): a token signed by the server's own key, for one service
//! and a short while.

use base64::Engine as _;
use domain::push::BASE64;
use jiff::{SignedDuration, Timestamp};
use p256::{
    SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer},
    elliptic_curve::sec1::ToSec1Point,
};
use serde_json::json;

/// How long a token holds; the standard allows 24 hours.
const HOLDS: SignedDuration = SignedDuration::from_hours(12);

/// The server's own key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key(SecretKey);

impl Key {
    /// A new one.
    pub(crate) fn random() -> anyhow::Result<Self> {
        super::fresh().map(Self)
    }

    /// Out of base64url, as it is configured.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.trim()).ok().filter(|bytes| bytes.len() == 32)?;
        SecretKey::from_slice(&bytes).ok().map(Self)
    }

    /// As it is configured. Whoever has it can push in our name.
    pub(crate) fn private(&self) -> String {
        BASE64.encode(self.0.to_bytes())
    }

    /// As browsers take it.
    pub(crate) fn public(&self) -> String {
        BASE64.encode(self.0.public_key().to_sec1_point(false))
    }

    /// What a push to a service (scheme, host and port) carries to say whose it is and whom to write to.
    pub(crate) fn authorization(&self, service: &str, contact: &str, now: Timestamp) -> String {
        let part = |value: serde_json::Value| BASE64.encode(value.to_string());
        let head = part(json!({"typ": "JWT", "alg": "ES256"}));
        let expires = (now + HOLDS).as_second();
        let claims = part(json!({"aud": service, "exp": expires, "sub": contact}));
        let signed = format!("{head}.{claims}");
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        let signature = BASE64.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_round_trip() {
        let (a, b) = (Key::random().expect("entropy"), Key::random().expect("entropy"));
        assert!(a != b && a.public().len() == 87 && a.private().len() == 43);
        assert_eq!(Key::parse(&a.private()), Some(a.clone()));
        for wrong in ["", "short", &a.public(), &"A".repeat(43)] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
        assert!(!format!("{a:?}").contains(&a.private()), "not in logs");
    }

    /// The example of RFC 8291, appendix A: the public key that belongs to a private one.
    #[test]
    fn the_public_key_belongs_to_the_private_one() {
        let key = Key::parse("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").expect("a key");
        assert_eq!(
            key.public(),
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
        );
    }
}
