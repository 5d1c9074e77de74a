use chrono::{SecondsFormat, Utc};
use rand::Rng;
use serde_json::{Value, json};
use twilio_sim::{Sid, SidPrefix};
use xtask::demo::simulator_account::SIMULATOR_ACCOUNT_SID;

/// Numbers of the demo organization, which the texts go to.
const NUMBERS: [&str; 3] = ["+14155550134", "+14155550187", "+18335550142"];
/// Customers that the texts come from.
const CUSTOMERS: u32 = 1_000;
const EVENT_TYPE: &str = "com.twilio.messaging.inbound-message.received";

/// A batch of inbound texts from random customers, each with ids of its own.
pub(super) fn make_batch(events: u32) -> Vec<u8> {
    let events: Vec<Value> = (0..events).map(|_| inbound()).collect();
    Value::Array(events).to_string().into_bytes()
}

/// The message of the first event of a batch.
pub(super) fn first_message(batch: &[u8]) -> Option<String> {
    let batch: Value = serde_json::from_slice(batch).ok()?;
    Some(batch[0]["data"]["messageSid"].as_str()?.to_owned())
}

fn inbound() -> Value {
    let mut random = rand::rng();
    let customer = random.random_range(0..CUSTOMERS);
    let to = NUMBERS[random.random_range(0..NUMBERS.len())];
    let sid = Sid::generate(SidPrefix::Sms);
    let now = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    json!({
        "specversion": "1.0",
        "type": EVENT_TYPE,
        "source": format!("/2010-04-01/Accounts/{SIMULATOR_ACCOUNT_SID}/Messages/{sid}.json"),
        "id": Sid::generate(SidPrefix::Event),
        "dataschema": "https://events-schemas.twilio.com/Messaging.InboundMessageV1/6",
        "datacontenttype": "application/json",
        "time": now,
        "data": {
            "messageSid": sid,
            "timestamp": now,
            "accountSid": SIMULATOR_ACCOUNT_SID,
            "eventName": EVENT_TYPE,
            "from": format!("+1212{:07}", 2_000_000 + customer),
            "to": to,
            "body": "Hello, is somebody free to look at our boiler this week? It makes a noise.",
            "numMedia": 0,
            "numSegments": 1,
            "fromCountry": "US",
            "toCountry": "US",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_of_a_batch_is_another_message() {
        let batch = make_batch(2);
        let events: Vec<Value> = serde_json::from_slice(&batch).expect("a list");
        assert_eq!(events.len(), 2);
        assert_ne!(events[0]["id"], events[1]["id"]);
        assert_ne!(
            events[0]["data"]["messageSid"],
            events[1]["data"]["messageSid"]
        );
        assert_eq!(
            first_message(&batch).as_deref(),
            events[0]["data"]["messageSid"].as_str()
        );
    }
}
