//! Deleting an account: by its person, or by who runs the site. What it leaves behind is removed in the background.

use tokio_util::sync::CancellationToken;

use super::{
    Caller, Context, Faults, collect,
    proof::{self, Proof},
};
use crate::{
    error::{Error, Result},
    model::{Operator, SaidBefore, UserId},
    wire::bodies::DeleteMe,
};

/// Deletes the caller's account, who has typed their name and shows once more who they are (OWASP ASVS 5, 7.5.1): by the present
/// password, and by a code where there is a second factor that was not shown lately.
///
/// # Errors
/// One fault a field: `invalid` for another name; `unauthorized` for a wrong `current_password` or `code`; `rate_limited`
/// after too many of these. `conflict` where nobody would be left to run the site.
pub async fn close_own(ctx: &Context, caller: &Caller, asked: &DeleteMe) -> Result<(), Faults> {
    let mut faults = Faults::new();
    if asked.confirm.trim() != caller.account.card.name.as_str() {
        let text = "Type your name as it stands to delete your account.";
        faults.push(Error::invalid("confirm", text));
    }
    // A code is good for once, so it is not used up where the name is another one.
    let confirmed = if faults.is_empty() {
        let proof = Proof {
            current_password: Some(&asked.current_password),
            code: asked.code.as_deref(),
        };
        proof::fully(ctx, caller, proof).await
    } else {
        proof::password(ctx, caller, &asked.current_password).await
    };
    collect(&mut faults, confirmed);
    if !faults.is_empty() {
        return Err(faults);
    }
    let closed = close(
        ctx,
        ctx.operator(caller),
        caller.id(),
        asked.messages.into(),
    )
    .await;
    closed.map_err(|error| vec![error])
}

/// Deletes an account, whoever asks.
///
/// # Errors
/// `not_found`; `conflict` for a bot's, and where nobody would be left to run the site; `forbidden`.
pub async fn close(ctx: &Context, by: Operator, user: UserId, said: SaidBefore) -> Result<()> {
    ctx.store.close_account(by, user, said).await?;
    ctx.closing.notify_one();
    Ok(())
}

/// Removes what deleted accounts left behind, bit by bit, whenever there is something: what an earlier run of the server
/// did not come to, too. Goes on until `stop`.
pub async fn sweep(ctx: &Context, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match ctx.store.sweep_closed().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(error = %error, "what a deleted account left behind could not be removed; the next one, or a restart, tries again");
            }
        }
        tokio::select! {
            () = ctx.closing.notified() => {}
            () = stop.cancelled() => {}
        }
    }
}
