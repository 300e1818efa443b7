//! What a token with scopes may do: one table over the events of a socket and the calls of HTTP, asked where they
//! come in. What the table does not name asks for the scope `account`, which no bot has.

use super::Caller;
use crate::{
    error::{Code, Error, Result},
    model::Scope::{self, Account, Join, Read, Write},
};

/// The table.
const TABLE: [(Scope, &[&str]); 3] = [
    (
        Read,
        &[
            "join",
            "leave",
            "history",
            "thread",
            "pins",
            "saved",
            "search",
            "read",
            "mark_unread",
            "rooms",
            "members",
            "people",
            "active",
            "GET /me",
            "GET /rooms",
            "GET /rooms/{code}",
            "GET /rooms/{code}/members",
            "GET /rooms/{code}/messages",
            "GET /rooms/{code}/pins",
            "GET /messages/{id}",
            "GET /messages/{id}/thread",
            "GET /saved",
            "GET /search",
            "GET /people",
            "GET /uploads/{id}",
            "POST /rooms/{code}/read",
        ],
    ),
    (
        Write,
        &[
            "message",
            "edit_message",
            "delete_message",
            "remove_previews",
            "react",
            "pin",
            "save",
            "typing",
            "POST /rooms/{code}/messages",
            "PATCH /messages/{id}",
            "DELETE /messages/{id}",
            "PUT /messages/{id}/reactions/{emoji}",
            "DELETE /messages/{id}/reactions/{emoji}",
            "PUT /messages/{id}/pin",
            "DELETE /messages/{id}/pin",
            "DELETE /messages/{id}/previews",
            "PUT /messages/{id}/saved",
            "DELETE /messages/{id}/saved",
            "POST /uploads",
        ],
    ),
    (
        Join,
        &["POST /rooms/{code}/join", "POST /rooms/{code}/leave"],
    ),
];

/// The scope that an event or a call (`GET /rooms`) asks for.
#[must_use]
pub fn needed(what: &str) -> Scope {
    let row = TABLE.iter().find(|(_, names)| names.contains(&what));
    row.map_or(Account, |(scope, _)| *scope)
}

/// Lets an event or a call through, if the caller's credential may do it.
///
/// # Errors
/// `forbidden`.
pub fn check(caller: &Caller, what: &str) -> Result<()> {
    // A token may always end itself.
    if caller.scopes.is_none() || what == "DELETE /tokens/current" {
        return Ok(());
    }
    require(caller, needed(what))
}

/// Lets something through that asks for this scope.
///
/// # Errors
/// `forbidden`.
pub fn require(caller: &Caller, scope: Scope) -> Result<()> {
    if caller
        .scopes
        .as_ref()
        .is_none_or(|scopes| scopes.has(scope))
    {
        return Ok(());
    }
    let text = if scope == Account && caller.account.card.bot {
        "A bot may not do this, whatever the scopes of its token. It takes a person.".to_owned()
    } else {
        let name = scope.as_str();
        format!("This token may not do that. Make one with the scope {name}.")
    };
    Err(Error::new(Code::Forbidden, text))
}
