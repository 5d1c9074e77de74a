//! A type of a subscription, as its actions name it.

use crate::mods::account::services::account_changes::{Values, values};

/// Twilio's path of it.
pub(super) fn event_type_path(subscription_sid: &str, event_type: &str) -> String {
    format!("/v1/Subscriptions/{subscription_sid}/SubscribedEvents/{event_type}")
}

/// It with its version, in words.
pub(super) fn event_type_values(event_type: &str, version: String) -> Option<Values> {
    Some(values([
        ("type", event_type.to_owned()),
        ("schema_version", version),
    ]))
}
