-- Who people are at an OpenID Connect provider, where they log in with it.

CREATE TABLE oidc_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL, -- the provider's id of the person, which it never gives to another
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX oidc_identities_by_user ON oidc_identities (user_id);
