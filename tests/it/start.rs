//! A start that has to wait, or cannot be.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::support::{
    ObjectStore, Program, TestDatabase, World, eventually, free_port, server_program,
};

/// The server waits a minute for a database that is only late.
const AT_ONCE: Duration = Duration::from_secs(30);

fn serve(database_url: &str, port: u16, directory: &TempDir) -> Command {
    let mut command = Command::new(server_program());
    command
        .arg("serve")
        .current_dir(directory.path())
        .env("DATABASE_URL", database_url)
        .env("IP", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("LOQUENT_DATA_DIR", directory.path())
        .env("LOQUENT_MASTER_KEY", "00".repeat(32))
        .env("RUST_LOG", "info")
        .stdin(Stdio::null());
    command
}

#[tokio::test]
async fn an_address_of_the_database_that_cannot_be_read_is_refused_at_once_and_never_shown() {
    for url in [
        "postgres://me:hush#4711@127.0.0.1:5432/sms",
        "postgres://me:4711/hush@127.0.0.1:5432/sms",
        "mysql://me:hush@127.0.0.1:3306/sms",
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let begin = Instant::now();
        let mut command = serve(url, free_port(), &directory);
        let output = tokio::task::spawn_blocking(move || command.output());
        let output = output.await.expect("it runs").expect("it starts");
        assert!(begin.elapsed() < AT_ONCE);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(said.contains("DATABASE_URL"), "{said}");
        assert!(!said.contains("hush") && !said.contains("4711"), "{said}");
    }
}

#[tokio::test]
async fn a_server_without_its_database_lives_and_says_what_it_waits_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let (port, nobody) = (free_port(), free_port());
    let log = directory.path().join("log");
    let mut command = serve(
        &format!("postgres://me:hush@127.0.0.1:{nobody}/sms"),
        port,
        &directory,
    );
    command.stderr(fs::File::create(&log).expect("a file"));
    let mut program = Program::start(command);
    let get = async |path: &str| {
        let answer = reqwest::get(format!("http://127.0.0.1:{port}{path}"))
            .await
            .ok()?;
        Some(answer.status().as_u16())
    };
    eventually("it lives", async || {
        (get("/healthz").await == Some(200)).then_some(())
    })
    .await;
    assert_eq!(get("/readyz").await, Some(503));
    let said = eventually("it says what it waits for", async || {
        let said = fs::read_to_string(&log).expect("the log");
        said.contains(&format!("127.0.0.1:{nobody}/sms"))
            .then_some(said)
    })
    .await;
    assert!(said.contains("refused") && !said.contains("hush"), "{said}");
    assert!(program.try_wait().is_none(), "it goes on trying");
}

#[tokio::test]
async fn a_bucket_that_refuses_is_said_at_the_start_and_the_rest_works() {
    let bucket = ObjectStore::start().await;
    let mut environment = bucket.environment();
    environment.retain(|(name, _)| *name != "AWS_SECRET_ACCESS_KEY");
    environment.push(("AWS_SECRET_ACCESS_KEY", "another".to_owned()));
    let database = TestDatabase::create().await;
    let url = database.url.clone();
    let world = World::with_twilio_and(database, url, environment).await;
    let words = eventually("the node tells", async || {
        let ready = reqwest::get(format!("{}/readyz", world.server.url))
            .await
            .ok()?;
        assert!(ready.status().is_success(), "texts come in all the same");
        let words = ready.text().await.ok()?;
        words.contains("files cannot be stored").then_some(words)
    })
    .await;
    assert!(words.contains("bucket"), "{words}");
    let log = world.server.log();
    assert_eq!(log.matches("files cannot be stored").count(), 1, "{log}");
}

#[tokio::test]
async fn a_database_that_a_later_version_has_worked_on_is_named_so() {
    let database = TestDatabase::create().await;
    let mut connection = PgConnection::connect(&database.url)
        .await
        .expect("it answers");
    sqlx::query("INSERT INTO seaql_migrations VALUES ('m29990101_000000_later', 0)")
        .execute(&mut connection)
        .await
        .expect("a step");
    let directory = tempfile::tempdir().expect("a directory");
    let mut command = serve(&database.url, free_port(), &directory);
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("it runs").expect("it starts");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("newer than this program"), "{said}");
    assert!(said.contains("m29990101_000000_later"), "{said}");
}
