use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{
    conversation_row::{ConversationRow, select_conversation},
    list_place::{ListPlace, SECOND_OF_CONVERSATION},
};
use crate::{
    bases::{error::AppError, ids::OrganizationId, sql},
    mods::messaging::types::{Conversation, ConversationFilter, ConversationPage},
};

/// Rows of one page: more than a tall screen shows.
const PAGE_SIZE: usize = 50;

#[derive(FromQueryResult)]
struct Totals {
    total: i64,
    unread: i64,
}

const COUNT: &str = "
SELECT count(*) AS total, count(*) FILTER (WHERE unread_count > 0) AS unread
FROM conversation WHERE organization_id = $1
";

/// A page of the conversation list below the place `before`, or the first one.
pub async fn list_conversations_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: ConversationFilter,
    before: Option<&str>,
) -> Result<ConversationPage, AppError> {
    let before: Option<ListPlace> = before.map(str::parse).transpose()?;
    let unread_only = match filter {
        ConversationFilter::All => "",
        ConversationFilter::Unread => "AND c.unread_count > 0",
    };
    let below = before.map_or(String::new(), |_| {
        format!("AND ({SECOND_OF_CONVERSATION}, c.last_message_position, c.id) < ($3, $4, $5)")
    });
    let sql = format!(
        "{} WHERE c.organization_id = $1 {unread_only} {below}
         ORDER BY {SECOND_OF_CONVERSATION} DESC, c.last_message_position DESC, c.id DESC LIMIT $2",
        select_conversation()
    );
    let mut values = vec![organization.into(), (PAGE_SIZE as i64 + 1).into()];
    values.extend(before.into_iter().flat_map(ListPlace::values));
    let rows = sql::rows::<ConversationRow>(conn, sql, values).await?;

    let more = rows.len() > PAGE_SIZE;
    let conversations: Vec<Conversation> = rows
        .into_iter()
        .take(PAGE_SIZE)
        .map(Conversation::from)
        .collect();
    let next_before = conversations.last().filter(|_| more).map(|last| {
        ListPlace::new(last.last_message_at, last.last_message_position, last.id).to_string()
    });
    let totals = match before {
        None => count(conn, organization).await?,
        Some(_) => None,
    };
    Ok(ConversationPage {
        conversations,
        next_before,
        total: totals.as_ref().map(|totals| totals.total),
        unread: totals.as_ref().map(|totals| totals.unread),
    })
}

async fn count(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Option<Totals>, AppError> {
    Ok(sql::row::<Totals>(conn, COUNT, [organization.into()]).await?)
}
