//! What an operator reads when a setting is wrong: one line that names it, where it came from, and what to do.

use std::fmt;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Where a setting's value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line, with its dashes.
    Flag(String),
    /// An environment variable.
    Variable(String),
    /// A key of a settings file.
    Key {
        /// The file.
        file: PathBuf,
        /// The key in it.
        key: String,
    },
    /// A settings file as a whole.
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::Key { file, key } => write!(f, "{}: {key}", file.display()),
            Self::File(file) => write!(f, "{}", file.display()),
        }
    }
}

/// A setting that cannot be used. Its `Display` is one line: origin, problem, remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    origin: Origin,
    problem: String,
}

impl SettingError {
    /// `problem` is one or two short sentences: what is wrong, then what to do.
    #[must_use]
    pub fn new(origin: Origin, problem: impl Into<String>) -> Self {
        let problem = problem
            .into()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        Self { origin, problem }
    }

    /// The same for what turns out only when a value is used; it is named by its flag (`--listen`).
    #[must_use]
    pub fn flag(name: &str, problem: impl Into<String>) -> Self {
        Self::new(Origin::Flag(name.to_owned()), problem)
    }

    /// What clap refuses, in our words: its own message takes several lines.
    #[must_use]
    pub fn from_clap(error: &clap::Error) -> Self {
        let context = |kind| {
            error
                .get(kind)
                .map(|value: &ContextValue| value.to_string())
        };
        let given =
            context(ContextKind::InvalidArg).or_else(|| context(ContextKind::InvalidSubcommand));
        let known = context(ContextKind::SuggestedArg)
            .or_else(|| context(ContextKind::SuggestedSubcommand));
        let name = given
            .as_deref()
            .and_then(|given| given.split([' ', '=']).next())
            .unwrap_or("parlor");
        let problem = match (error.kind(), known) {
            (ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand, Some(known)) => {
                format!("There is no such setting or command. Did you mean {known}?")
            }
            (ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand, None) => {
                "There is no such setting or command. \"parlor serve --help\" lists all settings."
                    .to_owned()
            }
            (ErrorKind::MissingRequiredArgument, _) => {
                "It has to be given. Write it with its value.".to_owned()
            }
            (ErrorKind::MissingSubcommand, _) => {
                "This command needs to know what to do. With --help it lists what it can."
                    .to_owned()
            }
            (ErrorKind::ArgumentConflict, _) => "It is given twice. Keep one.".to_owned(),
            (ErrorKind::InvalidUtf8, _) => {
                "An argument is not UTF-8. Write it in UTF-8.".to_owned()
            }
            (
                ErrorKind::InvalidValue
                | ErrorKind::NoEquals
                | ErrorKind::WrongNumberOfValues
                | ErrorKind::TooFewValues,
                _,
            ) => "It needs a value. \"parlor serve --help\" shows which.".to_owned(),
            (_, _) => error
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned(),
        };
        Self::flag(name, problem)
    }

    /// Where the refused value came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.problem)
    }
}

impl std::error::Error for SettingError {}
