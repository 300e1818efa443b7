//! What people and programs send by mistake or on purpose: one table over forms, JSON, events, files and settings.
//! Each case holds the status or code, the field at fault, and that the message says what to do.

// A table is read by its rows: one a line.
#[rustfmt::skip]
mod calls;
#[rustfmt::skip]
mod changes;
#[rustfmt::skip]
mod events;
#[rustfmt::skip]
mod files;
#[rustfmt::skip]
mod forms;
#[rustfmt::skip]
mod rooms;
#[rustfmt::skip]
mod settings;
#[rustfmt::skip]
mod uploads;

use std::{
    fmt::Debug,
    io::{self, Write},
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Person, Script, Socket, TestServer, refusal, unescape};

/// Status, field and words that a case expects.
type Expected = (u16, &'static str, &'static str);

/// One row of the table.
struct Case {
    /// What is wrong.
    what: &'static str,
    /// How it is sent.
    how: How,
    /// The HTTP status; for an event what stands for its code ([`parlor::error::Code::status`]).
    status: u16,
    /// The field at fault; empty where none is.
    field: &'static str,
    /// Words in the message.
    says: &'static str,
}

/// How something bad is sent.
enum How {
    /// By the form on a page, by a visitor or by Anna.
    Form {
        anna: bool,
        page: &'static str,
        action: &'static str,
        fields: Vec<(&'static str, String)>,
    },
    /// By a request of a browser, by Anna, that is not made of a page's form.
    Page {
        method: Method,
        path: &'static str,
        kind: &'static str,
        body: Vec<u8>,
    },
    /// By a JSON call, with Anna's token or this one.
    Call {
        token: Option<&'static str>,
        method: Method,
        path: &'static str,
        kind: &'static str,
        body: Vec<u8>,
    },
    /// By an event of Anna's socket; the text is what follows the event's name.
    Event {
        event: &'static str,
        payload: String,
    },
    /// By the form for Anna's photo.
    Photo { name: &'static str, bytes: Vec<u8> },
    /// By starting the program; the field is the setting, the file is `parlor.toml`.
    Start {
        arguments: Vec<&'static str>,
        variables: Vec<(&'static str, &'static str)>,
        file: &'static str,
    },
}

/// What came back.
#[derive(Debug)]
struct Told {
    status: u16,
    field: String,
    message: String,
}

struct World {
    server: TestServer,
    visitor: Browser,
    anna: Browser,
    script: Script,
    socket: Socket,
}

impl World {
    async fn new() -> Self {
        let unlimited = |settings: &mut parlor::config::Settings| {
            settings.limits.login_failures_per_account = 0;
            settings.limits.login_failures_per_address = 0;
        };
        let server = TestServer::builder().setting(unlimited).start().await;
        let anna: Person = server.person("anna").await;
        server.person("ben").await;
        Self {
            visitor: server.visitor(),
            anna: anna.browser().await,
            script: anna.api().clone(),
            socket: anna.socket().await,
            server,
        }
    }

    async fn send(&mut self, case: &Case) -> Told {
        match &case.how {
            How::Form {
                anna,
                page,
                action,
                fields,
            } => {
                let browser = if *anna { &self.anna } else { &self.visitor };
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let answer = browser.submit(page, action, &fields).await;
                for (_, password) in fields
                    .iter()
                    .filter(|(name, value)| name.ends_with("password") && value.len() > 3)
                {
                    assert!(
                        !answer.text().contains(password),
                        "{}: the page repeats the password",
                        case.what
                    );
                }
                page_told(&answer, case.field)
            }
            How::Page {
                method,
                path,
                kind,
                body,
            } => {
                let request = self.anna.request(method.clone(), path).body(body.clone());
                page_told(
                    &Answer::of(request.header("content-type", *kind)).await,
                    case.field,
                )
            }
            How::Photo { name, bytes } => {
                page_told(&self.anna.upload(name, bytes).await, case.field)
            }
            How::Call {
                token,
                method,
                path,
                kind,
                body,
            } => {
                let script = match token {
                    Some(token) => &Script::new(self.server.base(), Some((*token).to_owned())),
                    None => &self.script,
                };
                let request = script.request(method.clone(), path).body(body.clone());
                let answer = Answer::of(request.header("content-type", *kind)).await;
                told(answer.status, &answer.json()["error"])
            }
            How::Event { event, payload } => {
                let ack = self.socket.call_raw(event, payload).await;
                let code = ack["error"]["code"].as_str().expect(case.what);
                told(status_of(code), &ack["error"])
            }
            How::Start {
                arguments,
                variables,
                file,
            } => started(case, arguments, variables, file),
        }
    }
}

/// The status that stands for a code.
fn status_of(code: &str) -> u16 {
    let known = parlor::error::Code::ALL.into_iter();
    known
        .clone()
        .find(|known| known.as_str() == code)
        .expect("a code of the contract")
        .status()
}

fn told(status: u16, error: &Value) -> Told {
    let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let code = text("code");
    let special = [405, 415].contains(&status);
    assert!(special || status_of(&code) == status, "{status} {code}");
    Told {
        status,
        field: text("field"),
        message: text("message"),
    }
}

/// What a page says about a field, about its form, or about the request as a whole.
fn page_told(answer: &Answer, field: &str) -> Told {
    let page = answer.text();
    let at_fault = |tag: &&str| {
        tag.starts_with(&format!("name=\"{field}\"")) && tag.contains("aria-invalid=\"true\"")
    };
    let named = page
        .match_indices("name=\"")
        .map(|(at, _)| page[at..].split('>').next().unwrap())
        .find(at_fault)
        .and_then(|tag| tag.split_once("aria-describedby=\"")?.1.split('"').next());
    let message = match named {
        Some(id) => inner(page, &format!("id=\"{id}\"")),
        None => inner(page, "class=\"form-error\"").or_else(|| inner(page, "class=\"lead\"")),
    };
    let field = named.map_or("", |_| field).to_owned();
    Told {
        status: answer.status,
        field,
        message: message.unwrap_or_default(),
    }
}

/// The text of the first element with this attribute.
fn inner(page: &str, attribute: &str) -> Option<String> {
    let (_, rest) = page.split_once(attribute)?;
    let (_, rest) = rest.split_once('>')?;
    Some(unescape(rest.split('<').next()?.trim()))
}

/// Exit status 2, and one line: which setting, what is wrong, what to do.
fn started(case: &Case, arguments: &[&str], variables: &[(&str, &str)], file: &str) -> Told {
    let folder = tempfile::tempdir().unwrap();
    if !file.is_empty() {
        std::fs::write(folder.path().join("parlor.toml"), file).unwrap();
    }
    std::fs::write(folder.path().join("a-file"), "no certificate").unwrap();
    let (status, text) = refusal(folder.path(), arguments, variables);
    let line = text.strip_suffix('\n').unwrap_or(&text);
    assert_eq!(
        (status, line.lines().count()),
        (Some(2), 1),
        "{}: {text}",
        case.what
    );
    let line = line.strip_prefix("parlor: ").expect("it says who speaks");
    let (field, message) = line.split_at_checked(case.field.len()).expect(line);
    Told {
        status: 2,
        field: field.to_owned(),
        message: message.trim_start_matches(": ").to_owned(),
    }
}

/// Whether a message is made of short sentences that a person can act upon.
fn helps(message: &str) -> bool {
    let words = message.split_whitespace().count();
    message.ends_with(['.', '?']) && !message.contains('!') && (3..=60).contains(&words)
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_words_that_help() {
    let mut table: Vec<Case> = forms::cases();
    table.extend(calls::cases());
    table.extend(changes::cases());
    table.extend(events::cases());
    table.extend(rooms::cases());
    table.extend(files::cases());
    table.extend(uploads::cases());
    table.extend(settings::cases());
    let mut world = World::new().await;
    let mut failed = Vec::new();
    for case in &table {
        let told = world.send(case).await;
        let fits = (told.status, told.field.as_str()) == (case.status, case.field);
        if !fits || !told.message.contains(case.says) || !helps(&told.message) {
            failed.push(format!(
                "{}: expected {} {:?} {:?}, got {told:?}",
                case.what, case.status, case.field, case.says
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {}:\n{}",
        failed.len(),
        table.len(),
        failed.join("\n")
    );
    assert!(table.len() >= 60);
    world.script.get("/me").await.is(200);
    assert_eq!(
        world.script.read("lobby").await,
        [""; 0],
        "nothing of it was stored"
    );
    report(table.len());
}

/// Says how many cases there are, also when the tests pass.
fn report(cases: usize) {
    let line = format!("bad input: {cases} cases\n");
    io::stdout().write_all(line.as_bytes()).unwrap();
}

/// `n` times the same letter.
fn long(n: usize) -> String {
    "x".repeat(n)
}

/// A JSON body.
fn body(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// The payload of a message for the lobby.
fn lobby(data: &str) -> Value {
    json!({ "room": "lobby", "data": data })
}
