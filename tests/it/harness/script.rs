//! A script: makes JSON calls with a bearer token, or with none.

use reqwest::Method;
use serde_json::Value;

use super::{Answer, client};

/// Somebody's script.
#[derive(Clone)]
pub(crate) struct Script {
    base: String,
    token: Option<String>,
    client: reqwest::Client,
}

impl Script {
    /// A script that speaks by this token.
    pub(crate) fn new(base: &str, token: Option<String>) -> Self {
        let client = client().build().unwrap();
        Self {
            base: base.to_owned(),
            token,
            client,
        }
    }

    /// The token.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().expect("this script has a token")
    }

    /// A call, for whoever wants to add to it; paths begin below `/api/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// `GET`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// `DELETE`.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// `POST` with a body.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// `PATCH` with a body.
    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(body)).await
    }

    /// `PUT` with bytes of this type.
    pub(crate) async fn put(&self, path: &str, kind: &str, bytes: &[u8]) -> Answer {
        let request = self.request(Method::PUT, path);
        let request = request.header("content-type", kind).body(bytes.to_vec());
        Answer::of(request).await
    }

    /// Says something; answers with the whole body.
    pub(crate) async fn say(&self, room: &str, text: &str) -> Value {
        let body = serde_json::json!({ "data": text });
        let answer = self.post(&format!("/rooms/{room}/messages"), &body).await;
        answer.expect(201)
    }

    /// The texts of the newest messages of a room, 200 at most.
    pub(crate) async fn read(&self, room: &str) -> Vec<String> {
        let answer = self
            .get(&format!("/rooms/{room}/messages?limit=200"))
            .await
            .expect(200);
        let texts = super::texts(&answer["messages"]).into_iter();
        texts.map(str::to_owned).collect()
    }

    /// Opens a room; answers with its code.
    pub(crate) async fn open_room(&self, name: &str) -> String {
        let body = serde_json::json!({ "name": name });
        let made = self.post("/rooms", &body).await.expect(201);
        made["room"]["room"].as_str().unwrap().to_owned()
    }

    /// Becomes a member of a room.
    pub(crate) async fn join(&self, room: &str) {
        let path = format!("/rooms/{room}/join");
        self.post(&path, &serde_json::json!({})).await.is(200);
    }
}
