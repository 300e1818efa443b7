//! `docs/settings.md`, made from the table; a test fails when the file is stale.

use std::fmt::Write;

use super::SETTINGS;

const HEAD: &str = "\
# Settings

Generated from `src/config/table.rs`; `UPDATE_GENERATED=1 cargo test settings_reference` writes it anew.

Each setting is a flag of `parlor serve`, an environment variable, and a key of the settings file. A flag wins over a
variable, a variable over the file, the file over the default. An empty variable counts as not given.

The file is `parlor.toml` in the folder where Parlor is started; `--config FILE` or `PARLOR_CONFIG` names another one.
Its keys are the flags without their dashes:

```toml
listen = \"0.0.0.0:5000\"
server-name = \"Our parlor\"
photo-bytes = \"2MiB\"
allowed-origin = [\"https://chat.example.org\"]
```

Sizes are written as `256KiB` or `5MiB`, times as `500ms`, `30s`, `15min` or `2h`. A setting that is wrong ends the start with
one line that names it, and with exit status 2.
";

const COLUMNS: &str = "\
| flag | variable | default | range | what it does |
| --- | --- | --- | --- | --- |
";

/// The reference of all settings, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    let mut group = "";
    for setting in SETTINGS {
        if setting.group != group {
            group = setting.group;
            page.push_str(&["\n## ", group, "\n\n", COLUMNS].concat());
        }
        let default = if setting.default.is_empty() {
            "none".to_owned()
        } else {
            format!("`{}`", setting.default)
        };
        let range = match setting.range {
            Some((least, most)) => format!("`{least}` to `{most}`"),
            None => format!("`{}`", setting.value_name.replace('|', "`, `")),
        };
        writeln!(
            page,
            "| `{}` | `{}` | {default} | {range} | {} |",
            setting.flag(),
            setting.variable(),
            setting.help_text()
        )
        .expect("writing to a string cannot fail");
    }
    page
}
