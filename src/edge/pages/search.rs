//! Looking for what was said.

use axum::extract::State;

use super::{
    Answered,
    answer::{field_errors, refused, render},
    times,
    view::{HitRow, SearchPage},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, api::Params},
    model::{Phrase, SearchHit, SearchPlace},
    service::search,
    wire::events::SearchMessages,
};

/// `GET /search?q=…`: the form, and what was found where something was asked for.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let query = params.text("q").trim_start().to_owned();
    let mut page = SearchPage {
        shell: user.shell("Search"),
        query: query.clone(),
        ..SearchPage::default()
    };
    if query.is_empty() {
        return Ok(render(&page));
    }
    let cursor = Some(params.text("cursor").to_owned()).filter(|cursor| !cursor.is_empty());
    let asked = SearchMessages {
        query,
        cursor,
        ..SearchMessages::default()
    };
    match search::search(&site.ctx, &user.caller, &asked).await {
        Ok(found) => {
            page.asked = true;
            page.missing = found.missing;
            page.cursor = found.cursor.map(SearchPlace::number);
            page.hits = found
                .hits
                .iter()
                .map(|hit| row(hit, &found.phrases))
                .collect();
            Ok(render(&page))
        }
        Err(error) => {
            let faults = [error];
            page.errors = field_errors(&faults, &["query"]);
            Ok(refused(&page, &faults))
        }
    }
}

fn row(hit: &SearchHit, phrases: &[Phrase]) -> HitRow {
    let message = &hit.message;
    HitRow {
        path: format!(
            "/room/{}/m/{}#m{}",
            message.room, message.id.0, message.id.0
        ),
        room: hit.room_name.as_str().to_owned(),
        name: message.author.name.as_str().to_owned(),
        time: message.created_at.to_string(),
        full: times::full(message.created_at),
        excerpt: search::excerpt(&hit.message, phrases),
    }
}
