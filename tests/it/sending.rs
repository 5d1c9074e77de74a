//! An agent's text reaches Twilio once, and its way to the customer comes back.

use axum::http::StatusCode;
use chrono::Utc;
use loquent::{
    bases::{db, ids::MessageId},
    mods::delivery::services::{SendOutcome, complete_send_service},
};
use serde_json::{Value, json};
use twilio_sim::{ArmOutcome, CreateError, FinalStatus, TimingUpdate};
use uuid::Uuid;

use crate::support::{
    Agent, CUSTOMER, Fault, MAIN_LINE, Organization, Reply, Socket, TwilioEvent, World, eventually,
};

/// Sends a text from the organization's number.
pub async fn send(agent: &Agent, organization: &Organization, to: &str, body: &str) -> Reply {
    let text = json!({ "to": to, "body": body, "phone_number_id": organization.number_id });
    agent.post("/api/messages/send", &text).await
}

/// The id of a message that was accepted.
#[track_caller]
pub fn id_of(message: &Value) -> String {
    message["id"].as_str().expect("an id").to_owned()
}

/// Waits until the message has the status.
pub async fn wait_for_status(world: &World, id: &str, status: &str) {
    eventually(&format!("{id} is {status}"), async || {
        let message = world.rows.by_id(id).await?;
        (message.status == status).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_text_is_handed_over_once_and_goes_from_queued_to_delivered() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    let pause = |paused| {
        world.simulator().update_timing(TimingUpdate {
            delivery_paused: Some(paused),
            ..TimingUpdate::default()
        });
    };

    // Else the callbacks may be quicker than the answer.
    pause(true);
    let accepted = send(&agent, &organization, CUSTOMER, "Your table is ready")
        .await
        .ok();
    assert_eq!(
        accepted["status"], "queued",
        "the answer does not wait for Twilio"
    );
    pause(false);
    assert_eq!(accepted["sent_by_name"], "Dana Whitfield");
    let id = id_of(&accepted);
    wait_for_status(&world, &id, "delivered").await;
    socket
        .wait_until("messaging.message.status", |payload| {
            payload["message"]["status"] == "delivered"
        })
        .await;
    assert!(socket.has_seen("messaging.message.new"));

    let sent = world.simulator().messages(&world.account.sid);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body, "Your table is ready");
    assert_eq!(sent[0].to, CUSTOMER);
    assert_eq!(sent[0].from.as_deref(), Some(MAIN_LINE));
    let callback = sent[0].status_callback.clone().expect("a StatusCallback");
    let expected = format!(
        "{}/twilio/message-status?attempt=1&message_id={id}",
        world.server.url
    );
    assert_eq!(callback, expected, "in alphabetical order");

    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_eq!(stored.external_id.as_deref(), Some(sent[0].sid.as_str()));
    // Twilio orders nothing: `delivered` may come first.
    eventually("all is told", async || {
        let audit = world.rows.audit(stored.id).await;
        let has = |s: &str, by: &str| audit.contains(&(s.to_owned(), by.to_owned()));
        let is_told = has("queued", "user")
            && has("queued", "send")
            && has("sent", "callback")
            && has("delivered", "callback");
        is_told.then_some(())
    })
    .await;
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn the_same_client_key_sends_once() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let text = json!({
        "to": CUSTOMER, "body": "Once", "phone_number_id": organization.number_id,
        "client_key": Uuid::new_v4(),
    });
    let post = || agent.post("/api/messages/send", &text);
    let (a, b, c, d) = futures::join!(post(), post(), post(), post());
    let first = id_of(&a.ok());
    for other in [b, c, d] {
        assert_eq!(id_of(&other.ok()), first);
    }
    wait_for_status(&world, &first, "delivered").await;
    assert_eq!(id_of(&post().await.ok()), first, "also long after");
    assert_eq!(world.rows.messages().await.len(), 1);
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_at_once_and_nothing_is_stored() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let number = organization.number_id;
    let body = |n: usize| "ä".repeat(n);
    for (text, status, part) in [
        (
            json!({ "to": CUSTOMER, "body": "", "phone_number_id": number }),
            400,
            "Write something",
        ),
        (
            json!({ "to": CUSTOMER, "body": " \n", "phone_number_id": number }),
            400,
            "Write something",
        ),
        (
            json!({ "to": CUSTOMER, "body": body(1_601), "phone_number_id": number }),
            400,
            "1600",
        ),
        (
            json!({ "to": CUSTOMER, "body": "a\0b", "phone_number_id": number }),
            400,
            "NUL",
        ),
        (
            json!({ "to": "12", "body": "x", "phone_number_id": number }),
            400,
            "phone number",
        ),
        (
            json!({ "to": "hello", "body": "x", "phone_number_id": number }),
            400,
            "phone number",
        ),
        (
            json!({ "body": "x", "phone_number_id": number }),
            400,
            "contact_id",
        ),
        (
            json!({ "to": CUSTOMER, "phone_number_id": number }),
            400,
            "body",
        ),
        (
            json!({ "to": CUSTOMER, "body": "x" }),
            400,
            "phone_number_id",
        ),
        (
            json!({ "to": CUSTOMER, "body": "x", "phone_number_id": Uuid::new_v4() }),
            404,
            "number",
        ),
        (
            json!({ "contact_id": Uuid::new_v4(), "body": "x", "phone_number_id": number }),
            404,
            "contact",
        ),
    ] {
        let reply = agent.post("/api/messages/send", &text).await;
        assert_eq!(reply.status, status, "{text} {}", reply.json);
        let message = reply.json["message"].as_str().expect("a reason");
        assert!(message.contains(part), "{text}: {message}");
    }
    assert_eq!(world.rows.messages().await, []);
    assert_eq!(world.rows.count("SELECT count(*) FROM contact").await, 0);

    let longest = send(&agent, &organization, "(415) 555-0162", &body(1_600))
        .await
        .ok();
    assert_eq!(
        longest["to_address"], CUSTOMER,
        "a national form is understood"
    );
    wait_for_status(&world, &id_of(&longest), "delivered").await;
}

#[tokio::test]
async fn a_customer_who_opted_out_is_not_texted() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    world
        .rows
        .execute("UPDATE contact SET opted_out_at = now()")
        .await;
    let number = organization.number_id;
    let by_id = json!({ "contact_id": contact, "body": "x", "phone_number_id": number });
    assert_eq!(agent.post("/api/messages/send", &by_id).await.status, 409);
    assert_eq!(send(&agent, &organization, CUSTOMER, "x").await.status, 409);
    assert_eq!(world.front().calls().creates, 0);
}

