use sea_orm::{ActiveModelTrait, ActiveValue::Set, ModelTrait, TransactionTrait};

use super::{
    end_access_service,
    end_access_service::forget_devices,
    find_user::{find_membership, find_user, refuse_last_owner},
};
use crate::{
    bases::{db::Db, error::AppError},
    entities::user,
};

/// Not a valid hash, so no password matches.
const NO_PASSWORD: &str = "";

/// Takes a person out of their organization for good, and ends all their sessions. Their name stays
/// with what they have done; their e-mail can be given to a new user. Answers 404 where nobody has
/// that e-mail, 409 for the only owner.
pub async fn remove_user_service(db: &Db, email: &str) -> Result<(), AppError> {
    let transaction = db.begin().await?;
    let user = find_user(&transaction, email).await?;
    let member = find_membership(&transaction, user).await?;
    let organization = member.organization_id;
    refuse_last_owner(&transaction, organization, user).await?;
    member.delete(&transaction).await?;
    let row = user::ActiveModel {
        id: Set(user),
        email: Set(format!("{user}@removed.invalid")),
        password_hash: Set(NO_PASSWORD.to_owned()),
        ..Default::default()
    };
    row.update(&transaction).await?;
    forget_devices(&transaction, user, None).await?;
    end_access_service(&transaction, user, Some(organization)).await?;
    Ok(transaction.commit().await?)
}
