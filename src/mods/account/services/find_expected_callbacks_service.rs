use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::bases::{
    error::AppError,
    ids::{OrganizationId, PhoneNumberId},
    sql,
};

// The newest change of each number's status callback; it is ours until it was undone.
const FIND: &str = "
SELECT DISTINCT ON (phone_number_id) phone_number_id, value_after ->> 'status_callback' AS url,
       undone_at IS NULL AND kind NOT LIKE '%_restored' AND undo_of IS NULL AS stands
FROM twilio_account_change
WHERE organization_id = $1 AND phone_number_id IS NOT NULL AND state = 'done'
  AND value_after ? 'status_callback'
ORDER BY phone_number_id, created_at DESC
";

#[derive(FromQueryResult)]
struct Expected {
    phone_number_id: PhoneNumberId,
    url: String,
    stands: bool,
}

/// The status callbacks that Loquent has set on numbers and not taken back.
pub async fn find_expected_callbacks_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<HashMap<PhoneNumberId, String>, AppError> {
    let values = [organization.into()];
    let rows = sql::rows::<Expected>(conn, FIND, values).await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.stands && !row.url.is_empty())
        .map(|row| (row.phone_number_id, row.url))
        .collect())
}
