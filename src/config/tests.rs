//! The rules of the settings: defaults, precedence, and refusals of one line that name the setting.

use std::path::Path;
use std::time::Duration;

use super::*;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn file(text: &str) -> FileText {
    FileText {
        path: "parlor.toml".into(),
        text: text.to_owned(),
    }
}

fn refused(arguments: &[&str], environment: &[(&str, &str)], text: Option<&str>) -> String {
    let file = text.map(file);
    let error =
        Settings::from_sources(arguments, &variables(environment), file.as_ref()).unwrap_err();
    let line = error.to_string();
    assert!(!line.contains('\n'), "one line: {line}");
    line
}

#[test]
fn every_default_parses_and_lies_in_its_range() {
    let none: [&str; 0] = [];
    for setting in SETTINGS {
        let mut settings = Settings::default();
        let texts = if setting.default.is_empty() {
            vec![]
        } else {
            vec![setting.default.to_owned()]
        };
        (setting.put)(&mut settings, &texts)
            .unwrap_or_else(|problem| panic!("{}: {problem}", setting.field));
        assert_eq!(settings, Settings::default(), "{}", setting.field);
        assert!(setting.help_text().ends_with('.'), "{}", setting.field);
    }
    assert_eq!(
        Settings::from_sources(none, &[], None).unwrap(),
        Settings::default()
    );
}

#[test]
fn defaults_are_those_of_the_contract() {
    let settings = Settings::default();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:5000");
    assert_eq!(settings.registration, Registration::Open);
    assert_eq!(settings.limits.message_characters, 4000);
    assert_eq!(settings.limits.photo_bytes, 5 << 20);
    assert_eq!(settings.limits.photo_pixels, 40_000_000);
    assert_eq!(settings.limits.login_window, Duration::from_mins(15));
    assert_eq!(settings.limits.connect_timeout, Duration::from_secs(45));
}

#[test]
fn a_flag_wins_over_a_variable_over_the_file_over_the_default() {
    let environment = variables(&[
        ("PARLOR_SERVER_NAME", "variable"),
        ("PARLOR_PHOTO_BYTES", "2MiB"),
        ("PARLOR_LOG", ""),
    ]);
    let file =
        file("server-name = 'file'\nphoto-bytes = '3MiB'\nmessage-rate = 7\nlog = 'debug'\n");
    let settings =
        Settings::from_sources(["--server-name", "flag"], &environment, Some(&file)).unwrap();
    assert_eq!(settings.server_name, "flag");
    assert_eq!(settings.limits.photo_bytes, 2 << 20);
    assert_eq!(settings.limits.message_rate, 7);
    assert_eq!(
        settings.log, "debug",
        "an empty variable counts as not given"
    );
    assert_eq!(settings.limits.message_burst, 20);
}

#[test]
fn switches_and_lists_read_naturally_in_every_source() {
    let flags = Settings::from_sources(
        [
            "--plain-http",
            "--allowed-origin=https://a.example/",
            "--allowed-origin",
            "HTTP://b.example:80",
        ],
        &[],
        None,
    );
    let flags = flags.unwrap();
    assert!(flags.plain_http);
    assert_eq!(
        flags.allowed_origins,
        ["https://a.example", "http://b.example"]
    );
    let environment = variables(&[
        ("PARLOR_PLAIN_HTTP", "yes"),
        (
            "PARLOR_ALLOWED_ORIGIN",
            "https://a.example, https://b.example:8443",
        ),
    ]);
    let from_variables =
        Settings::from_sources(["--plain-http=false"], &environment, None).unwrap();
    assert!(!from_variables.plain_http);
    assert_eq!(
        from_variables.allowed_origins,
        ["https://a.example", "https://b.example:8443"]
    );
    let file = file("plain-http = true\nallowed-origin = ['https://a.example']\n");
    let none: [&str; 0] = [];
    let from_file = Settings::from_sources(none, &[], Some(&file)).unwrap();
    assert!(from_file.plain_http);
    assert_eq!(from_file.allowed_origins, ["https://a.example"]);
}

fn assert_refused(cases: &[(&[&str], &str, &str)]) {
    for (arguments, name, remedy) in cases {
        let line = refused(arguments, &[], None);
        assert!(
            line.starts_with(&format!("{name}: ")) && line.contains(remedy),
            "{arguments:?} gave: {line}"
        );
    }
}

#[test]
fn a_wrong_value_is_refused_in_one_line_that_names_its_flag() {
    assert_refused(&[
        (
            &["--listen", "localhost"],
            "--listen",
            "such as 127.0.0.1:5000",
        ),
        (
            &["--listen", "127.0.0.1:70000"],
            "--listen",
            "such as 127.0.0.1:5000",
        ),
        (&["--photo-bytes", "lots\nof them"], "--photo-bytes", "5MiB"),
        (
            &["--photo-bytes", "1B"],
            "--photo-bytes",
            "from 1KiB to 100MiB",
        ),
        (&["--header-timeout", "30"], "--header-timeout", "30s"),
        (
            &["--message-rate", "-1"],
            "--message-rate",
            "a whole number",
        ),
        (
            &["--message-rate", "2.5"],
            "--message-rate",
            "a whole number",
        ),
        (&["--readers", "0"], "--readers", "from 1 to 256"),
        (
            &["--registration", "maybe"],
            "--registration",
            "open, invite or closed",
        ),
        (&["--log", "info,=,"], "--log", "a level"),
        (&["--log-format", "xml"], "--log-format", "text or json"),
        (&["--plain-http=perhaps"], "--plain-http", "true or false"),
        (
            &["--allowed-origin", "https://a.example/path"],
            "--allowed-origin",
            "without a path",
        ),
        (
            &["--allowed-origin", "*"],
            "--allowed-origin",
            "https://chat.example.org",
        ),
        (&["--data-dir", ""], "--data-dir", "a folder"),
        (&["--server-name", " "], "--server-name", "1 to 64"),
    ]);
}

