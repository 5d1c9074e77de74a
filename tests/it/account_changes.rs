//! The account activity: nothing is changed without a trace, and Undo takes back only what is
//! still ours.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Agent, Organization, TwilioAccount, World};

const ACTIVITY_FILE: &str = "/api/twilio/account-changes.csv";

async fn world_with_admin() -> (World, Organization, Agent) {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    (world, organization, admin)
}

async fn set_up(admin: &Agent) -> Vec<Value> {
    let answer = admin.post("/api/twilio/setup-event-sink", &json!({})).await;
    answer.ok()["changes"].as_array().expect("changes").clone()
}

async fn activity(admin: &Agent) -> Vec<Value> {
    let page = admin.get("/api/twilio/account-changes").await.ok();
    page["changes"].as_array().expect("changes").clone()
}

async fn undo(admin: &Agent, change: &Value) -> crate::support::Reply {
    let body = json!({ "change_id": change["id"] });
    admin.post("/api/twilio/undo-account-change", &body).await
}

#[tokio::test]
async fn the_activity_says_who_changed_what_and_when() {
    let (world, organization, admin) = world_with_admin().await;
    set_up(&admin).await;
    let lines = activity(&admin).await;
    assert_eq!(lines.len(), 2, "newest first: {lines:?}");
    let (subscription, sink) = (&lines[0], &lines[1]);
    assert_eq!(sink["kind"], "sink_created");
    assert_eq!(sink["state"], "done");
    assert_eq!(sink["user_name"], "Dana Whitfield");
    assert_eq!(sink["can_undo"], true);
    let masked = format!("AC••••••••{}", &organization.account.sid[30..]);
    assert_eq!(sink["account_sid"], masked.as_str());
    let truth = &world.simulator().sinks()[0];
    let path = format!("Sinks/{}", truth["sid"].as_str().expect("a SID"));
    assert_eq!(sink["resource"], path.as_str());
    assert_eq!(subscription["kind"], "subscription_created");
    let values = subscription["values"].as_array().expect("values");
    let of_sink = values.iter().find(|value| value["name"] == "sink_sid");
    assert_eq!(of_sink.expect("the sink")["after"], truth["sid"]);

    // Another organization sees nothing of it.
    let stranger = world.other_organization("+14155550187").await;
    let stranger = world.admin(&stranger).await;
    assert!(activity(&stranger).await.is_empty());
    let reply = undo(&stranger, sink).await;
    assert_eq!(reply.status, 404, "{}", reply.json);
    assert_eq!(world.simulator().sinks().len(), 1);
}

#[tokio::test]
async fn the_activity_comes_in_pages() {
    let (world, organization, admin) = world_with_admin().await;
    sqlx::query(
        "INSERT INTO twilio_account_change
             (id, organization_id, twilio_account_sid, kind, summary, resource, action, state, created_at)
         SELECT gen_random_uuid(), $1, 'AC1', 'sink_removed', n::text, 'Sinks/DG1', '{}', 'done',
                now() - (n / 2) * interval '1 second'
         FROM generate_series(1, 70) n",
    )
    .bind(organization.id.0)
    .execute(&world.rows.0)
    .await
    .expect("changes");
    let mut seen = Vec::new();
    let mut next = Value::Null;
    loop {
        let before = next.as_str().map(|place| format!("?before={place}"));
        let path = format!("/api/twilio/account-changes{}", before.unwrap_or_default());
        let page = admin.get(&path).await.ok();
        let lines = page["changes"].as_array().expect("changes").clone();
        assert!(lines.len() <= 30);
        seen.extend(lines.iter().map(|line| line["summary"].to_string()));
        next = page["next_before"].clone();
        if next.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 70);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 70, "each comes once");
    let wrong = admin.get("/api/twilio/account-changes?before=x").await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn undo_takes_back_a_sink_with_its_subscription() {
    let (world, _, admin) = world_with_admin().await;
    let made = set_up(&admin).await;
    let dry = json!({ "change_id": made[0]["id"], "dry_run": true });
    let plan = admin
        .post("/api/twilio/undo-account-change", &dry)
        .await
        .ok();
    let planned = plan["plan"]["changes"].as_array().expect("changes");
    assert_eq!(planned[0]["kind"], "subscription_removed");
    assert_eq!(planned[1]["kind"], "sink_removed");
    assert_eq!(world.simulator().sinks().len(), 1, "it was only looked at");

    undo(&admin, &made[0]).await.ok();
    assert!(world.simulator().sinks().is_empty());
    let lines = activity(&admin).await;
    assert_eq!(lines.len(), 4);
    for made in &lines[2..] {
        assert_eq!(made["can_undo"], false);
        assert!(!made["undone_at"].is_null(), "{made}");
    }
    for removed in &lines[..2] {
        assert_eq!(removed["undo_of"], made[0]["id"]);
        assert_eq!(removed["can_undo"], false);
    }
    let again = undo(&admin, &made[0]).await;
    assert_eq!(again.status, 409, "{}", again.json);
    // And the way there is open again.
    assert_eq!(set_up(&admin).await.len(), 2);
}

