//! Stored events can be looked at by those whom they concern, and processed again by an admin.

use chrono::{DateTime, Utc};
use loquent::entities::states::Role;
use serde_json::{Value, json};

use crate::support::{
    Agent, CUSTOMER, MAIN_LINE, Organization, Reply, TwilioAccount, TwilioEvent, World, eventually,
    new_sid,
};

const OTHER_LINE: &str = "+14155550187";

async fn admin(world: &World, organization: &Organization) -> Agent {
    let (email, password) = world.user(organization, Role::Admin).await;
    let mut admin = Agent::signed_out(&world.server.url);
    admin.log_in(&email, &password).await.ok();
    admin
}

async fn list(agent: &Agent, query: &str) -> Vec<Value> {
    let page = agent.get(&format!("/api/twilio/events{query}")).await.ok();
    page["events"].as_array().expect("events").clone()
}

fn ids(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event_id"].as_str().expect("an id"))
        .collect()
}

/// The row of an event by Twilio's id of it.
async fn row(agent: &Agent, event_id: &str) -> Value {
    let found = list(agent, &format!("?sid={event_id}")).await;
    assert_eq!(found.len(), 1, "{event_id}: {found:?}");
    found[0].clone()
}

async fn again(agent: &Agent, event: &Value) -> Reply {
    let id = &event["id"];
    let path = format!("/api/twilio/events/{id}/process-again");
    agent.post(&path, &json!({})).await
}

/// A customer's text without the id of its message: it can never be processed.
fn without_sid(text: &TwilioEvent) -> Value {
    let mut event = text.json();
    event["data"]["messageSid"] = Value::Null;
    event
}

#[tokio::test]
async fn events_are_listed_with_their_state_and_found_by_message_and_by_state() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let text = world.text(&organization, "Hello");
    let sid = new_sid();
    let status = |word| TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, word);
    let (sent, delivered) = (status("sent"), status("delivered"));
    let bad = world.text(&organization, "No SID");
    let nameless = world.text(&organization, "No sender");
    let mut without_sender = nameless.json();
    without_sender["data"]["from"] = Value::Null;
    let batch = json!([
        text.json(),
        sent.json(),
        delivered.json(),
        without_sender,
        without_sid(&bad)
    ]);
    assert_eq!(world.account.post(&world.server.url, &batch).await, 200);
    world.rows.all_events_processed().await;

    let page = agent.get("/api/twilio/events").await.ok();
    let all = page["events"].as_array().expect("events");
    let newest_first = [&bad.id, &nameless.id, &delivered.id, &sent.id, &text.id];
    assert_eq!(ids(all), newest_first.map(String::as_str));
    assert_eq!(page["counts"]["parked"], 2);
    assert_eq!(page["counts"]["pending"], 0);
    assert_eq!(page["next_before"], Value::Null);
    let parked = &all[0];
    assert_eq!(parked["state"], "parked");
    assert_eq!(parked["attempts"], 1);
    assert_eq!(parked["error"], "the event has no usable messageSid");
    assert_eq!(
        parked["event_type"],
        "com.twilio.messaging.inbound-message.received"
    );
    assert!(parked["processed_at"].is_string());
    assert_eq!(all[1]["error"], "the event has no usable from");
    assert_eq!(all[2]["message_sid"], sid);
    assert_eq!(all[2]["state"], "processed");
    let account = all[2]["account"].as_str().expect("an account");
    assert!(account.starts_with("AC••••"), "{account}");
    assert!(account.ends_with(&world.account.sid[30..]), "{account}");

    assert_eq!(
        ids(&list(&agent, "?state=parked").await),
        [&bad.id, &nameless.id]
    );
    assert_eq!(list(&agent, "?state=processed").await.len(), 3);
    let of_message = list(&agent, &format!("?sid={sid}")).await;
    assert_eq!(ids(&of_message), [&delivered.id, &sent.id]);
    // Also one that became part of no message.
    let of_nameless = list(&agent, &format!("?sid={}", nameless.message_sid)).await;
    assert_eq!(ids(&of_nameless), [&nameless.id]);
    assert_eq!(row(&agent, &bad.id).await["state"], "parked");
    assert_eq!(list(&agent, &format!("?sid={}", new_sid())).await.len(), 0);
    assert_eq!(agent.get("/api/twilio/events?sid=%25").await.status, 400);
    assert_eq!(agent.get("/api/twilio/events?state=lost").await.status, 400);
}

