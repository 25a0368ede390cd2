//! Signing many people in as they would themselves: by asking for the link, reading the mail, pressing the button.

use crate::client::{Client, Lost};
use serde_json::{Value, json};
use std::{collections::HashMap, net::SocketAddr, time::Duration};
use system_tests::{
    browser::{Browser, query_of},
    machine,
    market::Folder,
    serve::Server,
};

/// Longest the mails may take.
const MAIL_LIMIT: Duration = Duration::from_secs(30);

/// Signs these people in; their cookies, in order.
pub(crate) fn sign_in(server: &Server, folder: &Folder, emails: &[String]) -> Vec<String> {
    let before = folder.mails().len();
    let mut browsers: Vec<Browser> = Vec::new();
    for email in emails {
        let mut browser = server.browser();
        browser.post("/sign-in", &[("email", email)]).expect(200);
        browsers.push(browser);
    }
    // Letters of other kinds come in between.
    let tokens = machine::until("a link to everybody", MAIL_LIMIT, || {
        let tokens: HashMap<String, String> = folder.mails()[before..].iter().filter_map(|mail| link(mail)).collect();
        let all = emails.iter().all(|email| tokens.contains_key(email));
        all.then_some(tokens)
    });
    let enter = |(browser, email): (&mut Browser, &String)| {
        browser.post("/sign-in/enter", &[("token", &tokens[email])]).expect(303);
        browser.cookie()
    };
    browsers.iter_mut().zip(emails).map(enter).collect()
}

/// To whom a mail is, and the token of the link in it.
fn link(mail: &[u8]) -> Option<(String, String)> {
    let mail = mail_parser::MessageParser::default().parse(mail)?;
    let to = mail.to()?.first()?.address()?.to_owned();
    let body = mail.body_text(0)?;
    let link = body.split_whitespace().find(|word| word.contains("/sign-in/enter"))?;
    Some((to, query_of(link, "token").to_owned()))
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