#[tokio::test]
async fn undo_of_the_subscription_leaves_the_sink() {
    let (world, _, admin) = world_with_admin().await;
    let made = set_up(&admin).await;
    undo(&admin, &made[1]).await.ok();
    let sinks = world.simulator().sinks();
    assert_eq!(sinks.len(), 1);
    assert_eq!(sinks[0]["subscription"], Value::Null);
    let health = admin.get("/api/twilio/health").await.ok();
    assert_eq!(health["findings"][0]["reason"], "subscription_missing");
    undo(&admin, &made[0]).await.ok();
    assert!(world.simulator().sinks().is_empty());
}

#[tokio::test]
async fn undo_refuses_what_somebody_has_changed_since() {
    let (world, _, admin) = world_with_admin().await;
    let made = set_up(&admin).await;
    let sink = world.simulator().sinks()[0].clone();
    let sink_sid = sink["sid"].as_str().expect("a SID");
    let subscription = sink["subscription"]["sid"].as_str().expect("a SID");
    let seen = world.requests_so_far();

    // The sink points elsewhere.
    let elsewhere = json!({ "destination": "https://crm.example/hooks" });
    let elsewhere = serde_json::from_value(elsewhere).expect("a change");
    world
        .simulator()
        .change_sink(sink_sid, &elsewhere)
        .expect("it is there");
    let reply = undo(&admin, &made[0]).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    let message = reply.json["message"].as_str().expect("a message");
    assert!(message.contains("https://crm.example/hooks"), "{message}");
    assert_eq!(world.changes_since(seen), [""; 0]);

    // A version was set by somebody else after Loquent had set it.
    let back = json!({ "destination": format!("{}/twilio/events", world.server.url) });
    let back = serde_json::from_value(back).expect("a change");
    world
        .simulator()
        .change_sink(sink_sid, &back)
        .expect("it is there");
    let of_type = format!(
        "/v1/Subscriptions/{subscription}/SubscribedEvents/com.twilio.messaging.message.sent"
    );
    let version = |n: u32| [("SchemaVersion", n.to_string())];
    world
        .at_twilio(&world.account, Method::POST, &of_type, &version(4))
        .await
        .ok();
    let set = set_up(&admin).await;
    assert_eq!(set[0]["kind"], "event_type_version_set");
    world
        .at_twilio(&world.account, Method::POST, &of_type, &version(5))
        .await
        .ok();
    let reply = undo(&admin, &set[0]).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    // Back as Loquent left it, it can be undone: to 4, which was there before.
    world
        .at_twilio(&world.account, Method::POST, &of_type, &version(8))
        .await
        .ok();
    undo(&admin, &set[0]).await.ok();
    let there = world
        .at_twilio(&world.account, Method::GET, &of_type, &[])
        .await
        .ok();
    assert_eq!(there["schema_version"], 4);

    // What is gone is not undone either.
    let path = format!("/v1/Subscriptions/{subscription}");
    world
        .at_twilio(&world.account, Method::DELETE, &path, &[])
        .await;
    let reply = undo(&admin, &made[1]).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    let message = reply.json["message"].as_str().expect("a message");
    assert!(message.contains("somebody removed it"), "{message}");
}

