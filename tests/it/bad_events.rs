//! One bad event costs the others nothing: it is kept, shown with its reason, and tried by itself.

use std::time::Duration;

use chrono::Utc;
use loquent::entities::states::Role;
use serde_json::{Value, json};

use crate::{
    reconciliation::reconcile,
    support::{
        Agent, CUSTOMER, Fault, MAIN_LINE, Organization, TwilioEvent, World, eventually,
        eventually_within, new_sid,
    },
};

async fn admin(world: &World, organization: &Organization) -> Agent {
    let (email, password) = world.user(organization, Role::Admin).await;
    let mut admin = Agent::signed_out(&world.server.url);
    admin.log_in(&email, &password).await.ok();
    admin
}

async fn parked(agent: &Agent) -> Vec<(String, String)> {
    let page = agent.get("/api/twilio/events?state=parked").await.ok();
    let events = page["events"].as_array().expect("events").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    events
        .map(|event| (text(&event["event_id"]), text(&event["error"])))
        .collect()
}

async fn bodies(world: &World) -> Vec<String> {
    let messages = world.rows.messages().await;
    let mut bodies: Vec<String> = messages.into_iter().filter_map(|row| row.body).collect();
    bodies.sort();
    bodies
}

/// The only message of the thread, as the page gets it.
async fn message(agent: &Agent) -> Value {
    let page = agent.get("/api/conversations").await.ok();
    let contact = page["conversations"][0]["contact"]["id"]
        .as_str()
        .expect("a contact")
        .to_owned();
    let thread = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await
        .ok();
    thread["messages"][0].clone()
}

#[tokio::test]
async fn the_good_events_of_a_post_are_stored_and_the_bad_ones_shown() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = admin(&world, &organization).await;
    let mut without_id = world.text(&organization, "No id").json();
    without_id["id"] = Value::Null;
    let mut numbers_as_text = world.text(&organization, "Numbers as text").json();
    numbers_as_text["data"]["numMedia"] = json!("0");
    numbers_as_text["data"]["numSegments"] = json!("1");
    let sid = new_sid();
    let failed = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "failed");
    let mut failed = failed.json();
    failed["data"]["errorCode"] = json!("30003");
    let batch = json!([
        world.text(&organization, "First").json(),
        without_id,
        7,
        numbers_as_text,
        failed,
        world.text(&organization, "Last").json(),
    ]);
    for _ in 0..2 {
        assert_eq!(world.account.post(&world.server.url, &batch).await, 200);
    }
    world.rows.all_events_processed().await;
    assert_eq!(bodies(&world).await, ["First", "Last", "Numbers as text"]);
    let stored = world.rows.by_sid(&sid).await.expect("the message");
    assert_eq!(stored.error_code, Some(30003));
    let shown = parked(&admin).await;
    assert_eq!(shown.len(), 2, "each once: {shown:?}");
    assert!(shown.iter().any(|(_, error)| error == "it has no `id`"));

    for unreadable in [json!([7, {}]), json!({ "id": "EZ1" })] {
        let answer = world.account.post(&world.server.url, &unreadable).await;
        assert_eq!(answer, 400, "{unreadable}");
    }
}

#[tokio::test]
async fn what_is_too_long_is_refused_or_cut_with_its_reason() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = admin(&world, &organization).await;
    let mut from = world.text(&organization, "Long sender").json();
    from["data"]["from"] = json!("x".repeat(6_000));
    let body = world.text(&organization, &"y".repeat(50_000));
    let batch = json!([from, body.json(), world.text(&organization, "Short").json()]);
    assert_eq!(world.account.post(&world.server.url, &batch).await, 200);
    world.rows.all_events_processed().await;
    let shown = parked(&admin).await;
    assert_eq!(shown.len(), 1);
    assert!(shown[0].1.contains("from is longer than 320"), "{shown:?}");
    let cut = world
        .rows
        .by_sid(&body.message_sid)
        .await
        .expect("it is there");
    assert_eq!(cut.body.expect("a text").len(), 10_000);
    let (state, note) = world.rows.event(&body.id).await.expect("its event");
    assert_eq!(state, "processed");
    assert!(note.expect("a note").contains("longer than a text can be"));
}

#[tokio::test]
async fn half_an_emoji_loses_no_text() {
    let world = World::start().await;
    let organization = world.organization().await;
    let text = world.text(&organization, "thanks HALF");
    let post = json!([text.json()]).to_string().replace("HALF", "\\ud83d");
    assert_eq!(world.account.post_body(&world.server.url, post).await, 200);
    world.rows.all_events_processed().await;
    let stored = world
        .rows
        .by_sid(&text.message_sid)
        .await
        .expect("it is there");
    assert_eq!(stored.body.as_deref(), Some("thanks \u{fffd}"));
}

