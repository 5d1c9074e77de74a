//! What events did not tell is found in Twilio's list, taken in once, and told to the admin.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use twilio_sim::{ArmOutcome, CustomerMessage, ExternalMessage, TimingUpdate};
use uuid::Uuid;

use crate::{
    sending::{id_of, send},
    support::{
        Agent, CUSTOMER, Fault, MAIN_LINE, Organization, Socket, TwilioEvent, World, eventually,
        eventually_within,
    },
};

/// A node that died is replaced after 15 s.
const TAKE_OVER: Duration = Duration::from_secs(60);

pub fn customer_texts(world: &World, from: &str, to: &str, body: &str) -> String {
    let text = json!({ "from": from, "to": to, "body": body });
    let text: CustomerMessage = serde_json::from_value(text).expect("a text");
    let sid = world
        .simulator()
        .send_as_customer(text)
        .expect("it is sent");
    sid.to_string()
}

pub fn other_platform_texts(world: &World, from: &str, to: &str, body: &str) -> String {
    let text = json!({ "account_sid": world.account.sid, "from": from, "to": to, "body": body });
    let text: ExternalMessage = serde_json::from_value(text).expect("a text");
    let sid = world.simulator().send_externally(text).expect("it is sent");
    sid.to_string()
}

pub fn events_are_lost(world: &World) {
    world.simulator().update_timing(TimingUpdate {
        delivery_paused: Some(true),
        ..TimingUpdate::default()
    });
}

async fn start(admin: &Agent, organization: &Organization) -> Value {
    let which = json!({ "phone_number_id": organization.number_id });
    let reply = admin.post("/api/twilio/reconcile", &which).await;
    assert_eq!(reply.status, 202, "{}", reply.json);
    reply.json[0].clone()
}

/// The number's newest reconciliation.
async fn last_check(admin: &Agent, organization: &Organization) -> Value {
    let overview = admin.get("/api/twilio/reconciliations").await.ok();
    let numbers = overview["numbers"].as_array().expect("numbers");
    numbers
        .iter()
        .find(|number| number["phone_number_id"] == organization.number_id.to_string())
        .expect("the number")["last_check"]
        .clone()
}

async fn ended(admin: &Agent, organization: &Organization, id: &Value) -> Value {
    eventually_within(TAKE_OVER, "the reconciliation ends", async || {
        let last = last_check(admin, organization).await;
        (last["id"] == *id && last["state"] != "running").then_some(last)
    })
    .await
}

/// Compares the number with Twilio's list to the end.
pub async fn reconcile(admin: &Agent, organization: &Organization) -> Value {
    let started = start(admin, organization).await;
    let last = ended(admin, organization, &started["id"]).await;
    assert_eq!(last["state"], "done", "{last}");
    last
}

fn counts(check: &Value) -> (u64, u64, u64) {
    let count = |name: &str| check[name].as_u64().expect("a number");
    (count("checked"), count("missing"), count("repaired"))
}

