//! What Parlor's everyday work costs as a site grows (`make bench-growth`): sending, joining with history, the list of
//! rooms with what is unread, history. Each measured at several numbers of messages, of rooms and of a room's members,
//! on databases that differ in nothing else.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::{
    hint::black_box,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use clap::{Arg, ArgMatches, Command, value_parser};
use parlor::{
    model::{Mentioned, NewMessage, Permit, RoomCode, RoomId, Timestamp, UserId},
    store::{Actor, Messages, Page, Rooms, Store, feed::FeedReceiver, sqlite::SqliteStore},
};
use parts::seed::{self, Size};
use rusqlite::params;

/// The goal: at most this many times what it costs at the smallest size.
const GOAL: f64 = 1.3;
/// As many as a client asks for.
const PAGE: u32 = 50;
/// Who sends and lists, in the first ten rooms; and who joins and leaves.
const MEMBER: UserId = UserId(3);
const GUEST: UserId = UserId(4);
const ROOMS: i64 = 10;
const MESSAGES: i64 = 1_000;
const PEOPLE: i64 = 200;
const NOW: Timestamp = Timestamp(1_900_000_000_000);
const ALLOWED: Permit = |_, _| Ok(());

/// What is measured.
const WORK: [&str; 4] = ["send", "join with history", "list of rooms", "history"];

fn options() -> ArgMatches {
    Command::new("growth")
        .about("Compares what everyday work costs on small and on large databases")
        .arg(
            Arg::new("repeats")
                .long("repeats")
                .default_value("200")
                .value_parser(value_parser!(u32).range(1..))
                .help("How often everything is done at each size"),
        )
        .arg(
            Arg::new("large")
                .long("large")
                .value_parser(value_parser!(PathBuf))
                .help("A database of ten million messages, made by the bench of searches"),
        )
        .get_matches()
}

/// One database, open.
struct Place {
    size: i64,
    store: Arc<SqliteStore>,
    room: RoomCode,
    times: [Vec<Duration>; WORK.len()],
    _feed: FeedReceiver,
}

impl Place {
    fn open(size: i64, path: &Path) -> Self {
        let (store, feed) = seed::open(path);
        Self {
            size,
            store,
            room: RoomCode::parse(&format!("room{}", seed::room(1))).expect("a room's code"),
            times: Default::default(),
            _feed: feed,
        }
    }

    /// Does everything once.
    async fn work(&mut self, number: u32) {
        let store = &*self.store;
        let room = RoomId(seed::room(1));
        let message = NewMessage {
            room: self.room.clone(),
            author: MEMBER,
            text: format!("message {number}"),
            html: format!("<p>message {number}</p>"),
            client_id: None,
            reply_to: None,
            mentioned: Mentioned::default(),
            attachments: Vec::new(),
            created_at: NOW,
            permit: ALLOWED,
        };
        let begun = Instant::now();
        let sent = store
            .append(message)
            .await
            .expect("there is room in the queue");
        black_box(sent.await.expect("the message is kept"));
        self.times[0].push(begun.elapsed());

        let begun = Instant::now();
        let joined = store.join(&self.room, GUEST, NOW, ALLOWED).await;
        joined.expect("the room is joined");
        black_box(
            store
                .history(room, Page::Newest, PAGE)
                .await
                .expect("it has a history"),
        );
        self.times[1].push(begun.elapsed());
        let actor = Actor {
            user: GUEST,
            now: NOW,
            permit: ALLOWED,
        };
        store
            .leave(&self.room, actor)
            .await
            .expect("the room is left");

        let begun = Instant::now();
        black_box(store.rooms_of(MEMBER).await.expect("the rooms are read"));
        self.times[2].push(begun.elapsed());

        let begun = Instant::now();
        black_box(
            store
                .history(room, Page::Newest, PAGE)
                .await
                .expect("it has a history"),
        );
        self.times[3].push(begun.elapsed());
    }

    /// The median of one kind of work, in microseconds.
    fn median(&self, work: usize) -> f64 {
        let mut times = self.times[work].clone();
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e6
    }
}

/// A small database, and then more rooms, or more members of the first one.
async fn made(path: &Path, messages: i64, rooms: i64, members: i64) {
    let size = Size {
        people: PEOPLE,
        rooms: ROOMS,
        messages,
    };
    seed::make(path, size).await.expect("the database is made");
    grown(path, rooms, members).expect("the database grows");
}

