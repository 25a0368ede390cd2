//! Mail: to files in the embedded mode, by SMTP otherwise. Recipients are people the product knows; no address comes
//! from a request. Texts are templates, filled in one place.

use crate::{
    calendar::Method,
    config::{self, Config},
};
use anyhow::Context as _;
use domain::{letter::Problem, name::Tongue, participation::Person};
use lettre::{
    AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart, header::ContentType},
};
use std::path::{Path, PathBuf};

/// Where mail goes.
pub(crate) enum Mailer {
    Files {
        transport: AsyncFileTransport<Tokio1Executor>,
        from: Mailbox,
    },
    Smtp {
        transport: AsyncSmtpTransport<Tokio1Executor>,
        from: Mailbox,
    },
}

/// What is told, and how: two templates a kind, one a language.
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) body: String,
}

/// A text with calendar files.
pub(crate) struct Letter {
    pub(crate) text: Text,
    /// Files by what they ask for; each at most once.
    pub(crate) calendars: Vec<(Method, String)>,
    /// Whether the one calendar is the matter itself: programs then show it beside the text.
    pub(crate) single: bool,
    /// The same whenever the same letters are sent again: who gets a mail twice can tell.
    pub(crate) id: String,
}

/// Why something was not sent: what the organizer is told, and the whole of it for the log.
pub(crate) struct Unsent {
    pub(crate) problem: Problem,
    pub(crate) error: anyhow::Error,
}

impl Unsent {
    /// It could not even be written.
    pub(crate) fn unwritten(error: impl Into<anyhow::Error>) -> Self {
        let (problem, error) = (Problem::Unwritten, error.into());
        Self { problem, error }
    }

    fn by_server(error: lettre::transport::smtp::Error) -> Self {
        let problem = match error.status().map(u16::from) {
            Some(number) if error.is_permanent() => Problem::Refused(number),
            Some(number) => Problem::Later(number),
            None => Problem::NoAnswer,
        };
        let error = error.into();
        Self { problem, error }
    }
}

/// The language a person reads: the first of the two that the person speaks.
pub(crate) fn tongue(person: &Person) -> Tongue {
    let spoken = person
        .languages
        .iter()
        .map(ToString::to_string)
        .find(|code| code == "ja" || code == "en");
    if spoken.as_deref() == Some("ja") {
        Tongue::Ja
    } else {
        Tongue::En
    }
}

impl Mailer {
    pub(crate) fn of(config: &Config) -> anyhow::Result<Self> {
        let from: Mailbox = config.mail_from.parse().context("mail_from")?;
        Ok(match &config.mail {
            config::Mail::Files => {
                let folder = folder(config);
                std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
                Self::Files {
                    transport: AsyncFileTransport::new(folder),
                    from,
                }
            }
            config::Mail::Smtp(url) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .context("mail")?
                    .build();
                Self::Smtp { transport, from }
            }
        })
    }

    /// Sends a text to a person; a person without an address is not written to.
    pub(crate) async fn send(&self, to: &Person, text: Text) -> anyhow::Result<()> {
        let Some(message) = self.to(to)? else { return Ok(()) };
        let message = message.subject(text.subject).header(ContentType::TEXT_PLAIN);
        let message = message.body(text.body)?;
        self.hand_over(message).await.map_err(|unsent| unsent.error)
    }

    /// Sends a text with calendar files to a person; a person without an address is not written to.
    pub(crate) async fn send_letter(&self, to: &Person, letter: Letter) -> Result<(), Unsent> {
        let message = self.to(to).map_err(|error| Unsent {
            problem: Problem::Address,
            error,
        })?;
        let Some(message) = message else { return Ok(()) };
        self.hand_over(whole(message, letter).map_err(Unsent::unwritten)?).await
    }

    /// A mail from us to a person, if there is an address.
    fn to(&self, to: &Person) -> anyhow::Result<Option<MessageBuilder>> {
        let Some(email) = &to.email else { return Ok(None) };
        let address = email.parse().context("the address of a person")?;
        let to = Mailbox::new(Some(to.name.written.clone()), address);
        Ok(Some(Message::builder().from(self.from().clone()).to(to)))
    }

    /// Who writes.
    pub(crate) fn from(&self) -> &Mailbox {
        let (Self::Files { from, .. } | Self::Smtp { from, .. }) = self;
        from
    }

    async fn hand_over(&self, message: Message) -> Result<(), Unsent> {
        match self {
            Self::Files { transport, .. } => drop(transport.send(message).await.map_err(Unsent::unwritten)?),
            Self::Smtp { transport, .. } => drop(transport.send(message).await.map_err(Unsent::by_server)?),
        }
        Ok(())
    }

    /// Whether mail could be sent now; `Err` says what to do.
    pub(crate) async fn check(&self) -> anyhow::Result<String> {
        match self {
            Self::Files { .. } => Ok("to files (read them with: ichiba mail)".to_owned()),
            Self::Smtp { transport, .. } => {
                let answered = transport
                    .test_connection()
                    .await
                    .context("the mail server does not answer")?;
                anyhow::ensure!(answered, "the mail server answers, but not as one; check the address");
                Ok("the mail server answers".to_owned())
            }
        }
    }
}