#[tokio::test]
async fn twilios_refusal_is_kept_with_code_text_and_help() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let refusal = CreateError {
        status: 400,
        code: 21610,
        message: "Attempt to send to unsubscribed recipient".to_owned(),
    };
    let outcome = ArmOutcome {
        create_error: Some(refusal),
        ..ArmOutcome::default()
    };
    world.simulator().arm_outcome(outcome).expect("it is armed");
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello?").await.ok());
    wait_for_status(&world, &id, "failed").await;

    let contact = "SELECT id FROM contact";
    let contact: Uuid = sqlx::query_scalar(contact)
        .fetch_one(&world.rows.0)
        .await
        .expect("one");
    let thread = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await
        .ok();
    let message = &thread["messages"][0];
    assert_eq!(message["error_code"], 21610);
    assert_eq!(
        message["error_message"],
        "Attempt to send to unsubscribed recipient"
    );
    let help = message["error_help"].as_str().expect("plain words");
    assert!(help.contains("opted out"), "{help}");
    assert_eq!(message["can_retry"], true);
    assert_eq!(
        world.front().calls().creates,
        1,
        "a refusal is not tried again"
    );
}

#[tokio::test]
async fn a_rate_limit_and_an_unreachable_twilio_only_delay() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world
        .front()
        .on_create(Fault::Answer(StatusCode::TOO_MANY_REQUESTS, Some(1)));
    world
        .front()
        .on_create(Fault::Answer(StatusCode::TOO_MANY_REQUESTS, None));
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Patience").await.ok());
    wait_for_status(&world, &id, "delivered").await;
    assert_eq!(world.front().calls().creates, 3);
    assert_eq!(world.simulator().messages(&world.account.sid).len(), 1);
    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_eq!((stored.attempt, stored.error_code), (1, None));
}

#[tokio::test]
async fn a_limit_of_the_day_fails_at_once_with_its_reason() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let words = "Account AC1 exceeded the 50 daily messages limit";
    world.front().on_create(Fault::Problem(
        StatusCode::TOO_MANY_REQUESTS,
        63038,
        words,
        None,
    ));
    let sent = send(&agent, &organization, CUSTOMER, "Too many").await.ok();
    let id = id_of(&sent);
    wait_for_status(&world, &id, "failed").await;
    assert_eq!(
        world.front().calls().creates,
        1,
        "not tried again by itself"
    );
    let message = message_of(&agent, &sent).await;
    assert_eq!(message["error_code"], 63038);
    assert_eq!(message["error_message"], words);
    let help = message["error_help"].as_str().expect("plain words");
    assert!(help.contains("tomorrow"), "{help}");
    assert_eq!(message["can_retry"], true);
    let path = format!("/api/messages/{id}/retry");
    agent.post(&path, &json!({})).await.ok();
    wait_for_status(&world, &id, "delivered").await;
}

