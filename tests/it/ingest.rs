//! Events of Event Streams become contacts, conversations, messages and browser events.

use serde_json::{Value, json};

use crate::support::{
    CUSTOMER, MAIN_LINE, Socket, TwilioAccount, TwilioEvent, World, eventually, new_sid,
};

#[tokio::test]
async fn a_customers_text_becomes_contact_conversation_message_log_and_browser_event() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    let text = world.text(&organization, "Is my table ready?");

    world.post(std::slice::from_ref(&text)).await;

    let news = socket.wait_for("messaging.message.new").await;
    assert_eq!(news["message"]["body"], "Is my table ready?");
    assert_eq!(news["message"]["external_id"], text.message_sid);
    assert_eq!(news["conversation"]["unread_count"], 1);
    assert_eq!(news["conversation"]["contact"]["phone"], CUSTOMER);

    let page = agent.get("/api/conversations").await.ok();
    assert_eq!(page["total"], 1);
    assert_eq!(page["unread"], 1);
    let conversation = &page["conversations"][0];
    assert_eq!(conversation["last_message_preview"], "Is my table ready?");
    assert_eq!(conversation["contact"]["source"], "inbound");
    let contact = conversation["contact"]["id"].as_str().expect("an id");
    let thread = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await
        .ok();
    let message = &thread["messages"][0];
    assert_eq!(message["direction"], "inbound");
    assert_eq!(message["status"], "received");
    assert_eq!(message["source"], "loquent");
    assert_eq!(message["from_address"], CUSTOMER);
    assert_eq!(message["to_address"], MAIN_LINE);

    let stored = world
        .rows
        .by_sid(&text.message_sid)
        .await
        .expect("the message");
    let audit = world.rows.audit(stored.id).await;
    assert_eq!(audit, [("received".to_owned(), "event_stream".to_owned())]);
    let payload: String = sqlx::query_scalar("SELECT payload FROM message_event")
        .fetch_one(&world.rows.0)
        .await
        .expect("the audit has the event");
    let payload: Value = serde_json::from_str(&payload).expect("JSON");
    assert_eq!(payload, text.json(), "the audit keeps the event as it came");
}

#[tokio::test]
async fn a_batch_posted_twice_gives_one_of_each() {
    let world = World::start().await;
    let organization = world.organization().await;
    let batch: Vec<TwilioEvent> = (0..20)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();

    world.post(&batch).await;
    world.rows.all_events_processed().await;
    world.post(&batch).await;
    world.rows.all_events_processed().await;

    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        20
    );
    assert_eq!(world.rows.messages().await.len(), 20);
    assert_eq!(world.rows.count("SELECT count(*) FROM contact").await, 1);
    assert_eq!(
        world.rows.count("SELECT count(*) FROM conversation").await,
        1
    );
    assert_eq!(
        world.rows.count("SELECT count(*) FROM message_event").await,
        20
    );
    let unread = "SELECT unread_count::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 20);
}

#[tokio::test]
async fn a_bare_object_is_taken_like_an_array() {
    let world = World::start().await;
    let organization = world.organization().await;
    let text = world.text(&organization, "Alone");
    assert_eq!(
        world.account.post(&world.server.url, &text.json()).await,
        200
    );
    world.rows.all_events_processed().await;
    let stored = world
        .rows
        .by_sid(&text.message_sid)
        .await
        .expect("the message");
    assert_eq!(stored.body.as_deref(), Some("Alone"));
}

#[tokio::test]
async fn a_message_of_another_platform_is_captured_as_external() {
    let world = World::start().await;
    let organization = world.organization().await;
    let sid = new_sid();
    let mut sent = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "sent");
    sent.body = Some("From the booking system".to_owned());
    world.post(&[sent]).await;
    world.rows.all_events_processed().await;

    let stored = world.rows.by_sid(&sid).await.expect("the message");
    assert_eq!(stored.direction, "outbound");
    assert_eq!(stored.source.as_deref(), Some("external"));
    assert_eq!(stored.status, "sent");
    assert_eq!(stored.body.as_deref(), Some("From the booking system"));
    let unread = "SELECT unread_count::bigint FROM conversation";
    assert_eq!(
        world.rows.count(unread).await,
        0,
        "what we sent is not unread"
    );
    let contact = "SELECT count(*) FROM contact WHERE source = 'external'";
    assert_eq!(world.rows.count(contact).await, 1);
    let agent = world.agent(&organization).await;
    let page = agent.get("/api/conversations").await.ok();
    assert_eq!(
        page["conversations"][0]["last_message_direction"],
        "outbound"
    );
}

#[tokio::test]
async fn the_same_text_as_two_events_at_once_is_one_message() {
    let world = World::start().await;
    let organization = world.organization().await;
    let posts = (0..30).map(|n| {
        let first = world.text(&organization, &format!("Text {n}"));
        let second = world
            .text(&organization, &format!("Text {n}"))
            .about(&first.message_sid);
        let post = async |event: TwilioEvent| world.post(&[event]).await;
        async move { futures::join!(post(first), post(second)) }
    });
    futures::future::join_all(posts).await;
    world.rows.all_events_processed().await;

    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        60
    );
    assert_eq!(world.rows.messages().await.len(), 30);
    let unread = "SELECT unread_count::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 30, "each text is news once");
    assert_eq!(world.rows.count("SELECT count(*) FROM contact").await, 1);
}

