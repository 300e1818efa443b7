//! What a token may do: everything that its account may, or only what its scopes name.

use std::fmt;

use super::Invalid;

/// One thing that a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read rooms and messages, and hear them live.
    Read,
    /// Say something, and change what it said.
    Write,
    /// Become a member of rooms, and give membership up.
    Join,
    /// Everything else that the account may do. Only a person's token has it.
    Account,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Join, Self::Account];

    /// Its name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Join => "join",
            Self::Account => "account",
        }
    }
}

/// The scopes of a token: at least one, each once, in the order of [`Scope::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads scopes by their names.
    ///
    /// # Errors
    /// When there is none, or a name is none of a scope.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, Invalid> {
        let wrong =
            || Invalid::new("Choose one or more of the scopes read, write, join and account.");
        let mut scopes = Vec::new();
        for name in names {
            let scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == name);
            scopes.push(scope.ok_or_else(wrong)?);
        }
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(wrong());
        }
        Ok(Self(scopes))
    }

    /// Takes scopes that the store holds; they were parsed when they were written.
    #[must_use]
    pub fn stored(text: &str) -> Option<Self> {
        Self::parse(text.split(' ')).ok()
    }

    /// Whether this scope is among them.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|scope| scope.as_str())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_by_name_in_any_order() {
        let scopes = Scopes::parse(["join", "read", "join"]).expect("scopes");
        assert_eq!(scopes.to_string(), "read join");
        assert_eq!(Scopes::stored("read join"), Some(scopes.clone()));
        assert!(scopes.has(Scope::Join) && !scopes.has(Scope::Write));
        for wrong in [&[][..], &[""], &["read", "admin"], &["READ"]] {
            assert!(Scopes::parse(wrong.iter().copied()).is_err(), "{wrong:?}");
        }
    }
}
