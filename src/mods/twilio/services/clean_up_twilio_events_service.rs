use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::bases::{db::Db, error::AppError};

/// Twilio repeats an event for 4 hours at most; what it said stays in the message's audit.
const KEEP: TimeDelta = TimeDelta::days(30);
/// One statement removes so many, so that it holds no lock for long.
const BATCH: i64 = 10_000;

// Oldest first, by the primary key, which is the order of arrival. Parked events stay: somebody
// has to look at them.
const DELETE: &str = "
DELETE FROM twilio_event WHERE id IN (
    SELECT id FROM twilio_event
    WHERE state IN ('processed', 'ignored') AND received_at < $1
    ORDER BY id LIMIT $2)
";

/// How many events came on a day is of no interest after that; it is a row for each type.
const KEEP_TALLY: TimeDelta = TimeDelta::days(90);
const DELETE_TALLY: &str = "DELETE FROM twilio_event_tally WHERE day < $1";

/// Removes events that were worked off longer ago than they can come again.
pub async fn clean_up_twilio_events_service(db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
    let old = (now - KEEP_TALLY).date_naive();
    delete(db, DELETE_TALLY, vec![old.into()]).await?;
    loop {
        let values = vec![(now - KEEP).into(), BATCH.into()];
        if delete(db, DELETE, values).await? < BATCH.unsigned_abs() {
            return Ok(());
        }
    }
}

async fn delete(db: &Db, sql: &str, values: Vec<Value>) -> Result<u64, AppError> {
    let transaction = db.begin_long().await?;
    let delete = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let removed = transaction.execute_raw(delete).await?.rows_affected();
    transaction.commit().await?;
    Ok(removed)
}
