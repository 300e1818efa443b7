//! What every page of one request may show without being handed it: the request's id, for whoever asks for help
//! with an error, and what the server is called.

use std::future::Future;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::{Shared, router::REQUEST_ID};

/// One request's surroundings.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The id under which the logs know the request.
    pub request_id: String,
    /// What the owner calls the server.
    pub server_name: String,
}

tokio::task_local! {
    static SCOPE: Scope;
}

/// A layer that gives each request its surroundings.
pub async fn enter(State(site): State<Shared>, request: Request, next: Next) -> Response {
    let request_id = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|id| id.to_str().ok());
    let scope = Scope {
        request_id: request_id.unwrap_or_default().to_owned(),
        server_name: site.ctx.settings.server_name.clone(),
    };
    within(scope, next.run(request)).await
}

async fn within<F: Future>(scope: Scope, work: F) -> F::Output {
    SCOPE.scope(scope, work).await
}

/// The surroundings of the request that runs now; empty outside of one.
#[must_use]
pub fn current() -> Scope {
    SCOPE.try_with(Clone::clone).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_scope_holds_within_its_request_only() {
        let scope = Scope {
            request_id: "7".to_owned(),
            ..Scope::default()
        };
        assert_eq!(within(scope, async { current().request_id }).await, "7");
        assert_eq!(current().request_id, "");
    }
}
