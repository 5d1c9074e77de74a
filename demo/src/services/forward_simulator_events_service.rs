use serde::Deserialize;
use serde_json::{Value, json};

use crate::utils::{SimulatorClient, SimulatorError};

/// What Loquent wants to hear of.
const EVENT_TYPES: [&str; 5] = [
    "com.twilio.messaging.inbound-message.received",
    "com.twilio.messaging.message.sent",
    "com.twilio.messaging.message.delivered",
    "com.twilio.messaging.message.failed",
    "com.twilio.messaging.message.undelivered",
];
/// An account has at most 100 sinks and as many subscriptions
/// ([Event Streams limits](https://www.twilio.com/docs/events)): one page holds all.
const PAGE_SIZE: (&str, &str) = ("PageSize", "100");
const DESCRIPTION: (&str, &str) = ("Description", "Loquent (demo)");

#[derive(Deserialize)]
struct Sinks {
    sinks: Vec<Sink>,
}

#[derive(Deserialize)]
struct Sink {
    sid: String,
    sink_configuration: Value,
}

#[derive(Deserialize)]
struct Subscriptions {
    subscriptions: Vec<Subscription>,
}

#[derive(Deserialize)]
struct Subscription {
    sid: String,
}

#[derive(Deserialize)]
struct SubscribedEvents {
    types: Vec<SubscribedEvent>,
}

#[derive(Deserialize)]
struct SubscribedEvent {
    r#type: String,
}

/// Has the simulator send its events to Loquent, set up over its Events API as it would be at
/// Twilio: a sink for the address and a subscription for the types. What is there already is
/// used.
pub async fn forward_simulator_events_service(
    simulator: &SimulatorClient,
    events_url: &str,
) -> Result<(), SimulatorError> {
    let sink = match find_sink(simulator, events_url).await? {
        Some(sid) => sid,
        None => create_sink(simulator, events_url).await?,
    };
    let of_sink = [("SinkSid", sink.as_str()), PAGE_SIZE];
    let found: Subscriptions = simulator.get("/v1/Subscriptions", &of_sink).await?;
    match found.subscriptions.first() {
        // A sink has at most one.
        Some(subscription) => add_missing_types(simulator, &subscription.sid).await?,
        None => create_subscription(simulator, &sink).await?,
    }
    tracing::info!(sink, "the simulator sends its events to Loquent");
    Ok(())
}

async fn find_sink(
    simulator: &SimulatorClient,
    events_url: &str,
) -> Result<Option<String>, SimulatorError> {
    let found: Sinks = simulator.get("/v1/Sinks", &[PAGE_SIZE]).await?;
    let leads_here = |sink: &Sink| {
        let destination = sink.sink_configuration["destination"]
            .as_str()
            .unwrap_or_default();
        destination.trim_end_matches('/') == events_url
    };
    Ok(found
        .sinks
        .into_iter()
        .find(leads_here)
        .map(|sink| sink.sid))
}

async fn create_sink(
    simulator: &SimulatorClient,
    events_url: &str,
) -> Result<String, SimulatorError> {
    let configuration =
        json!({ "destination": events_url, "method": "POST", "batch_events": true });
    let form = [
        DESCRIPTION,
        ("SinkType", "webhook"),
        ("SinkConfiguration", &configuration.to_string()),
    ];
    let sink: Sink = simulator.post("/v1/Sinks", &form).await?;
    Ok(sink.sid)
}

async fn create_subscription(
    simulator: &SimulatorClient,
    sink: &str,
) -> Result<(), SimulatorError> {
    // One `Types` for each: Twilio refuses an array.
    let types = EVENT_TYPES.map(|name| json!({ "type": name }).to_string());
    let mut form = vec![DESCRIPTION, ("SinkSid", sink)];
    form.extend(types.iter().map(|one| ("Types", one.as_str())));
    let _: Subscription = simulator.post("/v1/Subscriptions", &form).await?;
    Ok(())
}

async fn add_missing_types(
    simulator: &SimulatorClient,
    subscription: &str,
) -> Result<(), SimulatorError> {
    let path = format!("/v1/Subscriptions/{subscription}/SubscribedEvents");
    let known: SubscribedEvents = simulator.get(&path, &[PAGE_SIZE]).await?;
    for name in EVENT_TYPES {
        if known.types.iter().all(|one| one.r#type != name) {
            let _: SubscribedEvent = simulator.post(&path, &[("Type", name)]).await?;
        }
    }
    Ok(())
}
