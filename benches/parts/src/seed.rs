//! A database as large as asked for: made-up people, rooms and messages, the same ones for the same numbers.

use std::path::Path;

use parlor::{
    model::Timestamp,
    store::{
        Store,
        feed::{FeedReceiver, feed},
        sqlite::{Options, SqliteStore, index_messages},
    },
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rusqlite::{Connection, params};

/// How much there is. Person 1 belongs to every room, person 2 to every tenth.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// People.
    pub people: i64,
    /// Rooms, the lobby left out.
    pub rooms: i64,
    /// Messages, spread over the rooms.
    pub messages: i64,
}

/// How many different words people use.
const WORDS: usize = 50_000;
/// Words in a message: 2 to this many.
const LONGEST: usize = 24;
/// When the first message was sent; then one a second.
const BEGIN_MS: i64 = 1_700_000_000_000;

/// The word that is the `rank`-th most frequent.
#[must_use]
pub fn word(rank: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "bo", "ce", "di", "fi", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu",
        "ve",
    ];
    let mut rest = rank * 7_919 % WORDS + WORDS;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(SYLLABLES[rest % 16]);
        rest /= 16;
    }
    word
}

/// Opens the store of `path`, which brings its schema up to date.
#[must_use]
pub fn open(path: &Path) -> (std::sync::Arc<SqliteStore>, FeedReceiver) {
    let (sender, receiver) = feed(64);
    let options = Options {
        path: path.to_owned(),
        readers: 2,
        writer_queue: 64,
        now: Timestamp(BEGIN_MS),
    };
    let store = SqliteStore::open(&options, sender).expect("the database opens");
    (store, receiver)
}

/// A connection that owes the store nothing.
///
/// # Errors
/// What SQLite says.
#[expect(
    clippy::disallowed_methods,
    reason = "what is compared with the store, and what fills a file, is not the store"
)]
pub fn connect(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open(path)
}

/// Makes a database of this size at `path`.
///
/// # Errors
/// What SQLite says.
pub async fn make(path: &Path, size: Size) -> rusqlite::Result<()> {
    let (store, _feed) = open(path);
    store.close().await;
    let mut connection = connect(path)?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;")?;
    let transaction = connection.transaction()?;
    people_and_rooms(&transaction, size)?;
    messages(&transaction, size)?;
    transaction.execute_batch(
        "UPDATE rooms SET
           message_count = (SELECT count(*) FROM messages WHERE room_id = rooms.id),
           last_seq = (SELECT count(*) FROM messages WHERE room_id = rooms.id),
           member_count = (SELECT count(*) FROM members WHERE room_id = rooms.id);",
    )?;
    transaction.commit()?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;")
}

/// The row of the `number`-th room, from 1. The lobby is row 1.
#[must_use]
pub fn room(number: i64) -> i64 {
    number + 1
}

fn people_and_rooms(connection: &Connection, size: Size) -> rusqlite::Result<()> {
    let mut person = connection.prepare(
        "INSERT INTO users (id, name, name_key, email, email_key, password_hash, admin, created_at)
         VALUES (?1, 'p' || ?1, 'p' || ?1, 'p' || ?1 || '@example.org', 'p' || ?1 || '@example.org', '-', ?1 = 1, ?2)",
    )?;
    for id in 1..=size.people {
        person.execute(params![id, BEGIN_MS])?;
    }
    let mut add = connection.prepare(
        "INSERT INTO rooms (id, code, name, kind, created_at) VALUES (?1, 'room' || ?1, 'Room ' || ?1, 'public', ?2)",
    )?;
    let mut join = connection.prepare(
        "INSERT INTO members (room_id, user_id, role, joined_at) VALUES (?1, ?2, 'member', ?3)",
    )?;
    for number in 1..=size.rooms {
        add.execute(params![room(number), BEGIN_MS])?;
        join.execute(params![room(number), 1, BEGIN_MS])?;
        if number % 10 == 0 {
            join.execute(params![room(number), 2, BEGIN_MS])?;
        }
    }
    Ok(())
}

fn messages(connection: &Connection, size: Size) -> rusqlite::Result<()> {
    let mut random = StdRng::seed_from_u64(1);
    let vocabulary: Vec<String> = (0..WORDS).map(word).collect();
    let mut add = connection.prepare(
        "INSERT INTO messages (id, room_id, author_id, seq, created_seq, ordinal, text, html, created_at)
         VALUES (?1, ?2, ?3, ?4, ?4, ?4, ?5, '<p>' || ?5 || '</p>', ?6)",
    )?;
    for id in 1..=size.messages {
        let place = (id - 1) % size.rooms;
        let ordinal = (id - 1) / size.rooms + 1;
        let author = random.random_range(1..=size.people);
        let text = text(&mut random, &vocabulary);
        add.execute(params![
            id,
            room(place + 1),
            author,
            ordinal,
            text,
            BEGIN_MS + id * 1_000
        ])?;
    }
    index_messages(connection)?;
    Ok(())
}

/// Words as people choose them: the second most frequent half as often as the first, and so on (Zipf).
fn text(random: &mut StdRng, vocabulary: &[String]) -> String {
    let count = random.random_range(2..=LONGEST);
    let words: Vec<&str> = (0..count)
        .map(|_| {
            let share: f64 = random.random();
            #[expect(clippy::cast_precision_loss, reason = "50,000 fits")]
            let rank = (vocabulary.len() as f64).powf(share);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "from 1 to 50,000"
            )]
            let rank = rank as usize - 1;
            vocabulary[rank.min(vocabulary.len() - 1)].as_str()
        })
        .collect();
    words.join(" ")
}
