use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::{
    bases::{error::AppError, ids::OrganizationId},
    entities::organization,
    mods::contact::types::OptOutPolicy,
};

/// Which numbers a STOP closes.
pub async fn find_opt_out_policy_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<OptOutPolicy, AppError> {
    let row = organization::Entity::find_by_id(organization)
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    Ok(OptOutPolicy {
        stop_closes_all: row.stop_closes_all,
    })
}

/// Changes it. What customers said stays; only its effect changes.
pub async fn update_opt_out_policy_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    policy: OptOutPolicy,
) -> Result<OptOutPolicy, AppError> {
    let changed = organization::ActiveModel {
        id: Set(organization),
        stop_closes_all: Set(policy.stop_closes_all),
        ..Default::default()
    };
    changed.update(conn).await?;
    Ok(policy)
}
