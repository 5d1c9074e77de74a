use sea_orm::ConnectionTrait;

use super::find_last_imports_service;
use crate::{
    bases::{config::Config, error::AppError, ids::OrganizationId},
    mods::{phone::services::list_phone_numbers_service, twilio::types::NumberHistory},
};

/// The organization's numbers by name, each with its newest import.
pub async fn list_number_histories_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<Vec<NumberHistory>, AppError> {
    let numbers = list_phone_numbers_service(conn, config, organization).await?;
    let mut last_syncs = find_last_imports_service(conn, organization).await?;
    let histories = numbers.into_iter().map(|number| NumberHistory {
        last_sync: last_syncs.remove(&number.id),
        number,
    });
    Ok(histories.collect())
}
