//! The history of a number is imported as it is at Twilio, once, and only for whom it is.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use twilio_sim::{Fault, FaultRule, FaultTarget::ListMessages};

use crate::support::{Agent, MAIN_LINE, Socket, World, eventually};

fn small_pages() -> Vec<(&'static str, String)> {
    vec![("TWILIO_PAGE_SIZE", "100".to_owned())]
}

#[tokio::test]
async fn a_history_of_years_is_imported_as_it_is_and_a_second_run_finds_nothing_new() {
    let world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 2_500, |new| {
        new.unknown_status_share = 0.02;
        new.bad_date_share = 0.02;
        new.never_sent_share = 0.03;
        new.media_share = 0.0;
    });

    let run = world.sync(&admin, &organization).await;
    assert_eq!(run.count("new_count"), 2_500);
    assert_eq!(run.count("fetched"), 2_500);
    assert_eq!(run.count("skipped"), 0);
    assert!(run.count("parts_total") > 50, "it was split: {}", run.0);
    assert_eq!(run.count("parts_done"), run.count("parts_total"));
    assert_eq!(run.0["phase"], "Done");
    world.assert_history(&organization, &history).await;
    let sources = "SELECT count(*) FROM contact WHERE source <> 'sms_sync'";
    assert_eq!(world.rows.count(sources).await, 0);

    let again = world.sync(&admin, &organization).await;
    assert_ne!(again.0["run_id"], run.0["run_id"]);
    assert_eq!(again.count("new_count"), 0);
    assert_eq!(again.count("skipped"), 2_500, "each is counted once");
    world.assert_history(&organization, &history).await;
    world.assert_only_read();
}

#[tokio::test]
async fn with_one_part_pages_are_read_one_after_the_other() {
    let mut settings = small_pages();
    settings.push(("IMPORT_PAGES_AT_ONCE", "1".to_owned()));
    let world = World::with_direct_twilio(settings).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 1_500, |new| {
        new.bad_date_share = 0.02;
        new.never_sent_share = 0.1;
        new.media_share = 0.0;
    });
    let slow = Fault::Latency {
        ms: 100,
        jitter_ms: 0,
    };
    world
        .simulator()
        .add_fault(FaultRule::always(ListMessages, slow))
        .expect("a fault");
    let run = world.sync(&admin, &organization).await;
    assert_eq!(run.count("new_count"), 1_500);
    assert_eq!(run.count("parts_total"), 2, "one for each direction");
    world.assert_history(&organization, &history).await;
    let requests = world.simulator().requests_after(0);
    let lists: Vec<_> = requests
        .iter()
        .filter(|request| request.path.ends_with("/Messages.json"))
        .collect();
    assert!(lists.len() > 15, "{} pages", lists.len());
    for two in lists.windows(2) {
        let answered = two[0].at + TimeDelta::milliseconds(two[0].duration_ms.cast_signed());
        assert!(two[1].at >= answered, "no two at once: {two:?}");
    }
}

#[tokio::test]
async fn the_answer_tells_what_was_imported_and_the_page_hears_of_it_until_done() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world.history(&organization, 300, |new| new.media_share = 0.0);
    // So that it is told of before its end.
    let slow = Fault::Latency {
        ms: 500,
        jitter_ms: 0,
    };
    world
        .simulator()
        .add_fault(FaultRule::always(ListMessages, slow))
        .expect("a fault");
    let mut socket = Socket::open(&admin).await;
    let body = json!({ "phone_number_id": organization.number_id });

    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    // 202 after 20 s, on a slow machine.
    assert!([200, 202].contains(&reply.status), "{}", reply.json);
    let answer = reply.json;
    assert_eq!(answer["messages_are_in"], reply.status == 200);
    if reply.status == 200 {
        assert_eq!(answer["imported"], 300);
        assert_eq!(answer["skipped"], 0);
    }
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.0["run_id"], answer["run_id"]);
    assert_eq!(run.count("new_count"), 300);
    assert_eq!(run.count("skipped"), 0);

    let done = socket
        .wait_until("twilio.sms_sync.progress", |progress| {
            progress["phase"] == "Done"
        })
        .await;
    assert_eq!(done["state"], "done");
    assert_eq!(done["new_count"], 300);
    assert_eq!(done["phone_number_id"], organization.number_id.to_string());
    assert_eq!(done["run_id"], answer["run_id"]);
    let first = socket
        .seen
        .iter()
        .find(|event| event["event_type"] == "twilio.sms_sync.progress")
        .expect("progress");
    assert_eq!(first["payload"]["state"], "running");
}