#[tokio::test]
async fn the_list_goes_back_page_by_page_without_a_gap() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let batch: Vec<TwilioEvent> = (0..120)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    world.post(&batch).await;
    world.rows.all_events_processed().await;
    let mut seen: Vec<String> = Vec::new();
    let mut query = String::new();
    let mut pages = 0;
    loop {
        let page = agent.get(&format!("/api/twilio/events{query}")).await.ok();
        let events = page["events"].as_array().expect("events");
        seen.extend(ids(events).into_iter().map(str::to_owned));
        pages += 1;
        let Some(before) = page["next_before"].as_i64() else {
            break;
        };
        query = format!("?before={before}");
    }
    assert_eq!(pages, 3);
    let newest_first: Vec<String> = batch.iter().rev().map(|event| event.id.clone()).collect();
    assert_eq!(seen, newest_first);
}

#[tokio::test]
async fn a_payload_has_no_secret_for_anybody_and_no_text_or_number_for_agents() {
    let world = World::start().await;
    let organization = world.organization().await;
    let sid = new_sid();
    let mut sent = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "sent");
    sent.body = Some("The door code is 4471".to_owned());
    sent.status_callback = Some("https://user:hunter2@example.com/cb?key=hunter3".to_owned());
    let mut event = sent.json();
    event["data"]["authToken"] = json!("hunter4");
    assert_eq!(world.account.post(&world.server.url, &event).await, 200);
    world.rows.all_events_processed().await;
    let shown = async |agent: &Agent| {
        let id = row(agent, &sent.id).await["id"].clone();
        agent.get(&format!("/api/twilio/events/{id}")).await.ok()
    };

    let to_admin = shown(&admin(&world, &organization).await).await;
    let to_agent = shown(&world.agent(&organization).await).await;
    for detail in [&to_admin, &to_agent] {
        let text = detail.to_string();
        for secret in [
            "hunter",
            world.account.sid.as_str(),
            world.account.token.as_str(),
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let payload = detail["payload"].as_str().expect("text");
        assert!(payload.contains(&sid), "{payload}");
        assert!(payload.contains("\n  \"data\": {"), "indented: {payload}");
    }
    assert_eq!(to_admin["is_masked"], false);
    assert!(to_admin.to_string().contains("The door code is 4471"));
    assert!(to_admin.to_string().contains(CUSTOMER));
    assert_eq!(to_agent["is_masked"], true);
    for hidden in ["4471", "door", CUSTOMER, MAIN_LINE, &CUSTOMER[1..]] {
        assert!(
            !to_agent.to_string().contains(hidden),
            "{hidden}: {to_agent}"
        );
    }
}

