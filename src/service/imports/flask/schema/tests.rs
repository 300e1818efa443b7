//! Schemas of many apps, and what is not clear in one.

use super::*;

/// Tables as `name: column, column; name: …`; what ends in `*` is a table's key.
fn tables(text: &str) -> Vec<Table> {
    let table = |text: &str| {
        let (name, columns) = text.split_once(':').expect("a name and columns");
        let column = |text: &str| Column {
            name: text.trim().trim_end_matches('*').to_owned(),
            key: text.trim().ends_with('*'),
            references: None,
        };
        Table {
            name: name.trim().to_owned(),
            columns: columns.split(',').map(column).collect(),
        }
    };
    text.split(';').map(table).collect()
}

fn find(text: &str, flags: &[&str]) -> Result<Schema, Unclear> {
    let (columns, tables_said): (Vec<String>, Vec<String>) = flags
        .iter()
        .map(|flag| (*flag).to_owned())
        .partition(|flag| {
            flag.split('=')
                .next()
                .is_some_and(|name| name.contains('.'))
        });
    Schema::find(&tables(text), &Said::read(&tables_said, &columns)?)
}

#[test]
fn the_schemas_of_many_apps_are_read() {
    for (text, expected) in [
        (
            "user: id*, username, password_hash, email, profile_pic, bio; message: id*, user_id, content, timestamp",
            "user from user: email = email, id = id, name = username, password = password_hash, photo = profile_pic\n\
             message from message: author = user_id, id = id, text = content, time = timestamp\n\
             left out: user.bio",
        ),
        (
            "accounts: uid*, nick, pw_hash, mail, avatar; chat: id*, username, room, body, date; rooms: id*, code, name; log: x",
            "user from accounts: email = mail, id = uid, name = nick, password = pw_hash, photo = avatar\n\
             message from chat: author = username, id = id, room = room, text = body, time = date\n\
             room from rooms: code = code, id = id, name = name\n\
             left out: table log",
        ),
        (
            "Users: ID*, Name, Email, Password, is_active; Messages: ID*, SenderID, ReceiverID, Message, CreatedAt, IsDeleted",
            "user from Users: active = is_active, email = Email, id = ID, name = Name, password = Password\n\
             message from Messages: author = SenderID, deleted = IsDeleted, id = ID, text = Message, time = CreatedAt, to = ReceiverID",
        ),
        (
            "member: id*, email, password; posts: id*, user_id, text; room: id*, name",
            "user from member: email = email, id = id, name = email, password = password\n\
             left out: table posts, table room",
        ),
        (
            "staff: id*, login, passwd",
            "user from staff: id = id, name = login, password = passwd",
        ),
    ] {
        let all = tables(text);
        let schema = Schema::find(&all, &Said::default()).expect(text);
        assert_eq!(schema.told(&all).join("\n"), expected);
    }
}

/// Tables and flags; the flag that is asked for, and what is said with it.
type Refused = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

const REFUSED: &[Refused] = &[
    (
        "posts: id*, text",
        &[],
        TABLE,
        &["No table has", "posts (id, text)", "--table user="],
    ),
    (
        "user: id*, username, password; users: id*, name, pw",
        &[],
        TABLE,
        &[
            "More than one",
            "user (id, username, password); users (id, name, pw)",
            "--table user=TABLE",
        ],
    ),
    (
        "user: id*, username, nick, password",
        &[],
        COLUMN,
        &["username, nick", "--column user.name=COLUMN"],
    ),
    (
        "user: id*, username, password, avatar, photo",
        &[],
        COLUMN,
        &["photo: avatar, photo", "--column user.photo=COLUMN"],
    ),
    (
        "user: id*, who, password",
        &["user=user"],
        COLUMN,
        &["the name in user", "--column user.name=COLUMN"],
    ),
    (
        "user: id*, name, password",
        &["user=people"],
        TABLE,
        &["no table people", "user (id, name, password)"],
    ),
    (
        "user: id*, name, password",
        &["user.name=nick"],
        TABLE,
        &["No table has"],
    ),
    (
        "user: id*, name, password",
        &["user=user", "user.name=nick"],
        COLUMN,
        &["user has no column nick", "user (id, name, password)"],
    ),
    (
        "user: id*, name, password",
        &["user.nick=name"],
        COLUMN,
        &["user.password", "message.author"],
    ),
    (
        "user: id*, name, password",
        &["people=user"],
        TABLE,
        &["user, message, room, member"],
    ),
    (
        "user: id*, name, password",
        &["user"],
        TABLE,
        &["is not PART=TABLE"],
    ),
    (
        "user: id*, name, password; message: id*, user_id, text; messages: id*, user_id, text",
        &[],
        TABLE,
        &["More than one", "--table message=TABLE"],
    ),
];

#[test]
fn what_is_not_clear_is_refused_with_what_was_found_and_the_flag() {
    for (text, flags, flag, parts) in REFUSED {
        let refused = find(text, flags).expect_err(text);
        assert_eq!(refused.flag, *flag, "{}", refused.problem);
        for part in *parts {
            assert!(
                refused.problem.contains(part),
                "{part}: {}",
                refused.problem
            );
        }
    }
}

#[test]
fn flags_name_what_is_called_otherwise_and_leave_things_out() {
    let text = "crew: id*, callsign, secret, picture; notes: id*, by, words, at; message: id*, user_id, text";
    let schema = find(
        text,
        &[
            "user=CREW",
            "user.name=callsign",
            "user.password=secret",
            "user.photo=none",
            "message=notes",
            "message.author=by",
            "message.text=words",
            "message.time=at",
        ],
    )
    .expect("clear");
    assert_eq!(
        schema.user.columns(["name", "photo"]),
        [Some("callsign"), None]
    );
    let message = schema.message.expect("messages");
    assert_eq!(
        (message.table.name.as_str(), message.column("time")),
        ("notes", Some("at"))
    );
    let schema = find(
        "user: id*, name, password; message: id*, user_id, text",
        &["message=none"],
    );
    assert!(schema.expect("clear").message.is_none());
}