#[tokio::test]
async fn one_who_does_not_want_to_wait_is_answered_at_once_and_one_who_joins_the_run_can_wait() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world.history(&organization, 300, |new| new.media_share = 0.0);
    let slow = Fault::Latency {
        ms: 1_000,
        jitter_ms: 0,
    };
    world
        .simulator()
        .add_fault(FaultRule::always(ListMessages, slow))
        .expect("a fault");
    let path = "/api/twilio/sync-message-history";

    let body = json!({ "phone_number_id": organization.number_id, "wait": false });
    let reply = admin.post(path, &body).await;
    assert_eq!(reply.status, 202, "{}", reply.json);
    assert_eq!(reply.json["messages_are_in"], false);
    assert_eq!(reply.json["imported"], 0);

    let body = json!({ "phone_number_id": organization.number_id });
    let joined = admin.post(path, &body).await;
    assert_eq!(joined.status, 200, "{}", joined.json);
    assert_eq!(joined.json["run_id"], reply.json["run_id"]);
    assert_eq!(joined.json["imported"], 300);
}

#[tokio::test]
async fn a_text_that_an_import_brought_before_its_event_is_unread_once_the_event_comes() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 20, |new| new.media_share = 0.0);
    let inbound = history
        .0
        .messages()
        .find(|message| message.from == message.customer)
        .expect("one is inbound");
    world.sync(&admin, &organization).await;
    let unread = "SELECT sum(unread_count)::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 0);

    let mut socket = Socket::open(&admin).await;
    let text = || {
        let mut text = world
            .text(&organization, "as it arrived")
            .about(inbound.sid.as_str());
        text.from = inbound.customer.clone();
        text
    };
    world.post(&[text()]).await;
    let told = socket.wait_for("messaging.message.new").await;
    assert_eq!(told["message"]["source"], "loquent");
    world.post(&[text()]).await;
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.count(unread).await, 1);
    assert_eq!(world.rows.messages().await.len(), 20);
}

#[tokio::test]
async fn a_message_that_arrived_live_stays_as_it_is() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 50, |new| new.media_share = 0.0);
    let inbound = history
        .0
        .messages()
        .find(|message| message.from == message.customer)
        .expect("one is inbound");
    let mut live = world
        .text(&organization, "as it arrived")
        .about(inbound.sid.as_str());
    live.from = inbound.customer.clone();
    world.post(&[live]).await;
    world.rows.all_events_processed().await;

    let run = world.sync(&admin, &organization).await;
    assert_eq!(run.count("new_count"), 49);
    assert_eq!(run.count("skipped"), 1);
    let stored = world
        .rows
        .by_sid(inbound.sid.as_str())
        .await
        .expect("it is there");
    assert_eq!(stored.body.as_deref(), Some("as it arrived"));
    assert_eq!(stored.source.as_deref(), Some("loquent"));
    let unread = "SELECT sum(unread_count)::bigint FROM conversation";
    assert_eq!(
        world.rows.count(unread).await,
        1,
        "only the live one is unread"
    );
}

