//! Retries of a page whose fetch failed: how often, and when.

use std::time::Duration;

use crate::{bases::retry::BackOff, twilio::TwilioError};

/// Consecutive failures of one page that are tolerated: with the pauses, about a minute.
const MOST_TRIES: u32 = 10;
/// False 401s have been seen (Airbyte takes them for transient); a wrong token stays wrong.
const MOST_REFUSED_CREDENTIALS: u32 = 2;
/// Refusals for the rate of one page: the limit of others on the account may last for minutes.
const MOST_RATE_LIMITED: u32 = 60;

/// 200 ms, 400 ms, 800 ms … 15 s, of which chance takes up to half.
const PAUSES: BackOff = BackOff {
    first: Duration::from_millis(200),
    factor: 2,
    longest: Duration::from_secs(15),
    jitter: 0.5..1.0,
};

/// The failures of one page so far. GETs are safe to repeat.
#[derive(Debug, Clone, Copy, Default)]
pub struct FetchPatience {
    tries: u32,
    refused_credentials: u32,
    rate_limited: u32,
}

impl FetchPatience {
    /// How long to wait before the next try; `None` when it is enough.
    pub fn after(&mut self, error: &TwilioError) -> Option<Duration> {
        match error {
            TwilioError::RateLimited { retry_after, .. } => {
                self.rate_limited += 1;
                let pause = retry_after.unwrap_or_else(|| PAUSES.pause(self.rate_limited - 1));
                (self.rate_limited <= MOST_RATE_LIMITED).then_some(pause)
            }
            TwilioError::Refused { status: 401, .. } => {
                self.refused_credentials += 1;
                (self.refused_credentials <= MOST_REFUSED_CREDENTIALS)
                    .then(|| PAUSES.pause(self.refused_credentials - 1))
            }
            TwilioError::Refused { .. }
            | TwilioError::ForeignLink(_)
            | TwilioError::NotConfirmed(_) => None,
            TwilioError::NotReached(_) | TwilioError::OutcomeUnknown(_) => {
                self.tries += 1;
                (self.tries <= MOST_TRIES).then(|| PAUSES.pause(self.tries - 1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_ends_and_retry_after_is_obeyed() {
        let mut patience = FetchPatience::default();
        let seven = Duration::from_secs(7);
        let limited = TwilioError::RateLimited {
            retry_after: Some(seven),
            code: Some(20429),
            message: "Too Many Requests".to_owned(),
        };
        assert_eq!(patience.after(&limited), Some(seven));
        let unknown = TwilioError::OutcomeUnknown("HTTP 500".to_owned());
        let pauses: Vec<Duration> = std::iter::from_fn(|| patience.after(&unknown)).collect();
        assert_eq!(pauses.len(), MOST_TRIES as usize);
        assert!(pauses.iter().all(|pause| *pause <= PAUSES.longest));
        let refused = |status| TwilioError::Refused {
            status,
            code: None,
            message: String::new(),
        };
        assert_eq!(patience.after(&refused(400)), None);
        assert!(patience.after(&refused(401)).is_some());
        assert!(patience.after(&refused(401)).is_some());
        assert_eq!(patience.after(&refused(401)), None);
    }
}
