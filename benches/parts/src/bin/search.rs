//! What a search costs, beside the bare FTS5 query on the same messages in the same run (`make bench-search`).
//!
//! "Bare" is what one writes by hand with FTS5's manual beside it: an index of the table of messages, asked the same question
//! for the newest 20 ids with their excerpts: the same words, and, for somebody who may not read everything, in which rooms.
//! Parlor's own also looks up who may read what, and yields whole messages with the places of the words.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::{
    hint::black_box,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::{Arg, ArgMatches, Command, value_parser};
use parlor::{
    model::{Phrase, RoomId, Search, SearchPlace, Timestamp, UserId},
    service::search::marks,
    store::{Searching, Store},
};
use parts::seed::{self, Size, word};
use rusqlite::{Connection, named_params};

/// The goal: at most this many times the bare query.
const GOAL: f64 = 1.5;
const PAGE: u32 = 20;
/// In all rooms, which need not be named then; and in every tenth, so that nine of ten messages are not theirs.
const PEOPLE: [(&str, UserId, bool); 2] = [
    ("all rooms", UserId(1), false),
    ("10 rooms of 100", UserId(2), true),
];

/// Reads the command line.
fn options() -> ArgMatches {
    let number = |name, default, help| {
        Arg::new(name)
            .long(name)
            .default_value(default)
            .value_parser(value_parser!(i64).range(1..))
            .help(help)
    };
    Command::new("search")
        .about("Compares searches with bare FTS5 queries")
        .arg(number("messages", "1000000", "How many messages there are"))
        .arg(number(
            "searches",
            "200",
            "How many different searches of each kind",
        ))
        .arg(
            Arg::new("database")
                .long("database")
                .value_parser(value_parser!(PathBuf))
                .help("Keeps the database in this file, and uses it if it is there"),
        )
        .get_matches()
}

/// One kind of search: the words for its `n`-th one, and in which room.
struct Kind {
    name: &'static str,
    phrases: fn(usize) -> Vec<Phrase>,
    room: Option<RoomId>,
}

fn phrase(text: String, prefix: bool) -> Phrase {
    Phrase { text, prefix }
}

fn kinds() -> Vec<Kind> {
    let kind = |name, phrases| Kind {
        name,
        phrases,
        room: None,
    };
    vec![
        kind("a frequent word", |n| vec![phrase(word(n % 20), false)]),
        kind("a usual word", |n| vec![phrase(word(500 + n), false)]),
        kind("a rare word", |n| vec![phrase(word(30_000 + n), false)]),
        kind("two usual words", |n| {
            vec![phrase(word(40 + n), false), phrase(word(60 + n % 7), false)]
        }),
        kind("two words in a row", |n| {
            vec![phrase(format!("{} {}", word(n % 20), word(n % 13)), false)]
        }),
        kind("three letters of a word", |n| {
            vec![phrase(word(500 + n).chars().take(3).collect(), true)]
        }),
        Kind {
            name: "a usual word in one room",
            phrases: |n| vec![phrase(word(500 + n), false)],
            room: Some(RoomId(seed::room(10))),
        },
    ]
}

/// The index of the bare query, as large as Parlor's own.
const BARE: &str = "
    CREATE VIEW bare_words AS SELECT id, text, 'r' || room_id AS room, 'u' || author_id AS author FROM messages;
    CREATE VIRTUAL TABLE bare_search USING fts5 (
        text, room, author,
        content = 'bare_words', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
    );
    INSERT INTO bare_search (bare_search) VALUES ('rebuild');
    PRAGMA wal_checkpoint(TRUNCATE);
";

/// The words as FTS5 is given them by hand, and the rooms where not all are meant.
fn bare_expression(kind: &Kind, n: usize, rooms: &[i64]) -> String {
    let words = (kind.phrases)(n).into_iter();
    let words = words.map(|Phrase { text, prefix }| {
        format!("text : \"{text}\"{}", if prefix { "*" } else { "" })
    });
    let rooms = kind
        .room
        .map_or_else(|| rooms.to_vec(), |room| vec![room.0]);
    let rooms: Vec<_> = rooms.iter().map(|room| format!("\"r{room}\"")).collect();
    let rooms = (!rooms.is_empty()).then(|| format!("room : ({})", rooms.join(" OR ")));
    words.chain(rooms).collect::<Vec<_>>().join(" AND ")
}

