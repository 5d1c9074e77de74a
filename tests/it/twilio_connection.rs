//! The organization's own Twilio account: connecting, rotating, disconnecting; no fallback.

use loquent::entities::states::Role;
use serde_json::{Value, json};

use crate::support::{Agent, CUSTOMER, TwilioAccount, World, eventually};

const SECOND_LINE: &str = "+14155550187";

async fn connect(admin: &Agent, account: &TwilioAccount) -> crate::support::Reply {
    let body = json!({ "account_sid": account.sid, "auth_token": account.token });
    admin.post("/api/twilio/connect", &body).await
}

/// What the organization's row says: whether it brings its account, and which.
async fn saved(world: &World) -> Vec<(bool, Option<String>, bool)> {
    sqlx::query_as(
        "SELECT byo_twilio, twilio_account_sid, twilio_auth_token IS NOT NULL FROM organization",
    )
    .fetch_all(&world.rows.0)
    .await
    .expect("organizations")
}

#[tokio::test]
async fn an_account_is_asked_for_at_twilio_before_anything_is_saved() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let before = saved(&world).await;
    assert_eq!(before, [(false, None, false)]);

    let account = TwilioAccount::new();
    world.make_account(&account, &json!({ "friendly_name": "Alder Home Services" }));
    let suspended = TwilioAccount::new();
    world.make_account(&suspended, &json!({ "status": "suspended" }));
    let closed = TwilioAccount::new();
    world.make_account(&closed, &json!({ "status": "closed" }));
    let (mut api_key, mut no_sid) = (account.clone(), account.clone());
    api_key.sid = format!("SK{}", &account.sid[2..]);
    no_sid.sid = "AC123".to_owned();
    for (given, said) in [
        (
            account.with_token("0123456789abcdef0123456789abcdef"),
            "does not accept",
        ),
        (TwilioAccount::new(), "does not accept"),
        (account.with_token(""), "auth token is missing"),
        (account.with_token("with a blank"), "auth token is missing"),
        (suspended, "suspended"),
        (closed, "closed"),
        (api_key, "API key"),
        (no_sid, "32 digits"),
    ] {
        let reply = connect(&admin, &given).await;
        assert_eq!(reply.status, 400, "{said}: {}", reply.json);
        let message = reply.json["message"].as_str().expect("a message");
        assert!(message.contains(said), "{said}: {message}");
        if !given.token.is_empty() {
            assert!(!message.contains(&given.token), "{message}");
        }
        assert_eq!(saved(&world).await, before, "{said}");
    }
    let view = admin.get("/api/twilio/connection").await.ok();
    assert_eq!(view["mode"], "shared");

    let seen = world.requests_so_far();
    let view = connect(&admin, &account).await.ok();
    assert_eq!(view["mode"], "own");
    let masked = format!("AC••••••••{}", &account.sid[30..]);
    assert_eq!(view["account_sid"], masked.as_str());
    assert_eq!(view["account"]["name"], "Alder Home Services");
    assert_eq!(view["account"]["status"], "active");
    assert_eq!(view["problem"], Value::Null);
    assert!(!view["last_checked_at"].is_null());
    assert_eq!(view, admin.get("/api/twilio/connection").await.ok());
    assert_eq!(
        saved(&world).await,
        [(true, Some(account.sid.clone()), true)]
    );
    assert!(
        world.changes_since(seen).is_empty(),
        "connecting only reads"
    );
}

#[tokio::test]
async fn a_trial_account_and_a_sub_account_say_what_they_are() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let account = TwilioAccount::new();
    let more = json!({ "type": "Trial", "owner_sid": world.account.sid });
    world.make_account(&account, &more);
    let view = connect(&admin, &account).await.ok();
    assert_eq!(view["account"]["is_trial"], true);
    assert_eq!(view["account"]["is_sub_account"], true);
    let health = admin.get("/api/twilio/health").await.ok();
    for reason in ["trial_account", "sub_account"] {
        assert!(reasons(&health).contains(&reason.to_owned()), "{health}");
    }

    // What happens to an account later is seen at the next look.
    for (more, reason) in [
        (json!({ "status": "suspended" }), "account_suspended"),
        (json!({ "status": "closed" }), "account_closed"),
    ] {
        world.make_account(&account, &more);
        let health = admin
            .post("/api/twilio/check-health", &json!({}))
            .await
            .ok();
        assert!(reasons(&health).contains(&reason.to_owned()), "{health}");
        let view = admin.get("/api/twilio/connection").await.ok();
        assert!(!view["problem"].is_null(), "{view}");
    }
    world.make_account(&account.with_token("another"), &json!({}));
    let health = admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(reasons(&health), ["wrong_token"]);
    assert_eq!(health["findings"][0]["fix"], "reconnect");
}

