use std::time::Duration;

/// Why a call to Twilio failed, by what to do next.
#[derive(Debug, thiserror::Error)]
pub enum TwilioError {
    /// Twilio understood the call and refused it; a retry is refused, too.
    #[error("Twilio refused the call (HTTP {status}, error {code:?}): {message}")]
    Refused {
        status: u16,
        code: Option<i32>,
        message: String,
    },
    /// A link of Twilio points to another host; it is not followed.
    #[error("the link points to another host than Twilio's: {0}")]
    ForeignLink(String),
    /// A precondition of the call did not happen, so the call was not made.
    #[error("{0}")]
    NotConfirmed(String),
    /// 429: not processed, and safe to retry ([error 20429]).
    ///
    /// [error 20429]: https://www.twilio.com/docs/errors/20429
    #[error("Twilio is limiting the rate of calls (error {code:?}): {message}")]
    RateLimited {
        retry_after: Option<Duration>,
        code: Option<i32>,
        message: String,
    },
    /// Twilio was not reached; nothing was sent.
    #[error("Twilio could not be reached")]
    NotReached(#[source] reqwest::Error),
    /// A timeout, a broken connection or a 5xx: Twilio may or may not have done it ([error 20500]).
    ///
    /// [error 20500]: https://www.twilio.com/docs/errors/20500
    #[error("it is not known whether Twilio did it: {0}")]
    OutcomeUnknown(String),
}

impl From<reqwest::Error> for TwilioError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_connect() || error.is_builder() {
            Self::NotReached(error.without_url())
        } else {
            Self::OutcomeUnknown(error.without_url().to_string())
        }
    }
}
