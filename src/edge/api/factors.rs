//! One's second factors as JSON: `/me/two-factor`, `/me/recovery-codes`.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::Answered;
use crate::{
    edge::{
        Shared,
        body::{JsonBody, OptionalJson},
        caller::ApiCaller,
        respond::ApiError,
    },
    secrets::RecoveryCode,
    service::{factors, proof::Proof},
    wire::factors::{AppSecretBody, FirstCode, RecoveryCodesBody, ShowWho, TwoFactorBody},
};

/// `GET /me/two-factor`.
pub(super) async fn show(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<TwoFactorBody> {
    Ok(Json(factors::state(&site.ctx, &caller).await?.into()))
}

/// `POST /me/two-factor`.
pub(super) async fn begin(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    OptionalJson(shown): OptionalJson<ShowWho>,
) -> Result<impl IntoResponse, ApiError> {
    let setup = factors::begin(&site.ctx, &caller, proof(shown.as_ref())).await?;
    let body = AppSecretBody {
        secret: setup.secret,
        uri: setup.uri,
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// `PUT /me/two-factor`.
pub(super) async fn turn_on(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(first): JsonBody<FirstCode>,
) -> Answered<RecoveryCodesBody> {
    let shown = Proof {
        current_password: first.current_password.as_deref(),
        code: first.old_code.as_deref(),
    };
    let codes = factors::turn_on(&site.ctx, &caller, &first.code, shown).await?;
    Ok(Json(body(&codes)))
}

/// `DELETE /me/two-factor`.
pub(super) async fn turn_off(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    OptionalJson(shown): OptionalJson<ShowWho>,
) -> Result<StatusCode, ApiError> {
    factors::turn_off(&site.ctx, &caller, proof(shown.as_ref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /me/recovery-codes`.
pub(super) async fn make_recovery_codes(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    OptionalJson(shown): OptionalJson<ShowWho>,
) -> Result<impl IntoResponse, ApiError> {
    let shown = proof(shown.as_ref());
    let codes = factors::make_recovery_codes(&site.ctx, &caller, shown).await?;
    Ok((StatusCode::CREATED, Json(body(&codes))))
}

pub(super) fn proof(shown: Option<&ShowWho>) -> Proof<'_> {
    Proof {
        current_password: shown.and_then(|shown| shown.current_password.as_deref()),
        code: shown.and_then(|shown| shown.code.as_deref()),
    }
}

fn body(codes: &[RecoveryCode]) -> RecoveryCodesBody {
    RecoveryCodesBody {
        recovery_codes: codes.iter().map(RecoveryCode::reveal).collect(),
    }
}
