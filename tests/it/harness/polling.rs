//! A client that only polls, and sees every payload as it is.

use reqwest::StatusCode;

use super::{client, within};

/// An Engine.IO session over polling.
pub(crate) struct Polling {
    http: reqwest::Client,
    url: String,
}

impl Polling {
    /// Opens a session with the server at this origin, in this version of Engine.IO.
    pub(crate) async fn open(base: &str, version: u8) -> Self {
        let http = client().build().unwrap();
        let url = format!("{base}/socket.io/?EIO={version}&transport=polling");
        let opened = http.get(&url).send().await.unwrap();
        let opened = opened.error_for_status().unwrap().text().await.unwrap();
        let session = opened.split("\"sid\":\"").nth(1).unwrap();
        let session = session.split('"').next().unwrap();
        Self {
            http,
            url: format!("{url}&sid={session}"),
        }
    }

    /// The packets that wait, in the order in which they came, or why there is no answer.
    pub(crate) async fn poll(&self) -> Result<String, reqwest::Error> {
        let answer = self.http.get(&self.url).send().await?;
        answer.error_for_status()?.text().await
    }

    /// Polls until `text` stands in an answer.
    pub(crate) async fn poll_for(&self, text: &str) {
        while !self.poll().await.unwrap().contains(text) {}
    }

    /// Sends a payload of text.
    pub(crate) async fn send(&self, payload: impl Into<reqwest::Body>) -> StatusCode {
        self.send_as("text/plain;charset=UTF-8", payload).await
    }

    /// Sends a payload of this type.
    pub(crate) async fn send_as(
        &self,
        kind: &str,
        payload: impl Into<reqwest::Body>,
    ) -> StatusCode {
        let request = self.http.post(&self.url).header("content-type", kind);
        let answer = within("an answer", request.body(payload).send()).await;
        answer.unwrap().status()
    }
}
