//! Letters about an account to its owner: what was done to it that decides who gets in. Sent beside all requests; what is
//! still under way when the server stops is not sent any more.

use std::time::Duration;

use tokio::sync::mpsc;

use super::{Context, render};
use crate::{
    error::{Code, Error, Result, chain},
    mail::{Mail, MailError, Mailer},
    model::Account,
};

/// How many letters may wait; the next ones are not sent, and the log says so.
const WAITING: usize = 1000;

/// The pauses after failures of the mail server; after the last, the letter is given up.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(20),
];

/// Where letters are handed in.
#[derive(Debug, Clone)]
pub struct Letters(mpsc::Sender<Job>);

/// The letters that wait to be sent.
#[derive(Debug)]
pub struct Queue(pub(super) mpsc::Receiver<Job>);

/// What is to be done.
#[derive(Debug)]
pub(super) enum Job {
    /// Send this.
    Send(Box<Mail>),
    /// Look up whose name or address this is, and mail them a link to recover their account.
    Recover(String),
}

/// A place to hand letters in, and the queue for `post::deliver`.
#[must_use]
pub fn queue() -> (Letters, Queue) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Letters(sender), Queue(receiver))
}

/// Tells somebody by mail what was done to their account, where a mail server is set.
pub(super) fn send(ctx: &Context, account: &Account, subject: &str, text: &str) {
    let Some(base) = &ctx.settings.public_url else {
        return;
    };
    let advice = format!(
        "If that was not you, change your password at {base}/profile, end what you do not know at {base}/settings/sessions, \
         and tell who runs {}.",
        ctx.settings.server_name
    );
    send_with(ctx, account, subject, text, &advice);
}

/// The same, with other advice for who did not do it.
pub(super) fn send_with(ctx: &Context, account: &Account, subject: &str, text: &str, advice: &str) {
    if ctx.mailer.is_none() {
        return;
    }
    let server = &ctx.settings.server_name;
    let name = account.card.name.as_str();
    let mail = Mail {
        to: account.email.as_str().to_owned(),
        subject: format!("{subject} on {server}"),
        text: format!("Hello {name},\n\n{text}\n\n{advice}\n"),
        html: format!(
            "<!doctype html><html lang=\"en\"><body style=\"font: 16px/1.5 system-ui, sans-serif; max-width: 36em\">\
             <p>Hello {},</p><p>{}</p><p>{}</p></body></html>",
            render::line(name),
            render::line(text),
            render::line(advice)
        ),
        unsubscribe: None,
    };
    let job = Job::Send(Box::new(mail));
    if ctx.letters.0.try_send(job).is_err() {
        tracing::error!(
            user.id = account.card.id.0,
            "too many letters wait, so one is not sent"
        );
    }
}

/// Has a link mailed to whom this name or address belongs; they are looked up beside the request.
pub(super) fn recover(ctx: &Context, login: &str) -> Result<()> {
    let job = Job::Recover(login.to_owned());
    ctx.letters.0.try_send(job).map_err(|_| {
        let text = "Too many mails wait to be sent. Try again in a few minutes.";
        Error::new(Code::Unavailable, text)
    })
}

/// Sends a letter, and tries again for a while where the mail server does not take it.
pub(super) async fn attempt(mailer: &Mailer, mail: Mail) {
    for pause in PAUSES.into_iter().map(Some).chain([None]) {
        match (mailer.send(mail.clone()).await, pause) {
            (Ok(()), _) => return,
            (Err(error @ MailError::Failed(_)), Some(pause)) => {
                tracing::warn!(error = chain(&error), "a letter was not sent");
                tokio::time::sleep(pause).await;
            }
            (Err(error), _) => {
                tracing::error!(error = chain(&error), "a letter was given up");
                return;
            }
        }
    }
}
