//! A number is an organization's only while its present account is the account of the number.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    sending::{id_of, send, wait_for_status},
    support::{
        Agent, CUSTOMER, Fault, MAIN_LINE, Organization, Reply, TwilioAccount, TwilioEvent, World,
        eventually,
    },
};

const NEW_TOKEN: &str = "11112222333344445555666677778888";

/// Connects an account as the page does.
pub async fn connect(admin: &Agent, account: &TwilioAccount) -> Reply {
    let body = json!({ "account_sid": account.sid, "auth_token": account.token });
    admin.post("/api/twilio/connect", &body).await
}

/// An organization without a number, that may use nothing of the shared account, and its admin.
pub async fn newcomer(world: &World) -> (Organization, Agent) {
    let organization = world.newcomer().await;
    let admin = world.admin(&organization).await;
    (organization, admin)
}

/// A number that the account has at Twilio; returns its SID.
pub fn give(world: &World, account: &TwilioAccount, number: &str) -> String {
    let new = json!({ "account_sid": account.sid, "phone_number": number });
    let new = serde_json::from_value(new).expect("a number");
    let number = world.simulator().add_phone_number(new);
    number.expect("it is free").sid.to_string()
}

/// Imports a number as the page does; the answer.
pub async fn import(admin: &Agent, sid: &str) -> Reply {
    let wish = json!({ "twilio_sids": [sid] });
    admin.post("/api/twilio/sync-numbers", &wish).await
}

/// The texts that the organization's inbox shows.
pub async fn inbox(admin: &Agent) -> Vec<String> {
    let page = admin.get("/api/conversations").await.ok();
    let mut bodies = Vec::new();
    for conversation in page["conversations"].as_array().expect("a list") {
        let contact = conversation["contact"]["id"].as_str().expect("an id");
        let thread = admin
            .get(&format!("/api/messages?contact_id={contact}"))
            .await
            .ok();
        let messages = thread["messages"].as_array().expect("a list").iter();
        bodies.extend(messages.filter_map(|one| one["body"].as_str().map(str::to_owned)));
    }
    bodies
}

/// The number of the organization, as its pages show it.
pub async fn number(admin: &Agent) -> Option<Value> {
    let numbers = admin.get("/api/twilio/imported-numbers").await.ok();
    numbers.as_array().expect("a list").first().cloned()
}

/// Posts a customer's text, signed with the account's token; returns the status of the answer.
pub async fn text(world: &World, account: &TwilioAccount, body: &str) -> u16 {
    let event = TwilioEvent::inbound(&account.sid, CUSTOMER, MAIN_LINE, body);
    account
        .post(&world.server.url, &json!([event.json()]))
        .await
}

/// What a caller is answered, as TwiML.
pub async fn call(world: &World, account: &TwilioAccount) -> Option<String> {
    let form = [
        ("AccountSid", account.sid.as_str()),
        ("CallSid", "CA00000000000000000000000000000001"),
        ("From", CUSTOMER),
        ("To", MAIN_LINE),
    ];
    let mut sorted = form.to_vec();
    sorted.sort_unstable();
    let pairs: String = sorted
        .iter()
        .flat_map(|(name, value)| [*name, *value])
        .collect();
    let url = format!("{}/twilio/voice", world.server.url);
    let answer = reqwest::Client::new()
        .post(&url)
        .header("x-twilio-signature", account.sign(&format!("{url}{pairs}")))
        .form(&form)
        .send()
        .await
        .expect("an answer");
    match answer.status() {
        StatusCode::OK => Some(answer.text().await.expect("TwiML")),
        _ => None,
    }
}

#[track_caller]
fn said(reply: &Reply, status: u16, words: &str) {
    assert_eq!(reply.status, status, "{}", reply.json);
    let message = reply.json["message"].as_str().unwrap_or_default();
    assert!(message.contains(words), "{words:?} is not in {message:?}");
}

