//! Name parts and how a name is put together from them, in every script the market needs.
//! The lists themselves are in `names_*.rs`; nothing here is drawn by chance.

/// A part of a name in its own script, in Latin letters, and as it is read in katakana.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As its owner writes it.
    pub native: String,
    /// In Latin letters without accents.
    pub latin: String,
    /// In katakana.
    pub kana: String,
}

/// Reads a list: parts separated by white space, each `native/latin/kana`, or `native/kana` when the
/// Latin form is the native one without its accents. `_` stands for a space inside a part.
pub fn parts(list: &str) -> Vec<Part> {
    list.split_whitespace().map(part).collect()
}

fn part(text: &str) -> Part {
    let pieces: Vec<String> = text.split('/').map(|p| p.replace('_', " ")).collect();
    match pieces.as_slice() {
        [native, latin, kana] => Part {
            native: native.clone(),
            latin: latin.clone(),
            kana: kana.clone(),
        },
        [native, kana] => Part {
            native: native.clone(),
            latin: plain(native),
            kana: kana.clone(),
        },
        _ => {
            let native = pieces.concat();
            Part {
                latin: plain(&native),
                native,
                kana: String::new(),
            }
        }
    }
}

/// How a culture orders and joins the two parts of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 青木 美香, Aoki Mika.
    FamilySpace,
    /// 김민준, Kim Min-jun: the native form is written without a space, the reading with one.
    FamilyJoined,
    /// Claire Moreau.
    GivenFirst,
}

/// A whole name of two parts.
pub fn join(order: Order, family: &Part, given: &Part) -> Part {
    let (first, second) = if order == Order::GivenFirst {
        (given, family)
    } else {
        (family, given)
    };
    let gap = if order == Order::FamilyJoined { "" } else { " " };
    // Japanese convention: a space inside a Japanese name, a middle dot inside a foreign one.
    let dot = if order == Order::FamilySpace && is_japanese(&family.kana, &family.native) {
        " "
    } else {
        "・"
    };
    Part {
        native: format!("{}{gap}{}", first.native, second.native),
        latin: format!("{} {}", first.latin, second.latin),
        kana: format!(
            "{}{dot}{}",
            first.kana.replace(' ', "・"),
            second.kana.replace(' ', "・")
        ),
    }
}

// A Vietnamese name is family first with a space as well, but in Latin letters.
fn is_japanese(kana: &str, native: &str) -> bool {
    !kana.is_empty() && native.chars().all(|c| ('\u{3005}'..='\u{9fff}').contains(&c))
}

/// Latin letters without accents, as in a passport or a mail address.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ă' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ậ' | 'ắ' | 'ặ' | 'å' | 'ą' => {
                out.push('a');
            }
            'À' | 'Á' | 'Â' | 'Å' => out.push('A'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'đ' => out.push('d'),
            'Đ' => out.push('D'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ẹ' | 'ế' | 'ề' | 'ệ' | 'ể' | 'ễ' => out.push('e'),
            'É' | 'È' | 'Ê' => out.push('E'),
            'ì' | 'í' | 'î' | 'ï' | 'ị' | 'ĩ' | 'ỉ' => out.push('i'),
            'Í' | 'Î' => out.push('I'),
            'ł' => out.push('l'),
            'Ł' => out.push('L'),
            'ñ' | 'ń' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ơ' | 'ọ' | 'ố' | 'ồ' | 'ộ' | 'ớ' | 'ợ' | 'ờ' => out.push('o'),
            'Ó' | 'Ô' => out.push('O'),
            'ś' | 'š' => out.push('s'),
            'Ś' | 'Š' => out.push('S'),
            'ù' | 'ú' | 'û' | 'ũ' | 'ư' | 'ụ' | 'ứ' | 'ừ' | 'ự' | 'ủ' | 'ữ' => out.push('u'),
            'Ú' => out.push('U'),
            'ý' | 'ỳ' | 'ỹ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'Ż' => out.push('Z'),
            'ä' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'Ä' => out.push_str("Ae"),
            'Ö' => out.push_str("Oe"),
            'Ü' => out.push_str("Ue"),
            'ß' => out.push_str("ss"),
            '’' => out.push('\''),
            other => out.push(other),
        }
    }
    out
}

/// Lower case letters and digits joined by `joint`, for mail addresses and host names.
pub fn slug(text: &str, joint: char) -> String {
    let mut out = String::new();
    for c in plain(text).to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if c != '\'' && !out.is_empty() && !out.ends_with(joint) {
            out.push(joint);
        }
    }
    out.trim_end_matches(joint).to_owned()
}
