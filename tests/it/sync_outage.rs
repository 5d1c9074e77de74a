//! An import outlives its database's restarts.

use std::time::Duration;

use serde_json::json;
use twilio_sim::{Fault, FaultRule, FaultTarget};

use crate::support::{Cluster, TestDatabase, World, eventually_within};

const MESSAGES: u64 = 3_000;
const LIMIT: Duration = Duration::from_secs(120);

#[tokio::test]
async fn an_import_goes_on_by_itself_when_postgres_is_back() {
    let mut cluster = Cluster::start();
    let database = TestDatabase::create_in(&cluster.url).await;
    let pages = vec![("TWILIO_PAGE_SIZE", "20".to_owned())];
    let world = World::with_direct_twilio_on(database, pages).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, |new| new.media_share = 0.02);
    let slow = Fault::Latency {
        ms: 60,
        jitter_ms: 60,
    };
    let slow = FaultRule::always(FaultTarget::ListMessages, slow);
    world.simulator().add_fault(slow).expect("a fault");
    let body = json!({ "phone_number_id": organization.number_id });
    let asking = admin
        .request("/api/twilio/sync-message-history", Some(&admin.server))
        .json(&body)
        .send();
    let asking = tokio::spawn(asking);

    // At once, and after longer than a connection is waited for.
    for (point, away) in [(500, Duration::ZERO), (1_500, Duration::from_secs(4))] {
        eventually_within(LIMIT, "more messages are in", async || {
            let stored = world.rows.count("SELECT count(*) FROM message").await;
            (stored > point).then_some(())
        })
        .await;
        cluster.stop().await;
        tokio::time::sleep(away).await;
        cluster.start_again();
        eventually_within(LIMIT, "the server has its database again", async || {
            let ready = reqwest::get(format!("{}/readyz", world.server.url)).await;
            ready.ok()?.status().is_success().then_some(())
        })
        .await;
        let ended = "SELECT count(*) FROM sms_sync_run WHERE state <> 'running'";
        assert_eq!(world.rows.count(ended).await, 0, "it was in the middle");
    }
    asking.abort();
    world.simulator().clear_faults();
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "done", "{}", run.0);
    assert_eq!(run.count("new_count"), MESSAGES);
    world.assert_history(&organization, &history).await;
    let files = world.assert_files(&history).await;
    assert_eq!(run.count("media_downloaded"), files);
}
