//! Two servers on one Postgres: what one hears the other shows, and what one leaves the other ends.

use std::time::Duration;

use serde_json::json;

use crate::{
    sending::{id_of, send},
    support::{
        CUSTOMER, Fault, MAIN_LINE, Server, ServerSettings, Socket, TwilioEvent, World, eventually,
        eventually_within, new_sid,
    },
};

/// A dead node's jobs go back after 15 s.
const TAKE_OVER: Duration = Duration::from_secs(60);

async fn second(world: &World, twilio_url: Option<String>) -> Server {
    let mut settings = ServerSettings::new(Some(world.database.url.clone()), world.account.clone());
    settings.twilio_url = twilio_url.unwrap_or(settings.twilio_url);
    Server::start(settings).await
}

#[tokio::test]
async fn an_event_posted_to_one_node_is_heard_on_the_others_socket() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let other = second(&world, None).await;
    world.listeners(2).await;
    let mut socket = Socket::open(&agent.at(&other.url)).await;
    for n in 0..10 {
        let body = format!("Text {n}");
        world.post(&[world.text(&organization, &body)]).await;
        socket
            .wait_until("messaging.message.new", |news| {
                news["message"]["body"] == json!(body)
            })
            .await;
    }
}

#[tokio::test]
async fn two_statuses_of_an_unknown_message_that_two_nodes_work_on_at_once_are_one_message() {
    let world = World::start().await;
    let organization = world.organization().await;
    let other = second(&world, None).await;
    let sid = new_sid();
    let status = |word| TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, word);
    // Both nodes have seen that the message is unknown before either can store it.
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    for (at_work, (url, word)) in
        (1..).zip([(&world.server.url, "delivered"), (&other.url, "sent")])
    {
        let event = json!([status(word).json()]);
        assert_eq!(world.account.post(url, &event).await, 200);
        eventually("a node works on it", async || {
            let waiting = "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
            (world.rows.count(waiting).await == at_work).then_some(())
        })
        .await;
    }
    lock.rollback().await.expect("a rollback");
    world.rows.all_events_processed().await;
    let messages = world.rows.messages().await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0].status, "delivered");
    assert_eq!(world.rows.audit(messages[0].id).await.len(), 2);
    let one_of_each = "SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM conversation)";
    assert_eq!(world.rows.count(one_of_each).await, 2);
    drop((other, organization));
}

#[tokio::test]
async fn events_of_a_killed_node_are_processed_by_the_other() {
    let mut world = World::start().await;
    let organization = world.organization().await;
    let texts: Vec<TwilioEvent> = (0..300)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE contact IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    world.post(&texts).await;
    eventually("a node is in the middle of them", async || {
        let waiting = "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        (world.rows.count(waiting).await > 0).then_some(())
    })
    .await;
    // Not before, or it could have been this one.
    let other = second(&world, None).await;
    world.server.kill();
    lock.rollback().await.expect("a rollback");
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.messages().await.len(), 300);
    let unread = "SELECT unread_count::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 300);
    drop(other);
}

#[tokio::test]
async fn a_text_that_a_killed_node_was_sending_is_settled_by_the_other_and_sent_once() {
    let mut world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::Hang);
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    eventually("Twilio has it", async || {
        world.simulator().messages(&world.account.sid).pop()
    })
    .await;
    let front = world.front().url.clone();
    let other = second(&world, Some(front)).await;
    world.server.kill();
    let sid = eventually_within(TAKE_OVER, "the other node settles it", async || {
        world.rows.by_id(&id).await?.external_id
    })
    .await;
    let sent = world.simulator().messages(&world.account.sid);
    assert_eq!(sent.len(), 1, "the customer has it once");
    assert_eq!(sent[0].sid.as_str(), sid);
    assert_eq!(world.front().calls().creates, 1);
    drop(other);
}
