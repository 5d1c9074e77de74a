use chrono::{DateTime, TimeDelta, Utc};

use crate::bases::{db::Db, error::AppError, sql};

/// Old runs are of interest for this long.
const KEEP: TimeDelta = TimeDelta::days(30);

// A number has some 24 runs a day, so the table is small enough to be read as a whole once an hour.
// Runs that found something stay, and so does each number's last success: the next run begins
// there.
const DELETE: &str = "
DELETE FROM twilio_reconciliation r
WHERE r.state <> 'running' AND r.missing + r.repaired = 0 AND r.started_at < $1
  AND EXISTS (
    SELECT 1 FROM twilio_reconciliation newer
    WHERE newer.phone_number_id = r.phone_number_id AND newer.state = 'done'
      AND newer.started_at > r.started_at)
";

/// Removes old reconciliations that found nothing.
pub async fn clean_up_reconciliations_service(db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
    let values = [(now - KEEP).into()];
    let transaction = db.begin_long().await?;
    sql::run(&transaction, DELETE, values).await?;
    Ok(transaction.commit().await?)
}
