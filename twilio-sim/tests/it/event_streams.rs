//! Events as they arrive at a sink.

use std::time::Duration;

use serde_json::{Value, json};
use twilio_sim::TimingUpdate;

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, Received, Receiver, World, text, text_in};

fn types(received: &[Received]) -> Vec<String> {
    received
        .iter()
        .flat_map(Received::events)
        .map(|event| text(&event, "type").replace("com.twilio.messaging.", ""))
        .collect()
}

#[tokio::test]
async fn a_customers_text_arrives_as_an_array_with_one_cloud_event() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    let sid = text_in(&world, "Hi, is anyone there?").await;
    world.settle().await;

    let received = receiver.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].headers["content-type"], "application/json");
    let events = received[0].events();
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(
        event["type"],
        "com.twilio.messaging.inbound-message.received"
    );
    assert_eq!(
        event["source"],
        format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json")
    );
    assert_eq!(
        event["dataschema"],
        "https://events-schemas.twilio.com/Messaging.InboundMessageV1/6"
    );
    assert!(text(event, "id").starts_with("EZ"));
    let data = &event["data"];
    assert_eq!(data["messageSid"], sid);
    assert_eq!(data["accountSid"], ACCOUNT);
    assert_eq!(data["body"], "Hi, is anyone there?");
    assert_eq!(
        (&data["from"], &data["to"]),
        (&json!(CUSTOMER), &json!(MAIN_LINE))
    );
    assert_eq!(data["numMedia"], 0);
}

#[tokio::test]
async fn an_outbound_message_tells_sent_and_delivered_in_capitals() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    let (_, message) = world.send(&[]).await;
    world.settle().await;

    let mut seen: Vec<(String, Value, Value)> = receiver
        .received()
        .iter()
        .flat_map(Received::events)
        .map(|event| {
            assert_eq!(event["data"]["messageSid"], message["sid"]);
            let data = &event["data"];
            (
                text(&event, "type"),
                data["messageStatus"].clone(),
                data["body"].clone(),
            )
        })
        .collect();
    seen.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = |name: &str| {
        let status = json!(name.to_uppercase());
        (
            format!("com.twilio.messaging.message.{name}"),
            status,
            json!("Hello"),
        )
    };
    assert_eq!(seen, [expected("delivered"), expected("sent")]);
}

#[tokio::test]
async fn a_failed_message_tells_failed_with_its_code_and_nothing_else() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    let failure = json!({ "status": "failed", "error_code": 30008 });
    world.control("outcomes", failure).await;
    world.send(&[]).await;
    world.settle().await;
    let received = receiver.received();
    assert_eq!(types(&received), ["message.failed"]);
    assert_eq!(received[0].events()[0]["data"]["errorCode"], 30008);
}

#[tokio::test]
async fn the_text_of_outbound_events_can_be_held_back() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    world.simulator.update_timing(TimingUpdate {
        hold_back_body: Some(true),
        ..TimingUpdate::default()
    });
    let message = json!({
        "account_sid": ACCOUNT, "from": MAIN_LINE, "to": CUSTOMER, "body": "from elsewhere",
    });
    assert_eq!(world.control("external-messages", message).await.0, 200);
    world.settle().await;
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    for event in received.iter().flat_map(Received::events) {
        assert!(event["data"].get("body").is_none(), "{event}");
        assert!(event["data"].get("statusCallBackUrl").is_none(), "{event}");
    }
}

#[tokio::test]
async fn a_batching_sink_gets_several_events_in_one_request() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), true)
        .await;
    let pause = |paused| TimingUpdate {
        delivery_paused: Some(paused),
        ..TimingUpdate::default()
    };
    world.simulator.update_timing(pause(true));
    for number in 0..130 {
        text_in(&world, &number.to_string()).await;
    }
    world.simulator.update_timing(pause(false));
    world.settle().await;
    let sizes: Vec<usize> = receiver
        .received()
        .iter()
        .map(|one| one.events().len())
        .collect();
    assert_eq!(sizes.iter().sum::<usize>(), 130);
    assert_eq!(sizes.iter().max(), Some(&100));
}

#[tokio::test]
async fn a_deleted_subscription_gets_nothing_more() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    let (_, list) = world.get(&world.url("/v1/Subscriptions")).await;
    let sid = text(&list["subscriptions"][0], "sid");
    assert_eq!(
        world
            .delete(&world.url(&format!("/v1/Subscriptions/{sid}")))
            .await,
        204
    );
    text_in(&world, "unheard").await;
    world.settle().await;
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn the_test_event_carries_the_account_as_id_and_validates_its_sink() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    let sink = world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    let (status, answer) = world
        .post(&world.url(&format!("/v1/Sinks/{sink}/Test")), &[])
        .await;
    assert_eq!((status, &answer["result"]), (201, &json!("submitted")));
    world.settle().await;
    let event = receiver.received()[0].events()[0].clone();
    assert_eq!(event["id"], ACCOUNT);
    assert_eq!(event["type"], "com.twilio.eventstreams.test-event");
    let test_id = text(&event["data"], "test_id");
    let url = world.url(&format!("/v1/Sinks/{sink}/Validate"));
    assert_eq!(world.post(&url, &[("TestId", "other")]).await.0, 400);
    let (status, answer) = world.post(&url, &[("TestId", &test_id)]).await;
    assert_eq!((status, &answer["result"]), (201, &json!("valid")));
}

#[tokio::test]
async fn the_body_hash_stands_in_the_url_after_the_query_that_was_configured() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook?org=1", receiver.base_url), false)
        .await;
    text_in(&world, "hash").await;
    world.settle().await;
    let received = &receiver.received()[0];
    assert!(
        received.target.starts_with("/hook?org=1&bodySHA256="),
        "{}",
        received.target
    );
    assert_eq!(received.signature().len(), 28);
}

#[tokio::test]
async fn a_slow_receiver_gets_no_more_than_64_requests_at_once() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    receiver.be_slow(Duration::from_millis(100));
    for number in 0..200 {
        text_in(&world, &number.to_string()).await;
    }
    world.settle().await;
    assert_eq!(receiver.received().len(), 200);
    let most = receiver.most_under_way();
    assert!((2..=64).contains(&most), "{most} at once");
}
