//! Health and drift: what is not as it should be at Twilio is named, and put right by a plan.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Agent, Organization, Socket, World};

async fn world_with_admin() -> (World, Organization, Agent) {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    (world, organization, admin)
}

async fn set_up(admin: &Agent) {
    let reply = admin.post("/api/twilio/setup-event-sink", &json!({})).await;
    reply.ok();
}

async fn check(admin: &Agent) -> Value {
    let reply = admin.post("/api/twilio/check-health", &json!({})).await;
    reply.ok()
}

/// Reasons of the findings of the account and of events.
fn reasons(health: &Value) -> Vec<&str> {
    let findings = health["findings"].as_array().expect("findings").iter();
    findings
        .map(|finding| finding["reason"].as_str().expect("a reason"))
        .collect()
}

#[tokio::test]
async fn a_look_only_reads_and_is_kept() {
    let (world, organization, admin) = world_with_admin().await;
    let before = admin.get("/api/twilio/health").await.ok();
    assert_eq!(before["checked_at"], Value::Null);
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_missing"]);
    assert_eq!(health["findings"][0]["fix"], "setup_event_sink");
    assert_eq!(health["account"]["status"], "active");
    let number = &health["numbers"][0];
    assert_eq!(number["number"], organization.number.as_str());
    assert_eq!(number["findings"], json!([]));
    assert!(!health["checked_at"].is_null());
    assert_eq!(admin.get("/api/twilio/health").await.ok(), health);
    world.assert_only_read();

    // Every browser of the organization hears of a look.
    let mut socket = Socket::open(&world.agent(&organization).await).await;
    check(&admin).await;
    socket.wait_for("twilio.account").await;

    // Another organization has its own.
    let stranger = world.other_organization("+14155550187").await;
    let stranger = world.admin(&stranger).await;
    let theirs = stranger.get("/api/twilio/health").await.ok();
    assert_eq!(theirs["checked_at"], Value::Null);
}

#[tokio::test]
async fn drift_of_event_forwarding_is_named_and_fixed() {
    let (world, _, admin) = world_with_admin().await;
    set_up(&admin).await;
    assert_eq!(reasons(&check(&admin).await), [""; 0]);
    let account = &world.account;
    let sink = || world.simulator().sinks()[0].clone();
    let subscription = || {
        let sid = sink()["subscription"]["sid"].clone();
        format!("/v1/Subscriptions/{}", sid.as_str().expect("a SID"))
    };
    let of_type = |name: &str| {
        let subscription = subscription();
        format!("{subscription}/SubscribedEvents/com.twilio.messaging.{name}")
    };
    let fixed = async || {
        set_up(&admin).await;
        let health = admin.get("/api/twilio/health").await.ok();
        assert_eq!(reasons(&health), [""; 0], "{health}");
        assert_eq!(health["forwarding"]["state"], "active");
    };

    for name in ["message.delivered", "message.failed"] {
        world
            .at_twilio(account, Method::DELETE, &of_type(name), &[])
            .await;
    }
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["event_types_missing"]);
    let message = health["findings"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(
        message.contains("message.delivered, message.failed"),
        "{message}"
    );
    assert_eq!(health["forwarding"]["state"], "incomplete");
    assert_eq!(health["findings"][0]["severity"], "problem");
    fixed().await;

    let old = [("SchemaVersion", "5".to_owned())];
    world
        .at_twilio(account, Method::POST, &of_type("message.sent"), &old)
        .await
        .ok();
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["schema_version_old"]);
    assert_eq!(health["findings"][0]["severity"], "warning");
    assert_eq!(health["forwarding"]["state"], "active");
    fixed().await;

    world
        .at_twilio(account, Method::DELETE, &subscription(), &[])
        .await;
    assert_eq!(reasons(&check(&admin).await), ["subscription_missing"]);
    fixed().await;

    let sid = sink()["sid"].as_str().expect("a SID").to_owned();
    let failed = serde_json::from_value(json!({ "status": "failed" })).expect("a change");
    world
        .simulator()
        .change_sink(&sid, &failed)
        .expect("it is there");
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_not_active"]);
    assert_eq!(health["findings"][0]["found"], "failed");
    fixed().await;

    let destination = format!("{}/twilio/events", world.server.url);
    world.sink_by_hand(account, &destination).await;
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_duplicated"]);
    fixed().await;
    assert_eq!(world.simulator().sinks().len(), 1);
    assert_eq!(
        sink()["sid"],
        sid.as_str(),
        "the one with the subscription stays"
    );

    let elsewhere = json!({ "destination": "https://old.example/twilio/events" });
    let elsewhere = serde_json::from_value(elsewhere).expect("a change");
    world
        .simulator()
        .change_sink(&sid, &elsewhere)
        .expect("it is there");
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_url_mismatch"]);
    assert_eq!(
        health["findings"][0]["found"],
        "https://old.example/twilio/events"
    );
    assert_eq!(health["findings"][0]["expected"], destination.as_str());
    fixed().await;

    for sink in world.simulator().sinks() {
        let (sid, subscription) = (&sink["sid"], &sink["subscription"]["sid"]);
        for (kind, sid) in [("Subscriptions", subscription), ("Sinks", sid)] {
            let path = format!("/v1/{kind}/{}", sid.as_str().expect("a SID"));
            let gone = world.at_twilio(account, Method::DELETE, &path, &[]).await;
            assert_eq!(gone.status, 204);
        }
    }
    assert_eq!(reasons(&check(&admin).await), ["sink_missing"]);
    fixed().await;
}
