//! What was begun for a claim ends with it, and nobody's claim is taken by what was left open.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    reconciliation::{customer_texts, events_are_lost},
    shared_account::{assign, share},
    support::{
        Agent, CUSTOMER, Fault, MAIN_LINE, Organization, TwilioAccount, TwilioEvent, World,
        eventually, eventually_within,
    },
    whose_number::{give, import, newcomer, number, text},
};

const OTHER_LINE: &str = "+14155550187";
/// Work that was lost is taken up again after 15 s.
const TAKE_OVER: Duration = Duration::from_secs(60);

/// An organization that was given a number of the shared account and has taken it in.
async fn tenant(world: &World, line: &str) -> (Organization, Agent) {
    let sid = give(world, &world.account, line);
    let (organization, admin) = newcomer(world).await;
    share(world, &organization, "assigned");
    assign(world, &organization, line);
    let done = import(&admin, &sid).await.ok();
    assert_eq!(done["refused"], json!([]), "{done}");
    (organization, admin)
}

/// Starts work on the number's list, moves the number to another organization behind its back while
/// Twilio's answer is on its way, and waits for `ended`.
async fn lose_the_number_during(path: &str, faults: &[Fault], ended: &'static str) {
    let world = World::with_twilio().await;
    let (_, admin) = tenant(&world, MAIN_LINE).await;
    let (other, _) = newcomer(&world).await;
    let id = number(&admin).await.expect("it")["id"].clone();
    events_are_lost(&world);
    customer_texts(&world, CUSTOMER, MAIN_LINE, "For the next one");
    let lists = world.front().calls().lists;
    for fault in faults {
        world.front().on_list(fault.clone());
    }
    let which = json!({ "phone_number_id": id });
    let begun = admin.post(&format!("/api/twilio/{path}"), &which).await;
    assert!(begun.status < 300, "{}", begun.json);
    eventually("Twilio is asked", async || {
        (world.front().calls().lists > lists).then_some(())
    })
    .await;
    // Not by the command, which would stop the work itself.
    sqlx::query("UPDATE shared_number SET organization_id = $1")
        .bind(other.id.0)
        .execute(&world.rows.0)
        .await
        .expect("it is given to another one");
    world.front().release();
    eventually_within(TAKE_OVER, "it ends", async || {
        (world.rows.count(ended).await > 0).then_some(())
    })
    .await;
    assert_eq!(world.rows.count("SELECT count(*) FROM message").await, 0);
}

#[tokio::test]
async fn reconciliation_stores_nothing_of_a_number_that_was_lost_meanwhile() {
    let ended = "SELECT count(*) FROM twilio_reconciliation
                 WHERE state = 'failed' AND error LIKE '%suspended%'";
    lose_the_number_during("reconcile", &[Fault::HoldAnswer], ended).await;
}

#[tokio::test]
async fn an_import_stores_nothing_of_a_number_that_went_meanwhile() {
    let ended = "SELECT count(*) FROM sms_sync_run
                 WHERE state = 'failed' AND error LIKE '%suspended%'";
    // It asks for several parts at once.
    let held = vec![Fault::HoldAnswer; 4];
    lose_the_number_during("sync-message-history", &held, ended).await;
}

#[tokio::test]
async fn a_purchase_whose_answer_was_lost_takes_no_number_of_another_organization() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let (buyer, _) = newcomer(&world).await;
    share(&world, &buyer, "assigned");
    // As if its node had died before Twilio heard of it.
    sqlx::query(
        "INSERT INTO twilio_account_change
             (id, organization_id, twilio_account_sid, kind, summary, resource, action, state,
              created_at)
         VALUES (gen_random_uuid(), $1, $2, 'number_bought', 'Number', 'IncomingPhoneNumbers',
                 jsonb_build_object(
                     'action', 'buy_number', 'account_sid', $2::text, 'number', $3::text,
                     'friendly_name', 'Line', 'voice_url', 'https://old.example/twilio/voice',
                     'monthly_price', NULL, 'client_key', NULL),
                 'pending', now() - interval '10 minutes')",
    )
    .bind(buyer.id.0)
    .bind(&world.account.sid)
    .bind(MAIN_LINE)
    .execute(&world.rows.0)
    .await
    .expect("a change");
    let (_, admin) = tenant(&world, MAIN_LINE).await;
    let id = number(&admin).await.expect("it")["id"].clone();
    let which = json!({ "phone_number_id": id });
    admin
        .post("/api/twilio/configure-phone-voice", &which)
        .await
        .ok();
    let failed = "SELECT count(*) FROM twilio_account_change WHERE state = 'failed'";
    assert_eq!(world.rows.count(failed).await, 1);
    assert_eq!(number(&admin).await.expect("it")["suspended"], Value::Null);
    let rows = "SELECT count(*) FROM phone_number";
    assert_eq!(world.rows.count(rows).await, 1, "the buyer has none");
}

#[tokio::test]
async fn a_number_that_was_released_is_assigned_to_nobody() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let (_, admin) = tenant(&world, MAIN_LINE).await;
    let given = "SELECT count(*) FROM shared_number";
    assert_eq!(world.rows.count(given).await, 1);
    let id = number(&admin).await.expect("it")["id"].clone();
    let release = json!({ "phone_number_id": id, "confirm_number": MAIN_LINE });
    admin
        .post("/api/twilio/release-phone-number", &release)
        .await
        .ok();
    assert_eq!(world.rows.count(given).await, 0);
}

#[tokio::test]
async fn how_much_comes_for_others_of_the_shared_account_is_not_told() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let (_, admin) = tenant(&world, MAIN_LINE).await;
    let text = TwilioEvent::inbound(&world.account.sid, CUSTOMER, OTHER_LINE, "Hello");
    world.post(&[text]).await;
    world.rows.all_events_processed().await;
    let health = admin.get("/api/twilio/health").await.ok();
    let forwarding = &health["forwarding"];
    assert_eq!(forwarding["events_today"], Value::Null, "{forwarding}");
    assert_eq!(forwarding["last_event_at"], Value::Null, "{forwarding}");
}

/// Twilio could not be asked about a token of the account.
async fn doubt(world: &World, account: &TwilioAccount) {
    sqlx::query(
        "INSERT INTO doubted_token (account_sid, token_sha256)
         VALUES ($1, sha256(convert_to($1 || ':' || $2, 'UTF8')))",
    )
    .bind(&account.sid)
    .bind(&account.token)
    .execute(&world.rows.0)
    .await
    .expect("a doubt");
}

#[tokio::test]
async fn what_a_doubted_token_has_signed_is_to_be_repeated_until_twilio_has_answered() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let account = TwilioAccount::new();
    let organization = world.organization_of(&account, MAIN_LINE, true).await;
    let admin = world.admin(&organization).await;
    let other = account.with_token("11112222333344445555666677778888");
    assert_eq!(text(&world, &other, "1").await, 403);
    doubt(&world, &other).await;
    assert_eq!(text(&world, &other, "2").await, 503);
    assert_eq!(text(&world, &account, "3").await, 200);
    let age = "UPDATE doubted_token SET doubted_at = now() - interval '5 hours'";
    world.rows.execute(age).await;
    assert_eq!(text(&world, &other, "4").await, 403);

    doubt(&world, &account).await;
    eventually("it signs nothing", async || {
        (text(&world, &account, "5").await == 503).then_some(())
    })
    .await;
    assert_eq!(number(&admin).await.expect("it")["suspended"], Value::Null);
    world.make_account(&account, &json!({}));
    admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(text(&world, &account, "6").await, 200);
}