#[tokio::test]
async fn an_unknown_status_parks_nothing_and_its_word_is_in_the_delivery_log() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let sid = new_sid();
    let url = format!("{}/api/twilio/sms-status", world.server.url);
    let form = [
        ("AccountSid", world.account.sid.as_str()),
        ("MessageSid", sid.as_str()),
        ("MessageStatus", "partially_delivered"),
        ("From", MAIN_LINE),
        ("To", CUSTOMER),
    ];
    assert_eq!(world.account.post_form(&url, &form).await, 200);
    let delivered = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "delivered");
    let mut teleported = delivered.json();
    teleported["id"] = json!("EZteleported");
    teleported["type"] = json!("com.twilio.messaging.message.teleported");
    let batch = json!([teleported]);
    assert_eq!(world.account.post(&world.server.url, &batch).await, 200);
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.event_states().await.get("parked"), None);
    let stored = world.rows.by_sid(&sid).await.expect("the message");
    assert_eq!(stored.status, "sent", "the nearest that is certain");
    let path = format!("/api/messages/{}/events", stored.id);
    let history = agent.get(&path).await.ok();
    let words: Vec<&str> = history["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .filter_map(|entry| entry["status_word"].as_str())
        .collect();
    assert_eq!(words, ["partially_delivered", "teleported"]);
    world.post(&[delivered]).await;
    world.rows.all_events_processed().await;
    let stored = world.rows.by_sid(&sid).await.expect("the message");
    assert_eq!(stored.status, "delivered");
}

#[tokio::test]
async fn a_text_to_a_group_says_to_whom_else_it_went() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut text = world.text(&organization, "Hello all").json();
    text["data"]["recipients"] = json!([MAIN_LINE, "+15046081420", "+15046081421"]);
    assert_eq!(
        world.account.post(&world.server.url, &json!([text])).await,
        200
    );
    world.rows.all_events_processed().await;
    let message = message(&agent).await;
    assert_eq!(message["also_to"], json!(["+15046081420", "+15046081421"]));
}

/// A page of Twilio's list with a text that holds half an emoji, and three entries that cannot be
/// read.
fn odd_page(sid: &str) -> String {
    let date = Utc::now().to_rfc2822();
    format!(
        r#"{{"messages":[
            {{"sid":"{sid}","direction":"inbound","from":"{CUSTOMER}","to":"{MAIN_LINE}",
              "body":"thanks \ud83d","status":"received","num_media":"0","date_sent":"{date}"}},
            {{"direction":"inbound","from":"{CUSTOMER}","to":"{MAIN_LINE}"}},
            7,
            {{"sid":"{}","direction":"inbound","from":null,"to":"{MAIN_LINE}"}}],
          "first_page_uri":"/x.json?PageSize=50","next_page_uri":null}}"#,
        "SM00000000000000000000000000000009"
    )
}

#[tokio::test]
async fn reconciliation_and_import_count_unreadable_entries() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = admin(&world, &organization).await;
    let sid = new_sid();
    world.front().on_list(Fault::Body(odd_page(&sid)));
    let check = reconcile(&admin, &organization).await;
    assert_eq!(
        (&check["missing"], &check["unreadable"]),
        (&json!(1), &json!(3))
    );
    let stored = world.rows.by_sid(&sid).await.expect("it is taken in");
    assert_eq!(stored.body.as_deref(), Some("thanks \u{fffd}"));

    let imported = new_sid();
    for _ in 0..20 {
        world.front().on_list(Fault::Body(odd_page(&imported)));
    }
    let run = world.sync(&admin, &organization).await;
    assert_eq!(run.count("unreadable"), 3, "each once: {}", run.0);
    assert_eq!(run.count("new_count"), 1);
    let stored = world.rows.by_sid(&imported).await.expect("it is there");
    assert_eq!(stored.body.as_deref(), Some("thanks \u{fffd}"));
}

/// A bad event: the database refuses it, and counts how often, and the batches in all.
const POISON: &str = "
CREATE SEQUENCE poisoned;
CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.body = 'poison' THEN
        PERFORM nextval('poisoned');
        RAISE EXCEPTION 'poison';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_poison BEFORE INSERT ON message
    FOR EACH ROW EXECUTE FUNCTION refuse_poison();
CREATE SEQUENCE batches;
CREATE FUNCTION count_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('batches');
    RETURN NULL;
END $$;
CREATE TRIGGER count_batch BEFORE INSERT ON message
    FOR EACH STATEMENT EXECUTE FUNCTION count_batch();
";

