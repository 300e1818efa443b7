//! Parlor's accounts, rooms and first messages, made once over its HTTP API; each run starts with a copy.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use reqwest::{
    Client, StatusCode,
    header::ORIGIN,
    multipart::{Form, Part},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    contenders::{Contender, Kit},
    server::Server,
};

/// How many people there are: some sockets each, as people have devices.
const PEOPLE: usize = 100;
/// As many as the largest scenario has rooms.
const ROOMS: usize = 100;
/// What the measured page shows.
const MESSAGES: usize = 50;
/// Who looks at it, and to how many rooms they belong beside the lobby: as many as people commonly do. Person 0 made all
/// rooms and belongs to each of them.
const READER: usize = 1;
const ROOMS_OF_READER: usize = 10;
const PASSWORD: &str = "seven wet geese on a bench";
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// What Parlor knows before a run begins.
pub(crate) struct Site {
    folder: TempDir,
    /// One bearer token a person.
    pub(crate) tokens: Vec<String>,
    /// The codes of the rooms, all public.
    pub(crate) rooms: Vec<String>,
    /// A browser that is logged in: its `Cookie` header.
    pub(crate) cookie: String,
}

impl Site {
    /// Makes it, with a server that is stopped afterwards.
    ///
    /// # Errors
    /// What Parlor refused.
    pub(crate) async fn make(kit: &Kit) -> Result<Self> {
        let folder = TempDir::with_prefix_in("site-", &kit.work)?;
        let command = kit.command(Contender::Parlor, folder.path(), false);
        let server = Server::start(command, folder.path(), None, kit.cores).await?;
        let api = Api::new(&server)?;
        let mut tokens = Vec::with_capacity(PEOPLE);
        for number in 0..PEOPLE {
            tokens.push(api.person(number).await?);
        }
        let mut rooms = Vec::with_capacity(ROOMS);
        for number in 0..ROOMS {
            rooms.push(api.room(&tokens[0], number).await?);
        }
        for number in 0..MESSAGES {
            api.message(&tokens[0], &rooms[0], number).await?;
        }
        for room in &rooms[..ROOMS_OF_READER] {
            api.join(&tokens[READER], room).await?;
        }
        let cookie = api.log_in(READER).await?;
        server.stop().await?;
        Ok(Self {
            folder,
            tokens,
            rooms,
            cookie,
        })
    }

    /// Copies the data folder.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn copy_to(&self, folder: &Path) -> Result<()> {
        copy(self.folder.path(), folder)
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&there)?;
            copy(&entry.path(), &there)?;
        } else {
            fs::copy(entry.path(), there)?;
        }
    }
    Ok(())
}

/// Parlor's HTTP API.
pub(crate) struct Api {
    http: Client,
    url: String,
}

impl Api {
    /// Of a running server.
    ///
    /// # Errors
    /// When no client can be made.
    pub(crate) fn new(server: &Server) -> Result<Self> {
        Ok(Self {
            http: http()?,
            url: server.url.clone(),
        })
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, token: &str, body: Value) -> Result<T> {
        let request = self
            .http
            .post(format!("{}/api/v1{path}", self.url))
            .json(&body);
        let request = if token.is_empty() {
            request
        } else {
            request.bearer_auth(token)
        };
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(
            status == StatusCode::CREATED,
            "POST {path} was answered {status}: {text:.500}"
        );
        Ok(serde_json::from_str(&text)?)
    }

    /// Registers somebody; a token.
    async fn person(&self, number: usize) -> Result<String> {
        let name = format!("person{number}");
        let email = format!("{name}@example.org");
        let account = json!({ "name": name, "email": email, "password": PASSWORD });
        let _account: Value = self.post("/users", "", account).await?;
        let login = json!({ "login": name, "password": PASSWORD });
        let made: Value = self.post("/tokens", "", login).await?;
        text(&made["token"])
    }

    async fn room(&self, token: &str, number: usize) -> Result<String> {
        let room = json!({ "name": format!("Room {number}"), "visibility": "public" });
        let made: Value = self.post("/rooms", token, room).await?;
        text(&made["room"]["room"])
    }

    /// Makes the token's person a member of a public room.
    ///
    /// # Errors
    /// What Parlor refused.
    pub(crate) async fn join(&self, token: &str, room: &str) -> Result<()> {
        let joined = self
            .http
            .post(format!("{}/api/v1/rooms/{room}/join", self.url));
        let joined = joined.bearer_auth(token).json(&json!({})).send().await?;
        joined.error_for_status()?;
        Ok(())
    }

    /// How far a room's changes are counted.
    ///
    /// # Errors
    /// What Parlor refused.
    pub(crate) async fn seq(&self, token: &str, room: &str) -> Result<i64> {
        let asked = self.http.get(format!("{}/api/v1/rooms/{room}", self.url));
        let answer = asked.bearer_auth(token).send().await?.error_for_status()?;
        let answer: Value = answer.json().await?;
        let seq = answer["room"]["last_seq"].as_i64();
        seq.context("a room has a last_seq")
    }

    /// Sends a message.
    ///
    /// # Errors
    /// What Parlor refused.
    pub(crate) async fn message(&self, token: &str, room: &str, number: usize) -> Result<()> {
        let data = format!(
            "Message {number} of the page that is measured, as long as people's messages commonly are."
        );
        let path = format!("/rooms/{room}/messages");
        let _message: Value = self.post(&path, token, json!({ "data": data })).await?;
        Ok(())
    }

    /// Uploads a file for a message; what Parlor says of it.
    ///
    /// # Errors
    /// What Parlor refused.
    pub(crate) async fn upload(
        &self,
        token: &str,
        name: &'static str,
        bytes: Vec<u8>,
    ) -> Result<Value> {
        let form = Form::new().part("file", Part::bytes(bytes).file_name(name));
        let request = self.http.post(format!("{}/api/v1/uploads", self.url));
        let answer = request.bearer_auth(token).multipart(form).send().await?;
        let mut kept: Value = answer.error_for_status()?.json().await?;
        Ok(kept["attachment"].take())
    }

    /// Logs somebody in by the form, as a browser does; the cookie.
    async fn log_in(&self, number: usize) -> Result<String> {
        let url = format!("{}/login", self.url);
        let page = self.http.get(&url).send().await?.error_for_status()?;
        let page = page.text().await?;
        let hidden = page
            .split("<input")
            .skip(1)
            .filter(|input| input.contains(r#"type="hidden""#))
            .filter_map(|input| Some((quoted(input, "name")?, quoted(input, "value")?)));
        let mut form: Vec<(&str, &str)> = hidden.collect();
        let name = format!("person{number}");
        form.extend([("login", name.as_str()), ("password", PASSWORD)]);
        let answer = self
            .http
            .post(&url)
            .header(ORIGIN, &self.url)
            .form(&form)
            .send()
            .await?;
        let status = answer.status();
        ensure!(
            status == StatusCode::SEE_OTHER,
            "logging in was answered {status}"
        );
        let cookies = answer.cookies();
        let session = cookies.map(|cookie| format!("{}={}", cookie.name(), cookie.value()));
        Ok(session.collect::<Vec<_>>().join("; "))
    }
}

/// A client that follows no redirect, keeps cookies, and waits for no answer longer than half a minute.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn http() -> Result<Client> {
    let client = Client::builder()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(ANSWERS_WITHIN);
    Ok(client.build()?)
}

fn quoted<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn text(json: &Value) -> Result<String> {
    Ok(json
        .as_str()
        .context("Parlor answers with a text here")?
        .to_owned())
}
