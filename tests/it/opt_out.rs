//! Who has opted out is not texted, whatever tells us of it, and in whatever order.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use loquent::mods::contact::{
    services::{OptOutChange, record_opt_outs_service},
    types::{OptOutEvidence, OptOutKeyword},
};
use serde_json::json;
use twilio_sim::ArmOutcome;

use crate::{
    reconciliation::reconcile,
    sending::{id_of, send, wait_for_status},
    support::{CUSTOMER, Fault, MAIN_LINE, Organization, TwilioEvent, World, eventually, new_sid},
};

async fn opted_out_at(world: &World) -> Option<DateTime<Utc>> {
    sqlx::query_scalar("SELECT opted_out_at FROM contact WHERE phone = $1")
        .bind(CUSTOMER)
        .fetch_one(&world.rows.0)
        .await
        .expect("the contact")
}

/// Whether it counted, kind and word, oldest first.
async fn evidence(world: &World) -> Vec<(bool, String, String)> {
    sqlx::query_as("SELECT opted_out, evidence, word FROM contact_opt_out ORDER BY occurred_at, id")
        .fetch_all(&world.rows.0)
        .await
        .expect("evidence")
}

async fn say(world: &World, organization: &Organization, body: &str, at: DateTime<Utc>) {
    world.post(&[world.text(organization, body).at(at)]).await;
    world.rows.all_events_processed().await;
}

#[tokio::test]
async fn twilios_words_count_alone_and_in_any_case() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let begin = Utc::now() - TimeDelta::hours(1);
    let mut minute = 0;
    let mut next = || {
        minute += 1;
        begin + TimeDelta::minutes(minute)
    };
    for body in ["Please stop the leak", "stop.", "HELP", "yes"] {
        say(&world, &organization, body, next()).await;
        assert_eq!(opted_out_at(&world).await, None, "{body}");
    }
    for (stop, start) in [
        ("STOP", "START"),
        ("revoke", " Yes "),
        ("OptOut", "unstop"),
        (" stopall\n", "start"),
    ] {
        let at = next();
        say(&world, &organization, stop, at).await;
        let stored = opted_out_at(&world).await.expect("opted out");
        assert_eq!(stored.timestamp_millis(), at.timestamp_millis(), "{stop}");
        let refused = send(&agent, &organization, CUSTOMER, "Hello?").await;
        assert_eq!(refused.status, 409, "{stop}");
        say(&world, &organization, start, next()).await;
        assert_eq!(opted_out_at(&world).await, None, "{start}");
    }
    let evidence = evidence(&world).await;
    assert_eq!(evidence.len(), 8, "{evidence:?}");
    assert_eq!(
        evidence[2],
        (true, "keyword".to_owned(), "REVOKE".to_owned())
    );
    let known = "SELECT count(*) FROM contact_opt_out o JOIN message m
         ON m.id = o.message_id AND m.external_id = o.message_sid";
    assert_eq!(world.rows.count(known).await, 8, "each names its message");
}

#[tokio::test]
async fn what_twilio_says_of_a_text_counts_before_the_text() {
    let world = World::start().await;
    let organization = world.organization().await;
    let mut word = world.text(&organization, "ARRET").json();
    word["data"]["optOutType"] = json!("STOP");
    assert_eq!(
        world.account.post(&world.server.url, &json!([word])).await,
        200
    );
    world.rows.all_events_processed().await;
    assert!(opted_out_at(&world).await.is_some());
    assert_eq!(
        evidence(&world).await,
        [(true, "opt_out_type".to_owned(), "STOP".to_owned())]
    );
    let mut help = world.text(&organization, "START").json();
    help["data"]["optOutType"] = json!("HELP");
    assert_eq!(
        world.account.post(&world.server.url, &json!([help])).await,
        200
    );
    world.rows.all_events_processed().await;
    assert!(
        opted_out_at(&world).await.is_some(),
        "to Twilio it was no START"
    );
}

