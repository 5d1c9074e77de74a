//! An import outlives kill -9 at any point.

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;
use twilio_sim::{Fault, FaultRule, FaultTarget};

use crate::support::{World, eventually_within};

const MESSAGES: u64 = 4_000;
const KILLS: usize = 20;
const LIMIT: std::time::Duration = std::time::Duration::from_secs(120);

/// Messages and files that are there.
const PROGRESS: &str = "SELECT (SELECT count(*) FROM message)
                             + (SELECT count(*) FROM message_attachment WHERE state = 'stored')";

#[tokio::test]
async fn a_server_that_is_killed_at_twenty_random_points_doubles_and_loses_nothing() {
    let seed = std::env::var("SYNC_KILL_SEED").ok();
    let seed = seed.map_or_else(rand::random, |seed| seed.parse().expect("a number"));
    println!("SYNC_KILL_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);

    let pages = vec![("TWILIO_PAGE_SIZE", "20".to_owned())];
    let mut world = World::with_direct_twilio(pages).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, |new| {
        new.never_sent_share = 0.02;
        new.media_share = 0.05;
    });
    for (target, ms) in [(FaultTarget::ListMessages, 60), (FaultTarget::Cdn, 20)] {
        let slow = Fault::Latency { ms, jitter_ms: ms };
        let slow = FaultRule::always(target, slow);
        world.simulator().add_fault(slow).expect("a fault");
    }
    let files: u64 = history.0.messages().map(|one| one.media.len() as u64).sum();
    assert!(files > 200, "there are files: {files}");
    let all = MESSAGES + files;
    let mut points: Vec<u64> = (0..KILLS).map(|_| random.random_range(0..all)).collect();
    points.sort_unstable();

    let body = json!({ "phone_number_id": organization.number_id });
    let asking = admin
        .request("/api/twilio/sync-message-history", Some(&admin.server))
        .json(&body)
        .send();
    let asking = tokio::spawn(asking);
    eventually_within(LIMIT, "there is a run", async || {
        let runs = world.rows.count("SELECT count(*) FROM sms_sync_run").await;
        (runs == 1).then_some(())
    })
    .await;
    let mut in_the_middle = 0;
    for point in points {
        let point = i64::try_from(point).expect("small");
        eventually_within(LIMIT, "it gets to the next point", async || {
            (world.rows.count(PROGRESS).await >= point).then_some(())
        })
        .await;
        // Somewhere in the next pages.
        let further = random.random_range(0..60);
        tokio::time::sleep(std::time::Duration::from_millis(further)).await;
        world.server.kill();
        let running = "SELECT count(*) FROM sms_sync_run WHERE state = 'running'";
        in_the_middle += world.rows.count(running).await;
        let wrong =
            "SELECT count(*) FROM sms_sync_run WHERE new_count <> (SELECT count(*) FROM message)
                         OR media_downloaded <> (SELECT count(*) FROM message_attachment
                                                 WHERE state = 'stored')";
        assert_eq!(world.rows.count(wrong).await, 0, "counted with the rows");
        // What the leases of the dead server would do in 15 and 40 s.
        for over in [
            "UPDATE sms_sync_run SET lease_until = now()",
            "UPDATE message_attachment SET next_try_at = now()",
        ] {
            world.rows.execute(over).await;
        }
        world.server.start_again().await;
    }
    asking.abort();
    assert!(
        in_the_middle > KILLS as i64 / 2,
        "it was killed {in_the_middle} times in the middle"
    );

    world.simulator().clear_faults();
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "done", "{}", run.0);
    assert_eq!(run.count("new_count"), MESSAGES);
    assert_eq!(run.count("fetched"), MESSAGES);
    world.assert_history(&organization, &history).await;
    assert_eq!(world.assert_files(&history).await, files);
    assert_eq!(run.count("media_downloaded"), files);
    world.assert_only_read();
}
