//! Texts and their status that come to webhooks of a number, without Event Streams.

use serde_json::json;
use twilio_sim::CustomerMessage;
use uuid::Uuid;

use crate::support::{Agent, CUSTOMER, MAIN_LINE, Organization, World, eventually, new_sid};

async fn world() -> (World, Organization, Agent) {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let id = json!({ "phone_number_id": organization.number_id });
    admin
        .post("/api/twilio/configure-phone-sms", &id)
        .await
        .ok();
    (world, organization, admin)
}

fn text(world: &World, body: &str, media: usize) -> String {
    let media_urls = (0..media).map(|n| format!("https://example.com/{n}.jpg"));
    let message = CustomerMessage {
        from: CUSTOMER.to_owned(),
        to: MAIN_LINE.to_owned(),
        body: body.to_owned(),
        media_urls: media_urls.collect(),
    };
    let sid = world.simulator().send_as_customer(message).expect("a text");
    sid.to_string()
}

async fn processed(world: &World, event_type: &str) -> Vec<(String, String)> {
    sqlx::query_as("SELECT event_id, state FROM twilio_event WHERE event_type = $1 ORDER BY id")
        .bind(event_type)
        .fetch_all(&world.rows.0)
        .await
        .expect("events")
}

#[tokio::test]
async fn a_text_with_files_comes_by_the_numbers_own_webhook() {
    let (world, _, _) = world().await;
    let sid = text(&world, "Don't 👋 & =?\n2", 3);
    let message = eventually("it is there", async || world.rows.by_sid(&sid).await).await;
    assert_eq!(message.body.as_deref(), Some("Don't 👋 & =?\n2"));
    assert_eq!(
        (message.direction.as_str(), message.status.as_str()),
        ("inbound", "received")
    );
    let files = eventually("all files are stored", async || {
        let states: Vec<(i32, String)> = sqlx::query_as(
            "SELECT position, state FROM message_attachment WHERE message_id = $1 ORDER BY position",
        )
        .bind(message.id)
        .fetch_all(&world.rows.0)
        .await
        .expect("files");
        states.iter().all(|(_, state)| state == "stored").then_some(states)
    })
    .await;
    assert_eq!(
        files.iter().map(|(place, _)| *place).collect::<Vec<_>>(),
        [0, 1, 2]
    );
}

#[tokio::test]
async fn a_text_that_comes_by_both_ways_is_one_message() {
    let (world, _, admin) = world().await;
    world.subscribe().await;
    let sids: Vec<String> = (0..8)
        .map(|n| text(&world, &format!("Both ways {n}"), 0))
        .collect();
    for sid in &sids {
        eventually("it is there", async || world.rows.by_sid(sid).await).await;
    }
    eventually("both kinds of news are processed", async || {
        let all = [
            processed(&world, "loquent.twilio.inbound-webhook").await,
            processed(&world, "com.twilio.messaging.inbound-message.received").await,
        ];
        all.iter()
            .all(|events| events.len() == 8 && events.iter().all(|(_, state)| state == "processed"))
            .then_some(())
    })
    .await;
    assert_eq!(world.rows.messages().await.len(), 8);
    let list = admin.get("/api/conversations").await.ok();
    assert_eq!(list["conversations"][0]["unread_count"], 8, "{list}");
}

#[tokio::test]
async fn a_number_in_a_messaging_service_is_found_by_account_and_to() {
    let (world, _, _) = world().await;
    let service = json!({ "account_sid": world.account.sid, "phone_numbers": [MAIN_LINE] });
    let service = serde_json::from_value(service).expect("a service");
    let service = world
        .simulator()
        .add_messaging_service(service)
        .expect("it is added");
    let sid = text(&world, "From the pool", 0);
    eventually("it is there", async || world.rows.by_sid(&sid).await).await;
    let (payload,): (String,) = sqlx::query_as("SELECT payload FROM twilio_event LIMIT 1")
        .fetch_one(&world.rows.0)
        .await
        .expect("an event");
    assert!(
        payload.contains(service.as_str()),
        "it carries the service: {payload}"
    );
}

#[tokio::test]
async fn a_text_that_the_messaging_service_posts_itself_is_taken() {
    let (world, _, _) = world().await;
    let url = format!("{}/api/twilio/sms-incoming?via=service", world.server.url);
    let service = json!({
        "account_sid": world.account.sid, "phone_numbers": [MAIN_LINE], "inbound_request_url": url,
    });
    let service = serde_json::from_value(service).expect("a service");
    world
        .simulator()
        .add_messaging_service(service)
        .expect("it is added");
    let sid = text(&world, "To the service's own address", 0);
    eventually("it is there", async || world.rows.by_sid(&sid).await).await;
}

