use dioxus::prelude::*;

use crate::{
    bases::{browser, error::AppError, realtime::RealtimeContext},
    mods::auth::{
        api::{get_current_user_api, logout_api},
        types::CurrentUser,
    },
    ui::use_window_event,
};

/// What is kept under this key changes when somebody signs out in this browser.
const SIGNED_OUT_KEY: &str = "loquent.signed-out";

/// Failed attempts to get events, after which it is asked whether the session still lives: a
/// browser is not told why a socket was refused.
const CHECK_EVERY_ATTEMPTS: u32 = 3;

/// Who is signed in, for as long as the page lives.
#[derive(Clone, Copy, PartialEq)]
pub struct Session {
    user: Signal<CurrentUser>,
    /// What stood under [`SIGNED_OUT_KEY`] when the page opened.
    signed_out: Signal<Option<String>>,
}

/// Provides the [`Session`] to all that is below.
pub fn use_session_provider(user: CurrentUser) -> Session {
    use_context_provider(|| Session {
        user: Signal::new(user),
        signed_out: Signal::new(browser::stored(SIGNED_OUT_KEY)),
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
                // The other windows hear of it by this, and write nothing down any more.
                browser::store(SIGNED_OUT_KEY, Some(&browser::random_id().to_string()));
                for key in browser::stored_keys(&self.own_key("")) {
                    browser::store(&self.own_key(&key), None);
                }
                browser::load_page("/login");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// The key in this browser's storage of what is this person's alone, in their organization.
    /// It outlives the session, and is removed when they sign out.
    pub fn own_key(self, name: &str) -> String {
        let user = self.user.peek();
        format!("loquent.own.{}.{}.{name}", user.organization_id, user.id)
    }

    /// Whether the user has signed out in another window meanwhile.
    pub fn is_signed_out(self) -> bool {
        *self.signed_out.peek() != browser::stored(SIGNED_OUT_KEY)
    }

    /// Goes to the login page when the session ends while the page is open.
    pub fn use_watch(self, realtime: RealtimeContext) {
        use_window_event("storage", move || {
            if self.is_signed_out() {
                browser::load_page("/login");
            }
        });
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
