//! One text, in or out.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{ContactId, MessageId, OrganizationId, PhoneNumberId, UserId},
    entities::{
        position::Position,
        states::{MessageChannel, MessageDirection, MessageSource, MessageStatus, Word},
    },
};

/// One text, in or out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub organization_id: OrganizationId,
    pub contact_id: Option<ContactId>,
    pub phone_number_id: Option<PhoneNumberId>,
    pub channel: Word<MessageChannel>,
    pub direction: MessageDirection,
    pub body: Option<String>,
    pub from_address: String,
    pub to_address: String,
    /// The other numbers that a text to a group went to.
    pub also_to: Option<Vec<String>>,
    pub status: MessageStatus,
    /// Why it still waits to be sent.
    pub delay_reason: Option<String>,
    pub external_id: Option<String>,
    pub source: Option<MessageSource>,
    pub num_media: i32,
    pub num_segments: Option<i32>,
    pub error_code: Option<i32>,
    pub error_message: Option<String>,
    /// In `price_unit`, as Twilio tells it: a negative decimal number.
    pub price: Option<String>,
    pub price_unit: Option<String>,
    pub sent_by_user_id: Option<UserId>,
    pub client_key: Option<Uuid>,
    pub attempt: i32,
    pub send_started_at: Option<DateTimeUtc>,
    /// Never later than when we heard of it.
    pub created_at: DateTimeUtc,
    /// The time that Twilio says, where it is later than `created_at`.
    pub stated_at: Option<DateTimeUtc>,
    /// Where it stands among those of its second.
    pub position: Position,
    pub sent_at: Option<DateTimeUtc>,
    pub delivered_at: Option<DateTimeUtc>,
    pub updated_at: DateTimeUtc,
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