#[tokio::test]
async fn what_was_missed_is_taken_in_once_and_a_status_that_is_behind_moves_on() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    events_are_lost(&world);
    let ours = id_of(&send(&admin, &organization, CUSTOMER, "Ours").await.ok());
    eventually("the SID is stored", async || {
        world.rows.by_id(&ours).await?.external_id
    })
    .await;
    let inbound: Vec<String> = (0..3)
        .map(|n| customer_texts(&world, CUSTOMER, MAIN_LINE, &format!("Text {n}")))
        .collect();
    let elsewhere: Vec<String> = (0..2)
        .map(|n| other_platform_texts(&world, MAIN_LINE, CUSTOMER, &format!("Elsewhere {n}")))
        .collect();
    let failed: ArmOutcome = serde_json::from_value(json!({
        "status": "failed", "error_code": 30006, "error_message": "Landline",
    }))
    .expect("an outcome");
    world.simulator().arm_outcome(failed).expect("it is armed");
    let refused = id_of(
        &send(&admin, &organization, CUSTOMER, "Not to be")
            .await
            .ok(),
    );
    eventually("all messages have reached their end", async || {
        let sent = world.simulator().messages(&world.account.sid);
        let at_end = |m: &twilio_sim::Message| {
            ["delivered", "received", "failed"].contains(&m.status.as_str())
        };
        (sent.len() == 7 && sent.iter().all(at_end)).then_some(())
    })
    .await;
    eventually("the SID is stored", async || {
        world.rows.by_id(&refused).await?.external_id
    })
    .await;
    let mut socket = Socket::open(&admin).await;

    let check = reconcile(&admin, &organization).await;
    assert_eq!(counts(&check), (7, 5, 2), "{check}");
    assert_eq!(check["by_hand"], true);
    // It goes to agents too, who may not see what was found.
    socket.wait_for("messaging.message.new").await;
    let told = socket.wait_for("twilio.reconciliation").await;
    assert_eq!(told, Value::Null);

    for sid in &inbound {
        let stored = world.rows.by_sid(sid).await.expect("taken in");
        assert_eq!(stored.direction, "inbound");
        assert_eq!(
            (stored.status.as_str(), stored.source.as_deref()),
            ("received", Some("loquent"))
        );
        assert!(stored.body.expect("its body").starts_with("Text"));
        let audit = world.rows.audit(stored.id).await;
        assert_eq!(
            audit,
            [("received".to_owned(), "reconciliation".to_owned())]
        );
    }
    for sid in &elsewhere {
        let stored = world.rows.by_sid(sid).await.expect("taken in");
        assert_eq!(
            (stored.status.as_str(), stored.source.as_deref()),
            ("delivered", Some("external"))
        );
    }
    let unread = "SELECT sum(unread_count)::bigint FROM conversation";
    assert_eq!(
        world.rows.count(unread).await,
        3,
        "agents have not seen what was missed"
    );
    let stored = world.rows.by_id(&ours).await.expect("ours");
    assert_eq!(
        (stored.status.as_str(), stored.source.as_deref()),
        ("delivered", Some("loquent"))
    );
    let audit = world.rows.audit(stored.id).await;
    assert_eq!(
        audit.last(),
        Some(&("delivered".to_owned(), "reconciliation".to_owned()))
    );
    let stored = world.rows.by_id(&refused).await.expect("ours");
    assert_eq!(
        (stored.status.as_str(), stored.error_code),
        ("failed", Some(30006))
    );

    let audited = "SELECT count(*) FROM message_event";
    let before = world.rows.count(audited).await;
    let again = reconcile(&admin, &organization).await;
    assert_eq!(counts(&again), (7, 0, 0), "{again}");
    assert_eq!(world.rows.count(audited).await, before);
    assert_eq!(world.rows.messages().await.len(), 7);
    let overview = admin.get("/api/twilio/reconciliations").await.ok();
    assert_eq!(overview["days"], 3);
    assert_eq!(overview["numbers"][0]["last_repair"]["id"], check["id"]);
    assert_eq!(
        world.front().calls().creates,
        2,
        "nothing but our own sends"
    );
}

#[tokio::test]
async fn a_status_never_moves_back_and_what_came_before_the_number_is_history() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let yesterday = Utc::now() - TimeDelta::days(1);
    let long_ago = Utc::now() - TimeDelta::days(10);
    let history = |sid: &str, direction: &str, status: &str, at: DateTime<Utc>| {
        let (from, to) = if direction == "inbound" {
            (CUSTOMER, MAIN_LINE)
        } else {
            (MAIN_LINE, CUSTOMER)
        };
        json!({
            "account_sid": world.account.sid, "sid": sid, "direction": direction, "from": from,
            "to": to, "status": status, "date_created": at, "date_sent": at, "body": "Old",
        })
    };
    let (sent, old, before) = (
        crate::support::new_sid(),
        crate::support::new_sid(),
        crate::support::new_sid(),
    );
    let messages = json!([
        history(&sent, "outbound-api", "sent", yesterday),
        history(&old, "inbound", "received", yesterday),
        history(&before, "inbound", "received", long_ago),
    ]);
    let messages = serde_json::from_value(messages).expect("messages");
    world
        .simulator()
        .load_messages(messages)
        .expect("they are loaded");
    let mut delivered =
        TwilioEvent::status(&world.account.sid, &sent, MAIN_LINE, CUSTOMER, "delivered");
    delivered.body = Some("Old".to_owned());
    world.post(&[delivered]).await;
    world.rows.all_events_processed().await;

    let check = reconcile(&admin, &organization).await;
    assert_eq!(counts(&check), (2, 1, 0), "{check}");
    let stored = world.rows.by_sid(&sent).await.expect("it is there");
    assert_eq!(stored.status, "delivered");
    let stored = world.rows.by_sid(&old).await.expect("taken in");
    assert_eq!(stored.source.as_deref(), Some("import"));
    assert_eq!(
        world.rows.by_sid(&before).await,
        None,
        "older than the days that are compared"
    );
    let unread = "SELECT sum(unread_count)::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 0);
}

