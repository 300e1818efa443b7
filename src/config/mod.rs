//! Every setting of Parlor, once: `table.rs` holds name, default, range, unit and help, and from it come the
//! flags, the `PARLOR_…` variables, the keys of `parlor.toml`, `parlor serve --help` and `docs/settings.md`.
//! Nothing here opens a socket or a file: what was given is handed in, so tests can give it too.

mod choices;
mod error;
mod kinds;
mod reference;
mod sources;
mod table;

#[cfg(test)]
mod tests;

pub use choices::{LogFormat, MailSecurity, ProxyHeader, Registration, SecondFactor};
pub use error::{Origin, SettingError};
pub use reference::reference;
pub use sources::{FileText, config_file, flags, unknown_variables, variables};
pub use table::{Limits, SETTINGS, Settings};

use kinds::{Kind, Shape, Span};

/// A span of time as people write it: `30min`, `7d`.
#[must_use]
pub fn span(text: &str) -> Option<std::time::Duration> {
    Span::parse(text)
}

/// One line of the table: how a setting is called, what it may be, and how its text becomes a value.
#[derive(Debug)]
pub struct Setting {
    /// The field's name in [`Settings`] or [`Limits`], in `snake_case`.
    pub field: &'static str,
    /// The heading under which help and reference list it.
    pub group: &'static str,
    /// What it does, as written in the table.
    pub help: &'static str,
    /// The default as an operator would write it; empty where there is none.
    pub default: &'static str,
    /// The least and the greatest value, where there is an order.
    pub range: Option<(&'static str, &'static str)>,
    /// What a placeholder for its value is called (`SIZE`, `TIME`, `FILE` …).
    pub value_name: &'static str,
    shape: Shape,
    put: fn(&mut Settings, &[String]) -> Result<(), String>,
}

impl Setting {
    /// The name in flags and in the file, in `kebab-case`; in the singular for one that may be repeated.
    #[must_use]
    pub fn name(&self) -> String {
        self.singular().replace('_', "-")
    }

    /// The flag, with its dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--{}", self.name())
    }

    /// The environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("PARLOR_{}", self.singular().to_uppercase())
    }

    /// The help text, as one paragraph.
    #[must_use]
    pub fn help_text(&self) -> &'static str {
        self.help.trim()
    }

    fn singular(&self) -> &'static str {
        match self.shape {
            Shape::Many => self.field.trim_end_matches('s'),
            Shape::One | Shape::Switch => self.field,
        }
    }
}
