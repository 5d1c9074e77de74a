use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

use super::create_user_service::check_password;
use crate::{bases::error::AppError, entities::user, mods::auth::utils::hash_password_util};

/// Gives a user a new password. Answers 404 where nobody has that e-mail.
pub async fn set_password_service(
    conn: &impl ConnectionTrait,
    email: &str,
    password: String,
) -> Result<(), AppError> {
    check_password(&password)?;
    let email = email.trim().to_lowercase();
    let found = user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(conn)
        .await?;
    let mut user: user::ActiveModel = found.ok_or_else(|| AppError::not_found("user"))?.into();
    user.password_hash = Set(hash_password_util(password).await?);
    user.update(conn).await?;
    Ok(())
}
