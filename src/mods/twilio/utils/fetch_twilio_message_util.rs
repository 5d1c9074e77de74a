use super::HistoryMessage;
use crate::twilio::{MessageSid, TwilioError, TwilioReader};

/// Reads Twilio's record of one message. A message that is very new may be missing for some
/// seconds (404).
pub async fn fetch_twilio_message_util(
    reader: &TwilioReader,
    sid: &MessageSid,
) -> Result<HistoryMessage, TwilioError> {
    let account = reader.account_sid();
    let link = format!("/2010-04-01/Accounts/{account}/Messages/{sid}.json");
    let body = reader.list(&link).await?;
    serde_json::from_slice(&body)
        .map_err(|error| TwilioError::OutcomeUnknown(format!("the record is cut off: {error}")))
}