/// Adds what is missing to these numbers, and makes [`MEMBER`] one of the first rooms.
fn grown(path: &Path, rooms: i64, members: i64) -> rusqlite::Result<()> {
    let mut connection = seed::connect(path)?;
    let transaction = connection.transaction()?;
    for number in ROOMS + 1..=rooms {
        transaction
            .prepare_cached(
                "INSERT INTO rooms (id, code, name, kind, created_at)
                 VALUES (?1, 'more' || ?1, 'More ' || ?1, 'public', ?2)",
            )?
            .execute(params![seed::room(number), NOW.0])?;
    }
    for id in (PEOPLE + 1..).take(usize::try_from(members).unwrap_or_default()) {
        transaction
            .prepare_cached(
                "INSERT INTO users (id, name, name_key, email, email_key, password_hash, admin, created_at)
                 VALUES (?1, 'p' || ?1, 'p' || ?1, 'p' || ?1 || '@example.org', 'p' || ?1 || '@example.org', '-', 0, ?2)",
            )?
            .execute(params![id, NOW.0])?;
        join(&transaction, 1, UserId(id))?;
    }
    for number in 1..=ROOMS {
        join(&transaction, number, MEMBER)?;
    }
    transaction.execute(
        "UPDATE rooms SET member_count = (SELECT count(*) FROM members WHERE room_id = rooms.id) WHERE id <= ?1",
        [seed::room(ROOMS)],
    )?;
    transaction.commit()?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;")
}

/// The id of the newest message: how many there are, for none was deleted.
fn newest(path: &Path) -> rusqlite::Result<i64> {
    seed::connect(path)?.query_row("SELECT max(id) FROM messages", [], |row| row.get(0))
}

fn join(connection: &rusqlite::Connection, room: i64, user: UserId) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO members (room_id, user_id, role, joined_at) VALUES (?1, ?2, 'member', ?3)",
        )?
        .execute(params![seed::room(room), user.0, NOW.0])
}

/// Measures the sizes in turns, and prints how the largest compares with the smallest.
async fn compare(what: &str, mut places: Vec<Place>, repeats: u32) {
    // Once unmeasured, so that no size pays for reading its pages first.
    for place in &mut places {
        place.work(0).await;
        place.times = Default::default();
    }
    for number in 1..=repeats {
        for place in &mut places {
            place.work(number).await;
        }
    }
    let mut worst = 0.0f64;
    for (work, name) in WORK.iter().enumerate() {
        let medians: Vec<f64> = places.iter().map(|place| place.median(work)).collect();
        let ratio = medians.iter().copied().fold(0.0, f64::max) / medians[0];
        worst = worst.max(ratio);
        let at = places.iter().zip(&medians);
        let at = at.map(|(place, median)| {
            format!("{:>10} µs at {:<9}", format!("{median:.0}"), place.size)
        });
        println!(
            "{what:<9} {name:<18} {} {ratio:>6.2}",
            at.collect::<String>()
        );
    }
    for place in places {
        place.store.close().await;
    }
    // In the form that `make bench` reads.
    println!(
        "goal: growth: with more {what}, the work that grows most, of the same at the smallest size: at most {GOAL}: {worst:.2}"
    );
}

#[tokio::main]
async fn main() {
    let options = options();
    let repeats = *options.get_one::<u32>("repeats").expect("it has a default");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: String| folder.path().join(name);

    let mut places = Vec::new();
    for size in [MESSAGES, 100_000] {
        let path = path(format!("messages{size}.db"));
        made(&path, size, ROOMS, 0).await;
        places.push(Place::open(size, &path));
    }
    if let Some(large) = options.get_one::<PathBuf>("large") {
        grown(large, ROOMS, 0).expect("the large database is there");
        let size = newest(large).expect("the large database has messages");
        places.push(Place::open(size, large));
    }
    compare("messages", places, repeats).await;

    let mut places = Vec::new();
    for size in [10, 1_000, 100_000] {
        let path = path(format!("rooms{size}.db"));
        made(&path, MESSAGES, size, 0).await;
        places.push(Place::open(size, &path));
    }
    compare("rooms", places, repeats).await;

    let mut places = Vec::new();
    for size in [10, 1_000, 100_000] {
        let path = path(format!("members{size}.db"));
        made(&path, MESSAGES, ROOMS, size).await;
        places.push(Place::open(size, &path));
    }
    compare("members", places, repeats).await;
}
