use sea_orm::TransactionTrait;

use super::{end_access_service::replace_password, find_user::find_user};
use crate::{
    bases::{db::Db, error::AppError},
    mods::auth::utils::{check_new_password, hash_password_util},
};

/// Gives a user a new password and ends all their sessions. Answers 404 where nobody has that
/// e-mail.
pub async fn set_password_service(db: &Db, email: &str, password: String) -> Result<(), AppError> {
    check_new_password(&password)?;
    let user = find_user(db, email).await?;
    let hash = hash_password_util(password).await?;
    let transaction = db.begin().await?;
    replace_password(&transaction, user, hash, None, None).await?;
    Ok(transaction.commit().await?)
}