#[tokio::test]
async fn nobody_sees_or_touches_an_event_of_another_organization_on_the_same_account() {
    let world = World::start().await;
    let ours = world.organization().await;
    let theirs = world
        .organization_of(&world.account, OTHER_LINE, false)
        .await;
    let elsewhere = TwilioAccount::new();
    let third = world
        .organization_of(&elsewhere, "+14155550199", true)
        .await;
    let our_text = world.text(&ours, "For us");
    let mut their_text = world.text(&theirs, "For them");
    their_text.to = OTHER_LINE.to_owned();
    // From one organization to the other: the sender's reports are the sender's only.
    let between = TwilioEvent::status(
        &world.account.sid,
        &new_sid(),
        OTHER_LINE,
        MAIN_LINE,
        "delivered",
    );
    let nobodys = TwilioEvent::status(
        &world.account.sid,
        &new_sid(),
        "+14155550111",
        CUSTOMER,
        "sent",
    );
    let mut nameless = world.text(&ours, "No numbers").json();
    nameless["id"] = json!("EZnameless");
    nameless["data"]["from"] = Value::Null;
    nameless["data"]["to"] = Value::Null;
    let parked = world.text(&ours, "No SID");
    let batch = json!([
        our_text.json(),
        their_text.json(),
        between.json(),
        nobodys.json(),
        nameless,
        without_sid(&parked)
    ]);
    assert_eq!(world.account.post(&world.server.url, &batch).await, 200);
    world.rows.all_events_processed().await;

    let our_admin = admin(&world, &ours).await;
    let their_admin = admin(&world, &theirs).await;
    let third_admin = admin(&world, &third).await;
    assert_eq!(ids(&list(&our_admin, "").await), [&parked.id, &our_text.id]);
    assert_eq!(
        ids(&list(&their_admin, "").await),
        [&between.id, &their_text.id]
    );
    assert_eq!(list(&third_admin, "").await, [Value::Null; 0]);
    let counts = their_admin.get("/api/twilio/events").await.ok()["counts"].clone();
    assert_eq!(
        (&counts["parked"], &counts["ignored"]),
        (&json!(0), &json!(0))
    );

    let event = row(&our_admin, &parked.id).await;
    let path = format!("/api/twilio/events/{}", event["id"]);
    assert_eq!(our_admin.get(&path).await.status, 200);
    for intruder in [&their_admin, &third_admin] {
        assert_eq!(intruder.get(&path).await.status, 404);
        assert_eq!(again(intruder, &event).await.status, 404);
        let all = "/api/twilio/events/process-parked-again";
        let answer = intruder.post(all, &json!({})).await.ok();
        assert_eq!(answer["events"], 0);
        for sid in [&parked.id, &our_text.id, &our_text.message_sid] {
            assert_eq!(list(intruder, &format!("?sid={sid}")).await.len(), 0);
        }
    }
    let agent = world.agent(&ours).await;
    assert_eq!(again(&agent, &event).await.status, 403);
    let all = "/api/twilio/events/process-parked-again";
    assert_eq!(agent.post(all, &json!({})).await.status, 403);
    assert_eq!(
        world.rows.event(&parked.id).await.expect("it is kept").0,
        "parked"
    );
}

#[tokio::test]
async fn an_account_of_ones_own_shows_all_its_events_until_another_organization_joins_it() {
    let world = World::start().await;
    let account = TwilioAccount::new();
    let ours = world.organization_of(&account, MAIN_LINE, true).await;
    let mut nameless = world.text(&ours, "No numbers").json();
    nameless["id"] = json!("EZnameless");
    nameless["data"]["from"] = Value::Null;
    nameless["data"]["to"] = Value::Null;
    let nobodys = TwilioEvent::status(&account.sid, &new_sid(), "+14155550111", CUSTOMER, "sent");
    let batch = json!([nameless, nobodys.json()]);
    assert_eq!(account.post(&world.server.url, &batch).await, 200);
    world.rows.all_events_processed().await;
    let agent = world.agent(&ours).await;
    assert_eq!(
        ids(&list(&agent, "").await),
        [nobodys.id.as_str(), "EZnameless"]
    );
    assert_eq!(row(&agent, "EZnameless").await["state"], "parked");

    world.organization_of(&account, OTHER_LINE, true).await;
    assert_eq!(list(&agent, "").await, [Value::Null; 0]);
}

#[tokio::test]
async fn a_number_that_changed_hands_brings_no_event_of_its_former_owner() {
    let world = World::start().await;
    let before = world.organization().await;
    let old = world.text(&before, "For the former owner");
    world.post(std::slice::from_ref(&old)).await;
    world.rows.all_events_processed().await;
    world
        .rows
        .execute("UPDATE phone_number SET released_at = now()")
        .await;
    let after = world
        .organization_of(&world.account, MAIN_LINE, false)
        .await;
    let new = world.text(&after, "For the new owner");
    world.post(std::slice::from_ref(&new)).await;
    world.rows.all_events_processed().await;
    let agent = world.agent(&after).await;
    assert_eq!(ids(&list(&agent, "").await), [&new.id]);
    assert_eq!(list(&agent, &format!("?sid={}", old.id)).await.len(), 0);
}

