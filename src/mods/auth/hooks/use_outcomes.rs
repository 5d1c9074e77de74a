use super::{Session, use_session};
use crate::{
    bases::error::AppError,
    ui::{Toasts, use_toasts},
};

/// Tells the user how something went that was asked of the server.
#[derive(Clone, Copy, PartialEq)]
pub struct Outcomes {
    session: Session,
    toasts: Toasts,
}

/// Tells the user how something went.
pub fn use_outcomes() -> Outcomes {
    Outcomes {
        session: use_session(),
        toasts: use_toasts(),
    }
}

impl Outcomes {
    /// Says that something was done.
    pub fn tell_success(self, text: impl Into<String>) {
        self.toasts.success(text);
    }

    /// Says that something could not be done; goes to the login page if the session has ended.
    pub fn tell_failure(self, what: &str, error: &AppError) {
        if !self.session.ended_by(error) {
            self.toasts.failure(format!("{what} {error}"));
        }
    }

    /// An error in words; goes to the login page if the session has ended.
    pub fn words_of(self, error: &AppError) -> String {
        self.session.ended_by(error);
        error.to_string()
    }
}