#[tokio::test]
async fn whoever_lost_the_account_gets_neither_texts_nor_calls_and_loses_the_number() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let old = TwilioAccount::new();
    world.make_account(&old, &json!({}));
    let sid = give(&world, &old, MAIN_LINE);
    let (_, attacker) = newcomer(&world).await;
    connect(&attacker, &old).await.ok();
    import(&attacker, &sid).await.ok();
    let theirs = number(&attacker).await.expect("it is imported");
    let path = format!("/api/phones/{}", theirs["id"].as_str().expect("an id"));
    let forward = json!({ "voice_answer": { "kind": "forward", "to": "+14155550666" } });
    attacker.put(&path, &forward).await.ok();
    assert!(
        call(&world, &old)
            .await
            .expect("TwiML")
            .contains("+14155550666")
    );
    attacker
        .post("/api/twilio/disconnect", &json!({}))
        .await
        .ok();

    // The owner has another token since.
    let new = old.with_token(NEW_TOKEN);
    world.make_account(&new, &json!({}));
    let (_, owner) = newcomer(&world).await;
    connect(&owner, &new).await.ok();
    assert_eq!(text(&world, &new, "Before the import").await, 200);
    world.rows.all_events_processed().await;
    let answer = call(&world, &new).await.expect("TwiML");
    assert!(!answer.contains("+14155550666"), "{answer}");

    let done = import(&owner, &sid).await.ok();
    assert_eq!(
        done["imported"].as_array().expect("a list").len(),
        1,
        "{done}"
    );
    assert_eq!(text(&world, &new, "My test result").await, 200);
    eventually("it is in the owner's inbox", async || {
        (inbox(&owner).await == ["My test result"]).then_some(())
    })
    .await;
    assert_eq!(inbox(&attacker).await, [""; 0]);
    assert_eq!(
        attacker.get("/api/twilio/events").await.ok()["events"],
        json!([])
    );
    assert_eq!(number(&attacker).await, None, "it was taken over");
    assert_eq!(attacker.put(&path, &forward).await.status, 404);
    // With the account the former claim does not come back.
    said(
        &import(&attacker, &sid).await,
        409,
        "credentials are missing",
    );
}

#[tokio::test]
async fn a_disconnected_account_suspends_its_numbers_until_it_is_connected_again() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let account = TwilioAccount::new();
    let organization = world.organization_of(&account, MAIN_LINE, true).await;
    let admin = world.admin(&organization).await;
    assert_eq!(text(&world, &account, "Hello").await, 200);
    world.rows.all_events_processed().await;
    let failed = id_of(&send(&admin, &organization, CUSTOMER, "Hi").await.ok());
    wait_for_status(&world, &failed, "delivered").await;
    assert_eq!(number(&admin).await.expect("it")["suspended"], Value::Null);

    admin.post("/api/twilio/disconnect", &json!({})).await.ok();
    assert_eq!(
        number(&admin).await.expect("it")["suspended"],
        "disconnected"
    );
    assert_eq!(
        inbox(&admin).await,
        ["Hello", "Hi"],
        "history stays readable"
    );
    let which = json!({ "phone_number_id": organization.number_id });
    said(
        &send(&admin, &organization, CUSTOMER, "x").await,
        409,
        "suspended",
    );
    for path in ["sync-message-history", "reconcile"] {
        let reply = admin.post(&format!("/api/twilio/{path}"), &which).await;
        said(&reply, 409, "suspended");
    }
    // Another account does not help.
    let other = TwilioAccount::new();
    world.make_account(&other, &json!({}));
    connect(&admin, &other).await.ok();
    assert_eq!(
        number(&admin).await.expect("it")["suspended"],
        "other_account"
    );
    said(
        &send(&admin, &organization, CUSTOMER, "x").await,
        409,
        "another Twilio account",
    );

    connect(&admin, &account).await.ok();
    assert_eq!(number(&admin).await.expect("it")["suspended"], Value::Null);
    assert_eq!(text(&world, &account, "Back again").await, 200);
    eventually("its texts come again", async || {
        inbox(&admin)
            .await
            .contains(&"Back again".to_owned())
            .then_some(())
    })
    .await;
    send(&admin, &organization, CUSTOMER, "Welcome back")
        .await
        .ok();
}

