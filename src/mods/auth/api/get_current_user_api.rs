use dioxus::prelude::*;

use crate::{bases::error::AppError, mods::auth::types::CurrentUser};

/// Who is signed in. Answers 401 where nobody is.
#[get("/api/auth/me", user: CurrentUser)]
pub async fn get_current_user_api() -> Result<CurrentUser, AppError> {
    Ok(user)
}
