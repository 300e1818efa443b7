//! An answer to an HTTP request, read to its end.

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::within;

/// Status, headers and body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// Sends a request and reads what comes back.
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let read = async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let bytes = response.bytes().await.unwrap().to_vec();
            Self {
                status,
                headers,
                bytes,
            }
        };
        within("an answer", read).await
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("a body of text")
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{} {error}: {:?}", self.status, self.text()))
    }

    /// A header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The whole `Set-Cookie` line for this cookie.
    pub(crate) fn set_cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all("set-cookie").iter();
        lines
            .map(|line| line.to_str().unwrap())
            .find(|line| line.split('=').next() == Some(name))
    }

    /// The JSON body, of an answer that has this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        self.is(status);
        self.json()
    }

    /// Holds the answer to a status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        let body = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{body:.600}");
        self
    }

    /// Holds the answer to a redirect (303) to this path.
    #[track_caller]
    pub(crate) fn leads_to(&self, path: &str) -> &Self {
        self.is(303);
        assert_eq!(self.header("location"), path);
        self
    }

    /// Status and error code of a refused JSON call.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let code = self.json()["error"]["code"].as_str().map(str::to_owned);
        (self.status, code.expect("a refusal has a code"))
    }
}
