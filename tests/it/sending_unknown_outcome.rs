//! Where Twilio's answer is lost, Loquent asks before it sends again: a customer never gets the
//! same text twice.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use twilio_sim::TimingUpdate;

use crate::{
    reconciliation::other_platform_texts,
    sending::{id_of, send, wait_for_status},
    support::{CUSTOMER, Fault, MAIN_LINE, TwilioEvent, World, eventually, eventually_within},
};

/// Status callbacks would tell us the SID; here only asking may.
fn without_callbacks(world: &World) {
    world.simulator().update_timing(TimingUpdate {
        delivery_paused: Some(true),
        ..TimingUpdate::default()
    });
}

/// Waits for the SID that only Twilio's list can have told.
async fn wait_for_sid(world: &World, id: &str) -> String {
    // A look at Twilio's list comes every 5 s; a dead server's job goes back after 15 s.
    let limit = Duration::from_secs(120);
    eventually_within(limit, "the send is settled", async || {
        world.rows.by_id(id).await?.external_id
    })
    .await
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_asking_and_nothing_is_sent_twice() {
    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    // The same text to the same customer on purpose: the second must not be taken for the first.
    let before = id_of(
        &send(&agent, &organization, CUSTOMER, "Same words")
            .await
            .ok(),
    );
    wait_for_sid(&world, &before).await;
    world.front().on_create(Fault::LoseAnswer);
    let id = id_of(
        &send(&agent, &organization, CUSTOMER, "Same words")
            .await
            .ok(),
    );

    let sid = wait_for_sid(&world, &id).await;
    let sent = world.simulator().messages(&world.account.sid);
    assert_eq!(sent.len(), 2, "each once");
    assert_eq!(
        sent[1].sid.as_str(),
        sid,
        "the second send is the second row"
    );
    assert_eq!(world.front().calls().creates, 2);
    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_eq!((stored.attempt, stored.error_code), (1, None));
}

#[tokio::test]
async fn a_send_that_twilio_never_took_goes_out_in_the_end() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world
        .front()
        .on_create(Fault::Answer(StatusCode::INTERNAL_SERVER_ERROR, None));
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    eventually("Twilio was asked for it", async || {
        (world.front().calls().lists >= 1).then_some(())
    })
    .await;
    assert_eq!(
        world.front().calls().creates,
        1,
        "not again before that is sure"
    );
    // As if a minute had passed.
    world
        .rows
        .execute("UPDATE message SET send_started_at = now() - interval '2 minutes'")
        .await;
    wait_for_status(&world, &id, "delivered").await;
    assert_eq!(world.simulator().messages(&world.account.sid).len(), 1);
}

#[tokio::test]
async fn a_refused_look_up_does_not_make_an_unknown_send_a_failed_one() {
    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::LoseAnswer);
    world
        .front()
        .on_list(Fault::Answer(StatusCode::UNAUTHORIZED, None));
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    eventually("Twilio's list was asked for", async || {
        (world.front().calls().lists >= 1).then_some(())
    })
    .await;
    let sid = wait_for_sid(&world, &id).await;
    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_ne!(
        stored.status, "failed",
        "a Retry would send it a second time"
    );
    assert!(world.simulator().message(&sid).is_some());
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn a_clock_that_is_ahead_of_twilios_does_not_send_twice() {
    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::LoseAnswer);
    // Twilio says that it made the message 20 s before we began to send it.
    let created = (Utc::now() - TimeDelta::seconds(20)).to_rfc2822();
    let listed = |sid: &str| -> Value {
        json!({ "messages": [{
            "sid": sid, "status": "sent", "num_segments": "1", "body": "Hello",
            "date_created": created, "error_code": null, "error_message": null,
        }]})
    };
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    let sid = eventually("Twilio has it", async || {
        world
            .simulator()
            .messages(&world.account.sid)
            .first()
            .map(|sent| sent.sid.to_string())
    })
    .await;
    for _ in 0..20 {
        world.front().on_list(Fault::Body(listed(&sid).to_string()));
    }
    assert_eq!(wait_for_sid(&world, &id).await, sid);
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn a_server_killed_while_a_send_hangs_does_not_send_it_again() {
    let mut world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::Hang);
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    let taken = || world.simulator().messages(&world.account.sid);
    eventually("Twilio has it", async || {
        (!taken().is_empty()).then_some(())
    })
    .await;

    world.server.kill();
    world.server.start_again().await;

    let sid = wait_for_sid(&world, &id).await;
    let sent = world.simulator().messages(&world.account.sid);
    assert_eq!(sent.len(), 1, "the customer has it once");
    assert_eq!(sent[0].sid.as_str(), sid);
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn texts_with_the_same_words_whose_answers_are_lost_are_all_settled() {
    /// They all look at once, and each takes the first SID that nobody has.
    const TEXTS: usize = 12;

    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    for _ in 0..TEXTS {
        world.front().on_create(Fault::LoseAnswer);
    }
    let mut ids = Vec::new();
    for _ in 0..TEXTS {
        let sent = send(&agent, &organization, CUSTOMER, "Same words").await;
        ids.push(id_of(&sent.ok()));
    }
    let mut sids = std::collections::BTreeSet::new();
    for id in &ids {
        sids.insert(wait_for_sid(&world, id).await);
    }
    assert_eq!(sids.len(), TEXTS, "each has its own");
    let stored = world.rows.messages().await;
    assert_eq!(stored.len(), TEXTS);
    assert!(
        stored
            .iter()
            .all(|row| row.source.as_deref() == Some("loquent"))
    );
    assert_eq!(world.front().calls().creates, TEXTS);
}

