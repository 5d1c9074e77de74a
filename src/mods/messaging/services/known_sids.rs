//! Which of Twilio's SIDs are known: as the SID of a message, or as that of an earlier attempt to
//! send one (a Retry gives the message a new SID) or of the sender's half of a text.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};

use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql,
    },
    entities::position::Position,
};

/// A piece of SQL: whether the SID is known to the organization.
pub fn is_sid_known(organization: &str, sid: &str) -> String {
    let [message, attempt] = rows_of_sid(organization, sid);
    format!("(EXISTS {message} OR EXISTS {attempt})")
}

/// A piece of SQL: whether it is not. (Postgres joins for this form, and not for `NOT` of the
/// other.)
pub fn is_sid_unknown(organization: &str, sid: &str) -> String {
    let [message, attempt] = rows_of_sid(organization, sid);
    format!("(NOT EXISTS {message} AND NOT EXISTS {attempt})")
}

fn rows_of_sid(organization: &str, sid: &str) -> [String; 2] {
    ["message", "message_attempt"].map(|table| {
        format!(
            "(SELECT 1 FROM {table} known
              WHERE known.organization_id = {organization} AND known.external_id = {sid})"
        )
    })
}

/// What is known of a SID.
#[derive(Debug)]
pub struct KnownSid<T> {
    pub message_id: MessageId,
    /// It is not the SID that the message has now.
    pub is_earlier_attempt: bool,
    /// Time and place of the message in its thread.
    pub at: DateTime<Utc>,
    pub position: Position,
    /// What else was asked of the message.
    pub row: T,
}

struct Row<T> {
    sid: String,
    known: KnownSid<T>,
}

impl<T: FromQueryResult> FromQueryResult for Row<T> {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            sid: row.try_get(prefix, "sid")?,
            known: KnownSid {
                message_id: row.try_get(prefix, "message_id")?,
                is_earlier_attempt: row.try_get(prefix, "is_earlier_attempt")?,
                at: row.try_get(prefix, "at")?,
                position: Position(row.try_get(prefix, "position")?),
                row: T::from_query_result(row, prefix)?,
            },
        })
    }
}

/// Those of the SIDs that the organization knows, with `columns` of their message `m`. The values
/// of `columns` begin at `$3`.
pub async fn find_known_sids<T: FromQueryResult>(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    sids: Vec<String>,
    columns: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<HashMap<String, KnownSid<T>>, DbErr> {
    let find = format!(
        "SELECT m.external_id AS sid, m.id AS message_id, false AS is_earlier_attempt,
                m.created_at AS at, m.position, {columns}
         FROM message m
         WHERE m.organization_id = $1 AND m.external_id = ANY ($2)
         UNION ALL
         SELECT a.external_id, m.id, true, m.created_at, m.position, {columns}
         FROM message_attempt a JOIN message m ON m.id = a.message_id
         WHERE a.organization_id = $1 AND a.external_id = ANY ($2)"
    );
    let mut all = vec![organization.into(), sids.into()];
    all.extend(values);
    let rows = sql::rows::<Row<T>>(conn, find, all).await?;
    Ok(rows.into_iter().map(|row| (row.sid, row.known)).collect())
}
