//! What somebody missed, mailed: mentions and direct messages that they have not read for a while, all in one mail.

use std::{fmt::Write, time::Duration};

use super::{Context, render};
use crate::{
    error::{Error, Result, chain},
    mail::{Mail, MailError, Mailer},
    model::{MissedBy, MissedEnd, MissedRoom, RoomKind, UserId},
    secrets::{unsubscribe_token, unsubscribed},
    store::StoreError,
};

/// The pauses after failures of the mail server; after the last, what was to be mailed is given up.
const PAUSES: [Duration; 6] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(6),
    Duration::from_hours(12),
];

/// How many people are mailed in one look.
const LOOKED_AT: u32 = 50;

/// How long it waits at most before it looks again.
const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// How long it rests between two looks at least.
const REST: Duration = Duration::from_millis(250);

/// Mails what is due, one after the other, for ever.
pub async fn deliver(ctx: &Context, mailer: &Mailer) {
    loop {
        let wait = work(ctx, mailer).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "what is to be mailed could not be read");
            LOOK_AGAIN
        });
        tokio::time::sleep(wait.max(REST)).await;
    }
}

/// Mails what is due; says how long there is nothing else to do. What is noted meanwhile is due later than this.
async fn work(ctx: &Context, mailer: &Mailer) -> Result<Duration, StoreError> {
    for missed in ctx.store.due_missed(ctx.now(), LOOKED_AT).await? {
        let end = attempt(ctx, mailer, &missed).await;
        ctx.store.end_missed(&missed, end).await?;
    }
    let now = ctx.now();
    let next = ctx.store.next_missed().await?;
    let wait = next.map_or(LOOK_AGAIN, |next| next.since(now));
    Ok(wait.min(LOOK_AGAIN).min(ctx.settings.mail_after))
}

async fn attempt(ctx: &Context, mailer: &Mailer, missed: &MissedBy) -> MissedEnd {
    let done = MissedEnd::Done {
        next_at: ctx.now().plus(ctx.settings.mail_after),
    };
    let Some(mail) = mail(ctx, missed) else {
        return done;
    };
    let user = missed.account.card.id.0;
    match mailer.send(mail).await {
        Ok(()) => done,
        Err(error @ MailError::Failed(_)) => {
            let tries = usize::try_from(missed.attempts).ok();
            let pause = tries.and_then(|tries| PAUSES.get(tries));
            tracing::warn!(error = chain(&error), "a mail was not sent");
            pause.map_or(done, |pause| MissedEnd::Later {
                retry_at: ctx.now().plus(*pause),
            })
        }
        Err(error) => {
            tracing::warn!(user.id = user, error = chain(&error), "a mail was refused");
            done
        }
    }
}

/// The mail; `None` where all was read meanwhile, or the person wants none.
fn mail(ctx: &Context, missed: &MissedBy) -> Option<Mail> {
    let base = ctx.settings.public_url.as_ref()?;
    let rooms: Vec<_> = missed
        .rooms
        .iter()
        .filter(|one| !one.messages.is_empty())
        .collect();
    if !missed.mail || rooms.is_empty() {
        return None;
    }
    let account = &missed.account;
    let token = unsubscribe_token(&ctx.mail_key, account.card.id.0);
    let unsubscribe = format!("{base}/mail/off/{token}");
    let name = account.card.name.as_str();
    Some(Mail {
        to: account.email.as_str().to_owned(),
        subject: subject(ctx, &rooms),
        text: text(base, name, &rooms, &unsubscribe),
        html: html(base, name, &rooms, &unsubscribe),
        unsubscribe: Some(unsubscribe),
    })
}

fn subject(ctx: &Context, rooms: &[&MissedRoom]) -> String {
    let count: usize = rooms.iter().map(|one| one.messages.len()).sum();
    match rooms {
        [one] if one.messages.len() == 1 => {
            let author = one.messages[0].author.name.as_str();
            if one.room.kind == RoomKind::Direct {
                format!("{author} wrote to you")
            } else {
                format!("{author} mentioned you in {}", one.room.name.as_str())
            }
        }
        _ => format!("{count} messages for you on {}", ctx.settings.server_name),
    }
}

fn text(base: &str, name: &str, rooms: &[&MissedRoom], unsubscribe: &str) -> String {
    let mut out = format!("Hello {name},\n\nthis was said to you while you were away.\n");
    for one in rooms {
        let code = one.room.code.as_str();
        write_to(
            &mut out,
            format_args!("\n{} - {base}/room/{code}\n", one.room.name.as_str()),
        );
        for message in &one.messages {
            let (author, said) = (message.author.name.as_str(), message.excerpt().0);
            write_to(&mut out, format_args!("  {author}: {said}\n"));
        }
    }
    write_to(
        &mut out,
        format_args!(
            "\nWhen and how you are told: {base}/settings/notifications\nNo more such mails: {unsubscribe}\n"
        ),
    );
    out
}

fn html(base: &str, name: &str, rooms: &[&MissedRoom], unsubscribe: &str) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><body style=\"font: 16px/1.5 system-ui, sans-serif; max-width: 36em\">\
         <p>Hello {},</p><p>this was said to you while you were away.</p>",
        render::line(name)
    );
    for one in rooms {
        let (code, room) = (one.room.code.as_str(), render::line(one.room.name.as_str()));
        write_to(
            &mut out,
            format_args!(
                "<h2 style=\"font-size: 16px\"><a href=\"{base}/room/{code}\">{room}</a></h2>"
            ),
        );
        for message in &one.messages {
            let author = render::line(message.author.name.as_str());
            let said = render::line(&message.excerpt().0);
            write_to(
                &mut out,
                format_args!("<p><strong>{author}</strong> {said}</p>"),
            );
        }
    }
    write_to(
        &mut out,
        format_args!(
            "<p style=\"font-size: 13px\"><a href=\"{base}/settings/notifications\">When and how you are told</a> · \
             <a href=\"{unsubscribe}\">No more such mails</a></p></body></html>"
        ),
    );
    out
}

fn write_to(out: &mut String, words: std::fmt::Arguments<'_>) {
    out.write_fmt(words)
        .expect("writing to a string cannot fail");
}

/// Whose mails a token from one of them ends.
///
/// # Errors
/// `not_found`.
pub fn whose(ctx: &Context, token: &str) -> Result<UserId> {
    let user = unsubscribed(&ctx.mail_key, token);
    user.map(UserId).ok_or_else(|| Error::not_found("mail"))
}

/// Mails nothing that they missed to this token's owner any more.
///
/// # Errors
/// `not_found`.
pub async fn turn_off(ctx: &Context, token: &str) -> Result<()> {
    let user = whose(ctx, token)?;
    let mut settings = ctx.store.notification_settings(user).await?;
    settings.mail = false;
    ctx.store.set_notification_settings(user, settings).await?;
    Ok(ctx.store.end_mail(user).await?)
}