fn reasons(health: &Value) -> Vec<String> {
    let findings = health["findings"].as_array().expect("findings").iter();
    findings
        .map(|finding| finding["reason"].as_str().expect("a reason").to_owned())
        .collect()
}

#[tokio::test]
async fn when_twilio_cannot_be_reached_that_is_said_and_nothing_is_saved() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let reply = connect(&admin, &TwilioAccount::new()).await;
    assert_eq!(reply.status, 502, "{}", reply.json);
    let message = reply.json["message"].as_str().expect("a message");
    assert!(message.contains("could not be reached"), "{message}");
    assert_eq!(saved(&world).await, [(false, None, false)]);
    let health = admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(reasons(&health), ["twilio_unreachable"]);
}

#[tokio::test]
async fn both_tokens_sign_until_the_old_one_is_dropped() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let old = TwilioAccount::new();
    world.make_account(&old, &json!({}));
    let organization = world.organization_of(&old, SECOND_LINE, false).await;
    let admin = world.admin(&organization).await;
    connect(&admin, &old).await.ok();
    let text = |body: &str| json!([world.text(&organization, body).json()]);
    assert_eq!(old.post(&world.server.url, &text("1")).await, 200);

    let new = old.with_token("11112222333344445555666677778888");
    // Twilio's API takes the secondary token, too, until it is promoted.
    let secondary = json!({ "secondary_auth_token": new.token });
    world.make_account(&old, &secondary);
    let view = connect(&admin, &new).await.ok();
    assert_eq!(view["accepts_previous_token"], true);
    // Saving it again is no other rotation: the old one stays.
    let view = connect(&admin, &new).await.ok();
    assert_eq!(view["accepts_previous_token"], true);
    assert_eq!(new.post(&world.server.url, &text("2")).await, 200);
    assert_eq!(old.post(&world.server.url, &text("3")).await, 200);

    let view = admin
        .post("/api/twilio/drop-previous-token", &json!({}))
        .await;
    assert_eq!(view.ok()["accepts_previous_token"], false);
    eventually("the old token is no longer accepted", async || {
        let status = old.post(&world.server.url, &text("4")).await;
        (status == 403).then_some(())
    })
    .await;
    assert_eq!(new.post(&world.server.url, &text("5")).await, 200);
}

#[tokio::test]
async fn an_own_account_without_credentials_never_touches_the_shared_one() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let account = TwilioAccount::new();
    world.make_account(&account, &json!({}));
    let organization = world.organization_of(&account, SECOND_LINE, true).await;
    let admin = world.admin(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    let seen = world.requests_so_far();

    let view = admin.post("/api/twilio/disconnect", &json!({})).await.ok();
    assert_eq!(view["mode"], "own_without_credentials");
    assert_eq!(view["account_sid"], Value::Null);
    let again = admin.post("/api/twilio/disconnect", &json!({})).await.ok();
    assert_eq!(again, view);

    // Every caller that would use the account.
    let number = json!({
        "contact_id": contact, "body": "x", "phone_number_id": organization.number_id,
    });
    for path in [
        "/api/messages/send",
        "/api/twilio/reconcile",
        "/api/twilio/sync-message-history",
        "/api/twilio/setup-event-sink",
        "/api/twilio/remove-event-sink",
        "/api/twilio/send-test-event",
        "/api/twilio/repair-phone-number",
    ] {
        let reply = admin.post(path, &number).await;
        assert_eq!(reply.status, 409, "{path}: {}", reply.json);
        let message = reply.json["message"].as_str().expect("a message");
        assert!(
            message.contains("its own Twilio account"),
            "{path}: {message}"
        );
    }
    let dry_run = json!({ "dry_run": true });
    let reply = admin.post("/api/twilio/setup-event-sink", &dry_run).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    let health = admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(reasons(&health), ["credentials_missing"]);
    // A file that waits to be fetched.
    sqlx::query(
        "INSERT INTO message_attachment (id, organization_id, message_id, position, state, next_try_at)
         SELECT gen_random_uuid(), organization_id, id, 0, 'pending', now() FROM message
         WHERE direction = 'inbound'",
    )
    .execute(&world.rows.0)
    .await
    .expect("a file to fetch");
    eventually("the file was tried", async || {
        let tried = "SELECT count(*) FROM message_attachment WHERE tries > 0 OR state <> 'pending'";
        (world.rows.count(tried).await > 0).then_some(())
    })
    .await;

    assert_eq!(world.requests_since(seen), [""; 0], "Twilio was not asked");
}