/// A form with all that is easily got wrong.
fn tricky(world: &World, sid: &str) -> Vec<(String, String)> {
    [
        ("AccountSid", world.account.sid.as_str()),
        ("MessageSid", sid),
        ("From", CUSTOMER),
        ("To", MAIN_LINE),
        ("Body", " It's 100% + \u{1f44b}\u{1f3fd} & \u{e9}\n"),
        ("NumMedia", "0"),
        ("OptOutType", ""),
        ("Tag", "b"),
        ("Tag", "a"),
        ("Tag", "b"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// Twilio's rule, written down here a second time: names in order, of a repeated name its distinct
/// values in order.
fn signature(world: &World, url: &str, form: &[(String, String)]) -> String {
    let mut sorted = form.to_vec();
    sorted.sort();
    sorted.dedup();
    let tail: String = sorted
        .iter()
        .map(|(name, value)| format!("{name}{value}"))
        .collect();
    world.account.sign(&format!("{url}{tail}"))
}

async fn post(world: &World, signature: &str, url: &str, form: &[(String, String)]) -> u16 {
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    world.account.post_form_as(signature, url, &form).await
}

#[tokio::test]
async fn a_form_altered_by_one_byte_anywhere_is_refused_and_not_stored() {
    let world = World::start().await;
    world.organization().await;
    let sid = new_sid();
    let url = format!(
        "{}/api/twilio/sms-incoming?who=o%27neil&x=%20a+b&empty=&x=2",
        world.server.url
    );
    let form = tricky(&world, &sid);
    let signed = signature(&world, &url, &form);
    let refused = async |what: &str, signature: &str, url: &str, form: &[(String, String)]| {
        assert_eq!(post(&world, signature, url, form).await, 403, "{what}");
    };
    for n in 0..form.len() {
        let (name, value) = &form[n];
        // An account or number that is not there is another refusal.
        if ["AccountSid", "MessageSid"].contains(&name.as_str()) {
            continue;
        }
        let mut changed = form.clone();
        changed[n].1 = format!("{value}x");
        refused(name, &signed, &url, &changed).await;
        let mut dropped = form.clone();
        dropped.remove(n);
        if !["From", "To"].contains(&name.as_str()) && *value != "b" {
            refused(name, &signed, &url, &dropped).await;
        }
    }
    let mut more = form.clone();
    more.push(("Tag".to_owned(), "c".to_owned()));
    refused("one more value", &signed, &url, &more).await;
    for (what, other) in [
        ("query", url.replace("x=2", "x=3")),
        ("case of the query", url.replace("who", "Who")),
        ("encoding of the query", url.replace("%20a", "+a")),
        (
            "order of the query",
            url.replace("empty=&x=2", "x=2&empty="),
        ),
        (
            "no query",
            url.split('?').next().expect("a path").to_owned(),
        ),
    ] {
        refused(what, &signed, &other, &form).await;
    }
    let mut bytes = signed.clone().into_bytes();
    bytes[3] = if bytes[3] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(bytes).expect("ASCII");
    refused("signature", &forged, &url, &form).await;
    refused("no signature", "", &url, &form).await;
    let stored: (i64,) = sqlx::query_as("SELECT count(*) FROM twilio_event")
        .fetch_one(&world.rows.0)
        .await
        .expect("a count");
    assert_eq!(stored.0, 0);

    assert_eq!(post(&world, &signed, &url, &form).await, 200);
    let message = eventually("it is there", async || world.rows.by_sid(&sid).await).await;
    assert_eq!(
        message.body.as_deref(),
        Some(" It's 100% + \u{1f44b}\u{1f3fd} & \u{e9}\n")
    );
    assert_eq!(
        post(&world, &signed, &url, &form).await,
        200,
        "the same again"
    );
    assert_eq!(
        processed(&world, "loquent.twilio.inbound-webhook")
            .await
            .len(),
        1
    );
    let form: Vec<_> = form.into_iter().filter(|(name, _)| name != "To").collect();
    let signed = signature(&world, &url, &form);
    assert_eq!(post(&world, &signed, &url, &form).await, 400, "no number");
}

#[tokio::test]
async fn the_status_of_a_message_of_elsewhere_comes_by_its_own_webhook() {
    let world = World::start().await;
    world.organization().await;
    let url = format!("{}/api/twilio/sms-status", world.server.url);
    let sid = new_sid();
    let status = async |status: &str| {
        let form = [
            ("AccountSid", world.account.sid.as_str()),
            ("MessageSid", &sid),
            ("MessageStatus", status),
            ("From", MAIN_LINE),
            ("To", CUSTOMER),
        ];
        world.account.post_form(&url, &form).await
    };
    assert_eq!(status("delivered").await, 200);
    assert_eq!(status("sent").await, 200);
    let message = eventually("it is known", async || world.rows.by_sid(&sid).await).await;
    assert_eq!(
        (message.source.as_deref(), message.direction.as_str()),
        (Some("external"), "outbound")
    );
    eventually("both are processed", async || {
        let events = processed(&world, "loquent.twilio.status-callback").await;
        (events.len() == 2 && events.iter().all(|(_, state)| state == "processed")).then_some(())
    })
    .await;
    let message = world.rows.by_sid(&sid).await.expect("it is there");
    assert_eq!(message.status, "delivered", "it never goes back");
    let stranger = world.account.with_token("not the token");
    let form = [
        ("AccountSid", world.account.sid.as_str()),
        ("MessageSid", "SM1"),
        ("MessageStatus", "sent"),
    ];
    assert_eq!(stranger.post_form(&url, &form).await, 403);
    assert_eq!(world.account.post_form(&url, &form[..2]).await, 400);
}

#[tokio::test]
async fn a_text_to_an_account_that_is_not_connected_is_not_answered_as_taken() {
    let world = World::start().await;
    world.organization().await;
    let url = format!("{}/api/twilio/sms-incoming", world.server.url);
    let account = format!("AC{}", Uuid::new_v4().simple());
    let form = [
        ("AccountSid", account.as_str()),
        ("MessageSid", "SM1"),
        ("From", CUSTOMER),
        ("To", MAIN_LINE),
    ];
    assert_eq!(world.account.post_form(&url, &form).await, 503);
    let events = processed(&world, "loquent.twilio.inbound-webhook").await;
    assert_eq!(events.len(), 0);
}
