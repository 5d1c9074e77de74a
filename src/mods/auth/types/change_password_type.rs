use std::fmt;

use serde::{Deserialize, Serialize};

/// A new password of one's own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePasswordIn {
    pub present_password: String,
    pub new_password: String,
}

impl fmt::Debug for ChangePasswordIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangePasswordIn").finish_non_exhaustive()
    }
}
