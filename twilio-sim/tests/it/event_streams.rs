use std::time::Duration;

use serde_json::{Value, json};
use twilio_sim::{AttemptOutcome, DeliveryKind, Timing, TimingUpdate};

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, Received, Receiver, World, eventually, text};

fn types(received: &[Received]) -> Vec<String> {
    received
        .iter()
        .flat_map(Received::events)
        .map(|event| text(&event, "type").replace("com.twilio.messaging.", ""))
        .collect()
}

async fn text_in(world: &World, body: &str) -> String {
    let message = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": body });
    let (status, answer) = world.control("customer-messages", message).await;
    assert_eq!(status, 200, "{answer}");
    text(&answer, "sid")
}

fn outcomes(world: &World) -> Vec<(Option<u16>, AttemptOutcome)> {
    let attempts = world.simulator.deliveries_after(0);
    attempts
        .iter()
        .map(|one| (one.http_status, one.outcome))
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
async fn answers_429_and_5xx_are_tried_again_with_the_same_event() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    receiver.answer(&[429, 503, 500]);
    text_in(&world, "again").await;
    world.settle().await;
    let ids: Vec<String> = receiver
        .received()
        .iter()
        .map(|one| text(&one.events()[0], "id"))
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(
        outcomes(&world),
        [
            (Some(429), AttemptOutcome::Pending),
            (Some(503), AttemptOutcome::Pending),
            (Some(500), AttemptOutcome::Pending),
            (Some(200), AttemptOutcome::Delivered),
        ]
    );
    let attempts = world.simulator.deliveries_after(0);
    assert_eq!(attempts[3].attempt, 4);
    assert_eq!(
        attempts[3].items[0].event_id.as_deref(),
        Some(ids[0].as_str())
    );
    assert_eq!(attempts[3].kind, DeliveryKind::Event);
}

#[tokio::test]
async fn any_other_4xx_discards_the_event_for_good() {
    for status in [400, 401, 403, 404, 413] {
        let world = World::start().await;
        let receiver = Receiver::start().await;
        world
            .subscribe(&format!("{}/hook", receiver.base_url), false)
            .await;
        receiver.answer(&[status]);
        text_in(&world, "lost").await;
        world.settle().await;
        assert_eq!(receiver.received().len(), 1);
        assert_eq!(
            outcomes(&world),
            [(Some(status), AttemptOutcome::Discarded)]
        );
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_counts_as_none() {
    let world = World::start_with(Timing {
        event_timeout_ms: 1_000,
        ..Timing::instant()
    })
    .await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    receiver.hang_once(Duration::from_secs(20));
    text_in(&world, "slow").await;
    world.settle().await;
    assert_eq!(
        outcomes(&world),
        [
            (None, AttemptOutcome::Pending),
            (Some(200), AttemptOutcome::Delivered),
        ]
    );
}

#[tokio::test]
async fn an_event_that_finds_nobody_expires_after_the_time_that_retries_may_take() {
    let world = World::start_with(Timing {
        retry_base_ms: 20,
        retry_max_ms: 40,
        retry_for_ms: 1_000,
        ..Timing::instant()
    })
    .await;
    // Nothing listens on port 1.
    world.subscribe("http://127.0.0.1:1/hook", false).await;
    text_in(&world, "nobody").await;
    world.settle().await;
    let outcomes = outcomes(&world);
    assert!(outcomes.len() >= 4, "{outcomes:?}");
    let (last, before) = outcomes.split_last().expect("attempts");
    assert_eq!(*last, (None, AttemptOutcome::Expired));
    assert!(
        before
            .iter()
            .all(|one| *one == (None, AttemptOutcome::Pending))
    );
}

#[tokio::test]
async fn nothing_is_delivered_while_delivery_is_paused_and_all_of_it_after() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    let pause = |paused| TimingUpdate {
        delivery_paused: Some(paused),
        ..TimingUpdate::default()
    };
    world.simulator.update_timing(pause(true));
    world.send(&[]).await;
    eventually("the message is delivered to the phone", || {
        world.simulator.messages(ACCOUNT)[0].status.as_str() == "delivered"
    })
    .await;
    assert_eq!(receiver.received().len(), 0);
    world.simulator.update_timing(pause(false));
    world.settle().await;
    assert_eq!(receiver.received().len(), 2);
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
