//! Event forwarding: set up, complete, test and remove, each with a look at Twilio's side.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Agent, CUSTOMER, MAIN_LINE, Organization, Socket, World, eventually};

/// The server's address for events.
fn destination(world: &World) -> String {
    format!("{}/twilio/events", world.server.url)
}

async fn world_with_admin() -> (World, Organization, Agent) {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    (world, organization, admin)
}

async fn set_up(admin: &Agent) -> Value {
    let reply = admin.post("/api/twilio/setup-event-sink", &json!({})).await;
    reply.ok()
}

/// The kinds of the changes of a plan or of what was done.
fn kinds(changes: &Value) -> Vec<&str> {
    let changes = changes.as_array().expect("changes").iter();
    changes
        .map(|change| change["kind"].as_str().expect("a kind"))
        .collect()
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let (world, _, admin) = world_with_admin().await;
    let other = "https://crm.example/hooks/twilio";
    world.sink_by_hand(&world.account, other).await;
    let seen = world.requests_so_far();

    let dry = json!({ "dry_run": true });
    let answer = admin.post("/api/twilio/setup-event-sink", &dry).await.ok();
    assert_eq!(answer["dry_run"], true);
    assert_eq!(answer["changes"], json!([]));
    let plan = &answer["plan"];
    assert_eq!(
        kinds(&plan["changes"]),
        ["sink_created", "subscription_created"]
    );
    let sink = json!([{ "name": "destination", "before": null, "after": destination(&world) }]);
    assert_eq!(plan["changes"][0]["values"], sink);
    let types = plan["changes"][1]["values"].as_array().expect("values");
    assert_eq!(types.len(), 6, "the sink and five types: {types:?}");
    assert!(types.iter().all(|value| value["before"].is_null()));
    let untouched = plan["untouched"].to_string();
    assert!(untouched.contains("1 sink of another app"), "{untouched}");
    assert!(untouched.contains("Phone numbers"), "{untouched}");
    assert_eq!(world.changes_since(seen), [""; 0]);
    assert_eq!(
        world
            .rows
            .count("SELECT count(*) FROM twilio_account_change")
            .await,
        0
    );

    // What was looked at is what is done.
    let expected = json!({ "expected": plan["fingerprint"] });
    let done = admin
        .post("/api/twilio/setup-event-sink", &expected)
        .await
        .ok();
    assert_eq!(done["plan"]["changes"], plan["changes"]);
    // The same again would be something else now.
    let again = admin.post("/api/twilio/setup-event-sink", &expected).await;
    assert_eq!(again.status, 409, "{}", again.json);
}

#[tokio::test]
async fn set_up_makes_one_sink_and_one_subscription_and_events_come() {
    let (world, organization, admin) = world_with_admin().await;
    let mut socket = Socket::open(&admin).await;
    let before = admin.get("/api/twilio/event-forwarding").await.ok();
    assert_eq!(before["state"], "unknown");

    let answer = set_up(&admin).await;
    assert_eq!(
        kinds(&answer["changes"]),
        ["sink_created", "subscription_created"]
    );
    socket.wait_for("twilio.account").await;
    let sinks = world.simulator().sinks();
    assert_eq!(sinks.len(), 1, "{sinks:?}");
    assert_eq!(sinks[0]["destination"], destination(&world).as_str());
    let types = sinks[0]["subscription"]["types"].as_array().expect("types");
    let version = |name: &str| {
        let name = format!("com.twilio.messaging.{name}");
        let found = types.iter().find(|one| one["type"] == name.as_str());
        found.expect("the type")["schema_version"].clone()
    };
    assert_eq!(types.len(), 5);
    assert_eq!(version("inbound-message.received"), 6);
    for name in ["sent", "delivered", "failed", "undelivered"] {
        assert_eq!(version(&format!("message.{name}")), 8);
    }

    // Again: nothing to do.
    let seen = world.requests_so_far();
    let again = set_up(&admin).await;
    assert_eq!(again["plan"]["changes"], json!([]));
    assert_eq!(world.changes_since(seen), [""; 0]);

    let state = admin.get("/api/twilio/event-forwarding").await.ok();
    assert_eq!(state["state"], "active");
    assert_eq!(state["sink_sid"], sinks[0]["sid"]);
    assert_eq!(state["sink_status"], "active");
    assert_eq!(state["subscription_sid"], sinks[0]["subscription"]["sid"]);
    assert_eq!(state["last_event_at"], Value::Null);

    // A customer's text arrives, and the card shows it.
    let text = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": "Hello", "media_urls": [] });
    let text = serde_json::from_value(text).expect("a text");
    world
        .simulator()
        .send_as_customer(text)
        .expect("it is sent");
    let state = eventually("the event is counted", async || {
        let state = admin.get("/api/twilio/event-forwarding").await.ok();
        (!state["last_event_at"].is_null()).then_some(state)
    })
    .await;
    // None if midnight was a moment ago.
    let today = state["events_today"].as_u64();
    assert!(today.is_some_and(|today| today <= 1), "{state}");
    assert_eq!(state["types"][0]["last_event_at"], state["last_event_at"]);
    assert_eq!(state["types"][1]["last_event_at"], Value::Null);
    assert_eq!(world.rows.messages().await.len(), 1);
    drop(organization);
}

