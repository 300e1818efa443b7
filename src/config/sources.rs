//! Flags, environment and file, put together: a flag wins over a variable, a variable over the file, the file
//! over the default. Reads nothing itself but what it is handed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::kinds::Shape;
use super::{Origin, SETTINGS, Setting, SettingError, Settings};

/// The flag that names the settings file; the only one that is not a setting itself.
const CONFIG: &str = "config";
const CONFIG_VARIABLE: &str = "PARLOR_CONFIG";
const DEFAULT_FILE: &str = "parlor.toml";

/// A settings file that has been read.
#[derive(Debug, Clone)]
pub struct FileText {
    /// Its path, as messages name it.
    pub path: PathBuf,
    /// Its TOML.
    pub text: String,
}

/// Adds a flag for each setting, and `--config`, to a command.
#[must_use]
pub fn flags(command: Command) -> Command {
    let file = Arg::new(CONFIG)
        .long(CONFIG)
        .value_name("FILE")
        .help(format!(
            "The settings file [{CONFIG_VARIABLE}] [default: {DEFAULT_FILE}, where there is one]"
        ));
    SETTINGS.iter().fold(command.arg(file), |command, setting| {
        command.arg(flag(setting))
    })
}

fn flag(setting: &'static Setting) -> Arg {
    let shown = !setting.default.is_empty() && setting.shape != Shape::Switch;
    let default = if shown {
        format!(" [default: {}]", setting.default)
    } else {
        String::new()
    };
    let help = format!("{} [{}]{default}", setting.help_text(), setting.variable());
    let arg = Arg::new(setting.field)
        .long(setting.name())
        .help_heading(setting.group)
        .value_name(setting.value_name)
        .help(help);
    match setting.shape {
        Shape::One => arg.action(ArgAction::Set).allow_hyphen_values(true),
        Shape::Switch => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .hide_possible_values(true),
        Shape::Many => arg.action(ArgAction::Append),
    }
}

/// The settings file that a command line or the environment names, and whether it has to be there.
#[must_use]
pub fn config_file(
    matches: &ArgMatches,
    environment: &[(String, String)],
) -> (PathBuf, Option<Origin>) {
    if let Some(path) = matches.get_one::<String>(CONFIG) {
        return (path.into(), Some(Origin::Flag(format!("--{CONFIG}"))));
    }
    let variable = environment
        .iter()
        .find(|(name, value)| name == CONFIG_VARIABLE && !value.is_empty());
    match variable {
        Some((_, path)) => (
            path.into(),
            Some(Origin::Variable(CONFIG_VARIABLE.to_owned())),
        ),
        None => (DEFAULT_FILE.into(), None),
    }
}

/// The `PARLOR_…` variables among those of the process.
///
/// # Errors
/// When the value of one is not UTF-8.
pub fn variables(
    all: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, SettingError> {
    let mut ours = Vec::new();
    for (name, value) in all {
        let Ok(name) = name.into_string() else {
            continue;
        };
        if name.starts_with("PARLOR_") {
            let value = value.into_string().map_err(|_| {
                SettingError::new(
                    Origin::Variable(name.clone()),
                    "The value is not UTF-8. Write it in UTF-8.",
                )
            })?;
            ours.push((name, value));
        }
    }
    Ok(ours)
}

/// `PARLOR_…` variables that name no setting. They are worth a warning, not a refusal: orchestrators set some
/// of their own for a service called "parlor" (`PARLOR_SERVICE_HOST`, `PARLOR_PORT`).
#[must_use]
pub fn unknown_variables(environment: &[(String, String)]) -> Vec<&str> {
    let known = |name: &str| {
        name == CONFIG_VARIABLE || SETTINGS.iter().any(|setting| setting.variable() == name)
    };
    environment
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| name.starts_with("PARLOR_") && !known(name))
        .collect()
}

impl Settings {
    /// Settings from what was given: the arguments after `parlor serve`, the environment, and the settings file.
    ///
    /// # Errors
    /// For an argument that is no flag, an unknown key of the file, and a value that does not fit its setting.
    pub fn from_sources<I, A>(
        arguments: I,
        environment: &[(String, String)],
        file: Option<&FileText>,
    ) -> Result<Self, SettingError>
    where
        I: IntoIterator<Item = A>,
        A: Into<OsString> + Clone,
    {
        let command = flags(Command::new("serve").no_binary_name(true));
        let matches = command
            .try_get_matches_from(arguments)
            .map_err(|error| SettingError::from_clap(&error))?;
        Self::from_matches(&matches, environment, file)
    }

    /// The same for flags that clap has parsed by a command made with [`flags`].
    ///
    /// # Errors
    /// For an unknown key of the file, and a value that does not fit its setting.
    pub fn from_matches(
        matches: &ArgMatches,
        environment: &[(String, String)],
        file: Option<&FileText>,
    ) -> Result<Self, SettingError> {
        let mut settings = Self::default();
        let from_file = file.map(keys).transpose()?.unwrap_or_default();
        for setting in SETTINGS {
            let given = from_flag(setting, matches)
                .or_else(|| from_variable(setting, environment))
                .or_else(|| from_key(setting, file, &from_file));
            if let Some((origin, texts)) = given {
                (setting.put)(&mut settings, &texts)
                    .map_err(|problem| SettingError::new(origin, problem))?;
            }
        }
        settings.fit_together()?;
        Ok(settings)
    }

