use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{OutboundText, TwilioMessage};
use crate::twilio::{MAX_PAGE_BYTES, TwilioCredentials, TwilioError, read_json};

const TIMEOUT: Duration = Duration::from_secs(15);
/// One pair of numbers cannot have more texts than this in the seconds that are looked at.
const PAGE_SIZE: &str = "100";

/// Our clock and Twilio's may differ by this much.
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(90);

/// What Twilio puts before the words of each text of a trial account.
const TRIAL_PREFIX: &str = "Sent from your Twilio trial account - ";

/// A message with the words in question.
#[derive(Debug, Clone)]
pub struct SentText {
    /// When Twilio took it, by its clock.
    pub created: DateTime<Utc>,
    pub message: TwilioMessage,
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<TwilioMessage>,
}

/// The messages with this text that Twilio took for this pair of numbers since `since`, oldest
/// first. Settles a send whose answer was lost; only reads.
pub async fn find_sent_twilio_message_util(
    http: &reqwest::Client,
    base_url: &str,
    credentials: &TwilioCredentials,
    text: &OutboundText<'_>,
    since: DateTime<Utc>,
) -> Result<Vec<SentText>, TwilioError> {
    let account = &credentials.account_sid;
    // No date filter: `date_sent` is null until the message has left, and Twilio's newest first
    // page holds every message of these seconds.
    let response = http
        .get(format!(
            "{base_url}/2010-04-01/Accounts/{account}/Messages.json"
        ))
        .query(&[
            ("To", text.to),
            ("From", text.from),
            ("PageSize", PAGE_SIZE),
        ])
        .basic_auth(account, Some(credentials.auth_token.expose_secret()))
        .timeout(TIMEOUT)
        .send()
        .await?;
    if !response.status().is_success() {
        return Err(TwilioError::from_response(response).await);
    }
    let page: Page = read_json(response, MAX_PAGE_BYTES).await?;
    let mut found: Vec<SentText> = page
        .messages
        .into_iter()
        .filter(|message| has_words(message, text.body))
        .filter_map(|message| {
            let created = DateTime::parse_from_rfc2822(message.date_created.as_deref()?).ok()?;
            (created >= since - CLOCK_DIFFERENCE).then(|| SentText {
                created: created.to_utc(),
                message,
            })
        })
        .collect();
    found.sort_by_key(|text| text.created);
    Ok(found)
}

fn has_words(message: &TwilioMessage, words: &str) -> bool {
    message
        .body
        .as_deref()
        .is_some_and(|body| body == words || body.strip_prefix(TRIAL_PREFIX) == Some(words))
}
