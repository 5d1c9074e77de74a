//! What a session holds: who is signed in.

use serde::{Deserialize, Serialize};
use time::Duration;
use tower_sessions::{Expiry, Session};

use super::SessionKey;
use crate::bases::{error::AppError, ids::UserId};

/// Whose the session is.
pub(super) const USER_KEY: &str = "user_id";
/// The user's `session_epoch` at the time when the password was checked.
const EPOCH_KEY: &str = "epoch";
const LIFETIME_KEY: &str = "lifetime";
/// "Keep me signed in on this device".
const REMEMBERED_FOR: Duration = Duration::days(30);

/// When a session ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifetime {
    /// When the browser is closed; the server forgets it after two weeks without a request, as
    /// tower-sessions does by default.
    #[default]
    Browser,
    /// After 30 days.
    Remembered,
}

impl Lifetime {
    /// What "Keep me signed in on this device" says.
    pub fn of(remember: bool) -> Self {
        if remember {
            Self::Remembered
        } else {
            Self::Browser
        }
    }
}

/// Makes the session the user's. It gets a new id, so that one planted before is worth nothing.
pub async fn begin(
    session: &Session,
    user: UserId,
    epoch: i32,
    lifetime: Lifetime,
) -> Result<(), AppError> {
    session.cycle_id().await.map_err(failed)?;
    session.set_expiry(Some(match lifetime {
        Lifetime::Remembered => Expiry::OnInactivity(REMEMBERED_FOR),
        Lifetime::Browser => Expiry::OnSessionEnd,
    }));
    session.insert(USER_KEY, user).await.map_err(failed)?;
    session.insert(EPOCH_KEY, epoch).await.map_err(failed)?;
    session.insert(LIFETIME_KEY, lifetime).await.map_err(failed)
}

/// Ends the session in the database and in the browser.
pub async fn end(session: &Session) -> Result<(), AppError> {
    session.flush().await.map_err(failed)
}

/// Who is signed in, if somebody is.
pub async fn user_id(session: &Session) -> Result<Option<UserId>, AppError> {
    session.get(USER_KEY).await.map_err(failed)
}

/// When the session ends by itself.
pub async fn lifetime(session: &Session) -> Result<Lifetime, AppError> {
    let lifetime = session.get(LIFETIME_KEY).await.map_err(failed)?;
    Ok(lifetime.unwrap_or_default())
}

/// What the database knows it by.
pub fn key(session: &Session) -> Option<SessionKey> {
    session.id().map(SessionKey::of)
}

fn failed(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "the session could not be read or written");
    AppError::Unavailable
}
