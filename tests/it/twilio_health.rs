//! Health and drift: what is not as it should be at Twilio is named, and put right by a plan.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Agent, Organization, Socket, World};

async fn world_with_admin() -> (World, Organization, Agent) {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    (world, organization, admin)
}

async fn set_up(admin: &Agent) {
    let reply = admin.post("/api/twilio/setup-event-sink", &json!({})).await;
    reply.ok();
}

async fn check(admin: &Agent) -> Value {
    let reply = admin.post("/api/twilio/check-health", &json!({})).await;
    reply.ok()
}

/// Reasons of the findings of the account and of events.
fn reasons(health: &Value) -> Vec<&str> {
    let findings = health["findings"].as_array().expect("findings").iter();
    findings
        .map(|finding| finding["reason"].as_str().expect("a reason"))
        .collect()
}

#[tokio::test]
async fn a_look_only_reads_and_is_kept() {
    let (world, organization, admin) = world_with_admin().await;
    let before = admin.get("/api/twilio/health").await.ok();
    assert_eq!(before["checked_at"], Value::Null);
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_missing"]);
    assert_eq!(health["findings"][0]["fix"], "setup_event_sink");
    assert_eq!(health["account"]["status"], "active");
    let number = &health["numbers"][0];
    assert_eq!(number["number"], organization.number.as_str());
    assert_eq!(number["findings"], json!([]));
    assert!(!health["checked_at"].is_null());
    assert_eq!(admin.get("/api/twilio/health").await.ok(), health);
    world.assert_only_read();

    // Every browser of the organization hears of a look.
    let mut socket = Socket::open(&world.agent(&organization).await).await;
    check(&admin).await;
    socket.wait_for("twilio.account").await;

    // Another organization has its own.
    let stranger = world.other_organization("+14155550187").await;
    let stranger = world.admin(&stranger).await;
    let theirs = stranger.get("/api/twilio/health").await.ok();
    assert_eq!(theirs["checked_at"], Value::Null);
}

#[tokio::test]
async fn drift_of_event_forwarding_is_named_and_fixed() {
    let (world, _, admin) = world_with_admin().await;
    set_up(&admin).await;
    assert_eq!(reasons(&check(&admin).await), [""; 0]);
    let account = &world.account;
    let sink = || world.simulator().sinks()[0].clone();
    let subscription = || {
        let sid = sink()["subscription"]["sid"].clone();
        format!("/v1/Subscriptions/{}", sid.as_str().expect("a SID"))
    };
    let of_type = |name: &str| {
        let subscription = subscription();
        format!("{subscription}/SubscribedEvents/com.twilio.messaging.{name}")
    };
    let fixed = async || {
        set_up(&admin).await;
        let health = admin.get("/api/twilio/health").await.ok();
        assert_eq!(reasons(&health), [""; 0], "{health}");
        assert_eq!(health["forwarding"]["state"], "active");
    };

    for name in ["message.delivered", "message.failed"] {
        world
            .at_twilio(account, Method::DELETE, &of_type(name), &[])
            .await;
    }
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["event_types_missing"]);
    let message = health["findings"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(
        message.contains("message.delivered, message.failed"),
        "{message}"
    );
    assert_eq!(health["forwarding"]["state"], "incomplete");
    assert_eq!(health["findings"][0]["severity"], "problem");
    fixed().await;

    let old = [("SchemaVersion", "5".to_owned())];
    world
        .at_twilio(account, Method::POST, &of_type("message.sent"), &old)
        .await
        .ok();
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["schema_version_old"]);
    assert_eq!(health["findings"][0]["severity"], "warning");
    assert_eq!(health["forwarding"]["state"], "active");
    fixed().await;

    world
        .at_twilio(account, Method::DELETE, &subscription(), &[])
        .await;
    assert_eq!(reasons(&check(&admin).await), ["subscription_missing"]);
    fixed().await;

    let sid = sink()["sid"].as_str().expect("a SID").to_owned();
    let failed = serde_json::from_value(json!({ "status": "failed" })).expect("a change");
    world
        .simulator()
        .change_sink(&sid, &failed)
        .expect("it is there");
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_not_active"]);
    assert_eq!(health["findings"][0]["found"], "failed");
    fixed().await;

    let destination = format!("{}/twilio/events", world.server.url);
    world.sink_by_hand(account, &destination).await;
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_duplicated"]);
    fixed().await;
    assert_eq!(world.simulator().sinks().len(), 1);
    assert_eq!(
        sink()["sid"],
        sid.as_str(),
        "the one with the subscription stays"
    );

    let elsewhere = json!({ "destination": "https://old.example/twilio/events" });
    let elsewhere = serde_json::from_value(elsewhere).expect("a change");
    world
        .simulator()
        .change_sink(&sid, &elsewhere)
        .expect("it is there");
    let health = check(&admin).await;
    assert_eq!(reasons(&health), ["sink_url_mismatch"]);
    assert_eq!(
        health["findings"][0]["found"],
        "https://old.example/twilio/events"
    );
    assert_eq!(health["findings"][0]["expected"], destination.as_str());
    fixed().await;

    for sink in world.simulator().sinks() {
        let (sid, subscription) = (&sink["sid"], &sink["subscription"]["sid"]);
        for (kind, sid) in [("Subscriptions", subscription), ("Sinks", sid)] {
            let path = format!("/v1/{kind}/{}", sid.as_str().expect("a SID"));
            let gone = world.at_twilio(account, Method::DELETE, &path, &[]).await;
            assert_eq!(gone.status, 204);
        }
    }
    assert_eq!(reasons(&check(&admin).await), ["sink_missing"]);
    fixed().await;
}

