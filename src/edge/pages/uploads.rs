//! Photos, for whoever is logged in.

use axum::{extract::State, http::HeaderMap};

use super::{
    Answered,
    cached::{File, IMMUTABLE_PRIVATE},
};
use crate::{
    edge::{
        Shared,
        api::{Params, Segment},
        caller::ApiCaller,
        respond::ApiError,
    },
    error::{Code, Error},
    media::{self, photo},
    service::profile,
};

/// `GET /uploads/{id}?size=96|320`: with a session or a bearer token. Others learn nothing, not even whether it is there.
pub(super) async fn show(
    State(site): State<Shared>,
    caller: Result<ApiCaller, ApiError>,
    Segment(id): Segment,
    params: Params,
    headers: HeaderMap,
) -> Answered {
    if let Err(ApiError(error)) = caller {
        let hidden = error.code == Code::Unauthorized;
        return Err(if hidden {
            Error::not_found("upload")
        } else {
            error
        }
        .into());
    }
    let variant = match params.text("size") {
        "" | "96" => photo::SMALL,
        "320" => photo::LARGE,
        _ => {
            return Err(Error::invalid(
                "size",
                "A photo has the sizes 96 and 320. Ask for one of these.",
            )
            .into());
        }
    };
    let bytes = profile::photo(&site.ctx, &id, variant).await?;
    let file = File {
        etag: media::etag(&bytes),
        content_type: media::content_type(variant).into(),
        cache_control: IMMUTABLE_PRIVATE,
        bytes: bytes.into(),
    };
    Ok(file.answer(&headers))
}
