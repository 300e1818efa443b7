//! Two people who talk while others misbehave, and notice nothing of it.

use std::sync::{
    Once,
    atomic::{AtomicUsize, Ordering},
};

use crate::harness::{Socket, TestServer};

static WATCH: Once = Once::new();
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics from now on, but for those of a test's own assertions.
fn watch() {
    WATCH.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let place = panic.location().map_or("", |place| place.file());
            if !place.starts_with("tests/") {
                PANICS.fetch_add(1, Ordering::Relaxed);
            }
            before(panic);
        }));
    });
}

/// Two members of the lobby; one speaks, the other hears.
pub(super) struct Witness {
    speaks: Socket,
    hears: Socket,
    said: usize,
    panics: usize,
}

impl Witness {
    /// Two people of this server, who are connected from now on.
    pub(super) async fn on(server: &TestServer) -> Self {
        watch();
        Self {
            speaks: server.person("speaks").await.listening("lobby").await,
            hears: server.person("hears").await.listening("lobby").await,
            said: 0,
            panics: PANICS.load(Ordering::Relaxed),
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
        let panics = PANICS.load(Ordering::Relaxed) - self.panics;
        assert_eq!(panics, 0, "after {after:.200}");
    }
}
