//! Links as QR codes (ISO/IEC 18004), so that a phone can take one from a screen.

use qrcode::{QrCode, render::svg};

/// A picture of this text, dark on light whatever the page's colours, with the quiet zone that the standard asks for;
/// none where it is too long for one.
pub(super) fn svg(text: &str) -> Option<String> {
    let drawn = QrCode::new(text)
        .ok()?
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    // Within a page there is no XML declaration.
    let start = drawn.find("<svg")?;
    drawn.get(start..).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The dark points of a picture, as its path draws them: `M{left} {top}h{width}v{height}…`.
    fn dark(drawn: &str) -> HashSet<(usize, usize)> {
        let path = drawn.rsplit("d=\"").next().unwrap_or_default();
        let path = path.split('"').next().unwrap_or_default();
        let numbers = |part: &str| -> Vec<usize> {
            let parts = part.split(|letter: char| !letter.is_ascii_digit());
            parts.filter_map(|number| number.parse().ok()).collect()
        };
        let points = path.split('M').skip(1).flat_map(|part| {
            let found = numbers(part);
            let [left, top, width, height] = found[..4] else {
                panic!("a rectangle: {part}")
            };
            (left..left + width).flat_map(move |x| (top..top + height).map(move |y| (x, y)))
        });
        points.collect()
    }

    #[test]
    fn a_reader_of_the_picture_gets_the_link() {
        let link = "https://chat.example/invite/Cf3yJ0CtyxJBoH8eEJX2mHqvvT5zXqB3kZ1pQ0XbD9w";
        let drawn = svg(link).expect("a picture");
        let dark = dark(&drawn);
        let size = dark.iter().map(|(x, _)| x).max().expect("some are dark") + 30;
        let shade = |x, y| if dark.contains(&(x, y)) { 0 } else { 255 };
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(size, size, shade);
        let codes = seen.detect_grids();
        let (_, read) = codes[0].decode().expect("it can be read");
        assert_eq!((codes.len(), read.as_str()), (1, link));
    }

    #[test]
    fn it_stands_in_a_page_as_it_is() {
        let drawn = svg("https://chat.example/").expect("a picture");
        assert!(drawn.starts_with("<svg") && drawn.ends_with("</svg>"));
        assert!(!drawn.contains("style"), "the policy of pages allows none");
        assert_eq!(svg(&"x".repeat(8000)), None);
    }
}
