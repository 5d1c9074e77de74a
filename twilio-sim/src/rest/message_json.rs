use serde::Serialize;

use crate::history::GeneratedMessage;
use crate::model::{Message, MessageDirection, Sid};
use crate::store::ListedMessage;
use crate::wire::rfc2822_date;

/// A message as the API shows it. Counts are strings, the error code is a number.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MessageJson {
    sid: Sid,
    account_sid: Sid,
    api_version: &'static str,
    body: Option<String>,
    date_created: Option<String>,
    date_sent: Option<String>,
    date_updated: Option<String>,
    direction: MessageDirection,
    error_code: Option<u32>,
    error_message: Option<String>,
    from: Option<String>,
    messaging_service_sid: Option<Sid>,
    num_media: String,
    num_segments: String,
    price: Option<String>,
    price_unit: &'static str,
    status: &'static str,
    subresource_uris: SubresourceUris,
    to: String,
    uri: String,
}

#[derive(Debug, Clone, Serialize)]
struct SubresourceUris {
    media: String,
}

impl From<ListedMessage> for MessageJson {
    fn from(message: ListedMessage) -> Self {
        match message {
            ListedMessage::Stored(message) => Self::from(*message),
            ListedMessage::Generated {
                history,
                index,
                redacted,
            } => {
                let mut message = history.generate(index);
                if redacted {
                    message.body = Some(String::new());
                }
                Self::from(message)
            }
        }
    }
}

impl From<Message> for MessageJson {
    fn from(message: Message) -> Self {
        let path = message_path(&message.account_sid, &message.sid);
        Self {
            api_version: "2010-04-01",
            body: Some(message.body),
            date_created: Some(rfc2822_date(message.date_created)),
            date_sent: message.date_sent.map(rfc2822_date),
            date_updated: Some(rfc2822_date(message.date_updated)),
            direction: message.direction,
            error_code: message.error_code,
            error_message: message.error_message,
            from: message.from,
            messaging_service_sid: message.messaging_service_sid,
            num_media: message.num_media.to_string(),
            num_segments: message.num_segments.to_string(),
            price: message.price,
            price_unit: "USD",
            status: message.status.as_str(),
            subresource_uris: SubresourceUris {
                media: format!("{path}/Media.json"),
            },
            to: message.to,
            uri: format!("{path}.json"),
            sid: message.sid,
            account_sid: message.account_sid,
        }
    }
}

impl From<GeneratedMessage> for MessageJson {
    fn from(message: GeneratedMessage) -> Self {
        let path = message_path(&message.account_sid, &message.sid);
        let (date_created, date_sent, date_updated) = match message.shown_dates {
            Some(shown) => (shown.date_created, shown.date_sent, shown.date_updated),
            None => (
                Some(rfc2822_date(message.date_created)),
                message.date_sent.map(rfc2822_date),
                Some(rfc2822_date(message.date_updated)),
            ),
        };
        Self {
            api_version: "2010-04-01",
            body: message.body,
            date_created,
            date_sent,
            date_updated,
            direction: message.direction,
            error_code: message.error_code,
            error_message: message.error_message.map(str::to_owned),
            from: Some(message.from),
            messaging_service_sid: message.messaging_service_sid,
            num_media: message.num_media.to_string(),
            num_segments: message.num_segments.to_string(),
            price: message.price,
            price_unit: "USD",
            status: message.status,
            subresource_uris: SubresourceUris {
                media: format!("{path}/Media.json"),
            },
            to: message.to,
            uri: format!("{path}.json"),
            sid: message.sid,
            account_sid: message.account_sid,
        }
    }
}

fn message_path(account_sid: &Sid, sid: &Sid) -> String {
    format!("/2010-04-01/Accounts/{account_sid}/Messages/{sid}")
}
