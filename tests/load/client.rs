//! One connection that stays open, as a phone's or a proxy's does: operations one after another, each answer read
//! whole.

use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// A connection to the server, signed in.
pub(crate) struct Client {
    send: SendRequest<Full<Bytes>>,
    host: String,
    cookie: String,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Lost {
    /// The connection broke: nobody knows what became of it.
    Broken,
    /// An answer, but not one of an operation that was carried out.
    Refused(String),
}

impl Client {
    pub(crate) async fn open(address: SocketAddr, cookie: &str) -> Result<Self, Lost> {
        let stream = TcpStream::connect(address).await.map_err(|_| Lost::Broken)?;
        stream.set_nodelay(true).map_err(|_| Lost::Broken)?;
        let (send, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| Lost::Broken)?;
        tokio::spawn(async move {
            // The end of the connection is seen by whoever sends on it.
            let _ = connection.await;
        });
        Ok(Self {
            send,
            host: address.to_string(),
            cookie: cookie.to_owned(),
        })
    }

    /// Sends an operation; its data.
    pub(crate) async fn ask(&mut self, operation: &str, variables: &Value) -> Result<Value, Lost> {
        let body = json!({"operation": operation, "variables": variables}).to_string();
        let request = Request::post("/graphql")
            .header(header::HOST, &self.host)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, &self.cookie)
            .header("x-ichiba", "load")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| Lost::Broken)?;
        self.send.ready().await.map_err(|_| Lost::Broken)?;
        let answer = self.send.send_request(request).await.map_err(|_| Lost::Broken)?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.map_err(|_| Lost::Broken)?.to_bytes();
        let mut json: Value = serde_json::from_slice(&bytes).map_err(|_| Lost::Broken)?;
        if status != 200 || json.get("errors").is_some() {
            return Err(Lost::Refused(format!("{status} {json}")));
        }
        Ok(json["data"].take())
    }
}