#[tokio::test]
async fn admins_who_set_up_at_once_make_one_sink_and_one_subscription() {
    let (world, organization, _) = world_with_admin().await;
    // Another organization of the same Twilio account, and another server on the same database.
    let neighbour = world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    let mut admins = Vec::new();
    for organization in [&organization, &neighbour, &organization, &neighbour] {
        admins.push(world.admin(organization).await);
    }
    // Slow enough that all are under way at the same time.
    let slow = json!({ "rules": [{ "on": "any", "fault": { "kind": "latency", "ms": 60 } }] });
    let slow = serde_json::from_value(slow).expect("faults");
    world.simulator().set_faults(slow).expect("they are armed");

    let answers = futures::future::join_all(admins.iter().map(set_up)).await;
    let made: Vec<&str> = answers
        .iter()
        .flat_map(|answer| kinds(&answer["changes"]))
        .collect();
    assert_eq!(made, ["sink_created", "subscription_created"]);
    let sinks = world.simulator().sinks();
    assert_eq!(sinks.len(), 1, "{sinks:?}");
    let subscriptions = world
        .list_at_twilio(&world.account, "Subscriptions", "subscriptions")
        .await;
    assert_eq!(subscriptions.len(), 1);
}

#[tokio::test]
async fn a_sink_that_points_to_loquent_is_found_on_any_page_and_reused() {
    let (world, _, admin) = world_with_admin().await;
    let ours = world
        .sink_by_hand(&world.account, &format!("{}/", destination(&world)))
        .await;
    // Ours is the oldest: behind the others, on the last page that fits in an account.
    for n in 0..99 {
        let other = format!("https://crm.example/{n}");
        world.sink_by_hand(&world.account, &other).await;
    }
    let answer = set_up(&admin).await;
    assert_eq!(kinds(&answer["changes"]), ["subscription_created"]);
    let sinks = world.simulator().sinks();
    assert_eq!(sinks.len(), 100);
    let used = sinks.iter().find(|sink| !sink["subscription"].is_null());
    assert_eq!(used.expect("one is used")["sid"], ours.as_str());
}

#[tokio::test]
async fn an_account_that_is_full_says_so_and_nothing_is_half_done() {
    let (world, _, admin) = world_with_admin().await;
    for n in 0..100 {
        let other = format!("https://crm.example/{n}");
        world.sink_by_hand(&world.account, &other).await;
    }
    let reply = admin.post("/api/twilio/setup-event-sink", &json!({})).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    let message = reply.json["message"].as_str().expect("a message");
    assert!(message.contains("100 sinks"), "{message}");
    let activity = admin.get("/api/twilio/account-changes").await.ok();
    assert_eq!(kinds(&activity["changes"]), ["sink_created"]);
    assert_eq!(activity["changes"][0]["state"], "failed");
    assert_eq!(activity["changes"][0]["can_undo"], false);
}

#[tokio::test]
async fn what_is_missing_in_a_subscription_is_added_and_what_others_added_stays() {
    let (world, _, admin) = world_with_admin().await;
    set_up(&admin).await;
    let sinks = world.simulator().sinks();
    let subscription = sinks[0]["subscription"]["sid"].as_str().expect("a SID");
    let events = format!("/v1/Subscriptions/{subscription}/SubscribedEvents");
    let sent = format!("{events}/com.twilio.messaging.message.sent");
    let failed = format!("{events}/com.twilio.messaging.message.failed");
    let gone = world
        .at_twilio(&world.account, Method::DELETE, &sent, &[])
        .await;
    assert_eq!(gone.status, 204);
    let old = [("SchemaVersion", "4".to_owned())];
    world
        .at_twilio(&world.account, Method::POST, &failed, &old)
        .await
        .ok();

    let answer = set_up(&admin).await;
    let mut done = kinds(&answer["changes"]);
    done.sort_unstable();
    assert_eq!(done, ["event_type_added", "event_type_version_set"]);
    let sinks = world.simulator().sinks();
    let types = sinks[0]["subscription"]["types"].as_array().expect("types");
    assert_eq!(types.len(), 5);
    assert!(types.iter().all(|one| one["schema_version"] != 4));
    let health = admin.get("/api/twilio/health").await.ok();
    assert_eq!(health["findings"], json!([]));
}

