//! What a session holds: who is signed in.

use time::Duration;
use tower_sessions::{Expiry, Session};

use crate::bases::{error::AppError, ids::UserId};

const USER_KEY: &str = "user_id";
/// "Keep me signed in on this device".
const REMEMBERED_FOR: Duration = Duration::days(30);

/// Makes the session the user's. It gets a new id, so that one planted before is worth nothing.
pub async fn begin(session: &Session, user: UserId, remember: bool) -> Result<(), AppError> {
    session.cycle_id().await.map_err(failed)?;
    session.set_expiry(Some(if remember {
        Expiry::OnInactivity(REMEMBERED_FOR)
    } else {
        Expiry::OnSessionEnd
    }));
    session.insert(USER_KEY, user).await.map_err(failed)
}

/// Ends the session in the database and in the browser.
pub async fn end(session: &Session) -> Result<(), AppError> {
    session.flush().await.map_err(failed)
}

/// Who is signed in, if somebody is.
pub async fn user_id(session: &Session) -> Result<Option<UserId>, AppError> {
    session.get(USER_KEY).await.map_err(failed)
}

fn failed(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "the session could not be read or written");
    AppError::Unavailable
}