#[tokio::test]
async fn a_send_under_way_is_not_taken_for_a_message_from_elsewhere() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    events_are_lost(&world);
    world.front().on_create(Fault::HoldAnswer);
    let id = id_of(&send(&admin, &organization, CUSTOMER, "Hello").await.ok());
    let taken = eventually("Twilio has it", async || {
        world.simulator().messages(&world.account.sid).pop()
    })
    .await;

    let check = reconcile(&admin, &organization).await;
    assert_eq!(counts(&check).1, 0, "{check}");
    assert_eq!(world.rows.messages().await.len(), 1);
    world.front().release();
    let sid = eventually("the answer is stored", async || {
        world.rows.by_id(&id).await?.external_id
    })
    .await;
    assert_eq!(sid, taken.sid.as_str());
    reconcile(&admin, &organization).await;
    let stored = world.rows.messages().await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].status, "delivered");
}

#[tokio::test]
async fn only_admins_reconcile_and_only_their_own_numbers() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let other = world.other_organization("+14155550187").await;
    let (agent, admin) = (
        world.agent(&organization).await,
        world.admin(&organization).await,
    );
    let own = json!({ "phone_number_id": organization.number_id });
    assert_eq!(agent.post("/api/twilio/reconcile", &own).await.status, 403);
    assert_eq!(agent.get("/api/twilio/reconciliations").await.status, 403);
    let theirs = json!({ "phone_number_id": other.number_id });
    assert_eq!(
        admin.post("/api/twilio/reconcile", &theirs).await.status,
        404
    );
    let all = admin.post("/api/twilio/reconcile", &json!({})).await;
    assert_eq!(all.status, 202);
    assert_eq!(all.json.as_array().map(Vec::len), Some(1));
    let overview = admin.get("/api/twilio/reconciliations").await.ok();
    assert_eq!(overview["numbers"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn two_nodes_reconcile_a_number_once_on_schedule_and_by_hand() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world
        .rows
        .execute("UPDATE phone_number SET created_at = now() - interval '2 hours'")
        .await;
    // Both look for what is due when they start.
    let nodes = futures::future::join_all([
        world.second_server(Vec::new()),
        world.second_server(Vec::new()),
    ])
    .await;
    let runs = "SELECT count(*) FROM twilio_reconciliation";
    let done = "SELECT count(*) FROM twilio_reconciliation WHERE state = 'done'";
    eventually("it is compared", async || {
        (world.rows.count(done).await == 1).then_some(())
    })
    .await;
    assert_eq!(world.rows.count(runs).await, 1);
    assert_eq!(last_check(&admin, &organization).await["by_hand"], false);

    let faults = json!([{ "on": "list_messages", "fault": { "kind": "latency", "ms": 1_000 } }]);
    let faults = serde_json::from_value(json!({ "rules": faults })).expect("rules");
    world
        .simulator()
        .set_faults(faults)
        .expect("they are armed");
    let (first, second) = (admin.at(&nodes[0].url), admin.at(&nodes[1].url));
    let (first, second) =
        futures::join!(start(&first, &organization), start(&second, &organization));
    assert_eq!(first["id"], second["id"], "the second joins the first");
    let check = ended(&admin, &organization, &first["id"]).await;
    assert_eq!(check["state"], "done");
    let per_run = world.simulator().requests_after(0).len() / 2;
    assert_eq!(
        per_run, 3,
        "one node reads the three lists, once for each run"
    );
}

#[tokio::test]
async fn a_reconciliation_of_a_killed_node_is_finished_by_another() {
    let mut world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    events_are_lost(&world);
    let sid = customer_texts(&world, CUSTOMER, MAIN_LINE, "Missed");
    let hang =
        json!({ "on": "list_messages", "fault": { "kind": "hang", "ms": 20_000 }, "times": 1 });
    let hang = serde_json::from_value(hang).expect("a rule");
    world.simulator().add_fault(hang).expect("it is armed");
    let started = start(&admin, &organization).await;
    eventually("the list is asked for", async || {
        (!world.simulator().fired_faults_after(0).is_empty()).then_some(())
    })
    .await;
    world.server.kill();
    let other = world.second_server(Vec::new()).await;
    let admin = admin.at(&other.url);
    let check = ended(&admin, &organization, &started["id"]).await;
    assert_eq!(check["state"], "done", "{check}");
    assert_eq!(counts(&check), (1, 1, 0));
    assert!(world.rows.by_sid(&sid).await.is_some());
}

#[tokio::test]
async fn a_reconciliation_waits_for_its_database() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    // One that a node has left behind: it can be taken over when its lease has run out.
    let id: Uuid = sqlx::query_scalar(
        "INSERT INTO twilio_reconciliation
             (id, organization_id, phone_number_id, state, since, started_at, lease_owner,
              lease_until)
         VALUES (gen_random_uuid(), $1, $2, 'running', current_date, now(), gen_random_uuid(),
                 'infinity')
         RETURNING id",
    )
    .bind(organization.id.0)
    .bind(organization.number_id)
    .fetch_one(&world.rows.0)
    .await
    .expect("it is inserted");
    let lock = world.rows.lock("LOCK TABLE organization").await;
    world
        .rows
        .execute("UPDATE twilio_reconciliation SET lease_until = now()")
        .await;
    world.rows.waiting_for_locks(1).await;
    world.rows.end_waiting_sessions().await;
    lock.rollback().await.expect("it is unlocked");
    let check = ended(&admin, &organization, &json!(id)).await;
    assert_eq!(check["state"], "done", "{check}");
}

