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
/// Who signed in last in this browser: all of its windows have one session.
const SIGNED_IN_KEY: &str = "loquent.signed-in";

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
    let session = use_context_provider(|| Session {
        user: Signal::new(user),
        signed_out: Signal::new(browser::stored(SIGNED_OUT_KEY)),
    });
    use_effect(move || {
        browser::store(SIGNED_IN_KEY, Some(&session.whose()));
    });
    session
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
                for name in self.kept_names("") {
                    self.forget(&name);
                }
                browser::load_page("/login");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps something of this person's in this browser's storage; says whether it is kept. It
    /// outlives the session, and is removed when they sign out. Another person's window, and one
    /// that was left signed in, keep nothing.
    pub fn keep(self, name: &str, value: &str) -> bool {
        !self.is_over() && browser::store(&self.own_key(name), Some(value))
    }

    /// What is kept of this person's, in their organization.
    pub fn kept(self, name: &str) -> Option<String> {
        browser::stored(&self.own_key(name))
    }

    /// The rest of the names of what is kept under names that begin so.
    pub fn kept_names(self, prefix: &str) -> Vec<String> {
        browser::stored_keys(&self.own_key(prefix))
    }

    /// Keeps it no longer.
    pub fn forget(self, name: &str) {
        browser::store(&self.own_key(name), None);
    }

    /// Whether the user has signed out in another window meanwhile, or somebody else has signed in:
    /// what this window sends would be theirs.
    pub fn is_over(self) -> bool {
        *self.signed_out.peek() != browser::stored(SIGNED_OUT_KEY)
            || browser::stored(SIGNED_IN_KEY).is_some_and(|whose| whose != self.whose())
    }

    /// The name in a key of this person's.
    pub fn name_of_own(self, key: &str) -> Option<&str> {
        key.strip_prefix(&self.own_key(""))
    }

    fn own_key(self, name: &str) -> String {
        format!("loquent.own.{}.{name}", self.whose())
    }

    fn whose(self) -> String {
        let user = self.user.peek();
        format!("{}.{}", user.organization_id, user.id)
    }

    /// Goes to the login page when the session ends while the page is open. From there, whoever is
    /// signed in is led to their own inbox.
    pub fn use_watch(self, realtime: RealtimeContext) {
        use_window_event("storage", move || {
            if self.is_over() {
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
