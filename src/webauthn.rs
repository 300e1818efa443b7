//! Passkeys as the standard has them (W3C Web Authentication, level 3): what a browser is asked, and whether its answer
//! holds. Every answer needs the person's fingerprint, face or PIN at the device (user verification), so that it shows what
//! they have and who they are at once. Nothing is kept here.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use webauthn_rs::prelude::{
    Credential, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

/// What a browser is handed: `publicKey` of `navigator.credentials.create` or `.get`, its bytes in base64url.
pub type Options = Map<String, Value>;

/// Why a server cannot have passkeys under an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is reached by a number: passkeys belong to a name (section 5.1.2 asks for a valid domain).
    #[error("passkeys belong to a name, and this server is reached by a number")]
    Number,
    /// Browsers have passkeys on pages that come by HTTPS only, and on `localhost`.
    #[error("browsers have passkeys on pages that come by HTTPS only")]
    Plain,
}

/// Why an answer does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is no answer of a browser.
    #[error("it cannot be read: {0}")]
    Unreadable(#[source] serde_json::Error),
    /// The passkey counts how often it was used, and has counted backwards: there may be a copy of it.
    #[error("its counter went back, so there may be a copy of it")]
    Copied,
    /// Challenge, origin, signature or user verification are not as they should be.
    #[error("it does not hold: {0}")]
    Wrong(#[source] WebauthnError),
}

/// A server under one address (in the standard, a relying party).
#[derive(Debug, Clone)]
pub struct Party {
    webauthn: Webauthn,
    name: String,
}

/// A passkey that is being made: what its answer is held to.
#[derive(Debug, Clone)]
pub struct Making(PasskeyRegistration);

/// A passkey that was asked for: what its answer is held to.
#[derive(Debug, Clone)]
pub struct Asking(DiscoverableAuthentication);

/// A passkey as its answer left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its id, which the device chose.
    pub credential_id: Vec<u8>,
    /// Its public key and what is known of it, as JSON.
    pub credential: String,
    /// How often it says it was used; 0 for one that does not count.
    pub sign_count: u32,
    /// Whether it is kept in more places than one device.
    pub backed_up: bool,
}

/// The answer of a browser that was asked for a passkey, before it is known to hold.
#[derive(Debug)]
pub struct Answer(PublicKeyCredential);

impl Answer {
    /// Reads it.
    ///
    /// # Errors
    /// [`Refused::Unreadable`].
    pub fn read(json: &str) -> Result<Self, Refused> {
        serde_json::from_str(json)
            .map(Self)
            .map_err(Refused::Unreadable)
    }

    /// The id of the passkey that it claims to be of.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        self.0.get_credential_id()
    }

    /// Whom the device says that it belongs to, where it says so.
    #[must_use]
    pub fn handle(&self) -> Option<&[u8]> {
        self.0.get_user_unique_id()
    }
}

impl Party {
    /// The server that calls itself `title` and is reached at `url` (`https://chat.example`).
    ///
    /// # Errors
    /// Where it cannot have passkeys.
    pub fn new(title: &str, url: &str) -> Result<Self, Unfit> {
        let url = Url::parse(url).map_err(|_| Unfit::Number)?;
        let name = url.domain().ok_or(Unfit::Number)?.to_owned();
        let local = name == "localhost" || name.ends_with(".localhost");
        if url.scheme() != "https" && !local {
            return Err(Unfit::Plain);
        }
        let builder = WebauthnBuilder::new(&name, &url).map_err(|_| Unfit::Number)?;
        let webauthn = builder.rp_name(title).build().map_err(|_| Unfit::Number)?;
        Ok(Self { webauthn, name })
    }

    /// The name that its passkeys belong to (in the standard, the relying party's id).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a browser is to make a passkey by, for the person called `person`, whom devices know by `handle`; not on a
    /// device that has one of `known`, the ids of those that there are.
    ///
    /// # Errors
    /// When the library cannot make it.
    pub fn make(
        &self,
        handle: [u8; 16],
        person: &str,
        known: Vec<Vec<u8>>,
    ) -> Result<(Options, Making), WebauthnError> {
        let (options, state) = self.webauthn.start_passkey_registration(
            Uuid::from_bytes(handle),
            person,
            person,
            Some(known),
        )?;
        let mut options = public_key(&options);
        // A login without a name needs a passkey that the device finds by itself.
        if let Some(Value::Object(wanted)) = options.get_mut("authenticatorSelection") {
            wanted.insert("residentKey".to_owned(), json!("required"));
            wanted.insert("requireResidentKey".to_owned(), json!(true));
        }
        Ok((options, Making(state)))
    }