#[tokio::test]
async fn a_text_that_waits_when_its_number_is_suspended_is_not_sent() {
    let world = World::with_twilio().await;
    let account = TwilioAccount::new();
    let organization = world.organization_of(&account, MAIN_LINE, true).await;
    let admin = world.admin(&organization).await;
    let too_many = axum::http::StatusCode::TOO_MANY_REQUESTS;
    world.front().on_create(Fault::Answer(too_many, Some(3)));
    let id = id_of(&send(&admin, &organization, CUSTOMER, "Too late").await.ok());
    eventually("it was tried", async || {
        (world.front().calls().creates > 0).then_some(())
    })
    .await;
    admin.post("/api/twilio/disconnect", &json!({})).await.ok();
    wait_for_status(&world, &id, "failed").await;
    assert!(world.simulator().messages(&account.sid).is_empty());
    let retry = admin
        .post(&format!("/api/messages/{id}/retry"), &json!({}))
        .await;
    said(&retry, 409, "suspended");
}

#[tokio::test]
async fn an_import_that_runs_when_the_account_goes_stops_at_once() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let account = TwilioAccount::new();
    let organization = world.organization_of(&account, MAIN_LINE, true).await;
    let admin = world.admin(&organization).await;
    // No server works on it.
    let run = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO sms_sync_run
             (id, organization_id, phone_number_id, state, phase, started_at, lease_owner, lease_until)
         VALUES ($1, $2, $3, 'running', 'fetching', now(), $1, now() + interval '1 hour')",
    )
    .bind(run)
    .bind(organization.id.0)
    .bind(organization.number_id)
    .execute(&world.rows.0)
    .await
    .expect("a run");
    admin.post("/api/twilio/disconnect", &json!({})).await.ok();
    let last = number(&admin).await.expect("it")["last_sync"].clone();
    assert_eq!(last["state"], "failed", "{last}");
    let resume = json!({ "phone_number_id": organization.number_id });
    let reply = admin
        .post("/api/twilio/resume-message-history-sync", &resume)
        .await;
    said(&reply, 409, "suspended");
}