/// What somebody sets in the Console.
fn by_hand(world: &World, organization: &Organization, settings: Value) {
    let changed = serde_json::from_value(json!({ "settings": settings })).expect("settings");
    world
        .simulator()
        .change_phone_number(&organization.number, &changed)
        .expect("the number is there");
}

/// Findings of the organization's number.
fn of_number(health: &Value) -> Vec<Value> {
    let number = &health["numbers"][0];
    number["findings"].as_array().expect("findings").clone()
}

fn names(findings: &[Value]) -> Vec<&str> {
    let names = findings.iter().map(|finding| finding["reason"].as_str());
    names.map(|name| name.expect("a reason")).collect()
}

#[tokio::test]
async fn drift_of_a_number_is_named_and_fixed() {
    let (world, organization, admin) = world_with_admin().await;
    set_up(&admin).await;
    let number = json!({ "phone_number_id": organization.number_id });
    for what in ["voice", "sms"] {
        let path = format!("/api/twilio/configure-phone-{what}");
        admin.post(&path, &number).await.ok();
    }
    assert_eq!(of_number(&check(&admin).await), [Value::Null; 0]);
    let voice = format!("{}/twilio/voice", world.server.url);
    let sms = format!("{}/api/twilio/sms-incoming", world.server.url);

    for (settings, reason, found) in [
        (json!({ "voice_url": "" }), "voice_url_not_set", ""),
        (
            json!({ "voice_url": "https://pbx.example/voice" }),
            "voice_url_mismatch",
            "https://pbx.example/voice",
        ),
        (
            json!({ "voice_method": "GET" }),
            "voice_wrong_method",
            "GET",
        ),
        (
            json!({ "voice_application_sid": "AP00000000000000000000000000000001" }),
            "voice_overridden_by_application",
            "AP00000000000000000000000000000001",
        ),
        (
            json!({ "trunk_sid": "TK00000000000000000000000000000001" }),
            "voice_overridden_by_trunk",
            "TK00000000000000000000000000000001",
        ),
        (json!({ "sms_url": "" }), "sms_url_not_set", ""),
        (
            json!({ "sms_url": "https://crm.example/sms" }),
            "sms_url_mismatch",
            "https://crm.example/sms",
        ),
        (json!({ "sms_method": "GET" }), "sms_wrong_method", "GET"),
        (
            json!({ "sms_application_sid": "AP00000000000000000000000000000002" }),
            "sms_overridden_by_application",
            "AP00000000000000000000000000000002",
        ),
    ] {
        by_hand(&world, &organization, settings.clone());
        let findings = of_number(&check(&admin).await);
        assert_eq!(names(&findings), [reason], "{settings}");
        assert_eq!(findings[0]["found"], found);
        assert_eq!(findings[0]["fix"], "repair_phone_number");

        // Looked at first, then done.
        let mut dry = number.clone();
        dry["dry_run"] = json!(true);
        let plan = admin
            .post("/api/twilio/repair-phone-number", &dry)
            .await
            .ok();
        let change = &plan["plan"]["changes"][0];
        assert_eq!(change["kind"], "number_repaired");
        assert_eq!(change["values"][0]["before"], found, "{change}");
        assert_eq!(change["values"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            names(&of_number(&check(&admin).await)),
            [reason],
            "only looked at"
        );
        admin
            .post("/api/twilio/repair-phone-number", &number)
            .await
            .ok();
        let health = admin.get("/api/twilio/health").await.ok();
        assert_eq!(of_number(&health), [Value::Null; 0], "{reason}");
    }
    let number_now = &check(&admin).await["numbers"][0];
    assert_eq!(number_now["voice_url"], voice.as_str());
    assert_eq!(number_now["sms_url"], sms.as_str());
    assert_eq!(number_now["voice_is_ours"], true);

    // A repair can be undone, as long as it stands.
    by_hand(
        &world,
        &organization,
        json!({ "voice_url": "https://pbx.example/voice" }),
    );
    let done = admin
        .post("/api/twilio/repair-phone-number", &number)
        .await
        .ok();
    let undo = json!({ "change_id": done["changes"][0]["id"] });
    by_hand(
        &world,
        &organization,
        json!({ "voice_url": "https://third.example/voice" }),
    );
    let refused = admin.post("/api/twilio/undo-account-change", &undo).await;
    assert_eq!(refused.status, 409, "{}", refused.json);
    by_hand(&world, &organization, json!({ "voice_url": voice }));
    admin
        .post("/api/twilio/undo-account-change", &undo)
        .await
        .ok();
    let findings = of_number(&check(&admin).await);
    assert_eq!(names(&findings), ["voice_url_mismatch"]);
    assert_eq!(findings[0]["found"], "https://pbx.example/voice");
}

#[tokio::test]
async fn a_number_that_loquent_never_touched_may_lead_anywhere() {
    let (world, organization, admin) = world_with_admin().await;
    let anywhere = json!({
        "voice_url": "https://pbx.example/voice", "sms_url": "https://crm.example/sms",
        "voice_method": "GET", "status_callback": "https://pbx.example/status",
        "trunk_sid": "TK00000000000000000000000000000001",
    });
    by_hand(&world, &organization, anywhere);
    let health = check(&admin).await;
    assert_eq!(of_number(&health), [Value::Null; 0]);
    let number = &health["numbers"][0];
    assert_eq!(number["voice_url"], "https://pbx.example/voice");
    assert_eq!(
        number["voice_overridden_by"],
        "TK00000000000000000000000000000001"
    );
    assert_eq!(number["voice_is_ours"], false);
    let seen = world.requests_so_far();
    let body = json!({ "phone_number_id": organization.number_id });
    let plan = admin
        .post("/api/twilio/repair-phone-number", &body)
        .await
        .ok();
    assert_eq!(plan["changes"], json!([]));
    assert_eq!(world.changes_since(seen), [""; 0]);
}

#[tokio::test]
async fn a_status_callback_that_loquent_set_is_watched_until_it_is_taken_back() {
    let (world, organization, admin) = world_with_admin().await;
    let ours = format!("{}/api/twilio/sms-status", world.server.url);
    by_hand(
        &world,
        &organization,
        json!({ "status_callback": ours, "status_callback_method": "POST" }),
    );
    sqlx::query(
        "INSERT INTO twilio_account_change
             (id, organization_id, twilio_account_sid, kind, summary, resource, phone_number_id,
              action, value_before, value_after, state, created_at)
         VALUES (gen_random_uuid(), $1, $2, 'sms_url_set', 'x', 'x', $3, '{}',
                 '{\"status_callback\": \"\"}', jsonb_build_object('status_callback', $4::text),
                 'done', now())",
    )
    .bind(organization.id.0)
    .bind(&organization.account.sid)
    .bind(organization.number_id)
    .bind(&ours)
    .execute(&world.rows.0)
    .await
    .expect("a change");
    assert_eq!(of_number(&check(&admin).await), [Value::Null; 0]);
    let body = json!({ "phone_number_id": organization.number_id });
    for (settings, reason) in [
        (json!({ "status_callback": "" }), "status_callback_not_set"),
        (
            json!({ "status_callback": "https://x.example" }),
            "status_callback_mismatch",
        ),
        (
            json!({ "status_callback_method": "GET" }),
            "status_callback_wrong_method",
        ),
    ] {
        by_hand(&world, &organization, settings);
        assert_eq!(names(&of_number(&check(&admin).await)), [reason]);
        admin
            .post("/api/twilio/repair-phone-number", &body)
            .await
            .ok();
        assert_eq!(
            of_number(&check(&admin).await),
            [Value::Null; 0],
            "{reason}"
        );
    }
    world
        .rows
        .execute("UPDATE twilio_account_change SET undone_at = now()")
        .await;
    by_hand(
        &world,
        &organization,
        json!({ "status_callback": "https://x.example" }),
    );
    assert_eq!(
        of_number(&check(&admin).await),
        [Value::Null; 0],
        "it is not ours any more"
    );
}

#[tokio::test]
async fn a_messaging_service_that_takes_the_texts_is_named() {
    let (world, organization, admin) = world_with_admin().await;
    let number = json!({ "phone_number_id": organization.number_id });
    admin
        .post("/api/twilio/configure-phone-sms", &number)
        .await
        .ok();
    let pool = |url: Option<&str>| {
        let service = json!({
            "account_sid": organization.account.sid, "phone_numbers": [organization.number],
            "inbound_request_url": url,
        });
        let service = serde_json::from_value(service).expect("a service");
        world
            .simulator()
            .add_messaging_service(service)
            .expect("there is room")
    };
    let sid = pool(Some("https://pool.example/sms"));
    let health = check(&admin).await;
    let findings = of_number(&health);
    assert_eq!(names(&findings), ["sms_overridden_by_messaging_service"]);
    assert_eq!(findings[0]["found"], sid.as_str());
    assert_eq!(findings[0]["fix"], Value::Null, "that is for the Console");
    assert_eq!(health["numbers"][0]["sms_overridden_by"], sid.as_str());
}

#[tokio::test]
async fn a_number_that_is_gone_is_named_and_taken_out_of_use() {
    let (world, organization, admin) = world_with_admin().await;
    set_up(&admin).await;
    world
        .simulator()
        .remove_phone_number(&organization.number)
        .expect("it is there");
    let health = check(&admin).await;
    let findings = of_number(&health);
    assert_eq!(names(&findings), ["number_gone"]);
    let seen = world.requests_so_far();
    let body = json!({ "phone_number_id": organization.number_id });
    let answer = admin
        .post("/api/twilio/repair-phone-number", &body)
        .await
        .ok();
    assert_eq!(answer["plan"]["changes"], json!([]));
    assert_eq!(
        world.changes_since(seen),
        [""; 0],
        "there is nothing to change at Twilio"
    );
    assert_eq!(check(&admin).await["numbers"], json!([]));
    assert_eq!(
        admin.get("/api/twilio/imported-numbers").await.ok(),
        json!([])
    );
}

#[tokio::test]
async fn a_number_that_was_bought_again_is_known_by_its_new_id() {
    let (world, organization, admin) = world_with_admin().await;
    let simulator = world.simulator();
    simulator
        .remove_phone_number(&organization.number)
        .expect("it is there");
    let again =
        json!({ "account_sid": organization.account.sid, "phone_number": organization.number });
    let again = serde_json::from_value(again).expect("a number");
    let again = simulator.add_phone_number(again).expect("it is free");
    let findings = of_number(&check(&admin).await);
    assert_eq!(names(&findings), ["number_gone"]);
    assert_eq!(findings[0]["found"], again.sid.as_str());
    let body = json!({ "phone_number_id": organization.number_id });
    admin
        .post("/api/twilio/repair-phone-number", &body)
        .await
        .ok();
    assert_eq!(of_number(&check(&admin).await), [Value::Null; 0]);
}

#[tokio::test]
async fn a_number_of_another_account_is_named() {
    let (world, organization, admin) = world_with_admin().await;
    let account = crate::support::TwilioAccount::new();
    world.make_account(&account, &json!({}));
    let body = json!({ "account_sid": account.sid, "auth_token": account.token });
    admin.post("/api/twilio/connect", &body).await.ok();
    let health = admin.get("/api/twilio/health").await.ok();
    assert_eq!(names(&of_number(&health)), ["number_of_other_account"]);
    drop(organization);
}
