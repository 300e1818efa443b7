//! How SQLite runs the queries of hot paths: by an index, never through a whole table.

use rusqlite::Connection;

use super::{
    accounts, bots, changes, claims, extras, guests, hooks, imports, invites, lists, members,
    mentions, messages, migrations, moderation, outgoing, own, reports, room_changes, rooms,
    search, sessions, uploads,
};

/// Every statement of a request's path, and whether it may sort what it found (only where that is one person's own).
const HOT: &[(&str, bool)] = &[
    (accounts::HAS_OWNER, false),
    (accounts::ACCOUNT, false),
    (accounts::ACCOUNT_BY_NAME, false),
    (accounts::CREDENTIALS_BY_NAME, false),
    (accounts::CREDENTIALS_BY_EMAIL, false),
    (accounts::PASSWORD_HASH, false),
    (accounts::UPDATE, false),
    (guests::CLOSE, false),
    (guests::PRESENT, false),
    (guests::ROOMS, false),
    (sessions::SESSION, false),
    (sessions::EXTEND, false),
    (sessions::ENTER_ROOM, false),
    (sessions::END, false),
    (sessions::END_OTHERS, false),
    (sessions::END_TOKEN, false),
    (sessions::END_TOKENS, false),
    (sessions::RENEW, false),
    (sessions::SWEEP, false),
    (sessions::TOKEN, false),
    (rooms::ROOM, false),
    (rooms::STANDING, false),
    (rooms::ROOMS_OF, true),
    (rooms::PUBLIC_ROOMS, false),
    (room_changes::CHANGE, false),
    (room_changes::OWNERS, false),
    (room_changes::SUCCESSOR, true),
    (room_changes::END, false),
    (room_changes::END_MEMBERS, false),
    (room_changes::END_INVITES, false),
    (room_changes::END_VISITS, false),
    (room_changes::SWEEP_MESSAGES, false),
    (room_changes::SWEEP_ROOM, false),
    (own::DIRECT, false),
    (own::PREFER, false),
    (own::BEFORE, false),
    (own::OWN_AFTER, false),
    (own::MARK_UNREAD, false),
    (own::LAST_ORDINAL, false),
    (own::ENDS, false),
    (own::FROM, false),
    (own::PEOPLE, false),
    (own::PEOPLE_OF_ROOM, false),
    (own::PEOPLE_OF_SMALL_ROOM, true),
    (imports::PEOPLE, false),
    (imports::PLACE, false),
    (imports::DIRECT, false),
    (imports::KNOWN, false),
    (imports::THREAD, false),
    (imports::NO_NEWS, false),
    (imports::READ_ALL, false),
    (claims::BY_HASH, false),
    (claims::OFFER, false),
    (claims::TAKE, false),
    (claims::USED, false),
    (claims::IN_LOBBY, false),
    (invites::BY_ID, false),
    (invites::BY_HASH, false),
    (invites::OF_ROOM, false),
    (invites::USE, false),
    (invites::REVOKE, false),
    (members::SET_ROLE, false),
    (members::ROLES, false),
    (members::ADD, false),
    (members::REMOVE, false),
    (members::REMEMBER_MUTE, false),
    (members::COUNT, false),
    (members::MEMBER, false),
    (members::PAGE, false),
    (members::SHARE_A_ROOM, false),
    (members::ACQUAINTANCES, true),
    (members::MARK_READ, false),
    (messages::BY_ID, false),
    (messages::BY_CLIENT_ID, false),
    (messages::OLDER, false),
    (messages::NEWER, false),
    (messages::CHANGES, false),
    (messages::MISSED, false),
    (messages::BOUNDS, false),
    (messages::NUMBER, false),
    (messages::MARK_OWN, false),
    (bots::MAY_HAVE, false),
    (bots::OF_OWNER, false),
    (bots::TOKENS, true),
    (bots::TOKEN, false),
    (bots::OWNED, false),
    (bots::REMOVE, false),
    (bots::ROOMS, false),
    (outgoing::BY_ID, false),
    (outgoing::OF_ROOM, false),
    (outgoing::REMOVE, false),
    (outgoing::NEXT, false),
    (outgoing::HOOK_OF, false),
    (outgoing::DONE, false),
    (outgoing::WORKS, false),
    (outgoing::AGAIN, false),
    (outgoing::FAILS, false),
    (outgoing::DISABLE, false),
    (outgoing::FORGET, false),
    (outgoing::TRIM, false),
    (hooks::BY_ID, false),
    (hooks::OF_ROOM, false),
    (hooks::BY_HASH, false),
    (hooks::REMOVE, false),
    (lists::REPLIES, false),
    (lists::PINS, true),
    (lists::SAVED, false),
    (lists::SAVED_AMONG, false),
    (lists::SAVE, false),
    (lists::TAKE_OUT, false),
    (extras::QUOTE, false),
    (extras::REACTIONS, true),
    (mentions::MEMBER_NAMED, false),
    (mentions::OF_MESSAGE, false),
    (mentions::ADD, false),
    (mentions::REMOVE, false),
    (mentions::NOTE, false),
    (mentions::COUNT_ONE, false),
    (mentions::COUNT_ALL, false),
    (mentions::MEMBERS, false),
    (changes::NUMBER, false),
    (changes::CHANGED, false),
    (changes::KEEP, false),
    (changes::EDIT, false),
    (changes::DELETE, false),
    (changes::FORGET_EDITS, false),
    (changes::FORGET_REACTIONS, false),
    (changes::FORGET_SAVED, false),
    (changes::REPLIES, false),
    (changes::REACT, false),
    (changes::UNREACT, false),
    (changes::COUNT_REACTIONS, false),
    (changes::PIN, false),
    (changes::THREAD, false),
    (uploads::INSERT, false),
    (uploads::BYTES, false),
    (uploads::BY_ID, false),
    (uploads::OF_MESSAGE, false),
    (uploads::ATTACH, false),
    (uploads::DROP, false),
    (uploads::SWEEP, false),
    (uploads::BURY, false),
    (search::ROOMS_OF, false),
    (search::SEARCH, false),
    (moderation::ENTRY, false),
    (moderation::LOG, false),
    (moderation::PERSON, false),
    (moderation::BAN, false),
    (moderation::UNBAN, false),
    (moderation::BANS, false),
    (moderation::MUTE, false),
    (moderation::FORGET_MUTE, false),
    (moderation::SLOW, false),
    (moderation::OTHER_OWNER, false),
    (moderation::BACKWARDS, false),
    (moderation::ALL_ROOMS, false),
    (reports::OPEN, false),
    (reports::RESOLVED, false),
    (reports::REPORT, false),
    (reports::FIND, false),
    (reports::REASONS, false),
    (reports::RESOLVE, false),
];

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect(sql);
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().expect(sql) {
        steps.push(row.get("detail").expect(sql));
    }
    steps
}

/// Reading the one row that `MARK_READ`'s subquery found is no scan of a table; and what SQLite calls the scan of a
/// virtual table is a walk along its index where an index number says so: FTS5's `M` is a search for words.
fn scans(step: &str) -> bool {
    step.starts_with("SCAN ")
        && !matches!(step, "SCAN newest" | "SCAN CONSTANT ROW")
        && !(step.starts_with("SCAN message_search VIRTUAL TABLE INDEX") && step.contains('M'))
}

#[test]
fn no_hot_query_scans_a_table() {
    let mut connection = Connection::open_in_memory().expect("memory");
    migrations::migrate(&mut connection, 0).expect("migrations run");
    for (sql, may_sort) in HOT {
        let plan = plan(&connection, sql);
        assert!(!plan.iter().any(|step| scans(step)), "{sql}\n{plan:#?}");
        let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(!sorts || *may_sort, "{sql}\n{plan:#?}");
    }
}
