use sea_orm::TransactionTrait;

use super::{
    end_access_service, end_access_service::forget_devices, find_current_user_service,
    find_user::find_user,
};
use crate::bases::db::Db;
use crate::bases::error::AppError;

/// Ends all sessions of a user. Answers 404 where nobody has that e-mail.
pub async fn sign_out_user_service(db: &Db, email: &str) -> Result<(), AppError> {
    let transaction = db.begin().await?;
    let user = find_user(&transaction, email).await?;
    let member = find_current_user_service(&transaction, user).await?;
    let organization = member.map(|member| member.organization_id);
    forget_devices(&transaction, user, None).await?;
    end_access_service(&transaction, user, organization).await?;
    Ok(transaction.commit().await?)
}
