//! Web push: to which services pushes may be sent, and what of a browser's subscription can be believed. An address
//! comes from whoever subscribes; nothing is ever sent but to a service that is configured. Encrypting and sending are
//! the server's affair.

use crate::{id::PushId, refusal::Refusal};
use base64::{Engine as _, engine::GeneralPurpose, engine::general_purpose};
use jiff::Timestamp;
use std::{fmt, net::SocketAddr};

/// Most subscriptions of a person; the oldest gives way to a new one.
pub const MOST: u64 = 10;
/// The services of the browsers there are.
pub const USUAL: &str =
    "fcm.googleapis.com, updates.push.services.mozilla.com, *.notify.windows.com, web.push.apple.com";
/// Longest address of a subscription.
const LONGEST: usize = 1024;
/// Bytes of a browser's public key: a point of P-256, not compressed.
const KEY: usize = 65;
/// Bytes of a browser's secret.
const AUTH: usize = 16;

/// As browsers and keys are written: for URLs, padded or not.
pub const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    general_purpose::NO_PAD.with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
);

/// What is configured to send pushes.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The public key under which browsers subscribe, base64url.
    pub key: String,
    /// Where pushes may go.
    pub services: Services,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Service {
    /// This host, over https.
    Host(String),
    /// Every host under this name, over https.
    Under(String),
    /// This port of this machine, in the clear: for development.
    Here(SocketAddr),
}

/// The push services that are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Services(Vec<Service>);

/// Which addresses of this machine may stand among the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    /// None.
    Refused,
    /// A port of it, in development.
    Allowed,
}

/// The address of one browser's subscription, at a service that is sent to.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    text: String,
    /// How much of the text is scheme, host and port.
    origin: usize,
}

/// What a browser gives along so that only it can read what is pushed.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// Its public key: 65 bytes, not compressed.
    pub p256dh: Vec<u8>,
    /// A secret of 16 bytes.
    pub auth: Vec<u8>,
}

/// A browser wants to be told.
#[derive(Debug, Clone)]
pub struct Subscribe {
    /// The new subscription's id, made by whoever asks.
    pub id: PushId,
    /// Where.
    pub endpoint: Endpoint,
    /// For whom alone.
    pub keys: Keys,
}

/// A browser that is told.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Its id.
    pub id: PushId,
    /// Where.
    pub endpoint: String,
    /// Since when.
    pub made_at: Timestamp,
}

/// A name that can only be a host's: labels of letters, digits and hyphens, at least two, the last not a number.
fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.chars().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(label)
        && last.starts_with(|c: char| c.is_ascii_lowercase())
}

impl Service {
    fn parse(text: &str, here: Here) -> Option<Self> {
        if let Some(under) = text.strip_prefix("*.") {
            return is_host(under).then(|| Self::Under(under.to_owned()));
        }
        if is_host(text) {
            return Some(Self::Host(text.to_owned()));
        }
        let address: SocketAddr = text.parse().ok()?;
        (here == Here::Allowed && address.ip().is_loopback()).then_some(Self::Here(address))
    }

    fn is(&self, origin: &str) -> bool {
        let host = origin.strip_prefix("https://").unwrap_or_default();
        match self {
            Self::Host(own) => host == own,
            Self::Under(own) => host
                .strip_suffix(own.as_str())
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            Self::Here(own) => origin == format!("http://{own}"),
        }
    }
}

impl Services {
    /// Host names, `*.` before one for all under it, separated by commas. `None`: something else is among them.
    pub fn parse(text: &str, here: Here) -> Option<Self> {
        let named = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let services: Option<Vec<Service>> = named.map(|name| Service::parse(name, here)).collect();
        services.filter(|services| !services.is_empty()).map(Self)
    }

    /// The hosts that are named, but for families of them and this machine.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|service| match service {
            Service::Host(host) => Some(host.as_str()),
            Service::Under(_) | Service::Here(_) => None,
        })
    }

    /// The address of a subscription, if it is at one of these. What is not plainly written is not believed, so that
    /// nobody after this reads it otherwise: no name and password, no other port, no escapes before the path.
    pub fn admit(&self, text: &str) -> Result<Endpoint, Refusal> {
        let malformed = Refusal::Malformed {
            field: "endpoint",
            wanted: "the address a browser's push subscription has",
        };
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|scheme| text.starts_with(scheme));
        let start = scheme.ok_or(malformed.clone())?.len();
        let origin = text[start..].find('/').ok_or(malformed.clone())? + start;
        let plain = |c: char| c.is_ascii_graphic() && !['\\', '#', '"', '<', '>', '^', '`', '{', '|', '}'].contains(&c);
        if text.len() > LONGEST || !text.chars().all(plain) {
            return Err(malformed);
        }
        if !self.0.iter().any(|service| service.is(&text[..origin])) {
            return Err(Refusal::PushService);
        }
        let text = text.to_owned();
        Ok(Endpoint { text, origin })
    }
}

impl fmt::Display for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.0.iter().map(|service| match service {
            Service::Host(host) => host.clone(),
            Service::Under(host) => format!("*.{host}"),
            Service::Here(address) => address.to_string(),
        });
        f.write_str(&named.collect::<Vec<_>>().join(", "))
    }
}

impl Endpoint {
    /// The whole of it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The service: scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.text[..self.origin]
    }
}

/// Whoever knows the address can use it: it does not stand in logs.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({}/…)", self.origin())
    }
}

