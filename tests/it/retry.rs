//! Retry really sends again, and only what is known to have failed.

use std::time::Duration;

use serde_json::json;
use twilio_sim::{ArmOutcome, FinalStatus, TimingUpdate};

use crate::{
    sending::{id_of, send, wait_for_status},
    support::{
        Agent, CUSTOMER, Fault, MAIN_LINE, Organization, Reply, TwilioEvent, World, eventually,
        eventually_within,
    },
};

async fn retry(agent: &Agent, id: &str) -> Reply {
    agent
        .post(&format!("/api/messages/{id}/retry"), &json!({}))
        .await
}

/// A message that Twilio took and the carrier gave back.
async fn undelivered(world: &World, agent: &Agent, organization: &Organization) -> String {
    let outcome = ArmOutcome {
        status: Some(FinalStatus::Undelivered),
        error_code: Some(30003),
        ..ArmOutcome::default()
    };
    world.simulator().arm_outcome(outcome).expect("it is armed");
    let id = id_of(
        &send(agent, organization, CUSTOMER, "Are you there?")
            .await
            .ok(),
    );
    wait_for_status(world, &id, "undelivered").await;
    id
}

#[tokio::test]
async fn retry_sends_exactly_one_more_as_the_second_attempt_of_the_same_message() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let id = undelivered(&world, &agent, &organization).await;
    let first_sid = world
        .rows
        .by_id(&id)
        .await
        .and_then(|m| m.external_id)
        .expect("a SID");

    let again = retry(&agent, &id).await.ok();
    assert_eq!(again["attempt"], 2);
    assert_eq!(again["id"], json!(id));
    wait_for_status(&world, &id, "delivered").await;
    assert_eq!(world.front().calls().creates, 2);
    let sent = world.simulator().messages(&world.account.sid);
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|message| message.body == "Are you there?"));
    let callback = sent[1]
        .status_callback
        .as_deref()
        .expect("a StatusCallback");
    assert!(callback.contains("?attempt=2&"), "{callback}");

    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_ne!(stored.external_id.as_deref(), Some(first_sid.as_str()));
    assert_eq!(stored.error_code, None, "the second attempt has no error");
    let audit = world.rows.audit(stored.id).await;
    let undelivered = audit
        .iter()
        .filter(|(status, _)| status == "undelivered")
        .count();
    assert_eq!(
        undelivered, 1,
        "the first attempt stays in the audit: {audit:?}"
    );
    assert_eq!(world.rows.messages().await.len(), 1);
}

#[tokio::test]
async fn late_events_of_the_first_attempt_do_not_disturb_the_second() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let id = undelivered(&world, &agent, &organization).await;
    let first_sid = world
        .rows
        .by_id(&id)
        .await
        .and_then(|m| m.external_id)
        .expect("a SID");
    retry(&agent, &id).await.ok();
    wait_for_status(&world, &id, "delivered").await;
    let before = world.rows.by_id(&id).await;

    let account = &world.account.sid;
    let mut late = TwilioEvent::status(account, &first_sid, MAIN_LINE, CUSTOMER, "undelivered");
    late.error_code = Some(30003);
    let mut with_callback = TwilioEvent::status(account, &first_sid, MAIN_LINE, CUSTOMER, "read");
    with_callback.status_callback = Some(format!(
        "{}/twilio/message-status?message_id={id}&attempt=1",
        world.server.url
    ));
    world.post(&[late, with_callback]).await;
    world.rows.all_events_processed().await;

    assert_eq!(world.rows.by_id(&id).await, before);
    assert_eq!(
        world.rows.messages().await.len(),
        1,
        "no message from elsewhere"
    );
}

#[tokio::test]
async fn two_retries_at_once_are_one_send() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let id = undelivered(&world, &agent, &organization).await;
    let (a, b, c) = futures::join!(retry(&agent, &id), retry(&agent, &id), retry(&agent, &id));
    let mut answers = [a.status, b.status, c.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409]);
    wait_for_status(&world, &id, "delivered").await;
    assert_eq!(world.front().calls().creates, 2);
    assert_eq!(
        world.rows.by_id(&id).await.map(|message| message.attempt),
        Some(2)
    );
}