fn rooms_of(connection: &Connection, user: UserId) -> Vec<i64> {
    let mut statement = connection
        .prepare("SELECT room_id FROM members WHERE user_id = ?1")
        .expect("the table is there");
    let rooms = statement.query_map([user.0], |row| row.get(0));
    rooms
        .and_then(Iterator::collect)
        .expect("the rooms are read")
}

fn bare(connection: &Connection, expression: &str) -> Duration {
    let begun = Instant::now();
    let mut statement = connection
        .prepare_cached(
            "SELECT rowid, snippet(bare_search, 0, '[', ']', '…', 24) FROM bare_search
             WHERE bare_search MATCH :match ORDER BY rowid DESC LIMIT :limit",
        )
        .expect("the index is there");
    let values = named_params! { ":match": expression, ":limit": PAGE };
    let found: Vec<(i64, String)> = statement
        .query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("the words are read");
    black_box(found);
    begun.elapsed()
}

async fn parlor(store: &dyn Searching, kind: &Kind, n: usize, user: UserId) -> Duration {
    let search = Search {
        user,
        phrases: (kind.phrases)(n),
        room: kind.room,
        author: None,
        files: false,
        since: Timestamp(0),
        until: Timestamp(i64::MAX),
        before: SearchPlace::END,
        limit: PAGE,
    };
    let begun = Instant::now();
    let phrases = search.phrases.clone();
    let hits = store.search(search).await.expect("the search is done");
    for hit in &hits {
        black_box(marks(&hit.message.text, &phrases));
    }
    begun.elapsed()
}

/// The median and the 95th percentile, in microseconds.
fn figures(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at =
        |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e6;
    (at(50), at(95))
}

/// Prints how each kind of search compares; the greatest ratio.
async fn compare(path: &Path, searches: i64) -> f64 {
    let (store, _feed) = seed::open(path);
    let connection = seed::connect(path).expect("the database opens");
    println!(
        "{:<26} {:<16} {:>16} {:>16} {:>7} {:>7}",
        "search", "by somebody in", "bare p50/p95 µs", "Parlor p50/p95", "ratio", "goal"
    );
    let mut worst = 0.0f64;
    for kind in kinds() {
        for (belongs, user, named) in PEOPLE {
            let rooms = if named {
                rooms_of(&connection, user)
            } else {
                Vec::new()
            };
            let (mut theirs, mut ours) = (Vec::new(), Vec::new());
            for n in 0..usize::try_from(searches).expect("it is positive") {
                let expression = bare_expression(&kind, n, &rooms);
                // Once unmeasured, so that neither pays for reading the pages first.
                bare(&connection, &expression);
                parlor(&*store, &kind, n, user).await;
                theirs.push(bare(&connection, &expression));
                ours.push(parlor(&*store, &kind, n, user).await);
            }
            let (bare, ours) = (figures(theirs), figures(ours));
            let ratio = ours.0 / bare.0;
            worst = worst.max(ratio);
            let verdict = if ratio <= GOAL { "met" } else { "missed" };
            println!(
                "{:<26} {belongs:<16} {:>8.0}/{:<7.0} {:>8.0}/{:<7.0} {ratio:>7.2} {verdict:>7}",
                kind.name, bare.0, bare.1, ours.0, ours.1
            );
        }
    }
    store.close().await;
    worst
}

#[tokio::main]
async fn main() {
    let options = options();
    let number = |name| *options.get_one::<i64>(name).expect("it has a default");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let given = options.get_one::<PathBuf>("database").cloned();
    let path = given.unwrap_or_else(|| folder.path().join("parlor.db"));
    if !path.exists() {
        let size = Size {
            people: 200,
            rooms: 100,
            messages: number("messages"),
        };
        let begun = Instant::now();
        seed::make(&path, size).await.expect("the database is made");
        let connection = seed::connect(&path).expect("the database opens");
        connection.execute_batch(BARE).expect("the index is made");
        println!(
            "made {} messages in {:.0} s",
            size.messages,
            begun.elapsed().as_secs_f64()
        );
    }
    let worst = compare(&path, number("searches")).await;
    // In the form that `make bench` reads.
    println!(
        "goal: search: the median of the slowest kind, of the bare FTS5 query's: at most {GOAL}: {worst:.2}"
    );
}
