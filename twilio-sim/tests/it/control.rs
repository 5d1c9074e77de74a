use serde_json::json;

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, TOKEN, World, text};

#[tokio::test]
async fn the_request_log_holds_every_rest_request_and_no_token() {
    let world = World::start().await;
    world
        .send(&[("MediaUrl", "https://example.com/a.jpg")])
        .await;
    world
        .get(&world.account_url("/Messages.json?To=%2B1&PageSize=5"))
        .await;
    let (_, log) = world.get(&world.url("/sim/requests?after=0")).await;
    let requests = log["requests"].as_array().expect("requests");
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0]["method"], "POST");
    assert_eq!(requests[0]["status"], 201);
    assert_eq!(requests[0]["form"]["Body"], json!(["Hello"]));
    assert_eq!(requests[1]["query"]["To"], json!(["+1"]));
    assert!(!log.to_string().contains(TOKEN));
    let (_, rest) = world
        .get(&world.url(&format!("/sim/requests?after={}", log["next_after"])))
        .await;
    assert_eq!(rest["requests"], json!([]));
}

#[tokio::test]
async fn a_reset_leaves_only_the_configured_account() {
    let world = World::start().await;
    world.send(&[]).await;
    let (status, _) = world.control("reset", json!({})).await;
    assert_eq!(status, 204);
    assert_eq!(world.get(&world.account_url(".json")).await.0, 200);
    let (_, list) = world.get(&world.account_url("/Messages.json")).await;
    assert_eq!(list["messages"], json!([]));
    let (_, numbers) = world.get(&world.url("/sim/numbers")).await;
    assert_eq!(numbers["numbers"], json!([]));
    assert!(world.simulator.is_quiet());
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_the_reason() {
    let world = World::start().await;
    for (path, body, status) in [
        ("accounts", json!({ "sid": "AC1", "auth_token": "x" }), 422),
        (
            "numbers",
            json!({ "account_sid": ACCOUNT, "phone_number": "12" }),
            400,
        ),
        (
            "customer-messages",
            json!({ "from": CUSTOMER, "to": "+14155550111", "body": "x" }),
            404,
        ),
        (
            "customer-messages",
            json!({ "from": MAIN_LINE, "to": MAIN_LINE, "body": "x" }),
            400,
        ),
        (
            "customer-messages",
            json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": "" }),
            400,
        ),
        ("outcomes", json!({ "status": "failed" }), 400),
        ("outcomes", json!({}), 400),
        ("outcomes", json!({ "nonsense": 1 }), 422),
    ] {
        let (got, answer) = world.control(path, body).await;
        assert_eq!(got, status, "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_number_belongs_to_one_account_and_a_rotated_token_replaces_the_old_one() {
    let world = World::start().await;
    let other = "AC00000000000000000000000000000002";
    world
        .control("accounts", json!({ "sid": other, "auth_token": "t2" }))
        .await;
    let number = json!({ "account_sid": other, "phone_number": MAIN_LINE });
    assert_eq!(world.control("numbers", number).await.0, 409);
    world
        .control("accounts", json!({ "sid": ACCOUNT, "auth_token": "new" }))
        .await;
    assert_eq!(world.get(&world.account_url(".json")).await.0, 401);
}

#[tokio::test]
async fn the_conversation_of_a_phone_and_a_number_can_be_read() {
    let world = World::start().await;
    let message = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": "one" });
    let (_, sent) = world.control("customer-messages", message).await;
    world.send(&[("Body", "two")]).await;
    world
        .send(&[("To", "+14155550199"), ("Body", "to another")])
        .await;
    let query = "number=%2B14155550134&phone=%2B14155550162";
    let (_, answer) = world
        .get(&world.url(&format!("/sim/messages?{query}")))
        .await;
    let messages = answer["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), 2);
    assert_eq!(text(&messages[0], "sid"), text(&sent, "sid"));
    assert_eq!(text(&messages[1], "body"), "two");
    assert_eq!(world.get(&world.url("/sim/messages")).await.0, 400);
}
