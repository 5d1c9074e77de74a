//! From the first schema to the present one, step by step, while the first version works on it.
//!
//! There is no program of the first version here. What works on the database are its statements, as
//! its services wrote them: the intake of events, their processing, the inbox, sending, sign-ins.
//! If one of them fails at any step, that step would have broken a running node.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use loquent::{entities::states::Role, server::migrate::Migrations};
use sqlx::{AssertSqlSafe, Executor, PgPool, postgres::PgPoolOptions};
use tokio::task::JoinSet;

use crate::support::{Agent, TestDatabase, World};

/// The last step of the first version.
const FIRST_VERSION: &str = "m20261120_080700_message_attempt_create";
/// What a node of the first version allows a statement.
const STATEMENT_TIMEOUT: &str = "SET statement_timeout = '30s'";

const FILL: &str = r#"
INSERT INTO organization (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'Alder Home');
INSERT INTO "user" (id, email, name, password_hash)
VALUES ('00000000-0000-7000-8000-000000000002', 'first@example.com', 'First', 'x');
INSERT INTO membership (organization_id, user_id, role)
VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002', 'agent');
INSERT INTO phone_number (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
VALUES ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001',
        'AC1', 'PN1', '+14155550134', 'Main line');
INSERT INTO contact (id, organization_id, phone, source)
SELECT gen_random_uuid(), '00000000-0000-7000-8000-000000000001', '+1415600' || lpad(n::text, 4, '0'), 'sms'
FROM generate_series(1, 2000) n;
INSERT INTO message (id, organization_id, contact_id, phone_number_id, direction, body,
                     from_address, to_address, status, external_id, created_at)
SELECT gen_random_uuid(), c.organization_id, c.id, '00000000-0000-7000-8000-000000000003', 'inbound',
       'Text ' || n, c.phone, '+14155550134', 'received', 'SM' || md5(c.phone || n), now() - n * interval '1 hour'
FROM contact c, generate_series(1, 10) n;
INSERT INTO message_event (organization_id, message_id, status, source, applied, dedup_key, occurred_at)
SELECT organization_id, id, status, 'event', true, external_id, created_at FROM message;
INSERT INTO conversation (id, organization_id, contact_id, last_message_id, last_message_at)
SELECT DISTINCT ON (contact_id) gen_random_uuid(), organization_id, contact_id, id, created_at
FROM message ORDER BY contact_id, created_at DESC;
INSERT INTO twilio_event (account_sid, event_id, event_type, payload, state)
SELECT 'AC1', 'EV' || n, 'com.twilio.messaging.inbound-message.received', '{}', 'processed'
FROM generate_series(1, 5000) n;
"#;

/// Statements that a node runs in one transaction, with a number that is different each time.
const WORK: [&[&str]; 5] = [
    // Events come in.
    &[
        "INSERT INTO twilio_event (account_sid, event_id, event_type, payload)
         VALUES ('AC1', 'new' || $1::bigint, 'com.twilio.messaging.inbound-message.received', '{}')
         ON CONFLICT (account_sid, event_id) DO NOTHING",
    ],
    // They are processed.
    &[
        "UPDATE twilio_event SET attempts = attempts + 1 WHERE $1::bigint > 0 AND id IN
         (SELECT id FROM twilio_event WHERE state = 'pending' AND next_attempt_at <= now()
          ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)",
        "INSERT INTO contact (id, organization_id, phone, source)
         VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', '+1415700' || $1::bigint % 100, 'sms')
         ON CONFLICT (organization_id, phone) DO NOTHING",
        "INSERT INTO message (id, organization_id, contact_id, phone_number_id, direction, body,
                              from_address, to_address, status, external_id, created_at)
         SELECT gen_random_uuid(), organization_id, id, '00000000-0000-7000-8000-000000000003', 'inbound',
                'New', phone, '+14155550134', 'received', 'new' || $1::bigint, now()
         FROM contact WHERE organization_id = '00000000-0000-7000-8000-000000000001'
           AND phone = '+1415700' || $1::bigint % 100
         ON CONFLICT (organization_id, external_id) DO NOTHING",
        "INSERT INTO message_event (organization_id, message_id, status, source, applied, dedup_key, occurred_at)
         SELECT organization_id, id, 'received', 'event', true, external_id, now() FROM message
         WHERE organization_id = '00000000-0000-7000-8000-000000000001' AND external_id = 'new' || $1::bigint
         ON CONFLICT (organization_id, message_id, dedup_key) DO NOTHING",
        "INSERT INTO conversation (id, organization_id, contact_id, last_message_at, unread_count)
         SELECT gen_random_uuid(), organization_id, id, now(), 1 FROM contact
         WHERE organization_id = '00000000-0000-7000-8000-000000000001' AND phone = '+1415700' || $1::bigint % 100
         ON CONFLICT (organization_id, contact_id)
         DO UPDATE SET last_message_at = EXCLUDED.last_message_at, unread_count = conversation.unread_count + 1",
        "UPDATE twilio_event SET state = 'processed', processed_at = now()
         WHERE account_sid = 'AC1' AND event_id = 'new' || $1::bigint",
    ],
    // The inbox is read.
    &[
        "SELECT c.id, k.phone, k.first_name, c.unread_count FROM conversation c
         JOIN contact k ON k.id = c.contact_id
         WHERE c.organization_id = '00000000-0000-7000-8000-000000000001' AND $1::bigint > 0
         ORDER BY c.last_message_at DESC, c.id DESC LIMIT 50",
        "SELECT id, body, status, error_code, num_media, sent_by_user_id FROM message
         WHERE organization_id = '00000000-0000-7000-8000-000000000001' AND $1::bigint > 0
         ORDER BY created_at DESC, id DESC LIMIT 50",
    ],
    // A text is sent.
    &[
        "INSERT INTO message (id, organization_id, contact_id, phone_number_id, direction, body,
                              from_address, to_address, status, client_key, sent_by_user_id, created_at)
         SELECT gen_random_uuid(), organization_id, id, '00000000-0000-7000-8000-000000000003', 'outbound',
                'Sent ' || $1::bigint, '+14155550134', phone, 'queued', gen_random_uuid(),
                '00000000-0000-7000-8000-000000000002', now()
         FROM contact WHERE organization_id = '00000000-0000-7000-8000-000000000001' LIMIT 1",
        "UPDATE message SET status = 'sent', external_id = 'sent' || $1::bigint, sent_at = now(), updated_at = now()
         WHERE organization_id = '00000000-0000-7000-8000-000000000001' AND body = 'Sent ' || $1::bigint
           AND external_id IS NULL",
    ],
    // Somebody signs in, and out.
    &[
        "INSERT INTO login_attempt (email, address, attempted_at)
         VALUES ('a' || $1::bigint || '@example.com', '192.0.2.1', now())",
        "INSERT INTO session (token_hash, data, expires_at)
         VALUES (decode(md5('session' || $1::bigint), 'hex'), '{}', now() + interval '1 day')
         ON CONFLICT (token_hash) DO UPDATE SET data = EXCLUDED.data, expires_at = EXCLUDED.expires_at",
        "SELECT data FROM session WHERE token_hash = decode(md5('session' || $1::bigint), 'hex')",
        "DELETE FROM session WHERE token_hash = decode(md5('session' || $1::bigint), 'hex')",
    ],
];