#[tokio::test]
async fn a_limit_of_the_rate_waits_and_says_why() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::Problem(
        StatusCode::TOO_MANY_REQUESTS,
        20429,
        "Too Many Requests",
        Some(3_600),
    ));
    let sent = send(&agent, &organization, CUSTOMER, "Patience").await.ok();
    let id = id_of(&sent);
    let message = eventually("it says why it waits", async || {
        let message = message_of(&agent, &sent).await;
        message["delay_reason"].is_string().then_some(message)
    })
    .await;
    assert_eq!(message["delay_reason"], "Too Many Requests (20429)");
    assert_eq!(message["status"], "queued");
    assert_eq!(message["error_code"], Value::Null);
    let path = format!("/api/messages/{id}/events");
    let history = agent.get(&path).await.ok();
    let entries = history["entries"].as_array().expect("entries");
    let delay = entries.last().expect("an entry");
    assert_eq!(delay["error"]["code"], 20429);

    world
        .rows
        .execute("UPDATE graphile_worker._private_jobs SET run_at = now()")
        .await;
    wait_for_status(&world, &id, "delivered").await;
    let message = message_of(&agent, &sent).await;
    assert_eq!(message["delay_reason"], Value::Null);
}

/// A message as the thread has it now.
async fn message_of(agent: &Agent, sent: &Value) -> Value {
    let contact = sent["contact_id"].as_str().expect("a contact");
    let path = format!("/api/messages?contact_id={contact}");
    let thread = agent.get(&path).await.ok();
    let messages = thread["messages"].as_array().expect("messages").iter();
    let mut ours = messages.filter(|message| message["id"] == sent["id"]);
    ours.next().expect("the message").clone()
}

#[tokio::test]
async fn an_organization_without_credentials_fails_and_never_uses_the_shared_account() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world
        .rows
        .execute("UPDATE organization SET byo_twilio = true")
        .await;
    let refused = send(&agent, &organization, CUSTOMER, "x").await;
    assert_eq!(refused.status, 409, "{}", refused.json);
    let words = refused.json["message"].as_str().expect("words");
    assert!(words.contains("credentials are missing"), "{words}");
    assert_eq!(world.front().calls().creates, 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_opened_fails_a_text_in_words() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.break_token(&organization).await;
    let id = id_of(&send(&agent, &organization, CUSTOMER, "x").await.ok());
    wait_for_status(&world, &id, "failed").await;
    assert_eq!(world.front().calls().creates, 0);
    let why = "SELECT count(*) FROM message WHERE error_message LIKE '%master key%'";
    assert_eq!(world.rows.count(why).await, 1);
}

#[tokio::test]
async fn a_status_callback_counts_only_with_a_good_signature_and_only_once() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    // Twilio's own callbacks wait, so that only the test's arrive.
    let paused = TimingUpdate {
        delivery_paused: Some(true),
        ..TimingUpdate::default()
    };
    world.simulator().update_timing(paused);
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    let sid = eventually("Twilio's SID is stored", async || {
        world.rows.by_id(&id).await?.external_id
    })
    .await;
    let url = format!(
        "{}/twilio/message-status?message_id={id}&attempt=1",
        world.server.url
    );
    let form = |status: &'static str| {
        vec![
            ("AccountSid", world.account.sid.clone()),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("From", MAIN_LINE.to_owned()),
            ("MessageSid", sid.clone()),
            ("MessageStatus", status.to_owned()),
            ("SmsSid", sid.clone()),
            ("SmsStatus", status.to_owned()),
            ("To", CUSTOMER.to_owned()),
            ("ErrorCode", String::new()),
        ]
    };
    let delivered = form("delivered");
    let delivered: Vec<(&str, &str)> = delivered.iter().map(|(n, v)| (*n, v.as_str())).collect();

    let stranger = world.account.with_token("not the token");
    assert_eq!(stranger.post_form(&url, &delivered).await, 403);
    assert_eq!(
        world.account.post_form_as("", &url, &delivered).await,
        403,
        "no signature"
    );
    let other_url = url.replace("attempt=1", "attempt=2");
    let signature = world.account.sign(&other_url);
    let answer = world
        .account
        .post_form_as(&signature, &url, &delivered)
        .await;
    assert_eq!(answer, 403, "signed for another URL");
    assert_eq!(
        world.account.post_form(&url, &[("To", "x")]).await,
        400,
        "not a callback"
    );
    assert_eq!(world.rows.event_states().await.values().sum::<i64>(), 0);

    for _ in 0..2 {
        assert_eq!(world.account.post_form(&url, &delivered).await, 200);
        world.rows.all_events_processed().await;
    }
    let sent = form("sent");
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(world.account.post_form(&url, &sent).await, 200, "late");
    world.rows.all_events_processed().await;

    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_eq!(stored.status, "delivered");
    let callbacks: Vec<String> = world
        .rows
        .audit(stored.id)
        .await
        .into_iter()
        .filter(|(_, source)| source == "callback")
        .map(|(status, _)| status)
        .collect();
    assert_eq!(callbacks, ["delivered", "sent"], "each is kept once");
    assert_eq!(world.rows.messages().await.len(), 1);
}

