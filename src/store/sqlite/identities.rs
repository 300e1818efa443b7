//! Identities at an OpenID Connect provider in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, accounts, administration, invites,
    rows::{account, account_columns, card_columns, execute, one},
};
use crate::{
    model::{Account, Deed, NewAccount, OidcIdentity, Operator, UserId},
    store::{Actor, Identities, Result},
};

pub(super) const IDENTIFIED: &str = concat!(
    "SELECT ",
    account_columns!(),
    ", u.disabled_at IS NOT NULL FROM oidc_identities i JOIN users u ON u.id = i.user_id \
     WHERE i.issuer = :issuer AND i.subject = :subject AND u.deleted = 0"
);

pub(super) const OF: &str = "SELECT issuer, subject FROM oidc_identities WHERE user_id = :user";

const LINK: &str = "INSERT INTO oidc_identities (issuer, subject, user_id) \
    SELECT :issuer, :subject, id FROM users WHERE id = :user AND deleted = 0";

pub(super) const UNLINK: &str = "DELETE FROM oidc_identities WHERE user_id = :user \
    AND EXISTS (SELECT 1 FROM users WHERE id = :user AND password_hash <> '')";

pub(super) const FORGET: &str = "DELETE FROM oidc_identities WHERE user_id = :user";

#[async_trait]
impl Identities for SqliteStore {
    async fn identified(&self, identity: &OidcIdentity) -> Result<Option<(Account, bool)>> {
        let identity = identity.clone();
        self.read(move |connection| {
            let values = named_params! { ":issuer": identity.issuer, ":subject": identity.subject };
            Ok(one(connection, IDENTIFIED, values, |row| {
                Ok((account(row)?, row.take()?))
            })?)
        })
        .await
    }

    async fn identity_of(&self, user: UserId) -> Result<Option<OidcIdentity>> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0 };
            Ok(one(connection, OF, values, |row| {
                Ok(OidcIdentity {
                    issuer: row.take()?,
                    subject: row.take()?,
                })
            })?)
        })
        .await
    }

    async fn register_identified(
        &self,
        new: NewAccount,
        identity: OidcIdentity,
        invite: Option<([u8; 32], Actor)>,
    ) -> Result<Account> {
        self.write(move |transaction| {
            let account = match invite {
                Some((hash, by)) => invites::register(transaction, &new, hash, by)?,
                None => accounts::create(transaction, &new)?,
            };
            link(transaction.connection, account.card.id, &identity)?;
            Ok(account)
        })
        .await
    }

    async fn link_identity(
        &self,
        by: Operator,
        user: UserId,
        identity: OidcIdentity,
    ) -> Result<()> {
        self.write(move |transaction| {
            link(transaction.connection, user, &identity)?;
            administration::note_own(transaction.connection, &by, user, Deed::LinkIdentity)
        })
        .await
    }

    async fn unlink_identity(&self, by: Operator, user: UserId) -> Result<bool> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let unlinked = execute(connection, UNLINK, named_params! { ":user": user.0 })? > 0;
            if unlinked {
                administration::note_own(connection, &by, user, Deed::UnlinkIdentity)?;
            }
            Ok(unlinked)
        })
        .await
    }
}

fn link(connection: &Connection, user: UserId, identity: &OidcIdentity) -> Result<()> {
    let values = named_params! {
        ":issuer": identity.issuer, ":subject": identity.subject, ":user": user.0,
    };
    execute(connection, LINK, values)?;
    Ok(())
}
