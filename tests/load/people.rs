//! Signing many people in as they would themselves: by asking for the link, reading the mail, pressing the button.

use crate::client::{Client, Lost};
use serde_json::{Value, json};
use std::{collections::HashMap, net::SocketAddr};
use system_tests::{
    browser::{Browser, query_of},
    market::Folder,
    serve::Server,
};

/// Signs these people in; their cookies, in order.
pub(crate) fn sign_in(server: &Server, folder: &Folder, emails: &[String]) -> Vec<String> {
    let before = folder.mails().len();
    let mut browsers: Vec<Browser> = Vec::new();
    for email in emails {
        let mut browser = server.browser();
        browser.post("/sign-in", &[("email", email)]).expect(200);
        browsers.push(browser);
    }
    let mails = folder.mails_to_be(before + emails.len());
    let mut tokens: HashMap<String, String> = HashMap::new();
    for mail in &mails {
        let parsed = mail_parser::MessageParser::default().parse(mail).expect("a mail");
        let to = parsed.to().and_then(|to| to.first()).and_then(|to| to.address());
        let body = parsed.body_text(0).unwrap_or_default();
        let link = body.split_whitespace().find(|word| word.contains("/sign-in/enter"));
        if let (Some(to), Some(link)) = (to, link) {
            tokens.insert(to.to_owned(), query_of(link, "token").to_owned());
        }
    }
    let enter = |(browser, email): (&mut Browser, &String)| {
        let token = tokens.get(email).expect("a mail to everybody");
        browser.post("/sign-in/enter", &[("token", token)]).expect(303);
        browser.cookie()
    };
    browsers.iter_mut().zip(emails).map(enter).collect()
}

/// All ids of a kind, in order of their codes.
async fn ids(client: &mut Client, operation: &str, list: &str) -> Result<Vec<String>, Lost> {
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let data = client.ask(operation, &json!({"after": after})).await?;
        let page = &data[list];
        let edges = page["edges"].as_array().expect("edges");
        ids.extend(
            edges
                .iter()
                .filter_map(|edge| edge["node"]["id"].as_str().map(str::to_owned)),
        );
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(ids);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Ids of buyers and exhibitors.
pub(crate) struct Ids {
    pub(crate) buyers: Vec<String>,
    pub(crate) exhibitors: Vec<String>,
}

impl Ids {
    pub(crate) async fn of(address: SocketAddr, organizer: &str) -> Self {
        let mut client = Client::open(address, organizer).await.expect("connected");
        Self {
            buyers: ids(&mut client, "Buyers", "buyers").await.expect("buyers"),
            exhibitors: ids(&mut client, "Exhibitors", "exhibitors").await.expect("exhibitors"),
        }
    }
}
