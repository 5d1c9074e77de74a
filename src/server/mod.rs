//! The server: start, routes, background work, shutdown.
//!
//! 1. `run` here binds the port. `starting` answers on it until the node can serve.
//! 2. The database is started if it is ours (`embedded_postgres`), connected and migrated
//!    (`newer_schema`, `migrate`), the state is built.
//! 3. Background tasks start under `supervise`; `worker` runs the jobs.
//! 4. `router` holds all routes, `edge` what holds for each request and answer, `connections` the
//!    limits of connections.
//! 5. `listen_task` hears of browser events, `load_events` loads what browsers get for a notice.
//!    `media_check_task` finds out whether files can be stored.

mod connections;
mod edge;
pub mod embedded_postgres;
mod listen_task;
mod load_events;
mod media_check_task;
pub mod migrate;
pub mod newer_schema;
mod router;
mod source_page;
mod starting;
mod supervise;
mod worker;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use connections::serve_connections;
use edge::AnswerHeaders;
use embedded_postgres::{Durability, EmbeddedPostgres, EmbeddedPostgresError};
use listen_task::listen_task;
use media_check_task::media_check_task;
use migrate::migrate;
use newer_schema::{SchemaError, refuse_newer_schema};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, PaginatorTrait};
use secrecy::SecretString;
use starting::StartingServer;
use supervise::supervise;
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        clock::{Clock, clock_task},
        config::Config,
        db::{self, ConnectError, Db},
        health::Health,
        jobs::migrate_jobs,
        media_store::{MediaStore, MediaStoreError},
        realtime::EventHub,
        retry::{BackOff, retry},
        state::AppState,
    },
    entities::{position::Arrivals, user},
    mods::{
        account::services::AccountTokens,
        auth::services::{KeyCheckError, adopt_master_key_service},
        contact::utils::parse_phone_number_util,
        messaging::api::RealtimeSockets,
        twilio::{
            api::TwilioWebhooks,
            jobs::{
                import_task, media_task, message_fetch_task, process_twilio_events_task,
                reconciliation_task,
            },
            services::events::EventWriter,
        },
    },
};

/// A database that starts beside us (a container, a restart) gets this long to answer.
const DATABASE_START: Duration = Duration::from_secs(60);
/// Open requests and running jobs get this long to end after a signal.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(15);

