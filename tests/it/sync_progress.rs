//! The page hears of an import often enough, not too often, and of its end last.

use serde_json::{Value, json};
use tokio::time::Instant;
use twilio_sim::{Fault, FaultRule, FaultTarget};

use crate::support::{Socket, World};

/// The documented limit, for each run.
const MOST_IN_A_SECOND: u64 = 5;
const PROGRESS: &str = "twilio.sms_sync.progress";

#[tokio::test]
async fn at_most_five_events_a_second_are_sent_and_done_only_after_all_files() {
    let pages = vec![("TWILIO_PAGE_SIZE", "50".to_owned())];
    let world = World::with_direct_twilio(pages).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 600, |new| new.media_share = 0.07);
    for (target, ms) in [(FaultTarget::ListMessages, 30), (FaultTarget::Cdn, 300)] {
        let slow = Fault::Latency { ms, jitter_ms: ms };
        let slow = FaultRule::always(target, slow);
        world.simulator().add_fault(slow).expect("a fault");
    }
    let mut socket = Socket::open(&admin).await;
    let body = json!({ "phone_number_id": organization.number_id });
    let began = Instant::now();
    let asking = admin
        .request("/api/twilio/sync-message-history", Some(&admin.server))
        .json(&body)
        .send();
    let asking = tokio::spawn(asking);
    let done = socket
        .wait_until(PROGRESS, |progress| progress["phase"] == "Done")
        .await;

    // At that moment everything is here.
    let pending = "SELECT count(*) FROM message_attachment WHERE state = 'pending'";
    assert_eq!(world.rows.count(pending).await, 0);
    let files = world.assert_files(&history).await;
    assert!(files > 50, "there are files: {files}");
    for counter in ["media_total", "media_downloaded"] {
        assert_eq!(done[counter], files, "{counter}");
    }
    assert_eq!(done["state"], "done");
    assert_eq!(done["new_count"], 600);

    let told: Vec<(Instant, &Value)> = socket
        .seen
        .iter()
        .zip(&socket.seen_at)
        .filter(|(event, _)| event["event_type"] == PROGRESS)
        .map(|(event, at)| (*at, &event["payload"]))
        .collect();
    assert!(told.len() > 10, "it was told of: {}", told.len());
    // All in all: after a pause of the machine several arrive at once.
    let took = told[told.len() - 1].0 - began;
    let most = MOST_IN_A_SECOND * (took.as_secs() + 1);
    assert!(told.len() as u64 <= most, "{} in {took:?}", told.len());
    let ends = told.iter().filter(|(_, told)| told["state"] != "running");
    assert_eq!(ends.count(), 1, "it ends once");
    let waits = |(_, told): &&(Instant, &Value)| {
        told["phase"] == "DownloadingMedia" && told["media_downloaded"] != told["media_total"]
    };
    assert!(told.iter().filter(waits).count() > 1, "files were told of");
    // Counters never go back.
    for counter in ["fetched", "new_count", "media_downloaded", "parts_done"] {
        let counts: Vec<u64> = told
            .iter()
            .filter_map(|(_, told)| told[counter].as_u64())
            .collect();
        assert!(counts.is_sorted(), "{counter}: {counts:?}");
    }
    asking.abort();
}
