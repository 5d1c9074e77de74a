use super::{TwilioError, explain_twilio_error};
use crate::bases::error::AppError;

/// Also the answer of an account that allows no further sink.
const INVALID_PARAMETER: i32 = 20001;

/// The error that an admin sees: 409 with Twilio's reason in plain words, 429 if Twilio was too
/// busy, 502 if it did not answer properly.
pub fn twilio_error_to_app_error(error: &TwilioError) -> AppError {
    // Long enough for a burst of calls to pass.
    const PAUSE_SECONDS: u64 = 5;
    match error {
        TwilioError::Refused {
            status,
            code,
            message,
        } => {
            let code = code.or((*status == 401).then_some(20003));
            // Only Twilio's own words say which value it was.
            let explained = code.filter(|code| *code != INVALID_PARAMETER);
            let plain = explained.and_then(explain_twilio_error);
            let plain = plain.map_or_else(|| message.clone(), |known| known.in_words());
            let number = code.map_or(format!("HTTP {status}"), |code| format!("error {code}"));
            AppError::conflict(format!("Twilio refused this ({number}): {plain}"))
        }
        TwilioError::NotConfirmed(why) => AppError::upstream(why),
        TwilioError::RateLimited { retry_after, .. } => AppError::TooManyRequests {
            retry_after_seconds: retry_after.map_or(PAUSE_SECONDS, |pause| pause.as_secs()),
        },
        TwilioError::NotReached(_) => AppError::upstream(
            "Twilio could not be reached. Nothing was changed; try again in a moment.",
        ),
        TwilioError::OutcomeUnknown(_) => AppError::upstream(
            "Twilio did not answer as it should. Try again in a moment: Loquent looks first at \
             what Twilio has done.",
        ),
        TwilioError::ForeignLink(_) => AppError::upstream(
            "Twilio answered with a link to another host, which is not followed.",
        ),
    }
}
