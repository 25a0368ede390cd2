//! A phone that listens: GraphQL over a WebSocket, by the protocol `graphql-transport-ws`.

use crate::{browser::Browser, http::LIMIT};
use serde_json::{Value, json};
use std::{net::TcpStream, time::Duration};
use tungstenite::{Error, Message, WebSocket, client::IntoClientRequest, handshake::HandshakeError};

/// An open subscription.
#[derive(Debug)]
pub struct Socket(WebSocket<TcpStream>);

/// The subscription of everybody signed in, by its name.
const OPERATION: &str = "TimetablePublished";

impl Socket {
    /// Opens one as a browser would, with further headers; `Err` is the status of a refusal.
    pub fn open(browser: &Browser, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let url = format!("ws://{}/graphql/ws", browser.address);
        let mut request = url.into_client_request().expect("a request");
        let mut add = |name: &'static str, value: &str| {
            request.headers_mut().insert(name, value.parse().expect("a header"));
        };
        add("sec-websocket-protocol", "graphql-transport-ws");
        if !browser.cookies.is_empty() {
            add("cookie", &browser.cookie());
        }
        for (name, value) in headers {
            add(name, value);
        }
        let stream = TcpStream::connect(browser.address).expect("a connection");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(HandshakeError::Failure(Error::Http(response))) => Err(response.status().as_u16()),
            Err(error) => panic!("the socket cannot be opened: {error}"),
        }
    }

    /// Opens one and subscribes; it is listening when this returns.
    pub fn listening(browser: &Browser, headers: &[(&'static str, &str)]) -> Self {
        let mut socket = Self::subscribed(browser, headers, &json!({"query": OPERATION}));
        socket.alive().expect("listening");
        socket
    }

    /// Opens one and subscribes to an operation with variables.
    pub fn watching(browser: &Browser, operation: &str, variables: &Value) -> Self {
        Self::subscribed(browser, &[], &json!({"query": operation, "variables": variables}))
    }

    fn subscribed(browser: &Browser, headers: &[(&'static str, &str)], payload: &Value) -> Self {
        let mut socket = Self::open(browser, headers).expect("a socket");
        socket.send(&json!({"type": "connection_init"}));
        assert_eq!(socket.message().expect("an answer")["type"], "connection_ack");
        socket.send(&json!({"id": "1", "type": "subscribe", "payload": payload}));
        socket
    }

    /// Opens one and listens to an operation; it is listening when this returns.
    pub fn hearing(browser: &Browser, operation: &str) -> Self {
        let mut socket = Self::subscribed(browser, &[], &json!({"query": operation}));
        socket.alive().expect("listening");
        socket
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        let _ = self.0.send(Message::text(message.to_string()));
    }

    /// Asks for a sign of life: what was sent before has been taken up when it comes. `Err` where something else came.
    pub fn alive(&mut self) -> Result<(), Value> {
        self.send(&json!({"type": "ping"}));
        match self.message() {
            Some(message) if message["type"] == "pong" => Ok(()),
            other => Err(other.unwrap_or(Value::Null)),
        }
    }

    /// The next message; none where the connection ended.
    pub fn message(&mut self) -> Option<Value> {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
                Ok(Message::Close(_)) | Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(_)) => {
                    return None;
                }
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("nothing came within the limit");
                }
                Err(_) => return None,
            }
        }
    }

    /// The version the next event tells of.
    pub fn version(&mut self) -> u64 {
        let message = self.message().expect("an event");
        let version = message["payload"]["data"]["timetablePublished"]["version"].as_u64();
        version.unwrap_or_else(|| panic!("no event: {message}"))
    }

    /// Whatever comes within a while; none where nothing does.
    pub fn within(&mut self, while_: Duration) -> Option<Value> {
        self.0.get_ref().set_read_timeout(Some(while_)).expect("a limit");
        let came = match self.0.read() {
            Ok(Message::Text(text)) => serde_json::from_str(&text).ok(),
            _ => None,
        };
        self.0.get_ref().set_read_timeout(Some(LIMIT)).expect("a limit");
        came
    }
}
