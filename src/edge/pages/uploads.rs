//! Photos, for whoever is logged in; files of messages, for who may read these.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::{
    Answered,
    cached::{File, IMMUTABLE_PRIVATE, has},
    visit::encoded,
};
use crate::{
    edge::{
        Shared,
        api::{Params, Segment},
        caller::ApiCaller,
        respond::ApiError,
    },
    error::{Code, Error, Result},
    media::{self, photo, picture},
    service::{
        profile,
        uploads::{self, Fetched},
    },
};

/// What a file that somebody sent may do in a browser: show itself. `sandbox` gives it an origin of its own, should it be
/// a page after all.
const FILE_POLICY: &str = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/// `GET /uploads/{id}?size=…`: with a session or a bearer token. Others learn nothing, not even whether it is there.
pub(super) async fn show(
    State(site): State<Shared>,
    caller: Result<ApiCaller, ApiError>,
    Segment(id): Segment,
    params: Params,
    request: Request,
) -> Answered {
    let ApiCaller(caller) = caller.map_err(|ApiError(error)| {
        if error.code == Code::Unauthorized {
            Error::not_found("upload")
        } else {
            error
        }
    })?;
    let wanted = params.text("size");
    let smaller = smaller(wanted);
    if let Some(fetched) = uploads::fetch(&site.ctx, &caller, &id, smaller).await? {
        return Ok(file(fetched, smaller, request).await?);
    }
    let variant = match wanted {
        "" | "96" => photo::SMALL,
        "320" => photo::LARGE,
        _ => {
            return Err(Error::invalid(
                "size",
                "A photo has the sizes 96 and 320, a picture 360 and 1200. Ask for one of these.",
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
    Ok(file.answer(request.headers()))
}

/// The side of a smaller picture.
fn smaller(wanted: &str) -> Option<u32> {
    let wanted: u32 = wanted.parse().ok()?;
    picture::SIDES.into_iter().find(|side| *side == wanted)
}

/// Sends a file, or the part of it that was asked for (RFC 9110, section 14), from the disk.
async fn file(fetched: Fetched, smaller: Option<u32>, request: Request) -> Result<Response> {
    let Fetched {
        attachment,
        path,
        media_type,
    } = fetched;
    let smaller = smaller.map(|side| format!(".{side}")).unwrap_or_default();
    let etag = format!("\"{}{smaller}\"", attachment.id);
    let mut response = if has(request.headers(), &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut asked = Request::builder().method(match *request.method() {
            Method::HEAD => Method::HEAD,
            _ => Method::GET,
        });
        if let Some(range) = request.headers().get(header::RANGE) {
            asked = asked.header(header::RANGE, range);
        }
        let asked = asked.body(()).map_err(Error::unavailable)?;
        let served = ServeFile::new(path).oneshot(asked).await;
        let Ok(served) = served;
        served.into_response()
    };
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Error::not_found("upload"));
    }
    let headers = response.headers_mut();
    headers.remove(header::LAST_MODIFIED);
    let shown = attachment.look.is_some();
    let disposition = disposition(shown, attachment.name.as_str());
    if response.status() != StatusCode::NOT_MODIFIED {
        put(response.headers_mut(), header::CONTENT_TYPE, &media_type);
    }
    let headers = response.headers_mut();
    put(headers, header::ETAG, &etag);
    put(headers, header::CACHE_CONTROL, IMMUTABLE_PRIVATE);
    put(headers, header::CONTENT_DISPOSITION, &disposition);
    put(headers, header::CONTENT_SECURITY_POLICY, FILE_POLICY);
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(response)
}

fn put(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("media types, ids and encoded names are ASCII");
    headers.insert(name, value);
}

/// Only pictures that were recognised and cleaned are shown; all else is saved. The name is in both spellings (RFC 6266,
/// section 4.3, and appendix D: no quotes or percent signs in the plain one).
fn disposition(shown: bool, name: &str) -> String {
    let kind = if shown { "inline" } else { "attachment" };
    let plain = |c: char| match c {
        '"' | '\\' | '%' => '_',
        c if c.is_ascii_graphic() || c == ' ' => c,
        _ => '_',
    };
    let ascii: String = name.chars().map(plain).collect();
    let name = encoded(name).replace('/', "%2F");
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{name}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_is_told_in_both_spellings() {
        assert_eq!(
            disposition(false, "Ü \"b\".txt"),
            "attachment; filename=\"_ _b_.txt\"; filename*=UTF-8''%C3%9C%20%22b%22.txt"
        );
        assert_eq!(
            disposition(true, "a.png"),
            "inline; filename=\"a.png\"; filename*=UTF-8''a.png"
        );
    }
}
