use std::fmt;

use serde::{Deserialize, Serialize};

/// What the login form sends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginIn {
    pub email: String,
    pub password: String,
    /// Keep the session when the browser is closed.
    #[serde(default)]
    pub remember: bool,
}

impl fmt::Debug for LoginIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginIn")
            .field("remember", &self.remember)
            .finish_non_exhaustive()
    }
}
