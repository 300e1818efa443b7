//! An authenticator app.

/// The code that an app with this secret shows at a time, in milliseconds since 1970.
pub(crate) fn app_code(secret: &str, ms: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(ms / 1000).unwrap()).to_string()
}
