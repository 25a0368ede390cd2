//! The way to push services: one request, no redirects, short waits, answers of which only the number is believed. A name
//! that leads to this machine or a private network leads nowhere, whatever was configured: the address that was looked at is
//! the address that is connected to.

use axum::http::{Request, StatusCode};
use domain::push::Endpoint;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, dns::Name},
    },
    rt::TokioExecutor,
};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    task::{Context, Poll},
    time::Duration,
};

/// Longest wait for a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// Longest wait for the whole of a push.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes read of an answer, which nobody looks at: read, the connection can be used again.
const MAX_ANSWER: usize = 16 * 1024;
/// Connections to a service kept for the next push.
const MAX_IDLE: usize = 8;

type Body = Full<axum::body::Bytes>;

/// Asks the system for a name's addresses, and leaves out all that are not of the public network.
#[derive(Clone)]
struct Public;

impl tower_service::Service<Name> for Public {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("the name has no public address"));
            }
            Ok(public.into_iter())
        })
    }
}

/// Whether an address is one of the public network.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_4(four),
        IpAddr::V6(six) => is_public_6(six),
    }
}

fn is_public_4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let special = (a, b, c) == (192, 0, 0) || (a == 198 && (b == 18 || b == 19));
    !(a == 0
        || a >= 224
        || shared
        || special
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation())
}

fn is_public_6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Only what is given out to the public; of that, nothing that wraps addresses of the older kind.
    let global = segments[0] & 0xe000 == 0x2000;
    let special = segments[0] == 0x2001 && (segments[1] < 0x200 || segments[1] == 0xdb8);
    global && !special && segments[0] != 0x2002
}

/// The way to the services.
pub(crate) struct Services(Client<HttpsConnector<HttpConnector<Public>>, Body>);

impl Services {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let mut http = HttpConnector::new_with_resolver(Public);
        http.set_connect_timeout(Some(CONNECTING));
        // The scheme is looked at where an address is admitted: in the clear only to this machine, in development.
        http.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_max_idle_per_host(MAX_IDLE);
        Ok(Self(client.build(connector)))
    }

    /// Hands a push over; answers the service's number.
    pub(crate) async fn push(&self, to: &Endpoint, push: Request<Body>) -> anyhow::Result<StatusCode> {
        // The one who sends reads the address as the one who admitted it did.
        let uri = push.uri();
        let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority());
        let read = authority.map(|authority| format!("{scheme}://{authority}"));
        anyhow::ensure!(read.as_deref() == Some(to.origin()), "an address that reads otherwise");
        let answered = tokio::time::timeout(PATIENCE, async {
            let answer = self.0.request(push).await?;
            let status = answer.status();
            let _ = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
            Ok::<_, hyper_util::client::legacy::Error>(status)
        });
        Ok(answered.await??)
    }

    /// Whether a service can be reached now: its name leads to the public network, and something takes the connection.
    pub(crate) async fn reach(host: &str) -> anyhow::Result<()> {
        let mut addresses = tokio::time::timeout(CONNECTING, tokio::net::lookup_host((host, 443))).await??;
        let public = addresses.find(|address| is_public(address.ip()));
        let Some(public) = public else {
            anyhow::bail!("the name has no public address");
        };
        tokio::time::timeout(CONNECTING, tokio::net::TcpStream::connect(public)).await??;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Public, is_public};
    use hyper_util::client::legacy::connect::dns::Name;
    use tower_service::Service;

    #[test]
    fn private_networks_are_not_public() {
        for (address, expect) in [
            ("142.250.207.42", true),
            ("2404:6800:4004:80a::200a", true),
            ("127.0.0.1", false),
            ("127.8.8.8", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("192.0.0.8", false),
            ("198.18.0.1", false),
            ("203.0.113.5", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:10.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2001:db8::1", false),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().expect("an address")), expect, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_here_leads_nowhere() {
        let name: Name = "localhost".parse().expect("a name");
        let refused = Public.call(name).await.expect_err("refused");
        assert_eq!(refused.to_string(), "the name has no public address");
    }
}