#[tokio::test]
async fn a_bad_event_fails_its_batch_a_few_times_only_and_then_nobodys() {
    let world = World::start().await;
    let organization = world.organization().await;
    sqlx::raw_sql(POISON)
        .execute(&world.rows.0)
        .await
        .expect("the trigger");
    let lock = world
        .rows
        .lock("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .await;
    // The first post is held by the lock, and all others are one batch behind it.
    world.post(&[world.text(&organization, "First")]).await;
    world.rows.waiting_for_locks(1).await;
    let texts: Vec<TwilioEvent> = (0..400)
        .map(|n| {
            let body = if n == 137 { "poison" } else { "good" };
            world.text(&organization, body)
        })
        .collect();
    world.post(&texts).await;
    lock.rollback().await.expect("a rollback");
    let poison = &texts[137].id;
    eventually("the good ones are processed", async || {
        let states = world.rows.event_states().await;
        (states.get("processed") == Some(&400)).then_some(())
    })
    .await;
    // 400 can be halved 9 times, and each half that holds it fails.
    let tries = "SELECT last_value FROM poisoned";
    let first_round = world.rows.count(tries).await;
    assert!(first_round <= 10, "{first_round} tries");
    // With it each half that is good; and the first post. One by one, it would be 400 more.
    let batches = world.rows.count("SELECT last_value FROM batches").await;
    assert!(batches <= 30, "{batches} batches");

    // While it is tried again, the batches of others do not fail with it.
    sqlx::query("UPDATE twilio_event SET next_attempt_at = now() WHERE event_id = $1")
        .bind(poison)
        .execute(&world.rows.0)
        .await
        .expect("it is due");
    let more: Vec<TwilioEvent> = (0..100)
        .map(|_| world.text(&organization, "good"))
        .collect();
    world.post(&more).await;
    world
        .rows
        .execute("UPDATE twilio_event SET next_attempt_at = now() WHERE state = 'pending'")
        .await;
    eventually("the others are processed", async || {
        let states = world.rows.event_states().await;
        (states.get("processed") == Some(&500)).then_some(())
    })
    .await;
    let retries = "SELECT (attempts - 1)::bigint FROM twilio_event WHERE attempts > 1";
    let later = world.rows.count(tries).await - first_round;
    let attempts: Option<i64> = sqlx::query_scalar(retries)
        .fetch_optional(&world.rows.0)
        .await
        .expect("an answer");
    assert!(
        later <= attempts.unwrap_or_default() + 1,
        "{later} tries by itself"
    );
}

#[tokio::test]
async fn counting_events_reads_no_payloads() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = admin(&world, &organization).await;
    sqlx::query(
        "INSERT INTO twilio_event (account_sid, event_id, event_type, payload, state, to_address)
         SELECT $1, 'EZ' || n, 'com.twilio.messaging.inbound-message.received',
                '{\"data\":{\"to\":\"+14155550134\",\"x\":\"' ||
                    (SELECT string_agg(md5(n::text || g::text), '')
                     FROM generate_series(1, 32000) AS g)
                    || '\"}}',
                'ignored', $2
         FROM generate_series(1, 123) AS n",
    )
    .bind(&world.account.sid)
    .bind(MAIN_LINE)
    .execute(&world.rows.0)
    .await
    .expect("123 events of 1 MB");
    let size = "SELECT min(octet_length(payload))::bigint FROM twilio_event";
    assert!(world.rows.count(size).await > 1_000_000);
    admin.get("/api/twilio/events?sid=SM0").await.ok();
    let before = world.server.resident_kb();
    let pages = (0..4).map(|_| admin.get("/api/twilio/events"));
    for page in futures::future::join_all(pages).await {
        let page = page.ok();
        assert_eq!(page["counts"]["ignored"], 123);
        assert_eq!(page["events"].as_array().expect("events").len(), 50);
    }
    let grown = world.server.resident_kb().saturating_sub(before);
    assert!(grown < 20_000, "{grown} kB for four pages");
}

#[tokio::test]
async fn large_events_are_processed_in_batches_that_fit_into_memory() {
    let world = World::start().await;
    let organization = world.organization().await;
    let post = async |n: i32| {
        let mut event = world.text(&organization, &format!("Large {n}")).json();
        event["data"]["padding"] = json!("x".repeat(900_000));
        let events = json!([event]);
        assert_eq!(world.account.post(&world.server.url, &events).await, 200);
    };
    // What a server needs once is there before it is measured.
    for n in 0..5 {
        post(n).await;
    }
    world.rows.all_events_processed().await;
    let lock = world
        .rows
        .lock("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .await;
    let before = world.server.resident_kb();
    for n in 5..65 {
        post(n).await;
    }
    lock.rollback().await.expect("a rollback");
    eventually_within(Duration::from_secs(60), "all are processed", async || {
        let states = world.rows.event_states().await;
        (states.get("processed") == Some(&65)).then_some(())
    })
    .await;
    let grown = world.server.resident_kb().saturating_sub(before);
    assert!(grown < 100_000, "{grown} kB for 54 MB of events");
}
