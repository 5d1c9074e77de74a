use std::time::Duration;

use serde::Deserialize;

use super::{TwilioError, read_json};

/// Codes of daily limits of carriers and of the account; some come with HTTP 429 ([error 63038]).
///
/// [error 63038]: https://www.twilio.com/docs/api/errors/63038
const DAILY_LIMITS: [i32; 4] = [30023, 30027, 30454, 63038];

/// An error is a sentence and a link.
const MAX_ERROR_BYTES: usize = 64 * 1024;
/// Characters of it that are kept and shown.
const MAX_WORDS: usize = 1_000;

#[derive(Default, Deserialize)]
struct Body {
    code: Option<i32>,
    message: Option<String>,
    // Some services answer problem details (RFC 9457) instead.
    detail: Option<String>,
    title: Option<String>,
}

impl TwilioError {
    /// What an unsuccessful answer means.
    pub async fn from_response(response: reqwest::Response) -> Self {
        let status = response.status();
        if status.is_server_error() {
            return Self::OutcomeUnknown(format!("HTTP {status}"));
        }
        let retry_after = retry_after(&response);
        let body = read_json(response, MAX_ERROR_BYTES).await;
        let body: Body = body.unwrap_or_default();
        let message = body.message.or(body.detail).or(body.title);
        let message: String = message
            .unwrap_or_else(|| format!("HTTP {status}"))
            .chars()
            .take(MAX_WORDS)
            .collect();
        if status.as_u16() == 429 && !is_daily_limit(body.code, &message) {
            return Self::RateLimited {
                retry_after,
                code: body.code,
                message,
            };
        }
        Self::Refused {
            status: status.as_u16(),
            code: body.code,
            message,
        }
    }
}

/// Whether this is a daily limit and not one of the rate. Retrying does not help before tomorrow,
/// and somebody has to know.
fn is_daily_limit(code: Option<i32>, message: &str) -> bool {
    code.is_some_and(|code| DAILY_LIMITS.contains(&code))
        || message.to_ascii_lowercase().contains("daily")
}

fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    // A date is allowed too, but Twilio promises neither.
    const LONGEST: u64 = 3_600;
    let seconds: u64 = response
        .headers()
        .get("retry-after")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds.min(LONGEST)))
}
