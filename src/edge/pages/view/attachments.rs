//! The files of a message and the pages that it links to, as pages show them.

/// The widest and the highest that a picture alone is shown, in CSS pixels.
const BOX: (u32, u32) = (360, 300);

/// A picture.
#[derive(Clone, Debug, Default)]
pub struct PictureView {
    /// Its id among the uploads.
    pub id: String,
    /// What its sender calls it.
    pub name: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Whether it moves, which its smaller ones do not.
    pub moves: bool,
}

impl PictureView {
    /// How large it is shown where it stands alone, so that nothing moves when it arrives; for the template.
    #[must_use]
    pub fn shown(&self) -> (u32, u32) {
        let (width, height) = (self.width.max(1), self.height.max(1));
        let scaled = |length: u32, by: u32, of: u32| {
            let scaled = u64::from(length) * u64::from(by) / u64::from(of);
            u32::try_from(scaled.max(1)).unwrap_or(u32::MAX)
        };
        let (most_width, most_height) = BOX;
        if width <= most_width && height <= most_height {
            (width, height)
        } else if u64::from(width) * u64::from(most_height)
            > u64::from(height) * u64::from(most_width)
        {
            (most_width, scaled(height, most_width, width))
        } else {
            (scaled(width, most_height, height), most_height)
        }
    }
}

/// A file that is offered to be saved.
#[derive(Clone, Debug, Default)]
pub struct FileView {
    /// Its id among the uploads.
    pub id: String,
    /// What its sender calls it.
    pub name: String,
    /// Its size in words: "1.2 MB".
    pub size: String,
}

/// A page that a message links to.
#[derive(Clone, Debug, Default)]
pub struct PreviewView {
    /// Its address.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Of which site it is a part; the host where it does not say so.
    pub site: String,
    /// Address of a small picture of it.
    pub image: Option<String>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl PreviewView {
    /// One with all of its parts, which the script fills in; for the template.
    #[must_use]
    pub fn pattern() -> Self {
        Self {
            image: Some(String::new()),
            ..Self::default()
        }
    }

    /// The host of an address of the web, as `web/src/attachments.ts` names it too.
    #[must_use]
    pub fn host(url: &str) -> &str {
        let (_, rest) = url.split_once("://").unwrap_or_default();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host)
    }
}

impl FileView {
    /// A number of bytes in words, as `web/src/attachments.ts` writes it too.
    #[must_use]
    pub fn size_in_words(bytes: i64) -> String {
        let tenths = |unit: i64| (bytes * 10 + unit / 2) / unit;
        let with_point = |tenths: i64| {
            if tenths >= 100 || tenths % 10 == 0 {
                format!("{}", (tenths + 5) / 10)
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            }
        };
        match bytes {
            1 => "1 byte".to_owned(),
            ..1000 => format!("{bytes} bytes"),
            1000..1_000_000 => format!("{} KB", with_point(tenths(1000))),
            1_000_000..1_000_000_000 => format!("{} MB", with_point(tenths(1_000_000))),
            _ => format!("{} GB", with_point(tenths(1_000_000_000))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_two_digits_at_least() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1 KB"),
            (1250, "1.3 KB"),
            (9_940, "9.9 KB"),
            (12_600, "13 KB"),
            (26_214_400, "26 MB"),
            (1_200_000, "1.2 MB"),
            (3_400_000_000, "3.4 GB"),
        ] {
            assert_eq!(FileView::size_in_words(bytes), words);
        }
    }

    #[test]
    fn a_picture_fits_its_box_in_proportion() {
        for (width, height, shown) in [
            (8, 8, (8, 8)),
            (3600, 3000, (360, 300)),
            (4000, 1000, (360, 90)),
            (1000, 4000, (75, 300)),
            (100_000, 1, (360, 1)),
        ] {
            let picture = PictureView {
                width,
                height,
                ..PictureView::default()
            };
            assert_eq!(picture.shown(), shown);
        }
    }
}