#[tokio::test]
async fn the_shared_account_is_used_again_only_when_that_is_said() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let account = TwilioAccount::new();
    world.make_account(&account, &json!({}));
    connect(&admin, &account).await.ok();
    let back = json!({ "use_shared": true });
    let view = admin.post("/api/twilio/disconnect", &back).await.ok();
    assert_eq!(view["mode"], "shared");
    let masked = format!("AC••••••••{}", &world.account.sid[30..]);
    assert_eq!(view["account_sid"], masked.as_str());
    assert_eq!(saved(&world).await, [(false, None, false)]);
}

#[tokio::test]
async fn agents_may_look_but_change_nothing() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    for path in [
        "connection",
        "event-forwarding",
        "health",
        "account-changes",
    ] {
        agent.get(&format!("/api/twilio/{path}")).await.ok();
    }
    let body = json!({
        "account_sid": world.account.sid, "auth_token": world.account.token,
        "phone_number_id": organization.number_id,
        "change_id": "0197a1b2-0000-7000-8000-000000000000",
    });
    for path in [
        "connect",
        "disconnect",
        "drop-previous-token",
        "setup-event-sink",
        "remove-event-sink",
        "send-test-event",
        "undo-account-change",
        "check-health",
        "repair-phone-number",
    ] {
        let reply = agent.post(&format!("/api/twilio/{path}"), &body).await;
        assert_eq!(reply.status, 403, "{path}: {}", reply.json);
    }
    assert_eq!(world.requests_so_far(), 0, "Twilio was not asked");
    // An owner may.
    let (email, password) = world.user(&organization, Role::Owner).await;
    let mut owner = Agent::signed_out(&world.server.url);
    owner.log_in(&email, &password).await.ok();
    owner
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
}

#[tokio::test]
async fn the_token_is_in_no_log_line_answer_page_or_row() {
    let world = World::with_direct_twilio(vec![("RUST_LOG", "trace".to_owned())]).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let old = TwilioAccount::new();
    world.make_account(&old, &json!({}));
    let account = old.with_token("5ec2e7000000000000000000c0ffee01");
    let wrong = old.with_token("5ec2e7111111111111111111c0ffee02");

    let mut answers = String::new();
    let mut keep = |reply: crate::support::Reply| {
        answers.push_str(&format!("{:?} {}\n", reply.headers, reply.json));
    };
    keep(connect(&admin, &old).await);
    world.make_account(&account, &json!({}));
    keep(connect(&admin, &wrong).await);
    keep(connect(&admin, &account).await);
    for path in [
        "setup-event-sink",
        "send-test-event",
        "check-health",
        "remove-event-sink",
    ] {
        let reply = admin.post(&format!("/api/twilio/{path}"), &json!({})).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.json);
        keep(reply);
    }
    for path in [
        "connection",
        "event-forwarding",
        "health",
        "account-changes",
    ] {
        keep(admin.get(&format!("/api/twilio/{path}")).await);
    }
    keep(admin.get("/api/auth/me").await);
    let page = admin
        .request("/settings/twilio", None)
        .build()
        .expect("a request");
    let mut page_request = reqwest::Request::new(reqwest::Method::GET, page.url().clone());
    *page_request.headers_mut() = page.headers().clone();
    let page = reqwest::Client::new()
        .execute(page_request)
        .await
        .expect("a page");
    let page = page.text().await.expect("text");

    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)
         FROM information_schema.tables
         WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&world.rows.0)
    .await
    .expect("tables");
    assert!(tables.len() > 10);
    let mut rows = String::new();
    for (table,) in tables {
        let sql = format!("SELECT t::text FROM {table} t");
        let of_table: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(&world.rows.0)
            .await
            .expect("rows");
        rows.extend(of_table.into_iter().map(|(row,)| row + "\n"));
    }
    assert!(rows.contains(&account.sid), "the rows were read");
    let log = world.server.log();
    // Accounts are not named in it, or only by their ends.
    assert!(log.contains("Loquent is ready"), "the log was read");
    assert!(answers.contains("AC••••••••"), "the answers were read");

    for token in [
        &old.token,
        &account.token,
        &wrong.token,
        &world.account.token,
    ] {
        let as_bytes = hex::encode(token);
        let basic = base64_of(&format!("{}:{token}", account.sid));
        for (place, text) in [
            ("log", &log),
            ("answers", &answers),
            ("page", &page),
            ("rows", &rows),
        ] {
            for form in [token, &as_bytes, &basic] {
                assert!(!text.contains(form.as_str()), "a token is in the {place}");
            }
        }
    }
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}
