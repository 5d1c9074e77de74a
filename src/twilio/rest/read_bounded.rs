use futures::StreamExt;
use reqwest::Response;
use serde::de::DeserializeOwned;

use super::{TwilioError, readable_json};

/// One resource of Twilio's: some kB.
pub const MAX_RESOURCE_BYTES: usize = 1024 * 1024;
/// 1,000 messages of 1,600 characters of four bytes each, escaped, and their other fields.
pub const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;

/// Reads an answer up to a limit, so that nobody who poses as Twilio can fill our memory.
pub async fn read_bounded(response: Response, limit: usize) -> Result<Vec<u8>, TwilioError> {
    let mut bytes = Vec::new();
    let mut parts = response.bytes_stream();
    while let Some(part) = parts.next().await {
        let part = part?;
        if bytes.len() + part.len() > limit {
            return Err(TwilioError::OutcomeUnknown(format!(
                "the answer has more than {limit} bytes"
            )));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// Reads a JSON answer. An unreadable answer does not tell what Twilio did.
pub async fn read_json<T: DeserializeOwned>(
    response: Response,
    limit: usize,
) -> Result<T, TwilioError> {
    let bytes = read_bounded(response, limit).await?;
    // Texts of others may hold bytes that are no valid text.
    let text = readable_json(&bytes);
    serde_json::from_str(&text).map_err(|error| TwilioError::OutcomeUnknown(error.to_string()))
}
