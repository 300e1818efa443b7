//! Where somebody is logged in: their browser sessions, as they see them themselves.

use super::Timestamp;

/// A browser session, without its cookie's value, which nobody but the browser knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id: the beginning of its SHA-256, in hex.
    pub id: String,
    /// The address from which it logged in.
    pub address: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// When it logged in.
    pub created_at: Timestamp,
    /// When it was last used, a few minutes more or less.
    pub used_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Programs by what they call themselves; the first that fits counts, as most claim to be several others, too.
const PROGRAMS: [(&str, &str); 10] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "A Python script"),
];

/// Systems, in the same way.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
];

impl Device {
    /// What it is, in plain words: "Firefox on Linux".
    #[must_use]
    pub fn words(&self) -> String {
        let known = |table: &[(&str, &'static str)]| {
            let found = table
                .iter()
                .find(|(mark, _)| self.user_agent.contains(mark));
            found.map(|(_, words)| *words)
        };
        match (known(&PROGRAMS), known(&SYSTEMS)) {
            (Some(program), Some(system)) => format!("{program} on {system}"),
            (Some(program), None) => program.to_owned(),
            (None, Some(system)) => format!("A program on {system}"),
            (None, None) => "A program of an unknown kind".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_in_plain_words() {
        for (user_agent, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.5.0", "curl"),
            ("<b>hello</b>", "A program of an unknown kind"),
            ("", "A program of an unknown kind"),
        ] {
            let device = Device {
                id: String::new(),
                address: String::new(),
                user_agent: user_agent.to_owned(),
                created_at: Timestamp(0),
                used_at: Timestamp(0),
                current: false,
            };
            assert_eq!(device.words(), words);
        }
    }
}
