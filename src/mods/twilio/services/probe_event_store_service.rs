use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, Statement, TransactionTrait};
use tokio::{sync::Mutex, time::Instant};
use uuid::Uuid;

use crate::bases::{
    db::{Db, describe_db_error},
    health::{Health, Part},
};

/// What was found out a moment ago holds for all who ask now.
const FRESH_FOR: Duration = Duration::from_secs(1);

// A row like those of events, which is taken back: that it can be written is what is to be known.
// Its id is its own, so that nodes do not wait for each other.
const INSERT: &str = "
INSERT INTO twilio_event (account_sid, event_id, event_type, payload)
VALUES ('AC00000000000000000000000000000000', $1, 'loquent.probe', '{}')
";

/// When the last probe went well or not.
#[derive(Debug, Default)]
pub struct EventStoreProbe(Mutex<Option<Instant>>);

/// Finds out whether an event could be stored: with a database that is full or read-only, reading
/// still works. Without it a node that gets no posts, because it is not ready, would never learn
/// that it could take them again.
pub async fn probe_event_store_service(db: &Db, health: &Health, probe: &EventStoreProbe) {
    let mut last = probe.0.lock().await;
    if last.is_some_and(|last| last.elapsed() < FRESH_FOR) {
        return;
    }
    match try_to_store(db).await {
        Ok(()) => health.works(Part::Storing),
        Err(error) => health.fails(Part::Storing, &describe_db_error(&error)),
    }
    *last = Some(Instant::now());
}

async fn try_to_store(db: &Db) -> Result<(), DbErr> {
    let transaction = db.begin().await?;
    let values = [Uuid::now_v7().to_string().into()];
    let insert = Statement::from_sql_and_values(db.get_database_backend(), INSERT, values);
    transaction.execute_raw(insert).await?;
    transaction.rollback().await
}
