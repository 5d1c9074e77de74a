//! Nobody waits behind the bulk work of others.

use std::time::Duration;

use serde_json::json;
use twilio_sim::{Fault, FaultRule, FaultTarget, NewPhoneNumber, Sid};
use uuid::Uuid;

use crate::support::{
    Agent, CUSTOMER, MAIN_LINE, Organization, TwilioEvent, World, eventually, eventually_within,
    new_sid,
};

const LIMIT: Duration = Duration::from_secs(120);
const OTHER_LINE: &str = "+14155550187";
const THIRD_LINE: &str = "+14155550188";
/// Runs that a node works on at once.
const PLACES: usize = 8;

async fn start_import(admin: &Agent, number: Uuid) {
    let body = json!({ "phone_number_id": number, "wait": false });
    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    assert_eq!(reply.status, 202, "{}", reply.json);
}

async fn waiting_files(world: &World, organization: &Organization) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM message_attachment WHERE organization_id = $1 AND state = 'pending'",
    )
    .bind(organization.id.0)
    .fetch_one(&world.rows.0)
    .await
    .expect("files")
}

async fn stored_files(world: &World, organization: &Organization) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM message_attachment WHERE organization_id = $1 AND state = 'stored'",
    )
    .bind(organization.id.0)
    .fetch_one(&world.rows.0)
    .await
    .expect("files")
}

/// A customer's picture arrives at the organization's number.
async fn picture_arrives(world: &World, organization: &Organization) {
    let text = json!({
        "from": CUSTOMER, "to": organization.number, "body": "Look",
        "media_urls": ["https://example.com/cat.png"],
    });
    let text = serde_json::from_value(text).expect("a message");
    let sid = world
        .simulator()
        .send_as_customer(text)
        .expect("it is sent");
    let account = &organization.account;
    let event = TwilioEvent::inbound(&account.sid, CUSTOMER, &organization.number, "Look");
    let mut event = event.about(sid.as_str()).json();
    event["data"]["numMedia"] = json!(1);
    assert_eq!(account.post(&world.server.url, &json!([event])).await, 200);
}

#[tokio::test]
async fn live_pictures_and_small_imports_do_not_wait_behind_a_large_one() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let large = world.organization().await;
    let live = world.other_organization(OTHER_LINE).await;
    let small = world.other_organization(THIRD_LINE).await;
    world.history(&large, 300, |new| new.media_share = 0.5);
    world.history(&small, 10, |new| new.media_share = 0.5);
    let slow = Fault::Latency {
        ms: 1_000,
        jitter_ms: 0,
    };
    world
        .simulator()
        .add_fault(FaultRule::always(FaultTarget::Cdn, slow))
        .expect("a fault");
    let admin = world.admin(&large).await;
    start_import(&admin, large.number_id).await;
    eventually_within(LIMIT, "the large import has many files", async || {
        (waiting_files(&world, &large).await > 60).then_some(())
    })
    .await;

    let small_admin = world.admin(&small).await;
    start_import(&small_admin, small.number_id).await;
    picture_arrives(&world, &live).await;
    let before = stored_files(&world, &large).await;
    eventually_within(LIMIT, "the live picture is stored", async || {
        (stored_files(&world, &live).await == 1).then_some(())
    })
    .await;
    let meanwhile = stored_files(&world, &large).await - before;
    assert!(meanwhile <= 15, "{meanwhile} files went ahead of it");
    eventually_within(LIMIT, "the small import is done", async || {
        let run = world.sync_run(&small_admin, &small).await?;
        (run.state() == "done").then_some(())
    })
    .await;
    assert!(waiting_files(&world, &large).await > 0);
    assert!(stored_files(&world, &large).await > 0, "it goes on, too");

    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT a.id FROM message_attachment a
         WHERE a.state = 'pending' AND a.sync_run_id IS NULL
           AND a.organization_id = '00000000-0000-0000-0000-000000000001'
           AND a.next_try_at <= now() ORDER BY a.next_try_at LIMIT 5",
    )
    .fetch_all(&world.rows.0)
    .await
    .expect("a plan");
    let plan = plan.join("\n");
    assert!(plan.contains("message_attachment_live_waiting"), "{plan}");
}

