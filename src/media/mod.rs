//! Pictures and files: recognises what people upload, decodes it under limits, scales it down,
//! keeps the result, and names its type when it is served.
//!
//! Everything here is synchronous; callers move it off the async threads. Nothing here decides
//! who may see a file, and no byte of a profile photo is ever handed out as it came in.

mod anatomy;
pub mod blobs;
mod decode;
pub mod files;
pub mod photo;
pub mod picture;
mod strip;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// How many bytes of the SHA-256 an [`etag`] keeps; 128 bits leave no room for accidents.
const ETAG_BYTES: usize = 16;

/// The media type that `name` is served with, found by its extension.
///
/// A name without a known extension gets `application/octet-stream`, which browsers save
/// instead of showing.
#[must_use]
pub fn content_type(name: &str) -> &'static str {
    mime_guess::from_path(name)
        .first_raw()
        .unwrap_or("application/octet-stream")
}

/// A strong entity tag for `bytes` (RFC 9110 §8.8.3), quotes included: the beginning of their
/// SHA-256, so equal bytes have equal tags on every server and after every restart.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..ETAG_BYTES]))
}

#[cfg(test)]
mod tests {
    use super::{content_type, etag};

    #[test]
    fn a_served_name_has_the_type_of_its_extension() {
        assert_eq!(content_type("0a1b.96.webp"), "image/webp");
        assert_eq!(content_type("photo.JPG"), "image/jpeg");
        assert_eq!(content_type("photo.jpeg"), "image/jpeg");
        assert_eq!(content_type("notes"), "application/octet-stream");
        assert_eq!(content_type("a.unheard-of"), "application/octet-stream");
    }

    #[test]
    fn an_etag_is_quoted_strong_and_follows_the_bytes() {
        // The SHA-256 of nothing begins with e3b0c44298fc1c149afbf4c8996fb924.
        assert_eq!(etag(b""), "\"47DEQpj8HBSa-_TImW-5JA\"");
        assert_eq!(etag(b"same"), etag(b"same"));
        assert_ne!(etag(b"same"), etag(b"sane"));
    }
}
