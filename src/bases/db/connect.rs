use futures::{FutureExt, future::BoxFuture};
use sea_orm::SqlxPostgresConnector;
use secrecy::SecretString;
use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    DatabaseUrlError, Db,
    limit::{ACQUIRE_TIMEOUT, PING_LIMIT},
    parse_database_url, within,
};

// What Postgres does for us when the line is dead: it ends transactions of ours that have fallen
// silent, whose locks would hold up the rest, and finds out that we are gone. Set after connecting,
// because a pooler in between refuses options at the start. A name that this Postgres does not know
// is left out.
const SETTINGS: &str = "
SELECT set_config(known.name, wanted.value, false)
FROM (VALUES ('statement_timeout', '7s'),
             ('idle_in_transaction_session_timeout', '10s'),
             ('client_connection_check_interval', '5s'),
             ('tcp_user_timeout', '10s'),
             ('tcp_keepalives_idle', '5'),
             ('tcp_keepalives_interval', '2'),
             ('tcp_keepalives_count', '3')) AS wanted (name, value)
JOIN pg_settings known ON known.name = wanted.name
";

/// Opens the pool; connections are made as they are needed. An error says what is wrong with the
/// database, and where it is.
pub async fn connect(url: &SecretString, max_connections: u32) -> Result<Db, ConnectError> {
    let options = parse_database_url(url)?
        .application_name("loquent")
        .disable_statement_logging();
    let place = place_of(&options);
    // The pool would hide why behind "timed out".
    let first = within(ACQUIRE_TIMEOUT, open(&options)).await;
    let first = first.map_err(|source| ConnectError::NoConnection { place, source })?;
    drop(first.close().await);
    Ok(Db::new(SqlxPostgresConnector::from_sqlx_postgres_pool(
        pool(max_connections).connect_lazy_with(options),
    )))
}

/// Why the database cannot be used. Never contains its URL, which holds a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(transparent)]
    Url(#[from] DatabaseUrlError),
    #[error("the database at {place} cannot be reached: {source}")]
    NoConnection { place: String, source: sqlx::Error },
}

fn place_of(options: &PgConnectOptions) -> String {
    let host = options.get_host();
    let database = options.get_database().unwrap_or_default();
    format!("{host}:{}/{database}", options.get_port())
}

/// A connection outside of the pool, with the same settings.
pub(super) async fn open(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    settle(&mut connection).await?;
    Ok(connection)
}

pub(super) async fn settle(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute(SETTINGS).await.map(drop)
}

fn pool(max_connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // Our own check below does it, with a limit.
        .test_before_acquire(false)
        .before_acquire(|connection, _| is_alive(connection))
        .after_connect(|connection, _| within(ACQUIRE_TIMEOUT, settle(connection)).boxed())
        // The library's check of a returned connection has no limit: a silent one would keep its
        // place in the pool forever.
        .after_release(|connection, _| is_alive(connection))
}

fn is_alive(connection: &mut PgConnection) -> BoxFuture<'_, Result<bool, sqlx::Error>> {
    async { within(PING_LIMIT, connection.ping()).await.map(|()| true) }.boxed()
}
