//! The one thread with a contact.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::bases::ids::OrganizationId;

/// The one thread with a contact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub contact_id: Uuid,
    pub state: String,
    pub unread_count: i32,
    pub last_message_id: Option<Uuid>,
    pub last_message_at: DateTimeUtc,
    /// Where the last message stands among those of its second.
    pub last_message_position: i64,
    pub last_message_preview: Option<String>,
    pub assigned_user_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The rows of one organization: the way in for every read.
    pub fn in_org(organization: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization.0))
    }
}
