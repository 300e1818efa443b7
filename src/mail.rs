//! Mail: the one way out by SMTP, with TLS by rustls. Where no mail server is set, there is none, and nothing is mailed.

use std::{fs, io, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use crate::config::{MailSecurity, Settings};

/// How long the mail server may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// Why there is no mailer, or a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server's name or its TLS cannot be used.
    #[error("the mail server cannot be used")]
    SetUp(#[source] lettre::transport::smtp::Error),
    /// The file with the password cannot be read.
    #[error("the mail password in {0} cannot be read")]
    Password(PathBuf, #[source] io::Error),
    /// The mail cannot be written: an address is none.
    #[error("this mail cannot be addressed or written")]
    Unusable,
    /// The mail server refuses it for good.
    #[error("the mail server refused it")]
    Refused(#[source] lettre::transport::smtp::Error),
    /// It was not sent; it may be later.
    #[error("the mail server did not take it")]
    Failed(#[source] lettre::transport::smtp::Error),
}

/// What is mailed, to one person.
#[derive(Debug, Clone)]
pub struct Mail {
    /// To which address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where one `POST` ends mails of this kind (RFC 8058).
    pub unsubscribe: Option<String>,
}

/// The mail server, and in whose name mails are sent.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}

impl Mailer {
    /// The mailer that the settings name, if they do.
    ///
    /// # Errors
    /// When the server's name, the sender's address or the password cannot be used.
    pub fn new(settings: &Settings) -> Result<Option<Self>, MailError> {
        let (Some(host), Some(from)) = (&settings.smtp_server, &settings.mail_from) else {
            return Ok(None);
        };
        let parameters = || TlsParameters::new(host.clone()).map_err(MailError::SetUp);
        let tls = match settings.smtp_security {
            MailSecurity::Starttls => Tls::Required(parameters()?),
            MailSecurity::Tls => Tls::Wrapper(parameters()?),
            MailSecurity::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.smtp_port)
            .tls(tls)
            .timeout(Some(ANSWERS_WITHIN));
        if let (Some(user), Some(file)) = (&settings.smtp_user, &settings.smtp_password_file) {
            let password = fs::read_to_string(file)
                .map_err(|error| MailError::Password(file.clone(), error))?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Some(Self {
            transport: builder.build(),
            from: from.parse().map_err(|_| MailError::Unusable)?,
        }))
    }

    /// Sends a mail; returns once the mail server has taken it.
    ///
    /// # Errors
    /// `Unusable` and `Refused` for good, `Failed` for now.
    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = self.message(mail).ok_or(MailError::Unusable)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused(error)),
            Err(error) => Err(MailError::Failed(error)),
        }
    }

    fn message(&self, mail: Mail) -> Option<Message> {
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(mail.to.parse().ok()?)
            .subject(mail.subject)
            .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))
            .ok()?;
        let headers = message.headers_mut();
        let mut add = |name, value: String| {
            let name = HeaderName::new_from_ascii_str(name);
            headers.insert_raw(HeaderValue::new(name, value));
        };
        // Nobody's absence note answers it (RFC 3834).
        add("Auto-Submitted", "auto-generated".to_owned());
        if let Some(address) = mail.unsubscribe {
            add("List-Unsubscribe", format!("<{address}>"));
            let post = "List-Unsubscribe=One-Click".to_owned();
            add("List-Unsubscribe-Post", post);
        }
        Some(message)
    }
}
