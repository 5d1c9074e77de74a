use sea_orm::{ActiveModelTrait, ActiveValue::Set, TransactionTrait};

use super::{
    end_access_service,
    find_user::{find_membership, find_user, refuse_last_owner},
};
use crate::{
    bases::{db::Db, error::AppError},
    entities::{membership, states::Role},
};

/// Gives a user another role. A lower one ends all their sessions, so that nothing is left open
/// that they may not see any more. Answers 404 where nobody has that e-mail, 409 for the only
/// owner.
pub async fn set_role_service(db: &Db, email: &str, role: Role) -> Result<(), AppError> {
    let transaction = db.begin().await?;
    let user = find_user(&transaction, email).await?;
    let member = find_membership(&transaction, user).await?;
    let organization = member.organization_id;
    if role < member.role.known()? {
        refuse_last_owner(&transaction, organization, user).await?;
        end_access_service(&transaction, user, Some(organization)).await?;
    }
    let mut member: membership::ActiveModel = member.into();
    member.role = Set(role.into());
    member.update(&transaction).await?;
    Ok(transaction.commit().await?)
}
