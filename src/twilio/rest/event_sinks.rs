use reqwest::Url;
use serde::Deserialize;

use super::{TwilioError, TwilioReader, list_twilio_pages};
use crate::twilio::EventSinkStatus;

/// A sink of Event Streams ([Sink]).
///
/// [Sink]: https://www.twilio.com/docs/events/event-streams/sink-resource
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventSink {
    pub sid: String,
    #[serde(default)]
    pub sink_type: String,
    pub status: EventSinkStatus,
    #[serde(default)]
    pub sink_configuration: EventSinkConfiguration,
}

/// Where a webhook sink posts to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct EventSinkConfiguration {
    pub destination: Option<String>,
    pub method: Option<String>,
}

/// A subscription, which sends events to a sink.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventSubscription {
    pub sid: String,
    pub sink_sid: String,
}

/// A type of event that a subscription sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SubscribedType {
    #[serde(rename = "type")]
    pub event_type: String,
    pub schema_version: Option<u32>,
}

impl EventSink {
    /// Whether it posts to the given address. A slash at the end and the case of the host do not
    /// make another address.
    pub fn leads_to(&self, destination: &str) -> bool {
        let posts = self
            .sink_configuration
            .method
            .as_deref()
            .is_none_or(|method| method.eq_ignore_ascii_case("POST"));
        let own = self.sink_configuration.destination.as_deref();
        self.sink_type == "webhook"
            && posts
            && own.is_some_and(|own| normal(own) == normal(destination))
    }
}

/// All sinks of the account, on as many pages as there are.
pub async fn list_event_sinks(reader: &TwilioReader) -> Result<Vec<EventSink>, TwilioError> {
    list_twilio_pages(reader, "/v1/Sinks?PageSize=100", "sinks").await
}

/// All subscriptions of the account.
pub async fn list_event_subscriptions(
    reader: &TwilioReader,
) -> Result<Vec<EventSubscription>, TwilioError> {
    list_twilio_pages(reader, "/v1/Subscriptions?PageSize=100", "subscriptions").await
}

/// The types of a subscription, which its own resource does not list.
pub async fn list_subscribed_types(
    reader: &TwilioReader,
    subscription_sid: &str,
) -> Result<Vec<SubscribedType>, TwilioError> {
    let first = format!("/v1/Subscriptions/{subscription_sid}/SubscribedEvents?PageSize=100");
    list_twilio_pages(reader, &first, "types").await
}

fn normal(url: &str) -> String {
    let parsed = Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.to_string());
    parsed.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_address_is_recognized_and_another_is_not() {
        let sink = |destination: &str, method: Option<&str>| EventSink {
            sid: "DG1".to_owned(),
            sink_type: "webhook".to_owned(),
            status: EventSinkStatus::Active,
            sink_configuration: EventSinkConfiguration {
                destination: Some(destination.to_owned()),
                method: method.map(str::to_owned),
            },
        };
        let ours = "https://sms.example.com/twilio/events";
        for same in [ours, "https://SMS.example.com/twilio/events/"] {
            assert!(sink(same, Some("POST")).leads_to(ours), "{same}");
            assert!(sink(same, None).leads_to(ours), "{same}");
        }
        for other in [
            "http://sms.example.com/twilio/events",
            "https://sms.example.com/twilio/events?x=1",
            "https://sms.example.com/twilio/Events",
            "",
        ] {
            assert!(!sink(other, None).leads_to(ours), "{other}");
        }
        assert!(!sink(ours, Some("GET")).leads_to(ours));
    }
}