    fn mail_fits_together(&self) -> Result<(), SettingError> {
        let problem = match (&self.smtp_server, &self.smtp_user, &self.smtp_password_file) {
            (Some(_), ..) if self.mail_from.is_none() => {
                "Mails need a sender. Name one with --mail-from."
            }
            (Some(_), ..) if self.public_url.is_none() => {
                "Mails hold links. Say with --public-url where people reach this server."
            }
            (Some(_), Some(_), None) | (Some(_), None, Some(_)) => {
                "Logging in takes --smtp-user and --smtp-password-file. Set both, or neither."
            }
            _ => return Ok(()),
        };
        Err(SettingError::flag("--smtp-server", problem))
    }

    fn sign_on_fits_together(&self) -> Result<(), SettingError> {
        let problem = match (&self.oidc_issuer, &self.oidc_client_id) {
            (Some(_), None) => {
                "The provider has to know this server. Name it as a client with --oidc-client-id."
            }
            (Some(_), Some(_)) if self.public_url.is_none() => {
                "The provider sends people back. Say with --public-url where they reach this server."
            }
            _ => return Ok(()),
        };
        Err(SettingError::flag("--oidc-issuer", problem))
    }

    /// What no single setting can see.
    fn fit_together(&self) -> Result<(), SettingError> {
        let limits = &self.limits;
        match (&self.cert, &self.key) {
            (Some(_), None) => {
                return Err(SettingError::flag(
                    "--cert",
                    "A certificate needs its private key. Name it with --key.",
                ));
            }
            (None, Some(_)) => {
                return Err(SettingError::flag(
                    "--key",
                    "A private key needs its certificate. Name it with --cert.",
                ));
            }
            (Some(_), Some(_)) if self.plain_http => {
                return Err(SettingError::flag(
                    "--plain-http",
                    "Plain HTTP has no use for a certificate. Leave out --plain-http, or --cert and --key.",
                ));
            }
            _ => {}
        }
        if self.plain_http && self.redirect_http.is_some() {
            return Err(SettingError::flag(
                "--redirect-http",
                "There is no HTTPS to send anybody to. Leave out --redirect-http, or --plain-http.",
            ));
        }
        self.sign_on_fits_together()?;
        self.mail_fits_together()?;
        if limits.name_min > limits.name_max {
            let problem = format!(
                "{} is more than --name-max, {}. Write a smaller one.",
                limits.name_min, limits.name_max
            );
            return Err(SettingError::flag("--name-min", problem));
        }
        for (name, part) in [
            ("--photo-bytes", limits.photo_bytes),
            ("--form-bytes", limits.form_bytes),
        ] {
            if part > limits.body_bytes {
                let problem = format!(
                    "The largest body is smaller than {name}. Write at least {part} bytes and a little room."
                );
                return Err(SettingError::flag("--body-bytes", problem));
            }
        }
        Ok(())
    }
}

type Given = (Origin, Vec<String>);

fn from_flag(setting: &Setting, matches: &ArgMatches) -> Option<Given> {
    if matches.value_source(setting.field) != Some(ValueSource::CommandLine) {
        return None;
    }
    let texts = matches
        .get_many::<String>(setting.field)?
        .cloned()
        .collect();
    Some((Origin::Flag(setting.flag()), texts))
}

fn from_variable(setting: &Setting, environment: &[(String, String)]) -> Option<Given> {
    let variable = setting.variable();
    let (_, text) = environment
        .iter()
        .find(|(name, text)| *name == variable && !text.is_empty())?;
    Some((Origin::Variable(variable), vec![text.clone()]))
}

fn from_key(
    setting: &Setting,
    file: Option<&FileText>,
    keys: &[(String, Vec<String>)],
) -> Option<Given> {
    let name = setting.name();
    let (_, texts) = keys.iter().find(|(key, _)| *key == name)?;
    let origin = Origin::Key {
        file: file?.path.clone(),
        key: name,
    };
    Some((origin, texts.clone()))
}

/// The keys of a file with the texts of their values; refuses those that name no setting.
fn keys(file: &FileText) -> Result<Vec<(String, Vec<String>)>, SettingError> {
    let table: toml::Table = file.text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| file.text[..span.start].matches('\n').count() + 1);
        SettingError::new(
            Origin::File(file.path.clone()),
            format!("Line {line} is not TOML: {}. Correct it.", error.message()),
        )
    })?;
    table
        .into_iter()
        .map(|(key, value)| known_key(&file.path, key, &value))
        .collect()
}

fn known_key(
    path: &Path,
    key: String,
    value: &toml::Value,
) -> Result<(String, Vec<String>), SettingError> {
    let problem = match SETTINGS.iter().find(|setting| setting.name() == key) {
        Some(setting) => match texts(setting, value) {
            Some(texts) => return Ok((key, texts)),
            None if setting.shape == Shape::Many => {
                "The value does not fit here. Write a text, or a list of texts."
            }
            None => "The value does not fit here. Write a text, a number, true or false.",
        },
        None => {
            "There is no such setting. Correct the key or take it out; \"parlor serve --help\" lists all settings."
        }
    };
    Err(SettingError::new(
        Origin::Key {
            file: path.to_owned(),
            key,
        },
        problem,
    ))
}

fn texts(setting: &Setting, value: &toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::Array(items) if setting.shape == Shape::Many => {
            items.iter().map(text).collect()
        }
        other => text(other).map(|text| vec![text]),
    }
}

fn text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(on) => Some(on.to_string()),
        _ => None,
    }
}
