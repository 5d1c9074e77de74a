use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{TwilioError, TwilioReader};

/// Pages of a list that are read before giving up: at 1,000 entries a page, more than any account
/// has of what is listed so.
const MOST_PAGES: usize = 50;

#[derive(Deserialize)]
struct Page {
    /// Of Twilio's newer APIs; the link is a whole URL.
    meta: Option<Meta>,
    /// Of the core REST API; the link is a path.
    next_page_uri: Option<String>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct Meta {
    next_page_url: Option<String>,
}

/// Reads all pages of a list. `key` is the name that the entries have in each page. Links are
/// followed byte for byte, on the same host only.
pub async fn list_twilio_pages<T: DeserializeOwned>(
    reader: &TwilioReader,
    first: &str,
    key: &str,
) -> Result<Vec<T>, TwilioError> {
    let mut entries = Vec::new();
    let mut link = first.to_owned();
    for _ in 0..MOST_PAGES {
        let body = reader.list(&link).await?;
        let mut page: Page = serde_json::from_slice(&body).map_err(unreadable)?;
        let on_page = page.rest.remove(key).unwrap_or_default();
        entries.extend(serde_json::from_value::<Vec<T>>(on_page).map_err(unreadable)?);
        let next = page.meta.and_then(|meta| meta.next_page_url);
        match next.or(page.next_page_uri).filter(|next| !next.is_empty()) {
            Some(next) => link = next,
            None => return Ok(entries),
        }
    }
    Err(TwilioError::OutcomeUnknown(format!(
        "the list of {key} has more than {MOST_PAGES} pages"
    )))
}

fn unreadable(error: serde_json::Error) -> TwilioError {
    TwilioError::OutcomeUnknown(error.to_string())
}
