//! The schema changes while others work on the database.

use std::{
    fs::File,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use loquent::bases::db::{self, Db};
use migration::{ConcurrentIndex, IndexKind, SchemaManager};
use sea_orm::ConnectionTrait;
use sqlx::Executor;

use crate::{
    sending::send,
    support::{CUSTOMER, TestDatabase, World, eventually},
};

/// Takes back the last step that has a lock of `message_event` to itself. The present program works
/// without it, as the version before did.
const TAKE_BACK: &str = "
CREATE UNIQUE INDEX message_event_org_message_key
    ON message_event (organization_id, message_id, dedup_key);
DROP INDEX message_event_message_key;
DROP INDEX message_attempt_message;
DELETE FROM seaql_migrations WHERE version = 'm20261120_175900_message_event_index_order';
";
/// Twilio waits for 5 s. Far less is to be expected; without a limit of the lock it would be for as
/// long as the reader reads.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_step_that_waits_for_a_reader_keeps_nobody_from_working_and_goes_on_when_it_ends() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world
        .rows
        .0
        .execute(TAKE_BACK)
        .await
        .expect("it is taken back");
    // As `pg_dump` does.
    let mut reader = world.rows.0.begin().await.expect("a transaction");
    for statement in [
        // It reads for as long as it likes.
        "SET LOCAL idle_in_transaction_session_timeout = 0",
        "SELECT count(*) FROM message_event",
    ] {
        sqlx::query(statement)
            .execute(&mut *reader)
            .await
            .expect("it reads");
    }

    let directory = tempfile::tempdir().expect("a directory");
    let logs = ["one", "two"].map(|name| directory.path().join(name));
    let mut nodes = logs.clone().map(|log| {
        let log = File::create(log).expect("a log");
        let command = world.server.command(&["migrate"]);
        tokio::process::Command::from(command)
            .stdin(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts")
    });
    let said = |words: &str| {
        let read = |log: &Path| std::fs::read_to_string(log).unwrap_or_default();
        logs.iter()
            .map(|log| read(log).matches(words).count())
            .sum::<usize>()
    };
    eventually("one node tries, the other waits for it", async || {
        let begun = Instant::now();
        send(&agent, &organization, CUSTOMER, "Hello").await.ok();
        assert!(
            begun.elapsed() < PATIENCE,
            "a text took {:?}",
            begun.elapsed()
        );
        let (tries, waits) = (said("trying again"), said("another node is changing"));
        (tries >= 3 && waits == 1).then_some(())
    })
    .await;
    let done = "SELECT count(*) FROM seaql_migrations
                WHERE version = 'm20261120_175900_message_event_index_order'";
    assert_eq!(world.rows.count(done).await, 0);

    reader.rollback().await.expect("it ends");
    for node in &mut nodes {
        assert!(node.wait().await.expect("it ends").success());
    }
    assert_eq!(world.rows.count(done).await, 1);
    send(&agent, &organization, CUSTOMER, "Still there")
        .await
        .ok();
}

/// A database with a table whose rows are not unique.
async fn doubled() -> (TestDatabase, Db) {
    let database = TestDatabase::create().await;
    let db = db::connect(&database.url.clone().into(), 5)
        .await
        .expect("it answers");
    let table = "CREATE TABLE doubled (id integer); INSERT INTO doubled VALUES (1), (1)";
    db.execute_unprepared(table).await.expect("a table");
    (database, db)
}

const UNIQUE: ConcurrentIndex = ConcurrentIndex {
    name: "doubled_id",
    kind: IndexKind::Unique,
    on: "doubled (id)",
};

#[tokio::test]
async fn a_half_built_index_is_built_again() {
    let (_database, db) = doubled().await;
    let manager = SchemaManager::new(&*db);
    UNIQUE
        .create(&manager)
        .await
        .expect_err("two rows are the same");
    db.execute_unprepared("TRUNCATE doubled")
        .await
        .expect("they go");
    UNIQUE.create(&manager).await.expect("it is made");
    // A step that was ended before it was noted runs again.
    UNIQUE.create(&manager).await.expect("it is there");
    let broken = "DO $$ BEGIN ASSERT (SELECT indisvalid FROM pg_index
                  WHERE indexrelid = 'doubled_id'::regclass); END $$";
    db.execute_unprepared(broken).await.expect("it is whole");
    UNIQUE.remove(&manager).await.expect("it goes");
    UNIQUE.remove(&manager).await.expect("it is gone");
}

#[tokio::test]
async fn rows_are_written_while_an_index_is_made() {
    let (database, db) = doubled().await;
    let plain = ConcurrentIndex {
        kind: IndexKind::Plain,
        ..UNIQUE
    };
    let pool = db.get_postgres_connection_pool();
    let mut older = pool.begin().await.expect("a transaction");
    sqlx::query("INSERT INTO doubled VALUES (2)")
        .execute(&mut *older)
        .await
        .expect("a row");
    let other = db::connect(&database.url.clone().into(), 1)
        .await
        .expect("it answers");
    let building = tokio::spawn(async move { plain.create(&SchemaManager::new(&*other)).await });
    eventually("it waits for the older transaction", async || {
        let waiting = "SELECT count(*) FROM pg_stat_progress_create_index
             WHERE datname = current_database() AND phase LIKE 'waiting%'";
        let waiting: i64 = sqlx::query_scalar(waiting)
            .fetch_one(pool)
            .await
            .expect("a count");
        (waiting == 1).then_some(())
    })
    .await;
    let mut writer = pool.acquire().await.expect("a connection");
    for statement in [
        "SET statement_timeout = '10s'",
        "INSERT INTO doubled VALUES (3)",
    ] {
        sqlx::query(statement)
            .execute(&mut *writer)
            .await
            .expect("nobody is kept out");
    }
    assert!(!building.is_finished());
    older.commit().await.expect("it ends");
    building.await.expect("no panic").expect("it is made");
}
