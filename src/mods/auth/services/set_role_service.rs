use sea_orm::{ActiveModelTrait, ActiveValue::Set, TransactionTrait};

use super::{
    end_access_service,
    find_user::{find_membership, find_user, refuse_last_owner},
};
use crate::{
    bases::{db::Db, error::AppError},
    entities::membership,
    mods::auth::types::Role,
};

/// Gives a user another role. A lower one ends all their sessions, so that nothing is left open
/// that they may not see any more. Answers 404 where nobody has that e-mail, 409 for the only
/// owner.
pub async fn set_role_service(db: &Db, email: &str, role: Role) -> Result<(), AppError> {
    let transaction = db.begin().await?;
    let user = find_user(&transaction, email).await?;
    let member = find_membership(&transaction, user).await?;
    let organization = member.organization_id;
    let before: Role = member.role.parse().map_err(|error| {
        tracing::error!(%error, user_id = %user, "the database holds an unknown role");
        AppError::Internal
    })?;
    if role < before {
        refuse_last_owner(&transaction, organization, user).await?;
        end_access_service(&transaction, user, Some(organization)).await?;
    }
    let mut member: membership::ActiveModel = member.into();
    member.role = Set(role.as_str().to_owned());
    member.update(&transaction).await?;
    Ok(transaction.commit().await?)
}
