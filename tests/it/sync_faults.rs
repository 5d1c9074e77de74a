//! Twilio's bad days delay an import, and do not change its result.

use serde_json::json;
use twilio_sim::{Fault, FaultPlan, FaultRule, FaultTarget::ListMessages};

use crate::support::World;

#[tokio::test]
async fn counts_and_contents_are_the_truth_over_every_fault_at_once() {
    let pages = vec![("TWILIO_PAGE_SIZE", "200".to_owned())];
    let world = World::with_direct_twilio(pages).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 4_000, |new| {
        new.unknown_status_share = 0.01;
        new.bad_date_share = 0.01;
        new.media_share = 0.0;
    });
    let retry_after = Fault::RateLimit {
        retry_after_s: Some(1),
    };
    let rate_limit = Fault::RateLimit {
        retry_after_s: None,
    };
    let latency = Fault::Latency {
        ms: 5,
        jitter_ms: 40,
    };
    let rules = vec![
        FaultRule::always(ListMessages, latency),
        // Longer than anybody waits: the client's own timeout ends it.
        FaultRule::next(1, ListMessages, Fault::Hang { ms: 60_000 }),
        FaultRule::sometimes(0.03, ListMessages, retry_after),
        FaultRule::sometimes(0.05, ListMessages, rate_limit),
        FaultRule::sometimes(0.05, ListMessages, Fault::ServerError { status: 500 }),
        FaultRule::sometimes(0.03, ListMessages, Fault::Hang { ms: 300 }),
        FaultRule::sometimes(0.05, ListMessages, Fault::Cut),
        FaultRule::sometimes(0.05, ListMessages, Fault::RepeatPage),
        // A false alarm.
        FaultRule::next(1, ListMessages, Fault::Unauthorized),
    ];
    world
        .simulator()
        .set_faults(FaultPlan { seed: 7, rules })
        .expect("faults");

    let run = world.sync(&admin, &organization).await;
    assert_eq!(run.count("new_count"), 4_000);
    assert_eq!(run.count("fetched"), 4_000);
    assert_eq!(run.count("skipped"), 0);
    world.assert_history(&organization, &history).await;
    world.assert_only_read();
    let fired = world.simulator().fired_faults_after(0);
    assert!(fired.len() > 50, "there were faults: {}", fired.len());

    world.simulator().clear_faults();
    let again = world.sync(&admin, &organization).await;
    assert_eq!(again.count("new_count"), 0);
    assert_eq!(again.count("skipped"), 4_000);
}

#[tokio::test]
async fn messages_that_arrive_meanwhile_double_and_hide_nothing() {
    let pages = vec![("TWILIO_PAGE_SIZE", "50".to_owned())];
    let world = World::with_direct_twilio(pages).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 600, |new| new.media_share = 0.0);
    let arrivals = Fault::Arrivals { count: 3 };
    world
        .simulator()
        .add_fault(FaultRule::sometimes(0.5, ListMessages, arrivals))
        .expect("a fault");
    world.sync(&admin, &organization).await;
    world.simulator().clear_faults();
    // What arrived before this run is complete after it.
    world.sync(&admin, &organization).await;
    let stored = world.stored_history(&organization).await;
    let live = world.simulator().messages(&organization.account.sid);
    assert!(!live.is_empty(), "some arrived");
    for sid in live
        .iter()
        .map(|message| message.sid.to_string())
        .chain(history.0.messages().map(|message| message.sid.to_string()))
    {
        assert!(stored.contains_key(&sid), "{sid} is missing");
    }
    assert_eq!(stored.len(), live.len() + 600);
}

#[tokio::test]
async fn wrong_credentials_fail_in_words_and_the_run_can_be_resumed() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 200, |new| new.media_share = 0.0);
    let mut refused = FaultRule::always(ListMessages, Fault::Unauthorized);
    refused.number = Some(organization.number.clone());
    world.simulator().add_fault(refused).expect("a fault");
    let body = json!({ "phone_number_id": organization.number_id });

    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "failed");
    let words = run.0["error"].as_str().expect("words");
    assert!(
        words.contains("401") && words.contains("credentials"),
        "{words}"
    );
    assert!(!words.contains(&organization.account.token));

    world.simulator().clear_faults();
    let path = "/api/twilio/resume-message-history-sync";
    let resumed = admin.post(path, &body).await.ok();
    assert_eq!(resumed["run_id"], run.0["run_id"]);
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "done", "{}", run.0);
    assert!(run.0["error"].is_null());
    world.assert_history(&organization, &history).await;
    assert_eq!(admin.post(path, &body).await.status, 409, "it is complete");
}

#[tokio::test]
async fn a_run_that_is_cancelled_stops_and_goes_on_when_resumed() {
    let pages = vec![("TWILIO_PAGE_SIZE", "20".to_owned())];
    let world = World::with_direct_twilio(pages).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 1_000, |new| new.media_share = 0.0);
    let slow = Fault::Latency {
        ms: 500,
        jitter_ms: 0,
    };
    world
        .simulator()
        .add_fault(FaultRule::always(ListMessages, slow))
        .expect("a fault");
    let body = json!({ "phone_number_id": organization.number_id });
    let start = admin.post("/api/twilio/sync-message-history", &body);
    let cancel = async {
        crate::support::eventually("some are in", async || {
            let run = world.sync_run(&admin, &organization).await?;
            (run.count("new_count") > 0).then_some(())
        })
        .await;
        let path = "/api/twilio/cancel-message-history-sync";
        admin.post(path, &body).await.ok()
    };
    let (reply, cancelled) = futures::join!(start, cancel);
    assert_eq!(reply.status, 409, "{}", reply.json);
    assert_eq!(cancelled["state"], "cancelled");
    let stored = world.stored_history(&organization).await.len();
    assert!(stored > 0 && stored < 1_000, "{stored}");

    world.simulator().clear_faults();
    let path = "/api/twilio/resume-message-history-sync";
    admin.post(path, &body).await.ok();
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "done");
    assert_eq!(run.count("new_count"), 1_000);
    world.assert_history(&organization, &history).await;
}