/// The server could not start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error("the port is held by an earlier part of the start")]
    Port,
    #[error(transparent)]
    Postgres(#[from] EmbeddedPostgresError),
    #[error(transparent)]
    Connection(#[from] ConnectError),
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("the database cannot be used: {0}")]
    Database(#[from] DbErr),
    #[error("the job queue cannot be used: {0}")]
    Jobs(#[from] graphile_worker::WorkerBuildError),
    #[error("the HTTP client for Twilio cannot be made: {0}")]
    HttpClient(#[source] reqwest::Error),
    #[error(transparent)]
    MasterKey(#[from] KeyCheckError),
    #[error(transparent)]
    Media(#[from] MediaStoreError),
}

/// Runs the server until `shutdown`: Postgres if it is ours, migrations, background work, HTTP.
///
/// What was accepted before the shutdown is on disk. Work under way gets time to end.
pub async fn run(
    config: Config,
    address: SocketAddr,
    shutdown: CancellationToken,
) -> Result<(), ServerError> {
    // Before anything slow, so that a taken port is reported at once.
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| ServerError::Listen { address, source })?;
    let starting = StartingServer::on(listener);
    let cluster = start_cluster(&config).await?;
    let url = database_url(&config, cluster.as_ref());
    let served = serve(config, url, starting, shutdown).await;
    if let Some(cluster) = cluster {
        cluster.stop().await;
    }
    served
}

async fn start_cluster(config: &Config) -> Result<Option<EmbeddedPostgres>, ServerError> {
    if config.database_url.is_some() {
        return Ok(None);
    }
    let dir = config.data_dir.join("postgres");
    Ok(Some(
        EmbeddedPostgres::start(&dir, Durability::Durable).await?,
    ))
}

/// The address of the database: the configured one, else that of our own cluster.
pub fn database_url(config: &Config, cluster: Option<&EmbeddedPostgres>) -> SecretString {
    match (&config.database_url, cluster) {
        (Some(url), _) => url.clone(),
        (None, Some(cluster)) => cluster.url(),
        (None, None) => unreachable!("without DATABASE_URL there is a cluster"),
    }
}

async fn serve(
    mut config: Config,
    url: SecretString,
    starting: StartingServer,
    shutdown: CancellationToken,
) -> Result<(), ServerError> {
    let db = connect(&url, config.database_max_connections).await?;
    refuse_newer_schema(&db).await?;
    tokio::select! {
        () = shutdown.cancelled() => return Ok(()),
        migrated = migrate(&url) => migrated?,
    }
    config.master_key = adopt_master_key_service(&db, config.master_key).await?;
    say_how_to_begin(&db).await?;
    let clock = Clock::system_ahead_by(config.clock_ahead);
    clock.compare(&db).await?;

    let state = app_state(config, db, clock)?;
    state.media.remove_leftovers().await?;
    let webhooks = TwilioWebhooks {
        config: state.config.clone(),
        tokens: AccountTokens::new(state.config.clone(), state.db.clone()),
        writer: EventWriter::start(&state.db, &state.health, state.events_waiting.clone()),
        arrivals: state.arrivals.clone(),
    };
    // The queue's tables must be there before the first request enqueues a job.
    migrate_jobs(&state.db).await?;
    let background = start_background_work(&state, &webhooks.writer, &shutdown);
    // The rules of phone numbers take a while to load; do it before the first text comes.
    tokio::task::spawn_blocking(|| drop(parse_phone_number_util("+14155550100", "+14155550100")));

    let sockets = RealtimeSockets::new(state.clone(), shutdown.clone());
    let headers = AnswerHeaders::new(&state.config, state.media.origin().await?);
    let router = router::build(&state, webhooks, sockets, headers);
    let has_proxy = state.config.client_address_header.is_some();
    let listener = starting.stop().await.ok_or(ServerError::Port)?;
    tracing::info!(url = state.config.public_url, "Loquent is ready");
    let deadline = async {
        shutdown.cancelled().await;
        tokio::time::sleep(SHUTDOWN_GRACE).await;
    };
    tokio::select! {
        () = serve_connections(listener, router, has_proxy, shutdown.clone()) => {}
        () = deadline => tracing::warn!("some requests did not end in time"),
    }
    if tokio::time::timeout(SHUTDOWN_GRACE, background.join_all())
        .await
        .is_err()
    {
        tracing::warn!("some background work did not end in time; it continues at the next start");
    }
    tracing::info!("Loquent has stopped");
    Ok(())
}

fn app_state(config: Config, db: Db, clock: Clock) -> Result<AppState, ServerError> {
    Ok(AppState {
        media: MediaStore::new(config.s3.as_ref(), config.data_dir.join("media")),
        config: Arc::new(config),
        db,
        hub: EventHub::default(),
        arrivals: Arrivals::new(clock.clone()),
        clock,
        health: Health::default(),
        http: client_of_twilio()?,
        events_waiting: Arc::new(Notify::new()),
    })
}

/// A client that follows no redirects. Only the call for a file needs one, which is followed by
/// hand without the account's token.
fn client_of_twilio() -> Result<reqwest::Client, ServerError> {
    reqwest::Client::builder()
        .user_agent(concat!("Loquent/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(ServerError::HttpClient)
}

fn start_background_work(
    state: &AppState,
    writer: &EventWriter,
    shutdown: &CancellationToken,
) -> JoinSet<()> {
    let mut tasks = Background {
        state,
        shutdown,
        tasks: JoinSet::new(),
    };
    let writer = writer.clone();
    tasks.spawn("job worker", worker::run);
    tasks.spawn("events", move |state, stop| {
        process_twilio_events_task(state, writer.clone(), stop)
    });
    tasks.spawn("history sync", import_task);
    tasks.spawn("message fetch", message_fetch_task);
    tasks.spawn("reconciliation", reconciliation_task);
    tasks.spawn("media", media_task);
    tasks.spawn("media store", |state, stop| {
        media_check_task(state.media, state.health, stop)
    });
    tasks.spawn("clock", |state, stop| {
        clock_task(state.clock, state.db, state.health, stop)
    });
    tasks.spawn("realtime listener", |state, stop| {
        listen_task(state.db, state.health, state.hub, stop)
    });
    tasks.tasks
}

/// Tasks that run until shutdown.
struct Background<'a> {
    state: &'a AppState,
    shutdown: &'a CancellationToken,
    tasks: JoinSet<()>,
}

impl Background<'_> {
    fn spawn<F>(
        &mut self,
        name: &'static str,
        task: impl Fn(AppState, CancellationToken) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (state, stop) = (self.state.clone(), self.shutdown.clone());
        let start = move || task(state.clone(), stop.clone());
        self.tasks
            .spawn(supervise(name, self.shutdown.clone(), start));
    }
}

/// Waits for a database that is still starting, and logs what it waits for.
pub async fn connect(url: &SecretString, max_connections: u32) -> Result<Db, ConnectError> {
    let pauses = BackOff::every(Duration::from_secs(1));
    let connect = || db::connect(url, max_connections);
    retry("the database", &pauses, DATABASE_START, |_| true, connect).await
}

async fn say_how_to_begin(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if user::Entity::find().count(db).await? == 0 {
        tracing::warn!(
            "there is no user yet; create one with `loquent org create --name \"My company\"` and \
             `loquent user create --organization \"My company\" --email me@example.com --name Me --role owner`"
        );
    }
    Ok(())
}
