//! Logging in with an OpenID Connect provider. What is begun waits in memory, bounded, and is good for once; after a restart
//! one begins again. An account is never found by its e-mail address: only whoever is logged in to it links it.

mod names;

use std::time::Duration;

use moka::sync::Cache;

use super::{
    Caller, Context, accounts, invites, permissions,
    proof::{self, Act, Proof},
    sessions,
};
use crate::{
    error::{Code, Error, Result},
    model::{Account, NewAccount, OidcIdentity, Origin, Timestamp, UserId},
    oidc::{Begun, OidcError, Provider, Vouched},
    secrets::{Token, same},
    store::{Actor, StoreError},
};

/// How long a login may take at the provider.
pub const WAITS: Duration = Duration::from_mins(10);

/// How many may be under way; of more, the least used begin again.
const MOST: u64 = 10_000;

/// The provider, and the logins that are under way there, by the SHA-256 of their tokens.
pub struct SignOn {
    provider: Option<Provider>,
    begun: Cache<[u8; 32], Way>,
}

impl SignOn {
    /// With this provider, or none.
    #[must_use]
    pub fn new(provider: Option<Provider>) -> Self {
        Self {
            provider,
            begun: Cache::new(MOST),
        }
    }
}

/// What somebody goes to the provider for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// To log in, and make an account where registration is open.
    LogIn,
    /// To log in again, so as to show who they are.
    Confirm,
    /// To make an account by the invitation with this token.
    Invited(String),
    /// To link the account that they are logged in to.
    Link(UserId),
}

#[derive(Clone)]
struct Way {
    begun: Begun,
    purpose: Purpose,
    next: String,
    ends: Timestamp,
}

/// What came back with the browser (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Debug, Clone, Copy, Default)]
pub struct Returned<'r> {
    /// The code, where all went well.
    pub code: &'r str,
    /// What was sent along.
    pub state: &'r str,
    /// Why there is no code.
    pub error: &'r str,
}

/// How it ended.
#[derive(Debug)]
pub enum Arrived {
    /// Somebody is logged in.
    LoggedIn {
        /// Who.
        account: Box<Account>,
        /// When they last showed who they are.
        proved_at: Timestamp,
        /// Where they wanted to go.
        next: String,
    },
    /// The caller's account is linked.
    Linked,
}

/// What the button says, where there is a provider.
#[must_use]
pub fn name(ctx: &Context) -> Option<String> {
    let provider = ctx.sign_on.provider.as_ref();
    provider.map(|_| ctx.settings.oidc_name.clone())
}

fn provider(ctx: &Context) -> Result<&Provider> {
    let provider = ctx.sign_on.provider.as_ref();
    provider.ok_or_else(none)
}

/// That there is no provider.
#[must_use]
pub fn none() -> Error {
    let text = "This server has no single sign-on. Log in with your password.";
    Error::new(Code::NotFound, text)
}

/// Begins: the token belongs in the browser's cookie, the address is where to send it.
///
/// # Errors
/// `not_found` where there is no provider; `rate_limited`; `unavailable` where it does not answer.
pub async fn begin(
    ctx: &Context,
    origin: &Origin,
    purpose: Purpose,
    next: &str,
) -> Result<(Token, String)> {
    let provider = provider(ctx)?;
    ctx.throttle.sign_on(origin.address)?;
    let server = ctx.settings.public_url.as_deref().unwrap_or_default();
    let back = format!("{server}/login/oidc/return");
    let again = purpose == Purpose::Confirm;
    let (begun, address) = provider
        .begin(back, again, ctx.now().0)
        .await
        .map_err(|error| said(ctx, &error))?;
    let token = Token::random();
    let way = Way {
        begun,
        purpose,
        next: next.to_owned(),
        ends: ctx.now().plus(WAITS),
    };
    ctx.sign_on.begun.insert(token.hash(), way);
    Ok((token, address))
}

/// [`begin`] for whoever links the account that they are logged in to.
///
/// # Errors
/// As [`begin`], and as [`proof::require`].
pub async fn begin_link(ctx: &Context, caller: &Caller) -> Result<(Token, String)> {
    proof::require(ctx, caller, Act::Account, Proof::default()).await?;
    begin(ctx, &caller.origin, Purpose::Link(caller.id()), "").await
}

