//! Who is there: told to those who share a room with a person when the first connection comes, and when the grace
//! after the last one is over. Never kept.

use std::sync::Arc;

use super::{Live, hub::Hub};
use crate::{
    model::{UserCard, UserId},
    wire::events::{Event, Presence},
};

/// Tells a person's acquaintances whether they are there now.
pub(super) fn tell(hub: &Arc<Hub>, card: UserCard) {
    let telling = Arc::clone(hub);
    hub.tasks.spawn(async move {
        let event = Presence {
            user_id: card.id.0,
            name: card.name.as_str().to_owned(),
            status: telling.status(card.id),
        };
        tell_acquaintances(&telling, card.id, &event).await;
    });
}

/// Tells everybody who shares a room with this person, and the person.
pub(super) async fn tell_acquaintances<E: Event>(hub: &Arc<Hub>, user: UserId, event: &E) {
    match hub.store.acquaintances(user).await {
        Ok(acquaintances) => {
            for acquaintance in acquaintances {
                hub.tell_person(acquaintance.id, event);
            }
        }
        Err(error) => {
            tracing::error!(user.id = user.0, event = E::EVENT, error = %error, "acquaintances could not be told");
        }
    }
}
