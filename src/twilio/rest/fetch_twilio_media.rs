use serde::Deserialize;

use super::{TwilioError, TwilioReader};
use crate::twilio::MessageSid;

/// A file of a message, as Twilio lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMedia {
    /// `ME…`
    pub sid: String,
    /// MIME type, if Twilio tells it.
    pub content_type: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    sid: Option<String>,
    content_type: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    media_list: Vec<Entry>,
}

/// `GET …/Messages/{sid}/Media.json`: the files of a message, in the order of Twilio's list. A
/// message has at most 10, so one page holds them.
pub async fn list_twilio_media(
    reader: &TwilioReader,
    message: &MessageSid,
) -> Result<Vec<ListedMedia>, TwilioError> {
    let account = reader.account_sid();
    let link = format!("/2010-04-01/Accounts/{account}/Messages/{message}/Media.json?PageSize=100");
    let page: Page = serde_json::from_slice(&reader.list(&link).await?)
        .map_err(|error| TwilioError::OutcomeUnknown(format!("the list is cut off: {error}")))?;
    let listed = page.media_list.into_iter().filter_map(|entry| {
        Some(ListedMedia {
            sid: entry.sid.filter(|sid| is_media_sid(sid))?,
            content_type: entry.content_type,
        })
    });
    Ok(listed.collect())
}

/// The bytes of a file: the API redirects to Twilio's media host, which is asked without the
/// account's token.
pub async fn open_twilio_media(
    reader: &TwilioReader,
    message: &MessageSid,
    media_sid: &str,
) -> Result<reqwest::Response, TwilioError> {
    if !is_media_sid(media_sid) {
        return Err(TwilioError::OutcomeUnknown("no SID of a file".to_owned()));
    }
    let account = reader.account_sid();
    let link = format!("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media_sid}");
    reader.open_redirected(&link).await
}

/// Twilio's form: `ME` and 32 hexadecimal digits. It becomes part of a path.
fn is_media_sid(sid: &str) -> bool {
    sid.strip_prefix("ME")
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
