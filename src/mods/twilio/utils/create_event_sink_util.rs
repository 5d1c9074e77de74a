use serde_json::{Value, json};

use crate::twilio::{TwilioError, TwilioHost, TwilioWriter};

/// `POST /v1/Sinks`: a webhook that gets events one by one. Answers the sink.
///
/// The destination cannot be changed later: a new address needs a new sink.
pub async fn create_event_sink_util(
    writer: TwilioWriter<'_>,
    destination: &str,
) -> Result<Value, TwilioError> {
    let configuration =
        json!({ "destination": destination, "method": "POST", "batch_events": false });
    let form = [
        ("Description", "Loquent".to_owned()),
        ("SinkType", "webhook".to_owned()),
        // One field whose value is JSON: Event Streams takes no JSON body.
        ("SinkConfiguration", configuration.to_string()),
    ];
    writer.post(TwilioHost::Events, "/v1/Sinks", &form).await
}
