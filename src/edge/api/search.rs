//! Looking for what was said, as JSON: `/search`.

use axum::extract::State;

use super::{Answered, Params, run};
use crate::{
    edge::{Shared, caller::ApiCaller},
    wire::events::{SearchAck, SearchMessages},
};

/// `GET /search`.
pub(super) async fn search(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<SearchAck> {
    let text = |name| Some(params.text(name).to_owned()).filter(|text| !text.is_empty());
    let search = SearchMessages {
        query: params.text("query").to_owned(),
        room: text("room"),
        from: text("from"),
        since: text("since"),
        until: text("until"),
        limit: params.number("limit")?,
        cursor: text("cursor"),
    };
    run(&site, &caller, search).await
}
