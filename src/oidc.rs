//! The OpenID Connect provider that people may log in with: discovery, the way there with state, nonce and PKCE, and what
//! it vouches for (OpenID Connect Core 1.0, RFC 9700). Requests go out by [`Outgoing`]; no redirect is followed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    pin::Pin,
    time::Duration,
};

use openidconnect::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
    core::{
        CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken,
        CoreIdTokenClaims, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
    },
    http,
};
use tokio::sync::Mutex;

use crate::{
    config::Settings,
    error::chain,
    outgoing::{Outgoing, OutgoingError},
};

/// For how long what the provider says of itself is used before it is asked again, in milliseconds.
const KNOWN_FOR_MS: i64 = 10 * 60 * 1000;

/// The largest answer of a provider that is read.
const ANSWER_BYTES: usize = 1024 * 1024;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nobody can be logged in by the provider.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The settings cannot be used.
    #[error("the OpenID Connect provider cannot be used: {0}")]
    SetUp(&'static str),
    /// The file with the secret cannot be read.
    #[error("the client secret in {0} cannot be read")]
    Secret(PathBuf, #[source] io::Error),
    /// It does not answer, or not as OpenID Connect asks.
    #[error("the provider does not answer as it should: {0}")]
    Unusable(String),
    /// What came back is not what was asked for: the code is used up, or the token is another one's.
    #[error("the provider's answer does not hold: {0}")]
    Refused(String),
}

/// Why one request to the provider failed.
#[derive(Debug, thiserror::Error)]
enum RequestError {
    #[error("an https provider named a plain http address")]
    Plain,
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    #[error(transparent)]
    Answer(#[from] http::Error),
}

/// What has to come back with the browser; only the server knows the last two.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Comes back as it is (RFC 6749, section 10.12).
    pub state: String,
    nonce: String,
    verifier: String,
    redirect: String,
}

/// Somebody for whom the provider vouches.
#[derive(Debug, Clone, Default)]
pub struct Vouched {
    /// Who vouches.
    pub issuer: String,
    /// Who it is there, for ever.
    pub subject: String,
    /// What they are called there, the best first.
    pub names: Vec<String>,
    /// Their address there.
    pub email: Option<String>,
    /// When they last showed the provider who they are, in milliseconds, where it says so.
    pub proved_at_ms: Option<i64>,
}

/// How the provider is reached.
struct Http {
    outgoing: Outgoing,
    /// Whether all of its addresses have to be https.
    secure: bool,
}

impl Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, RequestError> {
        let (parts, body) = request.into_parts();
        if self.secure && parts.uri.scheme_str() != Some("https") {
            return Err(RequestError::Plain);
        }
        let url = parts.uri.to_string();
        let (status, headers, body) = self
            .outgoing
            .exchange(parts.method, &url, (parts.headers, body), ANSWER_BYTES)
            .await?;
        let mut answer = http::Response::builder().status(status).body(body)?;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RequestError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// The provider.
pub struct Provider {
    http: Http,
    issuer: IssuerUrl,
    client_id: ClientId,
    secret: Option<ClientSecret>,
    known: Mutex<Option<(CoreProviderMetadata, i64)>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").finish_non_exhaustive()
    }
}

impl Provider {
    /// The provider that the settings name, if they do. It is first asked when somebody comes.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn new(settings: &Settings, outgoing: Outgoing) -> Result<Option<Self>, OidcError> {
        let (Some(issuer), Some(client_id)) = (&settings.oidc_issuer, &settings.oidc_client_id)
        else {
            return Ok(None);
        };
        let issuer = IssuerUrl::new(issuer.clone());
        let issuer = issuer.map_err(|_| OidcError::SetUp("its issuer is no address"))?;
        let secret = settings.oidc_client_secret_file.as_deref().map(secret);
        Ok(Some(Self {
            http: Http {
                secure: issuer.url().scheme() == "https",
                outgoing,
            },
            issuer,
            client_id: ClientId::new(client_id.clone()),
            secret: secret.transpose()?,
            known: Mutex::default(),
        }))
    }

    /// Begins a login that comes back to `redirect`; the address to send the browser to. `again` has the provider ask who
    /// it is even where it knows.
    ///
    /// # Errors
    /// `Unusable`.
    pub async fn begin(
        &self,
        redirect: String,
        again: bool,
        now_ms: i64,
    ) -> Result<(Begun, String), OidcError> {
        let (client, _) = self.client(&redirect, now_ms).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge);
        if again {
            request = request
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(Duration::ZERO);
        }
        let (url, state, nonce) = request.url();
        let begun = Begun {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            redirect,
        };
        Ok((begun, url.into()))
    }

    /// Ends a login with the code that came back: whom the provider vouches for. The token's signature, issuer, audience,
    /// end and nonce are checked (OpenID Connect Core 1.0, section 3.1.3.7).
    ///
    /// # Errors
    /// `Unusable`, `Refused`.
    pub async fn finish(
        &self,
        begun: &Begun,
        code: &str,
        now_ms: i64,
    ) -> Result<Vouched, OidcError> {
        let (client, fresh) = self.client(&begun.redirect, now_ms).await?;
        let refused = OidcError::Refused;
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Unusable(chain(&error)))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()));
        let answer = request.request_async(&self.http).await;
        let answer = answer.map_err(|error| refused(chain(&error)))?;
        let token = answer
            .id_token()
            .ok_or_else(|| refused("it came without an ID token".to_owned()))?;
        let nonce = Nonce::new(begun.nonce.clone());
        match verified(&client, token, &nonce) {
            Ok(claims) => self.vouched(&client, &answer, claims).await,
            // Its keys may have changed since it was asked for them.
            Err(ClaimsVerificationError::SignatureVerification(_)) if !fresh => {
                self.known.lock().await.take();
                let (client, _) = self.client(&begun.redirect, now_ms).await?;
                let claims = verified(&client, token, &nonce);
                let claims = claims.map_err(|error| refused(chain(&error)))?;
                self.vouched(&client, &answer, claims).await
            }
            Err(error) => Err(refused(chain(&error))),
        }
    }

    /// The client, and whether what it knows of the provider was asked for just now.
    async fn client(&self, redirect: &str, now_ms: i64) -> Result<(Client, bool), OidcError> {
        let redirect = RedirectUrl::new(redirect.to_owned());
        let redirect =
            redirect.map_err(|_| OidcError::SetUp("the address to come back to is none"))?;
        let (metadata, fresh) = self.metadata(now_ms).await?;
        let by_body = metadata
            .token_endpoint_auth_methods_supported()
            .is_some_and(|ways| {
                ways.contains(&CoreClientAuthMethod::ClientSecretPost)
                    && !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
            });
        let mut client = CoreClient::from_provider_metadata(
            metadata,
            self.client_id.clone(),
            self.secret.clone(),
        )
        .set_redirect_uri(redirect);
        if by_body {
            client = client.set_auth_type(AuthType::RequestBody);
        }
        Ok((client, fresh))
    }

    /// What the provider says of itself, and whether it was asked for it just now. The lock is not held while it is asked,
    /// so that nobody waits for what is asked for others.
    async fn metadata(&self, now_ms: i64) -> Result<(CoreProviderMetadata, bool), OidcError> {
        let known = self.known.lock().await.clone();
        let known = known.filter(|(_, at)| now_ms.saturating_sub(*at) < KNOWN_FOR_MS);
        if let Some((metadata, _)) = known {
            return Ok((metadata, false));
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
        let found = found.map_err(|error| OidcError::Unusable(chain(&error)))?;
        *self.known.lock().await = Some((found.clone(), now_ms));
        Ok((found, true))
    }

    /// Reads who it is; what the token does not say, the provider is asked for.
    async fn vouched(
        &self,
        client: &Client,
        answer: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Vouched, OidcError> {
        let mut vouched = Vouched {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            proved_at_ms: claims.auth_time().map(|time| time.timestamp_millis()),
            email: claims.email().map(|email| email.to_string()),
            ..Vouched::default()
        };
        vouched
            .names
            .extend(claims.preferred_username().map(|name| name.to_string()));
        let name = claims.name().and_then(|name| name.get(None));
        vouched.names.extend(name.map(|name| name.to_string()));
        if vouched.email.is_some() && !vouched.names.is_empty() {
            return Ok(vouched);
        }
        let subject = claims.subject().clone();
        let Ok(request) = client.user_info(answer.access_token().clone(), Some(subject)) else {
            return Ok(vouched);
        };
        let more = request.request_async(&self.http).await;
        let more: CoreUserInfoClaims = more.map_err(|error| OidcError::Refused(chain(&error)))?;
        vouched.email = vouched
            .email
            .or_else(|| more.email().map(|email| email.to_string()));
        vouched
            .names
            .extend(more.preferred_username().map(|name| name.to_string()));
        let name = more.name().and_then(|name| name.get(None));
        vouched.names.extend(name.map(|name| name.to_string()));
        Ok(vouched)
    }
}

fn verified<'t>(
    client: &Client,
    token: &'t CoreIdToken,
    nonce: &Nonce,
) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
    token.claims(&client.id_token_verifier(), nonce)
}

fn secret(file: &Path) -> Result<ClientSecret, OidcError> {
    let text =
        fs::read_to_string(file).map_err(|error| OidcError::Secret(file.to_owned(), error))?;
    Ok(ClientSecret::new(text.trim_end().to_owned()))
}