#[tokio::test]
async fn events_and_reconciliation_of_the_same_messages_do_not_deadlock() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world
        .post(&[TwilioEvent::inbound(
            &world.account.sid,
            CUSTOMER,
            MAIN_LINE,
            "Before",
        )])
        .await;
    world.rows.all_events_processed().await;

    // Events tell the oldest first, Twilio's list the newest.
    let sids = ["0", "5", "f"].map(|digit| format!("SM{}", digit.repeat(32)));
    let ages = [1, 2, 3].map(TimeDelta::minutes);
    let listed = |(sid, age): (&String, TimeDelta)| {
        json!({
            "account_sid": world.account.sid, "sid": sid, "direction": "inbound",
            "from": CUSTOMER, "to": MAIN_LINE, "status": "received", "body": "Missed",
            "date_created": Utc::now() - age, "date_sent": Utc::now() - age,
        })
    };
    let list: Vec<Value> = sids.iter().zip(ages).map(listed).collect();
    let list = serde_json::from_value(json!(list)).expect("messages");
    world.simulator().load_messages(list).expect("it is loaded");
    let told = |(sid, age): (&String, TimeDelta)| {
        TwilioEvent::inbound(&world.account.sid, CUSTOMER, MAIN_LINE, "Missed")
            .about(sid)
            .at(Utc::now() - age)
    };
    let events: Vec<TwilioEvent> = sids.iter().zip(ages).rev().map(told).collect();

    // Somebody else is about to store the second one.
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO message (id, organization_id, contact_id, phone_number_id, direction,
                              from_address, to_address, status, external_id, created_at)
         SELECT gen_random_uuid(), organization_id, contact_id, phone_number_id, direction,
                from_address, to_address, status, $1, created_at
         FROM message",
    )
    .bind(&sids[1])
    .execute(&mut *lock)
    .await
    .expect("it is inserted");
    let started = start(&admin, &organization).await;
    world.rows.waiting_for_locks(1).await;
    world.post(&events).await;
    world.rows.waiting_for_locks(2).await;
    lock.rollback().await.expect("it goes");

    let check = ended(&admin, &organization, &started["id"]).await;
    assert_eq!(check["state"], "done", "{check}");
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.messages().await.len(), 4);
    let log = world.server.log();
    assert!(!log.contains("deadlock"), "{log}");
}

