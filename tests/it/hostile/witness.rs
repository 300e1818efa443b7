//! Two people who talk while others misbehave, and notice nothing of it.

use std::sync::{Mutex, Once};

use tokio::runtime::{Handle, Id};

use crate::harness::{Socket, TestServer};

static WATCH: Once = Once::new();
/// Where a task panicked, and in whose runtime: each test has its own, and many run in this process.
static PANICS: Mutex<Vec<(Id, String)>> = Mutex::new(Vec::new());

/// Notes panics of tasks from now on, but for those of a test's own assertions.
fn watch() {
    WATCH.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if let (Some(place), Ok(runtime)) = (panic.location(), Handle::try_current())
                && !place.file().starts_with("tests/")
            {
                PANICS
                    .lock()
                    .unwrap()
                    .push((runtime.id(), panic.to_string()));
            }
            before(panic);
        }));
    });
}

/// The panics of tasks in this test's runtime.
fn panics() -> Vec<String> {
    let here = Handle::current().id();
    let all = PANICS.lock().unwrap();
    let own = all.iter().filter(|(runtime, _)| *runtime == here);
    own.map(|(_, panic)| panic.clone()).collect()
}

/// Two members of the lobby; one speaks, the other hears.
pub(super) struct Witness {
    speaks: Socket,
    hears: Socket,
    said: usize,
}

impl Witness {
    /// Two people of this server, who are connected from now on.
    pub(super) async fn on(server: &TestServer) -> Self {
        watch();
        Self {
            speaks: server.person("speaks").await.listening("lobby").await,
            hears: server.person("hears").await.listening("lobby").await,
            said: 0,
        }
    }

    /// Does this while both answer pings: somebody who said goodbye and stays is cut only after a ping timeout.
    pub(super) async fn meanwhile<T>(&mut self, what: impl Future<Output = T>) -> T {
        let mut what = std::pin::pin!(what);
        loop {
            tokio::select! {
                done = &mut what => return done,
                () = self.speaks.pump() => {}
                () = self.hears.pump() => {}
            }
        }
    }

    /// One says something and the other hears just that: the connections of before still serve, in order.
    pub(super) async fn notices_nothing(&mut self, after: &str) {
        self.said += 1;
        let text = format!("all is well, {}", self.said);
        self.speaks.say("lobby", &text).await;
        while self.hears.hear(1).await != [text.as_str()] {}
        let panics = panics();
        assert!(panics.is_empty(), "after {after:.200}: {panics:?}");
    }
}
