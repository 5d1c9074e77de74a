//! The operator's account: each organization sees and changes only its part of it.

use serde_json::{Value, json};

use crate::{
    sending::send,
    support::{Agent, CUSTOMER, MAIN_LINE, Organization, Reply, TwilioAccount, TwilioEvent, World},
    whose_number::{call, connect, give, import, inbox, newcomer, number, text},
};

const OTHER_LINE: &str = "+14155550187";
const FOR_SALE: &str = "+14155550108";

/// Says how much of the shared account an organization may use, as the operator does.
pub fn share(world: &World, organization: &Organization, part: &str) {
    let id = organization.id.to_string();
    let command = [
        "org",
        "set-shared-twilio",
        "--organization",
        &id,
        "--shared-twilio",
        part,
    ];
    world.server.run_command(&command, "");
}

pub fn assign(world: &World, organization: &Organization, number: &str) {
    let id = organization.id.to_string();
    let command = [
        "number",
        "assign",
        "--organization",
        &id,
        "--number",
        number,
    ];
    world.server.run_command(&command, "");
}

/// The numbers that it could import.
async fn offered(admin: &Agent) -> Vec<Value> {
    let found = admin
        .post("/api/twilio/get-unsynced-numbers", &json!({}))
        .await;
    let found = found.ok();
    let all = found.as_array().expect("a list").iter();
    all.map(|one| one["number"].clone()).collect()
}

#[track_caller]
fn said(reply: &Reply, status: u16, words: &str) {
    assert_eq!(reply.status, status, "{}", reply.json);
    let message = reply.json["message"].as_str().unwrap_or_default();
    assert!(message.contains(words), "{words:?} is not in {message:?}");
}

#[tokio::test]
async fn what_was_not_assigned_is_neither_listed_imported_read_nor_changed() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let sid = give(&world, &world.account, MAIN_LINE);
    let otp = give(&world, &world.account, OTHER_LINE);
    let (tenant, admin) = newcomer(&world).await;
    said(
        &admin
            .post("/api/twilio/get-unsynced-numbers", &json!({}))
            .await,
        409,
        "No Twilio account",
    );
    share(&world, &tenant, "assigned");
    assert_eq!(offered(&admin).await, [Value::Null; 0]);
    let refused = import(&admin, &otp).await.ok();
    assert_eq!(refused["imported"], json!([]));
    let reason = refused["refused"][0]["reason"].as_str().expect("words");
    assert!(reason.contains("no such number"), "{reason}");

    assign(&world, &tenant, MAIN_LINE);
    assert_eq!(offered(&admin).await, [MAIN_LINE]);
    import(&admin, &sid).await.ok();
    assert_eq!(text(&world, &world.account, "Hello").await, 200);
    world.rows.all_events_processed().await;
    assert_eq!(inbox(&admin).await, ["Hello"]);

    // A row that says otherwise (from before, or of a bug) gives no claim either.
    sqlx::query(
        "INSERT INTO phone_number
             (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, 'Operator OTP line')",
    )
    .bind(tenant.id.0)
    .bind(&world.account.sid)
    .bind(&otp)
    .bind(OTHER_LINE)
    .execute(&world.rows.0)
    .await
    .expect("a row");
    let numbers = admin.get("/api/twilio/imported-numbers").await.ok();
    let all = numbers.as_array().expect("a list");
    let stray = all
        .iter()
        .find(|one| one["number"] == OTHER_LINE)
        .expect("it");
    assert_eq!(stray["suspended"], "not_assigned");
    let seen = world.requests_so_far();
    let body = json!({ "phone_number_id": stray["id"], "confirm_number": OTHER_LINE });
    for call in [
        "sync-message-history",
        "reconcile",
        "configure-phone-sms",
        "configure-phone-voice",
        "repair-phone-number",
        "release-phone-number",
    ] {
        said(
            &admin.post(&format!("/api/twilio/{call}"), &body).await,
            409,
            "suspended",
        );
    }
    let asked = world.requests_since(seen);
    let is_list = |one: &&String| one.contains(&otp) || one.contains("Messages");
    assert_eq!(
        asked.iter().find(is_list),
        None,
        "it was not read: {asked:?}"
    );
    let health = admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert!(!health.to_string().contains(OTHER_LINE), "{health}");
    let buy = json!({ "phone_number": OTHER_LINE });
    said(
        &admin.post("/api/twilio/buy-phone-number", &buy).await,
        409,
        "not for sale",
    );
    said(
        &admin
            .post("/api/twilio/remove-event-sink", &json!({}))
            .await,
        409,
        "part of the shared",
    );
    // The events of the account are not its events.
    let words = "Your one-time code is 493 021";
    let event = TwilioEvent::inbound(&world.account.sid, CUSTOMER, OTHER_LINE, words);
    world.post(&[event]).await;
    world.rows.all_events_processed().await;
    let events = admin.get("/api/twilio/events").await.ok();
    assert_eq!(
        events["events"].as_array().expect("a list").len(),
        1,
        "{events}"
    );
    assert_eq!(inbox(&admin).await, ["Hello"]);
}