/// Ends what the browser with this token began.
///
/// # Errors
/// `invalid` where nothing is under way, the state is another, or the provider's answer does not hold; `forbidden` where the
/// person did not agree there, or the account is disabled; `registration_closed`; `conflict` where the address or the
/// identity is somebody's; `unavailable`.
pub async fn finish(
    ctx: &Context,
    origin: &Origin,
    caller: Option<&Caller>,
    token: Option<Token>,
    returned: Returned<'_>,
) -> Result<Arrived> {
    let provider = provider(ctx)?;
    let way = token.and_then(|token| ctx.sign_on.begun.remove(&token.hash()));
    let way = way
        .filter(|way| ctx.now() < way.ends && same(way.begun.state.as_bytes(), returned.state.as_bytes()))
        .ok_or_else(|| {
            tracing::warn!(client.address = %origin.address, "what came back from the provider was not begun here");
            Error::new(Code::Invalid, "This login took too long, or was begun elsewhere. Begin again.")
        })?;
    if returned.code.is_empty() {
        return Err(not_agreed(origin, returned.error));
    }
    let vouched = provider
        .finish(&way.begun, returned.code, ctx.now().0)
        .await
        .map_err(|error| said(ctx, &error))?;
    if let Purpose::Link(user) = way.purpose {
        return link(
            ctx,
            origin,
            caller.filter(|caller| caller.id() == user),
            &vouched,
        )
        .await;
    }
    let account = known_or_new(ctx, origin, &way.purpose, &vouched).await?;
    tracing::info!(user.id = account.card.id.0, client.address = %origin.address, "logged in with the provider");
    Ok(Arrived::LoggedIn {
        account: Box::new(account),
        proved_at: Timestamp(vouched.proved_at_ms.unwrap_or(0)).min(ctx.now()),
        next: way.next,
    })
}

fn not_agreed(origin: &Origin, error: &str) -> Error {
    // Only the standard's own words stand in the log: the rest is what anybody writes into an address.
    let known = error.len() <= 64
        && error
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let error = if known { error } else { "unknown" };
    tracing::warn!(error, client.address = %origin.address, "a login with the provider failed");
    match error {
        "access_denied" => Error::new(
            Code::Forbidden,
            "You were not let in there, or did not agree. Begin again, or log in with a password.",
        ),
        "temporarily_unavailable" | "server_error" => {
            Error::unavailable(format!("the provider answered {error}"))
        }
        _ => Error::new(
            Code::Invalid,
            "The login there failed. Begin again; if it fails again, tell who runs this server.",
        ),
    }
}

fn said(ctx: &Context, error: &OidcError) -> Error {
    let name = &ctx.settings.oidc_name;
    tracing::error!(error = %error, "the OpenID Connect provider could not be used");
    match error {
        OidcError::Refused(_) => Error::new(
            Code::Invalid,
            format!("The answer of {name} does not hold. Begin again."),
        ),
        _ => Error::new(
            Code::Unavailable,
            format!("{name} does not answer. Try again later, or log in with a password."),
        ),
    }
}

fn identity(vouched: &Vouched) -> OidcIdentity {
    OidcIdentity {
        issuer: vouched.issuer.clone(),
        subject: vouched.subject.clone(),
    }
}

async fn known_or_new(
    ctx: &Context,
    origin: &Origin,
    purpose: &Purpose,
    vouched: &Vouched,
) -> Result<Account> {
    match ctx.store.identified(&identity(vouched)).await? {
        Some((account, true)) => {
            tracing::warn!(user.id = account.card.id.0, client.address = %origin.address, "a login was refused: the account is disabled");
            Err(sessions::disabled())
        }
        Some((account, false)) => Ok(account),
        None => register(ctx, origin, purpose, vouched).await,
    }
}

