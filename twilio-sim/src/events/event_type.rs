use crate::model::MessageStatus;

/// An event type of Event Streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventType {
    /// `com.twilio.…`
    pub name: &'static str,
    /// Id of the schema of its data.
    pub schema_id: &'static str,
    /// Newest version of the schema.
    pub latest_version: u32,
    /// One line for people.
    pub description: &'static str,
}

/// Schema of received messages.
pub(crate) const INBOUND_SCHEMA: &str = "Messaging.InboundMessageV1";
/// Schema of the status of sent messages.
pub(crate) const STATUS_SCHEMA: &str = "Messaging.MessageStatus";
/// A message was received.
pub(crate) const INBOUND_RECEIVED: &str = "com.twilio.messaging.inbound-message.received";

/// Every type that the simulator can be subscribed to. `…message.queued` never fires for messages
/// of the API, so it is not here.
pub(crate) const EVENT_TYPES: [EventType; 5] = [
    EventType {
        name: INBOUND_RECEIVED,
        schema_id: INBOUND_SCHEMA,
        latest_version: 6,
        description: "A message was received by a phone number of the account",
    },
    EventType {
        name: "com.twilio.messaging.message.delivered",
        schema_id: STATUS_SCHEMA,
        latest_version: 8,
        description: "A message reached the phone",
    },
    EventType {
        name: "com.twilio.messaging.message.failed",
        schema_id: STATUS_SCHEMA,
        latest_version: 8,
        description: "A message could not be sent",
    },
    EventType {
        name: "com.twilio.messaging.message.sent",
        schema_id: STATUS_SCHEMA,
        latest_version: 8,
        description: "A message was handed to the carrier",
    },
    EventType {
        name: "com.twilio.messaging.message.undelivered",
        schema_id: STATUS_SCHEMA,
        latest_version: 8,
        description: "A message was given back by the carrier",
    },
];

/// The type with this name.
pub(crate) fn event_type(name: &str) -> Option<EventType> {
    EVENT_TYPES.into_iter().find(|one| one.name == name)
}

/// The type that tells of an outbound message's status, if there is one.
pub(crate) fn event_type_of_status(status: MessageStatus) -> Option<EventType> {
    match status {
        MessageStatus::Sent
        | MessageStatus::Delivered
        | MessageStatus::Undelivered
        | MessageStatus::Failed => {
            event_type(&format!("com.twilio.messaging.message.{}", status.as_str()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_outbound_statuses_have_an_event() {
        let name = |status| event_type_of_status(status).map(|found| found.name);
        assert_eq!(
            name(MessageStatus::Sent),
            Some("com.twilio.messaging.message.sent")
        );
        assert!(name(MessageStatus::Delivered).is_some());
        assert!(name(MessageStatus::Undelivered).is_some());
        assert!(name(MessageStatus::Failed).is_some());
        assert_eq!(name(MessageStatus::Queued), None);
        assert_eq!(name(MessageStatus::Accepted), None);
    }
}
