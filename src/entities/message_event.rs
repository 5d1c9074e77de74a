//! An entry of the delivery log; append-only.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{MessageId, OrganizationId, UserId},
    entities::states::{LogSource, MessageStatus},
};

/// An entry of the delivery log; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: OrganizationId,
    pub message_id: MessageId,
    pub status: MessageStatus,
    pub source: LogSource,
    pub applied: bool,
    pub error_code: Option<i32>,
    pub error_message: Option<String>,
    pub payload: Option<String>,
    pub dedup_key: String,
    pub occurred_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    /// Twilio's word for the status, where we do not know it.
    pub status_word: Option<String>,
    /// Who did it, where it was a person.
    pub user_id: Option<UserId>,
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
