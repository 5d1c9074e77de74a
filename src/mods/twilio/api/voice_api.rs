use dioxus::server::axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    bases::state::AppState,
    mods::{
        phone::{
            services::{default_voice_answer, find_voice_answer_service},
            utils::voice_twiml_util,
        },
        twilio::api::TwilioWebhooks,
    },
    twilio::TwilioForm,
};

/// `POST /twilio/voice`: a call came in, and Twilio asks what to do with it.
///
/// Answers TwiML; 403 for a signature that does not fit, 400 for what is no form of a call, 503
/// where the account cannot be looked up. If only the answer cannot be looked up, the caller hears
/// the sentence of an organization that has chosen none.
pub async fn voice_api(
    State(webhooks): State<TwilioWebhooks>,
    Extension(state): Extension<AppState>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = match TwilioForm::parse(&body) {
        Ok(form) => form,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let account = match form.account() {
        Ok(account) => account,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let (Some(_), Some(to)) = (form.get("CallSid"), form.get("To")) else {
        let needed = "the form needs CallSid and To\n";
        return (StatusCode::BAD_REQUEST, needed).into_response();
    };
    if let Err(refusal) = webhooks.check_form(&account, &headers, &uri, &form).await {
        return refusal;
    }
    let found = find_voice_answer_service(&state.db, &state.config, account.as_str(), to).await;
    let answer = found.unwrap_or_else(|error| {
        tracing::error!(%error, %account, "a call's answer could not be looked up");
        default_voice_answer()
    });
    let xml = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
    (xml, voice_twiml_util(&answer)).into_response()
}