#[tokio::test]
async fn a_number_is_removed_from_loquent_without_a_change_at_twilio() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let ours = world.organization().await;
    let theirs = world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    let (admin, intruder) = (world.admin(&ours).await, world.admin(&theirs).await);
    let agent = world.agent(&ours).await;
    assert_eq!(text(&world, &world.account, "Hello").await, 200);
    world.rows.all_events_processed().await;
    let which = json!({ "phone_number_id": ours.number_id });
    let path = "/api/twilio/remove-phone-number";
    assert_eq!(agent.post(path, &which).await.status, 403);
    assert_eq!(intruder.post(path, &which).await.status, 404);
    let seen = world.requests_so_far();
    assert_eq!(admin.post(path, &which).await.status, 200);
    assert_eq!(world.changes_since(seen), [""; 0]);
    assert_eq!(number(&admin).await, None);
    assert_eq!(inbox(&admin).await, ["Hello"], "history stays readable");
    assert_eq!(send(&admin, &ours, CUSTOMER, "x").await.status, 404);
    assert_eq!(
        admin.post(path, &which).await.status,
        404,
        "it is gone already"
    );

    // Now another organization can have it.
    let sid = format!("PN{}", ours.number_id.simple());
    let done = import(&intruder, &sid).await.ok();
    assert_eq!(
        done["imported"].as_array().expect("a list").len(),
        1,
        "{done}"
    );
    assert_eq!(text(&world, &world.account, "For the next one").await, 200);
    eventually("it has the texts", async || {
        (inbox(&intruder).await == ["For the next one"]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_change_of_a_number_that_changed_hands_cannot_be_undone() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let ours = world.organization().await;
    let admin = world.admin(&ours).await;
    let which = json!({ "phone_number_id": ours.number_id });
    admin
        .post("/api/twilio/configure-phone-voice", &which)
        .await
        .ok();
    let changes = admin.get("/api/twilio/account-changes").await.ok();
    let change = json!({ "change_id": changes["changes"][0]["id"] });
    assert_eq!(
        admin
            .post("/api/twilio/remove-phone-number", &which)
            .await
            .status,
        200
    );
    let theirs = world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    let sid = format!("PN{}", ours.number_id.simple());
    import(&world.admin(&theirs).await, &sid).await.ok();
    let seen = world.requests_so_far();
    let undo = admin.post("/api/twilio/undo-account-change", &change).await;
    assert_eq!(undo.status, 404, "{}", undo.json);
    assert_eq!(world.changes_since(seen), [""; 0]);
}

#[tokio::test]
async fn what_carries_our_own_id_finds_its_message_whatever_became_of_the_number() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let ours = world.organization().await;
    let agent = world.agent(&ours).await;
    let mut sids = Vec::new();
    for body in ["By callback", "By event"] {
        let id = id_of(&send(&agent, &ours, CUSTOMER, body).await.ok());
        let sid = eventually("Twilio has it", async || {
            world.rows.by_id(&id).await?.external_id
        })
        .await;
        wait_for_status(&world, &id, "delivered").await;
        sids.push((id, sid));
    }
    // As if nothing had been heard of them yet.
    world
        .rows
        .execute("UPDATE message SET status = 'queued', delivered_at = NULL")
        .await;
    world
        .rows
        .execute("DELETE FROM message_event WHERE source <> 'user'")
        .await;
    world.rows.execute("DELETE FROM twilio_event").await;
    world
        .rows
        .execute("UPDATE phone_number SET released_at = now()")
        .await;
    let next = world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    sqlx::query("UPDATE phone_number SET number = $1 WHERE organization_id = $2")
        .bind(MAIN_LINE)
        .bind(next.id.0)
        .execute(&world.rows.0)
        .await
        .expect("another organization has it now");

    let (id, sid) = &sids[0];
    let url = format!(
        "{}/twilio/message-status?attempt=1&message_id={id}",
        world.server.url
    );
    let form = [
        ("AccountSid", world.account.sid.as_str()),
        ("MessageSid", sid.as_str()),
        ("MessageStatus", "delivered"),
        ("From", MAIN_LINE),
        ("To", CUSTOMER),
    ];
    assert_eq!(world.account.post_form(&url, &form).await, 200);
    wait_for_status(&world, id, "delivered").await;
    let (id, sid) = &sids[1];
    let event = TwilioEvent::status(&world.account.sid, sid, MAIN_LINE, CUSTOMER, "delivered");
    world.post(&[event]).await;
    wait_for_status(&world, id, "delivered").await;
    assert_eq!(
        inbox(&world.admin(&next).await).await,
        [""; 0],
        "it is no text of theirs"
    );
}

#[tokio::test]
async fn events_of_another_account_change_no_message() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let old = TwilioAccount::new();
    let organization = world.organization_of(&old, MAIN_LINE, true).await;
    let admin = world.admin(&organization).await;
    let id = id_of(&send(&admin, &organization, CUSTOMER, "Hi").await.ok());
    wait_for_status(&world, &id, "delivered").await;
    let sid = world
        .rows
        .by_id(&id)
        .await
        .expect("it")
        .external_id
        .expect("a SID");
    world
        .rows
        .execute("UPDATE message SET status = 'sent'")
        .await;
    let moved = TwilioAccount::new();
    world.make_account(&moved, &json!({}));
    connect(&admin, &moved).await.ok();
    // Another organization has the account, and its token signs.
    let (_, owner) = newcomer(&world).await;
    connect(&owner, &old).await.ok();
    let event = TwilioEvent::status(&old.sid, &sid, MAIN_LINE, CUSTOMER, "delivered");
    assert_eq!(
        old.post(&world.server.url, &json!([event.json()])).await,
        200
    );
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.by_id(&id).await.expect("it").status, "sent");
}
