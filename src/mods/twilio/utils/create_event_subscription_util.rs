use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::twilio::{TwilioError, TwilioHost, TwilioWriter};

/// `POST /v1/Subscriptions`: sends events of the given types to a sink. Answers the subscription.
///
/// A type without a version gets the newest ([Twilio's SubscribedEvent]).
///
/// [Twilio's SubscribedEvent]: https://www.twilio.com/docs/events/event-streams/subscribed-event
pub async fn create_event_subscription_util(
    writer: TwilioWriter<'_>,
    sink_sid: &str,
    types: &BTreeMap<String, Option<u32>>,
) -> Result<Value, TwilioError> {
    let mut form = vec![
        ("Description", "Loquent".to_owned()),
        ("SinkSid", sink_sid.to_owned()),
    ];
    // A repeated field, each value one JSON object; an array in one field is refused.
    form.extend(types.iter().map(|(event_type, version)| {
        let mut value = json!({ "type": event_type });
        if let Some(version) = version {
            value["schema_version"] = json!(version);
        }
        ("Types", value.to_string())
    }));
    writer
        .post(TwilioHost::Events, "/v1/Subscriptions", &form)
        .await
}