#[tokio::test]
async fn what_an_organization_bought_is_its_own_and_what_is_taken_back_is_suspended() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let (tenant, admin) = newcomer(&world).await;
    share(&world, &tenant, "assigned");
    let buy = json!({ "phone_number": FOR_SALE });
    admin.post("/api/twilio/buy-phone-number", &buy).await.ok();
    assert_eq!(number(&admin).await.expect("it")["suspended"], Value::Null);
    let id = number(&admin).await.expect("it")["id"].clone();
    let send_from = async || {
        let text = json!({ "to": CUSTOMER, "body": "Hi", "phone_number_id": id });
        admin.post("/api/messages/send", &text).await
    };
    send_from().await.ok();

    let (other, their_admin) = newcomer(&world).await;
    share(&world, &other, "whole");
    assert_eq!(
        offered(&their_admin).await,
        [FOR_SALE],
        "listed, with a refusal"
    );
    assign(&world, &other, FOR_SALE);
    assert_eq!(
        number(&admin).await.expect("it")["suspended"],
        "not_assigned"
    );
    said(&send_from().await, 409, "not assigned");
    let sid = world
        .simulator()
        .phone_numbers()
        .pop()
        .expect("it")
        .sid
        .to_string();
    let done = import(&their_admin, &sid).await.ok();
    assert_eq!(
        done["imported"].as_array().expect("a list").len(),
        1,
        "{done}"
    );
    assert_eq!(number(&admin).await, None);
}

#[tokio::test]
async fn disconnecting_the_own_account_does_not_grant_the_shared_one() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let own = TwilioAccount::new();
    world.make_account(&own, &json!({}));
    let (tenant, admin) = newcomer(&world).await;
    connect(&admin, &own).await.ok();
    let back = json!({ "use_shared": true });
    let view = admin.get("/api/twilio/connection").await.ok();
    assert_eq!(view["shared_available"], false);
    said(
        &admin.post("/api/twilio/disconnect", &back).await,
        409,
        "no shared",
    );
    assert_eq!(
        admin.get("/api/twilio/connection").await.ok()["mode"],
        "own"
    );
    share(&world, &tenant, "assigned");
    let view = admin.post("/api/twilio/disconnect", &back).await.ok();
    assert_eq!(view["mode"], "shared");
    share(&world, &tenant, "none");
    let view = admin.get("/api/twilio/connection").await.ok();
    assert_eq!(view["mode"], "not_connected");
}

#[tokio::test]
async fn the_first_organization_gets_the_whole_account_and_later_ones_what_they_are_given() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let parts = async || -> Vec<(String, String)> {
        sqlx::query_as("SELECT name, shared_twilio FROM organization ORDER BY created_at")
            .fetch_all(&world.rows.0)
            .await
            .expect("organizations")
    };
    for (name, more) in [("First", None), ("Second", None), ("Third", Some("none"))] {
        let mut command = vec!["org", "create", "--name", name];
        command.extend(more.into_iter().flat_map(|part| ["--shared-twilio", part]));
        world.server.run_command(&command, "");
    }
    let pair = |name: &str, part: &str| (name.to_owned(), part.to_owned());
    assert_eq!(
        parts().await,
        [
            pair("First", "whole"),
            pair("Second", "assigned"),
            pair("Third", "none")
        ]
    );
}

#[tokio::test]
async fn whoever_loses_the_shared_account_keeps_only_its_history() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    assert_eq!(text(&world, &world.account, "Hello").await, 200);
    world.rows.all_events_processed().await;
    share(&world, &organization, "none");
    assert_eq!(text(&world, &world.account, "Not for you").await, 200);
    world.rows.all_events_processed().await;
    assert_eq!(inbox(&admin).await, ["Hello"]);
    assert_eq!(
        number(&admin).await.expect("it")["suspended"],
        "not_connected"
    );
    assert_eq!(
        admin.get("/api/twilio/events").await.ok()["events"],
        json!([])
    );
    said(
        &send(&admin, &organization, CUSTOMER, "x").await,
        409,
        "suspended",
    );
    assert!(
        call(&world, &world.account)
            .await
            .expect("TwiML")
            .contains("Thank you")
    );
}
