//! Nobody sees or touches what is another organization's, and nobody does without signing in.

use std::collections::BTreeSet;

use dioxus::server::ServerFunction;
use serde_json::{Value, json};

use crate::{
    sending::{id_of, wait_for_status},
    support::{Agent, CUSTOMER, TwilioAccount, World},
};

#[tokio::test]
async fn another_organizations_things_are_not_there() {
    let world = World::with_twilio().await;
    let ours = world.organization().await;
    let theirs = world
        .organization_of(&TwilioAccount::new(), "+14155550187", true)
        .await;
    let our_agent = world.agent(&ours).await;
    let contact = world.contact(&ours, CUSTOMER).await;
    // A message that failed, so that only its owner keeps a Retry from working.
    world.break_token(&ours).await;
    let text = json!({ "contact_id": contact, "body": "Ours", "phone_number_id": ours.number_id });
    let message = id_of(&our_agent.post("/api/messages/send", &text).await.ok());
    wait_for_status(&world, &message, "failed").await;

    let intruder = world.agent(&theirs).await;
    let status = async |path: &str| intruder.get(path).await.status;
    let list = intruder.get("/api/conversations").await.ok();
    assert_eq!(list["conversations"], json!([]));
    assert_eq!((&list["total"], &list["unread"]), (&json!(0), &json!(0)));
    assert_eq!(status(&format!("/api/conversations/{contact}")).await, 404);
    assert_eq!(
        status(&format!("/api/messages?contact_id={contact}")).await,
        404
    );
    let retry = format!("/api/messages/{message}/retry");
    assert_eq!(intruder.post(&retry, &json!({})).await.status, 404);
    let to_our_contact =
        json!({ "contact_id": contact, "body": "x", "phone_number_id": theirs.number_id });
    assert_eq!(
        intruder
            .post("/api/messages/send", &to_our_contact)
            .await
            .status,
        404
    );
    let from_our_number = json!({ "to": CUSTOMER, "body": "x", "phone_number_id": ours.number_id });
    assert_eq!(
        intruder
            .post("/api/messages/send", &from_our_number)
            .await
            .status,
        404
    );
    for list in ["/api/twilio/imported-numbers", "/api/phone-numbers"] {
        let numbers = intruder.get(list).await.ok();
        let numbers: Vec<&Value> = numbers
            .as_array()
            .expect("numbers")
            .iter()
            .map(|number| &number["number"])
            .collect();
        assert_eq!(numbers, [&json!("+14155550187")]);
    }
    let overview = intruder.get("/api/settings/twilio-overview").await.ok();
    assert_eq!(overview["numbers"].as_array().map(Vec::len), Some(1));
    assert_eq!(overview["numbers"][0]["number"], "+14155550187");

    // Reading theirs is silent: there is nothing of theirs to read, and ours stays unread.
    intruder
        .post(&format!("/api/conversations/{contact}/read"), &json!({}))
        .await;
    assert_eq!(our_agent.get("/api/conversations").await.ok()["unread"], 1);
    assert_eq!(world.front().calls().creates, 0);
    assert_eq!(world.rows.messages().await.len(), 2);
}

#[tokio::test]
async fn a_client_key_of_another_organization_is_another_key() {
    let world = World::with_twilio().await;
    let ours = world.organization().await;
    let theirs = world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    let key = uuid::Uuid::new_v4();
    let mut ids = BTreeSet::new();
    for (organization, body) in [(&ours, "Ours"), (&theirs, "Theirs")] {
        let agent = world.agent(organization).await;
        let text = json!({
            "to": CUSTOMER, "body": body, "phone_number_id": organization.number_id,
            "client_key": key,
        });
        let sent = agent.post("/api/messages/send", &text).await.ok();
        assert_eq!(sent["body"], body);
        ids.insert(id_of(&sent));
    }
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn without_signing_in_every_call_is_refused() {
    let world = World::start().await;
    let nobody = Agent::signed_out(&world.server.url);
    let id = "0197a1b2-0000-7000-8000-000000000000";
    for function in ServerFunction::collect() {
        let path = function.path();
        if path.starts_with("/api/auth/log") {
            continue;
        }
        // Events have numbers.
        let id = match path.starts_with("/api/twilio/events/") {
            true => "1",
            false => id,
        };
        let concrete: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { id } else { part })
            .collect();
        let concrete = concrete.join("/");
        let concrete = if path == "/api/messages" {
            format!("{concrete}?contact_id={id}")
        } else {
            concrete
        };
        let reply = match function.method().as_str() {
            "GET" => nobody.get(&concrete).await,
            "PUT" => nobody.put(&concrete, &json!({})).await,
            _ => nobody.post(&concrete, &json!({})).await,
        };
        assert_eq!(
            reply.status,
            401,
            "{} {path}: {}",
            function.method(),
            reply.json
        );
    }
}

#[test]
fn no_two_server_functions_have_the_same_route() {
    let mut seen = BTreeSet::new();
    for function in ServerFunction::collect() {
        // A parameter's name makes no difference to the router.
        let shape: Vec<&str> = function
            .path()
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part })
            .collect();
        let route = format!("{} {}", function.method(), shape.join("/"));
        assert!(seen.insert(route.clone()), "twice: {route}");
    }
    for route in [
        "POST /api/auth/login",
        "POST /api/auth/logout",
        "POST /api/messages/send",
        "GET /api/messages",
        "GET /api/twilio/imported-numbers",
    ] {
        assert!(seen.contains(route), "{route} is missing: {seen:?}");
    }
}
