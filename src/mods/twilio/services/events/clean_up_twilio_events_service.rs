use chrono::{DateTime, TimeDelta, Utc};

use crate::bases::{db::Db, error::AppError, sql};

/// Twilio repeats an event for 4 hours at most; its contents stay in the message's delivery log.
const KEEP: TimeDelta = TimeDelta::days(30);
/// Rows that one statement looks at, so that it holds no lock for long.
const BATCH: i64 = 10_000;

// From the oldest on by the primary key, which is the order of arrival: each row that is old is read
// once, and of the young ones no more than a statement's. Parked events stay: somebody has to look
// at them. As an array, so that their number never makes the planner read the whole table.
const DELETE: &str = "
WITH oldest AS MATERIALIZED (
    SELECT id, received_at < $1 AS is_old, state IN ('processed', 'ignored') AS is_done
    FROM twilio_event WHERE id > $2 ORDER BY id LIMIT $3
), gone AS (
    DELETE FROM twilio_event
    WHERE id = ANY (ARRAY (SELECT id FROM oldest WHERE is_old AND is_done))
)
SELECT max(id) AS last FROM oldest HAVING count(*) = $3 AND bool_or(is_old)
";

/// Daily counts are deleted after this; there is one row for each type and day.
const KEEP_TALLY: TimeDelta = TimeDelta::days(90);
const DELETE_TALLY: &str = "DELETE FROM twilio_event_tally WHERE day < $1";

/// Removes events that were processed longer ago than they can come again.
pub async fn clean_up_twilio_events_service(db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
    let old = (now - KEEP_TALLY).date_naive();
    let transaction = db.begin_long().await?;
    sql::run(&transaction, DELETE_TALLY, [old.into()]).await?;
    transaction.commit().await?;
    let mut after = Some(0);
    while let Some(last) = after {
        let values = [(now - KEEP).into(), last.into(), BATCH.into()];
        let transaction = db.begin_long().await?;
        let row = sql::first(&transaction, DELETE, values).await?;
        transaction.commit().await?;
        after = row.map(|row| row.try_get::<i64>("", "last")).transpose()?;
    }
    Ok(())
}
