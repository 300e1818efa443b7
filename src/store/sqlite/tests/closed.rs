//! Nothing that is known of a person is forgotten when their account is deleted.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::store::sqlite::{closing, migrations};

/// Columns of people that stay as they are when an account is deleted, and why that is right.
const STAY: &[(&str, &str)] = &[
    (
        "messages.author_id",
        "said by a deleted account, or emptied in rounds",
    ),
    ("mentions.user_id", "a part of what others said"),
    (
        "reactions.user_id",
        "stay or go with the messages, as asked",
    ),
    ("bans.by_id", "the ban holds, whoever imposed it"),
    (
        "room_log.user_id",
        "the room's record; shows a deleted account",
    ),
    ("room_log.by_id", "the same"),
    ("reports.user_id", "the site's record of what was reported"),
    ("reports.resolved_by", "the same"),
    ("report_reasons.user_id", "the same"),
    (
        "imported_people.user_id",
        "a second import must find that the person was there",
    ),
    (
        "incoming_hooks.user_id",
        "a bot's, which goes with its hook",
    ),
    ("bots.user_id", "a bot's, which goes with its owner"),
    ("closing_accounts.user_id", "what is left to do"),
];

/// What goes in rounds, with what is told of it.
const ROUNDS: &[&str] = &[
    closing::ROOMS,
    closing::BOTS,
    closing::HOOKS,
    closing::END_OUTGOING,
    closing::FORGET_SAVED,
    closing::FORGET_MUTES,
];

#[test]
fn every_table_that_knows_people_is_decided() {
    let mut connection = Connection::open_in_memory().expect("memory");
    migrations::migrate(&mut connection, 0).expect("migrations run");
    let mut statement = connection
        .prepare(
            "SELECT t.name || '.' || k.\"from\" FROM sqlite_schema t, pragma_foreign_key_list(t.name) k \
             WHERE t.type = 'table' AND k.\"table\" = 'users' ORDER BY 1",
        )
        .expect("a query");
    let known = statement.query_map([], |row| row.get(0)).expect("rows");
    let known: BTreeSet<String> = known.map(|row| row.expect("a name")).collect();
    assert!(known.len() > 20, "{known:?}");
    // Sessions and tokens end with their sockets.
    let ended = ["sessions.user_id", "tokens.user_id"];
    let goes = |column: &str| {
        let (table, column) = column.split_once('.').expect("a table");
        let mut statements = closing::FORGET.iter().chain(ROUNDS);
        statements.any(|sql| {
            let words: Vec<_> = sql.split([' ', '.']).collect();
            words.contains(&table) && words.contains(&column)
        })
    };
    for column in &known {
        let stays = STAY.iter().any(|(found, _)| found == column);
        let decided = stays || ended.contains(&column.as_str()) || goes(column);
        assert!(
            decided,
            "what becomes of {column} when an account is deleted?"
        );
    }
    for (column, _) in STAY {
        assert!(known.contains(*column), "{column} is not there");
    }
}