#[tokio::test]
async fn the_last_texts_of_a_number_that_was_given_up_are_not_left_behind() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    events_are_lost(&world);
    let ours = id_of(&send(&agent, &organization, CUSTOMER, "Goodbye").await.ok());
    let sid = eventually("Twilio has it", async || {
        world.rows.by_id(&ours).await?.external_id
    })
    .await;
    let missed = customer_texts(&world, CUSTOMER, MAIN_LINE, "Wait");
    eventually("it is delivered", async || {
        let sent = world.simulator().messages(&world.account.sid);
        let one = sent.into_iter().find(|one| one.sid.as_str() == sid)?;
        (one.status.as_str() == "delivered").then_some(())
    })
    .await;
    let later = json!([{
        "account_sid": world.account.sid, "sid": format!("SM{}", "e".repeat(32)),
        "direction": "inbound", "from": CUSTOMER, "to": MAIN_LINE, "status": "received",
        "body": "Not for us", "date_created": Utc::now() + TimeDelta::minutes(10),
        "date_sent": Utc::now() + TimeDelta::minutes(10),
    }]);
    let later = serde_json::from_value(later).expect("messages");
    world
        .simulator()
        .load_messages(later)
        .expect("it is loaded");
    world
        .rows
        .execute(
            "UPDATE phone_number SET released_at = now(), created_at = now() - interval '1 day'",
        )
        .await;
    // It looks for what is due when it starts.
    let _node = world.second_server(Vec::new()).await;
    eventually_within(TAKE_OVER, "its status is known", async || {
        let stored = world.rows.by_id(&ours).await?;
        (stored.status == "delivered").then_some(())
    })
    .await;
    let messages = world.rows.messages().await;
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(world.rows.by_sid(&missed).await.is_some());
}

#[tokio::test]
async fn a_refused_reconciliation_says_why_and_the_next_one_works() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let refuse = json!({ "on": "list_messages", "fault": { "kind": "unauthorized" }, "times": 3 });
    let refuse = serde_json::from_value(refuse).expect("a rule");
    world.simulator().add_fault(refuse).expect("it is armed");
    let started = start(&admin, &organization).await;
    let check = ended(&admin, &organization, &started["id"]).await;
    assert_eq!(check["state"], "failed");
    let words = check["error"].as_str().expect("words");
    assert!(words.contains("credentials"), "{words}");
    reconcile(&admin, &organization).await;
}

/// A customer's text in Twilio's list, so many days old, of which no event tells.
fn old_text(world: &World, days: i64) -> String {
    let sid = crate::support::new_sid();
    let at = Utc::now() - TimeDelta::days(days);
    let text = json!([{
        "account_sid": world.account.sid, "sid": sid, "direction": "inbound", "from": CUSTOMER,
        "to": MAIN_LINE, "status": "received", "date_created": at, "date_sent": at, "body": "Old",
    }]);
    let text = serde_json::from_value(text).expect("a message");
    world.simulator().load_messages(text).expect("it is loaded");
    sid
}

#[tokio::test]
async fn an_outage_longer_than_the_reconciled_days_loses_nothing() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    reconcile(&admin, &organization).await;
    for earlier in [
        "UPDATE phone_number SET created_at = now() - interval '90 days'",
        "UPDATE twilio_reconciliation SET started_at = now() - interval '10 days'",
        // Those since then were refused.
        "INSERT INTO twilio_reconciliation
             (id, organization_id, phone_number_id, state, since, started_at)
         SELECT gen_random_uuid(), organization_id, phone_number_id, 'failed', current_date,
                now() - interval '1 hour'
         FROM twilio_reconciliation",
    ] {
        world.rows.execute(earlier).await;
    }
    let during = old_text(&world, 6);
    let before = old_text(&world, 20);

    let check = reconcile(&admin, &organization).await;
    assert_eq!(counts(&check), (1, 1, 0), "{check}");
    let taken_in = world.rows.by_sid(&during).await.expect("taken in");
    assert_eq!(taken_in.source.as_deref(), Some("loquent"), "it is unread");
    assert_eq!(world.rows.by_sid(&before).await, None);
    // The next one need not go so far back.
    assert_eq!(counts(&reconcile(&admin, &organization).await), (0, 0, 0));
}

