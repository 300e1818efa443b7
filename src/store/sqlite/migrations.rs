//! Numbered migrations: each brings the schema one version on, all of it or nothing.
//!
//! The version is the database's `user_version`. A migration that was released is never changed;
//! `schema.sql` at the repository's root is what all of them lead to.

use rusqlite::{Connection, TransactionBehavior, ffi};

/// Each migration's name and SQL; its place here is its version, from 1.
pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    (
        "0001_foundation",
        include_str!("migrations/0001_foundation.sql"),
    ),
    (
        "0002_moderation",
        include_str!("migrations/0002_moderation.sql"),
    ),
    ("0003_hooks", include_str!("migrations/0003_hooks.sql")),
    ("0004_changes", include_str!("migrations/0004_changes.sql")),
    ("0005_bots", include_str!("migrations/0005_bots.sql")),
    ("0006_rooms", include_str!("migrations/0006_rooms.sql")),
    ("0007_guests", include_str!("migrations/0007_guests.sql")),
    ("0008_uploads", include_str!("migrations/0008_uploads.sql")),
    ("0009_search", include_str!("migrations/0009_search.sql")),
    (
        "0010_outgoing",
        include_str!("migrations/0010_outgoing.sql"),
    ),
    (
        "0011_previews",
        include_str!("migrations/0011_previews.sql"),
    ),
    ("0012_import", include_str!("migrations/0012_import.sql")),
    ("0013_places", include_str!("migrations/0013_places.sql")),
    ("0014_flask", include_str!("migrations/0014_flask.sql")),
    (
        "0015_hidden_previews",
        include_str!("migrations/0015_hidden_previews.sql"),
    ),
    (
        "0016_notifications",
        include_str!("migrations/0016_notifications.sql"),
    ),
    ("0017_tokens", include_str!("migrations/0017_tokens.sql")),
    (
        "0018_administration",
        include_str!("migrations/0018_administration.sql"),
    ),
    (
        "0019_search_by_time",
        include_str!("migrations/0019_search_by_time.sql"),
    ),
    ("0020_proof", include_str!("migrations/0020_proof.sql")),
    (
        "0021_site_invites",
        include_str!("migrations/0021_site_invites.sql"),
    ),
    ("0022_factors", include_str!("migrations/0022_factors.sql")),
    ("0023_closing", include_str!("migrations/0023_closing.sql")),
    (
        "0024_recovery",
        include_str!("migrations/0024_recovery.sql"),
    ),
    (
        "0025_new_addresses",
        include_str!("migrations/0025_new_addresses.sql"),
    ),
    (
        "0026_room_retention",
        include_str!("migrations/0026_room_retention.sql"),
    ),
    (
        "0027_identities",
        include_str!("migrations/0027_identities.sql"),
    ),
    (
        "0028_retention_log",
        include_str!("migrations/0028_retention_log.sql"),
    ),
    (
        "0029_passkeys",
        include_str!("migrations/0029_passkeys.sql"),
    ),
    (
        "0030_another_app",
        include_str!("migrations/0030_another_app.sql"),
    ),
    (
        "0031_search_by_the_writer",
        include_str!("migrations/0031_search_by_the_writer.sql"),
    ),
    (
        "0032_newest_message",
        include_str!("migrations/0032_newest_message.sql"),
    ),
    (
        "0033_search_by_and_by",
        include_str!("migrations/0033_search_by_and_by.sql"),
    ),
];

/// Marks the file as Parlor's (SQLite's `application_id`): the letters "Parl".
pub(super) const APPLICATION_ID: i32 = 0x5061_726c;

/// The version that this binary knows.
pub(super) const NEWEST: usize = MIGRATIONS.len();

/// Brings the schema from version `from` to the newest. Foreign keys are checked at the end of each
/// migration instead of along the way, so that one may rebuild a table (<https://sqlite.org/lang_altertable.html>, section 7).
pub(super) fn migrate(connection: &mut Connection, from: usize) -> rusqlite::Result<()> {
    connection.pragma_update(None, "foreign_keys", false)?;
    for (number, (name, sql)) in (1..).zip(MIGRATIONS).skip(from) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql)?;
        if transaction
            .prepare("PRAGMA foreign_key_check")?
            .exists([])?
        {
            let code = ffi::Error::new(ffi::SQLITE_CONSTRAINT_FOREIGNKEY);
            return Err(rusqlite::Error::SqliteFailure(
                code,
                Some(format!("migration {name}")),
            ));
        }
        transaction.pragma_update(None, "user_version", number)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.commit()?;
        tracing::debug!(migration = name, "database migrated");
    }
    if (1..NEWEST).contains(&from) {
        tracing::info!(from, to = NEWEST, "the database was brought up to date");
    }
    connection.pragma_update(None, "foreign_keys", true)
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write as _, fs, path::Path};

    use super::*;

    const HEAD: &str = "-- The whole newest schema, as the migrations in src/store/sqlite/migrations lead to it.\n\
        -- Generated: `UPDATE_GENERATED=1 cargo test --lib migrations` writes it anew.\n";

    fn schema(connection: &Connection) -> Vec<String> {
        connection
            .prepare(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
                 AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid",
            )
            .and_then(|mut found| found.query_map([], |row| row.get(0))?.collect())
            .expect("a schema")
    }

    fn normal(schema: &[String]) -> Vec<String> {
        let mut normal: Vec<_> = schema
            .iter()
            .map(|sql| sql.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        normal.sort();
        normal
    }

    #[test]
    fn migrations_and_schema_sql_lead_to_the_same_schema() {
        let mut migrated = Connection::open_in_memory().expect("memory");
        migrate(&mut migrated, 0).expect("migrations run");
        let migrated = schema(&migrated);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.sql");
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            let mut text = HEAD.to_owned();
            for sql in &migrated {
                write!(text, "\n{sql};\n").expect("text grows");
            }
            fs::write(&file, text).expect("schema.sql is written");
        }
        let direct = Connection::open_in_memory().expect("memory");
        direct
            .execute_batch(&fs::read_to_string(&file).expect("schema.sql"))
            .expect("schema.sql runs");
        assert_eq!(
            normal(&schema(&direct)),
            normal(&migrated),
            "run it with UPDATE_GENERATED=1"
        );
    }

    #[test]
    fn a_migrated_database_says_so() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection, 0).expect("migrations run");
        let version: u32 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .expect("pragma");
        assert_eq!(usize::try_from(version), Ok(NEWEST));
        migrate(&mut connection, NEWEST).expect("nothing is left to do");
    }
}
