use super::{
    check_password_service::check_password_service, find_current_user_service,
    sign_in_attempt::SignInOrigin,
};
use crate::{
    bases::{db::Db, error::AppError, sql},
    mods::auth::{
        types::{CurrentUser, LoginIn},
        utils::DeviceToken,
    },
};

/// Somebody who has signed in.
pub struct SignedIn {
    pub user: CurrentUser,
    /// The user's `session_epoch` when the password was checked.
    pub epoch: i32,
    /// For a browser that was not known before.
    pub new_device: Option<DeviceToken>,
}

// A person has a few browsers; the others are of the past.
const NOTE_DEVICE: &str = "
WITH old AS (
    DELETE FROM sign_in_device WHERE token_hash IN
        (SELECT token_hash FROM sign_in_device WHERE user_id = $2 AND token_hash <> $1
         ORDER BY last_used_at DESC OFFSET 19)
)
INSERT INTO sign_in_device (token_hash, user_id) VALUES ($1, $2)
ON CONFLICT (token_hash) DO UPDATE SET last_used_at = now()
";

/// Checks e-mail and password, and remembers the browser.
pub async fn log_in_service(
    db: &Db,
    login: &LoginIn,
    origin: &SignInOrigin,
) -> Result<SignedIn, AppError> {
    let email = login.email.trim().to_lowercase();
    let checked = check_password_service(db, &email, &login.password, origin).await?;
    let checked = checked.ok_or(AppError::WrongCredentials)?;
    let id = checked.user.id;
    let user = find_current_user_service(db, id).await?;
    let user = user.ok_or(AppError::WrongCredentials)?;
    let known = origin.device.clone().filter(|_| checked.is_known_device);
    let new_device = known.is_none().then(DeviceToken::new);
    if let Some(device) = new_device.as_ref().or(known.as_ref()) {
        let values = [device.hash().into(), id.into()];
        sql::run(db, NOTE_DEVICE, values).await?;
    }
    Ok(SignedIn {
        user,
        epoch: checked.user.session_epoch,
        new_device,
    })
}