#[tokio::test]
async fn what_is_not_for_us_is_kept_and_marked_and_blocks_nothing() {
    let world = World::start().await;
    let organization = world.organization().await;
    let mut unknown_type = world.text(&organization, "").json();
    unknown_type["type"] = json!("com.twilio.voice.status.answered");
    unknown_type["id"] = json!("EZunknowntype");
    let mut nobodys_number = world.text(&organization, "For nobody");
    nobodys_number.to = "+14155550999".to_owned();
    let mut no_sid = world.text(&organization, "No SID").json();
    no_sid["id"] = json!("EZnosid");
    no_sid["data"]["messageSid"] = Value::Null;
    let mut odd = world.text(&organization, "Odd").json();
    odd["id"] = json!("EZodd");
    odd["data"]["numMedia"] = json!({ "not": "a number" });
    let good = world.text(&organization, "Good");
    let batch = json!([
        unknown_type,
        nobodys_number.json(),
        no_sid,
        odd,
        good.json()
    ]);

    assert_eq!(world.account.post(&world.server.url, &batch).await, 200);
    world.rows.all_events_processed().await;

    let state = async |id: &str| world.rows.event(id).await.expect("it is kept").0;
    assert_eq!(state("EZunknowntype").await, "ignored");
    assert_eq!(state(&nobodys_number.id).await, "ignored");
    assert_eq!(state("EZnosid").await, "parked");
    assert_eq!(state("EZodd").await, "processed", "an odd number is none");
    let (_, why) = world.rows.event("EZnosid").await.expect("it is kept");
    assert!(
        why.is_some_and(|why| why.contains("messageSid")),
        "it says what is missing"
    );
    assert_eq!(state(&good.id).await, "processed");
    assert_eq!(world.rows.messages().await.len(), 2);
}

#[tokio::test]
async fn the_character_nul_loses_no_message() {
    let world = World::start().await;
    let organization = world.organization().await;
    let nul = world.text(&organization, "before\0after");
    let next = world.text(&organization, "next");
    world.post(&[nul.clone(), next.clone()]).await;
    world.rows.all_events_processed().await;
    let stored = world
        .rows
        .by_sid(&nul.message_sid)
        .await
        .expect("the message");
    let body = stored.body.expect("a body");
    assert!(
        body.starts_with("before") && body.ends_with("after"),
        "{body:?}"
    );
    assert!(world.rows.by_sid(&next.message_sid).await.is_some());
}

#[tokio::test]
async fn an_event_of_another_account_in_a_signed_batch_touches_nobody() {
    let world = World::start().await;
    let ours = world.organization().await;
    let other_account = TwilioAccount::new();
    let other_number = "+14155550187";
    let other = world
        .organization_of(&other_account, other_number, true)
        .await;

    // The owner of the shared account's token signs an event that claims the other account.
    let honest = world.text(&ours, "Honest");
    let forged = world.text(&other, "Forged");
    assert_eq!(forged.account_sid, other_account.sid);
    // A third claims its own account, but the number of the other.
    let mut borrowed = world.text(&other, "Borrowed number");
    borrowed.account_sid = world.account.sid.clone();
    world
        .post(&[honest.clone(), forged.clone(), borrowed.clone()])
        .await;
    eventually("the honest one is processed", async || {
        world.rows.by_sid(&honest.message_sid).await
    })
    .await;
    world.rows.all_events_processed().await;

    let stored = world.rows.event(&forged.id).await;
    assert_eq!(
        stored, None,
        "what the signer may not speak of is not even kept"
    );
    let all = world.rows.messages().await;
    assert!(
        all.iter()
            .all(|message| message.organization_id == ours.id.0),
        "{all:?}"
    );
    assert_eq!(all.len(), 1);

    // The other account's own signature is what counts.
    assert_eq!(
        other_account.post(&world.server.url, &forged.json()).await,
        200
    );
    world.rows.all_events_processed().await;
    let stored = world
        .rows
        .by_sid(&forged.message_sid)
        .await
        .expect("now it is there");
    assert_eq!(stored.organization_id, other.id.0);
}

#[tokio::test]
async fn a_message_of_another_loquent_on_the_same_account_is_captured_as_external() {
    let world = World::start().await;
    world.organization().await;
    let sid = new_sid();
    let mut sent = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "sent");
    let id = uuid::Uuid::now_v7();
    sent.status_callback = Some(format!(
        "https://other.example.com/twilio/message-status?message_id={id}&attempt=1"
    ));
    world.post(&[sent]).await;
    world.rows.all_events_processed().await;
    let stored = world.rows.by_sid(&sid).await.expect("the message");
    assert_eq!(stored.source.as_deref(), Some("external"));
}
