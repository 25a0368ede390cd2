//! A browser as far as the product can tell: it keeps cookies, follows links, presses buttons, sends operations.

use crate::http::{Answer, Request};
use serde_json::{Value, json};
use std::{collections::BTreeMap, net::SocketAddr};

/// A browser that looks at one server.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The server.
    pub address: SocketAddr,
    /// What it was told to keep.
    pub cookies: BTreeMap<String, String>,
}

/// The part of a link after the host.
pub fn path_of(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// A value out of the query of a link, as it stands there.
pub fn query_of<'l>(link: &'l str, name: &str) -> &'l str {
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

impl Browser {
    /// With no cookies yet.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: BTreeMap::new(),
        }
    }

    /// What it sends of its cookies.
    pub fn cookie(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// The request with this browser's cookies.
    pub fn with_cookies(&self, request: Request) -> Request {
        if self.cookies.is_empty() {
            request
        } else {
            request.header("cookie", &self.cookie())
        }
    }

    /// Sends a request and keeps the cookies of the answer.
    pub fn send(&mut self, request: Request) -> Answer {
        let answer = self.with_cookies(request).send(self.address);
        for cookie in answer.all("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie is a pair");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Opens a page.
    pub fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path))
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Request::post(path).form(fields))
    }

    /// Opens a sign-in link and presses its button.
    pub fn enter(&mut self, link: &str) -> Answer {
        let page = self.get(path_of(link)).expect(200);
        assert!(page.text().contains("/sign-in/enter"), "{}", page.text());
        self.post("/sign-in/enter", &[("token", query_of(link, "token"))])
    }

    /// Signs in with a link, surely.
    #[must_use]
    pub fn signed_in(mut self, link: &str) -> Self {
        self.enter(link).expect(303);
        assert!(!self.cookies.is_empty(), "a login cookie is kept");
        self
    }

    /// The request for an operation.
    pub fn asking(&self, operation: &str, variables: &Value) -> Request {
        let body = json!({"operation": operation, "variables": variables});
        self.with_cookies(Request::post("/graphql").json(&body))
    }

    /// Sends an operation; the data of an answer without errors.
    pub fn ask(&self, operation: &str, variables: &Value) -> Value {
        let answer = self.asking(operation, variables).send(self.address).expect(200);
        let mut json = answer.json();
        assert!(json.get("errors").is_none(), "{operation}: {json}");
        json["data"].take()
    }

    /// All nodes of a paged answer; `page` finds the connection in the data.
    pub fn pages(&self, operation: &str, page: impl Fn(&Value) -> &Value) -> Vec<Value> {
        let (mut nodes, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = self.ask(operation, &json!({"after": after}));
            let connection = page(&data);
            let edges = connection["edges"].as_array().expect("edges");
            nodes.extend(edges.iter().map(|edge| edge["node"].clone()));
            if connection["pageInfo"]["hasNextPage"] != true {
                return nodes;
            }
            assert!(!edges.is_empty(), "{operation}: an empty page with another after it");
            after = connection["pageInfo"]["endCursor"].clone();
        }
    }

    /// Sends a document, as only development allows.
    pub fn document(&self, document: &str, variables: &Value) -> Answer {
        let body = json!({"query": document, "variables": variables});
        self.with_cookies(Request::post("/graphql").json(&body))
            .send(self.address)
    }
}