#[tokio::test]
async fn what_was_delivered_or_received_cannot_be_retried() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Fine").await.ok());
    wait_for_status(&world, &id, "delivered").await;
    assert_eq!(retry(&agent, &id).await.status, 409);

    let text = world.text(&organization, "From the customer");
    world.post(std::slice::from_ref(&text)).await;
    world.rows.all_events_processed().await;
    let inbound = world
        .rows
        .by_sid(&text.message_sid)
        .await
        .expect("the message");
    assert_eq!(retry(&agent, &inbound.id.to_string()).await.status, 409);
    let nothing = "00000000-0000-7000-8000-000000000000";
    assert_eq!(retry(&agent, nothing).await.status, 404);
    assert_eq!(retry(&agent, "nonsense").await.status, 400);
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn an_answer_to_the_first_attempt_that_comes_after_the_retry_changes_nothing() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::HoldAnswer);
    let id = undelivered(&world, &agent, &organization).await;
    retry(&agent, &id).await.ok();
    wait_for_status(&world, &id, "delivered").await;
    let before = world.rows.by_id(&id).await.expect("the message");

    world.front().release();
    eventually("both answers are in the audit", async || {
        let audit = world.rows.audit(before.id).await;
        let answers = audit.iter().filter(|(_, source)| source == "send").count();
        (answers == 2).then_some(())
    })
    .await;
    assert_eq!(world.rows.by_id(&id).await, Some(before));
    assert_eq!(world.front().calls().creates, 2);
}

#[tokio::test]
async fn an_event_that_waited_behind_a_retry_does_not_undo_it() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let id = undelivered(&world, &agent, &organization).await;
    let message = eventually("Twilio's answer is stored", async || {
        let message = world.rows.by_id(&id).await?;
        let audit = world.rows.audit(message.id).await;
        audit
            .iter()
            .any(|(_, source)| source == "send")
            .then_some(message)
    })
    .await;
    let first_sid = message.external_id.expect("a SID");
    let mut late = TwilioEvent::status(
        &world.account.sid,
        &first_sid,
        MAIN_LINE,
        CUSTOMER,
        "failed",
    );
    late.error_code = Some(30003);
    let callback = format!("{}/twilio/message-status", world.server.url);
    late.status_callback = Some(format!("{callback}?message_id={id}&attempt=1"));

    // First the Retry waits for the row, and behind it the event.
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("SELECT 1 FROM message WHERE id = $1 FOR UPDATE")
        .bind(message.id)
        .execute(&mut *lock)
        .await
        .expect("the lock");
    let queue_up = async {
        wait_for_waiters(&world, 1).await;
        world.post(&[late]).await;
        wait_for_waiters(&world, 2).await;
        lock.rollback().await.expect("a rollback");
    };
    let (retried, ()) = futures::join!(retry(&agent, &id), queue_up);
    retried.ok();

    wait_for_status(&world, &id, "delivered").await;
    world.rows.all_events_processed().await;
    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_eq!((stored.attempt, stored.status.as_str()), (2, "delivered"));
    assert_eq!(stored.error_code, None);
    assert_eq!(world.front().calls().creates, 2);
}

/// Waits until so many connections wait for a lock.
async fn wait_for_waiters(world: &World, number: i64) {
    let waiting = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    eventually("they wait for the row", async || {
        (world.rows.count(waiting).await >= number).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_retry_whose_answer_is_lost_is_not_taken_for_the_first_attempt() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let id = undelivered(&world, &agent, &organization).await;
    // The same words to the same customer a moment ago; and no callback tells the new SID.
    world.simulator().update_timing(TimingUpdate {
        delivery_paused: Some(true),
        ..TimingUpdate::default()
    });
    world.front().on_create(Fault::LoseAnswer);
    retry(&agent, &id).await.ok();
    let limit = Duration::from_secs(45);
    let sid = eventually_within(limit, "the second attempt is settled", async || {
        world.rows.by_id(&id).await?.external_id
    })
    .await;
    let sent = world.simulator().messages(&world.account.sid);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].sid.as_str(), sid, "the SID is that of the second");
    assert_eq!(world.front().calls().creates, 2);
}
