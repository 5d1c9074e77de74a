use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, SqlErr};

use crate::{
    bases::{
        clock::Clock,
        error::AppError,
        ids::{OrganizationId, UserId},
    },
    entities::{membership, states::Role, user},
    mods::auth::utils::{check_new_password, hash_password_util},
};

/// A person to be added to an organization.
pub struct NewUser {
    pub organization: OrganizationId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password: String,
}

/// Adds a user. Answers 400 for a malformed e-mail or a short password, 409 if the e-mail is
/// taken. Call it in a transaction: it writes two rows.
pub async fn create_user_service(
    conn: &impl ConnectionTrait,
    new: NewUser,
    clock: &Clock,
) -> Result<UserId, AppError> {
    let email = parse_email(&new.email)?;
    check_new_password(&new.password)?;
    let id = UserId::new();
    let user = user::ActiveModel {
        id: Set(id),
        email: Set(email.clone()),
        name: Set(new.name.trim().to_owned()),
        password_hash: Set(hash_password_util(new.password).await?),
        session_epoch: Set(0),
        created_at: Set(clock.now()),
    };
    user.insert(conn)
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => {
                AppError::conflict(format!("there is a user with the e-mail {email} already"))
            }
            _ => error.into(),
        })?;
    let membership = membership::ActiveModel {
        organization_id: Set(new.organization),
        user_id: Set(id),
        role: Set(new.role.into()),
        created_at: Set(clock.now()),
    };
    membership.insert(conn).await?;
    Ok(id)
}

fn parse_email(raw: &str) -> Result<String, AppError> {
    let email = raw.trim().to_lowercase();
    match email.split_once('@') {
        Some((name, host)) if !name.is_empty() && host.contains('.') && !email.contains(' ') => {
            Ok(email)
        }
        _ => Err(AppError::bad_request(
            "the e-mail must look like name@example.com",
        )),
    }
}
