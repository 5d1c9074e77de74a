//! Messages that another platform sends with the account are here at once, once, and in full.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use twilio_sim::TimingUpdate;
use uuid::Uuid;

use crate::{
    reconciliation::{customer_texts, other_platform_texts, reconcile},
    sending::{id_of, send},
    support::{
        Agent, CUSTOMER, Fault, MAIN_LINE, Organization, Socket, StoredMessage, TwilioEvent, World,
        eventually, new_sid,
    },
};

fn fault(world: &World, rule: Value) {
    let rule = serde_json::from_value(rule).expect("a rule");
    world.simulator().add_fault(rule).expect("it is armed");
}

async fn thread(agent: &Agent, phone: &str) -> Vec<Value> {
    let list = agent.get("/api/conversations").await.ok();
    let list = list["conversations"].as_array().expect("a list");
    let Some(conversation) = list.iter().find(|one| one["contact"]["phone"] == phone) else {
        return Vec::new();
    };
    let contact = conversation["contact"]["id"].as_str().expect("an id");
    let thread = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await;
    thread.ok()["messages"].as_array().expect("a list").clone()
}

/// Puts a message into Twilio's list, without events.
fn at_twilio(world: &World, sid: &str, body: &str, media: &[&str]) {
    let at = Utc::now() - TimeDelta::seconds(30);
    let message = json!([{
        "account_sid": world.account.sid, "sid": sid, "direction": "outbound-api",
        "from": MAIN_LINE, "to": CUSTOMER, "status": "delivered", "date_created": at,
        "date_sent": at, "body": body, "media_urls": media, "price": "-0.00790",
    }]);
    let message = serde_json::from_value(message).expect("a message");
    world
        .simulator()
        .load_messages(message)
        .expect("it is loaded");
}

#[tokio::test]
async fn a_message_from_elsewhere_is_shown_at_once_and_its_text_and_files_follow() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    fault(
        &world,
        json!({ "on": "fetch_message", "fault": { "kind": "latency", "ms": 5_000 } }),
    );
    let sid = new_sid();
    at_twilio(
        &world,
        &sid,
        "Your order has left",
        &["https://example.com/a.jpg"],
    );
    let mut socket = Socket::open(&agent).await;
    let sent = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "sent");
    world.post(&[sent]).await;

    let new = socket.wait_for("messaging.message.new").await;
    assert_eq!(new["message"]["body"], Value::Null);
    assert_eq!(new["message"]["is_loading"], true);
    assert_eq!(new["message"]["source"], "external");
    let whole = socket
        .wait_until("messaging.message.status", |news| {
            news["message"]["body"] == "Your order has left"
        })
        .await;
    let message = &whole["message"];
    assert_eq!(message["is_loading"], false);
    assert_eq!(message["status"], "delivered");
    assert_eq!(message["num_media"], 1);
    assert_eq!(
        whole["conversation"]["last_message_preview"],
        "Your order has left"
    );
    eventually("the file is here", async || {
        let stored = "SELECT count(*) FROM message_attachment WHERE state = 'stored'";
        (world.rows.count(stored).await == 1).then_some(())
    })
    .await;
    let stored = world.rows.by_sid(&sid).await.expect("it is there");
    let audit = world.rows.audit(stored.id).await;
    let expected = [("sent", "event_stream"), ("delivered", "fetch")];
    let expected = expected.map(|(status, source)| (status.to_owned(), source.to_owned()));
    assert_eq!(audit, expected);
    let priced = "SELECT count(*) FROM message WHERE price = '-0.00790' AND num_segments = 1
         AND sent_at IS NOT NULL AND created_at < now() - interval '20 seconds'";
    assert_eq!(
        world.rows.count(priced).await,
        1,
        "price and times are Twilio's"
    );
    let contact = "SELECT count(*) FROM contact
         WHERE source = 'external' AND last_contacted_at IS NOT NULL";
    assert_eq!(world.rows.count(contact).await, 1);
    assert_eq!(
        world.rows.count("SELECT count(*) FROM message_fetch").await,
        0
    );
}