#[tokio::test]
async fn a_text_whose_sid_another_one_has_takes_the_sid_of_that_one() {
    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        world.front().on_create(Fault::LoseAnswer);
        let sent = send(&agent, &organization, CUSTOMER, "Same words").await;
        ids.push(id_of(&sent.ok()));
    }
    let [first, second] = ids.as_slice() else {
        panic!("two texts");
    };
    let sent = eventually("Twilio has both", async || {
        let sent = world.simulator().messages(&world.account.sid);
        (sent.len() == 2).then_some(sent)
    })
    .await;
    let of = |id: &str| {
        let is_of = |callback: &String| callback.contains(id);
        let mut sent = sent.iter();
        sent.find(|text| text.status_callback.as_ref().is_some_and(is_of))
            .expect("Twilio has it")
    };
    // As if the first one had been settled before any event told whose the SIDs are.
    sqlx::query(
        "UPDATE message SET external_id = $2, status = 'sent', send_started_at = NULL,
             outcome_unknown_at = NULL
         WHERE id = $1::uuid",
    )
    .bind(first)
    .bind(of(second).sid.as_str())
    .execute(&world.rows.0)
    .await
    .expect("it is settled");
    let own = of(first);
    let mut event = TwilioEvent::status(
        &world.account.sid,
        own.sid.as_str(),
        MAIN_LINE,
        CUSTOMER,
        "sent",
    );
    event.status_callback = own.status_callback.clone();
    world.post(&[event]).await;

    assert_eq!(wait_for_sid(&world, second).await, own.sid.as_str());
    assert_eq!(
        world.front().calls().creates,
        2,
        "the customer has each once"
    );
}

#[tokio::test]
async fn a_server_killed_before_twilio_hears_of_a_text_sends_it_once_after_the_restart() {
    let mut world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::Swallow);
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    eventually("the call is made", async || {
        (world.front().calls().creates == 1).then_some(())
    })
    .await;
    world.server.kill();
    world.server.start_again().await;
    let agent = agent.at(&world.server.url);
    let contact = world
        .rows
        .count("SELECT count(*) FROM message WHERE send_started_at IS NOT NULL");
    assert_eq!(contact.await, 1, "what was begun is on disk");
    eventually_within(
        Duration::from_secs(120),
        "Twilio is asked for it, and the agent is told",
        async || {
            let conversations = agent.get("/api/conversations").await.ok();
            let contact = conversations["conversations"][0]["contact"]["id"]
                .as_str()?
                .to_owned();
            let thread = agent
                .get(&format!("/api/messages?contact_id={contact}"))
                .await
                .ok();
            (thread["messages"][0]["is_checking"] == true).then_some(())
        },
    )
    .await;
    assert_eq!(
        world.front().calls().creates,
        1,
        "not again before that is sure"
    );
    // As if a minute had passed.
    world
        .rows
        .execute("UPDATE message SET send_started_at = now() - interval '2 minutes'")
        .await;
    wait_for_status(&world, &id, "delivered").await;
    assert_eq!(world.simulator().messages(&world.account.sid).len(), 1);
    let unknown = "SELECT count(*) FROM message WHERE outcome_unknown_at IS NOT NULL";
    assert_eq!(world.rows.count(unknown).await, 0);
}

