use std::collections::BTreeMap;

use serde_json::json;
use twilio_sim::{AttemptOutcome, DeliveryKind};

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, Received, Receiver, World, text};

fn form(received: &Received) -> BTreeMap<String, String> {
    form_urlencoded::parse(&received.body)
        .into_owned()
        .collect()
}

#[tokio::test]
async fn every_status_but_the_first_is_posted_as_a_form() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    let callback = format!("{}/status?message=42", receiver.base_url);
    let (status, message) = world.send(&[("StatusCallback", &callback)]).await;
    assert_eq!(status, 201);
    world.settle().await;
    let received = receiver.received();
    let mut statuses: Vec<String> = received
        .iter()
        .map(|one| form(one)["MessageStatus"].clone())
        .collect();
    statuses.sort();
    assert_eq!(statuses, ["delivered", "sent"]);
    for one in &received {
        let form = form(one);
        assert_eq!(one.target, "/status?message=42");
        assert_eq!(form["MessageSid"], text(&message, "sid"));
        assert_eq!(form["SmsSid"], form["MessageSid"]);
        assert_eq!(form["SmsStatus"], form["MessageStatus"]);
        assert_eq!(form["AccountSid"], ACCOUNT);
        assert_eq!(
            (form["From"].as_str(), form["To"].as_str()),
            (MAIN_LINE, CUSTOMER)
        );
        assert_eq!(form["ApiVersion"], "2010-04-01");
        assert!(!form.contains_key("ErrorCode"));
        assert_eq!(one.signature().len(), 28);
    }
}

#[tokio::test]
async fn a_failure_carries_its_code() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .control(
            "outcomes",
            json!({ "status": "failed", "error_code": 30005 }),
        )
        .await;
    let callback = format!("{}/status", receiver.base_url);
    world.send(&[("StatusCallback", &callback)]).await;
    world.settle().await;
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    assert_eq!(form(&received[0])["ErrorCode"], "30005");
}

#[tokio::test]
async fn an_unwelcome_answer_is_not_tried_again_and_no_connection_once() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .control(
            "outcomes",
            json!({ "status": "failed", "error_code": 30005 }),
        )
        .await;
    receiver.answer(&[503]);
    let callback = format!("{}/status", receiver.base_url);
    world.send(&[("StatusCallback", &callback)]).await;
    world.settle().await;
    assert_eq!(receiver.received().len(), 1);

    world
        .control(
            "outcomes",
            json!({ "status": "failed", "error_code": 30005 }),
        )
        .await;
    world
        .send(&[("StatusCallback", "http://127.0.0.1:1/status")])
        .await;
    world.settle().await;
    let attempts = world.simulator.deliveries_after(0);
    let outcomes: Vec<(u32, AttemptOutcome)> = attempts
        .iter()
        .map(|one| (one.attempt, one.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [
            (1, AttemptOutcome::Discarded),
            (1, AttemptOutcome::Pending),
            (2, AttemptOutcome::Discarded),
        ]
    );
    assert!(
        attempts
            .iter()
            .all(|one| one.kind == DeliveryKind::StatusCallback)
    );
}