impl Keys {
    /// Out of base64url, as browsers write them.
    pub fn parse(p256dh: &str, auth: &str) -> Result<Self, Refusal> {
        let bytes = |field, text: &str, length| {
            let bytes = BASE64.decode(text).ok().filter(|bytes| bytes.len() == length);
            bytes.ok_or(Refusal::Malformed {
                field,
                wanted: "base64url, as the browser's subscription gives it",
            })
        };
        let keys = Self {
            p256dh: bytes("p256dh", p256dh, KEY)?,
            auth: bytes("auth", auth, AUTH)?,
        };
        match keys.p256dh.first() {
            Some(4) => Ok(keys),
            _ => Err(Refusal::Malformed {
                field: "p256dh",
                wanted: "a public key of 65 bytes, not compressed",
            }),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Here, Keys, Services, USUAL};
    use crate::refusal::Refusal;

    #[test]
    fn pushes_go_to_services_that_are_named_and_nowhere_else() {
        let services = Services::parse(USUAL, Here::Refused).expect("services");
        assert_eq!(services.to_string(), USUAL);
        for (text, origin) in [
            (
                "https://fcm.googleapis.com/fcm/send/abc:def",
                "https://fcm.googleapis.com",
            ),
            (
                "https://updates.push.services.mozilla.com/wpush/v2/gAAA_-=",
                "https://updates.push.services.mozilla.com",
            ),
            (
                "https://wns2-par02p.notify.windows.com/w/?token=BQYA%2b",
                "https://wns2-par02p.notify.windows.com",
            ),
            ("https://a.b.notify.windows.com/", "https://a.b.notify.windows.com"),
        ] {
            assert_eq!(services.admit(text).expect(text).origin(), origin);
        }
        for text in [
            "https://evil.example/fcm.googleapis.com/",
            "https://fcm.googleapis.com.evil.example/x",
            "https://evil.example@fcm.googleapis.com/x",
            "https://fcm.googleapis.com@evil.example/x",
            "https://fcm.googleapis.com:443/x",
            "https://fcm.googleapis.com:22/x",
            "https://FCM.googleapis.com/x",
            "https://fcm.googleapis.com./x",
            "https://fcm%2egoogleapis.com/x",
            "https://notify.windows.com/x",
            "https://.notify.windows.com/x",
            "https://evilnotify.windows.com/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest",
            "http://fcm.googleapis.com/x",
            "http://127.0.0.1:80/x",
            "https:///x",
        ] {
            assert_eq!(services.admit(text), Err(Refusal::PushService), "{text}");
        }
        let long = format!("https://fcm.googleapis.com/{}", "x".repeat(1024));
        for text in [
            "",
            "https://fcm.googleapis.com",
            "ftp://fcm.googleapis.com/x",
            "file:///etc/passwd",
            "https://fcm.googleapis.com/x y",
            "https://fcm.googleapis.com/x\r\nHost: evil.example",
            "https://fcm.googleapis.com/#x",
            "https://evil.example\\@fcm.googleapis.com/x",
            "https://fcm.googleapis.com/あ",
            &long,
        ] {
            let refused = services.admit(text).expect_err(text);
            assert_eq!(refused.code(), "malformed", "{text}");
        }
    }

    #[test]
    fn this_machine_is_named_in_development_only() {
        for (text, refused, allowed) in [
            ("127.0.0.1:9001", false, true),
            ("[::1]:9001", false, true),
            ("127.0.0.1", false, false),
            ("localhost", false, false),
            ("10.0.0.1:9001", false, false),
            ("10.0.0.1", false, false),
            ("*.com", false, false),
            ("*", false, false),
            ("", false, false),
            ("https://push.example", false, false),
            ("push.example:8443", false, false),
            ("push.example, *.push.example", true, true),
        ] {
            assert_eq!(Services::parse(text, Here::Refused).is_some(), refused, "{text}");
            assert_eq!(Services::parse(text, Here::Allowed).is_some(), allowed, "{text}");
        }
        let here = Services::parse("127.0.0.1:9001", Here::Allowed).expect("services");
        let endpoint = here.admit("http://127.0.0.1:9001/one").expect("here");
        assert_eq!(
            format!("{endpoint:?}"),
            "Endpoint(http://127.0.0.1:9001/…)",
            "not in logs"
        );
        for text in [
            "http://127.0.0.1:9002/one",
            "https://127.0.0.1:9001/one",
            "http://127.0.0.1:90010/",
        ] {
            assert_eq!(here.admit(text), Err(Refusal::PushService), "{text}");
        }
    }

    #[test]
    fn keys_are_what_browsers_give() {
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let auth = "BTBZMqHH6r4Tts7J_aSIgg";
        for (key, auth, field) in [
            (key, auth, None),
            (&format!("{key}=")[..], &format!("{auth}==")[..], None),
            (&key[2..], auth, Some("p256dh")),
            (&key.replacen('B', "C", 1)[..], auth, Some("p256dh")),
            (&key.replace('_', "/")[..], auth, Some("p256dh")),
            (key, "", Some("auth")),
            (key, key, Some("auth")),
        ] {
            let refused = Keys::parse(key, auth).err();
            let found = refused.map(|refusal| match refusal {
                Refusal::Malformed { field, .. } => field,
                other => panic!("{other:?}"),
            });
            assert_eq!(found, field, "{key} {auth}");
        }
    }
}
