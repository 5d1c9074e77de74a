//! Messages over the REST API.

use serde_json::{Value, json};

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, TOKEN, World, text};

#[tokio::test]
async fn a_created_message_is_queued_and_has_twilios_field_types() {
    let world = World::start().await;
    let (status, message) = world.send(&[]).await;
    assert_eq!(status, 201);
    assert_eq!(message["status"], "queued");
    assert_eq!(message["direction"], "outbound-api");
    assert_eq!(message["num_media"], "0");
    assert_eq!(message["num_segments"], "1");
    assert_eq!(message["error_code"], Value::Null);
    assert_eq!(message["date_sent"], Value::Null);
    assert!(text(&message, "date_created").ends_with("+0000"));
    assert!(text(&message, "sid").starts_with("SM"));

    world.settle().await;
    let (status, fetched) = world
        .get(&world.account_url(&format!("/Messages/{}.json", text(&message, "sid"))))
        .await;
    assert_eq!(status, 200);
    assert_eq!(fetched["status"], "delivered");
    assert_eq!(fetched["price"], "-0.00790");
}

#[tokio::test]
async fn an_armed_failure_hits_the_next_message_to_that_number_only() {
    let world = World::start().await;
    let failure = json!({ "to": CUSTOMER, "status": "undelivered", "error_code": 30006 });
    assert_eq!(world.control("outcomes", failure).await.0, 200);
    let (_, other) = world.send(&[("To", "+14155550199")]).await;
    let (_, failed) = world.send(&[]).await;
    let (_, after) = world.send(&[]).await;
    world.settle().await;

    let end = |message: &Value| {
        let message = world
            .simulator
            .message(&text(message, "sid"))
            .expect("it exists");
        let statuses: Vec<&str> = message
            .history
            .iter()
            .map(|one| one.status.as_str())
            .collect();
        (statuses.join(" "), message.error_code)
    };
    assert_eq!(end(&other), ("queued sent delivered".to_owned(), None));
    assert_eq!(
        end(&failed),
        ("queued sent undelivered".to_owned(), Some(30006))
    );
    assert_eq!(end(&after), ("queued sent delivered".to_owned(), None));
}

#[tokio::test]
async fn a_refused_create_call_answers_as_armed_and_makes_no_message() {
    let world = World::start().await;
    let refusal = json!({
        "create_error": { "status": 429, "code": 20429, "message": "Too Many Requests" },
    });
    world.control("outcomes", refusal).await;
    let (status, error) = world.send(&[]).await;
    assert_eq!(status, 429);
    assert_eq!(error["code"], 20429);
    assert_eq!(
        error["more_info"],
        "https://www.twilio.com/docs/errors/20429"
    );
    assert!(world.simulator.messages(ACCOUNT).is_empty());
    assert_eq!(world.send(&[]).await.0, 201);
}

#[tokio::test]
async fn errors_have_twilios_body_and_header() {
    let world = World::start().await;
    let response = world
        .http
        .post(world.account_url("/Messages.json"))
        .basic_auth(ACCOUNT, Some(TOKEN))
        .form(&[("To", "123"), ("From", MAIN_LINE), ("Body", "x")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()["x-twilio-error-code"], "21211");
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["code"], 21211);
    assert_eq!(body["status"], 400);

    for (form, code) in [
        (("From", "+14155550111"), 21659),
        (("From", CUSTOMER), 21266),
        (
            ("MessagingServiceSid", "MG00000000000000000000000000000001"),
            21705,
        ),
    ] {
        assert_eq!(world.send(&[form]).await.1["code"], code, "{form:?}");
    }
}

#[tokio::test]
async fn a_json_body_is_ignored() {
    let world = World::start().await;
    let response = world
        .http
        .post(world.account_url("/Messages.json"))
        .basic_auth(ACCOUNT, Some(TOKEN))
        .json(&json!({ "To": CUSTOMER, "From": MAIN_LINE, "Body": "x" }))
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn credentials_are_checked_and_another_accounts_path_is_not_found() {
    let world = World::start().await;
    let url = world.account_url(".json");
    let unauthenticated = world.http.get(&url).send().await.expect("an answer");
    assert_eq!(unauthenticated.status(), 401);
    let wrong = world.http.get(&url).basic_auth(ACCOUNT, Some("wrong"));
    let wrong: Value = wrong
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(wrong["code"], 20003);
    assert_eq!(world.get(&url).await.1["status"], "active");
    let foreign = url.replace("01.json", "02.json");
    assert_eq!(world.get(&foreign).await.0, 404);
    assert_eq!(
        world.get(&world.account_url("/Nothing.json")).await.1["code"],
        20404
    );
}

#[tokio::test]
async fn a_suspended_account_can_be_looked_at_and_not_used() {
    let world = World::start().await;
    let suspend = json!({ "sid": ACCOUNT, "auth_token": TOKEN, "status": "suspended" });
    assert_eq!(world.control("accounts", suspend).await.0, 200);
    assert_eq!(
        world.get(&world.account_url(".json")).await.1["status"],
        "suspended"
    );
    assert_eq!(world.get(&world.account_url("/Messages.json")).await.0, 403);
}

#[tokio::test]
async fn a_messaging_service_accepts_first_and_picks_its_sender_later() {
    let world = World::start().await;
    let service = json!({ "account_sid": ACCOUNT, "phone_numbers": [MAIN_LINE] });
    let (_, service) = world.control("messaging-services", service).await;
    let (_, message) = world
        .post(
            &world.account_url("/Messages.json"),
            &[
                ("To", CUSTOMER),
                ("MessagingServiceSid", &text(&service, "sid")),
                ("Body", "x"),
            ],
        )
        .await;
    assert_eq!(message["status"], "accepted");
    assert_eq!(message["from"], Value::Null);
    assert_eq!(message["num_segments"], "0");
    world.settle().await;
    let message = world
        .simulator
        .message(&text(&message, "sid"))
        .expect("it exists");
    let statuses: Vec<&str> = message
        .history
        .iter()
        .map(|one| one.status.as_str())
        .collect();
    assert_eq!(statuses, ["accepted", "queued", "sent", "delivered"]);
    assert_eq!(message.from.as_deref(), Some(MAIN_LINE));
}

#[tokio::test]
async fn a_text_from_one_account_number_to_another_has_two_sids() {
    let world = World::start().await;
    let (_, sent) = world.send(&[("To", crate::harness::DISPATCH)]).await;
    world.settle().await;
    let messages = world.simulator.messages(ACCOUNT);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].sid.as_str(), text(&sent, "sid"));
    assert!(messages[1].direction.is_inbound());
    assert_ne!(messages[0].sid, messages[1].sid);
    assert_eq!(messages[0].body, messages[1].body);
}

#[tokio::test]
async fn stop_blocks_texts_to_that_phone_until_start() {
    let world = World::start().await;
    let text_in = |body: &str| json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": body });
    world.control("customer-messages", text_in("Yes")).await;
    world.settle().await;
    assert_eq!(
        world.simulator.messages(ACCOUNT).len(),
        1,
        "no reply to a plain yes"
    );

    world.control("customer-messages", text_in("stop")).await;
    let (status, error) = world.send(&[]).await;
    assert_eq!((status, &error["code"]), (400, &json!(21610)));
    assert_eq!(world.send(&[("To", "+14155550199")]).await.0, 201);
    assert_eq!(
        world.send(&[("From", crate::harness::DISPATCH)]).await.0,
        201
    );

    world.control("customer-messages", text_in("START")).await;
    assert_eq!(world.send(&[]).await.0, 201);
}
