//! A thread of its own for work that blocks for as long as it lives.

use std::{io, thread::Builder};

use tokio_util::sync::CancellationToken;

/// Runs `work` on a new thread called `name`. The token is cancelled once the work has ended, also
/// when it panicked; nothing is left of it by then.
///
/// # Errors
/// When the system gives no thread.
pub fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<CancellationToken> {
    let ended = CancellationToken::new();
    let guard = ended.clone().drop_guard();
    Builder::new().name(name.to_owned()).spawn(move || {
        let _guard = guard;
        work();
    })?;
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_a_thread_can_be_awaited_even_when_it_panicked() {
        let ended = thread("quiet", || {}).expect("a thread");
        ended.cancelled().await;
        let ended = thread("loud", || panic!("on purpose")).expect("a thread");
        ended.cancelled().await;
    }
}
