use serde_json::Value;

use crate::model::{SinkConfiguration, SinkType};
use crate::rest::TwilioError;

/// Reads `SinkConfiguration`: a JSON object as text. A webhook needs a `destination`.
///
/// # Errors
/// The text is no JSON object, or a webhook's destination, method or batching is not valid.
pub(crate) fn parse_sink_configuration(
    text: &str,
    sink_type: SinkType,
) -> Result<SinkConfiguration, TwilioError> {
    let invalid = |reason: &str| TwilioError::invalid_parameter("SinkConfiguration", reason);
    let given: Value = serde_json::from_str(text).map_err(|_| invalid("not valid JSON"))?;
    if !given.is_object() {
        return Err(invalid("not a JSON object"));
    }
    if sink_type != SinkType::Webhook {
        return Ok(SinkConfiguration {
            given,
            destination: None,
            batch_events: false,
        });
    }
    let destination = given["destination"]
        .as_str()
        .ok_or_else(|| invalid("destination is missing"))?
        .to_owned();
    let valid_url = reqwest::Url::parse(&destination)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !valid_url {
        return Err(invalid("destination is not a valid URL"));
    }
    match given.get("method") {
        None => {}
        Some(method)
            if method
                .as_str()
                .is_some_and(|text| text.eq_ignore_ascii_case("POST")) => {}
        Some(_) => return Err(invalid("method must be POST")),
    }
    let batch_events = match given.get("batch_events") {
        None => false,
        Some(value) => value
            .as_bool()
            .ok_or_else(|| invalid("batch_events must be true or false"))?,
    };
    Ok(SinkConfiguration {
        given,
        destination: Some(destination),
        batch_events,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_needs_a_json_object_with_a_url() {
        let parse = |text| parse_sink_configuration(text, SinkType::Webhook);
        let good =
            parse(r#"{"destination":"https://example.com/x","method":"POST","batch_events":true}"#)
                .expect("valid");
        assert_eq!(good.destination.as_deref(), Some("https://example.com/x"));
        assert!(good.batch_events);
        for text in [
            "",
            "[]",
            "{}",
            r#"{"destination":"example.com"}"#,
            r#"{"destination":"ftp://example.com"}"#,
            r#"{"destination":"https://example.com","method":"GET"}"#,
            r#"{"destination":"https://example.com","batch_events":"true"}"#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
