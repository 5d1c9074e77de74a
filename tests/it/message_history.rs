//! What was heard of a message can be read afterwards: every status, from whom, and why it failed.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use twilio_sim::{ArmOutcome, FinalStatus, TimingUpdate};
use uuid::Uuid;

use crate::{
    sending::{id_of, send, wait_for_status},
    support::{
        Agent, CUSTOMER, Fault, MAIN_LINE, TwilioAccount, TwilioEvent, World, eventually,
        eventually_within, new_sid,
    },
};

async fn history(agent: &Agent, message: &str) -> Vec<Value> {
    let answer = agent
        .get(&format!("/api/messages/{message}/events"))
        .await
        .ok();
    answer["entries"].as_array().expect("entries").clone()
}

fn words(entries: &[Value]) -> Vec<(&str, &str, bool)> {
    entries
        .iter()
        .map(|entry| {
            let word = |name: &str| entry[name].as_str().expect("a word");
            let applied = entry["applied"].as_bool().expect("a truth");
            (word("status"), word("source"), applied)
        })
        .collect()
}

#[tokio::test]
async fn a_failed_text_tells_its_whole_way_and_why_it_failed_in_words() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world
        .simulator()
        .arm_outcome(ArmOutcome {
            status: Some(FinalStatus::Undelivered),
            error_code: Some(30003),
            ..ArmOutcome::default()
        })
        .expect("it is armed");
    let id = id_of(
        &send(&agent, &organization, CUSTOMER, "On our way")
            .await
            .ok(),
    );
    wait_for_status(&world, &id, "undelivered").await;
    // Twilio orders nothing: it may tell of `sent` after the end, and the callbacks may be quicker
    // than the answer to our request.
    eventually("all is told", async || {
        let entries = history(&agent, &id).await;
        let told = words(&entries);
        let has = |word: &str, by: &str| {
            told.iter()
                .any(|(status, source, _)| (*status, *source) == (word, by))
        };
        (has("sent", "callback") && has("queued", "send")).then_some(())
    })
    .await;
    // And it comes once more.
    let sid = world.rows.by_id(&id).await.expect("it").external_id;
    let sid = sid.expect("a SID");
    let late = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "sent");
    world.post(&[late]).await;
    world.rows.all_events_processed().await;

    let entries = history(&agent, &id).await;
    let told = words(&entries);
    assert_eq!(told[0], ("queued", "user", true));
    assert_eq!(entries[0]["by"], "Dana Whitfield");
    assert_eq!(entries[0]["attempt"], 1);
    assert!(
        told.contains(&("undelivered", "callback", true)),
        "{told:?}"
    );
    assert_eq!(told.last(), Some(&("sent", "event_stream", false)));

    let failed = entries
        .iter()
        .find(|entry| entry["status"] == "undelivered")
        .expect("the end");
    let error = &failed["error"];
    assert_eq!(error["code"], 30003);
    assert_eq!(error["title"], "Phone unreachable");
    let meaning = error["meaning"].as_str().expect("words");
    assert!(meaning.contains("switched off"), "{meaning}");
    assert_eq!(error["action"], "Try again later, or call.");
    let id_of_entry = |entry: &Value| entry["id"].as_i64().expect("a number");
    let ids: Vec<i64> = entries.iter().map(id_of_entry).collect();
    assert!(ids.is_sorted(), "in the order of arrival: {ids:?}");
    // The raw report is kept for every word of Twilio's.
    let bare = "SELECT count(*) FROM message_event WHERE source <> 'user' AND payload IS NULL";
    assert_eq!(world.rows.count(bare).await, 0);
}

#[tokio::test]
async fn a_retry_says_who_sent_the_text_again() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let first = world.agent(&organization).await;
    world
        .simulator()
        .arm_outcome(ArmOutcome {
            status: Some(FinalStatus::Undelivered),
            error_code: Some(30003),
            ..ArmOutcome::default()
        })
        .expect("it is armed");
    let id = id_of(&send(&first, &organization, CUSTOMER, "Hello").await.ok());
    wait_for_status(&world, &id, "undelivered").await;
    let second = world.agent(&organization).await;
    sqlx::query(r#"UPDATE "user" SET name = 'Sam Ortiz' WHERE email = $1"#)
        .bind(&second.email)
        .execute(&world.rows.0)
        .await
        .expect("a name");
    let retry = format!("/api/messages/{id}/retry");
    second.post(&retry, &json!({})).await.ok();
    wait_for_status(&world, &id, "delivered").await;

    let begun: Vec<(Value, Value)> = history(&first, &id)
        .await
        .into_iter()
        .filter(|entry| entry["source"] == "user")
        .map(|entry| (entry["attempt"].clone(), entry["by"].clone()))
        .collect();
    assert_eq!(
        begun,
        [
            (json!(1), json!("Dana Whitfield")),
            (json!(2), json!("Sam Ortiz"))
        ]
    );
}

