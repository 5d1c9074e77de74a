use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};

use crate::delivery::{Finish, OutboundMessage};
use crate::faults::CreatedMessage;
use crate::model::{MessageDirection, MessageOrigin, OutcomeKind};
use crate::rest::message_json::MessageJson;
use crate::rest::message_request::MessageRequest;
use crate::rest::{AuthenticatedAccount, TwilioError, TwilioForm};
use crate::simulation::{Notice, Simulation};

/// `POST /Accounts/{AC}/Messages.json`.
pub(crate) async fn create_message(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    TwilioForm(form): TwilioForm,
) -> Result<(StatusCode, Extension<CreatedMessage>, Json<MessageJson>), TwilioError> {
    let request = MessageRequest::parse(&form.fields)?;
    let (sender, outcome) = {
        let mut state = simulation.state();
        let sender = request.sender(account.of(&state)?, &state)?;
        (sender, state.take_outcome(&request.to))
    };
    if outcome.is_some() {
        simulation.notify(Notice::Settings);
    }
    let finish = match outcome {
        None => Finish::delivered(),
        Some(OutcomeKind::Finish {
            status,
            error_code,
            error_message,
        }) => Finish {
            status,
            error_code,
            error_message,
        },
        Some(OutcomeKind::CreateError(error)) => {
            return Err(TwilioError {
                status: StatusCode::from_u16(error.status)
                    .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                code: error.code,
                message: error.message,
            });
        }
    };
    let message = simulation
        .send_outbound(OutboundMessage {
            account_sid: account.sid,
            direction: MessageDirection::OutboundApi,
            from: sender.from,
            to: request.to,
            body: request.body,
            media_urls: request.media_urls,
            messaging_service_sid: sender.messaging_service_sid,
            status_callback: request.status_callback,
            origin: MessageOrigin::Rest,
            finish,
        })
        .ok_or_else(|| TwilioError::unauthorized("Authenticate"))?;
    let created = CreatedMessage {
        account_sid: message.account_sid.clone(),
        sid: message.sid.clone(),
    };
    let json = Json(MessageJson::from(message));
    Ok((StatusCode::CREATED, Extension(created), json))
}