/// Makes an account without a password, under the rules of registration.
async fn register(
    ctx: &Context,
    origin: &Origin,
    purpose: &Purpose,
    vouched: &Vouched,
) -> Result<Account> {
    let invite = match purpose {
        Purpose::Invited(link) if invites::makes_accounts(ctx) => {
            invites::look(ctx, link).await?;
            Token::sent(link).map(|token| token.hash())
        }
        _ if ctx.settings.registration != crate::config::Registration::Open => {
            return Err(accounts::closed());
        }
        _ => None,
    };
    let Some(email) = &vouched.email else {
        return Err(Error::new(
            Code::Invalid,
            "An account here needs an e-mail address, and none came along. Allow it there, and begin again.",
        ));
    };
    let email = accounts::email(email)?;
    ctx.throttle.registration(origin.address)?;
    for name in names::of(ctx, vouched) {
        let now = ctx.now();
        let new = NewAccount {
            name,
            email: email.clone(),
            password_hash: String::new(),
            may_be_first: false,
            created_at: now,
        };
        let by = Actor {
            // The account is not there yet: the store puts it in.
            user: UserId(0),
            now,
            permit: permissions::may_join_invited,
        };
        let invite = invite.map(|hash| (hash, by));
        match ctx
            .store
            .register_identified(new, identity(vouched), invite)
            .await
        {
            Err(StoreError::Taken("name")) => {}
            Err(StoreError::Taken("email")) => {
                return Err(Error::new(
                    Code::Conflict,
                    "An account here has your address already. Log in to it with its password, and link it on your profile.",
                ));
            }
            made => {
                let account = made?;
                tracing::info!(user.id = account.card.id.0, client.address = %origin.address, "an account was made, by the provider");
                return Ok(account);
            }
        }
    }
    Err(Error::new(
        Code::Conflict,
        "No name could be found for you here. Tell who runs this server.",
    ))
}

async fn link(
    ctx: &Context,
    origin: &Origin,
    caller: Option<&Caller>,
    vouched: &Vouched,
) -> Result<Arrived> {
    let caller = caller.ok_or_else(|| {
        Error::new(
            Code::Forbidden,
            "You are logged in as somebody else by now. Begin again.",
        )
    })?;
    match ctx
        .store
        .link_identity(ctx.operator(caller), caller.id(), identity(vouched))
        .await
    {
        Ok(()) => {
            tracing::info!(user.id = caller.id().0, client.address = %origin.address, "an account was linked with the provider");
            Ok(Arrived::Linked)
        }
        Err(StoreError::Taken("identity")) => Err(Error::new(
            Code::Conflict,
            "That identity is linked with an account already, or yours with another one. Unlink it first.",
        )),
        Err(error) => Err(error.into()),
    }
}

/// How somebody gets in.
#[derive(Debug, Clone)]
pub struct State {
    /// By the provider, as whom.
    pub identity: Option<OidcIdentity>,
    /// By a password.
    pub has_password: bool,
}

/// How the caller gets in.
///
/// # Errors
/// When the store cannot be asked.
pub async fn state(ctx: &Context, caller: &Caller) -> Result<State> {
    Ok(State {
        identity: ctx.store.identity_of(caller.id()).await?,
        has_password: proof::has_password(ctx, caller).await?,
    })
}

/// Unlinks the caller's account.
///
/// # Errors
/// As [`proof::require`]; `not_found` where the account is not linked; `conflict` where it has no password to get in by.
pub async fn unlink(ctx: &Context, caller: &Caller, proof: Proof<'_>) -> Result<()> {
    proof::require(ctx, caller, Act::Account, proof).await?;
    if ctx.store.identity_of(caller.id()).await?.is_none() {
        let text = "Your account is not linked with single sign-on.";
        return Err(Error::new(Code::NotFound, text));
    }
    let unlinked = ctx.store.unlink_identity(ctx.operator(caller), caller.id());
    if unlinked.await? {
        tracing::info!(user.id = caller.id().0, client.address = %caller.origin.address, "an account was unlinked from the provider");
        return Ok(());
    }
    Err(Error::new(
        Code::Conflict,
        "Your account has no password, so there would be no way in. Choose one on your profile first.",
    ))
}