#[tokio::test]
async fn a_message_that_twilio_does_not_show_yet_is_asked_for_again_and_a_deleted_one_given_up() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    for kind in ["not_found", "server_error", "rate_limit"] {
        fault(
            &world,
            json!({ "on": "fetch_message", "fault": { "kind": kind }, "times": 1 }),
        );
    }
    let (late, deleted) = (new_sid(), new_sid());
    at_twilio(&world, &late, "Here now", &[]);
    let event =
        |sid: &str| TwilioEvent::status(&world.account.sid, sid, MAIN_LINE, CUSTOMER, "delivered");
    world.post(&[event(&late)]).await;
    eventually("the text is there", async || {
        world.rows.by_sid(&late).await?.body
    })
    .await;

    world.post(&[event(&deleted)]).await;
    let tries = "SELECT coalesce(max(tries), 0)::bigint FROM message_fetch";
    eventually("it was asked for", async || {
        (world.rows.count(tries).await >= 1).then_some(())
    })
    .await;
    // As if some minutes had passed.
    world
        .rows
        .execute("UPDATE message_fetch SET tries = 7, next_try_at = now()")
        .await;
    eventually("it is given up", async || {
        let given_up = "SELECT count(*) FROM message_fetch WHERE state = 'failed'";
        (world.rows.count(given_up).await == 1).then_some(())
    })
    .await;
    let messages = thread(&agent, CUSTOMER).await;
    let found = messages
        .iter()
        .find(|message| message["external_id"] == deleted)
        .expect("it stays in the thread");
    assert_eq!(
        (&found["body"], &found["is_loading"]),
        (&Value::Null, &json!(false))
    );
}

/// A second number of the organization.
async fn second_number(world: &World, organization: &Organization, number: &str) {
    sqlx::query(
        "INSERT INTO phone_number
             (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
         VALUES ($1, $2, $3, $4, $5, 'Dispatch')",
    )
    .bind(Uuid::now_v7())
    .bind(organization.id.0)
    .bind(&world.account.sid)
    .bind(format!("PN{}", Uuid::new_v4().simple()))
    .bind(number)
    .execute(&world.rows.0)
    .await
    .expect("a number");
    let number = json!({ "account_sid": world.account.sid, "phone_number": number });
    let number = serde_json::from_value(number).expect("a number");
    world
        .simulator()
        .add_phone_number(number)
        .expect("it is free");
}

#[tokio::test]
async fn a_text_between_two_own_numbers_is_in_each_sides_thread_as_often_as_twilio_has_it() {
    const DISPATCH: &str = "+14155550187";
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    second_number(&world, &organization, DISPATCH).await;
    let agent = world.agent(&organization).await;
    world.subscribe().await;
    other_platform_texts(&world, MAIN_LINE, DISPATCH, "To ourselves");
    // Two SIDs: sent by one, received by the other.
    eventually("both halves are there", async || {
        let sent = thread(&agent, DISPATCH).await;
        let received = thread(&agent, MAIN_LINE).await;
        let is_delivered = |one: &Value| one["status"] == "delivered";
        (sent.len() == 1 && received.len() == 1 && sent.iter().all(is_delivered)).then_some(())
    })
    .await;
    let sent = &thread(&agent, DISPATCH).await[0];
    assert_eq!(
        (&sent["direction"], &sent["source"]),
        (&json!("outbound"), &json!("external"))
    );
    let received = &thread(&agent, MAIN_LINE).await[0];
    assert_eq!(received["direction"], "inbound");
    assert_ne!(sent["external_id"], received["external_id"]);

    // One SID, of which only a status is known: one message, with the receiver.
    let alone = new_sid();
    let event = TwilioEvent::status(&world.account.sid, &alone, MAIN_LINE, DISPATCH, "sent");
    world.post(&[event]).await;
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.messages().await.len(), 3);
    let stored = world.rows.by_sid(&alone).await.expect("it is there");
    assert_eq!(stored.direction, "outbound");
}

