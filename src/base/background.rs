//! Long work on a thread of its own that gives way to all others.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

use tokio::sync::{Semaphore, oneshot};

use super::thread;

type Work = Box<dyn FnOnce() + Send>;

/// A thread for work that takes a core for long. One piece at once, the others wait their turn.
///
/// It is no thread of the pool for blocking work, for it has a low priority: who asks for one may not always raise it
/// again, and the pool's threads go on to read messages.
#[derive(Debug, Clone)]
pub struct Background {
    /// Holds one piece at most: the one whose turn it is.
    work: SyncSender<Work>,
    turn: Arc<Semaphore>,
}

impl Background {
    /// Starts the thread, called `name`. It ends when nobody can ask it for anything any more.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(name: &str) -> io::Result<Self> {
        let (work, asked) = sync_channel(1);
        thread(name, move || work_off(&asked))?;
        Ok(Self {
            work,
            turn: Arc::new(Semaphore::new(1)),
        })
    }

    /// Runs `work` there. Once begun it runs to its end, even when the caller stops waiting, unless the process ends.
    ///
    /// # Panics
    /// When `work` panics: the panic goes on in the caller.
    pub async fn run<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let turn = Arc::clone(&self.turn)
            .acquire_owned()
            .await
            .expect("this semaphore is never closed");
        let (answer, answered) = oneshot::channel();
        let work = move || {
            let result = catch_unwind(AssertUnwindSafe(work));
            drop(turn);
            // Who asked may have stopped waiting.
            drop(answer.send(result));
        };
        self.work
            .try_send(Box::new(work))
            .expect("the thread lives as long as this, and has taken what was sent before");
        match answered.await.expect("all work is answered") {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        }
    }
}

fn work_off(asked: &Receiver<Work>) {
    give_way();
    while let Ok(work) = asked.recv() {
        work();
    }
}

/// Lowers the priority of this thread as far as that goes.
#[cfg(target_os = "linux")]
fn give_way() {
    const NICEST: i32 = 19;
    // The kernel keeps it for each thread; nobody stands for the one that calls (setpriority(2)).
    if let Err(error) = rustix::process::setpriority_process(None, NICEST) {
        tracing::debug!(error = %error, "long work runs with the priority of all other");
    }
}

/// Other systems have one priority for all threads of a process.
#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use futures_util::{FutureExt, future::join_all};

    use super::Background;

    #[tokio::test]
    async fn a_panic_goes_on_in_who_asked_and_the_thread_does_the_next_work() {
        let background = Background::start("patient").expect("a thread");
        let loud = background.run(|| panic!("on purpose"));
        let caught = AssertUnwindSafe(loud).catch_unwind().await;
        assert!(caught.is_err());
        let squares = (1..=4).map(|number| background.run(move || number * number));
        assert_eq!(join_all(squares).await, [1, 4, 9, 16]);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn only_its_own_thread_gives_way() {
        let priority = || rustix::process::getpriority_process(None).expect("this thread has one");
        let before = priority();
        let background = Background::start("patient").expect("a thread");
        assert_eq!(background.run(priority).await, 19);
        assert_eq!(priority(), before);
    }
}