#[tokio::test]
async fn a_since_date_takes_its_day_and_nothing_before_it() {
    let world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 1_000, |new| {
        new.media_share = 0.0;
        new.never_sent_share = 0.2;
    });
    // The day of a message in the middle, so that the border is inside the history.
    let middle = history.0.message(500).expect("it is there");
    let since = middle.date_created.date_naive();
    let body = json!({ "phone_number_id": organization.number_id, "since": since });
    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    // 202 after 20 s, on a slow machine.
    assert!([200, 202].contains(&reply.status), "{}", reply.json);
    world.sync_ended(&admin, &organization).await;

    let day = |at: i64| -> NaiveDate {
        chrono::DateTime::from_timestamp(at, 0)
            .expect("a time")
            .date_naive()
    };
    let stored = world.stored_history(&organization).await;
    for message in history.0.messages() {
        let at = message.date_sent.unwrap_or(message.date_created);
        let wanted = at.date_naive() >= since;
        let is_there = stored.contains_key(message.sid.as_str());
        assert_eq!(is_there, wanted, "since {since}: {message:?}");
    }
    assert!(
        stored
            .values()
            .any(|told| { told["created_at"].as_i64().map(day) == Some(since) })
    );
    let never_sent = stored.values().filter(|told| told["sent_at"].is_null());
    assert!(
        never_sent.count() > 20,
        "also those without a date of sending"
    );

    let tomorrow = chrono::Utc::now().date_naive() + chrono::Days::new(2);
    let body = json!({ "phone_number_id": organization.number_id, "since": tomorrow });
    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn two_imports_of_a_number_at_once_are_one_run() {
    let world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 500, |new| new.media_share = 0.0);
    let body = json!({ "phone_number_id": organization.number_id });
    let start = async || {
        let reply = admin.post("/api/twilio/sync-message-history", &body).await;
        // 202 after 20 s, on a slow machine.
        assert!([200, 202].contains(&reply.status), "{}", reply.json);
        reply.json
    };
    let (first, second) = futures::join!(start(), start());
    assert_eq!(first["run_id"], second["run_id"]);
    world.sync_ended(&admin, &organization).await;
    assert_eq!(
        world.rows.count("SELECT count(*) FROM sms_sync_run").await,
        1
    );
    world.assert_history(&organization, &history).await;
}

#[tokio::test]
async fn organizations_that_share_a_customer_do_not_mix_and_others_get_404_and_agents_403() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let ours = world.organization().await;
    let theirs = world.other_organization("+14155550187").await;
    let our_history = world.history(&ours, 400, |new| new.media_share = 0.0);
    // The same customers: they do not depend on seed or account.
    let their_history = world.history(&theirs, 300, |new| new.media_share = 0.0);
    let (our_admin, their_admin) = (world.admin(&ours).await, world.admin(&theirs).await);
    futures::join!(
        world.sync(&our_admin, &ours),
        world.sync(&their_admin, &theirs)
    );
    world.assert_history(&ours, &our_history).await;
    world.assert_history(&theirs, &their_history).await;
    let mixed = "SELECT count(*) FROM message m JOIN contact c ON c.id = m.contact_id
                 WHERE c.organization_id <> m.organization_id";
    assert_eq!(world.rows.count(mixed).await, 0);

    let body = json!({ "phone_number_id": ours.number_id });
    let agent = world.agent(&ours).await;
    let stranger = Agent::signed_out(&world.server.url);
    for path in [
        "/api/twilio/sync-message-history",
        "/api/twilio/cancel-message-history-sync",
        "/api/twilio/resume-message-history-sync",
    ] {
        assert_eq!(their_admin.post(path, &body).await.status, 404, "{path}");
        assert_eq!(agent.post(path, &body).await.status, 403, "{path}");
        assert_eq!(stranger.post(path, &body).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn texts_between_two_numbers_of_an_account_are_imported_once_for_each_end() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let second = "+14155550187";
    let number = json!({ "account_sid": organization.account.sid, "phone_number": second });
    let number = serde_json::from_value(number).expect("a number");
    world
        .simulator()
        .add_phone_number(number)
        .expect("it is free");
    let text = json!({ "account_sid": organization.account.sid, "from": MAIN_LINE, "to": second, "body": "Hi" });
    let text = serde_json::from_value(text).expect("a message");
    world.simulator().send_externally(text).expect("it is sent");
    eventually("it has two halves", async || {
        let messages = world.simulator().messages(&organization.account.sid);
        (messages.len() == 2).then_some(())
    })
    .await;
    let run = world.sync(&admin, &organization).await;
    assert_eq!(
        run.count("new_count"),
        1,
        "the other half is the other number's"
    );
    let stored = world.stored_history(&organization).await;
    assert!(stored.values().all(|told| told["direction"] == "outbound"));
}
