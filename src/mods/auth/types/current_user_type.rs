use serde::{Deserialize, Serialize};

use super::Role;
use crate::bases::{
    error::AppError,
    ids::{OrganizationId, UserId},
};

/// Who is signed in, and in which organization. On the server it is also an extractor, which
/// answers 401 where nobody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentUser {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub organization_id: OrganizationId,
    pub organization_name: String,
}

impl CurrentUser {
    /// 403 unless the user has the role or a higher one.
    pub fn require(&self, role: Role) -> Result<(), AppError> {
        if self.role >= role {
            Ok(())
        } else {
            Err(AppError::forbidden(format!(
                "This needs the role {role}; you are {}.",
                self.role
            )))
        }
    }
}
