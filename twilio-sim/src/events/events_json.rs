use serde_json::{Value, json};

use crate::events::event_type::EventType;
use crate::model::{Sid, Sink, SubscribedEvent, Subscription};
use crate::wire::iso_date;

/// When the event types and schemas of the simulator were "made": any fixed date.
const TYPES_DATE: &str = "2022-01-01T00:00:00Z";

/// A sink as the API shows it. `base` is the API's own address.
pub(crate) fn sink_json(sink: &Sink, base: &str) -> Value {
    let url = format!("{base}/v1/Sinks/{}", sink.sid);
    json!({
        "sid": sink.sid,
        "description": sink.description,
        "sink_configuration": sink.configuration.given,
        "sink_type": sink.sink_type,
        "status": sink.status,
        "date_created": iso_date(sink.date_created),
        "date_updated": iso_date(sink.date_updated),
        "links": {
            "sink_test": format!("{url}/Test"),
            "sink_validate": format!("{url}/Validate"),
        },
        "url": url,
    })
}

/// A subscription as the API shows it: without its types.
pub(crate) fn subscription_json(
    subscription: &Subscription,
    account_sid: &Sid,
    base: &str,
) -> Value {
    let url = format!("{base}/v1/Subscriptions/{}", subscription.sid);
    json!({
        "account_sid": account_sid,
        "sid": subscription.sid,
        "sink_sid": subscription.sink_sid,
        "description": subscription.description,
        "date_created": iso_date(subscription.date_created),
        "date_updated": iso_date(subscription.date_updated),
        "links": { "subscribed_events": format!("{url}/SubscribedEvents") },
        "url": url,
    })
}

/// One type of a subscription as the API shows it.
pub(crate) fn subscribed_event_json(
    event: &SubscribedEvent,
    subscription_sid: &Sid,
    account_sid: &Sid,
    base: &str,
) -> Value {
    json!({
        "account_sid": account_sid,
        "subscription_sid": subscription_sid,
        "type": event.event_type,
        "schema_version": event.schema_version,
        "url": format!(
            "{base}/v1/Subscriptions/{subscription_sid}/SubscribedEvents/{}",
            event.event_type
        ),
    })
}

/// An event type as the API shows it.
pub(crate) fn event_type_json(kind: &EventType, base: &str) -> Value {
    json!({
        "type": kind.name,
        "schema_id": kind.schema_id,
        "description": kind.description,
        "status": "released",
        "documentation_url": null,
        "date_created": TYPES_DATE,
        "date_updated": TYPES_DATE,
        "url": format!("{base}/v1/Types/{}", kind.name),
        "links": { "schema": format!("{base}/v1/Schemas/{}", kind.schema_id) },
    })
}

/// A schema as the API shows it.
pub(crate) fn schema_json(schema_id: &str, latest_version: u32, base: &str) -> Value {
    let url = format!("{base}/v1/Schemas/{schema_id}");
    json!({
        "id": schema_id,
        "latest_version": latest_version,
        "latest_version_date_created": TYPES_DATE,
        "links": { "versions": format!("{url}/Versions") },
        "url": url,
    })
}

/// A version of a schema as the API shows it.
pub(crate) fn schema_version_json(schema_id: &str, version: u32, base: &str) -> Value {
    json!({
        "id": schema_id,
        "schema_version": version,
        "date_created": TYPES_DATE,
        "raw": format!("https://events-schemas.twilio.com/{schema_id}/{version}"),
        "url": format!("{base}/v1/Schemas/{schema_id}/Versions/{version}"),
    })
}
