//! Messages whose status is to change: locked, changed here, and written back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql::{self, column, nullable_column},
    },
    entities::states::{MessageStatus, Word},
    mods::messaging::{
        services::StatusChange,
        utils::{DeliveryState, advance_message_status_util},
    },
    twilio::MessageSid,
};

#[derive(FromQueryResult)]
pub(super) struct StatusRow {
    pub(super) id: MessageId,
    organization_id: OrganizationId,
    external_id: Option<String>,
    /// Read after the lock: see [`OLD_SIDS`].
    #[sea_orm(skip)]
    old_external_ids: Vec<String>,
    pub(super) status: Word<MessageStatus>,
    error_code: Option<i32>,
    error_message: Option<String>,
    body: Option<String>,
    num_segments: Option<i32>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
}

// Locked in the order of the ids, so that two batches cannot deadlock.
const LOCK: &str = "
WITH wanted AS (
    SELECT m.id FROM message m
    JOIN unnest($1::uuid[], $2::text[]) AS s (organization_id, sid)
      ON m.organization_id = s.organization_id AND m.external_id = s.sid
    UNION
    SELECT a.message_id FROM message_attempt a
    JOIN unnest($1::uuid[], $2::text[]) AS s (organization_id, sid)
      ON a.organization_id = s.organization_id AND a.external_id = s.sid
    UNION
    SELECT m.id FROM message m
    JOIN unnest($3::uuid[], $4::uuid[]) AS o (organization_id, id)
      ON m.organization_id = o.organization_id AND m.id = o.id
)
SELECT m.id, m.organization_id, m.external_id, m.status, m.error_code, m.error_message, m.body,
       m.num_segments, m.sent_at, m.delivered_at
FROM message m WHERE m.id IN (SELECT id FROM wanted)
ORDER BY m.id FOR UPDATE
";

// A statement of its own, after the lock: one that waited for a Retry sees the new row, but the
// other tables as they were before the wait.
const OLD_SIDS: &str = "
SELECT a.message_id, a.external_id AS sid FROM message_attempt a
WHERE a.organization_id = ANY ($1) AND a.message_id = ANY ($2)
";

const UPDATE: &str = "
UPDATE message m SET
    external_id = n.external_id, status = n.status, error_code = n.error_code,
    error_message = n.error_message, body = n.body, num_segments = n.num_segments,
    sent_at = n.sent_at, delivered_at = n.delivered_at,
    updated_at = CASE WHEN m.status IS DISTINCT FROM n.status THEN now() ELSE m.updated_at END
FROM unnest($1::uuid[], $2::text::text[], $3::text[], $4::text::int[], $5::text::text[],
            $6::text::text[], $7::text::int[], $8::text::timestamptz[], $9::text::timestamptz[])
    AS n (id, external_id, status, error_code, error_message, body, num_segments, sent_at, delivered_at)
WHERE m.id = n.id
";

/// Locks the messages that the changes are about.
pub(super) async fn lock(
    conn: &impl ConnectionTrait,
    changes: &[&StatusChange],
) -> Result<Vec<StatusRow>, DbErr> {
    let by_sid = || {
        changes
            .iter()
            .filter_map(|c| Some((c.organization_id, c.sid.as_ref()?.to_string())))
    };
    let by_id = || {
        changes
            .iter()
            .filter_map(|c| Some((c.organization_id, c.message_id?)))
    };
    let mut rows = sql::rows::<StatusRow>(
        conn,
        LOCK,
        [
            by_sid()
                .map(|(organization, _)| organization)
                .collect::<Vec<_>>()
                .into(),
            by_sid().map(|(_, sid)| sid).collect::<Vec<_>>().into(),
            by_id()
                .map(|(organization, _)| organization)
                .collect::<Vec<_>>()
                .into(),
            by_id().map(|(_, id)| id).collect::<Vec<_>>().into(),
        ],
    )
    .await?;
    add_old_sids(conn, &mut rows).await?;
    Ok(rows)
}

#[derive(FromQueryResult)]
struct OldSid {
    message_id: MessageId,
    sid: String,
}

