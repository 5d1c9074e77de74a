//! An import outlives whoever works on it.

use serde_json::json;
use twilio_sim::{Fault, FaultRule, FaultTarget::ListMessages};

use crate::support::{Agent, Organization, World, eventually_within};

const MESSAGES: u64 = 3_000;
const LIMIT: std::time::Duration = std::time::Duration::from_secs(60);

fn slow_twilio(world: &World) {
    let slow = Fault::Latency {
        ms: 60,
        jitter_ms: 60,
    };
    world
        .simulator()
        .add_fault(FaultRule::always(ListMessages, slow))
        .expect("a fault");
}

fn small_pages() -> Vec<(&'static str, String)> {
    vec![("TWILIO_PAGE_SIZE", "20".to_owned())]
}

/// Asks for a sync and does not wait for its answer.
async fn begin(world: &World, admin: &Agent, organization: &Organization) {
    let body = json!({ "phone_number_id": organization.number_id });
    let (admin, path) = (admin.clone(), "/api/twilio/sync-message-history");
    let asking = tokio::spawn(async move {
        admin
            .request(path, Some(&admin.server))
            .json(&body)
            .send()
            .await
    });
    stored_more_than(world, 0).await;
    asking.abort();
}

async fn stored_more_than(world: &World, count: i64) {
    eventually_within(LIMIT, "more messages are in", async || {
        let stored = world.rows.count("SELECT count(*) FROM message").await;
        (stored > count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_killed_again_and_again_doubles_and_loses_nothing() {
    let mut world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, |new| new.media_share = 0.0);
    slow_twilio(&world);
    begin(&world, &admin, &organization).await;
    for round in 1..=3 {
        stored_more_than(&world, round * 500).await;
        world.server.kill();
        // What the lease of the dead server would do in 15 s.
        world
            .rows
            .execute("UPDATE sms_sync_run SET lease_until = now()")
            .await;
        let before = world.rows.count("SELECT count(*) FROM message").await;
        let counted = "SELECT new_count FROM sms_sync_run";
        assert_eq!(
            world.rows.count(counted).await,
            before,
            "counted with the rows"
        );
        world.server.start_again().await;
    }
    world.simulator().clear_faults();
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "done", "{}", run.0);
    assert_eq!(run.count("new_count"), MESSAGES);
    assert_eq!(run.count("fetched"), MESSAGES);
    world.assert_history(&organization, &history).await;
}

#[tokio::test]
async fn another_node_takes_over_when_the_lease_of_a_dead_one_runs_out() {
    let mut world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, |new| new.media_share = 0.0);
    slow_twilio(&world);
    begin(&world, &admin, &organization).await;
    world.server.kill();
    let second = world.second_server(small_pages()).await;
    let admin = admin.at(&second.url);
    world.simulator().clear_faults();
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "done", "{}", run.0);
    assert_eq!(run.count("new_count"), MESSAGES);
    world.assert_history(&organization, &history).await;
}

#[tokio::test]
async fn a_server_that_is_asked_to_stop_stops_at_once_and_goes_on_after_the_restart() {
    let mut world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, |new| new.media_share = 0.0);
    slow_twilio(&world);
    begin(&world, &admin, &organization).await;
    world.server.ask_to_stop();
    assert!(world.server.ended_well().await);
    let free = "SELECT count(*) FROM sms_sync_run WHERE state = 'running' AND lease_owner IS NULL";
    assert_eq!(world.rows.count(free).await, 1, "anybody can go on at once");
    let before = world.rows.count("SELECT count(*) FROM message").await;
    assert!(
        before < i64::try_from(MESSAGES).expect("small"),
        "it was in the middle"
    );
    world.simulator().clear_faults();
    world.server.start_again().await;
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.count("new_count"), MESSAGES);
    world.assert_history(&organization, &history).await;
}
