use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::{
    StatusChange, find_messages_by_ids,
    record_delivery_log_service::{LogEntry, record_delivery_log_service},
    status_rows::{apply, find, index, lock, update},
};
use crate::{
    bases::{error::AppError, ids::MessageId},
    mods::messaging::types::Message,
};

/// Advances one message and returns its new state; `None` if the organization has no such message.
pub async fn update_message_status_service(
    conn: &impl ConnectionTrait,
    change: StatusChange,
) -> Result<Option<Message>, AppError> {
    let organization = change.organization_id;
    let ids = update_message_statuses_service(conn, &[change]).await?;
    let Some(id) = ids.into_iter().next().flatten() else {
        return Ok(None);
    };
    Ok(find_messages_by_ids(conn, organization, &[id]).await?.pop())
}

/// Moves messages forward on the status lattice and writes every piece of news into their delivery
/// logs, also one that moves nothing. Four statements, whatever the number of changes. Call it in a
/// transaction.
///
/// Returns for each change its message, or `None` if there is none.
pub async fn update_message_statuses_service(
    conn: &impl ConnectionTrait,
    changes: &[StatusChange],
) -> Result<Vec<Option<MessageId>>, DbErr> {
    let found = advance_message_statuses(conn, changes.iter().collect()).await?;
    let log: Vec<LogEntry<'_>> = found.iter().copied().flatten().collect();
    record_delivery_log_service(conn, &log).await?;
    let id = |entry: Option<LogEntry<'_>>| entry.map(|entry| entry.message_id);
    Ok(found.into_iter().map(id).collect())
}

/// The first step of [`update_message_statuses_service`]: all but the delivery log. Returns what
/// belongs there for each change, or `None` where there is no message.
pub async fn advance_message_statuses<'a>(
    conn: &impl ConnectionTrait,
    changes: Vec<&'a StatusChange>,
) -> Result<Vec<Option<LogEntry<'a>>>, DbErr> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = lock(conn, &changes).await?;
    let index = index(&rows);
    let mut touched = BTreeMap::new();
    let mut entries = Vec::with_capacity(changes.len());
    for news in changes {
        let Some(place) = find(&index, news) else {
            entries.push(None);
            continue;
        };
        let row = &mut rows[place];
        if apply(row, news)? {
            touched.insert(row.id, place);
        }
        entries.push(Some(LogEntry {
            message_id: row.id,
            applied: row.status == news.news.status,
            news,
        }));
    }
    update(conn, touched.values().map(|place| &rows[*place])).await?;
    Ok(entries)
}