async fn add_old_sids(conn: &impl ConnectionTrait, rows: &mut [StatusRow]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let values = [
        column(rows, |row| row.organization_id),
        column(rows, |row| row.id),
    ];
    let mut old: HashMap<MessageId, Vec<String>> = HashMap::new();
    for found in sql::rows::<OldSid>(conn, OLD_SIDS, values).await? {
        old.entry(found.message_id).or_default().push(found.sid);
    }
    for row in rows {
        row.old_external_ids = old.remove(&row.id).unwrap_or_default();
    }
    Ok(())
}

/// Places of rows by organization and SID (present and earlier ones), and by organization and id.
pub(super) struct Index {
    by_sid: HashMap<(OrganizationId, String), usize>,
    by_id: HashMap<(OrganizationId, MessageId), usize>,
}

pub(super) fn index(rows: &[StatusRow]) -> Index {
    let mut index = Index {
        by_sid: HashMap::new(),
        by_id: HashMap::new(),
    };
    for (place, row) in rows.iter().enumerate() {
        index.by_id.insert((row.organization_id, row.id), place);
        for sid in row.old_external_ids.iter().chain(&row.external_id) {
            index
                .by_sid
                .insert((row.organization_id, sid.clone()), place);
        }
    }
    index
}

/// The place of the row that a change is about.
pub(super) fn find(index: &Index, change: &StatusChange) -> Option<usize> {
    let organization = change.organization_id;
    let by_sid = change
        .sid
        .as_ref()
        .and_then(|sid| index.by_sid.get(&(organization, sid.to_string())));
    let by_id = change
        .message_id
        .and_then(|id| index.by_id.get(&(organization, id)));
    by_sid.or(by_id).copied()
}

/// Whether the report changed the row. A report about an earlier attempt changes nothing.
pub(super) fn apply(row: &mut StatusRow, change: &StatusChange) -> Result<bool, DbErr> {
    match (&row.external_id, &change.sid) {
        _ if change
            .sid
            .as_ref()
            .is_some_and(|sid| row.old_external_ids.iter().any(|old| old == sid.as_str())) =>
        {
            return Ok(false);
        }
        (Some(ours), Some(theirs)) if ours != theirs.as_str() => return Ok(false),
        _ => {}
    }
    let before = DeliveryState {
        status: row
            .status
            .known()
            .map_err(|error| DbErr::Custom(error.to_string()))?,
        error_code: row.error_code,
        error_message: row.error_message.clone(),
        sent_at: row.sent_at,
        delivered_at: row.delivered_at,
    };
    let after = advance_message_status_util(&before, &change.news);
    let adopts_sid = row.external_id.is_none() && change.sid.is_some();
    let adds_body = row.body.is_none() && change.body.is_some();
    let adds_segments = row.num_segments.is_none() && change.num_segments.is_some();
    if after == before && !adopts_sid && !adds_body && !adds_segments {
        return Ok(false);
    }
    row.external_id = row
        .external_id
        .take()
        .or_else(|| change.sid.as_ref().map(MessageSid::to_string));
    row.body = row.body.take().or_else(|| change.body.clone());
    row.num_segments = row.num_segments.or(change.num_segments);
    row.status = after.status.into();
    row.error_code = after.error_code;
    row.error_message = after.error_message;
    row.sent_at = after.sent_at;
    row.delivered_at = after.delivered_at;
    Ok(true)
}

/// Writes the rows back.
pub(super) async fn update<'a>(
    conn: &impl ConnectionTrait,
    rows: impl Iterator<Item = &'a StatusRow>,
) -> Result<(), DbErr> {
    let rows: Vec<&StatusRow> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    sql::run(
        conn,
        UPDATE,
        [
            column(&rows, |row| row.id),
            nullable_column(&rows, |row| row.external_id.clone()),
            column(&rows, |row| row.status.clone()),
            nullable_column(&rows, |row| row.error_code),
            nullable_column(&rows, |row| row.error_message.clone()),
            nullable_column(&rows, |row| row.body.clone()),
            nullable_column(&rows, |row| row.num_segments),
            nullable_column(&rows, |row| row.sent_at),
            nullable_column(&rows, |row| row.delivered_at),
        ],
    )
    .await
    .map(drop)
}
