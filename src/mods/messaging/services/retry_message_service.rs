use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, TransactionTrait};

use super::find_messages_by_ids;
use crate::{
    bases::{
        config::Config,
        db::{Db, DbTransaction},
        error::AppError,
        ids::{MessageId, OrganizationId},
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
    },
    entities::{opt_out, states::LogSource},
    mods::{
        auth::types::CurrentUser,
        messaging::{jobs::SendMessageJob, types::Message},
        phone::services::find_live_number_service,
    },
};

#[derive(FromQueryResult)]
struct Reset {
    attempt: i32,
}

const LOCK: &str = "SELECT id FROM message WHERE organization_id = $1 AND id = $2 FOR UPDATE";

fn opted_out_sql() -> String {
    format!(
        "SELECT c.id FROM message m JOIN contact c ON c.id = m.contact_id
         WHERE m.organization_id = $1 AND m.id = $2 AND {}",
        opt_out::is_closed("c", "m.from_address")
    )
}

const KEEP_OLD_SID: &str = "
INSERT INTO message_attempt (organization_id, external_id, message_id, attempt)
SELECT organization_id, external_id, id, attempt FROM message
WHERE organization_id = $1 AND id = $2 AND external_id IS NOT NULL
ON CONFLICT DO NOTHING
";

const RESET: &str = "
UPDATE message SET
    attempt = attempt + 1, status = 'queued', external_id = NULL, error_code = NULL,
    error_message = NULL, sent_at = NULL, delivered_at = NULL, send_started_at = NULL,
    outcome_unknown_at = NULL, delay_reason = NULL, updated_at = $3
WHERE organization_id = $1 AND id = $2
RETURNING attempt
";

const AUDIT: &str = "
INSERT INTO message_event
    (organization_id, message_id, status, source, applied, dedup_key, occurred_at, user_id)
VALUES ($1, $2, 'queued', $3, true, $4, $5, $6)
";

/// Sends a failed message again, as a new attempt on the same row; the errors of the earlier
/// attempt stay in its delivery log. 404 if it is not there, 409 unless it is known to have failed,
/// and where the customer has opted out.
pub async fn retry_message_service(
    db: &Db,
    config: &Config,
    user: &CurrentUser,
    id: MessageId,
    now: DateTime<Utc>,
) -> Result<Message, AppError> {
    let organization = user.organization_id;
    let transaction = db.begin().await?;
    check_retry(&transaction, config, organization, id).await?;
    let attempt = begin_attempt(&transaction, user, id, now).await?;
    SendMessageJob::first(organization, id, attempt)
        .enqueue(&transaction, Duration::ZERO)
        .await?;
    let notice = RealtimeNotice::new(organization, EventKind::MessageStatus, id);
    publish_realtime(&transaction, &[notice]).await?;
    // Before the commit, so that an accepted text is never answered with an error.
    let message = find_messages_by_ids(&transaction, organization, &[id])
        .await?
        .pop()
        .ok_or(AppError::Internal)?;
    transaction.commit().await?;
    Ok(message)
}

/// Locks the message, and says why it may not be sent again.
async fn check_retry(
    conn: &DbTransaction,
    config: &Config,
    organization: OrganizationId,
    id: MessageId,
) -> Result<(), AppError> {
    let key = || [organization.into(), id.into()];
    // The lock makes two clicks one retry: the second sees a message that is queued.
    let locked = sql::first(conn, LOCK, key()).await?;
    locked.ok_or_else(|| AppError::not_found("message"))?;
    let message = find_messages_by_ids(conn, organization, &[id]).await?.pop();
    let message = message.ok_or_else(|| AppError::not_found("message"))?;
    if !message.can_retry {
        return Err(AppError::conflict(
            "Only a message of ours that is known to have failed can be sent again.",
        ));
    }
    let number = message.phone_number_id;
    let number = number.ok_or_else(|| AppError::conflict("The number is not yours any more."))?;
    find_live_number_service(conn, config.shared_account_sid(), organization, number)
        .await
        .map_err(|error| match error {
            AppError::NotFound { .. } => {
                AppError::conflict("The number that sent this is not in Loquent any more.")
            }
            error => error,
        })?;
    match sql::first(conn, opted_out_sql(), key()).await? {
        None => Ok(()),
        Some(_) => Err(AppError::conflict(
            "This person texted STOP. You can’t text them until they send START.",
        )),
    }
}

/// Begins the next attempt, with its entry of the delivery log; returns its number.
async fn begin_attempt(
    conn: &DbTransaction,
    user: &CurrentUser,
    id: MessageId,
    now: DateTime<Utc>,
) -> Result<i32, AppError> {
    let organization = user.organization_id;
    let key = [organization.into(), id.into()];
    sql::run(conn, KEEP_OLD_SID, key).await?;
    let values = [organization.into(), id.into(), now.into()];
    let reset = sql::row::<Reset>(conn, RESET, values).await?;
    let attempt = reset.ok_or(AppError::Internal)?.attempt;
    let audit = [
        organization.into(),
        id.into(),
        LogSource::User.into(),
        format!("attempt:{attempt}").into(),
        now.into(),
        user.id.into(),
    ];
    sql::run(conn, AUDIT, audit).await?;
    Ok(attempt)
}