#[tokio::test]
async fn what_comes_late_does_not_undo_what_is_newer() {
    let world = World::start().await;
    let organization = world.organization().await;
    let at = |minute: i64| Utc::now() - TimeDelta::minutes(60 - minute);
    say(&world, &organization, "STOP", at(10)).await;
    say(&world, &organization, "START", at(5)).await;
    assert!(
        opted_out_at(&world).await.is_some(),
        "START was before STOP"
    );
    say(&world, &organization, "START", at(20)).await;
    assert_eq!(opted_out_at(&world).await, None);
    say(&world, &organization, "STOP", at(15)).await;
    assert_eq!(opted_out_at(&world).await, None, "STOP was before START");
    let same = at(30);
    say(&world, &organization, "STOP", same).await;
    say(&world, &organization, "START", same).await;
    assert!(
        opted_out_at(&world).await.is_some(),
        "in doubt nobody is texted"
    );
}

#[tokio::test]
async fn twilios_refusal_says_that_the_customer_has_opted_out() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let refuse: ArmOutcome = serde_json::from_value(json!({
        "create_error": { "status": 400, "code": 21610, "message": "unsubscribed recipient" },
    }))
    .expect("an outcome");
    world.simulator().arm_outcome(refuse).expect("it is armed");
    let id = id_of(&send(&agent, &organization, CUSTOMER, "Hello").await.ok());
    wait_for_status(&world, &id, "failed").await;
    assert!(opted_out_at(&world).await.is_some());
    assert_eq!(
        evidence(&world).await,
        [(true, "error_code".to_owned(), "21610".to_owned())]
    );
    assert_eq!(
        send(&agent, &organization, CUSTOMER, "Again").await.status,
        409
    );

    world
        .rows
        .execute("UPDATE contact SET opted_out_at = NULL, opt_out_changed_at = NULL")
        .await;
    let mut failed = TwilioEvent::status(
        &world.account.sid,
        &new_sid(),
        MAIN_LINE,
        CUSTOMER,
        "failed",
    );
    failed.error_code = Some(21610);
    world.post(&[failed]).await;
    world.rows.all_events_processed().await;
    assert!(
        opted_out_at(&world).await.is_some(),
        "also at the end of its way"
    );
}

#[tokio::test]
async fn a_stop_that_is_read_from_twilios_list_counts_if_it_is_the_newest() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let said = |body: &str, hours: i64| {
        let at = Utc::now() - TimeDelta::hours(hours);
        let message = json!([{
            "account_sid": world.account.sid, "direction": "inbound", "from": CUSTOMER,
            "to": MAIN_LINE, "status": "received", "date_created": at, "body": body,
        }]);
        let message = serde_json::from_value(message).expect("a message");
        world
            .simulator()
            .load_messages(message)
            .expect("it is loaded");
    };
    said("STOP", 40);
    said("START", 39);
    said("What time?", 38);
    world.sync(&admin, &organization).await;
    assert_eq!(opted_out_at(&world).await, None);
    said("Unsubscribe", 30);
    reconcile(&admin, &organization).await;
    let at = opted_out_at(&world).await.expect("opted out");
    assert!(at < Utc::now() - TimeDelta::hours(29), "when they said it");
    assert_eq!(
        send(&admin, &organization, CUSTOMER, "Hello").await.status,
        409
    );
}

#[tokio::test]
async fn a_text_that_waits_and_one_that_failed_are_not_sent_after_a_stop() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let outcome = json!({ "status": "undelivered", "error_code": 30003 });
    let outcome = serde_json::from_value(outcome).expect("an outcome");
    world.simulator().arm_outcome(outcome).expect("it is armed");
    let failed = id_of(&send(&agent, &organization, CUSTOMER, "First").await.ok());
    wait_for_status(&world, &failed, "undelivered").await;
    let limit = Fault::Answer(StatusCode::TOO_MANY_REQUESTS, Some(4));
    world.front().on_create(limit);
    let waits = id_of(&send(&agent, &organization, CUSTOMER, "Second").await.ok());
    eventually("Twilio has put it off", async || {
        (world.front().calls().creates == 2).then_some(())
    })
    .await;
    say(&world, &organization, "STOP", Utc::now()).await;
    assert!(opted_out_at(&world).await.is_some());

    wait_for_status(&world, &waits, "failed").await;
    let retry = format!("/api/messages/{failed}/retry");
    assert_eq!(agent.post(&retry, &json!({})).await.status, 409);
    assert_eq!(world.front().calls().creates, 2);
    assert_eq!(
        world.rows.by_id(&failed).await.map(|one| one.attempt),
        Some(1)
    );
}

