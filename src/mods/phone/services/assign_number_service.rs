use sea_orm::ConnectionTrait;

use crate::bases::{e164::E164, error::AppError, ids::OrganizationId, sql};

const ASSIGN: &str = "
INSERT INTO shared_number (account_sid, number, organization_id, source)
VALUES ($1, $2, $3, 'assigned')
ON CONFLICT (account_sid, number) DO UPDATE
SET organization_id = excluded.organization_id, source = excluded.source, created_at = now()
WHERE shared_number.organization_id <> excluded.organization_id
";

const UNASSIGN: &str = "DELETE FROM shared_number WHERE account_sid = $1 AND number = $2";

/// Gives a number of the shared account to an organization, which may import it then. Whoever had
/// it is suspended, unless it is the same one. Nothing is changed at Twilio.
pub async fn assign_number_service(
    conn: &impl ConnectionTrait,
    account_sid: &str,
    number: &E164,
    organization: OrganizationId,
) -> Result<(), AppError> {
    let values = [
        account_sid.into(),
        number.as_str().into(),
        organization.into(),
    ];
    sql::run(conn, ASSIGN, values).await?;
    Ok(())
}

/// Takes a number of the shared account back from the organization that it was given to. 404 if it
/// was given to none.
pub async fn unassign_number_service(
    conn: &impl ConnectionTrait,
    account_sid: &str,
    number: &E164,
) -> Result<(), AppError> {
    let values = [account_sid.into(), number.as_str().into()];
    match sql::run(conn, UNASSIGN, values).await? {
        0 => Err(AppError::not_found("assigned number")),
        _ => Ok(()),
    }
}