#[tokio::test]
async fn delivered_before_twilios_answer_finds_its_row() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let paused = TimingUpdate {
        delivery_paused: Some(true),
        ..TimingUpdate::default()
    };
    world.simulator().update_timing(paused);
    world.front().on_create(Fault::HoldAnswer);
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Quick").await.ok());
    let sid = eventually("Twilio has it", async || {
        world
            .simulator()
            .messages(&world.account.sid)
            .first()
            .map(|sent| sent.sid.to_string())
    })
    .await;

    // One without our callback URL can be told only by waiting; one with it carries our id.
    let account = &world.account.sid;
    let without = TwilioEvent::status(account, &sid, MAIN_LINE, CUSTOMER, "sent");
    let mut with = TwilioEvent::status(account, &sid, MAIN_LINE, CUSTOMER, "delivered");
    with.status_callback = Some(format!(
        "{}/twilio/message-status?message_id={id}&attempt=1",
        world.server.url
    ));
    world.post(&[without]).await;
    eventually("the event was looked at, and waits", async || {
        let put_off = "SELECT count(*) FROM twilio_event WHERE next_attempt_at > received_at";
        (world.rows.count(put_off).await > 0).then_some(())
    })
    .await;
    assert_eq!(
        world.rows.messages().await.len(),
        1,
        "no message from elsewhere"
    );
    world.post(&[with]).await;
    wait_for_status(&world, &id, "delivered").await;

    world.front().release();
    world.rows.all_events_processed().await;
    eventually("Twilio's answer is stored", async || {
        let stored = world.rows.by_id(&id).await?;
        let audit = world.rows.audit(stored.id).await;
        audit
            .iter()
            .any(|(_, source)| source == "send")
            .then_some(())
    })
    .await;
    let all = world.rows.messages().await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(
        all[0].status, "delivered",
        "the late answer moves nothing back"
    );
    assert_eq!(all[0].external_id.as_deref(), Some(sid.as_str()));
    let audit = world.rows.audit(all[0].id).await;
    assert!(
        audit.contains(&("sent".to_owned(), "event_stream".to_owned())),
        "{audit:?}"
    );
    assert_eq!(world.front().calls().creates, 1);
}

#[tokio::test]
async fn a_failure_on_the_way_is_kept_with_its_code() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let outcome = ArmOutcome {
        status: Some(FinalStatus::Undelivered),
        error_code: Some(30006),
        ..ArmOutcome::default()
    };
    world.simulator().arm_outcome(outcome).expect("it is armed");
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello?").await.ok());
    wait_for_status(&world, &id, "undelivered").await;
    let stored = world.rows.by_id(&id).await.expect("the message");
    assert_eq!(stored.error_code, Some(30006));
}

#[tokio::test]
async fn a_refusal_that_is_written_late_changes_no_later_attempt() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Once").await.ok());
    wait_for_status(&world, &id, "delivered").await;
    let db = db::connect(&world.database.url.clone().into(), 1)
        .await
        .expect("a database");
    let refuse = async |attempt| {
        let outcome = SendOutcome::Refused {
            code: Some(30001),
            message: "Late".to_owned(),
        };
        let id = MessageId(id.parse().expect("an id"));
        complete_send_service(&db, organization.id, id, attempt, outcome, Utc::now())
            .await
            .expect("it is written, or not");
    };
    let status = async || world.rows.by_id(&id).await.expect("a message").status;

    // Another run has found it at Twilio meanwhile.
    world
        .rows
        .execute("UPDATE message SET status = 'sent' WHERE direction = 'outbound'")
        .await;
    refuse(1).await;
    assert_eq!(status().await, "sent");
    // A Retry has begun.
    world
        .rows
        .execute(
            "UPDATE message SET status = 'queued', attempt = 2, external_id = NULL
             WHERE direction = 'outbound'",
        )
        .await;
    refuse(1).await;
    assert_eq!(status().await, "queued");
    refuse(2).await;
    assert_eq!(status().await, "failed");
}
