use sea_orm::{TransactionTrait, Value};

use super::find_demo_organization_service;
use loquent::bases::{db::Db, error::AppError, sql};

// An event names no organization: those of an account go only if nobody else uses the account.
const DELETE_EVENTS: &str = "
DELETE FROM twilio_event e
WHERE e.account_sid IN (
    SELECT p.twilio_account_sid FROM phone_number p WHERE p.organization_id = $1)
  AND NOT EXISTS (
    SELECT 1 FROM phone_number other
    WHERE other.twilio_account_sid = e.account_sid AND other.organization_id <> $1)
  AND NOT EXISTS (
    SELECT 1 FROM organization other
    WHERE other.twilio_account_sid = e.account_sid AND other.id <> $1)
";

const DELETE_USERS: &str = r#"
DELETE FROM "user" u USING membership m WHERE m.user_id = u.id AND m.organization_id = $1
"#;

const DELETE_ORGANIZATION: &str = "DELETE FROM organization WHERE id = $1";

/// Deletes the demo organization with all that belongs to it, its users, and the stored events
/// of its Twilio account unless another organization has numbers of that account too. Without a
/// demo organization it does nothing.
pub async fn reset_demo_service(db: &Db) -> Result<(), AppError> {
    let transaction = db.begin().await?;
    let Some(organization) = find_demo_organization_service(&transaction).await? else {
        tracing::info!("there is no demo organization");
        return Ok(());
    };
    for sql in [DELETE_EVENTS, DELETE_USERS, DELETE_ORGANIZATION] {
        let id: Value = organization.into();
        sql::run(&transaction, sql, [id]).await?;
    }
    transaction.commit().await?;
    tracing::info!(organization_id = %organization, "deleted the demo organization");
    Ok(())
}
