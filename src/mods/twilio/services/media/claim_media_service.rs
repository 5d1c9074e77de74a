use sea_orm::{DbErr, FromQueryResult};

use crate::{
    bases::{
        db::Db,
        ids::{AttachmentId, ImportId, MessageId, OrganizationId},
        sql,
    },
    mods::twilio::turn::Turn,
};

/// A file that this node fetches, and nobody else for a while.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ClaimedMedia {
    pub(super) id: AttachmentId,
    pub(super) organization_id: OrganizationId,
    pub(super) message_id: MessageId,
    pub(super) position: i32,
    /// The import that waits for it; none for one of a live text.
    pub sync_run_id: Option<ImportId>,
    pub(super) media_sid: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) tries: i32,
    pub(super) message_sid: Option<String>,
}

/// How many files may be taken.
#[derive(Debug, Clone, Copy)]
pub struct MediaRoom {
    pub in_all: usize,
    /// Of them, files of imports.
    pub of_imports: usize,
}

// Live files go ahead of those of imports, and each organization has its turn: an import of many
// files holds up neither a live text nor another organization's import. The organizations that have
// files are found by jumps in the index.
//
// A file is taken for 40 s: if its node dies, another one tries again then. Whoever is locked by
// another node is left to it; what that has taken meanwhile is looked at again behind the lock.
const CLAIM: &str = "
WITH RECURSIVE live_of AS (
    (SELECT organization_id FROM message_attachment
     WHERE state = 'pending' AND sync_run_id IS NULL ORDER BY organization_id LIMIT 1)
    UNION ALL
    SELECT (SELECT a.organization_id FROM message_attachment a
            WHERE a.state = 'pending' AND a.sync_run_id IS NULL
              AND a.organization_id > o.organization_id
            ORDER BY a.organization_id LIMIT 1)
    FROM live_of o WHERE o.organization_id IS NOT NULL
), imported_of AS (
    (SELECT organization_id FROM message_attachment
     WHERE state = 'pending' AND sync_run_id IS NOT NULL ORDER BY organization_id LIMIT 1)
    UNION ALL
    SELECT (SELECT a.organization_id FROM message_attachment a
            WHERE a.state = 'pending' AND a.sync_run_id IS NOT NULL
              AND a.organization_id > o.organization_id
            ORDER BY a.organization_id LIMIT 1)
    FROM imported_of o WHERE o.organization_id IS NOT NULL
), live AS (
    SELECT f.*, 0 AS lane FROM live_of o CROSS JOIN LATERAL (
        SELECT a.id, a.organization_id, row_number() OVER (ORDER BY a.next_try_at) AS nth
        FROM message_attachment a
        WHERE a.state = 'pending' AND a.sync_run_id IS NULL
          AND a.organization_id = o.organization_id AND a.next_try_at <= now()
        ORDER BY a.next_try_at LIMIT $1) f
    ORDER BY f.nth, f.organization_id <= $3, f.organization_id LIMIT $1
), imported AS (
    SELECT f.*, 1 AS lane FROM imported_of o CROSS JOIN LATERAL (
        SELECT a.id, a.organization_id, row_number() OVER (ORDER BY a.next_try_at) AS nth
        FROM message_attachment a
        WHERE a.state = 'pending' AND a.sync_run_id IS NOT NULL
          AND a.organization_id = o.organization_id AND a.next_try_at <= now()
        ORDER BY a.next_try_at LIMIT $2) f
    ORDER BY f.nth, f.organization_id <= $3, f.organization_id LIMIT $2
), wanted AS (
    SELECT id FROM (SELECT * FROM live UNION ALL SELECT * FROM imported) w
    ORDER BY lane, nth LIMIT $1
), due AS MATERIALIZED (
    SELECT a.id, a.message_id FROM message_attachment a
    WHERE a.id = ANY (ARRAY (SELECT id FROM wanted))
      AND a.state = 'pending' AND a.next_try_at <= now()
    FOR UPDATE SKIP LOCKED
)
UPDATE message_attachment a SET next_try_at = now() + interval '40 seconds', tries = a.tries + 1
FROM due JOIN message m ON m.id = due.message_id
WHERE a.id = due.id
RETURNING a.id, a.organization_id, a.message_id, a.position, a.sync_run_id, a.media_sid,
          a.content_type, a.tries, m.external_id AS message_sid
";

/// Takes files whose time has come, of the organizations whose turn it is.
pub async fn claim_media_service(
    db: &Db,
    room: MediaRoom,
    turn: &mut Turn,
) -> Result<Vec<ClaimedMedia>, DbErr> {
    let most = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let values = [
        most(room.in_all).into(),
        most(room.of_imports).into(),
        turn.last().into(),
    ];
    let claimed = sql::rows::<ClaimedMedia>(db, CLAIM, values).await?;
    turn.pass(claimed.iter().map(|one| one.organization_id));
    Ok(claimed)
}