/// A text and its calendar files as one mail.
fn whole(message: MessageBuilder, letter: Letter) -> anyhow::Result<Message> {
    let Letter { text, calendars, .. } = letter;
    let message = message.subject(text.subject).message_id(Some(letter.id));
    let plain = SinglePart::plain(text.body);
    Ok(match calendars.as_slice() {
        [] => message.singlepart(plain)?,
        [(method, file)] if letter.single => {
            // Beside the text for programs that know calendars, attached for those that do not.
            let shown = SinglePart::builder().header(calendar_type(*method)?).body(file.clone());
            let both = MultiPart::alternative().singlepart(plain).singlepart(shown);
            let mixed = MultiPart::mixed().multipart(both);
            message.multipart(mixed.singlepart(attached(*method, file)?))?
        }
        files => {
            let mut mixed = MultiPart::mixed().singlepart(plain);
            for (method, file) in files {
                mixed = mixed.singlepart(attached(*method, file)?);
            }
            message.multipart(mixed)?
        }
    })
}

fn calendar_type(method: Method) -> anyhow::Result<ContentType> {
    let kind = format!("text/calendar; method={}; charset=utf-8", method.word());
    ContentType::parse(&kind).context("the type of a calendar")
}

fn attached(method: Method, file: &str) -> anyhow::Result<SinglePart> {
    let name = match method {
        Method::Request => "invite.ics",
        Method::Cancel => "cancel.ics",
        Method::Publish => "meetings.ics",
    };
    Ok(Attachment::new(name.to_owned()).body(file.to_owned(), calendar_type(method)?))
}

/// Where mail lies in the embedded mode.
pub(crate) fn folder(config: &Config) -> PathBuf {
    config.data.join("mail")
}

/// A mail that lies in a file.
pub(crate) struct Kept {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
}

/// The newest mails in a folder, newest first, at most `most`.
pub(crate) fn kept(folder: &Path, most: usize) -> anyhow::Result<Vec<Kept>> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut files: Vec<(std::time::SystemTime, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "eml"))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    files.truncate(most);
    let read = |(_, path): (_, PathBuf)| {
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let parser = mail_parser::MessageParser::default();
        let mail = parser
            .parse(&bytes)
            .with_context(|| format!("{} is no mail", path.display()))?;
        let to = mail
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.address())
            .unwrap_or_default()
            .to_owned();
        let subject = mail.subject().unwrap_or_default().to_owned();
        Ok(Kept {
            to,
            subject,
            body: mail.body_text(0).unwrap_or_default().into_owned(),
        })
    };
    files.into_iter().map(read).collect()
}

/// The sign-in link.
pub(crate) fn sign_in(tongue: Tongue, link: &str) -> Text {
    match tongue {
        Tongue::Ja => Text {
            subject: "サインイン用リンク".into(),
            body: format!(
                "下のリンクを開くとサインインできます。\n\n{link}\n\n有効期間は10分、使えるのは一度だけです。\n\
                 お心当たりがなければ、このメールは無視してください。\n"
            ),
        },
        Tongue::En => Text {
            subject: "Your sign-in link".into(),
            body: format!(
                "Open this link to sign in:\n\n{link}\n\nIt holds for 10 minutes and works once.\nIf you did not ask \
                 for it, ignore this mail.\n"
            ),
        },
    }
}
