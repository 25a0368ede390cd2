//! Bytes made into text: UTF-8, UTF-16 with its mark, and `Shift_JIS`, which Japanese spreadsheets still write. Other
//! encodings are refused rather than guessed.

use super::{Unreadable, unreadable};
use encoding_rs::{EUC_JP, SHIFT_JIS, UTF_16BE, UTF_16LE};

const SAVE_AS_UTF8: (&str, &str) = ("UTF-8 の CSV で保存してください", "save it as UTF-8");

/// The text, without a byte order mark.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
    for (mark, encoding) in [(&[0xff, 0xfe], UTF_16LE), (&[0xfe, 0xff], UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            return text
                .map(std::borrow::Cow::into_owned)
                .ok_or_else(|| unreadable(0, ("UTF-16 として壊れています", "is damaged UTF-16"), SAVE_AS_UTF8));
        }
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(unreadable(
            0,
            ("中身は表計算のブックです", "is a spreadsheet workbook inside"),
            (
                "XLSX として保存し、名前を .xlsx にしてください",
                "save it as XLSX and let its name end with .xlsx",
            ),
        ));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(at_byte(&bytes, at, ("NUL があります", "there is a NUL")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let wrong = ("UTF-8 でも Shift_JIS でもありません", "is neither UTF-8 nor Shift_JIS");
            shift_jis(&bytes).ok_or_else(|| at_byte(&bytes, at, wrong))
        }
    }
}

fn at_byte(bytes: &[u8], at: usize, wrong: (&str, &str)) -> Unreadable {
    let line = 1 + bytes.iter().take(at).filter(|&&byte| byte == b'\n').count() as u32;
    let right = (SAVE_AS_UTF8.0.to_owned(), SAVE_AS_UTF8.1.to_owned());
    let wrong = (format!("{at} バイト目: {}", wrong.0), format!("byte {at}: {}", wrong.1));
    Unreadable { line, wrong, right }
}

/// The text, if the bytes are `Shift_JIS` and look like Japanese.
fn shift_jis(bytes: &[u8]) -> Option<String> {
    let text = SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(bytes)?
        .into_owned();
    let euc_jp = EUC_JP
        .decode_without_bom_handling_and_without_replacement(bytes)
        .is_some();
    (!euc_jp && plausible(bytes)).then_some(text)
}

/// Most of what takes two bytes is kana, punctuation or a kanji of the first level. What is Latin-1 or a relative of
/// it also decodes, but into rare kanji and private characters: its accented letters begin at E0.
fn plausible(bytes: &[u8]) -> bool {
    let (mut usual, mut rare) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(&lead) = rest.next() {
        if !matches!(lead, 0x81..=0x9f | 0xe0..=0xfc) {
            continue;
        }
        let trail = rest.next().copied().unwrap_or_default();
        match lead {
            0x81..=0x84 | 0x87..=0x97 => usual += 1,
            0x98 if trail <= 0x72 => usual += 1,
            _ => rare += 1,
        }
    }
    usual > rare
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn check(bytes: &[u8], expect: Result<&str, &str>) {
        match (decode(bytes.to_vec()), expect) {
            (Ok(text), Ok(wanted)) => assert_eq!(text, wanted),
            (Err(reason), Err(part)) => assert!(reason.wrong.1.contains(part), "{}", reason.wrong.1),
            (Ok(text), Err(part)) => panic!("{text:?}, expected {part}"),
            (Err(reason), Ok(_)) => panic!("{bytes:?}: {}", reason.wrong.1),
        }
    }

    #[test]
    fn encodings_are_recognised() {
        let japanese = "番号,氏名\nB001,青木 美香";
        check(japanese.as_bytes(), Ok(japanese));
        check(format!("\u{feff}{japanese}").as_bytes(), Ok(japanese));
        check(&encoding_rs::SHIFT_JIS.encode(japanese).0, Ok(japanese));
        check(&encoding_rs::SHIFT_JIS.encode("ﾌﾘｶﾞﾅ\nｱｵｷ 美香").0, Ok("ﾌﾘｶﾞﾅ\nｱｵｷ 美香"));
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(japanese.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        check(&utf16, Ok(japanese));
        let utf16: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(japanese.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        check(&utf16, Ok(japanese));
        check(&utf16[..utf16.len() - 1], Err("damaged UTF-16"));
        check(
            &encoding_rs::EUC_JP.encode(japanese).0,
            Err("neither UTF-8 nor Shift_JIS"),
        );
        check(b"name\nJ\xe9r\xf4me Delacroix", Err("byte 6: is neither"));
        check(b"a,b\0", Err("byte 3: there is a NUL"));
        check(b"PK\x03\x04rest", Err("workbook"));
    }

    #[test]
    fn the_line_of_a_bad_byte() {
        let reason = decode(b"a\nb\n\xff".to_vec()).expect_err("bad");
        assert_eq!(reason.line, 3);
    }
}
