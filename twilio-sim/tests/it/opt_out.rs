use serde_json::{Value, json};

use crate::harness::{ACCOUNT, CUSTOMER, DISPATCH, MAIN_LINE, Received, Receiver, World, text};

async fn text_in(world: &World, body: &str) {
    let message = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": body });
    let (status, answer) = world.control("customer-messages", message).await;
    assert_eq!(status, 200, "{answer}");
}

/// Replies of Twilio itself to the customer.
fn replies(world: &World) -> Vec<String> {
    world
        .simulator
        .messages(ACCOUNT)
        .into_iter()
        .filter(|one| !one.direction.is_inbound())
        .map(|one| one.body)
        .collect()
}

#[tokio::test]
async fn every_stop_word_blocks_and_every_start_word_opens_again() {
    for stop in [
        "STOP",
        "UNSUBSCRIBE",
        "END",
        "QUIT",
        "STOPALL",
        "REVOKE",
        "OPTOUT",
        "CANCEL",
        "Stop",
        " revoke ",
    ] {
        for start in ["START", "YES", "UNSTOP"] {
            let world = World::start().await;
            text_in(&world, stop).await;
            let (status, error) = world.send(&[]).await;
            assert_eq!((status, &error["code"]), (400, &json!(21610)), "{stop}");
            text_in(&world, start).await;
            assert_eq!(world.send(&[]).await.0, 201, "{start}");
        }
    }
}

#[tokio::test]
async fn a_word_within_a_text_blocks_nothing_and_gets_no_reply() {
    let world = World::start().await;
    for body in [
        "please stop the leak",
        "STOP!",
        "stop it",
        "cancel my order",
        "the end",
        "start over",
    ] {
        text_in(&world, body).await;
        assert_eq!(world.send(&[]).await.0, 201, "{body}");
    }
    world.settle().await;
    assert_eq!(replies(&world), ["Hello"; 6]);
}

#[tokio::test]
async fn the_event_tells_the_kind_of_keyword_and_no_other_event_has_it() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    let hook = format!("{}/hook", receiver.base_url);
    world.subscribe(&hook, false).await;
    for body in ["REVOKE", "start", "info", "hello"] {
        text_in(&world, body).await;
        world.settle().await;
    }
    let seen: Vec<(String, Value)> = receiver
        .received()
        .iter()
        .flat_map(Received::events)
        .filter(|event| text(event, "type").ends_with("inbound-message.received"))
        .map(|event| {
            let data = &event["data"];
            (text(data, "body"), data["optOutType"].clone())
        })
        .collect();
    let expected = |body: &str, kind: Value| (body.to_owned(), kind);
    assert_eq!(
        seen,
        [
            expected("REVOKE", json!("STOP")),
            expected("start", json!("START")),
            expected("info", json!("HELP")),
            expected("hello", Value::Null),
        ]
    );
    let replies = replies(&world);
    assert_eq!(replies.len(), 3);
    assert!(replies[0].contains("unsubscribed") && replies[1].contains("re-subscribed"));
}

#[tokio::test]
async fn help_blocks_nothing_and_an_opt_out_counts_for_the_whole_pool() {
    let world = World::start().await;
    text_in(&world, "HELP").await;
    assert_eq!(world.send(&[]).await.0, 201);
    let pool = json!({ "account_sid": ACCOUNT, "phone_numbers": [MAIN_LINE, DISPATCH] });
    let (_, service) = world.control("messaging-services", pool).await;
    text_in(&world, "OPTOUT").await;
    let service = text(&service, "sid");
    let url = world.account_url("/Messages.json");
    let by_service = [
        ("To", CUSTOMER),
        ("MessagingServiceSid", &service),
        ("Body", "x"),
    ];
    assert_eq!(world.post(&url, &by_service).await.1["code"], 21610);
    assert_eq!(world.send(&[("From", DISPATCH)]).await.1["code"], 21610);
    assert_eq!(world.send(&[("To", "+14155550199")]).await.0, 201);
}
