use sea_orm::{ColumnTrait, ConnectionTrait, PaginatorTrait, QueryFilter};

use super::{
    list_place::{ListPlace, SECOND_OF_MESSAGE},
    message_row::{MessageRow, SELECT_MESSAGE},
};
use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, OrganizationId},
        sql,
    },
    entities::contact,
    mods::messaging::types::{Message, MessagePage},
};

/// Messages of one page: two tall screens.
const PAGE_SIZE: usize = 50;
/// A thread opens at its first unread message, so its first page reaches up to there, within this.
const MAX_FIRST_PAGE_SIZE: usize = 300;

const UNREAD: &str = "
SELECT unread_count FROM conversation WHERE organization_id = $1 AND contact_id = $2
";

/// Which messages of a thread are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    /// The newest ones.
    Newest,
    /// The newest ones, up to the first that is unread.
    NewestToUnread,
    /// Those above a place: the `next_before` of another page.
    Above(String),
}

/// A stretch of the messages with a contact; 404 where the organization has no such contact.
pub async fn list_messages_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
    stretch: Stretch,
) -> Result<MessagePage, AppError> {
    let known = contact::Entity::in_org(organization).filter(contact::Column::Id.eq(contact));
    if known.count(conn).await? == 0 {
        return Err(AppError::not_found("contact"));
    }
    let (before, size) = match stretch {
        Stretch::Newest => (None, PAGE_SIZE),
        Stretch::NewestToUnread => (None, first_page_size(conn, organization, contact).await?),
        Stretch::Above(place) => (Some(place.parse::<ListPlace>()?), PAGE_SIZE),
    };
    let above = before.map_or(String::new(), |_| {
        format!("AND ({SECOND_OF_MESSAGE}, m.position, m.id) < ($4, $5, $6)")
    });
    let sql = format!(
        "{SELECT_MESSAGE} WHERE m.organization_id = $1 AND m.contact_id = $2 {above}
         ORDER BY {SECOND_OF_MESSAGE} DESC, m.position DESC, m.id DESC LIMIT $3"
    );
    let mut values = vec![
        organization.into(),
        contact.into(),
        (size as i64 + 1).into(),
    ];
    values.extend(before.into_iter().flat_map(ListPlace::values));
    let rows = sql::rows::<MessageRow>(conn, sql, values).await?;

    let more = rows.len() > size;
    let mut messages: Vec<Message> = rows
        .into_iter()
        .take(size)
        .map(Message::try_from)
        .collect::<Result<_, _>>()?;
    messages.reverse();
    let next_before = messages
        .first()
        .filter(|_| more)
        .map(|first| ListPlace::new(first.created_at, first.position, first.id).to_string());
    Ok(MessagePage {
        messages,
        next_before,
    })
}

/// Answers stand between the unread texts, so twice as many messages are read.
async fn first_page_size(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<usize, AppError> {
    let unread: i32 = match sql::first(conn, UNREAD, [organization.into(), contact.into()]).await? {
        Some(row) => row.try_get("", "unread_count")?,
        None => 0,
    };
    let wanted = usize::try_from(unread).unwrap_or(0).saturating_mul(2);
    Ok(wanted.clamp(PAGE_SIZE, MAX_FIRST_PAGE_SIZE))
}
