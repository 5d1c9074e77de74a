//! The one thread with a contact.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{ContactId, ConversationId, MessageId, OrganizationId, UserId},
    entities::{
        position::Position,
        states::{ConversationState, Word},
    },
};

/// The one thread with a contact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub state: Word<ConversationState>,
    pub unread_count: i32,
    pub last_message_id: Option<MessageId>,
    pub last_message_at: DateTimeUtc,
    /// Where the last message stands among those of its second.
    pub last_message_position: Position,
    pub last_message_preview: Option<String>,
    pub assigned_user_id: Option<UserId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The rows of one organization: the way in for every read.
    pub fn in_org(organization: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization))
    }
}
