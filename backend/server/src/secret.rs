//! Secrets out of the system's entropy: links, logins, short codes, request ids.

use uuid::Uuid;

/// Characters of a secret: 32 of them, so 5 bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 26 characters of 5 bits: 130 bits.
const SECRET_LENGTH: usize = 26;
/// A code to be typed on a phone.
const CODE_LENGTH: usize = 6;

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no entropy: {error}"))?;
    Ok(bytes)
}

/// A secret of 130 bits that can stand in a URL.
pub(crate) fn secret() -> anyhow::Result<String> {
    let bytes = bytes::<SECRET_LENGTH>()?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect())
}

/// Six digits.
pub(crate) fn code() -> anyhow::Result<String> {
    // 250 is the largest multiple of ten in a byte: what lies above would make some digits likelier.
    let mut code = String::new();
    while code.len() < CODE_LENGTH {
        let fair = bytes::<16>()?.into_iter().filter(|byte| *byte < 250);
        code.extend(
            fair.take(CODE_LENGTH - code.len())
                .map(|byte| char::from(b'0' + byte % 10)),
        );
    }
    Ok(code)
}

/// A random id.
pub(crate) fn id() -> anyhow::Result<Uuid> {
    Ok(uuid::Builder::from_random_bytes(bytes::<16>()?).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::{code, secret};

    #[test]
    fn shapes() {
        let (a, b) = (secret().expect("entropy"), secret().expect("entropy"));
        assert_eq!((a.len(), a == b), (26, false));
        let code = code().expect("entropy");
        assert!(code.len() == 6 && code.chars().all(|c| c.is_ascii_digit()), "{code}");
    }
}
