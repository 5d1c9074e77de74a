use sea_orm::ConnectionTrait;

use super::conversation_row::{ConversationRow, select_conversation};
use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, OrganizationId},
        sql,
    },
    mods::messaging::types::Conversation,
};

/// The conversation with a contact of the organization; 404 if there is none.
pub async fn get_conversation_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Conversation, AppError> {
    sql::row::<ConversationRow>(
        conn,
        format!(
            "{} WHERE c.organization_id = $1 AND c.contact_id = $2",
            select_conversation()
        ),
        [organization.into(), contact.into()],
    )
    .await?
    .map(Conversation::from)
    .ok_or_else(|| AppError::not_found("conversation"))
}
