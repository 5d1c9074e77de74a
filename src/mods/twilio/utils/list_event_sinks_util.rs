use crate::twilio::{EventSink, TwilioError, TwilioReader, list_event_sinks};

/// All event sinks of the account, those of others included. `events` reads Twilio's Events API.
pub async fn list_event_sinks_util(events: &TwilioReader) -> Result<Vec<EventSink>, TwilioError> {
    list_event_sinks(events).await
}
