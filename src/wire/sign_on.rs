//! Single sign-on on the wire.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::OidcIdentity;

/// Who somebody is at an OpenID Connect provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The provider's id of the person.
    pub subject: String,
}

impl From<OidcIdentity> for Identity {
    fn from(identity: OidcIdentity) -> Self {
        Self {
            issuer: identity.issuer,
            subject: identity.subject,
        }
    }
}

/// `GET /me/oidc`: how one gets in by single sign-on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignOnBody {
    /// What the provider is called here.
    pub name: String,
    /// Who one is there; null where one's account is not linked.
    pub identity: Option<Identity>,
    /// Whether one has a password, without which the account stays linked.
    pub has_password: bool,
}
