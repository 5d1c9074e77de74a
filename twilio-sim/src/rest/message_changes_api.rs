use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::rest::message_json::MessageJson;
use crate::rest::{AuthenticatedAccount, TwilioError, TwilioForm};
use crate::simulation::{Notice, Simulation};
use crate::store::{ListedMessage, NotChanged};

/// `POST /Accounts/{AC}/Messages/{SM}.json` with an empty `Body`: takes the text out of Twilio's log.
/// Nothing is ever scheduled here, so there is nothing to cancel with `Status`.
pub(crate) async fn redact_message(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, file)): Path<(String, String)>,
    TwilioForm(form): TwilioForm,
) -> Result<Json<MessageJson>, TwilioError> {
    if form.fields.get("Status").is_some() {
        return Err(TwilioError::invalid(
            "The simulator does not support the parameter Status",
        ));
    }
    match form.fields.get("Body") {
        Some("") => {}
        Some(_) => return Err(TwilioError::invalid_parameter("Body", "it must be empty")),
        None => return Err(TwilioError::missing_parameter("Body")),
    }
    let redacted = account
        .of_mut(&mut simulation.state())?
        .redact(file.strip_suffix(".json").unwrap_or_default())
        .map_err(|why| refusal(why, &account, &file, "redact"))?;
    if let ListedMessage::Stored(message) = &redacted {
        simulation.notify(Notice::Message(message.clone()));
    }
    Ok(Json(MessageJson::from(redacted)))
}

/// `DELETE /Accounts/{AC}/Messages/{SM}.json`: takes a message out of Twilio's log, with its files.
pub(crate) async fn delete_message(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, file)): Path<(String, String)>,
) -> Result<StatusCode, TwilioError> {
    account
        .of_mut(&mut simulation.state())?
        .delete(file.strip_suffix(".json").unwrap_or_default())
        .map_err(|why| refusal(why, &account, &file, "delete"))?;
    Ok(StatusCode::NO_CONTENT)
}

fn refusal(why: NotChanged, account: &AuthenticatedAccount, file: &str, what: &str) -> TwilioError {
    match why {
        NotChanged::Unknown => TwilioError::not_found(&format!(
            "/2010-04-01/Accounts/{}/Messages/{file}",
            account.sid
        )),
        NotChanged::OnItsWay => TwilioError {
            status: StatusCode::CONFLICT,
            code: 20009,
            message: format!("Cannot {what} message because delivery has not been completed."),
        },
    }
}
