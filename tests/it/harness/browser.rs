//! A browser with scripts off: keeps cookies, reads pages, sends their forms, follows no redirect by itself.

use std::{net::IpAddr, sync::Arc};

use reqwest::{
    Method, Url,
    cookie::{CookieStore, Jar},
    multipart,
};

use super::{Answer, client};

/// One browser.
#[derive(Clone)]
pub(crate) struct Browser {
    base: String,
    jar: Arc<Jar>,
    client: reqwest::Client,
}

impl Browser {
    /// A browser that has never been here, at this machine's address `from`.
    pub(crate) fn new(base: &str, from: Option<IpAddr>) -> Self {
        let jar = Arc::new(Jar::default());
        let client = client()
            .cookie_provider(Arc::clone(&jar))
            .local_address(from)
            .build()
            .unwrap();
        Self {
            base: base.to_owned(),
            jar,
            client,
        }
    }

    /// A request of this browser, for whoever wants to add to it.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// The `Cookie` header as it would be sent now.
    pub(crate) fn cookie(&self) -> String {
        let url = Url::parse(&self.base).unwrap();
        let header = self.jar.cookies(&url);
        header.map_or_else(String::new, |header| header.to_str().unwrap().to_owned())
    }

    /// The value of one cookie.
    pub(crate) fn cookie_value(&self, name: &str) -> Option<String> {
        let header = self.cookie();
        let mut pairs = header.split("; ").filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// The CSRF token on a page.
    pub(crate) async fn csrf(&self, page: &str) -> String {
        let answer = self.get(page).await;
        answer.is(200);
        field(answer.text(), "csrf").expect("the page has a form")
    }

    /// Opens `page` and sends the form on it that goes to `action`.
    pub(crate) async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf(page).await;
        let mut form = fields.to_vec();
        if fields.iter().all(|(name, _)| *name != "csrf") {
            form.push(("csrf", &csrf));
        }
        self.post(action, &form).await
    }

    /// Sends exactly these fields from an own page.
    pub(crate) async fn post(&self, action: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::POST, action);
        Answer::of(request.header("origin", &self.base).form(form)).await
    }

    /// Sends a photo by the form of the profile.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        let csrf = self.csrf("/profile").await;
        let file = multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form = multipart::Form::new()
            .text("csrf", csrf)
            .part("photo", file);
        let request = self.request(Method::POST, "/profile/photo");
        Answer::of(request.header("origin", &self.base).multipart(form)).await
    }

    /// Says something by the form of a room, as a browser does that resends with the same `client_id`.
    pub(crate) async fn say(&self, room: &str, text: &str, client_id: &str) -> Answer {
        let path = format!("/room/{room}");
        self.submit(&path, &path, &[("data", text), ("client_id", client_id)])
            .await
    }
}

/// The value of the first field with this name on a page.
pub(crate) fn field(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\""))?;
    let (tag, _) = rest.split_once('>')?;
    let (_, value) = tag.split_once("value=\"")?;
    value.split('"').next().map(unescape)
}

/// The value of the field with this id on a page.
pub(crate) fn field_of(page: &str, id: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("id=\"{id}\""))?;
    let (tag, _) = rest.split_once('>')?;
    let (_, value) = tag.split_once("value=\"")?;
    value.split('"').next().map(unescape)
}

/// The text that a page's HTML shows.
pub(crate) fn unescape(html: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&gt;", ">"),
        ("&#62;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
        ("&#38;", "&"),
    ];
    entities
        .iter()
        .fold(html.to_owned(), |text, (entity, plain)| {
            text.replace(entity, plain)
        })
}