#[tokio::test]
async fn the_first_schema_becomes_the_present_one_while_the_first_version_works() {
    // The first of a process removes what others have left, and this one would be among it.
    drop(TestDatabase::create().await);
    let admin = std::env::var("TEST_DATABASE_URL").expect("a superuser's URL");
    let database = TestDatabase::create_in(&admin).await;
    let migrations = Migrations::begin(&database.url.clone().into())
        .await
        .expect("the lock");
    while migrations
        .step()
        .await
        .expect("a step")
        .expect("more steps")
        != FIRST_VERSION
    {}
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(STATEMENT_TIMEOUT).await.map(drop) })
        })
        .connect(&database.url)
        .await
        .expect("it answers");
    pool.execute(FILL).await.expect("rows");

    let stop = Arc::new(AtomicBool::new(false));
    let rounds = Arc::new(AtomicUsize::new(0));
    let mut first_version = JoinSet::new();
    for statements in WORK {
        first_version.spawn(work(pool.clone(), statements, stop.clone(), rounds.clone()));
    }
    first_version.spawn(read_long(pool.clone(), stop.clone()));
    let mut steps = 0;
    while migrations.step().await.expect("a step").is_some() {
        steps += 1;
        // The first version works on the schema of each step, not only on the last.
        let before = rounds.load(Ordering::Relaxed);
        while rounds.load(Ordering::Relaxed) < before + 2 * WORK.len() {
            assert!(
                first_version.try_join_next().is_none(),
                "it failed after step {steps}"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = first_version.join_next().await {
        ended.expect("a statement of the first version failed");
    }
    migrations.end().await.expect("it ends");
    assert!(steps > 20, "{steps} steps");
    let lost: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM twilio_event WHERE event_id LIKE 'EV%') + (SELECT count(*) FROM message WHERE body LIKE 'Text %') - 25000",
    )
    .fetch_one(&pool)
    .await
    .expect("a count");
    assert_eq!(lost, 0);
    pool.close().await;
    present_version_works(database).await;
}

async fn work(
    pool: PgPool,
    statements: &'static [&'static str],
    stop: Arc<AtomicBool>,
    rounds: Arc<AtomicUsize>,
) {
    for n in 1_i64.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        while let Err(error) = run(&pool, statements, n).await {
            // One of two that wait for each other is ended; a node does the same again.
            let code = error.as_database_error().and_then(|error| error.code());
            assert_eq!(code.as_deref(), Some("40P01"), "{error}: {statements:?}");
        }
        rounds.fetch_add(1, Ordering::Relaxed);
    }
}

async fn run(pool: &PgPool, statements: &'static [&'static str], n: i64) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    for statement in statements {
        sqlx::query(AssertSqlSafe(*statement))
            .bind(n)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

/// As a report or `pg_dump` does: every table is held for longer than a step waits for it.
async fn read_long(pool: PgPool, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        let mut transaction = pool.begin().await.expect("a transaction");
        for table in [
            "message",
            "message_event",
            "twilio_event",
            "contact",
            "session",
        ] {
            let read = format!("SELECT count(*) FROM {table}");
            transaction
                .execute(AssertSqlSafe(read))
                .await
                .expect("it reads");
        }
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        transaction.commit().await.expect("a commit");
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
}

/// The program of now shows what the first version has left.
async fn present_version_works(database: TestDatabase) {
    let world = World::start_on(database).await;
    let organization = "00000000-0000-7000-8000-000000000001"
        .parse()
        .expect("an id");
    let (email, password) = world.user_of(organization, Role::Agent).await;
    let mut agent = Agent::signed_out(&world.server.url);
    agent.log_in(&email, &password).await.ok();
    let list = agent.get("/api/conversations").await.ok();
    let conversations = list["conversations"].as_array().expect("a list");
    assert!(conversations.len() > 20, "{list}");
}
