//! A device that makes passkeys and answers with them, and the browser between it and the server.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Flags of what the device says (W3C Web Authentication, section 6.1).
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// A device with one passkey, in a browser on a page of `origin`.
pub(crate) struct Device {
    key: EcdsaKeyPair,
    /// The passkey's id.
    pub(crate) id: Vec<u8>,
    handle: Vec<u8>,
    /// How often the passkey was used; one that stays at 0 does not count.
    pub(crate) count: u32,
    /// Whether it asks for a fingerprint, a face or a PIN.
    pub(crate) verifies: bool,
    /// Where the browser is.
    pub(crate) origin: String,
}

impl Device {
    /// A device whose passkey has an id of bytes of this kind.
    pub(crate) fn new(origin: &str, id: u8) -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self {
            key: EcdsaKeyPair::from_pkcs8(kind, key.as_ref(), &random).unwrap(),
            id: vec![id; 16],
            handle: Vec::new(),
            count: 0,
            verifies: true,
            origin: origin.to_owned(),
        }
    }

    /// What a browser sends that was told to make a passkey.
    pub(crate) fn make(&mut self, challenge: &Value) -> Value {
        let options = &challenge["public_key"];
        self.handle = decoded(&options["user"]["id"]);
        let mut data = self.data(&options["rp"]["id"], WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        // The key as COSE has it (RFC 9053, section 7.1.1): EC2, ES256, P-256, x and y.
        let point = self.key.public_key().as_ref();
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        let mut attested = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attested.push(u8::try_from(data.len()).unwrap());
        attested.extend(&data);
        self.credential(&json!({
            "clientDataJSON": encoded(&self.told("webauthn.create", options)),
            "attestationObject": encoded(&attested),
            "transports": ["internal"],
        }))
    }

    /// What a browser sends that was told to ask for a passkey.
    pub(crate) fn answer(&mut self, challenge: &Value) -> Value {
        let options = &challenge["public_key"];
        let (data, told) = (
            self.data(&options["rpId"], 0),
            self.told("webauthn.get", options),
        );
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&told));
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.credential(&json!({
            "clientDataJSON": encoded(&told),
            "authenticatorData": encoded(&data),
            "signature": encoded(signature.as_ref()),
            "userHandle": encoded(&self.handle),
        }))
    }

    fn data(&self, host: &Value, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(host.as_str().unwrap()).to_vec();
        data.push(PRESENT | more | if self.verifies { VERIFIED } else { 0 });
        data.extend(self.count.to_be_bytes());
        data
    }

    fn told(&self, what: &str, options: &Value) -> Vec<u8> {
        let (challenge, origin) = (&options["challenge"], &self.origin);
        let told =
            json!({ "type": what, "challenge": challenge, "origin": origin, "crossOrigin": false });
        told.to_string().into_bytes()
    }

    fn credential(&self, response: &Value) -> Value {
        let id = encoded(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
        })
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}