    /// The passkey that was made.
    ///
    /// # Errors
    /// When the answer does not hold.
    pub fn made(&self, making: &Making, json: &str) -> Result<Made, Refused> {
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(json).map_err(Refused::Unreadable)?;
        let passkey = self
            .webauthn
            .finish_passkey_registration(&answer, &making.0);
        Ok(kept(&passkey.map_err(refused)?))
    }

    /// What a browser is to ask its devices for: one of the passkeys with the ids `known`, or any for this server where
    /// that is empty.
    ///
    /// # Errors
    /// When the library cannot make it.
    pub fn ask(&self, known: &[Vec<u8>]) -> Result<(Options, Asking), WebauthnError> {
        let (options, state) = self.webauthn.start_discoverable_authentication()?;
        let mut options = public_key(&options);
        let known = known
            .iter()
            .map(|id| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(id) }));
        options.insert("allowCredentials".to_owned(), known.collect());
        Ok((options, Asking(state)))
    }

    /// The passkey as it is after this answer of it, which was `credential` before.
    ///
    /// # Errors
    /// When the answer does not hold.
    pub fn answered(
        &self,
        asking: Asking,
        answer: &Answer,
        credential: &str,
    ) -> Result<Made, Refused> {
        let mut passkey: Passkey = serde_json::from_str(credential).map_err(Refused::Unreadable)?;
        let webauthn = &self.webauthn;
        let found = webauthn.finish_discoverable_authentication_v2(&answer.0, asking.0, &passkey);
        passkey.update_credential(&found.map_err(refused)?);
        Ok(kept(&passkey))
    }
}

fn refused(error: WebauthnError) -> Refused {
    match error {
        WebauthnError::CredentialPossibleCompromise => Refused::Copied,
        error => Refused::Wrong(error),
    }
}

fn kept(passkey: &Passkey) -> Made {
    let known = Credential::from(passkey.clone());
    Made {
        credential_id: known.cred_id,
        credential: serde_json::to_string(passkey).expect("a passkey is plain data"),
        sign_count: known.counter,
        backed_up: known.backup_state,
    }
}

/// The part of the library's options that browsers take as JSON (section 5.1.8 and the next).
fn public_key(options: &impl serde::Serialize) -> Options {
    match serde_json::to_value(options).map(|mut all| all["publicKey"].take()) {
        Ok(Value::Object(options)) => options,
        _ => unreachable!("the library's options hold one object"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_https() {
        let name = |url| Party::new("Parlor", url).map(|party| party.name().to_owned());
        for (url, expected) in [
            ("https://chat.example", Ok("chat.example")),
            ("https://Chat.Example:8443", Ok("chat.example")),
            ("https://localhost:5000", Ok("localhost")),
            ("http://localhost:5000", Ok("localhost")),
            ("http://parlor.localhost:5000", Ok("parlor.localhost")),
            ("http://chat.example", Err(Unfit::Plain)),
            ("http://notlocalhost", Err(Unfit::Plain)),
            ("https://127.0.0.1:5000", Err(Unfit::Number)),
            ("https://[::1]:5000", Err(Unfit::Number)),
            ("https://", Err(Unfit::Number)),
        ] {
            assert_eq!(name(url), expected.map(str::to_owned), "{url}");
        }
    }

    #[test]
    fn a_browser_is_asked_for_verified_passkeys_that_it_finds_by_itself() {
        let party = Party::new("Parlor", "https://chat.example").expect("a party");
        let (made, _) = party
            .make([7; 16], "anna", vec![vec![1, 2, 3]])
            .expect("options");
        assert_eq!(
            made["rp"],
            json!({ "name": "Parlor", "id": "chat.example" })
        );
        let wanted = &made["authenticatorSelection"];
        assert_eq!(wanted["residentKey"], "required");
        assert_eq!(wanted["userVerification"], "required");
        assert_eq!(made["excludeCredentials"][0]["id"], "AQID");
        assert_eq!(made["attestation"], "none");
        let (asked, _) = party.ask(&[]).expect("options");
        assert_eq!(asked["rpId"], "chat.example");
        assert_eq!(asked["userVerification"], "required");
        assert_eq!(asked["allowCredentials"], json!([]));
        let (again, _) = party.ask(&[vec![1, 2, 3]]).expect("options");
        assert_eq!(again["allowCredentials"][0]["id"], "AQID");
        assert_ne!(asked["challenge"], again["challenge"]);
    }
}
