//! Everything that can go wrong with Twilio at once does not change the result of a large import.

use std::collections::BTreeSet;

use twilio_sim::{Fault, FaultPlan, FaultRule, FaultTarget};

use crate::support::{History, World};

const MESSAGES: u64 = 20_000;

#[tokio::test]
async fn twenty_thousand_messages_and_their_files_are_the_truth_over_every_fault_at_once() {
    let pages = vec![("TWILIO_PAGE_SIZE", "250".to_owned())];
    let world = World::with_direct_twilio(pages).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, |new| {
        new.contacts = Some(2_000);
        new.unknown_status_share = 0.01;
        new.bad_date_share = 0.01;
        new.never_sent_share = 0.01;
        // A few hundred files.
        new.media_share = 0.005;
    });
    assert_has_everything(&history);
    let kinds: BTreeSet<&str> = rules().iter().map(|rule| rule.fault.name()).collect();
    let plan = FaultPlan {
        seed: 20,
        rules: rules(),
    };
    world.simulator().set_faults(plan).expect("faults");

    let run = world.sync(&admin, &organization).await;
    world.assert_history(&organization, &history).await;
    let files = world.assert_files(&history).await;
    world.assert_only_read();
    let stored = world.stored_history(&organization).await.len() as u64;
    assert!(stored > MESSAGES, "some arrived meanwhile");
    assert_eq!(run.count("new_count"), stored, "{}", run.0);
    assert_eq!(run.count("fetched"), stored, "{}", run.0);
    assert_eq!(run.count("skipped"), 0, "{}", run.0);
    for counter in ["media_total", "media_downloaded"] {
        assert_eq!(run.count(counter), files, "{counter}");
    }
    assert_eq!(run.count("media_failed"), 0);
    let fired = world.simulator().fired_faults_after(0);
    let fired: BTreeSet<&str> = fired.iter().map(|fault| fault.kind).collect();
    assert_eq!(fired, kinds, "each happened");

    // What arrived before this run is complete after it, and nothing else is new.
    world.simulator().clear_faults();
    let again = world.sync(&admin, &organization).await;
    world.assert_history(&organization, &history).await;
    let live = world.simulator().messages(&organization.account.sid);
    let after = world.stored_history(&organization).await;
    for message in &live {
        assert!(after.contains_key(message.sid.as_str()), "{message:?}");
    }
    assert_eq!(after.len() as u64, MESSAGES + live.len() as u64);
    assert_eq!(again.count("new_count"), after.len() as u64 - stored);
    assert_eq!(again.count("skipped"), stored, "each is counted once");
}

/// The odd ones that must not be missing in such a test.
fn assert_has_everything(history: &History) {
    let has = |what: &str, is_it: &dyn Fn(&twilio_sim::GeneratedMessage) -> bool| {
        assert!(
            history.0.messages().any(|message| is_it(&message)),
            "{what}"
        );
    };
    has("10 files", &|message| message.num_media == 10);
    has("no body", &|message| message.body.is_none());
    has("an empty body", &|message| {
        message.body.as_deref() == Some("")
    });
    has("an emoji", &|message| {
        let body = message.body.as_deref().unwrap_or_default();
        body.chars().any(|letter| u32::from(letter) >= 0x1_f300)
    });
    has("an unknown status", &|message| message.status == "archived");
    has("a bad date", &|message| message.shown_dates.is_some());
    has("never sent", &|message| message.date_sent.is_none());
    has("a failure", &|message| message.error_code.is_some());
    has("received", &|message| message.from == message.customer);
    has("sent", &|message| message.to == message.customer);
}

fn rules() -> Vec<FaultRule> {
    use FaultTarget::{Cdn, ListMedia, ListMessages, MediaBytes};

    let rate_limit = |retry_after_s| Fault::RateLimit { retry_after_s };
    let hang = |ms| Fault::Hang { ms };
    let failure = Fault::ServerError { status: 500 };
    let latency = |jitter_ms| Fault::Latency { ms: 5, jitter_ms };
    vec![
        FaultRule::always(ListMessages, latency(40)),
        // Longer than anybody waits: the client's own timeout ends it.
        FaultRule::next(2, ListMessages, hang(60_000)),
        FaultRule::sometimes(0.02, ListMessages, rate_limit(Some(1))),
        FaultRule::sometimes(0.04, ListMessages, rate_limit(None)),
        FaultRule::sometimes(0.04, ListMessages, failure),
        FaultRule::sometimes(0.03, ListMessages, hang(300)),
        FaultRule::sometimes(0.04, ListMessages, Fault::Cut),
        FaultRule::sometimes(0.05, ListMessages, Fault::RepeatPage),
        FaultRule::sometimes(0.1, ListMessages, Fault::Arrivals { count: 2 }),
        // A false alarm.
        FaultRule::next(1, ListMessages, Fault::Unauthorized),
        // Files: few enough that none of them has bad luck at every try.
        FaultRule::next(6, ListMedia, failure),
        FaultRule {
            first_per_path: Some(1),
            ..FaultRule::sometimes(0.1, MediaBytes, Fault::NotFound)
        },
        FaultRule::next(4, MediaBytes, rate_limit(Some(1))),
        FaultRule::always(Cdn, latency(20)),
        FaultRule::next(6, Cdn, Fault::Cut),
        FaultRule::next(6, Cdn, failure),
        FaultRule::next(4, Cdn, Fault::WrongType),
        FaultRule::next(4, Cdn, hang(300)),
    ]
}
