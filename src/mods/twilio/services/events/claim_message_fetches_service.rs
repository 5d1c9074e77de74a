use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};

use crate::{
    bases::{
        db::Db,
        ids::{ContactId, MessageId, OrganizationId, PhoneNumberId},
        sql,
    },
    entities::states::{MessageDirection, Word},
    mods::twilio::turn::Turn,
};

// Each organization has its turn: what one sends from elsewhere by the thousand does not keep the
// texts of others waiting. The organizations that wait are found by jumps in the index.
//
// A message is taken for 40 s, which is longer than the call: if its node dies, another one tries
// again then. Materialized, because a sub-select may be run more than once, and then gives more
// rows than its limit.
const CLAIM: &str = "
WITH RECURSIVE waiting_of AS (
    (SELECT organization_id FROM message_fetch
     WHERE state = 'pending' ORDER BY organization_id LIMIT 1)
    UNION ALL
    SELECT (SELECT f.organization_id FROM message_fetch f
            WHERE f.state = 'pending' AND f.organization_id > o.organization_id
            ORDER BY f.organization_id LIMIT 1)
    FROM waiting_of o WHERE o.organization_id IS NOT NULL
), wanted AS (
    SELECT w.message_id FROM waiting_of o CROSS JOIN LATERAL (
        SELECT f.organization_id, f.message_id,
               row_number() OVER (ORDER BY f.next_try_at) AS nth
        FROM message_fetch f
        WHERE f.state = 'pending' AND f.organization_id = o.organization_id
          AND f.next_try_at <= now()
        ORDER BY f.next_try_at LIMIT $1) w
    ORDER BY w.nth, w.organization_id <= $2, w.organization_id LIMIT $1
), due AS MATERIALIZED (
    SELECT organization_id, message_id FROM message_fetch
    WHERE message_id = ANY (ARRAY (SELECT message_id FROM wanted))
      AND state = 'pending' AND next_try_at <= now()
    FOR UPDATE SKIP LOCKED
)
UPDATE message_fetch f SET next_try_at = now() + interval '40 seconds', tries = f.tries + 1
FROM due JOIN message m ON m.id = due.message_id
WHERE f.organization_id = due.organization_id AND f.message_id = due.message_id
RETURNING f.organization_id, f.message_id, f.tries, m.external_id AS sid, m.direction,
          m.phone_number_id, m.contact_id, m.from_address, m.to_address, m.num_media, m.created_at
";

/// A message that this node reads from Twilio, and nobody else for a while.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ClaimedMessageFetch {
    pub(super) organization_id: OrganizationId,
    pub(super) message_id: MessageId,
    pub(super) tries: i32,
    pub(super) sid: Option<String>,
    pub(super) direction: Word<MessageDirection>,
    pub(super) phone_number_id: Option<PhoneNumberId>,
    pub(super) contact_id: ContactId,
    pub(super) from_address: String,
    pub(super) to_address: String,
    pub(super) num_media: i32,
    pub(super) created_at: DateTime<Utc>,
}

/// Takes up to `most` messages whose time has come, of the organizations whose turn it is.
pub async fn claim_message_fetches_service(
    db: &Db,
    most: u64,
    turn: &mut Turn,
) -> Result<Vec<ClaimedMessageFetch>, DbErr> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let values = [most.into(), turn.last().into()];
    let claimed = sql::rows::<ClaimedMessageFetch>(db, CLAIM, values).await?;
    turn.pass(claimed.iter().map(|one| one.organization_id));
    Ok(claimed)
}
