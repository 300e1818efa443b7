//! What Web Push needs of cryptography: messages encrypted for one device (RFC 8291 over RFC 8188) and the proof of
//! who sends them (VAPID, RFC 8292). The primitives are ring's; the framing is here.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};

use super::random;

/// The size of a record, and so the most that may be sent (RFC 8291, section 4: a push service need not take more).
const RECORD: u32 = 4096;

/// What stands before the record: salt, record size, the length of our public key, and the key.
const HEADER: usize = 16 + 4 + 1 + POINT;

/// The bytes of a point of P-256, uncompressed.
const POINT: usize = 65;

/// The most bytes that a message may have: a record less its header, the end mark and the tag.
pub const LONGEST: usize = RECORD as usize - HEADER - 1 - 16;

/// Why a message could not be encrypted or signed.
#[derive(Debug, thiserror::Error)]
pub enum PushCryptoError {
    /// The device's key is no point of the curve.
    #[error("the device's public key is not valid")]
    Key,
    /// It is longer than [`LONGEST`].
    #[error("the message is too long to be pushed")]
    Long,
    /// The primitive failed, or the server's own key is damaged.
    #[error("the server's key for pushing cannot be used")]
    Failed,
}

impl From<Unspecified> for PushCryptoError {
    fn from(_: Unspecified) -> Self {
        Self::Failed
    }
}

/// A length of output of HKDF.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    prk.expand(info, Length(N))?.fill(&mut out)?;
    Ok(out)
}

/// Encrypts a message for the device with this public key and this secret: a body of the coding `aes128gcm`.
///
/// # Errors
/// `Key`, `Long`.
pub fn encrypt(
    p256dh: &[u8; 65],
    auth: &[u8; 16],
    message: &[u8],
) -> Result<Vec<u8>, PushCryptoError> {
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new())?;
    let mut public = [0; POINT];
    public.copy_from_slice(ours.compute_public_key()?.as_ref());
    let theirs = UnparsedPublicKey::new(&ECDH_P256, p256dh);
    let sealing = |shared: &[u8]| seal(shared, p256dh, auth, &public, &random(), message);
    agree_ephemeral(ours, &theirs, sealing).map_err(|_| PushCryptoError::Key)?
}

/// The body, once both sides' shared secret is known (RFC 8291, section 3.4; RFC 8188, section 2).
fn seal(
    shared: &[u8],
    theirs: &[u8; POINT],
    auth: &[u8; 16],
    ours: &[u8; POINT],
    salt: &[u8; 16],
    message: &[u8],
) -> Result<Vec<u8>, PushCryptoError> {
    if message.len() > LONGEST {
        return Err(PushCryptoError::Long);
    }
    let combined = Salt::new(HKDF_SHA256, auth).extract(shared);
    let key_material: [u8; 32] = expand(&combined, &[b"WebPush: info\0", theirs, ours])?;
    let secret = Salt::new(HKDF_SHA256, salt).extract(&key_material);
    let key: [u8; 16] = expand(&secret, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; 12] = expand(&secret, &[b"Content-Encoding: nonce\0"])?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
    // 2 marks the last record.
    let mut record = [message, &[2]].concat();
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::empty(),
        &mut record,
    )?;
    let length = u8::try_from(POINT).expect("65 is a byte");
    Ok([
        salt.as_slice(),
        &RECORD.to_be_bytes(),
        &[length],
        ours,
        &record,
    ]
    .concat())
}

/// The key by which push services know this server.
#[derive(Clone)]
pub struct Vapid(Arc<EcdsaKeyPair>);

impl Vapid {
    /// A new key, to be kept as PKCS #8.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate() -> Result<Vec<u8>, PushCryptoError> {
        let made =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
        Ok(made.as_ref().to_vec())
    }

    /// The key that was kept.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn read(kept: &[u8]) -> Result<Self, PushCryptoError> {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, kept, &SystemRandom::new());
        let pair = pair.map_err(|_| PushCryptoError::Failed)?;
        Ok(Self(Arc::new(pair)))
    }

    /// The public key, as browsers take it for an `applicationServerKey`.
    #[must_use]
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key())
    }

    /// The value of `Authorization` for requests to a push service, such as `https://push.example.org`, until this time
    /// in seconds since 1970; `contact` is where its owner can reach us, a `mailto:` or `https:` address.
    ///
    /// # Errors
    /// When signing fails.
    pub fn authorization(
        &self,
        audience: &str,
        contact: Option<&str>,
        until: i64,
    ) -> Result<String, PushCryptoError> {
        let mut claims = serde_json::json!({ "aud": audience, "exp": until });
        if let Some(contact) = contact {
            claims["sub"] = contact.into();
        }
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes())?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public()))
    }
}

impl std::fmt::Debug for Vapid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vapid(…)")
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as VerifyingKey};

    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        let decoded = URL_SAFE_NO_PAD.decode(text).expect("base64url");
        decoded.try_into().expect("so many bytes")
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_standard_is_encrypted_as_there() {
        let body = seal(
            &bytes::<32>("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
            &bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            &bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            &bytes(
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
            ),
            &bytes("DGv6ra1nlYgDCS1FRnbzlw"),
            b"When I grow up, I want to be a watermelon",
        );
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body.expect("encrypted")),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml\
             mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT\
             pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_message_has_its_bounds_and_a_key_must_be_a_point() {
        let device = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new());
        let device = device.expect("a key").compute_public_key();
        let mut key = [0; POINT];
        key.copy_from_slice(device.expect("a public key").as_ref());
        let longest = encrypt(&key, &[1; 16], &[b'a'; LONGEST]).expect("encrypted");
        assert_eq!(longest.len(), RECORD as usize);
        let long = encrypt(&key, &[1; 16], &[b'a'; LONGEST + 1]);
        assert!(matches!(long, Err(PushCryptoError::Long)), "{long:?}");
        let no_point = encrypt(&[4; POINT], &[1; 16], b"a");
        assert!(
            matches!(no_point, Err(PushCryptoError::Key)),
            "{no_point:?}"
        );
    }

    #[test]
    fn a_kept_key_signs_as_the_standard_says() {
        let kept = Vapid::generate().expect("a key");
        let vapid = Vapid::read(&kept).expect("the same");
        let public = Vapid::read(&kept).expect("the same").public();
        assert_eq!(vapid.public(), public);
        assert!(Vapid::read(b"damaged").is_err());
        let header = vapid
            .authorization("https://push.example.org", Some("mailto:a@b.de"), 7)
            .expect("signed");
        let (token, key) = header
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .expect("the form of RFC 8292, section 3");
        assert_eq!(key, public);
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        VerifyingKey::new(&ECDSA_P256_SHA256_FIXED, bytes::<POINT>(&public))
            .verify(signed.as_bytes(), &signature)
            .expect("signed by this key");
        let (_, claims) = signed.split_once('.').expect("two parts");
        let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
        let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
        let expected = serde_json::json!({
            "aud": "https://push.example.org", "exp": 7, "sub": "mailto:a@b.de",
        });
        assert_eq!(claims, expected);
    }
}
