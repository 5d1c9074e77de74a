use sea_orm::{ConnectionTrait, DbErr, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::bases::ids::OrganizationId;

/// The Postgres channel that all nodes listen on.
pub const CHANNEL: &str = "loquent_realtime";

/// "Something happened to this row", from one node to all. It carries ids only, because a NOTIFY
/// holds at most 8,000 bytes; each node loads what its sockets need.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RealtimeNotice {
    pub organization_id: OrganizationId,
    pub event_type: String,
    /// The row that the event is about.
    pub id: Uuid,
}

/// Publishes notices as part of the caller's transaction: they go out when it commits, or never.
pub async fn publish_realtime(
    conn: &impl ConnectionTrait,
    notices: &[RealtimeNotice],
) -> Result<(), DbErr> {
    if notices.is_empty() {
        return Ok(());
    }
    let texts = notices
        .iter()
        .map(serde_json::to_string)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    let notify = Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text",
        [CHANNEL.into(), texts.into()],
    );
    conn.execute_raw(notify).await.map(drop)
}
