//! What is pushed is encrypted so that only the browser reads it (RFC 8291, `aes128gcm` of RFC 8188): one record, under a
//! key agreed on between the browser's key and one that is used once.

use aes_gcm::{
    Aes128Gcm,
    aead::{Aead, KeyInit},
};
use anyhow::Context as _;
use domain::push::Keys;
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey, elliptic_curve::sec1::ToSec1Point};
use sha2::Sha256;

/// Size of a record; services take messages of 4096 bytes.
const RECORD: u32 = 4096;
/// What comes on top of a text: header, the mark of the last record, the seal.
const OVERHEAD: usize = 16 + 4 + 1 + 65 + 1 + 16;
/// Longest text.
pub(crate) const LONGEST: usize = RECORD as usize - OVERHEAD;
/// Marks the last record.
const LAST: u8 = 2;

/// The body of a push. `once` and `salt` are used for this text and never again.
pub(crate) fn encrypt(text: &[u8], keys: &Keys, once: &SecretKey, salt: [u8; 16]) -> anyhow::Result<Vec<u8>> {
    anyhow::ensure!(text.len() <= LONGEST, "a push of {} bytes is too long", text.len());
    let theirs = PublicKey::from_sec1_bytes(&keys.p256dh).map_err(|_| anyhow::anyhow!("the key is no point"))?;
    let own = once.public_key().to_sec1_point(false);
    let own = own.as_bytes();
    let agreed = once.diffie_hellman(&theirs);
    let mut secret = [0; 32];
    let info = [b"WebPush: info\0", keys.p256dh.as_slice(), own].concat();
    expand(&keys.auth, agreed.raw_secret_bytes(), &info, &mut secret)?;
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    expand(&salt, &secret, b"Content-Encoding: aes128gcm\0", &mut key)?;
    expand(&salt, &secret, b"Content-Encoding: nonce\0", &mut nonce)?;
    let record = [text, &[LAST]].concat();
    let sealed = Aes128Gcm::new(&key.into()).encrypt(&nonce.into(), record.as_slice());
    let sealed = sealed.map_err(|_| anyhow::anyhow!("it cannot be encrypted"))?;
    let length = u8::try_from(own.len()).context("the length of a key")?;
    Ok([&salt[..], &RECORD.to_be_bytes(), &[length], own, &sealed].concat())
}

fn expand(salt: &[u8], secret: &[u8], info: &[u8], into: &mut [u8]) -> anyhow::Result<()> {
    let expanded = Hkdf::<Sha256>::new(Some(salt), secret).expand(info, into);
    expanded.map_err(|_| anyhow::anyhow!("a key of that length"))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, encrypt};
    use base64::Engine as _;
    use domain::push::{BASE64, Keys};
    use p256::SecretKey;

    const THEIRS: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const ONCE: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    const SALT: &str = "DGv6ra1nlYgDCS1FRnbzlw";

    fn keys() -> Keys {
        Keys::parse(THEIRS, "BTBZMqHH6r4Tts7J_aSIgg").expect("keys")
    }

    fn encrypted(text: &[u8]) -> anyhow::Result<Vec<u8>> {
        let once = SecretKey::from_slice(&BASE64.decode(ONCE).expect("a key")).expect("a key");
        let salt = BASE64.decode(SALT).expect("a salt").try_into().expect("16 bytes");
        encrypt(text, &keys(), &once, salt)
    }

    /// The example of RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_standard() {
        let body = encrypted(b"When I grow up, I want to be a watermelon").expect("encrypted");
        assert_eq!(
            BASE64.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3\
             jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn no_body_is_longer_than_services_take() {
        assert_eq!(encrypted(&[b'x'; LONGEST]).expect("encrypted").len(), 4096);
        assert!(encrypted(&[b'x'; LONGEST + 1]).is_err());
    }

    #[test]
    fn a_key_that_is_no_point_is_refused() {
        let mut bad = keys();
        bad.p256dh[1..].fill(7);
        let once = SecretKey::from_slice(&[7; 32]).expect("a key");
        assert!(encrypt(b"text", &bad, &once, [0; 16]).is_err());
    }
}