#[test]
fn flags_that_do_not_fit_together_are_refused() {
    assert_refused(&[
        (&["--photo-bytes", "7MiB"], "--body-bytes", "--photo-bytes"),
        (
            &["--name-min", "20", "--name-max", "10"],
            "--name-min",
            "--name-max",
        ),
        (&["--cert", "a.pem"], "--cert", "--key"),
        (&["--key", "a.pem"], "--key", "--cert"),
        (
            &["--smtp-server", "mail.example.org"],
            "--smtp-server",
            "--mail-from",
        ),
        (
            &["--smtp-server", "a.b", "--mail-from", "a@b.de"],
            "--smtp-server",
            "--public-url",
        ),
        (
            &["--cert", "a.pem", "--key", "b.pem", "--plain-http"],
            "--plain-http",
            "Leave out",
        ),
        (
            &["--redirect-http", "127.0.0.1:80", "--plain-http"],
            "--redirect-http",
            "Leave out",
        ),
    ]);
}

#[test]
fn what_is_no_setting_is_refused() {
    assert_refused(&[
        (&["--lissen", "127.0.0.1:1"], "--lissen", "--listen"),
        (
            &["--no-such-thing"],
            "--no-such-thing",
            "parlor serve --help",
        ),
        (&["--log", "info", "--log", "debug"], "--log", "Keep one"),
        (&["--photo-bytes"], "--photo-bytes", "needs a value"),
        (&["stray"], "stray", "parlor serve --help"),
    ]);
}

#[test]
fn a_wrong_variable_or_key_is_refused_in_one_line_that_names_it() {
    let line = refused(&[], &[("PARLOR_PHOTO_BYTES", "many")], None);
    assert!(line.starts_with("PARLOR_PHOTO_BYTES: "), "{line}");
    for (text, beginning) in [
        ("photo-bytes = 'many'", "parlor.toml: photo-bytes: "),
        (
            "photo_bytes = '5MiB'",
            "parlor.toml: photo_bytes: There is no such setting.",
        ),
        ("listen = ['127.0.0.1:1']", "parlor.toml: listen: "),
        (
            "[limits]\nphoto-bytes = '5MiB'",
            "parlor.toml: limits: There is no such setting.",
        ),
        ("session-days = 1979-05-27", "parlor.toml: session-days: "),
        (
            "listen = '127.0.0.1:1'\nlisten =",
            "parlor.toml: Line 2 is not TOML",
        ),
    ] {
        let line = refused(&[], &[], Some(text));
        assert!(line.starts_with(beginning), "{text:?} gave: {line}");
    }
}

#[test]
fn variables_of_an_orchestrator_are_told_apart_and_not_refused() {
    let environment = variables(&[
        ("PARLOR_PORT", "tcp://10.0.0.1:80"),
        ("PARLOR_LISTEN", "127.0.0.1:1"),
        ("PARLOR_CONFIG", "x"),
        ("HOME", "/"),
    ]);
    assert_eq!(unknown_variables(&environment), ["PARLOR_PORT"]);
    let none: [&str; 0] = [];
    assert_eq!(
        Settings::from_sources(none, &environment, None)
            .unwrap()
            .listen
            .port(),
        1
    );
}

#[test]
fn names_of_settings_are_unique() {
    let mut names: Vec<_> = SETTINGS.iter().map(Setting::name).collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn settings_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, reference()).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == reference(),
        "docs/settings.md is stale; run UPDATE_GENERATED=1 cargo test settings_reference"
    );
}

#[test]
fn a_provider_is_https_or_on_this_machine_and_comes_with_a_client_and_a_way_back() {
    let none = variables(&[]);
    let whole = |issuer| {
        let flags = [
            "--oidc-issuer",
            issuer,
            "--oidc-client-id",
            "parlor",
            "--public-url",
            "https://chat.example",
        ];
        Settings::from_sources(flags, &none, None)
    };
    for issuer in [
        "https://login.example.org",
        "https://login.example.org/realms/team/",
        "http://127.0.0.1:8080/a",
        "http://[::1]",
        "http://localhost:1",
    ] {
        let settings = whole(issuer).unwrap();
        assert_eq!(settings.oidc_issuer.as_deref(), Some(issuer));
    }
    for issuer in [
        "http://login.example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "https://login.example.org?x",
        "https://login.example.org/#x",
        "https://a@login.example.org",
        "https://",
        "login.example.org",
    ] {
        assert!(whole(issuer).is_err(), "{issuer}");
    }
    for flags in [
        vec!["--oidc-issuer", "https://login.example.org"],
        vec![
            "--oidc-issuer",
            "https://login.example.org",
            "--oidc-client-id",
            "parlor",
        ],
    ] {
        let error = Settings::from_sources(flags, &none, None).unwrap_err();
        assert!(error.to_string().contains("--oidc-issuer"), "{error}");
    }
}
