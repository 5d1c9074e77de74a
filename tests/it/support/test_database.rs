use std::{
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

use super::{eventually, server_program};

/// Names of all databases of these tests begin so.
const PREFIX: &str = "loquent_it_";
/// The job would ask Twilio in the middle of any test that runs in the 47th minute of an hour. One
/// that has run far in the future is not due.
const NO_HOURLY_CHECK: &str = "INSERT INTO graphile_worker._private_known_crontabs
         (identifier, known_since, last_execution)
     VALUES ('check_twilio_accounts', now(), '2999-01-01')";

/// An empty, migrated database that goes with this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// URL for the server.
    pub url: String,
    name: String,
    admin_url: String,
}

impl TestDatabase {
    /// A new one in the cluster of `TEST_DATABASE_URL`: a copy of one that was migrated once.
    pub async fn create() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let admin_url = admin_url();
        let template = TEMPLATE.get_or_init(|| make_template(&admin_url)).await;
        let name = new_name();
        eventually("a database can be copied", async || {
            let copy = format!("CREATE DATABASE {name} TEMPLATE {template}");
            execute(&admin_url, &copy).await.ok()
        })
        .await;
        Self {
            url: with_database(&admin_url, &name),
            name,
            admin_url,
        }
    }

    /// A new, empty one in another cluster; whoever uses it first migrates it.
    pub async fn create_in(admin_url: &str) -> Self {
        let name = new_name();
        execute(admin_url, &format!("CREATE DATABASE {name}"))
            .await
            .expect("a database can be made");
        Self {
            url: with_database(admin_url, &name),
            name,
            admin_url: admin_url.to_owned(),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop_it = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let admin_url = self.admin_url.clone();
        // The runtime of the test cannot be waited for from here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            // A cluster of the test's own may be gone already, and the database with it.
            runtime.map(|runtime| runtime.block_on(execute(&admin_url, &drop_it)))
        });
        drop(dropped.join());
    }
}

fn admin_url() -> String {
    std::env::var("TEST_DATABASE_URL")
        .expect("set TEST_DATABASE_URL to a superuser's URL, or use `cargo xtask test --only it`")
}

/// The name says which process it belongs to, so that left-overs can be told.
fn new_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}_{number}", std::process::id())
}

async fn make_template(admin_url: &str) -> String {
    drop_leftovers(admin_url).await;
    let name = new_name();
    execute(admin_url, &format!("CREATE DATABASE {name}"))
        .await
        .expect("TEST_DATABASE_URL is a superuser's");
    let migrated = Command::new(server_program())
        .arg("migrate")
        .env("DATABASE_URL", with_database(admin_url, &name))
        .env("LOQUENT_MASTER_KEY", "00".repeat(32))
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .output()
        .expect("the server's program starts");
    let errors = String::from_utf8_lossy(&migrated.stderr);
    assert!(migrated.status.success(), "`migrate` failed: {errors}");
    execute(&with_database(admin_url, &name), NO_HOURLY_CHECK)
        .await
        .expect("`migrate` makes the tables of the jobs");
    name
}

/// Databases of test processes that ended long ago. One of them may have had our own number, as in
/// a container; this process has none yet.
async fn drop_leftovers(admin_url: &str) {
    let mut connection = PgConnection::connect(admin_url)
        .await
        .expect("TEST_DATABASE_URL answers");
    let names: Vec<(String,)> =
        sqlx::query_as("SELECT datname::text FROM pg_database WHERE datname LIKE $1")
            .bind(format!("{PREFIX}%"))
            .fetch_all(&mut connection)
            .await
            .expect("the catalogue can be read");
    let own_pid = std::process::id().to_string();
    let is_dead = |name: &str| {
        let pid = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split('_').next());
        pid.is_some_and(|pid| pid == own_pid || !std::path::Path::new("/proc").join(pid).exists())
    };
    for (name,) in names.into_iter().filter(|(name,)| is_dead(name)) {
        // Another test process may be doing the same.
        drop(execute(admin_url, &format!("DROP DATABASE {name} WITH (FORCE)")).await);
    }
}

async fn execute(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute(AssertSqlSafe(sql.to_owned())).await?;
    connection.close().await
}

fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("the URL names a database");
    format!("{server}/{name}")
}
