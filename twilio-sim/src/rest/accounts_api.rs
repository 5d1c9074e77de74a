use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::rest::{AuthenticatedAccount, TwilioError};
use crate::simulation::Simulation;
use crate::wire::rfc2822_date;

/// `GET /Accounts/{AC}.json`. As at Twilio, the answer contains the auth token.
pub(crate) async fn fetch_account(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path(file): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    // Without the suffix Twilio answers in XML, which the simulator does not speak.
    if !file.ends_with(".json") {
        return Err(TwilioError::not_found(&format!(
            "/2010-04-01/Accounts/{file}"
        )));
    }
    let state = simulation.state();
    let found = &account.of(&state)?.account;
    let path = format!("/2010-04-01/Accounts/{}", found.sid);
    Ok(Json(json!({
        "sid": found.sid,
        "owner_account_sid": found.owner_sid.as_ref().unwrap_or(&found.sid),
        "friendly_name": found.friendly_name,
        "status": found.status,
        "type": found.kind,
        "auth_token": found.auth_token,
        "date_created": rfc2822_date(found.date_created),
        "date_updated": rfc2822_date(found.date_created),
        "uri": format!("{path}.json"),
        "subresource_uris": {
            "messages": format!("{path}/Messages.json"),
            "incoming_phone_numbers": format!("{path}/IncomingPhoneNumbers.json"),
        },
    })))
}
