use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::sign_in_attempt::{SignInAttempt, SignInOrigin};
use crate::{
    bases::{db::Db, error::AppError},
    entities::user,
    mods::auth::utils::{HashingPlace, HashingQueue, may_be_password, verify_password_util},
};

/// The user of the password.
pub(super) struct CheckedUser {
    pub user: user::Model,
    /// Whether this browser was known before.
    pub is_known_device: bool,
}

/// Checks e-mail and password; `None` if they do not fit. The attempt is counted before the
/// password is looked at: 429 after too many, 503 where too many are checked at once.
pub(super) async fn check_password_service(
    db: &Db,
    email: &str,
    password: &str,
    origin: &SignInOrigin,
) -> Result<Option<CheckedUser>, AppError> {
    let attempt = SignInAttempt::new(db, email, origin).await?;
    attempt.refuse_early(db).await?;
    let queue = if attempt.is_of_known_device() {
        HashingQueue::Known
    } else {
        HashingQueue::Strangers
    };
    let place = HashingPlace::take(queue).await?;
    let reserved = attempt.reserve(db).await?;
    if !may_be_password(password) {
        return Ok(None);
    }
    let found = user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(db)
        .await?;
    let hash = found.as_ref().map(|user| user.password_hash.clone());
    if !verify_password_util(place, password.to_owned(), hash).await? {
        return Ok(None);
    }
    reserved.take_back(db).await?;
    Ok(found.map(|user| CheckedUser {
        user,
        is_known_device: attempt.is_of_known_device(),
    }))
}
