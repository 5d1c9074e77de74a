//! A file of a message.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{AttachmentId, ImportId, MessageId, OrganizationId},
    entities::states::{AttachmentState, Word},
};

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    pub organization_id: OrganizationId,
    pub message_id: MessageId,
    /// Its place among the files of the message, from 0.
    pub position: i32,
    /// The import that waits for it.
    pub sync_run_id: Option<ImportId>,
    /// Twilio's SID, once it is known.
    pub media_sid: Option<String>,
    pub content_type: Option<String>,
    pub bytes: Option<i64>,
    /// Of a picture, in pixels, as it is shown.
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// The name that it has by itself: that of the person on a contact's card.
    pub name: Option<String>,
    /// In hexadecimal digits.
    pub sha256: Option<String>,
    /// Where the media store has it.
    pub object_key: Option<String>,
    pub state: Word<AttachmentState>,
    pub error: Option<String>,
    pub tries: i32,
    pub next_try_at: DateTimeUtc,
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
