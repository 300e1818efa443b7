//! Long work on a thread of its own that gives way to all others.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::mpsc::{Receiver, Sender, channel},
};

use tokio::sync::oneshot;

use super::thread;

type Work = Box<dyn FnOnce() + Send>;

/// A thread for work that takes a core for long. One piece at once, the others wait their turn.
///
/// It is no thread of the pool for blocking work, for it has a low priority: who asks for one may not always raise it
/// again, and the pool's threads go on to read messages.
#[derive(Debug, Clone)]
pub struct Background {
    work: Sender<Work>,
}

impl Background {
    /// Starts the thread, called `name`. It ends when nobody can ask it for anything any more.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(name: &str) -> io::Result<Self> {
        let (work, asked) = channel();
        thread(name, move || work_off(&asked))?;
        Ok(Self { work })
    }

    /// Runs `work` there. It is not begun when the caller has stopped waiting before its turn; once begun it runs to its end,
    /// unless the process ends.
    ///
    /// # Panics
    /// When `work` panics: the panic goes on in the caller.
    pub async fn run<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move || {
            if answer.is_closed() {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(work));
            // Who asked may have stopped waiting.
            drop(answer.send(result));
        };
        self.work
            .send(Box::new(work))
            .expect("the thread lives as long as this");
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

/// How nice this thread is: beside a thread of the usual priority that never rests it gets a tenth of the core. With 19 it
/// would get a seventieth, in the idle class still less, and a photo takes too long on a machine that others keep busy.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Lowers the priority of this thread.
#[cfg(target_os = "linux")]
fn give_way() {
    // The kernel keeps it for each thread; nobody stands for the one that calls (setpriority(2)).
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(error = %error, "long work runs with the priority of all other");
    }
}

/// Other systems have one priority for all threads of a process.
#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use std::{panic::AssertUnwindSafe, sync::mpsc::channel};

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

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_begun() {
        let background = Background::start("patient").expect("a thread");
        let (release, held) = channel::<()>();
        let (tell, begun) = channel();
        let first = background.run(move || held.recv().is_err());
        let forgotten = background.run(move || tell.send(()));
        let mut first = Box::pin(first);
        let mut forgotten = Box::pin(forgotten);
        assert!((&mut first).now_or_never().is_none());
        assert!((&mut forgotten).now_or_never().is_none());
        drop(forgotten);
        drop(release);
        assert!(first.await);
        background.run(|| ()).await;
        assert!(begun.try_recv().is_err());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn only_its_own_thread_gives_way() {
        let priority = || rustix::process::getpriority_process(None).expect("this thread has one");
        let before = priority();
        let background = Background::start("patient").expect("a thread");
        assert_eq!(background.run(priority).await, super::NICE);
        assert_eq!(priority(), before);
    }
}
