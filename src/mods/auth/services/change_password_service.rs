use sea_orm::TransactionTrait;

use super::{
    check_password_service::check_password_service, end_access_service::replace_password,
    sign_in_attempt::SignInOrigin,
};
use crate::{
    bases::{db::Db, error::AppError},
    mods::auth::{
        types::{ChangePasswordIn, CurrentUser},
        utils::{DeviceToken, check_new_password, hash_password_util},
    },
};

/// Returns the caller a new password, if they know the present one, and ends all their sessions.
/// Returns the epoch of sessions from now on, for the caller's next one.
///
/// Answers 401 where their sessions were ended meanwhile, 400 for a password that is too short or
/// too long, 403 where the present one is wrong; tries are counted as sign-ins are, so a stolen
/// session is not enough to guess it.
pub async fn change_password_service(
    db: &Db,
    user: &CurrentUser,
    change: ChangePasswordIn,
    origin: &SignInOrigin,
) -> Result<i32, AppError> {
    check_new_password(&change.new_password)?;
    let present = &change.present_password;
    let checked = check_password_service(db, &user.email, present, origin).await?;
    let Some(checked) = checked else {
        return Err(AppError::forbidden("The present password is not right."));
    };
    let hash = hash_password_util(change.new_password).await?;
    let transaction = db.begin().await?;
    // An operator may have given another one since, or signed this person out.
    let since = Some(checked.user.session_epoch);
    let device = origin.device.as_ref().map(DeviceToken::hash);
    let epoch = replace_password(&transaction, user.id, hash, since, device).await?;
    transaction.commit().await?;
    Ok(epoch)
}