/// Another number of the organization, with a history.
async fn another_number(world: &World, organization: &Organization, number: &str) -> Uuid {
    let id = Uuid::now_v7();
    let sid = format!("PN{}", id.simple());
    sqlx::query(
        "INSERT INTO phone_number
             (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
         VALUES ($1, $2, $3, $4, $5, 'Another line')",
    )
    .bind(id)
    .bind(organization.id.0)
    .bind(&organization.account.sid)
    .bind(&sid)
    .bind(number)
    .execute(&world.rows.0)
    .await
    .expect("a number");
    let new = json!({
        "account_sid": organization.account.sid, "phone_number": number, "sid": sid,
    });
    let new: NewPhoneNumber = serde_json::from_value(new).expect("a number");
    world.simulator().add_phone_number(new).expect("it is free");
    id
}

#[tokio::test]
async fn an_organization_with_many_imports_keeps_no_other_one_waiting() {
    let settings = vec![
        ("TWILIO_PAGE_SIZE", "20".to_owned()),
        ("IMPORT_PAGES_AT_ONCE", "1".to_owned()),
    ];
    let world = World::with_direct_twilio(settings).await;
    let many = world.organization().await;
    let other = world.other_organization(OTHER_LINE).await;
    let mut numbers = vec![(many.number_id, MAIN_LINE.to_owned())];
    for n in 1..=PLACES {
        let number = format!("+1415555020{n}");
        let id = another_number(&world, &many, &number).await;
        numbers.push((id, number));
    }
    world.history(&many, 3_600, |new| {
        new.media_share = 0.0;
        new.numbers = numbers.iter().map(|(_, number)| number.clone()).collect();
    });
    world.history(&other, 30, |new| new.media_share = 0.0);
    let slow = Fault::Latency {
        ms: 3_000,
        jitter_ms: 0,
    };
    let of_many = FaultRule {
        account_sid: Some(Sid::parse(&many.account.sid).expect("a SID")),
        ..FaultRule::always(FaultTarget::ListMessages, slow)
    };
    world.simulator().add_fault(of_many).expect("a fault");
    let admin = world.admin(&many).await;
    for (id, _) in &numbers {
        start_import(&admin, *id).await;
    }
    let at_work = "SELECT count(*) FROM sms_sync_run WHERE lease_until > now()";
    eventually("all places are taken", async || {
        (world.rows.count(at_work).await == PLACES as i64).then_some(())
    })
    .await;

    let other_admin = world.admin(&other).await;
    start_import(&other_admin, other.number_id).await;
    eventually_within(LIMIT, "the other one's is done", async || {
        let run = world.sync_run(&other_admin, &other).await?;
        (run.state() == "done").then_some(())
    })
    .await;
    let still_running: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sms_sync_run WHERE organization_id = $1 AND state = 'running'",
    )
    .bind(many.id.0)
    .fetch_one(&world.rows.0)
    .await
    .expect("runs");
    assert_eq!(still_running, numbers.len() as i64, "none has ended before");
    // The one that gave way goes on.
    eventually_within(LIMIT, "all places are taken again", async || {
        (world.rows.count(at_work).await == PLACES as i64).then_some(())
    })
    .await;
}

#[tokio::test]
async fn texts_that_one_organization_sends_from_elsewhere_keep_no_other_one_waiting() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let many = world.organization().await;
    let other = world.other_organization(OTHER_LINE).await;
    let slow = Fault::Latency {
        ms: 2_000,
        jitter_ms: 0,
    };
    let of_many = FaultRule {
        account_sid: Some(Sid::parse(&many.account.sid).expect("a SID")),
        ..FaultRule::always(FaultTarget::FetchMessage, slow)
    };
    world.simulator().add_fault(of_many).expect("a fault");
    let sent = |organization: &Organization, sid: &str| {
        let account = &organization.account.sid;
        TwilioEvent::status(account, sid, &organization.number, CUSTOMER, "sent")
    };
    let campaign: Vec<TwilioEvent> = (0..100).map(|_| sent(&many, &new_sid())).collect();
    world.post(&campaign).await;
    let waiting = "SELECT count(*) FROM message_fetch";
    eventually("they wait to be read", async || {
        (world.rows.count(waiting).await >= 100).then_some(())
    })
    .await;

    let sid = new_sid();
    let at = chrono::Utc::now();
    let message = json!([{
        "account_sid": other.account.sid, "sid": sid, "direction": "outbound-api",
        "from": OTHER_LINE, "to": CUSTOMER, "status": "delivered", "date_created": at,
        "date_sent": at, "body": "Your order has left",
    }]);
    let message = serde_json::from_value(message).expect("a message");
    world
        .simulator()
        .load_messages(message)
        .expect("it is loaded");
    let event = json!([sent(&other, &sid).json()]);
    assert_eq!(other.account.post(&world.server.url, &event).await, 200);
    // The others take 40 s.
    let limit = Duration::from_secs(12);
    eventually_within(limit, "the other one's is read", async || {
        let message = world.rows.by_sid(&sid).await?;
        message.body.map(drop)
    })
    .await;
}
