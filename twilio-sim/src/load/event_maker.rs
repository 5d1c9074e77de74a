use chrono::Utc;
use rand::Rng;
use serde_json::{Value, json};

use super::LoadOptions;
use crate::{
    events::{EventEnvelope, INBOUND_RECEIVED},
    model::{Sid, SidPrefix},
    wire::event_time,
};

/// A batch of inbound texts from random customers, each with ids of its own.
pub(super) fn make_batch(options: &LoadOptions) -> Vec<u8> {
    let events: Vec<Value> = (0..options.batch).map(|_| inbound(options)).collect();
    Value::Array(events).to_string().into_bytes()
}

fn inbound(options: &LoadOptions) -> Value {
    let mut random = rand::rng();
    let customer = random.random_range(0..options.customers.max(1));
    let to = &options.to[random.random_range(0..options.to.len())];
    let account = &options.account_sid;
    let sid = Sid::generate(SidPrefix::Sms);
    let id = Sid::generate(SidPrefix::Event);
    let now = Utc::now();
    EventEnvelope {
        id: id.as_str(),
        event_type: INBOUND_RECEIVED,
        source: &format!("/2010-04-01/Accounts/{account}/Messages/{sid}.json"),
        schema: "Messaging.InboundMessageV1/6",
        time: now,
        data: json!({
            "messageSid": sid,
            "timestamp": event_time(now),
            "accountSid": account,
            "eventName": INBOUND_RECEIVED,
            "from": format!("+1212{:07}", 2_000_000 + customer),
            "to": to,
            "body": "Hello, is somebody free to look at our boiler this week? It makes a noise.",
            "numMedia": 0,
            "numSegments": 1,
            "fromCountry": "US",
            "toCountry": "US",
        }),
    }
    .to_json()
}