#[tokio::test]
async fn a_message_from_elsewhere_and_a_customers_text_have_their_history_too() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let sid = new_sid();
    let status = |word| TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, word);
    let text = world.text(&organization, "Hello?");
    world
        .post(&[status("sent"), status("delivered"), text.clone()])
        .await;
    world.rows.all_events_processed().await;

    let external = world.rows.by_sid(&sid).await.expect("it").id.to_string();
    let entries = history(&agent, &external).await;
    let mut told = words(&entries);
    told.sort_unstable();
    let expected = [
        ("delivered", "event_stream", true),
        ("sent", "event_stream", true),
    ];
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], expected[0]);
    let inbound = world.rows.by_sid(&text.message_sid).await.expect("it").id;
    let entries = history(&agent, &inbound.to_string()).await;
    assert_eq!(words(&entries), [("received", "event_stream", true)]);
}

#[tokio::test]
async fn the_history_of_another_organizations_message_is_not_there() {
    let world = World::start().await;
    let ours = world.organization().await;
    let theirs = world
        .organization_of(&TwilioAccount::new(), "+14155550187", true)
        .await;
    let text = world.text(&ours, "Ours");
    world.post(std::slice::from_ref(&text)).await;
    world.rows.all_events_processed().await;
    let id = world.rows.by_sid(&text.message_sid).await.expect("it").id;
    let path = format!("/api/messages/{id}/events");
    let status = async |agent: Agent| agent.get(&path).await.status;
    assert_eq!(status(world.agent(&ours).await).await, 200);
    assert_eq!(status(world.agent(&theirs).await).await, 404);
    let nothing = format!("/api/messages/{}/events", Uuid::now_v7());
    assert_eq!(world.agent(&ours).await.get(&nothing).await.status, 404);
}

#[tokio::test]
async fn a_history_without_end_is_cut_and_says_so() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let text = world.text(&organization, "Once");
    world.post(std::slice::from_ref(&text)).await;
    world.rows.all_events_processed().await;
    world
        .rows
        .execute(
            "INSERT INTO message_event
                 (organization_id, message_id, status, source, applied, dedup_key, occurred_at)
             SELECT organization_id, id, 'received', 'event_stream', false, 'n' || n, now()
             FROM message, generate_series(1, 205) AS n",
        )
        .await;
    let id = world.rows.by_sid(&text.message_sid).await.expect("it").id;
    let answer = agent.get(&format!("/api/messages/{id}/events")).await.ok();
    assert_eq!(answer["entries"].as_array().expect("entries").len(), 200);
    assert_eq!(answer["earlier_left_out"], true);
}

#[tokio::test]
async fn while_twilios_answer_is_lost_the_message_says_that_it_is_being_checked() {
    let world = World::with_twilio().await;
    world.simulator().update_timing(TimingUpdate {
        delivery_paused: Some(true),
        ..TimingUpdate::default()
    });
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::LoseAnswer);
    let sent = send(&agent, &organization, CUSTOMER, "Hello").await.ok();
    let contact = sent["contact_id"].as_str().expect("an id").to_owned();
    let message = async || {
        let thread = agent
            .get(&format!("/api/messages?contact_id={contact}"))
            .await
            .ok();
        thread["messages"][0].clone()
    };
    eventually("the message is being checked", async || {
        (message().await["is_checking"] == true).then_some(())
    })
    .await;
    assert_eq!(message().await["status"], "queued");
    let began = Utc::now();
    eventually_within(Duration::from_secs(120), "it is settled", async || {
        (message().await["is_checking"] == false).then_some(())
    })
    .await;
    assert!(message().await["external_id"].is_string());
    assert!(Utc::now() - began < TimeDelta::seconds(45));
}
