//! Somebody with an account, and what they use: browsers, scripts, sockets.

use serde_json::json;

use super::{Browser, Connect, Script, Socket};

/// Somebody with an account.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) id: i64,
    base: String,
    script: Script,
}

impl Person {
    /// Registers somebody by JSON.
    pub(crate) async fn register(base: &str, name: &str) -> Self {
        let email = format!("{name}@example.org");
        let password = format!("{name} keeps a secret");
        let user = json!({ "name": name, "email": email, "password": password });
        let nobody = Script::new(base, None);
        nobody.post("/users", &user).await.expect(201);
        Self::logged_in(base, name).await
    }

    /// Logs somebody in who has an account with the password that [`Person::register`] gives.
    pub(crate) async fn logged_in(base: &str, name: &str) -> Self {
        Self::by_password(base, name, &format!("{name} keeps a secret")).await
    }

    /// Logs somebody in by this password.
    pub(crate) async fn by_password(base: &str, name: &str, password: &str) -> Self {
        let email = format!("{name}@example.org");
        let login = json!({ "login": name, "password": password });
        let made = Script::new(base, None).post("/tokens", &login).await;
        let made = made.expect(201);
        let token = made["token"].as_str().unwrap().to_owned();
        Self {
            name: name.to_owned(),
            email,
            password: password.to_owned(),
            id: made["user"]["id"].as_i64().unwrap(),
            base: base.to_owned(),
            script: Script::new(base, Some(token)),
        }
    }

    /// A browser in which this person has just logged in.
    pub(crate) async fn browser(&self) -> Browser {
        let browser = Browser::new(&self.base, None);
        let fields = [("login", self.name.as_str()), ("password", &self.password)];
        browser
            .submit("/login", "/login", &fields)
            .await
            .leads_to("/");
        browser
    }

    /// A script that speaks by a token of this person.
    pub(crate) fn api(&self) -> &Script {
        &self.script
    }

    /// A new token of this person, and a script that speaks by it.
    pub(crate) async fn another_script(&self) -> Script {
        let login = json!({ "login": self.email, "password": self.password });
        let made = Script::new(&self.base, None).post("/tokens", &login).await;
        let token = made.expect(201)["token"].as_str().unwrap().to_owned();
        Script::new(&self.base, Some(token))
    }

    /// How a socket of this person connects, for whoever wants to add to it.
    pub(crate) fn connect(&self) -> Connect {
        Connect::to(&self.base).auth(json!({ "token": self.script.token() }))
    }

    /// A socket that is connected and has heard `ready`.
    pub(crate) async fn socket(&self) -> Socket {
        self.connect().open().await.unwrap()
    }

    /// A socket that listens to a room.
    pub(crate) async fn listening(&self, room: &str) -> Socket {
        let mut socket = self.socket().await;
        socket.join(room).await;
        socket
    }
}
