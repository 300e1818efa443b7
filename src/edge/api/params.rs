//! What stands in a request's path and query, read so that a malformed one is answered like any other
//! mistake: in the right shape, and naming the parameter.

use std::{collections::HashMap, convert::Infallible};

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};

use crate::error::{Error, Result};

/// The path's only parameter. Bytes that are no text become the empty one, which is the name of nothing.
#[derive(Debug)]
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.map_or_else(|_| String::new(), |Path(text)| text)))
    }
}

/// The path's two parameters, read as a [`Segment`] is.
#[derive(Debug)]
pub struct Pair(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for Pair {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        Ok(path.map_or_else(
            |_| Self(String::new(), String::new()),
            |Path((one, other))| Self(one, other),
        ))
    }
}

/// The query.
#[derive(Debug, Default)]
pub struct Params(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let query = Query::from_request_parts(parts, state).await;
        Ok(Self(
            query.map_or_else(|_| HashMap::new(), |Query(query)| query),
        ))
    }
}

impl Params {
    /// A parameter's text; empty where it was left out.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A parameter that is a number.
    ///
    /// # Errors
    /// `invalid`, of the field `name`.
    pub fn number(&self, name: &'static str) -> Result<Option<i64>> {
        self.0
            .get(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    Error::invalid(
                        name,
                        format!("{name} is a whole number. Write it in digits."),
                    )
                })
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_number_is_named() {
        let params = Params(
            [("limit", "ten"), ("before", "12"), ("after", "")]
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
        );
        assert_eq!(params.number("before").expect("a number"), Some(12));
        assert_eq!(params.number("around").expect("left out"), None);
        assert_eq!(
            params.number("limit").expect_err("no number").field,
            Some("limit")
        );
        assert_eq!(
            params.number("after").expect_err("no number").field,
            Some("after")
        );
        assert_eq!(params.text("around"), "");
    }
}