#[tokio::test]
async fn an_older_word_that_is_told_at_the_same_time_does_not_stand() {
    let world = World::start().await;
    let organization = world.organization().await;
    say(
        &world,
        &organization,
        "Hello",
        Utc::now() - TimeDelta::days(2),
    )
    .await;
    // Somebody tells of a newer START, and has not committed yet.
    let mut newer = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("UPDATE contact SET opt_out_changed_at = now()")
        .execute(&mut *newer)
        .await
        .expect("it is changed");
    let change = OptOutChange {
        organization_id: organization.id,
        phone: CUSTOMER.to_owned(),
        sender: MAIN_LINE.to_owned(),
        at: Utc::now() - TimeDelta::days(1),
        keyword: OptOutKeyword::Stop,
        evidence: OptOutEvidence::Keyword("STOP".to_owned()),
        message_sid: None,
        message_id: None,
    };
    let changes = [change];
    let older = record_opt_outs_service(&world.db, &changes);
    let commit = async {
        eventually("it waits for the newer one", async || {
            let waiting = "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
            (world.rows.count(waiting).await > 0).then_some(())
        })
        .await;
        newer.commit().await.expect("a commit");
    };
    let (older, ()) = futures::join!(older, commit);
    older.expect("it is recorded");
    assert_eq!(opted_out_at(&world).await, None);
}

#[tokio::test]
async fn one_stop_closes_all_numbers_and_a_start_opens_only_its_own() {
    const SECOND_LINE: &str = "+14155550187";
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let second = uuid::Uuid::now_v7();
    sqlx::query(
        "INSERT INTO phone_number
             (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
         VALUES ($1, $2, $3, 'PN2', $4, 'Dispatch')",
    )
    .bind(second)
    .bind(organization.id.0)
    .bind(&world.account.sid)
    .bind(SECOND_LINE)
    .execute(&world.rows.0)
    .await
    .expect("a second number");
    let mut minute = 0;
    let mut word = async |to: &str, body: &str| {
        minute += 1;
        let at = Utc::now() - TimeDelta::minutes(60 - minute);
        let event = TwilioEvent::inbound(&world.account.sid, CUSTOMER, to, body).at(at);
        world.post(&[event]).await;
        world.rows.all_events_processed().await;
    };
    // Whether it may be texted from the main line, and from the second one.
    let open = async || {
        let mut open = Vec::new();
        for id in [organization.number_id, second] {
            let text = json!({ "to": CUSTOMER, "body": "Hi", "phone_number_id": id });
            open.push(admin.post("/api/messages/send", &text).await.status != 409);
        }
        let list = admin.get("/api/conversations").await.ok();
        let contact = &list["conversations"][0]["contact"];
        let closed = contact["closed_numbers"].as_array().expect("a list");
        let is_closed = |id: &uuid::Uuid| closed.iter().any(|one| *one == id.to_string());
        let shown = [organization.number_id, second].map(|id| !is_closed(&id));
        assert_eq!(open, shown, "the inbox says the same");
        let is_off = !contact["opted_out_at"].is_null();
        assert_eq!(is_off, open == [false, false], "{contact}");
        (open[0], open[1])
    };
    word(MAIN_LINE, "Hello").await;
    assert_eq!(open().await, (true, true));
    word(MAIN_LINE, "STOP").await;
    assert_eq!(open().await, (false, false), "one STOP closes all");
    word(SECOND_LINE, "STOP").await;
    word(SECOND_LINE, "START").await;
    assert_eq!(open().await, (false, true), "a START opens its own only");
    word(MAIN_LINE, "START").await;
    assert_eq!(open().await, (true, true));

    let policy = json!({ "stop_closes_all": false });
    let agent = world.agent(&organization).await;
    assert_eq!(agent.put("/api/opt-out-policy", &policy).await.status, 403);
    admin.put("/api/opt-out-policy", &policy).await.ok();
    assert_eq!(agent.get("/api/opt-out-policy").await.ok(), policy);
    word(MAIN_LINE, "STOP").await;
    assert_eq!(open().await, (false, true), "as at Twilio");
    let policy = json!({ "stop_closes_all": true });
    admin.put("/api/opt-out-policy", &policy).await.ok();
    assert_eq!(open().await, (false, false));
}
