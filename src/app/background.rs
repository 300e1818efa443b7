//! What runs beside requests, from the start to the stop.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{
    base::Tasks,
    edge::Shared,
    service::{
        closing, letters, mailing, outgoing_hooks, post, previews, pushes, retention, tokens,
        uploads,
    },
    store::feed::FeedReceiver,
};

/// How often what has run out is swept away.
const SWEEP: Duration = Duration::from_mins(10);

/// Starts the feed's consumer, the delivery of webhooks, pushes and mails, the sweepers, and what deletes files.
pub(super) fn begin(site: &Shared, tasks: &Tasks, receiver: FeedReceiver, letters: letters::Queue) {
    tasks.until_stopped(Arc::clone(&site.hub).consume(receiver));
    let deliverer = Arc::clone(site);
    tasks.until_stopped(async move {
        outgoing_hooks::deliver(&deliverer.ctx, deliverer.hub.told()).await;
    });
    let pusher = Arc::clone(site);
    tasks.until_stopped(async move {
        pushes::deliver(&pusher.ctx, pusher.hub.told()).await;
    });
    let postman = Arc::clone(site);
    tasks.until_stopped(async move {
        if let Some(mailer) = &postman.ctx.mailer {
            mailing::deliver(&postman.ctx, mailer).await;
        }
    });
    let writer = Arc::clone(site);
    tasks.until_stopped(async move {
        if let Some(mailer) = &writer.ctx.mailer {
            post::deliver(&writer.ctx, mailer, letters).await;
        }
    });
    let (remover, stop) = (Arc::clone(site), tasks.stopping().clone());
    tasks.spawn(async move { closing::sweep(&remover.ctx, &stop).await });
    let keeper = Arc::clone(site);
    tasks.until_stopped(async move {
        loop {
            uploads::sweep(&keeper.ctx).await;
            // The time runs out as often as the other sweeper's; until then, what was doomed goes at once.
            drop(tokio::time::timeout(SWEEP, keeper.ctx.store.something_doomed()).await);
        }
    });
    let (doorkeeper, stop) = (Arc::clone(site), tasks.stopping().clone());
    tasks.spawn(async move {
        while tokio::time::timeout(tokens::SWEEP, stop.cancelled())
            .await
            .is_err()
        {
            tokens::sweep(&doorkeeper.ctx).await;
        }
    });
    let (site, stop) = (Arc::clone(site), tasks.stopping().clone());
    tasks.spawn(async move {
        while tokio::time::timeout(SWEEP, stop.cancelled()).await.is_err() {
            site.ctx.throttle.sweep();
            match site.ctx.store.sweep_sessions(site.ctx.now()).await {
                Ok(count) => tracing::debug!(count, "sessions that had run out were deleted"),
                Err(error) => tracing::error!(error = %error, "old sessions could not be deleted"),
            }
            if let Err(error) = previews::sweep(&site.ctx).await {
                tracing::error!(error = %error, "old link previews could not be deleted");
            }
            retention::sweep(&site.ctx, &stop).await;
            sweep_rooms(&site, &stop).await;
        }
    });
}

/// Deletes what was said in ended rooms, bit by bit, so that nobody's message waits long for the writer.
async fn sweep_rooms(site: &Shared, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match site.ctx.store.sweep_rooms().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::error!(error = %error, "an ended room could not be deleted");
                return;
            }
        }
    }
}
