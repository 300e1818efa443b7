//! Whom a text mentions, and its HTML, in which they are links. Only members of the room are meant: nobody learns by a
//! mention who has an account elsewhere.

use super::{Context, render};
use crate::{
    error::Result,
    model::{Mentioned, RoomCode},
};

/// How many names of a text are looked up; whoever is named after that is not mentioned.
const NAMES: usize = 100;

/// The HTML of a text that is said in this room, and whom it mentions. The store is asked only where a name stands in it.
///
/// # Errors
/// When the store cannot be asked.
pub async fn read(ctx: &Context, room: &RoomCode, text: &str) -> Result<(String, Mentioned)> {
    let mut found = render::mentions(text, &[]);
    found.names.truncate(NAMES);
    let mut named = Vec::new();
    if !found.names.is_empty() {
        named = ctx.store.members_named(room, found.names).await?;
        found = render::mentions(text, &named);
    }
    let mentioned = Mentioned {
        people: found.people,
        room: found.room,
    };
    Ok((render::message(ctx, text, named).await, mentioned))
}
