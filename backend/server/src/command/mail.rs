//! `ichiba mail`: what the embedded mode has written instead of sending.

use crate::{config::Config, mail};
use std::process::ExitCode;

pub(super) fn run(config: &Config, last: usize) -> anyhow::Result<ExitCode> {
    let folder = mail::folder(config);
    let mails = mail::kept(&folder, last)?;
    if mails.is_empty() {
        println!("no mail in {}", folder.display());
    }
    for mail in mails {
        println!("To: {}\nSubject: {}\n\n{}\n---", mail.to, mail.subject, mail.body);
    }
    Ok(ExitCode::SUCCESS)
}