#[tokio::test]
async fn what_twilio_has_of_a_numbers_former_owner_is_not_taken_in() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let former = world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    sqlx::query(
        "UPDATE phone_number SET number = $1, released_at = now() - interval '1 hour'
         WHERE organization_id = $2",
    )
    .bind(MAIN_LINE)
    .bind(former.id.0)
    .execute(&world.rows.0)
    .await
    .expect("it is released");
    let theirs = old_text(&world, 1);
    events_are_lost(&world);
    let ours = customer_texts(&world, CUSTOMER, MAIN_LINE, "For the new owner");

    let check = reconcile(&admin, &organization).await;
    assert_eq!(counts(&check), (1, 1, 0), "{check}");
    assert!(world.rows.by_sid(&ours).await.is_some());
    let which = json!({ "phone_number_id": organization.number_id });
    let import = admin.post("/api/twilio/sync-message-history", &which).await;
    assert!([200, 202].contains(&import.status), "{}", import.json);
    let run = world.sync_ended(&admin, &organization).await;
    assert_eq!(run.state(), "done", "{}", run.0);
    let sid = crate::support::new_sid();
    let late = TwilioEvent::status(&world.account.sid, &sid, MAIN_LINE, CUSTOMER, "delivered")
        .at(Utc::now() - TimeDelta::hours(2));
    world.post(&[late]).await;
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.by_sid(&theirs).await, None);
    assert_eq!(world.rows.messages().await.len(), 1);
}

#[tokio::test]
async fn open_inboxes_hear_of_many_missed_messages_at_once() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    events_are_lost(&world);
    for n in 0..250 {
        customer_texts(&world, &format!("+1415556{n:04}"), MAIN_LINE, "Hello");
    }
    let mut socket = Socket::open(&admin).await;
    let check = reconcile(&admin, &organization).await;
    assert_eq!(counts(&check), (250, 250, 0), "{check}");
    socket.wait_for("resync").await;
}

/// So many that a look without an index would show.
const MANY: i64 = 50_000;

#[tokio::test]
async fn events_reconciliation_and_import_read_many_messages_by_their_index_only() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world.contact(&organization, "+14155550100").await;
    world
        .rows
        .execute(
            // In one statement, which itself reads no messages.
            "WITH stored AS (
                 INSERT INTO message (id, organization_id, contact_id, direction, body, from_address,
                                      to_address, status, external_id, created_at, position)
                 SELECT gen_random_uuid(), c.organization_id, c.id, 'outbound', 'Line ' || n,
                        '+14155550134', c.phone, 'delivered', 'SMold' || n,
                        '2020-01-01'::timestamptz + n * interval '1 second', n
                 FROM contact c CROSS JOIN generate_series(1, 50000) AS n
                 RETURNING id, organization_id, external_id)
             INSERT INTO message_attempt (organization_id, external_id, message_id, attempt)
             SELECT organization_id, external_id || 'a', id, 1 FROM stored",
        )
        .await;
    world.rows.execute("ANALYZE message, message_attempt").await;
    let read_without_index = "SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables
         WHERE relname IN ('message', 'message_attempt')";
    let searches = "SELECT sum(idx_scan)::bigint FROM pg_stat_user_indexes
         WHERE indexrelname IN ('message_org_external_id', 'message_attempt_pkey')";
    let (read_before, searches_before) = (
        world.rows.count(read_without_index).await,
        world.rows.count(searches).await,
    );

    world.post(&[world.text(&organization, "Heard of")]).await;
    world.rows.all_events_processed().await;
    for n in 0..10 {
        customer_texts(&world, CUSTOMER, MAIN_LINE, &format!("Missed {n}"));
    }
    let check = reconcile(&admin, &organization).await;
    assert_eq!(counts(&check).1, 10, "{check}");
    world.sync(&admin, &organization).await;

    eventually("the searches are counted", async || {
        let searches = world.rows.count(searches).await;
        (searches - searches_before >= 3).then_some(())
    })
    .await;
    // An idle session tells what it has read up to ten seconds late (PGSTAT_IDLE_INTERVAL).
    tokio::time::sleep(Duration::from_secs(11)).await;
    let read = world.rows.count(read_without_index).await - read_before;
    assert!(read < MANY, "{read} rows without an index");
}
