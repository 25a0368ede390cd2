//! Regions by ISO 3166-1 alpha-2 and languages by ISO 639-1. Their names are the reader's system's affair
//! (every browser has them); only what is a code is decided here.

use serde::{Deserialize, Serialize};
use std::fmt;

const REGIONS: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ \
FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE \
RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV \
TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it \
iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd \
ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $list:ident, $case:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name([u8; 2]);

        impl $name {
            /// The code in any case; `None` when it is not on the list.
            pub fn parse(text: &str) -> Option<Self> {
                let code = text.trim().$case();
                let known = code.len() == 2 && $list.split(' ').any(|c| c == code);
                known.then(|| Self([code.as_bytes()[0], code.as_bytes()[1]]))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|&b| write!(f, "{}", char::from(b)))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }
        impl From<$name> for String {
            fn from(code: $name) -> Self { code.to_string() }
        }
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                Self::parse(&text).ok_or_else(|| format!("\"{text}\" is not a known code"))
            }
        }
    };
}

code!(
    /// A country or region, ISO 3166-1 alpha-2.
    Region, REGIONS, to_ascii_uppercase
);
code!(
    /// A language, ISO 639-1.
    Language, LANGUAGES, to_ascii_lowercase
);

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, Language, REGIONS, Region};

    #[test]
    fn codes() {
        assert_eq!(Region::parse(" jp ").map(|r| r.to_string()).as_deref(), Some("JP"));
        assert_eq!(Language::parse("JA").map(|l| l.to_string()).as_deref(), Some("ja"));
        for bad in ["", "J", "XX", "JPN", "日本", "J P"] {
            assert_eq!(Region::parse(bad), None, "{bad}");
        }
        assert_eq!(REGIONS.split(' ').count(), 249);
        assert_eq!(LANGUAGES.split(' ').count(), 183);
    }
}
