//! Many events wait, and live ones come in.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, stream};

use crate::support::{MAIN_LINE, Organization, Socket, TwilioEvent, World, eventually_within};

/// More than a dozen transactions of the worker.
const WAITING: usize = 6_000;
const IN_A_POST: usize = 500;
/// A few of them.
const SLOWLY: usize = 1_500;
/// A debug build beside other tests.
const PROCESSED: Duration = Duration::from_secs(120);
/// What a transaction of the worker takes at least, where a test makes it slow.
const SLOW: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_live_text_does_not_wait_behind_a_backlog_and_the_events_of_a_message_stay_in_order() {
    let world = World::start().await;
    let organization = world.organization().await;
    let mut backlog: Vec<TwilioEvent> = (0..WAITING)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    let account = backlog[0].account_sid.clone();
    let from_elsewhere = |status| {
        TwilioEvent::status(
            &account,
            "SM0e15e000000000000000000000000001",
            MAIN_LINE,
            "+12125550177",
            status,
        )
    };
    backlog.insert(WAITING / 2, from_elsewhere("sent"));
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;

    // The worker cannot get past this lock, so all of these wait when the live ones come.
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    for post in backlog.chunks(IN_A_POST) {
        world.post(post).await;
    }
    let live = world.text(&organization, "Is anybody there?");
    world
        .post(&[from_elsewhere("delivered"), live.clone()])
        .await;
    lock.rollback().await.expect("a rollback");

    socket
        .wait_until("messaging.message.new", |payload| {
            payload["message"]["external_id"] == live.message_sid.as_str()
        })
        .await;
    let waiting = "SELECT count(*) FROM twilio_event WHERE state = 'pending'";
    let left = world.rows.count(waiting).await;
    assert!(left > 1_000, "the live text came when {left} were left");

    let out_of_order = "SELECT count(*) FROM twilio_event late
        JOIN twilio_event early ON early.message_sid = late.message_sid AND early.id < late.id
        WHERE early.state = 'pending' AND late.state = 'processed'";
    eventually_within(PROCESSED, "the backlog is processed", async || {
        assert_eq!(world.rows.count(out_of_order).await, 0);
        (world.rows.count(waiting).await == 0).then_some(())
    })
    .await;
    let states = world.rows.event_states().await;
    assert_eq!(
        states.get("processed"),
        Some(&(WAITING as i64 + 3)),
        "{states:?}"
    );
    let messages = world.rows.messages().await;
    assert_eq!(messages.len(), WAITING + 2);
    let external = messages
        .iter()
        .find(|message| message.source.as_deref() == Some("external"));
    assert_eq!(
        external.expect("the message from elsewhere").status,
        "delivered"
    );
}

/// Makes each transaction of the worker take [`SLOW`] at least, and notes when it begins and ends
/// to write.
async fn watch_the_worker(world: &World) {
    for statement in [
        "CREATE TABLE watch (at timestamptz NOT NULL, is_end boolean NOT NULL)",
        // SLOW, in seconds.
        "CREATE FUNCTION note_begin() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             INSERT INTO watch VALUES (clock_timestamp(), false);
             PERFORM pg_sleep(0.1);
             RETURN NULL;
         END $$",
        "CREATE FUNCTION note_end() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN INSERT INTO watch VALUES (clock_timestamp(), true); RETURN NULL; END $$",
        "CREATE TRIGGER note_begin BEFORE INSERT ON message
         FOR EACH STATEMENT EXECUTE FUNCTION note_begin()",
        "CREATE TRIGGER note_end AFTER UPDATE ON twilio_event
         FOR EACH STATEMENT EXECUTE FUNCTION note_end()",
    ] {
        world.rows.execute(statement).await;
    }
}

/// The times between the end of a transaction of the worker and the begin of the next.
async fn pauses(world: &World) -> Vec<TimeDelta> {
    let notes: Vec<(DateTime<Utc>, bool)> =
        sqlx::query_as("SELECT at, is_end FROM watch ORDER BY at")
            .fetch_all(&world.rows.0)
            .await
            .expect("notes");
    notes
        .windows(2)
        .filter(|pair| pair[0].1 && !pair[1].1)
        .map(|pair| pair[1].0 - pair[0].0)
        .collect()
}

/// Stores texts, so old that none of them goes ahead, while the worker cannot work; then lets it.
async fn work_off(world: &World, organization: &Organization, texts: usize) {
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    let texts: Vec<TwilioEvent> = (0..texts)
        .map(|n| world.text(organization, &format!("Text {n}")))
        .collect();
    let statement = "INSERT INTO twilio_event
             (account_sid, event_id, event_type, message_sid, payload, received_at)
         SELECT $1, e.id, 'com.twilio.messaging.inbound-message.received', e.sid, e.payload,
                now() - interval '1 minute'
         FROM unnest($2::text[], $3::text[], $4::text[]) AS e (id, sid, payload)";
    let column = |of: fn(&TwilioEvent) -> String| texts.iter().map(of).collect::<Vec<String>>();
    sqlx::query(statement)
        .bind(&world.account.sid)
        .bind(column(|text| text.id.clone()))
        .bind(column(|text| text.message_sid.clone()))
        .bind(column(|text| text.json().to_string()))
        .execute(&world.rows.0)
        .await
        .expect("events");
    lock.rollback().await.expect("a rollback");
}

