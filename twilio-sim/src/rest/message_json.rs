use serde_json::{Value, json};

use crate::model::Message;
use crate::wire::rfc2822_date;

/// A message as the API shows it. Counts are strings, the error code is a number.
pub(crate) fn message_json(message: &Message) -> Value {
    let uri = message.uri();
    let media = uri.replace(".json", "/Media.json");
    json!({
        "sid": message.sid,
        "account_sid": message.account_sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": rfc2822_date(message.date_created),
        "date_sent": message.date_sent.map(rfc2822_date),
        "date_updated": rfc2822_date(message.date_updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": message.error_message,
        "from": message.from,
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": message.num_media.to_string(),
        "num_segments": message.num_segments.to_string(),
        "price": message.price,
        "price_unit": "USD",
        "status": message.status,
        "subresource_uris": { "media": media },
        "to": message.to,
        "uri": uri,
    })
}
