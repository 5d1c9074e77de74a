use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        error::AppError,
        ids::{OrganizationId, UserId},
    },
    entities::states::Role,
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

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;

    #[test]
    fn a_higher_role_may_what_a_lower_one_may_and_not_the_other_way_round() {
        let roles = [Role::Agent, Role::Admin, Role::Owner];
        for (own_rank, own) in roles.into_iter().enumerate() {
            let user = CurrentUser {
                id: UserId::new(),
                name: "Dana Whitfield".to_owned(),
                email: "dana@example.com".to_owned(),
                role: own,
                organization_id: OrganizationId::new(),
                organization_name: "Alder Home".to_owned(),
            };
            for (needed_rank, needed) in roles.into_iter().enumerate() {
                let answer = user.require(needed);
                if own_rank >= needed_rank {
                    assert_eq!(answer, Ok(()), "{own} where {needed} is needed");
                } else {
                    let refused = matches!(answer, Err(AppError::Forbidden { .. }));
                    assert!(refused, "{own} where {needed} is needed: {answer:?}");
                }
            }
        }
    }
}