#[tokio::test]
async fn a_server_killed_between_twilios_answer_and_its_commit_does_not_send_again() {
    let mut world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::HoldAnswer);
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    let sent = eventually("Twilio has it", async || {
        world.simulator().messages(&world.account.sid).pop()
    })
    .await;
    // The answer comes, and cannot be written.
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("SELECT id FROM message FOR UPDATE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    world.front().release();
    eventually("the server waits to write the answer", async || {
        let waiting = "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        (world.rows.count(waiting).await > 0).then_some(())
    })
    .await;
    world.server.kill();
    lock.rollback().await.expect("a rollback");
    assert_eq!(
        world.rows.by_id(&id).await.and_then(|row| row.external_id),
        None
    );

    world.server.start_again().await;
    assert_eq!(wait_for_sid(&world, &id).await, sent.sid.as_str());
    assert_eq!(world.simulator().messages(&world.account.sid).len(), 1);
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn the_same_words_of_another_platform_are_not_taken_for_a_text_whose_answer_was_lost() {
    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let other = other_platform_texts(&world, MAIN_LINE, CUSTOMER, "Same words");
    let event = TwilioEvent::status(&world.account.sid, &other, MAIN_LINE, CUSTOMER, "sent");
    world.post(&[event]).await;
    world.rows.all_events_processed().await;
    world.front().on_create(Fault::LoseAnswer);
    let sent = send(&agent, &organization, CUSTOMER, "Same words").await;
    let id = id_of(&sent.ok());
    let sid = wait_for_sid(&world, &id).await;
    assert_ne!(sid, other, "else the customer would never get ours");
    assert_eq!(world.rows.messages().await.len(), 2);
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn the_same_words_that_another_platform_sends_meanwhile_are_not_taken_for_ours() {
    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    // Events of texts of ours carry our address: one without it is of another platform.
    let earlier = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    let earlier_sid = wait_for_sid(&world, &earlier).await;
    let account = &world.account.sid;
    let mut event = TwilioEvent::status(account, &earlier_sid, MAIN_LINE, CUSTOMER, "sent");
    event.status_callback = Some(format!(
        "{}/twilio/message-status?message_id={earlier}&attempt=1",
        world.server.url
    ));
    world.post(&[event]).await;
    // Twilio never takes ours, and does not say so.
    world
        .front()
        .on_create(Fault::Answer(StatusCode::INTERNAL_SERVER_ERROR, None));
    let sent = send(&agent, &organization, CUSTOMER, "Thank you!").await;
    let id = id_of(&sent.ok());
    eventually("the call is made", async || {
        (world.front().calls().creates == 2).then_some(())
    })
    .await;
    let other = other_platform_texts(&world, MAIN_LINE, CUSTOMER, "Thank you!");
    let event = TwilioEvent::status(&world.account.sid, &other, MAIN_LINE, CUSTOMER, "sent");
    world.post(&[event]).await;
    eventually("Twilio is asked for ours", async || {
        (world.front().calls().lists >= 1).then_some(())
    })
    .await;
    // As if a minute had passed.
    world
        .rows
        .execute("UPDATE message SET send_started_at = now() - interval '2 minutes'")
        .await;
    let sid = wait_for_sid(&world, &id).await;
    assert_ne!(sid, other, "else the customer would never get ours");
    assert_eq!(world.front().calls().creates, 3);
    let elsewhere = eventually("the other one is there as well", async || {
        world.rows.by_sid(&other).await
    })
    .await;
    assert_eq!(elsewhere.source.as_deref(), Some("external"));
    assert_eq!(world.rows.messages().await.len(), 3);
}

#[tokio::test]
async fn nothing_is_sent_twice_where_events_never_carry_our_address() {
    let world = World::with_twilio().await;
    without_callbacks(&world);
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::LoseAnswer);
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Once").await.ok());
    let sid = world.sid_at_twilio().await;
    let event = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "delivered");
    world.post(&[event]).await;
    // As if a minute had passed.
    world
        .rows
        .execute("UPDATE message SET send_started_at = now() - interval '2 minutes'")
        .await;
    assert_eq!(wait_for_sid(&world, &id).await, sid);
    wait_for_status(&world, &id, "delivered").await;
    assert_eq!(world.front().calls().creates, 1);
    assert_eq!(world.rows.messages().await.len(), 1);
}
