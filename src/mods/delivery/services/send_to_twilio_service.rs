use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{
    put_off_send::{Delay, LOOK_AGAIN_AFTER},
    send_run::{ClaimedText, SendRun, claim_text},
};
use crate::{
    bases::{error::AppError, ids::PhoneNumberId, jobs::back_off, state::AppState},
    mods::{
        account::services::resolve_twilio_credentials_service,
        delivery::utils::{OutboundText, create_twilio_message_util, status_callback_url_util},
        messaging::jobs::SendMessageJob,
        phone::services::find_live_number_service,
    },
    twilio::{TwilioCredentials, TwilioError},
};

/// If this much time passes between claim and call, another node may have taken the text over:
/// check first.
const LATEST_CALL: Duration = Duration::from_secs(10);

/// Hands the message of a job to Twilio, at most once an attempt. The rule: note before calling, ask
/// before resending.
///
/// 1. `send_run` notes on disk that the text begins to be sent.
/// 2. Without an earlier note this file calls Twilio. With one, an earlier run may have called it,
///    and `settle_send` asks Twilio for the message first.
/// 3. `store_send` writes what Twilio said, `put_off_send` that nothing final is known.
pub async fn send_to_twilio_service(
    state: &AppState,
    job: &SendMessageJob,
) -> Result<(), AppError> {
    let begin = Begin::now(state);
    let Some(text) = claim_text(state, job).await? else {
        return Ok(());
    };
    let run = SendRun {
        state: state.clone(),
        job: job.clone(),
        start: text.start,
    };
    let resolved =
        resolve_twilio_credentials_service(&state.db, &state.config, job.organization_id).await;
    let credentials = match resolved {
        Ok(credentials) => Ok(credentials),
        Err(AppError::Conflict { message }) => Err(message),
        Err(error) => return Err(error),
    };
    let status_callback = status_callback_url_util(&state.config.public_url, run.callback());
    let outbound = text.outbound(&status_callback);
    if text.earlier_start.is_none() {
        return match credentials {
            Ok(credentials) => run.send_new(&text, begin, &credentials, &outbound).await,
            Err(message) => run.refuse(None, message).await,
        };
    }
    let is_of_account = |credentials: &TwilioCredentials| {
        text.account_sid.as_ref() == Some(&credentials.account_sid)
    };
    match credentials.ok().filter(is_of_account) {
        Some(credentials) => run.settle(&credentials, &outbound).await,
        // Another account knows nothing of it.
        None => run.look_again(None).await,
    }
}

/// When a run began, by two clocks: a machine that stood still may not have counted that in one.
struct Begin {
    timer: Instant,
    clock: DateTime<Utc>,
}

impl Begin {
    fn now(state: &AppState) -> Self {
        Self {
            timer: Instant::now(),
            clock: state.clock.now(),
        }
    }

    fn is_too_long_ago(&self, state: &AppState) -> bool {
        let by_clock = (state.clock.now() - self.clock).to_std();
        self.timer.elapsed() > LATEST_CALL || by_clock.is_ok_and(|late| late > LATEST_CALL)
    }
}

impl SendRun {
    /// Sends a text that nobody has begun to send, if it may go out.
    async fn send_new(
        &self,
        text: &ClaimedText,
        begin: Begin,
        credentials: &TwilioCredentials,
        outbound: &OutboundText<'_>,
    ) -> Result<(), AppError> {
        if let Some(message) = self.why_not(text.phone_number_id).await? {
            return self.refuse(None, message).await;
        }
        if text.has_opted_out {
            let message = "The customer opted out before this was sent.".to_owned();
            return self.refuse(None, message).await;
        }
        if begin.is_too_long_ago(&self.state) {
            return self.look_again(Some(LOOK_AGAIN_AFTER)).await;
        }
        self.call(credentials, outbound).await
    }

    /// Why the text may not go out from its number: it was suspended or removed since.
    async fn why_not(&self, number: Option<PhoneNumberId>) -> Result<Option<String>, AppError> {
        let gone =
            || Some("The number that was to send this is not in Loquent any more.".to_owned());
        let Some(id) = number else {
            return Ok(gone());
        };
        let shared = self.state.config.shared_account_sid();
        let organization = self.job.organization_id;
        match find_live_number_service(&self.state.db, shared, organization, id).await {
            Ok(_) => Ok(None),
            Err(AppError::Conflict { message }) => Ok(Some(message)),
            Err(AppError::NotFound { .. }) => Ok(gone()),
            Err(error) => Err(error),
        }
    }

    async fn call(
        &self,
        credentials: &TwilioCredentials,
        text: &OutboundText<'_>,
    ) -> Result<(), AppError> {
        let (state, message_id) = (&self.state, self.job.message_id);
        let base_url = &state.config.twilio_api_base_url;
        match create_twilio_message_util(&state.http, base_url, credentials, text).await {
            Ok(message) => self.accept(message).await,
            Err(TwilioError::Refused { code, message, .. }) => self.refuse(code, message).await,
            Err(TwilioError::RateLimited {
                retry_after,
                code,
                message,
            }) => {
                tracing::warn!(%message_id, ?code, "Twilio limits the rate; the text waits");
                // Many tries in a short time would use up those that the text has.
                let wait = retry_after
                    .unwrap_or_default()
                    .max(back_off(self.job.tries));
                self.send_again(Some(wait), Some(Delay { code, message }))
                    .await
            }
            Err(error @ TwilioError::NotReached(_)) => {
                tracing::warn!(%message_id, %error, "the text waits for Twilio");
                let (code, message) = (None, error.to_string());
                self.send_again(None, Some(Delay { code, message })).await
            }
            // A call that creates follows no link and needs no confirmation; if it were so, nothing
            // would be known.
            Err(
                error @ (TwilioError::OutcomeUnknown(_)
                | TwilioError::ForeignLink(_)
                | TwilioError::NotConfirmed(_)),
            ) => {
                tracing::warn!(%message_id, %error, "asking Twilio whether it has the text");
                self.look_again(Some(LOOK_AGAIN_AFTER)).await
            }
        }
    }
}
