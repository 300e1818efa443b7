//! Files of any kind: what they are, by their content alone.

/// How much of a file's beginning is looked at, in bytes.
pub const HEAD: usize = 8 << 10;

/// The media type of a file that begins with `head`, at most [`HEAD`] bytes of it; what it is called does not count. `whole`
/// says whether that is all of it.
///
/// What nobody knows is `text/plain` where it is text (UTF-8 without control characters), else
/// `application/octet-stream`.
#[must_use]
pub fn media_type(head: &[u8], whole: bool) -> &'static str {
    match infer::get(head) {
        Some(kind) => kind.mime_type(),
        None if is_text(head, whole) => "text/plain",
        None => "application/octet-stream",
    }
}

/// Whether these bytes are text. The last character of a beginning may be cut.
fn is_text(head: &[u8], whole: bool) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if !whole && error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && !text
            .chars()
            .any(|c| c.is_control() && !"\n\r\t\u{c}".contains(c))
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_file_is_what_its_content_says() {
        for (head, expected) in [
            (&b"\x89PNG\r\n\x1a\n"[..], "image/png"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"PK\x03\x04\x14\0", "application/zip"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "text/html"),
            (b"plain words\n", "text/plain"),
            ("Wörter".as_bytes(), "text/plain"),
            (b"caf\xe9", "application/octet-stream"),
            (b"a\0b", "application/octet-stream"),
            (b"\x1b[2J", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(media_type(head, true), expected, "{head:?}");
        }
    }

    #[test]
    fn a_character_may_be_cut_at_the_end_of_a_beginning() {
        let cut = &"äö".as_bytes()[..3];
        assert_eq!(media_type(cut, false), "text/plain");
        assert_eq!(media_type(cut, true), "application/octet-stream");
    }
}
