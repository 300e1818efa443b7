//! Works off what waits to be mailed about accounts: letters, and links that recover one.

use futures_util::{StreamExt, stream};

use super::{
    Context,
    letters::{self, Job, Queue},
    recovery,
};
use crate::{error::chain, mail::Mailer};

/// How many are worked on at once.
const AT_ONCE: usize = 16;

/// Works off what is handed in, for ever.
pub async fn deliver(ctx: &Context, mailer: &Mailer, Queue(receiver): Queue) {
    let jobs = stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|job| (job, receiver))
    });
    jobs.for_each_concurrent(AT_ONCE, |job| work(ctx, mailer, job))
        .await;
}

async fn work(ctx: &Context, mailer: &Mailer, job: Job) {
    match job {
        Job::Send(mail) => letters::attempt(mailer, *mail).await,
        Job::Recover(login) => {
            if let Err(error) = recovery::offer(ctx, &login).await {
                tracing::error!(
                    error = chain(&error),
                    "a link to recover an account could not be made"
                );
            }
        }
    }
}