#[tokio::test]
async fn what_was_done_in_another_account_is_not_undone_in_this_one() {
    let (world, _, admin) = world_with_admin().await;
    let made = set_up(&admin).await;
    let account = TwilioAccount::new();
    world.make_account(&account, &json!({}));
    let body = json!({ "account_sid": account.sid, "auth_token": account.token });
    admin.post("/api/twilio/connect", &body).await.ok();
    let reply = undo(&admin, &made[0]).await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    let message = reply.json["message"].as_str().expect("a message");
    assert!(message.contains("another Twilio account"), "{message}");
    assert_eq!(world.simulator().sinks().len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_its_trace_and_is_not_done_twice() {
    let (world, _, admin) = world_with_admin().await;
    // As if the program had died between Twilio's answer and its own note.
    sqlx::query(
        "INSERT INTO twilio_account_change
             (id, organization_id, twilio_account_sid, kind, summary, resource, action, value_after,
              state, created_at)
         SELECT gen_random_uuid(), id, $1, 'sink_created', 'Event sink', 'Sinks',
                jsonb_build_object('action', 'create_sink', 'destination', $2::text),
                jsonb_build_object('destination', $2::text), 'pending', now()
         FROM organization",
    )
    .bind(&world.account.sid)
    .bind(format!("{}/twilio/events", world.server.url))
    .execute(&world.rows.0)
    .await
    .expect("a change");
    let destination = format!("{}/twilio/events", world.server.url);
    let sid = world.sink_by_hand(&world.account, &destination).await;

    let made = set_up(&admin).await;
    assert_eq!(made.len(), 1, "only the subscription was missing: {made:?}");
    let lines = activity(&admin).await;
    assert_eq!(lines.len(), 2);
    let sink = lines.iter().find(|line| line["kind"] == "sink_created");
    let sink = sink.expect("its trace");
    assert_eq!(sink["state"], "done");
    assert_eq!(sink["resource"], format!("Sinks/{sid}").as_str());
    assert_eq!(world.simulator().sinks().len(), 1);
    undo(&admin, sink).await.ok();
    assert!(world.simulator().sinks().is_empty());
}

#[tokio::test]
async fn a_lost_answer_that_twilio_never_worked_on_is_settled_as_failed() {
    let (world, _, admin) = world_with_admin().await;
    sqlx::query(
        "INSERT INTO twilio_account_change
             (id, organization_id, twilio_account_sid, kind, summary, resource, action, value_after,
              state, created_at)
         SELECT gen_random_uuid(), id, $1, 'sink_created', 'Event sink', 'Sinks',
                '{\"action\": \"create_sink\", \"destination\": \"https://old.example/twilio/events\"}',
                '{\"destination\": \"https://old.example/twilio/events\"}', 'pending', now() - make_interval(mins => age)
         FROM organization, (VALUES (1), (10)) ages (age)",
    )
    .bind(&world.account.sid)
    .execute(&world.rows.0)
    .await
    .expect("changes");
    set_up(&admin).await;
    let lines = activity(&admin).await;
    let states: Vec<&str> = lines
        .iter()
        .filter(|line| line["summary"] == "Event sink")
        .map(|line| line["state"].as_str().expect("a state"))
        .collect();
    assert_eq!(
        states,
        ["pending", "failed"],
        "the younger one may still come"
    );
}

#[tokio::test]
async fn a_call_whose_answer_is_lost_is_looked_up_at_once() {
    let (world, _, admin) = world_with_admin().await;
    let lost = json!({ "rules": [
        { "on": "create_sink", "fault": { "kind": "processed_then_error" }, "times": 1 },
        { "on": "create_subscription", "fault": { "kind": "cut" }, "times": 1 },
    ] });
    let lost = serde_json::from_value(lost).expect("faults");
    world.simulator().set_faults(lost).expect("they are armed");
    let made = set_up(&admin).await;
    assert_eq!(made.len(), 2, "{made:?}");
    assert!(
        made.iter().all(|change| change["state"] == "done"),
        "{made:?}"
    );
    let sinks = world.simulator().sinks();
    assert_eq!(sinks.len(), 1);
    assert_eq!(
        made[0]["resource"],
        format!("Sinks/{}", sinks[0]["sid"].as_str().expect("a SID"))
    );
    assert_eq!(world.simulator().fired_faults_after(0).len(), 2);
}

#[tokio::test]
async fn a_call_that_twilio_did_not_do_is_open_and_done_at_the_next_try() {
    let (world, _, admin) = world_with_admin().await;
    let broken = json!({ "rules": [
        { "on": "create_sink", "fault": { "kind": "server_error" }, "times": 1 },
    ] });
    let broken = serde_json::from_value(broken).expect("faults");
    world
        .simulator()
        .set_faults(broken)
        .expect("they are armed");
    let reply = admin.post("/api/twilio/setup-event-sink", &json!({})).await;
    assert_eq!(reply.status, 502, "{}", reply.json);
    assert_eq!(activity(&admin).await[0]["state"], "pending");
    assert_eq!(set_up(&admin).await.len(), 2);
    assert_eq!(world.simulator().sinks().len(), 1);
}

/// The rows of the documentation's table "What Loquent can and cannot do to your account" that
/// say no.
#[tokio::test]
async fn what_is_said_to_change_nothing_asks_twilio_for_no_change() {
    let (world, organization, admin) = world_with_admin().await;
    let account = &organization.account;
    let more = json!({ "account_sid": account.sid, "phone_number": "+14155550187" });
    let more = serde_json::from_value(more).expect("a number");
    let more = world
        .simulator()
        .add_phone_number(more)
        .expect("it is free");
    let history = world.history(&organization, 40, |_| ());
    let no_change = |row: &str, seen: u64| {
        let requests = world.requests_since(seen);
        assert!(!requests.is_empty(), "{row}: Twilio was asked");
        assert_eq!(world.changes_since(seen), [""; 0], "{row}");
    };

    let seen = world.requests_so_far();
    let own = json!({ "account_sid": account.sid, "auth_token": account.token });
    admin.post("/api/twilio/connect", &own).await.ok();
    no_change("saving your credentials", seen);

    let seen = world.requests_so_far();
    for path in [
        "connection",
        "event-forwarding",
        "health",
        "imported-numbers",
    ] {
        admin.get(&format!("/api/twilio/{path}")).await.ok();
    }
    for path in ["check-health", "get-unsynced-numbers"] {
        admin
            .post(&format!("/api/twilio/{path}"), &json!({}))
            .await
            .ok();
    }
    no_change("viewing settings and listing numbers", seen);

    let seen = world.requests_so_far();
    let wish = json!({ "area_code": "628" });
    admin
        .post("/api/twilio/search-available-numbers", &wish)
        .await
        .ok();
    no_change("searching available phone numbers", seen);

    let seen = world.requests_so_far();
    let import = json!({ "twilio_sids": [more.sid] });
    let imported = admin.post("/api/twilio/sync-numbers", &import).await.ok();
    assert_eq!(imported["imported"].as_array().map(Vec::len), Some(1));
    no_change("importing existing phone numbers", seen);

    let seen = world.requests_so_far();
    world.sync(&admin, &organization).await;
    world.assert_history(&organization, &history).await;
    no_change("syncing message history", seen);

    assert!(activity(&admin).await.is_empty());
}

#[tokio::test]
async fn the_activity_is_a_file_for_spreadsheets_that_runs_nothing_in_them() {
    let (world, organization, admin) = world_with_admin().await;
    set_up(&admin).await;
    sqlx::query(
        "INSERT INTO twilio_account_change
             (id, organization_id, twilio_account_sid, kind, summary, resource, action, state, error,
              created_at)
         VALUES (gen_random_uuid(), $1, 'AC1', 'number_renamed', '=HYPERLINK(\"x\"), again',
                 'IncomingPhoneNumbers/PN1', '{}', 'failed', 'it said \"no\"',
                 now() + interval '1 second')",
    )
    .bind(organization.id.0)
    .execute(&world.rows.0)
    .await
    .expect("a change");
    let reply = admin.get_raw(ACTIVITY_FILE).await;
    assert_eq!(reply.headers()["content-type"], "text/csv; charset=utf-8");
    let text = reply.text().await.expect("a text");
    let mut file = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(file.headers().expect("a header").get(1), Some("who"));
    let lines: Vec<csv::StringRecord> = file.records().map(|line| line.expect("CSV")).collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert_eq!(&lines[0][4], "'=HYPERLINK(\"x\"), again");
    assert_eq!(&lines[0][7], "failed: it said \"no\"");
    assert_eq!(&lines[2][1], "Dana Whitfield");
    assert!(
        lines[2][6].contains("destination: none → http"),
        "{:?}",
        lines[2]
    );
    assert!(
        !text.contains(&organization.account.sid),
        "the SID is masked"
    );

    let stranger = world.other_organization("+14155550187").await;
    let stranger = world.admin(&stranger).await;
    let empty = stranger.get_raw(ACTIVITY_FILE).await.text().await;
    let empty = empty.expect("a text");
    assert_eq!(empty.lines().count(), 1, "{empty}");
    let visitor = Agent::signed_out(&admin.server);
    assert_eq!(visitor.get(ACTIVITY_FILE).await.status, 401);
}
