//! Mail by SMTP, as a mail server sees it: what is said, to whom, in which words and letters.

use mail_parser::MessageParser;
use system_tests::{
    browser::query_of,
    market::{self, Folder, Stage},
    serve::Server,
    smtp::{Mail, MailServer},
};

/// Longest line SMTP allows, without its end.
const LONGEST_LINE: usize = 998;

fn text_of(mail: &Mail) -> (String, String) {
    let parsed = MessageParser::default().parse(&mail.bytes).expect("a mail");
    let subject = parsed.subject().expect("a subject").to_owned();
    (subject, parsed.body_text(0).expect("a text").into_owned())
}

fn headers(mail: &Mail) -> String {
    let end = mail
        .bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("headers end");
    String::from_utf8(mail.bytes[..end].to_vec()).expect("headers are ASCII")
}

fn well_formed(mail: &Mail) {
    let headers = headers(mail);
    assert!(headers.is_ascii(), "{headers}");
    for line in mail.bytes.split(|&byte| byte == b'\n') {
        assert!(line.len() <= LONGEST_LINE + 1);
        assert!(
            line.is_empty() || line.ends_with(b"\r"),
            "a line that does not end with CRLF"
        );
    }
    for name in ["From", "To", "Subject", "Date", "Content-Type"] {
        let beginning = format!("{name}: ");
        let count = headers.lines().filter(|line| line.starts_with(&beginning)).count();
        assert_eq!(count, 1, "{name} in:\n{headers}");
    }
    for name in ["Bcc", "Cc", "Reply-To"] {
        assert!(
            !headers
                .lines()
                .any(|line| line.to_lowercase().starts_with(&name.to_lowercase())),
            "{headers}"
        );
    }
}

#[test]
fn a_link_goes_out_by_smtp_in_the_readers_language() {
    let mail_server = MailServer::start();
    let folder = Folder::at(Stage::Imported);
    let url = format!("smtp://{}", mail_server.address);
    let env = [
        ("ICHIBA_MAIL", url.as_str()),
        ("ICHIBA_MAIL_FROM", "東京マーケット <market@ichiba.example>"),
    ];
    let server = Server::start(&folder, &env);
    for (code, subject, name) in [
        ("OR01", "サインイン用リンク", "菊地 剛"),
        ("B001", "Your sign-in link", "Jérôme Delacroix"),
    ] {
        let email = market::email(code);
        let mut browser = server.browser();
        browser.post("/sign-in", &[("email", &email)]).expect(200);
        let mail = mail_server.mail();
        assert_eq!(
            (mail.from.as_str(), mail.to.as_slice()),
            ("market@ichiba.example", &[email.clone()][..])
        );
        well_formed(&mail);
        let (own, body) = text_of(&mail);
        assert_eq!(own, subject);
        let parsed = MessageParser::default().parse(&mail.bytes).expect("a mail");
        let to = parsed.to().and_then(|to| to.first()).expect("somebody");
        assert_eq!((to.name(), to.address()), (Some(name), Some(email.as_str())));
        let link = body
            .lines()
            .find(|line| line.starts_with("http"))
            .expect("a link")
            .trim()
            .to_owned();
        assert_eq!(query_of(&link, "token").len(), 26);
        assert!(!browser.signed_in(&link).cookies.is_empty());
    }
    assert!(folder.mails().is_empty(), "mail went to files too");
    assert!(
        folder
            .run(&["doctor"])
            .env("ICHIBA_MAIL", &url)
            .say()
            .good()
            .contains("the mail server answers")
    );
}

#[test]
fn no_name_or_address_becomes_a_header() {
    let mail_server = MailServer::start();
    let folder = Folder::at(Stage::Imported);
    // Lines within a cell, as a spreadsheet may have them: refused by the import, or at least harmless in mail.
    let people = "code,role,organisation,name,reading,latin,email,region,languages\n\
                  AD90,adviser,,\"Evil\r\nBcc: victim@evil.example\",,,evil@adviser.example,JP,en\n";
    folder.write("people.csv", people);
    let imported = folder.run(&["import", "people.csv"]).say();
    println!(
        "a name with a header in it: {:?} {}",
        imported.code,
        imported.err.trim()
    );
    let url = format!("smtp://{}", mail_server.address);
    let server = Server::start(&folder, &[("ICHIBA_MAIL", &url)]);
    let quoted = format!("\"{}\" <{}>", "x", market::email("B001"));
    for email in [
        "evil@adviser.example",
        "nobody@nowhere.example\r\nRCPT TO:<victim@evil.example>",
        &format!("{}\r\nBcc: victim@evil.example", market::email("B001")),
        &format!("{},victim@evil.example", market::email("B001")),
        &quoted,
    ] {
        server.browser().post("/sign-in", &[("email", email)]).expect(200);
    }
    let last = market::email("B002");
    server.browser().post("/sign-in", &[("email", &last)]).expect(200);
    let mut mails = vec![mail_server.mail()];
    while !mails.iter().any(|mail| mail.to == [last.clone()]) {
        mails.push(mail_server.mail());
    }
    for mail in &mails {
        well_formed(mail);
        assert_eq!(mail.to.len(), 1, "{:?}", mail.to);
        assert!(!mail.to[0].contains("victim"), "{:?}", mail.to);
    }
}

#[test]
fn a_mail_server_that_is_gone_changes_nothing_for_whoever_asks() {
    let folder = Folder::at(Stage::Imported);
    let server = Server::start(&folder, &[("ICHIBA_MAIL", "smtp://127.0.0.1:1")]);
    for email in [market::email("B001").as_str(), "nobody@nowhere.example"] {
        let page = server.browser().post("/sign-in", &[("email", email)]).expect(200);
        assert!(page.text().contains("class=\"code\""));
    }
}