#[tokio::test]
async fn an_event_that_fails_is_tried_again_with_pauses_then_parked_and_an_admin_revives_it() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = admin(&world, &organization).await;
    world
        .rows
        .execute("ALTER TABLE message ADD CONSTRAINT words_of_a_test CHECK (body <> 'poison')")
        .await;
    let poison = world.text(&organization, "poison");
    let good = world.text(&organization, "good");
    world.post(&[poison.clone(), good.clone()]).await;
    eventually("the good one beside it is processed", async || {
        world.rows.by_sid(&good.message_sid).await
    })
    .await;
    let waiting = eventually("the bad one has failed", async || {
        let event = row(&admin, &poison.id).await;
        (event["attempts"].as_i64() > Some(0)).then_some(event)
    })
    .await;
    assert_eq!(waiting["state"], "pending");
    // Why, in words, but nothing of what was to be stored.
    assert_eq!(
        waiting["error"],
        "The database refused it: a value is not allowed \
         (SQLSTATE 23514, table message, constraint words_of_a_test)."
    );
    let time = |name: &str| -> DateTime<Utc> {
        let text = waiting[name].as_str().expect("a time");
        text.parse().expect("a time")
    };
    assert!(time("next_attempt_at") > time("received_at"), "{waiting}");
    let second = eventually("it is tried once more by itself", async || {
        let event = row(&admin, &poison.id).await;
        (event["attempts"].as_i64() > Some(1)).then_some(event)
    })
    .await;
    assert!(second["attempts"].as_i64() < Some(8), "{second}");

    // The pauses grow: the last attempt comes minutes later, which nobody waits for here.
    world
        .rows
        .execute(
            "UPDATE twilio_event SET attempts = 7, next_attempt_at = now() WHERE state = 'pending'",
        )
        .await;
    let parked = eventually("it is parked", async || {
        let event = row(&admin, &poison.id).await;
        (event["state"] == "parked").then_some(event)
    })
    .await;
    assert_eq!(parked["attempts"], 8);
    assert_eq!(parked["error"], waiting["error"]);

    world
        .rows
        .execute("ALTER TABLE message DROP CONSTRAINT words_of_a_test")
        .await;
    let revived = again(&admin, &parked).await.ok();
    assert_eq!(revived["event_id"], poison.id);
    let stored = eventually("it becomes a message", async || {
        world.rows.by_sid(&poison.message_sid).await
    })
    .await;
    assert_eq!(stored.body.as_deref(), Some("poison"));
    world.rows.all_events_processed().await;
    let processed = row(&admin, &poison.id).await;
    assert_eq!(processed["state"], "processed");
    assert_eq!(processed["error"], Value::Null);
    assert_eq!(processed["attempts"], 1, "it starts over");
    assert_eq!(
        again(&admin, &processed).await.status,
        409,
        "what is processed stays so"
    );
}

#[tokio::test]
async fn all_parked_events_are_processed_again_at_once_and_the_bad_are_parked_again() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = admin(&world, &organization).await;
    let texts: Vec<TwilioEvent> = (0..5)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    let bad = world.text(&organization, "No SID");
    let mut batch: Vec<Value> = texts.iter().map(TwilioEvent::json).collect();
    batch.push(without_sid(&bad));
    assert_eq!(
        world
            .account
            .post(&world.server.url, &Value::Array(batch))
            .await,
        200
    );
    world.rows.all_events_processed().await;
    // As if an earlier version had not understood them.
    world.rows.execute("DELETE FROM contact").await;
    world
        .rows
        .execute("UPDATE twilio_event SET state = 'parked', attempts = 8")
        .await;
    let all = "/api/twilio/events/process-parked-again";
    let answer = admin.post(all, &json!({})).await.ok();
    assert_eq!(answer, json!({ "events": 6, "has_more": false }));
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.messages().await.len(), 5);
    let parked = list(&admin, "?state=parked").await;
    assert_eq!(ids(&parked), [&bad.id]);
}