#[tokio::test]
async fn a_sink_that_waits_for_confirmation_is_confirmed_with_a_test_event() {
    let world = World::with_direct_twilio(Vec::new()).await;
    world.make_account(&world.account, &json!({ "sinks_wait": true }));
    let organization = world.organization().await;
    world.make_account(&world.account, &json!({ "sinks_wait": true }));
    let admin = world.admin(&organization).await;
    let answer = set_up(&admin).await;
    assert_eq!(
        kinds(&answer["changes"]),
        ["sink_created", "sink_validated", "subscription_created"]
    );
    assert_eq!(world.simulator().sinks()[0]["status"], "active");

    // One that stopped being active is confirmed again.
    let sid = world.simulator().sinks()[0]["sid"]
        .as_str()
        .expect("a SID")
        .to_owned();
    let stopped = json!({ "status": "initialized" });
    let stopped = serde_json::from_value(stopped).expect("a change");
    world
        .simulator()
        .change_sink(&sid, &stopped)
        .expect("it is there");
    let health = admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(health["findings"][0]["reason"], "sink_not_active");
    assert_eq!(health["forwarding"]["state"], "incomplete");
    let answer = set_up(&admin).await;
    assert_eq!(kinds(&answer["changes"]), ["sink_validated"]);
    assert_eq!(world.simulator().sinks()[0]["status"], "active");
}

#[tokio::test]
async fn a_test_event_is_seen_arriving_each_time() {
    let (_world, _, admin) = world_with_admin().await;
    let none = admin.post("/api/twilio/send-test-event", &json!({})).await;
    assert_eq!(none.status, 409, "{}", none.json);
    set_up(&admin).await;
    let mut last = Value::Null;
    for _ in 0..2 {
        let answer = admin
            .post("/api/twilio/send-test-event", &json!({}))
            .await
            .ok();
        assert_eq!(answer["arrived"], true, "{answer}");
        assert_eq!(answer["hint"], Value::Null);
        let state = eventually("the test event is noted", async || {
            let state = admin.get("/api/twilio/event-forwarding").await.ok();
            let at = state["last_test_event_at"].clone();
            (!at.is_null() && at != last).then_some(state)
        })
        .await;
        last = state["last_test_event_at"].clone();
        assert_eq!(state["events_today"], 0, "a test is no customer's text");
    }
    // It is not in the account activity: it changes nothing.
    let activity = admin.get("/api/twilio/account-changes").await.ok();
    assert_eq!(activity["changes"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_test_event_that_does_not_arrive_says_what_to_look_at() {
    let (world, _, admin) = world_with_admin().await;
    set_up(&admin).await;
    let held = json!({ "delivery_paused": true });
    let held = serde_json::from_value(held).expect("timing");
    world.simulator().update_timing(held);
    let answer = admin
        .post("/api/twilio/send-test-event", &json!({}))
        .await
        .ok();
    assert_eq!(answer["arrived"], false, "{answer}");
    let hint = answer["hint"].as_str().expect("a hint");
    assert!(hint.contains(&destination(&world)), "{hint}");
}

#[tokio::test]
async fn removing_takes_away_only_sinks_that_point_to_loquent() {
    let (world, _, admin) = world_with_admin().await;
    let other = world
        .sink_by_hand(&world.account, "https://crm.example/hooks")
        .await;
    set_up(&admin).await;
    let dry = json!({ "dry_run": true });
    let plan = admin.post("/api/twilio/remove-event-sink", &dry).await.ok();
    assert_eq!(
        kinds(&plan["plan"]["changes"]),
        ["subscription_removed", "sink_removed"]
    );
    assert_eq!(world.simulator().sinks().len(), 2);

    let done = admin
        .post("/api/twilio/remove-event-sink", &json!({}))
        .await
        .ok();
    assert_eq!(
        kinds(&done["changes"]),
        ["subscription_removed", "sink_removed"]
    );
    let left = world.simulator().sinks();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["sid"], other.as_str());
    let state = admin.get("/api/twilio/event-forwarding").await.ok();
    assert_eq!(state["state"], "not_set_up");
    let again = admin
        .post("/api/twilio/remove-event-sink", &json!({}))
        .await
        .ok();
    assert_eq!(again["changes"], json!([]));
    // Those who made them are no longer offered an Undo.
    let activity = admin.get("/api/twilio/account-changes").await.ok();
    let activity = activity["changes"].as_array().expect("changes").clone();
    assert_eq!(activity.len(), 4);
    assert!(activity.iter().all(|change| change["can_undo"] == false));
}

#[tokio::test]
async fn an_organization_does_not_take_forwarding_away_from_another() {
    let (world, _, admin) = world_with_admin().await;
    world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    let done = set_up(&admin).await;
    let reply = admin
        .post("/api/twilio/remove-event-sink", &json!({}))
        .await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    let undo = json!({ "change_id": done["changes"][0]["id"] });
    let reply = admin.post("/api/twilio/undo-account-change", &undo).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    assert_eq!(world.simulator().sinks().len(), 1);
}
