use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult, PaginatorTrait, QueryFilter, Statement,
};

use super::{
    list_place::{ListPlace, SECOND_OF_MESSAGE},
    message_row::{MessageRow, SELECT_MESSAGE},
};
use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, OrganizationId},
    },
    entities::contact,
    mods::messaging::types::{Message, MessagePage},
};

/// Messages of one page: two tall screens.
const PAGE_SIZE: usize = 50;

/// The newest messages with a contact, or those above the place `before`; 404 where the
/// organization has no such contact.
pub async fn list_messages_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
    before: Option<&str>,
) -> Result<MessagePage, AppError> {
    let known = contact::Entity::in_org(organization).filter(contact::Column::Id.eq(contact.0));
    if known.count(conn).await? == 0 {
        return Err(AppError::not_found("contact"));
    }
    let before: Option<ListPlace> = before.map(str::parse).transpose()?;
    let above = before.map_or(String::new(), |_| {
        format!("AND ({SECOND_OF_MESSAGE}, m.position, m.id) < ($4, $5, $6)")
    });
    let sql = format!(
        "{SELECT_MESSAGE} WHERE m.organization_id = $1 AND m.contact_id = $2 {above}
         ORDER BY {SECOND_OF_MESSAGE} DESC, m.position DESC, m.id DESC LIMIT $3"
    );
    let mut values = vec![
        organization.0.into(),
        contact.0.into(),
        (PAGE_SIZE as i64 + 1).into(),
    ];
    values.extend(before.into_iter().flat_map(ListPlace::values));
    let find = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let rows = MessageRow::find_by_statement(find).all(conn).await?;

    let more = rows.len() > PAGE_SIZE;
    let mut messages: Vec<Message> = rows
        .into_iter()
        .take(PAGE_SIZE)
        .map(Message::try_from)
        .collect::<Result<_, _>>()?;
    messages.reverse();
    let next_before = messages
        .first()
        .filter(|_| more)
        .map(|first| ListPlace::new(first.created_at, first.position, first.id.0).to_string());
    Ok(MessagePage {
        messages,
        next_before,
    })
}