#[tokio::test]
async fn a_text_between_an_own_number_and_one_that_is_not_imported_is_there_once() {
    const NOT_IMPORTED: &str = "+14155550187";
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let number = json!({ "account_sid": world.account.sid, "phone_number": NOT_IMPORTED });
    let number = serde_json::from_value(number).expect("a number");
    world
        .simulator()
        .add_phone_number(number)
        .expect("it is free");
    let admin = world.admin(&organization).await;
    world.subscribe().await;
    other_platform_texts(&world, MAIN_LINE, NOT_IMPORTED, "From ours");
    for _ in 0..2 {
        other_platform_texts(&world, NOT_IMPORTED, MAIN_LINE, "To ours");
    }
    let at_twilio = || world.simulator().messages(&world.account.sid);
    eventually("Twilio has both halves of each", async || {
        (at_twilio().len() == 6 && world.simulator().is_quiet()).then_some(())
    })
    .await;
    let told = async || {
        let messages = thread(&admin, NOT_IMPORTED).await;
        let word = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let mut told: Vec<_> = messages
            .iter()
            .map(|one| {
                (
                    word(one, "body"),
                    word(one, "direction"),
                    word(one, "source"),
                )
            })
            .collect();
        told.sort();
        told
    };
    let expected = [
        // The received half is of the other number only.
        ("From ours", "outbound", "external"),
        // The sender's half, whose statuses name our number as well, is part of the received one.
        ("To ours", "inbound", "loquent"),
        ("To ours", "inbound", "loquent"),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    eventually("each text is there once", async || {
        let is_settled = "SELECT (SELECT count(*) FROM message_fetch)
            + (SELECT count(*) FROM twilio_event WHERE state = 'pending')";
        (world.rows.count(is_settled).await == 0 && told().await == expected).then_some(())
    })
    .await;

    // A late report about a sender's half makes no new message, nor does a reconciliation.
    let half = at_twilio()
        .into_iter()
        .find(|one| one.from.as_deref() == Some(NOT_IMPORTED) && one.status.as_str() == "delivered")
        .expect("a sender's half")
        .sid
        .to_string();
    let late = TwilioEvent::status(&world.account.sid, &half, NOT_IMPORTED, MAIN_LINE, "sent");
    world.post(&[late]).await;
    world.rows.all_events_processed().await;
    let check = reconcile(&admin, &organization).await;
    assert_eq!(
        (&check["missing"], &check["repaired"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(told().await, expected);
    let kept = "SELECT count(*) FROM message_event e
        JOIN message m ON m.id = e.message_id AND m.direction = 'inbound'
        WHERE e.status IN ('sent', 'delivered') AND NOT e.applied";
    assert_eq!(world.rows.count(kept).await, 5, "all that was told is kept");
    let unread = "SELECT coalesce(sum(unread_count), 0)::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 2, "each is news once");
    let dangling = "SELECT count(*) FROM conversation c
         WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = c.last_message_id)";
    assert_eq!(world.rows.count(dangling).await, 0);
}

/// A text of ours whose answer is held back, and which an event without our id has made a second
/// message of meanwhile.
struct EarlyEvent {
    world: World,
    agent: Agent,
    /// Our message.
    ours: String,
    /// The one that was taken for one from elsewhere.
    other: StoredMessage,
    sid: String,
}

impl EarlyEvent {
    async fn new() -> Self {
        let world = World::with_twilio().await;
        world.simulator().update_timing(TimingUpdate {
            delivery_paused: Some(true),
            ..TimingUpdate::default()
        });
        let organization = world.organization().await;
        let agent = world.agent(&organization).await;
        world.front().on_create(Fault::HoldAnswer);
        let ours = id_of(&send(&agent, &organization, CUSTOMER, "Ours").await.ok());
        let sid = world.sid_at_twilio().await;
        // Without our id in it, and older than anybody waits for a send under way.
        let event = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "delivered");
        world.post(&[event]).await;
        world
            .rows
            .execute(
                "UPDATE twilio_event SET received_at = now() - interval '2 minutes',
                                         next_attempt_at = now()",
            )
            .await;
        let other = eventually("it is taken for one from elsewhere", async || {
            world.rows.by_sid(&sid).await
        })
        .await;
        assert_eq!(other.source.as_deref(), Some("external"));
        assert_eq!(world.rows.messages().await.len(), 2);
        Self {
            world,
            agent,
            ours,
            other,
            sid,
        }
    }

    /// Waits until the other message is gone, and returns ours.
    async fn merged(&self) -> StoredMessage {
        let messages = eventually("it is merged into ours", async || {
            let messages = self.world.rows.messages().await;
            (messages.len() == 1).then_some(messages)
        });
        let stored = messages.await.remove(0);
        assert_eq!(stored.id.to_string(), self.ours);
        assert_eq!(stored.external_id.as_deref(), Some(self.sid.as_str()));
        assert_eq!(stored.status, "delivered", "what the other was told counts");
        assert_eq!(stored.source.as_deref(), Some("loquent"));
        stored
    }

    fn met_no_deadlock(&self) {
        let log = self.world.server.log();
        assert!(!log.contains("deadlock"), "{log}");
        assert_eq!(self.world.front().calls().creates, 1, "it was sent once");
    }
}

#[tokio::test]
async fn an_event_that_overtakes_everything_makes_no_second_message_in_the_end() {
    let early = EarlyEvent::new().await;
    let world = &early.world;
    let mut socket = Socket::open(&early.agent).await;
    world.front().release();
    let stored = early.merged().await;
    let audit = world.rows.audit(stored.id).await;
    let delivered = audit
        .iter()
        .filter(|(status, source)| status == "delivered" && source == "event_stream");
    assert_eq!(delivered.count(), 1, "{audit:?}");
    let removed = socket.wait_for("messaging.message.removed").await;
    assert_eq!(removed["message_id"], early.other.id.to_string());
    let dangling = "SELECT count(*) FROM conversation c
         WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = c.last_message_id)";
    assert_eq!(world.rows.count(dangling).await, 0);
}

#[tokio::test]
async fn a_message_that_is_read_from_twilio_while_it_is_merged_is_merged() {
    let early = EarlyEvent::new().await;
    let rows = &early.world.rows;
    eventually("it was read once", async || {
        let reads = "SELECT count(*) FROM message_fetch";
        (rows.count(reads).await == 0).then_some(())
    })
    .await;
    rows.execute(
        "INSERT INTO message_fetch (organization_id, message_id, next_try_at)
         SELECT organization_id, id, 'infinity' FROM message WHERE source = 'external'",
    )
    .await;
    let lock = rows
        .lock("SELECT id FROM message WHERE source = 'external' FOR UPDATE")
        .await;
    early.world.front().release();
    rows.waiting_for_locks(1).await;
    rows.execute("UPDATE message_fetch SET next_try_at = now()")
        .await;
    rows.waiting_for_locks(2).await;
    lock.rollback().await.expect("it is unlocked");
    early.merged().await;
    early.met_no_deadlock();
}

#[tokio::test]
async fn a_message_whose_status_comes_while_it_is_merged_is_merged() {
    let early = EarlyEvent::new().await;
    let (world, rows) = (&early.world, &early.world.rows);
    let lock = rows
        .lock("SELECT id FROM message WHERE source = 'loquent' FOR UPDATE")
        .await;
    // It finds the other message by its SID, and ours by the id in its callback.
    let account = &world.account.sid;
    let mut event = TwilioEvent::status(account, &early.sid, MAIN_LINE, CUSTOMER, "sent");
    event.status_callback = Some(format!(
        "{}/twilio/message-status?message_id={}&attempt=1",
        world.server.url, early.ours
    ));
    world.post(&[event]).await;
    rows.waiting_for_locks(1).await;
    world.front().release();
    rows.waiting_for_locks(2).await;
    lock.rollback().await.expect("it is unlocked");
    early.merged().await;
    early.met_no_deadlock();
}

#[tokio::test]
async fn an_answer_is_stored_although_postgres_ends_the_session_that_stores_it() {
    let early = EarlyEvent::new().await;
    let rows = &early.world.rows;
    let lock = rows
        .lock("SELECT id FROM message WHERE source = 'loquent' FOR UPDATE")
        .await;
    early.world.front().release();
    rows.waiting_for_locks(1).await;
    rows.end_waiting_sessions().await;
    lock.rollback().await.expect("it is unlocked");
    early.merged().await;
    let calls = early.world.front().calls();
    assert_eq!((calls.creates, calls.lists), (1, 0), "nothing is forgotten");
}

#[tokio::test]
async fn the_last_event_of_a_number_is_shown() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world.subscribe().await;
    let last = async || {
        let overview = admin.get("/api/twilio/reconciliations").await.ok();
        overview["numbers"][0]["last_event_at"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(last().await, None);
    customer_texts(&world, CUSTOMER, MAIN_LINE, "Hello");
    eventually("it is noted", last).await;
}
