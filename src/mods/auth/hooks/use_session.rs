use dioxus::prelude::*;

use crate::{
    bases::{browser, error::AppError, realtime::RealtimeContext},
    mods::auth::{
        api::{get_current_user_api, logout_api},
        types::CurrentUser,
    },
};

/// Failed attempts to get events, after which it is asked whether the session still lives: a
/// browser is not told why a socket was refused.
const CHECK_EVERY_ATTEMPTS: u32 = 3;

/// Who is signed in, for as long as the page lives.
#[derive(Clone, Copy, PartialEq)]
pub struct Session {
    user: Signal<CurrentUser>,
}

/// Provides the [`Session`] to all that is below.
pub fn use_session_provider(user: CurrentUser) -> Session {
    use_context_provider(|| Session {
        user: Signal::new(user),
    })
}

/// Who is signed in. Below the link to the server's events, it also notices an end of the session.
pub fn use_session() -> Session {
    use_context()
}

impl Session {
    /// Who is signed in.
    pub fn user(self) -> CurrentUser {
        (self.user)()
    }

    /// Goes to the login page if the error says that the session has ended; else says so.
    pub fn ended_by(self, error: &AppError) -> bool {
        let ended = error.is_unauthorized();
        if ended {
            browser::load_login();
        }
        ended
    }

    /// Ends the session.
    ///
    /// # Errors
    /// When the server could not be reached: then it lives on.
    pub async fn sign_out(self) -> Result<(), AppError> {
        match logout_api().await {
            Ok(()) | Err(AppError::Unauthorized) => {
                browser::load_page("/login");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Goes to the login page when the session ends while the page is open.
    pub fn use_watch(self, realtime: RealtimeContext) {
        use_effect(move || {
            let attempts = (realtime.failed_attempts)();
            if attempts > 0 && attempts.is_multiple_of(CHECK_EVERY_ATTEMPTS) {
                spawn(async move {
                    if let Err(error) = get_current_user_api().await {
                        self.ended_by(&error);
                    }
                });
            }
        });
    }
}
