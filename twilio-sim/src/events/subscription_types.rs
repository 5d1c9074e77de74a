use serde_json::Value;

use crate::events::event_type::event_type;
use crate::model::SubscribedEvent;
use crate::rest::TwilioError;

/// Reads the values of the repeated form key `Types`: each is one JSON object with `type` and,
/// optionally, `schema_version`. An array is refused as Twilio refuses it.
///
/// # Errors
/// A value is not such an object, or names an unknown type or version.
pub(crate) fn parse_subscription_types(
    values: &[&str],
) -> Result<Vec<SubscribedEvent>, TwilioError> {
    if values.is_empty() {
        return Err(TwilioError::missing_parameter("Types"));
    }
    let mut events: Vec<SubscribedEvent> = Vec::with_capacity(values.len());
    for (index, text) in values.iter().enumerate() {
        let value: Value = serde_json::from_str(text)
            .map_err(|_| TwilioError::invalid_parameter("Types", "not valid JSON"))?;
        let name = value["type"].as_str().ok_or_else(|| {
            TwilioError::invalid(format!(
                "Missing required input parameter event_types[{index}].type"
            ))
        })?;
        let version = match value.get("schema_version") {
            None | Some(Value::Null) => None,
            Some(given) => Some(given.to_string().trim_matches('"').to_owned()),
        };
        let event = parse_subscribed_event(name, version.as_deref())?;
        if events.iter().any(|one| one.event_type == event.event_type) {
            return Err(TwilioError::invalid_parameter(
                "Types",
                "a type is given twice",
            ));
        }
        events.push(event);
    }
    Ok(events)
}

/// Reads a type's name and schema version; without a version it is the newest.
///
/// # Errors
/// The type or the version does not exist.
pub(crate) fn parse_subscribed_event(
    name: &str,
    version: Option<&str>,
) -> Result<SubscribedEvent, TwilioError> {
    let known = event_type(name).ok_or_else(|| {
        TwilioError::invalid_parameter("Type", &format!("unknown event type {name}"))
    })?;
    let schema_version = match version {
        None => known.latest_version,
        Some(text) => text
            .parse::<u32>()
            .ok()
            .filter(|version| (1..=known.latest_version).contains(version))
            .ok_or_else(|| {
                TwilioError::invalid_parameter(
                    "SchemaVersion",
                    &format!("{text} is not a version of {}", known.schema_id),
                )
            })?,
    };
    Ok(SubscribedEvent {
        event_type: name.to_owned(),
        schema_version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = r#"{"type":"com.twilio.messaging.message.sent"}"#;
    const DELIVERED_4: &str =
        r#"{"type":"com.twilio.messaging.message.delivered","schema_version":4}"#;

    #[test]
    fn each_value_is_one_object_and_the_version_is_the_newest_unless_given() {
        let events = parse_subscription_types(&[SENT, DELIVERED_4]).expect("valid");
        let versions: Vec<u32> = events.iter().map(|one| one.schema_version).collect();
        assert_eq!(versions, [8, 4]);
    }

    #[test]
    fn an_array_an_unknown_type_and_an_unknown_version_are_refused() {
        let array = format!("[{SENT}]");
        let error = parse_subscription_types(&[&array]).expect_err("an array");
        assert_eq!(
            error.message,
            "Missing required input parameter event_types[0].type"
        );
        for value in [
            r#"{"type":"com.twilio.nothing"}"#,
            r#"{"type":"com.twilio.messaging.message.sent","schema_version":99}"#,
            "nonsense",
        ] {
            assert!(parse_subscription_types(&[value]).is_err(), "{value}");
        }
        assert!(parse_subscription_types(&[]).is_err());
        assert!(parse_subscription_types(&[SENT, SENT]).is_err());
    }
}
