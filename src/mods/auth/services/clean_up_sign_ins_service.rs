use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    bases::{db::Db, error::AppError},
    entities::{login_attempt, session, sign_in_device},
};

/// Failed sign-ins are kept longer than they count, for an admin who looks into an attack.
const KEEP_ATTEMPTS: TimeDelta = TimeDelta::days(7);
/// A browser unused for this long is forgotten.
const KEEP_DEVICES: TimeDelta = TimeDelta::days(400);

/// Removes sessions that have expired, and failed sign-ins and browsers of the past.
pub async fn clean_up_sign_ins_service(db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
    let transaction = db.begin_long().await?;
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lt(now))
        .exec(&transaction)
        .await?;
    login_attempt::Entity::delete_many()
        .filter(login_attempt::Column::AttemptedAt.lt(now - KEEP_ATTEMPTS))
        .exec(&transaction)
        .await?;
    sign_in_device::Entity::delete_many()
        .filter(sign_in_device::Column::LastUsedAt.lt(now - KEEP_DEVICES))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}
