//! The edges of an import: where its days end, whom it makes wait, and what goes with whom.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use tokio::time::Instant;
use twilio_sim::{Fault, FaultRule, FaultTarget::ListMessages, NewHistory};

use crate::support::{Organization, World};

fn small_pages() -> Vec<(&'static str, String)> {
    vec![("TWILIO_PAGE_SIZE", "100".to_owned())]
}

#[tokio::test]
async fn a_since_date_begins_with_the_first_second_of_its_day_in_gmt() {
    let world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let at = |text: &str| -> DateTime<Utc> { text.parse().expect("a time") };
    let midnight = at("2024-03-11T00:00:00Z");
    // A message in every second, ten minutes around midnight.
    let history = world.history(&organization, 1_200, |new| {
        // One in which some are sent on the day after the one that they were made on.
        new.seed = 1;
        new.from = Some(at("2024-03-10T23:50:00Z"));
        new.to = Some(at("2024-03-11T00:10:00Z"));
        new.never_sent_share = 0.1;
        new.media_share = 0.0;
    });
    let created_at = |second: i64| {
        let wanted = midnight.timestamp() + second;
        let mut messages = history.0.messages();
        messages.any(|message| message.date_created.timestamp() == wanted)
    };
    assert!(created_at(-1) && created_at(0), "one on each side");
    let sent_after = history.0.messages().filter(|message| {
        message.date_created < midnight && message.date_sent.is_some_and(|sent| sent >= midnight)
    });
    assert!(sent_after.count() > 0, "one is sent on the day after");

    let since: NaiveDate = midnight.date_naive();
    let body = json!({ "phone_number_id": organization.number_id, "since": since });
    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    // 202 after 20 s, on a slow machine.
    assert!([200, 202].contains(&reply.status), "{}", reply.json);
    let run = world.sync_ended(&admin, &organization).await;
    let stored = world.stored_history(&organization).await;
    let mut wanted = 0;
    for message in history.0.messages() {
        let is_wanted = message.date_sent.unwrap_or(message.date_created) >= midnight;
        wanted += u64::from(is_wanted);
        let is_there = stored.contains_key(message.sid.as_str());
        assert_eq!(is_there, is_wanted, "{message:?}");
    }
    assert_eq!(run.count("new_count"), wanted);
    assert_eq!(stored.len() as u64, wanted);

    let again = admin.post("/api/twilio/sync-message-history", &body).await;
    assert!([200, 202].contains(&again.status), "{}", again.json);
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.0["run_id"], again.json["run_id"]);
    assert_eq!(run.count("new_count"), 0);
    assert_eq!(run.count("skipped"), wanted, "each is counted once");
}

#[tokio::test]
async fn one_whose_import_takes_long_is_answered_after_twenty_seconds_and_it_goes_on() {
    let world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 2_000, |new| new.media_share = 0.0);
    let slow = Fault::Latency {
        ms: 5_000,
        jitter_ms: 0,
    };
    world
        .simulator()
        .add_fault(FaultRule::always(ListMessages, slow))
        .expect("a fault");
    let body = json!({ "phone_number_id": organization.number_id });
    let asked = Instant::now();
    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    let waited = asked.elapsed();
    assert_eq!(reply.status, 202, "{}", reply.json);
    assert_eq!(reply.json["messages_are_in"], false);
    assert!(waited >= Duration::from_secs(20), "after {waited:?}");
    assert!(waited < Duration::from_secs(30), "after {waited:?}");

    world.simulator().clear_faults();
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.0["run_id"], reply.json["run_id"]);
    assert_eq!(run.state(), "done", "{}", run.0);
    world.assert_history(&organization, &history).await;
}

const CONTACTS: &str = "SELECT count(*) FROM contact WHERE organization_id = $1";
const CONVERSATIONS: &str = "SELECT count(*) FROM conversation WHERE organization_id = $1";
const COUNTS: [&str; 5] = [
    CONTACTS,
    CONVERSATIONS,
    "SELECT count(*) FROM message WHERE organization_id = $1",
    "SELECT count(*) FROM message_event WHERE organization_id = $1",
    "SELECT count(*) FROM message_attachment WHERE organization_id = $1",
];

async fn count_of(world: &World, count: &'static str, organization: &Organization) -> i64 {
    sqlx::query_scalar(count)
        .bind(organization.id.0)
        .fetch_one(&world.rows.0)
        .await
        .expect("a count")
}

#[tokio::test]
async fn what_is_deleted_takes_all_that_is_its_own_with_it_and_nothing_else() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let ours = world.organization().await;
    let theirs = world.other_organization("+14155550187").await;
    let many_files = |new: &mut NewHistory| {
        new.contacts = Some(5);
        new.media_share = 0.2;
    };
    world.history(&ours, 60, many_files);
    let their_history = world.history(&theirs, 40, many_files);
    let (our_admin, their_admin) = (world.admin(&ours).await, world.admin(&theirs).await);
    world.sync(&our_admin, &ours).await;
    world.sync(&their_admin, &theirs).await;
    for count in COUNTS {
        assert!(count_of(&world, count, &ours).await > 0, "{count}");
    }

    sqlx::query(
        "DELETE FROM contact WHERE id = (
             SELECT m.contact_id FROM message m JOIN message_attachment a ON a.message_id = m.id
             WHERE m.organization_id = $1 LIMIT 1)",
    )
    .bind(ours.id.0)
    .execute(&world.rows.0)
    .await
    .expect("a contact is deleted");
    assert_eq!(count_of(&world, CONTACTS, &ours).await, 4);
    assert_eq!(count_of(&world, CONVERSATIONS, &ours).await, 4);
    for orphans in [
        "SELECT count(*) FROM message_event e LEFT JOIN message m ON m.id = e.message_id WHERE m.id IS NULL",
        "SELECT count(*) FROM message_attachment a LEFT JOIN message m ON m.id = a.message_id WHERE m.id IS NULL",
        "SELECT count(*) FROM message m LEFT JOIN contact c ON c.id = m.contact_id WHERE c.id IS NULL",
    ] {
        assert_eq!(world.rows.count(orphans).await, 0, "{orphans}");
    }

    sqlx::query("DELETE FROM organization WHERE id = $1")
        .bind(ours.id.0)
        .execute(&world.rows.0)
        .await
        .expect("the organization is deleted");
    for count in COUNTS {
        assert_eq!(count_of(&world, count, &ours).await, 0, "{count}");
    }
    world.assert_history(&theirs, &their_history).await;
}
