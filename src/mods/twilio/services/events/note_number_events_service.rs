use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    bases::{
        ids::{OrganizationId, PhoneNumberId},
        sql,
    },
    mods::phone::services::OwnNumber,
};

// At most once in 5 s for each number, and without waiting for another batch: it is a sign of life,
// not a count.
const UPDATE: &str = "
UPDATE phone_number p SET last_event_at = $3
WHERE p.id IN (
    SELECT id FROM phone_number
    WHERE organization_id = ANY ($1) AND id = ANY ($2)
      AND (last_event_at IS NULL OR last_event_at < $3 - interval '5 seconds')
    FOR NO KEY UPDATE SKIP LOCKED
)
";

/// Notes that events of these numbers have come in.
pub(super) async fn note_number_events_service(
    conn: &impl ConnectionTrait,
    numbers: impl Iterator<Item = OwnNumber>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let (organizations, ids): (BTreeSet<OrganizationId>, BTreeSet<PhoneNumberId>) = numbers
        .map(|own| (own.organization_id, own.phone_number_id))
        .unzip();
    if ids.is_empty() {
        return Ok(());
    }
    let values = [
        Vec::from_iter(organizations).into(),
        Vec::from_iter(ids).into(),
        now.into(),
    ];
    sql::run(conn, UPDATE, values).await.map(drop)
}