#[tokio::test]
async fn processing_yields_to_waiting_posts() {
    let world = World::start().await;
    let organization = world.organization().await;
    watch_the_worker(&world).await;
    let waiting = "SELECT count(*) FROM twilio_event WHERE state = 'pending'";
    let processed = async || {
        eventually_within(PROCESSED, "all is processed", async || {
            (world.rows.count(waiting).await == 0).then_some(())
        })
        .await;
    };

    // Posts that cannot be stored hold both writers up, so that another one waits.
    let posts: Vec<TwilioEvent> = (0..3)
        .map(|n| world.text(&organization, &format!("Post {n}")))
        .collect();
    let mut held = world.rows.0.begin().await.expect("a transaction");
    for post in &posts {
        sqlx::query(
            "INSERT INTO twilio_event (account_sid, event_id, event_type, payload)
             VALUES ($1, $2, 'of a test', '{}')",
        )
        .bind(&world.account.sid)
        .bind(&post.id)
        .execute(&mut *held)
        .await
        .expect("an event");
    }
    let writers_held_up = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND query LIKE '%INSERT INTO twilio_event %'";
    // A writer takes all posts that wait, and gives them up together; so that some wait all the
    // time, others come meanwhile.
    let is_over = AtomicBool::new(false);
    let keep_posting = stream::unfold(0, async |n| {
        tokio::time::sleep(SLOW / 4).await;
        (!is_over.load(Ordering::Relaxed)).then_some((n % posts.len(), n + 1))
    })
    .for_each_concurrent(None, async |n| {
        let event = serde_json::json!([posts[n].json()]);
        let status = world.account.post(&world.server.url, &event).await;
        assert_eq!(status, 503, "so that Twilio comes again");
    });
    let watch = async {
        eventually_within(PROCESSED, "both writers are held up", async || {
            (world.rows.count(writers_held_up).await >= 2).then_some(())
        })
        .await;
        work_off(&world, &organization, SLOWLY).await;
        processed().await;
        is_over.store(true, Ordering::Relaxed);
        pauses(&world).await
    };
    let ((), mut rests) = futures::join!(keep_posting, watch);
    // None waits for a moment when a writer has just taken it.
    let two_thirds = TimeDelta::from_std(2 * SLOW).expect("a time");
    rests.retain(|rest| *rest >= two_thirds);
    assert!(
        rests.len() >= 2,
        "each transaction took {SLOW:?} or more: {rests:?}"
    );

    held.rollback().await.expect("a rollback");
    world.post(&posts).await;
    eventually_within(PROCESSED, "the posts are stored", async || {
        let messages = world.rows.messages().await;
        (messages.len() == SLOWLY + 3).then_some(())
    })
    .await;
    processed().await;
    // Both have the same to do besides; nothing waits, so it does not rest. Where other tests use
    // the machine, every pause of a round may be long.
    let shortest_rest = rests.iter().min().expect("a rest");
    let mut without_posts: Vec<TimeDelta> = Vec::new();
    let is_shorter = |pauses: &[TimeDelta]| pauses.iter().any(|pause| pause < shortest_rest);
    for _ in 0..5 {
        world.rows.execute("DELETE FROM watch").await;
        work_off(&world, &organization, SLOWLY).await;
        processed().await;
        without_posts.extend(pauses(&world).await);
        if is_shorter(&without_posts) {
            break;
        }
    }
    assert!(is_shorter(&without_posts), "{without_posts:?} {rests:?}");
}

#[tokio::test]
async fn a_batch_that_loses_a_deadlock_is_processed_again_as_a_batch() {
    let world = World::start().await;
    let text =
        |from: &str, body: &str| TwilioEvent::inbound(&world.account.sid, from, MAIN_LINE, body);
    let customers = ["+12125550101", "+12125550102", "+12125550103"];
    world.organization().await;
    for customer in customers {
        world.post(&[text(customer, "Hello")]).await;
        world.rows.all_events_processed().await;
    }
    let first = world.rows.messages().await.remove(0);
    let first_sid = first.external_id.expect("its SID");
    let conversation_of = "SELECT c.id FROM conversation c JOIN contact o ON o.id = c.contact_id
        WHERE o.phone = $1 FOR UPDATE OF c";

    // The batch has the second conversation, waits for the third, and will then want the first
    // message, whose owner waits for the second conversation: a circle.
    let mut third = world.rows.0.begin().await.expect("a transaction");
    sqlx::query(conversation_of)
        .bind(customers[2])
        .fetch_one(&mut *third)
        .await
        .expect("it is locked");
    let mut owner = world.rows.0.begin().await.expect("a transaction");
    // Postgres ends who looks first.
    sqlx::query("SET LOCAL deadlock_timeout = '10min'")
        .execute(&mut *owner)
        .await
        .expect("it is set");
    sqlx::query("SELECT id FROM message WHERE id = $1 FOR UPDATE")
        .bind(first.id)
        .fetch_one(&mut *owner)
        .await
        .expect("it is locked");
    let again = text(customers[0], "Hello").about(&first_sid);
    let batch = [
        again,
        text(customers[1], "Two"),
        text(customers[2], "Three"),
    ];
    world.post(&batch).await;
    world.rows.waiting_for_locks(1).await;
    let waits = tokio::spawn(async move {
        sqlx::query(conversation_of)
            .bind(customers[1])
            .fetch_one(&mut *owner)
            .await
            .expect("the batch gives way");
        owner.rollback().await.expect("a rollback");
    });
    world.rows.waiting_for_locks(2).await;
    third.rollback().await.expect("a rollback");
    waits.await.expect("it does not panic");

    world.rows.all_events_processed().await;
    assert_eq!(world.rows.messages().await.len(), 5);
    let tries = "SELECT count(*) FROM twilio_event WHERE attempts <> 1";
    assert_eq!(world.rows.count(tries).await, 0);
    let log = world.server.log();
    assert!(!log.contains("one by one"), "{log}");
}
